"""What a package would change: indicator, what, old, new."""

from __future__ import annotations

import html
from typing import Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop.i18n import N_, _
from ui.models.rows import Index, RowsModel

CODE, WHAT, OLD, NEW = range(4)
_HEADS = (N_("Chỉ tiêu"), N_("Nội dung"), N_("Hiện có"), N_("Trong gói"))


class PreviewLines(RowsModel):
    """Rows are pairs of a number and a :class:`~ntm_desktop.operations.receiving.PreviewLine`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: str(row[0]), len(_HEADS), parent)

    def show(self, row: Any, column: int, role: int) -> Any:
        line = row[1]
        texts = (line.code, line.what, line.old or _("(chưa có)"), line.new or _("(xoá)"))
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[column].replace("\n", " ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return html.escape(texts[column])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ": ".join((_(_HEADS[column]), texts[column]))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADS[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
