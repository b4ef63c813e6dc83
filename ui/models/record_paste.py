"""Rows copied from a spreadsheet: what stands in which cell, without headings, numbering and sums. No Qt."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from ntm_desktop.model.text import clean, one_line

_SUMS = re.compile("(tổng )?cộng|tổng( số)?|cộng chung")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,\d+")  # the dot parts thousands there
_PLAIN = re.compile(r"\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")  # the dot parts decimals
_EITHER = re.compile(r"\d{1,3}\.\d{3}")
MOST_ROWS = 500


def cells_of(text: str) -> list[list[str]]:
    """The cells of tab-separated text as Excel and LibreOffice put it on the clipboard; blank rows are left out."""
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")), delimiter="\t")
    try:
        rows = [[clean(cell) for cell in row] for row in reader]
    except csv.Error:  # a quotation mark that nobody closes
        rows = [[clean(cell) for cell in line.split("\t")] for line in text.splitlines()]
    return [row for row in rows if any(row)]


def is_table(text: str) -> bool:
    """True for more than one cell."""
    return "\t" in text or "\n" in text.strip("\r\n")


def data_rows(rows: Sequence[Sequence[str]], titles: Sequence[str], *, numbered: bool) -> list[list[str]]:
    """Rows that hold data: without a row of headings, and without lines of sums; where the first column is not one of
    numbers (``numbered`` off), without one that only counts 1, 2, 3."""
    found = [list(row) for row in rows]
    if found and _is_heading(found[0], titles):
        found = found[1:]
    found = [row for row in found if not _is_sum(row)][:MOST_ROWS]
    counting = [f"{place}" for place in range(1, len(found) + 1)]
    if found and not numbered and [one_line(row[0]).rstrip(".)") for row in found] == counting:
        found = [row[1:] for row in found]
    return found


def _is_heading(row: Sequence[str], titles: Sequence[str]) -> bool:
    known = {_bare(title) for title in titles} | {"tt", "stt"}
    return any(_bare(cell) in known for cell in row if cell)


def _bare(text: str) -> str:
    return one_line(text.partition("(")[0]).casefold()


def _is_sum(row: Sequence[str]) -> bool:
    words = [_bare(cell).rstrip(":") for cell in row[:2] if cell]
    return any(_SUMS.fullmatch(word) for word in words)


def unambiguous(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Cells like «1.500» as all others of the same sheet show that they are meant: a spreadsheet writes all its numbers
    with the same signs. Where none of them tells, they stay and are asked back."""
    cells = [cell.strip() for row in rows for cell in row]
    grouped, plain = (any(form.fullmatch(cell) for cell in cells) for form in (_GROUPED, _PLAIN))
    if grouped == plain:
        return [list(row) for row in rows]
    sign = "" if grouped else ","
    return [[cell.replace(".", sign) if _EITHER.fullmatch(cell.strip()) else cell for cell in row] for row in rows]
