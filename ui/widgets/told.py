"""What came of a piece of work: a sentence, and below it as many buttons as there are things to do next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.theme import SPACE
from ui.widgets.banner import Banner, Deed, Mood
from ui.widgets.flow_layout import FlowLayout


class Told(QWidget):
    """A banner whose buttons stand below it and wrap, so that they fit a narrow card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.banner = Banner()
        self.buttons: list[QPushButton] = []
        self._box = QWidget()
        self._row = FlowLayout(self._box, SPACE.small)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.banner)
        column.addWidget(self._box)
        self.hide()

    def say(self, message: str, hint: str = "", mood: Mood = Mood.INFO, deeds: Sequence[Deed] = ()) -> None:
        """Show a sentence, a second one that says what to do, and a button for each deed."""
        self._drop_buttons()
        for words, deed in deeds:
            button = QPushButton(words)
            button.clicked.connect(lambda _checked=False, act=deed: act())
            self._row.addWidget(button)
            self.buttons.append(button)
        self._box.setVisible(bool(deeds))
        self.banner.say(message, hint, mood, closable=False)
        self.show()

    def clear(self) -> None:
        """Take everything away."""
        self._drop_buttons()
        self.banner.clear()
        self.hide()

    def lead_on(self) -> None:
        """Go to the first thing that can be done next; the control that was used may be switched off now."""
        (self.buttons[0] if self.buttons else self).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        """What it says; empty when it says nothing."""
        return self.banner.text

    @property
    def mood(self) -> str:
        """The mood of what it says."""
        return str(self.banner.property("tone") or "")

    def _drop_buttons(self) -> None:
        self.buttons = []
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
