"""What a package would change, in words: one line for each field that would show another value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ntm_desktop import catalogue as catalogues
from ntm_desktop import wording
from ntm_desktop.exchange import Package
from ntm_desktop.i18n import _
from ntm_desktop.model import rules
from ntm_desktop.model.assessment import Assessment, Verdict
from ntm_desktop.model.catalogue import Catalogue, Operator
from ntm_desktop.model.changes import FieldKey, FieldState, JsonValue
from ntm_desktop.operations.history import FIELD_NAMES
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.store import UnitOfWork

QUIET = {("evidence", "added_at"), ("evidence", "assessment"), ("catalogue", "entry"), ("result", "carried_from")}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One field that would show another value; ``old`` is empty where it is new."""

    code: str
    what: str
    old: str
    new: str
    conflicted: bool = False


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


def lines(
    workspace: Workspace,
    work: UnitOfWork,
    package: Package,
    foreseen: Mapping[FieldKey, tuple[FieldState, FieldState]],
) -> tuple[PreviewLine, ...]:
    """What would change, results first."""
    sets = _Sets(workspace, work, package)
    made: list[PreviewLine] = []
    for key, (before, after) in foreseen.items():
        entity, entity_id, field = key
        if (entity, field) in QUIET or (before.heads and before.value == after.value and not after.conflicted):
            continue
        if not before.heads and after.value is None:
            continue
        head, _slash, tail = entity_id.rpartition("/")
        code = tail if entity in ("result", "level", "evidence_link") else ""
        catalogue = sets.of(head) if entity in ("result", "level") else None
        name = _(FIELD_NAMES.get((entity, field), field))
        texts = [_text(catalogue, code, field, state.value) for state in (before, after)]
        made.append(PreviewLine(code, name, texts[0], texts[1], after.conflicted))
    return tuple(sorted(made, key=lambda line: (not line.code, rules_key(line.code), line.what)))


def rules_key(code: str) -> Any:
    """Codes in their natural order."""
    from ntm_desktop.model.text import natural_key

    return natural_key(code)


def _text(catalogue: Catalogue | None, code: str, field: str, value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if not isinstance(value, dict):
        return str(value)
    if field == "judgement":
        return f"{wording.verdict_name(Verdict(str(value['verdict'])))}: {value['reason']}"
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
