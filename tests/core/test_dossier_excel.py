"""The Excel table: real numbers, text that stays text, a sheet that prints as the paper does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier import SAMPLE_MARK
from ntm_desktop.dossier.document import legible
from ntm_desktop.dossier.excel import write_workbook
from ntm_desktop.model.assessment import Assessed, LocalLevel, Result
from ntm_desktop.model.catalogue import LegalBasis, MeasureKind, Operator
from ntm_desktop.model.dossier_facts import DossierFacts, owed, total, vote_share
from ntm_desktop.model.records import BY_ID, KINDS, FieldType, Record
from tests.core.data_samples import facts, recalculated, sample_facts, with_record
from tests.core.dossier_samples import LETTERS, SETS, XA, assessed, evidence, filled, indicator, small_set

ON = date(2024, 11, 5)
HEADER = [
    "TT",
    "Tên tiêu chí",
    "Mã chỉ tiêu",
    "Nội dung chỉ tiêu",
    "Mức đạt chuẩn",
    "Kết quả thực hiện",
    "Đơn vị",
    "Kết quả tự đánh giá",
    "Năm số liệu",
    "Minh chứng",
    "Ghi chú",
]


def opened(folder: Path, made: Assessed | DossierFacts, mark: str = "", *, results: bool = True) -> Workbook:
    """The workbook as a viewer sees it that does not calculate; else with its formulas."""
    path = folder / "biểu.xlsx"
    write_workbook(made if isinstance(made, DossierFacts) else facts(made), path, ON, mark)
    return load_workbook(path, data_only=results)


def sheets(book: Workbook) -> tuple[Worksheet, Worksheet]:
    return book["Tự đánh giá"], book["Mục lục minh chứng"]


def header_row(sheet: Worksheet) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == "TT")


def row_of(sheet: Worksheet, code: str) -> dict[str, object]:
    titles = [cell.value for cell in sheet[header_row(sheet)]]
    column = titles.index("Mã chỉ tiêu")
    found = next(row for row in sheet.iter_rows(min_row=header_row(sheet) + 1) if row[column].value == code)
    return dict(zip(map(str, titles), (cell.value for cell in found), strict=True))


def test_the_columns_and_rows_of_the_set(tmp_path: Path) -> None:
    sheet, index = sheets(opened(tmp_path, filled(XA)))
    assert (sheet.title, index.title) == ("Tự đánh giá", "Mục lục minh chứng")
    top = header_row(sheet)
    assert [cell.value for cell in sheet[top]] == HEADER
    codes = [sheet.cell(row, 3).value for row in range(top + 1, top + 58)]
    assert codes == list(filled(XA).by_code)
    pieces = header_row(index)
    shown = [index.cell(row, 3).value for row in range(pieces + 1, index.max_row + 1)]
    assert len(shown) == len(filled(XA).evidence) + 1  # and the sums
    assert index.cell(index.max_row, 7).value == 2 * len(filled(XA).evidence)


def test_numbers_are_numbers_with_the_decimals_of_the_paper(tmp_path: Path) -> None:
    results = [
        Result("p", {"numerator": "812", "denominator": "1040"}),
        Result("q", {"percent": "79.999"}),
        Result("n", {"number": "1234.5"}, figure_year=2023),
        Result("z", {"percent": "0"}),
        Result("t", {"typed": {"number": "1.234"}}),
    ]
    numbers = [indicator(code, kind=MeasureKind.NUMBER) for code in ("n", "t")]
    chosen = small_set(indicator("p"), indicator("q"), indicator("z"), indicator("blank"), *numbers)
    sheet, _index = sheets(opened(tmp_path, assessed(chosen, results)))
    rows = {str(row[2].value): row for row in sheet.iter_rows(min_row=header_row(sheet) + 1) if row[2].value}
    cells = {code: row[5] for code, row in rows.items()}
    assert cells["p"].value == pytest.approx(812 / 10.40)
    assert {
        code: cell.number_format for code, cell in cells.items() if cell.data_type == "n" and cell.value is not None
    } == {
        "p": "#,##0.00",
        "q": "#,##0.000",  # 80,00 would read as if the level of 80 were met
        "n": "#,##0.0",
        "z": "#,##0",
    }
    assert (cells["z"].value, cells["blank"].value) == (0, None)
    assert (cells["t"].value, cells["t"].data_type) == ("1.234", "s")
    assert [rows[code][6].value for code in ("p", "n", "blank")] == ["%", "km", None]
    assert [rows[code][8].value for code in ("p", "n", "blank")] == [2024, 2023, None]
    assert "812/1.040" in str(rows["p"][10].value)


def test_dates_are_dates(tmp_path: Path) -> None:
    pieces = [
        evidence("a", "1.1", issued="2024-05-01", summary="A"),
        evidence("b", "1.1", issued="tháng 5", summary="B"),
    ]
    _sheet, index = sheets(opened(tmp_path, assessed(small_set(), pieces=pieces)))
    top = header_row(index)
    assert index.cell(top + 1, 5).value == datetime(2024, 5, 1)  # noqa: DTZ001 - a sheet's dates have no zone
    assert index.cell(top + 1, 5).number_format == "dd/mm/yyyy"
    assert index.cell(top + 2, 5).value == "tháng 5"


def test_it_prints_on_a4_across_with_repeated_header(tmp_path: Path) -> None:
    for sheet in sheets(opened(tmp_path, filled(XA))):
        top = header_row(sheet)
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize or 0)) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.freeze_panes == f"A{top + 1}"
        margins = sheet.page_margins
        millimetres = [round(float(side) * 25.4) for side in (margins.top, margins.bottom, margins.left, margins.right)]
        assert millimetres == [20, 20, 30, 15]
        assert sheet.HeaderFooter.differentFirst
        first = sheet.cell(top + 1, 3)
        assert first.font.name == "Times New Roman"
        assert first.border.left.style == "thin"
        assert first.alignment.wrap_text


def test_letters_and_the_sample_mark(tmp_path: Path) -> None:
    made = assessed(small_set(indicator("1.1", LETTERS)))
    sheet, _index = sheets(opened(tmp_path, made, SAMPLE_MARK))
    assert row_of(sheet, "1.1")["Nội dung chỉ tiêu"] == LETTERS
    assert any(cell.value == SAMPLE_MARK for row in sheet.iter_rows(max_row=6) for cell in row)


def test_the_134_letters_in_both_forms_come_back_composed(tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", LETTERS)
    made = with_record(facts(), "money", "a", source="people", year=2024, note=loose)
    made = with_record(made, "poll_question", "q", place=1, text=loose)
    made = with_record(made, "general", "self", formed_from=loose)
    book = opened(tmp_path, made)
    for title in ("Nguồn lực", "Hài lòng", "Tình hình chung"):
        texts = {str(cell.value) for row in book[title].iter_rows() for cell in row}
        assert LETTERS in texts, title


@pytest.mark.parametrize("catalogue_id", SETS)
def test_every_set_opens_again(tmp_path: Path, catalogue_id: str) -> None:
    for sheet in opened(tmp_path, filled(catalogue_id), results=False):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "f"}


# --- data sheets


def data_sheet(book: Workbook, title: str) -> tuple[Worksheet, int, list[str]]:
    """A sheet, its row of headings, and these."""
    sheet = book[title]
    top = header_row(sheet)
    return sheet, top, [str(cell.value or "") for cell in sheet[top]]


def column(book: Workbook, title: str, heading: str) -> list[object]:
    """What stands below a heading, down to the sums."""
    sheet, top, headings = data_sheet(book, title)
    place = headings.index(heading) + 1
    return [sheet.cell(row, place).value for row in range(top + 1, sheet.max_row + 1)]


def test_the_sheets_and_what_each_is_for(tmp_path: Path) -> None:
    book = opened(tmp_path, sample_facts(), SAMPLE_MARK)
    seen = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert seen == [
        "Tự đánh giá",
        "Mục lục minh chứng",
        "Tình hình chung",
        "Nguồn lực",
        "Nguồn lực theo năm",
        "Nợ đọng",
        "Hài lòng",
        "Họp, bỏ phiếu",
        "Ý kiến",
        "Văn bản",
        "Điều kiện",
        "Quy định địa phương",
    ]
    for title in seen:
        assert any(cell.value == SAMPLE_MARK for row in book[title].iter_rows(max_row=6) for cell in row), title


def test_formulas_hold_what_the_papers_say(tmp_path: Path) -> None:
    made = sample_facts()
    book, formulas = opened(tmp_path, made), opened(tmp_path, made, results=False)
    money, debt = made.of("money"), made.of("debt")
    raised = column(book, "Nguồn lực", "Đã huy động (triệu đồng)")
    assert raised[-1] == pytest.approx(float(total(money, "raised")))
    assert str(column(formulas, "Nguồn lực", "Đã huy động (triệu đồng)")[-1]).startswith("=SUM(")
    by_source = column(book, "Nguồn lực theo năm", "Tổng huy động")
    assert by_source[-1] == pytest.approx(float(total(money, "raised")))
    people = [item for item in money if item.text("source") == "people" and item.number("year") == 2023]
    names = column(book, "Nguồn lực theo năm", "Nguồn vốn")
    assert column(book, "Nguồn lực theo năm", "2023")[names.index("Nhân dân đóng góp")] == pytest.approx(
        float(total(people, "raised"))
    )
    left = column(book, "Nợ đọng", "Còn nợ (triệu đồng)")
    assert left[: len(debt)] == [float(owed(item) or 0) for item in debt]
    assert left[len(debt)] is None  # a row to type into shows nothing
    meetings = made.of("meeting")
    shares = column(book, "Họp, bỏ phiếu", "Tỷ lệ nhất trí (%)")
    assert shares[: len(meetings)] == [pytest.approx(float(vote_share(item) or 0)) for item in meetings]
    poll = book["Hài lòng"]
    rows = {str(row[1].value): row for row in poll.iter_rows()}
    top = header_row(poll)
    for question in made.poll.questions:
        place = [cell.value for cell in poll[top]].index(question.text("text"))
        assert rows["TỔNG CỘNG"][place].value == made.poll.satisfied(question.record_id)
        assert rows["Tỷ lệ hài lòng (%)"][place].value == pytest.approx(float(made.poll.share(question.record_id) or 0))
        assert rows["Mức yêu cầu (%)"][place].value == 80
    overall = data_sheet(book, "Hài lòng")[2].index("Tỷ lệ hài lòng chung (%)")
    assert rows["Tỷ lệ hài lòng (%)"][overall].value == pytest.approx(float(made.poll.total_share or 0))
    counts = {str(row[3].value): row[7].value for row in book["Tự đánh giá"].iter_rows() if row[7].value is not None}
    tally = made.assessed.indicators_tally
    assert (counts["Số chỉ tiêu: Đạt"], counts["Số chỉ tiêu: Chưa đạt"]) == (tally.met, tally.not_met)


def test_a_share_is_not_rounded_over_what_is_asked_for(tmp_path: Path) -> None:
    made = with_record(facts(), "poll_question", "q", place=1, text="Nội dung mẫu")
    made = with_record(made, "poll_village", "v", name="Thôn mẫu 1", households=90_000, sent=90_000, valid=90_000)
    made = with_record(made, "poll_count", "v.q", satisfied=71_999)
    book = opened(tmp_path, made)
    sheet, _top, headings = data_sheet(book, "Hài lòng")
    place = headings.index("Nội dung mẫu")
    row = next(row for row in sheet.iter_rows() if row[1].value == "Tỷ lệ hài lòng (%)")
    assert float(str(row[place].value)) < 80
    assert row[place].number_format == "#,##0.000"  # 79,999, not 80,00


def test_cells_hold_people_to_what_can_be(tmp_path: Path) -> None:
    book = opened(tmp_path, sample_facts(), results=False)
    money, debt, poll = book["Nguồn lực"], book["Nợ đọng"], book["Hài lòng"]
    kinds = {rule.type for rule in money.data_validations.dataValidation}
    assert kinds == {"list", "whole", "decimal"}
    assert {rule.type for rule in book["Họp, bỏ phiếu"].data_validations.dataValidation} >= {"date", "time", "whole"}
    top = header_row(poll)
    bounded = [rule for rule in poll.data_validations.dataValidation if rule.formula2 == f"$F{top + 1}"]
    assert len(bounded) == 1  # satisfied answers are no more than the village's valid ones
    assert str(bounded[0].sqref).startswith(f"G{top + 1}:")
    sources = next(rule for rule in money.data_validations.dataValidation if rule.type == "list")
    sheet, cells = str(sources.formula1).replace("'", "").split("!")
    words = [cell[0].value for cell in book[sheet][cells.replace("$", "")]]
    assert words == [choice.name for choice in BY_ID["money"].by_id["source"].choices]
    assert debt.cell(header_row(debt) + 1, 6).number_format == "#,##0.0###"


def test_heads_and_sums_are_locked_and_rows_are_open(tmp_path: Path) -> None:
    book = opened(tmp_path, sample_facts(), results=False)
    for sheet in book:
        if sheet.sheet_state != "visible":
            continue
        top = header_row(sheet)
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password, sheet.title
        assert sheet.cell(top, 2).protection.locked, sheet.title
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize or 0)) == ("landscape", 9)
        assert sheet.print_title_rows == f"${top}:${top}"
        assert sheet.freeze_panes == f"A{top + 1}"
        if sheet.title in ("Nguồn lực", "Nợ đọng", "Hài lòng", "Họp, bỏ phiếu", "Ý kiến"):
            rows = range(top + 1, top + 14)
            assert not any(sheet.cell(row, 3).protection.locked for row in rows), sheet.title
    money = book["Nguồn lực"]
    assert money.cell(money.max_row, 5).protection.locked
    assert money.max_row - header_row(money) - 1 == len(sample_facts().of("money")) + 12  # rows to type into


def test_equal_facts_make_equal_files(tmp_path: Path) -> None:
    one, other = tmp_path / "một.xlsx", tmp_path / "hai.xlsx"
    for path in (one, other):
        write_workbook(sample_facts(), path, ON)
    assert one.read_bytes() == other.read_bytes()


def test_without_data_nothing_is_reckoned_and_nothing_is_wrong(tmp_path: Path) -> None:
    book = opened(tmp_path, facts(assessed(small_set())))
    for title, heading in (
        ("Nguồn lực", "Tỷ lệ giải ngân (%)"),
        ("Nguồn lực theo năm", "Tỷ lệ (%)"),
        ("Nợ đọng", "Quyết định phê duyệt"),
        ("Hài lòng", "Tỷ lệ hài lòng chung (%)"),
        ("Ý kiến", "Tỷ lệ nhất trí (%)"),
    ):
        assert {value or None for value in column(book, title, heading)} <= {None, 90}, title  # 90: what is asked for


@pytest.mark.slow
@pytest.mark.parametrize("made", ["sample", "empty", "partial"])
def test_libreoffice_reckons_the_same(tmp_path: Path, made: str) -> None:
    given = sample_facts() if made == "sample" else facts(assessed(small_set()))
    if made == "partial":  # a village without counts, a debt without payment, money of many years
        given = with_record(sample_facts(), "poll_village", "v", name="Thôn mẫu 99", valid=10)
        given = with_record(given, "debt", "d", project="=1+1", accepted="100.5")
        for year in range(2005, 2025, 2):
            given = with_record(given, "money", f"m{year}", source="other", year=year, raised="0.0001")
    path = tmp_path / "biểu.xlsx"
    write_workbook(given, path, ON)
    ours, formulas = load_workbook(path, data_only=True), load_workbook(path)
    theirs = load_workbook(recalculated(path, tmp_path), data_only=True)
    reckoned = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                other = theirs[sheet.title][cell.coordinate]
                assert other.data_type != "e", (sheet.title, cell.coordinate)
                if cell.data_type != "f":
                    continue
                reckoned += 1
                mine = ours[sheet.title][cell.coordinate].value
                if isinstance(mine, int | float):
                    assert other.value == pytest.approx(mine), (sheet.title, cell.coordinate, cell.value)
                else:
                    assert (mine or "", other.value or "") == ("", ""), (sheet.title, cell.coordinate, cell.value)
    assert reckoned > 50


ANY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["=1+1", "+1", "-2", "@x", "#N/A", "x" * 40_000, "<b>&", "\ud800", "=cmd|' /C calc'!A0", "a\nb"]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY, words=ANY, other=ANY)
def test_any_text_stays_text(tmp_path: Path, name: str, words: str, other: str) -> None:
    chosen = small_set(indicator("1.1", name, MeasureKind.TEXT))
    chosen = replace(chosen, name=other, criteria=tuple(replace(item, name=words) for item in chosen.criteria))
    level = LocalLevel(Operator.HOLDS, Decimal(1), LegalBasis(words, other))
    piece = evidence("a", "1.1", number=words, issued=other, issuer=name, summary=words, file_name=other)
    result = Result("1.1", {"text": words}, explanation=other, data_source=name)
    sheet, index = sheets(opened(tmp_path, assessed(chosen, [result], {"1.1": level}, [piece])))
    plain_everywhere([sheet, index])
    shown = str(row_of(sheet, "1.1")["Nội dung chỉ tiêu"] or "").replace("_x005F_", "_")
    if "_x" not in name:
        assert shown[:1000] == legible(name)[:1000]


def plain_everywhere(found: Iterable[Worksheet]) -> None:
    """No text is a formula, and what looks like one stays text when somebody edits the cell."""
    for sheet in found:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert re.match("=(SUM|SUMIFS|COUNTIF|IF|[A-Z]+[0-9]+-SUM)[(]", str(cell.value)), cell.value
                    continue
                assert cell.data_type in ("s", "n", "d")
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=ANY, other=ANY)
def test_any_text_in_any_record_stays_text(tmp_path: Path, words: str, other: str) -> None:
    records = []
    for kind in KINDS:
        fields = [item for item in kind.fields if item.type in (FieldType.LINE, FieldType.TEXT)]
        record_id = "self" if kind.single else "to-trinh" if kind.id == "document" else "copies"
        texts = {item.id: words if place % 2 else other for place, item in enumerate(fields)}
        records.append(Record(kind.id, record_id, texts))
    book = opened(tmp_path, facts(assessed(small_set()), records), results=False)
    plain_everywhere(book.worksheets)
