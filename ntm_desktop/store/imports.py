"""Restore points: what an act of receiving has added, so that it can be taken back as a whole until the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ntm_desktop.store.tables import ImportRow, table_of
from ntm_desktop.store.waiting import Waiting

OPEN, CLOSED, UNDONE = "open", "closed", "undone"


@dataclass(frozen=True, slots=True)
class ImportPoint:
    """One act of receiving.

    ``packages``: package id → unit; ``before``: device → counter that was held before it; ``blobs``: hashes of the
    contents that came with it; ``changes``: how many it applied.
    """

    import_id: int
    at: str
    state: str
    packages: Mapping[str, str]
    before: Mapping[str, int]
    blobs: tuple[str, ...]
    changes: int


class Imports:
    """The restore points within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, at: str) -> int:
        """Begin an act of receiving; the one before can no longer be taken back."""
        self._connection.execute(update(ImportRow).where(ImportRow.state == OPEN).values(state=CLOSED))
        Waiting(self._connection).settle()
        columns: dict[str, Any] = {"at": at, "state": OPEN, "packages": {}, "before": {}, "blobs": {}, "changes": 0}
        made = self._connection.execute(insert(table_of(ImportRow)).values(**columns))
        key = made.inserted_primary_key
        assert key is not None
        return int(key[0])

    def add(
        self, import_id: int, package_id: str, unit: str, before: Mapping[str, int], blobs: tuple[str, ...], count: int
    ) -> None:
        """One package more: what was held of its devices before, the contents that came with it, its changes."""
        point = self._point(import_id)
        assert point is not None
        self._connection.execute(
            update(ImportRow)
            .where(ImportRow.import_id == import_id)
            .values(
                packages={**point.packages, package_id: unit},
                before={**before, **point.before},
                blobs=dict.fromkeys((*point.blobs, *blobs), True),
                changes=point.changes + count,
            )
        )

    def last(self) -> ImportPoint | None:
        """The act of receiving that can be taken back now, if any."""
        statement = select(ImportRow.import_id).where(ImportRow.state == OPEN)
        import_id = self._connection.execute(statement).scalar_one_or_none()
        return self._point(import_id) if import_id is not None else None

    def close(self, import_id: int, state: str = CLOSED) -> None:
        """It can no longer be taken back, or has been (``undone``)."""
        self._connection.execute(update(ImportRow).where(ImportRow.import_id == import_id).values(state=state))

    def _point(self, import_id: int) -> ImportPoint | None:
        row = self._connection.execute(
            select(table_of(ImportRow)).where(ImportRow.import_id == import_id)
        ).one_or_none()
        if row is None:
            return None
        return ImportPoint(row.import_id, row.at, row.state, row.packages, row.before, tuple(row.blobs), row.changes)
