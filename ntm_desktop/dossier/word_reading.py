"""Texts of a file that a person has edited in Word or LibreOffice. Whatever file is given, reading does no harm."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ntm_desktop.dossier.document import legible
from ntm_desktop.dossier.word_lists import Lists
from ntm_desktop.dossier.word_sections import FileNote, fingerprint, place_of, text_mark
from ntm_desktop.dossier.word_styles import STYLES
from ntm_desktop.dossier.word_xml import Element, tag
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.model.text import clean

LARGEST_PART = 16 * 1024 * 1024  # bytes of one part when unpacked
MOST_PARTS = 5_000
_PARTS = {
    "body": "word/document.xml",
    "styles": "word/styles.xml",
    "numbering": "word/numbering.xml",
    "custom": "docProps/custom.xml",
    "core": "docProps/core.xml",
}
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_KEY = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9._-]*")
_FILLER = re.compile(r"[\s.…_]*")  # a dotted line
_GONE = {tag(name) for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "tcPr", "trPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_SIGNS = {tag("tab"): " ", tag("br"): "\n", tag("cr"): "\n", tag("noBreakHyphen"): "-"}
_NO_TEXT = [tag(kind) for kind in ("drawing", "pict", "object", "footnoteReference", "commentReference")]
_PLACEHOLDER = "placeholder text"  # Word's «Click or tap here» where a control was emptied
_ASKED = "ntm gợi ý"


@dataclass(frozen=True, slots=True)
class WordTexts:
    """What was read.

    ``note`` is None where the file's properties are gone; ``outside``: lines of all other text; ``left_behind``: keys
    of sections with pictures, footnotes or comments, which are no text.
    """

    title: str
    note: FileNote | None
    sections: Mapping[str, str]
    outside: tuple[str, ...]
    left_behind: tuple[str, ...]

    @property
    def untouched(self) -> bool:
        """True where the text outside of the sections is as it was written."""
        return self.note is not None and self.note.outside == fingerprint(*self.outside)

    @property
    def edited(self) -> Mapping[str, str]:
        """Sections that are not as they were written: an old print takes no newer text away."""
        written = {mark.key: mark.text for mark in self.note.marks} if self.note is not None else {}
        return {key: text for key, text in self.sections.items() if written.get(key) != text_mark(text)}


def read_sections(path: Path) -> Mapping[str, str]:
    """Texts of the sections by key («document.section»); one that nobody has written yet is empty.

    Raises:
        InvalidInput: it is no Word file, is damaged, too large or none of ours. OSError: it cannot be read.
    """
    return read_word(path).sections


def read_word(path: Path) -> WordTexts:
    """Sections and all other text.

    Raises:
        InvalidInput: it is no Word file, is damaged, too large or none of ours. OSError: it cannot be read.
    """
    parts = _unpacked(path)
    body = parts["body"].find(tag("body")) if parts["body"] is not None else None
    if body is None:
        raise _no_word(path)
    note = FileNote.read(_properties(parts["custom"]))
    reader = _Reader(note, _style_names(parts["styles"]), Lists.of(parts["numbering"], parts["styles"]))
    reader.read(body)
    if note is None and not reader.found:
        raise InvalidInput(
            _("Tệp {file} không phải là văn bản Word do phần mềm này tạo ra.").format(file=path.name),
            _("Chưa có gì thay đổi. Hãy chọn tệp Word đã xuất từ hồ sơ rồi sửa, ghi lại."),
        )
    title = parts["core"].findtext(_TITLE) if parts["core"] is not None else None
    return WordTexts(
        legible(title or "").strip(), note, reader.texts(), tuple(reader.outside), tuple(reader.left_behind)
    )


def lines_outside(body: Element) -> tuple[str, ...]:
    """The text outside of the sections of a body that is about to be written."""
    reader = _Reader(None, {style.id: style.name.casefold() for style in STYLES}, Lists({}, {}))
    reader.read(body)
    return tuple(reader.outside)


# --- the file


def _no_word(path: Path) -> InvalidInput:
    return InvalidInput(
        _("Tệp {file} không phải là tệp Word (.docx) hoặc đã hỏng.").format(file=path.name),
        _("Chưa có gì thay đổi. Nếu là tệp .doc hoặc .odt, hãy mở và ghi lại thành .docx rồi thử lại."),
    )


def _unpacked(path: Path) -> dict[str, Element | None]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS or len(set(names)) != len(names):
                raise _no_word(path)
            return {part: _parsed(archive, name, path) for part, name in _PARTS.items()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,  # encrypted
        ValueError,
        etree.XMLSyntaxError,
    ) as error:
        raise _no_word(path) from error


def _parsed(archive: zipfile.ZipFile, name: str, path: Path) -> Element | None:
    """One part as a tree: no larger than allowed, whatever its size is said to be, without entities or fetching."""
    if name not in archive.namelist():
        return None
    with archive.open(name) as stream:
        content = stream.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise InvalidInput(
            _("Tệp {file} quá lớn để đọc.").format(file=path.name),
            _("Chưa có gì thay đổi. Hãy kiểm tra lại tệp đã chọn."),
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a part of a Word file declares no types")
    return root


def _properties(custom: Element | None) -> dict[str, str]:
    if custom is None:
        return {}
    return {item.get("name", ""): "".join(str(text) for text in item.itertext()) for item in custom}


def _style_names(styles: Element | None) -> dict[str, str]:
    """Lower-case names by id: LibreOffice gives styles other ids and keeps their names."""
    found: dict[str, str] = {}
    for style in styles.iter(tag("style")) if styles is not None else ():
        name = style.find(tag("name"))
        found[style.get(tag("styleId"), "")] = "" if name is None else name.get(tag("val"), "").casefold()
    return found


# --- the body


@dataclass
class _Reader:
    """Goes through a body once and sorts its lines: into sections, or outside of them."""

    note: FileNote | None
    styles: Mapping[str, str]
    lists: Lists
    outside: list[str] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)
    left_behind: dict[str, None] = field(default_factory=dict)  # in the order of the file
    _names: dict[str, str] = field(default_factory=dict)  # key of a section by the id of its bookmark
    _open: str = ""  # section whose bookmark has begun
    _joined: bool = False  # the last paragraph's end was deleted: the next one goes on

    def read(self, body: Element) -> None:
        """Read all of it."""
        ended = {end.get(tag("id"), "") for end in body.iter(tag("bookmarkEnd"))}
        closing: set[str] = set()
        for start in body.iter(tag("bookmarkStart")):
            key, number = self._key_of_bookmark(start), start.get(tag("id"), "")
            if key:
                self._names[number] = key
                closing.update({key} & ({key} if number in ended else set()))
        # what has lost its end would take in all that follows
        self._names = {number: key for number, key in self._names.items() if key in closing}
        self._blocks(body, "")

    def texts(self) -> dict[str, str]:
        """Sections as they would be typed."""
        return {key: clean("\n".join(line.rstrip() for line in lines)) for key, lines in self.found.items()}

    def _key_of_bookmark(self, start: Element) -> str:
        place = place_of(start.get(tag("name"), ""))
        marks = self.note.marks if self.note else ()
        return next((mark.key for mark in marks if mark.place == place), "") if place else ""

    def _key_of_control(self, control: Element) -> str:
        properties = control.find(tag("sdtPr"))
        named = properties.find(tag("tag")) if properties is not None else None
        words = "" if named is None else named.get(tag("val"), "")
        for mark in self.note.marks if self.note else ():
            if words in (mark.key, mark.bookmark):
                return mark.key
        if _KEY.fullmatch(words):
            return words
        keys = [self._key_of_bookmark(start) for start in control.iter(tag("bookmarkStart"))]
        return next(filter(None, keys), "")

    def _blocks(self, holder: Element, section: str) -> None:
        for item in holder:
            if item.tag in _GONE:
                continue
            if item.tag == tag("p"):
                self._paragraph(item, section)
            elif item.tag == tag("bookmarkStart"):
                self._open = self._names.get(item.get(tag("id"), ""), self._open)
            elif item.tag == tag("bookmarkEnd"):
                self._close(item)
            elif item.tag == tag("sdt"):
                if item.find(f"{tag('sdtPr')}/{tag('docPartObj')}") is None:  # a table of contents is no text
                    self._blocks(item, section or self._key_of_control(item))
            else:  # tables, rows, cells, and what wraps blocks
                self._blocks(item, section)

    def _close(self, end: Element) -> None:
        if self._names.get(end.get(tag("id"), "")) == self._open:
            self._open = ""

    def _paragraph(self, paragraph: Element, section: str) -> None:
        style = paragraph.find(f"{tag('pPr')}/{tag('pStyle')}")
        style_id = "" if style is None else style.get(tag("val"), "")
        name = self.styles.get(style_id, "")
        before = self._open
        for start in paragraph.iter(tag("bookmarkStart")):
            self._open = self._names.get(start.get(tag("id"), ""), self._open)
        began = self._open != before
        words, early = self._words(paragraph)
        ends = [end for end in paragraph.iter(tag("bookmarkEnd")) if self._open]
        own = section or self._open
        if not section and not began and any(end in early for end in ends if self._ends(end)):
            own = ""  # the section had ended before this paragraph's first letter
        for end in ends:
            self._close(end)
        if name.startswith(("toc ", "contents ")):
            return
        line = legible(self.lists.sign(paragraph, style_id) + words if words.strip() else words)
        if own and any(paragraph.find(f".//{kind}") is not None for kind in _NO_TEXT):
            self.left_behind[own] = None
        self._add(own, line, name)
        self._joined = paragraph.find(f"{tag('pPr')}/{tag('rPr')}/{tag('del')}") is not None

    def _ends(self, end: Element) -> bool:
        return self._names.get(end.get(tag("id"), "")) == self._open

    def _add(self, section: str, line: str, style: str) -> None:
        if not section:
            self.outside.extend(kept for part in line.split("\n") if (kept := " ".join(part.split())))
            return
        lines = self.found.setdefault(section, [])
        marks = [mark for mark in self.note.marks if mark.key == section] if self.note else []
        prompt = style == _ASKED and any(fingerprint(line) in mark.prompts for mark in marks)
        if prompt or (_FILLER.fullmatch(line) and (line.strip() or not lines)):
            return
        if self._joined and lines:
            lines[-1] += line
        else:
            lines.append(line.strip(" ") if style.startswith("ntm dòng") else line)

    def _words(self, paragraph: Element) -> tuple[str, list[Element]]:
        """A paragraph's text without what is deleted or computed, and the bookmark ends before its first letter."""
        parts: list[str] = []
        early: list[Element] = []
        for item in self._visible(paragraph):
            if item.tag == tag("t"):
                parts.append(item.text or "")
            elif item.tag in _SIGNS:
                parts.append(_SIGNS[str(item.tag)])
            elif item.tag == tag("bookmarkEnd") and not "".join(parts).strip():
                early.append(item)
        return "".join(parts), early

    def _visible(self, holder: Element) -> Iterator[Element]:
        for item in holder:
            if item.tag in _GONE:
                continue
            style = item.find(f"{tag('rPr')}/{tag('rStyle')}")
            if style is None or self.styles.get(style.get(tag("val"), "")) != _PLACEHOLDER:
                yield item
                yield from self._visible(item)
