"""Recovery data: the holes it was made for are mended byte by byte, and nothing a stranger writes there costs much."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_desktop.exchange import mending, recovery
from ntm_desktop.exchange.limits import KIB, LIMITS, MIB
from ntm_desktop.exchange.recovery import Layout, Protector
from ntm_desktop.exchange.streams import Medium
from ntm_desktop.model.progress import Cancelled, Silent

pytestmark = pytest.mark.skipif(not recovery.available(), reason="the erasure code is not made for this Python")

SMALL, MEDIUM_SIZED, LARGE = 2_000_000, 5_000_000, 40_000_000
LOCAL_HEADER, DIRECTORY = b"PK\x03\x04" + bytes(34), b"directory" * 200


@dataclass(frozen=True)
class Sample:
    """A file in the form of a package, and what of it is protected."""

    content: bytes
    protected: bytes

    @property
    def layout(self) -> Layout:
        return recovery.plan(len(self.protected))


@cache
def sample(size: int) -> Sample:
    protected = random.Random(size).randbytes(size)
    return Sample(protected + LOCAL_HEADER + entry_of(protected) + DIRECTORY, protected)


def entry_of(protected: bytes, piece: int = MIB) -> bytes:
    protector = Protector(len(protected))
    for at in range(0, len(protected), piece):
        protector.update(protected[at : at + piece])
    return b"".join(protector.finish())


def medium(content: bytes | bytearray) -> Medium:
    return Medium(io.BytesIO(content), len(content))


def zeroed(content: bytes, start: int, size: int) -> bytearray:
    damaged = bytearray(content)
    damaged[start : start + size] = bytes(len(damaged[start : start + size]))
    return damaged


def noisy(content: bytes, start: int, size: int) -> bytearray:
    damaged = bytearray(content)
    damaged[start : start + size] = random.Random(start).randbytes(len(damaged[start : start + size]))
    return damaged


def cut(content: bytes, start: int, size: int) -> bytearray:
    return bytearray(content[: len(content) - size])


class Scratched(Medium):
    """A drive that gives an error for some of its bytes, as bad sectors do."""

    def __init__(self, content: bytes, start: int, size: int) -> None:
        super().__init__(io.BytesIO(content), len(content))
        self._bad = range(start, start + size)

    def read_into(self, at: int, view: memoryview) -> int:
        if max(at, self._bad.start) < min(at + len(view), self._bad.stop):
            raise OSError(5, "input/output error")
        return super().read_into(at, view)


def assert_mended(damaged: Medium, whole: Sample, start: int, size: int) -> None:
    """``size`` bytes from ``start`` on were destroyed: they are back, and nothing else is told to have been damaged."""
    repaired = mending.repair(damaged)
    assert repaired is not None
    assert repaired.size == len(whole.protected)
    assert repaired.lost == ()
    # compared without the test's own rewriting of 40 MB when it fails
    assert hashlib.sha256(repaired.read(0, repaired.size)).digest() == hashlib.sha256(whole.protected).digest()
    shard = whole.layout.shard
    end = min(start + size, len(whole.protected))
    for stretch in repaired.mended:
        assert start - shard < stretch.start < end + shard
        assert stretch.start + stretch.size < end + shard or stretch.start + stretch.size == len(whole.protected)
    repaired.close()


DAMAGES: list[Callable[[bytes, int, int], bytearray]] = [zeroed, noisy]


# --- what it was made for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [*DAMAGES, cut], ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("size", [SMALL, MEDIUM_SIZED])
@settings(max_examples=20)
@given(data=st.data())
def test_a_hole_of_a_mebibyte_anywhere_in_a_small_package(
    size: int, damage: Callable[[bytes, int, int], bytearray], data: st.DataObject
) -> None:
    whole = sample(size)
    hole = data.draw(st.integers(MIB - 100, MIB) | st.integers(1, MIB), "hole")
    start = len(whole.content) - hole
    if damage is not cut:
        start = data.draw(st.integers(0, start), "start")
    assert_mended(medium(damage(whole.content, start, hole)), whole, start, hole)


@settings(max_examples=8)
@given(data=st.data())
def test_a_hole_of_a_mebibyte_anywhere_in_a_large_package(data: st.DataObject) -> None:
    whole = sample(LARGE)
    damage = data.draw(st.sampled_from([*DAMAGES, cut]), "damage")
    start = len(whole.content) - MIB
    if damage is not cut:
        start = data.draw(st.integers(0, start), "start")
    assert_mended(medium(damage(whole.content, start, MIB)), whole, start, MIB)


@pytest.mark.parametrize("size", [SMALL, MEDIUM_SIZED, LARGE])
def test_a_hole_around_every_border(size: int) -> None:
    whole, layout = sample(size), sample(size).layout
    borders = {0, layout.data * layout.shard, layout.protected, layout.start, layout.start + layout.size}
    borders |= {layout.start + layout.parity_offset(stripe) for stripe in range(layout.stripes + 1)}
    for border in sorted(borders):
        for before in (MIB, MIB - 1, MIB // 2, 1, 0):
            start = min(max(0, border - before), len(whole.content) - MIB)
            if size == LARGE and before != MIB // 2:
                continue
            assert_mended(medium(zeroed(whole.content, start, MIB)), whole, start, MIB)


def test_a_hole_in_every_stretch_of_32_mebibytes_of_a_large_package() -> None:
    whole, layout = sample(LARGE), sample(LARGE).layout
    assert layout.stripes == 2
    content = zeroed(whole.content, 3_000_000, MIB)
    last = layout.start + layout.parity_offset(1) - MIB // 2  # across the parity of both stripes
    repaired = mending.repair(medium(zeroed(bytes(content), last, MIB)))
    assert repaired is not None
    assert repaired.read(0, LARGE) == whole.protected


@pytest.mark.parametrize("size", [1, 5, 1000, KIB, KIB + 1, 4000, 20_000, 300_000, MIB - 1, MIB, MIB + 1])
def test_a_tiny_package_loses_as_much_as_it_is_long(size: int) -> None:
    whole, hole = sample(size), min(size, MIB)
    chance = random.Random(size)
    starts = [0, len(whole.content) - hole, size - hole, size, size - hole // 2]
    for start in [*starts, *(chance.randrange(len(whole.content) - hole) for _ in range(20))]:
        assert_mended(medium(zeroed(whole.content, start, hole)), whole, start, hole)
    assert_mended(medium(cut(whole.content, 0, hole)), whole, len(whole.content) - hole, hole)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_sectors_that_cannot_be_read(size: int) -> None:
    whole = sample(size)
    for start in (0, size // 2, size - MIB // 2, len(whole.content) - MIB):
        scratched = Scratched(whole.content, start, MIB)
        with pytest.raises(OSError, match="input/output"):
            scratched.read(0, len(whole.content))
        assert_mended(scratched, whole, start, MIB)


def test_zero_bytes_that_cannot_be_read() -> None:
    """What cannot be read is missing, even where it would be what stands in for it."""
    protected = bytes(SMALL)
    whole = Sample(protected + LOCAL_HEADER + entry_of(protected) + DIRECTORY, protected)
    assert_mended(Scratched(whole.content, SMALL - 5000, 100_000), whole, SMALL - 5000, 100_000)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_scattered_flips_up_to_the_parity_of_every_stripe(size: int) -> None:
    whole, layout, chance = sample(size), sample(size).layout, random.Random(size)
    damaged = bytearray(whole.content)
    for stripe in range(layout.stripes):
        for number in chance.sample(range(layout.data_in(stripe)), layout.parity):
            at = (stripe * layout.data + number) * layout.shard
            damaged[chance.randrange(at, min(at + layout.shard, size))] ^= 1 << chance.randrange(8)
    for number in range(layout.pages):
        damaged[
            layout.start + layout.page_offsets(number)[number % 2] + chance.randrange(layout.page_size(number))
        ] ^= 1
    assert_mended(medium(damaged), whole, 0, size)


def test_more_than_the_parity_of_a_stripe_is_told_and_the_rest_mended() -> None:
    whole, layout = sample(LARGE), sample(LARGE).layout
    damaged = zeroed(whole.content, 0, (layout.parity + 1) * layout.shard)
    second = layout.data * layout.shard
    damaged = zeroed(bytes(damaged), second, 100)
    repaired = mending.repair(medium(damaged))
    assert repaired is not None
    assert [(each.start, each.size) for each in repaired.lost] == [(0, (layout.parity + 1) * layout.shard)]
    assert [(each.start, each.size) for each in repaired.mended] == [(second, layout.shard)]
    assert repaired.read(second, 1000) == whole.protected[second : second + 1000]
    assert repaired.read(0, 1000) == bytes(1000)


def test_both_copies_of_the_index_damaged_in_different_places() -> None:
    whole, layout = sample(SMALL), sample(SMALL).layout
    damaged = zeroed(whole.content, 12_345, MIB // 2)
    for number in range(layout.pages):
        damaged[layout.start + layout.page_offsets(number)[number % 2] + 100] ^= 1
    assert_mended(medium(damaged), whole, 12_345, MIB // 2)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_page_of_the_index_lost_in_both_copies(size: int) -> None:
    """Where there is parity enough, its shards are made again, else they are held for good."""
    whole, layout = sample(size), sample(size).layout
    damaged = bytearray(whole.content)
    for offset in layout.page_offsets(1):
        damaged[layout.start + offset + 50] ^= 1
    damaged[77] ^= 1
    repaired = mending.repair(medium(damaged))
    assert repaired is not None
    assert repaired.lost == ()
    assert repaired.read(0, size) == whole.protected


# --- the view -----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, SMALL + 10), st.integers(1, 20_000)), min_size=1, max_size=20))
def test_any_part_of_the_view_reads_as_the_whole(parts: list[tuple[int, int]]) -> None:
    whole, repaired = sample(SMALL), view_with_holes()
    for at, size in parts:
        assert repaired.read(at, size) == whole.protected[at : at + size]


@cache
def view_with_holes() -> mending.Repaired:
    whole, layout = sample(SMALL), sample(SMALL).layout
    damaged = bytearray(whole.content)
    for number in (0, 1, 2, 50, 52, layout.shards - 1):
        damaged[number * layout.shard + 1] ^= 255
    repaired = mending.repair(medium(damaged))
    assert repaired is not None
    starts = [stretch.start // layout.shard for stretch in repaired.mended]
    assert starts == [0, 50, 52, layout.shards - 1]
    assert repaired.mended[-1].start + repaired.mended[-1].size == SMALL
    return repaired


def test_an_undamaged_package_is_mended_nowhere() -> None:
    for size in (1, SMALL, LARGE):
        repaired = mending.repair(medium(sample(size).content))
        assert repaired is not None
        assert (repaired.mended, repaired.lost) == ((), ())
        assert repaired.size == size


def test_whether_the_recovery_data_are_whole() -> None:
    whole, layout = sample(SMALL), sample(SMALL).layout
    assert mending.undamaged(medium(whole.content), SMALL)
    assert mending.undamaged(medium(zeroed(whole.content, 0, SMALL)), SMALL)
    chance = random.Random(5)
    places = [*(chance.randrange(layout.size) for _ in range(60)), 0, layout.size - 1, *layout.page_offsets(1)]
    for place in places:
        damaged = bytearray(whole.content)
        damaged[layout.start + place] ^= 1
        assert not mending.undamaged(medium(damaged), SMALL), place
    assert not mending.undamaged(medium(whole.content[:-20_000]), SMALL)
    assert not mending.undamaged(medium(whole.content), SMALL - 1)
    assert not mending.undamaged(Scratched(whole.content, layout.start + layout.size - 1, 1), SMALL)


# --- sizes --------------------------------------------------------------------------------------------------------


@given(st.integers(1, 300_000), st.integers(1, 100_000))
def test_the_entry_is_as_large_as_foretold_however_the_bytes_come(size: int, piece: int) -> None:
    protected = random.Random(size).randbytes(size)
    entry = entry_of(protected, piece)
    assert len(entry) == recovery.size_of(size)
    assert entry == entry_of(protected)


@given(st.integers(1, LIMITS.package_bytes), st.integers(0, LIMITS.package_bytes))
@settings(max_examples=500)
def test_what_follows_from_the_size(size: int, less: int) -> None:
    layout = recovery.plan(size)
    assert layout.data * layout.shard <= 32 * MIB + MIB
    assert layout.shard % 64 == 0
    assert layout.shards == sum(layout.data_in(stripe) for stripe in range(layout.stripes))
    assert all(0 < layout.data_in(stripe) <= layout.data for stripe in (0, layout.stripes - 1))
    assert layout.parity * 10 >= layout.data
    holes = 1 if layout.stripes == 1 else 2
    assert layout.parity * layout.shard >= holes * min(size, MIB) + 2 * layout.shard
    one, two = layout.page_offsets(0)
    assert two - one - layout.index_size >= min(size, MIB)
    if size >= 64 * MIB:
        assert layout.size <= size * 0.15
    assert recovery.size_of(max(1, size - less)) <= recovery.size_bound(size)


def test_the_format_stays_as_it_is() -> None:
    """What one version of the program or of the library wrote, every later one must be able to use."""
    found = {size: hashlib.sha256(entry_of(sample(size).protected)).hexdigest()[:32] for size in (5, 100_000, SMALL)}
    assert found == {
        5: "6d13992a9c5ae9d0d9a83f57065b3efb",
        100_000: "77e6ad6c46cf1e81cdca4ad97bce04eb",
        SMALL: "01a32294a497274a51d308a2facc0ab7",
    }


def test_too_few_or_too_many_bytes_are_a_bug() -> None:
    for passed in (99, 101):
        protector = Protector(100)
        protector.update(bytes(passed))
        with pytest.raises(ValueError, match="instead of 100"):
            list(protector.finish())


# --- nothing in it is trusted -------------------------------------------------------------------------------------


def page(protected: int, number: int, content: bytes = b"") -> bytes:
    head = struct.pack("<8sQI", recovery.MAGIC, protected, number) + content
    return head + recovery.short_hash(head)


def test_no_recovery_data() -> None:
    for content in (b"", b"x", b"NTMREC1", recovery.MAGIC, random.Random(1).randbytes(3 * MIB)):
        assert mending.repair(medium(content)) is None
    assert mending.repair(medium(sample(SMALL).protected)) is None


@given(st.binary(max_size=200), st.integers(0, 2**64 - 1) | st.integers(0, 4000), st.integers(0, 2**32 - 1))
def test_pages_that_lie(noise: bytes, protected: int, number: int) -> None:
    for content in (noise + page(protected, number, noise) + noise, noise + page(protected, number)[:-20]):
        assert mending.repair(medium(content)) is None


def test_a_package_inside_a_package_does_not_mislead() -> None:
    inner = sample(300_000).content
    protected = b"evidence" + inner * 3 + b"more"
    whole = Sample(protected + LOCAL_HEADER + entry_of(protected), protected)
    assert_mended(medium(zeroed(whole.content, 0, MIB // 2)), whole, 0, MIB // 2)
    tail = len(whole.content) - MIB
    assert_mended(medium(zeroed(whole.content, tail, MIB)), whole, tail, MIB)
    assert mending.repair(medium(protected)) is None


def test_a_file_full_of_pages_costs_little() -> None:
    full_of_magic = recovery.MAGIC * (4 * MIB // len(recovery.MAGIC))
    full_of_pages = page(1, 0) * (2 * MIB // 36)
    for content in (full_of_magic, full_of_pages):
        start = time.perf_counter()
        assert mending.repair(medium(content)) is None
        assert time.perf_counter() - start < 30


def test_an_index_whose_hashes_fit_nothing_mends_nothing() -> None:
    whole, layout = sample(SMALL), sample(SMALL).layout
    lies = b"".join(recovery.pages(layout, [bytes(16)] * layout.hashes))
    damaged = bytearray(whole.content)
    for copy in layout.page_offsets(0):
        damaged[layout.start + copy : layout.start + copy + len(lies)] = lies
    repaired = mending.repair(medium(damaged))
    assert repaired is not None
    assert repaired.mended == ()
    assert [(each.start, each.size) for each in repaired.lost] == [(0, SMALL)]
    assert repaired.read(0, SMALL) == whole.protected


def test_a_drive_that_was_pulled_out_is_no_damaged_package() -> None:
    whole = sample(LARGE)
    with pytest.raises(OSError, match="input/output"):
        mending.repair(Scratched(whole.content, 0, len(whole.content)))


def test_memory_is_bounded_and_work_can_be_cancelled() -> None:
    whole = sample(LARGE)
    damaged = medium(zeroed(whole.content, 5_000_000, MIB))
    tracemalloc.start()
    entry_size = sum(map(len, _protected_in_pieces(whole.protected)))
    _now, writing = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    repaired = mending.repair(damaged)
    _now, reading = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert entry_size == recovery.size_of(LARGE)
    assert repaired is not None
    assert max(writing, reading) < 80 * MIB

    class Impatient(Silent):
        def advance(self, amount: int = 1, note: str = "") -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        mending.repair(damaged, Impatient())


def _protected_in_pieces(protected: bytes) -> list[bytes]:
    protector, view = Protector(len(protected)), memoryview(protected)
    for start, end in pairwise([*range(0, len(view), MIB), len(view)]):
        protector.update(view[start:end])
    return list(protector.finish())


def test_a_python_without_the_library_neither_writes_nor_mends(monkeypatch: pytest.MonkeyPatch) -> None:
    content = sample(SMALL).content
    monkeypatch.setitem(sys.modules, "reed_solomon_leopard", None)
    assert not recovery.available()
    assert mending.repair(medium(content)) is None
