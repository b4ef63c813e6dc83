"""Changes that are here and wait, without limit of time, for earlier ones of their device."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ntm_desktop.model.changes import canonical_json
from ntm_desktop.model.devices import Span
from ntm_desktop.store.arriving import Arrived, spans
from ntm_desktop.store.tables import HeadRow, WaitingChangeRow, table_of


def _within(span: Span) -> tuple[ColumnElement[bool], ...]:
    table = WaitingChangeRow
    return (table.device == span.device, table.seq >= span.first, table.seq <= span.last)


class Waiting:
    """The waiting changes within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, arrived: Arrived, package_id: str, import_id: int) -> None:
        """Keep what cannot be applied yet, mark what import ``import_id`` has released, drop what never can be."""
        for span in arrived.discarded:
            self._connection.execute(delete(WaitingChangeRow).where(*_within(span)))
            signed = (HeadRow.device == span.device, HeadRow.seq >= span.first, HeadRow.seq <= span.last)
            self._connection.execute(delete(HeadRow).where(*signed))
        for span in spans(arrived.released):
            free = update(WaitingChangeRow).where(*_within(span))
            self._connection.execute(free.values(released_by=import_id))
        rows = [
            {
                **{name: getattr(change, name) for name in ("device", "seq", "unit")},
                "hash": change.hash(),
                "body": canonical_json(change.to_json()).decode(),
                "package_id": package_id,
                "import_id": import_id,
                "released_by": None,
            }
            for change in arrived.waiting
        ]
        if rows:
            self._connection.execute(upsert(table_of(WaitingChangeRow)).on_conflict_do_nothing(), rows)

    def spans(self, unit: str = "") -> tuple[Span, ...]:
        """What waits (about one unit, or all), as runs of counters."""
        table = WaitingChangeRow
        statement = select(table.device, table.seq).where(table.released_by.is_(None))
        if unit:
            statement = statement.where(table.unit == unit)
        found: list[Span] = []
        for row in self._connection.execute(statement.order_by(table.device, table.seq)):
            last = found[-1] if found else None
            if last is not None and last.device == row.device and row.seq == last.last + 1:
                found[-1] = Span(last.device, last.first, row.seq)
            else:
                found.append(Span(row.device, row.seq, row.seq))
        return tuple(found)

    def packages(self, device: str) -> tuple[str, ...]:
        """Ids of the packages whose changes of a device wait."""
        table = WaitingChangeRow
        statement = select(table.package_id).where(table.device == device, table.released_by.is_(None)).distinct()
        return tuple(row.package_id for row in self._connection.execute(statement))

    def take_back(self, import_id: int) -> None:
        """Undo what an import did here: what came with it goes, what it released waits again."""
        table = WaitingChangeRow
        self._connection.execute(delete(table).where(table.import_id == import_id))
        again = update(table).where(table.released_by == import_id)
        self._connection.execute(again.values(released_by=None))

    def drop(self, device: str) -> None:
        """Forget what waits of a device: it belongs to a history that its writer has given up."""
        table = WaitingChangeRow
        self._connection.execute(delete(table).where(table.device == device, table.released_by.is_(None)))

    def settle(self) -> None:
        """Forget what was released: it cannot be taken back any more."""
        self._connection.execute(delete(WaitingChangeRow).where(WaitingChangeRow.released_by.is_not(None)))
