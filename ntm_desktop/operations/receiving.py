"""Receiving packages: inspect before applying, import each file for itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ntm_desktop.errors import UserError
from ntm_desktop.exchange import PARTIAL, SUFFIX
from ntm_desktop.exchange.refusals import shown
from ntm_desktop.i18n import _
from ntm_desktop.model.progress import Cancelled, Progress, Silent
from ntm_desktop.operations import inspecting, partners, sticks, undoing
from ntm_desktop.operations.inspecting import DamagedFile, Preview, PreviewLine
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.taking import Outcome, Taking, open_package
from ntm_desktop.operations.workspace import Workspace

__all__ = [
    "SUFFIX",
    "DamagedFile",
    "Outcome",
    "Preview",
    "PreviewLine",
    "Received",
    "import_files",
    "inspect",
    "package_files",
]


@dataclass(frozen=True, slots=True)
class Received:
    """What came of all files; ``left`` were not reached, because the person asked to stop.

    ``point`` names the restore point, for a next call that belongs to the same act; 0 where nothing was new.
    """

    changes: Changes
    outcomes: tuple[Outcome, ...]
    left: tuple[Path, ...] = ()
    point: int = 0


def inspect(
    workspace: Workspace | None,
    path: Path,
    progress: Progress | None = None,
    *,
    passphrase: str | None = None,
    salvage: bool = False,
) -> Preview:
    """Verify a whole package and tell what would change here; nothing is written, no key is remembered.

    Without a workspace only packages can be looked at that are open or closed with a passphrase.

    Raises:
        PackageLocked: a passphrase is missing or wrong, or the package is for others.
        PackageDamaged: bytes are not what was written; ``salvageable`` where ``salvage`` would do.
        PackageUntrusted, PackageTooNew, PackageRefused: it cannot be taken.
    """
    with open_package(workspace, path, progress or Silent(), passphrase=passphrase, salvage=salvage) as package:
        return inspecting.look_at(workspace, path, package)


def package_files(places: Sequence[Path]) -> tuple[Path, ...]:
    """The files named, and all packages in the folders named (unfinished ones left aside)."""
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = (Path(folder) / name for folder, _dirs, names in os.walk(place) for name in sorted(names))
            found.extend(sorted(file for file in inside if file.name.lower().endswith(SUFFIX)))
        else:
            found.append(place)
    return tuple(dict.fromkeys(file for file in found if not file.name.endswith(PARTIAL)))


def import_files(
    workspace: Workspace,
    places: Sequence[Path],
    progress: Progress | None = None,
    *,
    salvage: bool = False,
    passphrase: str | None = None,
    dry_run: bool = False,
    point: int = 0,
) -> Received:
    """Import packages (files, and all in folders), each for itself: one bad file never stops the others.

    All that one call takes is one restore point, which can be taken back until the next; with the ``point`` of a call
    just made it belongs to that one. Cancelling keeps the packages
    that were taken whole and leaves the others. ``salvage``: of a damaged package take what is whole; ``dry_run``: only
    tell what would come of each file.

    Raises:
        Cancelled: the person stopped before anything was taken.
    """
    progress = progress or Silent()
    files = package_files(places)
    if not dry_run:
        undoing.tidy(workspace)
        for place in filter(Path.is_dir, places):
            sticks.visit(place)  # what an export that was cut off left there goes
    taking = Taking(workspace, progress, passphrase, salvage, point)
    outcomes: list[Outcome] = []
    left: tuple[Path, ...] = ()
    for number, file in enumerate(files, start=1):
        title = _("Gói {number}/{total}: {name}").format(number=number, total=len(files), name=shown(file))
        try:
            if dry_run:
                seen = inspect(workspace, file, progress, passphrase=passphrase, salvage=salvage)
                outcomes.append(_would(seen))
            else:
                outcomes.append(taking.take(file, title))
        except UserError as error:
            outcomes.append(Outcome(file, error=error))
        except (Cancelled, KeyboardInterrupt):
            if not any(outcome.error is None for outcome in outcomes):
                raise
            left = files[number - 1 :]
            break
    if dry_run:
        return Received(Changes(), tuple(outcomes), left)
    changed = any(outcome.error is None for outcome in outcomes)
    return Received(EVERYTHING if changed else Changes(), _with_missing(workspace, outcomes), left, taking.import_id)


def _would(seen: Preview) -> Outcome:
    """What would come of a package that was looked at."""
    return Outcome(
        path=seen.path,
        package_id=seen.package_id,
        unit=seen.unit,
        applied=seen.new_changes,
        already_had=seen.already_had,
        blobs=seen.new_blobs,
        waiting=seen.waiting,
        damaged=seen.damaged,
        repaired=seen.repaired,
        sender=seen.sender,
        new_sender=seen.sender_state == "new",
        conflicts=sum(line.conflicted for line in seen.lines),
        already=seen.already,
        notes=seen.warnings,
        preview=seen,
    )


def _with_missing(workspace: Workspace, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Name the evidence that is still missing when all packages are in: what one lacks another may have brought."""
    units = {outcome.unit.code for outcome in outcomes if outcome.unit is not None}
    with workspace.store.read() as work:
        missing = {
            unit: tuple(item.shown for item in partners.missing_evidence(workspace, work, unit)) for unit in units
        }
    return tuple(
        replace(outcome, missing=missing[outcome.unit.code]) if outcome.unit is not None else outcome
        for outcome in outcomes
    )
