"""Whole sheets: lines of a table of contents, pictures, covers, labels for the backs of boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import Color as Shade
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable
from reportlab.platypus import Paragraph as Lines

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import layout
from ntm_desktop.dossier.layout import FACES, Role
from ntm_desktop.dossier.pdf_fonts import Typeface
from ntm_desktop.dossier.pdf_images import ImageFile, look_at
from ntm_desktop.dossier.pdf_parts import THIN, shortened

GRAY = Shade(0.6, 0.6, 0.6)
NO_PICTURE = "Không có ảnh này trên máy"
_SMALLER = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)


def centered(words: str, size: float, typeface: Typeface, width: float, bold: bool = False) -> Lines:
    """A short text of any size, wrapped to ``width``."""
    style = ParagraphStyle(
        "centered",
        fontName=typeface.name(bold),
        bulletFontName=typeface.name(),
        fontSize=size,
        leading=size * layout.BODY_LINE_HEIGHT,
        alignment=TA_CENTER,
    )
    lines = typeface.lines(shortened(words), style, bold)
    lines.wrap(width, 1e6)
    return lines


def balanced(words: str, size: float, typeface: Typeface, width: float) -> Lines:
    """The same in bold, as narrow as its number of lines allows: no single word below a full line."""
    lines = centered(words, size, typeface, width, bold=True)
    for percent in range(95, 45, -5):
        narrower = centered(words, size, typeface, width * percent / 100, bold=True)
        if narrower.height > lines.height:
            break
        lines = narrower
    return lines


def height_of(stack: Sequence[Lines]) -> float:
    """Of lines set below each other."""
    return sum(float(lines.height) for lines in stack)


def draw_stack(canvas: Canvas, stack: Sequence[Lines], x: float, top: float) -> float:
    """Draw lines from ``top`` downwards; where they end."""
    for lines in stack:
        top -= lines.height
        lines.drawOn(canvas, x, top)
    return top


class ContentsLine(Flowable):  # type: ignore[misc,unused-ignore]
    """A heading with its page at the right edge, which is known when all pages are; a click leads there."""

    NUMBER = 12 * mm
    GAP = 3.0

    def __init__(self, lines: Lines, words: str, key: str, indent: float, width: float, font: str, size: float) -> None:
        super().__init__()
        self.lines, self.words, self.key, self.indent, self.width = lines, words, key, indent, width
        self.font, self.size = font, size
        self.height = lines.wrap(width - indent - self.NUMBER, 1e6)[1] + self.GAP

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """The words, dots up to the number, the number."""
        canvas: Any = self.canv
        self.lines.drawOn(canvas, self.indent, self.GAP)
        widths = self.lines.getActualLineWidths0()
        leading = float(self.lines.style.leading)
        base = self.GAP + leading - float(self.lines.style.fontSize)  # of the last line
        canvas.saveState()
        canvas.setLineWidth(0.8)
        canvas.setLineCap(1)
        canvas.setDash([0.01, 3])
        start, end = self.indent + (widths[-1] if widths else 0) + 4, self.width - self.NUMBER + 8
        if start < end:
            canvas.line(start, base + 1, end, base + 1)
        canvas.restoreState()
        canvas.draw_later(lambda: canvas.page_of(self.key), self.width, base, self.font, self.size)
        canvas.link(self.words, self.key, (self.indent, self.GAP, self.width, self.height))


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that was looked at, with its caption set to the width of its cell."""

    image: ImageFile | None
    caption: Lines


class PictureSheet(Flowable):  # type: ignore[misc,unused-ignore]
    """Pictures of one page in equal cells. It takes the room that a heading leaves it, down to ``least`` points."""

    GAP = 4 * mm
    PAD = 4.0  # between picture and caption
    BELOW = 12.0
    LEAST = 0.6

    def __init__(
        self, shown: Sequence[Shown], columns: int, width: float, page: float, typeface: Typeface, rows: int
    ) -> None:
        super().__init__()
        self.rows = [shown[at : at + columns] for at in range(0, len(shown), columns)]
        self.columns, self.width, self.typeface = columns, width, typeface
        self.full = page * len(self.rows) / rows - 1
        self.least = self.full * self.LEAST
        self.height = self.full

    @classmethod
    def cell_width(cls, columns: int, width: float) -> float:
        """Of each cell, for its caption."""
        return (width - (columns - 1) * cls.GAP) / columns

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As high as there is room, at most a page; a new page where that is too little."""
        self.height = min(self.full, available_height) if available_height >= self.least else self.full
        return self.width, self.height

    def draw(self) -> None:
        """Rows from the top; captions of a row begin on one line."""
        cell = self.cell_width(self.columns, self.width)
        tall = self.height / len(self.rows)
        top = self.height
        for row in self.rows:
            words = max(float(shown.caption.height) for shown in row)
            room = max(tall - words - self.PAD - self.BELOW, 10.0)
            for place, shown in enumerate(row):
                x = place * (cell + self.GAP)
                self._draw_one(shown, x, top - room, cell, room)
                shown.caption.drawOn(self.canv, x, top - room - self.PAD - shown.caption.height)
            top -= tall

    def _draw_one(self, shown: Shown, x: float, y: float, width: float, height: float) -> None:
        canvas: Any = self.canv
        if shown.image is None:
            canvas.saveState()
            canvas.setStrokeColor(GRAY)
            canvas.setLineWidth(THIN)
            canvas.rect(x, y, width, height)
            canvas.restoreState()
            lines = centered(f"({NO_PICTURE})", 12, self.typeface, width)
            lines.drawOn(canvas, x, y + (height - lines.height) / 2)
            return
        scale = min(width / shown.image.width, height / shown.image.height)
        wide, high = shown.image.width * scale, shown.image.height * scale
        canvas.draw_file(shown.image, x + (width - wide) / 2, y, wide, high)


def picture_sheets(block: doc.Pictures, style: ParagraphStyle, type_: Typeface, width: float, page: float) -> list[Any]:
    """Sheets of a block of pictures; what is too long for a caption follows its sheet in full."""
    columns = 1 if block.per_page <= 2 else 2
    rows = max(1, block.per_page // columns)
    cell = PictureSheet.cell_width(columns, width)
    most = page / rows * 0.3
    made: list[Any] = []
    for at in range(0, len(block.pictures), columns * rows):
        shown: list[Shown] = []
        rest: list[Lines] = []
        for picture in block.pictures[at : at + columns * rows]:
            caption = type_.lines(picture.caption, style)
            if caption.wrap(cell, 1e6)[1] > most:
                parts: list[Any] = caption.split(cell, most) or [caption]
                caption = parts[0]
                caption.wrap(cell, 1e6)
                rest.extend(parts[1:])
            shown.append(Shown(look_at(picture.path), caption))
        made.extend([PictureSheet(shown, columns, width, page, type_, rows), *rest])
    return made


class CoverSheet(Flowable):  # type: ignore[misc,unused-ignore]
    """A cover: a double frame, the agency on top, the title in the middle, further lines at the foot."""

    PAD = 10 * mm

    def __init__(self, cover: doc.Cover, typeface: Typeface, width: float, page: float) -> None:
        super().__init__()
        self.width, self.height = width, page - 1
        self.outline: tuple[int, str] = (0, doc.legible(cover.title).replace("\n", " "))
        inner = width - 2 * self.PAD
        for smaller in _SMALLER:
            sizes = [size * smaller for size in (14, 14, 28, 18, 14)]
            self.top = [
                centered(words, size, typeface, inner, bold)
                for words, size, bold in ((cover.superior, sizes[0], False), (cover.agency, sizes[1], True))
                if words
            ]
            self.middle = [balanced(cover.title, sizes[2], typeface, inner)]
            self.middle += [balanced(words, sizes[3], typeface, inner) for words in cover.subject]
            self.foot = [centered(words, sizes[4], typeface, inner) for words in cover.foot]
            if sum(map(height_of, (self.top, self.middle, self.foot))) < self.height - 6 * self.PAD:
                break

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points: a whole page."""
        return self.width, self.height

    def draw(self) -> None:
        """Frame, then the three groups."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(black)
        canvas.setLineWidth(2)
        canvas.rect(1, 1, self.width - 2, self.height - 2)
        canvas.setLineWidth(0.6)
        canvas.rect(5, 5, self.width - 10, self.height - 10)
        canvas.restoreState()
        draw_stack(canvas, self.top, self.PAD, self.height - self.PAD)
        foot = self.PAD + height_of(self.foot)
        draw_stack(canvas, self.foot, self.PAD, foot)
        room = self.height - self.PAD - height_of(self.top) - foot
        gap = 10.0 if room > height_of(self.middle) + 10 * len(self.middle) else 0.0
        top = foot + (room + height_of(self.middle) + gap * (len(self.middle) - 1)) / 2
        for lines in self.middle:
            top = draw_stack(canvas, [lines], (self.width - lines.width) / 2, top) - gap


class SpineRow(Flowable):  # type: ignore[misc,unused-ignore]
    """Labels side by side, with marks where to cut."""

    MARK = 3 * mm

    def __init__(
        self, labels: Sequence[doc.SpineLabel], width: float, height: float, typeface: Typeface, across: float
    ) -> None:
        super().__init__()
        self.width, self.one = across, width
        self.tall = height
        self.height = height + 2 * self.MARK
        self.stacks = [_label(label, width - 4 * mm, height - 8 * mm, typeface) for label in labels]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Thin frames, marks beyond their corners, the number on top and the lines in the middle."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.4)
        bottom, top = self.MARK, self.MARK + self.tall
        for place in range(len(self.stacks) + 1):
            canvas.line(place * self.one, 0, place * self.one, bottom - 2)
            canvas.line(place * self.one, top + 2, place * self.one, self.height)
        for place, (number, lines) in enumerate(self.stacks):
            left = place * self.one
            canvas.rect(left, bottom, self.one, self.tall)
            under = draw_stack(canvas, number, left + 2 * mm, top - 4 * mm)
            room = under - bottom - 4 * mm
            draw_stack(canvas, lines, left + 2 * mm, bottom + 4 * mm + (room + height_of(lines)) / 2)
        canvas.restoreState()


def _label(label: doc.SpineLabel, width: float, height: float, typeface: Typeface) -> tuple[list[Lines], list[Lines]]:
    """Number and lines, set smaller until they fit."""
    number: list[Lines] = []
    lines: list[Lines] = []
    for smaller in _SMALLER:
        number = [centered(label.number, 54 * smaller, typeface, width, bold=True)]
        sizes = [16.0, 14.0, *[12.0] * len(label.lines)]
        lines = [
            centered(words, size * smaller, typeface, width, bold=place < 2)
            for place, (words, size) in enumerate(zip(label.lines, sizes, strict=False))
        ]
        if height_of(number) + height_of(lines) <= height:
            break
    return number, lines


def spine_rows(block: doc.Spines, typeface: Typeface, across: float, page: float) -> list[Any]:
    """Rows of labels; a label larger than the page is made as large as that is."""
    width = min(block.width * mm, across)
    height = min(block.height * mm, page - 2 * SpineRow.MARK - 1)
    each = max(1, int(across / width + 1e-6))
    rows = (block.labels[at : at + each] for at in range(0, len(block.labels), each))
    return [SpineRow(row, width, height, typeface, across) for row in rows]


def contents_lines(
    entries: Sequence[tuple[int, str, str]], typeface: Typeface, width: float, style: ParagraphStyle
) -> list[Any]:
    """A line for each (level, words, key)."""
    face = FACES[Role.BODY]
    made = []
    for level, words, key in entries:
        lines = typeface.lines(shortened(words), style, bold=level <= 1)
        indent = max(0, level - 1) * 6 * mm
        made.append(ContentsLine(lines, words, key, indent, width, typeface.name(), face.size))
    return made
