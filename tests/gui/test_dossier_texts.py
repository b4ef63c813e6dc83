"""What a person writes in the papers, local rules, the province's forms, and texts that come back from Word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as WordFile
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from ntm_desktop.model.records import Record
from ntm_desktop.operations import dossier, dossier_data
from tests.core.appraisal_samples import make_world
from ui.desk import Desk
from ui.dialogs.message import Message
from ui.dialogs.paper_templates import PaperTemplates
from ui.dialogs.procedure_settings import ProcedureSettings
from ui.dialogs.take_back import TakeBack
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


def modal(window: MainWindow, settle: Settle) -> object:
    settle(window, quiet=DRAWN)
    return QApplication.activeModalWidget()


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


# --- back from Word


def edited_in_word(window: MainWindow, settle: Settle, folder: Path, words: str) -> Path:
    """The report as Word file, with another text in one of its sections, as a person saves it."""
    shown = window.session.shown_id
    window.session.run(lambda workspace, task: dossier.write(workspace, shown, folder, ("docx",), ("bao-cao",)))
    settle(window)
    (path,) = folder.glob("*.docx")
    file = WordFile(str(path))
    names = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    for control in file.element.body.iter(f"{{{names['w']}}}sdt"):
        tag = control.find("w:sdtPr/w:tag", names)
        if tag is not None and tag.get(f"{{{names['w']}}}val") == WHERE:
            texts = list(control.iter(f"{{{names['w']}}}t"))
            texts[0].text = words
            for other in texts[1:]:
                other.text = ""
    file.save(str(path))
    return path


@pytest.mark.parametrize("take", [True, False])
def test_word_is_looked_at_before_anything_is_taken(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path, take: bool
) -> None:
    QTest.keyClicks(page.texts.edits["kho-khan"].text, "Cau cu mau")
    settle(window, quiet=SAVED)
    path = edited_in_word(window, settle, tmp_path / "word", "Câu mới từ Word")
    page.output.look_into(path)
    dialog = modal(window, settle)
    assert isinstance(dialog, TakeBack)
    shown = dialog.text.toPlainText()
    assert "Cau cu mau" in shown and "Câu mới từ Word" in shown
    assert [record.text("text") for record in records(window, settle, "section")] == ["Cau cu mau"]
    if take:
        QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    else:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle(window, quiet=SAVED)
    kept = "Câu mới từ Word" if take else "Cau cu mau"
    assert [record.text("text") for record in records(window, settle, "section")] == [kept]
    assert page.texts.edits["kho-khan"].text.toPlainText() == kept


def test_a_file_that_is_no_word_file_is_told(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    (tmp_path / "hỏng.docx").write_bytes(b"PK\x03\x04 broken")
    page.output.look_into(tmp_path / "hỏng.docx")
    settle(window)
    assert page.banner.property("tone") == "error" and "hỏng.docx" in page.banner.text


# --- local rules


def test_a_local_rule_needs_the_document_that_sets_it(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    window.go("dossier", "setting:vote_share")
    dialog = modal(window, settle)
    assert isinstance(dialog, ProcedureSettings)
    value, basis = dialog.fields["vote_share", "value"], dialog.fields["vote_share", "basis"]
    assert value.hasFocus()
    QTest.keyClicks(value, "95")
    QTest.keyClick(value, Qt.Key.Key_Tab)
    settle(window)
    assert dialog.problem.isVisible() and "văn bản quy định" in dialog.problem.text()
    QTest.keyClicks(basis, "12/HD-VPDP")
    dialog.accept()
    settle(window, quiet=DRAWN)
    (record,) = records(window, settle, "setting")
    assert (record.record_id, dict(record.values)) == ("vote_share", {"value": "95", "basis": "12/HD-VPDP"})


def test_another_procedure_is_chosen(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    page.open_settings()
    dialog = modal(window, settle)
    assert isinstance(dialog, ProcedureSettings)
    row = dialog.choice.findData("chung")
    dialog.choice.setCurrentIndex(row)
    dialog.choice.activated.emit(row)
    settle(window, quiet=DRAWN)
    dialog.accept()
    settle(window, quiet=DRAWN)
    assert page.known is not None and page.procedure.text() == dialog.choice.itemText(row)


# --- the province's forms


def test_a_form_is_exported_checked_used_and_restored(
    page: DossierPage, window: MainWindow, settle: Settle, tmp_path: Path
) -> None:
    page.open_templates()
    dialog = modal(window, settle)
    assert isinstance(dialog, PaperTemplates)
    rows = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    item = next(row for row in rows if row is not None and row.data(0, Qt.ItemDataRole.UserRole).id == "to-trinh")
    dialog.list.setCurrentItem(item)
    form = dialog.chosen
    assert form is not None and not dialog.restore_button.isEnabled()
    path = tmp_path / "to-trinh.yaml"
    dialog.export(form, path)
    settle(window)
    text = path.read_text(encoding="utf-8").replace("kind: TỜ TRÌNH", "kind: TỜ TRÌNH CỦA TỈNH")
    path.write_text(text.replace("- head: true", "- head: true\n- text: '{khong_co}'", 1), encoding="utf-8")
    lines: list[str] = []
    QTimer.singleShot(200, lambda: close_message(lines))
    dialog.use(path)
    settle(window, quiet=DRAWN)
    assert dialog.banner.property("tone") == "error"
    assert "khong_co" in lines[0] and "dòng" in lines[0], "mistakes are told with their lines"
    path.write_text(text, encoding="utf-8")
    dialog.use(path)
    settle(window, quiet=DRAWN)
    assert dialog.chosen is not None and dialog.chosen.local
    page.show_place("to-trinh")
    settle(window, quiet=DRAWN)
    assert "CỦA TỈNH" in first_page(page)
    QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    settle(window, quiet=DRAWN)
    assert "CỦA TỈNH" not in first_page(page)
    dialog.accept()
    settle(window)


def close_message(lines: list[str]) -> None:
    told = QApplication.activeModalWidget()
    assert isinstance(told, Message)
    lines.append(" ".join(field.toPlainText() for field in told.findChildren(QPlainTextEdit)))
    told.reject()


def first_page(page: DossierPage) -> str:
    from pypdf import PdfReader

    source = page.preview.source
    assert source is not None
    return PdfReader(source.path).pages[0].extract_text()


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
