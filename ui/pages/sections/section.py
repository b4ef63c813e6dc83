"""What every section of the settings page is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QVBoxLayout, QWidget

from ui.theme import SIZE, SPACE, card, heading, soft
from ui.workspace import Session


class Section(QWidget):
    """A heading, a sentence, cards below each other."""

    key = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setObjectName(self.key)
        self.setProperty("plain", True)
        self.setMaximumWidth(SIZE.line + 220)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.huge)
        self.column.setSpacing(SPACE.medium)

    def title(self) -> str:
        """Name in the list at the left."""
        raise NotImplementedError

    def activate(self) -> None:
        """The section comes to the front."""

    def save_now(self) -> None:
        """Hand over what was typed."""

    def begin(self, explanation: str) -> None:
        """Heading and the sentence below it."""
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(heading(QLabel(self.title())))
        words = soft(QLabel(explanation))
        words.setWordWrap(True)
        titles.addWidget(words)
        self.column.addLayout(titles)

    def sheet(self, title: str = "") -> QVBoxLayout:
        """A card; the layout inside it."""
        frame = card(QFrame())
        column = QVBoxLayout(frame)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.large)
        column.setSpacing(SPACE.small)
        if title:
            column.addWidget(heading(QLabel(title), 2))
        self.column.addWidget(frame)
        return column

    def end(self) -> None:
        """Nothing more comes."""
        self.column.addStretch(1)


def note(words: str, selectable: bool = False) -> QLabel:
    """A quiet explaining line."""
    label = soft(QLabel(words))
    label.setWordWrap(True)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def labelled(layout: QVBoxLayout, words: str, field: QWidget, explanation: str = "") -> None:
    """A label, its field below it, and a quiet line."""
    label = QLabel(words)
    label.setBuddy(field)
    group = QVBoxLayout()
    group.setSpacing(SPACE.tiny)
    group.addWidget(label)
    group.addWidget(field)
    if explanation:
        group.addWidget(note(explanation))
    layout.addLayout(group)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
