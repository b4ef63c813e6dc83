"""The fields of a paper's sections: leaving them, sample sentences, history, and who may write in which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from ntm_desktop.operations import texts
from tests.core.appraisal_samples import make_world
from tests.gui.dossier_desk import Settle, click, done, go, shown_page, write
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage
from ui.widgets.paper_texts import SectionEdit

FIRST, SECOND = "Xã mẫu nằm ven sông.", "Xã mẫu nằm trên núi."
SAVED = 900  # milliseconds after which what was typed is saved
WHERE = "bao-cao.tinh-hinh"


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DossierPage:
    return shown_page(window, settle)


def section(page: DossierPage, key: str, window: MainWindow, settle: Settle) -> SectionEdit:
    go(window, f"section:{key}", settle)
    edit = page.texts.edits[key.partition(".")[2]]
    assert window.focusWidget() is edit.text
    return edit


def stored(key: str, window: MainWindow, settle: Settle) -> str:
    every = done(window, settle, lambda workspace: texts.sections(workspace, window.session.shown_id))
    return next(item.text for item in every if item.key == key)


def rewrite(edit: SectionEdit, words: str, window: MainWindow, settle: Settle) -> None:
    edit.text.selectAll()
    write(edit.text, words)
    settle(window, quiet=SAVED)


@pytest.mark.parametrize("way", ["tab", "paper"])
def test_leaving_the_field_saves_at_once(page: DossierPage, window: MainWindow, settle: Settle, way: str) -> None:
    edit = section(page, WHERE, window, settle)
    write(edit.text, FIRST)
    if way == "tab":
        QTest.keyClick(edit.text, Qt.Key.Key_Tab)
    else:
        page.show_place("to-trinh")
    settle(window)
    assert stored(WHERE, window, settle) == FIRST


def test_the_sample_sentence_is_seen_and_taken(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    edit = section(page, "no-dong.giai-phap", window, settle)
    sample = edit.section.default
    assert sample
    assert edit.text.placeholderText() == sample
    assert edit.text.toPlainText() == ""
    click(edit.sample)
    settle(window, quiet=SAVED)
    assert stored("no-dong.giai-phap", window, settle) == sample == edit.text.toPlainText()
    assert not section(page, WHERE, window, settle).sample.isVisible()


def test_an_earlier_text_is_chosen_and_ctrl_z_brings_the_later_one(
    page: DossierPage, window: MainWindow, settle: Settle
) -> None:
    edit = section(page, WHERE, window, settle)
    rewrite(edit, FIRST, window, settle)
    rewrite(edit, SECOND, window, settle)
    click(edit.history)
    settle(window, quiet=100)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    lines = {action.toolTip(): action for action in menu.actions()}
    assert not lines[SECOND].isEnabled(), "this one stands there"
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(lines[FIRST]).center())
    settle(window, quiet=SAVED)
    assert stored(WHERE, window, settle) == FIRST == edit.text.toPlainText()
    QTest.keyClick(edit.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, quiet=SAVED)
    assert stored(WHERE, window, settle) == SECOND


def test_an_office_cannot_write_in_a_communes_section(
    make_desk: Callable[..., Desk], settle: Settle, tmp_path: Path
) -> None:
    world = make_world(tmp_path)
    dossier_id = world.dossier
    texts.save_text(world.commune, dossier_id, "bao-cao", "tinh-hinh", FIRST)
    world.send()
    world.close()
    window = make_desk(tmp_path / "tỉnh").window
    window.session.show_assessment(dossier_id, read_only=True)
    settle(window)
    page = shown_page(window, settle)
    assert page.entry is not None
    assert page.entry.by_office, "its own papers come first"
    edit = section(page, WHERE, window, settle)
    assert edit.text.toPlainText() == FIRST
    write(edit.text, SECOND)
    settle(window, quiet=SAVED)
    assert stored(WHERE, window, settle) == FIRST


def test_a_commune_is_not_shown_the_offices_papers(page: DossierPage) -> None:
    papers = [page.documents.item(row).data(Qt.ItemDataRole.UserRole) for row in range(page.documents.count())]
    entries = [entry for entry in papers if entry is not None]
    assert entries
    assert not any(entry.by_office for entry in entries)
