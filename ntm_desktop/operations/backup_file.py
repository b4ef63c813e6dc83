"""The file of a backup: a ZIP with database, evidence and, under a passphrase, keys; read with suspicion."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from ntm_desktop import wording
from ntm_desktop.errors import BackupInvalid, InvalidInput, StorageFailed, StorageFull, UserError
from ntm_desktop.exchange import drives
from ntm_desktop.exchange.identity import Keys, keys_from_bytes
from ntm_desktop.exchange.passphrase import SealError, TooCostly, WrongPassphrase, passphrase_open, passphrase_wrap
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.i18n import _
from ntm_desktop.model.progress import Progress
from ntm_desktop.operations.own_keys import check_passphrase
from ntm_desktop.operations.workspace import DATABASE

SUFFIX = ".ntmbackup"
MANIFEST = "backup.json"
KEYS = "keys.age"  # opens with any age tool and the passphrase
FORMAT = 1
PIECE = 1 << 20
SPARE = 32 << 20
_LARGEST_KEYS = 64 << 10
_FRAME = 8 << 20  # more than manifest and directory of a backup take


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream in pieces of a MiB."""
    while piece := stream.read(PIECE):
        yield piece


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
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


def check_entry(
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
        raise damaged_at(name)


def damaged_at(name: str) -> BackupInvalid:
    return BackupInvalid(
        _("Bản sao lưu bị hỏng ở {name}.").format(name=name), _("Chưa có gì thay đổi. Hãy dùng bản sao lưu khác.")
    )


# --- keys


def close_keys(keys: Keys, passphrase: str) -> bytes:
    """This computer's keys under a passphrase.

    Raises:
        InvalidInput: the passphrase is too short, or this computer has not the memory to use it.
    """
    check_passphrase(passphrase)
    try:
        return passphrase_wrap(keys.to_bytes().decode(), passphrase)
    except TooCostly as error:
        raise InvalidInput(
            _("Máy này không đủ bộ nhớ để khoá bằng mật khẩu."),
            _("Chưa có gì được ghi. Hãy đóng bớt chương trình khác rồi thử lại."),
        ) from error


def open_keys(archive: zipfile.ZipFile, manifest: dict[str, Any], passphrase: str) -> Keys:
    """The keys in an opened backup.

    Raises:
        InvalidInput: the backup holds none, or the passphrase is another. BackupInvalid: they are damaged.
    """
    facts = manifest["files"].get(KEYS)
    hint = _("Chưa có gì thay đổi. Không có mật khẩu vẫn khôi phục được dữ liệu, khi đó máy này tạo khoá mới.")
    if facts is None:
        raise InvalidInput(_("Bản sao lưu này không kèm khoá của máy nên không cần mật khẩu."), hint)
    if facts["size"] > _LARGEST_KEYS:
        raise damaged_at(KEYS)
    sealed = archive.read(KEYS)
    if hashlib.sha256(sealed).hexdigest() != facts["sha256"]:
        raise damaged_at(KEYS)
    try:
        return keys_from_bytes(passphrase_open(sealed, passphrase).encode())
    except WrongPassphrase as error:
        raise InvalidInput(_("Mật khẩu của bản sao lưu không đúng."), hint) from error
    except TooCostly as error:
        raise InvalidInput(_("Máy này không đủ bộ nhớ để mở khoá trong bản sao lưu."), hint) from error
    except (SealError, Malformed) as error:
        raise damaged_at(KEYS) from error


def holds_keys(file: Path) -> bool:
    """True where a backup has a computer's keys in it, which its passphrase opens.

    Raises:
        BackupInvalid: the file is damaged or no backup. StorageFailed: the drive does not answer.
    """
    with storage_faults(file), opened(file) as (_archive, manifest):
        return KEYS in manifest["files"]


def try_passphrase(file: Path, passphrase: str) -> None:
    """See whether a passphrase opens the keys in a backup.

    Raises:
        InvalidInput: it does not. BackupInvalid: the file is damaged. StorageFailed: the drive does not answer.
    """
    with storage_faults(file), opened(file) as (archive, manifest):
        open_keys(archive, manifest, passphrase)


# --- the drive


def prepare_target(folder: Path, needed: int) -> None:
    """Make the folder, take away what a backup that was cut off left in it, and see that one of this size fits.

    Raises:
        StorageFull: too little room. StorageFailed: the drive takes no file of this size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for partial in folder.glob(f"ntm-*{SUFFIX}.partial"):
        if partial.is_file() and not partial.is_symlink():
            with suppress(OSError):
                partial.unlink()
    check_room(folder, needed)
    if needed + _FRAME > drives.FAT_LARGEST and drives.is_fat(folder):
        raise StorageFailed(
            _(
                "Ổ đĩa của {folder} (định dạng FAT32) không chứa được tệp lớn hơn 4 GB, bản sao lưu cần {needed}."
            ).format(folder=folder, needed=wording.size_text(needed)),
            _("Chưa có gì được ghi. Hãy chọn ổ cứng khác, hoặc USB định dạng exFAT hay NTFS."),
        )


def check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise StorageFull(
            _("Ổ đĩa của {folder} chỉ còn {free}, cần {needed}.").format(
                folder=folder, free=wording.size_text(free), needed=wording.size_text(needed + SPARE)
            ),
            _("Chưa có gì được ghi. Hãy giải phóng dung lượng hoặc chọn ổ khác."),
        )


@contextmanager
def storage_faults(folder: Path) -> Iterator[None]:
    """What the drive refuses, as a sentence."""
    try:
        yield
    except OSError as error:
        raise StorageFailed(
            _("Không ghi được vào {folder}: {reason}.").format(folder=folder, reason=wording.system_reason(error)),
            _("Dữ liệu gốc vẫn an toàn. Hãy kiểm tra ổ đĩa và quyền ghi, rồi thử lại."),
        ) from error
