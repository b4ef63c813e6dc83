"""Content-addressed files: ``folder/ab/<sha256>``, written whole and read back, or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ntm_desktop import paths
from ntm_desktop.errors import EvidenceRefused, InvalidInput, NotFound, StorageFailed
from ntm_desktop.evidence.storage import free_bytes, require_space, storage_errors
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent

CHUNK = 1 << 20
PARTIAL = ".partial"
_ABANDONED_AFTER = 600.0  # seconds without a byte written
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SILENT = Silent()


class Readable(Protocol):
    """What content is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Content that is written and verified in the store, but does not count yet: look at it, then keep it."""

    path: Path
    sha256: str
    size: int


class BlobStore:
    """The store of one workspace. Several threads may use it; ``free_space`` tells the bytes free at a folder.

    Writing advances the caller's progress by every byte written (the caller starts the stage) and lets
    :class:`~ntm_desktop.model.progress.Cancelled` pass after cleaning up.
    """

    def __init__(self, folder: Path, free_space: Callable[[Path], int] = free_bytes) -> None:
        self._folder = paths.extended(folder)
        self._free_space = free_space

    def path(self, sha256: str) -> Path:
        """Where the content lies or would lie.

        Raises:
            InvalidInput: this is no SHA-256 in lower-case hex.
        """
        if not _SHA256.fullmatch(sha256):
            raise InvalidInput(_("Mã tệp minh chứng không hợp lệ."), _("Chưa có gì thay đổi."))
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the content is here; not whether it is intact (see :meth:`verify`)."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Bytes of the stored content.

        Raises:
            NotFound: it is not here.
        """
        with _must_be_here():
            return self.path(sha256).stat().st_size

    def open(self, sha256: str) -> BinaryIO:
        """The stored content, for reading.

        Raises:
            NotFound: it is not here.
        """
        with _must_be_here():
            return open(self.path(sha256), "rb")

    def verify(self, sha256: str) -> bool:
        """Whether the content is here and still is what its name says; reads all of it."""
        try:
            return _hash_of(self.path(sha256), _SILENT) == sha256
        except OSError:
            return False

    def all(self) -> Iterator[str]:
        """What is stored, in order."""
        if not self._folder.is_dir():
            return
        for shelf in sorted(self._folder.iterdir()):
            if len(shelf.name) != 2 or not shelf.is_dir():
                continue
            for file in sorted(shelf.iterdir()):
                if _SHA256.fullmatch(file.name) and file.name.startswith(shelf.name):
                    yield file.name

    def put_stream(
        self,
        stream: Readable,
        media_type: str,
        expected_sha256: str | None = None,
        size_hint: int | None = None,
        progress: Progress = _SILENT,
    ) -> BlobRef:
        """Store what the stream gives. Content that is here already is not stored twice; if damaged it is mended.

        Raises:
            EvidenceRefused: the content is not the expected one.
            StorageFull: too little space for ``size_hint``, or the disk filled up.
            StorageFailed: the disk cannot be written, or gives back other bytes than were written.
            OSError: the stream itself cannot be read; as the stream raises it.
        """
        with self.staged(stream, size_hint, progress) as staged:
            if expected_sha256 is not None and staged.sha256 != expected_sha256:
                raise EvidenceRefused(
                    _("Nội dung tệp nhận được không khớp với mã kiểm tra."),
                    _("Tệp này không được lưu; dữ liệu đã có vẫn an toàn. Hãy đề nghị nơi gửi gửi lại."),
                )
            self.keep(staged)
            return BlobRef(staged.sha256, staged.size, media_type)

    def put_file(self, path: Path, media_type: str, progress: Progress = _SILENT) -> BlobRef:
        """Store a file's content; raises as :meth:`put_stream`."""
        with open(paths.extended(path), "rb") as stream:
            return self.put_stream(stream, media_type, size_hint=os.fstat(stream.fileno()).st_size, progress=progress)

    def put_bytes(self, content: bytes, media_type: str) -> BlobRef:
        """Store content that is in memory; raises as :meth:`put_stream`."""
        return self.put_stream(io.BytesIO(content), media_type, size_hint=len(content))

    @contextlib.contextmanager
    def staged(self, stream: Readable, size_hint: int | None = None, progress: Progress = _SILENT) -> Iterator[Staged]:
        """Write and verify content; it is gone at the end of the block unless :meth:`keep` was called on it.

        Raises:
            as :meth:`put_stream`.
        """
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
        require_space(self._folder, size_hint or 0, self._free_space)
        temporary = self._folder / f"{uuid.uuid4().hex}{PARTIAL}"
        try:
            sha256, size = self._write(stream, temporary, progress)
            with storage_errors(self._folder):
                read_back = _hash_of(temporary, progress)
            if read_back != sha256:
                raise StorageFailed(
                    _("Ổ đĩa chứa dữ liệu ghi sai: đọc lại không giống nội dung đã ghi."),
                    _("Tệp này không được lưu; dữ liệu đã có không thay đổi. Hãy sao lưu dữ liệu và kiểm tra ổ đĩa."),
                )
            yield Staged(temporary, sha256, size)
        finally:
            with contextlib.suppress(OSError):
                paths.patiently(lambda: temporary.unlink(missing_ok=True))

    def keep(self, staged: Staged) -> None:
        """Make staged content part of the store, durably.

        Raises:
            StorageFull, StorageFailed: the disk refuses; the store is as before.
        """
        target = self.path(staged.sha256)
        if target.exists() and self.verify(staged.sha256):
            return
        with storage_errors(self._folder):
            if not target.parent.exists():
                target.parent.mkdir(exist_ok=True)
                paths.fsync_directory(self._folder)
            _allow_writing(target)
            paths.replace_file(staged.path, target)
        with contextlib.suppress(OSError):  # FAT and network drives know no such right
            target.chmod(0o444)

    def discard(self, sha256: str) -> None:
        """Remove content that nothing names; none there is no failure.

        Raises:
            StorageFailed: the disk refuses.
        """
        target = self.path(sha256)
        with storage_errors(self._folder):
            _allow_writing(target)
            paths.patiently(lambda: target.unlink(missing_ok=True))

    def clean_partials(self) -> int:
        """Remove what interrupted writing left behind, unless it was written to just now; returns how many."""
        removed = 0
        for partial in self._folder.glob(f"*{PARTIAL}"):
            with contextlib.suppress(OSError):
                # A clock that was set back makes files from the future: those are abandoned too.
                if abs(time.time() - partial.stat().st_mtime) > _ABANDONED_AFTER:
                    partial.unlink()
                    removed += 1
        return removed

    def _write(self, stream: Readable, target: Path, progress: Progress) -> tuple[str, int]:
        digest = hashlib.sha256()
        size = 0
        with storage_errors(self._folder):
            copy = open(target, "xb")  # noqa: SIM115 - closed below; only the disk's own failures are translated
        try:
            while chunk := stream.read(CHUNK):
                with storage_errors(self._folder):
                    copy.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                progress.advance(len(chunk))
            with storage_errors(self._folder):
                copy.flush()
                os.fsync(copy.fileno())
                _forget_cached(copy.fileno())
        finally:
            with storage_errors(self._folder):
                copy.close()
        return digest.hexdigest(), size


def _hash_of(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            progress.advance(0)
    return digest.hexdigest()


def _forget_cached(descriptor: int) -> None:
    """Reading back is to ask the disk, not the system's memory of what was written."""
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _allow_writing(target: Path) -> None:
    """Windows neither replaces nor removes a read-only file."""
    with contextlib.suppress(OSError):
        target.chmod(0o644)


@contextlib.contextmanager
def _must_be_here() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotFound(
            _("Tệp minh chứng không có hoặc không đọc được trên máy này."),
            _("Hãy nhận lại gói có tệp này, thêm lại tệp gốc, hoặc khôi phục từ bản sao lưu."),
        ) from error
