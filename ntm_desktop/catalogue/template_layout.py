"""The sheets of the workbook into which a set is typed: one table of columns, used for writing and for reading.

Names of sheets and columns are part of the file's format, so they are Vietnamese in every language of the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ntm_desktop.model.catalogue import MeasureKind, Operator
from ntm_desktop.model.units import Level

TITLE_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3
MAX_ROWS = 2000
MAX_COLUMNS = 120
EXAMPLE = "VÍ DỤ"


class Cell(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    CODE = "code"  # text even where it looks like a number: 17.10 is not 17.1
    LINES = "lines"  # one item per line of the cell
    WORD = "word"  # one of the column's words
    DATE = "date"
    WHOLE = "whole"
    LEVEL = "level"  # a threshold: number, choice, «Đạt», or empty where it is not known
    SHOWN = "shown"  # written for information, not read back


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key in the criteria file, its heading, its width in characters."""

    key: str
    title: str
    width: int = 14
    cell: Cell = Cell.TEXT
    words: Mapping[str, str] | None = None  # word in the sheet → value in the criteria file


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a sentence on top, the heading row, then the rows."""

    key: str
    title: str
    columns: tuple[Column, ...]
    frozen: int = 1  # columns that stay in sight


YES_NO: Final = {"Có": "true", "Không": "false"}
KINDS: Final = {
    "Đạt/Chưa đạt": MeasureKind.BOOLEAN.value,
    "Tỷ lệ %": MeasureKind.PERCENT.value,
    "Con số": MeasureKind.NUMBER.value,
    "Lựa chọn": MeasureKind.CHOICE.value,
    "Danh mục": MeasureKind.CHECKLIST.value,
    "Bằng chữ": MeasureKind.TEXT.value,
}
OPERATORS: Final = {
    "≥": Operator.AT_LEAST.value,
    "≤": Operator.AT_MOST.value,
    ">": Operator.MORE.value,
    "<": Operator.LESS.value,
    "=": Operator.EQUAL.value,
    "Đạt": Operator.HOLDS.value,
    "Không có": Operator.ABSENT.value,
}
LEVELS: Final = {
    "Thôn": Level.VILLAGE.value,
    "Xã": Level.COMMUNE.value,
    "Huyện": Level.DISTRICT.value,
    "Tỉnh": Level.PROVINCE.value,
}
AREAS: Final = {"Vùng": "regions", "Nhóm xã": "groups"}
CHOICE_OR_PART: Final = {"Lựa chọn": "choices", "Nội dung": "parts"}

GUIDE_TITLE = "Hướng dẫn"
GENERAL_TITLE = "Thông tin chung"
UNKNOWN = "chưa biết"  # a threshold of a region or group that nobody has seen
SIGNER = "người ký: "  # how the signer stands in the note of a legal basis
REGION_PREFIX = "Mức vùng"
GROUP_PREFIX = "Mức nhóm"

# Rows of the sheet with general facts; the key of a legal basis stands behind a dot.
GENERAL: Final = (
    Column("id", "Mã bộ tiêu chí", cell=Cell.CODE),
    Column("version", "Phiên bản", cell=Cell.CODE),
    Column("name", "Tên bộ tiêu chí"),
    Column("short_name", "Tên ngắn"),
    Column("level", "Cấp áp dụng", cell=Cell.WORD, words=LEVELS),
    Column("period", "Giai đoạn", cell=Cell.CODE),
    Column("basis.number", "Số quyết định", cell=Cell.CODE),
    Column("basis.issued", "Ngày ban hành", cell=Cell.DATE),
    Column("basis.title", "Trích yếu"),
    Column("basis.signer", "Người ký"),
    Column("basis.note", "Ghi chú về quyết định"),
    Column("indicator_total", "Tổng số chỉ tiêu", cell=Cell.WHOLE),
    Column("typed_by", "Người nhập"),
    Column("checked_by", "Người kiểm tra"),
    Column("conditions", "Điều kiện (mỗi dòng một điều kiện)", cell=Cell.LINES),
    Column("note", "Ghi chú"),
    Column("historical", "Chỉ để đọc hồ sơ cũ", cell=Cell.WORD, words=YES_NO),
    Column("derived_from", "Lập từ bộ", cell=Cell.CODE),
)

AREA_SHEET = Sheet(
    "areas",
    "Vùng và nhóm xã",
    (
        Column("what", "Loại", 12, Cell.WORD, AREAS),
        Column("id", "Mã", 12, Cell.CODE),
        Column("name", "Tên", 36),
        Column("definition", "Định nghĩa", 80),
    ),
)
AMENDMENT_SHEET = Sheet(
    "amended_by",
    "Văn bản sửa đổi",
    (
        Column("number", "Số văn bản", 22, Cell.CODE),
        Column("issued", "Ngày ban hành", 14, Cell.DATE),
        Column("title", "Trích yếu", 50),
        Column("note", "Ghi chú", 60),
    ),
)
RULE_SHEET = Sheet(
    "special_rules",
    "Quy tắc đặc biệt",
    (
        Column("id", "Mã quy tắc", 16, Cell.CODE),
        Column("text", "Nội dung", 90),
        Column("region", "Áp dụng mức của vùng", 18, Cell.CODE),
    ),
)
CRITERION_SHEET = Sheet(
    "criteria",
    "Tiêu chí",
    (
        Column("number", "Số tiêu chí", 11, Cell.CODE),
        Column("name", "Tên tiêu chí", 50),
        Column("group", "Nhóm tiêu chí", 30),
        Column("note", "Ghi chú", 60),
    ),
)
INDICATOR_HEAD: Final = (
    Column("code", "Mã chỉ tiêu", 12, Cell.CODE),
    Column("criterion", "Thuộc tiêu chí số", 10, Cell.CODE),
    Column("name", "Tên chỉ tiêu", 60),
    Column("kind", "Loại", 14, Cell.WORD, KINDS),
    Column("unit", "Đơn vị tính", 14),
    Column("operator", "So sánh", 11, Cell.WORD, OPERATORS),
    Column("threshold", "Mức chung", 10, Cell.LEVEL),
)
INDICATOR_TAIL: Final = (
    Column("varies_by_region", "Khác nhau theo vùng", 11, Cell.WORD, YES_NO),
    Column("official_code", "Mã đúng như quyết định", 12, Cell.WORD, YES_NO),
    Column("evidence", "Minh chứng thường có (mỗi dòng một loại)", 36, Cell.LINES),
    Column("note", "Ghi chú", 36),
    Column("urls", "Nằm ở đâu trong quyết định", 24, Cell.LINES),
    Column("numerator", "Tử số là", 20),
    Column("denominator", "Mẫu số là", 20),
    Column("relative_to", "Bội số của chỉ tiêu", 20, Cell.CODE),
    Column("basis.number", "Căn cứ riêng: số", 18, Cell.CODE),
    Column("basis.issued", "Căn cứ riêng: ngày", 14, Cell.DATE),
    Column("hint", "Chương trình đang biết (chỉ để tham khảo)", 50, Cell.SHOWN),
)
CHOICE_SHEET = Sheet(
    "choices",
    "Lựa chọn và nội dung",
    (
        Column("code", "Mã chỉ tiêu", 12, Cell.CODE),
        Column("what", "Loại", 12, Cell.WORD, CHOICE_OR_PART),
        Column("id", "Mã", 16, Cell.CODE),
        Column("name", "Tên", 60),
        Column("rank", "Thứ bậc (cao hơn là tốt hơn)", 14, Cell.WHOLE),
    ),
)
CONDITION_SHEET = Sheet(
    "sub_conditions",
    "Điều kiện kèm theo",
    (
        Column("code", "Mã chỉ tiêu", 12, Cell.CODE),
        Column("text", "Điều kiện", 80),
        Column("when", "Khi nào", 30),
        Column("regions", "Các vùng (mỗi dòng một mã; trống là mọi vùng)", 24, Cell.LINES),
    ),
)
INDICATOR_TITLE = "Chỉ tiêu"
YEAR_TITLE = "Mức theo năm"
YEAR_HEAD: Final = (
    Column("code", "Mã chỉ tiêu", 12, Cell.CODE),
    Column("year", "Năm", 8, Cell.CODE),
    Column("chung", "Mức chung", 10, Cell.LEVEL),
)


def region_column(region: str, name: str = "") -> Column:
    """The threshold column of a region; the name stands on a second line of the heading."""
    return Column(f"by_region.{region}", f"{REGION_PREFIX} {region}\n{name}".strip(), 13, Cell.LEVEL)


def group_column(group: str, name: str = "") -> Column:
    """The threshold column of a commune group."""
    return Column(f"by_group.{group}", f"{GROUP_PREFIX} {group}\n{name}".strip(), 13, Cell.LEVEL)


def indicator_sheet(levels: tuple[Column, ...] = ()) -> Sheet:
    """The sheet of indicators with the threshold columns of the set's regions and groups."""
    return Sheet("indicators", INDICATOR_TITLE, (*INDICATOR_HEAD, *levels, *INDICATOR_TAIL), frozen=3)


def year_sheet(levels: tuple[Column, ...] = ()) -> Sheet:
    """The sheet of thresholds by year."""
    return Sheet("by_year", YEAR_TITLE, (*YEAR_HEAD, *levels), frozen=2)


PLAIN_SHEETS: Final = (AREA_SHEET, AMENDMENT_SHEET, RULE_SHEET, CRITERION_SHEET, CHOICE_SHEET, CONDITION_SHEET)

# Rows that show how it is done; their first cell says so. They are left aside on import, and refused where changed.
EXAMPLES: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "indicators": (
        {
            "code": f"{EXAMPLE} 1.1",
            "criterion": "1",
            "name": "Có quy hoạch được phê duyệt (hàng ví dụ, xin xóa)",
            "kind": "Đạt/Chưa đạt",
            "unit": "Đạt",
            "operator": "Đạt",
            "threshold": "Đạt",
            "urls": "Phụ lục I, trang 3",
        },
        {
            "code": f"{EXAMPLE} 2.10",
            "criterion": "2",
            "name": "Tỷ lệ hộ dùng nước sạch (hàng ví dụ, xin xóa)",
            "kind": "Tỷ lệ %",
            "unit": "%",
            "operator": "≥",
            "threshold": "62,5",
            "urls": "Phụ lục I, trang 4",
        },
    ),
    "choices": (
        {"code": f"{EXAMPLE} 5.3", "what": "Lựa chọn", "id": "muc-do-1", "name": "Mức độ 1 (hàng ví dụ)", "rank": "1"},
    ),
    "by_year": ({"code": f"{EXAMPLE} 3.1", "year": "2026", "chung": "60"},),
}
