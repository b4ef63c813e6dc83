"""Sheets with a row for each record: money, debt, meetings, opinions, papers, conditions, local rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier.excel_book import Book
from ntm_desktop.dossier.excel_cells import (
    AMOUNT_FORMAT,
    COUNT_FORMAT,
    FRAME,
    OPEN,
    PLAIN,
    SHARE_FORMAT,
    Frame,
    aligned,
    bound,
    high_enough,
    locked,
    number_in,
    protect,
    put_value,
    validation,
)
from ntm_desktop.dossier.excel_layout import ID_TITLE, TOTAL_ID, ListSheet, SheetColumn
from ntm_desktop.dossier.excel_sheet import Columns, prepare, put
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import Field, FieldType, Record

SPARE_ROWS = 12
PLACE = ("TT", 5.0)
SHARE = "(%)"
_AMOUNT = Field("", "", FieldType.AMOUNT)
_TALL = {FieldType.LINE, FieldType.TEXT, FieldType.CHOICE}
_FIRST = 2  # the first column of the record: the row's number stands before it

Labelled = tuple[str, Record]


def write_list(book: Book, spec: ListSheet, facts: DossierFacts, frame: Frame) -> int:
    """One data sheet; returns its first row of data."""
    sheet = book.sheet(spec.title)
    first = prepare(sheet, visible(spec), frame.head, (spec.heading, frame.about), frame.mark)
    rows = list(rows_of(spec, facts))
    last = first + len(rows) - 1
    if not spec.fixed:
        last += SPARE_ROWS
    id_column = len(spec.columns) + _FIRST
    hide(sheet, id_column, first - 1)
    for row in range(first, last + 1):
        label, record = rows[row - first] if row - first < len(rows) else ("", None)
        if record is not None:
            put(sheet.cell(row, 1), row - first + 1)
            put(sheet.cell(row, id_column), record.record_id)
        _write_row(book, sheet, spec, row, label, record)
    letters = {column.field: get_column_letter(n) for n, column in enumerate(spec.columns, start=_FIRST)}
    for place, column in enumerate(spec.columns, start=_FIRST):
        if column.field and last >= first:
            field = spec.record_kind.by_id[column.field]
            most = f"${letters[column.most]}{first}" if column.most else ""
            letter = get_column_letter(place)
            bound(sheet, validation(book, field, most), f"{letter}{first}:{letter}{last}")
    if spec.totals:
        _write_totals(book, sheet, spec, first, last, [record for _label, record in rows])
    if not spec.fixed:
        sheet.auto_filter.ref = f"A{first - 1}:{get_column_letter(id_column)}{last}"
    protect(sheet)
    return first


def visible(spec: ListSheet) -> Columns:
    """Titles and widths of what people see."""
    return (PLACE, *((column.title, column.width) for column in spec.columns))


def rows_of(spec: ListSheet, facts: DossierFacts) -> Iterator[Labelled]:
    """The records of a sheet; where its rows are given, one for each paper, condition or setting of the procedure."""
    procedure = facts.procedure
    given: dict[str, str] = {}
    if spec.kind == "document":
        given = {item.id: item.name for item in procedure.documents if not item.by_office}
    elif spec.kind == "condition":
        given = {item.id: item.text for item in procedure.conditions}
    elif spec.kind == "setting":
        given = {item.id: f"{item.name} ({item.unit})" if item.unit else item.name for item in procedure.settings}
    if spec.fixed:
        yield from ((label, facts.one(spec.kind, record_id)) for record_id, label in given.items())
        return
    yield from (("", record) for record in facts.of(spec.kind))


def hide(sheet: Worksheet, column: int, head_row: int) -> None:
    """The column that ties rows to records."""
    put(sheet.cell(head_row, column), ID_TITLE)
    sheet.column_dimensions[get_column_letter(column)].hidden = True
    sheet.column_dimensions[get_column_letter(column)].width = 10


def _write_row(book: Book, sheet: Worksheet, spec: ListSheet, row: int, label: str, record: Record | None) -> None:
    number = sheet.cell(row, 1)
    number.font, number.border, number.protection = PLAIN, FRAME, OPEN
    number.alignment = aligned("center")
    sheet.cell(row, len(spec.columns) + _FIRST).protection = OPEN
    references = {
        column.field: f"{get_column_letter(n)}{row}"
        for n, column in enumerate(spec.columns, start=_FIRST)
        if column.field
    }
    texts = [(label, spec.columns[0].width)]
    for place, column in enumerate(spec.columns, start=_FIRST):
        cell = sheet.cell(row, place)
        if column.field:
            field = spec.record_kind.by_id[column.field]
            value = record.values.get(column.field) if record is not None else None
            put_value(cell, field, value)
            texts.append((str(cell.value or "") if field.type in _TALL else "", column.width))
        elif column.formula:
            put_value(cell, _AMOUNT, None)
            result = column.reckon(record) if record is not None and column.reckon is not None else None
            book.formula(cell, column.formula.format(**references), result, _format(column))
        else:
            put(cell, label)
            locked(cell)
    high_enough(sheet, row, texts)


def _write_totals(
    book: Book, sheet: Worksheet, spec: ListSheet, first: int, last: int, records: Sequence[Record]
) -> None:
    """Sums in the last row, and shares of sums."""
    row = last + 1
    for place in range(1, len(spec.columns) + _FIRST):
        locked(sheet.cell(row, place), sums=True)
    put(sheet.cell(row, _FIRST), "TỔNG CỘNG")
    sheet.cell(row, _FIRST).alignment = aligned("left")
    put(sheet.cell(row, len(spec.columns) + _FIRST), TOTAL_ID)
    sums: dict[str, Decimal] = {}
    references: dict[str, str] = {}
    for place, column in enumerate(spec.columns, start=_FIRST):
        letter = get_column_letter(place)
        if column.total:
            found = [_number_of(column, record) for record in records]
            result = sum((number for number in found if number is not None), Decimal(0))
            book.formula(sheet.cell(row, place), f"SUM({letter}{first}:{letter}{last})", result, _format(column, spec))
            sums[column.field], references[column.field] = result, f"{letter}{row}"
        elif column.formula and column.reckon is not None:
            asked = Record(spec.kind, TOTAL_ID, _stored(sums, spec))
            formula = column.formula.format(**references)
            book.formula(sheet.cell(row, place), formula, column.reckon(asked), SHARE_FORMAT)


def _number_of(column: SheetColumn, record: Record) -> Decimal | None:
    if column.field:
        return number_in(record, column.field)
    return column.reckon(record) if column.reckon is not None else None


def _stored(sums: Mapping[str, Decimal], spec: ListSheet) -> dict[str, str | int]:
    """Sums in the form of a record's values, so that the same share is reckoned from them."""
    kind = spec.record_kind
    counts = {name for name in sums if name and kind.by_id[name].type is FieldType.COUNT}
    return {name: int(total) if name in counts else format(total, "f") for name, total in sums.items() if name}


def _format(column: SheetColumn, spec: ListSheet | None = None) -> str:
    if column.field and spec is not None:
        return COUNT_FORMAT if spec.record_kind.by_id[column.field].type is FieldType.COUNT else AMOUNT_FORMAT
    return SHARE_FORMAT if column.title.endswith(SHARE) else AMOUNT_FORMAT
