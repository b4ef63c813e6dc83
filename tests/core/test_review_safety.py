"""Damage, interruption and second programs: nothing is lost, nothing is made up, and the sentence says what to do."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from ntm_desktop.errors import StorageFull, WorkspaceBusy, WorkspaceDamaged
from ntm_desktop.evidence import BlobStore
from ntm_desktop.operations import evidence, setup
from ntm_desktop.operations.workspace import Role, Workspace, hold, open_workspace
from tests.core.command_line import COMMUNE, NATIONAL, Ntm, blobs, content, database, new, run

DATABASE = "ntm.sqlite3"


def with_evidence(tmp_path: Path) -> tuple[Ntm, Path]:
    """A commune with one piece of evidence, and where its content lies."""
    commune = new(tmp_path / "xã")
    (tmp_path / "báo cáo.txt").write_text("xin chào", encoding="utf-8")
    (added,) = commune.ask("evidence", "add", tmp_path / "báo cáo.txt", "--indicator", "17.1")["added"]
    held = commune.folder / "blobs" / added["sha256"][:2] / added["sha256"]
    return commune, held


def test_an_empty_database_is_damage_and_stays_as_it_is(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    (commune.folder / DATABASE).write_bytes(b"")
    with pytest.raises(WorkspaceDamaged):
        open_workspace(commune.folder)
    assert (commune.folder / DATABASE).read_bytes() == b""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change SET value = '{' WHERE entity = 'result'",
        "UPDATE change SET overwrites = '[1]' WHERE entity = 'result'",
        "UPDATE result SET value = '{\"percent'",
        "UPDATE evidence SET file = 'x'",
    ],
)
def test_verify_names_text_that_cannot_be_read(tmp_path: Path, statement: str) -> None:
    commune, _held = with_evidence(tmp_path)
    commune.ask("result", "set", "17.1", "--value", "70")
    with database(commune.folder) as connection:
        assert connection.execute(statement).rowcount == 1
        connection.commit()
    ran = commune.run("verify")
    assert ran.code == 2
    assert "17.1" in ran.err or "evidence" in ran.err or "4" in ran.err


def test_a_damaged_file_is_named_and_does_not_keep_the_rest_from_being_backed_up(tmp_path: Path) -> None:
    commune, held = with_evidence(tmp_path)
    whole = held.read_bytes()
    held.chmod(0o644)
    held.write_bytes(whole.replace(b"xin", b"XIN"))
    ran = commune.run("--json", "backup", "--out", tmp_path / "sao lưu")
    assert "báo cáo.txt" in ran.err
    made = json.loads(ran.out)
    assert made["left"] == ["báo cáo.txt"]
    Ntm(tmp_path / "từ bản sao").ask("restore", made["path"])
    commune.ask("evidence", "add", tmp_path / "báo cáo.txt", "--indicator", "17.1")
    assert held.read_bytes() == whole
    assert commune.ask("backup", "--out", tmp_path / "sao lưu khác")["left"] == []


def test_a_damaged_set_hides_no_other_commune_and_is_mended_by_the_package(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    made = commune.ask("package", "export", "--out", tmp_path / "usb", "--plain")
    office = Ntm(tmp_path / "cơ quan")
    office.ask("init", "--unit", "12", "--role", "office")
    office.ask("package", "import", made["path"])
    whole = office.ask("office", "list")
    (held,) = (path for path in (office.folder / "blobs").glob("??/*"))
    text = held.read_bytes()
    held.chmod(0o644)
    held.write_bytes(text[:100])
    (row,) = office.ask("office", "list")
    assert (row["unit"], row["total"]) == (whole[0]["unit"], 0)
    office.ask("package", "import", made["path"])
    assert held.read_bytes() == text
    assert office.ask("office", "list") == whole


def test_an_exported_copy_that_was_changed_is_written_anew(tmp_path: Path) -> None:
    commune, _held = with_evidence(tmp_path)
    (copy,) = commune.ask("evidence", "export", tmp_path / "chép")
    Path(copy).write_text("XIN CHÀO", encoding="utf-8")
    assert commune.ask("evidence", "export", tmp_path / "chép") == [copy]
    assert Path(copy).read_text(encoding="utf-8") == "xin chào"


def test_what_a_killed_program_left_is_not_played_into_a_restored_workspace(tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    commune.ask("result", "set", "17.1", "--value", "70")
    commune.ask("backup", "--out", tmp_path / "sao lưu")
    (backup,) = (tmp_path / "sao lưu").iterdir()
    (tmp_path / "mới").mkdir()
    for name in (f"{DATABASE}-journal", f"{DATABASE}.partial-journal"):
        shutil.copyfile(_hot_journal(commune.folder / DATABASE, tmp_path), tmp_path / "mới" / name)
    restored = Ntm(tmp_path / "mới")
    restored.ask("restore", backup)
    assert restored.result("17.1")["value"] == {"percent": "70"}
    assert restored.ask("verify")["ok"] is True


def _hot_journal(source: Path, folder: Path) -> Path:
    """The journal of a transaction that was under way when the power went, taken from a copy of a database."""
    copy = folder / "bản chép.sqlite3"
    shutil.copyfile(source, copy)
    connection = sqlite3.connect(copy, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE change SET user = user || 'x'")
    connection.execute("UPDATE result SET value = NULL")
    connection.execute("CREATE TABLE big (content)")
    connection.executemany("INSERT INTO big VALUES (randomblob(500))", [()] * 3000)
    kept = folder / "nhật ký dở"
    shutil.copyfile(f"{copy}-journal", kept)
    connection.close()
    return kept


def test_a_workspace_that_could_not_be_filled_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise StorageFull("Ổ đĩa đã đầy.")

    with monkeypatch.context() as broken:
        broken.setattr(setup, "add_assessment", full)
        with pytest.raises(StorageFull):
            setup.create(tmp_path / "xã", unit_code=COMMUNE, role=Role.COMMUNE, catalogue_id=NATIONAL, year=2024)
    assert not (tmp_path / "xã" / DATABASE).exists()
    new(tmp_path / "xã")


def test_nothing_is_created_or_restored_where_another_program_is_at_work(tmp_path: Path) -> None:
    new(tmp_path / "xã").ask("backup", "--out", tmp_path / "sao lưu")
    (backup,) = (tmp_path / "sao lưu").iterdir()
    lock = hold(tmp_path / "mới")
    try:
        with pytest.raises(WorkspaceBusy):
            setup.create(tmp_path / "mới", unit_code=COMMUNE, role=Role.COMMUNE)
        assert run("--workspace", tmp_path / "mới", "restore", backup).code == 2
    finally:
        lock.release()
    assert [path.name for path in (tmp_path / "mới").iterdir()] in ([], ["lock"])


def test_a_forged_backup_takes_no_evidence_of_the_folder_away(tmp_path: Path) -> None:
    """An entry under another name than its content: that content may lie in the folder already."""
    commune, held = with_evidence(tmp_path)
    (tmp_path / "hai.txt").write_text("tệp khác", encoding="utf-8")
    commune.ask("evidence", "add", tmp_path / "hai.txt", "--indicator", "17.1")
    commune.ask("backup", "--out", tmp_path / "sao lưu")
    (backup,) = (tmp_path / "sao lưu").iterdir()
    folder = tmp_path / "còn minh chứng"
    shutil.copytree(commune.folder / "blobs", folder / "blobs")
    before = blobs(folder)
    forged = tmp_path / "giả.ntmbackup"
    with zipfile.ZipFile(backup) as whole, zipfile.ZipFile(forged, "w") as archive:
        other = next(name for name in whole.namelist() if name.startswith("blobs/") and held.name not in name)
        for name in whole.namelist():
            archive.writestr(name, whole.read(f"blobs/{held.name}" if name == other else name))
    (folder / "blobs" / other.split("/")[1][:2] / other.split("/")[1]).chmod(0o644)
    (folder / "blobs" / other.split("/")[1][:2] / other.split("/")[1]).unlink()
    assert run("--workspace", folder, "restore", forged).code == 2
    assert {Path(name).name for name in blobs(folder)} == {Path(name).name for name in before} - {other.split("/")[1]}


def test_files_of_an_addition_that_failed_leave_the_store(tmp_path: Path) -> None:
    """The first file is in when the disk is found full at the second: nothing names it, so it goes again."""
    commune, held = with_evidence(tmp_path)
    before = content(commune.folder)
    files = [tmp_path / "báo cáo.txt", tmp_path / "một.txt", tmp_path / "hai.txt"]
    files[1].write_text("một", encoding="utf-8")
    files[2].write_text("hai", encoding="utf-8")
    asked: list[Path] = []

    def free(folder: Path) -> int:
        asked.append(folder)
        return 0 if len(asked) > 2 else 1 << 40

    with Workspace(commune.folder) as workspace:
        workspace.blobs = BlobStore(commune.folder / "blobs", free)
        with pytest.raises(StorageFull):
            evidence.add_files(workspace, "", files, ["17.1"])
    assert len(asked) == 3
    assert content(commune.folder) == before
    assert held.is_file()


def test_a_removed_file_that_is_added_again_proves_only_what_is_said_now(tmp_path: Path) -> None:
    commune, _held = with_evidence(tmp_path)
    (item,) = commune.ask("evidence", "list")
    commune.ask("evidence", "remove", item["evidence_id"])
    (added,) = commune.ask("evidence", "add", tmp_path / "báo cáo.txt", "--indicator", "5")["added"]
    assert added["indicators"] == ["5"]
    commune.ask("evidence", "add", tmp_path / "báo cáo.txt", "--indicator", "17.1")
    (item,) = commune.ask("evidence", "list")
    assert item["indicators"] == ["17.1", "5"]
