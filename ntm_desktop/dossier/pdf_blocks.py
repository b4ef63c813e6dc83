"""Blocks of a document as things that reportlab puts on pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Lines

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import layout
from ntm_desktop.dossier.document import Align
from ntm_desktop.dossier.layout import FACES, Page, Role
from ntm_desktop.dossier.pdf_fonts import Typeface
from ntm_desktop.dossier.pdf_parts import (
    BookmarkedLines,
    BoxedNote,
    DottedLines,
    HeadBlock,
    QrBlock,
    RuledTitle,
    Signatures,
    shortened,
)
from ntm_desktop.dossier.pdf_sheets import CoverSheet, PictureSheet, contents_lines, picture_sheets, spine_rows
from ntm_desktop.dossier.pdf_table import Box, Grid, Strip, fitted

_ALIGN: dict[Align, Literal[0, 1, 2, 4]] = {
    Align.LEFT: TA_LEFT,
    Align.CENTER: TA_CENTER,
    Align.RIGHT: TA_RIGHT,
    Align.JUSTIFY: TA_JUSTIFY,
}
TABLE_GAP = 8.0
_ENDINGS = (doc.Paragraph, doc.Note, doc.SignatureBlock)


class Setter:
    """Sets one document: knows its page and its typeface."""

    def __init__(self, page: Page, typeface: Typeface) -> None:
        self.page = page
        self.type = typeface
        self.width = page.text_width * mm
        self.height = page.text_height * mm
        self._styles: dict[tuple[object, ...], ParagraphStyle] = {}
        self._entries: list[tuple[int, str, str]] = []  # of the table of contents: level, words, bookmark

    def style(
        self,
        role: Role,
        align: Align = Align.LEFT,
        indent: float = 0.0,
        after: float = 0.0,
        leading: float = layout.LINE_HEIGHT,
        in_table: bool = False,
    ) -> ParagraphStyle:
        """The paragraph style of a component; made once."""
        key = (role, align, indent, after, leading, in_table)
        if key not in self._styles:
            face = FACES[role]
            self._styles[key] = ParagraphStyle(
                f"{role}-{len(self._styles)}",
                fontName=self.type.name(face.bold, face.italic),
                bulletFontName=self.type.name(),
                fontSize=face.size,
                leading=face.size * leading,
                alignment=_ALIGN[align],
                firstLineIndent=indent,
                spaceAfter=after,
                allowOrphans=int(in_table),
                allowWidows=int(in_table),
                splitLongWords=1,
            )
        return self._styles[key]

    def lines(self, content: doc.Text | str, role: Role, style: ParagraphStyle | None = None) -> Lines:
        """A paragraph in the face of its component."""
        face = FACES[role]
        return self.type.lines(content, style or self.style(role), face.bold, face.italic)

    def flow(self, blocks: Sequence[doc.Block]) -> list[Flowable]:
        """All blocks in order; headings keep with what follows, endings with the table above them."""
        flow: list[Flowable] = []
        blocks = self._opened(blocks)
        start = _ending_of(blocks)
        body = [_keyed(self._made(block), place) for place, block in enumerate(blocks[:start])]
        ending = [item for block in blocks[start:] for item in self._made(block)]
        kept = self._together(ending)
        table = body[-1][0] if body and body[-1] else None
        if isinstance(table, Grid) and kept:
            table.keep = kept + TABLE_GAP
        for place, made in enumerate(body):
            if isinstance(blocks[place], doc.Heading | doc.FillIn):
                flow.append(CondPageBreak(self._need(body, blocks, place)))
            flow.extend(made)
        if not ending:  # even nothing, kept together, asks for a new page below a full one
            return flow
        return [*flow, KeepTogether(ending)] if kept else [*flow, *ending[:-2], KeepTogether(ending[-2:])]

    def _together(self, ending: Sequence[Flowable]) -> float:
        """Height of an ending short enough to be kept whole, else 0."""
        height = sum(self._height(item) for item in ending)
        return height if height < self.height * 0.5 else 0.0

    def fits(self, blocks: Sequence[doc.Block]) -> bool:
        """True where the blocks need no second page."""
        opened = self._opened(blocks)
        return sum(self._height(item) for block in opened for item in self._made(block)) <= self.height

    def _opened(self, blocks: Sequence[doc.Block]) -> list[doc.Block]:
        """Sections as what stands in them; headings and further titles are noted for the table of contents."""
        opened: list[doc.Block] = []
        for block in blocks:
            opened.extend(block.blocks if isinstance(block, doc.Section) else (block,))
        titles = [place for place, block in enumerate(opened) if isinstance(block, doc.Title)]
        self._entries = [
            (*_outline(block), _key(place))
            for place, block in enumerate(opened)
            if isinstance(block, doc.Heading) or (isinstance(block, doc.Title) and place != titles[0])
        ]
        return opened

    def _height(self, item: Flowable) -> float:
        return float(item.wrap(self.width, self.height)[1] + item.getSpaceBefore() + item.getSpaceAfter())

    def _need(self, body: Sequence[list[Flowable]], blocks: Sequence[doc.Block], place: int) -> float:
        """Height of the headings from ``place`` on with the first lines of what they introduce."""
        need = 0.0
        for block, made in zip(blocks[place:], body[place:], strict=False):
            if isinstance(block, doc.Heading):
                need += sum(self._height(item) for item in made)
                continue
            if not made:
                continue
            first = made[0]
            if isinstance(first, PictureSheet):
                return min(need + first.least, self.height * 0.9)
            if isinstance(first, Grid):
                need += first.least
            else:
                two_lines = 2 * FACES[Role.BODY].size * layout.BODY_LINE_HEIGHT
                own = sum(self._height(item) for item in made)
                need += own if isinstance(block, doc.FillIn) else min(own, two_lines)
            break
        return min(need, self.height * 0.5)

    def _made(self, block: doc.Block) -> list[Flowable]:
        match block:
            case doc.OfficialHead():
                return [HeadBlock(block, self.type, self.width), Spacer(1, 10)]
            case doc.Title():
                title = RuledTitle(block, self.type, self.width)
                title.outline = _outline(block)
                return [title, Spacer(1, 8)]
            case doc.Addressee():
                return self._addressee(block)
            case doc.Basis():
                style = self.style(Role.BASIS, Align.JUSTIFY, layout.FIRST_LINE_INDENT * mm, 4, layout.BODY_LINE_HEIGHT)
                ends = [";"] * (len(block.lines) - 1) + ["."]
                return [
                    self.lines(words + end, Role.BASIS, style) for words, end in zip(block.lines, ends, strict=True)
                ]
            case doc.Heading():
                return [self._heading(block)]
            case doc.Paragraph():
                return [self._paragraph(block)]
            case doc.FillIn():
                asked = [self._paragraph(doc.Paragraph(doc.text(block.asked)))] if block.asked else []
                return [*asked, DottedLines(block.lines, self.width)]
            case doc.Note():
                if block.boxed:
                    style = self.style(Role.NOTE, Align.CENTER)
                    return [BoxedNote(self.lines(shortened(block.content), Role.NOTE, style), self.width)]
                return [self.lines(block.content, Role.NOTE, self.style(Role.NOTE, Align.JUSTIFY, after=4))]
            case doc.Table():
                return [self._table(block), Spacer(1, TABLE_GAP)]
            case doc.QrCode():
                style = self.style(Role.TABLE, after=2)
                return [
                    QrBlock(block.content, [self.lines(each, Role.TABLE, style) for each in block.caption], self.width)
                ]
            case doc.SignatureBlock():
                return [Signatures(block, self.type, self.width)]
            case doc.PageBreak():
                return [NewPage()]
            case _:
                return self._sheets(block)

    def _sheets(self, block: doc.Contents | doc.Pictures | doc.Cover | doc.Spines | doc.Section) -> list[Flowable]:
        match block:
            case doc.Contents():
                head = self.style(Role.KIND, Align.CENTER, after=8)
                style = self.style(Role.BODY, leading=layout.LINE_HEIGHT)
                title: list[Flowable] = [self.lines(block.title, Role.KIND, head)] if block.title else []
                return [*title, *contents_lines(self._entries, self.type, self.width, style), Spacer(1, 8)]
            case doc.Pictures():
                return picture_sheets(
                    block, self.style(Role.SUPERIOR, Align.CENTER), self.type, self.width, self.height
                )
            case doc.Cover():
                return [CoverSheet(block, self.type, self.width, self.height)]
            case doc.Spines():
                return spine_rows(block, self.type, self.width, self.height)
            case doc.Section():
                return [item for inner in block.blocks for item in self._made(inner)]

    def _addressee(self, block: doc.Addressee) -> list[Flowable]:
        if len(block.receivers) == 1:
            style = self.style(Role.ADDRESSEE, Align.CENTER, after=10)
            return [self.lines(f"Kính gửi: {block.receivers[0]}", Role.ADDRESSEE, style)]
        ends = [";"] * (len(block.receivers) - 1) + ["."]
        style = self.style(Role.ADDRESSEE, Align.LEFT, indent=0, after=2)
        shifted = ParagraphStyle("receivers", parent=style, leftIndent=45 * mm)
        head = ParagraphStyle("receivers-head", parent=style, leftIndent=25 * mm)
        names = [f"- {name}{end}" for name, end in zip(block.receivers, ends, strict=True)]
        made: list[Flowable] = [self.lines("Kính gửi:", Role.ADDRESSEE, head)]
        return [*made, *(self.lines(name, Role.ADDRESSEE, shifted) for name in names), Spacer(1, 8)]

    def _heading(self, block: doc.Heading) -> Lines:
        level, words = _outline(block)
        indent = layout.FIRST_LINE_INDENT * mm
        style = self.style(Role.HEADING, Align.JUSTIFY, indent, layout.PARAGRAPH_GAP)
        lines = BookmarkedLines("", style, frags=self.type.pieces(words, style, bold=True))
        lines.outline = (level, words)
        return lines

    def _paragraph(self, block: doc.Paragraph) -> Lines:
        content = (doc.Run(f"{block.marker} "), *block.content) if block.marker else block.content
        indent = layout.FIRST_LINE_INDENT * mm if block.indent else 0.0
        style = self.style(Role.BODY, block.align, indent, layout.PARAGRAPH_GAP, layout.BODY_LINE_HEIGHT)
        return self.lines(content, Role.BODY, style)

    def _table(self, table: doc.Table) -> Grid:
        unit = self.width / sum(column.weight for column in table.columns)
        widths = [column.weight * unit for column in table.columns]
        center = self.style(Role.TABLE_HEAD, Align.CENTER, in_table=True)
        titles = [self.lines(column.title, Role.TABLE_HEAD, center) for column in table.columns]
        edges = [sum(widths[:place]) for place in range(len(widths))]
        head = [Strip([Box(x, w, [t], middle=True) for x, w, t in zip(edges, widths, titles, strict=True)])]
        if table.numbered:
            counts = [
                self.lines(f"({n})", Role.TABLE, self.style(Role.TABLE, Align.CENTER, in_table=True))
                for n in range(1, 99)
            ]
            head.append(Strip([Box(x, w, [t]) for x, w, t in zip(edges, widths, counts, strict=False)]))
        strips: list[Strip] = []
        for group, entry in enumerate(table.rows):
            shared = entry.shared if isinstance(entry, doc.RowGroup) else ()
            rows = entry.rows if isinstance(entry, doc.RowGroup) else (entry,)
            first = self._boxes(shared, table.columns, edges, widths)
            offset = len(shared)
            for row in rows:
                boxes = self._boxes(row.cells, table.columns[offset:], edges[offset:], widths[offset:])
                strips.append(Strip(boxes, first, group if shared else -1, row.band))
        room = self.height - sum(strip.height for strip in head)
        return Grid(self.width, head, fitted(strips, room), self.height)

    def _boxes(
        self, cells: Sequence[doc.Cell], columns: Sequence[doc.Column], edges: Sequence[float], widths: Sequence[float]
    ) -> list[Box]:
        boxes: list[Box] = []
        at = 0
        for cell in cells:
            style = self.style(
                Role.TABLE, cell.align or (columns[at].align if cell.span == 1 else Align.LEFT), in_table=True
            )
            lines = [self.lines(paragraph, Role.TABLE, style) for paragraph in cell.paragraphs]
            boxes.append(Box(edges[at], sum(widths[at : at + cell.span]), lines))
            at += cell.span
        return boxes


def _outline(block: doc.Heading | doc.Title) -> tuple[int, str]:
    """Level and words of a bookmark; the title of a paper is above its headings."""
    if isinstance(block, doc.Title):
        above = f"{block.above}. " if block.above else ""
        return 0, _one_line(f"{above}{block.kind} {block.subject}")
    return block.level, _one_line(f"{block.number} {block.title.upper() if block.level == 1 else block.title}")


def _one_line(words: str) -> str:
    return " ".join(doc.legible(words).split())


def _key(place: int) -> str:
    return f"b{place}"


def _keyed(made: list[Any], place: int) -> list[Flowable]:
    """What becomes a bookmark is told its name."""
    if made and hasattr(made[0], "outline"):
        made[0].key = _key(place)
    return made


def _ending_of(blocks: Sequence[doc.Block]) -> int:
    """Where the ending begins that a signature must not leave: after the last table, or the paragraph before it."""
    if not blocks or not isinstance(blocks[-1], doc.SignatureBlock):
        return len(blocks)
    start = len(blocks) - 1
    while start > 0 and isinstance(blocks[start - 1], _ENDINGS):
        start -= 1
    if start > 0 and isinstance(blocks[start - 1], doc.Table):
        return start
    return max(start, len(blocks) - 2)
