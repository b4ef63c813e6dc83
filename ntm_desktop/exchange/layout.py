"""The bytes of a package around its entries: a ZIP whose every byte follows from names, sizes and CRCs.

The writer writes these bytes; the reader makes them again and compares, so no byte of the container is left to chance.
The ``zipfile`` module of the standard library reads the result (the tests do), but would accept much else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

ZIP64_FROM = 0xFFFFFFFF

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")

LOCAL_SIZE = _LOCAL.size
CRC_IN_LOCAL = 14
_CRC_IN_CENTRAL = 16

_PLAIN_VERSION, _ZIP64_VERSION = 20, 45
_UNIX = 3
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x0021
_REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Slot:
    """Name and stored size (bytes) of one entry."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class LocalHeader:
    """What the first bytes of a package say about its first entry."""

    name_size: int
    size: int
    crc: int


@dataclass(frozen=True)
class Layout:
    """Where everything in a package of ``slots`` lies.

    ``zip64_from`` is the first size or offset that needs the 64-bit form; only tests set it.
    """

    slots: tuple[Slot, ...]
    zip64_from: int = ZIP64_FROM

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Offset of each local header, and last that of the central directory."""
        sizes = (len(self.local_header(index, 0)) + slot.size for index, slot in enumerate(self.slots))
        return tuple(accumulate(sizes, initial=0))

    @cached_property
    def total_size(self) -> int:
        """Size of the whole package in bytes."""
        return self.offsets[-1] + len(self.directory([0] * len(self.slots)))

    def data_offset(self, index: int) -> int:
        """Where the bytes of an entry begin."""
        return self.offsets[index + 1] - self.slots[index].size

    def local_header(self, index: int, crc: int) -> bytes:
        """What stands before the bytes of an entry."""
        slot = self.slots[index]
        name = slot.name.encode("ascii")
        extra = self._zip64([slot.size, slot.size] if slot.size >= self.zip64_from else [])
        version = _ZIP64_VERSION if extra else _PLAIN_VERSION
        size = 0xFFFFFFFF if extra else slot.size
        times = (_MIDNIGHT, _FIRST_OF_1980)
        fixed = _LOCAL.pack(b"PK\x03\x04", version, 0, 0, *times, crc, size, size, len(name), len(extra))
        return fixed + name + extra

    def directory(self, crcs: Sequence[int]) -> bytes:
        """What stands after the last entry: the central directory and its end records."""
        start = self.offsets[-1]
        central = b"".join(self._central(index, crc) for index, crc in enumerate(crcs))
        count, size = len(self.slots), len(central)
        end64 = b""
        if start >= self.zip64_from:
            versions = (_UNIX << 8 | _ZIP64_VERSION, _ZIP64_VERSION)
            end64 = _END64.pack(b"PK\x06\x06", _END64.size - 12, *versions, 0, 0, count, count, size, start)
            end64 += _LOCATOR.pack(b"PK\x06\x07", 0, start + size, 1)
        shown = 0xFFFFFFFF if end64 else start
        return central + end64 + _END.pack(b"PK\x05\x06", 0, 0, count, count, size, shown, 0)

    def crcs(self, directory: bytes) -> Iterator[int]:
        """The CRCs that a central directory of this layout's size names."""
        position = 0
        for index in range(len(self.slots)):
            yield int.from_bytes(directory[position + _CRC_IN_CENTRAL : position + _CRC_IN_CENTRAL + 4], "little")
            position += len(self._central(index, 0))

    def _central(self, index: int, crc: int) -> bytes:
        slot, offset = self.slots[index], self.offsets[index]
        name = slot.name.encode("ascii")
        big, far = slot.size >= self.zip64_from, offset >= self.zip64_from
        extra = self._zip64([*([slot.size, slot.size] if big else []), *([offset] if far else [])])
        version = _ZIP64_VERSION if extra else _PLAIN_VERSION
        size = 0xFFFFFFFF if big else slot.size
        shown = 0xFFFFFFFF if far else offset
        times = (_MIDNIGHT, _FIRST_OF_1980)
        fixed = _CENTRAL.pack(
            *(b"PK\x01\x02", version, _UNIX, version, 0, 0, 0, *times, crc, size, size),
            *(len(name), len(extra), 0, 0, 0, _REGULAR_FILE, shown),
        )
        return fixed + name + extra

    @staticmethod
    def _zip64(numbers: Sequence[int]) -> bytes:
        return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""


def first_local_header(data: bytes) -> LocalHeader | None:
    """What ``data``, the first :data:`LOCAL_SIZE` bytes of a file, say of the first entry; None where it is no ZIP."""
    if len(data) != LOCAL_SIZE:
        return None
    signature, _version, _flags, _method, _time, _date, crc, size, _plain, name_size, _extra = _LOCAL.unpack(data)
    return LocalHeader(name_size, size, crc) if signature == b"PK\x03\x04" else None
