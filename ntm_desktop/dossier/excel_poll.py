"""The satisfaction poll as one table: a row for each village, a column for each question, shares reckoned below."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ntm_desktop.dossier.excel_book import Book, decimals_format
from ntm_desktop.dossier.excel_cells import (
    BOLD,
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
    protect,
    put_value,
    validation,
)
from ntm_desktop.dossier.excel_data import PLACE, SPARE_ROWS, hide
from ntm_desktop.dossier.excel_layout import (
    ALL_TITLE,
    POLL_TITLE,
    QUESTION_IDS,
    QUESTION_PLACE,
    TOTAL_ID,
    VILLAGE_COLUMNS,
)
from ntm_desktop.dossier.excel_sheet import Columns, as_text, prepare, put
from ntm_desktop.model import numbers
from ntm_desktop.model.dossier_facts import DossierFacts, share
from ntm_desktop.model.procedure import SettingId
from ntm_desktop.model.records import BY_ID, Record

QUESTION_WIDTH = 15.0
_FIRST_QUESTION = len(VILLAGE_COLUMNS) + 2
_VALID = get_column_letter(_FIRST_QUESTION - 1)
_SATISFIED = BY_ID["poll_count"].by_id["satisfied"]
_TOO_MANY = "Số phiếu hài lòng là số nguyên, không âm và không lớn hơn số phiếu hợp lệ của thôn."


class _Poll:
    """Where everything stands on the sheet."""

    def __init__(self, book: Book, facts: DossierFacts, frame: Frame) -> None:
        self.book = book
        self.facts = facts
        self.poll = facts.poll
        self.questions = self.poll.questions
        self.places = max(len(self.questions) + 1, 5)  # columns for questions: there is always one to type into
        self.after = _FIRST_QUESTION + self.places  # the column of the village's share
        self.sheet = book.sheet(POLL_TITLE)
        village = tuple((column.title, column.width) for column in VILLAGE_COLUMNS)
        asked = tuple((item.text("text"), QUESTION_WIDTH) for item in self.questions)
        spare = (("", QUESTION_WIDTH),) * (self.places - len(asked))
        columns: Columns = (PLACE, *village, *asked, *spare, (ALL_TITLE, 11.0))
        titles = ("KẾT QUẢ LẤY Ý KIẾN HÀI LÒNG CỦA NGƯỜI DÂN", frame.about)
        self.first = prepare(self.sheet, columns, frame.head, titles, frame.mark, above=2)
        self.head = self.first - 1
        self.last = self.first + len(self.poll.villages) + SPARE_ROWS - 1

    def range(self, column: int) -> str:
        """All rows of villages in a column."""
        letter = get_column_letter(column)
        return f"{letter}{self.first}:{letter}{self.last}"

    def across(self, row: int, *, fixed: bool = False) -> str:
        """All questions of a row; ``fixed``: the same row wherever the formula stands."""
        sign = "$" if fixed else ""
        start, end = get_column_letter(_FIRST_QUESTION), get_column_letter(self.after - 1)
        return f"${start}{sign}{row}:${end}{sign}{row}"


def write_poll(book: Book, facts: DossierFacts, frame: Frame) -> None:
    """The sheet; questions may be added in the empty columns, villages in the empty rows."""
    made = _Poll(book, facts, frame)
    hide(made.sheet, made.after + 1, made.head)
    _question_heads(made)
    villages: Sequence[Record | None] = (*made.poll.villages, *(None,) * SPARE_ROWS)
    for row, village in enumerate(villages, start=made.first):
        _village_row(made, row, village)
    for place, column in enumerate(VILLAGE_COLUMNS, start=2):
        field = BY_ID["poll_village"].by_id[column.field]
        bound(made.sheet, validation(book, field), made.range(place))
    most = DataValidation("whole", "0", f"${_VALID}{made.first}", operator="between", allow_blank=True)
    most.showErrorMessage, most.errorTitle, most.error = True, "Chưa đúng", _TOO_MANY
    cells = f"{get_column_letter(_FIRST_QUESTION)}{made.first}:{get_column_letter(made.after - 1)}{made.last}"
    bound(made.sheet, most, cells)
    _sums(made)
    protect(made.sheet)


def _question_heads(made: _Poll) -> None:
    """Over the headings: each question's place, and on a hidden row its record."""
    sheet, places, ids = made.sheet, made.head - 1, made.head - 2
    for row, title in ((places, QUESTION_PLACE), (ids, QUESTION_IDS)):
        put(sheet.cell(row, 2), title)
        sheet.cell(row, 2).font = PLAIN
    sheet.row_dimensions[ids].hidden = True
    for n in range(made.places):
        column = _FIRST_QUESTION + n
        place, head = sheet.cell(places, column), sheet.cell(made.head, column)
        place.font, place.border, place.protection = PLAIN, FRAME, OPEN
        place.alignment = aligned("center")
        head.protection = sheet.cell(ids, column).protection = OPEN
        if n < len(made.questions):
            put(place, made.questions[n].number("place"))
            put(sheet.cell(ids, column), made.questions[n].record_id)
    letters = f"{get_column_letter(_FIRST_QUESTION)}{places}:{get_column_letter(made.after - 1)}{places}"
    bound(sheet, validation(made.book, BY_ID["poll_question"].by_id["place"]), letters)


def _village_row(made: _Poll, row: int, village: Record | None) -> None:
    sheet = made.sheet
    number = sheet.cell(row, 1)
    number.font, number.border, number.protection = PLAIN, FRAME, OPEN
    number.alignment = aligned("center")
    sheet.cell(row, made.after + 1).protection = OPEN
    for place, column in enumerate(VILLAGE_COLUMNS, start=2):
        field = BY_ID["poll_village"].by_id[column.field]
        put_value(sheet.cell(row, place), field, village.values.get(column.field) if village else None)
    for n in range(made.places):
        count = None
        if village is not None and n < len(made.questions):
            count = made.poll.counts.get((village.record_id, made.questions[n].record_id))
        put_value(sheet.cell(row, _FIRST_QUESTION + n), _SATISFIED, count)
    if village is not None:
        put(number, row - made.first + 1)
        put(sheet.cell(row, made.after + 1), village.record_id)
        high_enough(sheet, row, ((village.text("name"), VILLAGE_COLUMNS[0].width),))
    cell = sheet.cell(row, made.after)
    locked(cell)
    cell.protection, cell.alignment = OPEN, aligned("right")
    asked, here = f"COUNTA({made.across(made.head, fixed=True)})", made.across(row)
    formula = (
        f'IF(OR(N(${_VALID}{row})=0,COUNT({here})=0,COUNT({here})<{asked}),"",SUM({here})/(${_VALID}{row}*{asked})*100)'
    )
    made.book.formula(cell, formula, _village_share(made, village), SHARE_FORMAT)


def _asked(made: _Poll) -> int:
    """Questions whose heading says something."""
    return sum(bool(as_text(item.text("text"))) for item in made.questions)


def _village_share(made: _Poll, village: Record | None) -> Decimal | None:
    if village is None:
        return None
    found = [made.poll.counts.get((village.record_id, item.record_id)) for item in made.questions]
    known = [number for number in found if number is not None]
    asked, valid = _asked(made), village.number("valid")
    if not known or not asked or len(known) < asked or not valid:
        return None
    return share(sum(known), valid * asked)


def _sums(made: _Poll) -> None:
    """Sums, shares, and the shares that are asked for where they are known."""
    sheet, book, poll = made.sheet, made.book, made.poll
    total, shares = made.last + 1, made.last + 2
    asked_for = _limits(made.facts)
    rows = [(total, "TỔNG CỘNG"), (shares, "Tỷ lệ hài lòng (%)")]
    if any(asked_for):
        rows.append((shares + 1, "Mức yêu cầu (%)"))
    for row, title in rows:
        for column in range(1, made.after + 1):
            locked(sheet.cell(row, column), sums=True)
        put(sheet.cell(row, 2), title)
        sheet.cell(row, 2).alignment = aligned("left")
        put(sheet.cell(row, made.after + 1), TOTAL_ID)
    for place, column_spec in enumerate(VILLAGE_COLUMNS[1:], start=3):
        result = poll.sum(column_spec.field)
        book.formula(sheet.cell(total, place), f"SUM({made.range(place)})", result, COUNT_FORMAT)
    found: list[Decimal | None] = []
    for n in range(made.places):
        column, letter = _FIRST_QUESTION + n, get_column_letter(_FIRST_QUESTION + n)
        cells, villages = made.range(column), f"COUNTA({made.range(2)})"
        known = _counts(made, made.questions[n : n + 1])
        book.formula(sheet.cell(total, column), f"SUM({cells})", sum(known), COUNT_FORMAT)
        named = sum(bool(as_text(item.text("name"))) for item in poll.villages)
        told = sum(item.number("valid") is not None for item in poll.villages)
        complete = min(len(known), told) >= named  # a part of the villages is not the whole
        result_share = share(sum(known), poll.sum("valid")) if known and complete else None
        formula = (
            f"IF(OR(N(${_VALID}{total})=0,COUNT({cells})=0,COUNT({cells})<{villages},"
            f'COUNT({made.range(_FIRST_QUESTION - 1)})<{villages}),"",'
            f"{letter}{total}/${_VALID}{total}*100)"
        )
        book.formula(sheet.cell(shares, column), formula, result_share, _share_format(result_share, asked_for[0]))
        found.append(result_share)
        if asked_for[0] is not None and n < len(made.questions):
            sheet.cell(shares + 1, column).value = asked_for[0]
    _overall(made, total, shares, found, asked_for[1])


def _counts(made: _Poll, questions: Sequence[Record]) -> list[int]:
    """Satisfied answers to these questions, as far as they are known."""
    pairs = ((village.record_id, question.record_id) for question in questions for village in made.poll.villages)
    return [made.poll.counts[pair] for pair in pairs if pair in made.poll.counts]


def _overall(made: _Poll, total: int, shares: int, found: Sequence[Decimal | None], limit: Decimal | None) -> None:
    """The share over all questions, in the last column."""
    asked = f"COUNTA({made.across(made.head, fixed=True)})"
    parts, sums = made.across(shares), made.across(total)
    formula = (
        f'IF(OR({asked}=0,COUNT({parts})<{asked},N(${_VALID}{total})=0),"",SUM({sums})/(${_VALID}{total}*{asked})*100)'
    )
    known = [item for item in found if item is not None]
    result = None
    if _asked(made) and len(known) >= _asked(made):
        whole = made.poll.sum("valid") * _asked(made)
        result = share(sum(number for number in _counts(made, made.questions)), whole)
    cell = made.sheet.cell(shares, made.after)
    made.book.formula(cell, formula, result, _share_format(result, limit))
    if limit is not None:
        made.sheet.cell(shares + 1, made.after).value = limit
    cell.font = BOLD


def _limits(facts: DossierFacts) -> tuple[Decimal | None, Decimal | None]:
    """The shares asked for: of each question, over all; None where nobody has seen them."""
    found = (facts.settings.get(name) for name in (SettingId.POLL_QUESTION, SettingId.POLL_TOTAL))
    one, whole = (item.number if item is not None and item.computable else None for item in found)
    return one, whole


def _share_format(number: Decimal | None, limit: Decimal | None) -> str:
    """Two decimals, more where rounding would carry a share over the one that is asked for."""
    if number is None or limit is None:
        return SHARE_FORMAT
    decimals = numbers.shown_beside(number, limit).partition(",")[2]
    return decimals_format((), least=max(2, len(decimals)))
