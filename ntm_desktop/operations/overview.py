"""Reading: an assessment with its verdicts, the status in one dictionary, what home and office pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ntm_desktop.errors import WorkspaceDamaged
from ntm_desktop.i18n import _
from ntm_desktop.model import rules
from ntm_desktop.model.appraisal import DossierReturn
from ntm_desktop.model.assessment import Assessed, Assessment, Tally, Verdict
from ntm_desktop.model.text import collation_key
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import history
from ntm_desktop.operations.appraisal import Appraisal, read_appraisal
from ntm_desktop.operations.workspace import Workspace, unit_of
from ntm_desktop.store.store import UnitOfWork

LAST_BACKUP = "last_backup_at"


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What the home page says besides the assessment. ``waiting``: fields with two values nobody has chosen between.

    ``appraisal``: what the receiving office has said about the shown assessment.
    """

    last_backup_at: datetime | None
    last_package_at: datetime | None
    waiting: int
    undo: str | None
    redo: str | None
    appraisal: Appraisal = field(default_factory=Appraisal)


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One assessment of one commune as an office lists it."""

    unit: Unit
    assessment_id: str
    catalogue_title: str
    year: int
    criteria: Tally
    indicators: Tally
    unmet_criteria: tuple[str, ...]
    missing_evidence: int
    last_package_at: datetime | None
    verdicts: Mapping[str, Verdict]
    returned: DossierReturn | None = None  # what this office has done with the dossier


def assessed(workspace: Workspace, assessment_id: str = "") -> Assessed:
    """An assessment (the current one where no id is given) with its verdicts.

    Raises:
        NotFound: there is none.
    """
    with workspace.store.read() as work:
        return read_assessed(workspace, work, workspace.assessment(work, assessment_id))


def read_assessed(
    workspace: Workspace, work: UnitOfWork, assessment: Assessment, *, look_for_files: bool = True
) -> Assessed:
    """An assessment with its verdicts, within a transaction. To look for files asks the disk for each."""
    rows = work.rows
    assessment_id = assessment.assessment_id
    evidence = tuple(
        item if not look_for_files or workspace.blobs.has(item.blob.sha256) else replace(item, blob_present=False)
        for item in rows.evidence(assessment_id)
    )
    return rules.assess(
        unit_of(assessment.unit_code),
        rows.profile(assessment.unit_code),
        assessment,
        workspace.catalogue_of(assessment),
        rows.results(assessment_id),
        rows.levels(assessment_id),
        evidence,
        rows.documents(assessment_id),
    )


def _counts(tally: Tally) -> dict[str, int]:
    return {"total": tally.total, **{verdict.value: tally.of(verdict) for verdict in Verdict}}


def status(workspace: Workspace, assessment_id: str = "") -> dict[str, Any]:
    """Where an assessment stands, as scripts read it."""
    shown = assessed(workspace, assessment_id)
    return {
        "unit": {"code": shown.unit.code, "name": shown.profile.name or shown.unit.full_name},
        "catalogue": shown.catalogue.id,
        "catalogue_version": shown.catalogue.version,
        "catalogue_complete": shown.catalogue.indicators_complete,
        "year": shown.assessment.year,
        "assessment": shown.assessment.assessment_id,
        "criteria": _counts(shown.criteria_tally),
        "indicators": _counts(shown.indicators_tally),
        "unmet_criteria": list(shown.unmet_criteria),
        "not_assessed_criteria": [
            item.criterion.number for item in shown.criteria if item.verdict is Verdict.NOT_ASSESSED
        ],
        "missing_results": [code for code, item in shown.by_code.items() if item.lacks_result],
        "missing_evidence": list(shown.missing_evidence),
        "missing_levels": [code for code, item in shown.by_code.items() if item.lacks_level],
        "by_hand": [code for code, item in shown.by_code.items() if item.by_hand],
        "other_year": [
            code
            for code, item in shown.by_code.items()
            if item.result.entered and item.result.figure_year not in (None, shown.assessment.year)
        ],
        "evidence": len(shown.evidence),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def home(workspace: Workspace, assessment_id: str = "") -> HomeFacts:
    """Backup, package, conflicts, what can be undone, and what the office says about the shown assessment."""
    undo, redo = history.names(workspace)
    with workspace.store.read() as work:
        packages = work.local.packages("sent") + work.local.packages("received")
        return HomeFacts(
            last_backup_at=_moment(work.local.get(LAST_BACKUP)),
            last_package_at=max((datetime.fromisoformat(item.at) for item in packages), default=None),
            waiting=work.rows.conflicts(),
            undo=undo,
            redo=redo,
            appraisal=_appraisal(work, assessment_id or work.local.get("current", "")),
        )


def _appraisal(work: UnitOfWork, assessment_id: str) -> Appraisal:
    found = work.rows.assessment(assessment_id) if assessment_id else None
    return read_appraisal(work, found) if found else Appraisal()


def office_rows(workspace: Workspace) -> tuple[CommuneRow, ...]:
    """All communes whose packages were received, in Vietnamese order, each assessment a row."""
    with workspace.store.read() as work:
        own = work.local.get("unit")
        last: dict[str, str] = {}
        for package in work.local.packages("received"):
            last[package.unit] = max(package.at, last.get(package.unit, ""))
        rows = [
            _commune_row(workspace, work, assessment, _moment(last.get(assessment.unit_code)))
            for assessment in work.rows.assessments()
            if assessment.unit_code != own
        ]
    return tuple(sorted(rows, key=lambda row: (collation_key(row.unit.name), row.unit.code, -row.year)))


def _commune_row(
    workspace: Workspace, work: UnitOfWork, assessment: Assessment, last_package_at: datetime | None
) -> CommuneRow:
    try:
        shown = read_assessed(workspace, work, assessment, look_for_files=False)
    except WorkspaceDamaged:  # one commune's damaged set must not hide all the others
        title = _("(không đọc được bộ tiêu chí, hãy nhận lại gói)")
        nothing = Tally()
        unit = unit_of(assessment.unit_code)
        code, year = assessment.assessment_id, assessment.year
        said = work.rows.dossier_return(code)
        return CommuneRow(unit, code, title, year, nothing, nothing, (), 0, last_package_at, {}, said)
    return CommuneRow(
        unit=shown.unit,
        assessment_id=shown.assessment.assessment_id,
        catalogue_title=shown.catalogue.title,
        year=shown.assessment.year,
        criteria=shown.criteria_tally,
        indicators=shown.indicators_tally,
        unmet_criteria=shown.unmet_criteria,
        missing_evidence=len(shown.missing_evidence),
        last_package_at=last_package_at,
        verdicts={item.criterion.number: item.verdict for item in shown.criteria},
        returned=work.rows.dossier_return(assessment.assessment_id),
    )


def package_rows(workspace: Workspace, direction: str = "") -> tuple[dict[str, Any], ...]:
    """Packages sent and received here, the latest first."""
    with workspace.store.read() as work:
        directions = (direction,) if direction else ("sent", "received")
        found = [item for name in directions for item in work.local.packages(name)]
    found.sort(key=lambda item: item.at, reverse=True)
    return tuple(
        {
            "package_id": item.package_id,
            "direction": item.direction,
            "unit": item.unit,
            "unit_name": unit_of(item.unit).full_name,
            "at": item.at,
            "path": item.path,
            "changes": item.changes,
            "blobs": item.blobs,
            "sequence": item.sequence,
        }
        for item in found
    )
