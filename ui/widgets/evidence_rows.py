"""How a piece of evidence looks in a list: picture, title, number and date, issuer, chips of its indicators."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ui.models.evidence_list import evidence_at, number_line
from ui.theme import COLOURS, SPACE
from ui.widgets.thumbnails import Thumbnails, paint_tile

_TILE = QSize(52, 66)
_CHIP_EDGE = 6
Index = QModelIndex | QPersistentModelIndex


class EvidenceRows(QStyledItemDelegate):
    """Paints rows; ``chips`` off where all rows belong to one indicator."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget, chips: bool = True) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._chips = chips

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = 4 if self._chips else 3
        line = QFontMetrics(option.font).lineSpacing()
        return QSize(160, max(_TILE.height(), lines * line + 8) + 2 * SPACE.small)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        evidence = evidence_at(index)
        if evidence is None:
            return
        painter.save()
        self._ground(painter, option)
        area = option.rect.adjusted(SPACE.small, SPACE.small, -SPACE.small, -SPACE.small)
        tile = QRect(area.topLeft(), QSize(_TILE.width(), min(_TILE.height(), area.height())))
        paint_tile(painter, QRectF(tile), evidence, self._thumbnails.of(evidence))
        text = QRect(QPoint(tile.right() + SPACE.medium, area.top()), area.bottomRight())
        self._lines(painter, option, text, evidence)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        rect, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(COLOURS.accent_soft))
            painter.fillRect(QRect(rect.topLeft(), QSize(3, rect.height())), QColor(COLOURS.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(COLOURS.ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(COLOURS.sunk))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(COLOURS.accent), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _lines(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, evidence: Evidence) -> None:
        font = QFont(option.font)
        bold = QFont(font)
        bold.setBold(True)
        metrics = QFontMetrics(font)
        line = metrics.lineSpacing()
        y = area.top()
        title = QFontMetrics(bold).elidedText(evidence.title, Qt.TextElideMode.ElideMiddle, area.width())
        complete = bool(evidence.number and evidence.issued)
        rows = [
            (title, bold, COLOURS.text),
            (number_line(evidence), font, COLOURS.soft if complete else COLOURS.warning),
        ]
        if not evidence.blob_present:
            rows.append((_("Không thấy tệp trên máy này"), font, COLOURS.error))
        elif evidence.issuer or not self._chips:
            rows.append((evidence.issuer or evidence.file_name, font, COLOURS.soft))
        for text, face, colour in rows:
            painter.setFont(face)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(QRect(area.left(), y, area.width(), line), Qt.AlignmentFlag.AlignVCenter, shown)
            y += line
        if self._chips:
            painter.setFont(font)
            self._paint_chips(painter, QRect(area.left(), y + 3, area.width(), line + 2), evidence)

    def _paint_chips(self, painter: QPainter, area: QRect, evidence: Evidence) -> None:
        metrics = painter.fontMetrics()
        if not evidence.codes:
            painter.setPen(QColor(COLOURS.warning))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, _("Chưa gắn với chỉ tiêu nào"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = area.left()
        for number, code in enumerate(evidence.codes):
            rest = len(evidence.codes) - number
            width = metrics.horizontalAdvance(code) + 2 * _CHIP_EDGE
            more = metrics.horizontalAdvance(f"+{rest}") + 2 * _CHIP_EDGE
            last = rest == 1
            if x + width + (0 if last else more + SPACE.tiny) > area.right():
                code, width = f"+{rest}", more
            box = QRectF(x, area.top(), width, area.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS.sunk))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QColor(COLOURS.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, code)
            if code.startswith("+"):
                return
            x += width + SPACE.tiny


def evidence_view(thumbnails: Thumbnails, chips: bool = True) -> QListView:
    """A list that shows evidence with this delegate and repaints as pictures come."""
    view = QListView()
    view.setItemDelegate(EvidenceRows(thumbnails, view, chips))
    view.setUniformItemSizes(True)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
    view.setMouseTracking(True)
    view.setAccessibleName(_("Danh sách minh chứng"))
    thumbnails.ready.connect(lambda _evidence_id: view.viewport().update())
    return view
