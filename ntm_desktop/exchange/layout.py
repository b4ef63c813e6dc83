"""The bytes of a package around its entries: a ZIP whose every byte follows from names, sizes and CRCs.

The writer writes these bytes; the reader makes them again and compares, so no byte of the container is left to chance.
The ``zipfile`` module of the standard library reads the result (the tests do), but would accept much else. A package
stays below 4 GiB, so the 64-bit forms of the ZIP are not needed and not allowed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

LOCAL_SIGNATURE = b"PK\x03\x04"
PADDING_ID = 0x504E

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_FIELD = struct.Struct("<2H")

LOCAL_SIZE = _LOCAL.size
FIELD_SIZE = _FIELD.size
_CRC_IN_CENTRAL = 16

_VERSION = 20
_UNIX = 3
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x0021
_REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Slot:
    """Name and stored size (bytes) of one entry.

    ``padding`` is the number of zero bytes in the extra field of its local header, None where there is no such field.
    """

    name: str
    size: int
    padding: int | None = None

    @property
    def header_size(self) -> int:
        """Bytes of the local header."""
        return LOCAL_SIZE + len(self.name) + (0 if self.padding is None else FIELD_SIZE + self.padding)


@dataclass(frozen=True, slots=True)
class LocalHeader:
    """What the first bytes of an entry say of it; nothing of it has been checked."""

    name_size: int
    extra_size: int
    size: int
    crc: int


@dataclass(frozen=True)
class Layout:
    """Where everything in a package of ``slots`` lies."""

    slots: tuple[Slot, ...]

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Offset of each local header, and last that of the central directory."""
        return tuple(accumulate((slot.header_size + slot.size for slot in self.slots), initial=0))

    @cached_property
    def total_size(self) -> int:
        """Size of the whole package in bytes."""
        return self.offsets[-1] + directory_size(slot.name for slot in self.slots)

    def data_offset(self, index: int) -> int:
        """Where the bytes of an entry begin."""
        return self.offsets[index + 1] - self.slots[index].size

    def local_header(self, index: int, crc: int) -> bytes:
        """What stands before the bytes of an entry."""
        return local_header(self.slots[index], crc)

    def directory(self, crcs: Sequence[int]) -> bytes:
        """What stands after the last entry: the central directory and its end record."""
        central = b"".join(self._central(index, crc) for index, crc in enumerate(crcs))
        count = len(self.slots)
        return central + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), self.offsets[-1], 0)

    def crcs(self, directory: bytes) -> Iterator[int]:
        """The CRCs that a central directory of this layout's size names."""
        position = 0
        for slot in self.slots:
            yield int.from_bytes(directory[position + _CRC_IN_CENTRAL : position + _CRC_IN_CENTRAL + 4], "little")
            position += _CENTRAL.size + len(slot.name)

    def _central(self, index: int, crc: int) -> bytes:
        slot, times = self.slots[index], (_MIDNIGHT, _FIRST_OF_1980)
        fixed = _CENTRAL.pack(
            *(b"PK\x01\x02", _VERSION, _UNIX, _VERSION, 0, 0, 0, *times, crc, slot.size, slot.size),
            *(len(slot.name), 0, 0, 0, 0, _REGULAR_FILE, self.offsets[index]),
        )
        return fixed + slot.name.encode("ascii")


def local_header(slot: Slot, crc: int) -> bytes:
    """What stands before the bytes of an entry."""
    extra = b"" if slot.padding is None else _FIELD.pack(PADDING_ID, slot.padding) + bytes(slot.padding)
    times = (_MIDNIGHT, _FIRST_OF_1980)
    name = slot.name.encode("ascii")
    fixed = (LOCAL_SIGNATURE, _VERSION, 0, 0, *times, crc, slot.size, slot.size, len(name), len(extra))
    return _LOCAL.pack(*fixed) + name + extra


def directory_size(names: Iterable[str]) -> int:
    """Bytes after the last entry of a package with these entries."""
    return sum(_CENTRAL.size + len(name) for name in names) + _END.size


def read_local_header(data: bytes) -> LocalHeader | None:
    """What ``data``, :data:`LOCAL_SIZE` bytes, say as a local header; None where they are none."""
    if len(data) != LOCAL_SIZE:
        return None
    signature, _version, _flags, _method, _time, _date, crc, size, _plain, name_size, extra_size = _LOCAL.unpack(data)
    return LocalHeader(name_size, extra_size, size, crc) if signature == LOCAL_SIGNATURE else None
