"""``ntm office``: the communes of a receiving office, its opinions and what it does with their dossiers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.i18n import _
from ntm_desktop.model.appraisal import DossierReturn, OpinionVerdict, ReturnStatus
from ntm_desktop.operations import appraisal, overview, wordings
from ntm_desktop.operations.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

NOTHING = "none"  # takes an opinion or state back


def add_commands(tree: Tree) -> None:
    """Add them."""
    office = tree.group("office", _("cơ quan tiếp nhận"))
    office.add("list", _("các xã đã nộp"), _communes)
    said = office.add("opinions", _("ý kiến của cơ quan tiếp nhận về một hồ sơ"), _opinions)
    said.add_argument("assessment", nargs="?", default="", metavar="ASSESSMENT")
    one = office.add("appraise", _("ghi ý kiến về một chỉ tiêu"), _appraise)
    one.add_argument("assessment", metavar="ASSESSMENT")
    one.add_argument("code", metavar="CODE")
    one.add_argument("--verdict", required=True, choices=[*(item.value for item in OpinionVerdict), NOTHING])
    one.add_argument("--note", default="", metavar="TEXT")
    whole = office.add("return", _("ghi tình trạng hồ sơ: tiếp nhận, trả lại, chấp thuận"), _return)
    whole.add_argument("assessment", metavar="ASSESSMENT")
    whole.add_argument("--status", required=True, choices=[*(item.value for item in ReturnStatus), NOTHING])
    whole.add_argument("--note", default="", metavar="TEXT")


def _communes(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        rows = overview.office_rows(workspace)
    data = [
        {
            "unit": row.unit.code,
            "name": row.unit.full_name,
            "province": row.unit.province_name,
            "assessment": row.assessment_id,
            "catalogue": row.catalogue_title,
            "year": row.year,
            "met": row.criteria.met,
            "total": row.criteria.total,
            "indicators_met": row.indicators.met,
            "indicators_total": row.indicators.total,
            "not_assessed": row.criteria.not_assessed,
            "unmet_criteria": list(row.unmet_criteria),
            "missing_evidence": row.missing_evidence,
            "last_package_at": row.last_package_at.isoformat() if row.last_package_at else None,
            "returned": row.returned.status.value if row.returned else None,
        }
        for row in rows
    ]
    return Answer(data, wordings.office_lines(rows))


def _opinions(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        return _answer(workspace, arguments.assessment)


def _appraise(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    verdict = None if arguments.verdict == NOTHING else arguments.verdict
    with open_workspace(folder) as workspace:
        appraisal.save_opinion(workspace, arguments.assessment, arguments.code, verdict, arguments.note)
        return _answer(workspace, arguments.assessment)


def _return(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    status = None if arguments.status == NOTHING else arguments.status
    with open_workspace(folder) as workspace:
        appraisal.set_return(workspace, arguments.assessment, status, arguments.note)
        return _answer(workspace, arguments.assessment)


def _answer(workspace: Workspace, assessment_id: str) -> Answer:
    """What the office has said about a dossier."""
    said = appraisal.appraisal(workspace, assessment_id)
    data = {
        "returned": _returned(said.returned),
        "opinions": [
            {"code": code, "verdict": item.verdict.value, "note": item.note, "user": item.user, "at": item.at}
            for code, item in said.opinions.items()
        ],
    }
    lines = table((code, wording.opinion_with_symbol(item.verdict), item.note) for code, item in said.opinions.items())
    if said.returned is None:
        return Answer(data, (_("Cơ quan tiếp nhận chưa ghi tình trạng hồ sơ."), *lines))
    return Answer(data, (wording.return_sentence(said.returned), *lines))


def _returned(given: DossierReturn | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {"status": given.status.value, "note": given.note, "user": given.user, "at": given.at}
