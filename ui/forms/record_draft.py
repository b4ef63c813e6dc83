"""What stands in the fields of one record: raw text as typed, and which of it waits for the store. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.records import Field, FieldType, Kind, Record

Given = str | bool | None  # text as typed, an answer, or nothing
Stored = str | int | bool

NUMBERS = (FieldType.COUNT, FieldType.AMOUNT)


def shown(item: Field, value: Stored | None, *, editing: bool = False) -> str:
    """A stored value as people read it; while one edits, numbers stand without grouping."""
    if value is None:
        return ""
    match item.type:
        case FieldType.DATE:
            return wording.date_text(str(value))
        case FieldType.COUNT | FieldType.AMOUNT:
            return (numbers.editable if editing else numbers.shown)(Decimal(str(value)))
        case FieldType.CHOICE:
            return next((_(choice.name) for choice in item.choices if choice.id == value), str(value))
        case FieldType.FLAG:
            return _("Có") if value else _("Không")
    return str(value)


def read(kind: Kind, name: str, given: Given) -> tuple[JsonValue, str]:
    """The value that would be stored, and a sentence where what was typed cannot be read."""
    from ntm_desktop.operations import dossier_data

    if isinstance(given, str) and not given.strip():
        return None, ""
    try:
        return dossier_data.read_value(kind, name, given), ""
    except InvalidInput as error:
        return None, f"{error.message} {error.hint}".strip()


@dataclass(frozen=True, slots=True)
class Batch:
    """Fields on their way to the store, with the revision each had when it was sent."""

    typed: Mapping[str, Given]  # as typed: what was read is not read again in another form
    values: Mapping[str, JsonValue]
    revisions: Mapping[str, int]


@dataclass(slots=True)
class _Open:
    given: Given
    revision: int


@dataclass(eq=False)
class RecordDraft:
    """One record as the page shows it.

    A field is *open* from its first change until the store has taken that very change; an open field is never
    overwritten by what is read anew. ``record_id`` is empty until the store has taken a record that was added here.
    """

    kind: Kind
    assessment_id: str
    record_id: str
    stored: dict[str, Stored] = field(default_factory=dict)
    sending: bool = False  # one batch at a time is on its way
    removed: bool = False
    _open: dict[str, _Open] = field(default_factory=dict)
    _count: int = 0

    def given(self, name: str) -> Given:
        """Raw text or answer of an open field; of any other what is stored, in the form to edit."""
        if name in self._open:
            return self._open[name].given
        value = self.stored.get(name)
        if isinstance(value, bool):
            return value
        item = self.kind.by_id[name]
        if item.type is FieldType.CHOICE:
            return None if value is None else str(value)
        return shown(item, value, editing=True)

    def is_open(self, name: str) -> bool:
        """True while a field waits for the store."""
        return name in self._open

    def change(self, name: str, given: Given) -> bool:
        """The person changed a field; False where it already was so."""
        if self.given(name) == given and type(self.given(name)) is type(given):
            return False
        self._count += 1
        self._open[name] = _Open(given, self._count)
        return True

    def problem(self, name: str) -> str:
        """Why what stands in an open field cannot be read; empty where all is well."""
        return read(self.kind, name, self._open[name].given)[1] if name in self._open else ""

    def problems(self) -> dict[str, str]:
        """All problems, in the order of the fields."""
        found = {item.id: self.problem(item.id) for item in self.kind.fields if item.id in self._open}
        return {name: sentence for name, sentence in found.items() if sentence}

    @property
    def settled(self) -> bool:
        """True where everything shown is in the store."""
        return not self._open

    @property
    def blank(self) -> bool:
        """True where nothing stands in any field."""
        return not self.stored and not any(self._filled(item.given) for item in self._open.values())

    @staticmethod
    def _filled(given: Given) -> bool:
        return bool(given.strip()) if isinstance(given, str) else given is not None

    def text(self, name: str) -> str:
        """A field as people read it: open text as it was typed."""
        item, given = self.kind.by_id[name], self.given(name)
        if name in self._open and isinstance(given, str) and item.type is not FieldType.CHOICE:
            return given
        return shown(item, self.value(name))

    def value(self, name: str) -> Stored | None:
        """The value as it would be stored now; None where it cannot be read."""
        if name not in self._open:
            return self.stored.get(name)
        found, _sentence = read(self.kind, name, self._open[name].given)
        return found if isinstance(found, str | int | bool) else None

    def record(self) -> Record:
        """The record as it would be stored now."""
        values = {item.id: self.value(item.id) for item in self.kind.fields}
        return Record(
            self.kind.id, self.record_id, {name: value for name, value in values.items() if value is not None}
        )

    def send(self) -> Batch | None:
        """What can be handed over now: open fields that can be read. None where there is nothing, or one is on its
        way, or a record that nobody knows yet would hold nothing."""
        if self.sending or self.removed:
            return None
        typed: dict[str, Given] = {}
        values: dict[str, JsonValue] = {}
        revisions: dict[str, int] = {}
        for name, item in self._open.items():
            value, sentence = read(self.kind, name, item.given)
            if not sentence:
                typed[name] = None if value is None else item.given
                values[name], revisions[name] = value, item.revision
        if not self.record_id and all(value is None for value in values.values()):
            return None
        self.sending = bool(values)
        return Batch(typed, values, revisions) if values else None

    def reopen(self) -> None:
        """Everything that stands here is to be stored again: the record was taken out, and comes back."""
        for name in tuple(self.stored):
            given = self.given(name)
            if name not in self._open:
                self._count += 1
                self._open[name] = _Open(given, self._count)
        self.stored, self.removed, self.sending = {}, False, False

    def taken(self, batch: Batch) -> None:
        """The store has taken a batch."""
        self.sending = False
        for name, revision in batch.revisions.items():
            value = batch.values[name]
            if isinstance(value, str | int | bool):
                self.stored[name] = value
            else:
                self.stored.pop(name, None)
            if name in self._open and self._open[name].revision == revision:
                del self._open[name]

    def refused(self) -> None:
        """A batch did not reach the store: it waits to be sent again."""
        self.sending = False

    def rebase(self, values: Mapping[str, Stored]) -> tuple[str, ...]:
        """Take over what the store has now; names of the fields that must be shown anew (none for one's own echo)."""
        before, self.stored = self.stored, dict(values)
        names = [item.id for item in self.kind.fields]
        return tuple(name for name in names if name not in self._open and before.get(name) != values.get(name))
