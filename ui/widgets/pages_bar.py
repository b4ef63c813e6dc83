"""Buttons over a view of pages: leaf, zoom, fit; and what page is in sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from ntm_desktop.i18n import _
from ui.theme import SIZE, SPACE, icon, soft
from ui.widgets.pdf_view import Fit, PagesView

_TIGHT = 470  # pixels
_ROOM_FOR_ZOOM = 300  # pixels from which the zoom is told


class PagesBar(QWidget):
    """Belongs to one :class:`PagesView`."""

    def __init__(self, view: PagesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._page = QLabel()
        self._zoom = soft(QLabel())
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("400 %"))
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE.tiny)
        self.previous = self._button("previous", _("Trang trước (Ctrl+PageUp)"))
        self._row.addWidget(self._page)
        self.next = self._button("next", _("Trang sau (Ctrl+PageDown)"))
        self._row.addSpacing(SPACE.small)
        self.smaller = self._button("zoom-out", _("Thu nhỏ (Ctrl+−)"))
        self._row.addWidget(self._zoom)
        self.larger = self._button("zoom-in", _("Phóng to (Ctrl++)"))
        self.width_button = self._button("fit-width", _("Vừa chiều rộng (Ctrl+0)"), _("Vừa rộng"))
        self.page_button = self._button("fit-page", _("Vừa cả trang"), _("Cả trang"))
        self._row.addStretch(1)
        for button, fit in ((self.width_button, Fit.WIDTH), (self.page_button, Fit.PAGE)):
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, fit=fit: view.set_fit(fit))
        self.previous.clicked.connect(lambda: view.leaf(-1))
        self.next.clicked.connect(lambda: view.leaf(1))
        self.smaller.clicked.connect(lambda: view.zoom(-1))
        self.larger.clicked.connect(lambda: view.zoom(1))
        view.page_shown.connect(self._show_page)
        view.zoom_shown.connect(self._show_zoom)
        self._show_page(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the two fitting buttons keep their pictures; their tips say the words."""
        super().resizeEvent(event)
        tight = event.size().width() < _TIGHT
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if tight else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in (self.width_button, self.page_button):
            button.setToolButtonStyle(style)
        self._zoom.setVisible(event.size().width() >= _ROOM_FOR_ZOOM)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, super().minimumSizeHint().height())

    def _button(self, picture: str, name: str, words: str = "") -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture))
        button.setIconSize(QSize(SIZE.icon, SIZE.icon))
        button.setToolTip(name)
        button.setAccessibleName(name)
        if words:
            button.setText(f" {words}")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._row.addWidget(button)
        return button

    def _show_page(self, page: int, count: int) -> None:
        self._page.setText(_("Trang {page}/{count}").format(page=page, count=count) if count else "")
        self._page.setMinimumWidth(self._page.sizeHint().width())
        self.previous.setEnabled(page > 1)
        self.next.setEnabled(page < count)
        self.setEnabled(bool(count))

    def _show_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{round(zoom * 100)}%" if self._view.count else "")
        self.width_button.setChecked(self._view.fit is Fit.WIDTH)
        self.page_button.setChecked(self._view.fit is Fit.PAGE)
