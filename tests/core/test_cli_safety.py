"""History, verify, backup and restore, one program at a time, newer data: what guards what was entered."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection

import pytest

from tests.core.command_line import Ntm, a_file, blob_path, content, database, is_sentence, new


@pytest.fixture
def ntm(tmp_path: Path) -> Ntm:
    made = new(tmp_path / "xã")
    made.ask("result", "set", "3.1", "--value", "85,5", "--explanation", "Kênh chính")
    made.ask("result", "set", "3.1", "--value", "90")
    made.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    return made


# --- history ------------------------------------------------------------------------------------------------------


def test_history_says_who_changed_what_when(ntm: Ntm) -> None:
    entries = ntm.ask("history", "3.1")
    latest = next(one for one in entries if one["new"] == "90%")
    assert (latest["code"], latest["old"]) == ("3.1", "85,5%")
    assert latest["at"]
    assert latest["user"]
    assert latest["device"]
    assert {one["code"] for one in entries} == {"3.1"}
    assert len(ntm.ask("history")) > len(entries)


def test_history_of_one_indicator_is_not_anothers(ntm: Ntm) -> None:
    """17.1 and 17.10 begin alike."""
    ntm.ask("result", "set", "17.10", "--value", "100")
    assert ntm.ask("history", "17.1") == []
    assert [one["new"] for one in ntm.ask("history", "17.10")] == ["100%"]


def test_undo_and_redo_come_back_to_the_same(ntm: Ntm) -> None:
    ntm.ask("result", "set", "17.4", "--value", "3")
    ntm.ask("result", "set", "17.4", "--value", "4", "--explanation", "Đo lại")
    after = ntm.result("17.4")
    ntm.ask("undo")
    assert (ntm.result("17.4")["value"], ntm.result("17.4")["explanation"]) == ({"number": "3"}, "")
    ntm.ask("redo")
    assert ntm.result("17.4") == after
    assert ntm.ask("verify")["ok"] is True


# --- verify -------------------------------------------------------------------------------------------------------


def test_a_sound_workspace_is_sound(ntm: Ntm) -> None:
    found = ntm.ask("verify")
    assert found["ok"] is True
    assert found["problems"] == []


TAMPERING: dict[str, Callable[[Connection], object]] = {
    "row": lambda db: db.execute("UPDATE result SET explanation='Chữ khác' WHERE code='3.1'"),
    "row's value": lambda db: db.execute("""UPDATE result SET value='{"percent":"99"}' WHERE code='3.1'"""),
    "row gone": lambda db: db.execute("DELETE FROM result WHERE code='3.1'"),
    "row invented": lambda db: db.execute(
        "INSERT INTO result (assessment_id, code, unit, explanation) SELECT assessment_id, '3.2', unit, 'x' FROM result"
    ),
    "evidence row": lambda db: db.execute("UPDATE evidence SET number='1/GM'"),
    "link row": lambda db: db.execute("DELETE FROM evidence_link"),
    "change's value": lambda db: db.execute("""UPDATE "change" SET value='"Chữ khác"' WHERE field='explanation'"""),
    "change's time": lambda db: db.execute("""UPDATE "change" SET at='2020-01-01T00:00:00+00:00' WHERE seq=2"""),
    "change's author": lambda db: db.execute("""UPDATE "change" SET "user"='Người khác' WHERE seq=2"""),
    "change's hash": lambda db: db.execute("""UPDATE "change" SET hash=previous_hash WHERE seq=2"""),
    "last change": lambda db: db.execute("""DELETE FROM "change" WHERE seq=(SELECT max(seq) FROM "change")"""),
    "middle change": lambda db: db.execute("""DELETE FROM "change" WHERE seq=2"""),
    "end of chain": lambda db: db.execute("UPDATE device SET seq=seq+1"),
    "head": lambda db: db.execute("UPDATE field_state SET heads='[]'"),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_verify_notices(ntm: Ntm, kind: str) -> None:
    with database(ntm.folder) as db:
        TAMPERING[kind](db)
        assert db.total_changes >= 1
    ran = ntm.run("verify")
    assert ran.code == 2, f"{kind}: {ran.out}"
    assert is_sentence(ran.err + ran.out)
    assert '"ok": false' in ntm.run("--json", "verify").out


@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "longer"])
def test_verify_rehashes_every_file(ntm: Ntm, damage: str) -> None:
    (one,) = ntm.ask("evidence", "list")
    path = blob_path(ntm.folder, one["sha256"])
    held = path.read_bytes()
    path.chmod(0o644)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes({"flip": bytes([held[0] ^ 1]) + held[1:], "cut": held[:-1], "longer": held + b"x"}[damage])
    ran = ntm.run("verify")
    assert ran.code == 2
    assert "biên bản.txt" in ran.err + ran.out, "the file is called by its name"


def test_verify_looks_at_the_sets_text_too(ntm: Ntm) -> None:
    with database(ntm.folder) as db:
        ((sha256,),) = db.execute("SELECT sha256 FROM catalogue").fetchall()
    path = blob_path(ntm.folder, sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-2])
    assert ntm.run("verify").code == 2


# --- backup and restore -------------------------------------------------------------------------------------------


def devices(ntm: Ntm) -> set[str]:
    return {one["device"] for one in ntm.ask("history", "--limit", "1000")}


def test_a_backup_comes_back_whole_and_as_another_device(ntm: Ntm, tmp_path: Path) -> None:
    backup = ntm.ask("backup", "--out", tmp_path / "sao lưu")["path"]
    assert [str(path) for path in (tmp_path / "sao lưu").iterdir()] == [backup]
    other = Ntm(tmp_path / "khôi phục" / "ở đây")
    other.ask("restore", backup)
    assert other.ask("status") == ntm.ask("status")
    assert other.result("3.1") == ntm.result("3.1")
    assert other.ask("verify")["ok"] is True
    assert other.ask("history") == ntm.ask("history")
    (one,) = other.ask("evidence", "list")
    assert blob_path(other.folder, one["sha256"]).is_file()
    before = devices(ntm)
    other.ask("result", "set", "17.4", "--value", "3")
    new_device = devices(other) - before
    assert len(new_device) == 1, "what is written there is another device's"
    ntm.ask("result", "set", "17.4", "--value", "4")
    assert devices(ntm) == before
    again = Ntm(tmp_path / "lần hai")
    again.ask("restore", backup)
    again.ask("result", "set", "17.4", "--value", "5")
    assert not devices(again) & new_device, "every restored workspace is a device of its own"


def test_a_backup_is_never_restored_over_data(ntm: Ntm, tmp_path: Path) -> None:
    backup = ntm.ask("backup", "--out", tmp_path / "sao lưu")["path"]
    ntm.refused("restore", backup, seen=True)


@pytest.mark.parametrize("where", [0.05, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_a_damaged_backup_is_refused(ntm: Ntm, tmp_path: Path, where: float, damage: str) -> None:
    backup = Path(ntm.ask("backup", "--out", tmp_path / "sao lưu")["path"])
    content_ = bytearray(backup.read_bytes())
    at = int(len(content_) * where)
    if damage == "cut":
        content_ = content_[:at]
    else:
        content_[at] ^= 0x10
    (tmp_path / "hỏng.ntmbackup").write_bytes(content_)
    other = Ntm(tmp_path / "mới")
    ran = other.run("restore", tmp_path / "hỏng.ntmbackup")
    if ran.code == 0:  # a bit that carries nothing (a time stamp in the directory): then all of it is there
        assert other.ask("verify")["ok"] is True
        assert other.result("3.1") == ntm.result("3.1")
        return
    assert ran.code == 2, ran
    assert is_sentence(ran.err)
    assert "hỏng.ntmbackup" in ran.err
    assert not (other.folder / "ntm.sqlite3").exists()
    other.ask("restore", backup)


@pytest.mark.parametrize("content_", [b"", b"PK\x05\x06" + bytes(18), b"Xin chao" * 100])
def test_what_is_no_backup(tmp_path: Path, content_: bytes) -> None:
    path = tmp_path / "giả.ntmbackup"
    path.write_bytes(content_)
    Ntm(tmp_path / "mới").refused("restore", path)
    assert not (tmp_path / "mới" / "ntm.sqlite3").exists()


def test_a_backup_of_damaged_data_says_so(ntm: Ntm, tmp_path: Path) -> None:
    """A backup that could not be restored must not look like one."""
    (one,) = ntm.ask("evidence", "list")
    path = blob_path(ntm.folder, one["sha256"])
    path.chmod(0o644)
    path.write_bytes(b"khac")
    ran = ntm.run("backup", "--out", tmp_path / "sao lưu")
    assert ran.code == 2 or "biên bản.txt" in ran.out + ran.err
    assert is_sentence(ran.err or ran.out)


# --- one program at a time, and newer data ------------------------------------------------------------------------

HOLDER = """
import sys
from pathlib import Path
from ntm_desktop.operations.workspace import open_workspace
with open_workspace(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_program_is_told_and_opens_nothing(ntm: Ntm) -> None:
    command = [sys.executable, "-c", HOLDER, str(ntm.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        for arguments in (("status",), ("result", "set", "3.1", "--value", "10"), ("verify",)):
            assert "đang được mở" in ntm.refused(*arguments)
        holder.stdin.write("\n")
    assert ntm.result("3.1")["value"] == {"percent": "90"}, "free again"


def test_a_lock_file_left_behind_holds_nobody_out(ntm: Ntm) -> None:
    (ntm.folder / "lock").write_bytes(b"")
    assert ntm.ask("verify")["ok"] is True


def test_data_of_a_newer_program_is_refused_by_name(ntm: Ntm) -> None:
    with database(ntm.folder) as db:
        db.execute("UPDATE alembic_version SET version_num='9999_from_the_future'")
    before = content(ntm.folder)
    for arguments in (("status",), ("result", "set", "3.1", "--value", "10"), ("verify",)):
        told = ntm.refused(*arguments)
        assert "9999_from_the_future" in told or "mới hơn" in told
    assert content(ntm.folder) == before


def test_a_damaged_database_is_told_as_such(ntm: Ntm) -> None:
    path = ntm.folder / "ntm.sqlite3"
    held = path.read_bytes()
    path.write_bytes(b"khong phai co so du lieu" * 1000)
    ran = ntm.run("status")
    assert ran.code == 2, ran
    assert is_sentence(ran.err)
    path.write_bytes(held)
    assert ntm.ask("verify")["ok"] is True
