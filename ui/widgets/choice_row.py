"""A choice with what it means below it, in as many lines as it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from ui.theme import SPACE, soft

_BUTTON = 26  # pixels that a radio button's circle takes at the left


class ChoiceRow(QWidget):
    """A radio button whose own words are short, and a quiet line below that wraps."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QRadioButton(words)
        self.details = soft(QLabel())
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.hide()
        inset = QHBoxLayout()
        inset.setContentsMargins(_BUTTON, 0, 0, SPACE.tiny)
        inset.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addLayout(inset)

    def tell(self, words: str) -> None:
        """Say what the choice means now."""
        self.details.setText(words)
        self.details.setVisible(bool(words))
        self.button.setAccessibleDescription(words)

    @property
    def text(self) -> str:
        """What stands below."""
        return self.details.text()
