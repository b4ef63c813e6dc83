"""Icons drawn from SVG at the size and scale that is asked for, in the colour that is asked for."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ntm_desktop import paths
from ui.theme.values import COLOURS


class _Drawing(QIconEngine):
    """One drawing in one colour; a switched-off control shows it faint."""

    def __init__(self, drawing: str, colour: str) -> None:
        super().__init__()
        self._drawing, self._colour = drawing, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """In a box wider than high the drawing stands at the left, so that the word beside it keeps its distance."""
        colour = COLOURS.faint if mode is QIcon.Mode.Disabled else self._colour
        content = self._drawing.replace("currentColor", colour).encode()
        side = float(min(rect.width(), rect.height()))
        square = QRectF(rect.x(), rect.y() + (rect.height() - side) / 2, side, side)
        QSvgRenderer(QByteArray(content)).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Drawing(self._drawing, self._colour)


@cache
def _drawing(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def icon(name: str, colour: str = COLOURS.text) -> QIcon:
    """The icon ``name`` of resources/icons, crisp at every scale; it never stands without its word.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    return QIcon(_Drawing(_drawing(name), colour))


def picture(name: str, side: int, scale: float, colour: str = COLOURS.text) -> QPixmap:
    """The icon as a picture ``side`` logical pixels wide for a screen of that scale, for labels."""
    return icon(name, colour).pixmap(QSize(side, side), scale)


def program_icon() -> QIcon:
    """The program's own icon in all its sizes."""
    folder = paths.resources() / "icons"
    result = QIcon()
    for size in (16, 32, 48, 256):
        result.addFile(str(folder / f"app-{size}.png"))
    return result
