"""Communes with a tick each: which of them a return package is written for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.text import collation_key
from ntm_desktop.model.units import Unit
from ui.models.rows import Index, RowsModel

if TYPE_CHECKING:
    from datetime import datetime

    from ntm_desktop.operations.partners import Partner


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A commune. ``owed``: something came from it that it was not told of; ``due``: that, or opinions wait to go."""

    unit: Unit
    received_at: datetime | None
    sent_at: datetime | None
    opinions: int  # changes of the office that no package has carried yet
    owed: bool
    due: bool


def return_rows(partners: Iterable[Partner]) -> tuple[ReturnRow, ...]:
    """One row per commune, those that are due first."""
    by_unit: dict[str, list[Partner]] = {}
    for partner in partners:
        if partner.role == "commune" and partner.state != "revoked":
            by_unit.setdefault(partner.unit.code, []).append(partner)
    rows = [_row(items) for items in by_unit.values()]
    return tuple(sorted(rows, key=lambda row: (not row.due, collation_key(row.unit.full_name))))


def _row(items: Sequence[Partner]) -> ReturnRow:
    received = max((item.received_at for item in items if item.received_at is not None), default=None)
    sent = max((item.sent_at for item in items if item.sent_at is not None), default=None)
    opinions = min(item.unsent for item in items)  # a computer just introduced was sent nothing yet
    owed = any(item.receipt_due for item in items)
    return ReturnRow(items[0].unit, received, sent, opinions, owed, owed or opinions > 0)


class CommuneChecks(RowsModel):
    """Rows are :class:`ReturnRow`; ticks follow what is due until the person changes one."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: row.unit.code, 1, parent)
        self._by_hand: dict[str, bool] = {}

    def on(self, row: ReturnRow) -> bool:
        """True where a package is to be written for this commune."""
        return self._by_hand.get(row.unit.code, row.due)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Codes of the ticked communes."""
        return tuple(row.unit.code for row in self.rows if self.on(row))

    def tick(self, on: bool | None) -> None:
        """Tick all or none; None: only those that are due."""
        self._by_hand = {} if on is None else {row.unit.code: on for row in self.rows}
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
        self.ticked.emit()

    def show(self, row: ReturnRow, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return _("{unit}: {note}").format(unit=row.unit.full_name, note=_note(row))
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self.on(row) else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self._by_hand[self.rows[index.row()].unit.code] = Qt.CheckState(value) is Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


def _note(row: ReturnRow) -> str:
    if row.received_at is None:
        return _("chưa nhận gói nào")
    note = _("nhận gói lúc {time}").format(time=wording.time_text(row.received_at))
    if row.owed:
        note = _("{note}, chưa trả biên nhận").format(note=note)
    elif row.sent_at is not None:
        note = _("{note}, đã trả biên nhận lúc {sent}").format(note=note, sent=wording.time_text(row.sent_at))
    if row.opinions:
        note = _("{note}; {count} ý kiến chưa gửi").format(note=note, count=row.opinions)
    return note
