"""Who changed what when; undo and redo of named edits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ntm_desktop import wording
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers, rules
from ntm_desktop.model.appraisal import OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Assessment, Verdict
from ntm_desktop.model.catalogue import Catalogue, Operator
from ntm_desktop.model.changes import Change, FieldKey, FieldState, JsonValue
from ntm_desktop.model.records import BY_ID, KINDS, FieldType
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.workspace import Workspace, changes_of
from ntm_desktop.store.journal import Assignment
from ntm_desktop.store.local import Edit
from ntm_desktop.store.store import UnitOfWork

FIELD_NAMES: Mapping[tuple[str, str], str] = {
    ("assessment", "catalogue"): N_("Bộ tiêu chí"),
    ("assessment", "year"): N_("Năm đánh giá"),
    ("assessment", "region"): N_("Vùng"),
    ("assessment", "group"): N_("Nhóm xã"),
    ("assessment", "special_rule"): N_("Quy định riêng"),
    ("result", "value"): N_("Kết quả"),
    ("result", "judgement"): N_("Đánh giá bằng tay"),
    ("result", "explanation"): N_("Giải trình"),
    ("result", "data_source"): N_("Nguồn số liệu"),
    ("result", "responsible"): N_("Người phụ trách"),
    ("result", "figure_year"): N_("Năm số liệu"),
    ("result", "carried_from"): N_("Sử dụng kết quả năm trước"),
    ("level", "level"): N_("Mức của địa phương"),
    ("evidence", "assessment"): N_("Đợt đánh giá"),
    ("evidence", "file"): N_("Tệp minh chứng"),
    ("evidence", "number"): N_("Số văn bản"),
    ("evidence", "issued"): N_("Ngày văn bản"),
    ("evidence", "issuer"): N_("Cơ quan ban hành"),
    ("evidence", "summary"): N_("Trích yếu"),
    ("evidence", "removed"): N_("Gỡ minh chứng"),
    ("evidence", "added_at"): N_("Lúc thêm"),
    ("evidence_link", "linked"): N_("Minh chứng cho chỉ tiêu"),
    ("unit", "name"): N_("Tên đơn vị"),
    ("unit", "superior"): N_("Cơ quan chủ quản"),
    ("unit", "agency"): N_("Cơ quan ban hành"),
    ("unit", "place"): N_("Địa danh"),
    ("unit", "signer_title"): N_("Chức vụ người ký"),
    ("unit", "signer_name"): N_("Người ký"),
    ("unit", "receiving_office"): N_("Nơi nhận hồ sơ"),
    ("catalogue", "entry"): N_("Bộ tiêu chí"),
    ("appraisal", "opinion"): N_("Ý kiến của cơ quan tiếp nhận"),
    ("dossier_return", "status"): N_("Tình trạng hồ sơ"),
    ("dossier_return", "note"): N_("Ghi chú của cơ quan tiếp nhận"),
    ("evidence", "sheets"): N_("Số tờ"),
    **{(kind.id, item.id): item.name for kind in KINDS for item in kind.fields},
}


_NAMED_BY_ID = ("document", "section", "appraisal_document", "appraisal_section", "setting", "condition", "form_file")


def field_name(entity: str, entity_id: str, field: str) -> str:
    """A field as a person knows it; of a dossier's data with the part it belongs to."""
    name = _(FIELD_NAMES.get((entity, field), field))
    if entity not in BY_ID:
        return name
    kind = _(BY_ID[entity].name)
    if entity in _NAMED_BY_ID:
        kind = f"{kind} ({entity_id.partition('/')[2]})"
    return name if name == kind else f"{kind}: {name}"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change, in words. ``code`` is empty where it is not about one indicator."""

    at: datetime
    user: str
    device: str
    what: str
    code: str
    field_name: str
    old_text: str
    new_text: str
    conflicted: bool


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo or redo changed, and the edit's name."""

    changes: Changes
    name: str


def entries(
    workspace: Workspace, assessment_id: str = "", code: str = "", limit: int = 200
) -> tuple[HistoryEntry, ...]:
    """The latest changes, newest first; with ``code`` those of one indicator and of its evidence links.

    Raises:
        NotFound: no such assessment or indicator.
    """
    from ntm_desktop.operations.results import indicator_of

    with workspace.store.read() as work:
        records: list[tuple[str, str]] = []
        if assessment_id or code:
            assessment = workspace.assessment(work, assessment_id)
            if code:
                code = indicator_of(workspace.catalogue_of(assessment), code).code
                records = [
                    (entity, f"{assessment.assessment_id}/{code}") for entity in ("result", "level", "appraisal")
                ]
                proofs = work.rows.evidence(assessment.assessment_id, removed=True)
                records += [("evidence_link", f"{proof.evidence_id}/{code}") for proof in proofs]
        changes = work.rows.history(records, limit)
        old = work.rows.changes([(item.device, item.seq) for change in changes for item in change.overwrites])
        describe = Describe(workspace, work)
        return tuple(describe.entry(change, old) for change in changes)


class Describe:
    """Puts changes into words; values of results as the set's measures read them."""

    def __init__(self, workspace: Workspace, work: UnitOfWork) -> None:
        self._workspace = workspace
        self._work = work
        self._assessments: dict[str, tuple[Assessment, Catalogue] | None] = {}
        self._files: dict[str, str] = {}

    def entry(self, change: Change, old: Mapping[tuple[str, int], Change]) -> HistoryEntry:
        before = _replaced(change, old)
        shown = max(before, key=lambda item: item.rank).value if before else None
        name = field_name(change.entity, change.entity_id, change.field)
        code = self.code(change)
        return HistoryEntry(
            at=datetime.fromisoformat(change.at),
            user=change.user,
            device=change.device,
            what=f"{code} · {name}" if code else name,
            code=code,
            field_name=name,
            old_text=self.text(change, shown),
            new_text=self.text(change, change.value),
            conflicted=len(before) > 1,
        )

    def code(self, change: Change) -> str:
        """The indicator that a change is about; empty where it is not about one."""
        coded = ("result", "level", "evidence_link", "appraisal")
        return change.entity_id.rpartition("/")[2] if change.entity in coded else ""

    def _context(self, assessment_id: str) -> tuple[Assessment, Catalogue] | None:
        if assessment_id not in self._assessments:
            found = self._work.rows.assessment(assessment_id)
            self._assessments[assessment_id] = (found, self._workspace.catalogue_of(found)) if found else None
        return self._assessments[assessment_id]

    def text(self, change: Change, value: JsonValue) -> str:
        """A value of the change's field, as a person reads it."""
        if value is None:
            return ""
        if isinstance(value, dict):
            return self._compound(change, value)
        if change.entity == "evidence_link":
            return self._file(change.entity_id.partition("/")[0]) if value else ""
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if change.field in ("issued",):
            return wording.date_text(str(value))
        if change.entity in BY_ID and change.field in BY_ID[change.entity].by_id:
            return record_text(change.entity, change.field, value)
        if (change.entity, change.field) == ("dossier_return", "status"):
            return wording.return_name(ReturnStatus(str(value)))
        return str(value)

    def _file(self, evidence_id: str) -> str:
        if evidence_id not in self._files:
            found = self._work.rows.one_evidence(evidence_id)
            self._files[evidence_id] = found.file_name if found else _("(tệp không có ở đây)")
        return self._files[evidence_id]

    def _compound(self, change: Change, value: Mapping[str, Any]) -> str:
        if change.field == "judgement":
            return f"{wording.verdict_name(Verdict(value['verdict']))}: {value['reason']}"
        if change.field == "opinion":
            return ": ".join(filter(None, (wording.opinion_name(OpinionVerdict(value["verdict"])), value["note"])))
        if change.field == "file":
            return str(value["name"])
        if change.field in ("catalogue", "entry"):
            return str(value.get("name") or value["id"])
        assessment_id, _slash, code = change.entity_id.rpartition("/")
        context = self._context(assessment_id)
        indicator = context[1].by_code.get(code) if context else None
        if context is None or indicator is None:
            return json.dumps(value, ensure_ascii=False)
        if change.field == "level":
            return self._level(value, indicator.measure)
        level = rules.resolve_level(context[1], indicator, context[0])
        return wording.value_text(indicator.measure, value, level)

    def _level(self, value: Mapping[str, Any], measure: Any) -> str:
        text = wording.requirement_text(Operator(value["operator"]), Decimal(value["threshold"]), measure)
        return f"{text} ({value['basis']['number']})"


def record_text(entity: str, name: str, value: JsonValue) -> str:
    """A field of a dossier's data, as a person reads it."""
    field = BY_ID[entity].by_id[name]
    text = str(value)
    if field.type is FieldType.DATE:
        return wording.date_text(text)
    if field.type is FieldType.CHOICE:
        return next((_(choice.name) for choice in field.choices if choice.id == text), text)
    if field.type in (FieldType.COUNT, FieldType.AMOUNT):
        return numbers.shown(Decimal(text))
    return text


def _name(edit: Edit) -> str:
    return _(edit.name).format(**{name: _(value) for name, value in edit.arguments.items()})


def names(workspace: Workspace) -> tuple[str | None, str | None]:
    """Names of the edits that undo and redo would take, or None."""
    with workspace.store.read() as work:
        undo, redo = _next_step(work, "done"), _next_step(work, "undone")
        return (_name(undo[0]) if undo else None, _name(redo[0]) if redo else None)


def undo(workspace: Workspace) -> Undone:
    """Take the latest edit back, by new changes: history keeps both. What came from elsewhere since stays as it is.

    Raises:
        InvalidInput: there is nothing to undo.
    """
    return _step(workspace, "done", "undone")


def redo(workspace: Workspace) -> Undone:
    """Do again what was undone last. What came from elsewhere since stays as it is.

    Raises:
        InvalidInput: there is nothing to redo.
    """
    return _step(workspace, "undone", "done")


def _step(workspace: Workspace, state: str, becomes: str) -> Undone:
    with workspace.store.write() as work:
        step = _next_step(work, state)
        if step is None:
            sentence = _("Không còn gì để hoàn tác.") if state == "done" else _("Không còn gì để làm lại.")
            raise InvalidInput(sentence, _("Dữ liệu giữ nguyên."))
        edit, wanted = step
        assignments = [item for item in wanted if not _takes_away_a_set_in_use(work, item)]
        made = work.write(edit.unit, workspace.user(work), assignments)
        work.local.mark_edit(edit.edit_id, becomes)
    return Undone(changes_of(made), _name(edit))


def _next_step(work: UnitOfWork, state: str) -> tuple[Edit, list[Assignment]] | None:
    """The edit that undo (``done``) or redo (``undone``) takes, and what it sets.

    A field that shows another value than the edit left was changed elsewhere since: it stays as it is, and an edit of
    which nothing else is left is passed over. So is a field to which somebody else has written beside the edit: to
    write over both would settle, unasked, what a person is to choose between.
    """
    for edit in work.local.edits(state):
        wanted = _assignments(work, edit, backwards=state == "done")
        shown = work.journal.states([item.key for item, _left in wanted])
        mine = [item for item, left in wanted if _is_as_left(shown[item.key], left)]
        if mine:
            return edit, mine
    return None


def _is_as_left(state: FieldState, left: JsonValue) -> bool:
    return state.value == left and len(state.heads) < 2


def _takes_away_a_set_in_use(work: UnitOfWork, item: Assignment) -> bool:
    """Packages and backups carry the sets that are entered: one that an assessment is judged by stays entered."""
    if item.entity != "catalogue" or item.value is not None:
        return False
    return item.entity_id in {f"{used.unit_code}/{used.catalogue_sha256}" for used in work.rows.assessments()}


def _replaced(change: Change, held: Mapping[tuple[str, int], Change]) -> list[Change]:
    """What a change wrote over in its own field, as far as it is held (a removal also names what else it has seen)."""
    found = (held.get((item.device, item.seq)) for item in change.overwrites)
    return [item for item in found if item is not None and item.key == change.key]


def _assignments(work: UnitOfWork, edit: Edit, backwards: bool) -> list[tuple[Assignment, JsonValue]]:
    """What each field of the edit held before it (backwards), or after it (forwards), with the value that it leaves."""
    ids = [(edit.device, seq) for seq in range(edit.first_seq, edit.last_seq + 1)]
    changes = work.rows.changes(ids)
    overwritten = work.rows.changes([(item.device, item.seq) for one in changes.values() for item in one.overwrites])
    before: dict[FieldKey, JsonValue] = {}
    after: dict[FieldKey, JsonValue] = {}
    for change in (changes[change_id] for change_id in ids):
        shown = _replaced(change, overwritten)
        before.setdefault(change.key, max(shown, key=lambda item: item.rank).value if shown else None)
        after[change.key] = change.value
    target, left = (before, after) if backwards else (after, before)
    keys = reversed(target) if backwards else iter(target)
    return [(Assignment(*key, target[key]), left[key]) for key in keys]
