"""The package that one can trust, by the words of its task alone: identity, secrecy, order, receipts, rights, undo.

Two or three workspaces and the command line, as people have them. Damage and drives: test_acceptance_stick.py.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.core.command_line import COMMUNE, Ntm, a_file, blobs, content, database, is_sentence, new, office, run
from tests.core.test_cli_packages import only

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

FINGERPRINT = re.compile(r"(\d{5} ){5}\d{5}")
ROWS = ("change", "field_state", "result", "level", "evidence", "evidence_link", "assessment", "appraisal")


@pytest.fixture
def commune(tmp_path: Path) -> Ntm:
    ntm = new(tmp_path / "xã")
    ntm.ask("result", "set", "3.1", "--value", "85,5")
    ntm.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    return ntm


@pytest.fixture
def above(tmp_path: Path) -> Ntm:
    return office(tmp_path / "tỉnh")


def card_of(ntm: Ntm) -> Path:
    """The card of a computer, as it lies on a stick."""
    return Path(ntm.ask("card", "export", "--out", ntm.folder.parent / f"thẻ {ntm.folder.name}")["path"])


def introduce(*computers: Ntm) -> None:
    """Everybody gets everybody's card."""
    for one in computers:
        for other in computers:
            if one is not other:
                one.ask("card", "import", card_of(other))


def sibling_of(commune: Ntm, folder: Path) -> Ntm:
    """A second computer of the same commune."""
    second = Ntm(folder)
    second.ask("init", "--unit", COMMUNE, "--role", "commune")
    introduce(commune, second)
    return second


def send(sender: Ntm, folder: Path, *options: str | Path) -> Path:
    """A package on a stick of its own."""
    return Path(sender.ask("package", "export", "--out", folder, *options)["path"])


def take(receiver: Ntm, *files: Path, options: tuple[str | Path, ...] = ()) -> Any:
    """The outcome of importing one file that is taken; what is told besides goes to the person, not into it."""
    ran = receiver.run("--json", "package", "import", *files, *options)
    assert ran.code == 0, ran
    found = json.loads(ran.out)
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def rows(ntm: Ntm) -> dict[str, list[str]]:
    """What was written and what follows from it; members of a JSON value stand in any order."""
    found: dict[str, list[str]] = {}
    with database(ntm.folder) as connection:
        for name in ROWS:
            columns = sorted(row[1] for row in connection.execute(f'PRAGMA table_info("{name}")'))
            listed = ", ".join(f'"{column}"' for column in columns)
            plain = ([_plainly(value) for value in row] for row in connection.execute(f'SELECT {listed} FROM "{name}"'))
            found[name] = sorted(map(repr, plain))
    return found


def _plainly(value: Any) -> Any:
    return sorted(json.loads(value).items()) if type(value) is str and value[:1] == "{" else value


def known(ntm: Ntm, card: Path) -> Any:
    """What a computer knows of the owner of a card."""
    key = json.loads(card.read_bytes())["key"]
    (found,) = [item for item in ntm.ask("devices", "list") if item["key"] == key]
    return found


# --- who is who ---------------------------------------------------------------------------------------------------


def test_two_people_compare_what_both_computers_show(commune: Ntm, above: Ntm) -> None:
    mine = commune.ask("card", "export", "--out", commune.folder.parent / "thẻ")
    assert FINGERPRINT.fullmatch(mine["fingerprint"])
    above.ask("card", "import", mine["path"])
    there = known(above, Path(mine["path"]))
    assert (there["fingerprint"], there["state"]) == (mine["fingerprint"], "seen")
    above.ask("devices", "confirm", there["key_id"])
    assert known(above, Path(mine["path"]))["state"] == "confirmed"
    assert known(commune, Path(mine["path"]))["state"] == "own"


def test_keys_lie_outside_the_database_for_the_owner_alone(commune: Ntm) -> None:
    keys = commune.folder / "keys"
    secret = json.loads((keys / "identity.json").read_bytes())
    assert (keys.stat().st_mode & 0o777, (keys / "identity.json").stat().st_mode & 0o777) == (0o700, 0o600)
    database = (commune.folder / "ntm.sqlite3").read_bytes()
    assert secret["sign"].encode() not in database
    assert secret["age"].encode() not in database


def test_a_card_that_was_altered_is_no_card(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    card = json.loads(card_of(commune).read_bytes())
    for member, value in (("name", "Máy khác"), ("role", "office"), ("unit", "03390"), ("key", "0" * 64)):
        forged = json.dumps({**card, member: value}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        above.refused("card", "import", a_file(tmp_path, "giả.ntmcard", forged))


def test_first_use_is_told_until_it_is_confirmed(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    commune.ask("card", "import", card_of(above))
    first = take(above, send(commune, tmp_path / "1"))
    assert first["new_sender"] is True
    card = card_of(commune)
    assert known(above, card)["state"] == "seen"
    assert above.ask("package", "inspect", only(tmp_path / "1"))["sender_state"] == "seen"
    above.ask("devices", "confirm", known(above, card)["key_id"])
    commune.ask("result", "set", "3.1", "--value", "86")
    second = take(above, send(commune, tmp_path / "2"))
    assert second["new_sender"] is False
    assert above.ask("package", "inspect", only(tmp_path / "2"))["sender_state"] == "confirmed"


def test_a_revoked_computer_brings_nothing_more(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    take(above, send(commune, tmp_path / "1"))
    held = rows(above)
    above.ask("devices", "revoke", known(above, card_of(commune))["key_id"])
    assert rows(above) == held, "what was received before stays"
    commune.ask("result", "set", "3.1", "--value", "86")
    told = above.refused("package", "import", send(commune, tmp_path / "2"))
    assert only(tmp_path / "2").name in told
    above.refused("package", "inspect", only(tmp_path / "2"))


def test_an_unknown_computer_of_the_own_commune_is_refused(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    second = Ntm(tmp_path / "máy hai")
    second.ask("init", "--unit", COMMUNE, "--role", "commune", "--catalogue", "xa-ntm-2021-2025", "--year", "2024")
    path = send(second, tmp_path / "1", "--plain")
    told = commune.refused("package", "import", path)
    assert "thẻ" in told
    commune.ask("card", "import", card_of(second))
    assert take(commune, path)["error"] is None


# --- who can read -------------------------------------------------------------------------------------------------


def test_only_the_office_can_open_what_is_sealed_for_it(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    stranger = office(tmp_path / "tỉnh khác")
    commune.ask("card", "import", card_of(above))
    made = commune.ask("package", "export", "--out", tmp_path / "usb")
    assert made["encrypted"] is True
    stranger.refused("package", "inspect", made["path"])
    stranger.refused("package", "import", made["path"], seen=True)
    assert take(above, made["path"])["applied"] == made["changes"]
    assert set(blobs(above.folder).values()) >= set(blobs(commune.folder).values())
    package = Path(made["path"]).read_bytes()
    for file in (commune.folder / "blobs").rglob("*"):
        assert not file.is_file() or file.read_bytes()[:40] not in package, "nothing shows outside"


@pytest.mark.skipif(shutil.which("age") is None, reason="the age tool (Debian: apt install age) is not installed")
def test_every_entry_opens_with_the_standard_tool(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    commune.ask("card", "import", card_of(above))
    package = send(commune, tmp_path / "usb")
    key = tmp_path / "key.txt"
    key.write_text(json.loads((above.folder / "keys" / "identity.json").read_bytes())["age"] + "\n", encoding="utf-8")
    opened: dict[str, bytes] = {}
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if name.endswith(".age"):
                command = ["age", "--decrypt", "--identity", str(key)]
                opened[name] = subprocess.run(command, input=archive.read(name), stdout=-1, check=True).stdout
        sealed = [name for name in archive.namelist() if name not in ("header.json", "recovery")]
    assert sorted(opened) == sorted(sealed)
    manifest = json.loads(opened["manifest.age"])
    for entry in manifest["entries"]:
        content = opened[entry["name"]]
        plain = zstd.decompress(content) if entry["kind"] == "changes" else content
        assert hashlib.sha256(plain).hexdigest() == entry["plain"]["sha256"]
    evidence = {hashlib.sha256(data).hexdigest() for name, data in opened.items() if name.startswith("e/")}
    assert evidence and evidence <= set(blobs(commune.folder).values())


def test_a_passphrase_opens_it_where_no_key_is_known(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    right = a_file(tmp_path, "đúng.txt", "bốn từ dễ nhớ thôi\nhàng hai không tính\n")
    wrong = a_file(tmp_path, "sai.txt", "bốn từ khác hẳn kia\n")
    made = commune.ask("package", "export", "--out", tmp_path / "usb", "--passphrase-file", right)
    assert made["encrypted"] is True
    above.refused("package", "import", made["path"])
    above.refused("package", "import", made["path"], "--passphrase-file", wrong)
    above.refused("package", "inspect", made["path"])
    seen = above.ask("package", "inspect", made["path"], "--passphrase-file", right)
    assert seen["changes"] == made["changes"]
    assert take(above, Path(made["path"]), options=("--passphrase-file", right))["applied"] == made["changes"]


def test_unsealed_only_by_choice(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    told = commune.refused("package", "export", "--out", tmp_path / "usb")
    assert "--plain" in told
    assert "--passphrase-file" in told
    assert not (tmp_path / "usb").exists() or not list((tmp_path / "usb").iterdir())
    said = commune.run("package", "export", "--out", tmp_path / "usb", "--plain")
    assert said.code == 0
    assert "mã hoá" in said.out
    path = only(tmp_path / "usb")
    with zipfile.ZipFile(path) as archive:
        header = json.loads(archive.read("header.json"))
    assert (header["encryption"], header["recipients"], header["passphrase"]) == ("none", [], None)
    assert len(header["signature"]) == 128, "signed all the same"
    assert take(above, path)["error"] is None


# --- order, repetition, loss --------------------------------------------------------------------------------------


def three_packages(commune: Ntm, above: Ntm, folder: Path) -> list[Path]:
    """Each continues the one before: the office has acknowledged them, yet let another take them."""
    witness = above.copy(folder / "tỉnh làm chứng")
    made: list[Path] = []
    for number in range(3):
        commune.ask("result", "set", "3.1", "--value", f"8{number}", "--explanation", f"Lần {number}")
        commune.ask("evidence", "add", a_file(folder, f"tệp {number}.txt", f"Nội dung {number}"), "--indicator", "3.2")
        made.append(send(commune, folder / f"gói {number}"))
        take(witness, made[-1])
        take(commune, Path(witness.ask("package", "receipts", "--out", folder / f"về {number}")[0]["path"]))
    return made


def test_what_comes_too_early_waits_and_is_named(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    first, second, third = three_packages(commune, above, tmp_path)
    for early in (third, second):
        outcome = take(above, early)
        assert (outcome["error"], outcome["applied"]) == (None, 0)
        assert outcome["waiting"], "what waits is told"
    (partner,) = [item for item in above.ask("exchange", "status") if item["unit"] == COMMUNE]
    assert partner["waiting"]
    outcome = take(above, first)
    assert not outcome["waiting"]
    (partner,) = [item for item in above.ask("exchange", "status") if item["unit"] == COMMUNE]
    assert not partner["waiting"]
    assert rows(above) == rows(Ntm(tmp_path / "tỉnh làm chứng"))
    assert above.ask("verify")["ok"]


def test_the_same_package_again_changes_nothing(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    path = send(commune, tmp_path / "1")
    take(above, path)
    held = rows(above), blobs(above.folder)
    again = take(above, path)
    assert (again["already"], again["applied"], again["error"]) == (True, 0, None)
    assert (rows(above), blobs(above.folder)) == held


def test_a_lost_stick_needs_no_repair(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    shutil.rmtree(send(commune, tmp_path / "mất").parent)
    commune.ask("result", "set", "3.1", "--value", "90")
    take(above, send(commune, tmp_path / "sau"))
    assert rows(above) == rows(commune)
    assert set(blobs(above.folder)) >= set(blobs(commune.folder))


def test_a_receipt_tells_what_need_not_be_sent_again(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    take(above, send(commune, tmp_path / "1"))
    (partner,) = [item for item in commune.ask("exchange", "status") if item["role"] == "office"]
    assert (partner["sent"], partner["acknowledged_at"]) == (1, None)
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "về")
    assert take(commune, Path(back["path"]))["acknowledged"] is True
    (partner,) = [item for item in commune.ask("exchange", "status") if item["role"] == "office"]
    assert partner["acknowledged_at"]
    assert partner["unacknowledged"] == 0
    commune.refused("package", "export", "--out", tmp_path / "2")
    commune.ask("result", "set", "3.1", "--value", "86")
    made = commune.ask("package", "export", "--out", tmp_path / "3")
    assert (made["changes"], made["blobs"]) == (1, 0)
    take(above, Path(made["path"]))
    assert rows(above) == rows(commune)


def test_an_older_copy_of_the_same_computer_is_recognised(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    commune.copy(tmp_path / "bản chép")
    commune.ask("result", "set", "3.1", "--value", "90")
    take(above, send(commune, tmp_path / "1"))
    old = Ntm(tmp_path / "bản chép")
    old.ask("result", "set", "3.2", "--value", "đạt")
    held = rows(above), blobs(above.folder)
    refused = above.run("package", "import", send(old, tmp_path / "2"))
    assert (refused.code, is_sentence(refused.err)) == (2, True)
    assert (rows(above), blobs(above.folder)) == held
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "về", "--unit", COMMUNE)
    take(old, Path(back["path"]))
    outcome = take(above, send(old, tmp_path / "3"))
    assert outcome["error"] is None
    assert rows(above) == rows(old)
    assert old.result("3.1")["value"] == {"percent": "90"}, "what it had handed over came back to it"
    assert above.ask("verify")["ok"] and old.ask("verify")["ok"]


# --- two computers of one commune ---------------------------------------------------------------------------------


def test_both_values_stand_side_by_side_until_a_person_chooses(commune: Ntm, tmp_path: Path) -> None:
    second = sibling_of(commune, tmp_path / "máy hai")
    take(second, send(commune, tmp_path / "1", "--to", card_of(second)))
    commune.ask("result", "set", "3.1", "--value", "70", "--explanation", "Theo sổ")
    second.ask("result", "set", "3.1", "--value", "75")
    second.ask("result", "set", "3.2", "--value", "đạt")
    take(commune, send(second, tmp_path / "2", "--to", card_of(commune)))
    (conflict,) = commune.ask("conflicts", "list")
    assert conflict["code"] == "3.1"
    assert len(conflict["sides"]) == 2
    assert all(side["at"] and side["user"] and side["value"] for side in conflict["sides"])
    assert commune.result("3.2")["verdict"] == "met", "another field is merged without question"
    wanted = next(n for n, side in enumerate(conflict["sides"], start=1) if "75" in side["value"])
    commune.ask("conflicts", "choose", conflict["id"], str(wanted))
    assert commune.ask("conflicts", "list") == []
    take(second, send(commune, tmp_path / "3", "--to", card_of(second)))
    assert second.ask("conflicts", "list") == []
    assert rows(second) == rows(commune)


def test_the_same_value_twice_is_no_conflict(commune: Ntm, tmp_path: Path) -> None:
    second = sibling_of(commune, tmp_path / "máy hai")
    take(second, send(commune, tmp_path / "1", "--to", card_of(second)))
    for one in (commune, second):
        one.ask("result", "set", "3.2", "--value", "đạt")
    take(commune, send(second, tmp_path / "2", "--to", card_of(commune)))
    assert commune.ask("conflicts", "list") == []


def test_deleting_against_editing_keeps_the_edit(commune: Ntm, tmp_path: Path) -> None:
    second = sibling_of(commune, tmp_path / "máy hai")
    take(second, send(commune, tmp_path / "1", "--to", card_of(second)))
    (item,) = commune.ask("evidence", "list")
    commune.ask("evidence", "remove", item["evidence_id"])
    second.ask("evidence", "add", tmp_path / "biên bản.txt", "--indicator", "3.1", "--number", "12/BC")
    take(commune, send(second, tmp_path / "2", "--to", card_of(commune)))
    (kept,) = commune.ask("evidence", "list")
    assert (kept["evidence_id"], kept["number"]) == (item["evidence_id"], "12/BC")
    assert commune.ask("conflicts", "list"), "a person decides whether it goes"


# --- preview, undo ------------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    take(above, send(commune, tmp_path / "1"))
    commune.ask("result", "set", "3.1", "--value", "91")
    commune.ask("result", "set", "3.2", "--value", "đạt")
    path = send(commune, tmp_path / "2")
    held = content(above.folder)
    seen = above.ask("package", "inspect", path)
    lines = {(line["code"], line["kind"]) for line in seen["lines"]}
    assert {("3.1", "changed"), ("3.2", "new")} <= lines
    (changed,) = [line for line in seen["lines"] if line["code"] == "3.1" and line["kind"] == "changed"]
    assert "85,5" in changed["old"] and "91" in changed["new"]
    above.ask("package", "import", path, "--dry-run")
    assert content(above.folder) == held


def test_an_import_is_taken_back_as_a_whole(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    take(above, send(commune, tmp_path / "1"))
    held = rows(above), blobs(above.folder)
    commune.ask("result", "set", "3.1", "--value", "91")
    commune.ask("evidence", "add", a_file(tmp_path, "thêm.txt", "Nội dung khác"), "--indicator", "3.2")
    path = send(commune, tmp_path / "2")
    take(above, path)
    after = rows(above), blobs(above.folder)
    assert after != held
    above.ask("package", "undo-import")
    assert (rows(above), blobs(above.folder)) == held
    assert above.ask("verify")["ok"]
    above.refused("package", "undo-import")
    take(above, path)
    assert (rows(above), blobs(above.folder)) == after


def test_commands_of_the_exchange_stand_at_the_top_too(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    introduce(commune, above)
    path = send(commune, tmp_path / "1")
    assert above.ask("inspect", path)["unit"] == COMMUNE
    take_ = above.ask("import", path)
    assert (take_[0] if isinstance(take_, list) else take_)["applied"] > 0
    above.ask("undo-import")
    assert run("--workspace", above.folder, "devices").code == 0
    assert run("--workspace", above.folder, "conflicts").code == 0
