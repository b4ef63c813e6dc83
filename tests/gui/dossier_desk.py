"""The dossier page as its tests meet it: shown and settled, questions answered with clicks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from ntm_desktop.operations.workspace import Workspace
from ui.dialogs.message import Message
from ui.main_window import MainWindow
from ui.pages.dossier import DossierPage

Settle = Callable[..., None]
DRAWN = 500  # milliseconds of quiet after which a document has been written and drawn
D = TypeVar("D", bound=QDialog)
T = TypeVar("T")


def shown_page(window: MainWindow, settle: Settle) -> DossierPage:
    """The page, its first paper drawn; the window active, for there is no window manager that would do it."""
    window.activateWindow()
    window.show_page("dossier")
    settle(window, quiet=DRAWN)
    page = window.page("dossier")
    assert isinstance(page, DossierPage)
    return page


def go(window: MainWindow, place: str, settle: Settle) -> None:
    window.go("dossier", place)
    settle(window, quiet=DRAWN)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def write(field: QWidget, words: str) -> None:
    """Write as a Vietnamese keyboard does: letters with diacritics come from the input method."""
    for letter in words:
        if letter.isascii():
            QTest.keyClicks(field, letter)
        else:
            event = QInputMethodEvent()
            event.setCommitString(letter)
            QApplication.sendEvent(field, event)


def button(inside: QWidget, words: str) -> QAbstractButton:
    """The button with these words in it."""
    every = inside.findChildren(QAbstractButton)
    found = [each for each in every if each.text().replace("&", "").strip() == words]
    assert len(found) == 1, [each.text() for each in every]
    return found[0]


def dialog_of(kind: type[D]) -> D:
    """The dialog that is open."""
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind), found
    return found


def answer(words: str) -> list[str]:
    """Press this button of the next question; what it asked stands in the list afterwards."""
    asked: list[str] = []
    timer = QTimer(QApplication.instance())

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Message):
            timer.stop()
            asked.append(f"{dialog.message.text()} {dialog.hint.text()} {dialog.lines.toPlainText()}")
            click(button(dialog, words))

    timer.timeout.connect(look)
    timer.start(20)
    QTimer.singleShot(8000, timer, timer.stop)
    return asked


def pdf_text(path: Path) -> str:
    """All words of a PDF, single spaces between them."""
    from pypdf import PdfReader

    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(path).pages).split())


def shown_text(page: DossierPage) -> str:
    """All words of the pages in sight."""
    source = page.preview.source
    assert source is not None
    return pdf_text(source.path)


def done(window: MainWindow, settle: Settle, deed: Callable[[Workspace], T]) -> T:
    """What a deed of the operations answers, done on the worker."""
    answers: list[T] = []
    window.session.run(lambda workspace, task: deed(workspace), answers.append)
    settle(window, quiet=DRAWN)
    return answers[0]
