"""Numbers out of sheets, words for what must not exist, verdicts that were taken over, undo beside another computer."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ntm_desktop.model.text import clean, is_clean, one_line
from tests.core.command_line import COMMUNE, NATIONAL, Ntm, introduce, new

ABSENT = "9.1"  # Nhà tạm, dột nát: Không


def sheet(path: Path, *cells: tuple[str, Any, str]) -> Path:
    """A workbook of codes and values with the number format of each value."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["code", "value", None, "ghi chú"])
    for row, (code, value, number_format) in enumerate(cells, start=2):
        page.append([code, value, None, "xem thêm"])
        page.cell(row, 2).number_format = number_format
    book.save(path)
    return path


def test_a_cell_in_percent_is_read_as_it_is_shown(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    cells = [("17.1", 0.781, "0.0%"), ("15.1", 78.1, "General"), ("6.3", 1, "0%")]
    commune.ask("result", "import", sheet(tmp_path / "kết quả.xlsx", *cells))
    assert [commune.result(code)["value"]["percent"] for code in ("17.1", "15.1", "6.3")] == ["78.1", "78.1", "100"]


def test_a_reckoned_cell_has_the_digits_that_excel_shows(tmp_path: Path) -> None:
    """7 * 0.1 is 0.7000000000000001 in the file, and 70% for everybody who looks at it."""
    commune = new(tmp_path / "xã")
    cells = [("17.1", 7 * 0.1, "0%"), ("10", 0.1 + 0.2, "General")]
    commune.ask("result", "import", sheet(tmp_path / "kết quả.xlsx", *cells))
    assert commune.result("17.1")["value"] == {"percent": "70"}
    assert commune.result("10")["value"] == {"number": "0.3"}


@pytest.mark.parametrize("number", [1e30, 1e-30, 1e300])
def test_a_number_that_no_field_holds_is_a_problem_of_its_row(tmp_path: Path, number: float) -> None:
    file = sheet(tmp_path / "kết quả.xlsx", ("17.1", 50, "General"), ("10", number, "General"))
    assert "Dòng 3" in new(tmp_path / "xã").refused("result", "import", file)


def test_a_decimal_comma_that_cut_a_line_of_csv_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "kết quả.csv"
    file.write_text("code,value\n17.1,12,5\n", encoding="utf-8")
    commune = new(tmp_path / "xã")
    assert "Dòng 2" in commune.refused("result", "import", file)
    file.write_text('code,value\n17.1,"12,5"\n10,48,\n', encoding="utf-8")
    assert commune.ask("result", "import", file)["rows"] == 2
    assert commune.result("17.1")["value"] == {"percent": "12.5"}


def test_a_lone_number_for_what_must_not_exist_is_asked_back(tmp_path: Path) -> None:
    """«0» means «there are none» to one person and «no» to another: neither may become a verdict."""
    commune = new(tmp_path / "xã")
    for number in ("0", "1"):
        commune.refused("result", "set", ABSENT, "--value", number)
    commune.ask("result", "set", ABSENT, "--value", "không")
    assert commune.verdict(ABSENT) == "met"
    commune.ask("result", "set", ABSENT, "--value", "có")
    assert commune.verdict(ABSENT) == "not_met"


def carried(tmp_path: Path) -> Ntm:
    """A commune whose 17.1 was met by hand in 2023 and is taken over into 2024."""
    commune = new(tmp_path / "xã", year=2023)
    commune.ask("result", "set", "17.1", "--verdict", "met", "--reason", "theo năm trước")
    commune.ask("assessment", "add", "--catalogue", NATIONAL, "--year", "2024")
    assert commune.ask("result", "carry", "17.1")["codes"] == ["17.1"]
    assert commune.result("17.1")["carried_from"] == 2023
    return commune


def test_a_new_figure_is_not_met_by_the_verdict_of_the_year_before(tmp_path: Path) -> None:
    commune = carried(tmp_path)
    commune.ask("requirement", "set", "17.1", "--op", ">=", "--value", "50", "--basis", "01/QĐ-MẪU")
    shown = commune.ask("result", "set", "17.1", "--value", "1")
    assert (shown["verdict"], shown["by_hand"], shown["year"], shown["carried_from"]) == ("not_met", False, 2024, None)


def test_a_new_verdict_is_not_marked_as_taken_over(tmp_path: Path) -> None:
    shown = carried(tmp_path).ask("result", "set", "17.1", "--verdict", "not_met", "--reason", "năm nay")
    assert (shown["verdict"], shown["year"], shown["carried_from"]) == ("not_met", 2024, None)


def test_an_explanation_leaves_what_was_taken_over(tmp_path: Path) -> None:
    shown = carried(tmp_path).ask("result", "set", "17.1", "--explanation", "xem biên bản")
    assert (shown["verdict"], shown["carried_from"]) == ("met", 2023)


def test_unknown_codes_are_the_person_s_situation(tmp_path: Path) -> None:
    commune = carried(tmp_path)
    assert "99.9" in commune.refused("result", "carry", "99.9")
    assert "99.9" in commune.refused("result", "set", "99.9", "--conditions", "met")


def test_a_text_that_is_too_long_is_a_sentence(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    for option in (("--explanation",), ("--verdict", "met", "--reason")):
        assert "17.1" in commune.refused("result", "set", "17.1", *option, "ả" * 20_001)
        commune.ask("result", "set", "17.1", *option, "ả" * 20_000)


def test_half_a_sign_from_a_broken_console_is_left_out(tmp_path: Path) -> None:
    shown = new(tmp_path / "xã").ask("result", "set", "17.1", "--explanation", "xã \udcff mẫu")
    assert shown["explanation"] == "xã  mẫu"


@given(st.text())
def test_cleaned_text_passes_the_check_of_the_journal(text: str) -> None:
    for cleaned in (clean(text), one_line(text)):
        assert is_clean(cleaned)
        assert unicodedata.is_normalized("NFC", cleaned)
        assert cleaned.encode().decode() == cleaned


def test_history_of_an_indicator_is_not_that_of_its_neighbour(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    (tmp_path / "a.txt").write_text("xin chào", encoding="utf-8")
    commune.ask("evidence", "add", tmp_path / "a.txt", "--indicator", "17.1")
    commune.ask("result", "set", "17.1", "--value", "80")
    for number in range(5):
        commune.ask("result", "set", "17.10", "--explanation", f"lần {number}")
    assert [line["field"] for line in commune.ask("history", "17.1", "--limit", "3")] == [
        "Kết quả",
        "Minh chứng cho chỉ tiêu",
    ]


def second_computer(commune: Ntm, tmp_path: Path) -> Ntm:
    """Another computer of the same commune, from a backup."""
    commune.ask("backup", "--out", tmp_path / "sao lưu")
    other = Ntm(tmp_path / "máy hai")
    other.ask("restore", next((tmp_path / "sao lưu").iterdir()))
    introduce(commune, other)
    return other


def test_undo_leaves_what_came_from_another_computer_since(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    commune.ask("result", "set", "17.1", "--value", "60")
    other = second_computer(commune, tmp_path)
    other.ask("result", "set", "17.1", "--value", "99")
    commune.ask("package", "import", other.ask("package", "export", "--out", tmp_path / "usb", "--plain")["path"])
    commune.ask("result", "set", "10", "--value", "40")
    commune.ask("undo")
    assert commune.result("10")["value"] is None
    commune.refused("undo")
    assert commune.result("17.1")["value"] == {"percent": "99"}
    commune.ask("redo")
    assert commune.result("10")["value"] == {"number": "40"}
    commune.ask("result", "set", "17.1", "--value", "75")
    commune.ask("undo")
    assert commune.result("17.1")["value"] == {"percent": "99"}


def test_edits_of_two_years_are_two_edits(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã", year=2023)
    commune.ask("assessment", "add", "--catalogue", NATIONAL, "--year", "2024")
    for year in (2023, 2024):
        commune.ask("assessment", "use", f"{COMMUNE}.{NATIONAL}.{year}")
        commune.ask("result", "set", "17.1", "--value", str(year - 2000))
    commune.ask("undo")
    assert commune.result("17.1")["value"] is None
    commune.ask("assessment", "use", f"{COMMUNE}.{NATIONAL}.2023")
    assert commune.result("17.1")["value"] == {"percent": "23"}
