"""The sheet of what a dossier has once: general situation, publication, commitment on debt, who held the poll."""

from __future__ import annotations

from decimal import Decimal

from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier.excel_book import Book
from ntm_desktop.dossier.excel_cells import (
    BAND,
    BOLD,
    FRAME,
    SHARE_FORMAT,
    Frame,
    aligned,
    bound,
    high_enough,
    locked,
    protect,
    put_value,
    validation,
)
from ntm_desktop.dossier.excel_data import hide
from ntm_desktop.dossier.excel_layout import GENERAL_KINDS, GENERAL_TITLE, PART_OF
from ntm_desktop.dossier.excel_sheet import Columns, prepare, put
from ntm_desktop.i18n import _
from ntm_desktop.model.dossier_facts import DossierFacts, share
from ntm_desktop.model.records import BY_ID, Kind, Record

COLUMNS: Columns = (("TT", 5.0), ("Nội dung", 42.0), ("Giá trị", 60.0), ("Đơn vị tính", 22.0), ("Ghi chú", 30.0))
VALUE_COLUMN, ID_COLUMN = 3, 6
_SHARES = (
    ("poor", "Tỷ lệ hộ nghèo"),
    ("near_poor", "Tỷ lệ hộ cận nghèo"),
)  # of all households, reckoned below the figures that they are made from


def write_general(book: Book, facts: DossierFacts, frame: Frame) -> None:
    """A row for each field, under the name of its kind."""
    sheet = book.sheet(GENERAL_TITLE)
    row = prepare(sheet, COLUMNS, frame.head, ("TÌNH HÌNH CHUNG", frame.about), frame.mark)
    hide(sheet, ID_COLUMN, row - 1)
    for kind_id in GENERAL_KINDS:
        kind, record = BY_ID[kind_id], facts.one(kind_id)
        row = _band(sheet, row, _(kind.name))
        first, places = row, {item.id: row + n for n, item in enumerate(kind.fields)}
        for item in kind.fields:
            _field_row(book, sheet, row, kind, item.id, record)
            put(sheet.cell(row, 1), row - first + 1)
            row += 1
        if kind_id == "general":
            row = _share_rows(book, sheet, row, places, record)
    protect(sheet)


def _band(sheet: Worksheet, row: int, title: str) -> int:
    for place in range(1, len(COLUMNS) + 1):
        cell = sheet.cell(row, place)
        cell.font, cell.border, cell.fill = BOLD, FRAME, BAND
    put(sheet.cell(row, 2), title)
    return row + 1


def _field_row(book: Book, sheet: Worksheet, row: int, kind: Kind, field_id: str, record: Record) -> None:
    field = kind.by_id[field_id]
    name, unit, note = _(field.name), _(field.unit), _(field.note)
    for place, words in ((1, ""), (2, name), (4, unit), (5, note)):
        cell = sheet.cell(row, place)
        put(cell, words)
        locked(cell)
    sheet.cell(row, 1).alignment = aligned("center")
    cell = sheet.cell(row, VALUE_COLUMN)
    put_value(cell, field, record.values.get(field_id))
    cell.alignment = aligned("left")
    bound(sheet, validation(book, field), cell.coordinate)
    put(sheet.cell(row, ID_COLUMN), f"{kind.id}.{field_id}")
    high_enough(sheet, row, ((name, COLUMNS[1][1]), (str(cell.value or ""), COLUMNS[2][1]), (note, COLUMNS[4][1])))


def _share_rows(book: Book, sheet: Worksheet, row: int, places: dict[str, int], record: Record) -> int:
    """Shares of households, reckoned."""
    whole = record.number("households")
    for field_id, title in _SHARES:
        for place in range(1, len(COLUMNS) + 1):
            locked(sheet.cell(row, place))
        put(sheet.cell(row, 2), title)
        put(sheet.cell(row, 4), "%")
        result: Decimal | None = share(record.number(field_id), whole)
        formula = PART_OF.format(part=f"C{places[field_id]}", whole=f"C{places['households']}")
        book.formula(sheet.cell(row, VALUE_COLUMN), formula, result, SHARE_FORMAT)
        row += 1
    return row
