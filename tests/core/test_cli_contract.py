"""The contract of ``ntm``: names of commands and JSON keys, exit codes, one JSON value, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ntm_desktop import paths
from tests.core.command_line import (
    COMMUNE,
    NATIONAL,
    Ntm,
    a_file,
    fill_everything,
    is_sentence,
    new,
    office,
    run,
)


@pytest.fixture
def ntm(tmp_path: Path) -> Ntm:
    return new(tmp_path / "xã")


# --- units and catalogues -----------------------------------------------------------------------------------------


def test_units_are_found_without_diacritics(tmp_path: Path) -> None:
    found = Ntm(tmp_path / "chưa có").ask("units", "search", "bum", "to")
    assert [(one["code"], one["name"], one["level"]) for one in found] == [(COMMUNE, "Xã Bum Tở", "commune")]
    assert "Lai Châu" in found[0]["province"]
    assert not (tmp_path / "chưa có").exists(), "looking something up makes no workspace"


@pytest.mark.parametrize(("text", "code"), [("lai châu", "12"), ("ĐÀ NẴNG", "48"), ("da nang", "48"), ("ha noi", "01")])
def test_provinces_are_units_too(tmp_path: Path, text: str, code: str) -> None:
    found = Ntm(tmp_path).ask("units", "search", text)
    assert (code, "province") in {(one["code"], one["level"]) for one in found}
    assert all({"code", "name", "level", "province"} <= one.keys() for one in found)


def test_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    found = Ntm(tmp_path).ask("units", "search", "03433")
    assert [one["code"] for one in found] == ["03433"]
    assert Ntm(tmp_path).ask("units", "search", "không có nơi nào tên thế này") == []


def test_the_sets_are_listed_and_shown(tmp_path: Path) -> None:
    ntm = Ntm(tmp_path / "chưa có")
    listed = {one["id"]: one for one in ntm.ask("catalogue", "list")}
    wanted = {
        "xa-ntm-2021-2025": (19, 57),
        "xa-ntm-nang-cao-2021-2025": (19, 75),
        "huyen-ntm-2021-2025": (9, 36),
    }
    assert wanted.keys() | {"xa-ntm-kieu-mau-2021-2025", "xa-ntm-2026"} <= listed.keys()
    for catalogue, (criteria, indicators) in wanted.items():
        shown = ntm.ask("catalogue", "show", catalogue)
        assert shown["id"] == catalogue
        assert [criterion["number"] for criterion in shown["criteria"]] == [str(n + 1) for n in range(criteria)]
        assert all(criterion["name"] for criterion in shown["criteria"])
        rows = [row for criterion in shown["criteria"] for row in criterion["indicators"]]
        assert len({row["code"] for row in rows}) == len(rows) == indicators
        assert all(row["name"] for row in rows)


def test_the_2026_set_says_that_it_is_not_whole(tmp_path: Path) -> None:
    shown = Ntm(tmp_path).ask("catalogue", "show", "xa-ntm-2026")
    assert shown["complete"] is False
    assert len(shown["criteria"]) == 10
    assert [group["id"] for group in shown["groups"]] == ["1", "2", "3"]


def test_an_unknown_set_is_refused_by_name(tmp_path: Path) -> None:
    assert "xa-ntm-1999" in Ntm(tmp_path).refused("catalogue", "show", "xa-ntm-1999")


# --- init and status ----------------------------------------------------------------------------------------------


def test_a_new_workspace_stands_at_nothing(ntm: Ntm) -> None:
    status = ntm.ask("status")
    assert status["unit"] == {"code": COMMUNE, "name": "Xã Bum Tở"}
    assert (status["catalogue"], status["year"]) == (NATIONAL, 2024)
    for what, total in (("criteria", 19), ("indicators", 57)):
        assert status[what] == {"total": total, "met": 0, "not_met": 0, "not_assessed": total, "not_applicable": 0}
    assert status["unmet_criteria"] == []
    assert isinstance(status["missing_evidence"], list)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unit", "99999", "--role", "commune", "--catalogue", NATIONAL, "--year", "2024"),
        ("--unit", "3433", "--role", "commune", "--catalogue", NATIONAL, "--year", "2024"),
        ("--unit", COMMUNE, "--role", "commune", "--catalogue", "xa-ntm-1999", "--year", "2024"),
        ("--unit", COMMUNE, "--role", "commune", "--catalogue", NATIONAL, "--year", "năm nay"),
        ("--unit", COMMUNE, "--role", "commune", "--catalogue", NATIONAL, "--year", "20244"),
        ("--unit", COMMUNE, "--role", "king", "--catalogue", NATIONAL, "--year", "2024"),
        ("--unit", COMMUNE, "--role", "commune", "--catalogue", NATIONAL, "--year", "2024", "--region", "mien-tay"),
        ("--unit", COMMUNE, "--role", "commune", "--catalogue", "xa-ntm-2026", "--year", "2026", "--group", "4"),
        ("--role", "commune"),
    ],
)
def test_a_wrong_start_leaves_no_workspace(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ntm = Ntm(tmp_path / "mới")
    ntm.refused("init", *arguments)
    assert not (tmp_path / "mới" / "ntm.sqlite3").exists()
    new(tmp_path / "mới")


def test_init_never_writes_over_a_workspace(ntm: Ntm) -> None:
    ntm.ask("result", "set", "3.1", "--value", "85")
    ntm.refused("init", "--unit", COMMUNE, "--role", "commune", "--catalogue", NATIONAL, "--year", "2024")
    assert ntm.result("3.1")["value_text"].startswith("85")


def test_the_name_on_paper_may_differ(tmp_path: Path) -> None:
    assert new(tmp_path / "xã", "--name", "Xã Bum Tở (mẫu)").ask("status")["unit"]["name"] == "Xã Bum Tở (mẫu)"


@pytest.mark.parametrize("command", [("status",), ("history",), ("verify",), ("result", "set", "3.1", "--value", "8")])
def test_without_a_workspace_a_sentence_says_how_to_begin(tmp_path: Path, command: tuple[str, ...]) -> None:
    ntm = Ntm(tmp_path / "trống")
    told = ntm.refused(*command)
    assert "init" in told
    assert not (tmp_path / "trống" / "ntm.sqlite3").exists()


def test_without_workspace_option_the_persons_data_folder(data_dir: Path) -> None:
    arguments = ("--unit", COMMUNE, "--role", "commune", "--catalogue", NATIONAL, "--year", "2024")
    assert run("init", *arguments).code == 0
    assert list(data_dir.rglob("ntm.sqlite3"))
    assert json.loads(run("--json", "status").out)["unit"]["code"] == COMMUNE


# --- shape of answers and refusals --------------------------------------------------------------------------------


def everything(tmp_path: Path) -> list[tuple[str | Path, ...]]:
    out, kept = tmp_path / "ra", a_file(tmp_path, "báo cáo.txt")
    csv = a_file(tmp_path, "kết quả.csv", "code,value\n3.2,đạt\n")
    return [
        ("units", "search", "lai châu"),
        ("catalogue", "list"),
        ("catalogue", "show", NATIONAL),
        ("catalogue", "check", paths.resources() / "catalogues" / f"{NATIONAL}.yaml"),
        ("catalogue", "template", "--out", tmp_path / "mẫu.xlsx"),
        ("requirement", "set", "2.1", "--op", ">=", "--value", "80", "--basis", "1285/QĐ-UBND ngày 01/02/2023"),
        ("result", "set", "2.1", "--value", "81,5", "--explanation", "Giải trình", "--year", "2024"),
        ("result", "import", csv),
        ("evidence", "add", kept, "--indicator", "2.1", "--number", "12/BC", "--date", "01/02/2024"),
        ("evidence", "list"),
        ("evidence", "export", out / "minh chứng"),
        ("status",),
        ("dossier", "--out", out / "hồ sơ", "--format", "pdf,xlsx"),
        ("package", "export", "--out", out / "gói", "--plain"),
        ("package", "export", "--out", out / "gói đủ", "--full", "--plain"),
        ("card", "export", "--out", out / "thẻ"),
        ("devices",),
        ("devices", "list"),
        ("package", "list"),
        ("office", "list"),
        ("history",),
        ("history", "2.1"),
        ("verify",),
        ("backup", "--out", out / "sao lưu"),
    ]


def test_every_command_answers_one_json_value_or_lines(ntm: Ntm, tmp_path: Path) -> None:
    for arguments in everything(tmp_path):
        ntm.ask(*arguments)
    for arguments in everything(tmp_path):
        ran = ntm.run(*arguments)
        assert (ran.code, ran.err) == (0, ""), (arguments, ran)
    assert ntm.ask("verify")["ok"] is True


def test_json_may_stand_before_or_after_the_command(ntm: Ntm) -> None:
    assert json.loads(ntm.run("status", "--json").out) == json.loads(ntm.run("--json", "status").out)
    after = run("status", "--json", "--workspace", ntm.folder)
    assert json.loads(after.out)["catalogue"] == NATIONAL


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("abc",),
        ("result",),
        ("result", "set"),
        ("result", "set", "3.1", "--valu3", "80"),
        ("result", "set", "99.9", "--value", "80"),
        ("result", "set", "3.1"),
        ("result", "set", "3.1", "--verdict", "great"),
        ("result", "set", "3.1", "--verdict", "met"),
        ("result", "set", "3.1", "--verdict", "not_applicable", "--reason", "   "),
        ("result", "set", "3.1", "--value", "80", "--year", "năm ngoái"),
        ("requirement", "set", "2.1", "--op", ">=", "--value", "80"),
        ("requirement", "set", "2.1", "--op", ">=", "--value", "80", "--basis", " "),
        ("requirement", "set", "2.1", "--op", "=>", "--value", "80", "--basis", "1/QĐ-UBND ngày 01/02/2023"),
        ("requirement", "set", "2.1", "--op", ">=", "--value", "tám mươi", "--basis", "1/QĐ-UBND ngày 01/02/2023"),
        ("requirement", "set", "99", "--op", ">=", "--value", "80", "--basis", "1/QĐ-UBND ngày 01/02/2023"),
        ("result", "import", "không-có.csv"),
        ("evidence", "add", "không-có.pdf", "--indicator", "2.1"),
        ("package", "inspect", "không-có.ntmpkg"),
        ("package", "import", "không-có.ntmpkg"),
        ("catalogue", "check", "không-có.yaml"),
        ("catalogue", "import", "không-có.xlsx"),
        ("restore", "không-có.ntmbackup"),
        ("history", "99.9"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_told_and_changes_nothing(ntm: Ntm, arguments: tuple[str, ...]) -> None:
    ntm.ask("result", "set", "3.1", "--value", "70")
    ntm.refused(*arguments, seen=True)


def test_a_refused_evidence_file_changes_nothing(ntm: Ntm, tmp_path: Path) -> None:
    good = a_file(tmp_path, "tốt.txt")
    ntm.refused("evidence", "add", good, "--indicator", "99.9")
    assert ntm.ask("evidence", "list") == []


def test_a_bug_names_the_log_and_exits_with_1(ntm: Ntm) -> None:
    (ntm.folder / "ntm.sqlite3").write_bytes(b"SQLite format 3\0" + bytes(4096))
    ran = ntm.run("--json", "status")
    assert ran.code in (1, 2), ran
    assert is_sentence(ran.err)
    assert ran.out == ""
    if ran.code == 1:
        (log,) = (ntm.folder / "logs").glob("*")
        assert str(log) in ran.err
        assert "Traceback" in log.read_text(encoding="utf-8")


# --- a real process -----------------------------------------------------------------------------------------------


def process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ntm_desktop", "--workspace", str(folder), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False, timeout=60)


def test_the_program_itself(ntm: Ntm) -> None:
    done = process(ntm.folder, "--json", "result", "set", "3.1", "--value", "85,5")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdict"] == "met"
    refused = process(ntm.folder, "--json", "result", "set", "17.4", "--value", "1.234")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert is_sentence(refused.stderr)
    assert json.loads(process(ntm.folder, "--json", "status").stdout) == ntm.ask("status")


def test_help_is_a_success(tmp_path: Path) -> None:
    shown = run("--help")
    assert (shown.code, shown.err) == (0, "")
    commands = "units catalogue init requirement result evidence status dossier package office history verify backup"
    assert all(word in shown.out for word in [*commands.split(), "restore", "demo"])
    assert run("result", "set", "--help").code == 0
    assert not list(tmp_path.rglob("ntm.sqlite3"))


# --- the whole sets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("catalogue", "count", "one_by_one"), [(NATIONAL, 57, True), ("xa-ntm-nang-cao-2021-2025", 75, False)]
)
def test_every_indicator_can_be_entered_and_sent(tmp_path: Path, catalogue: str, count: int, one_by_one: bool) -> None:
    ntm = new(tmp_path / "xã", catalogue=catalogue)
    assert len(fill_everything(ntm, at_once=None if one_by_one else tmp_path)) == count
    status = ntm.ask("status")
    assert status["indicators"] == {"total": count, "met": count, "not_met": 0, "not_assessed": 0, "not_applicable": 0}
    assert status["criteria"] == {"total": 19, "met": 19, "not_met": 0, "not_assessed": 0, "not_applicable": 0}
    assert ntm.ask("verify")["ok"] is True
    package = ntm.ask("package", "export", "--out", tmp_path / "gói", "--plain")
    above = office(tmp_path / "tỉnh")
    above.ask("package", "import", package["path"])
    (row,) = above.ask("office", "list")
    assert (row["unit"], row["name"], row["met"], row["total"]) == (COMMUNE, "Xã Bum Tở", 19, 19)
    assert row["unmet_criteria"] == []
    assert above.ask("verify")["ok"] is True


def test_an_office_needs_no_set(tmp_path: Path) -> None:
    above = office(tmp_path / "tỉnh")
    assert above.ask("office", "list") == []
    assert above.ask("verify")["ok"] is True
    for command in (("result", "set", "3.1", "--value", "85"), ("dossier", "--out", str(tmp_path / "ra"))):
        above.refused(*command)
