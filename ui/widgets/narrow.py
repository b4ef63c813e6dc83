"""What stands side by side in a wide window stands under each other in a narrow one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSplitter

NARROW = 900  # pixels of a page's own width


def turn_layout(layout: QBoxLayout, width: int) -> None:
    """Left to right, or top to bottom in a page narrower than :data:`NARROW`."""
    wanted = QBoxLayout.Direction.TopToBottom if width < NARROW else QBoxLayout.Direction.LeftToRight
    if layout.direction() is not wanted:
        layout.setDirection(wanted)


def turn_splitter(splitter: QSplitter, width: int) -> None:
    """The same for the panes of a splitter."""
    wanted = Qt.Orientation.Vertical if width < NARROW else Qt.Orientation.Horizontal
    if splitter.orientation() is not wanted:
        splitter.setOrientation(wanted)
