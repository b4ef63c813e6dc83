"""How rows of the criteria tree are painted: symbol, number, name, and where the row stands in words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ntm_desktop.model.assessment import AssessedCriterion, AssessedIndicator
from ui.models.criteria_tree import ROW_ROLE, row_state
from ui.theme import COLOURS, SIZE, SPACE, icon, verdict_colour, verdict_icon

Index = QModelIndex | QPersistentModelIndex

_SIGN = 18


class CriteriaRows(QStyledItemDelegate):
    """A criterion in one line with n/m; an indicator in two: name, and verdict with what lacks."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = option.fontMetrics.height()
        if isinstance(index.data(ROW_ROLE), AssessedCriterion):
            return QSize(120, max(SIZE.row + SPACE.tiny, line + SPACE.large))
        return QSize(120, max(SIZE.row + SPACE.small, 2 * line + SPACE.medium))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        painter.save()
        if isinstance(row, AssessedCriterion):
            self._criterion(painter, option, row)
        elif isinstance(row, AssessedIndicator):
            self._indicator(painter, option, row)
        painter.restore()

    def _sign(self, painter: QPainter, row: AssessedCriterion | AssessedIndicator, area: QRect, line: int) -> QRect:
        """Draw the verdict's symbol before the first line; the room that is left."""
        place = QRect(area.left(), area.top() + (line - _SIGN) // 2, _SIGN, _SIGN)
        icon(verdict_icon(row.verdict), verdict_colour(row.verdict).name()).paint(painter, place)
        return area.adjusted(_SIGN + SPACE.small, 0, 0, 0)

    def _criterion(self, painter: QPainter, option: QStyleOptionViewItem, row: AssessedCriterion) -> None:
        area = option.rect.adjusted(SPACE.tiny, 0, -SPACE.small, 0)
        area = self._sign(painter, row, area, area.height())
        painter.setFont(option.font)
        count = f"{row.met}/{row.applicable}"
        painter.setPen(QColor(COLOURS.soft))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        area = area.adjusted(0, 0, -option.fontMetrics.horizontalAdvance(count) - SPACE.small, 0)
        font = QFont(option.font)
        font.setBold(True)
        self._text(painter, font, COLOURS.text, area, f"{row.criterion.number}  {row.criterion.name}")

    def _indicator(self, painter: QPainter, option: QStyleOptionViewItem, row: AssessedIndicator) -> None:
        line = option.fontMetrics.height()
        area = option.rect.adjusted(SPACE.tiny, 0, -SPACE.small, 0)
        top = area.top() + (area.height() - 2 * line) // 2
        first = QRect(area.left(), top, area.width(), line)
        words = self._sign(painter, row, first, line)
        self._text(painter, option.font, COLOURS.text, words, f"{row.code}  {row.indicator.name}")
        second = words.translated(0, line)
        self._text(painter, option.font, COLOURS.soft, second, row_state(row))

    @staticmethod
    def _text(painter: QPainter, font: QFont, colour: str, area: QRect, text: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
