"""Recovery data: the last entry of a package, from which lost parts of everything before it are reckoned again.

The bytes before the entry are cut into stripes, a stripe into shards, and to every stripe belong parity shards from an
erasure code: as many shards of a stripe may be lost as it has parity. Which are lost, an index of their hashes tells.

    index · parity of the first stripe · parity of the second … · the same index again

All sizes follow from one number, that of the protected bytes, which every page of the index carries. So nothing in it
can ask for much, and whoever finds one page, at the place where it says it belongs, knows the whole layout. None of
it is trusted: a package that was mended is checked like any other.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from ntm_desktop.errors import StorageFull
from ntm_desktop.exchange.limits import KIB, MIB
from ntm_desktop.exchange.streams import Piece
from ntm_desktop.i18n import _

MAGIC = b"NTMREC1\n"
HASH_SIZE = 16

# Magic, protected bytes, number of the page; then hashes of shards, then the page's own hash.
PAGE_HEAD = struct.Struct("<8sQI")
HASHES_ON_PAGE = 253
PAGE_SIZE = PAGE_HEAD.size + (HASHES_ON_PAGE + 1) * HASH_SIZE

_STRIPE = 32 * MIB
_SHARDS = 1792  # with its parity below a power of two: the code's working memory is counted in those
_SMALLEST_SHARD, _STEP = KIB, 64
_COLUMN = 32 * _STEP
# What one fault of a medium may destroy. Where stripes are several, faults may be so too: a stripe and its parity,
# which lie far apart, together survive three of them.
_HOLE = MIB
_HOLES_OF_MANY = 3
_SHARE = 10  # one part of parity to so many of content, at least
# Around the end of the content, whose last shard is a short one, a hole touches two shards more than its length tells.
_TOUCHED_MORE = 2
# Before the entry's bytes: the local header of a ZIP, with this name and no extra field.
HEADER_SIZE = 30 + len("recovery")

_ROUNDING = 50  # one part in so many; seen: one in 67
_IN_MEMORY = 4 * MIB


def available() -> bool:
    """True where the erasure code's library is installed; there are Pythons for which it is not made."""
    return importlib.util.find_spec("reed_solomon_leopard") is not None


def short_hash(content: bytes | memoryview) -> bytes:
    """What the index says of a shard: against chance, not against an enemy."""
    return hashlib.sha256(content).digest()[:HASH_SIZE]


@dataclass(frozen=True)
class Layout:
    """Where everything lies in the recovery entry of a package with ``protected`` bytes before it.

    ``shard`` bytes to a shard, ``data`` shards to a stripe (the last stripe may have fewer, the last shard is filled up
    with zero bytes), ``parity`` parity shards to every stripe.
    """

    protected: int
    shard: int
    data: int
    parity: int

    @cached_property
    def shards(self) -> int:
        """Shards of content."""
        return -(-self.protected // self.shard)

    @cached_property
    def stripes(self) -> int:
        """Stripes."""
        return -(-self.shards // self.data)

    def data_in(self, stripe: int) -> int:
        """Shards of content in a stripe."""
        return min(self.data, self.shards - stripe * self.data)

    @cached_property
    def hashes(self) -> int:
        """Shards of content and parity together: so many hashes has the index."""
        return self.shards + self.stripes * self.parity

    def first_hash(self, stripe: int) -> int:
        """The place of a stripe's first hash: those of its content, then those of its parity."""
        return stripe * (self.data + self.parity)

    @cached_property
    def pages(self) -> int:
        """Pages of the index."""
        return -(-self.hashes // HASHES_ON_PAGE)

    def hashes_on(self, page: int) -> range:
        """The places of the hashes that stand on a page."""
        return range(page * HASHES_ON_PAGE, min((page + 1) * HASHES_ON_PAGE, self.hashes))

    def page_size(self, page: int) -> int:
        """Bytes of a page; all but the last are full."""
        return PAGE_HEAD.size + HASH_SIZE * (len(self.hashes_on(page)) + 1)

    @cached_property
    def index_size(self) -> int:
        """Bytes of one copy of the index."""
        return (self.pages - 1) * PAGE_SIZE + self.page_size(self.pages - 1)

    def parity_offset(self, stripe: int) -> int:
        """Where the parity of a stripe begins in the entry."""
        return self.index_size + stripe * self.parity * self.shard

    def page_offsets(self, page: int) -> tuple[int, int]:
        """Where both copies of a page begin in the entry."""
        return page * PAGE_SIZE, self.parity_offset(self.stripes) + page * PAGE_SIZE

    @cached_property
    def size(self) -> int:
        """Bytes of the whole entry."""
        return self.parity_offset(self.stripes) + self.index_size

    @property
    def start(self) -> int:
        """Where the entry's bytes begin in the package."""
        return self.protected + HEADER_SIZE


def plan(protected: int) -> Layout:
    """The layout for a package whose entries before take ``protected`` bytes, 1 or more."""
    stripes = -(-protected // _STRIPE)
    shard = max(_SMALLEST_SHARD, _STEP * -(-protected // (stripes * _SHARDS * _STEP)))
    data = -(-protected // (stripes * shard))
    holes = 1 if stripes == 1 else _HOLES_OF_MANY
    touched = -(-min(_HOLE, protected) // shard) + 1
    return Layout(protected, shard, data, max(-(-data // _SHARE), holes * touched + _TOUCHED_MORE))


def size_of(protected: int) -> int:
    """Bytes that the recovery entry for so many bytes takes."""
    return plan(protected).size


def size_bound(protected: int) -> int:
    """The most that the recovery entry takes for this many bytes or fewer: rounding makes some smaller ones dearer."""
    size = size_of(protected)
    return size + size // _ROUNDING


class Protector:
    """Reckons the recovery entry from the protected bytes as they pass; holds one stripe and its parity in memory."""

    def __init__(self, protected: int) -> None:
        self.layout = plan(protected)
        self._shards: list[bytes] = []
        self._part = b""
        self._passed = 0
        self._hashes: list[bytes] = []
        # All parity of the largest package is 400 MB.
        self._parity: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by finish()

    def update(self, piece: Piece) -> None:
        """The next bytes of the package.

        Raises:
            StorageFull: this computer has no room for a temporary file.
        """
        view, size, at = memoryview(piece), self.layout.shard, 0
        self._passed += len(view)
        if self._part:
            at = size - len(self._part)
            self._part += view[:at]
            if len(self._part) < size:
                return
            self._take(self._part)
        while len(view) - at >= size:
            self._take(bytes(view[at : at + size]))
            at += size
        self._part = bytes(view[at:])

    def finish(self) -> Iterator[bytes]:
        """The bytes of the entry, in order and :func:`size_of` of them; to be read to the end.

        Raises:
            ValueError: fewer or more bytes have passed than were said to be protected.
            StorageFull: this computer has no room for a temporary file.
        """
        if self._passed != self.layout.protected:
            raise ValueError(f"{self._passed} bytes instead of {self.layout.protected}")
        if self._part:
            self._take(self._part.ljust(self.layout.shard, b"\0"))
        if self._shards:
            self._end_stripe()
        with self._parity:
            index = list(pages(self.layout, self._hashes))
            yield from index
            self._parity.seek(0)
            yield from iter(lambda: self._parity.read(MIB), b"")
            yield from index

    def _take(self, shard: bytes) -> None:
        self._part = b""
        self._shards.append(shard)
        self._hashes.append(short_hash(shard))
        if len(self._shards) == self.layout.data:
            self._end_stripe()

    def _end_stripe(self) -> None:
        parity = _encoded(self._shards, self.layout)
        self._shards.clear()
        self._hashes.extend(map(short_hash, parity))
        with room_for_temporary_files():
            self._parity.writelines(parity)


def columns(layout: Layout) -> Iterator[slice]:
    """Parts of all shards of a stripe that can be reckoned by themselves: the code works on 64 bytes at a time.

    In one go it would take twice the memory of the stripe.
    """
    return (slice(at, at + _COLUMN) for at in range(0, layout.shard, _COLUMN))


def _encoded(shards: list[bytes], layout: Layout) -> list[bytes]:
    """The parity of a stripe."""
    import reed_solomon_leopard

    parts = (
        reed_solomon_leopard.encode([shard[column] for shard in shards], layout.parity) for column in columns(layout)
    )
    return [b"".join(shard) for shard in zip(*parts, strict=True)]


@contextmanager
def room_for_temporary_files() -> Iterator[None]:
    """Tells a full disk of this computer from a full stick.

    Raises:
        StorageFull: the write inside found no room.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StorageFull(
            _("Không đủ chỗ trống trong thư mục tạm của máy này cho dữ liệu phục hồi của gói."),
            _("Dữ liệu không thay đổi. Hãy giải phóng chỗ trống trên ổ đĩa của máy rồi làm lại."),
        ) from problem


def pages(layout: Layout, hashes: list[bytes]) -> Iterator[bytes]:
    """One copy of the index, page by page."""
    for number in range(layout.pages):
        places = layout.hashes_on(number)
        content = PAGE_HEAD.pack(MAGIC, layout.protected, number) + b"".join(hashes[places.start : places.stop])
        yield content + short_hash(content)


def page_content(layout: Layout, number: int, page: bytes) -> bytes | None:
    """The hashes on a page of the index, one after the other; None where it is damaged, or another's."""
    content, proof = page[:-HASH_SIZE], page[-HASH_SIZE:]
    if len(page) != layout.page_size(number) or short_hash(content) != proof:
        return None
    if PAGE_HEAD.unpack_from(content) != (MAGIC, layout.protected, number):
        return None
    return content[PAGE_HEAD.size :]
