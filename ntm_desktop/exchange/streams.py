"""Streaming over big files: sums beside the reading, a file read by position, and a window onto one entry."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, TypeAlias

from ntm_desktop.exchange.limits import KIB, MIB

PIECE = MIB
_BESIDE = 64 * KIB  # smaller pieces are not worth a thread

Piece: TypeAlias = "bytes | memoryview"


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted of a stream: bytes, SHA-256 (hexadecimal) and CRC-32."""

    size: int
    sha256: str
    crc: int


def sums_of(content: bytes) -> Sums:
    """The sums of what is in memory."""
    return Sums(len(content), hashlib.sha256(content).hexdigest(), zlib.crc32(content))


class Tally:
    """Sums of a stream whose pieces pass by; at most one piece is being hashed in ``beside`` at a time.

    A piece must stay as it is until the next one has been taken (as :func:`pieces` has it). The CRC is 0 where it is
    not asked for.
    """

    def __init__(self, beside: Executor, crc: bool = True) -> None:
        self._beside, self._hash, self._size, self._crc = beside, hashlib.sha256(), 0, 0
        self._with_crc = crc
        self._hashing: Future[Any] | None = None

    def update(self, piece: Piece) -> None:
        """The next piece."""
        self._wait()
        if len(piece) < _BESIDE:
            self._hash.update(piece)
        else:
            self._hashing = self._beside.submit(self._hash.update, piece)
        if self._with_crc:
            self._crc = zlib.crc32(piece, self._crc)
        self._size += len(piece)

    def result(self) -> Sums:
        """After the last piece."""
        self._wait()
        return Sums(self._size, self._hash.hexdigest(), self._crc)

    def _wait(self) -> None:
        if self._hashing:
            self._hashing.result()
            self._hashing = None


def pieces(read_into: Callable[[memoryview], int], size: int) -> Iterator[memoryview]:
    """The next ``size`` bytes, or as many as there are.

    Two buffers take turns: a piece is overwritten by the second one after it.
    """
    buffers = [memoryview(bytearray(min(PIECE, max(size, 1)))) for _ in range(2)]
    turn = 0
    while size:
        buffer = buffers[turn]
        read = read_into(buffer[: min(len(buffer), size)])
        if not read:
            return
        yield buffer[:read]
        size -= read
        turn ^= 1


def write_all(stream: IO[bytes], content: Piece) -> None:
    """An unbuffered file may take a part of what it is given."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def will_read_once(stream: IO[bytes]) -> None:
    """Tell the system that the file is read from front to back."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)


def begin_storing(stream: IO[bytes], start: int, size: int) -> None:
    """Let the system write these bytes to the medium while more are made, so that syncing at the end is short.

    Linux begins to write what it is told to forget, and forgets nothing that is not stored yet.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), start, size, os.POSIX_FADV_DONTNEED)


def forget_cached(stream: IO[bytes]) -> None:
    """Drop the system's copy of what was synced, so that reading back asks the medium itself (where a system can)."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Medium:
    """An open file that is read by position, from several threads if need be."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.size = size
        self.stream = stream
        self._turn = threading.Lock()

    def read_into(self, at: int, view: memoryview) -> int:
        """Fill ``view`` as far as there is content at ``at``."""
        with self._turn:
            self.stream.seek(at)
            read: int = self.stream.readinto(view)  # type: ignore[attr-defined]
            return read

    def pieces(self, at: int, size: int) -> Iterator[memoryview]:
        """``size`` bytes from ``at`` on, or as many as there are, as :func:`pieces` gives them."""
        position = at

        def read_on(view: memoryview) -> int:
            nonlocal position
            read = self.read_into(position, view)
            position += read
            return read

        return pieces(read_on, max(0, min(size, self.size - at)))

    def read(self, at: int, size: int) -> bytes:
        """``size`` bytes from ``at`` on, or as many as there are."""
        return b"".join(map(bytes, self.pieces(at, size)))

    def sums(self, at: int, size: int, beside: Executor, advance: Callable[[int], None]) -> Sums:
        """The sums of ``size`` bytes from ``at`` on; the SHA-256 is reckoned in ``beside`` while reading."""
        tally = Tally(beside)
        for piece in self.pieces(at, size):
            tally.update(piece)
            advance(len(piece))
        return tally.result()

    def close(self) -> None:
        """Give the file back."""
        self.stream.close()


class Window(io.RawIOBase):
    """A part of a medium, read-only."""

    def __init__(self, medium: Medium, start: int, size: int, fault: Callable[[OSError], Exception]) -> None:
        super().__init__()
        self._medium, self._start, self._size, self._fault = medium, start, size, fault
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Position in the window."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position in the window."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        """Fill ``buffer`` from the window."""
        view = memoryview(buffer).cast("B")
        view = view[: max(0, min(len(view), self._size - self._position))]
        if not view:
            return 0
        try:
            read = self._medium.read_into(self._start + self._position, view)
        except OSError as problem:
            raise self._fault(problem) from problem
        self._position += read
        return read


class Translated(io.RawIOBase):
    """Another stream whose errors of one kind are told as another."""

    def __init__(self, stream: BinaryIO, kind: type[Exception], told: Callable[[Exception], Exception]) -> None:
        super().__init__()
        self._stream, self._kind, self._told = stream, kind, told

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill ``buffer`` from the stream."""
        try:
            read: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]
            return read
        except self._kind as problem:
            raise self._told(problem) from problem

    def close(self) -> None:
        """Close the stream too."""
        if not self.closed:
            self._stream.close()
            super().close()


def passing(source: Iterable[memoryview], tally: Tally, advance: Callable[[int], None]) -> Iterator[memoryview]:
    """The same pieces, counted as they pass."""
    for piece in source:
        tally.update(piece)
        yield piece
        advance(len(piece))
