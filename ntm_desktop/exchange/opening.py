"""One strict pass over a package; each step trusts only what the step before has verified."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop.exchange import journal, layout, refusals, strict
from ntm_desktop.exchange.content import holds
from ntm_desktop.exchange.header import (
    FORMAT,
    HEADER_NAME,
    KEY_NAME,
    Header,
    Stored,
    header_format,
    header_from_json,
)
from ntm_desktop.exchange.journal import ChangesInvalid
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.exchange.limits import Limits
from ntm_desktop.exchange.manifest import EVIDENCE, RECOVERY_NAME, Entry, Manifest, manifest_from_json
from ntm_desktop.exchange.mending import Stretch
from ntm_desktop.exchange.recovery import size_of
from ntm_desktop.exchange.streams import Medium
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.exchange.unlock import Opener
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change
from ntm_desktop.model.progress import Progress


@dataclass(frozen=True, slots=True)
class Found:
    """A verified package: what it says, and where the bytes of its entries begin and end (those that are whole)."""

    header: Header
    manifest: Manifest
    changes: tuple[Change, ...]
    places: Mapping[str, tuple[int, int]]
    size: int
    damaged: tuple[Entry, ...] = ()
    end_damaged: bool = False

    def touched(self, stretches: Iterable[Stretch]) -> tuple[str, ...]:
        """Names of the entries with bytes in ``stretches``, local headers included."""
        begun = [(each.start, each.start + each.size) for each in stretches]
        before = {name: start - Slot(name, 0).header_size for name, (start, _end) in self.places.items()}
        return tuple(
            name
            for name, (_start, end) in self.places.items()
            if any(first < end and before[name] < last for first, last in begun)
        )


class Opening:
    """Reads a package and believes nothing: every byte of the container is compared, every entry's hash is checked.

    Recovery data and directory are read from ``end`` where that is another medium: of a package whose other bytes were
    mended. Where a package was made with recovery data, damage there is told and does not stop the reading.
    """

    def __init__(self, path: Path, medium: Medium, limits: Limits, opener: Opener, end: Medium | None = None) -> None:
        self._path, self._medium, self._limits, self._opener = path, medium, limits, opener
        self._end = end or medium
        self._crcs: list[int] = []
        self.header, self._slots = self._read_header()
        self._key = self._read_key(self._slots)

    def describe(self) -> Manifest:
        """The manifest; to be called once, before :meth:`verify`.

        Raises:
            PackageLocked: it cannot be opened here.
            PackageRefused: it is damaged or breaks the format.
        """
        self.manifest = self._read_manifest(self._slots, self._key)
        slots = [*self._slots, *(Slot(entry.name, entry.stored_size) for entry in self.manifest.entries)]
        self._first = len(self._slots)
        self._protected = Layout(tuple(slots))
        if self.manifest.recovery:
            slots.append(Slot(RECOVERY_NAME, size_of(self._protected.offsets[-1])))
        self.layout = Layout(tuple(slots))
        if self.layout.total_size > self._limits.package_bytes:
            raise refusals.manifest_wrong(self._path)
        return self.manifest

    def verify(self, progress: Progress, verify_blobs: bool) -> Found:
        """Everything after the manifest, in the order of trust; all that is damaged is named at once."""
        entries = self.manifest.entries
        checked = [entry for entry in entries[1:] if verify_blobs or entry.kind != EVIDENCE]
        total = sum(entry.stored_size for entry in (entries[0], *checked))
        progress.start(_("Đang kiểm tra gói"), total, "B")
        changes = self._read_changes(progress)
        names = refusals.file_names(changes)
        too_long = self._end.size > self.layout.total_size and not self.manifest.recovery
        if too_long or self._medium.size < self._protected.offsets[-1]:
            raise self._other_length()
        damaged = self._read_entries({entry.name for entry in checked}, names, progress)
        if damaged:
            raise refusals.entries_damaged(self._path, damaged, names)
        end_damaged = not self._end_is_right(progress.advance)
        if end_damaged and not self.manifest.recovery:
            if self._end.size < self.layout.total_size:
                raise self._other_length()
            raise refusals.directory_damaged(self._path)
        layout, slots = self._protected, self._protected.slots
        places = {slot.name: (layout.data_offset(at), layout.offsets[at + 1]) for at, slot in enumerate(slots)}
        return Found(self.header, self.manifest, changes, places, self.layout.total_size, (), end_damaged)

    def _other_length(self) -> Exception:
        if self._end.size > self.layout.total_size:
            return refusals.too_long(self._path)
        return refusals.cut_short(self._path, self._end.size, self.layout.total_size)

    # --- what describes the rest ----------------------------------------------------------------------------------

    def _read_header(self) -> tuple[Header, list[Slot]]:
        start = layout.read_local_header(self._medium.read(0, layout.LOCAL_SIZE))
        if start is None or start.name_size != len(HEADER_NAME) or start.size > self._limits.header_bytes:
            raise refusals.no_package(self._path)
        slot = Slot(HEADER_NAME, start.size)
        local = self._medium.read(0, slot.header_size)
        if local[layout.LOCAL_SIZE :] != HEADER_NAME.encode():
            raise refusals.no_package(self._path)
        data = self._medium.read(slot.header_size, start.size)
        if len(data) != start.size or zlib.crc32(data) != start.crc:
            raise refusals.header_damaged(self._path)
        header = read_header(self._path, data, self._limits)
        if layout.local_header(slot, start.crc) != local:
            raise refusals.header_damaged(self._path)
        self._crcs.append(start.crc)
        return header, [slot]

    def _read_key(self, slots: list[Slot]) -> bytes:
        stored = self.header.locked_key
        if stored is None:
            return b""
        slots.append(Slot(KEY_NAME, stored.size))
        return self._described(slots, stored, refusals.key_damaged(self._path))

    def _read_manifest(self, slots: list[Slot], key: bytes) -> Manifest:
        stored, name = self.header.manifest, self.header.manifest_name
        padding = self.header.front - Layout((*slots, Slot(name, stored.size, 0))).offsets[-1]
        if not 0 <= padding <= self._limits.padding:
            raise refusals.header_wrong(self._path)
        slots.append(Slot(name, stored.size, padding))
        data = self._described(slots, stored, refusals.manifest_damaged(self._path))
        plain = self._opener.manifest(self.header, key, data)
        return read_manifest(self._path, plain, self.header, self._limits)

    def _described(self, slots: Sequence[Slot], stored: Stored, damaged: Exception) -> bytes:
        """The bytes of the last of ``slots``, which the header vouches for."""
        start, last = Layout(tuple(slots)), len(slots) - 1
        data = self._medium.read(start.data_offset(last), stored.size)
        if len(data) != stored.size:
            raise refusals.cut_short(self._path, self._medium.size)
        crc = zlib.crc32(data)
        local = self._medium.read(start.offsets[last], slots[last].header_size)
        if hashlib.sha256(data).hexdigest() != stored.sha256 or start.local_header(last, crc) != local:
            raise damaged
        self._crcs.append(crc)
        return data

    # --- what it describes ----------------------------------------------------------------------------------------

    def _read_changes(self, progress: Progress) -> tuple[Change, ...]:
        entry = self.manifest.changes
        stored = Stored(entry.stored_size, entry.stored_sha256)
        slots = self._protected.slots[: self._first + 1]
        data = self._described(slots, stored, refusals.changes_damaged(self._path))
        return read_changes(self._path, data, self.header, self.manifest, self._limits, self._opener, progress)

    def _read_entries(self, checked: set[str], names: Mapping[str, str], progress: Progress) -> list[Entry]:
        """Every entry after the changes; the CRCs of those that are not ``checked`` are taken as they stand."""
        damaged: list[Entry] = []
        with ThreadPoolExecutor(3) as beside:
            for index, entry in enumerate(self.manifest.entries[1:], start=self._first + 1):
                crc = self._crc_of(index)
                self._crcs.append(crc or 0)
                at = self.layout.data_offset(index)
                if crc is None:
                    damaged.append(entry)
                elif entry.name in checked:
                    window = self._medium.pieces(at, entry.stored_size)
                    found = holds(window, entry, self._opener.identities, beside, progress.advance)
                    if found.stored is None or found.stored.crc != crc:
                        damaged.append(entry)
                    elif not found.plain_too:
                        raise refusals.contents_wrong(self._path, entry, names)
        return damaged

    def _crc_of(self, index: int, medium: Medium | None = None) -> int | None:
        """The CRC in an entry's local header; None where the header is not as it must be."""
        slot = self.layout.slots[index]
        local = (medium or self._medium).read(self.layout.offsets[index], slot.header_size)
        start = layout.read_local_header(local[: layout.LOCAL_SIZE])
        return start.crc if start and layout.local_header(slot, start.crc) == local else None

    def _end_is_right(self, advance: Callable[[int], None]) -> bool:
        """Recovery data and directory, byte by byte."""
        if self._end.size != self.layout.total_size:
            return False
        crcs = list(self._crcs)
        if self.manifest.recovery:
            last = len(self.layout.slots) - 1
            crc = self._crc_of(last, self._end)
            with ThreadPoolExecutor(1) as beside:
                at, size = self.layout.data_offset(last), self.layout.slots[last].size
                if crc is None or self._end.sums(at, size, beside, lambda _size: advance(0)).crc != crc:
                    return False
            crcs.append(crc)
        start = self.layout.offsets[-1]
        return self._end.read(start, self.layout.total_size - start) == self.layout.directory(crcs)


def read_header(path: Path, data: bytes, limits: Limits) -> Header:
    """The header in the bytes of its entry, signature included.

    Raises:
        PackageRefused: it is none, breaks the format, or is of a later format.
        PackageUntrusted: the signature is not good.
    """
    try:
        loose = strict.parse_loosely(data, limits.json_depth, limits.json_items)
    except Malformed as problem:
        raise refusals.header_wrong(path) from problem
    number = header_format(loose)
    if number is None:
        raise refusals.no_package(path)
    if number > FORMAT:
        version = loose.get("app_version")
        raise refusals.too_new(path, number, version if isinstance(version, str) else "")
    try:
        header = header_from_json(strict.parse(data, limits.json_depth, limits.json_items), limits)
    except Malformed as problem:
        raise refusals.header_wrong(path) from problem
    if not header.genuine:
        raise refusals.forged(path)
    return header


def read_manifest(path: Path, plain: bytes, header: Header, limits: Limits) -> Manifest:
    """The manifest in its plain bytes.

    Raises:
        PackageRefused: it breaks the format, or contradicts the header.
    """
    try:
        manifest = manifest_from_json(strict.parse(plain, limits.json_depth, limits.json_items), limits)
    except Malformed as problem:
        raise refusals.manifest_wrong(path) from problem
    if manifest.identity != header.identity or manifest.sealed != header.sealed:
        raise refusals.manifest_wrong(path)
    return manifest


def read_changes(
    path: Path,
    stored: bytes,
    header: Header,
    manifest: Manifest,
    limits: Limits,
    opener: Opener,
    progress: Progress,
) -> tuple[Change, ...]:
    """The changes in the verified bytes of their entry.

    Raises:
        PackageRefused: they are no journal of the unit with signed ends.
    """
    packed = opener.changes(header, stored)
    try:
        changes = journal.decode(packed, manifest, limits, progress)
    except ChangesInvalid as problem:
        raise refusals.changes_wrong(path, problem) from problem
    except Malformed as problem:
        raise refusals.changes_wrong(path, None) from problem
    progress.advance(len(stored))
    return changes
