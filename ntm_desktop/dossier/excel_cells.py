"""Values of records as cells: numbers, dates and times as such, choices from lists, bounds that Excel holds to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop import wording
from ntm_desktop.dossier.document import OfficialHead
from ntm_desktop.dossier.excel_book import Book, exact
from ntm_desktop.dossier.excel_layout import NO, YES
from ntm_desktop.dossier.excel_sheet import FONT, LINE, TALLEST_ROW, AnyCell, lines_of, put
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.records import Field, FieldType, Record

COUNT_FORMAT, YEAR_FORMAT, AMOUNT_FORMAT, SHARE_FORMAT = "#,##0", "0", "#,##0.0###", "#,##0.00"
DATE_FORMAT, TIME_FORMAT, TEXT_FORMAT = "dd/mm/yyyy", "hh:mm", "@"
FRAME = Border(*(Side(style="thin"),) * 4)
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)
SUMS = PatternFill("solid", start_color="F2F2F2")
BAND = PatternFill("solid", start_color="E0E0E0")
PLAIN, BOLD = Font(FONT, 11), Font(FONT, 11, bold=True)
FIRST_DATE_OF_EXCEL = 1901
_LAST_DAY = 73_415  # 31 December 2100, as Excel counts days
_RIGHT = {FieldType.AMOUNT, FieldType.COUNT}
_LEFT = {FieldType.LINE, FieldType.TEXT, FieldType.CHOICE}
_FORMATS = {
    FieldType.COUNT: COUNT_FORMAT,
    FieldType.YEAR: YEAR_FORMAT,
    FieldType.AMOUNT: AMOUNT_FORMAT,
    FieldType.DATE: DATE_FORMAT,
    FieldType.TIME: TIME_FORMAT,
    FieldType.LINE: TEXT_FORMAT,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands on top of every sheet."""

    head: OfficialHead
    about: str
    mark: str = ""


def put_value(cell: AnyCell, field: Field, value: str | int | bool | None) -> None:
    """A field's value, ready to compute with; the empty cell is formed like the others."""
    cell.font, cell.border, cell.protection = PLAIN, FRAME, OPEN
    across = "right" if field.type in _RIGHT else "left" if field.type in _LEFT else "center"
    cell.alignment = aligned(across)
    cell.number_format = _FORMATS.get(field.type, "General")
    if value is None:
        return
    match field.type:
        case FieldType.FLAG:
            put(cell, YES if value else NO)
        case FieldType.COUNT | FieldType.YEAR:
            cell.value = int(value)
        case FieldType.AMOUNT:
            put_number(cell, Decimal(str(value)))
        case FieldType.DATE:
            put_date(cell, str(value))
        case FieldType.TIME:
            cell.value = time.fromisoformat(str(value))
        case FieldType.CHOICE:
            put(cell, next((_(item.name) for item in field.choices if item.id == value), str(value)))
        case _:
            put(cell, str(value))


def aligned(across: str) -> Alignment:
    """In the middle of the row, figures a little off the edge."""
    if across == "right":
        return Alignment(across, "center", indent=1)
    return Alignment(across, "center", wrap_text=True)


def put_number(cell: AnyCell, number: Decimal) -> None:
    """A number, or its text where Excel would drop digits."""
    held = exact(number)
    if held is None:
        put(cell, numbers.editable(number))
    else:
        cell.value = held


def put_date(cell: AnyCell, iso: str) -> None:
    """A real date, or what stands there as text."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        put(cell, iso)
        return
    if day.year < FIRST_DATE_OF_EXCEL:
        put(cell, wording.date_text(iso))
        return
    cell.value = day
    cell.number_format = DATE_FORMAT


def number_in(record: Record, field: str) -> Decimal | None:
    """The number that stands in the cell of a count or amount; None where Excel holds it as text."""
    text = record.text(field)
    return exact(Decimal(text)) if text else None


def validation(book: Book, field: Field, most: str = "") -> DataValidation | None:
    """What may be typed into the cells of a field; ``most``: the cell (of the first row) that bounds a count."""
    match field.type:
        case FieldType.CHOICE:
            made = book.choices([_(item.name) for item in field.choices])
            made.error = "Mời chọn một mục trong danh sách."
        case FieldType.FLAG:
            made = book.choices([YES, NO])
            made.error = "Mời chọn «Có» hoặc «Không»."
        case FieldType.COUNT if most:
            made = DataValidation("whole", "0", most, operator="between", allow_blank=True)
            made.error = "Mời gõ số nguyên, không âm và không lớn hơn tổng số ở cùng hàng."
        case FieldType.COUNT:
            made = DataValidation("whole", "0", operator="greaterThanOrEqual", allow_blank=True)
            made.error = "Mời gõ số nguyên, không âm."
        case FieldType.YEAR:
            made = DataValidation("whole", "1990", "2100", operator="between", allow_blank=True)
            made.error = "Mời gõ năm, ví dụ 2025."
        case FieldType.AMOUNT:
            made = DataValidation("decimal", "0", operator="greaterThanOrEqual", allow_blank=True)
            made.error = "Mời gõ số, không âm."
        case FieldType.DATE:
            made = DataValidation("date", "1", str(_LAST_DAY), operator="between", allow_blank=True)
            made.error = "Mời gõ ngày dạng ngày/tháng/năm, ví dụ 05/01/2026."
        case FieldType.TIME:
            made = DataValidation("time", "0", "0.999988425925926", operator="between", allow_blank=True)
            made.error = "Mời gõ giờ dạng giờ:phút, ví dụ 08:00."
        case _:
            return None
    made.showErrorMessage = True
    made.errorTitle = "Chưa đúng"
    return made


def bound(sheet: Worksheet, rule: DataValidation | None, cells: str) -> None:
    """Hold a range of cells to a rule."""
    if rule is not None:
        sheet.add_data_validation(rule)
        rule.add(cells)


def locked(cell: AnyCell, *, sums: bool = False) -> None:
    """Form a cell that nobody types into."""
    cell.border, cell.protection = FRAME, LOCKED
    cell.font = BOLD if sums else PLAIN
    if sums:
        cell.fill = SUMS
    cell.alignment = aligned("right" if sums else "left")


def protect(sheet: Worksheet) -> None:
    """Keep headings and sums from slips of the hand: no password; rows may be added, sorted, filtered and formed."""
    guard = sheet.protection
    guard.sheet = True
    guard.formatCells = guard.formatColumns = guard.formatRows = False
    guard.insertRows = guard.deleteRows = guard.sort = guard.autoFilter = False


def high_enough(sheet: Worksheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as tall as its texts need in columns of these widths."""
    lines = max((lines_of(words, width) for words, width in texts), default=1)
    sheet.row_dimensions[row].height = min(TALLEST_ROW, LINE * lines + 3)
