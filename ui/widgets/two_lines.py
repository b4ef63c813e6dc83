"""A list row of a strong first line and a quieter rest below it, wrapped as wide as the list is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import COLOURS, SIZE, SPACE, icon

Index = QModelIndex | QPersistentModelIndex
_WRAP = Qt.TextFlag.TextWordWrap


class TwoLines(QStyledItemDelegate):
    """Paints DisplayRole up to the first line break strong, what follows softly; DecorationRole names an icon.

    Its data may be ``(icon name, colour)``.
    """

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view

    def _widths(self, index: Index) -> tuple[int, int]:
        left = SPACE.medium + (SIZE.icon + SPACE.small if index.data(Qt.ItemDataRole.DecorationRole) else 0)
        return left, max(80, self._view.viewport().width() - left - SPACE.small)

    def _parts(self, option: QStyleOptionViewItem, index: Index) -> tuple[str, str, QFont, QFont]:
        strong = QFont(option.font)
        first, _newline, rest = str(index.data() or "").partition("\n")
        strong.setBold(bool(rest))
        return first, rest, strong, QFont(option.font)

    def _height(self, font: QFont, text: str, width: int) -> int:
        return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _WRAP, text).height() if text else 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        first, rest, strong, font = self._parts(option, index)
        _left, width = self._widths(index)
        height = self._height(strong, first, width) + self._height(font, rest, width) + 2 * SPACE.small
        return QSize(width, max(SIZE.row, height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(COLOURS.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(COLOURS.ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(COLOURS.sunk))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(COLOURS.accent), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        sign = index.data(Qt.ItemDataRole.DecorationRole)
        left, width = self._widths(index)
        if sign:
            name, colour = sign
            place = QRect(rect.left() + SPACE.medium, rect.top() + SPACE.small, SIZE.icon, SIZE.icon)
            icon(name, colour).paint(painter, place)
        first, rest, strong, font = self._parts(option, index)
        top = rect.top() + SPACE.small
        for text, face, colour in ((first, strong, COLOURS.text), (rest, font, COLOURS.soft)):
            height = self._height(face, text, width)
            painter.setFont(face)
            painter.setPen(QColor(colour))
            painter.drawText(QRect(rect.left() + left, top, width, height), _WRAP, text)
            top += height
        painter.restore()


def fit_rows(view: QListView, most: int) -> None:
    """Make a list as high as its rows; of more than ``most`` one sees a half of the next, and so that it scrolls."""
    count = view.model().rowCount()
    shown = [max(SIZE.row, view.sizeHintForRow(row)) for row in range(min(count, most))]
    more = SIZE.row // 2 if count > most else 0
    view.setFixedHeight(sum(shown) + more + 2 * view.frameWidth() + 2)


def two_line_list(name: str) -> QListView:
    """A list with such rows; ``name`` is what screen readers call it."""
    view = QListView()
    view.setItemDelegate(TwoLines(view))
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setMouseTracking(True)
    view.setAccessibleName(name)
    return view
