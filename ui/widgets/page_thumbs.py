"""Small pictures of all pages beside the large ones; a click goes there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS
from ui.widgets.pdf_view import PageSource, PagesView

WIDTH = 84  # logical pixels of a small page
_STRIP = 124


class PageThumbs(QListWidget):
    """Follows a :class:`PagesView`: the page in sight is the chosen one."""

    def __init__(self, view: PagesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._source: PageSource | None = None
        self._round = 0
        self._waiting = False
        self._drawn: set[int] = set()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFixedWidth(_STRIP)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Các trang thu nhỏ"))
        self.itemClicked.connect(lambda item: view.go_to(self.row(item) + 1))
        self.itemActivated.connect(lambda item: view.go_to(self.row(item) + 1))
        view.page_shown.connect(self._follow)
        self._later = QTimer(self, singleShot=True, interval=80)
        self._later.timeout.connect(self._draw)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._later.start())

    def show_source(self, source: PageSource | None) -> None:
        """Show the pages of this source."""
        self._round += 1
        self._waiting = False
        self._source = source
        self._drawn.clear()
        sizes = source.sizes if source else ()
        tallest = max((height / width for width, height in sizes if width), default=1.4)
        self.setIconSize(QSize(WIDTH, min(WIDTH * 2, round(WIDTH * tallest))))
        while self.count() > len(sizes):
            self.takeItem(self.count() - 1)
        blank = QPixmap(self.iconSize())
        blank.fill(QColor(COLOURS.surface))
        for page in range(self.count(), len(sizes)):
            item = QListWidgetItem(QIcon(blank), str(page + 1))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            item.setSizeHint(QSize(_STRIP - 26, self.iconSize().height() + 26))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _("Trang {page}").format(page=page + 1))
            self.addItem(item)
        self._follow(self._view.page, len(sizes))
        self._later.start()

    def _follow(self, page: int, _count: int) -> None:
        if 1 <= page <= self.count():
            self.setCurrentRow(page - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def showEvent(self, event: object) -> None:
        self._later.start()

    def _draw(self) -> None:
        """Have the next page in sight drawn; one at a time, after the large ones."""
        if self._waiting or self._source is None or not self.isVisible():
            return
        room = self.viewport().rect()
        for page in range(self.count()):
            if page not in self._drawn and self.visualItemRect(self.item(page)).intersects(room):
                self._waiting = True
                width = round(WIDTH * self.devicePixelRatioF())
                self._source.request(page, width, partial(self._keep, self._round, page))
                return

    def _keep(self, turn: int, page: int, image: QImage | None) -> None:
        if turn != self._round:
            return
        self._waiting = False
        self._drawn.add(page)
        if image is not None and page < self.count():
            framed = QImage(image)
            framed.setDevicePixelRatio(self.devicePixelRatioF())
            picture = QIcon(QPixmap.fromImage(framed))
            picture.addPixmap(QPixmap.fromImage(framed), QIcon.Mode.Selected)  # no tint: the page is looked at
            self.item(page).setIcon(picture)
        self._draw()
