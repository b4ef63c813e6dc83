"""The lower half of the exchange page: partners with what is awaited of each, and the packages of late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.models.package_rows import PackageRows
from ui.models.partners import ACKNOWLEDGED, NAME, RECEIVED, SENT, STATE, WAITING, PartnerRows, details_text
from ui.models.rows import ROW_ROLE, RowsModel
from ui.theme import SIZE, SPACE, heading, icon, soft
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from ntm_desktop.operations.partners import Partner

_MOST_PARTNERS, _MOST_PACKAGES = 6, 4  # rows shown without scrolling
_WIDTHS = {NAME: 270, STATE: 130, SENT: 140, ACKNOWLEDGED: 200, RECEIVED: 140, WAITING: 150}


class PartnersTable(QWidget):
    """``compare_wanted`` carries the key of a computer whose digits are to be compared."""

    compare_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PartnerRows(self)
        self.table = _table(self._model, _("Đối tác trao đổi"))
        for column, width in _WIDTHS.items():
            self.table.horizontalHeader().resizeSection(column, width)
        self.table.selectionModel().currentChanged.connect(lambda *_all: self._tell())
        self.none = _quiet(
            _(
                "Chưa trao đổi với máy nào. Sau lần gửi hay nhận đầu tiên, ở đây sẽ hiện nơi nào đã nhận được gì, "
                "còn chờ gói nào, còn thiếu tệp nào."
            )
        )
        self.details = _quiet("")
        self.compare_button = QPushButton(icon("verify"), _("So mã đối chiếu…"))
        self.compare_button.clicked.connect(self._compare)
        self._box = QWidget()
        FlowLayout(self._box).addWidget(self.compare_button)
        layout = _column(self, _("Đối tác trao đổi"))
        for widget in (self.none, self.table, self.details, self._box):
            layout.addWidget(widget)
        self.show_partners(())

    @property
    def partner(self) -> Partner | None:
        """The chosen one."""
        return self.table.currentIndex().data(ROW_ROLE) if self._model.rows else None

    @property
    def rows(self) -> Sequence[Partner]:
        """Those that are shown."""
        return tuple(self._model.rows)

    def show_partners(self, partners: Sequence[Partner]) -> None:
        """Show these; those that something is awaited of first."""
        rows = sorted(partners, key=lambda partner: not (partner.waiting or partner.missing))
        self._model.take(rows)
        _fit(self.table, len(rows), _MOST_PARTNERS)
        self.none.setVisible(not rows)
        if rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self._model.index(0, 0))
        self._tell()

    def _tell(self) -> None:
        partner = self.partner
        self.details.setText(details_text(partner) if partner is not None else "")
        self.details.setVisible(partner is not None)
        self._box.setVisible(partner is not None and partner.state == "seen")

    def _compare(self) -> None:
        if self.partner is not None:
            self.compare_wanted.emit(self.partner.key)


class PackagesTable(QWidget):
    """What was sent and received of late."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PackageRows(self)
        self.table = _table(self._model, _("Các gói đã gửi và nhận"))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.none = _quiet(_("Chưa gửi hay nhận gói nào."))
        column = _column(self, _("Gói gần đây"))
        column.addWidget(self.none)
        column.addWidget(self.table)
        self.show_packages(())

    @property
    def rows(self) -> Sequence[dict[str, Any]]:
        """Those that are shown."""
        return tuple(self._model.rows)

    def show_packages(self, rows: Sequence[dict[str, Any]]) -> None:
        """Show these."""
        self._model.take(rows)
        _fit(self.table, len(rows), _MOST_PACKAGES)
        self.none.setVisible(not rows)


def _column(widget: QWidget, title: str) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE.small)
    column.addWidget(heading(QLabel(title), 2))
    return column


def _quiet(words: str) -> QLabel:
    label = soft(QLabel(words))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _table(model: RowsModel, name: str) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(SIZE.row)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setStretchLastSection(True)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def _fit(table: QTableView, count: int, most: int) -> None:
    """As high as a few rows need, with room for the bar that scrolls sideways."""
    table.setVisible(count > 0)
    table.setFixedHeight(table.horizontalHeader().sizeHint().height() + min(most, count) * SIZE.row + 20)
