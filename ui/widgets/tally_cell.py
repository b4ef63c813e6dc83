"""A small bar with «16/19» in a table cell, cut by verdict."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ntm_desktop.model.assessment import Tally, Verdict
from ui.models.commune_table import TALLY_ROLE
from ui.theme import COLOURS, SIZE, SPACE, verdict_colour

Index = QModelIndex | QPersistentModelIndex
_BAR = 8


class TallyCell(QStyledItemDelegate):
    """The number stands beside the bar; the colours only repeat it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(150, SIZE.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tally = index.data(TALLY_ROLE)
        if not isinstance(tally, Tally):
            super().paint(painter, option, index)
            return
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, QColor(COLOURS.accent_soft))
        area = option.rect.adjusted(SPACE.small, 0, -SPACE.small, 0)
        words = str(index.data())
        room = option.fontMetrics.horizontalAdvance("57/57") + SPACE.small
        painter.setPen(QColor(COLOURS.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        bar = QRectF(area.left() + room, area.center().y() - _BAR / 2, max(0, area.width() - room), _BAR)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = bar.left()
        for verdict in (Verdict.MET, Verdict.NOT_MET):
            width = bar.width() * tally.of(verdict) / max(1, tally.total)
            painter.fillRect(QRectF(x, bar.top(), width, bar.height()), verdict_colour(verdict))
            x += width
        painter.setPen(QPen(QColor(COLOURS.edge), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.restore()
