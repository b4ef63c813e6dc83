"""The indicators that a piece of evidence proves, as chips: each can be opened and removed, one more can be added."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS, icon
from ui.widgets.flow_layout import FlowLayout

_STYLE = f"""
QWidget#chip {{ background: {COLOURS.sunk}; border-radius: 16px; }}
QWidget#chip QPushButton, QWidget#chip QToolButton {{
    background: transparent; border: 2px solid transparent; border-radius: 16px; padding: 2px 6px; min-width: 20px;
    min-height: 24px;
}}
QWidget#chip QPushButton:hover, QWidget#chip QToolButton:hover {{ background: {COLOURS.accent_soft}; }}
QWidget#chip QPushButton:focus, QWidget#chip QToolButton:focus {{ border-color: {COLOURS.accent}; }}
"""


class _Chip(QWidget):
    """One code: click opens the indicator, × or Delete takes it off."""

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, code: str, name: str, removable: bool) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(_STYLE)
        self.code = code
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0 if removable else 4, 0)
        row.setSpacing(0)
        self.label = QPushButton(code)
        self.label.setToolTip(f"{code}  {name}")
        self.label.setAccessibleName(_("Chỉ tiêu {code}: {name}").format(code=code, name=name))
        self.label.clicked.connect(lambda: self.opened.emit(code))
        row.addWidget(self.label)
        self.stops: list[QWidget] = [self.label]  # what Tab reaches
        if removable:
            cross = QToolButton()
            cross.setIcon(icon("close"))
            cross.setIconSize(QSize(12, 12))
            cross.setToolTip(_("Bỏ chỉ tiêu {code} khỏi minh chứng này").format(code=code))
            cross.setAccessibleName(cross.toolTip())
            cross.clicked.connect(lambda: self.removed.emit(code))
            row.addWidget(cross)
            self.stops.append(cross)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.code)
            return
        super().keyPressEvent(event)


class ChipBar(QWidget):
    """Chips in lines, and a button for more."""

    opened = Signal(str)  # code: show that indicator
    removed = Signal(str)  # code
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._shown: tuple[tuple[str, str], ...] | None = None
        self._editable = True
        self.more = QPushButton(icon("add"), _("Gắn thêm chỉ tiêu…"), self)
        self.more.clicked.connect(self.add_wanted)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_codes(self, codes: Sequence[tuple[str, str]], editable: bool) -> None:
        """Show these indicators as (code, name)."""
        shown = tuple(codes)
        if shown == self._shown and editable == self._editable:
            return
        self._shown, self._editable = shown, editable
        while item := self._flow.takeAt(0):
            widget = item.widget()
            if widget is not None and widget is not self.more:
                widget.hide()
                widget.deleteLater()
        for code, name in shown:
            chip = _Chip(code, name, editable)
            chip.opened.connect(self.opened)
            chip.removed.connect(self.removed)
            self._flow.addWidget(chip)
        self._flow.addWidget(self.more)
        self._order_tabs()
        self.more.setVisible(editable)
        self.updateGeometry()

    def _order_tabs(self) -> None:
        """Tab follows the eye, though new chips were made after everything else in the window."""
        last: QWidget = self.more
        for chip in self._chips():
            for stop in chip.stops:
                QWidget.setTabOrder(last, stop)
                last = stop
        QWidget.setTabOrder(last, self.more)

    def _chips(self) -> list[_Chip]:
        widgets = (self._flow.itemAt(place) for place in range(self._flow.count()))
        found = (item.widget() for item in widgets if item is not None)
        return [widget for widget in found if isinstance(widget, _Chip)]

    def chips(self) -> list[QWidget]:
        """The chips' labels in their order."""
        return [chip.label for chip in self._chips()]
