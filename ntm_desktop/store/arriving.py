"""Sorts changes that arrive from elsewhere: held, new, waiting for earlier ones, released by them, or refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from ntm_desktop.model.changes import Change, ChangeMalformed, change_from_json
from ntm_desktop.model.devices import KeyRole, Span
from ntm_desktop.model.fields import check_change, check_right
from ntm_desktop.store.tables import WaitingChangeRow

# An honest clock is at most the number of changes ever written; one change must not use up the numbers of all.
LAMPORT_LEAP = 2**32


class HistoryRewritten(Exception):
    """A device's changes do not continue the history that is held here. ``args``: device, seq."""


class RecordOfOtherUnit(Exception):
    """A change sets a record that belongs to another unit. ``args``: the change."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came: ``fresh`` can be applied now (``released`` of them waited here), ``waiting`` cannot yet.

    ``discarded`` had waited and continue another history than the one that has now arrived.
    """

    fresh: tuple[Change, ...]
    released: tuple[Change, ...] = ()
    waiting: tuple[Change, ...] = ()
    already_had: int = 0
    discarded: tuple[Span, ...] = ()


def spans(changes: Iterable[Change]) -> tuple[Span, ...]:
    """Changes as runs of counters, by device."""
    found: list[Span] = []
    for change in sorted(changes, key=lambda item: item.id):
        last = found[-1] if found else None
        if last is not None and last.device == change.device and change.seq == last.last + 1:
            found[-1] = Span(last.device, last.first, change.seq)
        else:
            found.append(Span(change.device, change.seq, change.seq))
    return tuple(found)


@dataclass
class _Device:
    """How far one device has been followed."""

    seq: int
    hash: str
    began: int
    late: dict[int, Change] = field(default_factory=dict)


class Arrivals:
    """One package's changes on their way in. ``ends`` tells what is held of a device: its counter, hash and unit."""

    def __init__(
        self,
        connection: Connection,
        latest: int,
        ends: Mapping[str, tuple[int, str, str]],
        roles: Mapping[str, KeyRole] | None,
    ) -> None:
        self._connection = connection
        self._latest = latest + LAMPORT_LEAP
        self._ends = ends
        self._roles = roles or {}
        self._devices: dict[str, _Device] = {}
        self.held: list[Change] = []
        self._fresh: list[Change] = []
        self._again = 0

    def sort(self, changes: Iterable[Change]) -> Arrived:
        """Sort them all.

        Raises:
            HistoryRewritten, RecordOfOtherUnit, ChangeMalformed, ChangeForbidden: nothing of them may be taken.
        """
        for change in changes:
            self._take(change)
        released: list[Change] = []
        waiting: list[Change] = []
        discarded: list[Span] = []
        for name, device in self._devices.items():
            self._close_gap(name, device, released, waiting, discarded)
        fresh = tuple(self._fresh)
        return Arrived(fresh, tuple(released), tuple(waiting), len(self.held) + self._again, tuple(discarded))

    def _take(self, change: Change) -> None:
        device = self._device(change)
        if change.seq <= device.seq:
            self.held.append(change)
            return
        check_change(change)
        role = self._roles.get(change.device)
        if role is not None:
            check_right(change, role)
        if change.lamport > self._latest:
            raise ChangeMalformed("the logical clock leaps")
        if change.seq == device.seq + 1 and not device.late:
            self._follow(device, change)
            return
        before = device.late.get(change.seq - 1)
        if before is not None and change.previous_hash != before.hash():
            raise HistoryRewritten(change.device, change.seq)
        device.late[change.seq] = change

    def _device(self, change: Change) -> _Device:
        if change.device not in self._devices:
            seq, last_hash, unit = self._ends.get(change.device, (0, "0" * 64, change.unit))
            if unit != change.unit:
                raise RecordOfOtherUnit(change)
            self._devices[change.device] = _Device(seq, last_hash, seq)
        return self._devices[change.device]

    def _follow(self, device: _Device, change: Change) -> None:
        if change.previous_hash != device.hash:
            raise HistoryRewritten(change.device, change.seq)
        device.seq, device.hash = change.seq, change.hash()
        self._fresh.append(change)

    def _close_gap(
        self, name: str, device: _Device, released: list[Change], waiting: list[Change], discarded: list[Span]
    ) -> None:
        """Go on with what waited here and what has just come too early, as far as it follows."""
        waited = self._waited(name, device.began)
        came = {change.seq: change for change in self._fresh if change.device == name} if waited else {}
        for seq in sorted(waited.keys() & came.keys()):
            if waited[seq].hash() != came[seq].hash():
                discarded += spans(waited.pop(later) for later in sorted(waited) if later >= seq)
                break
            released.append(waited.pop(seq))
        for seq in waited.keys() & device.late.keys():
            if waited[seq].hash() != device.late.pop(seq).hash():
                raise HistoryRewritten(name, seq)
            self._again += 1
        while True:
            mine, new = waited.get(device.seq + 1), device.late.get(device.seq + 1)
            if mine is not None and mine.previous_hash != device.hash:
                discarded += spans(waited[seq] for seq in waited if seq > device.seq)
                waited = {}
            elif mine is not None:
                self._follow(device, mine)
                released.append(mine)
            elif new is not None:
                self._follow(device, new)
                del device.late[new.seq]
            else:
                break
        waiting += device.late.values()

    def _waited(self, name: str, after: int) -> dict[int, Change]:
        statement = select(WaitingChangeRow.body).where(
            WaitingChangeRow.device == name, WaitingChangeRow.seq > after, WaitingChangeRow.released_by.is_(None)
        )
        found = (change_from_json(json.loads(row.body)) for row in self._connection.execute(statement))
        return {change.seq: change for change in found}


def devices_of(changes: Sequence[Change]) -> set[str]:
    """The devices that wrote them."""
    return {change.device for change in changes}
