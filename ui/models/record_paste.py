"""Rows copied from a spreadsheet: what stands in which cell, without headings, numbering and sums. No Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ntm_desktop.model.text import clean, one_line

_SUMS = ("cộng", "tổng", "tổng cộng", "tổng số", "cộng chung")
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
    return any(word in _SUMS for word in words)
