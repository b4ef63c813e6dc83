"""Blocks of a document as elements of a Word file's body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import layout, word_parts, word_tables
from ntm_desktop.dossier.document import Align, legible
from ntm_desktop.dossier.word_parts import Inline, Measure
from ntm_desktop.dossier.word_sections import SectionMark, wrapped
from ntm_desktop.dossier.word_xml import Element, keep_with_next, node, paragraph, runs, tab, tag, twips

ENDING_LETTERS = 600  # of what stands between the last table and the signature, if it is to stay together
TITLE_HEIGHT = 45.0  # millimetres that are left to a title above pictures


@dataclass
class BodyMaker:
    """Makes the body of one document. ``marks`` are those of its sections, in its order."""

    page: layout.Page
    measure: Measure
    inline: Inline
    marks: Sequence[SectionMark]
    _bookmarks: int = 0
    _headings: int = 0
    _sections: int = 0
    _used: float = 0.0  # millimetres of the page that a title alone has taken
    _entries: Sequence[tuple[int, str, str]] = ()  # of the contents: level, words, bookmark

    @property
    def width(self) -> int:
        """Between the margins, in twips."""
        return twips(self.page.text_width)

    def body(self, blocks: Sequence[doc.Block]) -> list[Element]:
        """All blocks in order; a page break becomes a property of what follows it."""
        self._entries = [
            (block.level, _heading_words(block), f"_Toc{place:08d}")
            for place, block in enumerate(item for item in blocks if isinstance(item, doc.Heading))
        ]
        made: list[list[Element]] = []
        broken = False
        for block in blocks:
            if isinstance(block, doc.PageBreak):
                broken = True
                continue
            elements = list(self._made(block))
            self._used = TITLE_HEIGHT if isinstance(block, doc.Title) else 0.0
            if not elements:
                continue
            if broken and made:
                elements = _on_new_page(elements)
            broken = False
            if isinstance(block, doc.SignatureBlock):
                _keep_ending(made)
            made.append(elements)
        return [element for elements in made for element in elements] or [paragraph("NtmGap")]

    def _made(self, block: doc.Block) -> Iterable[Element]:
        """Elements of one block. Every table is followed by a paragraph: two that touch would become one."""
        match block:
            case doc.OfficialHead():
                return [word_parts.head(block, self.width, self.measure), _gap(10)]
            case doc.Title():
                return [*word_parts.title(block, self.width, self.measure), _gap(8)]
            case doc.Addressee():
                return _addressee(block)
            case doc.Basis():
                ends = [";"] * (len(block.lines) - 1) + ["."]
                pairs = zip(block.lines, ends, strict=bool(block.lines))
                return [paragraph("NtmBasis", *runs(words + end)) for words, end in pairs]
            case doc.Heading():
                return [self._heading(block)]
            case doc.Paragraph():
                return [_paragraph(block)]
            case doc.FillIn():
                return self._fill_in(block)
            case doc.Note():
                return [paragraph("NtmBoxed" if block.boxed else "NtmNote", *runs(block.content))]
            case doc.Table():
                return [word_tables.made(block, self.width, twips(self.page.text_height)), _gap(8)]
            case doc.QrCode():
                return [*word_parts.qr_code(block, self.width, self.inline), _gap(1)]
            case doc.SignatureBlock():
                return [_gap(6, keep=True), word_parts.signatures(block, self.width), _gap(1)]
            case doc.Contents():
                return [self._contents(block)]
            case doc.Section():
                return self._section(block)
            case _:
                return self._pages(block)

    def _pages(self, block: doc.Block) -> Iterable[Element]:
        match block:
            case doc.Cover():
                return [word_parts.cover(block, self.page), _gap(1)]
            case doc.Pictures():
                tables: Iterable[Element] = word_parts.pictures(block, self.page, self.inline, self._used)
            case doc.Spines():
                tables = word_parts.spines(block, self.page)
            case _:
                return []
        return [element for made in tables for element in (made, _gap(1))]

    def _bookmark(self, name: str) -> tuple[Element, Element]:
        self._bookmarks += 1
        start = node("bookmarkStart", id=self._bookmarks, name=name)
        return start, node("bookmarkEnd", id=self._bookmarks)

    def _heading(self, block: doc.Heading) -> Element:
        level, words, name = self._entries[self._headings]
        self._headings += 1
        start, end = self._bookmark(name)
        return paragraph(f"Heading{min(max(level, 1), 3)}", start, *runs(words), end)

    def _fill_in(self, block: doc.FillIn) -> list[Element]:
        asked = [paragraph("NtmAsked", *runs(block.asked))] if block.asked else []
        stop = (("right", self.width),)
        dots = [paragraph("NtmDots", tab(), tabs=stop) for _ in range(max(0, block.lines))]
        for item in dots:
            for each in item.iter(tag("tab")):
                if each.get(tag("val")):
                    each.set(tag("leader"), "dot")
        for item in dots[:-1]:
            keep_with_next(item)
        return [*asked, *dots]

    def _section(self, block: doc.Section) -> list[Element]:
        inner = [element for item in block.blocks for element in self._made(item)] or [paragraph("NtmBody")]
        mark = self.marks[self._sections]
        self._sections += 1
        start, end = self._bookmark(mark.bookmark)
        return [wrapped(inner, mark, legible(block.name) or block.key, start), end]

    def _contents(self, block: doc.Contents) -> Element:
        """A field that Word computes, filled with the headings as they are now."""
        stops = (("right", self.width),)
        lines: list[Element] = []
        for level, words, name in self._entries:
            line = paragraph(f"TOC{min(max(level, 1), 3)}", tabs=stops)
            link = node("hyperlink", *runs(words), tab(), *_page_of(name), anchor=name, history=1)
            for each in line.iter(tag("tab")):
                each.set(tag("leader"), "dot")
            line.append(link)
            lines.append(line)
        first = lines[0] if lines else paragraph("TOC1")
        begin = [
            node("r", node("fldChar", fldCharType="begin", dirty="true")),
            _instruction('TOC \\o "1-3" \\h \\z \\u'),
            node("r", node("fldChar", fldCharType="separate")),
        ]
        for place, item in enumerate(begin, start=1):  # after the paragraph's properties
            first.insert(place, item)
        last = paragraph("NtmGap", node("r", node("fldChar", fldCharType="end")))
        gallery = node("docPartObj", node("docPartGallery", val="Table of Contents"), node("docPartUnique"))
        title = [paragraph("TOCHeading", *runs(block.title))] if block.title else []
        content = node("sdtContent", *title, *(lines or [first]), last)
        return node("sdt", node("sdtPr", gallery), content)


def _instruction(words: str) -> Element:
    text = node("instrText")
    text.text = f" {words} "
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return node("r", text)


def _page_of(bookmark: str) -> list[Element]:
    """The page on which a bookmark stands."""
    return [
        node("r", node("fldChar", fldCharType="begin", dirty="true")),
        _instruction(f"PAGEREF {bookmark} \\h"),
        node("r", node("fldChar", fldCharType="separate")),
        *runs("…"),
        node("r", node("fldChar", fldCharType="end")),
    ]


def _gap(points: int, keep: bool = False) -> Element:
    """An empty paragraph ``points`` high."""
    made = paragraph("NtmGap", keep=keep)
    properties = made.find(tag("pPr"))
    if points > 1 and properties is not None:
        properties.append(node("spacing", line=points * 20, lineRule="exact"))
    return made


def _on_new_page(elements: list[Element]) -> list[Element]:
    first = elements[0]
    properties = first.find(tag("pPr"))
    if first.tag != tag("p") or properties is None:
        return [paragraph("NtmGap", new_page=True, keep=True), *elements]
    place = 1 + sum(properties.find(tag(name)) is not None for name in ("keepNext", "keepLines"))
    properties.insert(place, node("pageBreakBefore"))
    return elements


def _heading_words(block: doc.Heading) -> str:
    heading = block.title.upper() if block.level == 1 else block.title
    return " ".join(legible(f"{block.number} {heading}").split())


def _paragraph(block: doc.Paragraph) -> Element:
    content = (doc.Run(f"{block.marker} "), *block.content) if block.marker else block.content
    align = None if block.align is Align.JUSTIFY else block.align
    return paragraph("NtmBody", *runs(content), align=align, first_line=None if block.indent else 0)


def _addressee(block: doc.Addressee) -> list[Element]:
    style = "NtmAddressee"
    if len(block.receivers) == 1:
        return [paragraph(style, *runs(f"Kính gửi: {block.receivers[0]}"), align=Align.CENTER), _gap(8)]
    ends = [";"] * (len(block.receivers) - 1) + ["."]
    first = paragraph(style, *runs("Kính gửi:"), indent=(twips(25), 0), keep=True)
    pairs = zip(block.receivers, ends, strict=bool(block.receivers))
    names = [paragraph(style, *runs(f"- {name}{end}"), indent=(twips(45), 0)) for name, end in pairs]
    return [first, *names, _gap(8)]


def _keep_ending(made: Sequence[list[Element]]) -> None:
    """Keep what a signature must not leave: a short ending with the last rows of the table above, else a paragraph."""
    ending: list[Element] = []
    letters = 0
    for element in (item for elements in reversed(made) for item in reversed(elements)):
        if element.tag == tag("tbl"):
            ending.extend(element.findall(tag("tr"))[-2:])
            break
        ending.append(element)
        letters += sum(len(text.text or "") for text in element.iter(tag("t")))
        if element.tag == tag("sdt") or letters > ENDING_LETTERS:
            ending = list(ending[0].iter(tag("p")))[-1:]
            break
    for element in ending:
        keep_with_next(element)
