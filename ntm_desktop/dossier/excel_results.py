"""Self-assessment and evidence index as sheets.

Numbers are numbers. A percent is given in points (78.08 with «%» in the unit column), as thresholds are written in the
criteria sets, so that the two compare. Text is always text: nothing that a person typed becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Context, Decimal

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.excel_book import Book
from ntm_desktop.dossier.excel_cells import COUNT_FORMAT, OPEN, Frame, locked, protect, put_date
from ntm_desktop.dossier.excel_sheet import FONT, AnyCell, Columns, fill, join_down, prepare, put, wide
from ntm_desktop.dossier.letterhead import paper_date, paper_letterhead, paper_number
from ntm_desktop.dossier.parts.boxes import boxes_of
from ntm_desktop.dossier.parts.results import NO_INDICATORS, result_sentences
from ntm_desktop.dossier.parts.self_assessment import level_of, papers_of, remarks_of, value_of, year_of
from ntm_desktop.model import numbers, values
from ntm_desktop.model.assessment import Assessed, AssessedIndicator, Verdict
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.dossier_facts import DossierFacts

_DIGITS = Context(prec=15)  # what an Excel number holds

_TABLE: Columns = (
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
RESULT_COLUMN, VERDICT_COLUMN = 6, 8
_INDEX: Columns = (
    ("TT", 4.5),
    ("Mã chỉ tiêu", 7.0),
    ("Tên, trích yếu nội dung", 48.0),
    ("Số, ký hiệu", 16.0),
    ("Ngày ban hành", 12.0),
    ("Cơ quan ban hành", 22.0),
    ("Số tờ", 7.0),
    ("Tệp", 26.0),
)
SHEETS_COLUMN = 7
REPORT, SELF_ASSESSMENT = "bao-cao", "bieu-tu-danh-gia"


def attached_to(facts: DossierFacts, on: date) -> str:
    """«(Kèm theo Báo cáo số … ngày … của Ủy ban nhân dân xã …)»."""
    number = paper_number(facts, REPORT) or phrases.BLANK
    report = f"{number} {paper_date(facts, REPORT, on)}"
    return f"(Kèm theo Báo cáo số {report} của {paper_letterhead(facts, REPORT).office})"


def write_self_assessment(book: Book, facts: DossierFacts, frame: Frame, on: date) -> None:
    """The table of the paper, with counts of verdicts that follow what is corrected in it."""
    sheet, assessed = book.sheet("Tự đánh giá"), facts.assessed
    letterhead = paper_letterhead(facts, SELF_ASSESSMENT)
    titles = (
        "BIỂU TỔNG HỢP KẾT QUẢ TỰ ĐÁNH GIÁ",
        f"Thực hiện {assessed.catalogue.name} năm {assessed.assessment.year} của {letterhead.unit}",
        attached_to(facts, on),
    )
    row = top = prepare(sheet, _TABLE, frame.head, titles, frame.mark)
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
    _open(sheet, top, row - 1, len(_TABLE))
    row = _verdict_counts(book, sheet, assessed, top, row - 1)
    for place, line in enumerate((*result_sentences(assessed), *_star_note(assessed)), start=row + 1):
        wide(sheet, place, line, len(_TABLE), Font(FONT, 12, bold=True), left=True)
        row = place
    _sign(sheet, row + 2, letterhead.signer.lines, letterhead.signer.name)
    protect(sheet)


def _verdict_counts(book: Book, sheet: Worksheet, assessed: Assessed, top: int, last: int) -> int:
    """How many indicators have each verdict, counted from the rows of the table; returns the row below."""
    letter = get_column_letter(VERDICT_COLUMN)
    for row, verdict in enumerate(Verdict, start=last + 1):
        name = wording.verdict_name(verdict)
        for column in range(1, len(_TABLE) + 1):
            locked(sheet.cell(row, column), sums=True)
        put(sheet.cell(row, 4), f"Số chỉ tiêu: {name}")
        sheet.cell(row, 4).alignment = Alignment("left")
        found = sum(item.verdict is verdict for item in assessed.by_code.values())
        counted = f'COUNTIF({letter}{top}:{letter}{max(top, last)},"{name}")'
        book.formula(sheet.cell(row, VERDICT_COLUMN), counted, found, COUNT_FORMAT)
    return last + 1 + len(Verdict)


def _open(sheet: Worksheet, first: int, last: int, columns: int) -> None:
    """Let people type into the table; its head stays as it is."""
    for cells in sheet.iter_rows(first, last, 1, columns):
        for cell in cells:
            cell.protection = OPEN


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


def write_evidence_index(book: Book, facts: DossierFacts, frame: Frame, on: date) -> None:
    """Evidence by indicator, with its sheets in the box where they are known; they are counted where a paper lies."""
    assessed = facts.assessed
    sheet = book.sheet("Mục lục minh chứng")
    titles = ("MỤC LỤC MINH CHỨNG", frame.about, attached_to(facts, on))
    row = top = prepare(sheet, _INDEX, frame.head, titles, frame.mark)
    sheets = _sheets(facts)
    pairs = [(code, piece) for code, item in assessed.by_code.items() for piece in item.evidence]
    loose = [("", piece) for piece in assessed.evidence if not any(code in assessed.by_code for code in piece.codes)]
    counted = 0
    for code, piece in (*pairs, *loose):
        if piece.removed:
            continue
        shown = phrases.code_of(assessed.by_code[code]) if code else ""
        place = row - top + 1
        fill(sheet, row, (place, shown, piece.title, piece.number, "", piece.issuer, "", piece.file_name), _INDEX)
        put_date(sheet.cell(row, 5), piece.issued)
        number = sheets.pop(piece.evidence_id, None)
        if number is not None:
            sheet.cell(row, SHEETS_COLUMN).value = number
            counted += number
        row += 1
    _open(sheet, top, row - 1, len(_INDEX))
    for column in range(1, len(_INDEX) + 1):
        locked(sheet.cell(row, column), sums=True)
    put(sheet.cell(row, 3), "TỔNG CỘNG (văn bản dùng cho nhiều chỉ tiêu được đếm số tờ một lần)")
    sheet.cell(row, 3).alignment = Alignment("left", wrap_text=True)
    letter = get_column_letter(SHEETS_COLUMN)
    if row > top:
        total = f"SUM({letter}{top}:{letter}{row - 1})"
        book.formula(sheet.cell(row, SHEETS_COLUMN), total, counted, COUNT_FORMAT)
    protect(sheet)


def _sheets(facts: DossierFacts) -> dict[str, int]:
    """Sheets by evidence id, as far as they are known."""
    return {
        paper.evidence.evidence_id: paper.sheets
        for box in boxes_of(facts)
        for paper in box.papers
        if paper.sheets is not None
    }


def _sign(sheet: Worksheet, row: int, lines: Iterable[str], name: str) -> None:
    for place, words in enumerate((*lines, "", "", "", name or "…" * 12)):
        wide(sheet, row + place, words, len(_TABLE), Font(FONT, 13, bold=True), first=len(_TABLE) - 3)


def _star_note(assessed: Assessed) -> tuple[str, ...]:
    return (phrases.MADE_UP_NOTE,) if phrases.made_up_codes(assessed) else ()
