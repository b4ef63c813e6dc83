"""``ntm package export`` and ``receipts``: who can open them, and what goes again until it is acknowledged."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.core.command_line import COMMUNE, Ntm, a_file, content, introduce, is_sentence, new, office


@pytest.fixture
def commune(tmp_path: Path) -> Ntm:
    ntm = new(tmp_path / "xã")
    ntm.ask("result", "set", "3.1", "--value", "85,5")
    ntm.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    return ntm


@pytest.fixture
def above(tmp_path: Path, commune: Ntm) -> Ntm:
    """An office that has exchanged cards with the commune."""
    ntm = office(tmp_path / "tỉnh")
    introduce(commune, ntm)
    return ntm


def export(ntm: Ntm, folder: Path, *options: str | Path) -> Any:
    return ntm.ask("package", "export", "--out", folder, *options)


def header(path: str | Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("header.json"))


def take(ntm: Ntm, path: str | Path, *options: str | Path) -> Any:
    return ntm.ask("package", "import", path, *options)


# --- closing ------------------------------------------------------------------------------------------------------


def test_without_a_key_the_three_ways_are_told_and_nothing_is_written(commune: Ntm, tmp_path: Path) -> None:
    told = commune.refused("package", "export", "--out", tmp_path / "usb")
    for way in ("ntm card import", "--passphrase-file", "--plain"):
        assert way in told
    assert not (tmp_path / "usb").exists()


def test_a_package_opens_for_its_office_and_its_sender_only(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    made = export(commune, tmp_path / "usb")
    assert made["encrypted"] is True
    ids = sorted(item["key_id"] for item in commune.ask("devices"))
    assert header(made["path"])["recipients"] == ids
    assert len(made["recipients"]) == len(made["unconfirmed"]) == 1
    data = Path(made["path"]).read_bytes()
    assert "biên bản".encode() not in data
    assert "Nội dung mẫu".encode() not in data
    assert above.ask("package", "inspect", made["path"])["changes"] == made["changes"]
    stranger = office(tmp_path / "cơ quan khác")
    stranger.refused("package", "import", made["path"])
    assert take(above, made["path"])["applied"] == made["changes"]
    above.ask("devices", "confirm", above.ask("devices")[1]["key_id"])


def test_confirmed_recipients_are_not_asked_about_again(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    commune.ask("devices", "confirm", above.ask("devices")[0]["fingerprint"])
    assert export(commune, tmp_path / "usb")["unconfirmed"] == []


def test_plain_is_a_choice_and_says_what_it_means(commune: Ntm, tmp_path: Path) -> None:
    ran = commune.run("package", "export", "--out", tmp_path / "usb", "--plain")
    assert ran.code == 0
    assert "ai nhặt được USB đều đọc được" in ran.out
    made = export(commune, tmp_path / "2", "--plain")
    assert (made["encrypted"], made["recipients"]) == (False, [])
    assert header(made["path"])["encryption"] == "none"
    assert take(office(tmp_path / "tỉnh"), made["path"])["applied"] == made["changes"]


def test_a_passphrase_opens_where_no_key_is_known(commune: Ntm, tmp_path: Path) -> None:
    right = a_file(tmp_path, "mật khẩu.txt", "lúa chín vàng đồng\r\nDòng khác\n")
    made = export(commune, tmp_path / "usb", "--passphrase-file", right)
    assert made["encrypted"] is True
    above = office(tmp_path / "tỉnh")
    above.refused("package", "import", made["path"])
    wrong = a_file(tmp_path, "sai.txt", "lúa chín vàng đồn")
    above.refused("package", "import", made["path"], "--passphrase-file", wrong)
    assert take(above, made["path"], "--passphrase-file", right)["applied"] == made["changes"]
    assert take(commune, made["path"])["already_had"] == made["changes"], "its sender needs no passphrase"


@pytest.mark.parametrize("text", ["", "\nlúa chín vàng đồng", "ngắn", "   \n"])
def test_what_is_no_passphrase(commune: Ntm, tmp_path: Path, text: str) -> None:
    path = a_file(tmp_path, "mật khẩu.txt", text)
    commune.refused("package", "export", "--out", tmp_path / "usb", "--passphrase-file", path)
    commune.refused("package", "export", "--out", tmp_path / "usb", "--passphrase-file", tmp_path / "không có")
    assert not (tmp_path / "usb").exists()


def test_a_passphrase_that_is_no_text_is_told(commune: Ntm, tmp_path: Path) -> None:
    (tmp_path / "mật khẩu").write_bytes(b"\xff\xfe\xfd" * 10)
    commune.refused("package", "export", "--out", tmp_path / "usb", "--passphrase-file", tmp_path / "mật khẩu")


def test_only_one_way_at_a_time(commune: Ntm, tmp_path: Path) -> None:
    ran = commune.run("package", "export", "--out", tmp_path / "usb", "--plain", "--to", tmp_path / "x.ntmcard")
    assert ran.code == 2
    assert is_sentence(ran.err)


def test_to_a_card_takes_the_card_too(commune: Ntm, tmp_path: Path) -> None:
    above = office(tmp_path / "tỉnh")
    card = above.ask("card", "export", "--out", tmp_path)["path"]
    made = export(commune, tmp_path / "usb", "--to", card)
    assert [item["state"] for item in commune.ask("devices")] == ["own", "seen"]
    assert take(above, made["path"])["applied"] == made["changes"]
    own = commune.ask("card", "export", "--out", tmp_path / "thẻ")["path"]
    commune.refused("package", "export", "--out", tmp_path / "usb", "--to", own)


# --- what goes ----------------------------------------------------------------------------------------------------


def test_all_goes_again_until_a_receipt_says_that_it_came(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    """A lost stick needs no repair: the next package covers it."""
    lost = export(commune, tmp_path / "mất")
    again = export(commune, tmp_path / "1")
    assert (again["changes"], again["blobs"]) == (lost["changes"], lost["blobs"])
    assert header(again["path"])["sequence"] == 2
    take(above, again["path"])
    (answer,) = above.ask("package", "receipts", "--out", tmp_path / "về")
    assert (answer["unit"], answer["changes"], answer["blobs"]) == (COMMUNE, 0, 0)
    assert answer["size"] < 10_000, "a receipt is small"
    take(commune, answer["path"])
    told = commune.refused("package", "export", "--out", tmp_path / "2")
    assert "--full" in told
    assert not (tmp_path / "2").exists()
    commune.ask("result", "set", "3.2", "--value", "đạt")
    second = export(commune, tmp_path / "2")
    assert (second["changes"], second["blobs"], second["full"]) == (1, 0, False)
    full = export(commune, tmp_path / "đủ", "--full")
    assert (full["changes"], full["blobs"], full["full"]) == (lost["changes"] + 1, 1, True)
    take(above, second["path"])
    assert above.ask("status", "--assessment", commune.ask("status")["assessment"]) == commune.ask("status")


def test_evidence_that_the_receipt_misses_goes_again(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    take(above, export(commune, tmp_path / "1")["path"])
    (one,) = commune.ask("evidence", "list")
    (above.folder / "blobs" / one["sha256"][:2] / one["sha256"]).unlink()
    above.ask("package", "receipts", "--out", tmp_path / "về", "--unit", COMMUNE)
    (answer,) = (tmp_path / "về").iterdir()
    take(commune, answer)
    made = export(commune, tmp_path / "2")
    assert (made["changes"], made["blobs"]) == (0, 1)
    take(above, made["path"])
    assert above.ask("verify")["ok"] is True


def test_evidence_that_was_removed_does_not_go(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    (one,) = commune.ask("evidence", "list")
    commune.ask("evidence", "remove", one["evidence_id"])
    assert export(commune, tmp_path / "1")["blobs"] == 0
    assert export(commune, tmp_path / "2", "--full")["blobs"] == 0


def test_a_receipt_is_written_once_and_again_when_it_is_named(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    above.refused("package", "receipts", "--out", tmp_path / "về")
    commune.refused("package", "receipts", "--out", tmp_path / "về")
    take(above, export(commune, tmp_path / "1")["path"])
    assert len(above.ask("package", "receipts", "--out", tmp_path / "về")) == 1
    above.refused("package", "receipts", "--out", tmp_path / "về")
    assert len(above.ask("package", "receipts", "--out", tmp_path / "về", "--unit", COMMUNE)) == 1
    above.refused("package", "receipts", "--out", tmp_path / "về", "--unit", "01249")


def test_a_receipt_that_did_not_come_is_written_again(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    take(above, export(commune, tmp_path / "1")["path"])
    above.ask("package", "receipts", "--out", tmp_path / "mất")
    take(above, export(commune, tmp_path / "2")["path"])
    (answer,) = above.ask("package", "receipts", "--out", tmp_path / "về")
    take(commune, answer["path"])
    commune.refused("package", "export", "--out", tmp_path / "3")


def test_an_office_sends_its_opinions_to_the_commune(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    above.refused("package", "export", "--out", tmp_path / "về")
    take(above, export(commune, tmp_path / "1")["path"])
    assessment = commune.ask("status")["assessment"]
    above.ask("office", "appraise", assessment, "3.1", "--verdict", "supplement", "--note", "Thiếu biên bản nghiệm thu")
    made = export(above, tmp_path / "về", "--unit", COMMUNE)
    assert (made["unit"], made["changes"]) == (COMMUNE, 1)
    take(commune, made["path"])
    assert "Thiếu biên bản nghiệm thu" in json.dumps(commune.ask("office", "opinions"), ensure_ascii=False)
    back = export(commune, tmp_path / "2")
    assert (back["changes"], back["blobs"]) == (0, 0), "the commune acknowledges what it took"
    take(above, back["path"])
    above.refused("package", "export", "--out", tmp_path / "lại", "--unit", COMMUNE)
    above.refused("package", "export", "--out", tmp_path / "lại", "--unit", "01249")


# --- parts and recovery -------------------------------------------------------------------------------------------


def test_parts_are_whole_packages_of_the_chosen_size(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    for number in range(4):
        file = tmp_path / f"số liệu {number}.txt"
        file.write_text(f"{number}\n" * 200_000, encoding="utf-8", newline="")
        commune.ask("evidence", "add", file, "--indicator", "3.1")
    made = export(commune, tmp_path / "usb", "--part-size", "1M", "--no-recovery")
    assert made["parts"] == len(made["paths"]) == len(list((tmp_path / "usb").iterdir())) > 1
    assert all(Path(path).stat().st_size <= 1 << 20 for path in made["paths"])
    assert {header(path)["export_id"] for path in made["paths"]} == {made["export_id"]}
    listed = commune.ask("package", "list")
    assert [row["direction"] for row in listed] == ["sent"] * made["parts"]
    for path in reversed(made["paths"]):
        assert above.run("package", "import", path).code == 0
    assert above.ask("verify")["ok"] is True
    assert above.ask("status", "--assessment", commune.ask("status")["assessment"]) == commune.ask("status")


@pytest.mark.parametrize("size", ["nhiều", "-1", "", "1T"])
def test_what_is_no_size(commune: Ntm, tmp_path: Path, size: str) -> None:
    ran = commune.run("package", "export", "--out", tmp_path / "usb", "--plain", f"--part-size={size}")
    assert ran.code == 2
    assert is_sentence(ran.err)


def test_recovery_data_is_left_out_on_a_fixed_drive_unless_it_is_asked_for(commune: Ntm, tmp_path: Path) -> None:
    def names(path: str) -> list[str]:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()

    assert "recovery" in names(export(commune, tmp_path / "1", "--plain", "--recovery")["path"])
    assert "recovery" not in names(export(commune, tmp_path / "2", "--plain", "--no-recovery")["path"])


def test_a_refused_export_changes_nothing(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    blocked = a_file(tmp_path, "là tệp")
    before = content(commune.folder)
    assert commune.run("package", "export", "--out", blocked / "usb").code == 2
    assert content(commune.folder) == before
