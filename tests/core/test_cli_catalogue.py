"""Criteria sets from the command line: the sheet filled, checked, installed, worked on; broken files told by line."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ntm_desktop import paths
from tests.core.command_line import COMMUNE, NEIGHBOUR, Ntm, is_sentence, new, office, run

SET = """\
format: 1
id: bo-mau
version: '1'
name: Bộ tiêu chí mẫu
level: commune
period: '2021-2025'
basis:
  number: 1/QĐ-UBND
  issued: '2024-10-22'
indicator_total: 2
regions:
  - {id: nui, name: Miền núi}
criteria:
  - number: '1'
    name: Quy hoạch
    indicators:
      - code: '1.1'
        name: Có quy hoạch
        kind: boolean
        unit: Đạt
        operator: dat
        threshold: true
        provenance: {source: typed, name_source: typed, threshold_source: typed}
      - code: '1.2'
        name: Tỷ lệ đường bê tông
        kind: percent
        unit: '%'
        operator: '>='
        threshold: 80
        provenance: {source: typed, name_source: typed, threshold_source: typed}
"""


def check(path: Path) -> tuple[int, str]:
    ran = run("--json", "catalogue", "check", path)
    return ran.code, (ran.err + " ".join(json.loads(ran.out)["problems"] if ran.out else []))


def a_set(folder: Path, old: str = "", new_: str = "") -> Path:
    assert old in SET
    path = folder / "bộ mẫu.yaml"
    path.write_text(SET.replace(old, new_, 1), encoding="utf-8", newline="\n")
    return path


def line_of(text: str, part: str, occurrence: int = 1) -> int:
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return lines[occurrence - 1]


def test_a_good_set_passes_and_can_be_worked_on(tmp_path: Path) -> None:
    path = a_set(tmp_path)
    assert check(path) == (0, "")
    ntm = new(tmp_path / "xã")
    ntm.ask("catalogue", "import", path)
    assert "bo-mau" in {one["id"] for one in ntm.ask("catalogue", "list")}
    ntm.ask("assessment", "add", "--catalogue", "bo-mau", "--year", "2024", "--region", "nui")
    ntm.ask("result", "set", "1.2", "--value", "80")
    ntm.ask("result", "set", "1.1", "--value", "đạt")
    assert ntm.ask("status")["criteria"]["met"] == 1
    assert ntm.ask("verify")["ok"] is True


@pytest.mark.parametrize("catalogue", sorted(path.name for path in (paths.resources() / "catalogues").glob("*.yaml")))
def test_the_sets_that_come_along_pass(catalogue: str) -> None:
    assert check(paths.resources() / "catalogues" / catalogue) == (0, "")


@pytest.mark.parametrize(
    ("old", "wrong", "where"),
    [
        ("code: '1.2'", "code: '1.1'", "1.1"),
        ("kind: percent", "kind: temperature", "1.2"),
        ("threshold: 80", "by_region: {bien: 80}", "1.2"),
        ("threshold: 80", "by_group: {'7': 80}", "1.2"),
        ("operator: '>='", "operator: '=>'", "1.2"),
        ("operator: '>='", "operator: dat", "1.2"),
        ("  number: 1/QĐ-UBND\n", "", ""),
        ("name: Tỷ lệ đường bê tông", unicodedata.normalize("NFD", "name: Tỷ lệ đường bê tông"), ""),
        ("        name: Tỷ lệ đường bê tông\n", "", "1.2"),
        ("level: commune", "level: kingdom", ""),
    ],
)
def test_a_broken_set_is_told_by_file_criterion_and_line(tmp_path: Path, old: str, wrong: str, where: str) -> None:
    path = a_set(tmp_path, old, wrong)
    code, told = check(path)
    assert code == 2
    assert "bộ mẫu.yaml" in told
    assert where in told
    first = line_of(SET, old.splitlines()[0])
    if wrong:
        assert any(str(line) in told for line in range(first - 1, first + 2)), f"line {first}: {told}"
    ntm = new(tmp_path / "xã")
    ntm.refused("catalogue", "import", path)
    assert "bo-mau" not in {one["id"] for one in ntm.ask("catalogue", "list")}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "a: [", "!!python/object/apply:os.system ['true']", "a: &a [*a]", "\x00", "format: 99\n", "{}" * 10],
)
def test_a_file_that_is_no_set(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lạ.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    code, told = check(path)
    assert code == 2
    assert "lạ.yaml" in told
    assert is_sentence(told)


# --- the sheet ----------------------------------------------------------------------------------------------------


def filled(path: Path, catalogue_id: str = "xa-ntm-2026-tinh-mau") -> Path:
    """The sheet of the 2026 set with the missing rows typed in by a person (sample data)."""
    book: Any = openpyxl.load_workbook(path)
    general = book["Thông tin chung"]
    answers = {
        "Người nhập": "Người nhập (mẫu)",
        "Người kiểm tra": "Người kiểm tra (mẫu)",
        "Mã bộ tiêu chí": catalogue_id,
    }
    for row in range(1, general.max_row + 1):
        if (label := str(general.cell(row, 1).value)) in answers:
            general.cell(row, 2).value = answers.pop(label)
    assert not answers, f"the sheet asks for these under another name: {answers}"
    book.save(path)
    return path


def test_template_fill_import_and_a_dossier_on_it(tmp_path: Path) -> None:
    ntm = new(tmp_path / "xã")
    sheet = tmp_path / "mẫu.xlsx"
    ntm.ask("catalogue", "template", "--out", sheet, "--base", "xa-ntm-2021-2025")
    code, told = check(sheet)
    assert code == 2, "nobody has typed or checked it"
    assert "Người nhập" in told
    ntm.refused("catalogue", "import", sheet)
    installed = ntm.ask("catalogue", "import", filled(sheet, "xa-ntm-tinh-mau"))
    assert (installed["id"], installed["criteria"], installed["indicators"]) == ("xa-ntm-tinh-mau", 19, 57)
    ntm.ask("assessment", "add", "--catalogue", "xa-ntm-tinh-mau", "--year", "2025")
    ntm.ask("result", "set", "3.1", "--value", "80")
    assert ntm.verdict("3.1") == "met"
    assert ntm.ask("status")["catalogue"] == "xa-ntm-tinh-mau"
    assert len(ntm.ask("dossier", "--out", tmp_path / "hồ sơ", "--format", "xlsx")) == 1
    ntm.refused("catalogue", "import", sheet)


def test_the_same_id_again_becomes_a_version_of_its_own(tmp_path: Path) -> None:
    ntm = new(tmp_path / "xã")
    ntm.ask("catalogue", "import", a_set(tmp_path))
    ntm.ask("assessment", "add", "--catalogue", "bo-mau", "--year", "2024")
    ntm.ask("result", "set", "1.2", "--value", "85")
    assert ntm.verdict("1.2") == "met"
    ntm.ask("catalogue", "import", a_set(tmp_path, "threshold: 80", "threshold: 90"))
    versions = [one["version"] for one in ntm.ask("catalogue", "list") if one["id"] == "bo-mau"]
    assert len(versions) == len(set(versions)) == 2
    assert ntm.verdict("1.2") == "met", "results stay with the version under which they were judged"


def test_init_on_a_set_that_was_typed_in(tmp_path: Path) -> None:
    """A set typed in on one computer travels as a file and serves the next: workspace, set, first assessment."""
    ntm = Ntm(tmp_path / "mới")
    whose = ("--unit", COMMUNE, "--role", "commune")
    ntm.ask("init", *whose)
    ntm.refused("init", *whose, "--catalogue", "bo-mau", "--year", "2024")
    ntm.ask("catalogue", "import", a_set(tmp_path))
    ntm.refused("init", "--unit", NEIGHBOUR, "--role", "commune", "--catalogue", "bo-mau", "--year", "2024")
    ntm.ask("init", *whose, "--catalogue", "bo-mau", "--year", "2024", "--region", "nui", "--name", "Xã mẫu")
    status = ntm.ask("status")
    assert (status["catalogue"], status["year"], status["indicators"]["total"]) == ("bo-mau", 2024, 2)
    assert status["unit"]["name"] == "Xã mẫu"
    ntm.refused("init", *whose, "--catalogue", "bo-mau", "--year", "2025")


def test_undoing_the_installation_of_a_set_in_use_takes_nothing_away(tmp_path: Path) -> None:
    """Without its text neither package nor backup could be read again."""
    ntm = new(tmp_path / "xã")
    ntm.ask("catalogue", "import", a_set(tmp_path))
    ntm.ask("assessment", "add", "--catalogue", "bo-mau", "--year", "2024")
    ntm.ask("undo")
    package = ntm.ask("package", "export", "--out", tmp_path / "usb", "--plain")["path"]
    office(tmp_path / "tỉnh").ask("package", "import", package)
    other = Ntm(tmp_path / "khôi phục")
    other.ask("restore", ntm.ask("backup", "--out", tmp_path / "sao lưu")["path"])
    assert other.ask("status") == ntm.ask("status")
    assert other.ask("verify")["ok"] is True


def test_template_of_an_unknown_base(tmp_path: Path) -> None:
    ran = run("catalogue", "template", "--out", tmp_path / "x.xlsx", "--base", "xa-ntm-1999")
    assert ran.code == 2
    assert is_sentence(ran.err)
    assert not (tmp_path / "x.xlsx").exists()
