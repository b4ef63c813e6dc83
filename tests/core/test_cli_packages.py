"""Packages from commune to office: export, inspect, import, list; idempotent, incremental, each file for itself."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.core.command_line import COMMUNE, NEIGHBOUR, PROVINCE, Ntm, a_file, blobs, content, introduce, new, office

KEYS = {"package_id", "unit", "changes", "blobs", "applied", "already_had"}


@pytest.fixture
def commune(tmp_path: Path) -> Ntm:
    ntm = new(tmp_path / "xã")
    ntm.ask("result", "set", "3.1", "--value", "85,5")
    ntm.ask("result", "set", "3.2", "--value", "chưa đạt")
    ntm.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    return ntm


@pytest.fixture
def above(tmp_path: Path, commune: Ntm) -> Ntm:
    """An office that has exchanged cards with the commune."""
    ntm = office(tmp_path / "tỉnh")
    introduce(commune, ntm)
    return ntm


def export(ntm: Ntm, folder: Path, *options: str) -> Any:
    answer = ntm.ask("package", "export", "--out", folder, *options)
    assert answer.keys() >= KEYS
    return answer


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_package_is_written_whole(commune: Ntm, tmp_path: Path) -> None:
    answer = export(commune, tmp_path / "usb", "--plain")
    path = only(tmp_path / "usb")
    assert path.suffix == ".ntmpkg"
    assert (answer["unit"], answer["blobs"]) == (COMMUNE, 1)
    assert answer["changes"] == commune.ask("verify")["changes"]


def test_inspecting_changes_nothing(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    sent = export(commune, tmp_path / "usb", "--plain")
    before = content(above.folder)
    seen = above.ask("package", "inspect", only(tmp_path / "usb"))
    assert {key: seen[key] for key in ("package_id", "unit", "changes", "blobs")} == {
        key: sent[key] for key in ("package_id", "unit", "changes", "blobs")
    }
    assert (seen["applied"], seen["already_had"]) == (0, 0)
    assert content(above.folder) == before
    assert Ntm(tmp_path / "không có dữ liệu").ask("package", "inspect", only(tmp_path / "usb"))["unit"] == COMMUNE
    assert not (tmp_path / "không có dữ liệu").exists()


def test_import_and_import_again(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    sent = export(commune, tmp_path / "usb")
    first = above.ask("package", "import", only(tmp_path / "usb"))
    (first,) = first if isinstance(first, list) else [first]
    assert first.keys() >= KEYS
    assert (first["applied"], first["already_had"], first["blobs"]) == (sent["changes"], 0, 1)
    after = content(above.folder)
    again = above.ask("package", "import", only(tmp_path / "usb"))
    (again,) = again if isinstance(again, list) else [again]
    assert (again["applied"], again["already_had"]) == (0, sent["changes"])
    assert content(above.folder) == after
    assert above.ask("verify")["ok"] is True
    assert above.ask("package", "inspect", only(tmp_path / "usb"))["already_had"] == sent["changes"]


def test_the_office_sees_what_the_commune_sees(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    export(commune, tmp_path / "usb")
    started = datetime.now().astimezone()
    above.ask("package", "import", only(tmp_path / "usb"))
    (row,) = above.ask("office", "list")
    assert row.keys() >= {"unit", "name", "met", "total", "unmet_criteria", "last_package_at"}
    assert (row["unit"], row["name"], row["met"], row["total"]) == (COMMUNE, "Xã Bum Tở", 0, 19)
    assert row["unmet_criteria"] == ["3"]
    assert (datetime.fromisoformat(row["last_package_at"]) - started).total_seconds() < 120
    mine = commune.ask("status")
    theirs = above.ask("status", "--assessment", mine["assessment"])
    assert theirs == mine
    assert set(blobs(above.folder).values()) >= set(blobs(commune.folder).values())


def test_the_office_cannot_write_for_the_commune(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    export(commune, tmp_path / "usb")
    above.ask("package", "import", only(tmp_path / "usb"))
    above.refused("result", "set", "3.1", "--value", "10")
    above.refused("evidence", "add", a_file(tmp_path, "x.txt"), "--indicator", "3.1")


def test_only_what_is_new_travels(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    first = export(commune, tmp_path / "1")
    above.ask("package", "import", only(tmp_path / "1"))
    above.ask("package", "receipts", "--out", tmp_path / "về")
    commune.ask("package", "import", only(tmp_path / "về"))
    told = commune.refused("package", "export", "--out", tmp_path / "2")
    assert "--full" in told
    assert not (tmp_path / "2").exists() or not list((tmp_path / "2").iterdir())
    commune.ask("result", "set", "3.2", "--value", "đạt")
    second = export(commune, tmp_path / "2")
    assert (second["changes"], second["blobs"]) == (1, 0)
    full = export(commune, tmp_path / "đủ", "--full", "--plain")
    assert (full["changes"], full["blobs"]) == (first["changes"] + 1, 1)
    above.ask("package", "import", only(tmp_path / "2"))
    assert above.ask("office", "list")[0]["met"] == 1
    by_full = office(tmp_path / "tỉnh khác")
    by_full.ask("package", "import", only(tmp_path / "đủ"))
    assert by_full.ask("office", "list")[0]["met"] == 1


def test_evidence_taken_out_is_taken_out_there_too(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    export(commune, tmp_path / "1")
    above.ask("package", "import", only(tmp_path / "1"))
    assert above.ask("status", "--assessment", commune.ask("status")["assessment"])["evidence"] == 1
    commune.ask("undo")
    export(commune, tmp_path / "2")
    above.ask("package", "import", only(tmp_path / "2"))
    assert above.ask("status", "--assessment", commune.ask("status")["assessment"])["evidence"] == 0


def test_a_folder_with_one_bad_file_among_good_ones(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    stick = tmp_path / "usb"
    export(commune, stick)
    other = new(tmp_path / "xã bên", unit=NEIGHBOUR)
    other.ask("result", "set", "3.1", "--value", "90")
    export(other, stick, "--plain")
    good = sorted(stick.iterdir())
    damaged = bytearray(good[0].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (stick / "00-hỏng.ntmpkg").write_bytes(damaged)
    (stick / "cụt.ntmpkg").write_bytes(good[0].read_bytes()[:-100])
    (stick / "dở dang.ntmpkg.partial").write_bytes(b"PK")
    (stick / "ảnh.jpg").write_bytes(b"\xff\xd8\xff")
    ran = above.run("--json", "package", "import", stick)
    assert ran.code == 2, "something was refused"
    assert "00-hỏng.ntmpkg" in ran.err
    assert "cụt.ntmpkg" in ran.err
    assert "ảnh.jpg" not in ran.err
    outcomes = json.loads(ran.out)
    assert {one["unit"] for one in outcomes if one.get("applied")} == {COMMUNE, NEIGHBOUR}
    assert {row["unit"] for row in above.ask("office", "list")} == {COMMUNE, NEIGHBOUR}
    assert above.ask("verify")["ok"] is True


def test_several_files_in_one_call(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    export(commune, tmp_path / "1")
    export(new(tmp_path / "xã bên", unit=NEIGHBOUR), tmp_path / "2", "--plain")
    answers = above.ask("package", "import", only(tmp_path / "1"), only(tmp_path / "2"))
    assert [one["unit"] for one in answers] == [COMMUNE, NEIGHBOUR]


@pytest.mark.parametrize("name", ["trống.ntmpkg", "văn bản.ntmpkg", "zip khác.ntmpkg"])
def test_what_is_no_package(above: Ntm, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if "trống" in name else b"Xin chao" * 50)
    if "zip" in name:
        (tmp_path / "a").mkdir()
        a_file(tmp_path / "a", "header.json", "{}")
        path = Path(shutil.make_archive(str(tmp_path / "zip"), "zip", tmp_path / "a")).rename(path)
    assert name in above.refused("package", "inspect", path)
    assert name in above.refused("package", "import", path, seen=True)


def test_an_empty_folder_holds_no_packages(above: Ntm, tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    above.refused("package", "import", tmp_path / "usb")


def test_another_communes_package_is_not_for_a_commune(commune: Ntm, tmp_path: Path) -> None:
    other = new(tmp_path / "xã bên", unit=NEIGHBOUR)
    export(other, tmp_path / "usb", "--plain")
    commune.refused("package", "import", only(tmp_path / "usb"), seen=True)


def test_two_computers_of_one_commune(commune: Ntm, tmp_path: Path) -> None:
    """Each takes the other's package; both stand at the same, and what one wrote over is in the history."""
    backup = commune.ask("backup", "--out", tmp_path / "sao lưu")["path"]
    second = Ntm(tmp_path / "máy hai")
    second.ask("restore", backup)
    introduce(commune, second)
    commune.ask("result", "set", "3.1", "--value", "86")
    second.ask("result", "set", "3.1", "--value", "87")
    second.ask("result", "set", "17.4", "--value", "3")
    for one, other, folder in ((commune, second, "1"), (second, commune, "2")):
        card = other.ask("card", "export", "--out", tmp_path / "thẻ")["path"]
        export(one, tmp_path / folder, "--to", card)
    commune.ask("package", "import", only(tmp_path / "2"))
    second.ask("package", "import", only(tmp_path / "1"))
    assert commune.result("3.1")["value"] == second.result("3.1")["value"]
    assert commune.result("17.4") == second.result("17.4")
    for ntm in (commune, second):
        assert ntm.ask("verify")["ok"] is True
        assert {"86%", "87%"} <= {one["new"] for one in ntm.ask("history", "3.1")}


def test_lost_evidence_is_named_before_a_package_is_written(commune: Ntm, tmp_path: Path) -> None:
    (one,) = commune.ask("evidence", "list")
    (commune.folder / "blobs" / one["sha256"][:2] / one["sha256"]).unlink()
    told = commune.refused("package", "export", "--out", tmp_path / "usb", "--plain")
    assert "biên bản.txt" in told
    assert not (tmp_path / "usb").exists() or not list((tmp_path / "usb").iterdir())


def test_the_demo_does_the_whole_job(tmp_path: Path) -> None:
    answer = Ntm(tmp_path / "không dùng").ask("demo", "--out", tmp_path / "mẫu")
    made, above = Ntm(Path(answer["workspace"])), Ntm(Path(answer["office"]))
    assert all(Path(path).is_file() for path in [*answer["dossier"], answer["package"], answer["receipt"]])
    assert Path(answer["receipt"]).stat().st_size < 10_000
    assert [item["state"] for item in (*made.ask("devices"), *above.ask("devices"))] == ["own", "confirmed"] * 2
    assert "--full" in made.refused("package", "export", "--out", tmp_path / "lại"), "the receipt came home"
    status = made.ask("status")
    (row,) = above.ask("office", "list")
    assert (row["met"], row["total"]) == (status["criteria"]["met"], 19)
    assert row["unmet_criteria"] == status["unmet_criteria"]
    assert 0 < row["met"] < 19
    assert made.ask("evidence", "list")
    assert made.ask("verify")["ok"] is above.ask("verify")["ok"] is True
    assert "mẫu" in status["unit"]["name"].lower() or "mẫu" in json.dumps(answer, ensure_ascii=False).lower()
    assert PROVINCE in {unit["province_code"] for unit in above.ask("units", "search", row["unit"])}
