"""Keys in backups: only under a passphrase; without, a restored workspace is another computer that loses nothing."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.errors import StorageFull
from ntm_desktop.operations import safety, setup
from ntm_desktop.operations.workspace import Role, open_workspace
from tests.core.command_line import COMMUNE, NATIONAL, Ntm, a_file, introduce, is_sentence, new, office, run

WORDS = "lúa chín vàng đồng"


@pytest.fixture
def ntm(tmp_path: Path) -> Ntm:
    made = new(tmp_path / "xã")
    made.ask("result", "set", "3.1", "--value", "85,5")
    return made


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    return a_file(tmp_path, "mật khẩu.txt", WORDS + "\n")


def secrets(ntm: Ntm) -> Any:
    return json.loads((ntm.folder / "keys" / "identity.json").read_text("utf-8"))


def key(ntm: Ntm) -> str:
    return str(ntm.ask("devices")[0]["key"])


def test_a_backup_without_a_passphrase_holds_no_keys(ntm: Ntm, tmp_path: Path) -> None:
    made = ntm.ask("backup", "--out", tmp_path / "sao lưu")
    assert made["keys"] is False
    data = Path(made["path"]).read_bytes()
    held = secrets(ntm)
    assert held["age"].encode() not in data
    assert held["sign"].encode() not in data
    with zipfile.ZipFile(made["path"]) as archive:
        assert "keys.age" not in archive.namelist()
    other = Ntm(tmp_path / "mới")
    assert "khoá mới" in other.run("restore", made["path"]).out
    assert key(other) != key(ntm)
    assert other.ask("verify")["ok"] is True


def test_with_its_passphrase_the_keys_come_back_under_new_device_ids(
    ntm: Ntm, passphrase: Path, tmp_path: Path
) -> None:
    made = ntm.ask("backup", "--out", tmp_path / "sao lưu", "--passphrase-file", passphrase)
    assert made["keys"] is True
    data = Path(made["path"]).read_bytes()
    assert secrets(ntm)["age"].encode() not in data
    assert secrets(ntm)["sign"].encode() not in data
    other = Ntm(tmp_path / "mới")
    other.ask("restore", made["path"], "--passphrase-file", passphrase)
    assert secrets(other) == secrets(ntm)
    assert (other.folder / "keys" / "identity.json").stat().st_mode & 0o777 in (0o600, 0o666)
    for one, value in ((ntm, "86"), (other, "87")):
        one.ask("result", "set", "3.1", "--value", value)
    latest = [one.ask("history", "3.1")[0]["device"] for one in (ntm, other)]
    assert latest[0] != latest[1], "no counter of a device is ever used twice"


def test_the_keys_are_an_age_file(ntm: Ntm, passphrase: Path, tmp_path: Path) -> None:
    """Written by the program itself, read here by the age library."""
    import pyrage

    made = ntm.ask("backup", "--out", tmp_path / "sao lưu", "--passphrase-file", passphrase)
    with zipfile.ZipFile(made["path"]) as archive:
        opened = pyrage.passphrase.decrypt(archive.read("keys.age"), WORDS)
    assert json.loads(opened) == secrets(ntm)


def test_a_wrong_passphrase_restores_nothing(ntm: Ntm, passphrase: Path, tmp_path: Path) -> None:
    made = ntm.ask("backup", "--out", tmp_path / "sao lưu", "--passphrase-file", passphrase)
    wrong = a_file(tmp_path, "sai.txt", "lúa chín vàng đồn")
    other = Ntm(tmp_path / "mới")
    other.refused("restore", made["path"], "--passphrase-file", wrong)
    assert not (other.folder / "ntm.sqlite3").exists()
    assert not (other.folder / "keys").exists()
    other.ask("restore", made["path"])
    assert key(other) != key(ntm), "without the passphrase the data comes back all the same"


def test_a_passphrase_for_a_backup_without_keys_is_told(ntm: Ntm, passphrase: Path, tmp_path: Path) -> None:
    made = ntm.ask("backup", "--out", tmp_path / "sao lưu")
    told = Ntm(tmp_path / "mới").refused("restore", made["path"], "--passphrase-file", passphrase)
    assert "không kèm khoá" in told
    ntm.refused("backup", "--out", tmp_path / "sao lưu", "--passphrase-file", a_file(tmp_path, "ngắn", "ngắn"))


def test_damaged_keys_in_a_backup_are_damage(ntm: Ntm, passphrase: Path, tmp_path: Path) -> None:
    made = Path(ntm.ask("backup", "--out", tmp_path / "sao lưu", "--passphrase-file", passphrase)["path"])
    with zipfile.ZipFile(made) as archive:
        start = archive.getinfo("keys.age").header_offset
    data = bytearray(made.read_bytes())
    data[start + 200] ^= 1
    made.write_bytes(data)
    other = Ntm(tmp_path / "mới")
    assert is_sentence(other.refused("restore", made, "--passphrase-file", passphrase))
    assert not (other.folder / "keys").exists()


def test_a_restore_that_fails_leaves_no_keys(ntm: Ntm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_workspace(ntm.folder) as workspace:
        made = safety.backup(workspace, tmp_path / "sao lưu", passphrase=WORDS).path

    def full(*_arguments: object) -> None:
        raise StorageFull("Ổ đĩa đã đầy.")

    for words in (WORDS, None):
        with monkeypatch.context() as broken:
            broken.setattr(safety, "_make_own", full)
            with pytest.raises(StorageFull):
                safety.restore(made, tmp_path / "mới", passphrase=words)
        left = {path.name for path in (tmp_path / "mới").iterdir() if path.name not in ("blobs", "lock")}
        assert left == set()


def test_a_workspace_that_could_not_be_made_leaves_no_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise StorageFull("Ổ đĩa đã đầy.")

    for step in ("_fill", "add_assessment"):
        with monkeypatch.context() as broken:
            broken.setattr(setup, step, full)
            with pytest.raises(StorageFull):
                setup.create(tmp_path / "xã", unit_code=COMMUNE, role=Role.COMMUNE, catalogue_id=NATIONAL, year=2024)
        assert not (tmp_path / "xã" / "keys").exists()
    new(tmp_path / "xã")


def test_what_a_lost_computer_wrote_is_handed_on_by_the_restored_one(ntm: Ntm, tmp_path: Path) -> None:
    """Never exported before the backup: the new keys hand on what the old ones vouched for."""
    made = ntm.ask("backup", "--out", tmp_path / "sao lưu")["path"]
    former = key(ntm)
    shutil.rmtree(ntm.folder)
    other, above = Ntm(tmp_path / "mới"), office(tmp_path / "tỉnh")
    other.ask("restore", made)
    other.ask("result", "set", "3.2", "--value", "đạt")
    introduce(other, above)
    sent = other.ask("package", "export", "--out", tmp_path / "usb")
    assert above.ask("package", "import", sent["path"])["applied"] == sent["changes"]
    assessment = other.ask("status")["assessment"]
    assert above.ask("status", "--assessment", assessment) == other.ask("status")
    old = {item["key"]: item for item in other.ask("devices")}[former]
    assert old["state"] == "seen", "the lost computer is there to be revoked"
    assert other.ask("devices", "revoke", former)["state"] == "revoked"


def test_a_passphrase_never_stands_on_the_command_line() -> None:
    for command in (("backup",), ("restore",), ("package", "export"), ("package", "import"), ("package", "inspect")):
        shown = run(*command, "--help").out
        assert "--passphrase-file" in shown
        assert "--passphrase " not in shown
