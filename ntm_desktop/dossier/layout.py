"""Measures of Decree 30/2020/NĐ-CP (5 March 2020), Appendix I, as data. Lengths in millimetres, sizes in points."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Page:
    """A4 with the margins used; the decree allows top and bottom 20-25, left 30-35, right 15-20."""

    width: float = 210.0
    height: float = 297.0
    top: float = 20.0
    bottom: float = 20.0
    left: float = 30.0
    right: float = 15.0
    number_from_top: float = 12.0  # baseline of the page number, inside the top margin
    mark_from_top: float = 7.0

    @property
    def text_width(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """Height between the margins."""
        return self.height - self.top - self.bottom

    def enlarged(self, factor: float) -> Page:
        """All lengths times ``factor``: what is set on it and then drawn smaller keeps the margins."""
        return Page(*(length * factor for length in astuple(self)))


PORTRAIT = Page()
LANDSCAPE = Page(width=297.0, height=210.0)  # tables that are no separate appendix may lie across


class Role(StrEnum):
    """A component of a document; the number is its cell in the decree."""

    NATION = "nation"  # 1
    MOTTO = "motto"  # 1
    SUPERIOR = "superior"  # 2
    AGENCY = "agency"  # 2
    NUMBER = "number"  # 3
    PLACE_DATE = "place_date"  # 4
    KIND = "kind"  # 5a
    SUBJECT = "subject"  # 5a
    ATTACHED_TO = "attached_to"
    BASIS = "basis"  # 6
    BODY = "body"  # 6
    HEADING = "heading"  # 6
    SIGNER = "signer"  # 7a, 7b
    ADDRESSEE = "addressee"  # 9a
    RECEIVERS_HEAD = "receivers_head"  # 9b
    RECEIVERS = "receivers"  # 9b
    PAGE_NUMBER = "page_number"
    TABLE = "table"
    TABLE_HEAD = "table_head"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Face:
    """Size and style of a component."""

    size: float
    bold: bool = False
    italic: bool = False


FACES: dict[Role, Face] = {
    Role.NATION: Face(12, bold=True),
    Role.MOTTO: Face(13, bold=True),
    Role.SUPERIOR: Face(12),
    Role.AGENCY: Face(12, bold=True),
    Role.NUMBER: Face(13),
    Role.PLACE_DATE: Face(13, italic=True),
    Role.KIND: Face(14, bold=True),
    Role.SUBJECT: Face(14, bold=True),
    Role.ATTACHED_TO: Face(13, italic=True),
    Role.BASIS: Face(14, italic=True),
    Role.BODY: Face(14),
    Role.HEADING: Face(14, bold=True),
    Role.SIGNER: Face(14, bold=True),
    Role.ADDRESSEE: Face(14),
    Role.RECEIVERS_HEAD: Face(12, bold=True, italic=True),
    Role.RECEIVERS: Face(11),
    Role.PAGE_NUMBER: Face(14),
    # The decree fixes no size inside tables; 11 keeps the self-assessment table of 57 rows readable and short.
    Role.TABLE: Face(11),
    Role.TABLE_HEAD: Face(11, bold=True),
    Role.NOTE: Face(12, italic=True),
}

LINE_HEIGHT = 1.2  # times the size: single line; tall letters such as Ẩ never touch the line above
BODY_LINE_HEIGHT = 1.25
PARAGRAPH_GAP = 6.0  # points; the decree asks for at least 6
FIRST_LINE_INDENT = 12.7  # mm; 1 cm or 1.27 cm
HEAD_LEFT_SHARE = 0.40  # of the text width, for the agencies; the rest for the national title
AGENCY_RULE_SHARE = 0.42  # of the line above it; between one third and one half
SUBJECT_RULE_SHARE = 0.42
SIGNATURE_ROOM = 26.0  # mm between the signer's title and name, for signature and seal
