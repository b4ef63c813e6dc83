"""The data sheets of the workbook: which kinds of records they hold, their columns, and what is reckoned in them.

Writer and reader both follow from it. Titles are looked for without diacritics, so that a person may widen a heading's
line, sort rows and add some; what ties a row to its record stands in a hidden column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ntm_desktop.i18n import _, in_vietnamese
from ntm_desktop.model.dossier_facts import amount, owed, share, vote_share
from ntm_desktop.model.records import BY_ID, Field, FieldType, Kind, Record

ID_TITLE = "Mã dòng (không sửa)"
TOTAL_ID = "#"  # in place of a record's id: a row that is no record
BASE_SHEET = "ntm"  # what the file held when it was written, by kind, record and field
FORMAT = "1"
GENERAL_TITLE = "Tình hình chung"
POLL_TITLE = "Hài lòng"
MONEY_BY_YEAR_TITLE = "Nguồn lực theo năm"
QUESTION_PLACE = "Thứ tự nội dung hỏi"
QUESTION_IDS = "Mã nội dung hỏi (không sửa)"
ALL_TITLE = "Tỷ lệ hài lòng chung (%)"
YES, NO = "Có", "Không"
GENERAL_KINDS = ("general", "publication", "debt_state", "poll")
SHORT_UNITS = {"triệu đồng/người/năm"}

Reckon = Callable[[Record], Decimal | None]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column. ``field``: what it holds; else ``formula``, with ``{field}`` for cells of its row, is reckoned there.

    ``total``: sums in the last row; a formula stands there too, over the sums. ``most``: the field of the same row that
    a count may not exceed.
    """

    title: str
    width: float
    field: str = ""
    formula: str = ""
    reckon: Reckon | None = None
    total: bool = False
    most: str = ""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A sheet with a row for each record. ``fixed``: its rows are given, with a label in the first column."""

    kind: str
    title: str
    heading: str
    columns: tuple[SheetColumn, ...]
    fixed: bool = False

    @property
    def record_kind(self) -> Kind:
        """The kind of its records."""
        return BY_ID[self.kind]

    @property
    def totals(self) -> bool:
        """True where it ends with sums."""
        return any(column.total for column in self.columns)


def titled(field: Field) -> str:
    """A field's heading with its unit."""
    with in_vietnamese():
        unit = _(field.unit)
        return f"{_(field.name)} ({unit})" if unit else _(field.name)


def _column(kind: str, field_id: str, width: float, *, total: bool = False, most: str = "") -> SheetColumn:
    return SheetColumn(titled(BY_ID[kind].by_id[field_id]), width, field_id, total=total, most=most)


def _columns(kind: str, widths: Mapping[str, float], total: tuple[str, ...] = ()) -> list[SheetColumn]:
    """All fields of a kind in their order."""
    return [_column(kind, item.id, widths[item.id], total=item.id in total) for item in BY_ID[kind].fields]


def _agreed_share(record: Record) -> Decimal | None:
    return share(record.number("agreed"), record.number("asked"))


PART_OF = 'IF(AND(ISNUMBER({part}),N({whole})>0),{part}/{whole}*100,"")'


def part_of(part: str, whole: str) -> str:
    """A share in percent, blank while it cannot be told."""
    return PART_OF.replace("{part}", f"{{{part}}}").replace("{whole}", f"{{{whole}}}")


def _money() -> ListSheet:
    widths = {"source": 34.0, "year": 8.0, "planned": 16.0, "raised": 16.0, "spent": 16.0, "note": 36.0}
    columns = _columns("money", widths, ("planned", "raised", "spent"))
    spent = SheetColumn(
        "Tỷ lệ giải ngân (%)",
        11,
        formula=part_of("spent", "raised"),
        reckon=lambda record: _decimal_share(amount(record, "spent"), amount(record, "raised")),
    )
    columns.insert(5, spent)
    return ListSheet("money", "Nguồn lực", "NGUỒN LỰC HUY ĐỘNG XÂY DỰNG NÔNG THÔN MỚI", tuple(columns))


def _decimal_share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole or whole < 0 else part * 100 / whole


def _left(record: Record) -> Decimal | None:
    """What is owed for a project; what was overpaid for it pays no other."""
    debt = owed(record)
    return None if debt is None else max(debt, Decimal(0))


def _debt() -> ListSheet:
    widths = {
        "project": 36.0,
        "decision": 20.0,
        "year": 9.0,
        "total": 15.0,
        "accepted": 15.0,
        "paid": 15.0,
        "plan": 28.0,
    }
    columns = _columns("debt", widths, ("total", "accepted", "paid"))
    formula = 'IF(COUNT({accepted},{paid})<2,"",MAX(0,{accepted}-{paid}))'
    columns.insert(6, SheetColumn("Còn nợ (triệu đồng)", 15, formula=formula, reckon=_left, total=True))
    return ListSheet("debt", "Nợ đọng", "NỢ ĐỌNG XÂY DỰNG CƠ BẢN", tuple(columns))


def _meeting() -> ListSheet:
    wide = {"purpose": 18.0, "held_on": 11.0, "place": 13.0, "composition": 24.0, "content": 28.0, "conclusion": 20.0}
    wide |= {"begins": 6.5, "ends": 6.5} | dict.fromkeys(("chair", "chair_title", "secretary", "secretary_title"), 12.0)
    columns = _columns("meeting", {item.id: wide.get(item.id, 8.5) for item in BY_ID["meeting"].fields})
    place = next(n for n, column in enumerate(columns) if column.field == "agreed") + 1
    bounded = {"agreed", "disagreed", "blank"}
    columns = [
        SheetColumn(column.title, column.width, column.field, most="present" if column.field in bounded else "")
        for column in columns
    ]
    agreed = SheetColumn("Tỷ lệ nhất trí (%)", 10, formula=part_of("agreed", "present"), reckon=vote_share)
    columns.insert(place, agreed)
    return ListSheet("meeting", "Họp, bỏ phiếu", "CÁC CUỘC HỌP, KẾT QUẢ BỎ PHIẾU", tuple(columns))


def _opinion() -> ListSheet:
    widths = {"giver": 20.0, "name": 24.0, "number": 14.0, "issued": 12.0, "asked": 12.0, "agreed": 12.0}
    widths |= {"content": 34.0, "taken": 16.0, "response": 34.0}
    columns = _columns("opinion", widths, ("asked", "agreed"))
    columns = [
        SheetColumn(c.title, c.width, c.field, total=c.total, most="asked" if c.field == "agreed" else "")
        for c in columns
    ]
    agreed = SheetColumn("Tỷ lệ nhất trí (%)", 10, formula=part_of("agreed", "asked"), reckon=_agreed_share)
    columns.insert(6, agreed)
    return ListSheet("opinion", "Ý kiến", "TỔNG HỢP Ý KIẾN GÓP Ý", tuple(columns))


def _document() -> ListSheet:
    wide = {"signer_title": 22.0, "signer_name": 22.0, "addressee": 30.0, "receivers": 30.0, "capacity": 18.0}
    columns = _columns("document", {item.id: wide.get(item.id, 13.0) for item in BY_ID["document"].fields})
    label = SheetColumn("Văn bản", 34)
    heading = "SỐ, NGÀY, NGƯỜI KÝ, NƠI NHẬN CỦA CÁC VĂN BẢN"
    return ListSheet("document", "Văn bản", heading, (label, *columns), fixed=True)


def _condition() -> ListSheet:
    widths = {"holds": 12.0, "number": 26.0, "issued": 13.0, "note": 34.0}
    columns = (SheetColumn("Điều kiện", 60), *_columns("condition", widths))
    return ListSheet("condition", "Điều kiện", "CÁC ĐIỀU KIỆN CÔNG NHẬN", columns, fixed=True)


def _setting() -> ListSheet:
    widths = {"value": 20.0, "basis": 36.0, "issued": 13.0}
    columns = (SheetColumn("Quy định", 60), *_columns("setting", widths))
    heading = "QUY ĐỊNH CỦA ĐỊA PHƯƠNG (GHI KÈM VĂN BẢN QUY ĐỊNH)"
    return ListSheet("setting", "Quy định địa phương", heading, columns, fixed=True)


LIST_SHEETS: tuple[ListSheet, ...] = (_money(), _debt(), _meeting(), _opinion(), _document(), _condition(), _setting())

_VILLAGE_WIDTHS = {"name": 26.0, "households": 11.0, "sent": 11.0, "returned": 11.0, "valid": 11.0}
VILLAGE_COLUMNS: tuple[SheetColumn, ...] = tuple(
    SheetColumn(titled(item), _VILLAGE_WIDTHS[item.id], item.id, total=item.type is FieldType.COUNT)
    for item in BY_ID["poll_village"].fields
)
