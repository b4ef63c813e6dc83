"""Verify, back up, restore: one file holds database and evidence, verified after writing."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ntm_desktop import __version__, paths, wording
from ntm_desktop.errors import BackupInvalid, EvidenceRefused, WorkspaceDamaged, WorkspaceExists
from ntm_desktop.evidence import BlobStore
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.operations import devices, own_keys
from ntm_desktop.operations.backup_file import (
    FORMAT,
    KEYS,
    MANIFEST,
    SUFFIX,
    check_entry,
    check_room,
    close_keys,
    damaged_at,
    open_keys,
    opened,
    pieces,
    prepare_target,
    storage_faults,
)
from ntm_desktop.operations.overview import LAST_BACKUP
from ntm_desktop.operations.setup import stamp
from ntm_desktop.operations.workspace import DATABASE, SCRATCH, Workspace, clear_journals, exists, hold
from ntm_desktop.store.backup import copy_database, integrity_problems
from ntm_desktop.store.local import KEY
from ntm_desktop.store.store import Store
from ntm_desktop.store.verify import Finding, verify_journal

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


def backup(
    workspace: Workspace, folder: Path, progress: Progress | None = None, passphrase: str | None = None
) -> BackedUp:
    """Write one file with database and evidence into ``folder``, read it back, and only then give it its name.

    With a ``passphrase`` this computer's keys are in it too, closed by it; without, whoever restores it gets new ones.
    A damaged evidence file does not keep the others from being backed up: it is left out and named.

    Raises:
        InvalidInput: the passphrase is too short.
        StorageFull, StorageFailed: the folder cannot take it; nothing is left there.
        WorkspaceDamaged: a criteria set here is damaged. BackupInvalid: what was read back differs.
    """
    progress = progress or Silent()
    keys = close_keys(workspace.keys, passphrase) if passphrase is not None else b""
    info = workspace.info()
    with workspace.store.read() as work:
        wanted = work.rows.blobs()
        names = work.rows.blob_owners()
        sets = {sha256: entry["size"] for sha256, entry in work.rows.catalogues().items()}
    left = {sha256 for sha256 in wanted if not workspace.blobs.has(sha256)}
    blobs = {sha256: workspace.blobs.size(sha256) for sha256 in wanted if sha256 not in left} | sets
    moment = datetime.now(UTC).astimezone(wording.VIETNAM)
    target = folder / f"ntm-{info.unit.code}-{moment:%Y%m%d-%H%M%S}{SUFFIX}"
    with storage_faults(folder), tempfile.TemporaryDirectory(prefix=SCRATCH, dir=workspace.folder) as scratch:
        database = Path(scratch) / DATABASE
        copy_database(workspace.folder / DATABASE, database)
        _vouch(workspace, database)
        total = sum(blobs.values()) + database.stat().st_size
        prepare_target(folder, total)
        while True:  # once, and once more for each damaged file found on the way
            progress.start(_("Đang sao lưu"), total * 2, "B")
            manifest = _manifest(info.unit.code, info.name, moment, database, blobs, keys)
            try:
                with paths.writing(target) as stream:
                    _write_zip(stream, manifest, database, workspace.blobs, keys, progress)
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


def _vouch(workspace: Workspace, database: Path) -> None:
    """Sign in the copy what was written so far: whoever restores it can pass that on, also without these keys."""
    copy = Store(database)
    try:
        with copy.write() as work:
            own_keys.sign_heads(work, workspace.keys)
            devices.remember_own(workspace, work)
    finally:
        copy.close()


def _left_out(sha256: str, sets: Mapping[str, int]) -> str:
    """A damaged evidence file is left out; without its criteria set a backup would not open."""
    if sha256 in sets:
        raise WorkspaceDamaged(
            _("Bộ tiêu chí {hash} trên máy này đã bị hỏng nên chưa sao lưu được.").format(hash=sha256[:12]),
            _("Các bản sao lưu cũ giữ nguyên. Hãy nhận lại gói đồng bộ đầy đủ hoặc khôi phục từ bản sao lưu cũ."),
        )
    return sha256


def _manifest(
    unit: str, name: str, moment: datetime, database: Path, blobs: dict[str, int], keys: bytes
) -> dict[str, Any]:
    with open(database, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    files = {DATABASE: {"size": database.stat().st_size, "sha256": digest}}
    if keys:
        files[KEYS] = {"size": len(keys), "sha256": hashlib.sha256(keys).hexdigest()}
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
    keys: bytes,
    progress: Progress,
) -> None:
    def content(name: str, sha256: str) -> IO[bytes]:
        if name == KEYS:
            return io.BytesIO(keys)
        return open(database, "rb") if name == DATABASE else blobs.open(sha256)

    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        for name, facts in manifest["files"].items():
            digest = hashlib.sha256()
            with (
                content(name, facts["sha256"]) as source,
                archive.open(zipfile.ZipInfo(name), "w", force_zip64=facts["size"] > 2**31) as entry,
            ):
                for piece in pieces(source):
                    entry.write(piece)
                    digest.update(piece)
                    progress.advance(len(piece))
            if digest.hexdigest() != facts["sha256"]:
                raise _Damaged(facts["sha256"])


def _read_back(file: Path, progress: Progress) -> None:
    with opened(file) as (archive, manifest):
        for name, facts in manifest["files"].items():
            check_entry(archive, name, facts, progress)


# --- restore


def _require_none(folder: Path) -> None:
    if exists(folder):
        raise WorkspaceExists(
            _("Thư mục {folder} đã có dữ liệu.").format(folder=folder),
            _("Dữ liệu cũ giữ nguyên. Hãy khôi phục vào một thư mục trống (--workspace)."),
        )


def restore(file: Path, folder: Path, progress: Progress | None = None, passphrase: str | None = None) -> Workspace:
    """Make a workspace in ``folder`` from a backup and open it; it writes under new device ids from now on.

    With its ``passphrase`` the computer's keys come back too: packages sent to them can be opened, and others know this
    computer. Without, it has new keys, and others have to be given its new card.

    Raises:
        WorkspaceExists: the folder holds a workspace already; it stays as it is.
        BackupInvalid: the file is damaged or none. StorageFull, StorageFailed: the folder cannot take it.
        InvalidInput: the passphrase is wrong, or the backup holds no keys.
    """
    progress = progress or Silent()
    _require_none(folder)
    with storage_faults(folder), opened(file) as (archive, manifest):
        keys = open_keys(archive, manifest, passphrase) if passphrase is not None else None
        lock = hold(folder)
        try:
            _require_none(folder)
            files: dict[str, dict[str, Any]] = manifest["files"]
            total = sum(facts["size"] for facts in files.values())
            check_room(folder, total)
            progress.start(_("Đang khôi phục"), total, "B")
            store = BlobStore(folder / "blobs")
            for name, facts in files.items():
                if name not in (DATABASE, KEYS):
                    _restore_blob(archive, name, facts, store, progress)
            partial = folder / f"{DATABASE}.partial"
            clear_journals(folder)
            with open(partial, "wb") as copy:
                check_entry(archive, DATABASE, files[DATABASE], progress, copy)
                copy.flush()
                os.fsync(copy.fileno())
            _take_over(folder, partial, keys)
        except BaseException:
            (folder / f"{DATABASE}.partial").unlink(missing_ok=True)
            raise
        finally:
            lock.release()
    return Workspace(folder)


def _take_over(folder: Path, partial: Path, keys: Keys | None) -> None:
    """Give the database its keys and its name; keys that nobody has seen go again where that fails."""
    keys = own_keys.keep(folder, keys) if keys is not None else own_keys.fresh(folder)
    try:
        _make_own(partial, keys.key)
        paths.replace_file(partial, folder / DATABASE)
    except BaseException:
        own_keys.discard(folder)
        raise


def _restore_blob(
    archive: zipfile.ZipFile, name: str, facts: dict[str, Any], store: BlobStore, progress: Progress
) -> None:
    with archive.open(name) as entry:
        try:
            store.put_stream(entry, "application/octet-stream", facts["sha256"], facts["size"], progress)
        except EvidenceRefused as error:
            raise damaged_at(name) from error


def _make_own(database: Path, key: str) -> None:
    """A restored workspace is another device: its original may live on, or have written since."""
    if integrity_problems(database):
        raise BackupInvalid(
            _("Dữ liệu trong bản sao lưu bị hỏng."), _("Chưa có gì thay đổi. Hãy dùng bản sao lưu khác.")
        )
    store = Store(database)
    try:
        with store.write() as work:
            former = work.local.get(KEY, "")
            work.local.forget_devices()
            work.local.put(KEY, key)
            if former != key:
                own_keys.no_longer_own(work, former)
            work.local.put("workspace_id", uuid.uuid4().hex)
            unit = work.local.get("unit")
            if unit:
                work.local.own_device(unit)
    finally:
        store.close()
