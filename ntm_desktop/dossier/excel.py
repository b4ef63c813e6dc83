"""The self-assessment table and the evidence index as one Excel workbook, to compute with and to print.

Numbers are numbers. A percent is given in points (78.08 with «%» in the unit column), as thresholds are written in the
criteria sets, so that the two compare. Text is always text: nothing that a person typed becomes a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Context, Decimal
from pathlib import Path
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop import paths, wording
from ntm_desktop.dossier import layout, phrases
from ntm_desktop.dossier.document import OfficialHead, legible
from ntm_desktop.dossier.letterhead import head_of, letterhead_of
from ntm_desktop.dossier.request import result_sentences
from ntm_desktop.dossier.tables import attached_to, level_of, papers_of, remarks_of, value_of, year_of
from ntm_desktop.i18n import in_vietnamese
from ntm_desktop.model import numbers, values
from ntm_desktop.model.assessment import Assessed, AssessedIndicator
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.evidence import Evidence

AnyCell: TypeAlias = Cell | MergedCell
FONT = "Times New Roman"
LONGEST = 32_767  # characters that Excel takes in one cell
_LIKE_FORMULA = ("=", "+", "-", "@")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel would read _x0041_ as «A»
_DIGITS = Context(prec=15)  # what an Excel number holds
_THIN = Border(*(Side(style="thin"),) * 4)
_GREY = PatternFill("solid", start_color="E0E0E0")

_TABLE = (
    ("TT", 5.0),
    ("Tên tiêu chí", 18.0),
    ("Mã chỉ tiêu", 7.5),
    ("Nội dung chỉ tiêu", 48.0),
    ("Mức đạt chuẩn", 20.0),
    ("Kết quả thực hiện", 14.0),
    ("Đơn vị", 10.0),
    ("Kết quả tự đánh giá", 11.0),
    ("Năm số liệu", 8.0),
    ("Minh chứng", 26.0),
    ("Ghi chú", 30.0),
)
_INDEX = (
    ("TT", 6.0),
    ("Mã chỉ tiêu", 9.0),
    ("Tên, trích yếu nội dung", 60.0),
    ("Số, ký hiệu", 20.0),
    ("Ngày ban hành", 13.0),
    ("Cơ quan ban hành", 28.0),
    ("Tệp", 36.0),
)
_CENTERED = {"TT", "Mã chỉ tiêu", "Mức đạt chuẩn", "Đơn vị", "Kết quả tự đánh giá", "Năm số liệu", "Ngày ban hành"}


def write_excel(assessed: Assessed, path: Path, on: date, mark: str = "") -> None:
    """Write the workbook to ``path``, whole or not at all.

    Raises:
        OSError: the file cannot be written; an older one of that name stays as it was.
    """
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    with in_vietnamese():
        _self_assessment(first, assessed, on, mark)
        _evidence_index(workbook.create_sheet(), assessed, on, mark)
        letterhead = letterhead_of(assessed)
    workbook.properties.title = _text(f"Biểu tự đánh giá năm {assessed.assessment.year} của {letterhead.unit}")
    workbook.properties.creator = _text(letterhead.agency)
    workbook.properties.language = "vi"
    with paths.writing(path) as stream:
        workbook.save(stream)


def _self_assessment(sheet: Worksheet, assessed: Assessed, on: date, mark: str) -> None:
    letterhead = letterhead_of(assessed)
    year = assessed.assessment.year
    titles = (
        "BIỂU TỔNG HỢP KẾT QUẢ TỰ ĐÁNH GIÁ",
        f"Thực hiện {assessed.catalogue.name} năm {year} của {letterhead.unit}",
        attached_to(assessed, on),
    )
    head = head_of(assessed, letterhead, "bao-cao", on)
    row = _prepare(sheet, "Tự đánh giá", _TABLE, head, titles, mark)
    for criterion in assessed.criteria:
        first = row
        for item in criterion.indicators:
            shared = (criterion.criterion.number, criterion.criterion.name) if row == first else ("", "")
            _fill(sheet, row, (*shared, *_indicator_cells(assessed, item)), _TABLE)
            _number(sheet.cell(row, 6), item)
            row += 1
        for column in (1, 2):
            sheet.cell(first, column).font = Font(FONT, 11, bold=True)
            if row - first > 1:
                sheet.merge_cells(start_row=first, start_column=column, end_row=row - 1, end_column=column)
    for place, line in enumerate((*result_sentences(assessed), *_star_note(assessed)), start=row + 1):
        _wide(sheet, place, line, len(_TABLE), Font(FONT, 12, bold=True), "left")
        row = place
    _sign(sheet, row + 2, letterhead.signer.lines, letterhead.signer.name)


def _indicator_cells(assessed: Assessed, item: AssessedIndicator) -> tuple[str | int | None, ...]:
    unit = item.indicator.measure.unit
    if item.indicator.measure.kind is MeasureKind.PERCENT:
        unit = unit or "%"
    remarks = phrases.listed(filter(None, (_fraction(item), remarks_of(assessed, item), item.result.explanation)))
    return (
        phrases.code_of(item),
        item.indicator.name,
        level_of(item),
        value_of(item),
        unit if _shown_as_number(item) is not None else "",
        wording.verdict_name(item.verdict),
        year_of(assessed, item),
        papers_of(item),
        remarks,
    )


def _shown_as_number(item: AssessedIndicator) -> Decimal | None:
    """The value of a percent or number that could be read."""
    measure, value = item.indicator.measure, item.result.value
    if measure.kind not in (MeasureKind.PERCENT, MeasureKind.NUMBER) or (value or {}).get("typed"):
        return None
    return values.number_of(measure, value)


def _fraction(item: AssessedIndicator) -> str:
    value = item.result.value or {}
    if _shown_as_number(item) is None or "numerator" not in value:
        return ""
    parts = (numbers.shown(Decimal(value[part])) for part in ("numerator", "denominator"))
    return "/".join(parts)


def _number(cell: AnyCell, item: AssessedIndicator) -> None:
    """Put the number itself into the cell, with as many decimals as the paper shows."""
    number = _shown_as_number(item)
    if number is None:
        return
    decimals = numbers.shown_beside(number, item.level.threshold).partition(",")[2]
    if item.indicator.measure.kind is MeasureKind.NUMBER:
        decimals = numbers.shown(number).partition(",")[2]
    cell.value = _DIGITS.plus(number)
    cell.data_type = "n"
    cell.number_format = "#,##0" + (f".{'0' * len(decimals)}" if decimals else "")
    cell.alignment = Alignment(horizontal="center", vertical="top")


def _evidence_index(sheet: Worksheet, assessed: Assessed, on: date, mark: str) -> None:
    letterhead = letterhead_of(assessed)
    titles = (
        "MỤC LỤC MINH CHỨNG",
        f"Hồ sơ {letterhead.unit} {phrases.standard_of(assessed)} năm {assessed.assessment.year}",
        attached_to(assessed, on),
    )
    row = _prepare(sheet, "Mục lục minh chứng", _INDEX, head_of(assessed, letterhead, "bao-cao", on), titles, mark)
    place = 0
    pairs = [(code, piece) for code, item in assessed.by_code.items() for piece in item.evidence]
    loose = [("", piece) for piece in assessed.evidence if not any(code in assessed.by_code for code in piece.codes)]
    for code, piece in (*pairs, *loose):
        if piece.removed:
            continue
        place += 1
        shown = phrases.code_of(assessed.by_code[code]) if code else ""
        _fill(sheet, row, (place, shown, piece.title, piece.number, "", piece.issuer, piece.file_name), _INDEX)
        _issued(sheet.cell(row, 5), piece)
        row += 1


def _issued(cell: AnyCell, piece: Evidence) -> None:
    """A real date, or what stands there as text."""
    try:
        day = date.fromisoformat(piece.issued)
    except ValueError:
        _put(cell, piece.issued)
        return
    if day.year < 1901:
        _put(cell, wording.date_text(piece.issued))
        return
    cell.value = day
    cell.number_format = "dd/mm/yyyy"


def _prepare(
    sheet: Worksheet,
    name: str,
    columns: Sequence[tuple[str, float]],
    head: OfficialHead,
    titles: Iterable[str],
    mark: str,
) -> int:
    """Page setup, head, titles and the header row; returns the first row below it."""
    sheet.title = name
    page = layout.LANDSCAPE
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    inch = 25.4
    margins.left, margins.right = page.left / inch, page.right / inch
    margins.top, margins.bottom, margins.header = page.top / inch, page.bottom / inch, 8 / inch
    sheet.HeaderFooter.differentFirst = True  # the page number is hidden on page 1
    sheet.oddHeader.center.text = "&P"
    sheet.oddHeader.center.font, sheet.oddHeader.center.size = FONT, 13
    if mark:
        sheet.oddHeader.right.text = sheet.firstHeader.right.text = _text(mark).replace("&", "&&")
    for place, (_title, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    left = max(2, round(len(columns) * layout.HEAD_LEFT_SHARE))
    for row, (one, other) in enumerate(((head.superior, head.nation), (head.agency, head.motto)), start=1):
        _wide(sheet, row, one, left, Font(FONT, 12, bold=row == 2), "center")
        _wide(sheet, row, other, len(columns), Font(FONT, 12 if row == 1 else 13, bold=True), "center", left + 1)
    row = 4
    for place, title in enumerate(filter(None, (mark, *titles))):
        italic = title.startswith("(")
        _wide(sheet, row + place, title, len(columns), Font(FONT, 13, bold=not italic, italic=italic), "center")
        header = row + place + 2
    for place, (title, _width) in enumerate(columns, start=1):
        cell = sheet.cell(header, place)
        _put(cell, title)
        cell.font, cell.fill, cell.border = Font(FONT, 11, bold=True), _GREY, _THIN
        cell.alignment = Alignment("center", "center", wrap_text=True)
    sheet.print_title_rows = f"{header}:{header}"
    sheet.freeze_panes = f"A{header + 1}"
    return header + 1


def _fill(sheet: Worksheet, row: int, cells: Sequence[str | int | None], columns: Sequence[tuple[str, float]]) -> None:
    for place, (content, (title, _width)) in enumerate(zip(cells, columns, strict=True), start=1):
        cell = sheet.cell(row, place)
        _put(cell, content)
        cell.font, cell.border = Font(FONT, 11), _THIN
        cell.alignment = Alignment("center" if title in _CENTERED else "left", "top", wrap_text=True)


def _put(cell: AnyCell, content: str | int | None) -> None:
    """Numbers as numbers; text as text whatever it looks like."""
    if isinstance(content, int):
        cell.value = content
    elif content:
        words = _text(content)
        cell.value = words
        cell.data_type = "s"  # openpyxl takes «=…» for a formula and «#N/A» for an error
        if words.startswith(_LIKE_FORMULA):
            cell.quotePrefix = True  # stays text when somebody edits the cell


def _text(content: str) -> str:
    words = _ESCAPE.sub("_x005F_", legible(content))
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _wide(sheet: Worksheet, row: int, words: str, last: int, font: Font, horizontal: str, first: int = 1) -> None:
    """One line across columns; tall enough for long sentences, which Excel does not see to in merged cells."""
    cell = sheet.cell(row, first)
    _put(cell, words)
    cell.font = font
    cell.alignment = Alignment(horizontal, "center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    room = sum(sheet.column_dimensions[get_column_letter(place)].width for place in range(first, last + 1)) * 0.85
    height = min(409.0, 18.0 * max(1, -(-len(words) // max(1, int(room)))))
    sheet.row_dimensions[row].height = max(height, sheet.row_dimensions[row].height or 0)


def _sign(sheet: Worksheet, row: int, lines: Iterable[str], name: str) -> None:
    for place, words in enumerate((*lines, "", "", "", name or "…" * 12)):
        _wide(sheet, row + place, words, len(_TABLE), Font(FONT, 13, bold=True), "center", len(_TABLE) - 3)


def _star_note(assessed: Assessed) -> tuple[str, ...]:
    return (phrases.MADE_UP_NOTE,) if phrases.made_up_codes(assessed) else ()
