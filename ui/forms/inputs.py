"""Inputs that lose nothing typed: a word being composed counts, text becomes NFC on leaving, the wheel is ignored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from ntm_desktop.model import numbers
from ntm_desktop.model.text import nfc, search_key
from ui.theme import SIZE, restyle

_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """Give a field the border of a wrong one; the words stand under it."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        restyle(widget)


class LineInput(QLineEdit):
    """One line of text."""

    typed = Signal()  # the person changed it, a word still being composed included
    left = Signal()

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._preedit = ""
        self.setAccessibleName(name)
        self.textEdited.connect(lambda _text: self.typed.emit())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        composing, self._preedit = self._preedit, event.preeditString()
        super().inputMethodEvent(event)
        if composing != self._preedit:
            self.typed.emit()

    @property
    def composing(self) -> bool:
        """True while an input method holds a word that is not in ``text()`` yet."""
        return bool(self._preedit)

    def content(self) -> str:
        """Everything that the person sees in the field, in NFC."""
        text, place = self.text(), self.cursorPosition()
        return nfc(text[:place] + self._preedit + text[place:])

    def put(self, text: str) -> None:
        """Show another text; nothing was typed."""
        self._preedit = ""
        self.setText(text)
        self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            if nfc(self.text()) != self.text():
                self.setText(nfc(self.text()))
            self.left.emit()


class SuggestInput(LineInput):
    """One line of text that offers what was typed before, found without diacritics."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self._known: tuple[str, ...] = ()
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCompleter(completer)
        self.textEdited.connect(self._narrow)
        completer.activated.connect(lambda _chosen: self.typed.emit())

    def offer(self, known: Sequence[str]) -> None:
        """What may be offered from now on."""
        self._known = tuple(dict.fromkeys(text for text in known if text))
        self._narrow(self.text())

    def _narrow(self, text: str) -> None:
        key = search_key(text)
        fitting = [known for known in self._known if key and key in search_key(known) and known != nfc(text)]
        self._offered.setStringList(fitting[:8])


class NumberInput(LineInput):
    """A number: while one edits without grouping (``1234,5``), else as Vietnamese write it (``1.234,5``).

    ``given`` is the raw text once the person has typed, else the stored Decimal: text that nobody changed is never read
    anew.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.given: str | Decimal | None = None
        self.setMaximumWidth(120)
        self.setMinimumWidth(84)
        self.typed.connect(self._take)

    def give(self, given: str | Decimal | None) -> None:
        """Show a stored number or a raw text."""
        self.given = given
        self.put(self._form(editing=self.hasFocus()))

    def _take(self) -> None:
        self.given = self.content()

    def _number(self) -> Decimal | None:
        if isinstance(self.given, Decimal):
            return self.given
        return numbers.read_number(self.given).value if self.given else None

    def _form(self, *, editing: bool) -> str:
        number = self._number()
        if number is None:
            return self.given if isinstance(self.given, str) else ""
        return numbers.editable(number) if editing else numbers.shown(number)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in _PASSING and self._number() is not None:
            self.setText(self._form(editing=True))
            if event.reason() is not Qt.FocusReason.MouseFocusReason:
                self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING and self._number() is not None and not self.composing:
            self.put(self._form(editing=False))


class TextInput(QPlainTextEdit):
    """Several lines of text; grows with its content. Tab leaves it, Enter makes a new line."""

    typed = Signal()
    left = Signal()

    LEAST, MOST = 2, 9  # lines shown

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._preedit = ""
        self._putting = False
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._grow())
        self._grow()

    def _changed(self) -> None:
        if not self._putting:
            self.typed.emit()

    def _grow(self) -> None:
        lines = int(self.document().size().height())  # a plain text's layout counts lines
        shown = max(self.LEAST, min(self.MOST, lines))
        margins = int(2 * self.document().documentMargin()) + 12
        self.setFixedHeight(shown * self.fontMetrics().lineSpacing() + margins)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        composing, self._preedit = self._preedit, event.preeditString()
        self._putting = True  # composing changes the layout, which Qt tells as a change of the text
        super().inputMethodEvent(event)
        self._putting = False
        if composing != self._preedit or event.commitString():
            self.typed.emit()

    @property
    def composing(self) -> bool:
        """True while an input method holds a word that is not in the text yet."""
        return bool(self._preedit)

    def content(self) -> str:
        """Everything that the person sees in the field, in NFC."""
        text, place = self.toPlainText(), self.textCursor().position()
        return nfc(text[:place] + self._preedit + text[place:])

    def put(self, text: str) -> None:
        """Show another text; nothing was typed."""
        self._preedit, self._putting = "", True
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._putting = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            if not self.composing and nfc(self.toPlainText()) != self.toPlainText():
                self.put(nfc(self.toPlainText()))
            self.left.emit()


class ChoiceInput(QComboBox):
    """A list to choose from; the wheel scrolls the form and changes nothing."""

    typed = Signal()

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(lambda _index: self.typed.emit())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ThreeStateBox(QCheckBox):
    """A box that is not answered, yes or no, and says so in a word: «… – chưa trả lời»."""

    typed = Signal()

    _ORDER = (Qt.CheckState.PartiallyChecked, Qt.CheckState.Checked, Qt.CheckState.Unchecked)

    def __init__(self, name: str, words: Callable[[bool | None], str]) -> None:
        super().__init__()
        self._words = words
        self._name = name
        self.setTristate(True)
        self.setMinimumHeight(SIZE.target)
        self.put(None)
        self.clicked.connect(self._answered)

    def nextCheckState(self) -> None:
        place = self._ORDER.index(self.checkState())
        self.setCheckState(self._ORDER[(place + 1) % len(self._ORDER)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.answer() is not None:
            self.put(None)
            self.typed.emit()
            return
        super().keyPressEvent(event)

    def answer(self) -> bool | None:
        """Yes, no, or not answered."""
        state = self.checkState()
        return None if state is Qt.CheckState.PartiallyChecked else state is Qt.CheckState.Checked

    def put(self, answer: bool | None) -> None:
        """Show an answer; nothing was typed."""
        states = {None: self._ORDER[0], True: self._ORDER[1], False: self._ORDER[2]}
        self.setCheckState(states[answer])
        self._tell()

    def _answered(self) -> None:
        self._tell()
        self.typed.emit()

    def _tell(self) -> None:
        self.setText(self._words(self.answer()))
        self.setAccessibleName(f"{self._name}: {self.text()}")
