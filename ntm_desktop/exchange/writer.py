"""Writes packages so that the stick shows them whole and verified, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.exchange import drives, part_writer, read_back, sealing, unwritten
from ntm_desktop.exchange.draft import Draft, draft
from ntm_desktop.exchange.limits import MIB
from ntm_desktop.exchange.part_writer import Lock
from ntm_desktop.exchange.parts import Part, split
from ntm_desktop.exchange.plan import PARTIAL, SUFFIX, PackagePlan, package_file_name
from ntm_desktop.exchange.read_back import ReadBackDiffers
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent

# Room for the folder's own growth and for clusters.
_SPARE = MIB


@dataclass(frozen=True, slots=True)
class WrittenPackage:
    """One part of an export that was written and read back; ``manifest_sha256`` binds all that it holds."""

    path: Path
    package_id: str
    size: int
    manifest_sha256: str
    part: int
    parts: int
    blobs: tuple[BlobRef, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most bytes that an export needs on the target, and in how many files."""

    bytes: int
    parts: int


def estimate(plan: PackagePlan) -> Estimate:
    """What :func:`write_packages` needs on the target.

    Raises:
        As :func:`write_packages`, for what it refuses before it writes.
    """
    parts = split(draft(plan))
    return Estimate(sum(part.bound for part in parts) + _SPARE, len(parts))


def write_packages(
    plan: PackagePlan,
    folder: Path,
    progress: Progress | None = None,
    overwrite: bool = False,
    free_space: Callable[[Path], int] = drives.free_space,
) -> tuple[WrittenPackage, ...]:
    """Write ``plan`` into the existing ``folder``: one file, or several where it is larger than one may be.

    All files are written and read back from the medium before the first gets its name. Partial files of earlier tries
    in that folder are removed first.

    Raises:
        StorageFull: too little room; checked before writing, and noticed while writing.
        StorageFailed: the drive is pulled out, read-only, faulty, holds a file of that name, or an evidence file is
            larger than one package may be.
        InvalidInput: the size of a part that was set is too small for the changes alone.
        WorkspaceDamaged: a blob is missing or is not what its hash says, or the changes are no unbroken journal.
        PackageRefused: the plan holds more than packages may.
        Cancelled: the person has asked to stop.
    """
    progress = progress or Silent()
    prepared = draft(plan)
    parts = split(prepared)
    folder = paths.extended(folder)
    targets = [folder / package_file_name(plan, part.number, part.of) for part in parts]
    partials = [target.with_name(target.name + PARTIAL) for target in targets]
    with _storage_faults(folder):
        _check_targets(targets, sum(part.bound for part in parts) + _SPARE, overwrite, free_space)
        lock = _lock(plan)
        try:
            with ThreadPoolExecutor(1) as beside:
                written = [
                    _write(partial, prepared, part, lock, beside, progress)
                    for partial, part in zip(partials, parts, strict=True)
                ]
            for partial, target in zip(partials, targets, strict=True):
                paths.replace_file(partial, target)
        except ReadBackDiffers as problem:
            raise unwritten.written_wrong(folder) from problem
        finally:
            for partial in partials:
                with suppress(OSError):
                    partial.unlink()
    return tuple(replace(each, path=target) for each, target in zip(written, targets, strict=True))


@contextmanager
def _storage_faults(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise unwritten.storage(folder, problem) from problem


def _check_targets(targets: Sequence[Path], needed: int, overwrite: bool, free_space: Callable[[Path], int]) -> None:
    folder = targets[0].parent
    for target in targets:
        if not overwrite and os.path.lexists(target):
            raise unwritten.exists_already(target)
    for leftover in folder.iterdir():
        if leftover.name.endswith(SUFFIX + PARTIAL):
            with suppress(OSError):
                leftover.unlink()
    free = free_space(folder)
    if free < needed:
        raise unwritten.too_little_space(folder, needed, free)


def _lock(plan: PackagePlan) -> Lock:
    """Who can open it; a passphrase opens an identity made for this export, so that the slow work is done once."""
    recipients = tuple(recipient.age for recipient in plan.recipients)
    if plan.passphrase is None:
        return Lock(recipients)
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    key = sealing.passphrase_wrap(str(identity), plan.passphrase)
    return Lock((*recipients, str(identity.to_public())), key)


def _write(
    partial: Path, prepared: Draft, part: Part, lock: Lock, beside: Executor, progress: Progress
) -> WrittenPackage:
    """One part under its partial name, whole and verified."""
    titles = _("Đang ghi gói"), _("Đang kiểm tra gói vừa ghi")
    if part.of > 1:
        which = _(" (phần {number}/{total})").format(number=part.number, total=part.of)
        titles = titles[0] + which, titles[1] + which
    # Never through a link that somebody left under this name: "x" makes a new file or fails.
    with open(partial, "x+b", buffering=0) as stream:
        progress.start(titles[0], sum(blob.ref.size for blob in part.evidence), "B")
        written = part_writer.write_entries(stream, prepared, part, lock, beside, progress.advance)
        progress.start(titles[1], written.layout.offsets[-1], "B")
        size = read_back.finish(stream, written, prepared.recovery, beside, progress.advance)
    header, blobs = written.header, tuple(blob.ref for blob in part.evidence)
    identity = header.identity
    return WrittenPackage(partial, identity.package_id, size, header.manifest.sha256, part.number, part.of, blobs)
