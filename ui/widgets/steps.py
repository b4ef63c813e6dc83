"""A large card with a short straight road of numbered steps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import COLOURS, SPACE, card, heading, picture


class StepCard(QFrame):
    """Title with icon; :meth:`step` adds a numbered step with its widgets below it."""

    def __init__(self, sign: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card(self)
        self._steps = 0
        drawn = QLabel()
        drawn.setPixmap(picture(sign, 26, self.devicePixelRatioF(), COLOURS.accent))
        top = QHBoxLayout()
        top.setSpacing(SPACE.medium)
        top.addWidget(drawn)
        top.addWidget(heading(QLabel(title), 2), 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        self.column.setSpacing(SPACE.small)
        self.column.addLayout(top)

    def step(self, words: str, *widgets: QWidget, stretch: bool = False) -> QLabel:
        """Add a step; returns its label."""
        self._steps += 1
        number = QLabel(str(self._steps))
        number.setFixedSize(24, 24)
        number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        number.setStyleSheet(
            f"background: {COLOURS.accent_soft}; color: {COLOURS.accent_deep}; border-radius: 12px; font-weight: bold;"
            "padding: 0;"
        )
        label = QLabel(words)
        label.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE.small)
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label, 1)
        self.column.addLayout(row)
        for widget in widgets:
            inset = QHBoxLayout()
            inset.setContentsMargins(24 + SPACE.small, 0, 0, 0)
            inset.addWidget(widget)
            self.column.addLayout(inset, 1 if stretch else 0)
        return label
