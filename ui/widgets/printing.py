"""Printing: the worker draws each page at the printer's resolution, it is painted when it comes; the window lives."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from ui.widgets.pdf_view import PageSource

FINEST = 300  # dots per inch: more makes a job of a hundred megabytes and looks no better


class Sides(StrEnum):
    """Which pages of a range are printed: on a printer that cannot turn the paper, the odd ones first."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


class PrintJob(QObject):
    """Prints pages ``first`` to ``last`` (from 1) ``copies`` times; of them every other one where ``sides`` says so.

    Exactly one of ``done``, ``failed``, ``cancelled`` is sent.
    """

    progressed = Signal(int, int)  # pages printed, pages in all
    done = Signal(int)  # pages printed
    failed = Signal()
    cancelled = Signal()

    def __init__(
        self,
        source: PageSource,
        printer: QPrinter,
        first: int,
        last: int,
        copies: int = 1,
        sides: Sides = Sides.ALL,
    ) -> None:
        super().__init__()
        self._source = source
        self._printer = printer
        self._painter = QPainter()
        pages: list[int | None] = list(range(first - 1, last))
        both = printer.duplex() in (QPrinter.DuplexMode.DuplexLongSide, QPrinter.DuplexMode.DuplexShortSide)
        if len(pages) % 2 and (sides is Sides.EVEN or (both and copies > 1)):
            pages.append(None)  # a blank back, or the next copy would begin there
        if sides is not Sides.ALL:
            pages = pages[0 if sides is Sides.ODD else 1 :: 2]
        if copies > 1 and printer.supportsMultipleCopies():
            printer.setCopyCount(copies)
            copies = 1
        self._pages = pages * copies
        self._at = 0
        self._stop = False

    @property
    def count(self) -> int:
        """How many pages it prints."""
        return len(self._pages)

    def start(self) -> None:
        """Begin; the rest happens as pages come from the worker."""
        self._printer.setFullPage(True)
        self._lay_out(self._pages[0] or 0)
        if not self._painter.begin(self._printer):
            self.failed.emit()
            return
        self._next()

    def cancel(self) -> None:
        """Stop; what the printer has not begun is not printed."""
        self._stop = True

    def _lay_out(self, page: int) -> None:
        """Paper and direction of the page's own size."""
        width, height = self._source.sizes[page]
        upright = QSizeF(min(width, height), max(width, height))
        size = QPageSize(upright, QPageSize.Unit.Point, matchPolicy=QPageSize.SizeMatchPolicy.FuzzyMatch)
        direction = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        layout = QPageLayout(size, direction, QMarginsF())
        layout.setMode(QPageLayout.Mode.FullPageMode)
        self._printer.setPageLayout(layout)

    def _next(self) -> None:
        if self._stop:
            self._printer.abort()
            self._painter.end()
            self.cancelled.emit()
            return
        if self._at >= len(self._pages):
            self._painter.end()
            self.done.emit(len(self._pages))
            return
        page = self._pages[self._at]
        if page is None:
            self._printer.newPage()
            self._go_on()
            return
        width = self._source.sizes[page][0] / 72 * min(FINEST, self._printer.resolution())
        self._source.request(page, round(width), self._paint)

    def _paint(self, image: QImage | None) -> None:
        if image is None or not self._painter.isActive():
            self._printer.abort()
            self._painter.end()
            self.failed.emit()
            return
        page = self._pages[self._at]
        if self._at and page is not None:
            self._lay_out(page)
            self._printer.newPage()
        sheet = QRectF(self._printer.paperRect(QPrinter.Unit.DevicePixel))
        sheet.moveTo(0, 0)
        size = QSizeF(image.size()).scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(sheet.center())
        self._painter.drawImage(place, image)
        self._go_on()

    def _go_on(self) -> None:
        self._at += 1
        self.progressed.emit(self._at, len(self._pages))
        self._next()
