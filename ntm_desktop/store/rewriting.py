"""The two ways in which changes ever leave the journal: an import that is taken back, and a history that forked.

Both keep every field as the remaining changes say, by folding those fields anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select, tuple_, update

from ntm_desktop.model.changes import Change, ChangeId, FieldKey, FieldState
from ntm_desktop.store import removal
from ntm_desktop.store.journal import BATCH, UPSERT_STATE, Journal, batches, removal_subjects
from ntm_desktop.store.local import Local
from ntm_desktop.store.projection import ROW_RULES, Shown, project
from ntm_desktop.store.rows import change_of_row, state_row
from ntm_desktop.store.tables import ChangeRow, DeviceRow, EditRow, FieldStateRow, HeadRow, table_of


class Rewriting:
    """Taking changes out of the journal within one transaction."""

    def __init__(self, connection: Connection, journal: Journal, local: Local) -> None:
        self._connection = connection
        self._journal = journal
        self._local = local

    def take_back(self, before: Mapping[str, int]) -> tuple[Change, ...]:
        """Remove the changes of devices after the counters in ``before``; fields show what remains."""
        gone: list[Change] = []
        for device, seq in before.items():
            mine = (ChangeRow.device == device, ChangeRow.seq > seq)
            rows = self._connection.execute(select(table_of(ChangeRow)).where(*mine).order_by(ChangeRow.seq))
            gone += [change_of_row(row) for row in rows]
            self._connection.execute(delete(ChangeRow).where(*mine))
            self._connection.execute(delete(HeadRow).where(HeadRow.device == device, HeadRow.seq > seq))
            self._set_end(device, seq)
        self._refold({change.key: change.unit for change in gone})
        return tuple(gone)

    def _set_end(self, device: str, seq: int) -> None:
        last = self._connection.execute(
            select(ChangeRow.hash).where(ChangeRow.device == device, ChangeRow.seq == seq)
        ).scalar_one_or_none()
        if last is None:
            self._connection.execute(delete(DeviceRow).where(DeviceRow.device == device))
        else:
            self._connection.execute(update(DeviceRow).where(DeviceRow.device == device).values(seq=seq, hash=last))

    def _refold(self, units: Mapping[FieldKey, str]) -> None:
        shown: list[Shown] = []
        for part in batches(units, BATCH):
            states: dict[FieldKey, FieldState] = {}
            rows = self._connection.execute(
                select(table_of(ChangeRow)).where(
                    tuple_(ChangeRow.entity, ChangeRow.entity_id, ChangeRow.field).in_(part)
                )
            )
            for row in rows:
                change = change_of_row(row)
                states[change.key] = states.get(change.key, FieldState()).after(change)
            held = self._journal.held({item.device for state in states.values() for item in state.awaited})
            kept = [state_row(key, units[key], state.settled(held)) for key, state in states.items()]
            if kept:
                self._connection.execute(UPSERT_STATE, kept)
            self._drop_states([key for key in part if key not in states])
            shown += [Shown(key, units[key], states[key].value if key in states else None) for key in part]
        project(self._connection, shown)
        self._drop_rows({(key[0], key[1]) for key in units})
        removal.restate(self._connection, self._journal.states, removal_subjects(units))

    def _drop_states(self, keys: Sequence[FieldKey]) -> None:
        table = FieldStateRow
        for part in batches(keys, BATCH):
            gone = delete(table).where(tuple_(table.entity, table.entity_id, table.field).in_(part))
            self._connection.execute(gone)

    def _drop_rows(self, records: Collection[tuple[str, str]]) -> None:
        """A record of which no change remains was never there."""
        for entity, entity_id in records:
            left = select(FieldStateRow.field).where(
                FieldStateRow.entity == entity, FieldStateRow.entity_id == entity_id
            )
            if self._connection.execute(left.limit(1)).first() is None:
                rule = ROW_RULES[entity]
                wanted = [rule.table.c[name] == value for name, value in rule.keys(entity_id).items()]
                self._connection.execute(delete(rule.table).where(*wanted))

    def reissue(self, unit: str, seq: int, device: str = "") -> tuple[Change, ...]:
        """Write changes from counter ``seq`` of a device on anew, so that no value of a history that forked is lost.

        For this workspace's own device (the default), whose data went back to an earlier state and then went on: they
        get a new device id. For another device, whose other history is the one that counts: they become this
        workspace's own. Values, persons and moments stay as they were.
        """
        own = self._local.own_device(unit)
        old = device or own
        gone = self.take_back({old: seq - 1})
        if old == own:
            self._local.renew_device(unit)
        if not gone:
            return ()
        new = self._local.own_device(unit)
        start, last_hash = self._journal.chain_end(new)
        numbers = {change.id: ChangeId(new, number) for number, change in enumerate(gone, start=start + 1)}
        made: list[Change] = []
        for change in gone:
            overwrites = tuple(sorted(numbers.get(item, item) for item in change.overwrites))
            name = numbers[change.id]
            again = {"device": new, "seq": name.seq, "overwrites": overwrites, "previous_hash": last_hash}
            made.append(replace(change, **again))  # type: ignore[arg-type]
            last_hash = made[-1].hash()
        for batch in batches(made, BATCH):
            states = self._journal.states([change.key for change in batch])
            for change in batch:
                states[change.key] = states[change.key].after(change)
            self._journal.store_folded(batch, states)
        if old == own:
            self._move_edits(old, new, seq)
        return tuple(made)

    def _move_edits(self, old: str, new: str, seq: int) -> None:
        """What can be undone is found under the new id; an edit that began before the fork cannot be any more."""
        mine = (EditRow.device == old, EditRow.last_seq >= seq)
        self._connection.execute(update(EditRow).where(*mine, EditRow.first_seq < seq).values(state="dropped"))
        moved = {"first_seq": EditRow.first_seq - seq + 1, "last_seq": EditRow.last_seq - seq + 1}
        self._connection.execute(update(EditRow).where(*mine, EditRow.first_seq >= seq).values(device=new, **moved))
