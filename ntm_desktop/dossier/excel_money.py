"""Money by source and year: every figure is reckoned from the sheet of entries, and follows what is typed there."""

from __future__ import annotations

from decimal import Decimal

from openpyxl.utils import get_column_letter

from ntm_desktop.dossier.excel_book import Book
from ntm_desktop.dossier.excel_cells import (
    AMOUNT_FORMAT,
    BOLD,
    FRAME,
    SHARE_FORMAT,
    SUMS,
    YEAR_FORMAT,
    Frame,
    aligned,
    locked,
    number_in,
    protect,
)
from ntm_desktop.dossier.excel_data import PLACE, SPARE_ROWS
from ntm_desktop.dossier.excel_layout import LIST_SHEETS, MONEY_BY_YEAR_TITLE
from ntm_desktop.dossier.excel_sheet import Columns, prepare, put
from ntm_desktop.i18n import _
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import BY_ID

MOST_YEARS = 8
_ENTRIES = next(sheet for sheet in LIST_SHEETS if sheet.kind == "money")
_AFTER = ("Các năm khác", "Tổng huy động", "Tỷ lệ (%)", "Kế hoạch", "Đã giải ngân")
_FIRST_YEAR = 3


class _Matrix:
    """Where the entries stand, and which years have a column."""

    def __init__(self, facts: DossierFacts, first: int) -> None:
        self.records = facts.of("money")
        entered = {item.number("year") for item in self.records}
        years = sorted(year for year in entered if year is not None)[-MOST_YEARS:]
        now = facts.assessed.assessment.year
        self.years = years or list(range(now - 4, now + 1))
        last = first + len(self.records) + SPARE_ROWS - 1
        self.ranges: dict[str, str] = {}
        for place, column in enumerate(_ENTRIES.columns, start=2):
            letter = get_column_letter(place)
            self.ranges[column.field] = f"'{_ENTRIES.title}'!${letter}${first}:${letter}${last}"
        self.all_column = _FIRST_YEAR + len(self.years) + 1

    def sums(self, field: str, source: str | None = None, year: int | None = None) -> Decimal:
        """What is entered, as far as Excel holds it as numbers."""
        found = (
            number_in(item, field)
            for item in self.records
            if source in (None, item.text("source")) and year in (None, item.number("year"))
        )
        return sum((number for number in found if number is not None), Decimal(0))


def write_money_by_year(book: Book, facts: DossierFacts, frame: Frame, first: int) -> None:
    """The sheet; ``first``: the first row of entries on theirs."""
    made = _Matrix(facts, first)
    sheet = book.sheet(MONEY_BY_YEAR_TITLE)
    years = tuple((str(year), 12.0) for year in made.years)
    after = tuple((title, 9.0 if title.endswith("(%)") else 14.0) for title in _AFTER)
    columns: Columns = (PLACE, ("Nguồn vốn", 36.0), *years, *after)
    titles = ("NGUỒN LỰC HUY ĐỘNG THEO NGUỒN VỐN VÀ NĂM", frame.about, "(Đơn vị tính: triệu đồng)")
    row = prepare(sheet, columns, frame.head, titles, frame.mark)
    head, start = row - 1, row
    for n, year in enumerate(made.years):  # a number, for the sums look for it
        cell = sheet.cell(head, _FIRST_YEAR + n)
        cell.value, cell.number_format = year, YEAR_FORMAT
    sources = BY_ID["money"].by_id["source"].choices
    end = start + len(sources)
    for place, choice in enumerate(sources, start=1):
        for column in range(1, len(columns) + 1):
            cell = sheet.cell(row, column)
            locked(cell)
            if column > 2:
                cell.alignment = aligned("right")
        put(sheet.cell(row, 1), place)
        put(sheet.cell(row, 2), _(choice.name))
        _source_row(book, made, head, row, end, choice.id)
        row += 1
    _sum_row(book, made, start, row)
    protect(sheet)


def _source_row(book: Book, made: _Matrix, head: int, row: int, end: int, source: str) -> None:
    sheet = book.workbook[MONEY_BY_YEAR_TITLE]
    ranges, everything = made.ranges, made.all_column
    for n, year in enumerate(made.years):
        column = _FIRST_YEAR + n
        letter = get_column_letter(column)
        formula = f"SUMIFS({ranges['raised']},{ranges['source']},$B{row},{ranges['year']},{letter}${head})"
        book.formula(sheet.cell(row, column), formula, made.sums("raised", source, year), AMOUNT_FORMAT)
    raised = made.sums("raised", source)
    shown = sum((made.sums("raised", source, year) for year in made.years), Decimal(0))
    first, last = get_column_letter(_FIRST_YEAR), get_column_letter(everything - 2)
    whole = get_column_letter(everything)
    others = f"{whole}{row}-SUM({first}{row}:{last}{row})"
    book.formula(sheet.cell(row, everything - 1), others, raised - shown, AMOUNT_FORMAT)
    for offset, field in ((0, "raised"), (2, "planned"), (3, "spent")):
        formula = f"SUMIFS({ranges[field]},{ranges['source']},$B{row})"
        cell = sheet.cell(row, everything + offset)
        book.formula(cell, formula, made.sums(field, source), AMOUNT_FORMAT)
    _share(book, made, row, end, raised)


def _share(book: Book, made: _Matrix, row: int, end: int, raised: Decimal) -> None:
    """The part of everything that has a source."""
    sheet, letter = book.workbook[MONEY_BY_YEAR_TITLE], get_column_letter(made.all_column)
    everything = sum((made.sums("raised", choice.id) for choice in BY_ID["money"].by_id["source"].choices), Decimal(0))
    result = raised * 100 / everything if everything else None
    formula = f'IF({letter}${end}=0,"",{letter}{row}/{letter}${end}*100)'
    book.formula(sheet.cell(row, made.all_column + 1), formula, result, SHARE_FORMAT)


def _sum_row(book: Book, made: _Matrix, start: int, row: int) -> None:
    sheet = book.workbook[MONEY_BY_YEAR_TITLE]
    sources = [choice.id for choice in BY_ID["money"].by_id["source"].choices]

    def of_all(field: str, year: int | None = None) -> Decimal:
        return sum((made.sums(field, source, year) for source in sources), Decimal(0))

    raised = of_all("raised")
    by_year = [of_all("raised", year) for year in made.years]
    results = [*by_year, raised - sum(by_year, Decimal(0)), raised, None, of_all("planned"), of_all("spent")]
    for column in (1, 2):
        locked(sheet.cell(row, column), sums=True)
    put(sheet.cell(row, 2), "TỔNG CỘNG")
    sheet.cell(row, 2).alignment = aligned("left")
    for column, result in enumerate(results, start=_FIRST_YEAR):
        cell, letter = sheet.cell(row, column), get_column_letter(column)
        locked(cell, sums=True)
        if result is not None:
            book.formula(cell, f"SUM({letter}{start}:{letter}{row - 1})", result, AMOUNT_FORMAT)
    _share(book, made, row, row, raised)
    for cell in sheet[row]:
        cell.font, cell.border, cell.fill = BOLD, FRAME, SUMS
