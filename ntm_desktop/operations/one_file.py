"""The dossier with all its evidence in one PDF, to hand in or to look through."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ntm_desktop import dossier as room
from ntm_desktop import evidence as proofs
from ntm_desktop import paths, wording
from ntm_desktop.dossier import office, one_file
from ntm_desktop.dossier.one_file import (
    ABSENT,
    NO_OFFICE,
    NO_PICTURE,
    NOT_CONVERTED,
    NOT_PRINTABLE,
    Attached,
    OneFile,
    OnePaper,
)
from ntm_desktop.evidence import media
from ntm_desktop.i18n import _
from ntm_desktop.model import boxes
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.operations.dossier_facts import PDF, converted_path, facts
from ntm_desktop.operations.workspace import Workspace

__all__ = ["OneFile", "write"]


def write(
    workspace: Workspace,
    assessment_id: str,
    path: Path,
    documents: Sequence[str] | None = None,
    draft: bool = False,
    progress: Progress | None = None,
    *,
    procedure: str = "",
) -> OneFile:
    """Write the papers (those that are submitted where none are named) and all evidence as one PDF to ``path``.

    Raises:
        NotFound, InvalidInput: no such assessment, procedure or paper. StorageFull, StorageFailed: it cannot be
        written. Cancelled: the person has asked to stop; an older file of that name stays as it was.
    """
    told = progress or Silent()
    known = facts(workspace, assessment_id, procedure=procedure, pictures=True, progress=told)
    with tempfile.TemporaryDirectory(prefix="ntm-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        converted = _converted(workspace, known, scratch, told)
        known = _with_pages(known, converted)
        sample = workspace.info().sample
        printed = room.write(known, scratch, ("pdf",), documents, sample=sample, draft=draft, progress=told)
        papers = _papers(known, printed)
        attached = tuple(_attached(workspace, known, converted))
        title = one_file.title_of(known.assessed.assessment.year, known.assessed.unit.full_name)
        author = known.assessed.profile.agency
        mark = room.SAMPLE_MARK if sample else ""
        return one_file.write_one_file(papers, attached, path, told, title=title, author=author, mark=mark, draft=draft)


def _converted(workspace: Workspace, known: DossierFacts, scratch: Path, progress: Progress) -> Mapping[str, Path]:
    """Office files as PDF by evidence id, as far as LibreOffice is there and makes them; kept for the next time."""
    wanted = [piece for piece in known.assessed.evidence if not piece.removed and piece.blob_present and _ending(piece)]
    program = office.find() if wanted else None
    if wanted:
        progress.start(_("Đang chuyển tệp Word, Excel sang PDF"), len(wanted))
    found: dict[str, Path] = {}
    for piece in wanted:
        kept = converted_path(workspace, piece)
        if not kept.is_file() and program is not None:
            made = office.to_pdf(program, workspace.blobs.path(piece.blob.sha256), _ending(piece), scratch, progress)
            if made is not None:
                with paths.writing(kept) as copy, open(made, "rb") as source:
                    shutil.copyfileobj(source, copy, 1 << 20)
        if kept.is_file():
            found[piece.evidence_id] = kept
        progress.advance(1, piece.file_name)
    return found


def _ending(piece: Evidence) -> str:
    """The ending of a file that LibreOffice reads; empty for others."""
    kind = media.by_media_type(piece.blob.media_type)
    ending = kind.endings[0] if kind else ""
    return ending if ending in office.ENDINGS else ""


def _with_pages(known: DossierFacts, converted: Mapping[str, Path]) -> DossierFacts:
    """The facts with the pages of converted files: sheets in the papers are then those of the stamps."""
    pages = dict(known.pages)
    for evidence_id, path in converted.items():
        counted = proofs.pdf_page_count(path)
        if counted:
            pages[evidence_id] = EvidencePages(counted)
    return replace(known, pages=pages)


def _papers(known: DossierFacts, printed: Sequence[Path]) -> list[OnePaper]:
    """The papers by name; those that the evidence belongs behind come last."""
    entries = {room.file_stem(known.procedure, entry.id): entry for entry in known.procedure.documents}
    found = [(entries[path.stem], path) for path in printed]
    found.sort(key=lambda one: one[0].evidence_follows)
    return [OnePaper(entry.name, path) for entry, path in found]


def _attached(workspace: Workspace, known: DossierFacts, converted: Mapping[str, Path]) -> Iterator[Attached]:
    pages = {evidence_id: each.pages for evidence_id, each in known.pages.items()}
    for box in boxes.boxes(known.assessed, pages):
        for paper in box.papers:
            piece = paper.evidence
            shown = Attached(
                box.criterion.number,
                box.criterion.name,
                paper.codes,
                paper.place,
                piece.title,
                piece.file_name,
                ", ".join(part for part in (piece.number, wording.date_text(piece.issued), piece.issuer) if part),
                paper.first,
                paper.last,
                lies_in=paper.lies_in,
            )
            yield _with_file(workspace, known, shown, piece, converted)


def _with_file(
    workspace: Workspace, known: DossierFacts, shown: Attached, piece: Evidence, converted: Mapping[str, Path]
) -> Attached:
    """What is shown of a piece: its pages, its picture, or why there is neither."""
    if not piece.blob_present:
        return replace(shown, missing=ABSENT)
    if piece.blob.media_type == PDF:
        return replace(shown, pdf=workspace.blobs.path(piece.blob.sha256))
    if media.is_picture(piece.blob.media_type):
        known_pages = known.pages.get(piece.evidence_id)
        return replace(shown, picture=known_pages.picture if known_pages else None, missing=NO_PICTURE)
    if piece.evidence_id in converted:
        return replace(shown, pdf=converted[piece.evidence_id])
    if _ending(piece):
        return replace(shown, missing=NOT_CONVERTED if office.find() else NO_OFFICE)
    return replace(shown, missing=NOT_PRINTABLE)
