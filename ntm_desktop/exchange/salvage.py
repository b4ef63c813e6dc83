"""What can still be taken from a damaged package: header, manifest and changes must be whole, evidence need not be.

Entries are looked for where they were written, after the one before them, and where a local header of their name is
found in the file. Only their hashes count; directory, end and check sums of the ZIP do not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ntm_desktop.errors import PackageRefused
from ntm_desktop.exchange import layout, opening, refusals
from ntm_desktop.exchange.content import holds
from ntm_desktop.exchange.header import HEADER_NAME, KEY_NAME, Header, Stored
from ntm_desktop.exchange.layout import LOCAL_SIGNATURE, Slot
from ntm_desktop.exchange.limits import Limits
from ntm_desktop.exchange.manifest import Entry, Manifest
from ntm_desktop.exchange.opening import Found
from ntm_desktop.exchange.streams import PIECE, Medium
from ntm_desktop.exchange.unlock import Opener
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change
from ntm_desktop.model.progress import Progress

_LONGEST_NAME = 40
_NAMES = re.compile(
    rb"header\.json|key\.age|manifest\.(json|age)|changes\.jsonl\.zst(\.age)?|(e|catalogs)/\d{4,5}(\.age)?"
)


@dataclass
class _Places:
    """Where the entries of a damaged file may begin."""

    medium: Medium
    limits: Limits
    progress: Progress
    end: int = field(default=0)  # of the entry that was found last

    @cached_property
    def scanned(self) -> dict[str, list[int]]:
        """Beginnings of the bytes of entries by name, as local headers anywhere in the file tell."""
        found: dict[str, list[int]] = {}
        for at in self._signatures():
            head = self.medium.read(at, layout.LOCAL_SIZE + _LONGEST_NAME)
            start = layout.read_local_header(head[: layout.LOCAL_SIZE])
            name = head[layout.LOCAL_SIZE :][: start.name_size] if start else b""
            if start and _NAMES.fullmatch(name):
                places = found.setdefault(name.decode("ascii"), [])
                if len(places) < self.limits.found:
                    places.append(at + layout.LOCAL_SIZE + start.name_size + start.extra_size)
        return found

    def _signatures(self) -> Iterator[int]:
        """Where local headers seem to begin; what the medium does not give is passed over."""
        before = b""
        for position in range(0, self.medium.size, PIECE):
            try:
                window = before + self.medium.read(position, PIECE)
            except OSError:
                window = b""
            at = window.find(LOCAL_SIGNATURE)
            while at >= 0:
                yield position - len(before) + at
                at = window.find(LOCAL_SIGNATURE, at + 1)
            before = window[1 - len(LOCAL_SIGNATURE) :] if window else b""
            self.progress.advance(0)

    def of(self, name: str, written: int | None = None) -> Iterator[int]:
        """Where the bytes of an entry may begin, the likeliest first; ``written`` is where they once stood."""
        after = self.end + Slot(name, 0).header_size
        tried = [after] if written is None or written == after else [written, after]
        yield from tried
        yield from (at for at in self.scanned.get(name, ()) if at not in tried)


class Salvage:
    """Reads what is whole of a damaged package."""

    def __init__(self, path: Path, medium: Medium, limits: Limits, opener: Opener, progress: Progress) -> None:
        self._path, self._medium, self._limits, self._opener = path, medium, limits, opener
        self._progress = progress
        self._places = _Places(medium, limits, progress)
        self._whole: dict[str, tuple[int, int]] = {}

    def essentials(self) -> tuple[Header, Manifest, tuple[Change, ...]]:
        """What must be whole.

        Raises:
            PackageRefused: it is not.
        """
        header = self._header()
        key = b""
        if header.locked_key:
            key = self._described(KEY_NAME, header.locked_key, refusals.key_damaged(self._path))
        data = self._described(header.manifest_name, header.manifest, refusals.manifest_damaged(self._path))
        plain = self._opener.manifest(header, key, data)
        manifest = opening.read_manifest(self._path, plain, header, self._limits)
        entry = manifest.changes
        stored = Stored(entry.stored_size, entry.stored_sha256)
        data = self._described(entry.name, stored, refusals.changes_damaged(self._path))
        changes = opening.read_changes(self._path, data, header, manifest, self._limits, self._opener, self._progress)
        return header, manifest, changes

    def possible(self) -> bool:
        """True where header, manifest and changes are whole."""
        try:
            self.essentials()
        except PackageRefused:
            return False
        return True

    def search(self) -> Found:
        """Everything that can be found.

        Raises:
            PackageRefused: header, manifest or changes are not whole.
        """
        header, manifest, changes = self.essentials()
        rest = manifest.entries[1:]
        self._progress.start(_("Đang tìm phần còn lành trong gói"), sum(entry.stored_size for entry in rest), "B")
        written = self._places.end  # where each entry stands if everything from the changes on is in its place
        places = dict(self._whole)
        damaged: list[Entry] = []
        with ThreadPoolExecutor(3) as beside:
            for entry in rest:
                written += Slot(entry.name, 0).header_size
                place = self._place(entry, written, beside)
                written += entry.stored_size
                if place is None:
                    damaged.append(entry)
                else:
                    places[entry.name] = place, place + entry.stored_size
                    self._places.end = place + entry.stored_size
        return Found(header, manifest, changes, places, self._medium.size, tuple(damaged), end_damaged=True)

    def _place(self, entry: Entry, written: int, beside: ThreadPoolExecutor) -> int | None:
        """Where an entry stands whole."""
        for at in self._places.of(entry.name, written):
            pieces = self._medium.pieces(at, entry.stored_size)
            try:
                found = holds(pieces, entry, self._opener.identities, beside, lambda _size: self._progress.advance(0))
            except OSError:  # a place that does not answer
                continue
            if found.stored is not None and found.plain_too:
                self._progress.advance(entry.stored_size)
                return at
        self._progress.advance(entry.stored_size)
        return None

    def _header(self) -> Header:
        """The first header that is whole and signed, at the beginning of the file or after it."""
        refusal: PackageRefused | None = None
        for at in (Slot(HEADER_NAME, 0).header_size, *self._places.scanned.get(HEADER_NAME, ())):
            start = layout.read_local_header(self._read(at - Slot(HEADER_NAME, 0).header_size, layout.LOCAL_SIZE))
            if start is None or start.size > self._limits.header_bytes:
                continue
            try:
                header = opening.read_header(self._path, self._read(at, start.size), self._limits)
            except PackageRefused as problem:
                refusal = refusal or problem
                continue
            self._places.end = at + start.size
            self._whole[HEADER_NAME] = at, self._places.end
            return header
        raise refusal or refusals.no_package(self._path)

    def _described(self, name: str, stored: Stored, damaged: PackageRefused) -> bytes:
        """Bytes of an entry that must be whole."""
        for at in self._places.of(name):
            data = self._read(at, stored.size)
            if len(data) == stored.size and hashlib.sha256(data).hexdigest() == stored.sha256:
                self._places.end = at + stored.size
                self._whole[name] = at, self._places.end
                return data
        raise damaged

    def _read(self, at: int, size: int) -> bytes:
        """As the medium gives it; nothing where it does not answer."""
        try:
            return self._medium.read(at, size)
        except OSError:
            return b""
