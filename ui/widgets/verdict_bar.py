"""A bar cut by verdict, each piece with symbol, word and number; a click asks for the things behind it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Tally, Verdict
from ui.theme import SPACE, heading, icon, link, picture, soft, verdict_colour, verdict_ground, verdict_icon

_HEIGHT = 34
_LEAST = 36  # narrowest piece that still shows symbol and number
_GAP = 2


class VerdictBar(QWidget):
    """How many are met, not met, not assessed, not applicable. ``chosen`` is sent with the verdict that was clicked."""

    chosen = Signal(object)  # Verdict

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._title = heading(QLabel(name), 2)
        self._share = soft(QLabel())
        self._strip = _Strip()
        self._strip.chosen.connect(self.chosen)
        self._buttons: dict[Verdict, QPushButton] = {}
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._share, 0, Qt.AlignmentFlag.AlignRight)
        legend = QGridLayout()
        legend.setHorizontalSpacing(SPACE.small)
        legend.setVerticalSpacing(0)
        for place, verdict in enumerate(Verdict):
            button = link(QPushButton())
            button.setIcon(icon(verdict_icon(verdict), verdict_colour(verdict).name()))
            button.setStyleSheet(f"QPushButton:enabled {{ color: {verdict_colour(verdict).name()}; }}")
            button.clicked.connect(lambda _checked=False, which=verdict: self.chosen.emit(which))
            self._buttons[verdict] = button
            legend.addWidget(button, place // 2, place % 2)
        legend.setColumnStretch(0, 1)
        legend.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addLayout(top)
        column.addWidget(self._strip)
        column.addLayout(legend)
        self.set_tally(Tally())

    def set_tally(self, tally: Tally) -> None:
        """Show these counts."""
        self._strip.set_tally(tally)
        self._share.setText(_("{met}/{all} đạt").format(met=tally.met, all=tally.total) if tally.total else "")
        for verdict, button in self._buttons.items():
            words = f"{wording.verdict_name(verdict)}: {tally.of(verdict)}"
            button.setText(words)
            button.setAccessibleName(f"{self._name}, {words}")
            button.setToolTip(_("Xem trên trang Tiêu chí"))
            button.setEnabled(tally.of(verdict) > 0)
        self._strip.setAccessibleName(f"{self._name}: {self._share.text()}")

    def button(self, verdict: Verdict) -> QPushButton:
        """The button of one verdict."""
        return self._buttons[verdict]


class _Strip(QWidget):
    """The painted bar."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tally = Tally()
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(_LEAST * 4 + _GAP * 3)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_tally(self, tally: Tally) -> None:
        self._tally = tally
        self.update()

    def pieces(self) -> list[tuple[Verdict, QRect]]:
        """Each verdict that occurs and its piece; small counts get a readable width at the cost of the large ones."""
        counts = [(verdict, self._tally.of(verdict)) for verdict in Verdict if self._tally.of(verdict)]
        if not counts:
            return []
        room = self.width() - _GAP * (len(counts) - 1)
        spare = max(0, room - _LEAST * len(counts))
        found: list[tuple[Verdict, QRect]] = []
        left = 0
        for place, (verdict, count) in enumerate(counts):
            width = _LEAST + spare * count // self._tally.total
            if place == len(counts) - 1:
                width = self.width() - left
            found.append((verdict, QRect(left, 0, width, self.height())))
            left += width + _GAP
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pieces = self.pieces()
        if not pieces:
            painter.setBrush(verdict_ground(Verdict.NOT_ASSESSED))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(self.rect(), 4, 4)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        for verdict, rect in pieces:
            ink = verdict_colour(verdict)
            painter.setBrush(verdict_ground(verdict))
            painter.setPen(QPen(ink, 1))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), 4, 4)
            self._paint_words(painter, verdict, rect)
        painter.end()

    def _paint_words(self, painter: QPainter, verdict: Verdict, rect: QRect) -> None:
        ink = verdict_colour(verdict).name()
        side = 16
        number = str(self._tally.of(verdict))
        words = f"{number} {wording.verdict_name(verdict).lower()}"
        metrics = painter.fontMetrics()
        text = words if metrics.horizontalAdvance(words) + side + 20 <= rect.width() else number
        wide = side + 3 + metrics.horizontalAdvance(text)
        left = rect.left() + max(2, (rect.width() - wide) // 2)
        drawn = picture(verdict_icon(verdict), side, self.devicePixelRatioF(), ink)
        painter.drawPixmap(QPoint(left, (rect.height() - side) // 2), drawn)
        painter.setPen(verdict_colour(verdict))
        area = QRect(left + side + 3, 0, rect.right() - left - side, rect.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for verdict, rect in self.pieces():
            if rect.contains(event.position().toPoint()):
                self.chosen.emit(verdict)
                return


def verdict_label(verdict: Verdict) -> QLabel:
    """A verdict as coloured symbol and word."""
    label = QLabel(wording.verdict_with_symbol(verdict))
    label.setStyleSheet(f"color: {verdict_colour(verdict).name()}; font-weight: bold;")
    return label
