"""What the commands of receiving say to scripts and to people: same data, sentences, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.command_line import COMMUNE, Ntm, a_file, content, is_sentence
from tests.core.exchange_people import People, meet, take


@pytest.fixture
def people(tmp_path: Path) -> People:
    made = meet(tmp_path)
    made.first.ask("result", "set", "3.1", "--value", "10")
    made.first.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    return made


def said(ntm: Ntm, *arguments: str | Path) -> str:
    """What a person reads."""
    ran = ntm.run(*arguments)
    assert ran.code == 0, ran
    return ran.out


def test_the_same_commands_with_and_without_package(people: People) -> None:
    path = people.sent(people.first)
    assert people.above.ask("inspect", path) == people.above.ask("package", "inspect", path)
    assert people.above.ask("import", path)["applied"] > 0
    assert people.above.ask("undo-import")["taken_back"] > 0
    assert people.above.ask("package", "import", path)["applied"] > 0
    assert people.above.ask("package", "undo-import")["taken_back"] > 0


def test_a_person_reads_who_sent_what(people: People) -> None:
    path = people.sent(people.first)
    told = said(people.above, "inspect", path)
    card = people.first.ask("card", "export", "--out", people.stick())
    for part in ("Bum Tở", card["fingerprint"], "chưa so mã đối chiếu", "3.1", "10%", "mới"):
        assert part in told
    assert "không mã hoá" not in told
    assert "không mã hoá" in said(people.above, "inspect", people.sent(people.first, "--plain"))
    people.above.ask("devices", "confirm", card["fingerprint"])
    assert "(đã so mã đối chiếu)" in said(people.above, "inspect", path)
    assert "3.1" in said(people.above, "import", "--dry-run", path)
    assert "1 tệp" in said(people.above, "import", path)
    assert "đã nhận rồi" in said(people.above, "inspect", path)
    assert "từ trước" in said(people.above, "import", path)
    assert "Đã hoàn tác" in said(people.above, "undo-import")


def test_a_receipt_is_told_as_one(people: People) -> None:
    take(people.above, people.sent(people.first))
    told = said(people.first, "import", people.answer())
    assert "biên nhận" in told
    assert "xác nhận đã nhận dữ liệu" in told


def test_conflicts_for_a_person(people: People) -> None:
    assert "Không có" in said(people.first, "conflicts")
    people.second.ask("result", "set", "3.1", "--value", "20")
    told = said(people.first, "import", people.to_first())
    assert "ntm conflicts" in told
    listed = said(people.first, "conflicts", "list")
    assert listed == said(people.first, "conflicts")
    assert "1. " in listed and "2. " in listed
    for part in ("3.1", "10%", "20%", "biên bản.txt", "máy này"):
        assert part in listed
    (found,) = people.first.ask("conflicts")
    assert found["id"] in listed
    assert "Còn 0" in said(people.first, "conflicts", "choose", found["id"], "2")
    people.first.refused("conflicts", "choose", found["id"], "2")


def test_how_things_stand_with_each_partner(people: People) -> None:
    (office,) = [item for item in people.first.ask("exchange", "status") if item["role"] == "office"]
    assert (office["sent"], office["received"], office["sent_at"], office["acknowledged_at"]) == (0, 0, None, None)
    assert office["unacknowledged"] == people.first.ask("verify")["changes"]
    take(people.above, people.sent(people.first))
    take(people.first, people.answer())
    (office,) = [item for item in people.first.ask("exchange", "status") if item["role"] == "office"]
    assert (office["sent"], office["received"], office["unacknowledged"]) == (1, 1, 0)
    told = said(people.first, "exchange", "status")
    assert "đã gửi 1 gói" in told
    assert "chưa được xác nhận" in told, "the other computer of the commune has nothing yet"
    shown = {item["unit"] for item in people.above.ask("exchange", "status")}
    assert shown == {COMMUNE}


def test_packages_to_nobody_known_are_counted_too(people: People, tmp_path: Path) -> None:
    alone = people.first.copy(tmp_path / "riêng")
    for item in alone.ask("devices"):
        if item["state"] != "own":
            alone.ask("devices", "revoke", item["key_id"])
    alone.ask("package", "export", "--plain", "--out", people.stick())
    nameless = [item for item in alone.ask("exchange", "status") if not item["key"]]
    assert [item["sent"] for item in nameless] == [1]


@pytest.mark.parametrize("words", ["", "\n\n", "   \n"])
def test_an_empty_passphrase_file_is_told(people: People, tmp_path: Path, words: str) -> None:
    path = people.sent(people.first)
    file = a_file(tmp_path, "mật khẩu.txt", words)
    assert "mật khẩu.txt" in people.above.refused("inspect", path, "--passphrase-file", file)
    people.above.refused("import", path, "--passphrase-file", tmp_path / "không có")


def test_a_dry_run_refuses_what_the_import_would(people: People, tmp_path: Path) -> None:
    path = people.sent(people.first)
    bad = tmp_path / "hỏng.ntmpkg"
    bad.write_bytes(path.read_bytes()[:2_000])
    before = content(people.above.folder)
    ran = people.above.run("--json", "import", "--dry-run", bad, path)
    assert ran.code == 2
    assert is_sentence(ran.err)
    first, second = json.loads(ran.out)
    assert first["error"] and second["error"] is None
    assert second["preview"]["sender_state"] == "seen"
    assert content(people.above.folder) == before
