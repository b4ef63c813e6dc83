"""A stick that is full, pulled out, faulty or read-only never shows a package that looks complete and is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_desktop.errors import PackageRefused, StorageFailed, StorageFull, WorkspaceDamaged
from ntm_desktop.exchange import LIMITS, PackagePlan, PlannedBlob, drives, read_package
from ntm_desktop.model.changes import Change
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Cancelled, Silent
from tests.core.exchange_samples import (
    DEVICE,
    OFFICE_KEYS,
    journal,
    recipient,
    sample_plan,
    write_one,
)

NAME = "02875-xa-son-binh-20241120-0003-f1d6.ntmpkg"
ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


@pytest.fixture
def plan(tmp_path: Path) -> PackagePlan:
    return sample_plan(tmp_path / "blobs")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB của xã"
    folder.mkdir()
    return folder


class StopsAt(Silent):
    """Cancels at the n-th report."""

    def __init__(self, reports: int) -> None:
        self.left = reports

    def advance(self, amount: int = 1, note: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


class Damages(Silent):
    """Changes a byte on the stick between writing and reading back."""

    def __init__(self, stick: Path, at: float) -> None:
        self.stick, self.at, self.stage = stick, at, 0

    def start(self, title: str, total: int, unit: str = "") -> None:
        self.stage += 1
        if self.stage == 2:
            path = self.stick / (NAME + ".partial")
            content = bytearray(path.read_bytes())
            content[int(len(content) * self.at)] ^= 4
            path.write_bytes(content)


def test_cancelling_anywhere_leaves_nothing(plan: PackagePlan, stick: Path) -> None:
    reports = 0
    while True:
        try:
            write_one(plan, stick, progress=StopsAt(reports))
            break
        except Cancelled:
            assert list(stick.iterdir()) == []
        reports += 1
    assert reports > 15
    assert [path.name for path in stick.iterdir()] == [NAME]


@pytest.mark.parametrize("at", [0.3, 0.6, 0.7, 0.8])
def test_a_stick_that_stores_something_else_is_found_out(plan: PackagePlan, stick: Path, at: float) -> None:
    with pytest.raises(StorageFailed, match="đọc lại"):
        write_one(plan, stick, progress=Damages(stick, at))
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("at", [0.01, 0.3, 0.6, 0.9])
def test_a_sealed_package_is_read_back_without_any_key(tmp_path: Path, stick: Path, at: float) -> None:
    plan = sample_plan(tmp_path / "b", recipients=(recipient(OFFICE_KEYS),), recovery=True)
    with pytest.raises(StorageFailed, match="đọc lại"):
        write_one(plan, stick, progress=Damages(stick, at))
    assert list(stick.iterdir()) == []


class DamagesTheEnd(Damages):
    """Changes the byte that was written last, again and again: recovery data in the end."""

    def advance(self, amount: int = 1, note: str = "") -> None:
        path = self.stick / (NAME + ".partial")
        if self.stage == 2 and amount == 0 and path.exists():
            with open(path, "r+b") as stream:
                stream.seek(-1, os.SEEK_END)
                [last] = stream.read(1)
                stream.seek(-1, os.SEEK_END)
                stream.write(bytes([last ^ 4]))

    def start(self, title: str, total: int, unit: str = "") -> None:
        self.stage += 1


def test_recovery_data_are_read_back_too(tmp_path: Path, stick: Path) -> None:
    pytest.importorskip("reed_solomon_leopard")
    with pytest.raises(StorageFailed, match="đọc lại"):
        write_one(sample_plan(tmp_path / "b", recovery=True), stick, progress=DamagesTheEnd(stick, 0))
    assert list(stick.iterdir()) == []


class TakesTheName(Damages):
    """Puts a folder where the package is to appear, while it is written."""

    def start(self, title: str, total: int, unit: str = "") -> None:
        self.stage += 1
        if self.stage == 1:
            (self.stick / NAME).mkdir()
            (self.stick / NAME / "x").touch()


def test_a_rename_that_fails_leaves_nothing(plan: PackagePlan, stick: Path) -> None:
    with pytest.raises(StorageFailed, match="Không ghi được"):
        write_one(plan, stick, progress=TakesTheName(stick, 0))
    assert [path.name for path in stick.iterdir()] == [NAME] and (stick / NAME).is_dir()


def test_too_little_space_is_told_before_writing(plan: PackagePlan, stick: Path) -> None:
    with pytest.raises(StorageFull, match=r"cần 1,0 MB, chỉ còn 98 KB"):
        write_one(plan, stick, free_space=lambda _folder: 100_000)
    assert list(stick.iterdir()) == []


def test_a_taken_name_is_kept(plan: PackagePlan, stick: Path) -> None:
    (stick / NAME).write_bytes(b"kept")
    with pytest.raises(StorageFailed, match="đã có tệp"):
        write_one(plan, stick)
    assert (stick / NAME).read_bytes() == b"kept"
    write_one(plan, stick, overwrite=True)
    read_package(stick / NAME).close()


def test_a_failed_overwrite_keeps_the_old_package(plan: PackagePlan, stick: Path) -> None:
    old = write_one(plan, stick).path.read_bytes()
    with pytest.raises(Cancelled):
        write_one(replace(plan, device_name="Máy khác"), stick, progress=StopsAt(6), overwrite=True)
    assert [(path.name, path.read_bytes()) for path in stick.iterdir()] == [(NAME, old)]


def test_leftovers_of_earlier_tries_go(plan: PackagePlan, stick: Path) -> None:
    for name in (NAME + ".partial", "02875-cũ.ntmpkg.partial", "thư của tôi.partial", "khác.ntmpkg"):
        (stick / name).write_bytes(b"x")
    write_one(plan, stick)
    assert {path.name for path in stick.iterdir()} == {NAME, "thư của tôi.partial", "khác.ntmpkg"}


@posix
def test_a_link_left_under_the_partial_name_is_not_followed(plan: PackagePlan, stick: Path, tmp_path: Path) -> None:
    victim = tmp_path / "quan trọng.txt"
    victim.write_text("giữ", encoding="utf-8")
    (stick / (NAME + ".partial")).symlink_to(victim)
    write_one(plan, stick)
    assert victim.read_text(encoding="utf-8") == "giữ"


@pytest.mark.parametrize("fate", ["missing", "shorter", "longer", "other", "folder"])
def test_evidence_that_is_not_what_its_hash_says_stops_the_export(plan: PackagePlan, stick: Path, fate: str) -> None:
    path = plan.blobs[2].path
    content = path.read_bytes()
    path.unlink()
    if fate == "folder":
        path.mkdir()
    elif fate != "missing":
        path.write_bytes({"shorter": content[:-1], "longer": content + b"x", "other": b"x" + content[1:]}[fate])
    with pytest.raises(WorkspaceDamaged, match=r"minh chứng thứ 3 \(ảnh «ảnh 2\.jpg»\)"):
        write_one(plan, stick)
    assert list(stick.iterdir()) == []


def test_a_missing_folder_is_a_pulled_stick(plan: PackagePlan, stick: Path) -> None:
    with pytest.raises(StorageFailed, match="rút ra"):
        write_one(plan, stick / "không có")
    with pytest.raises(StorageFailed):
        write_one(plan, plan.blobs[0].path)


def test_a_journal_with_a_hole_is_not_sent(plan: PackagePlan, stick: Path) -> None:
    changes: list[Change] = journal(5)
    for broken in (changes[:2] + changes[3:], [*changes[:4], replace(changes[4], previous_hash="0" * 64)]):
        with pytest.raises(WorkspaceDamaged, match="không liền mạch"):
            write_one(replace(plan, changes=broken, vector_to={DEVICE: 5}, blobs=()), stick)
    foreign = [replace(changes[0], unit="01234")]
    with pytest.raises(WorkspaceDamaged):
        write_one(replace(plan, changes=foreign, vector_to={DEVICE: 1}), stick)
    assert list(stick.iterdir()) == []


def test_more_than_a_package_may_hold_is_refused_at_once(plan: PackagePlan, stick: Path) -> None:
    with pytest.raises(PackageRefused, match="quá nhiều"):
        write_one(replace(plan, changes=[plan.changes[0]] * (LIMITS.changes + 1)), stick)
    catalogues = tuple(PlannedBlob(BlobRef(f"{n:064x}", 1, "application/json"), stick) for n in range(101))
    with pytest.raises(PackageRefused, match="quá nhiều"):
        write_one(replace(plan, catalogues=catalogues), stick)
    [long] = journal(1, values=["x" * LIMITS.change_bytes])
    with pytest.raises(PackageRefused, match="quá nhiều"):
        write_one(replace(plan, changes=[long], vector_to={DEVICE: 1}), stick)
    assert list(stick.iterdir()) == []


def child(stick: Path, tmp_path: Path, prelude: str, progress: str = "None") -> subprocess.CompletedProcess[str]:
    """Write the sample package in a process of its own."""
    code = f"""
        import os, resource, signal, sys
        from pathlib import Path
        from ntm_desktop.model.progress import Silent
        from tests.core.exchange_samples import sample_plan, write_one
        {prelude}
        plan = sample_plan(Path({str(tmp_path / "of the child")!r}))
        write_one(plan, Path({str(stick)!r}), progress={progress})
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@posix
@pytest.mark.parametrize("limit", [100, 5000, 9000])
def test_a_write_that_fails_halfway_leaves_nothing(stick: Path, tmp_path: Path, limit: int) -> None:
    """The system refuses a file larger than ``limit`` as FAT32 refuses one of 4 GiB."""
    set_limit = (
        f"plan = sample_plan(Path({str(tmp_path / 'of the child')!r})); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY)); "
        "globals().__setitem__('sample_plan', lambda _folder: plan)"
    )
    done = child(stick, tmp_path, set_limit)
    assert "StorageFailed" in done.stderr and "4 GB" in done.stderr
    assert list(stick.iterdir()) == []


@posix
@pytest.mark.parametrize("reports", [0, 3, 7, 10, 14])
def test_a_killed_export_shows_no_package(stick: Path, tmp_path: Path, plan: PackagePlan, reports: int) -> None:
    killer = (
        "Killer = type('Killer', (Silent,), {'left': "
        f"{reports}, 'advance': lambda self, amount=1, note='': "
        "setattr(self, 'left', self.left - 1) or (self.left < 0 and os.kill(os.getpid(), signal.SIGKILL))})"
    )
    done = child(stick, tmp_path, killer, "Killer()")
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in stick.iterdir()] == [NAME + ".partial"]
    write_one(plan, stick)
    assert [path.name for path in stick.iterdir()] == [NAME]


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is asked of /proc")
def test_memory_stays_flat_sealed_and_with_recovery_data(stick: Path, tmp_path: Path) -> None:
    """The peak of a process that writes and reads 80 MB, in MB; the interpreter and its libraries are 30 of them."""
    code = f"""
        import hashlib, os
        from dataclasses import replace
        from pathlib import Path
        from ntm_desktop.exchange import PlannedBlob, read_package
        from ntm_desktop.model.evidence import BlobRef
        from tests.core.exchange_samples import OFFICE_KEYS, recipient, sample_plan, unlock, write_one
        path = Path({str(tmp_path / "large")!r})
        digest = hashlib.sha256()
        with open(path, "wb") as stream:
            for _ in range(80):
                piece = os.urandom(2**20)
                digest.update(piece)
                stream.write(piece)
        plan = sample_plan(path.parent / "b", recipients=(recipient(OFFICE_KEYS),), recovery=True)
        blob = PlannedBlob(BlobRef(digest.hexdigest(), 80 * 2**20, "video/mp4"), path)
        written = write_one(replace(plan, blobs=(blob,)), Path({str(stick)!r}))
        read_package(written.path, unlock(OFFICE_KEYS)).close()
        with read_package(written.path, unlock(OFFICE_KEYS), verify_blobs=False) as package:
            with package.open(blob.ref) as stream:
                while stream.read(2**20):
                    pass
        [peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
        print(peak)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 100 * 1024


@posix
def test_a_read_only_folder_is_named(plan: PackagePlan) -> None:
    with pytest.raises(StorageFailed):
        write_one(plan, Path("/proc/self"), free_space=lambda _folder: 2**40)


def test_only_fat_is_fat() -> None:
    table = (
        "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/Xã\\040A vfat rw 0 0\n/dev/sdc1 /media/B exfat rw 0 0\nbad line\n"
    )
    assert drives.mounted_as(Path("/media/Xã A/gói"), table) == "vfat"
    assert drives.mounted_as(Path("/media/B"), table) == "exfat"
    assert drives.mounted_as(Path("/media/Xã Ab"), table) == "ext4"
    assert drives.mounted_as(Path("/x"), "") == ""
    assert not drives.is_fat(Path(os.sep))


def test_what_can_be_taken_out(tmp_path: Path) -> None:
    """Block devices as the system shows them: a stick, a hard disk at a USB port, a card reader's card, a built-in."""
    devices = tmp_path / "class"
    devices.mkdir()
    for name, place, removable in (
        ("sdb1", "devices/pci0/usb2/2-1/block/sdb/sdb1", "1"),
        ("sdc1", "devices/pci0/usb2/2-2/block/sdc/sdc1", "0"),
        ("mmcblk0p1", "devices/pci0/mmc0/block/mmcblk0/mmcblk0p1", "1"),
        ("sr0", "devices/pci0/ata2/block/sr0", "1"),
        ("sda1", "devices/pci0/ata1/block/sda/sda1", "0"),
        ("dm-0", "devices/virtual/block/dm-0", "0"),
    ):
        device = tmp_path / place
        device.mkdir(parents=True)
        whole = device if name in ("sr0", "dm-0") else device.parent
        (whole / "removable").write_text(removable + "\n", encoding="ascii")
        (devices / name).symlink_to(device, target_is_directory=True)
    found = {path.name for path in devices.iterdir() if drives._is_removable_device(path.name, devices)}
    assert found == {"sdb1", "sdc1", "mmcblk0p1", "sr0"}
    assert not drives._is_removable_device("không có", devices)
    assert drives.mounted_from(Path("/media/Xã A"), "/dev/sdb1 /media/Xã\\040A vfat rw 0 0\n") == ("/dev/sdb1", "vfat")
    assert drives.is_removable(tmp_path) in (True, False)
