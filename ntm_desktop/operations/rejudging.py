"""Judging an assessment by another version of its set: an explicit act that lists first what rises, falls, is new.

Results are never deleted: what belongs to an indicator that the new version lacks stays in the journal and comes back
with the version that has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ntm_desktop import catalogue as catalogues
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.assessment import Assessed, Assessment, Verdict
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.text import one_line
from ntm_desktop.operations import catalogues as sets
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.overview import read_assessed
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.store import EditName, UnitOfWork


class Turn(StrEnum):
    """What becomes of an indicator."""

    ROSE = "rose"
    FELL = "fell"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Turned:
    """One indicator that the other version judges otherwise; a verdict is None where the version lacks it."""

    code: str
    name: str
    turn: Turn
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True, slots=True)
class Rejudging:
    """What judging by another version would change."""

    old_ref: str
    new_ref: str
    turned: tuple[Turned, ...]


_RANK = {Verdict.NOT_MET: 0, Verdict.NOT_ASSESSED: 1, Verdict.NOT_APPLICABLE: 2, Verdict.MET: 2}


def plan(workspace: Workspace, assessment_id: str, name: str) -> Rejudging:
    """What would change if the assessment were judged by set ``name`` (id or ``id@version``); nothing is written.

    Raises:
        NotFound: no such set. InvalidInput: another set's id, or the version that applies already.
    """
    catalogue = sets.get(workspace, name)
    with workspace.store.read() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        _check(workspace, assessment, catalogue)
        before = read_assessed(workspace, work, assessment)
        after = _under(workspace, work, assessment, catalogue)
    return Rejudging(before.catalogue.ref, catalogue.ref, tuple(_turned(before, after)))


def _check(workspace: Workspace, assessment: Assessment, catalogue: Catalogue) -> None:
    if catalogue.id != assessment.catalogue_id:
        raise InvalidInput(
            _("{set} là bộ tiêu chí khác, không phải phiên bản khác của bộ đang dùng.").format(set=catalogue.title),
            _("Chưa có gì thay đổi. Hãy thêm một đợt đánh giá mới theo bộ đó."),
        )
    if catalogues.content_hash(catalogue) == assessment.catalogue_sha256:
        raise InvalidInput(
            _("Đợt đánh giá này đang dùng chính phiên bản {ref}.").format(ref=catalogue.ref), _("Chưa có gì thay đổi.")
        )


def _under(workspace: Workspace, work: UnitOfWork, assessment: Assessment, catalogue: Catalogue) -> Assessed:
    """The same results under another version, its text pinned like any other."""
    ref = workspace.blobs.put_bytes(catalogues.to_json(catalogue), "application/json")
    return read_assessed(workspace, work, replace(assessment, catalogue_sha256=ref.sha256))


def _turned(before: Assessed, after: Assessed) -> list[Turned]:
    found: list[Turned] = []
    for code in dict.fromkeys((*after.by_code, *before.by_code)):
        old, new = before.by_code.get(code), after.by_code.get(code)
        if old is None and new is not None:
            found.append(Turned(code, new.indicator.name, Turn.NEW, None, new.verdict))
        elif new is None and old is not None:
            found.append(Turned(code, old.indicator.name, Turn.GONE, old.verdict, None))
        elif old is not None and new is not None and _RANK[old.verdict] != _RANK[new.verdict]:
            turn = Turn.ROSE if _RANK[new.verdict] > _RANK[old.verdict] else Turn.FELL
            found.append(Turned(code, new.indicator.name, turn, old.verdict, new.verdict))
    return found


def apply(workspace: Workspace, assessment_id: str, name: str) -> Changes:
    """Judge the assessment by another version from now on; it can be undone.

    Raises:
        NotFound, InvalidInput, ReadOnly: as :func:`plan`.
    """
    catalogue = sets.get(workspace, name)
    ref = workspace.blobs.put_bytes(catalogues.to_json(catalogue), "application/json")
    entry: JsonValue = {
        "id": catalogue.id,
        "version": catalogue.version,
        "name": one_line(catalogue.name)[:500],
        "size": ref.size,
    }
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        _check(workspace, assessment, catalogue)
        pinned: JsonValue = {"id": catalogue.id, "version": catalogue.version, "sha256": ref.sha256}
        name_of_edit = EditName(N_("đánh giá theo {ref}"), {"ref": catalogue.ref})
        records: dict[tuple[str, str], dict[str, JsonValue]] = {
            ("catalogue", f"{assessment.unit_code}/{ref.sha256}"): {"entry": entry},
            ("assessment", assessment.assessment_id): {"catalogue": pinned},
        }
        workspace.write(work, records, name_of_edit)
    return EVERYTHING


def offer(workspace: Workspace, assessment_id: str) -> Rejudging | None:
    """What the latest version of the assessment's set would change, or None where it applies already."""
    with workspace.store.read() as work:
        assessment = workspace.own_assessment(work, assessment_id)
    latest = sets.get(workspace, assessment.catalogue_id)
    if catalogues.content_hash(latest) == assessment.catalogue_sha256:
        return None
    return plan(workspace, assessment_id, latest.ref)
