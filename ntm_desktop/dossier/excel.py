"""The self-assessment table and the evidence index as one Excel workbook, to compute with and to print.

Numbers are numbers. A percent is given in points (78.08 with «%» in the unit column), as thresholds are written in the
criteria sets, so that the two compare. Text is always text: nothing that a person typed becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Context, Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop import paths, wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.excel_sheet import FONT, AnyCell, as_text, fill, join_down, prepare, put, wide
from ntm_desktop.dossier.letterhead import head_of, letterhead_of
from ntm_desktop.dossier.report import NO_INDICATORS
from ntm_desktop.dossier.request import result_sentences
from ntm_desktop.dossier.tables import attached_to, level_of, papers_of, remarks_of, value_of, year_of
from ntm_desktop.i18n import in_vietnamese
from ntm_desktop.model import numbers, values
from ntm_desktop.model.assessment import Assessed, AssessedIndicator
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.evidence import Evidence

_DIGITS = Context(prec=15)  # what an Excel number holds

_TABLE = (
    ("TT", 4.5),
    ("Tên tiêu chí", 14.0),
    ("Mã chỉ tiêu", 7.0),
    ("Nội dung chỉ tiêu", 35.0),
    ("Mức đạt chuẩn", 15.0),
    ("Kết quả thực hiện", 11.0),
    ("Đơn vị", 8.0),
    ("Kết quả tự đánh giá", 9.5),
    ("Năm số liệu", 7.0),
    ("Minh chứng", 17.0),
    ("Ghi chú", 20.0),
)
RESULT_COLUMN = 6
_INDEX = (
    ("TT", 4.5),
    ("Mã chỉ tiêu", 7.0),
    ("Tên, trích yếu nội dung", 48.0),
    ("Số, ký hiệu", 16.0),
    ("Ngày ban hành", 12.0),
    ("Cơ quan ban hành", 22.0),
    ("Tệp", 26.0),
)


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
    workbook.properties.title = as_text(f"Biểu tự đánh giá năm {assessed.assessment.year} của {letterhead.unit}")
    workbook.properties.creator = as_text(letterhead.agency)
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
    sheet.title = "Tự đánh giá"
    row = prepare(sheet, _TABLE, head, titles, mark)
    for criterion in assessed.criteria:
        first = row
        if not criterion.indicators:
            fill(sheet, row, ("", "", "", NO_INDICATORS, *[""] * (len(_TABLE) - 4)), _TABLE)
            row += 1
        for item in criterion.indicators:
            fill(sheet, row, ("", "", *_indicator_cells(assessed, item)), _TABLE)
            _number(sheet.cell(row, RESULT_COLUMN), item)
            row += 1
        put(sheet.cell(first, 1), criterion.criterion.number)
        put(sheet.cell(first, 2), criterion.criterion.name)
        for column in (1, 2):
            join_down(sheet, first, row - 1, column, _TABLE[column - 1][1])
    for place, line in enumerate((*result_sentences(assessed), *_star_note(assessed)), start=row + 1):
        wide(sheet, place, line, len(_TABLE), Font(FONT, 12, bold=True), left=True)
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
    sheet.title = "Mục lục minh chứng"
    row = prepare(sheet, _INDEX, head_of(assessed, letterhead, "bao-cao", on), titles, mark)
    place = 0
    pairs = [(code, piece) for code, item in assessed.by_code.items() for piece in item.evidence]
    loose = [("", piece) for piece in assessed.evidence if not any(code in assessed.by_code for code in piece.codes)]
    for code, piece in (*pairs, *loose):
        if piece.removed:
            continue
        place += 1
        shown = phrases.code_of(assessed.by_code[code]) if code else ""
        fill(sheet, row, (place, shown, piece.title, piece.number, "", piece.issuer, piece.file_name), _INDEX)
        _issued(sheet.cell(row, 5), piece)
        row += 1


def _issued(cell: AnyCell, piece: Evidence) -> None:
    """A real date, or what stands there as text."""
    try:
        day = date.fromisoformat(piece.issued)
    except ValueError:
        put(cell, piece.issued)
        return
    if day.year < 1901:
        put(cell, wording.date_text(piece.issued))
        return
    cell.value = day
    cell.number_format = "dd/mm/yyyy"


def _sign(sheet: Worksheet, row: int, lines: Iterable[str], name: str) -> None:
    for place, words in enumerate((*lines, "", "", "", name or "…" * 12)):
        wide(sheet, row + place, words, len(_TABLE), Font(FONT, 13, bold=True), first=len(_TABLE) - 3)


def _star_note(assessed: Assessed) -> tuple[str, ...]:
    return (phrases.MADE_UP_NOTE,) if phrases.made_up_codes(assessed) else ()
