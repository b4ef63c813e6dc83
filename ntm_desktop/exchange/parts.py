"""How evidence is divided into parts, none larger than it may be: by upper bounds, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ntm_desktop.exchange import header, layout, recovery, unwritten
from ntm_desktop.exchange.draft import Draft
from ntm_desktop.exchange.header import HEADER_NAME, KEY_NAME, Stored
from ntm_desktop.exchange.layout import Slot
from ntm_desktop.exchange.limits import LIMITS
from ntm_desktop.exchange.manifest import EVIDENCE, RECOVERY_NAME, Entry
from ntm_desktop.exchange.plan import PlannedBlob
from ntm_desktop.model.changes import canonical_json

_NO_HASH = "0" * 64
_LONGEST_NAME = "e/00000" + header.SEALED
_COMMA = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export; ``first`` says which evidence of the whole export it begins with, ``bound`` its bytes."""

    number: int
    of: int
    evidence: tuple[PlannedBlob, ...]
    first: int
    bound: int


def front_size(draft: Draft, part: int, parts: int, entries: Iterable[Entry], locked_key: Stored | None) -> int:
    """Bytes up to the first entry that the manifest lists, header and manifest being as large as they can get."""
    listed = draft.stored_bound(len(canonical_json(draft.manifest(part, parts, tuple(entries)).to_json())))
    return _front_size(draft, part, parts, listed, locked_key)


def _front_size(draft: Draft, part: int, parts: int, listed: int, locked_key: Stored | None) -> int:
    head = draft.header(part, parts, Stored(listed, _NO_HASH), locked_key, LIMITS.package_bytes)
    slots = [Slot(HEADER_NAME, len(canonical_json(head.to_json()))), Slot(head.manifest_name, listed, padding=0)]
    if locked_key:
        slots.append(Slot(KEY_NAME, locked_key.size))
    return sum(slot.header_size + slot.size for slot in slots)


@dataclass(slots=True)
class _Load:
    """What a part holds so far: bytes of its manifest, of its entries with their local headers, of its directory."""

    manifest: int
    stored: int
    directory: int
    blobs: int = 0

    def with_entry(self, entry: Entry) -> _Load:
        name = Slot(entry.name, entry.stored_size)
        described = len(canonical_json(entry.to_json())) + _COMMA
        listed = layout.directory_size([entry.name]) - layout.directory_size([])
        stored = self.stored + name.header_size + entry.stored_size
        return _Load(self.manifest + described, stored, self.directory + listed, self.blobs + 1)


class _Scale:
    """Sizes of parts of one draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        plan = draft.plan
        self._locked_key = Stored(LIMITS.key_entry_bytes, _NO_HASH) if plan.passphrase is not None else None
        fixed = draft.entries_bound(())
        described = len(canonical_json(draft.manifest(LIMITS.parts, LIMITS.parts, fixed).to_json()))
        names = [HEADER_NAME, KEY_NAME, header.SEALED_MANIFEST_NAME, RECOVERY_NAME, *(entry.name for entry in fixed)]
        stored = sum(Slot(entry.name, 0).header_size + entry.stored_size for entry in fixed)
        # The counts in the manifest grow with the evidence: room for their digits.
        self.empty = _Load(described + 2 * len(str(LIMITS.entries)), stored, layout.directory_size(names), len(fixed))

    def entry(self, blob: PlannedBlob) -> Entry:
        """The entry of an evidence file as long as it can get."""
        return self._draft.entry_bound(EVIDENCE, blob, _LONGEST_NAME)

    def listed(self, load: _Load) -> int:
        """Bytes of the manifest's entry."""
        return self._draft.stored_bound(load.manifest)

    def size(self, load: _Load) -> int:
        """Bytes of the whole file."""
        front = _front_size(self._draft, LIMITS.parts, LIMITS.parts, self.listed(load), self._locked_key)
        protected = front + load.stored
        if self._draft.recovery:
            protected += Slot(RECOVERY_NAME, 0).header_size + recovery.size_bound(protected)
        return protected + load.directory


def split(draft: Draft) -> tuple[Part, ...]:
    """The parts of an export, each with all changes and catalogues and its share of the evidence, in order.

    Raises:
        StorageFailed: an evidence file fits into no part; the sentence names it.
        InvalidInput: not even the changes fit into a part of the size that was set.
        PackageRefused: there would be more parts than may be, or the changes alone are more than a package may hold.
    """
    most = min(draft.plan.part_size or LIMITS.package_bytes, LIMITS.package_bytes)
    shares = list(_shares(draft, most))
    if len(shares) > LIMITS.parts:
        raise unwritten.too_much()
    first, parts = 0, []
    for number, (blobs, bound) in enumerate(shares, start=1):
        parts.append(Part(number, len(shares), blobs, first, bound))
        first += len(blobs)
    return tuple(parts)


def _shares(draft: Draft, most: int) -> Iterator[tuple[tuple[PlannedBlob, ...], int]]:
    scale = _Scale(draft)
    if scale.listed(scale.empty) > LIMITS.manifest_bytes or scale.size(scale.empty) > LIMITS.package_bytes:
        raise unwritten.too_much()
    if scale.size(scale.empty) > most:
        raise unwritten.part_too_small(most, scale.size(scale.empty))

    def fits(load: _Load) -> bool:
        return load.blobs <= LIMITS.entries and scale.listed(load) <= LIMITS.manifest_bytes and scale.size(load) <= most

    load, share = scale.empty, list[PlannedBlob]()
    for number, blob in enumerate(draft.evidence, start=1):
        entry = scale.entry(blob)
        if share and not fits(load.with_entry(entry)):
            yield tuple(share), scale.size(load)
            load, share = scale.empty, []
        load = load.with_entry(entry)
        if not fits(load):
            raise unwritten.blob_too_large(blob.ref, number, draft.names.get(blob.ref.sha256, ""), most)
        share.append(blob)
    yield tuple(share), scale.size(load)
