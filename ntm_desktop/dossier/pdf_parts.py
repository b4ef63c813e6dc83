"""The fixed parts of an official paper: head, title, dotted lines, boxed note, QR code, signatures."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reportlab.graphics.barcode.qrencoder import QRCode as Modules
from reportlab.graphics.barcode.qrencoder import QRErrorCorrectLevel
from reportlab.lib.colors import Color as Shade
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable
from reportlab.platypus import Paragraph as Lines

from ntm_desktop.dossier import layout
from ntm_desktop.dossier.document import OfficialHead, SignatureBlock, Signer, Title, legible
from ntm_desktop.dossier.layout import FACES, Role
from ntm_desktop.dossier.pdf_fonts import Typeface

LONGEST = 300  # characters of a name or title in the fixed parts: they cannot run over a page
THIN = 0.7
DRAFT = "DỰ THẢO"
_KIND_OF_UNIT = re.compile(r" (?=(XÃ|PHƯỜNG|ĐẶC KHU|THỊ TRẤN|HUYỆN|THỊ XÃ|THÀNH PHỐ|TỈNH) )")


class BookmarkedLines(Lines):  # type: ignore[misc,unused-ignore]
    """A heading: its level and words become a bookmark of the file, under the name ``key``."""

    outline: tuple[int, str] | None = None
    key = ""

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """A heading of very many lines goes on on the next page; the bookmark is where it begins."""
        parts: list[Any] = super().split(available_width, available_height)
        if parts:
            parts[0].outline, parts[0].key = self.outline, self.key
        return parts


def shortened(words: str) -> str:
    """A name that is far too long for a head or foot ends with an ellipsis."""
    words = legible(words)  # letters are counted, not their marks
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def set_lines(words: str, role: Role, typeface: Typeface, width: float, center: bool = True) -> Lines:
    """A short text of one component, wrapped to ``width``."""
    face = FACES[role]
    style = ParagraphStyle(
        str(role),
        fontName=typeface.name(face.bold, face.italic),
        bulletFontName=typeface.name(),
        fontSize=face.size,
        leading=face.size * layout.LINE_HEIGHT,
        alignment=TA_CENTER if center else TA_LEFT,
    )
    lines = typeface.lines(shortened(words), style, face.bold, face.italic)
    lines.wrap(width, 1e6)
    return lines


def last_width(lines: Lines) -> float:
    """Width of the last line, for the rule below it."""
    widths = lines.getActualLineWidths0()
    return float(widths[-1]) if widths else 0.0


class HeadBlock(Flowable):  # type: ignore[misc,unused-ignore]
    """Cells 1 to 4: agencies and number on the left 40 %, national title, motto, place and date on the right 60 %."""

    def __init__(self, head: OfficialHead, typeface: Typeface, width: float) -> None:
        super().__init__()
        self.width = width
        self.left = width * layout.HEAD_LEFT_SHARE
        right = width - self.left
        agency = _KIND_OF_UNIT.sub("\n", head.agency, count=1)
        self.superior = set_lines(head.superior, Role.SUPERIOR, typeface, self.left) if head.superior else None
        self.agency = set_lines(agency, Role.AGENCY, typeface, self.left)
        self.nation = set_lines(head.nation, Role.NATION, typeface, right)
        self.motto = set_lines(head.motto, Role.MOTTO, typeface, right)
        self.number = set_lines(head.number, Role.NUMBER, typeface, self.left)
        self.date = set_lines(head.place_date, Role.PLACE_DATE, typeface, right)
        above = (self.superior.height if self.superior else 0) + self.agency.height
        self.upper = max(above, self.nation.height + self.motto.height) + 12
        self.height = self.upper + max(self.number.height, self.date.height)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Both columns from the top; number and date on one line below."""
        canvas: Canvas = self.canv
        canvas.setLineWidth(THIN)
        y = self.height
        for lines in filter(None, (self.superior, self.agency)):
            y -= lines.height
            lines.drawOn(canvas, 0, y)
        _rule(canvas, self.left / 2, y - 3, last_width(self.agency) * layout.AGENCY_RULE_SHARE)
        y = self.height
        for lines in (self.nation, self.motto):
            y -= lines.height
            lines.drawOn(canvas, self.left, y)
        _rule(canvas, (self.left + self.width) / 2, y - 3, last_width(self.motto))
        y = self.height - self.upper
        self.number.drawOn(canvas, 0, y - self.number.height)
        self.date.drawOn(canvas, self.left, y - self.date.height)


def _rule(canvas: Canvas, middle: float, y: float, length: float) -> None:
    canvas.line(middle - length / 2, y, middle + length / 2, y)


class RuledTitle(Flowable):  # type: ignore[misc,unused-ignore]
    """Kind and subject of a paper, centred, with a rule below; for an appendix also its paper. A bookmark too."""

    outline: tuple[int, str]

    def __init__(self, title: Title, typeface: Typeface, width: float) -> None:
        super().__init__()
        self.width = width
        inner = width * 0.92
        self.lines = [set_lines(title.above, Role.KIND, typeface, width)] if title.above else []
        self.lines.append(set_lines(title.kind, Role.KIND, typeface, width))
        self.subject = set_lines(title.subject, Role.SUBJECT, typeface, inner) if title.subject else None
        self.attached = set_lines(title.attached_to, Role.ATTACHED_TO, typeface, inner) if title.attached_to else None
        self.height = sum(item.height for item in (*self.lines, self.subject, self.attached) if item) + 8

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Lines from the top, the rule last."""
        canvas: Canvas = self.canv
        y = self.height
        for lines in self.lines:
            y -= lines.height
            lines.drawOn(canvas, 0, y)
        for lines in filter(None, (self.subject, self.attached)):
            y -= lines.height
            lines.drawOn(canvas, self.width * 0.04, y)
        if self.attached is None:  # an appendix has no rule
            canvas.setLineWidth(THIN)
            length = last_width(self.subject or self.lines[-1]) * layout.SUBJECT_RULE_SHARE
            _rule(canvas, self.width / 2, y - 4, length)


class DottedLines(Flowable):  # type: ignore[misc,unused-ignore]
    """Room to write by hand."""

    GAP = 20.0

    def __init__(self, count: int, width: float) -> None:
        super().__init__()
        self.count, self.width, self.height = count, width, count * self.GAP + 4

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Dots across the text width."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.setLineWidth(0.9)
        canvas.setLineCap(1)
        canvas.setDash(0.01, 3)
        for place in range(1, self.count + 1):
            y = self.height - place * self.GAP + 4
            canvas.line(0, y, self.width, y)
        canvas.restoreState()


class BoxedNote(Flowable):  # type: ignore[misc,unused-ignore]
    """A warning in a box that nobody overlooks."""

    PAD = 5.0

    def __init__(self, lines: Lines, width: float) -> None:
        super().__init__()
        self.lines, self.width = lines, width
        self.height = lines.wrap(width - 2 * self.PAD, 1e6)[1] + 2 * self.PAD + 8

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Box and text; 8 points stay free below."""
        canvas: Canvas = self.canv
        canvas.setLineWidth(THIN)
        canvas.rect(0, 8, self.width, self.height - 8)
        self.lines.drawOn(canvas, self.PAD, 8 + self.PAD)


class QrBlock(Flowable):  # type: ignore[misc,unused-ignore]
    """A QR code at the right edge, its caption on the left. Modules are large enough for a cheap printer and camera."""

    MODULE, LEAST = 0.52 * mm, 26 * mm
    QUIET = 4  # modules that stay white around the code

    def __init__(self, content: str, caption: Sequence[Lines], width: float) -> None:
        super().__init__()
        code = Modules(None, QRErrorCorrectLevel.M)
        code.addData(content)
        code.make()
        self.rows: list[list[bool]] = [[bool(dark) for dark in row] for row in code.modules]
        self.caption = list(caption)
        self.width = width
        self.side = max(self.LEAST, len(self.rows) * self.MODULE)
        self.module = self.side / len(self.rows)
        room = width - self.side - self.QUIET * self.module
        self.words = sum(lines.wrap(room, 1e6)[1] + lines.getSpaceAfter() for lines in self.caption)
        self.height = max(self.words, self.side) + 2 * self.QUIET * self.module

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Both from the top; the code as one shape, so that no printer leaves seams between its rows."""
        canvas: Canvas = self.canv
        top = self.height - self.QUIET * self.module
        y = top
        for lines in self.caption:
            y -= lines.height
            lines.drawOn(canvas, 0, y)
            y -= lines.getSpaceAfter()
        shape = canvas.beginPath()
        for place, row in enumerate(self.rows, start=1):
            column = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    x = self.width - self.side + column * self.module
                    shape.rect(x, top - place * self.module, length * self.module, self.module)
                column += length
        canvas.drawPath(shape, stroke=0, fill=1)


class Signatures(Flowable):  # type: ignore[misc,unused-ignore]
    """Receivers or a second signer on the left, the signer on the right; never split."""

    def __init__(self, block: SignatureBlock, typeface: Typeface, width: float) -> None:
        super().__init__()
        self.width = width
        self.column = width / 2
        self.right = self._signer(block.right, typeface)
        self.left = self._signer(block.left, typeface) if block.left else []
        self.receivers: list[Lines] = []
        if block.receivers:
            self.receivers = [set_lines("Nơi nhận:", Role.RECEIVERS_HEAD, typeface, self.column, center=False)]
            self.receivers += [
                set_lines(r, Role.RECEIVERS, typeface, self.column, center=False) for r in block.receivers
            ]
        titles = max(sum(item.height for item in signer[:-1]) for signer in (self.right, self.left))
        self.names = titles + layout.SIGNATURE_ROOM * mm  # both names start this far below the top
        names = max(signer[-1].height for signer in (self.right, self.left) if signer)
        self.height = max(self.names + names, sum(item.height for item in self.receivers)) + 10

    def _signer(self, signer: Signer, typeface: Typeface) -> list[Lines]:
        lines = [set_lines(words, Role.SIGNER, typeface, self.column) for words in signer.lines]
        if signer.note:
            lines.append(set_lines(signer.note, Role.NOTE, typeface, self.column))
        return [*lines, set_lines(signer.name or "…" * 12, Role.SIGNER, typeface, self.column)]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Both columns from the top, room for the signature above the name."""
        top = self.height - 10
        y = top
        for lines in self.receivers:
            y -= lines.height
            lines.drawOn(self.canv, 0, y)
        self._draw_signer(self.left, 0, top)
        self._draw_signer(self.right, self.column, top)

    def _draw_signer(self, lines: list[Lines], x: float, y: float) -> None:
        top = y
        for place, item in enumerate(lines):
            y = (top - self.names if place == len(lines) - 1 else y) - item.height
            item.drawOn(self.canv, x, y)


def draw_mark(canvas: Canvas, words: str, typeface: Typeface, x: float, y: float, *, ends: bool = True) -> None:
    """A mark in the top margin, framed, ending at ``x`` or beginning there."""
    name, size = typeface.name(bold=True), 10
    text = shortened(words)
    width = canvas.stringWidth(text, name, size) + 8
    left = x - width if ends else x
    canvas.saveState()
    canvas.setStrokeColor(black)
    canvas.setFillColor(Shade(0.25, 0.25, 0.25))
    canvas.setLineWidth(THIN)
    canvas.rect(left, y - 4, width, size + 6)
    canvas.setFont(name, size)
    canvas.drawString(left + 4, y, text)
    canvas.restoreState()


def draw_draft(canvas: Canvas, typeface: Typeface, width: float, height: float) -> None:
    """«DỰ THẢO» across the page in light grey, below everything that is drawn later."""
    name, size = typeface.name(bold=True), 110
    canvas.saveState()
    canvas.setFillColor(Shade(0.9, 0.9, 0.9))
    canvas.translate(width / 2, height / 2)
    canvas.rotate(math.degrees(math.atan2(height, width)))
    canvas.setFont(name, size)
    canvas.drawCentredString(0, -size / 3, DRAFT)
    canvas.restoreState()
