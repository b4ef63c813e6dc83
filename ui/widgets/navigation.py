"""The pages at the left, each with icon and word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS, SIZE, SPACE, icon


@dataclass(frozen=True, slots=True)
class Place:
    """A page as the navigation shows it."""

    key: str
    words: str
    sign: str


class Navigation(QFrame):
    """``chosen`` is sent with a page's key. Ctrl+1… stands in the menu «Xem»; arrows move within."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("navigation")
        self.setFixedWidth(SIZE.navigation)
        self.setAccessibleName(_("Các trang"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QToolButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, SPACE.small, 0, SPACE.small)
        self._column.setSpacing(2)
        self._column.addStretch(1)

    def set_places(self, places: Sequence[Place]) -> None:
        """Show these pages, in this order."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()
        for number, place in enumerate(places, start=1):
            button = QToolButton()
            button.setText(place.words)
            button.setIcon(icon(place.sign, COLOURS.accent_deep))
            button.setIconSize(QSize(SIZE.icon + SPACE.small, SIZE.icon))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setFixedWidth(SIZE.navigation - 1)
            button.setToolTip(f"Ctrl+{number}")
            button.setAccessibleName(place.words)
            button.clicked.connect(lambda _checked=False, key=place.key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[place.key] = button
            self._column.insertWidget(number - 1, button)

    def mark(self, key: str) -> None:
        """Show which page is in front."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def allow(self, keys: set[str]) -> None:
        """Only these pages can be opened."""
        for key, button in self._buttons.items():
            button.setEnabled(key in keys)

    def button(self, key: str) -> QToolButton:
        """The button of a page."""
        return self._buttons[key]

    def focus_current(self) -> None:
        """Put the focus on the page that is in front."""
        checked = self._group.checkedButton()
        if checked is not None:
            checked.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        buttons = [button for button in self._buttons.values() if button.isEnabled()]
        if step and buttons:
            held = next((place for place, button in enumerate(buttons) if button.hasFocus()), 0)
            buttons[(held + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
