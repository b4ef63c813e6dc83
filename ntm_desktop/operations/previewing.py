"""What a package would change, in words: one line for each field that would show another value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ntm_desktop import catalogue as catalogues
from ntm_desktop import wording
from ntm_desktop.exchange import Package
from ntm_desktop.i18n import _
from ntm_desktop.model import rules
from ntm_desktop.model.appraisal import OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Assessment, Verdict
from ntm_desktop.model.catalogue import Catalogue, Operator
from ntm_desktop.model.changes import REMOVAL, Change, ChangeId, FieldKey, FieldState, JsonValue
from ntm_desktop.model.records import BY_ID
from ntm_desktop.model.text import natural_key
from ntm_desktop.operations.history import FIELD_NAMES, field_name, record_text
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store import removal
from ntm_desktop.store.store import UnitOfWork

QUIET = {("evidence", "added_at"), ("evidence", "assessment"), ("catalogue", "entry"), ("result", "carried_from")}
RETURNED = ("appraisal", "dossier_return", "appraisal_document", "appraisal_section")


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One field that would show another value; ``old`` is empty where it is new.

    ``kind``: new, changed, conflict (``old`` is what stands here, ``new`` what the other side wrote: a person will
    choose), returned (what the receiving office says).
    """

    code: str
    what: str
    old: str
    new: str
    conflicted: bool = False
    kind: str = "changed"


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """An evidence file by what a person knows it by; ``code`` is empty where it is not known to prove anything."""

    code: str
    file_name: str

    @property
    def shown(self) -> str:
        """«17.1 · biên bản.pdf»."""
        return f"{self.code} · {self.file_name}" if self.code else self.file_name


class _Sets:
    """The sets that the package's assessments are judged by: from the package itself, else from this workspace."""

    def __init__(self, workspace: Workspace, work: UnitOfWork, package: Package) -> None:
        self._workspace, self._work, self._package = workspace, work, package
        self._pinned: dict[str, str] = {}
        for change in package.changes:
            if (change.entity, change.field) == ("assessment", "catalogue") and isinstance(change.value, dict):
                self._pinned[change.entity_id] = str(change.value["sha256"])
        self._loaded: dict[str, Catalogue | None] = {}

    def of(self, assessment_id: str) -> Catalogue | None:
        """The set of an assessment, or None where it cannot be had."""
        sha256 = self._pinned.get(assessment_id)
        if sha256 is None:
            known = self._work.rows.assessment(assessment_id)
            sha256 = known.catalogue_sha256 if known else ""
        if sha256 not in self._loaded:
            self._loaded[sha256] = self._load(sha256)
        return self._loaded[sha256]

    def _load(self, sha256: str) -> Catalogue | None:
        for ref in self._package.catalogues:
            if ref.sha256 == sha256:
                with self._package.open(ref) as stream:
                    return catalogues.from_json(stream.read())
        return self._workspace.catalogue_by_hash(sha256) if self._workspace.blobs.has(sha256) else None


def lines(workspace: Workspace, work: UnitOfWork, package: Package, fresh: Sequence[Change]) -> tuple[PreviewLine, ...]:
    """What would change with these of the package's changes: conflicts first, then by indicator."""
    sets = _Sets(workspace, work, package)
    names = evidence_names(work, package.manifest.identity.unit_code, package.changes)
    foreseen = work.journal.foresee(fresh)
    disputed = _disputed(work, foreseen)
    made: list[PreviewLine] = []
    for key, (before, after) in foreseen.items():
        line = _line(sets, names, key, before, after, key in disputed)
        if line is not None:
            made.append(line)
    for key in disputed - foreseen.keys():  # edited there, removed here
        proof = names.by_id.get(key[1], DamagedFile("", ""))
        made.append(
            PreviewLine(proof.code, _proof(key, proof), _("gỡ"), _("giữ, đã sửa"), conflicted=True, kind="conflict")
        )
    return tuple(sorted(made, key=lambda line: (not line.conflicted, not line.code, natural_key(line.code), line.what)))


def _line(
    sets: _Sets, names: _Names, key: FieldKey, before: FieldState, after: FieldState, disputed: bool
) -> PreviewLine | None:
    entity, entity_id, field = key
    conflicted = after.conflicted or disputed
    if (entity, field) in QUIET or (before.heads and before.value == after.value and not conflicted):
        return None
    if not before.heads and after.value is None:
        return None
    head, _slash, tail = entity_id.rpartition("/")
    code = tail if entity in ("result", "level", "evidence_link", "appraisal") else ""
    catalogue = sets.of(head) if entity in ("result", "level") else None
    name = field_name(entity, entity_id, field)
    if entity.startswith("evidence"):
        proof = names.by_id.get(entity_id.partition("/")[0], DamagedFile("", ""))
        code, name = code or proof.code, _proof(key, proof)
    came = [item for item in after.heads if item not in before.heads]
    shown = came[0].value if conflicted and came else after.value
    texts = [_text(catalogue, code, key, value) for value in (before.value, shown)]
    if conflicted:
        kind = "conflict"
    elif entity in RETURNED:
        kind = "returned"
    else:
        kind = "changed" if before.heads and before.value is not None else "new"
    return PreviewLine(code, name, texts[0], texts[1], conflicted, kind)


def _proof(key: FieldKey, proof: DamagedFile) -> str:
    name = _(FIELD_NAMES.get((key[0], key[2]), key[2]))
    if not proof.file_name or (key[0], key[2]) == ("evidence", "file"):
        return name
    return _("{field} («{file}»)").format(field=name, file=proof.file_name)


def _disputed(work: UnitOfWork, foreseen: Mapping[FieldKey, tuple[FieldState, FieldState]]) -> set[FieldKey]:
    """Pieces of evidence that one side would have removed and the other edited, unseen."""
    after = {key: states[1] for key, states in foreseen.items()}
    subjects = {key[1].partition("/")[0] for key in after if key[0] in ("evidence", "evidence_link")}
    found: set[FieldKey] = set()
    for evidence_id in subjects:
        states = work.journal.states(removal.keys_of(work.connection, evidence_id))
        states |= {key: state for key, state in after.items() if key[1].partition("/")[0] == evidence_id}
        key = (REMOVAL[0], evidence_id, REMOVAL[1])
        removing = states.pop(key, FieldState()).heads
        out = [head for head in removing if head.value is True]
        seen: set[ChangeId] = {change_id for head in out for change_id in head.overwrites}
        kept = {head.id for state in states.values() for head in state.heads if not head.deletes}
        if out and (len(out) < len(removing) or kept - seen):
            found.add(key)
    return found


# --- evidence by name


@dataclass(frozen=True, slots=True)
class _Names:
    """Evidence files by the id of the evidence and by the hash of the content."""

    by_id: Mapping[str, DamagedFile]
    by_hash: Mapping[str, DamagedFile]


def evidence_names(work: UnitOfWork | None, unit: str, changes: Iterable[Change]) -> _Names:
    """What the evidence files of a unit are called that changes (and rows held here) speak of."""
    files: dict[str, tuple[str, str]] = {}
    codes: dict[str, list[str]] = {}
    for change in changes:
        if (change.entity, change.field) == ("evidence", "file") and isinstance(change.value, dict):
            files[change.entity_id] = (str(change.value.get("sha256")), str(change.value.get("name")))
        elif change.entity == "evidence_link":
            evidence_id, _slash, code = change.entity_id.partition("/")
            codes.setdefault(evidence_id, [])
            if change.value is True:
                codes[evidence_id].append(code)
    if work is not None:
        for assessment in work.rows.assessments(unit):
            for item in work.rows.evidence(assessment.assessment_id, removed=True):
                files.setdefault(item.evidence_id, (item.blob.sha256, item.file_name))
                codes.setdefault(item.evidence_id, []).extend(item.codes)
    by_id = {
        evidence_id: DamagedFile(min(codes.get(evidence_id, [""]) or [""], key=natural_key), name)
        for evidence_id, (_sha256, name) in files.items()
    }
    return _Names(by_id, {sha256: by_id[evidence_id] for evidence_id, (sha256, _name) in files.items()})


# --- values


def _text(catalogue: Catalogue | None, code: str, key: FieldKey, value: JsonValue) -> str:
    field = key[2]
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if key[0] in BY_ID and field in BY_ID[key[0]].by_id:
        return record_text(key[0], field, value)
    if (key[0], field) == ("dossier_return", "status"):
        return wording.return_name(ReturnStatus(str(value)))
    if field == "issued":
        return wording.date_text(str(value))
    if not isinstance(value, dict):
        return str(value)
    if field == "judgement":
        return f"{wording.verdict_name(Verdict(str(value['verdict'])))}: {value['reason']}"
    if field == "opinion":
        return ": ".join(
            filter(None, (wording.opinion_name(OpinionVerdict(str(value["verdict"]))), str(value["note"])))
        )
    if field in ("file", "catalogue"):
        return str(value.get("name") or value.get("id"))
    indicator = catalogue.by_code.get(code) if catalogue else None
    if catalogue is None or indicator is None:
        return _("(đã nhập)")
    if field == "level":
        operator, threshold = Operator(str(value["operator"])), Decimal(str(value["threshold"]))
        return wording.requirement_text(operator, threshold, indicator.measure)
    nowhere = Assessment("", "", catalogue.id, catalogue.version, "", 0)
    return wording.value_text(indicator.measure, value, rules.resolve_level(catalogue, indicator, nowhere))
