"""What came of each package that an office took in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop.i18n import N_, _
from ui.models.rows import RowsModel
from ui.theme import COLOURS, icon

if TYPE_CHECKING:
    from ntm_desktop.operations.receiving import Outcome

_HEADS = (N_("Gói"), N_("Đơn vị"), N_("Kết quả"))


def outcome_sentence(outcome: Outcome) -> str:
    """One sentence: taken, had already, or why it was refused."""
    if outcome.error is not None:
        return f"{outcome.error.message} {outcome.error.hint}".strip()
    if not outcome.applied and not outcome.blobs:
        sentence = _("Đã nhận từ trước, không có gì mới.")
    else:
        sentence = _("Đã nhận {changes} thay đổi, {blobs} tệp minh chứng.").format(
            changes=outcome.applied, blobs=outcome.blobs
        )
    if outcome.missing:
        sentence += " " + _("Còn thiếu {count} tệp minh chứng.").format(count=len(outcome.missing))
    return sentence


class Outcomes(RowsModel):
    """Rows are :class:`~ntm_desktop.operations.receiving.Outcome`; the refused ones first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda outcome: str(outcome.path), len(_HEADS), parent)

    def show(self, row: Outcome, column: int, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            unit = row.unit.full_name if row.unit is not None else "–"
            return (row.path.name, unit, outcome_sentence(row))[column]
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            if row.error is not None:
                return icon("error", COLOURS.error)
            return icon("warning", COLOURS.warning) if row.missing else icon("met", "#17692d")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADS[section])
        return None
