"""Keys, cards and known computers: who is met how, and what confirming and revoking do."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.model.devices import fingerprint
from tests.core.command_line import NEIGHBOUR, Ntm, content, introduce, is_sentence, new, office


@pytest.fixture
def commune(tmp_path: Path) -> Ntm:
    return new(tmp_path / "xã")


@pytest.fixture
def above(tmp_path: Path) -> Ntm:
    return office(tmp_path / "tỉnh")


def card_of(ntm: Ntm, folder: Path) -> Path:
    return Path(ntm.ask("card", "export", "--out", folder)["path"])


def others(ntm: Ntm) -> list[Any]:
    return [item for item in ntm.ask("devices") if item["state"] != "own"]


def own(ntm: Ntm) -> Any:
    (item,) = [item for item in ntm.ask("devices", "list") if item["state"] == "own"]
    return item


# --- keys ---------------------------------------------------------------------------------------------------------


def test_every_workspace_has_keys_of_its_own(commune: Ntm, above: Ntm) -> None:
    keys = [json.loads((ntm.folder / "keys" / "identity.json").read_text("utf-8")) for ntm in (commune, above)]
    assert keys[0]["sign"] != keys[1]["sign"]
    assert all(item["age"].startswith("AGE-SECRET-KEY-1") for item in keys)
    assert own(commune)["key"] == own(commune)["key"], "made once"
    database = (commune.folder / "ntm.sqlite3").read_bytes()
    assert keys[0]["sign"].encode() not in database
    assert bytes.fromhex(keys[0]["sign"]) not in database
    assert keys[0]["age"].encode() not in database


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in access lists")
def test_keys_are_for_their_owner_alone(commune: Ntm) -> None:
    folder = commune.folder / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "identity.json").stat().st_mode) == 0o600
    (folder / "identity.json").chmod(0o644)
    commune.ask("devices")
    assert stat.S_IMODE((folder / "identity.json").stat().st_mode) == 0o600, "closed again"


def test_lost_keys_are_replaced_and_nothing_entered_is_lost(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    commune.ask("result", "set", "3.1", "--value", "85,5")
    commune.ask("package", "export", "--out", tmp_path / "1")
    commune.ask("result", "set", "3.1", "--value", "90")
    before, known = commune.ask("history", "3.1"), own(commune)["key"]
    (commune.folder / "keys" / "identity.json").unlink()
    assert commune.result("3.1")["value"] == {"percent": "90"}
    assert own(commune)["key"] != known
    assert [(one["old"], one["new"], one["at"]) for one in commune.ask("history", "3.1")] == [
        (one["old"], one["new"], one["at"]) for one in before
    ]
    assert commune.ask("verify")["ok"] is True
    commune.ask("package", "export", "--out", tmp_path / "2")
    above.ask("package", "import", *sorted((tmp_path / "2").iterdir()))
    assert above.ask("status", "--assessment", commune.ask("status")["assessment"]) == commune.ask("status")


def test_damaged_keys_are_told_and_nothing_is_written_over(commune: Ntm) -> None:
    path = commune.folder / "keys" / "identity.json"
    path.write_bytes(b"{}")
    ran = commune.run("status")
    assert ran.code == 2
    assert is_sentence(ran.err)
    assert "identity.json" in ran.err
    assert path.read_bytes() == b"{}"


def test_keys_of_an_earlier_workspace_are_put_aside(commune: Ntm) -> None:
    former = own(commune)["key"]
    held = (commune.folder / "keys" / "identity.json").read_bytes()
    (commune.folder / "ntm.sqlite3").unlink()
    assert own(new(commune.folder))["key"] != former
    assert (commune.folder / "keys" / "former-1.json").read_bytes() == held


# --- cards --------------------------------------------------------------------------------------------------------


def test_a_card_says_who_with_a_fingerprint_that_can_be_read_aloud(commune: Ntm, tmp_path: Path) -> None:
    made = commune.ask("card", "export", "--out", tmp_path / "usb")
    path = Path(made["path"])
    assert path.suffix == ".ntmcard"
    assert path.stat().st_size < 8 * 1024
    card = json.loads(path.read_text("utf-8"))
    assert (card["unit"], card["unit_name"], card["role"]) == ("03433", "Xã Bum Tở", "commune")
    assert re.fullmatch(r"[0-9]{5}( [0-9]{5}){5}", made["fingerprint"])
    assert made["fingerprint"] == fingerprint(card["key"], card["age"]) == own(commune)["fingerprint"]
    assert "AGE-SECRET" not in path.read_text("utf-8")


def test_a_card_makes_its_owner_seen_until_somebody_has_compared(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    path = card_of(above, tmp_path)
    before = content(commune.folder)
    assert own(above)["fingerprint"] in commune.run("card", "import", path).out
    assert content(commune.folder) != before
    (known,) = others(commune)
    assert (known["state"], known["role"], known["source"]) == ("seen", "office", "card")
    assert known["fingerprint"] == own(above)["fingerprint"]
    assert commune.ask("devices", "confirm", known["fingerprint"][:11])["state"] == "confirmed"
    assert commune.ask("card", "import", path)["state"] == "confirmed", "a card takes no trust away"


@pytest.mark.parametrize("by", ["key", "key_id", "fingerprint", "name"])
def test_a_computer_is_found_by_any_of_its_names(commune: Ntm, above: Ntm, tmp_path: Path, by: str) -> None:
    path = card_of(above, tmp_path)
    card = commune.ask("card", "import", path)
    if by == "name":  # both computers of this test bear the name of the machine that it runs on
        assert is_sentence(commune.refused("devices", "confirm", card["name"]))
        return
    assert commune.ask("devices", "confirm", card[by])["key"] == card["key"]


def test_what_is_no_card_or_not_ours_is_refused(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    path = card_of(above, tmp_path)
    told = commune.refused("card", "import", card_of(commune, tmp_path / "mình"))
    assert "chính máy này" in told
    forged = tmp_path / "giả.ntmcard"
    forged.write_bytes(path.read_bytes().replace("Tỉnh Lai Châu".encode(), "Tỉnh Lai Chấu".encode()))
    assert forged.read_bytes() != path.read_bytes()
    assert "giả.ntmcard" in commune.refused("card", "import", forged)
    commune.refused("card", "import", tmp_path / "không có.ntmcard")
    (tmp_path / "ảnh.ntmcard").write_bytes(b"\xff\xd8\xff")
    commune.refused("card", "import", tmp_path / "ảnh.ntmcard")
    neighbour = new(tmp_path / "xã bên", unit=NEIGHBOUR)
    commune.refused("card", "import", card_of(neighbour, tmp_path / "bên"))
    assert above.ask("card", "import", card_of(neighbour, tmp_path / "bên"))["unit"] == NEIGHBOUR


def test_nobody_is_found_under_words_that_name_nobody(commune: Ntm) -> None:
    for who in ("Người lạ", "00000", "", own(commune)["key"]):
        commune.refused("devices", "confirm", who)
        commune.refused("devices", "revoke", who)


def test_a_revoked_computer_gets_nothing_more(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    second = office(tmp_path / "máy hai của tỉnh")
    introduce(commune, second)
    commune.ask("result", "set", "3.1", "--value", "85,5")
    both = commune.ask("package", "export", "--out", tmp_path / "1")
    assert len(both["recipients"]) == 2
    gone = commune.ask("devices", "revoke", own(second)["key_id"])
    assert gone["state"] == "revoked"
    only = commune.ask("package", "export", "--out", tmp_path / "2")
    assert len(only["recipients"]) == 1
    header = (tmp_path / "2").joinpath(Path(only["path"]).name).read_bytes()[:2000]
    assert own(second)["key_id"].encode() not in header
    assert own(above)["key_id"].encode() in header
    commune.refused("card", "import", card_of(second, tmp_path / "thẻ"))
    commune.refused("package", "export", "--out", tmp_path / "3", "--to", card_of(second, tmp_path / "thẻ"))
    assert commune.ask("devices", "confirm", own(second)["key_id"])["state"] == "confirmed", "revoked by mistake"
