"""Streaming over big files: two sums at once, and a window onto one entry."""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import IO, Any

from ntm_desktop.exchange.limits import MIB

PIECE = MIB


def pieces(stream: IO[bytes], size: int) -> Iterator[memoryview]:
    """The next ``size`` bytes, or as many as there are.

    Two buffers take turns: a piece is overwritten by the second one after it.
    """
    buffers = [memoryview(bytearray(min(PIECE, max(size, 1)))) for _ in range(2)]
    turn = 0
    while size:
        buffer = buffers[turn]
        read = stream.readinto(buffer[: min(len(buffer), size)])  # type: ignore[attr-defined]
        if not read:
            return
        yield buffer[:read]
        size -= read
        turn ^= 1


def sums(stream: IO[bytes], size: int, helper: Executor, advance: Callable[[int], None]) -> tuple[int, str]:
    """CRC-32 and SHA-256 (hex) of the next ``size`` bytes; the SHA-256 is reckoned in ``helper`` beside the reading."""
    crc, digest = 0, hashlib.sha256()
    hashing: Future[Any] | None = None
    for piece in pieces(stream, size):
        if hashing:
            hashing.result()
        hashing = helper.submit(digest.update, piece)
        crc = zlib.crc32(piece, crc)
        advance(len(piece))
    if hashing:
        hashing.result()
    return crc, digest.hexdigest()


def will_read_once(stream: IO[bytes]) -> None:
    """Tell the system that the file is read from front to back."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)


def forget_cached(stream: IO[bytes]) -> None:
    """Drop the system's copy of what was synced, so that reading back asks the medium itself (where a system can)."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Window(io.RawIOBase):
    """A part of an open file, read-only. Windows of one file share its position: read them from one thread."""

    def __init__(self, stream: IO[bytes], start: int, size: int, fault: Callable[[OSError], Exception]) -> None:
        super().__init__()
        self._stream, self._start, self._size, self._fault = stream, start, size, fault
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
            self._stream.seek(self._start + self._position)
            read: int = self._stream.readinto(view)  # type: ignore[attr-defined]
        except OSError as problem:
            raise self._fault(problem) from problem
        self._position += read
        return read
