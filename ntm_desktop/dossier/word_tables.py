"""Tables of a Word file: repeated header, rows that stay whole, cells merged downwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.document import Align
from ntm_desktop.dossier.layout import FACES, LINE_HEIGHT, Role
from ntm_desktop.dossier.word_xml import Element, cell, keep_with_next, paragraph, row, runs, table

HEAD, BAND = "E0E0E0", "F0F0F0"
_LETTERS_PER_POINT = 2.0  # of Times New Roman at size 1: an average letter is half as wide as it is high
_TWIPS_PER_POINT = 20


def share_out(weights: Sequence[float], width: int) -> list[int]:
    """Whole twips in the proportion of ``weights`` that sum up to ``width``."""
    whole = sum(weights)
    edges = [round(width * sum(weights[:place]) / whole) for place in range(len(weights) + 1)]
    return [after - before for before, after in pairwise(edges)]


def made(block: doc.Table, width: int, tallest: int) -> Element:
    """The table ``width`` twips wide. Rows taller than half of a page (``tallest`` twips) may be split across pages."""
    widths = share_out([column.weight for column in block.columns], width)
    titles = [
        cell(room, paragraph("NtmTableHead", *runs(column.title), keep=True), shade=HEAD, middle="center")
        for column, room in zip(block.columns, widths, strict=True)
    ]
    lines = max((_height(doc.cell(c.title), w) for c, w in zip(block.columns, widths, strict=True)), default=0)
    repeated = lines < tallest / 2
    rows = [row(*titles, whole=repeated, header=repeated)]
    if block.numbered:
        numbers = [
            cell(room, paragraph("NtmTable", *runs(f"({place})"), align=Align.CENTER, keep=True))
            for place, room in enumerate(widths, start=1)
        ]
        rows.append(row(*numbers, header=repeated))
    for entry in block.rows:
        rows.extend(_entry(entry, block.columns, widths, tallest))
    return table("NtmGrid", widths, rows)


def _entry(
    entry: doc.Row | doc.RowGroup, columns: Sequence[doc.Column], widths: Sequence[int], tallest: int
) -> list[Element]:
    if isinstance(entry, doc.Row):
        return [_row([], entry, columns, widths, tallest)]
    # a group without rows still shows what its rows would share
    rows = entry.rows or (doc.Row(()),)
    made_rows: list[Element] = []
    together = sum(_row_height(item, widths, sum(each.span for each in entry.shared)) for item in rows) < tallest / 3
    for place, item in enumerate(rows):
        shared = [
            _cell(each if place == 0 else doc.Cell(span=each.span), columns, widths, at, item.band, merge)
            for each, at in _placed(entry.shared, len(columns))
            for merge in ("restart" if place == 0 else "continue",)
        ]
        made_rows.append(_row(shared, item, columns, widths, tallest, sum(each.span for each in entry.shared)))
        if together and place + 1 < len(rows):  # on a new page nobody would see what the rows share
            keep_with_next(made_rows[-1])
    return made_rows


def _row(
    shared: list[Element],
    entry: doc.Row,
    columns: Sequence[doc.Column],
    widths: Sequence[int],
    tallest: int,
    offset: int = 0,
) -> Element:
    placed = _placed(entry.cells, len(columns), offset)
    end = placed[-1][1] + placed[-1][0].span if placed else offset
    placed += [(doc.Cell(), at) for at in range(end, len(columns))]  # Word wants every column filled
    cells = [_cell(each, columns, widths, at, entry.band) for each, at in placed]
    whole = row(*shared, *cells, whole=_row_height(entry, widths, offset) < tallest / 2)
    if entry.band:
        keep_with_next(whole)
    return whole


def _placed(cells: Sequence[doc.Cell], columns: int, at: int = 0) -> list[tuple[doc.Cell, int]]:
    """Cells with the column in which each begins; none reaches past the last one, and nothing is lost."""
    placed: list[tuple[doc.Cell, int]] = []
    for each in cells:
        if at >= columns:
            last, place = placed[-1]
            placed[-1] = (doc.Cell(last.paragraphs + each.paragraphs, last.span, last.align), place)
            continue
        span = max(1, min(each.span, columns - at))
        placed.append((doc.Cell(each.paragraphs, span, each.align), at))
        at += span
    return placed


def _row_height(entry: doc.Row, widths: Sequence[int], offset: int = 0) -> float:
    placed = _placed(entry.cells, len(widths), offset)
    return max((_height(each, sum(widths[at : at + each.span])) for each, at in placed), default=0.0)


def _cell(
    content: doc.Cell,
    columns: Sequence[doc.Column],
    widths: Sequence[int],
    at: int,
    band: bool = False,
    merge: str = "",
) -> Element:
    align = content.align or (columns[at].align if content.span == 1 else Align.LEFT)
    lines = [paragraph("NtmTable", *runs(each), align=align) for each in content.paragraphs]
    width = sum(widths[at : at + content.span])
    return cell(width, *lines, span=content.span, merge=merge, shade=BAND if band else "")


def _height(content: doc.Cell, width: int) -> float:
    """About how tall a cell will be, in twips."""
    size = FACES[Role.TABLE].size
    room = max(1.0, width / _TWIPS_PER_POINT / size * _LETTERS_PER_POINT)
    lines = 0.0
    for each in content.paragraphs:
        words = "".join(run.text for run in each)
        lines += sum(-(-max(1, len(line)) // room) for line in words.split("\n"))
    return lines * size * LINE_HEIGHT * _TWIPS_PER_POINT
