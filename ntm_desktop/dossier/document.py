"""A document as blocks of text and tables that know no file format; the writers make PDF (later Word) of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from ntm_desktop.model.paper_template import PageNumbers

NBSP = "\u00a0"
LETTERS = "abcdđeghiklmnopqrstuvxy"  # points of a clause run by the Vietnamese alphabet (Decree 30/2020)
_NOT_LINE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def legible(text: str) -> str:
    """Text as it may stand on paper: NFC, lines ended by ``\\n``, no control, invisible or unpaired signs."""
    kept = _NOT_LINE.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")
    kept = "".join(
        char for char in kept if char.isascii() or unicodedata.category(char) not in ("Cs", "Cn", "Co", "Cf")
    )
    return unicodedata.normalize("NFC", kept)


def roman(number: int) -> str:
    """1 → I, 4 → IV: parts of a report and appendices."""
    text = ""
    for value, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, number = divmod(number, value)
        text += sign * count
    return text


def lettered(place: int) -> str:
    """0 → «a)», 4 → «đ)»; past the alphabet «aa)»."""
    rounds, rest = divmod(place, len(LETTERS))
    return LETTERS[rest] * (rounds + 1) + ")"


class Align(StrEnum):
    """How lines stand between the edges."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one style. ``text`` is data: no sign in it means anything."""

    text: str
    bold: bool = False
    italic: bool = False


Text: TypeAlias = tuple[Run, ...]


def text(*parts: str | Run, bold: bool = False, italic: bool = False) -> Text:
    """Runs of plain strings and runs; empty ones fall away."""
    runs = (part if isinstance(part, Run) else Run(part, bold, italic) for part in parts)
    return tuple(run for run in runs if run.text)


@dataclass(frozen=True, slots=True)
class OfficialHead:
    """Cells 1 to 4 of Decree 30: agencies left, national title right, number and place with date below."""

    superior: str
    agency: str
    number: str  # «Số: 15/TTr-UBND»
    place_date: str  # «Sơn Bình, ngày 05 tháng 01 năm 2026»
    nation: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Title:
    """Kind of document in capitals, its subject, and for an appendix the line above and the document it belongs to."""

    kind: str
    subject: str = ""
    above: str = ""  # «Phụ lục I»
    attached_to: str = ""  # «(Kèm theo Báo cáo số …)»


@dataclass(frozen=True, slots=True)
class Addressee:
    """«Kính gửi:» with one receiver on its line, or several below."""

    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """«Căn cứ …;» lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 «I. TÊN MỤC», level 2 «1. …», level 3 «a) …»; never left alone at the foot of a page."""

    level: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text; ``marker`` («a)», «-») stands before it."""

    content: Text
    align: Align = Align.JUSTIFY
    marker: str = ""
    indent: bool = True


@dataclass(frozen=True, slots=True)
class FillIn:
    """Dotted lines where a person must write, with what is asked for."""

    asked: str = ""
    lines: int = 3


@dataclass(frozen=True, slots=True)
class Note:
    """A remark to the reader in small italics; ``boxed`` where it must not be overlooked."""

    content: str
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """``weight`` is the share of the table's width."""

    title: str
    weight: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: paragraphs of runs. ``span`` columns wide; ``align`` overrides the column's."""

    paragraphs: tuple[Text, ...] = ()
    span: int = 1
    align: Align | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. ``band`` marks a heading inside the table: shaded, kept with the row below it."""

    cells: tuple[Cell, ...]
    band: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that share their first cells, merged downwards; on a new page the shared cells are repeated."""

    shared: tuple[Cell, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with a header repeated on each page, optionally numbered below it («(1) (2) …»), and rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row | RowGroup, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code of ``content`` at the right edge, and beside it the lines that say what it holds."""

    content: str
    caption: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """Authority and title lines in capitals, a remark in italics, then the name; an empty name is left as dots."""

    lines: tuple[str, ...]
    name: str = ""
    note: str = ""  # «(Ký, ghi rõ họ tên)»


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """On the left the receivers («Nơi nhận») or another signer, on the right the signer."""

    right: Signer
    receivers: tuple[str, ...] = ()
    left: Signer | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents of the document's headings with their pages."""

    title: str = "MỤC LỤC"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file (JPEG or PNG, upright, print size) and the lines below it. ``path`` None: a frame that says so."""

    path: Path | None
    caption: Text


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures, ``per_page`` (2 or 4) of equal cells on each page, fitted in without being cut or turned."""

    pictures: tuple[Picture, ...]
    per_page: int = 2


@dataclass(frozen=True, slots=True)
class Cover:
    """A framed cover page of a box or file: agency on top, title in large capitals in the middle, lines at the foot."""

    superior: str
    agency: str
    title: str
    subject: tuple[str, ...]
    foot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpineLabel:
    """What is glued on the back of one box: lines set across, the first large."""

    number: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spines:
    """Labels to cut out, side by side, each ``width`` by ``height`` millimetres, with cutting marks."""

    labels: tuple[SpineLabel, ...]
    width: float = 50.0
    height: float = 180.0


@dataclass(frozen=True, slots=True)
class Section:
    """What a person writes in a paper: kept as one piece, so that Word can hand its text back.

    ``key``: «document.section»; ``name`` for the person; ``written``: a person's own text, not the template's.
    """

    key: str
    name: str
    blocks: tuple[Paragraph | FillIn, ...]
    written: bool = False


Block: TypeAlias = (
    OfficialHead
    | Title
    | Addressee
    | Basis
    | Heading
    | Paragraph
    | FillIn
    | Note
    | Table
    | QrCode
    | SignatureBlock
    | PageBreak
    | Contents
    | Pictures
    | Cover
    | Spines
    | Section
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says about itself."""

    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One paper of the dossier. ``mark`` stands on top of every page («HỒ SƠ MẪU»), ``draft`` marks each as a draft.

    ``one_page``: where it is too long, everything on it is set smaller until it is one page.
    """

    document_id: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False
    mark: str = ""
    one_page: bool = False
    draft: bool = False  # «DỰ THẢO» on every page
    page_numbers: PageNumbers = PageNumbers.DECREE
    metadata: Metadata = field(default_factory=Metadata)


def cell(*parts: str | Text, span: int = 1, align: Align | None = None, bold: bool = False) -> Cell:
    """A cell of paragraphs; a string is one paragraph; empty ones fall away."""
    paragraphs = (text(part, bold=bold) if isinstance(part, str) else part for part in parts)
    return Cell(tuple(paragraph for paragraph in paragraphs if paragraph), span, align)
