"""The Excel table: real numbers, text that stays text, a sheet that prints as the paper does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier import SAMPLE_MARK
from ntm_desktop.dossier.document import legible
from ntm_desktop.dossier.excel import write_excel
from ntm_desktop.model.assessment import Assessed, LocalLevel, Result
from ntm_desktop.model.catalogue import LegalBasis, MeasureKind, Operator
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


def opened(folder: Path, made: Assessed, mark: str = "") -> Workbook:
    path = folder / "biểu.xlsx"
    write_excel(made, path, ON, mark)
    return load_workbook(path)


def sheets(book: Workbook) -> tuple[Worksheet, Worksheet]:
    first, second = book.worksheets
    return first, second


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
    assert len(shown) == len(filled(XA).evidence)


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


@pytest.mark.parametrize("catalogue_id", SETS)
def test_every_set_opens_again_without_formulas(tmp_path: Path, catalogue_id: str) -> None:
    for sheet in sheets(opened(tmp_path, filled(catalogue_id))):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


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
    for row in (*sheet.iter_rows(), *index.iter_rows()):
        for cell in row:
            assert cell.data_type in ("s", "n", "d")
            if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                assert cell.quotePrefix
    shown = str(row_of(sheet, "1.1")["Nội dung chỉ tiêu"] or "").replace("_x005F_", "_")
    if "_x" not in name:
        assert shown[:1000] == legible(name)[:1000]
