"""What the dossier page shows of a dossier, read by the worker at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_desktop.model import readiness
from ntm_desktop.model.assessment import Assessed

if TYPE_CHECKING:
    from ntm_desktop.model.readiness import Finding
    from ntm_desktop.operations.dossier import PaperState
    from ntm_desktop.operations.texts import SectionText
    from ntm_desktop.operations.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Known:
    """What the page shows of a dossier, read at one moment."""

    assessed: Assessed
    procedure: str
    papers: tuple[PaperState, ...]
    findings: tuple[Finding, ...]
    sections: tuple[SectionText, ...]


def read_known(workspace: Workspace, assessment_id: str) -> Known:
    """Read it, on the worker."""
    from ntm_desktop.operations import dossier, texts
    from ntm_desktop.operations.dossier_facts import facts

    known = facts(workspace, assessment_id)
    return Known(
        known.assessed,
        known.procedure.name,
        dossier.papers(known),
        readiness.find(known),
        texts.sections_of(known),
    )
