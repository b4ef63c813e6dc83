"""The changes of a package: one canonical JSON line each, zstd around them, and what must hold between them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_desktop.exchange import strict
from ntm_desktop.exchange.header import HEX_32, SHA256
from ntm_desktop.exchange.heads import check_head
from ntm_desktop.exchange.limits import BIGGEST_NUMBER, KIB, Limits
from ntm_desktop.exchange.manifest import Entry, Manifest
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.model.changes import (
    GENESIS,
    Change,
    ChangeMalformed,
    VersionVector,
    canonical_json,
    change_from_json,
)
from ntm_desktop.model.devices import Head
from ntm_desktop.model.progress import Progress

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

_LEVEL = 6
_PIECE = 256 * KIB
_REPORT_EVERY = 500


class ChangesInvalid(ValueError):
    """Changes that cannot be one unit's journal.

    ``code`` is one of form, unit, gap, chain, vector, head, size; ``subject`` names what it is about: the number of a
    line, a unit, a device.
    """

    def __init__(self, code: str, subject: str) -> None:
        super().__init__(code, subject)
        self.code = code
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Encoded:
    """The changes as zstd packs them; ``size`` and ``sha256`` are those of the plain lines."""

    packed: bytes
    size: int
    sha256: str
    count: int


class Succession:
    """Checks changes one after the other: one unit, each device's counter without gap, its hash chain unbroken."""

    def __init__(self, unit: str, vector_from: VersionVector, overwrites: int) -> None:
        self._unit = unit
        self._held = dict(vector_from)
        self._hashes: dict[str, str] = {}
        self._overwrites = overwrites

    def take(self, change: Change, line: bytes) -> None:
        """The next change, and its canonical JSON.

        Raises:
            ChangesInvalid: it does not follow.
        """
        if change.unit != self._unit:
            raise ChangesInvalid("unit", change.unit[:40])
        if change.seq != self._held.get(change.device, 0) + 1:
            raise ChangesInvalid("gap", change.device)
        before = self._hashes.get(change.device, GENESIS if change.seq == 1 else None)
        if before is not None and change.previous_hash != before:
            raise ChangesInvalid("chain", change.device)
        self._held[change.device] = change.seq
        self._hashes[change.device] = hashlib.sha256(line).hexdigest()

    def finish(self, vector_to: VersionVector, heads: Iterable[Head]) -> None:
        """After the last change.

        Raises:
            ChangesInvalid: the changes do not lead to ``vector_to``, or not every device's end has its signed head.
        """
        if self._held != dict(vector_to):
            raise ChangesInvalid("vector", "")
        signed = {head.device: head for head in heads}
        for device, last in self._hashes.items():
            head = signed.pop(device, None)
            if head is None or (head.unit, head.seq, head.hash) != (self._unit, self._held[device], last):
                raise ChangesInvalid("head", device)
            if not check_head(head):
                raise ChangesInvalid("head", device)
        if signed:
            raise ChangesInvalid("head", min(signed))


def check_form(change: Change, overwrites: int) -> None:
    """What the format asks of a change beyond its JSON form.

    Raises:
        Malformed: an id, hash, moment or overwritten change is not as it should be.
    """
    HEX_32(change.device, "device")
    SHA256(change.previous_hash, "previous_hash")
    strict.moment(change.at, "at")
    if len(change.overwrites) > overwrites or len(set(change.overwrites)) != len(change.overwrites):
        raise Malformed("overwrites is too long or names a change twice")
    for other in change.overwrites:
        HEX_32(other.device, "overwrites")
        latest = change.seq - 1 if other.device == change.device else BIGGEST_NUMBER
        if not 1 <= other.seq <= latest:
            raise Malformed("overwrites names no earlier change")


def encode(
    changes: Sequence[Change],
    unit: str,
    start: VersionVector,
    end: VersionVector,
    heads: Sequence[Head],
    limits: Limits,
) -> Encoded:
    """The changes as a package holds them.

    Raises:
        ChangesInvalid: they are no journal of ``unit`` that leads from ``start`` to ``end`` with these ``heads``.
    """
    compressor = zstd.ZstdCompressor(
        options={
            zstd.CompressionParameter.compression_level: _LEVEL,
            zstd.CompressionParameter.checksum_flag: 1,
        }
    )
    digest, size = hashlib.sha256(), 0
    packed, items = bytearray(), 0
    succession = Succession(unit, start, limits.overwrites)
    for number, change in enumerate(changes, start=1):
        line = canonical_json(change.to_json())
        try:
            check_form(change, limits.overwrites)
        except Malformed as problem:
            raise ChangesInvalid("form", str(number)) from problem
        succession.take(change, line)
        items += strict.items_in(line)
        digest.update(line + b"\n")
        size += len(line) + 1
        if len(line) > limits.change_bytes or size > limits.changes_bytes or items > limits.json_items:
            raise ChangesInvalid("size", str(number))
        packed += compressor.compress(line + b"\n")
    succession.finish(end, heads)
    packed += compressor.flush()
    return Encoded(bytes(packed), size, digest.hexdigest(), len(changes))


def decode(packed: bytes, manifest: Manifest, limits: Limits, progress: Progress) -> tuple[Change, ...]:
    """The changes of a package whose stored bytes have been verified and, where they were sealed, opened.

    Raises:
        Malformed: the bytes are no such changes, or not those of the manifest.
        ChangesInvalid: they are no journal of the manifest's unit between its vectors.
        Cancelled: the person has asked to stop.
    """
    succession = Succession(manifest.identity.unit_code, manifest.vector_from, limits.overwrites)
    changes: list[Change] = []
    items = limits.json_items
    for line in _lines(packed, manifest.changes, limits):
        if len(changes) == manifest.change_count:
            raise Malformed("more changes than the manifest counts")
        try:
            change = change_from_json(strict.parse(line, limits.json_depth, items))
            check_form(change, limits.overwrites)
        except (Malformed, ChangeMalformed) as problem:
            raise ChangesInvalid("form", str(len(changes) + 1)) from problem
        items -= strict.items_in(line)
        succession.take(change, line)
        changes.append(change)
        if len(changes) % _REPORT_EVERY == 0:
            progress.advance(0)
    if len(changes) != manifest.change_count:
        raise Malformed("fewer changes than the manifest counts")
    succession.finish(manifest.vector_to, manifest.heads)
    return tuple(changes)


def _lines(packed: bytes, entry: Entry, limits: Limits) -> Iterator[bytes]:
    """The plain lines, never unpacking more than the manifest and the limits allow."""
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: limits.window_log}
    decompressor = zstd.ZstdDecompressor(options=options)
    digest, size, pending = hashlib.sha256(), 0, b""
    given = packed
    while not decompressor.eof:
        try:
            piece = decompressor.decompress(given, max_length=_PIECE)
        except zstd.ZstdError as problem:
            raise Malformed(str(problem)) from problem
        if not piece and not decompressor.eof:
            raise Malformed("the compressed changes are cut short")
        given = b""
        size += len(piece)
        if size > entry.size:
            raise Malformed("the changes are larger than the manifest says")
        digest.update(piece)
        *lines, pending = (pending + piece).split(b"\n")
        if len(pending) > limits.change_bytes or any(len(line) > limits.change_bytes for line in lines):
            raise Malformed("a change is too large")
        yield from lines
    if decompressor.unused_data or pending or size != entry.size or digest.hexdigest() != entry.sha256:
        raise Malformed("the changes are not those of the manifest")
