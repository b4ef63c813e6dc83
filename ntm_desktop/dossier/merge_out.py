"""A PDF that is written object by object, so that one made of hundreds of large files needs no more memory than one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from pypdf.generic import (
    ArrayObject,
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

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def name(word: str) -> NameObject:
    """``/word``."""
    return NameObject(f"/{word}")


def numbers(*values: float) -> ArrayObject:
    """An array of numbers."""
    return ArrayObject([FloatObject(f"{value:.4f}") for value in values])


def stream_of(content: bytes, **entries: Any) -> StreamObject:
    """A stream with its entries; ``content`` as it stands in the file."""
    made = StreamObject()
    made._data = content
    made.update({name(key): value for key, value in entries.items()})
    return made


class WriteFailed(Exception):
    """The file could not be written; ``__cause__`` is the system's reason."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the file stood, to go back to."""

    at: int
    count: int


@dataclass(slots=True)
class Bookmark:
    """An entry of the outline: leads to ``page``, an object of the file."""

    title: str
    page: int
    children: list[Bookmark] = field(default_factory=list)

    def count(self) -> int:
        """Itself and all below it."""
        return 1 + sum(child.count() for child in self.children)


class MergedFile:
    """Numbers objects, writes them, remembers where each is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._offsets: list[int] = []  # by number, from 1; 0: not written
        self._digest = hashlib.sha256()
        self._at = 0
        self._raw(_HEAD)

    def reserve(self) -> int:
        """A number for an object that is written later."""
        self._offsets.append(0)
        return len(self._offsets)

    def reference(self, number: int) -> IndirectObject:
        """To an object of this file."""
        return IndirectObject(number, 0, self)

    def put(self, number: int, thing: Any) -> None:
        """Write an object under its number.

        Raises:
            WriteFailed: the disk is full or gone.
        """
        try:
            self._offsets[number - 1] = self._at
            self._raw(f"{number} 0 obj\n".encode())
            if isinstance(thing, StreamObject):
                self._put_stream(thing)
            else:
                thing.write_to_stream(self)
            self._raw(b"\nendobj\n")
        except OSError as error:
            raise WriteFailed from error

    def add(self, thing: Any) -> IndirectObject:
        """Write an object, number it, and refer to it."""
        number = self.reserve()
        self.put(number, thing)
        return self.reference(number)

    def write(self, content: bytes) -> int:
        """What objects write themselves to."""
        self._raw(content)
        return len(content)

    def mark(self) -> Mark:
        """Where the file stands now."""
        return Mark(self._at, len(self._offsets))

    def back_to(self, mark: Mark) -> None:
        """Forget everything since."""
        self._stream.seek(mark.at)
        self._stream.truncate()
        self._at = mark.at
        del self._offsets[mark.count :]

    def put_outline(self, bookmarks: Sequence[Bookmark]) -> IndirectObject:
        """The bookmarks; the first level open."""
        root = self.reserve()
        entries = self._put_level(bookmarks, root)
        count = NumberObject(len(bookmarks))
        made = {name("Type"): name("Outlines"), name("Count"): count, **entries}
        self.put(root, DictionaryObject(made))
        return self.reference(root)

    def finish(self, catalog: DictionaryObject, info: dict[str, str]) -> None:
        """Write the catalogue, the file's metadata, and the table of where everything is."""
        told = DictionaryObject({name(key): TextStringObject(words) for key, words in info.items() if words})
        root, about = self.add(catalog), self.add(told)
        for number, offset in enumerate(self._offsets, start=1):
            if not offset:
                self.put(number, NullObject())
        begin = self._at
        lines = [f"xref\n0 {len(self._offsets) + 1}\n0000000000 65535 f \n"]
        lines += [f"{offset:010d} 00000 n \n" for offset in self._offsets]
        own_id = ByteStringObject(self._digest.digest()[:16])
        trailer = DictionaryObject(
            {
                name("Size"): NumberObject(len(self._offsets) + 1),
                name("Root"): root,
                name("Info"): about,
                name("ID"): ArrayObject([own_id, own_id]),
            }
        )
        try:
            self._raw("".join(lines).encode() + b"trailer\n")
            trailer.write_to_stream(self)  # type: ignore[arg-type]
            self._raw(f"\nstartxref\n{begin}\n%%EOF\n".encode())
        except OSError as error:
            raise WriteFailed from error

    def _put_stream(self, thing: StreamObject) -> None:
        entries = DictionaryObject({key: thing.raw_get(key) for key in thing if key != "/Length"})
        entries[name("Length")] = NumberObject(len(thing._data))
        entries.write_to_stream(self)  # type: ignore[arg-type]
        self._raw(b"\nstream\n")
        self._raw(thing._data)
        self._raw(b"\nendstream")

    def _raw(self, content: bytes) -> None:
        self._stream.write(content)
        self._digest.update(content)
        self._at += len(content)

    def _put_level(self, bookmarks: Sequence[Bookmark], parent: int) -> dict[Any, Any]:
        """Write the entries below ``parent``; first and last of them."""
        places = [self.reserve() for _bookmark in bookmarks]
        for place, (number, bookmark) in enumerate(zip(places, bookmarks, strict=True)):
            top = [self.reference(bookmark.page), name("XYZ"), NullObject(), NullObject(), NullObject()]
            made: dict[Any, Any] = {
                name("Title"): TextStringObject(bookmark.title),
                name("Parent"): self.reference(parent),
                name("Dest"): ArrayObject(top),
                **self._put_level(bookmark.children, number),
            }
            if bookmark.children:
                made[name("Count")] = NumberObject(1 - bookmark.count())  # closed
            if place:
                made[name("Prev")] = self.reference(places[place - 1])
            if place + 1 < len(places):
                made[name("Next")] = self.reference(places[place + 1])
            self.put(number, DictionaryObject(made))
        if not places:
            return {}
        return {name("First"): self.reference(places[0]), name("Last"): self.reference(places[-1])}
