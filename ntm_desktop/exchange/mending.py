"""Mends a package with its recovery data, wherever it is damaged: a view of the file in which lost parts are back.

Nothing here believes or accepts anything: the view is read and checked as any package is.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from ntm_desktop.exchange import recovery
from ntm_desktop.exchange.limits import KIB, LIMITS, MIB
from ntm_desktop.exchange.recovery import HASH_SIZE, HASHES_ON_PAGE, MAGIC, PAGE_HEAD, Layout, page_content, short_hash
from ntm_desktop.exchange.streams import Medium
from ntm_desktop.i18n import _
from ntm_desktop.model.progress import Progress, Silent

_STRETCH, _SMALL_STRETCH = MIB, 16 * KIB
_IN_MEMORY = 4 * MIB


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many bytes of a file from ``start`` on."""

    start: int
    size: int


class Repaired(Medium):
    """What stands before the recovery entry of a package, with all that could be mended put right.

    ``size`` ends there: recovery data and the ZIP's directory are not shown. ``mended`` and ``lost`` tell what was
    damaged, to the nearest shard: what is lost reads as the file has it. Close it; the file below stays open.
    """

    def __init__(self, below: Medium, layout: Layout, found: _Found) -> None:
        super().__init__(cast(BinaryIO, found.contents), layout.protected)
        self.mended = tuple(_stretches(layout, found.mended))
        self.lost = tuple(_stretches(layout, found.lost))
        self._below, self._shard, self._numbers = below, layout.shard, tuple(found.mended)

    def read_into(self, at: int, view: memoryview) -> int:
        """Fill ``view`` as far as there is content at ``at``, or a part of it."""
        number, within = divmod(at, self._shard)
        place = bisect_left(self._numbers, number)
        end = self.size
        if place < len(self._numbers):
            follows = self._numbers[place]
            end = min(end, (number + 1 if follows == number else follows) * self._shard)
            if follows == number:
                return super().read_into(place * self._shard + within, view[: max(0, end - at)])
        return self._below.read_into(at, view[: max(0, end - at)])


def repair(medium: Medium, progress: Progress | None = None) -> Repaired | None:
    """Mend what can be mended of the package in ``medium``, which may be shorter than it was and unreadable in places.

    None where it has no recovery data, or this Python has no library for it. Memory is bounded by a stripe and its
    decoding (about 80 MB); mended shards wait in a temporary file.

    Raises:
        OSError: the medium does not answer in too many places.
        StorageFull: this computer has no room for a temporary file.
        Cancelled: the person has asked to stop.
    """
    if not recovery.available():
        return None
    progress, source = progress or Silent(), _Patient(medium)
    layout = _find(source, progress)
    if layout is None:
        return None
    index = _Index(layout, [_page(source, layout, number) for number in range(layout.pages)])
    found = _Found()
    try:
        progress.start(_("Đang sửa chỗ hỏng của gói"), layout.protected, "B")
        for stripe in range(layout.stripes):
            _mend(source, index, stripe, found, progress)
    except BaseException:
        found.contents.close()
        raise
    return Repaired(medium, layout, found)


def undamaged(medium: Medium, protected: int) -> bool:
    """True where the recovery data for so many bytes before it are as they should be, both indexes and all parity."""
    source, layout = _Patient(medium), recovery.plan(protected)
    pages: list[bytes | None] = []
    for number in range(layout.pages):
        places = [layout.start + offset for offset in layout.page_offsets(number)]
        one, two = (source.read(place, layout.page_size(number)) for place in places)
        if one is None or one != two or page_content(layout, number, one) is None:
            return False
        pages.append(page_content(layout, number, one))
    index = _Index(layout, pages)
    return all(len(_parity(source, index, stripe)) == layout.parity for stripe in range(layout.stripes))


class _Patient:
    """Reading by position where some places do not answer."""

    def __init__(self, medium: Medium) -> None:
        self.size = medium.size
        self._medium, self._faults = medium, 0

    def read(self, at: int, size: int) -> bytes | None:
        """Exactly ``size`` bytes, or None: not there, or not readable.

        Raises:
            OSError: that happened too often: the drive is gone rather than damaged.
        """
        try:
            content = self._medium.read(at, size)
        except OSError:
            self._faults += 1
            if self._faults > LIMITS.recovery_faults:
                raise
            return None
        return content if len(content) == size else None

    def stretch(self, at: int, size: int) -> bytes:
        """``size`` bytes; what cannot be read is zero bytes."""
        whole = self.read(at, size)
        if whole is not None:
            return whole
        parts = ((start, min(_SMALL_STRETCH, at + size - start)) for start in range(at, at + size, _SMALL_STRETCH))
        return b"".join(self.read(start, part) or bytes(part) for start, part in parts)


class _Index:
    """The hashes of all shards, as far as they are known."""

    def __init__(self, layout: Layout, pages: list[bytes | None]) -> None:
        self.layout = layout
        self._pages = pages

    def hash(self, place: int) -> bytes | None:
        """The hash at a place, None where both copies of its page are damaged."""
        number, within = divmod(place, HASHES_ON_PAGE)
        page = self._pages[number]
        return page[within * HASH_SIZE : (within + 1) * HASH_SIZE] if page is not None else None


class _Found:
    """What was mended, with the contents one after the other, and what was not."""

    def __init__(self) -> None:
        self.mended: list[int] = []
        self.lost: list[int] = []
        self.contents = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the view


def _find(source: _Patient, progress: Progress) -> Layout | None:
    """The layout that a page of the index tells at the very place where it would belong; looked for from the end on."""
    progress.start(_("Đang tìm dữ liệu phục hồi trong gói"), source.size, "B")
    tried, follow = 0, b""
    for start in range((source.size - 1) // _STRETCH * _STRETCH, -1, -_STRETCH):
        content = source.stretch(start, min(_STRETCH, source.size - start))
        searched = content + follow
        at = searched.rfind(MAGIC)
        while at >= 0:
            tried += 1
            layout = _told_at(source, start + at)
            if layout or tried == LIMITS.recovery_candidates:
                return layout
            at = searched.rfind(MAGIC, 0, at + len(MAGIC) - 1)
        follow = content[: len(MAGIC) - 1]
        progress.advance(len(content))
    return None


def _told_at(source: _Patient, at: int) -> Layout | None:
    head = source.read(at, PAGE_HEAD.size)
    if head is None:
        return None
    _magic, protected, number = PAGE_HEAD.unpack(head)
    if not 0 < protected < at:
        return None
    layout = recovery.plan(protected)
    if number >= layout.pages or at - layout.start not in layout.page_offsets(number):
        return None
    return layout if _page_at(source, layout, number, at) is not None else None


def _page_at(source: _Patient, layout: Layout, number: int, at: int) -> bytes | None:
    return page_content(layout, number, source.read(at, layout.page_size(number)) or b"")


def _page(source: _Patient, layout: Layout, number: int) -> bytes | None:
    """The hashes on a page from whichever copy is undamaged."""
    copies = (_page_at(source, layout, number, layout.start + offset) for offset in layout.page_offsets(number))
    return next((content for content in copies if content is not None), None)


def _mend(source: _Patient, index: _Index, stripe: int, found: _Found, progress: Progress) -> None:
    layout = index.layout
    first, place, count = stripe * layout.data, layout.first_hash(stripe), layout.data_in(stripe)
    good: dict[int, bytes] = {}
    doubtful: dict[int, bytes] = {}
    for number in range(count):
        at = (first + number) * layout.shard
        size = min(layout.shard, layout.protected - at)
        content = source.read(at, size)
        progress.advance(size)
        if content is None:
            continue
        content, wanted = content.ljust(layout.shard, b"\0"), index.hash(place + number)
        if wanted is None:
            doubtful[number] = content
        elif short_hash(content) == wanted:
            good[number] = content
    if len(good) == count:
        return
    parity = _parity(source, index, stripe)
    if count - len(good) > len(parity):  # then those whose hash is lost are held for good
        good |= doubtful
    restored = _decoded(layout, good, count, parity)
    for number in range(count):
        if number in good:
            continue
        if number in restored and index.hash(place + number) in (None, short_hash(restored[number])):
            found.mended.append(first + number)
            with recovery.room_for_temporary_files():
                found.contents.write(restored[number])
        else:
            found.lost.append(first + number)


def _parity(source: _Patient, index: _Index, stripe: int) -> dict[int, bytes]:
    """The undamaged parity shards of a stripe."""
    layout, good = index.layout, dict[int, bytes]()
    start = layout.start + layout.parity_offset(stripe)
    place = layout.first_hash(stripe) + layout.data_in(stripe)
    for number in range(layout.parity):
        content = source.read(start + number * layout.shard, layout.shard)
        if content is not None and short_hash(content) == index.hash(place + number):
            good[number] = content
    return good


def _decoded(layout: Layout, good: dict[int, bytes], count: int, parity: dict[int, bytes]) -> dict[int, bytes]:
    """The missing shards of a stripe; none where parity does not reach."""
    import reed_solomon_leopard

    missing = count - len(good)
    if not missing or missing > len(parity):
        return {}
    used = list(parity.items())[:missing]
    restored: dict[int, list[bytes]] = {}
    for column in recovery.columns(layout):
        known = {number: content[column] for number, content in good.items()}
        extra = {number: content[column] for number, content in used}
        for number, part in reed_solomon_leopard.decode(count, layout.parity, known, extra).items():
            restored.setdefault(number, []).append(part)
    return {number: b"".join(parts) for number, parts in restored.items()}


def _stretches(layout: Layout, numbers: Iterable[int]) -> Iterator[Stretch]:
    """Shards as stretches of the file, neighbours joined."""
    start = end = -1
    for number in numbers:
        if number != end and end >= 0:
            yield _stretch(layout, start, end)
        if number != end:
            start = number
        end = number + 1
    if end >= 0:
        yield _stretch(layout, start, end)


def _stretch(layout: Layout, start: int, end: int) -> Stretch:
    return Stretch(start * layout.shard, min(end * layout.shard, layout.protected) - start * layout.shard)
