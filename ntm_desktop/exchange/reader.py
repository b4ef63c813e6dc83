"""Reads a package and believes nothing: every byte of the container is compared, every entry's hash is checked."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ntm_desktop import paths
from ntm_desktop.errors import PackageRefused
from ntm_desktop.exchange import journal, layout, refusals, streams, strict
from ntm_desktop.exchange.journal import ChangesInvalid
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.exchange.limits import LIMITS, Limits
from ntm_desktop.exchange.manifest import (
    EVIDENCE,
    FORMAT,
    HEADER_NAME,
    MANIFEST_NAME,
    Header,
    Manifest,
    header_format,
    header_from_json,
    manifest_from_json,
)
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent

# Entries of the ZIP before those that the manifest lists.
_DESCRIPTIONS = 2


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """What a package says about itself."""

    path: Path
    header: Header
    manifest: Manifest
    size: int


@dataclass(frozen=True)
class Package:
    """A verified package, open for reading its blobs: close it, or use it in a ``with`` statement."""

    path: Path
    header: Header
    manifest: Manifest
    size: int
    changes: tuple[Change, ...]
    _stream: BinaryIO
    _layout: Layout

    @property
    def blobs(self) -> tuple[BlobRef, ...]:
        """The evidence files in it."""
        return tuple(entry.ref for entry in self.manifest.evidence)

    @property
    def catalogues(self) -> tuple[BlobRef, ...]:
        """The catalogues in it."""
        return tuple(entry.ref for entry in self.manifest.catalogues)

    def open(self, ref: BlobRef) -> BinaryIO:
        """The bytes of a blob or catalogue, to be read from one thread while the package is open.

        Raises:
            KeyError: the package has no such content.
            PackageRefused: (while reading) the drive does not answer.
        """
        index = self._index(ref)
        start, size = self._layout.data_offset(index), self._layout.slots[index].size
        window = streams.Window(self._stream, start, size, lambda problem: refusals.unreadable(self.path, problem))
        return io.BufferedReader(window, streams.PIECE)

    def damaged(self, ref: BlobRef) -> PackageRefused:
        """The refusal to raise where what :meth:`open` gave does not have the hash of ``ref``."""
        entry = self.manifest.entries[self._index(ref) - _DESCRIPTIONS]
        return refusals.entry_damaged(self.path, entry, file_names(self.changes).get(ref.sha256, ""))

    def close(self) -> None:
        """Give the file back."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _index(self, ref: BlobRef) -> int:
        for index, entry in enumerate(self.manifest.entries[1:], start=_DESCRIPTIONS + 1):
            if entry.sha256 == ref.sha256:
                return index
        raise KeyError(ref.sha256)


def file_names(changes: Iterable[Change]) -> dict[str, str]:
    """The names that the changes give to evidence files, by content hash: for sentences only, never for paths."""
    names: dict[str, str] = {}
    for change in changes:
        if (change.entity, change.field) == ("evidence", "file") and isinstance(change.value, dict):
            sha256, name = change.value.get("sha256"), change.value.get("name")
            if isinstance(sha256, str) and isinstance(name, str):
                names[sha256] = refusals.printable(name)
    return names


def peek(path: Path, limits: Limits = LIMITS) -> PackageInfo:
    """What a package says about itself; header, manifest, size and the ZIP's directory are checked, the content is not.

    Raises:
        PackageRefused: it is no package, or damaged there.
        PackageTooNew: a later format.
    """
    with _faults(path), _open(path) as stream:
        opened = _Opening(path, stream, limits)
        return PackageInfo(path, opened.header, opened.manifest, opened.layout.total_size)


def read_package(
    path: Path, progress: Progress | None = None, limits: Limits = LIMITS, verify_blobs: bool = True
) -> Package:
    """Open a package after checking everything in it.

    With ``verify_blobs=False`` the bytes of the evidence files are left to who copies them (and hashes them then);
    everything else is checked all the same.

    Raises:
        PackageRefused: anything is not as the format and the manifest say; the sentence names what.
        PackageTooNew: a later format.
        Cancelled: the person has asked to stop.
    """
    progress = progress or Silent()
    with _faults(path):
        stream = _open(path)
        try:
            streams.will_read_once(stream)
            opened = _Opening(path, stream, limits)
            changes = opened.verify(progress, verify_blobs)
        except BaseException:
            stream.close()
            raise
    return Package(path, opened.header, opened.manifest, opened.layout.total_size, changes, stream, opened.layout)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as problem:
        raise refusals.missing(path) from problem
    except OSError as problem:
        raise refusals.unreadable(path, problem) from problem


def _open(path: Path) -> BinaryIO:
    try:
        path = paths.extended(path)
        mode = path.stat().st_mode
    except ValueError as problem:  # a name with a null character
        raise refusals.missing(path) from problem
    if not stat.S_ISREG(mode):  # a folder, or a pipe that would never end
        raise refusals.no_package(path)
    return open(path, "rb", buffering=0)


class _Opening:
    """One pass over a package; each step trusts only what the step before has verified."""

    def __init__(self, path: Path, stream: BinaryIO, limits: Limits) -> None:
        self._path, self._stream, self._limits = path, stream, limits
        self._size = os.fstat(stream.fileno()).st_size
        self.header, header_slot, header_crc = self._read_header()
        self.manifest, manifest_crc = self._read_manifest(header_slot)
        slots = [Slot(entry.name, entry.stored_size) for entry in self.manifest.entries]
        self.layout = Layout((header_slot, Slot(MANIFEST_NAME, self.header.manifest_size), *slots))
        if self._size < self.layout.total_size:
            raise refusals.cut_short(path, self._size, self.layout.total_size)
        if self._size > self.layout.total_size:
            raise refusals.too_long(path)
        self._crcs = self._read_directory((header_crc, manifest_crc))

    def verify(self, progress: Progress, verify_blobs: bool) -> tuple[Change, ...]:
        """The changes, after everything was checked."""
        entries = list(enumerate(self.manifest.entries, start=_DESCRIPTIONS))
        checked = [(i, entry) for i, entry in entries if verify_blobs or entry.kind != EVIDENCE]
        total = sum(entry.stored_size for _i, entry in checked)
        progress.start(_("Đang kiểm tra gói"), total, "B")
        changes = self._read_changes(progress)
        names = file_names(changes)
        for index, entry in entries[1:]:
            if self._local_header_differs(index):
                raise refusals.entry_damaged(self._path, entry, names.get(entry.sha256, ""))
        with ThreadPoolExecutor(1) as helper:
            for index, entry in checked[1:]:
                self._stream.seek(self.layout.data_offset(index))
                found = streams.sums(self._stream, entry.stored_size, helper, progress.advance)
                if found != (self._crcs[index], entry.stored_sha256):
                    raise refusals.entry_damaged(self._path, entry, names.get(entry.sha256, ""))
        return changes

    def _read(self, size: int) -> bytes:
        return b"".join(map(bytes, streams.pieces(self._stream, size)))

    def _read_header(self) -> tuple[Header, Slot, int]:
        found = layout.first_local_header(self._read(layout.LOCAL_SIZE))
        if found is None or found.name_size != len(HEADER_NAME) or found.size > self._limits.header_bytes:
            raise refusals.no_package(self._path)
        if self._read(found.name_size) != HEADER_NAME.encode():
            raise refusals.no_package(self._path)
        data = self._read(found.size)
        if len(data) != found.size or zlib.crc32(data) != found.crc:
            raise refusals.header_damaged(self._path)
        slot = Slot(HEADER_NAME, found.size)
        try:
            self._check_format(strict.parse_loosely(data, self._limits.json_depth, self._limits.json_items))
            value = strict.parse(data, self._limits.json_depth, self._limits.json_items)
            header = header_from_json(value, self._limits)
        except Malformed as problem:
            raise refusals.header_damaged(self._path) from problem
        self._stream.seek(0)
        if Layout((slot,)).local_header(0, found.crc) != self._read(layout.LOCAL_SIZE + found.name_size):
            raise refusals.header_damaged(self._path)
        self._stream.seek(found.size, os.SEEK_CUR)
        return header, slot, found.crc

    def _check_format(self, data: object) -> None:
        number = header_format(data)
        if number is None:
            raise refusals.no_package(self._path)
        if number > FORMAT:
            version = data.get("app_version") if isinstance(data, dict) else None
            raise refusals.too_new(self._path, number, version if isinstance(version, str) else "")

    def _read_manifest(self, header_slot: Slot) -> tuple[Manifest, int]:
        start = Layout((header_slot, Slot(MANIFEST_NAME, self.header.manifest_size)))
        local = self._read(len(start.local_header(1, 0)))
        data = self._read(self.header.manifest_size)
        if len(data) != self.header.manifest_size:
            raise refusals.cut_short(self._path, self._size)
        crc = zlib.crc32(data)
        if hashlib.sha256(data).hexdigest() != self.header.manifest_sha256 or start.local_header(1, crc) != local:
            raise refusals.manifest_damaged(self._path)
        try:
            value = strict.parse(data, self._limits.json_depth, self._limits.json_items)
            manifest = manifest_from_json(value, self._limits)
        except Malformed as problem:
            raise refusals.manifest_wrong(self._path) from problem
        if manifest.identity != self.header.identity:
            raise refusals.manifest_wrong(self._path)
        return manifest, crc

    def _read_directory(self, known: tuple[int, int]) -> tuple[int, ...]:
        self._stream.seek(self.layout.offsets[-1])
        directory = self._read(self._size - self.layout.offsets[-1])
        crcs = tuple(self.layout.crcs(directory))
        if crcs[:_DESCRIPTIONS] != known or self.layout.directory(crcs) != directory:
            raise refusals.directory_damaged(self._path)
        return crcs

    def _local_header_differs(self, index: int) -> bool:
        wanted = self.layout.local_header(index, self._crcs[index])
        self._stream.seek(self.layout.offsets[index])
        return self._read(len(wanted)) != wanted

    def _read_changes(self, progress: Progress) -> tuple[Change, ...]:
        entry = self.manifest.changes
        if self._local_header_differs(_DESCRIPTIONS):
            raise refusals.entry_damaged(self._path, entry)
        self._stream.seek(self.layout.data_offset(_DESCRIPTIONS))
        stored = self._read(entry.stored_size)
        sums = (zlib.crc32(stored), hashlib.sha256(stored).hexdigest())
        if sums != (self._crcs[_DESCRIPTIONS], entry.stored_sha256):
            raise refusals.entry_damaged(self._path, entry)
        try:
            changes = journal.decode(stored, self.manifest, self._limits, progress)
        except ChangesInvalid as problem:
            raise refusals.changes_wrong(self._path, problem) from problem
        except Malformed as problem:
            raise refusals.changes_wrong(self._path, None) from problem
        progress.advance(entry.stored_size)
        return changes
