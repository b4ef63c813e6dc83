"""Fields with several values: those that wait for a choice, and those that were settled in this sitting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop.i18n import _
from ui.models.rows import RowsModel
from ui.theme import COLOURS

if TYPE_CHECKING:
    from ntm_desktop.operations.conflicts import Conflict


@dataclass(frozen=True, slots=True)
class Place:
    """One field; ``chosen`` is the side that was chosen here, None while nobody has."""

    conflict: Conflict
    chosen: int | None = None

    @property
    def title(self) -> str:
        """The indicator and the field."""
        conflict = self.conflict
        return f"{conflict.code}  {conflict.what}" if conflict.code else conflict.what


class ConflictList(RowsModel):
    """Rows are :class:`Place`, in two lines each. An office sees whose field it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda place: place.conflict.conflict_id, 1, parent)
        self.names_units = False

    def show(self, row: Place, column: int, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.title}\n{self._below(row)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return ("met", "#17692d") if row.chosen is not None else ("warning", COLOURS.warning)
        return None

    def _below(self, row: Place) -> str:
        conflict = row.conflict
        if row.chosen is not None:
            return _("Đã chọn: {value}").format(value=conflict.sides[row.chosen].value_text)
        words = _("{count} giá trị khác nhau").format(count=len(conflict.sides))
        return f"{conflict.unit.full_name} · {words}" if self.names_units else words

    @property
    def open(self) -> list[Place]:
        """Those that wait for a choice."""
        return [place for place in self.rows if place.chosen is None]
