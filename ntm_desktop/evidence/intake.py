"""From a file that somebody points at to evidence in the store: copied, verified, recognised, or refused."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ntm_desktop import paths, wording
from ntm_desktop.evidence import media
from ntm_desktop.evidence.blobs import CHUNK, BlobStore
from ntm_desktop.evidence.checking import Judged, judge
from ntm_desktop.evidence.names import safe_file_name
from ntm_desktop.evidence.recognise import HEAD, Harm, harm_in
from ntm_desktop.evidence.refusals import Why, refused
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent

# 2 GB less one byte: a package part (3.9 GiB, FAT32) holds at least one such file, and every tool can still open it.
MAX_FILE = 2**31 - 1

_SILENT = Silent()
_RACY = 5.0  # seconds; a FAT stick tells times to 2 s, so a file written just now may change without showing it


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that is in the store now, its name as it may be kept, and sentences that the person should read."""

    ref: BlobRef
    file_name: str
    warnings: tuple[str, ...] = ()


def open_for_reading(path: Path) -> BinaryIO:
    """Open without waiting for the other end of a pipe, patiently while a virus scanner holds the file."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    opened: list[int] = []
    paths.patiently(lambda: opened.append(os.open(path, flags)))
    return os.fdopen(opened[0], "rb", buffering=0)


def intake(
    source: Path,
    store: BlobStore,
    progress: Progress = _SILENT,
    *,
    opening: Callable[[Path], BinaryIO] = open_for_reading,
) -> TakenFile:
    """Take one file. The caller starts the progress stage; it is advanced by the bytes copied.

    The content is checked on the copy that is kept, so what was looked at is what is stored.

    Raises:
        EvidenceRefused: it cannot be evidence, with the reason; nothing has changed.
        StorageFull, StorageFailed: the disk of the workspace; nothing has changed.
        Cancelled: the person stopped; nothing has changed.
    """
    name = safe_file_name(source.name)
    place = paths.extended(source)
    met = _require_ordinary(place, name)
    with _reading_errors(name), contextlib.closing(opening(place)) as stream:
        before = os.fstat(stream.fileno())
        _require_fitting(before, name)
        _require_harmless(stream.read(HEAD), name)
        stream.seek(0)
        with store.staged(_Source(stream, name, before.st_size), before.st_size, progress) as staged:
            _require_unchanged(met, place, name)
            _require_same(before, stream, staged.sha256, name)
            judged: Judged = judge(staged.path, name)
            store.keep(staged)
    return TakenFile(BlobRef(staged.sha256, staged.size, judged.media_type), name, judged.warnings)


class _Source:
    """The file as the store reads it: its failures told apart from those of the store's own disk."""

    def __init__(self, stream: BinaryIO, name: str, size: int) -> None:
        self._stream = stream
        self._name = name
        self._left = size

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes.

        Raises:
            EvidenceRefused: the file vanished, or has become longer than it was.
        """
        try:
            chunk = self._stream.read(size)
        except OSError as error:
            raise refused(Why.VANISHED, self._name) from error
        self._left -= len(chunk)
        if self._left < 0:
            raise refused(Why.CHANGED, self._name)
        return chunk


@contextlib.contextmanager
def _reading_errors(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise refused(Why.MISSING, name) from error
    except PermissionError as error:
        raise refused(Why.NO_RIGHT, name) from error
    except OSError as error:
        raise refused(Why.UNREADABLE, name, reason=wording.system_reason(error)) from error


def _require_ordinary(place: Path, name: str) -> os.stat_result:
    """Only files are opened: opening a pipe or a device may wait for ever, or set something off. Links are followed."""
    if harm_in(b"", media.ending_of(name)) is Harm.SHORTCUT and not place.is_dir():
        raise refused(Why.SHORTCUT, name)
    try:
        facts = place.stat()
    except PermissionError as error:
        raise refused(Why.NO_RIGHT, name) from error
    except (OSError, ValueError) as error:  # not there, a circle of links, a name that is none
        linked = os.path.islink(place)  # noqa: PTH114 - Path.is_symlink raises for names that are too long
        raise refused(Why.BROKEN_LINK if linked else Why.MISSING, name) from error
    if stat.S_ISDIR(facts.st_mode):
        raise refused(Why.FOLDER, name)
    _require_fitting(facts, name)
    return facts


def _require_fitting(facts: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise refused(Why.SPECIAL, name)
    if facts.st_size == 0:
        raise refused(Why.EMPTY, name)
    if facts.st_size > MAX_FILE:
        raise refused(Why.TOO_LARGE, name, size=wording.size_text(facts.st_size), limit=wording.size_text(MAX_FILE))


def _require_harmless(head: bytes, name: str) -> None:
    harm = harm_in(head, media.ending_of(name))
    if harm is Harm.SHORTCUT:
        raise refused(Why.SHORTCUT, name)
    if harm is Harm.PROGRAM:
        raise refused(Why.PROGRAM, name)


def _require_unchanged(met: os.stat_result, place: Path, name: str) -> None:
    """The file is still where it was met, and is the same one."""
    try:
        now = place.stat()
    except OSError as error:
        raise refused(Why.VANISHED, name) from error
    # Paths are compared with paths: Windows numbers a file differently when it is asked through a handle.
    if not os.path.samestat(met, now) or _state(met) != _state(now):
        raise refused(Why.CHANGED, name)


def _require_same(before: os.stat_result, stream: BinaryIO, sha256: str, name: str) -> None:
    """The copy is of one state of what was opened."""
    if _state(os.fstat(stream.fileno())) != _state(before):
        raise refused(Why.CHANGED, name)
    if abs(time.time() - before.st_mtime) > _RACY:
        return
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    if digest.hexdigest() != sha256:
        raise refused(Why.CHANGED, name)


def _state(facts: os.stat_result) -> tuple[int, int]:
    return facts.st_size, facts.st_mtime_ns
