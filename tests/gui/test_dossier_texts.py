"""What a person writes in the papers: typed, saved, printed, brought back; an office writes its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from ntm_desktop.model.records import Record
from ntm_desktop.operations import dossier_data
from tests.core.appraisal_samples import make_world
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage

Settle = Callable[..., None]
DRAWN = 500  # milliseconds of quiet after which a paper has been written and drawn
SAVED = 800
WHERE = "bao-cao.kho-khan"


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DossierPage:
    window.go("dossier", f"section:{WHERE}")
    settle(window, quiet=DRAWN)
    found = window.page("dossier")
    assert isinstance(found, DossierPage)
    return found


def records(window: MainWindow, settle: Settle, kind: str) -> tuple[Record, ...]:
    found: list[tuple[Record, ...]] = []
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: dossier_data.records(workspace, shown, kind), found.append)
    settle(window)
    return found[0]


# --- texts


def test_a_place_leads_into_the_field_and_typing_reaches_the_pages(
    page: DossierPage, window: MainWindow, settle: Settle
) -> None:
    from pypdf import PdfReader

    edit = page.texts.edits["kho-khan"]
    assert page.tabs.currentWidget() is page.texts
    assert edit.text.hasFocus()
    QTest.keyClicks(edit.text, "Thieu von doi ung mau")
    settle(window, quiet=SAVED)
    (record,) = records(window, settle, "section")
    assert (record.record_id, record.text("text")) == (WHERE, "Thieu von doi ung mau")
    page.tabs.setCurrentWidget(page.preview)
    settle(window, quiet=DRAWN)
    source = page.preview.source
    assert source is not None
    printed = " ".join(sheet.extract_text() for sheet in PdfReader(source.path).pages)
    assert "Thieu von doi ung mau" in " ".join(printed.split())


def test_leaving_the_page_saves_at_once(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    QTest.keyClicks(page.texts.edits["kho-khan"].text, "Viet do")
    window.show_page("home")
    settle(window)
    assert [record.text("text") for record in records(window, settle, "section")] == ["Viet do"]


def test_an_earlier_text_comes_back(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    edit = page.texts.edits["kho-khan"]
    QTest.keyClicks(edit.text, "Ban dau")
    settle(window, quiet=SAVED)
    edit.text.selectAll()
    QTest.keyClicks(edit.text, "Ban sau")
    settle(window, quiet=SAVED)
    edit.history.pressed.emit()
    settle(window)
    menu = next(found for found in edit.findChildren(QMenu) if found.isVisible())
    action = next(item for item in menu.actions() if item.text().endswith("Ban dau"))
    action.trigger()
    menu.close()
    settle(window, quiet=SAVED)
    assert edit.text.toPlainText() == "Ban dau"
    assert [record.text("text") for record in records(window, settle, "section")] == ["Ban dau"]


def test_what_is_too_long_is_told_and_stays_in_the_field(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    edit = page.texts.edits["kho-khan"]
    edit.text.setPlainText("a" * 20_001)
    settle(window, quiet=SAVED)
    assert edit.problem.isVisible() and "20001" in edit.problem.text().replace(".", "")
    assert len(edit.text.toPlainText()) == 20_001
    assert records(window, settle, "section") == ()


# --- an office


def test_an_office_writes_its_own_report_and_only_looks_at_the_rest(
    make_desk: Callable[..., Desk], settle: Settle, tmp_path: Path
) -> None:
    world = make_world(tmp_path)
    dossier_id = world.dossier
    world.close()
    window = make_desk(tmp_path / "tỉnh").window
    window.session.show_assessment(dossier_id, read_only=True)
    settle(window)
    window.go("dossier", "tham-tra")
    settle(window, quiet=DRAWN)
    page = window.page("dossier")
    assert isinstance(page, DossierPage) and page.document == "tham-tra"
    page.tabs.setCurrentWidget(page.texts)
    edit = next(iter(page.texts.edits.values()))
    assert not edit.text.isReadOnly()
    QTest.keyClicks(edit.text, "Nhan xet mau")
    settle(window, quiet=SAVED)
    (record,) = records(window, settle, "appraisal_section")
    assert record.text("text") == "Nhan xet mau"
    page.show_place("bao-cao")
    settle(window, quiet=DRAWN)
    assert page.texts.edits and all(edit.text.isReadOnly() for edit in page.texts.edits.values())
    assert page.form.number.isReadOnly()
