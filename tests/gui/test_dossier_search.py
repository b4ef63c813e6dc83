"""Looking for words in the pages of a paper, by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.dossier_desk import DRAWN, Settle, shown_page, write
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DossierPage:
    return shown_page(window, settle)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def look_for(page: DossierPage, words: str, window: MainWindow, settle: Settle) -> None:
    page.documents.setFocus()
    press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = page.preview.search
    assert search.isVisible()
    assert QApplication.focusWidget() is search.words
    write(search.words, words)
    settle(window, quiet=DRAWN)


def test_words_are_found_without_diacritics_and_marked(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    plain = page.preview.view.viewport().grab().toImage()
    look_for(page, "uy ban nhan dan", window, settle)
    search, view = page.preview.search, page.preview.view
    count = len(search._hits)
    assert count > 1
    assert search.count.text() == f"1/{count}"
    assert view._marks == search._hits
    assert view._mark == 0
    assert view.viewport().grab().toImage() != plain


def test_f3_goes_on_and_round_and_shift_goes_back(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    look_for(page, "uy ban nhan dan", window, settle)
    search = page.preview.search
    count = len(search._hits)
    press(Qt.Key.Key_F3)
    assert search.count.text() == f"2/{count}"
    assert page.preview.view._mark == 1
    press(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert search.count.text() == f"{count}/{count}"
    press(Qt.Key.Key_F3)
    assert search.count.text() == f"1/{count}"
    press(Qt.Key.Key_Return)
    assert search.count.text() == f"2/{count}"


def test_f3_opens_the_search_where_it_is_shut(page: DossierPage) -> None:
    page.documents.setFocus()
    press(Qt.Key.Key_F3)
    assert page.preview.search.isVisible()


def test_escape_takes_line_and_marks_away(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    look_for(page, "uy ban", window, settle)
    press(Qt.Key.Key_Escape)
    assert not page.preview.search.isVisible()
    assert page.preview.view._marks == ()
    assert QApplication.focusWidget() is page.preview.view


def test_what_is_not_there_is_told(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    look_for(page, "tàu vũ trụ", window, settle)
    search = page.preview.search
    assert search.count.text() == "Không thấy"
    assert page.preview.view._marks == ()
    assert not search.next.isEnabled()


def test_another_paper_is_looked_through_anew(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    look_for(page, "TỜ TRÌNH", window, settle)
    assert page.preview.search._hits
    page.show_place("bao-cao")
    settle(window, quiet=2 * DRAWN)
    pages = page.preview.view.count
    assert all(hit.page < pages for hit in page.preview.search._hits)
    assert page.preview.search.words.text() == "TỜ TRÌNH"
    page.preview.search.words.selectAll()
    write(page.preview.search.words, "bao cao")
    settle(window, quiet=DRAWN)
    assert page.preview.search._hits
