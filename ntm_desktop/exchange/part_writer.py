"""Writes one part in a single pass: entries first, then header and manifest into the room kept for them in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import IO

from ntm_desktop import paths
from ntm_desktop.exchange import layout, manifest, sealing, streams, strict, unwritten
from ntm_desktop.exchange.draft import Draft
from ntm_desktop.exchange.header import HEADER_NAME, KEY_NAME, Header, Stored, header_from_json
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.exchange.limits import LIMITS, MIB
from ntm_desktop.exchange.manifest import Entry
from ntm_desktop.exchange.parts import Part, front_size
from ntm_desktop.exchange.plan import PlannedBlob
from ntm_desktop.exchange.streams import Sums, Tally, sums_of
from ntm_desktop.model.changes import canonical_json

_STORED_AT_ONCE = 8 * MIB


@dataclass(frozen=True, slots=True)
class Lock:
    """Who can open the entries: ``recipients`` (age1…; none where they are stored as they are), and the content of
    ``key.age`` where one of them is the package's own identity under a passphrase."""

    recipients: tuple[str, ...] = ()
    key: bytes | None = None

    @property
    def stored_key(self) -> Stored | None:
        """Size and hash of ``key.age``."""
        if self.key is None:
            return None
        sums = sums_of(self.key)
        return Stored(sums.size, sums.sha256)


@dataclass(frozen=True, slots=True)
class Written:
    """A part but for its end: where its entries lie, and what they must be found to be."""

    header: Header
    layout: Layout
    sums: tuple[Sums, ...]

    @property
    def crcs(self) -> tuple[int, ...]:
        """What the ZIP notes of the entries."""
        return tuple(sums.crc for sums in self.sums)


def write_entries(
    stream: IO[bytes], draft: Draft, part: Part, lock: Lock, beside: Executor, advance: Callable[[int], None]
) -> Written:
    """Write everything but recovery data and directory into an empty file.

    Raises:
        WorkspaceDamaged: an evidence file is missing or is not what its hash says.
        PackageRefused: it is more than a package may hold.
        OSError: the drive does not take it.
    """
    return _PartWriter(stream, draft, part, lock, beside, advance).write()


class _PartWriter:
    def __init__(
        self,
        stream: IO[bytes],
        draft: Draft,
        part: Part,
        lock: Lock,
        beside: Executor,
        advance: Callable[[int], None],
    ) -> None:
        self._stream, self._draft, self._part, self._lock = stream, draft, part, lock
        self._beside, self._advance = beside, advance
        self._slots: list[Slot] = []
        self._sums: list[Sums] = []
        self._waiting = 0  # bytes that the system may not have begun to store

    def write(self) -> Written:
        """One pass over all content, then back to the front."""
        part, draft = self._part, self._draft
        planned = draft.entries_bound(part.evidence)
        front = front_size(draft, part.number, part.of, planned, self._lock.stored_key)
        streams.write_all(self._stream, bytes(front))
        entries = [self._changes(planned[0])]
        blobs = (*part.evidence, *draft.catalogues)
        for number, (entry, blob) in enumerate(zip(planned[1:], blobs, strict=True)):
            entries.append(self._blob(entry, blob, number))
        header, slots, contents = self._front(front, tuple(entries))
        self._stream.seek(0)
        for slot, content in zip(slots, contents, strict=True):
            streams.write_all(self._stream, layout.local_header(slot, sums_of(content).crc) + content)
        sums = (*(sums_of(content) for content in contents), *self._sums)
        written = Written(header, Layout((*slots, *self._slots)), sums)
        self._stream.seek(written.layout.offsets[-1])
        return written

    def _front(self, room: int, entries: tuple[Entry, ...]) -> tuple[Header, tuple[Slot, ...], tuple[bytes, ...]]:
        """Header, key and manifest, padded so that they fill the room exactly."""
        part, draft, key = self._part, self._draft, self._lock.key
        listed = self._sealed(_checked(draft.manifest(part.number, part.of, entries)))
        if len(listed) > LIMITS.manifest_bytes:
            raise unwritten.too_much()
        sums = sums_of(listed)
        header = draft.header(part.number, part.of, Stored(sums.size, sums.sha256), self._lock.stored_key, room)
        header = header.signed(draft.plan.keys)
        header_from_json(header.to_json(), LIMITS)
        head = canonical_json(header.to_json())
        slots = [Slot(HEADER_NAME, len(head)), *([Slot(KEY_NAME, len(key))] if key is not None else [])]
        slots.append(Slot(header.manifest_name, len(listed), padding=0))
        padding = room - sum(slot.header_size + slot.size for slot in slots)
        if not 0 <= padding <= LIMITS.padding:  # a bound that does not hold: a bug, never the person's situation
            raise ValueError(f"{padding} bytes are left over in front")
        slots[-1] = Slot(header.manifest_name, len(listed), padding)
        return header, tuple(slots), (head, *([key] if key is not None else []), listed)

    def _sealed(self, content: bytes) -> bytes:
        if not self._lock.recipients:
            return content
        pieces: list[bytes] = []
        sealing.seal([content], pieces.append, self._lock.recipients)
        return b"".join(pieces)

    def _changes(self, planned: Entry) -> Entry:
        packed = memoryview(self._draft.encoded.packed)
        size = streams.PIECE
        _plain, stored = self._entry(planned.name, (packed[at : at + size] for at in range(0, len(packed), size)))
        return _stored_as(planned, stored)

    def _blob(self, planned: Entry, blob: PlannedBlob, number: int) -> Entry:
        """One file; ``number`` counts evidence and then catalogues from 0."""
        unusable = self._unusable(blob, number)
        plain, stored = self._entry(planned.name, source(blob, unusable))
        if (plain.size, plain.sha256) != (blob.ref.size, blob.ref.sha256):
            raise unusable
        return _stored_as(planned, stored)

    def _unusable(self, blob: PlannedBlob, number: int) -> Exception:
        evidence = self._part.evidence
        of_all = self._part.first + number if number < len(evidence) else number - len(evidence)
        return unwritten.blob_unusable(of_all + 1, blob.ref, self._draft.names.get(blob.ref.sha256, ""))

    def _entry(self, name: str, content: Iterator[memoryview]) -> tuple[Sums, Sums]:
        """Append an entry; its local header follows when its size and CRC are known. Sums of content and entry."""
        start = self._stream.tell()
        streams.write_all(self._stream, layout.local_header(Slot(name, 0), 0))
        if self._lock.recipients:
            sealed = sealing.seal(self._reported(content), self._write, self._lock.recipients)
            plain, stored = sealed.plain, sealed.stored
        else:
            tally = Tally(self._beside)
            for piece in self._reported(content):
                tally.update(piece)
                self._write(piece)
            plain = stored = tally.result()
        slot, end = Slot(name, stored.size), self._stream.tell()
        self._stream.seek(start)
        streams.write_all(self._stream, layout.local_header(slot, stored.crc))
        self._stream.seek(end)
        self._slots.append(slot)
        self._sums.append(stored)
        return plain, stored

    def _write(self, piece: streams.Piece) -> None:
        streams.write_all(self._stream, piece)
        self._waiting += len(piece)
        if self._waiting >= _STORED_AT_ONCE:
            streams.begin_storing(self._stream, self._stream.tell() - self._waiting, self._waiting)
            self._waiting = 0

    def _reported(self, content: Iterator[memoryview]) -> Iterator[memoryview]:
        for piece in content:
            yield piece
            self._advance(len(piece))


def source(blob: PlannedBlob, unusable: Exception) -> Iterator[memoryview]:
    """The content of a blob; one byte more than planned is enough to notice that it has grown."""
    try:
        with open(paths.extended(blob.path), "rb", buffering=0) as stream:
            streams.will_read_once(stream)
            yield from streams.pieces(stream.readinto, blob.ref.size)
            if stream.read(1):
                raise unusable
    except OSError as problem:
        raise unusable from problem


def _stored_as(planned: Entry, stored: Sums) -> Entry:
    head = (planned.name, planned.kind, planned.media_type, planned.size, planned.sha256)
    return Entry(*head, stored.size, stored.sha256)


def _checked(listed: manifest.Manifest) -> bytes:
    """The manifest's bytes; what no reader would take is a bug here (Malformed), not the person's situation."""
    content = canonical_json(listed.to_json())
    if len(content) > LIMITS.manifest_bytes:
        raise unwritten.too_much()
    manifest.manifest_from_json(strict.parse(content, LIMITS.json_depth, LIMITS.json_items), LIMITS)
    return content
