"""Damaged packages: mended by their recovery data and said so, or taken in part where the person asks for it."""

from __future__ import annotations

import errno
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.errors import PackageDamaged, PackageRefused, PackageUntrusted
from ntm_desktop.exchange import LIMITS, Package, PackagePlan, read_package
from ntm_desktop.exchange.streams import Medium
from tests.core.exchange_samples import OFFICE_KEYS, forged, parts_of, recipient, sample_plan, unlock, write_one, zipped
from tests.core.package_forger import borders

SEALED = {"recipients": (recipient(OFFICE_KEYS),)}
FILES = 4


@pytest.fixture(scope="module", params=["plain", "sealed"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PackagePlan:
    sealing: dict[str, Any] = SEALED if request.param == "sealed" else {}
    return sample_plan(tmp_path_factory.mktemp("p") / "blobs", changes=12, files=FILES, size=3000, **sealing)


@pytest.fixture
def path(plan: PackagePlan, tmp_path: Path) -> Path:
    return write_one(plan, tmp_path).path


@pytest.fixture
def mendable(plan: PackagePlan, tmp_path: Path) -> Path:
    pytest.importorskip("reed_solomon_leopard")
    (tmp_path / "có phục hồi").mkdir()
    return write_one(replace(plan, recovery=True), tmp_path / "có phục hồi").path


def opened(path: Path, salvage: bool = False, verify_blobs: bool = True) -> Package:
    return read_package(path, unlock(OFFICE_KEYS), salvage=salvage, verify_blobs=verify_blobs)


def damage(path: Path, change: Callable[[bytearray], None]) -> bytes:
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)
    return bytes(content)


def place(content: bytes, name: str) -> tuple[int, int]:
    """Where the bytes of an entry begin and end; the name without ``.age``."""
    return next((start, end) for found, start, end, _extra in borders(content) if found.removesuffix(".age") == name)


def whole(package: Package, plan: PackagePlan, without: tuple[int, ...] = ()) -> bool:
    """The changes are there, and every evidence file but some (by their order) has its content."""
    wanted = [each for number, each in enumerate(plan.blobs) if number not in without]
    assert package.blobs == tuple(each.ref for each in wanted)
    for each in (*wanted, *plan.catalogues):
        with package.open(each.ref) as stream:
            assert stream.read() == each.path.read_bytes()
    return package.changes == tuple(plan.changes)


# --- mending ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["header.json", "manifest", "changes.jsonl.zst", "e/0002", "catalogs/0001"])
@pytest.mark.parametrize("verify_blobs", [True, False])
def test_damage_anywhere_is_mended_and_told(mendable: Path, plan: PackagePlan, name: str, verify_blobs: bool) -> None:
    content = mendable.read_bytes()
    full = next(each for each, *_rest in borders(content) if each.startswith(name))
    start, end = place(content, full.removesuffix(".age"))

    def lose(content: bytearray) -> None:
        content[start + 3 : end - 1] = bytes(end - 1 - start - 3)

    damage(mendable, lose)
    with opened(mendable, verify_blobs=verify_blobs) as package:
        if not verify_blobs and name.startswith("e/"):  # met by who copies it, who then has it mended
            assert not package.repaired
            assert package.mend() and not package.mend()
        assert full in package.repaired and not package.recovery_damaged and not package.damaged
        assert whole(package, plan)


def test_the_beginning_of_the_file_is_mended(mendable: Path, plan: PackagePlan) -> None:
    """The first sectors hold the directory of many a stick: not even the first signature is left."""
    damage(mendable, lambda content: content.__setitem__(slice(0, 8192), bytes(8192)))
    with opened(mendable) as package:
        assert {"header.json", "e/0001"} <= {name.removesuffix(".age") for name in package.repaired}
        assert whole(package, plan)


@pytest.mark.parametrize("at", [0.02, 0.3, 0.9999])
def test_damage_to_recovery_data_alone_is_told(mendable: Path, plan: PackagePlan, at: float) -> None:
    start, end = place(mendable.read_bytes(), "recovery")
    where = int(start + (end - 1 - start) * at)
    damage(mendable, lambda content: content.__setitem__(where, content[where] ^ 1))
    for verify_blobs in (True, False):
        with opened(mendable, verify_blobs=verify_blobs) as package:
            assert package.recovery_damaged and not package.repaired and whole(package, plan)


def test_every_byte_of_the_end_of_a_mendable_package_counts(mendable: Path) -> None:
    content = mendable.read_bytes()
    start, _end = place(content, "recovery")
    local, (_first, after) = start - 30 - len("recovery"), place(content, "recovery")
    chance = random.Random(5)
    for at in [*range(local, start), *range(after, len(content)), *chance.sample(range(start, after), 60)]:
        mendable.write_bytes(content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :])
        with opened(mendable, verify_blobs=False) as package:
            assert package.recovery_damaged, at


@pytest.mark.parametrize("left", ["directory", "half of recovery", "no recovery"])
def test_a_cut_end_is_told_and_everything_taken(mendable: Path, plan: PackagePlan, left: str) -> None:
    content = mendable.read_bytes()
    start, end = place(content, "recovery")
    size = {"directory": end, "half of recovery": (start + end) // 2, "no recovery": start - 38}[left]
    mendable.write_bytes(content[:size])
    with opened(mendable) as package:
        assert package.recovery_damaged and whole(package, plan)
    mendable.write_bytes(content + b"more")
    with opened(mendable) as package:
        assert package.recovery_damaged and whole(package, plan)


def test_removed_recovery_data_are_missed(mendable: Path, plan: PackagePlan) -> None:
    """Nobody can take the recovery data out of a package without its telling so, whatever the container says."""
    content = mendable.read_bytes()
    padding = next(extra for name, _s, _e, extra in borders(content) if name.startswith("manifest")) - 4
    mendable.write_bytes(zipped(parts_of(content)[:-1], padding))
    with opened(mendable) as package:
        assert package.recovery_damaged and whole(package, plan)


def test_other_recovery_data_mend_nothing(mendable: Path, plan: PackagePlan, tmp_path: Path) -> None:
    """Recovery data are trusted in nothing: those of another package of equal size make no package of it."""
    content = bytearray(mendable.read_bytes())
    start, end = place(bytes(content), "recovery")
    content[start:end] = random.Random(3).randbytes(end - start)
    first, _end = place(bytes(content), "e/0001")
    content[first] ^= 1
    mendable.write_bytes(content)
    with pytest.raises(PackageDamaged, match=r"ảnh 0\.jpg") as caught:
        opened(mendable)
    assert caught.value.salvageable


def test_places_that_do_not_answer_are_mended(
    mendable: Path, plan: PackagePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad sector is an error of the system, not another byte."""
    start, _end = place(mendable.read_bytes(), "e/0003")
    reads = Medium.read_into

    def failing(self: Medium, at: int, view: memoryview) -> int:
        if type(self) is Medium and at <= start < at + len(view):
            raise OSError(errno.EIO, "bad sector")
        return reads(self, at, view)

    monkeypatch.setattr(Medium, "read_into", failing)
    with opened(mendable) as package:
        assert package.repaired and whole(package, plan)


# --- salvage ------------------------------------------------------------------------------------------------------


def test_what_is_lost_is_named_and_the_rest_is_taken(path: Path, plan: PackagePlan) -> None:
    for name in ("e/0002", "e/0004"):
        start, end = place(path.read_bytes(), name)
        damage(path, lambda content, start=start, end=end: content.__setitem__(slice(start, end), bytes(end - start)))  # type: ignore[misc]
    with pytest.raises(PackageDamaged) as caught:
        opened(path)
    assert caught.value.files == ("ảnh 1.jpg", "ảnh 3.jpg") and caught.value.salvageable
    with opened(path, salvage=True) as package:
        assert [package.file_name(entry.sha256) for entry in package.damaged] == ["ảnh 1.jpg", "ảnh 3.jpg"]
        assert whole(package, plan, without=(1, 3))
        with pytest.raises(KeyError):
            package.open(plan.blobs[1].ref)


def test_salvaging_a_whole_package_takes_everything(path: Path, plan: PackagePlan) -> None:
    with opened(path, salvage=True) as package:
        assert not package.damaged and whole(package, plan)


def test_a_lost_directory_a_cut_end_and_more_bytes_do_not_matter(path: Path, plan: PackagePlan) -> None:
    content = path.read_bytes()
    _start, end = place(content, "catalogs/0001")
    for changed in (content[:end], content[:-3], content + b"PK\x05\x06" + bytes(90), content[:-100] + bytes(100)):
        path.write_bytes(changed)
        with pytest.raises(PackageDamaged) as caught:
            opened(path)
        assert caught.value.salvageable
        with opened(path, salvage=True) as package:
            assert not package.damaged and whole(package, plan)
    third, _end = place(content, "e/0003")
    path.write_bytes(content[: third + 5])
    with opened(path, salvage=True) as package:
        assert [entry.name.removesuffix(".age") for entry in package.damaged] == ["e/0003", "e/0004", "catalogs/0001"]
        assert package.blobs == tuple(each.ref for each in plan.blobs[:2])


@pytest.mark.parametrize("before", ["header.json", "manifest", "changes", "e/0001", "e/0003", "catalogs/0001"])
def test_moved_entries_are_found(path: Path, plan: PackagePlan, before: str) -> None:
    """Bytes that came in between (a lost cluster's place taken by another file), and bytes that went."""
    content = path.read_bytes()
    name, start = next((name, start) for name, start, *_rest in borders(content) if name.startswith(before))
    extra = next(extra for found, _start, _end, extra in borders(content) if found == name)
    local = start - extra - 30 - len(name)
    path.write_bytes(content[:local] + random.Random(1).randbytes(4096) + content[local:])
    with pytest.raises(PackageRefused):
        opened(path)
    with opened(path, salvage=True) as package:
        assert not package.damaged and whole(package, plan)


def test_bytes_that_went_cost_one_file(path: Path, plan: PackagePlan) -> None:
    start, _end = place(path.read_bytes(), "e/0002")
    damage(path, lambda content: content.__delitem__(slice(start + 10, start + 50)))
    with opened(path, salvage=True) as package:
        assert whole(package, plan, without=(1,))


def test_a_header_of_a_moved_entry_that_is_lost_too(path: Path, plan: PackagePlan) -> None:
    """Moved, and no local header left to be found by: it stands right after the one before it."""
    content = path.read_bytes()
    name = next(name for name, *_rest in borders(content) if name.startswith("e/0002"))
    before = len(name) + 30
    second = place(content, "e/0002")[0] - before
    content = content[:second] + bytes(before) + content[second + before :]
    first = place(content, "e/0001")[0] - before
    path.write_bytes(content[:first] + bytes(100) + content[first:])
    with opened(path, salvage=True) as package:
        assert not package.damaged and whole(package, plan)


@pytest.mark.parametrize("name", ["header.json", "manifest", "changes.jsonl.zst"])
def test_what_must_be_whole(path: Path, name: str) -> None:
    content = path.read_bytes()
    start = next(start for found, start, *_rest in borders(content) if found.startswith(name))
    damage(path, lambda content: content.__setitem__(start + 30, content[start + 30] ^ 1))
    for salvage in (False, True):
        with pytest.raises(PackageRefused) as caught:
            opened(path, salvage=salvage)
        assert not getattr(caught.value, "salvageable", False)


def test_salvage_believes_no_more_than_reading_does(path: Path, plan: PackagePlan) -> None:
    if plan.sealed:
        pytest.skip("forged in the clear")
    content = path.read_bytes()
    path.write_bytes(forged(content, edit_header=lambda header: header.update(sequence=4), signer=None))
    with pytest.raises(PackageUntrusted):
        opened(path, salvage=True)
    other = [(name, b"other" if name == "e/0001" else data) for name, data in parts_of(content)]
    path.write_bytes(zipped(other))
    with opened(path, salvage=True) as package:
        assert whole(package, plan, without=(0,))


def test_many_false_headers_cost_little(path: Path, plan: PackagePlan) -> None:
    content = path.read_bytes()
    name = "e/0002" + (".age" if plan.sealed else "")
    start, end = place(content, "e/0002")
    decoy = content[start - 30 - len(name) : start]
    path.write_bytes(content[:start] + bytes(end - start) + content[end:] + decoy * 100_000)
    begun = time.monotonic()
    with opened(path, salvage=True) as package:
        assert len(package.damaged) == 1
    assert time.monotonic() - begun < 20
    # More decoys before the true one than places are tried: it counts as lost.
    local = start - 30 - len(name)
    path.write_bytes(content[:local] + decoy * (LIMITS.found + 1) + b"x" + content[local:])
    with opened(path, salvage=True) as package:
        assert [entry.name for entry in package.damaged] == [name]
    path.write_bytes(content[:local] + decoy * (LIMITS.found - 1) + b"x" + content[local:])
    with opened(path, salvage=True) as package:
        assert not package.damaged


def test_salvage_takes_what_recovery_data_cannot_mend_wholly(tmp_path: Path) -> None:
    """Too much is lost for the parity; what could be read is taken, and nothing else."""
    pytest.importorskip("reed_solomon_leopard")
    plan = sample_plan(tmp_path / "blobs", changes=12, files=8, size=2_000_000, recovery=True)
    path = write_one(plan, tmp_path).path
    content = path.read_bytes()
    lost = [number for number in range(1, 9) if number % 3]
    for number in lost:
        start, end = place(content, f"e/{number:04d}")
        content = content[:start] + bytes(end - start) + content[end:]
    path.write_bytes(content)
    with pytest.raises(PackageDamaged) as caught:
        opened(path)
    assert caught.value.salvageable and len(caught.value.files) == len(lost)
    with opened(path, salvage=True) as package:
        assert whole(package, plan, without=tuple(number - 1 for number in lost))
