"""Pages of foreign PDFs, taken over as drawings: what is seen stays, what acts is left behind.

Nothing of a file but its pages' drawings is followed: no actions, scripts, attachments, forms, names. What remarks,
stamps and form fields look like is drawn into the page. Files made to exhaust the reader meet limits of pages, objects
and time.
"""

from __future__ import annotations

import logging
import math
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from ntm_desktop import paths
from ntm_desktop.dossier.merge_out import MergedFile, name, numbers, stream_of

MOST_PAGES = 5000
MOST_NODES = 20_000  # of the tree of pages
MOST_OBJECTS = 500_000
MOST_DEPTH = 60  # of arrays and dictionaries within each other
PATIENCE = 120.0  # seconds for one file
_LARGEST = 14_000.0  # points; a PDF page may have 14,400
_A4 = (595.28, 841.89)
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


def _names(words: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in words.split())


# Keys of a stream that lead out of it: to other files, private data, the file's structure.
_LEFT_BEHIND = _names("Alternates F FDecodeParms FFilter Length Metadata OPI PieceInfo Ref StructParent StructParents")
_NO_DRAWING = _names("Page Pages Catalog Action Annot Filespec EmbeddedFile Outlines Sig StructElem StructTreeRoot")
_ACTS = _names(
    """GoTo GoToR GoToE Hide ImportData JavaScript Launch Movie Named Rendition ResetForm RichMediaExecute SetOCGState
    Sound SubmitForm Thread URI"""
)
_HIDDEN = 1 | 2 | 32  # annotation flags: invisible, hidden, no view


class Why(StrEnum):
    """Why pages of a file cannot be had."""

    BROKEN = "broken"
    LOCKED = "locked"
    TOO_MUCH = "too_much"


class Unreadable(Exception):
    """Pages of a file cannot be had."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page as a form of the merged file: an object number, and its size as it is seen, turned upright, in points."""

    number: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layers:
    """Optional content that was taken over: all of it, and what is off."""

    all: tuple[int, ...]
    off: tuple[int, ...]


class Source:
    """One file that pages are taken from.

    Raises:
        Unreadable: by every method; the reason is in it.
    """

    def __init__(self, path: Path, target: MergedFile, check: Callable[[], None] = lambda: None) -> None:
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        self._target = target
        self._check = check
        self._deadline = time.monotonic() + PATIENCE
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: deque[tuple[IndirectObject, int]] = deque()
        self._stream = open(paths.extended(path), "rb")  # noqa: SIM115 - closed by close()
        try:
            self._reader = PdfReader(self._stream, strict=False)
            locked = self._reader.is_encrypted and not self._reader.decrypt("")
        except Exception as error:  # hostile content raises anything
            self._stream.close()
            raise Unreadable(Why.BROKEN) from error
        if locked:
            self._stream.close()
            raise Unreadable(Why.LOCKED)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def drawings(self) -> Iterator[Drawing]:
        """All pages in order, each written into the merged file before the next is looked at."""
        count = 0
        for page in self._pages():
            count += 1
            if count > MOST_PAGES:
                raise Unreadable(Why.TOO_MUCH)
            yield self._drawing(page)
        if not count:
            raise Unreadable(Why.BROKEN)

    def layers(self) -> Layers:
        """The optional content of what was taken over."""
        settings = _dictionary(self._reader.trailer["/Root"]).get("/OCProperties")
        if settings is None:
            return Layers((), ())
        known = _dictionary(settings)
        shown = _dictionary(known.get("/D"))
        every = [self._numbers.get(_key(ref), 0) for ref in _array(known.get("/OCGs")) if _is_reference(ref)]
        off = [self._numbers.get(_key(ref), 0) for ref in _array(shown.get("/OFF")) if _is_reference(ref)]
        if shown.get("/BaseState") == "/OFF":
            on = [self._numbers.get(_key(ref), 0) for ref in _array(shown.get("/ON")) if _is_reference(ref)]
            off = [number for number in every if number not in on]
        return Layers(tuple(filter(None, every)), tuple(filter(None, off)))

    def _pages(self) -> Iterator[dict[str, Any]]:
        """Leaves of the tree of pages with what they inherit; branches that lead back to themselves are left out."""
        root = _dictionary(self._reader.trailer["/Root"])
        stack: list[tuple[Any, dict[str, Any]]] = [(root.raw_get("/Pages"), {})]
        branches: set[tuple[int, int]] = set()
        nodes = 0
        while stack:
            node, inherited = stack.pop()
            nodes += 1
            self._in_time()
            if nodes > MOST_NODES:
                raise Unreadable(Why.TOO_MUCH)
            key = _key(node) if _is_reference(node) else None
            known = _resolved(node)
            if not isinstance(known, DictionaryObject):
                continue
            own = inherited | {each: known.raw_get(each) for each in _INHERITED if each in known}
            if "/Kids" not in known or known.get("/Type") == "/Page":
                yield own | {each: known.raw_get(each) for each in known}
            elif key not in branches:
                if key:
                    branches.add(key)
                stack.extend((kid, own) for kid in reversed(_array(known.get("/Kids"))))

    def _drawing(self, page: Mapping[str, Any]) -> Drawing:
        box = _box(page.get("/MediaBox")) or (0.0, 0.0, *_A4)
        cropped = _box(page.get("/CropBox"))
        if cropped:
            inside = (
                max(box[0], cropped[0]),
                max(box[1], cropped[1]),
                min(box[2], cropped[2]),
                min(box[3], cropped[3]),
            )
            box = inside if inside[2] - inside[0] > 1 and inside[3] - inside[1] > 1 else box
        unit = min(max(_number(page.get("/UserUnit"), 1.0), 0.01), 100.0)
        unit = min(unit, _LARGEST / max(box[2] - box[0], box[3] - box[1]))
        turn = int(_number(page.get("/Rotate"), 0)) // 90 % 4
        matrix, (width, height) = _upright(box, turn, unit)
        resources = self._resources(page)
        form = self._form(self._content(page.get("/Contents")), box, resources)
        group = _resolved(page.get("/Group"))
        if isinstance(group, DictionaryObject):
            form[name("Group")] = self._copied(group, 1)
        looks = self._looks(page.get("/Annots"))
        if looks:
            within: dict[Any, Any] = {name("Page"): self._target.add(form)}
            commands = [b"/Page Do"]
            for place, (look, at) in enumerate(looks):
                within[name(f"Look{place}")] = look
                commands.append(b"q %s cm /Look%d Do Q" % (at, place))
            objects = DictionaryObject({name("XObject"): DictionaryObject(within)})
            form = self._form(b"\n".join(commands), box, objects)
        form[name("Matrix")] = numbers(*matrix)
        number = self._target.reserve()
        self._target.put(number, form)
        self._drain()
        return Drawing(number, width, height)

    def _form(self, content: bytes, box: tuple[float, ...], resources: DictionaryObject) -> StreamObject:
        return stream_of(
            zlib.compress(content),
            Type=name("XObject"),
            Subtype=name("Form"),
            BBox=numbers(*box),
            Resources=resources,
            Filter=name("FlateDecode"),
        )

    def _resources(self, page: Mapping[str, Any]) -> DictionaryObject:
        copied: Any = self._copied(_dictionary(page.get("/Resources")), 1)
        return copied if isinstance(copied, DictionaryObject) else DictionaryObject()

    def _content(self, contents: Any) -> bytes:
        found = _resolved(contents)
        streams = [found] if isinstance(found, StreamObject) else [_resolved(item) for item in _array(found)]
        return b"\n".join(item.get_data() for item in streams if isinstance(item, StreamObject))

    def _looks(self, annotations: Any) -> list[tuple[IndirectObject, bytes]]:
        """What the page's remarks, stamps and fields look like, each with the matrix that puts it in its place."""
        found: list[tuple[IndirectObject, bytes]] = []
        for item in _array(annotations)[:MOST_PAGES]:
            self._in_time()
            known = _dictionary(item)
            if known.get("/Subtype") == "/Popup" or int(_number(known.get("/F"), 0)) & _HIDDEN:
                continue
            look, at = _appearance(known), _box(known.get("/Rect"))
            placed = _placed(look, at) if look is not None and at else None
            if placed is not None:
                found.append((self._referred(look), placed))
        return found

    def _copied(self, thing: Any, depth: int) -> Any:
        """A value for the merged file; what it refers to is numbered and waits to be written."""
        if depth > MOST_DEPTH:
            raise Unreadable(Why.TOO_MUCH)
        if isinstance(thing, IndirectObject):
            return self._referred(thing)
        if isinstance(thing, StreamObject):
            return NullObject()  # streams stand by themselves
        if isinstance(thing, DictionaryObject):
            if _acts(thing):
                return NullObject()
            return DictionaryObject({key: self._copied(thing.raw_get(key), depth + 1) for key in thing})
        if isinstance(thing, ArrayObject):
            return ArrayObject([self._copied(item, depth + 1) for item in thing])
        if isinstance(thing, TextStringObject):
            return ByteStringObject(thing.original_bytes)
        if isinstance(thing, NameObject | NumberObject | FloatObject | BooleanObject | ByteStringObject):
            return thing
        return NullObject()

    def _referred(self, reference: IndirectObject) -> Any:
        key = _key(reference)
        if key not in self._numbers:
            if len(self._numbers) >= MOST_OBJECTS:
                raise Unreadable(Why.TOO_MUCH)
            self._numbers[key] = self._target.reserve()
            self._waiting.append((reference, self._numbers[key]))
        return self._target.reference(self._numbers[key])

    def _drain(self) -> None:
        """Write what waits, and what that refers to."""
        while self._waiting:
            self._in_time()
            reference, number = self._waiting.popleft()
            found = _resolved(reference)
            if isinstance(found, StreamObject) and not _acts(found):
                made = stream_of(found._data)
                kept = {key: found.raw_get(key) for key in found if key not in _LEFT_BEHIND}
                made.update({key: self._copied(value, 1) for key, value in kept.items()})
                self._target.put(number, made)
                self._reader.resolved_objects.pop((reference.generation, reference.idnum), None)
            else:
                self._target.put(number, self._copied(found, 0))

    def _in_time(self) -> None:
        self._check()
        if time.monotonic() > self._deadline:
            raise Unreadable(Why.TOO_MUCH)


def _key(reference: Any) -> tuple[int, int]:
    return reference.idnum, reference.generation


def _is_reference(thing: Any) -> bool:
    return isinstance(thing, IndirectObject)


def _resolved(thing: Any) -> Any:
    for _step in range(20):
        if not isinstance(thing, IndirectObject):
            return thing
        thing = thing.get_object()
    return None


def _dictionary(thing: Any) -> DictionaryObject:
    found = _resolved(thing)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(thing: Any) -> list[Any]:
    found = _resolved(thing)
    return list(found) if isinstance(found, ArrayObject) else []


def _number(thing: Any, default: float) -> float:
    found = _resolved(thing)
    if not isinstance(found, NumberObject | FloatObject):
        return default
    value = float(found)
    return value if math.isfinite(value) else default


def _acts(thing: DictionaryObject) -> bool:
    """Whether it does something, or belongs to the file rather than to a drawing."""
    what = thing.get("/Type")
    return what in _NO_DRAWING or thing.get("/S") in _ACTS or "/EF" in thing or thing.get("/Subtype") == "/PS"


def _box(thing: Any) -> tuple[float, float, float, float] | None:
    """Left, bottom, right, top; None where it is no box that something can be seen in."""
    values = [_number(item, math.nan) for item in _array(thing)[:4]]
    if len(values) < 4 or not all(math.isfinite(value) and abs(value) < 1e6 for value in values):
        return None
    left, right = sorted((values[0], values[2]))
    bottom, top = sorted((values[1], values[3]))
    return (left, bottom, right, top) if right - left > 1 and top - bottom > 1 else None


def _upright(
    box: tuple[float, float, float, float], turn: int, unit: float
) -> tuple[tuple[float, ...], tuple[float, float]]:
    """The matrix that brings the box to the origin, turned clockwise by quarter turns; and the size seen."""
    left, bottom, right, top = (value * unit for value in box)
    width, height = right - left, top - bottom
    match turn:
        case 1:
            return (0, -unit, unit, 0, -bottom, right), (height, width)
        case 2:
            return (-unit, 0, 0, -unit, right, top), (width, height)
        case 3:
            return (0, unit, -unit, 0, top, -left), (height, width)
        case _:
            return (unit, 0, 0, unit, -left, -bottom), (width, height)


def _appearance(annotation: DictionaryObject) -> Any:
    """A reference to the drawing of a remark or field in its present state, or None."""
    looks = _dictionary(annotation.get("/AP"))
    if "/N" not in looks:
        return None
    normal = looks.raw_get("/N")
    found = _resolved(normal)
    if isinstance(found, DictionaryObject) and not isinstance(found, StreamObject):
        state = annotation.get("/AS")
        if state is None or state not in found:
            return None
        normal = found.raw_get(state)
        found = _resolved(normal)
    return normal if isinstance(found, StreamObject) and _is_reference(normal) else None


def _placed(look: Any, at: tuple[float, float, float, float]) -> bytes | None:
    """The matrix that brings an appearance into its rectangle (ISO 32000-1, 12.5.5)."""
    form = _resolved(look)
    box = _box(form.get("/BBox"))
    if box is None:
        return None
    matrix = [_number(item, 0.0) for item in _array(form.get("/Matrix"))]
    a, b, c, d, e, f = matrix if len(matrix) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    bottom, top = min(y for _x, y in corners), max(y for _x, y in corners)
    if right - left < 1e-6 or top - bottom < 1e-6:
        return None
    across, up = (at[2] - at[0]) / (right - left), (at[3] - at[1]) / (top - bottom)
    return b"%.5f 0 0 %.5f %.4f %.4f" % (across, up, at[0] - left * across, at[1] - bottom * up)
