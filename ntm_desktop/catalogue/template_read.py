"""Read the workbook's sheets into rows, without trusting it: size, kind and form are checked before parsing."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ntm_desktop import workbooks
from ntm_desktop.catalogue import template_layout as layout
from ntm_desktop.catalogue.nodes import Unreadable, refuse
from ntm_desktop.catalogue.problems import ProblemCode
from ntm_desktop.catalogue.template_layout import Column, Sheet
from ntm_desktop.i18n import _
from ntm_desktop.model.text import clean, one_line, search_key

Value = str | Decimal | bool | datetime.date | None


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell with a value: where it stands in words, what it holds, and whether it is a formula or an error."""

    spot: str
    row: int
    value: Value
    formula: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet, by column key; empty cells are absent."""

    row: int
    spot: str
    cells: Mapping[str, Filled]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The rows of all sheets by sheet key, the general facts, and the keys of the threshold columns by sheet key."""

    general: SheetRow
    rows: Mapping[str, tuple[SheetRow, ...]]
    columns: Mapping[str, tuple[Column, ...]]


def read_workbook(path: Path) -> Workbook:
    """All sheets of the workbook.

    Raises:
        Unreadable: it is no such workbook, or one that nobody may open.
    """
    content = workbook_content(path)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl lets through whatever its parsers meet in a broken file
        refuse(path.name, 0, ProblemCode.NOT_EXCEL, workbooks.broken(error).message)
    try:
        return _sheets(book, path.name)
    except Unreadable:
        raise
    except Exception as error:
        refuse(path.name, 0, ProblemCode.NOT_EXCEL, workbooks.broken(error).message)
    finally:
        book.close()


def workbook_content(path: Path) -> bytes:
    """The file's bytes, after the checks that cost little.

    Raises:
        Unreadable: it is no workbook, or one that nobody may open.
    """
    try:
        return workbooks.workbook_content(path)
    except workbooks.WorkbookRefused as error:
        refuse(path.name, 0, ProblemCode(error.why.value), error.message)


def _sheets(book: Any, file: str) -> Workbook:
    found = {search_key(made.title): made for made in book.worksheets}
    missing = [title for title in (layout.GENERAL_TITLE, layout.INDICATOR_TITLE) if search_key(title) not in found]
    if missing:
        message = _("Tệp không có trang «{sheet}»; có lẽ không phải tệp lập từ mẫu nhập bộ tiêu chí.")
        refuse(file, 0, ProblemCode.NOT_EXCEL, message.format(sheet=missing[0]))
    rows: dict[str, tuple[SheetRow, ...]] = {}
    columns: dict[str, tuple[Column, ...]] = {}
    for sheet in (*layout.PLAIN_SHEETS, layout.indicator_sheet(), layout.year_sheet()):
        made = found.get(search_key(sheet.title))
        if made is None:
            rows[sheet.key], columns[sheet.key] = (), ()
            continue
        lines = _lines(made, file)
        if not any(row >= layout.FIRST_ROW for row in lines):
            rows[sheet.key], columns[sheet.key] = (), ()
            continue
        heads = _headings(lines.get(layout.HEAD_ROW, {}), sheet, file)
        columns[sheet.key] = tuple(heads.values())
        rows[sheet.key] = tuple(_rows(lines, heads, sheet))
    return Workbook(_general(_lines(found[search_key(layout.GENERAL_TITLE)], file)), rows, columns)


def _lines(made: Any, file: str) -> dict[int, dict[int, Filled]]:
    """Filled cells by row and column."""
    made.reset_dimensions()  # the size that a file tells of itself need not be true
    lines: dict[int, dict[int, Filled]] = {}
    for cells in made.iter_rows():
        for cell in cells:
            if cell.value is None:
                continue
            if cell.row > layout.MAX_ROWS or cell.column > layout.MAX_COLUMNS:
                message = _(
                    "Trang «{sheet}» có dữ liệu ở ô {cell}, quá xa; mời xóa các hàng, cột thừa (tối đa {limit} hàng)."
                )
                text = message.format(sheet=made.title, cell=cell.coordinate, limit=layout.MAX_ROWS)
                refuse(file, cell.row, ProblemCode.TOO_LARGE, text)
            spot = _("trang «{sheet}», ô {cell}").format(sheet=made.title, cell=cell.coordinate)
            value = _value(cell)
            if value is not None:
                filled = Filled(spot, cell.row, value, cell.data_type in ("f", "e"))
                lines.setdefault(cell.row, {})[cell.column] = filled
    return lines


def _value(cell: Any) -> Value:
    """A cell's value: percent formats in points, floats by their shortest text, text cleaned; None: blank."""
    value = cell.value
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return number * 100 if "%" in str(cell.number_format) else number
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    return clean(str(value)) or None


def _headings(line: Mapping[int, Filled], sheet: Sheet, file: str) -> dict[int, Column]:
    """The columns by their place; threshold columns name their region or group in the heading."""
    known = {search_key(column.title): column for column in sheet.columns}
    heads: dict[int, Column] = {}
    for place, filled in line.items():
        title = one_line(str(filled.value))
        column = known.get(search_key(title)) or _level_column(title)
        if column is None:
            message = _("{spot}: không hiểu tiêu đề cột «{title}»; mời giữ các tiêu đề như trong mẫu.")
            text = message.format(spot=filled.spot, title=title[:60])
            refuse(file, filled.row, ProblemCode.UNKNOWN_KEY, text)
        if column.key in {head.key for head in heads.values()}:
            message = _("{spot}: cột «{title}» có hai lần; mời xóa một.").format(spot=filled.spot, title=title[:60])
            refuse(file, filled.row, ProblemCode.DUPLICATE_KEY, message)
        heads[place] = column
    first = sheet.columns[0]
    if first.key not in {head.key for head in heads.values()}:
        message = _(
            "Trang «{sheet}» thiếu cột «{column}» ở hàng tiêu đề (hàng {row}); mời giữ các tiêu đề như trong mẫu."
        )
        text = message.format(sheet=sheet.title, column=first.title, row=layout.HEAD_ROW)
        refuse(file, layout.HEAD_ROW, ProblemCode.MISSING_KEY, text)
    return heads


def _level_column(title: str) -> Column | None:
    for prefix, make in ((layout.REGION_PREFIX, layout.region_column), (layout.GROUP_PREFIX, layout.group_column)):
        words, wanted = title.split(), prefix.split()
        if len(words) > len(wanted) and search_key(" ".join(words[: len(wanted)])) == search_key(prefix):
            return make(words[len(wanted)])
    return None


def _rows(lines: Mapping[int, Mapping[int, Filled]], heads: Mapping[int, Column], sheet: Sheet) -> Iterator[SheetRow]:
    for row, line in sorted(lines.items()):
        if row < layout.FIRST_ROW:
            continue
        cells = {heads[place].key: filled for place, filled in line.items() if place in heads}
        cells = {key: filled for key, filled in cells.items() if key != "hint"}
        if cells:
            yield SheetRow(row, _("trang «{sheet}», hàng {row}").format(sheet=sheet.title, row=row), cells)


def _general(lines: Mapping[int, Mapping[int, Filled]]) -> SheetRow:
    """The general facts: labels in column A, values in column B."""
    known = {search_key(column.title): column for column in layout.GENERAL}
    cells: dict[str, Filled] = {}
    for line in lines.values():
        if 1 in line and 2 in line:
            column = known.get(search_key(str(line[1].value)))
            if column is not None:
                cells[column.key] = line[2]
    return SheetRow(0, _("trang «{sheet}»").format(sheet=layout.GENERAL_TITLE), cells)
