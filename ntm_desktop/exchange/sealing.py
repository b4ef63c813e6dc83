"""Entries sealed to recipients as age files, streamed: memory stays flat, and the standard age tool opens every one.

The age library calls Python for every 8 KiB and holds the interpreter meanwhile; so both sides are buffered here by the
mebibyte, and sums are reckoned beside, for they let the interpreter go.
"""

from __future__ import annotations

import io
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

from ntm_desktop.exchange.limits import KIB, LIMITS, MIB
from ntm_desktop.exchange.passphrase import (
    NotForUs,
    SealBroken,
    SealError,
    TooCostly,
    WrongPassphrase,
    passphrase_open,
    passphrase_wrap,
)
from ntm_desktop.exchange.streams import Piece, Sums, Tally

__all__ = [
    "NotForUs",
    "SealBroken",
    "SealError",
    "Sealed",
    "Sums",
    "TooCostly",
    "WrongPassphrase",
    "opened",
    "passphrase_open",
    "passphrase_wrap",
    "seal",
    "sealed_size_bound",
    "unseal",
]

_PIECE = MIB
_CHUNK, _TAG = 64 * KIB, 16
_HEADER, _STANZA, _NONCE = 70, 98, 16
# The library adds one stanza of chance, of up to 190 bytes today, to keep other programs from growing stiff.
_GREASE, _GREASE_LINES = KIB, 8
_END_OF_HEADER = b"\n--- "
_PIECES_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Sealed:
    """Both sides of what was sealed; the CRC is that of the stored side alone."""

    plain: Sums
    stored: Sums


def sealed_size_bound(plain: int, recipients: int) -> int:
    """The most bytes that sealing ``plain`` bytes to so many recipients can take; never above by more than 1 KiB."""
    chunks = max(1, -(-plain // _CHUNK))
    return _HEADER + _STANZA * recipients + _GREASE + _NONCE + plain + _TAG * chunks


def seal(source: Iterable[Piece], write: Callable[[bytes], object], recipients: Sequence[str]) -> Sealed:
    """Encrypt the pieces of ``source`` to ``recipients`` (age1…) and hand the result to ``write``, MiB by MiB.

    A piece must stay as it is until the second one after it was asked for (as ``streams.pieces`` has it). What
    ``source`` or ``write`` raises passes through as it is.

    Raises:
        ValueError: no recipients, or one that is none.
    """
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    except pyrage.RecipientError as problem:
        raise ValueError(f"no age recipient: {problem}") from problem
    if not keys:
        raise ValueError("nobody to seal to")
    with ThreadPoolExecutor(2) as beside:
        plain, stored = Tally(beside, crc=False), Tally(beside)
        reader, writer = _Reader(source, plain.update), _Writer(write, stored.update)
        with _faults_of(reader, writer):
            pyrage.encrypt_io(reader, writer, keys)
            writer.finish()
        return Sealed(plain.result(), stored.result())


def unseal(source: Iterable[Piece], write: Callable[[bytes], object], identities: Sequence[str]) -> None:
    """Decrypt an age file from ``source`` with whichever identity (AGE-SECRET-KEY-1…) fits, MiB by MiB into ``write``.

    Everything that is written is authentic, but only the return says that nothing is missing. What ``source`` or
    ``write`` raises passes through as it is.

    Raises:
        NotForUs: no identity fits.
        SealBroken: it is no age file, cut short or changed.
    """
    import pyrage

    keys = [pyrage.x25519.Identity.from_str(text) for text in identities]
    reader, writer = _Reader(_with_fair_header(source)), _Writer(write)
    with _faults_of(reader, writer):
        try:
            pyrage.decrypt_io(reader, writer, keys)
        except pyrage.DecryptError as problem:
            kind = NotForUs if "matching keys" in str(problem) else SealBroken
            raise kind(str(problem)) from problem
        except OSError as problem:  # the library's word for content that is not authentic
            raise SealBroken(str(problem)) from problem
        writer.finish()


def opened(source: IO[bytes], identities: Sequence[str]) -> BinaryIO:
    """A stream of what the age file ``source`` holds; decrypting runs ahead by at most a few MiB, in a thread.

    ``source`` belongs to that thread from the first read on and is closed with the stream, read to the end or not.
    Reading raises what :func:`unseal` does, and where content was cut off or changed it does so before its end.
    """
    return io.BufferedReader(_Opened(source, identities), _CHUNK)


def _with_fair_header(source: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, after a look at the first: the library reads a header of any length, and from its start each time."""
    pieces, start = iter(source), b""
    for piece in pieces:
        start += piece
        if len(start) >= LIMITS.seal_header_bytes:
            break
    header, end, _rest = start[: LIMITS.seal_header_bytes].partition(_END_OF_HEADER)
    if not end or header.count(b"\n") > 2 * LIMITS.recipients + _GREASE_LINES:
        raise SealBroken("no header of an age file, or too long a one")
    yield start
    yield from pieces


class _Reader:
    """Pieces as the file that the library reads from."""

    def __init__(self, source: Iterable[Piece], passing: Callable[[Piece], None] | None = None) -> None:
        self._pieces, self._passing, self._piece, self._at = iter(source), passing, b"", 0
        self.fault: BaseException | None = None

    _piece: Piece

    def read(self, size: int) -> bytes:
        start = self._at
        if start >= len(self._piece):
            self._next()
            start = 0
        self._at = start + size
        return bytes(self._piece[start : self._at])

    def _next(self) -> None:
        try:
            self._piece = next((piece for piece in self._pieces if piece), b"")
            if self._passing:
                self._passing(self._piece)
        except BaseException as problem:
            self.fault = problem
            raise


class _Writer:
    """The file that the library writes to; hands on what has come together to a MiB."""

    def __init__(self, write: Callable[[bytes], object], passing: Callable[[Piece], None] | None = None) -> None:
        self._write, self._passing = write, passing
        self._parts: list[bytes] = []
        self._size = 0
        self.fault: BaseException | None = None

    def write(self, data: bytes) -> int:
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _PIECE:
            self.finish()
        return len(data)

    def flush(self) -> None:
        """The library flushes at its end, and finish() follows."""

    def finish(self) -> None:
        """Hand on what there is."""
        piece, self._parts, self._size = b"".join(self._parts), [], 0
        if not piece:
            return
        try:
            if self._passing:
                self._passing(piece)
            self._write(piece)
        except BaseException as problem:
            self.fault = problem
            raise


@contextmanager
def _faults_of(reader: _Reader, writer: _Writer) -> Iterator[None]:
    """The library wraps what our side raises into errors of its own: it comes out as it was."""
    try:
        yield
    except BaseException as problem:
        fault = reader.fault or writer.fault
        if fault is not None and fault is not problem:
            raise fault from None
        if type(problem).__module__ == "pyo3_runtime":  # the library gave up over what it was fed
            raise SealBroken(str(problem)) from problem
        raise


class _Abandoned(Exception):
    """Nobody reads on."""


class _Handover:
    """Pieces from the thread that decrypts to the one that reads, a few at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pieces: deque[bytes] = deque()
        self._ended = self._abandoned = False
        self._fault: BaseException | None = None

    def put(self, piece: bytes) -> None:
        """Wait for room.

        Raises:
            _Abandoned: nobody reads on.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._abandoned or len(self._pieces) < _PIECES_AHEAD)
            if self._abandoned:
                raise _Abandoned
            self._pieces.append(piece)
            self._changed.notify_all()

    def end(self, fault: BaseException | None) -> None:
        """All was put, or nothing more will come because of ``fault``."""
        with self._changed:
            self._ended, self._fault = True, fault
            self._changed.notify_all()

    def take(self) -> bytes:
        """The next piece, empty at the end; raises the fault that ended it before."""
        with self._changed:
            self._changed.wait_for(lambda: self._pieces or self._ended)
            if self._pieces:
                piece = self._pieces.popleft()
                self._changed.notify_all()
                return piece
            if self._fault:
                raise self._fault
            return b""

    def abandon(self) -> None:
        """Let the other side stop."""
        with self._changed:
            self._abandoned = True
            self._pieces.clear()
            self._changed.notify_all()


def _decrypt_into(handover: _Handover, source: IO[bytes], identities: Sequence[str]) -> None:
    try:
        unseal(iter(lambda: source.read(_PIECE), b""), handover.put, identities)
    except BaseException as problem:
        handover.end(problem)
    else:
        handover.end(None)


class _Opened(io.RawIOBase):
    """The reading side; the thread knows only the handover, so that a stream that is forgotten is still closed."""

    def __init__(self, source: IO[bytes], identities: Sequence[str]) -> None:
        super().__init__()
        self._source, self._identities = source, tuple(identities)
        self._handover = _Handover()
        self._thread: threading.Thread | None = None
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if self._thread is None:
            work = (self._handover, self._source, self._identities)
            self._thread = threading.Thread(target=_decrypt_into, args=work, daemon=True, name="unsealing")
            self._thread.start()
        if not self._piece:
            self._piece = memoryview(self._handover.take())
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self._piece))
        view[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size

    def close(self) -> None:
        if self.closed:
            return
        self._handover.abandon()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._source.close()
        super().close()
