"""The change journal in the database: write one's own changes, absorb those of others, keep rows and heads in step."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert

from ntm_desktop.model.changes import (
    GENESIS,
    REMOVAL,
    Change,
    ChangeId,
    FieldKey,
    FieldState,
    JsonValue,
    VersionVector,
)
from ntm_desktop.model.devices import KeyRole, Span
from ntm_desktop.model.fields import check_change, check_right
from ntm_desktop.store import removal
from ntm_desktop.store.arriving import Arrivals, Arrived, HistoryRewritten, RecordOfOtherUnit, devices_of, spans
from ntm_desktop.store.local import Local
from ntm_desktop.store.projection import Shown, project
from ntm_desktop.store.rows import change_of_row, row_of_change, state_row
from ntm_desktop.store.tables import (
    ChangeRow,
    DeviceRow,
    EvidenceLinkRow,
    EvidenceRow,
    FieldStateRow,
    table_of,
)
from ntm_desktop.store.waiting import Waiting

BATCH = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One field to set to one value."""

    entity: str
    entity_id: str
    field: str
    value: JsonValue

    @property
    def key(self) -> FieldKey:
        """The field."""
        return (self.entity, self.entity_id, self.field)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What came of changes from elsewhere: ``applied`` now (of which ``released`` had waited here), or ``waiting``."""

    applied: tuple[Change, ...]
    already_had: int
    released: int = 0
    waiting: tuple[Span, ...] = ()
    discarded: tuple[Span, ...] = ()

    @property
    def records(self) -> frozenset[tuple[str, str]]:
        """The records that changed."""
        return frozenset((change.entity, change.entity_id) for change in self.applied)


class Journal:
    """The journal within one transaction."""

    def __init__(self, connection: Connection, local: Local) -> None:
        self._connection = connection
        self._local = local
        self.waiting = Waiting(connection)

    # --- own changes

    def write(self, unit: str, user: str, at: str, assignments: Sequence[Assignment]) -> tuple[Change, ...]:
        """Write what differs from the shown values as changes of this workspace's device for ``unit``.

        Raises:
            ChangeMalformed: a value that its field may not have; nothing is written.
            ChangeForbidden: a field that this workspace may not write.
        """
        states = self.states([item.key for item in assignments])
        role = self._local.role_towards(unit)
        device = self._local.own_device(unit)
        seq, last_hash = self.chain_end(device)
        lamport = self._local.lamport()
        made: list[Change] = []
        for item in assignments:
            state = states[item.key]
            overwritten = {head.id for head in state.heads}
            if (item.entity, item.field) == REMOVAL and item.value is True:
                overwritten |= removal.seen_heads(self._connection, self.states, item.entity_id)
                overwritten |= {one.id for one in made if one.entity_id.partition("/")[0] == item.entity_id}
                known = set(state.heads[0].overwrites) if len(state.heads) == 1 and state.value is True else set()
                if known >= overwritten - {head.id for head in state.heads} and known:
                    continue
            elif item.value == state.value and (state.heads or item.value is None) and len(state.heads) < 2:
                continue
            seq, lamport = seq + 1, lamport + 1
            change = Change(
                *(device, seq, lamport, at, user, unit, *item.key, item.value),
                overwrites=tuple(sorted(overwritten)),
                previous_hash=last_hash,
            )
            check_change(change)
            check_right(change, role)
            last_hash = change.hash()
            states[item.key] = state.after(change)
            made.append(change)
        self.store_folded(made, states)
        return tuple(made)

    # --- changes from elsewhere

    def absorb(
        self,
        changes: Iterable[Change],
        roles: Mapping[str, KeyRole] | None = None,
        package_id: str = "",
        import_id: int = 0,
    ) -> Absorbed:
        """Apply changes of other devices, in the order of their counters; those already held are passed over.

        A change that comes before an earlier one of its device waits here, however long, and is applied when the gap
        closes. ``roles`` says what each device is towards the unit; changes of devices without one are not checked.

        Raises:
            HistoryRewritten: they contradict what is held.
            RecordOfOtherUnit: a change reaches for another unit's record.
            ChangeMalformed: a change that the table of fields does not allow.
            ChangeForbidden: a change that its device has no right to write.
        """
        arrived = self.sort_out(changes, roles)
        for batch in batches(arrived.fresh, BATCH):
            self.store_folded(batch, self._folded(batch))
        self.waiting.keep(arrived, package_id, import_id)
        return Absorbed(
            arrived.fresh, arrived.already_had, len(arrived.released), spans(arrived.waiting), arrived.discarded
        )

    def sort_out(self, changes: Iterable[Change], roles: Mapping[str, KeyRole] | None = None) -> Arrived:
        """Which changes would be applied, would wait, or are held; nothing is written.

        Raises:
            HistoryRewritten, RecordOfOtherUnit, ChangeMalformed, ChangeForbidden: as :meth:`absorb`.
        """
        changes = list(changes)
        arrivals = Arrivals(self._connection, self._local.lamport(), self._ends(devices_of(changes)), roles)
        try:
            arrived = arrivals.sort(changes)
        except HistoryRewritten:
            self._check_held(arrivals.held)  # names the first change in which the histories differ, where it is known
            raise
        self._check_owners([*arrived.fresh, *arrived.waiting])
        new = {change.id for change in arrived.fresh}
        self._check_held([change for change in arrivals.held if change.id not in new])
        return arrived

    def _ends(self, devices: Collection[str]) -> dict[str, tuple[int, str, str]]:
        found: dict[str, tuple[int, str, str]] = {}
        for part in batches(sorted(devices), BATCH):
            rows = self._connection.execute(select(table_of(DeviceRow)).where(DeviceRow.device.in_(part)))
            found.update({row.device: (row.seq, row.hash, row.unit) for row in rows})
        return found

    def foresee(self, fresh: Sequence[Change]) -> dict[FieldKey, tuple[FieldState, FieldState]]:
        """What each field shows now and would show after ``fresh``; nothing is written."""
        keys = list({change.key: None for change in fresh})
        before = self.states(keys)
        after: dict[FieldKey, FieldState] = dict(before)
        for change in fresh:
            after[change.key] = after[change.key].after(change)
        return {key: (before[key], after[key]) for key in keys}

    def _check_owners(self, changes: Sequence[Change]) -> None:
        """Evidence is named without its unit: whose it is, is what the rows say that are held already."""
        wanted: dict[str, Change] = {}
        for change in changes:
            if change.entity in ("evidence", "evidence_link"):
                wanted[change.entity_id.partition("/")[0]] = change
        for row in (EvidenceRow, EvidenceLinkRow):
            for part in batches(wanted, BATCH):
                found = select(row.evidence_id, row.unit).where(row.evidence_id.in_(part))
                for held in self._connection.execute(found):
                    if held.unit != wanted[held.evidence_id].unit:
                        raise RecordOfOtherUnit(wanted[held.evidence_id])

    def _check_held(self, changes: Sequence[Change]) -> None:
        """What is held already must be the very same."""
        for part in batches(changes, BATCH):
            pairs = [(change.device, change.seq) for change in part]
            rows = self._connection.execute(
                select(ChangeRow.device, ChangeRow.seq, ChangeRow.hash).where(
                    tuple_(ChangeRow.device, ChangeRow.seq).in_(pairs)
                )
            )
            hashes = {(row.device, row.seq): row.hash for row in rows}
            for change in part:
                if hashes.get((change.device, change.seq)) != change.hash():
                    raise HistoryRewritten(change.device, change.seq)

    def _folded(self, changes: Sequence[Change]) -> dict[FieldKey, FieldState]:
        states = self.states([change.key for change in changes])
        for change in changes:
            if self._owners.setdefault(change.key, change.unit) != change.unit:
                raise RecordOfOtherUnit(change)
            states[change.key] = states[change.key].after(change)
        return states

    # --- shared

    def chain_end(self, device: str) -> tuple[int, str]:
        """The last counter held of a device without gap, and the hash of that change."""
        row = self._connection.execute(
            select(DeviceRow.seq, DeviceRow.hash).where(DeviceRow.device == device)
        ).one_or_none()
        return (row.seq, row.hash) if row else (0, GENESIS)

    def vector(self, unit: str) -> dict[str, int]:
        """What is held about a unit: device → last counter without gap."""
        rows = self._connection.execute(select(DeviceRow.device, DeviceRow.seq).where(DeviceRow.unit == unit))
        return {row.device: row.seq for row in rows}

    def held(self, devices: set[str]) -> dict[str, int]:
        """How far the changes of these devices are held."""
        if not devices:
            return {}
        statement = select(DeviceRow.device, DeviceRow.seq).where(DeviceRow.device.in_(devices))
        return {row.device: row.seq for row in self._connection.execute(statement)}

    def after(self, unit: str, vector: VersionVector) -> Iterator[Change]:
        """The unit's changes that ``vector`` does not cover, each device's in the order of its counter."""
        for device in sorted(self.vector(unit)):
            statement = (
                select(table_of(ChangeRow))
                .where(ChangeRow.device == device, ChangeRow.seq > vector.get(device, 0))
                .order_by(ChangeRow.seq)
            )
            for row in self._connection.execute(statement.execution_options(yield_per=BATCH)):
                yield change_of_row(row)

    def states(self, keys: Sequence[FieldKey]) -> dict[FieldKey, FieldState]:
        """What the journal says about these fields so far."""
        states = {key: FieldState() for key in keys}
        self._owners: dict[FieldKey, str] = {}
        table = FieldStateRow
        heads: dict[FieldKey, list[ChangeId]] = {}
        awaited: dict[FieldKey, frozenset[ChangeId]] = {}
        for part in batches(states, BATCH):
            rows = self._connection.execute(
                select(table_of(FieldStateRow)).where(tuple_(table.entity, table.entity_id, table.field).in_(part))
            )
            for row in rows:
                key = (row.entity, row.entity_id, row.field)
                heads[key] = [ChangeId(*pair) for pair in json.loads(row.heads)]
                awaited[key] = frozenset(ChangeId(*pair) for pair in json.loads(row.awaited))
                self._owners[key] = row.unit
        held = self._load({change_id for ids in heads.values() for change_id in ids})
        for key, ids in heads.items():
            states[key] = FieldState(tuple(held[change_id] for change_id in ids), awaited[key])
        return states

    def _load(self, ids: Iterable[ChangeId]) -> dict[ChangeId, Change]:
        found: dict[ChangeId, Change] = {}
        for part in batches(ids, BATCH):
            pairs = [(change_id.device, change_id.seq) for change_id in part]
            rows = self._connection.execute(
                select(table_of(ChangeRow)).where(tuple_(ChangeRow.device, ChangeRow.seq).in_(pairs))
            )
            found.update({ChangeId(row.device, row.seq): change_of_row(row) for row in rows})
        return found

    def store_folded(self, changes: Sequence[Change], states: Mapping[FieldKey, FieldState]) -> None:
        """Insert changes that were folded into ``states``, and bring heads, chain ends, clock and rows up to date."""
        if not changes:
            return
        hashes = {change.id: change.hash() for change in changes}
        rows = [row_of_change(change, hashes[change.id]) for change in changes]
        self._connection.execute(insert(table_of(ChangeRow)), rows)
        ends = {change.device: change for change in changes}
        self._connection.execute(
            UPSERT_DEVICE,
            [
                {"device": device, "unit": change.unit, "seq": change.seq, "hash": hashes[change.id]}
                for device, change in ends.items()
            ],
        )
        units = {change.key: change.unit for change in changes}
        held = self.held({item.device for key in units for item in states[key].awaited})
        rows = [state_row(key, unit, states[key].settled(held)) for key, unit in units.items()]
        self._connection.execute(UPSERT_STATE, rows)
        self._local.see_lamport(max(change.lamport for change in changes))
        project(self._connection, (Shown(key, unit, states[key].value) for key, unit in units.items()))
        removal.restate(self._connection, self.states, removal_subjects(units))


def removal_subjects(keys: Iterable[FieldKey]) -> set[str]:
    """The pieces of evidence that these fields are about."""
    return {key[1].partition("/")[0] for key in keys if key[0] in (REMOVAL[0], "evidence_link")}


def _replacing(row: type[Any], keys: Sequence[str]) -> Any:
    statement = upsert(table_of(row))
    columns = [column.name for column in table_of(row).columns if column.name not in keys]
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: statement.excluded[name] for name in columns}
    )


UPSERT_STATE = _replacing(FieldStateRow, ("entity", "entity_id", "field"))
UPSERT_DEVICE = _replacing(DeviceRow, ("device",))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
