"""Receiving packages: inspect before applying, import each file for itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ntm_desktop.errors import (
    CatalogueInvalid,
    EvidenceRefused,
    PackageGap,
    PackageRefused,
    UserError,
    WorkspaceDamaged,
)
from ntm_desktop.exchange import PARTIAL, SUFFIX, Package, read_package
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import ChangeMalformed
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Cancelled, Progress, Silent
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import previewing
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.previewing import PreviewLine
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.journal import HistoryGap, HistoryRewritten, RecordOfOtherUnit
from ntm_desktop.store.local import PackageRecord
from ntm_desktop.store.store import UnitOfWork, utc_now

RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a package holds and what would change here; nothing has been written."""

    path: Path
    package_id: str
    unit: Unit
    sender: str
    created_at: datetime
    changes: int
    new_changes: int
    blobs: int
    new_blobs: int
    size: int
    lines: tuple[PreviewLine, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file. ``applied`` and ``already_had`` count changes; ``error`` means that nothing was taken."""

    path: Path
    package_id: str = ""
    unit: Unit | None = None
    applied: int = 0
    already_had: int = 0
    blobs: int = 0
    missing: tuple[str, ...] = ()  # names of evidence files that are named but not here
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What came of all files; ``left`` were not reached, because the person asked to stop."""

    changes: Changes
    outcomes: tuple[Outcome, ...]
    left: tuple[Path, ...] = ()


def inspect(workspace: Workspace | None, path: Path, progress: Progress | None = None) -> Preview:
    """Verify a whole package and tell what would change here; nothing is written.

    Raises:
        PackageRefused, PackageTooNew, PackageGap: it cannot be taken.
    """
    with read_package(path, progress or Silent()) as package:
        unit = unit_of(package.manifest.identity.unit_code)
        new_changes, new_blobs = len(package.changes), len(package.blobs)
        lines: tuple[PreviewLine, ...] = ()
        warnings: tuple[str, ...] = ()
        if workspace is not None:
            with workspace.store.read() as work, _Refusing(path):
                warnings = _check_unit(work, path, unit)
                fresh, _held = work.journal.sort_out(package.changes)
                new_changes = len(fresh)
                foreseen = work.journal.foresee(fresh)
                lines = previewing.lines(workspace, work, package, foreseen)
            new_blobs = sum(not workspace.blobs.has(ref.sha256) for ref in package.blobs)
        return Preview(
            path=path,
            package_id=package.manifest.identity.package_id,
            unit=unit,
            sender=package.manifest.device_name,
            created_at=datetime.fromisoformat(package.manifest.created_at),
            changes=len(package.changes),
            new_changes=new_changes,
            blobs=len(package.blobs),
            new_blobs=new_blobs,
            size=package.size,
            lines=lines,
            warnings=warnings,
        )


class _Refusing:
    """Turns what the journal refuses into a sentence about the package."""

    def __init__(self, path: Path) -> None:
        self._name = path.name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        safe = _("Cả gói không được nhận, dữ liệu trên máy này không thay đổi.")
        if isinstance(error, HistoryGap):
            raise PackageGap(
                _("Gói {name} nối tiếp một gói trước mà máy này chưa nhận (thiếu thay đổi {first}–{last}).").format(
                    name=self._name, first=error.args[1], last=error.args[2]
                ),
                safe + " " + _("Hãy nhận gói trước, hoặc đề nghị nơi gửi xuất lại toàn bộ («Gửi toàn bộ», --full)."),
            ) from error
        if isinstance(error, HistoryRewritten):
            raise PackageRefused(
                _("Gói {name} có lịch sử thay đổi khác với lịch sử đã nhận từ cùng một máy.").format(name=self._name),
                safe + " " + _("Có thể máy gửi đã được khôi phục từ bản cũ. Hãy liên hệ nơi gửi trước khi nhận."),
            ) from error
        if isinstance(error, CatalogueInvalid | WorkspaceDamaged):
            raise PackageRefused(
                _("Gói {name} thiếu hoặc có bộ tiêu chí không đọc được.").format(name=self._name),
                safe + " " + _("Hãy đề nghị nơi gửi xuất lại toàn bộ («Gửi toàn bộ», --full)."),
            ) from error
        if isinstance(error, RecordOfOtherUnit | ChangeMalformed):
            raise PackageRefused(
                _("Gói {name} chứa thay đổi không hợp lệ hoặc của đơn vị khác.").format(name=self._name),
                safe + " " + _("Hãy đề nghị nơi gửi xuất lại gói bằng phần mềm mới nhất."),
            ) from error


def _check_unit(work: UnitOfWork, path: Path, unit: Unit) -> tuple[str, ...]:
    """A commune takes packages of its own unit only; an office is warned about other provinces."""
    own = unit_of(work.local.get("unit"))
    if Role(work.local.get("role")) is Role.COMMUNE:
        if unit.code != own.code:
            raise PackageRefused(
                _("Gói {name} là của {unit}, không phải của {own}.").format(
                    name=path.name, unit=unit.place, own=own.place
                ),
                _("Chưa có gì thay đổi. Hãy kiểm tra lại USB hoặc chuyển gói tới đúng nơi nhận."),
            )
        return ()
    if unit.province_code != own.province_code:
        return (_("{unit} không thuộc {own}.").format(unit=unit.place, own=own.province_name or own.full_name),)
    return ()


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


def import_files(workspace: Workspace, places: Sequence[Path], progress: Progress | None = None) -> Received:
    """Import packages (files, and all in folders), each for itself: one bad file never stops the others.

    Cancelling keeps the packages that were taken whole and leaves the others.

    Raises:
        Cancelled: the person stopped before anything was taken.
    """
    progress = progress or Silent()
    files = package_files(places)
    outcomes: list[Outcome] = []
    left: tuple[Path, ...] = ()
    for number, file in enumerate(files, start=1):
        title = _("Gói {number}/{total}: {name}").format(number=number, total=len(files), name=file.name)
        try:
            outcomes.append(_import_one(workspace, file, title, progress))
        except UserError as error:
            outcomes.append(Outcome(file, error=error))
        except (Cancelled, KeyboardInterrupt):
            if not any(outcome.error is None for outcome in outcomes):
                raise
            left = files[number - 1 :]
            break
    changed = any(outcome.applied or outcome.blobs for outcome in outcomes)
    return Received(EVERYTHING if changed else Changes(), tuple(outcomes), left)


def _import_one(workspace: Workspace, file: Path, title: str, progress: Progress) -> Outcome:
    """Verify, store the blobs, apply in one transaction; on any failure everything is as it was."""
    with read_package(file, Silent(), verify_blobs=False) as package:
        unit = unit_of(package.manifest.identity.unit_code)
        with workspace.store.read() as work, _Refusing(file):
            _check_unit(work, file, unit)
            work.journal.sort_out(package.changes)
        stored: list[str] = []
        try:
            progress.start(title, sum(ref.size for ref in package.blobs), "B")
            for ref in (*package.catalogues, *package.blobs):
                _store_blob(workspace, package, ref, stored, progress)
            with workspace.store.write() as work, _Refusing(file):
                absorbed = work.journal.absorb(package.changes)
                _check_catalogues(workspace, work, package)
                work.local.record_package(_record(package, file, len(absorbed.applied)))
                names = _missing(workspace, work, unit.code)
        except BaseException:
            workspace.forget(stored)
            raise
    evidence = {ref.sha256 for ref in package.blobs}
    return Outcome(
        path=file,
        package_id=package.manifest.identity.package_id,
        unit=unit,
        applied=len(absorbed.applied),
        already_had=absorbed.already_had,
        blobs=len(evidence & set(stored)),
        missing=names,
    )


def _store_blob(workspace: Workspace, package: Package, ref: BlobRef, stored: list[str], progress: Progress) -> None:
    if workspace.blobs.verify(ref.sha256):  # a damaged one is mended by what the package brings
        progress.advance(ref.size)
        return
    held = workspace.blobs.has(ref.sha256)
    try:
        with package.open(ref) as stream:
            workspace.blobs.put_stream(stream, ref.media_type, ref.sha256, ref.size, progress)
    except EvidenceRefused as error:  # other content than it says: that may be content which is held already
        raise package.damaged(ref) from error
    if not held:
        stored.append(ref.sha256)


def _check_catalogues(workspace: Workspace, work: UnitOfWork, package: Package) -> None:
    """The sets that the package brings, and those by which its unit is judged now, must be here and readable.

    One that an assessment was judged by before does not travel and is not asked for.

    Raises:
        WorkspaceDamaged: one is not.
    """
    judged_by = {item.catalogue_sha256 for item in work.rows.assessments(package.manifest.identity.unit_code)}
    for sha256 in {*judged_by, *(ref.sha256 for ref in package.catalogues)}:
        workspace.catalogue_by_hash(sha256)


def _record(package: Package, file: Path, applied: int) -> PackageRecord:
    identity = package.manifest.identity
    return PackageRecord(
        package_id=identity.package_id,
        direction=RECEIVED,
        unit=identity.unit_code,
        device=identity.device,
        sequence=identity.sequence,
        at=utc_now(),
        path=str(file),
        changes=applied,
        blobs=len(package.blobs),
        vector=package.manifest.vector_to,
    )


def _missing(workspace: Workspace, work: UnitOfWork, unit: str) -> tuple[str, ...]:
    """Names of evidence files that rows name and that are not here."""
    return tuple(
        item.file_name
        for assessment in work.rows.assessments(unit)
        for item in work.rows.evidence(assessment.assessment_id)
        if not workspace.blobs.has(item.blob.sha256)
    )
