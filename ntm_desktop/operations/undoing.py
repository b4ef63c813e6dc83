"""Taking back the last act of receiving as a whole; what was entered here since stays."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ntm_desktop.errors import InvalidInput, StorageFailed
from ntm_desktop.i18n import _
from ntm_desktop.model.units import Unit
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.workspace import Workspace, unit_of
from ntm_desktop.store import imports
from ntm_desktop.store.store import UnitOfWork

_TO_FORGET = "to_forget"  # local fact: contents of an import that was taken back, until they are removed


@dataclass(frozen=True, slots=True)
class ImportPoint:
    """The act of receiving that can be taken back now: its moment, the ids of its packages, how many changes."""

    at: datetime
    packages: tuple[str, ...]
    units: tuple[Unit, ...]
    changes: int


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """What was taken back: ids of the packages, which may be received again, and how many changes went."""

    changes: Changes
    packages: tuple[str, ...]
    units: tuple[Unit, ...]
    taken_back: int


def last_import(workspace: Workspace) -> ImportPoint | None:
    """What :func:`undo_import` would take back; None where there is nothing."""
    with workspace.store.read() as work:
        point = work.imports.last()
    if point is None:
        return None
    return ImportPoint(datetime.fromisoformat(point.at), tuple(point.packages), _units(point), point.changes)


def undo_import(workspace: Workspace) -> UndoneImport:
    """Take the last act of receiving back: its changes, its evidence files, and what it made waiting ones do.

    Own edits made since stay, and so do the keys and receipts that were met: they are true whatever is taken back.

    Raises:
        InvalidInput: nothing was received, or it has been taken back already.
    """
    with workspace.store.write() as work:
        point = work.imports.last()
        if point is None:
            raise InvalidInput(
                _("Không có lần nhận gói nào để hoàn tác."), _("Chỉ hoàn tác được lần nhận gói gần nhất, một lần.")
            )
        gone = work.rewriting.take_back(point.before)
        work.journal.waiting.take_back(point.import_id)
        work.local.mark_packages(point.packages, imports.UNDONE)
        work.imports.close(point.import_id, imports.UNDONE)
        work.local.put(_TO_FORGET, sorted(point.blobs))
    tidy(workspace)
    return UndoneImport(EVERYTHING, tuple(point.packages), _units(point), len(gone))


def tidy(workspace: Workspace) -> None:
    """Remove the files of an import that was taken back; what a kill or the disk leaves, the next act removes."""
    with workspace.store.read() as work:
        listed = set(work.local.get(_TO_FORGET, ()))
        unnamed = listed - _named(work) if listed else set()
    if listed:
        with suppress(StorageFailed):  # Windows lets nobody remove what a scanner holds
            workspace.forget(sorted(unnamed))
            with workspace.store.write() as work:
                work.local.put(_TO_FORGET, [])


def _units(point: imports.ImportPoint) -> tuple[Unit, ...]:
    return tuple(unit_of(code) for code in sorted(set(point.packages.values())))


def _named(work: UnitOfWork) -> set[str]:
    """Contents that rows still name."""
    pinned = {item.catalogue_sha256 for item in work.rows.assessments()}
    return {*work.rows.blobs(), *work.rows.catalogues(), *pinned}
