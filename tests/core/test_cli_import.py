"""Results from a file: all or nothing, and every wrong row named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.core.command_line import Ntm, a_file, new

HEAD = ("code", "value", "verdict", "reason", "explanation", "source", "year")
GOOD: tuple[tuple[Any, ...], ...] = (
    ("3.1", "85,5", "", "", "Kênh chính đã kiên cố", "Biểu 05", 2024),
    ("3.2", "đạt", "", "", "", "", ""),
    ("17.4", "1.234,56", "", "", "", "", 2023),
    ("2.1", "", "met", "Theo 1285/QĐ-UBND", "", "", ""),
    ("13.4", "", "not_applicable", "Xã không có làng nghề", "", "", ""),
    ("9.1", "không", "", "", "", "", ""),
)


@pytest.fixture
def ntm(tmp_path: Path) -> Ntm:
    return new(tmp_path / "xã")


def csv(folder: Path, rows: Sequence[Sequence[Any]], separator: str = ",", encoding: str = "utf-8") -> Path:
    lines = (separator.join(f'"{cell}"' for cell in row) for row in rows)
    path = folder / "kết quả.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def xlsx(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    path = folder / "kết quả.xlsx"
    book.save(path)
    return path


WRITERS = pytest.mark.parametrize("write", [csv, xlsx])


@WRITERS
def test_a_file_of_results(ntm: Ntm, tmp_path: Path, write: Any) -> None:
    ntm.ask("result", "import", write(tmp_path, [HEAD, *GOOD]))
    first = ntm.result("3.1")
    assert (first["value"], first["explanation"], first["source"]) == (
        {"percent": "85.5"}, "Kênh chính đã kiên cố", "Biểu 05",
    )  # fmt: skip
    assert (ntm.result("17.4")["value"], ntm.result("17.4")["year"]) == ({"number": "1234.56"}, 2023)
    by_hand = ntm.result("2.1")
    assert (by_hand["verdict"], by_hand["by_hand"], by_hand["reason"]) == ("met", True, "Theo 1285/QĐ-UBND")
    assert [ntm.verdict(code) for code in ("3.2", "13.4", "9.1")] == ["met", "not_applicable", "met"]
    assert ntm.ask("verify")["ok"] is True


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-8"), (";", "utf-8")])
def test_files_as_excel_writes_them(ntm: Ntm, tmp_path: Path, separator: str, encoding: str) -> None:
    ntm.ask("result", "import", csv(tmp_path, [HEAD, *GOOD], separator, encoding))
    assert ntm.result("17.4")["value"] == {"number": "1234.56"}


def test_numbers_in_cells_are_numbers(ntm: Ntm, tmp_path: Path) -> None:
    """A code 17.10 that Excel took for the number 17.1 must not land in another indicator unseen."""
    ntm.ask("result", "import", xlsx(tmp_path, [HEAD[:2], ("3.1", 85.5), ("17.4", 1234), ("17.10", 100)]))
    assert ntm.result("3.1")["value"] == {"percent": "85.5"}
    assert ntm.result("17.4")["value"] == {"number": "1234"}
    assert ntm.result("17.10")["value"] == {"percent": "100"}
    assert ntm.result("17.1")["value"] is None
    told = ntm.refused("result", "import", xlsx(tmp_path, [HEAD[:2], (17.10, 90)]))
    assert "17.1" in told


BAD_ROWS: tuple[tuple[Any, ...], ...] = (
    ("99.9", "80", "", "", "", "", ""),
    ("3.1", "abc", "", "", "", "", ""),
    ("3.1", "101", "", "", "", "", ""),
    ("17.4", "1.234", "", "", "", "", ""),
    ("3.1", "80", "great", "Vì thế", "", "", ""),
    ("3.1", "80", "met", "", "", "", ""),
    ("3.1", "80", "", "", "", "", "năm ngoái"),
    ("3.1", "80", "", "", "", "", "1024"),
    ("1.1", "có lẽ", "", "", "", "", ""),
    ("", "80", "", "", "", "", ""),
)


@WRITERS
@pytest.mark.parametrize("bad", BAD_ROWS, ids=lambda row: "|".join(map(str, row)))
def test_one_wrong_row_and_nothing_is_taken(ntm: Ntm, tmp_path: Path, write: Any, bad: tuple[Any, ...]) -> None:
    told = ntm.refused("result", "import", write(tmp_path, [HEAD, *GOOD[1:4], bad, *GOOD[4:]]))
    assert "5" in told, "row 5 of the file is named"
    assert ntm.ask("status")["indicators"]["not_assessed"] == 57


def test_every_wrong_row_is_named(ntm: Ntm, tmp_path: Path) -> None:
    told = ntm.refused("result", "import", csv(tmp_path, [HEAD, GOOD[0], BAD_ROWS[0], GOOD[1], BAD_ROWS[1]]))
    assert all(part in told for part in ("99.9", "abc", "3", "5"))


def test_a_code_twice_is_asked_about(ntm: Ntm, tmp_path: Path) -> None:
    ran = ntm.run("--json", "result", "import", csv(tmp_path, [HEAD[:2], ("3.1", "80"), ("3.1", "70")]))
    assert ran.code == 2, "which of the two holds?"
    assert ntm.result("3.1")["value"] is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trống.csv", b""),
        ("chỉ có tiêu đề.csv", b"code,value\n"),
        ("thiếu cột.csv", "tên,kết quả\n3.1,85\n".encode()),
        ("nhị phân.csv", bytes(range(256))),
        ("giả.xlsx", b"code,value\n3.1,85\n"),
        ("cụt.xlsx", b"PK\x03\x04"),
        ("ảnh.png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_a_file_that_holds_no_results(ntm: Ntm, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert name in ntm.refused("result", "import", path)


def test_the_same_file_twice_changes_nothing_more(ntm: Ntm, tmp_path: Path) -> None:
    path = csv(tmp_path, [HEAD, *GOOD])
    ntm.ask("result", "import", path)
    before = ntm.ask("history", "--limit", "1000")
    ntm.ask("result", "import", path)
    assert ntm.ask("history", "--limit", "1000") == before


def test_columns_that_are_left_out_leave_what_stands(ntm: Ntm, tmp_path: Path) -> None:
    ntm.ask("result", "set", "3.1", "--value", "70", "--explanation", "Giải trình cũ", "--year", "2023")
    ntm.ask("result", "import", a_file(tmp_path, "hai cột.csv", "code,value\n3.1,90\n"))
    answer = ntm.result("3.1")
    assert (answer["value"], answer["explanation"], answer["year"]) == ({"percent": "90"}, "Giải trình cũ", 2023)
