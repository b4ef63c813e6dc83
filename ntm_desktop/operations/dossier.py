"""The dossier on paper: what is still missing, its papers, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop import dossier as room
from ntm_desktop.model import readiness
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import DocumentEntry
from ntm_desktop.model.progress import Progress
from ntm_desktop.model.readiness import Area, Finding
from ntm_desktop.operations.dossier_facts import facts
from ntm_desktop.operations.workspace import PREVIEWS, Workspace

FORMATS = room.FORMATS
WITH_PICTURES = ("phu-luc-anh",)  # papers that show the evidence's pictures


@dataclass(frozen=True, slots=True)
class PaperState:
    """One paper of the procedure and where it stands. ``sections_open``: parts that would print as dotted lines."""

    entry: DocumentEntry
    number: str
    issued: str
    signed: bool
    sections_open: int


def papers(known: DossierFacts) -> tuple[PaperState, ...]:
    """The papers of the procedure in their order."""
    open_sections = [item.place.partition(".")[0] for item in readiness.find(known) if item.area is Area.SECTION]
    states = []
    for entry in known.procedure.documents:
        paper = known.paper(entry.id)
        signed = bool(paper.values.get("signed"))
        opened = open_sections.count(entry.id)
        states.append(PaperState(entry, paper.text("number"), paper.text("issued"), signed, opened))
    return tuple(states)


def documents(workspace: Workspace, assessment_id: str = "") -> tuple[PaperState, ...]:
    """The papers of the assessment's procedure.

    Raises:
        NotFound: there is no such assessment.
    """
    return papers(facts(workspace, assessment_id))


def findings(workspace: Workspace, assessment_id: str = "", procedure: str = "") -> tuple[Finding, ...]:
    """What an office would send the dossier back for, and what is only to be known.

    Raises:
        NotFound: there is no such assessment or procedure.
    """
    return readiness.find(facts(workspace, assessment_id, procedure=procedure))


def write(
    workspace: Workspace,
    assessment_id: str,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    documents: Sequence[str] | None = None,
    progress: Progress | None = None,
    *,
    draft: bool = False,
    procedure: str = "",
) -> tuple[Path, ...]:
    """Write the dossier's papers into ``folder``; each file is there whole or not at all.

    ``documents``: ids of the procedure's papers, those that are submitted where none are named; ``draft``: «DỰ THẢO»
    stands on every page.

    Raises:
        InvalidInput: an unknown format or paper. StorageFull, StorageFailed: a file cannot be written.
        Cancelled: the person has asked to stop; files that are done stay.
    """
    with_pictures = documents is None or any(name in WITH_PICTURES for name in documents)
    known = facts(workspace, assessment_id, procedure=procedure, pictures=with_pictures, progress=progress)
    sample = workspace.info().sample
    return tuple(room.write(known, folder, formats, documents=documents, sample=sample, draft=draft, progress=progress))


def existing(
    workspace: Workspace,
    assessment_id: str,
    folder: Path,
    formats: Sequence[str],
    documents: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Names of files in ``folder`` that :func:`write` would replace: a person may have worked on them."""
    names = room.file_names(facts(workspace, assessment_id), formats, documents)
    return tuple(name for name in names if (folder / name).exists())


def preview(
    workspace: Workspace, assessment_id: str, document_id: str, progress: Progress | None = None, *, draft: bool = False
) -> Path:
    """One paper as PDF to look at, in the workspace's own folder of previews.

    Raises:
        InvalidInput: there is no such paper. StorageFull, StorageFailed, Cancelled.
    """
    folder = workspace.folder / PREVIEWS / "dossier"
    (path,) = write(workspace, assessment_id, folder, ("pdf",), (document_id,), progress, draft=draft)
    return path
