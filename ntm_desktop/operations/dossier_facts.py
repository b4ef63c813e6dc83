"""Reads everything that the papers of a dossier are made from, frozen at one moment."""

from __future__ import annotations

from pathlib import Path

from ntm_desktop import evidence as proofs
from ntm_desktop import paths
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.operations import procedures
from ntm_desktop.operations.appraisal import read_appraisal
from ntm_desktop.operations.dossier_data import read_records
from ntm_desktop.operations.overview import read_assessed
from ntm_desktop.operations.workspace import PREVIEWS, Role, Workspace, unit_of

PDF = "application/pdf"


def facts(
    workspace: Workspace,
    assessment_id: str = "",
    *,
    procedure: str = "",
    pages: bool = True,
    pictures: bool = False,
    progress: Progress | None = None,
) -> DossierFacts:
    """The facts of an assessment (the current one where no id is given), by its own procedure or the one named.

    Without ``pages`` nobody opens the evidence to count its pages: enough for the data and its checks. With
    ``pictures`` each picture gets its copy for print: made when it was attached, so that only what is missing is
    drawn now, with progress.

    Raises:
        NotFound: there is no such assessment or procedure. Cancelled: the person has asked to stop.
    """
    told = progress or Silent()
    with workspace.store.read() as work:
        assessment = workspace.assessment(work, assessment_id)
        assessed = read_assessed(workspace, work, assessment)
        records = read_records(work, assessment.assessment_id)
        said = read_appraisal(work, assessment)
        by_office = work.local.get("role") == Role.OFFICE.value
        office = work.local.get("unit") if by_office else ""
        profile = work.rows.profile(office) if office else None
    return DossierFacts(
        assessed=assessed,
        procedure=procedures.procedure_for(assessed.catalogue, records, procedure),
        templates=procedures.templates_for(records),
        records=records,
        pages=_pages(workspace, assessed, pictures, told) if pages else {},
        opinions=said.opinions,
        returned=said.returned,
        office=unit_of(office) if office else None,
        office_profile=profile,
    )


def _pages(workspace: Workspace, assessed: Assessed, pictures: bool, progress: Progress) -> dict[str, EvidencePages]:
    pieces = [piece for piece in assessed.evidence if not piece.removed]
    if pictures:
        progress.start(_("Đang chuẩn bị ảnh"), len(pieces))
    found: dict[str, EvidencePages] = {}
    for piece in pieces:
        found[piece.evidence_id] = _of_piece(workspace, piece, pictures)
        if pictures:
            progress.advance()
    return found


def _of_piece(workspace: Workspace, piece: Evidence, pictures: bool) -> EvidencePages:
    if piece.blob.media_type == PDF:
        return EvidencePages(_page_count(workspace, piece, workspace.blobs.path(piece.blob.sha256)))
    if piece.blob.media_type.startswith("image/"):
        copy = proofs.print_copy(workspace.blobs, piece.blob, workspace.folder / PREVIEWS) if pictures else None
        return EvidencePages(1, copy)
    converted = converted_path(workspace, piece)
    return EvidencePages(_page_count(workspace, piece, converted) if converted.is_file() else None)


def converted_path(workspace: Workspace, piece: Evidence) -> Path:
    """Where the PDF of a Word or Excel file is kept once LibreOffice has made it."""
    return paths.extended(workspace.folder / PREVIEWS / f"{piece.blob.sha256}-office.pdf")


def _page_count(workspace: Workspace, piece: Evidence, path: Path) -> int | None:
    """Pages of a PDF, counted once while the workspace is open: its content never changes."""
    sha256 = piece.blob.sha256
    if sha256 not in workspace.page_counts:
        counted = proofs.pdf_page_count(path) if piece.blob_present else None
        if not counted:
            return None
        workspace.page_counts[sha256] = counted
    return workspace.page_counts[sha256]
