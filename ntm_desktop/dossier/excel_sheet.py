"""Cells, pages and heads of an Excel sheet: text that stays text, A4 across, repeated header, official head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier import layout
from ntm_desktop.dossier.document import OfficialHead, legible

AnyCell: TypeAlias = Cell | MergedCell
Columns: TypeAlias = Sequence[tuple[str, float]]  # title and width in characters
FONT = "Times New Roman"
LONGEST = 32_767  # characters that Excel takes in one cell
MILLIMETRES_PER_INCH = 25.4
TALLEST_ROW = 409.0  # points
LINE = 14.5  # points, a line of size 11
LETTERS_PER_WIDTH = 1.15  # letters of Times New Roman 11 in a column one character wide
_LIKE_FORMULA = ("=", "+", "-", "@")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as «A»
_THIN = Border(*(Side(style="thin"),) * 4)
_GREY = PatternFill("solid", start_color="E0E0E0")
_LEFT = {"Tên tiêu chí", "Nội dung chỉ tiêu", "Minh chứng", "Ghi chú", "Tên, trích yếu nội dung", "Số, ký hiệu", "Tệp"}


def prepare(
    sheet: Worksheet, columns: Columns, head: OfficialHead, titles: Iterable[str], mark: str, *, above: int = 0
) -> int:
    """Page setup, head, titles and the header row, with ``above`` free rows over it; returns the first row below it."""
    _set_page(sheet, mark)
    for place, (_title, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    left = max(2, round(len(columns) * layout.HEAD_LEFT_SHARE))
    for row, (one, other) in enumerate(((head.superior, head.nation), (head.agency, head.motto)), start=1):
        wide(sheet, row, one, left, Font(FONT, 12, bold=row == 2))
        wide(sheet, row, other, len(columns), Font(FONT, 11 + row, bold=True), first=left + 1)
    row = 3
    for title in filter(None, (mark, *titles)):
        row += 1
        attached = title.startswith("(")
        wide(sheet, row, title, len(columns), Font(FONT, 13, bold=not attached, italic=attached))
    row += 2 + above
    for place, (title, _width) in enumerate(columns, start=1):
        cell = sheet.cell(row, place)
        put(cell, title)
        cell.font, cell.fill, cell.border = Font(FONT, 11, bold=True), _GREY, _THIN
        cell.alignment = Alignment("center", "center", wrap_text=True)
    sheet.row_dimensions[row].height = LINE * max(lines_of(title, width * 0.8) for title, width in columns) + 6
    sheet.print_title_rows = f"{row}:{row}"
    sheet.freeze_panes = f"A{row + 1}"
    return row + 1


def _set_page(sheet: Worksheet, mark: str) -> None:
    """A4 across, as wide as the page, the decree's margins, the page number on top from page 2."""
    page = layout.LANDSCAPE
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left, margins.right = page.left / MILLIMETRES_PER_INCH, page.right / MILLIMETRES_PER_INCH
    margins.top, margins.bottom = page.top / MILLIMETRES_PER_INCH, page.bottom / MILLIMETRES_PER_INCH
    margins.header = (page.number_from_top - 5) / MILLIMETRES_PER_INCH
    headers: Any = sheet
    headers.HeaderFooter.differentFirst = True
    headers.oddHeader.center.text = "&P"
    headers.oddHeader.center.font, headers.oddHeader.center.size = FONT, 13
    if mark:
        headers.oddHeader.right.text = headers.firstHeader.right.text = as_text(mark).replace("&", "&&")


def fill(sheet: Worksheet, row: int, cells: Sequence[str | int | None], columns: Columns) -> None:
    """One framed row of the table, tall enough for its texts: not every program sees to that when it opens a file."""
    for place, (content, (title, _width)) in enumerate(zip(cells, columns, strict=True), start=1):
        cell = sheet.cell(row, place)
        put(cell, content)
        cell.font, cell.border = Font(FONT, 11), _THIN
        cell.alignment = Alignment("left" if title in _LEFT else "center", "top", wrap_text=True)
    lines = max(lines_of(str(content or ""), width) for content, (_title, width) in zip(cells, columns, strict=True))
    sheet.row_dimensions[row].height = min(TALLEST_ROW, LINE * lines + 3)


def lines_of(words: str, width: float) -> int:
    """About how many lines a text takes in a column of ``width`` characters."""
    room = max(1, int(width * LETTERS_PER_WIDTH))
    lines = 0
    for paragraph in words.split("\n"):
        used = room + 1
        for word in paragraph.split(" "):
            if used + 1 + len(word) <= room:
                used += 1 + len(word)
            else:
                lines += max(1, -(-len(word) // room))
                used = len(word) % room or room
    return max(1, lines)


def join_down(sheet: Worksheet, first: int, last: int, column: int, width: float) -> None:
    """Merge a column's cells of a group; the last row grows where the text needs more than the rows have."""
    cell = sheet.cell(first, column)
    cell.font = Font(FONT, 11, bold=True)
    rows = [sheet.row_dimensions[row] for row in range(first, last + 1)]
    missing = LINE * lines_of(str(cell.value or ""), width * 0.9) + 3 - sum(row.height or 0 for row in rows)
    if missing > 0:
        rows[-1].height = min(TALLEST_ROW, (rows[-1].height or 0) + missing)
    if last > first:
        sheet.merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)


def put(cell: AnyCell, content: str | int | None) -> None:
    """Numbers as numbers; text as text whatever it looks like."""
    if isinstance(content, int):
        cell.value = content
        return
    words = as_text(content or "")
    if words:
        cell.value = words
        cell.data_type = "s"  # openpyxl takes «=…» for a formula and «#N/A» for an error
        if words.startswith(_LIKE_FORMULA):
            cell.quotePrefix = True  # stays text when somebody edits the cell


def as_text(content: str) -> str:
    """Text as one cell takes it."""
    words = _ESCAPE.sub("_x005F_", legible(content))
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def wide(sheet: Worksheet, row: int, words: str, last: int, font: Font, *, first: int = 1, left: bool = False) -> None:
    """One line across columns; tall enough for long sentences, which Excel does not see to in merged cells."""
    cell = sheet.cell(row, first)
    put(cell, words)
    cell.font = font
    cell.alignment = Alignment("left" if left else "center", "center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    room = int(sum(sheet.column_dimensions[get_column_letter(place)].width for place in range(first, last + 1)) * 0.85)
    height = min(TALLEST_ROW, 18.0 * max(1, -(-len(words) // max(1, room))))
    sheet.row_dimensions[row].height = max(height, sheet.row_dimensions[row].height or 0)
