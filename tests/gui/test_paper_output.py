"""What was typed last is what is printed, and answers that come late find nobody gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTabBar

from ui.dialogs.print_pages import PrintPages
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage
from ui.widgets.printing import PrintJob, Sides

Settle = Callable[..., None]
DRAWN = 500  # milliseconds of quiet after which a paper has been written and drawn
REPORT = "bao-cao"


class BlankPages:
    """Sheets without anything on them."""

    def __init__(self, count: int) -> None:
        self.sizes = ((595.0, 842.0),) * count
        self.asked: list[int] = []

    def request(self, page: int, width: int, then: Callable[[QImage | None], None]) -> None:
        self.asked.append(page + 1)
        image = QImage(100, 141, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        then(image)


@pytest.fixture
def page(window: MainWindow, settle: Settle) -> DossierPage:
    window.go("dossier", REPORT)
    settle(window, quiet=DRAWN)
    found = window.page("dossier")
    assert isinstance(found, DossierPage)
    assert found.document == REPORT
    return found


@pytest.fixture
def printed(page: DossierPage, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The text of the pages at the moment in which printing is asked for (here stands no printer)."""
    from pypdf import PdfReader

    texts: list[str] = []

    def look(name: str) -> None:
        source = page.preview.source
        assert source is not None
        texts.append("\n".join(sheet.extract_text() for sheet in PdfReader(source.path).pages))

    monkeypatch.setattr(page.output, "ask_and_print", look)
    yield texts


def first_field(page: DossierPage) -> QPlainTextEdit:
    page.tabs.setCurrentIndex(1)
    return next(iter(page.texts.edits.values())).text


def test_text_typed_a_moment_ago_is_printed(
    page: DossierPage, window: MainWindow, settle: Settle, printed: list[str]
) -> None:
    QTest.keyClicks(first_field(page), "Noi dung vua soan")
    QTest.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    settle(window, quiet=DRAWN)
    assert page.tabs.currentWidget() is page.preview
    assert len(printed) == 1
    assert "Noi dung vua soan" in printed[0]


def test_a_number_typed_a_moment_ago_is_printed(
    page: DossierPage, window: MainWindow, settle: Settle, printed: list[str]
) -> None:
    QTest.keyClicks(page.form.number, "8765")
    QTest.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    settle(window, quiet=DRAWN)
    assert len(printed) == 1
    assert "8765" in printed[0]


def test_another_paper_is_not_printed_in_its_place(
    page: DossierPage, window: MainWindow, settle: Settle, printed: list[str]
) -> None:
    QTest.keyClicks(page.form.number, "8765")
    QTest.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(page.documents, Qt.Key.Key_Down)
    assert page.document != REPORT
    settle(window, quiet=DRAWN)
    assert printed == []


def test_leaving_a_paper_while_its_text_is_saved(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    """An answer to a field that is gone would raise here."""
    QTest.keyClicks(first_field(page), "Noi dung vua soan")
    QTest.keyClick(page.documents, Qt.Key.Key_Up)
    settle(window, quiet=DRAWN)
    assert page.document != REPORT
    QTest.keyClick(page.documents, Qt.Key.Key_Down)
    settle(window, quiet=DRAWN)
    assert first_field(page).toPlainText() == "Noi dung vua soan"


def test_a_sample_text_can_be_taken_back_by_keys(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    edit = next(iter(page.texts.edits.values()))
    page.tabs.setCurrentIndex(1)
    QTest.keyClicks(edit.text, "cau cua toi")
    edit._put("câu mẫu")
    assert edit.text.toPlainText() == "câu mẫu"
    QTest.keySequence(edit.text, QKeySequence(QKeySequence.StandardKey.Undo))
    assert edit.text.toPlainText() == "cau cua toi"
    settle(window, quiet=DRAWN)


@pytest.mark.parametrize(("count", "copies"), [(3, 2), (4, 2), (2, 1), (5, 3)])
def test_paper_turned_by_hand_has_each_back_on_its_sheet(tmp_path: Path, count: int, copies: int) -> None:
    from pypdf import PdfReader

    sheets: dict[Sides, list[int]] = {}
    for sides in (Sides.ODD, Sides.EVEN):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / f"{sides}.pdf"))
        printer.setResolution(72)
        source = BlankPages(count)
        PrintJob(source, printer, 1, count, copies, sides).start()
        sheets[sides] = [len(PdfReader(tmp_path / f"{sides}.pdf").pages)]
        assert source.asked == [page for page in range(1, count + 1) if page % 2 == (sides is Sides.ODD)] * (
            1 if printer.supportsMultipleCopies() else copies
        )
    assert sheets[Sides.ODD] == sheets[Sides.EVEN], "every sheet has a back, blank or not"


def test_mnemonics_of_the_page_are_not_used_twice(page: DossierPage, window: MainWindow) -> None:
    """A letter used twice does nothing: Qt does not know which one is meant. The menu bar's count as well."""
    bar = page.tabs.findChild(QTabBar)
    assert bar is not None
    words = [bar.tabText(place) for place in range(bar.count())]
    words += [button.text() for button in (page.print_button, page.save_button, page.more_button, page.draft)]
    words += [label.text() for label in page.form.findChildren(type(page.form.note)) if label.buddy() is not None]
    words += [action.text() for action in window.menuBar().actions()]
    letters = [word[word.index("&") + 1].lower() for word in words if "&" in word]
    assert len(letters) >= 10
    assert sorted(letters) == sorted(set(letters))


def test_search_is_worked_by_keys_alone(page: DossierPage, window: MainWindow, settle: Settle) -> None:
    search, view = page.preview.search, page.preview.view
    view.setFocus()
    QTest.keySequence(view, QKeySequence("Ctrl+F"))
    assert search.isVisible()
    words: QLineEdit = search.words
    QTest.keyClicks(words, "uy ban nhan dan")
    settle(window, quiet=DRAWN)
    assert len(search._hits) > 1
    at = search._at
    QTest.keyClick(words, Qt.Key.Key_F3)
    assert search._at == (at + 1) % len(search._hits)
    QTest.keyClick(words, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert search._at == at
    QTest.keyClick(words, Qt.Key.Key_Escape)
    assert not search.isVisible()


def test_the_dialog_of_the_printer_tells_how_to_turn(qapp: object, page: DossierPage) -> None:
    dialog = PrintPages("Báo cáo", 1, 4, page)
    before = dialog.by_hand
    dialog.both_sides.setCurrentIndex(dialog.both_sides.count() - 1)
    assert (before, dialog.by_hand) == (False, True)
    assert "lật" in dialog.hint.text()
    dialog.deleteLater()
