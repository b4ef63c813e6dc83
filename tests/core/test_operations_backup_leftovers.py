"""What a killed backup leaves is cleaned up; a drive that cannot hold the file is named before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ntm_desktop.errors import StorageFailed
from ntm_desktop.exchange import drives
from ntm_desktop.operations import backup_file, safety, setup
from ntm_desktop.operations.workspace import Workspace, open_workspace

UNIT = "03390"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = setup.create(
        tmp_path / "dữ liệu",
        unit_code=UNIT,
        role="commune",
        catalogue_id="xa-ntm-2021-2025",
        year=2024,
        region="tdmnpb",
    )
    made.close()
    return made


def test_the_copy_of_a_killed_backup_is_removed_at_the_next_opening(workspace: Workspace) -> None:
    left = workspace.folder / "ntm-backup-k1ll3d"
    left.mkdir()
    (left / "ntm.sqlite3").write_bytes(b"x" * 4096)
    mine = workspace.folder / "ntm-backup-note.txt"  # a file of somebody's: stays
    mine.write_text("x", encoding="utf-8")
    with open_workspace(workspace.folder):
        assert not left.exists()
        assert mine.exists()


def test_partial_backups_in_the_target_are_removed(workspace: Workspace, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    (usb / f"ntm-{UNIT}-20240101-000000.ntmbackup.partial").write_bytes(b"half")
    (usb / "ảnh.partial").write_bytes(b"not ours")
    with open_workspace(workspace.folder) as opened:
        made = safety.backup(opened, usb)
    assert {file.name for file in usb.iterdir()} == {made.path.name, "ảnh.partial"}


def test_a_drive_that_takes_no_large_file_is_named_before_writing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = tmp_path / "usb"
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sdb1 {str(tmp_path).replace(' ', chr(92) + '040')} vfat rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(drives, "_MOUNTS", mounts)
    monkeypatch.setattr(drives, "FAT_LARGEST", 1 << 20)  # as if the data were 4 GiB
    with open_workspace(workspace.folder) as opened:
        with pytest.raises(StorageFailed, match="FAT32"):
            safety.backup(opened, usb)
        assert list(usb.iterdir()) == []
        mounts.write_text(f"/dev/sdb1 {tmp_path} exfat rw 0 0\n", encoding="utf-8")
        assert safety.backup(opened, usb).path.is_file()


def test_a_backup_tells_whether_it_holds_keys(workspace: Workspace, tmp_path: Path) -> None:
    with open_workspace(workspace.folder) as opened:
        bare = safety.backup(opened, tmp_path / "bare").path
        keyed = safety.backup(opened, tmp_path / "keyed", passphrase="bốn từ thật là dài").path
    assert not backup_file.holds_keys(bare)
    assert backup_file.holds_keys(keyed)
