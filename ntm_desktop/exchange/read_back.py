"""Reads a written part back from the medium, reckons its recovery data in the same pass, and ends it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from typing import IO, BinaryIO, cast

from ntm_desktop.exchange import layout, streams
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.exchange.manifest import RECOVERY_NAME
from ntm_desktop.exchange.part_writer import Written
from ntm_desktop.exchange.recovery import Protector
from ntm_desktop.exchange.streams import Medium, Sums, Tally


class ReadBackDiffers(Exception):
    """The medium does not give back what was written."""


def finish(
    stream: IO[bytes], written: Written, recovery: bool, beside: Executor, advance: Callable[[int], None]
) -> int:
    """Make the part durable, compare what the medium gives back, and add recovery data and directory.

    Returns the size of the whole file.

    Raises:
        ReadBackDiffers: the medium is faulty.
        OSError: it does not answer, or is full.
    """
    if not recovery:
        directory = written.layout.directory(written.crcs)
        streams.write_all(stream, directory)
        _sync(stream)
        _compare(stream, written, None, beside, advance)
        _compare_end(stream, written.layout.offsets[-1], [directory])
        return written.layout.total_size
    _sync(stream)
    protector = Protector(written.layout.offsets[-1])
    _compare(stream, written, protector, beside, advance)
    return _add_recovery(stream, written, protector, beside, advance)


def _sync(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())
    streams.forget_cached(stream)
    streams.will_read_once(stream)


def _compare(
    stream: IO[bytes],
    written: Written,
    protector: Protector | None,
    beside: Executor,
    advance: Callable[[int], None],
) -> None:
    """Every byte before recovery data and directory."""
    plan, medium = written.layout, _medium(stream)
    for index, (slot, wanted) in enumerate(zip(plan.slots, written.sums, strict=True)):
        before = medium.read(plan.offsets[index], slot.header_size)
        if before != layout.local_header(slot, wanted.crc):
            raise ReadBackDiffers(slot.name)
        if protector:
            protector.update(before)
        tally = Tally(beside, crc=False)  # the hash tells all that it would
        for piece in medium.pieces(plan.data_offset(index), slot.size):
            tally.update(piece)
            if protector:
                protector.update(piece)
            advance(len(piece))
        if tally.result().sha256 != wanted.sha256:
            raise ReadBackDiffers(slot.name)


def _compare_end(stream: IO[bytes], start: int, wanted: list[bytes]) -> None:
    medium = _medium(stream)
    end = b"".join(wanted)
    if medium.size != start + len(end) or medium.read(start, len(end)) != end:
        raise ReadBackDiffers("end")


def _add_recovery(
    stream: IO[bytes], written: Written, protector: Protector, beside: Executor, advance: Callable[[int], None]
) -> int:
    start = written.layout.offsets[-1]
    stream.seek(start)
    streams.write_all(stream, layout.local_header(Slot(RECOVERY_NAME, 0), 0))
    tally = Tally(beside)
    for piece in protector.finish():
        tally.update(piece)
        streams.write_all(stream, piece)
        advance(0)
    sums = tally.result()
    whole = Layout((*written.layout.slots, Slot(RECOVERY_NAME, sums.size)))
    local = layout.local_header(whole.slots[-1], sums.crc)
    stream.seek(start)
    streams.write_all(stream, local)
    stream.seek(whole.offsets[-1])
    directory = whole.directory((*written.crcs, sums.crc))
    streams.write_all(stream, directory)
    _sync(stream)
    _compare_recovery(stream, whole, local, sums, beside, advance)
    _compare_end(stream, whole.offsets[-1], [directory])
    return whole.total_size


def _compare_recovery(
    stream: IO[bytes], whole: Layout, local: bytes, sums: Sums, beside: Executor, advance: Callable[[int], None]
) -> None:
    medium, last = _medium(stream), len(whole.slots) - 1
    if medium.read(whole.offsets[last], len(local)) != local:
        raise ReadBackDiffers(RECOVERY_NAME)
    if medium.sums(whole.data_offset(last), sums.size, beside, lambda _size: advance(0)) != sums:
        raise ReadBackDiffers(RECOVERY_NAME)


def _medium(stream: IO[bytes]) -> Medium:
    return Medium(cast(BinaryIO, stream), os.fstat(stream.fileno()).st_size)
