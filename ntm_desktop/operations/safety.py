"""Verify, back up, restore: one file holds database and evidence, verified after writing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ntm_desktop import __version__, paths, wording
from ntm_desktop.errors import (
    BackupInvalid,
    EvidenceRefused,
    StorageFailed,
    StorageFull,
    UserError,
    WorkspaceDamaged,
    WorkspaceExists,
)
from ntm_desktop.evidence import BlobStore
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.operations.overview import LAST_BACKUP
from ntm_desktop.operations.setup import stamp
from ntm_desktop.operations.workspace import DATABASE, Workspace, clear_journals, exists, hold
from ntm_desktop.store.backup import copy_database, integrity_problems
from ntm_desktop.store.store import Store
from ntm_desktop.store.verify import Finding, verify_journal

SUFFIX = ".ntmbackup"
MANIFEST = "backup.json"
FORMAT = 1
PIECE = 1 << 20
SPARE = 32 << 20

_FINDINGS = {
    "chain_broken": N_("Lịch sử của máy {place} bị sửa tại thay đổi {detail}."),
    "chain_gap": N_("Lịch sử của máy {place} thiếu thay đổi {detail}."),
    "chain_end": N_("Lịch sử của máy {place} không kết thúc đúng chỗ đã ghi."),
    "malformed": N_("Thay đổi không hợp lệ của máy {place}: {detail}."),
    "row_missing": N_("Bảng {place} thiếu dòng {detail} so với nhật ký."),
    "row_extra": N_("Bảng {place} có dòng {detail} không có trong nhật ký."),
    "row_differs": N_("Bảng {place} khác nhật ký tại {detail}."),
}


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked and what was found; ``problems`` are finished sentences."""

    problems: tuple[str, ...]
    changes: int
    rows: int
    blobs: int

    @property
    def ok(self) -> bool:
        """True where nothing was found."""
        return not self.problems


def verify(workspace: Workspace, progress: Progress | None = None) -> VerifyReport:
    """Rebuild rows from the journal and compare, check every hash chain, re-hash every evidence file and set."""
    progress = progress or Silent()
    problems = [
        _("Tệp dữ liệu: {detail}.").format(detail=detail) for detail in integrity_problems(workspace.folder / DATABASE)
    ]
    report = verify_journal(workspace.store, _titled(progress, _("Đang đối chiếu nhật ký")))
    problems += [_finding(finding) for finding in report.findings]
    try:
        with workspace.store.read() as work:
            wanted = {sha256: ref.size for sha256, ref in work.rows.blobs().items()}
            needed = work.rows.blobs(removed=False)
            names = work.rows.blob_owners()
            sets = {sha256: entry["size"] for sha256, entry in work.rows.catalogues().items()}
    except (ValueError, TypeError, KeyError):  # rows that cannot be read: named above
        problems.append(_("Chưa kiểm tra được tệp minh chứng vì bảng dữ liệu bị hỏng."))
        return VerifyReport(tuple(problems), report.changes, report.rows, 0)
    progress.start(_("Đang kiểm tra tệp minh chứng"), sum(wanted.values()) + sum(sets.values()), "B")
    for sha256, size in {**wanted, **sets}.items():
        name = names.get(sha256) or _("bộ tiêu chí {hash}").format(hash=sha256[:12])
        if not workspace.blobs.has(sha256):
            if sha256 not in needed and sha256 not in sets:
                continue  # removed before it was ever sent here: packages do not carry what is no proof any more
            problems.append(_("Thiếu tệp {name} trên máy này.").format(name=name))
        elif not workspace.blobs.verify(sha256):
            problems.append(_("Tệp {name} đã bị hỏng (nội dung không khớp mã băm).").format(name=name))
        progress.advance(size)
    return VerifyReport(tuple(problems), report.changes, report.rows, len(wanted) + len(sets))


def _titled(progress: Progress, title: str) -> Progress:
    """The same progress, with this stage's own title (the store knows no language)."""

    class Titled:
        def start(self, _title: str, total: int, unit: str = "") -> None:
            progress.start(title, total, unit)

        def advance(self, amount: int = 1, note: str = "") -> None:
            progress.advance(amount, note)

    return Titled()


def _finding(finding: Finding) -> str:
    return _(_FINDINGS[finding.code]).format(place=finding.place, detail=finding.detail)


# --- backup


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and read back; ``left`` names evidence files that are missing or damaged here."""

    path: Path
    left: tuple[str, ...] = ()


class _Damaged(Exception):
    """A content here is not what its hash says. ``args``: the hash."""


def backup(workspace: Workspace, folder: Path, progress: Progress | None = None) -> BackedUp:
    """Write one file with database and evidence into ``folder``, read it back, and only then give it its name.

    A damaged evidence file does not keep the others from being backed up: it is left out and named.

    Raises:
        StorageFull, StorageFailed: the folder cannot take it; nothing is left there.
        WorkspaceDamaged: a criteria set here is damaged. BackupInvalid: what was read back differs.
    """
    progress = progress or Silent()
    info = workspace.info()
    with workspace.store.read() as work:
        wanted = work.rows.blobs()
        names = work.rows.blob_owners()
        sets = {sha256: entry["size"] for sha256, entry in work.rows.catalogues().items()}
    left = {sha256 for sha256 in wanted if not workspace.blobs.has(sha256)}
    blobs = {sha256: ref.size for sha256, ref in wanted.items() if sha256 not in left} | sets
    moment = datetime.now(UTC).astimezone(wording.VIETNAM)
    target = folder / f"ntm-{info.unit.code}-{moment:%Y%m%d-%H%M%S}{SUFFIX}"
    with _storage(folder), tempfile.TemporaryDirectory(prefix="ntm-backup-", dir=workspace.folder) as scratch:
        folder.mkdir(parents=True, exist_ok=True)
        database = Path(scratch) / DATABASE
        copy_database(workspace.folder / DATABASE, database)
        _check_room(folder, sum(blobs.values()) + database.stat().st_size)
        total = sum(blobs.values()) + database.stat().st_size
        while True:  # once, and once more for each damaged file found on the way
            progress.start(_("Đang sao lưu"), total * 2, "B")
            manifest = _manifest(info.unit.code, info.name, moment, database, blobs)
            try:
                with paths.writing(target) as stream:
                    _write_zip(stream, manifest, database, workspace.blobs, progress)
                    stream.flush()
                    os.fsync(stream.fileno())
                    _read_back(Path(stream.name), progress)
                break
            except _Damaged as error:
                left.add(_left_out(error.args[0], sets))
                del blobs[error.args[0]]
    with workspace.store.write() as work:
        stamp(work, LAST_BACKUP)
    return BackedUp(target, tuple(names.get(sha256, sha256[:12]) for sha256 in sorted(left)))


def _left_out(sha256: str, sets: Mapping[str, int]) -> str:
    """A damaged evidence file is left out; without its criteria set a backup would not open."""
    if sha256 in sets:
        raise WorkspaceDamaged(
            _("Bộ tiêu chí {hash} trên máy này đã bị hỏng nên chưa sao lưu được.").format(hash=sha256[:12]),
            _("Các bản sao lưu cũ giữ nguyên. Hãy nhận lại gói đồng bộ đầy đủ hoặc khôi phục từ bản sao lưu cũ."),
        )
    return sha256


def _manifest(unit: str, name: str, moment: datetime, database: Path, blobs: dict[str, int]) -> dict[str, Any]:
    with open(database, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    files = {DATABASE: {"size": database.stat().st_size, "sha256": digest}}
    files |= {f"blobs/{sha256}": {"size": size, "sha256": sha256} for sha256, size in sorted(blobs.items())}
    return {
        "magic": "NTMBACKUP",
        "format": FORMAT,
        "app_version": __version__,
        "unit": unit,
        "name": name,
        "created_at": moment.isoformat(timespec="seconds"),
        "files": files,
    }


def _write_zip(
    stream: IO[bytes],
    manifest: dict[str, Any],
    database: Path,
    blobs: BlobStore,
    progress: Progress,
) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        for name, facts in manifest["files"].items():
            source = open(database, "rb") if name == DATABASE else blobs.open(facts["sha256"])  # noqa: SIM115
            digest = hashlib.sha256()
            with source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=facts["size"] > 2**31) as entry:
                for piece in _pieces(source):
                    entry.write(piece)
                    digest.update(piece)
                    progress.advance(len(piece))
            if digest.hexdigest() != facts["sha256"]:
                raise _Damaged(facts["sha256"])


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _read_back(file: Path, progress: Progress) -> None:
    with _opened(file) as (archive, manifest):
        for name, facts in manifest["files"].items():
            _check_entry(archive, name, facts, progress)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """A backup with its manifest, read with suspicion."""
    damaged = BackupInvalid(
        _("Tệp {file} không phải bản sao lưu hoặc đã bị hỏng.").format(file=file.name),
        _("Chưa có gì thay đổi. Hãy dùng bản sao lưu khác."),
    )
    try:
        with zipfile.ZipFile(file) as archive:
            facts = archive.getinfo(MANIFEST)
            if facts.file_size > 64 << 20:
                raise damaged
            manifest = json.loads(archive.read(MANIFEST))
            if manifest.get("magic") != "NTMBACKUP":
                raise damaged
            if manifest.get("format") != FORMAT:
                raise BackupInvalid(
                    _("Bản sao lưu {file} được tạo bởi phiên bản mới hơn ({version}).").format(
                        file=file.name, version=manifest.get("app_version", "?")
                    ),
                    _("Chưa có gì thay đổi. Hãy cài phiên bản mới nhất rồi khôi phục lại."),
                )
            if set(archive.namelist()) != {MANIFEST, *manifest["files"]} or DATABASE not in manifest["files"]:
                raise damaged
            yield archive, manifest
    except UserError:
        raise
    except FileNotFoundError as error:
        raise BackupInvalid(_("Không tìm thấy tệp {file}.").format(file=file), _("Chưa có gì thay đổi.")) from error
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        if isinstance(error, OSError) and not isinstance(error, zipfile.BadZipFile) and error.errno is not None:
            raise
        raise damaged from error


def _check_entry(
    archive: zipfile.ZipFile, name: str, facts: dict[str, Any], progress: Progress, copy: IO[bytes] | None = None
) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as entry:
        while piece := entry.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if size > facts["size"]:
                break
            if copy is not None:
                copy.write(piece)
            progress.advance(len(piece))
    if size != facts["size"] or digest.hexdigest() != facts["sha256"]:
        raise _damaged_at(name)


def _damaged_at(name: str) -> BackupInvalid:
    return BackupInvalid(
        _("Bản sao lưu bị hỏng ở {name}.").format(name=name), _("Chưa có gì thay đổi. Hãy dùng bản sao lưu khác.")
    )


# --- restore


def _require_none(folder: Path) -> None:
    if exists(folder):
        raise WorkspaceExists(
            _("Thư mục {folder} đã có dữ liệu.").format(folder=folder),
            _("Dữ liệu cũ giữ nguyên. Hãy khôi phục vào một thư mục trống (--workspace)."),
        )


def restore(file: Path, folder: Path, progress: Progress | None = None) -> Workspace:
    """Make a workspace in ``folder`` from a backup and open it; it writes under new device ids from now on.

    Raises:
        WorkspaceExists: the folder holds a workspace already; it stays as it is.
        BackupInvalid: the file is damaged or none. StorageFull, StorageFailed: the folder cannot take it.
    """
    progress = progress or Silent()
    _require_none(folder)
    with _storage(folder), _opened(file) as (archive, manifest):
        lock = hold(folder)
        try:
            _require_none(folder)
            files: dict[str, dict[str, Any]] = manifest["files"]
            total = sum(facts["size"] for facts in files.values())
            _check_room(folder, total)
            progress.start(_("Đang khôi phục"), total, "B")
            store = BlobStore(folder / "blobs")
            for name, facts in files.items():
                if name != DATABASE:
                    _restore_blob(archive, name, facts, store, progress)
            partial = folder / f"{DATABASE}.partial"
            clear_journals(folder)
            with open(partial, "wb") as copy:
                _check_entry(archive, DATABASE, files[DATABASE], progress, copy)
                copy.flush()
                os.fsync(copy.fileno())
            _make_own(partial)
            paths.replace_file(partial, folder / DATABASE)
        except BaseException:
            (folder / f"{DATABASE}.partial").unlink(missing_ok=True)
            raise
        finally:
            lock.release()
    return Workspace(folder)


def _restore_blob(
    archive: zipfile.ZipFile, name: str, facts: dict[str, Any], store: BlobStore, progress: Progress
) -> None:
    with archive.open(name) as entry:
        try:
            store.put_stream(entry, "application/octet-stream", facts["sha256"], facts["size"], progress)
        except EvidenceRefused as error:
            raise _damaged_at(name) from error


def _make_own(database: Path) -> None:
    """A restored workspace is another device: its original may live on, or have written since."""
    if integrity_problems(database):
        raise BackupInvalid(
            _("Dữ liệu trong bản sao lưu bị hỏng."), _("Chưa có gì thay đổi. Hãy dùng bản sao lưu khác.")
        )
    store = Store(database)
    try:
        with store.write() as work:
            work.local.forget_devices()
            work.local.put("workspace_id", uuid.uuid4().hex)
            unit = work.local.get("unit")
            if unit:
                work.local.own_device(unit)
    finally:
        store.close()


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise StorageFull(
            _("Ổ đĩa của {folder} chỉ còn {free}, cần {needed}.").format(
                folder=folder, free=wording.size_text(free), needed=wording.size_text(needed + SPARE)
            ),
            _("Chưa có gì được ghi. Hãy giải phóng dung lượng hoặc chọn ổ khác."),
        )


@contextmanager
def _storage(folder: Path) -> Iterator[None]:
    """What the drive refuses, as a sentence."""
    try:
        yield
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được vào {folder}: {reason}.").format(folder=folder, reason=wording.system_reason(error)),
            _("Dữ liệu gốc vẫn an toàn. Hãy kiểm tra ổ đĩa và quyền ghi, rồi thử lại."),
        ) from error
