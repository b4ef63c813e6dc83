"""The data sheets of a workbook, read back: every value with the sheet and cell where it stands.

Rows may have been added, removed or sorted, columns moved: headings say what a column holds, the hidden column whose
record a row is. What a cell means is for the room above to say; here it is only text.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ntm_desktop import workbooks
from ntm_desktop.dossier.excel_layout import (
    ALL_TITLE,
    BASE_SHEET,
    GENERAL_KINDS,
    GENERAL_TITLE,
    ID_TITLE,
    LIST_SHEETS,
    POLL_TITLE,
    QUESTION_IDS,
    QUESTION_PLACE,
    TOTAL_ID,
    VILLAGE_COLUMNS,
    ListSheet,
)
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.records import BY_ID
from ntm_desktop.model.text import clean, search_key

MOST_ROWS, MOST_COLUMNS = 20_000, 120
MOST_REMEMBERED = 500_000  # rows of the hidden sheet: a row for each value
HEAD_WITHIN = 40  # rows from the top
NEW = "+"  # begins the key of a row that has no record yet
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class ReadCell:
    """What a cell holds, as a person would type it; empty for a blank cell. ``spot``: sheet and cell in words."""

    text: str
    spot: str
    formula: bool = False  # a formula without a result, or an error


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One record. ``key``: its id, or «+…» where the row is new; counts of the poll join two keys by a dot."""

    kind: str
    key: str
    cells: Mapping[str, ReadCell]
    spot: str
    row: int = 0

    @property
    def blank(self) -> bool:
        """True where every cell is empty."""
        return not any(cell.text or cell.formula for cell in self.cells.values())


@dataclass(frozen=True)
class WorkbookRead:
    """What the data sheets hold, and what they held when the program wrote them.

    ``lists``: kinds whose sheets are there; ``base``: stored texts by kind, record and field; ``had``: records by kind
    that were written. ``unit``, ``assessment_id`` are empty for a workbook that the program has not made.
    """

    rows: tuple[ReadRow, ...] = ()
    lists: frozenset[str] = frozenset()
    unit: str = ""
    assessment_id: str = ""
    base: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    had: frozenset[tuple[str, str]] = frozenset()


def read_workbook(path: Path) -> WorkbookRead:
    """The records of all data sheets.

    Raises:
        InvalidInput: it is no such workbook, damaged, or one that nobody may open.
    """
    try:
        content = workbooks.workbook_content(path)
        try:
            return _read(content)
        except InvalidInput:
            raise
        except Exception as error:  # openpyxl lets through whatever its parsers meet in a broken file
            raise workbooks.broken(error) from error
    except workbooks.WorkbookRefused as error:
        raise InvalidInput(f"{path.name}: {error.message}", _("Chưa có gì thay đổi.")) from error


def _read(content: bytes) -> WorkbookRead:
    results = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        there = {search_key(sheet.title): sheet for sheet in results.worksheets}
        typed = {search_key(sheet.title): sheet for sheet in formulas.worksheets}

        def grid(title: str) -> _Grid | None:
            key = search_key(title)
            return _Grid(title, there[key], typed[key]) if key in there and key in typed else None

        rows: list[ReadRow] = []
        lists: set[str] = set()
        for spec in LIST_SHEETS:
            found = grid(spec.title)
            if found is not None:
                rows += _list_rows(found, spec)
                lists.add(spec.kind)
        if (found := grid(GENERAL_TITLE)) is not None:
            rows += _general_rows(found)
            lists.update(GENERAL_KINDS)
        if (found := grid(POLL_TITLE)) is not None:
            rows += _poll_rows(found)
            lists.update(("poll_village", "poll_question", "poll_count"))
        base = grid(BASE_SHEET)
    finally:
        results.close()
        formulas.close()
    if not lists:
        raise InvalidInput(
            _("Tệp Excel này không có trang số liệu nào của hồ sơ."),
            _("Chưa có gì thay đổi. Hãy xuất tệp từ phần mềm (ntm data export), điền vào đó rồi nhập lại."),
        )
    return _with_base(WorkbookRead(tuple(rows), frozenset(lists)), base)


class _Grid:
    """The filled cells of one sheet."""

    def __init__(self, title: str, results: Any, formulas: Any) -> None:
        self.title = title
        self.most = MOST_REMEMBERED if title == BASE_SHEET else MOST_ROWS
        self.rows: dict[int, dict[int, ReadCell]] = {}
        for sheet, reader in ((results, self._take), (formulas, self._mark)):
            sheet.reset_dimensions()  # the size that a file tells of itself need not be true
            for cells in sheet.iter_rows():
                for cell in cells:
                    if cell.value is not None:
                        reader(cell)

    def _take(self, cell: Any) -> None:
        if cell.row > self.most or cell.column > MOST_COLUMNS:
            message = _("Trang «{sheet}» có dữ liệu ở ô {cell}, quá xa; mời xoá các hàng, cột thừa.")
            raise InvalidInput(message.format(sheet=self.title, cell=cell.coordinate), _("Chưa có gì thay đổi."))
        text = _plain(cell)
        if text:
            self._put(cell, ReadCell(text, self.spot(cell.coordinate), cell.data_type == "e"))

    def _mark(self, cell: Any) -> None:
        """A formula whose result the file does not hold: nobody may take it for an empty cell."""
        if cell.data_type == "f" and cell.column not in self.rows.get(cell.row, {}):
            self._put(cell, ReadCell("", self.spot(cell.coordinate), True))

    def _put(self, cell: Any, made: ReadCell) -> None:
        self.rows.setdefault(cell.row, {})[cell.column] = made

    def spot(self, coordinate: str) -> str:
        """«trang «Nguồn lực», ô D9»."""
        return _("trang «{sheet}», ô {cell}").format(sheet=self.title, cell=coordinate)

    def text(self, row: int, column: int) -> str:
        """A cell's text, empty where there is none."""
        cell = self.rows.get(row, {}).get(column)
        return cell.text if cell is not None else ""

    def cell(self, row: int, column: int) -> ReadCell:
        """A cell, blank where there is none."""
        from openpyxl.utils import get_column_letter

        found = self.rows.get(row, {}).get(column)
        return found or ReadCell("", self.spot(f"{get_column_letter(column)}{row}"))

    def line(self, row: int) -> str:
        """«trang «Nguồn lực», hàng 9»."""
        return _("trang «{sheet}», hàng {row}").format(sheet=self.title, row=row)

    def head(self, titles: Mapping[str, str], needed: str) -> tuple[int, dict[str, int]]:
        """The row of headings, and where each of ``titles`` (search key → what it holds) stands.

        Raises:
            InvalidInput: there is none.
        """
        for row in sorted(self.rows):
            if row > HEAD_WITHIN:
                break
            found: dict[str, int] = {}
            for column, cell in self.rows[row].items():
                what = titles.get(search_key(cell.text))
                if what is not None:
                    found.setdefault(what, column)
            if needed in found:
                return row, found
        raise InvalidInput(
            _("Trang «{sheet}» không còn hàng tiêu đề như phần mềm đã ghi.").format(sheet=self.title),
            _("Chưa có gì thay đổi. Hãy giữ nguyên các tiêu đề cột, hoặc xuất lại tệp rồi chép số liệu sang."),
        )


def _plain(cell: Any) -> str:
    """A cell's value as a person would type it: numbers with a decimal comma, dates as ISO, percents in points."""
    value = cell.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        number = Decimal(f"{value:.15g}" if isinstance(value, float) else value)
        number = number * 100 if "%" in str(cell.number_format or "") else number
        return numbers.editable(number) if number.is_finite() else str(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return clean(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value)))


def _list_rows(grid: _Grid, spec: ListSheet) -> Iterator[ReadRow]:
    titles = {search_key(column.title): column.field for column in spec.columns if column.field}
    titles[search_key(ID_TITLE)] = "#id"
    needed = next(column.field for column in spec.columns if column.field)
    head, places = grid.head(titles, needed)
    yield from _rows(grid, spec.kind, head, places)


def _rows(grid: _Grid, kind: str, head: int, places: Mapping[str, int]) -> Iterator[ReadRow]:
    """Rows below the headings, sums left out. A row whose id another row has is a copy: a new record."""
    id_column, seen = places.get("#id", 0), set[str]()
    for row in sorted(number for number in grid.rows if number > head):
        key = grid.text(row, id_column)
        if key == TOTAL_ID or (not key and "tong cong" in (search_key(grid.text(row, n)) for n in (1, 2, 3))):
            continue
        cells = {name: grid.cell(row, column) for name, column in places.items() if name in BY_ID[kind].by_id}
        made = ReadRow(kind, key if key and key not in seen else f"{NEW}{row}", cells, grid.line(row), row)
        if made.key.startswith(NEW) and made.blank:
            continue
        seen.add(key)
        yield made


def _general_rows(grid: _Grid) -> Iterator[ReadRow]:
    """A field a row: whose it is stands in the hidden column, else the name of the field says it."""
    titles = {"noi dung": "name", "gia tri": "value", search_key(ID_TITLE): "#id"}
    head, places = grid.head(titles, "value")
    found: dict[str, dict[str, ReadCell]] = {}
    for row in sorted(number for number in grid.rows if number > head):
        kind, _dot, name = grid.text(row, places.get("#id", 0)).partition(".")
        if kind in GENERAL_KINDS and name in BY_ID[kind].by_id:
            found.setdefault(kind, {}).setdefault(name, grid.cell(row, places["value"]))
    for kind, cells in found.items():
        yield ReadRow(kind, "self", cells, _("trang «{sheet}»").format(sheet=grid.title))


def _poll_rows(grid: _Grid) -> Iterator[ReadRow]:
    titles = {search_key(column.title): column.field for column in VILLAGE_COLUMNS}
    titles |= {search_key(ID_TITLE): "#id", search_key(ALL_TITLE): "#all"}
    head, places = grid.head(titles, "valid")
    questions = dict(_questions(grid, head, places))
    yield from questions.values()
    for village in _rows(grid, "poll_village", head, places):
        yield village
        for column, question in questions.items():
            cell, key = grid.cell(village.row, column), f"{village.key}.{question.key}"
            yield ReadRow("poll_count", key, {"satisfied": cell}, cell.spot)


def _questions(grid: _Grid, head: int, places: Mapping[str, int]) -> Iterator[tuple[int, ReadRow]]:
    """Questions by column: between the last figure of a village and its share."""
    rows = {search_key(grid.text(row, 2)): row for row in grid.rows if row < head}
    place_row, id_row = rows.get(search_key(QUESTION_PLACE), 0), rows.get(search_key(QUESTION_IDS), 0)
    first = max(column for name, column in places.items() if not name.startswith("#")) + 1
    last = min(places.get("#all", MOST_COLUMNS), places.get("#id", MOST_COLUMNS)) - 1
    count, seen = 0, set[str]()
    for column in range(first, last + 1):
        key, text, place = grid.text(id_row, column), grid.cell(head, column), grid.cell(place_row, column)
        if not text.text and (not key or key in seen):
            if any(grid.text(row, column) for row in grid.rows if row > head and _is_village(grid, row, places)):
                raise InvalidInput(
                    _("{spot}: cột này có số phiếu nhưng chưa có nội dung hỏi.").format(spot=text.spot),
                    _("Chưa có gì thay đổi. Hãy ghi nội dung hỏi vào ô tiêu đề của cột."),
                )
            continue
        count += 1
        if not place.text and not key:
            place = ReadCell(str(count), place.spot)
        made = ReadRow(
            "poll_question",
            key if key and key not in seen else f"{NEW}q{column}",
            {"place": place, "text": text},
            text.spot,
        )
        seen.add(key)
        yield column, made


def _is_village(grid: _Grid, row: int, places: Mapping[str, int]) -> bool:
    key = grid.text(row, places.get("#id", 0))
    return key != TOTAL_ID and bool(grid.text(row, places.get("name", 0)))


def _with_base(read: WorkbookRead, base: _Grid | None) -> WorkbookRead:
    """Add what the hidden sheet remembers."""
    if base is None:
        return read
    facts: dict[str, str] = {}
    values: dict[tuple[str, str, str], str] = {}
    had: set[tuple[str, str]] = set()
    for row in sorted(base.rows):
        what, one, two, three, value = (base.text(row, column) for column in range(1, 6))
        if what == "record":
            had.add((one, two))
        elif what == "value":
            values[one, two, three] = value
        else:
            facts[what] = one
    return WorkbookRead(
        read.rows, read.lists, facts.get("unit", ""), facts.get("assessment", ""), values, frozenset(had)
    )
