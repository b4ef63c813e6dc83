"""An export larger than one file may be: several packages, each whole in itself and none too large."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_desktop.errors import InvalidInput, PackageRefused, StorageFailed
from ntm_desktop.exchange import (
    LIMITS,
    PackagePlan,
    PlannedBlob,
    WrittenPackage,
    estimate,
    read_package,
    write_packages,
)
from ntm_desktop.exchange.draft import draft
from ntm_desktop.exchange.parts import split
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Cancelled, Silent
from tests.core.exchange_samples import OFFICE_KEYS, blob, parts_of, recipient, sample_plan, unlock, zipped
from tests.core.package_forger import padding_of

SEALINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sealed": {"recipients": (recipient(OFFICE_KEYS),)},
    "recovery": {"recovery": True},
}


@pytest.fixture
def plan(tmp_path: Path) -> PackagePlan:
    return sample_plan(tmp_path / "blobs", changes=12, files=9, size=60_000, seed=4)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB"
    folder.mkdir()
    return folder


def pretended(count: int, size: int) -> tuple[PlannedBlob, ...]:
    """Blobs that are nowhere: enough for planning."""
    return tuple(PlannedBlob(BlobRef(f"{n:064x}", size, "image/jpeg"), Path("không có")) for n in range(count))


@pytest.mark.parametrize("sealing", SEALINGS)
def test_every_part_is_a_package_of_its_own(tmp_path: Path, stick: Path, sealing: str) -> None:
    if sealing == "recovery":
        pytest.importorskip("reed_solomon_leopard")
    size = 1_200_000 if sealing == "recovery" else 75_000
    plan = sample_plan(tmp_path / "b", changes=12, files=9, size=60_000, seed=4, part_size=size, **SEALINGS[sealing])
    if sealing == "recovery":
        plan = replace(plan, blobs=tuple(blob(tmp_path, bytes([n]) * 300_000) for n in range(9)))
    written = write_packages(plan, stick)
    count = len(written)
    assert count == estimate(plan).parts > 2
    assert [each.part for each in written] == list(range(1, count + 1)) and {each.parts for each in written} == {count}
    assert [each.path.name for each in written] == [
        f"02875-xa-son-binh-20241120-0003-f1d6-phan-{number}-tren-{count}.ntmpkg" for number in range(1, count + 1)
    ]
    assert sorted(path.name for path in stick.iterdir()) == sorted(each.path.name for each in written)
    assert len({each.package_id for each in written}) == count and written[0].package_id == plan.package_id
    carried: list[BlobRef] = []
    for each in written:
        assert each.size == each.path.stat().st_size <= size
        with read_package(each.path, unlock(OFFICE_KEYS)) as package:
            identity = package.manifest.identity
            assert (identity.export_id, identity.sequence) == (plan.export_id, plan.sequence)
            assert (identity.package_id, identity.part, identity.parts) == (each.package_id, each.part, count)
            assert package.changes == tuple(plan.changes) and package.receipt == plan.receipt
            assert package.catalogues == tuple(blob.ref for blob in plan.catalogues)
            assert package.blobs == each.blobs
            carried += package.blobs
    assert carried == [each.ref for each in plan.blobs]
    assert sum(each.size for each in written) <= estimate(plan).bytes


def test_what_fits_into_one_file_is_one(plan: PackagePlan, stick: Path) -> None:
    (whole,) = write_packages(plan, stick)
    bound = split(draft(plan))[0].bound
    assert whole.size <= bound
    (again,) = write_packages(replace(plan, part_size=bound), stick, overwrite=True)
    assert again.size == whole.size
    assert len(split(draft(replace(plan, part_size=bound - 1)))) == 2


def test_no_part_is_larger_than_fat32_holds(plan: PackagePlan) -> None:
    gib = 2**30
    for part_size in (None, 10 * gib):
        parts = split(draft(replace(plan, blobs=pretended(12, gib), part_size=part_size)))
        assert [len(part.evidence) for part in parts] == [3, 3, 3, 3]
        assert max(part.bound for part in parts) <= LIMITS.package_bytes
    recovering = split(draft(replace(plan, blobs=pretended(12, gib), recovery=True)))
    assert max(part.bound for part in recovering) <= LIMITS.package_bytes


def test_a_file_that_fits_into_no_part_is_named(plan: PackagePlan, stick: Path) -> None:
    refs = [each.ref for each in plan.blobs]
    huge = replace(plan.blobs[4], ref=replace(refs[4], size=4 * 2**30))
    with pytest.raises(StorageFailed, match=r"thứ 5 \(ảnh «ảnh 4\.jpg»\) nặng 4,0 GB") as caught:
        write_packages(replace(plan, blobs=(*plan.blobs[:4], huge)), stick)
    assert "FAT32" in caught.value.hint
    assert list(stick.iterdir()) == []
    largest = max(refs, key=lambda ref: ref.size)
    with pytest.raises(StorageFailed, match=f"ảnh {refs.index(largest)}.jpg"):
        estimate(replace(plan, part_size=largest.size))


def test_a_part_too_small_for_the_changes_is_refused(plan: PackagePlan, stick: Path) -> None:
    with pytest.raises(InvalidInput, match="Kích thước mỗi gói"):
        write_packages(replace(plan, part_size=2_000), stick)


def test_more_entries_than_a_package_may_have(plan: PackagePlan) -> None:
    parts = split(draft(replace(plan, blobs=pretended(LIMITS.entries + 5, 1))))
    assert sum(len(part.evidence) for part in parts) == LIMITS.entries + 5
    assert [part.first for part in parts] == [0, len(parts[0].evidence)]
    small = replace(plan, blobs=pretended(LIMITS.parts + 1, 20_000), part_size=32_000)
    with pytest.raises(PackageRefused, match="quá nhiều"):
        split(draft(small))


class At(Silent):
    """Does something when a stage begins."""

    def __init__(self, stage: int, deed: Any) -> None:
        self.left, self.deed = stage, deed

    def start(self, title: str, total: int, unit: str = "") -> None:
        self.left -= 1
        if self.left == 0:
            self.deed()


def test_all_parts_are_verified_before_the_first_has_its_name(plan: PackagePlan, stick: Path) -> None:
    plan = replace(plan, part_size=120_000)
    stages = 2 * estimate(plan).parts

    def spoil() -> None:
        assert not list(stick.glob("*.ntmpkg")), "nothing has its name yet"
        last = max(stick.glob("*.partial"))
        content = bytearray(last.read_bytes())
        content[-2000] ^= 1
        last.write_bytes(content)

    with pytest.raises(StorageFailed, match="đọc lại"):
        write_packages(plan, stick, At(stages, spoil))
    assert list(stick.iterdir()) == []

    def stop() -> None:
        raise Cancelled

    for stage in range(1, stages + 1):
        with pytest.raises(Cancelled):
            write_packages(plan, stick, At(stage, stop))
        assert list(stick.iterdir()) == []


def test_any_taken_name_stops_before_writing(plan: PackagePlan, stick: Path) -> None:
    plan = replace(plan, part_size=120_000)
    written = write_packages(plan, stick)
    written[0].path.unlink()
    with pytest.raises(StorageFailed, match=r"đã có tệp .*phan-2"):
        write_packages(plan, stick)
    assert not written[0].path.exists()
    again: tuple[WrittenPackage, ...] = write_packages(plan, stick, overwrite=True)
    assert [each.path for each in again] == [each.path for each in written]


@pytest.mark.parametrize("sealing", ["plain", "sealed"])
def test_parts_and_exports_do_not_mix(tmp_path: Path, stick: Path, sealing: str) -> None:
    """Entries of one part in another, an older manifest under a newer header: every exchange is noticed."""
    options = {"changes": 12, "files": 9, "size": 60_000, "part_size": 75_000, **SEALINGS[sealing]}
    plan = sample_plan(tmp_path / "b", seed=4, **options)
    first, second = (each.path.read_bytes() for each in write_packages(plan, stick)[:2])
    older = replace(plan, package_id="0" * 32, created_at="2024-11-19T03:04:05+00:00")
    old = write_packages(older, stick)[0].path.read_bytes()
    path = tmp_path / "lẫn.ntmpkg"
    for mine, theirs in ((first, second), (second, first), (first, old), (old, first)):
        others = dict(parts_of(theirs))
        for at, (name, data) in enumerate(parts_of(mine)):
            if others.get(name, data) == data:
                continue
            mixed = parts_of(mine)
            mixed[at] = name, others[name]
            path.write_bytes(zipped(mixed, padding_of(mine)))
            with pytest.raises(PackageRefused):
                read_package(path, unlock(OFFICE_KEYS))


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(0, 3_000), max_size=12),
    room=st.integers(0, 6_000),
    sealing=st.sampled_from(sorted(SEALINGS)),
)
def test_any_files_fit_into_their_parts(
    sizes: list[int], room: int, sealing: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("p")
    plan = sample_plan(folder / "b", changes=3, files=0, **SEALINGS[sealing])
    plan = replace(plan, blobs=tuple(blob(folder, bytes([n]) * size) for n, size in enumerate(sizes)))
    least = split(draft(replace(plan, blobs=())))[0].bound
    size = least + (5_000 if sealing != "recovery" else 12_000) + room
    plan = replace(plan, part_size=size)
    written = write_packages(plan, folder)
    assert [ref for each in written for ref in each.blobs] == [
        each.ref for each in dict.fromkeys(plan.blobs) if each.ref.size or each is plan.blobs[sizes.index(0)]
    ]
    for each, part in zip(written, split(draft(plan)), strict=True):
        assert each.size <= part.bound <= size
        read_package(each.path, unlock(OFFICE_KEYS)).close()
