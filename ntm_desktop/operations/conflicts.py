"""Where two persons wrote the same field without seeing each other: both values side by side, and a person's choice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ntm_desktop.errors import InvalidInput, NotFound, ReadOnly
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import REMOVAL, Change, ChangeId, FieldKey, FieldState, JsonValue
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.fields import FIELDS
from ntm_desktop.model.records import BY_ID
from ntm_desktop.model.text import natural_key
from ntm_desktop.model.units import Unit
from ntm_desktop.operations.history import FIELD_NAMES, Describe, field_name
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.partners import device_name
from ntm_desktop.operations.workspace import Workspace, changes_of, unit_of
from ntm_desktop.store import removal
from ntm_desktop.store.journal import Assignment
from ntm_desktop.store.store import UnitOfWork

SHORTEST_ID = 6


# More than a person chooses between at a time; what is chosen makes room for the others.
MOST = 300


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values: who wrote it when (that computer's clock) on which computer, and with what evidence.

    ``deletes``: it takes the value (or the piece of evidence) away.
    """

    change_id: ChangeId
    value_text: str
    user: str
    at: datetime
    device_name: str
    evidence: tuple[str, ...]
    deletes: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with several values; ``sides`` in the order of rank: the first is what is shown until a person chooses.

    ``conflict_id`` is a few hexadecimal digits that follow from the field alone. ``choosable``: this computer may write
    the field (an office only looks at what is a commune's to settle). ``key`` names the field in the journal.
    """

    conflict_id: str
    unit: Unit
    code: str
    what: str
    sides: tuple[Side, ...]
    key: FieldKey
    assessment_id: str = ""
    choosable: bool = True

    @property
    def removal(self) -> bool:
        """True where a piece of evidence was removed on one side and edited on the other."""
        return (self.key[0], self.key[2]) == REMOVAL


@dataclass(frozen=True, slots=True)
class _Field:
    """A conflicted field with the value that stands for each side."""

    key: FieldKey
    unit: str
    sides: tuple[tuple[Change, JsonValue], ...]


def conflicts(workspace: Workspace, unit: str = "") -> tuple[Conflict, ...]:
    """Fields (of one unit) with values that nobody has chosen between, by indicator; at most :data:`MOST` of them."""
    with workspace.store.read() as work:
        keys = [key for key, _unit in work.rows.conflicted(unit)]
        ids = _ids(keys)
        fields = [_field(work, key) for key in keys[:MOST]]
        telling = _Telling(workspace, work)
        found = [telling.conflict(ids[field.key], field) for field in fields]
    return tuple(sorted(found, key=lambda item: (item.unit.code, not item.code, natural_key(item.code), item.what)))


def choose(workspace: Workspace, conflict_id: str, side: int) -> Changes:
    """Settle a conflict: the value of ``side`` (an index into ``sides``) is written over all of them, and travels.

    ``conflict_id`` may be cut short as long as it is clear. The choice cannot be undone by «undo»: that would have to
    bring back two values at once; it can be entered anew at any time.

    Raises:
        NotFound: no such conflict (any more). InvalidInput: not clear which, or no such side.
        ReadOnly: the field is another unit's to write.
    """
    with workspace.store.write() as work:
        field = _field(work, _find((key for key, _unit in work.rows.conflicted()), conflict_id))
        _check_side(side, len(field.sides))
        return _settle(workspace, work, field.key, field.unit, field.sides[side][1])


def reconsider(workspace: Workspace, conflict: Conflict, side: int) -> Changes:
    """Choose again: the value of another side of a conflict that was settled, as an ordinary change of its field.

    Raises:
        InvalidInput: no such side. NotFound: its value has gone. ReadOnly: the field is another unit's to write.
    """
    _check_side(side, len(conflict.sides))
    chosen = conflict.sides[side]
    with workspace.store.write() as work:
        if (conflict.key[0], conflict.key[2]) == REMOVAL:
            value: JsonValue = True if chosen.deletes else None
        else:
            change_id = (chosen.change_id.device, chosen.change_id.seq)
            held = work.rows.changes([change_id]).get(change_id)
            if held is None:  # an import was taken back in between
                raise NotFound(_("Giá trị này không còn trong dữ liệu."), _("Chưa có gì thay đổi."))
            value = held.value
        return _settle(workspace, work, conflict.key, conflict.unit.code, value)


def _check_side(side: int, count: int) -> None:
    if not 0 <= side < count:
        raise InvalidInput(
            _("Chỗ này có {count} giá trị; không có giá trị thứ {number}.").format(count=count, number=side + 1),
            _("Chưa có gì thay đổi. Hãy xem lại danh sách những chỗ khác nhau."),
        )


def _settle(workspace: Workspace, work: UnitOfWork, key: FieldKey, unit: str, value: JsonValue) -> Changes:
    """Write ``value`` over all that stands in the field."""
    if not _may_write(work, key, unit):
        raise ReadOnly(
            _("Dữ liệu của {unit} chỉ được xem tại đây.").format(unit=unit_of(unit).full_name),
            _("Muốn chọn, hãy đề nghị đơn vị đó chọn trên máy của họ và gửi lại gói."),
        )
    return changes_of(work.write(unit, workspace.user(work), [Assignment(*key, value)]))


def _may_write(work: UnitOfWork, key: FieldKey, unit: str) -> bool:
    return work.local.role_towards(unit) in FIELDS[key[0]][key[2]].writers


# --- names


def _full_id(key: FieldKey) -> str:
    return hashlib.sha256("\n".join(key).encode()).hexdigest()


def _ids(keys: Iterable[FieldKey]) -> dict[FieldKey, str]:
    """The shortest beginnings (of one length) that tell all conflicts apart."""
    full = {key: _full_id(key) for key in keys}
    length = SHORTEST_ID
    while len({name[:length] for name in full.values()}) < len(full):
        length += 1
    return {key: name[:length] for key, name in full.items()}


def _find(keys: Iterable[FieldKey], conflict_id: str) -> FieldKey:
    wanted = conflict_id.strip().lower()
    found = [key for key in keys if wanted and _full_id(key).startswith(wanted)]
    if not found:
        raise NotFound(
            _("Không có chỗ khác nhau {id}, hoặc đã được chọn.").format(id=conflict_id),
            _("Chưa có gì thay đổi. Hãy xem lại danh sách: ntm conflicts list."),
        )
    if len(found) > 1:
        raise InvalidInput(
            _("Mã {id} đúng với {count} chỗ khác nhau.").format(id=conflict_id, count=len(found)),
            _("Chưa có gì thay đổi. Hãy gõ mã đầy đủ hơn."),
        )
    return found[0]


# --- both sides


def _field(work: UnitOfWork, key: FieldKey) -> _Field:
    state = work.journal.states([key])[key]
    if (key[0], key[2]) != REMOVAL:
        return _Field(key, state.heads[0].unit, tuple((head, head.value) for head in state.heads))
    return _Field(key, state.heads[0].unit, _removal_sides(work, key[1], state))


def _removal_sides(work: UnitOfWork, evidence_id: str, state: FieldState) -> tuple[tuple[Change, JsonValue], ...]:
    """Removed here, edited there: the latest edit that no removal has seen stands for keeping."""
    out = [head for head in state.heads if head.value is True]
    kept = [head for head in state.heads if head.value is not True] or _unseen(work, evidence_id, out)
    keep = max(kept, key=lambda head: head.rank)
    return ((keep, None), *((head, True) for head in out[:1]))


def _unseen(work: UnitOfWork, evidence_id: str, out: Sequence[Change]) -> list[Change]:
    seen = {change_id for head in out for change_id in head.overwrites}
    keys = [key for key in removal.keys_of(work.connection, evidence_id) if (key[0], key[2]) != REMOVAL]
    heads = [head for state in work.journal.states(keys).values() for head in state.heads]
    return [head for head in heads if not head.deletes and head.id not in seen]


class _Telling:
    """Puts conflicts into words."""

    def __init__(self, workspace: Workspace, work: UnitOfWork) -> None:
        self._work = work
        self._describe = Describe(workspace, work)
        self._evidence: dict[str, tuple[Evidence, ...]] = {}

    def conflict(self, conflict_id: str, field: _Field) -> Conflict:
        entity, entity_id, name = field.key
        proof = self._work.rows.one_evidence(entity_id.partition("/")[0]) if entity.startswith("evidence") else None
        shown = field_name(entity, entity_id, name)
        code = self._describe.code(field.sides[0][0]) if entity != "evidence" else ""
        if proof is not None:
            code = code or (proof.codes[0] if proof.codes else "")
            shown = _("{field} («{file}»)").format(field=shown, file=proof.file_name)
        writers = {change.device for change, _value in field.sides}
        return Conflict(
            conflict_id=conflict_id,
            unit=unit_of(field.unit),
            code=code,
            what=shown,
            sides=tuple(self._side(field, change, value, code, writers) for change, value in field.sides),
            key=field.key,
            assessment_id=proof.assessment_id if proof else self._assessment_of(entity, entity_id),
            choosable=_may_write(self._work, field.key, field.unit),
        )

    @staticmethod
    def _assessment_of(entity: str, entity_id: str) -> str:
        if entity in ("assessment", "dossier_return"):
            return entity_id
        owned = entity in BY_ID and not BY_ID[entity].of_unit
        return entity_id.partition("/")[0] if owned or entity in ("result", "level", "appraisal") else ""

    def _side(self, field: _Field, change: Change, value: JsonValue, code: str, writers: set[str]) -> Side:
        deletes = change.deletes
        if (field.key[0], field.key[2]) == REMOVAL:
            text = _("Gỡ minh chứng này") if value is True else self._kept(change)
            deletes = value is True
        elif field.key[0] == "evidence_link":
            text = _("Là minh chứng của chỉ tiêu này") if value else _("Không là minh chứng của chỉ tiêu này")
        else:
            text = self._describe.text(change, value) or _("(để trống)")
        assessment_id = self._assessment_of(field.key[0], field.key[1])
        return Side(
            change_id=change.id,
            value_text=text,
            user=change.user,
            at=datetime.fromisoformat(change.at),
            device_name=device_name(self._work, change.device),
            evidence=self._proofs(assessment_id, code, change.device, writers) if code and assessment_id else (),
            deletes=deletes,
        )

    def _kept(self, change: Change) -> str:
        if (change.entity, change.field) == REMOVAL:
            return _("Giữ minh chứng này")
        name = _(FIELD_NAMES.get((change.entity, change.field), change.field))
        value = self._describe.text(change, change.value)
        if change.entity == "evidence_link":
            value = change.entity_id.rpartition("/")[2]
        return _("Giữ minh chứng này (đã sửa {field}: {value})").format(field=name, value=value)

    def _proofs(self, assessment_id: str, code: str, device: str, writers: set[str]) -> tuple[str, ...]:
        """The indicator's evidence: what this side has added, and what none of the sides has."""
        if assessment_id not in self._evidence:
            self._evidence[assessment_id] = self._work.rows.evidence(assessment_id)
        found = [item for item in self._evidence[assessment_id] if code in item.codes]
        keys = {item.evidence_id: ("evidence_link", f"{item.evidence_id}/{code}", "linked") for item in found}
        states = self._work.journal.states(list(keys.values()))
        names: list[str] = []
        for item in found:
            winner = states[keys[item.evidence_id]].winner
            if winner is None or winner.device == device or winner.device not in writers:
                names.append(item.file_name)
        return tuple(names)
