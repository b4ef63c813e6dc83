"""Rebuild the rows from the journal and compare; walk every device's hash chain."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, Row, Table, Text, cast, select

from ntm_desktop.model.changes import GENESIS, Change, ChangeMalformed, canonical_json
from ntm_desktop.model.fields import check_change
from ntm_desktop.model.progress import Progress
from ntm_desktop.store.engine import database_engine
from ntm_desktop.store.journal import BATCH, Journal
from ntm_desktop.store.local import Local
from ntm_desktop.store.rows import change_of_row
from ntm_desktop.store.store import Store
from ntm_desktop.store.tables import PROJECTED_TABLES, Base, ChangeRow, DeviceRow, HeadRow, table_of


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree: ``code`` names the kind, ``place`` the device, table or record."""

    code: str  # chain_broken | chain_gap | chain_end | malformed | row_missing | row_extra | row_differs
    place: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class JournalReport:
    """What was compared, and what was found."""

    findings: tuple[Finding, ...]
    changes: int
    rows: int


def verify_journal(store: Store, progress: Progress, most: int = 50) -> JournalReport:
    """Check chains and rows of a store; at most ``most`` findings are kept."""
    with store.read() as work, tempfile.TemporaryDirectory(prefix="ntm-verify-") as folder:
        total = work.rows.change_count()
        progress.start("", total * 2)
        findings = [*_chain_findings(work.connection, progress), *_head_findings(work.connection)]
        scratch = database_engine(Path(folder) / "rebuilt.sqlite3")
        try:
            with scratch.begin() as connection:
                Base.metadata.create_all(connection)
                _rebuild(work.connection, connection, progress)
                rows = 0
                for row in PROJECTED_TABLES:
                    table = table_of(row)
                    compared, found = _compare(work.connection, connection, table)
                    rows += compared
                    findings += found
        finally:
            scratch.dispose()
    return JournalReport(tuple(findings[:most]), total, rows)


def _all_changes(connection: Connection) -> Iterator[tuple[Row[Any], Change | None]]:
    """Every row of the journal with its change; None where it cannot be read (a flipped bit in its text)."""
    statement = select(table_of(ChangeRow)).order_by(ChangeRow.device, ChangeRow.seq)
    for row in connection.execute(statement.execution_options(yield_per=BATCH)):
        try:
            change = change_of_row(row)
            canonical_json(change.value)
        except (ValueError, TypeError):
            yield row, None
        else:
            yield row, change


def _chain_findings(connection: Connection, progress: Progress) -> Iterator[Finding]:
    """Every device's changes count from 1 without gap, each naming the hash of the one before."""
    ends = {row.device: (row.seq, row.hash) for row in connection.execute(select(table_of(DeviceRow)))}
    device, seq, last_hash = "", 0, GENESIS
    reached: dict[str, tuple[int, str]] = {}
    for row, change in _all_changes(connection):
        if row.device != device:
            device, seq, last_hash = row.device, 0, GENESIS
        if row.seq != seq + 1:
            yield Finding("chain_gap", device, f"{seq + 1}…{row.seq - 1}")
        elif row.previous_hash != last_hash:
            yield Finding("chain_broken", device, str(row.seq))
        seq, last_hash = row.seq, row.hash if change is None else change.hash()
        if row.hash != last_hash:
            yield Finding("chain_broken", device, str(row.seq))
        if change is None or not _allowed(change):
            yield Finding("malformed", device, str(row.seq))
        reached[device] = (seq, last_hash)
        progress.advance()
    for name in sorted({*ends, *reached}):
        if ends.get(name) != reached.get(name):
            yield Finding("chain_end", name)


def _head_findings(connection: Connection) -> Iterator[Finding]:
    """A signed end names the hash of the change at its counter, where that is held."""
    joined = select(HeadRow.device, HeadRow.seq).join(
        ChangeRow, (ChangeRow.device == HeadRow.device) & (ChangeRow.seq == HeadRow.seq)
    )
    for row in connection.execute(joined.where(ChangeRow.hash != HeadRow.hash)):
        yield Finding("chain_broken", row.device, str(row.seq))


def _allowed(change: Change) -> bool:
    try:
        check_change(change)
    except ChangeMalformed:
        return False
    return True


def _rebuild(source: Connection, target: Connection, progress: Progress) -> None:
    """Fold the whole journal into empty rows, by the code that folds it in daily work."""
    journal = Journal(target, Local(target))
    batch: list[Change] = []
    for _row, change in _all_changes(source):
        if change is None:
            continue
        batch.append(change)
        if len(batch) == BATCH:
            _fold(journal, batch)
            progress.advance(len(batch))
            batch = []
    _fold(journal, batch)
    progress.advance(len(batch))


def _fold(journal: Journal, batch: Sequence[Change]) -> None:
    states = journal.states([change.key for change in batch])
    for change in batch:
        states[change.key] = states[change.key].after(change)
    journal.store_folded(batch, states)


def _compare(held: Connection, rebuilt: Connection, table: Table) -> tuple[int, list[Finding]]:
    """Rows of one table, key by key; ``awaited`` is bookkeeping of arrival, which a rebuild does not repeat."""
    keys = [column.name for column in table.primary_key]

    def rows(connection: Connection) -> dict[tuple[Any, ...], dict[str, Any]]:
        # JSON as text: where it is damaged, that is a finding and no failure of the program
        compared = [column for column in table.columns if column.name != "awaited"]
        columns = [cast(column, Text).label(column.name) if _is_json(column) else column for column in compared]
        found = connection.execute(select(*columns)).mappings()
        return {tuple(row[key] for key in keys): {name: _read(table, name, row[name]) for name in row} for row in found}

    mine, theirs = rows(held), rows(rebuilt)
    findings = [
        Finding("row_missing", table.name, "/".join(map(str, key))) for key in sorted(theirs.keys() - mine.keys())
    ]
    findings += [
        Finding("row_extra", table.name, "/".join(map(str, key))) for key in sorted(mine.keys() - theirs.keys())
    ]
    for key in sorted(mine.keys() & theirs.keys()):
        if mine[key] != theirs[key]:
            columns = sorted(name for name in mine[key] if mine[key][name] != theirs[key][name])
            findings.append(Finding("row_differs", table.name, f"{'/'.join(map(str, key))}: {', '.join(columns)}"))
    return len(mine), findings


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _read(table: Table, name: str, value: Any) -> Any:
    """A cell to compare: JSON by its meaning where it has one."""
    if not _is_json(table.columns[name]) or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
