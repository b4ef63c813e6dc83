"""Receiving: who may bring what, what waits, what is known already, histories that part, damage that is survived."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.model.devices import KeyRole
from ntm_desktop.operations import receiving
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import COMMUNE, PROVINCE, Ntm, a_file, content, new, office
from tests.core.exchange_people import People, meet, refusal, sound, take
from tests.core.exchange_samples import OFFICE_KEYS
from tests.core.hostile_packages import assessment_of, begun, package

AID = assessment_of(COMMUNE)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return meet(tmp_path)


def set_value(ntm: Ntm, code: str, value: str) -> None:
    ntm.ask("result", "set", code, "--value", value)


def value(ntm: Ntm, code: str) -> str:
    """The figure that is shown, empty where there is none."""
    with open_workspace(ntm.folder) as workspace, workspace.store.read() as work:
        held = work.rows.results(AID).get(code)
    return str(next(iter(held.value.values()))) if held is not None and held.value else ""


# --- who may bring what


def test_an_office_takes_a_commune_at_first_sight_and_says_so(tmp_path: Path) -> None:
    commune, above = new(tmp_path / "xã"), office(tmp_path / "tỉnh")
    path = commune.ask("package", "export", "--plain", "--out", tmp_path / "usb")["path"]
    before = content(above.folder)
    seen = above.ask("package", "inspect", path)
    card = commune.ask("card", "export", "--out", tmp_path / "thẻ")
    assert (seen["sender_state"], seen["fingerprint"]) == ("new", card["fingerprint"])
    above.ask("package", "import", "--dry-run", path)
    assert content(above.folder) == before, "to look enrols nobody"
    assert take(above, path)["new_sender"] is True
    assert above.ask("package", "inspect", path)["sender_state"] == "seen"
    assert take(above, path)["new_sender"] is False


def test_a_second_computer_shows_its_card_first(tmp_path: Path) -> None:
    one, other = new(tmp_path / "một"), new(tmp_path / "hai")
    path = other.ask("package", "export", "--plain", "--out", tmp_path / "usb")["path"]
    told = one.refused("package", "import", path, seen=True)
    card = other.ask("card", "export", "--out", tmp_path / "thẻ")
    assert card["fingerprint"] in told, "what to compare is in the sentence"
    one.ask("card", "import", card["path"])
    assert take(one, path)["error"] is None


def test_a_revoked_computer_brings_nothing_more(people: People) -> None:
    path = people.sent(people.first)
    set_value(people.first, "3.1", "50")
    people.above.ask("devices", "revoke", people.first.ask("card", "export", "--out", people.stick())["fingerprint"])
    assert "thu hồi" in people.above.refused("package", "import", path)


@pytest.mark.parametrize(
    ("role", "home", "field", "told"),
    [
        (
            KeyRole.COMMUNE,
            COMMUNE,
            ("appraisal", f"{AID}/17.1", "opinion", {"verdict": "agreed", "note": ""}),
            "Ý kiến",
        ),
        (KeyRole.COMMUNE, COMMUNE, ("dossier_return", AID, "status", "accepted"), "Tình trạng"),
        (KeyRole.OFFICE, PROVINCE, ("result", f"{AID}/17.1", "explanation", "sửa hộ"), "Giải trình"),
    ],
)
def test_who_writes_what_is_not_theirs_is_refused_whole(
    tmp_path: Path, role: KeyRole, home: str, field: Any, told: str
) -> None:
    receiver = office(tmp_path / "tỉnh") if role is KeyRole.COMMUNE else new(tmp_path / "xã")
    items = [*begun(), field] if role is KeyRole.COMMUNE else [field]
    path = package(tmp_path / "gói", items, role=role, home=home, keys=OFFICE_KEYS)
    for command in ("inspect", "import"):
        sentence = receiver.refused("package", command, path)
        assert "không có quyền" in sentence
        assert "«Máy mẫu»" in sentence, "the computer is named"
        assert f"«{told}" in sentence, "and the field"


def test_a_package_for_others_stays_closed(people: People, tmp_path: Path) -> None:
    path = people.sent(people.first)
    stranger = office(tmp_path / "tỉnh khác")
    stranger.refused("package", "inspect", path)
    stranger.refused("package", "import", path)
    assert Ntm(tmp_path / "không có").run("package", "inspect", path).code == 2


def test_a_passphrase_opens_without_a_workspace_and_with_one(people: People, tmp_path: Path) -> None:
    good, bad = a_file(tmp_path, "mật khẩu", "một con vịt xoè ra\n"), a_file(tmp_path, "sai", "hai cái cánh\n")
    path = people.sent(people.first, "--passphrase-file", good)
    nobody, stranger = Ntm(tmp_path / "không có"), office(tmp_path / "tỉnh khác")
    assert nobody.run("package", "inspect", path).code == 2
    assert nobody.ask("package", "inspect", path, "--passphrase-file", good)["unit"] == COMMUNE
    stranger.refused("package", "import", path)
    stranger.refused("package", "import", path, "--passphrase-file", bad)
    answer = stranger.ask("package", "import", path, "--passphrase-file", good)
    assert answer["applied"] > 0


# --- what is known already, what waits


def test_the_same_package_again_is_known(people: People) -> None:
    path = people.sent(people.first)
    assert take(people.above, path)["already"] is False
    again = people.above.ask("package", "import", path)
    assert (again["already"], again["applied"]) == (True, 0)
    assert people.above.ask("package", "inspect", path)["already"] is True


@pytest.fixture
def gap(people: People) -> tuple[Path, Path]:
    """Two packages of the first computer, of which the second continues the first; the office holds neither."""
    set_value(people.first, "3.1", "10")
    first = people.sent(people.first)
    take(people.above, first)
    take(people.first, people.answer())
    people.above.ask("undo-import")
    set_value(people.first, "3.1", "20")
    set_value(people.first, "2.1", "30")
    return first, people.sent(people.first)


def test_what_comes_too_early_waits_and_is_applied_by_itself(people: People, gap: tuple[Path, Path]) -> None:
    above = people.above
    seen = above.run("--json", "package", "inspect", gap[1])
    assert json.loads(seen.out)["waiting"]
    early = take(above, gap[1])
    assert (early["applied"], early["error"]) == (0, None)
    assert "gói 1" in early["waiting"][0], "what is awaited is named"
    (status,) = [item for item in above.ask("exchange", "status") if item["received"]]
    assert status["waiting"] == early["waiting"]
    assert above.ask("office", "list") == []
    assert take(above, gap[1])["waiting"] == early["waiting"], "taken twice, it waits once"
    late = take(above, gap[0])
    assert late["released"] == 2
    assert (value(above, "3.1"), value(above, "2.1")) == ("20", "30")
    assert sound(above)
    assert not any(item["waiting"] for item in above.ask("exchange", "status"))


def test_what_waits_is_told_to_the_sender(people: People, gap: tuple[Path, Path]) -> None:
    take(people.above, gap[1])
    answer = people.answer()
    seen = people.first.ask("package", "inspect", answer)
    assert any("chưa áp dụng được" in line for line in seen["receipt"])
    take(people.first, answer)
    again = people.sent(people.first)
    took = take(people.above, again)
    assert took["released"] == 2 or took["applied"] > 2, "the next package covers what was missing"
    assert value(people.above, "3.1") == "20"


# --- receipts, and what comes back


def test_a_return_package_acknowledges_and_brings_the_offices_word(people: People) -> None:
    set_value(people.first, "3.1", "50")
    take(people.above, people.sent(people.first))
    people.above.ask("office", "appraise", AID, "3.1", "--verdict", "supplement", "--note", "Thiếu biên bản mẫu")
    answer = people.answer()
    (line,) = people.first.ask("package", "inspect", answer)["lines"]
    assert (line["kind"], line["code"]) == ("returned", "3.1")
    assert "Thiếu biên bản mẫu" in line["new"]
    (before,) = [item for item in people.first.ask("exchange", "status") if item["role"] == "office"]
    assert before["unacknowledged"] > 0
    assert take(people.first, answer)["acknowledged"] is True
    (after,) = [item for item in people.first.ask("exchange", "status") if item["role"] == "office"]
    assert (after["unacknowledged"], after["sent"], after["received"]) == (0, 1, 1)
    assert take(people.first, answer)["acknowledged"] is False, "told once"


# --- histories that part


def test_a_computer_put_back_is_refused_told_and_mends_itself(people: People, tmp_path: Path) -> None:
    first, above = people.first, people.above
    set_value(first, "3.1", "10")
    copy = first.copy(tmp_path / "bản chép")
    set_value(first, "3.1", "20")
    set_value(first, "3.2", "đạt")
    take(above, people.sent(first))
    set_value(copy, "2.1", "77")
    path = people.sent(copy)
    sentence = refusal(above, path)
    assert "lịch sử khác" in sentence
    assert first.ask("card", "export", "--out", people.stick())["name"] in sentence, "the computer is named"
    assert value(above, "2.1") != "77"
    told = take(copy, people.answer())
    assert any("đưa về bản cũ" in note for note in told["notes"])
    assert value(copy, "3.1") == "20", "what it had lost comes back"
    assert take(above, people.sent(copy))["error"] is None
    assert (value(above, "2.1"), value(above, "3.1")) == ("77", "20")
    assert above.ask("conflicts") == copy.ask("conflicts") == []
    assert sound(above, copy)


def test_a_history_of_the_same_length_is_noticed_by_its_hash(people: People, tmp_path: Path) -> None:
    """Nothing is refused before the counters differ: only the receipt's hash tells, and nothing may be lost."""
    first, above = people.first, people.above
    set_value(first, "3.1", "10")
    take(above, people.sent(first))
    take(first, people.answer())
    copy = first.copy(tmp_path / "bản chép")
    set_value(first, "3.1", "20")
    take(above, people.sent(first))
    set_value(copy, "2.1", "77")
    told = take(copy, people.answer())
    assert told["notes"]
    assert take(above, people.sent(copy))["error"] is None
    assert (value(above, "2.1"), value(above, "3.1")) == ("77", "20")
    take(copy, people.answer())
    assert value(copy, "3.1") == "20"
    assert above.ask("conflicts") == []
    assert sound(above, copy)


def test_a_sibling_that_took_the_other_branch_comes_along(people: People, tmp_path: Path) -> None:
    first, second, above = people.first, people.second, people.above
    set_value(first, "3.1", "10")
    copy = first.copy(tmp_path / "bản chép")
    set_value(first, "3.1", "20")
    take(above, people.sent(first))
    set_value(copy, "2.1", "77")
    take(second, people.sent(copy, "--to", people.card(second)))
    assert value(second, "2.1") == "77"
    set_value(second, "17.4", "3")
    refusal(above, people.sent(second, "--full"))
    (answer,) = above.ask("package", "receipts", "--out", people.stick(), "--unit", COMMUNE)
    take(second, answer["path"])
    assert (value(second, "2.1"), value(second, "3.1")) == ("77", "20")
    assert take(above, people.sent(second))["error"] is None
    assert (value(above, "2.1"), value(above, "17.4")) == ("77", value(second, "17.4"))
    take(copy, people.answer())
    take(above, people.sent(copy))
    assert sound(above, second, copy)
    assert value(above, "2.1") == value(copy, "2.1") == "77"


# --- previews


def test_a_preview_tells_new_changed_and_conflict(people: People) -> None:
    set_value(people.first, "3.1", "10")
    take(people.second, people.to_second())
    set_value(people.first, "3.1", "20")
    set_value(people.first, "17.4", "3")
    set_value(people.first, "2.1", "40")
    set_value(people.second, "2.1", "60")
    seen = people.second.ask("package", "inspect", people.to_second())
    found = {line["code"]: line for line in seen["lines"] if line["code"]}
    assert {code: line["kind"] for code, line in found.items()} == {"3.1": "changed", "17.4": "new", "2.1": "conflict"}
    assert (found["3.1"]["old"], found["3.1"]["new"]) == ("10%", "20%")
    assert (found["2.1"]["old"], found["2.1"]["new"]) == ("60%", "40%"), "both sides"


def test_a_dry_run_says_what_the_import_then_does(people: People) -> None:
    set_value(people.first, "3.1", "10")
    path = people.sent(people.first)
    before = content(people.above.folder)
    would = people.above.ask("package", "import", "--dry-run", path)
    assert content(people.above.folder) == before
    assert would["preview"]["lines"]
    did = take(people.above, path)
    assert {key: would[key] for key in ("applied", "already_had", "blobs", "conflicts")} == {
        key: did[key] for key in ("applied", "already_had", "blobs", "conflicts")
    }


def test_looking_is_for_scripts_and_windows_alike(people: People) -> None:
    path = people.sent(people.first)
    with open_workspace(people.above.folder) as workspace:
        seen = receiving.inspect(workspace, path)
        assert seen.encrypted
        assert seen.part == (1, 1)
        assert seen.sender_unit is not None and seen.sender_unit.code == COMMUNE
        assert receiving.package_files([path.parent]) == (path,)
