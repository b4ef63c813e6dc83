"""The data of a dossier from a file: an Excel workbook of ours that a person filled in, or JSON. All or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput, UserError
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.model.records import BY_ID, LISTS, Field, FieldType, Record, Writer
from ntm_desktop.operations.data_rows import NEW, NOT_IN_FILES, GivenData, GivenRecord, read_file
from ntm_desktop.operations.dossier_data import read_value
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.store import EditName, UnitOfWork

PROBLEMS_SHOWN = 50
_KINDS = tuple(kind for kind in BY_ID if kind not in NOT_IN_FILES)

Place = tuple[str, str]  # kind and record id


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes. ``old``, ``new`` as people read them, blank: empty; ``spot``: its place in the file."""

    kind: str
    record_id: str
    field: str
    old: str
    new: str
    spot: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken over, or would be on a dry run; counts are of records.

    ``left``: rows that the file no longer has and that stay, for their removal was not asked for; ``warnings``: what a
    person should look at. Both are finished sentences.
    """

    changes: Changes
    added: int = 0
    changed: int = 0
    removed: int = 0
    differences: tuple[Difference, ...] = ()
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def import_file(
    workspace: Workspace,
    assessment_id: str,
    path: Path,
    dry_run: bool = False,
    progress: Progress | None = None,
    *,
    remove: bool = False,
) -> Imported:
    """Take data from an .xlsx file that the program has written, or from .json. One edit; values that are as they were
    make no change; in a workbook only what differs from what was written into it is taken over.

    With ``remove`` list rows that the file no longer has are removed.

    Raises:
        InvalidInput: the file cannot be read, is another unit's, or values are wrong: all are named with their place.
        NotFound, ReadOnly: no such assessment, or not this computer's to write.
    """
    given = read_file(path)
    told = progress or Silent()
    told.start(_("Đang đọc số liệu"), len(given.records))
    begin = workspace.store.read if dry_run else workspace.store.write
    with begin() as work:
        plan = _Plan(workspace, work, assessment_id, given)
        for record in given.records:
            plan.take(record)
            told.advance()
        plan.take_gone(remove)
        plan.check_rights()
        if plan.problems:
            shown = "\n".join(plan.problems[:PROBLEMS_SHOWN])
            message = _("Tệp {name} có {count} chỗ chưa đúng:").format(name=path.name, count=len(plan.problems))
            raise InvalidInput(f"{message}\n{shown}", _("Chưa nhập gì. Hãy sửa các chỗ trên rồi nhập lại cả tệp."))
        changes = Changes()
        if plan.assigned and not dry_run:
            name = EditName(N_("nhập số liệu từ tệp {name}"), {"name": path.name[:60]})
            records = {(kind, f"{plan.owner}/{record}"): fields for (kind, record), fields in plan.assigned.items()}
            changes = workspace.write(work, records, name, unit=plan.unit)
    return plan.imported(changes)


class _Plan:
    """What a file would change, held against what stands."""

    def __init__(self, workspace: Workspace, work: UnitOfWork, assessment_id: str, given: GivenData) -> None:
        self.given = given
        self.work = work
        self.workspace = workspace
        assessment = workspace.assessment(work, assessment_id)
        self.owner, self.unit = assessment.assessment_id, assessment.unit_code
        if given.unit and given.unit != self.unit:
            raise InvalidInput(
                _("Tệp này là số liệu của {unit}.").format(unit=unit_of(given.unit).full_name),
                _("Chưa có gì thay đổi. Hãy chọn tệp của đơn vị đang làm."),
            )
        found = work.rows.records(self.owner, *_KINDS)
        self.now: dict[Place, Record] = {(item.kind, item.record_id): item for item in found}
        self.problems = list(given.problems)
        self.warnings: list[str] = []
        if given.assessment_id and given.assessment_id != self.owner:
            self.warnings.append(_("Tệp được xuất từ đợt đánh giá khác ({name}).").format(name=given.assessment_id))
        self.assigned: dict[Place, dict[str, JsonValue]] = {}
        self.spots: dict[tuple[str, str, str], str] = {}
        self.ids: dict[Place, str] = {}  # ids given to new rows, by kind and key
        self.named = {(item.kind, item.key) for item in given.records}
        self.seen: set[Place] = set()
        self.added: set[Place] = set()
        self.removed: set[Place] = set()
        self.left: list[str] = []

    # --- one record

    def take(self, record: GivenRecord) -> None:
        """Plan what a record of the file changes."""
        values = dict(self._values(record))
        if record.emptied:
            return
        place = (record.kind, self._record_id(record, values))
        if place in self.seen and record.kind in LISTS:
            self.problems.append(_("{spot}: mục này có hai lần trong tệp.").format(spot=record.spot))
            return
        self.seen.add(place)
        self.spots |= {(*place, name): cell.spot for name, cell in record.fields.items()}
        base = self._base(record)
        wanted = {name: value for name, value in values.items() if base is None or base.get(name) != value}
        whole: dict[str, JsonValue] = {name: value for name, value in values.items() if value is not None}
        if record.kind in LISTS and place not in self.now:
            self._take_absent(record, place, whole, written=base is not None, touched=bool(wanted))
            return
        current = self.now[place].values if place in self.now else {}
        changed = {name: value for name, value in wanted.items() if current.get(name) != value}
        if base is not None and any(current.get(name) != base.get(name) for name in changed):
            sentence = _("{spot}: giá trị này đã được sửa trong phần mềm sau khi xuất tệp; giá trị trong tệp được lấy.")
            names = [name for name in changed if current.get(name) != base.get(name)]
            self.warnings += [sentence.format(spot=record.fields[name].spot) for name in names]
        if changed:
            self.assigned[place] = changed

    def _values(self, record: GivenRecord) -> Iterator[tuple[str, JsonValue]]:
        for name, cell in record.fields.items():
            if cell.problem:
                self.problems.append(f"{cell.spot}: {cell.problem}")
                continue
            try:
                yield name, read_value(BY_ID[record.kind], name, cell.value)
            except UserError as error:
                self.problems.append(f"{cell.spot}: {error}")

    def _base(self, record: GivenRecord) -> Mapping[str, JsonValue] | None:
        """What the program wrote there; None where it wrote nothing, and everything in the file is meant."""
        base = self.given.base
        if base is None or (record.kind, record.key) not in self.given.had:
            single = BY_ID[record.kind].single or record.kind == "poll_count"
            return {} if base is not None and single else None
        return {name: base.get((record.kind, record.key, name)) for name in record.fields}

    def _record_id(self, record: GivenRecord, values: Mapping[str, JsonValue]) -> str:
        """The record's id; a new row takes that of an equal record that no other row names, so that the same file
        twice adds nothing twice."""
        if record.kind == "poll_count":
            village, _dot, question = record.key.partition(".")
            return f"{self._id_of('poll_village', village)}.{self._id_of('poll_question', question)}"
        if not record.key.startswith(NEW):
            return record.key
        whole = {name: value for name, value in values.items() if value is not None}
        for (kind, record_id), known in self.now.items():
            free = (kind, record_id) not in self.named and (kind, record_id) not in self.seen
            if kind == record.kind and free and dict(known.values) == whole:
                self.ids[kind, record.key] = record_id
                return record_id
        return self._id_of(record.kind, record.key)

    def _id_of(self, kind: str, key: str) -> str:
        return self.ids.setdefault((kind, key), uuid.uuid4().hex) if key.startswith(NEW) else key

    def _take_absent(
        self, record: GivenRecord, place: Place, whole: dict[str, JsonValue], *, written: bool, touched: bool
    ) -> None:
        """A row of a list that is not there now: new, or removed since the file was ``written``; then it comes back
        only where the person has touched it in the file."""
        if not whole or (written and not touched):
            return
        if written:
            self.warnings.append(
                _("{spot}: mục này đã bị xoá trong phần mềm, nay được lấy lại.").format(spot=record.spot)
            )
        self.assigned[place] = whole
        self.added.add(place)

    # --- what is gone, and who may

    def take_gone(self, remove: bool) -> None:
        """Rows of lists that the file no longer has."""
        for kind in LISTS:
            if kind not in self.given.kinds:
                continue
            stood = {record for known, record in self.given.had if known == kind}
            if self.given.base is None:
                stood = {record for known, record in self.now if known == kind}
            for record_id in sorted(stood):
                place = (kind, record_id)
                if place in self.seen or place not in self.now:
                    continue
                if remove:
                    self.assigned[place] = dict.fromkeys(self.now[place].values)
                    self.removed.add(place)
                else:
                    sentence = _("{what}: «{name}» không còn trong tệp nhưng được giữ lại.")
                    name = record_name(self.now[place])
                    self.left.append(sentence.format(what=_(BY_ID[kind].name), name=name))

    def check_rights(self) -> None:
        """Each kind is written by its own side.

        Raises:
            ReadOnly: the assessment is another unit's.
        """
        office = self.work.local.get("role") == Role.OFFICE.value
        writers = {kind: BY_ID[kind].writer for kind, _record in self.assigned}
        if any(writer is Writer.COMMUNE for writer in writers.values()) or not office:
            self.workspace.own_assessment(self.work, self.owner)
        for kind in [kind for kind, writer in writers.items() if writer is Writer.OFFICE and not office]:
            self.problems.append(_("«{what}» do cơ quan thẩm tra lập.").format(what=_(BY_ID[kind].name)))

    def imported(self, changes: Changes) -> Imported:
        """The answer."""
        changed = len(self.assigned) - len(self.added) - len(self.removed)
        found = tuple(self._differences())
        return Imported(
            changes, len(self.added), changed, len(self.removed), found, tuple(self.left), tuple(self.warnings)
        )

    def _differences(self) -> Iterator[Difference]:
        for (kind, record_id), fields in self.assigned.items():
            known = self.now.get((kind, record_id))
            for name, value in fields.items():
                field = BY_ID[kind].by_id[name]
                old = value_text(field, known.values.get(name)) if known else ""
                spot = self.spots.get((kind, record_id, name), "")
                yield Difference(kind, record_id, name, old, value_text(field, value), spot)


def value_text(field: Field, value: JsonValue) -> str:
    """A field's value as people read it."""
    if value is None:
        return ""
    match field.type:
        case FieldType.FLAG:
            return _("Có") if value else _("Không")
        case FieldType.COUNT:
            return numbers.shown(Decimal(str(value)))
        case FieldType.AMOUNT:
            return numbers.shown(Decimal(str(value)))
        case FieldType.DATE:
            return wording.date_text(str(value))
        case FieldType.CHOICE:
            return next((_(choice.name) for choice in field.choices if choice.id == value), str(value))
    return str(value)


def record_name(record: Record) -> str:
    """What tells a record from others of its kind: its first filled fields."""
    fields = BY_ID[record.kind].fields
    texts = [value_text(item, record.values.get(item.id)) for item in fields]
    return ", ".join([text for text in texts if text][:2])[:80] or record.record_id
