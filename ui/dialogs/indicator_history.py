"""Who changed what of one indicator, and when: newest first, old and new value side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ui.models.rows import RowsModel
from ui.theme import SPACE, heading, primary, soft

if TYPE_CHECKING:
    from ntm_desktop.operations.history import HistoryEntry

COLUMNS = (N_("Lúc"), N_("Người sửa"), N_("Mục"), N_("Trước"), N_("Sau"))


class _Entries(RowsModel):
    """One change per row."""

    def __init__(self, entries: Sequence[HistoryEntry], parent: QWidget) -> None:
        super().__init__(lambda entry: str(id(entry)), len(COLUMNS), parent)
        self.rows = list(entries)

    def show(self, row: Any, column: int, role: int) -> Any:
        cells = (
            wording.time_text(row.at),
            row.user,
            row.field_name,
            row.old_text or _("(trống)"),
            row.new_text or _("(trống)"),
        )
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return cells[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _(COLUMNS[section])
        return None


class IndicatorHistory(QDialog):
    """Reading only."""

    def __init__(self, subject: str, entries: Sequence[HistoryEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        entries = [entry for entry in entries if entry.old_text != entry.new_text or entry.conflicted]
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Lịch sử của chỉ tiêu"))
        self.resize(780, 460)
        self.table = QTableView()
        self.table.setAccessibleName(_("Các lần sửa, mới nhất trước"))
        self.table.setModel(_Entries(entries, self))
        self.table.setWordWrap(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (3, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        nothing = soft(QLabel(_("Chỉ tiêu này chưa được sửa lần nào.")))
        nothing.setVisible(not entries)
        self.table.setVisible(bool(entries))
        close = primary(QPushButton(_("Đó&ng")))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(soft(QLabel(_("Muốn trở lại giá trị cũ, dùng «Hoàn tác» hoặc gõ lại."))), 1)
        foot.addWidget(close)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column_box.setSpacing(SPACE.medium)
        column_box.addWidget(heading(QLabel(subject), 2))
        column_box.addWidget(nothing)
        column_box.addWidget(self.table, 1)
        column_box.addStretch(0 if entries else 1)
        column_box.addLayout(foot)
