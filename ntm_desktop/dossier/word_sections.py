"""What a person may edit in Word and hand back: content controls, with bookmarks around them as a second mark.

Word keeps both. LibreOffice keeps the controls but not their tags, and the bookmarks; which bookmark is which section,
and what was only a prompt, stands in the file's own properties, which both programs keep. Each property is short: Word
takes 255 signs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ntm_desktop.dossier.document import Block, FillIn, Paragraph, Section, legible
from ntm_desktop.dossier.word_xml import Element, node, tag

PROPERTY = "ntm"
LONGEST_PROPERTY = 255
_TEXT = "="  # before the fingerprint of a section's text
_LONGEST_BOOKMARK = 40  # in Word
_LONGEST_NAME = 64  # of a control's name and tag in Word
_BOOKMARK = re.compile(r"ntm_([1-9][0-9]{0,3})_\w*", re.ASCII)


@dataclass(frozen=True, slots=True)
class SectionMark:
    """One section of a file: its key, its place among them, fingerprints of prompts that no person wrote, and that of
    its text as it was written, by which an edit is told from an old print."""

    key: str
    place: int
    prompts: tuple[str, ...] = ()
    text: str = ""

    @property
    def bookmark(self) -> str:
        """Name of the bookmark: its number counts, the rest is for people."""
        readable = "".join(char if char.isascii() and char.isalnum() else "_" for char in self.key)
        return f"{PROPERTY}_{self.place}_{readable}"[:_LONGEST_BOOKMARK]

    @property
    def tag(self) -> str:
        """The content control's tag: the key, where Word takes one of that length."""
        return self.key if len(self.key) <= _LONGEST_NAME else self.bookmark


def place_of(bookmark: str) -> int:
    """The place of the section that a bookmark marks; 0 for other bookmarks."""
    match = _BOOKMARK.fullmatch(bookmark)
    return int(match[1]) if match else 0


def marks_of(blocks: Sequence[Block]) -> tuple[SectionMark, ...]:
    """The sections of a document, in its order."""
    sections = [block for block in blocks if isinstance(block, Section)]
    return tuple(
        SectionMark(
            " ".join(legible(block.key).split()),
            place,
            tuple(fingerprint(item.asked) for item in block.blocks if isinstance(item, FillIn) and item.asked),
            text_mark(_typed(block)),
        )
        for place, block in enumerate(sections, start=1)
    )


def fingerprint(*lines: str) -> str:
    """A short name of a text, whatever its spaces."""
    return hashlib.sha256("\n".join(" ".join(legible(line).split()) for line in lines).encode()).hexdigest()[:12]


def text_mark(typed: str) -> str:
    """The fingerprint of a section's text, whatever its spaces and empty lines."""
    return fingerprint(*(line for line in typed.splitlines() if line.strip()))


def _typed(section: Section) -> str:
    """A section's text as it would be typed."""
    paragraphs = (block for block in section.blocks if isinstance(block, Paragraph))
    return "\n".join(
        f"{item.marker} " * bool(item.marker) + "".join(run.text for run in item.content) for item in paragraphs
    )


@dataclass(frozen=True, slots=True)
class FileNote:
    """What a file says about itself.

    ``document``: which paper; ``draft``: printed as one; ``outside``: fingerprint of its text outside of the sections.
    """

    document: str
    draft: bool
    outside: str
    marks: tuple[SectionMark, ...]

    def properties(self) -> Mapping[str, str]:
        """As the file's properties."""
        own = " ".join((self.document or "-", "draft" if self.draft else "final", self.outside))
        told = {
            f"{PROPERTY}_{mark.place}": " ".join((mark.key or "-", f"{_TEXT}{mark.text}", *mark.prompts))
            for mark in self.marks
        }
        return {name: words[:LONGEST_PROPERTY] for name, words in {PROPERTY: own, **told}.items()}

    @classmethod
    def read(cls, properties: Mapping[str, str]) -> FileNote | None:
        """Back from the properties; None where they are not those of one of our files."""
        words = properties.get(PROPERTY, "").split()
        if len(words) != 3:
            return None
        marks: list[SectionMark] = []
        for name, told in properties.items():
            head, _sign, place = name.partition("_")
            key, *prompts = told.split() or [""]
            if head == PROPERTY and place.isascii() and place.isdigit() and key:
                texts = [word.removeprefix(_TEXT) for word in prompts if word.startswith(_TEXT)]
                others = tuple(word for word in prompts if not word.startswith(_TEXT))
                marks.append(SectionMark(key, int(place[:4]), others, next(iter(texts), "")))
        return cls(words[0], words[1] == "draft", words[2], tuple(marks))


def wrapped(inner: Iterable[Element], mark: SectionMark, name: str, start: Element) -> Element:
    """Paragraphs as a content control that cannot be deleted by mistake, with the bookmark's start inside.

    The bookmark ends after the control, so that a paragraph that is added as the last one is in it.
    """
    content = node("sdtContent", *inner)
    properties = content[0].find(tag("pPr"))
    content[0].insert(0 if properties is None else 1, start)
    return node(
        "sdt",
        node(
            "sdtPr",
            node("alias", val=" ".join(name.split())[:_LONGEST_NAME]),
            node("tag", val=mark.tag),
            node("id", val=mark.place),
            node("lock", val="sdtLocked"),
        ),
        content,
    )
