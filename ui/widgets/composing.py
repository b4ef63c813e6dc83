"""What keys mean to the focused widget: a word still being composed, a field's own undo, Enter on a button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit, QToolButton, QWidget
from shiboken6 import isValid

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class FieldKeys(QObject):
    """Watches the focused widget only.

    While a Vietnamese word is being composed no shortcut fires. Ctrl+Z takes back typing within the field first; once
    the field has nothing more to take back, the key goes to the window, which undoes the last edit. Enter presses the
    focused button.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        self._composing = False
        app.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):  # the focus moves while a window is destroyed
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._forget)
        self._watched, self._composing = now, False
        if now is not None:
            now.installEventFilter(self)
            now.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._override(watched, event)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(watched, event)
        return False

    def _press(self, watched: QObject, event: QKeyEvent) -> bool:
        """Enter presses the button that has the focus, as in a dialog."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.isAutoRepeat():
            return False
        if isinstance(watched, QPushButton | QToolButton) and watched.isEnabled():
            watched.click()
            return True
        return False

    def _override(self, watched: QObject, event: QKeyEvent) -> bool:
        if self._composing and event.modifiers() & _COMMANDS:
            event.accept()
            return True
        for sequence, able in ((QKeySequence.StandardKey.Undo, _can_undo), (QKeySequence.StandardKey.Redo, _can_redo)):
            if event.matches(sequence) and not able(watched):
                event.ignore()
                return True
        return False


def _can_undo(field: QObject) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() and not field.isReadOnly()
    if isinstance(field, QPlainTextEdit | QTextEdit):
        return field.document().isUndoAvailable() and not field.isReadOnly()
    return False


def _can_redo(field: QObject) -> bool:
    if isinstance(field, QLineEdit):
        return field.isRedoAvailable() and not field.isReadOnly()
    if isinstance(field, QPlainTextEdit | QTextEdit):
        return field.document().isRedoAvailable() and not field.isReadOnly()
    return False
