"""Packages sent and received, the latest first."""

from __future__ import annotations

import html
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.text import one_line
from ui.models.rows import RowsModel

_HEADS = (N_("Lúc"), N_("Việc"), N_("Đơn vị"), N_("Nội dung"), N_("Tệp"))


class PackageRows(RowsModel):
    """Rows are those of :func:`~ntm_desktop.operations.overview.package_rows`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: f"{row['direction']} {row['package_id']} {row['at']}", len(_HEADS), parent)

    def show(self, row: Any, column: int, role: int) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return html.escape(one_line(row["path"])) if role == Qt.ItemDataRole.ToolTipRole else None
        if column == 0:
            return wording.time_text(datetime.fromisoformat(row["at"]))
        if column == 1:
            return _direction(row)
        if column == 2:
            return row["unit_name"]
        if column == 3:
            return _("{changes} thay đổi, {blobs} tệp").format(changes=row["changes"], blobs=row["blobs"])
        return one_line(Path(row["path"]).name)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADS[section])
        return None


def _direction(row: Any) -> str:
    if row["direction"] == "sent":
        return _("Đã gửi")
    return _("Đã hoàn tác") if row.get("state") == "undone" else _("Đã nhận")
