"""Packages that are damaged, mended, cut or come in parts: what is whole is used, the rest is named and asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ntm_desktop.exchange import Unlock, read_package
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import Ntm, a_file, blob_path
from tests.core.exchange_people import People, meet, sound, take


@pytest.fixture
def people(tmp_path: Path) -> People:
    return meet(tmp_path)


def damaged(path: Path, target: Path, *, at: int | None = None, size: int = 1) -> Path:
    """A copy with bytes turned over, in the middle unless said otherwise."""
    data = bytearray(path.read_bytes())
    start = len(data) // 2 if at is None else at
    for place in range(start, start + size):
        data[place] ^= 0xFF
    target.mkdir(exist_ok=True)
    (target / path.name).write_bytes(data)
    return target / path.name


def evidence_of(ntm: Ntm, folder: Path, count: int = 3, size: int = 40_000) -> list[str]:
    """Files that prove 3.1, and their hashes."""
    names = [a_file(folder, f"biên bản {number}.txt", f"{number} mẫu " * (size // 8)) for number in range(count)]
    return [ntm.ask("evidence", "add", name, "--indicator", "3.1")["added"][0]["sha256"] for name in names]


def begin_of(path: Path, ntm: Ntm, sha256: str) -> int:
    """Where the entry of an evidence file lies in a package."""
    with (
        open_workspace(ntm.folder) as workspace,
        read_package(path, Unlock((workspace.keys.age_secret,))) as opened,
    ):
        entry = next(entry for entry in opened.manifest.entries if entry.sha256 == sha256)
        return path.read_bytes().find(entry.name.encode()) + 500


def test_salvage_takes_what_is_whole_and_asks_for_the_rest(people: People, tmp_path: Path) -> None:
    hashes = evidence_of(people.first, tmp_path)
    path = people.sent(people.first)
    bad = damaged(path, tmp_path / "hỏng", at=begin_of(path, people.above, hashes[1]))
    ran = people.above.run("--json", "package", "import", bad)
    assert ran.code == 2
    assert "biên bản 1.txt" in ran.err
    assert "--salvage" in ran.err
    seen = people.above.ask("package", "inspect", "--salvage", bad)
    assert seen["damaged"] == [{"code": "3.1", "file": "biên bản 1.txt"}]
    assert people.above.ask("office", "list") == [], "only by choice"
    took = take(people.above, "--salvage", bad)
    assert took["damaged"] == [{"code": "3.1", "file": "biên bản 1.txt"}]
    assert (took["blobs"], took["missing"]) == (2, ["3.1 · biên bản 1.txt"])
    (status,) = [item for item in people.above.ask("exchange", "status") if item["received"]]
    assert status["missing"] == ["3.1 · biên bản 1.txt"]
    answer = take(people.first, people.answer())
    assert answer["error"] is None
    (asked,) = [item for item in people.first.ask("exchange", "status") if item["role"] == "office"]
    assert asked["asked"] == ["3.1 · biên bản 1.txt"]
    again = take(people.above, people.sent(people.first))
    assert (again["blobs"], again["missing"]) == (1, [])
    assert blob_path(people.above.folder, hashes[1]).exists()
    assert sound(people.above)


def test_a_lost_end_costs_what_lay_there_and_no_set(people: People, tmp_path: Path) -> None:
    hashes = evidence_of(people.first, tmp_path, count=3)
    path = people.sent(people.first, "--no-recovery")
    data = path.read_bytes()
    cut = tmp_path / "cụt.ntmpkg"
    cut.write_bytes(data[: len(data) * 2 // 3])
    took = take(people.above, "--salvage", cut)
    assert 0 < len(took["damaged"]) < len(hashes)
    assert took["blobs"] == len(hashes) - len(took["damaged"])
    assert all(item["code"] == "3.1" for item in took["damaged"]), "the set is the program's own"
    assert len(people.above.ask("office", "list")) == 1


def test_recovery_data_mends_by_itself(people: People, tmp_path: Path) -> None:
    hashes = evidence_of(people.first, tmp_path)
    path = people.sent(people.first, "--recovery")
    bad = damaged(path, tmp_path / "hỏng", at=begin_of(path, people.above, hashes[2]), size=2_000)
    took = take(people.above, bad)
    assert (took["error"], took["repaired"], took["blobs"]) == (None, True, 3)
    assert took["notes"]
    assert sound(people.above)


def test_parts_come_in_any_order_and_are_not_asked_for_again(people: People, tmp_path: Path) -> None:
    evidence_of(people.first, tmp_path, count=4)
    made = people.first.ask("package", "export", "--out", people.stick(), "--part-size", "120K")
    assert made["parts"] > 1
    paths = [Path(path) for path in made["paths"]]
    last = take(people.above, paths[-1])
    assert last["applied"] == made["changes"], "every part holds all the changes"
    assert last["missing"]
    (status,) = [item for item in people.above.ask("exchange", "status") if item["received"]]
    assert any("phần" in sentence for sentence in status["waiting"])
    answers = take(people.above, *paths)
    assert all(answer["error"] is None for answer in answers)
    assert [answer["missing"] for answer in answers] == [[]] * len(paths), "told when all are in"
    assert answers[-1]["already"] is True
    assert sound(people.above)
    take(people.first, people.answer())
    rest = people.first.ask("package", "export", "--out", people.stick())
    assert (rest["changes"], rest["blobs"]) == (0, 0), "nothing but a receipt"


def test_evidence_damaged_here_is_mended_by_the_package(people: People, tmp_path: Path) -> None:
    (sha256,) = evidence_of(people.first, tmp_path, count=1)
    path = people.sent(people.first)
    take(people.above, path)
    held = blob_path(people.above.folder, sha256)
    held.chmod(0o644)
    held.write_bytes(b"x")
    assert people.above.run("verify").code == 2
    take(people.above, path)
    assert sound(people.above)
