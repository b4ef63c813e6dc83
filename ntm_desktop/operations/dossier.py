"""The dossier on paper: write its documents, or one of them to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_desktop import dossier as room
from ntm_desktop.model.progress import Progress
from ntm_desktop.operations.overview import assessed
from ntm_desktop.operations.workspace import PREVIEWS, Workspace

DOCUMENTS = room.DOCUMENT_NAMES
FORMATS = room.FORMATS


def write(
    workspace: Workspace,
    assessment_id: str,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    documents: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write the dossier's documents into ``folder``; each file is there whole or not at all.

    Raises:
        InvalidInput: an unknown format or document. StorageFull, StorageFailed: a file cannot be written.
    """
    shown = assessed(workspace, assessment_id)
    sample = workspace.info().sample
    return tuple(room.write(shown, folder, formats, documents=documents, sample=sample, progress=progress))


def existing(folder: Path, formats: Sequence[str], documents: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names of files in ``folder`` that :func:`write` would replace: a person may have worked on them."""
    stems = [room.file_stem(name) for name in documents or room.SUBMITTED]
    names = (f"{stem}.{form}" for stem in stems for form in formats)
    return tuple(name for name in names if (folder / name).exists())


def preview(workspace: Workspace, assessment_id: str, document_id: str, progress: Progress | None = None) -> Path:
    """One document as PDF to look at, in the workspace's own folder of previews."""
    folder = workspace.folder / PREVIEWS / "dossier"
    (path,) = write(workspace, assessment_id, folder, ("pdf",), (document_id,), progress)
    return path
