"""The change journal's pure part: changes, their hash chain, version vectors, and how a field's value follows.

Applying the same changes in any order and any number of times gives the same state: a field's heads are the changes
that no other change of that field overwrites, and the head with the highest (lamport, device, seq) is shown. A head
that deletes is shown only where no other remains: deleting against editing keeps the edit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

JsonValue: TypeAlias = "bool | int | str | list[JsonValue] | dict[str, JsonValue] | None"
FieldKey: TypeAlias = tuple[str, str, str]
VersionVector: TypeAlias = Mapping[str, int]

GENESIS = "0" * 64

# Entity and field that take a piece of evidence out of a dossier. Such a change names in ``overwrites`` the heads of
# all fields and links of the evidence that its writer saw: one that it did not see keeps the evidence.
REMOVAL = ("evidence", "removed")


class ChangeMalformed(ValueError):
    """A change that does not have the form of the journal; ``args[0]`` says in English what is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class ChangeId:
    """Names a change for ever: the device and that device's own counter."""

    device: str
    seq: int


@dataclass(frozen=True, slots=True)
class Change:
    """One value of one field of one record, written by one device.

    A device id belongs to one workspace *and one unit*: a workspace that writes for several units (an office) has one
    device id for each, so that what travels about one unit is a counter without gaps.
    """

    device: str
    seq: int
    lamport: int
    at: str
    user: str
    unit: str
    entity: str
    entity_id: str
    field: str
    value: JsonValue
    overwrites: tuple[ChangeId, ...]
    previous_hash: str

    @property
    def id(self) -> ChangeId:
        """The change's own name."""
        return ChangeId(self.device, self.seq)

    @property
    def key(self) -> FieldKey:
        """The field that it sets."""
        return (self.entity, self.entity_id, self.field)

    @property
    def deletes(self) -> bool:
        """True where the change takes something away: it clears its field, or removes a piece of evidence."""
        return self.value is None or (self.value is True and (self.entity, self.field) == REMOVAL)

    @property
    def rank(self) -> tuple[bool, int, str, int]:
        """Order in which one of several heads is shown."""
        return (not self.deletes, self.lamport, self.device, self.seq)

    def to_json(self) -> dict[str, JsonValue]:
        """The change as it stands in a package and under the hash."""
        return {
            "device": self.device,
            "seq": self.seq,
            "lamport": self.lamport,
            "at": self.at,
            "user": self.user,
            "unit": self.unit,
            "entity": self.entity,
            "entity_id": self.entity_id,
            "field": self.field,
            "value": self.value,
            "overwrites": [[other.device, other.seq] for other in self.overwrites],
            "previous_hash": self.previous_hash,
        }

    def hash(self) -> str:
        """SHA-256 in hex over the canonical JSON: what the device's next change names as ``previous_hash``."""
        return hashlib.sha256(canonical_json(self.to_json())).hexdigest()


_TYPES: Mapping[str, type] = {
    "device": str,
    "seq": int,
    "lamport": int,
    "at": str,
    "user": str,
    "unit": str,
    "entity": str,
    "entity_id": str,
    "field": str,
    "overwrites": list,
    "previous_hash": str,
}


def change_from_json(data: Any) -> Change:
    """A change from its JSON form.

    Raises:
        ChangeMalformed: a member is missing, unknown, or of the wrong type or range.
    """
    if not isinstance(data, dict) or set(data) != {*_TYPES, "value"}:
        raise ChangeMalformed("a change has exactly the members of the journal")
    for name, kind in _TYPES.items():
        if type(data[name]) is not kind:
            raise ChangeMalformed(f"{name} is not {kind.__name__}")
    if not 1 <= data["seq"] < 2**53 or not 1 <= data["lamport"] < 2**53:
        raise ChangeMalformed("seq and lamport count from 1")
    if not data["device"] or not data["unit"] or not data["entity"] or not data["entity_id"] or not data["field"]:
        raise ChangeMalformed("a name is empty")
    _check_value(data["value"], depth=0)
    overwrites: list[ChangeId] = []
    for other in data["overwrites"]:
        if not (isinstance(other, list) and len(other) == 2 and type(other[0]) is str and type(other[1]) is int):
            raise ChangeMalformed("overwrites lists [device, seq]")
        overwrites.append(ChangeId(other[0], other[1]))
    return Change(**{**data, "overwrites": tuple(overwrites)})


def _check_value(value: Any, depth: int) -> None:
    """Only what every JSON reader agrees on: no floating point numbers, no deep nesting."""
    if depth > 8:
        raise ChangeMalformed("value is nested too deeply")
    if value is None or type(value) in (bool, str):
        return
    if type(value) is int and abs(value) < 2**53:
        return
    if type(value) is list:
        for item in value:
            _check_value(item, depth + 1)
    elif type(value) is dict:
        for name, item in value.items():
            if type(name) is not str:
                raise ChangeMalformed("a member's name is not text")
            _check_value(item, depth + 1)
    else:
        raise ChangeMalformed(f"value holds a {type(value).__name__}")


def canonical_json(data: JsonValue) -> bytes:
    """One byte form for one value: sorted members, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


@dataclass(frozen=True, slots=True)
class FieldState:
    """What the changes seen so far say about one field.

    ``heads`` are in falling rank, so ``heads[0]`` is shown; more than one is a conflict. ``awaited`` are changes that a
    seen one overwrites and that have not arrived; :meth:`settled` forgets those that had arrived before.
    """

    heads: tuple[Change, ...] = ()
    awaited: frozenset[ChangeId] = frozenset()

    @property
    def winner(self) -> Change | None:
        """The change whose value is shown."""
        return self.heads[0] if self.heads else None

    @property
    def value(self) -> JsonValue:
        """The value that is shown; None where there is none."""
        return self.heads[0].value if self.heads else None

    @property
    def conflicted(self) -> bool:
        """True where two persons wrote different values without seeing each other's."""
        return len({canonical_json(head.value) for head in self.heads}) > 1

    def after(self, change: Change) -> FieldState:
        """The state once ``change`` (of this field, not seen before) is known too."""
        gone = set(change.overwrites)
        present = {head.id for head in self.heads}
        heads = [head for head in self.heads if head.id not in gone]
        if change.id not in self.awaited:
            heads.append(change)
        heads.sort(key=lambda head: head.rank, reverse=True)
        awaited = (self.awaited | (gone - present)) - {change.id}
        return FieldState(tuple(heads), awaited)

    def settled(self, held: VersionVector) -> FieldState:
        """The same state, awaiting nothing that is held already: it was overwritten before and cannot come again."""
        waiting = frozenset(item for item in self.awaited if not covers(held, item))
        return self if waiting == self.awaited else FieldState(self.heads, waiting)


def vector_of(changes: Iterable[Change]) -> dict[str, int]:
    """Version vector of changes that are held without gap."""
    vector: dict[str, int] = {}
    for change in changes:
        vector[change.device] = max(vector.get(change.device, 0), change.seq)
    return vector


def covers(vector: VersionVector, change_id: ChangeId) -> bool:
    """True where ``vector`` says that the change is held."""
    return vector.get(change_id.device, 0) >= change_id.seq


def merged(one: VersionVector, other: VersionVector) -> dict[str, int]:
    """What is held by who holds both."""
    return {device: max(one.get(device, 0), other.get(device, 0)) for device in {*one, *other}}
