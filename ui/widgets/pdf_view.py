"""Pages as they print, one under the other: drawn by the worker when they come into sight, at the zoom shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS

GAP = 14  # pixels between two pages and around them
ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_POINTS_TO_PIXELS = 96 / 72  # logical pixels of one point at 100 %
_KEPT = 6  # drawn pages kept around the one that is shown
_LARGEST = 24_000_000  # pixels of one drawn page


class PageSource(Protocol):
    """Where pages come from; answers arrive in the GUI thread."""

    @property
    def sizes(self) -> tuple[tuple[float, float], ...]:
        """Width and height of each page in points."""

    def request(self, page: int, width: int, then: Callable[[QImage | None], None]) -> None:
        """Draw a page ``width`` device pixels wide and hand it over; None where it cannot be drawn."""


class Mark(Protocol):
    """Words found on a page (from 0): boxes as (left, top, right, bottom) in points from its upper left corner."""

    @property
    def page(self) -> int: ...

    @property
    def boxes(self) -> tuple[tuple[float, float, float, float], ...]: ...


class Fit(StrEnum):
    """How large pages are shown."""

    WIDTH = "width"
    PAGE = "page"
    FREE = "free"


class PagesView(QAbstractScrollArea):
    """Shows a :class:`PageSource`. Ctrl + wheel and Ctrl + plus or minus zoom, Page Up and Down leaf."""

    page_shown = Signal(int, int)  # number of the page in sight (from 1), count
    zoom_shown = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: PageSource | None = None
        self._words = ""
        self._fit = Fit.WIDTH
        self._zoom = 1.0
        self._drawn: dict[int, QImage] = {}
        self._asked_width: dict[int, int] = {}
        self._stale: set[int] = set()
        self._broken: set[int] = set()
        self._asked = False
        self._round = 0  # answers to an older source are dropped
        self._rects: list[QRectF] = []
        self._told = (0, 0)
        self._marks: tuple[Mark, ...] = ()
        self._mark = -1  # the one that stands out
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(60)
        self._later.timeout.connect(self._ask)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Các trang xem trước"))

    # --- what is shown

    def show_pages(self, source: PageSource | None, words: str = "", keep_place: bool = False) -> None:
        """Show these pages, or ``words`` where there are none. ``keep_place``: the same document, written anew."""
        place = self._place() if keep_place else None
        self._round += 1
        self._asked = False
        self._source, self._words = source, words
        self._broken.clear()
        self._drawn = {page: image for page, image in self._drawn.items() if keep_place and page < self.count}
        self._stale = set(self._drawn)  # shown until they are drawn anew, so that nothing flickers
        self._arrange()
        if place is not None and self.count:
            self._return_to(place)
        else:
            self.verticalScrollBar().setValue(0)
        self._tell()
        self._later.start()

    @property
    def source(self) -> PageSource | None:
        """What is shown."""
        return self._source

    @property
    def count(self) -> int:
        """Number of pages."""
        return len(self._source.sizes) if self._source else 0

    @property
    def page(self) -> int:
        """The first page of which half, or half a window, is in sight, from 1; 0 where there is none."""
        top, room = self.verticalScrollBar().value(), self.viewport().height()
        for number, rect in enumerate(self._rects, 1):
            if rect.bottom() - top > min(rect.height(), room) / 2:
                return number
        return len(self._rects)

    def drawn(self, page: int) -> bool:
        """True where a page (from 1) stands there as it is now."""
        return page - 1 in self._drawn and page - 1 not in self._stale

    def go_to(self, page: int) -> None:
        """Bring a page (from 1) into sight."""
        if 1 <= page <= self.count:
            self.verticalScrollBar().setValue(int(self._rects[page - 1].top()) - GAP)

    def leaf(self, by: int) -> None:
        """Go some pages on or back."""
        self.go_to(max(1, min(self.count, self.page + by)))

    def mark(self, marks: Sequence[Mark], current: int = -1) -> None:
        """Mark words on the pages; the current one stands out and is brought into sight."""
        self._marks, self._mark = tuple(marks), current
        if 0 <= current < len(self._marks) and self._marks[current].page < len(self._rects):
            page, box = self._marks[current].page, self._marks[current].boxes[0]
            middle = self._rects[page].top() + (box[1] + box[3]) / 2 * self._zoom * _POINTS_TO_PIXELS
            bar, room = self.verticalScrollBar(), self.viewport().height()
            if not bar.value() + GAP < middle < bar.value() + room - 2 * GAP:
                bar.setValue(int(middle - room / 3))
        self.viewport().update()

    def _paint_marks(self, painter: QPainter, page: int, rect: QRectF) -> None:
        scale = self._zoom * _POINTS_TO_PIXELS
        for place, mark in enumerate(self._marks):
            if mark.page != page:
                continue
            colour = QColor(COLOURS.accent if place == self._mark else "#f0b400")
            colour.setAlpha(120 if place == self._mark else 90)
            for left, top, right, bottom in mark.boxes:
                box = QRectF(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale)
                painter.fillRect(box.translated(rect.topLeft()).adjusted(-1, -1, 1, 1), colour)

    # --- zoom

    @property
    def fit(self) -> Fit:
        """How large pages are shown."""
        return self._fit

    def set_fit(self, fit: Fit) -> None:
        """Fit pages to the width or to the whole sheet."""
        self._fit = fit
        self._rezoom()

    def zoom(self, step: int) -> None:
        """Larger (1) or smaller (-1)."""
        steps = [value for value in ZOOMS if (value > self._zoom * 1.02 if step > 0 else value < self._zoom / 1.02)]
        if steps:
            self._fit = Fit.FREE
            self._zoom = steps[0] if step > 0 else steps[-1]
            self._rezoom()

    def _rezoom(self) -> None:
        place = self._place()
        self._arrange()
        self._return_to(place)
        self._later.start()
        self._tell()

    # --- places

    def _arrange(self) -> None:
        sizes = self._source.sizes if self._source else ()
        room = self.viewport().size()
        if sizes and self._fit is not Fit.FREE:
            widest = max(width for width, _height in sizes) * _POINTS_TO_PIXELS
            self._zoom = max(0.05, (room.width() - 2 * GAP) / widest)
            if self._fit is Fit.PAGE:
                highest = max(height for _width, height in sizes) * _POINTS_TO_PIXELS
                self._zoom = max(0.05, min(self._zoom, (room.height() - 2 * GAP) / highest))
        scale = self._zoom * _POINTS_TO_PIXELS
        self._rects = []
        top = float(GAP)
        broad = max((width * scale for width, _height in sizes), default=0.0)
        across = max(broad + 2 * GAP, float(room.width()))
        for width, height in sizes:
            self._rects.append(
                QRectF(round((across - width * scale) / 2), top, round(width * scale), round(height * scale))
            )
            top += round(height * scale) + GAP
        self.verticalScrollBar().setRange(0, max(0, int(top) - room.height()))
        self.verticalScrollBar().setPageStep(max(1, room.height() - 2 * GAP))
        self.verticalScrollBar().setSingleStep(40)
        self.horizontalScrollBar().setRange(0, max(0, int(across) - room.width()))
        self.horizontalScrollBar().setPageStep(room.width())
        self.viewport().update()

    def _place(self) -> tuple[int, float]:
        """Page at the top edge and how far down it the edge lies, so that zooming keeps the place."""
        top = self.verticalScrollBar().value()
        for number, rect in enumerate(self._rects):
            if top < rect.bottom():
                return number, (top - rect.top()) / max(1.0, rect.height())
        return 0, 0.0

    def _return_to(self, place: tuple[int, float]) -> None:
        if self._rects:
            rect = self._rects[min(place[0], len(self._rects) - 1)]
            self.verticalScrollBar().setValue(round(rect.top() + place[1] * rect.height()))

    def _moved(self) -> None:
        self.viewport().update()
        self._later.start()
        self._tell()

    def _tell(self) -> None:
        now = (self.page, self.count)
        if now != self._told:
            self._told = now
            self.page_shown.emit(*now)
            self.setAccessibleDescription(_("Trang {page}/{count}").format(page=now[0], count=now[1]))
        self.zoom_shown.emit(self._zoom)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rezoom()

    # --- drawing

    def _wanted_width(self, page: int) -> int:
        rect = self._rects[page]
        width = rect.width() * self.devicePixelRatioF()
        limit = (_LARGEST * rect.width() / max(1.0, rect.height())) ** 0.5
        return max(8, int(min(width, limit)))

    def _in_sight(self) -> list[int]:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        seen = [page for page, rect in enumerate(self._rects) if rect.bottom() >= top and rect.top() <= bottom]
        return [*seen, seen[-1] + 1] if seen and seen[-1] + 1 < len(self._rects) else seen

    def _ask(self) -> None:
        """Have the next page in sight drawn; one at a time, so that saving never waits for more than one page."""
        if self._asked or self._source is None or not self.isVisible():
            return
        for page in self._in_sight():
            image = self._drawn.get(page)
            fresh = (
                image is not None and page not in self._stale and self._asked_width[page] == self._wanted_width(page)
            )
            if not fresh and page not in self._broken:
                self._asked = True
                self._asked_width[page] = self._wanted_width(page)
                self._source.request(page, self._wanted_width(page), partial(self._keep, self._round, page))
                return

    def _keep(self, turn: int, page: int, image: QImage | None) -> None:
        if turn != self._round:
            return
        self._asked = False
        self._stale.discard(page)
        if image is None:
            self._broken.add(page)
            self._drawn.pop(page, None)
        else:
            self._drawn[page] = image
            around = self.page - 1
            for far in sorted(self._drawn, key=lambda other: abs(other - around))[2 * _KEPT :]:
                del self._drawn[far]
        self.viewport().update()
        self._ask()

    def showEvent(self, event: object) -> None:
        self._later.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(COLOURS.sunk))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._rects:
            painter.setPen(QColor(COLOURS.soft))
            area = self.viewport().rect().adjusted(40, 40, -40, -40)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
            return
        away = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        for page in self._in_sight():
            rect = self._rects[page].translated(-away.x(), -away.y())
            painter.fillRect(rect, QColor(COLOURS.surface))
            image = self._drawn.get(page)
            if image is not None:
                painter.drawImage(rect, image)
                self._paint_marks(painter, page, rect)
            else:
                painter.setPen(QColor(COLOURS.soft))
                words = _("Không vẽ được trang {page}") if page in self._broken else _("Đang tải trang {page}…")
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words.format(page=page + 1))
            painter.setPen(QPen(QColor(COLOURS.line), 1))
            painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))

    # --- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        keys = Qt.Key
        deeds: dict[int, Callable[[], None]] = {
            keys.Key_Home: lambda: self.go_to(1),
            keys.Key_End: lambda: self.go_to(self.count),
            keys.Key_PageDown: lambda: self._scroll(1),
            keys.Key_PageUp: lambda: self._scroll(-1),
            keys.Key_Space: lambda: self._scroll(1),
        }
        if control:
            deeds = {
                keys.Key_Plus: lambda: self.zoom(1),
                keys.Key_Equal: lambda: self.zoom(1),
                keys.Key_Minus: lambda: self.zoom(-1),
                keys.Key_0: lambda: self.set_fit(Fit.WIDTH),
                keys.Key_PageDown: lambda: self.leaf(1),
                keys.Key_PageUp: lambda: self.leaf(-1),
            }
        deed = deeds.get(event.key())
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def _scroll(self, steps: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + steps * bar.pageStep())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)
