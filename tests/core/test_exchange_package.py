"""What goes into a package comes out of it, and any tool can list it."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.errors import PackageLocked, PackageRefused
from ntm_desktop.exchange import (
    LIMITS,
    PackagePlan,
    PlannedBlob,
    Unlock,
    estimate,
    package_file_name,
    peek,
    read_package,
    write_packages,
)
from ntm_desktop.exchange.identity import generate
from ntm_desktop.exchange.recovery import available
from ntm_desktop.model.changes import GENESIS, Change, ChangeId, JsonValue, vector_of
from ntm_desktop.model.evidence import BlobRef
from tests.core.exchange_samples import (
    DEVICE,
    KEYS,
    OFFICE_KEYS,
    OTHER,
    OTHER_KEYS,
    UNIT,
    blob,
    heads_of,
    journal,
    of_changes,
    parts_of,
    recipient,
    sample_plan,
    unlock,
    write_one,
)

PASSPHRASE = "một câu dài, dễ nhớ"
SEALINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "keys": {"recipients": (recipient(OFFICE_KEYS), recipient(OTHER_KEYS))},
    "passphrase": {"passphrase": PASSPHRASE},
    "both, with recovery data": {"recipients": (recipient(OFFICE_KEYS),), "passphrase": PASSPHRASE, "recovery": True},
}


@pytest.fixture
def plan(tmp_path: Path) -> PackagePlan:
    return sample_plan(tmp_path / "blobs")


@pytest.mark.parametrize("sealing", SEALINGS)
def test_round_trip(tmp_path: Path, sealing: str) -> None:
    plan = sample_plan(tmp_path / "blobs", **SEALINGS[sealing])
    written = write_one(plan, tmp_path)
    opens = Unlock((OFFICE_KEYS.age_secret,) if "keys" in sealing else (), lambda: PASSPHRASE)
    with read_package(written.path, opens) as package:
        assert package.encrypted is (sealing != "plain")
        assert (package.repaired, package.damaged, package.recovery_damaged) == ((), (), False)
        assert (package.heads, package.cards, package.receipt) == (plan.heads, plan.cards, plan.receipt)
        assert package.changes == tuple(plan.changes)
        assert package.blobs == tuple(each.ref for each in plan.blobs)
        assert package.catalogues == tuple(each.ref for each in plan.catalogues)
        for each in (*plan.blobs, *plan.catalogues):
            with package.open(each.ref) as stream:
                assert stream.read() == each.path.read_bytes()
        manifest = package.manifest
    identity = manifest.identity
    assert (identity.package_id, identity.export_id) == (plan.package_id, plan.export_id)
    assert (identity.unit_code, identity.device, identity.key) == (UNIT, DEVICE, KEYS.key)
    assert (identity.sequence, identity.app_version) == (plan.sequence, plan.app_version)
    assert (identity.part, identity.parts) == (written.part, written.parts) == (1, 1)
    assert (manifest.unit_name, manifest.device_name) == ("Xã Sơn Bình", "Máy mẫu")
    assert (manifest.vector_from, manifest.vector_to) == (plan.vector_from, plan.vector_to)
    assert manifest.assessments == tuple(plan.assessments)
    assert (manifest.created_at, manifest.recovery) == (plan.created_at, plan.recovery and available())
    assert written.size == written.path.stat().st_size
    assert written.blobs == tuple(each.ref for each in plan.blobs)
    info = peek(written.path, opens)
    assert (info.manifest, info.size) == (manifest, written.size)
    assert info.header.manifest.sha256 == written.manifest_sha256
    assert peek(written.path).manifest == (None if sealing != "plain" else manifest)


def test_nothing_shows_of_what_is_sealed(tmp_path: Path) -> None:
    """Not names, not hashes, not the content: only how many entries there are, how large, and who can open them."""
    plan = sample_plan(tmp_path / "blobs", files=3, **SEALINGS["keys"])
    content = write_one(plan, tmp_path).path.read_bytes()
    assert "Sơn Bình".encode() not in content and "Máy mẫu".encode() not in content
    for each in plan.blobs:
        assert each.ref.sha256.encode() not in content and each.path.read_bytes()[:100] not in content
    names = [name for name, _data in parts_of(content)]
    listed = ["header.json", "manifest.age", "changes.jsonl.zst.age", *(f"e/000{n}.age" for n in (1, 2, 3))]
    assert names == [*listed, "catalogs/0001.age"]


def test_who_can_open_it(tmp_path: Path) -> None:
    path = write_one(sample_plan(tmp_path / "blobs", **SEALINGS["keys"]), tmp_path).path
    for keys in (OFFICE_KEYS, OTHER_KEYS):
        read_package(path, unlock(keys)).close()
    for opens in (Unlock(), unlock(KEYS), unlock(generate()), Unlock((), lambda: PASSPHRASE)):
        with pytest.raises(PackageLocked, match="mã hoá cho máy khác") as caught:
            read_package(path, opens)
        assert not caught.value.passphrase and ".ntmcard" in caught.value.hint


def test_a_passphrase_is_asked_once_and_only_where_it_is_needed(tmp_path: Path) -> None:
    asked: list[str] = []

    def person() -> str:
        asked.append("?")
        return PASSPHRASE

    locked = write_one(sample_plan(tmp_path / "blobs", **SEALINGS["passphrase"]), tmp_path).path
    read_package(locked, Unlock((KEYS.age_secret,), person)).close()
    assert asked == ["?"]
    for wrong, told in ((None, "khoá bằng mật khẩu"), ("khác", "không mở được")):
        with pytest.raises(PackageLocked, match=told) as caught:
            read_package(locked, Unlock((), lambda wrong=wrong: wrong))  # type: ignore[misc]
        assert caught.value.passphrase
    both = sample_plan(tmp_path / "blobs", **SEALINGS["both, with recovery data"])
    read_package(write_one(both, tmp_path, overwrite=True).path, Unlock((OFFICE_KEYS.age_secret,), person)).close()
    assert asked == ["?"]


def test_it_must_be_said_who_may_open_it(plan: PackagePlan, tmp_path: Path) -> None:
    for wrong in (replace(plan, plain=False), replace(plan, passphrase="x"), replace(plan, **SEALINGS["keys"])):
        with pytest.raises(ValueError, match="plain, or for"):
            write_packages(wrong, tmp_path)


@pytest.mark.parametrize("sealing", ["plain", "keys"])
def test_damage_met_while_reading_is_told(tmp_path: Path, sealing: str) -> None:
    """What reads the content hashes it; a sealed entry tells of itself, and names the file."""
    plan = sample_plan(tmp_path / "blobs", **SEALINGS[sealing])
    path = write_one(plan, tmp_path).path
    content = path.read_bytes()
    entry = dict(parts_of(content))["e/0002" + (".age" if sealing == "keys" else "")]
    path.write_bytes(content.replace(entry, entry[:-5] + b"other"))
    with read_package(path, unlock(OFFICE_KEYS), verify_blobs=False) as package:
        ref = plan.blobs[1].ref
        if sealing == "keys":
            with pytest.raises(PackageRefused, match=r"ảnh 1\.jpg"), package.open(ref) as stream:
                stream.read()
        else:
            with package.open(ref) as stream:
                assert hashlib.sha256(stream.read()).hexdigest() != ref.sha256
        assert package.mend() is False
        refusal = package.damaged_at(ref)
        assert refusal.files == ("ảnh 1.jpg",) and refusal.salvageable


def test_reads_of_an_open_package_may_jump(plan: PackagePlan, tmp_path: Path) -> None:
    first, second = plan.blobs[0], plan.blobs[1]
    with (
        read_package(write_one(plan, tmp_path).path, verify_blobs=False) as package,
        package.open(first.ref) as one,
        package.open(second.ref) as other,
    ):
        assert other.read(10) == second.path.read_bytes()[:10]
        assert one.read(10) == first.path.read_bytes()[:10]
        assert other.read() == second.path.read_bytes()[10:]
        one.seek(-5, io.SEEK_END)
        assert one.read() == first.path.read_bytes()[-5:]
        assert one.read() == b""
        with pytest.raises(KeyError):
            package.open(BlobRef("0" * 64, 1, "image/jpeg"))


def test_the_same_plan_gives_the_same_bytes(plan: PackagePlan, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = write_one(plan, tmp_path / "a"), write_one(plan, tmp_path / "b")
    assert one.path.read_bytes() == other.path.read_bytes()
    other_id = write_one(replace(plan, package_id="ab" * 16), tmp_path / "b", overwrite=True)
    assert one.path.read_bytes() != other_id.path.read_bytes()


def test_estimate_is_what_the_writer_needs(plan: PackagePlan, tmp_path: Path) -> None:
    needed = estimate(plan)
    written = write_one(plan, tmp_path, free_space=lambda _folder: needed.bytes)
    assert needed.parts == 1
    assert written.size < needed.bytes <= written.size + 2**20 + 1000


def test_nothing_at_all_makes_a_package(tmp_path: Path, plan: PackagePlan) -> None:
    ends = {DEVICE: 7, OTHER: 0}
    empty = replace(plan, changes=[], heads=(), blobs=(), catalogues=(), vector_from={DEVICE: 7}, vector_to=ends)
    with read_package(write_one(empty, tmp_path).path) as package:
        assert package.changes == () and package.blobs == ()
        assert package.manifest.vector_to == {DEVICE: 7}


def test_an_increment_begins_where_the_receiver_stands(tmp_path: Path, plan: PackagePlan) -> None:
    later = journal(3, previous="9" * 64, first=8)
    wanted = of_changes(plan, later, {DEVICE: 7, OTHER: 2})
    with read_package(write_one(wanted, tmp_path).path) as package:
        assert package.changes == tuple(later)


def test_equal_files_travel_once(tmp_path: Path, plan: PackagePlan) -> None:
    twice = replace(plan, blobs=(*plan.blobs, plan.blobs[0]), catalogues=(*plan.catalogues, plan.blobs[1]))
    with read_package(write_one(twice, tmp_path).path) as package:
        assert package.blobs == tuple(each.ref for each in plan.blobs)
        assert len(package.catalogues) == 1


def test_an_odd_media_type_does_not_stop_an_export(tmp_path: Path, plan: PackagePlan) -> None:
    odd = blob(tmp_path, b"abc", "Ảnh; charset=?")
    with read_package(write_one(replace(plan, blobs=(odd,)), tmp_path).path) as package:
        assert package.blobs == (BlobRef(odd.ref.sha256, 3, "application/octet-stream"),)


@pytest.mark.parametrize(
    ("unit_name", "name"),
    [
        ("Xã Sơn Bình", "02875-xa-son-binh-20241120-0003-f1d6.ntmpkg"),
        ("Xã  Đắk R'Lấp/«Mới»", "02875-xa-dak-r-lap-moi-20241120-0003-f1d6.ntmpkg"),
        ("", "02875-20241120-0003-f1d6.ntmpkg"),
        ("CON", "02875-con-20241120-0003-f1d6.ntmpkg"),
        ("Xã " + "dài " * 100, "02875-xa-dai-dai-dai-dai-dai-dai-dai-dai-dai-d-20241120-0003-f1d6.ntmpkg"),
    ],
)
def test_file_names_are_plain_and_short(plan: PackagePlan, unit_name: str, name: str) -> None:
    assert package_file_name(replace(plan, unit_name=unit_name)) == name


def test_any_zip_program_lists_it(plan: PackagePlan, tmp_path: Path) -> None:
    path = write_one(plan, tmp_path).path
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:3] == ["header.json", "manifest.json", "changes.jsonl.zst"]
        assert archive.read("e/0002") == plan.blobs[1].path.read_bytes()
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-tqq", str(path)], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="sparse files need a call of their own there")
def test_the_largest_package_needs_no_64_bit_zip(tmp_path: Path) -> None:
    from ntm_desktop.exchange.layout import Layout, Slot

    slots = (Slot("header.json", 100), Slot("e/0001", LIMITS.package_bytes - 1000), Slot("e/0003", 10))
    layout, path = Layout(slots), tmp_path / "large.zip"
    with open(path, "wb") as stream:
        for index in range(len(slots)):
            stream.seek(layout.offsets[index])
            stream.write(layout.local_header(index, 0))
        stream.seek(layout.data_offset(2))
        stream.write(b"0123456789" + layout.directory([0, 0, zlib.crc32(b"0123456789")]))
    assert path.stat().st_size == layout.total_size < LIMITS.package_bytes
    with zipfile.ZipFile(path) as archive:
        assert [(info.filename, info.file_size) for info in archive.infolist()] == [(s.name, s.size) for s in slots]
        assert [info.header_offset for info in archive.infolist()] == list(layout.offsets[:-1])
        assert archive.read("e/0003") == b"0123456789"


def test_memory_does_not_grow_with_the_evidence(tmp_path: Path, plan: PackagePlan) -> None:
    size = 40 * 2**20
    path = tmp_path / "large"
    with open(path, "wb") as stream:
        stream.truncate(size)
    digest = hashlib.sha256()
    for _ in range(40):
        digest.update(bytes(2**20))
    large = PlannedBlob(BlobRef(digest.hexdigest(), size, "video/mp4"), path)
    tracemalloc.start()
    written = write_one(replace(plan, blobs=(large,)), tmp_path)
    with read_package(written.path) as package, package.open(large.ref) as stream:
        while stream.read(2**20):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import ntm_desktop.exchange, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"PySide6", "sqlalchemy", "jsonschema", "reportlab", "openpyxl", "yaml", "PIL"}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(-(2**53) + 1, 2**53 - 1)
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def journals(draw: st.DrawFn) -> list[Change]:
    """Changes of two devices in any order between them, from any counter on."""
    start = {device: draw(st.integers(0, 5)) for device in (DEVICE, OTHER)}
    last = {device: GENESIS if seq == 0 else "7" * 64 for device, seq in start.items()}
    changes: list[Change] = []
    for device in draw(st.lists(st.sampled_from(sorted(start)), max_size=12)):
        start[device] += 1
        name = texts.filter(bool)
        overwrites = draw(st.sets(st.tuples(st.just("c1" * 16), st.integers(1, 2**53 - 1)), max_size=3))
        changes.append(
            Change(
                *(device, start[device], draw(st.integers(1, 2**53 - 1)), "2024-02-29T23:59:59Z", draw(texts), UNIT),
                *(draw(name), draw(name), draw(name), draw(values)),
                tuple(ChangeId(*each) for each in sorted(overwrites)),
                last[device],
            )
        )
        last[device] = changes[-1].hash()
    return changes


@given(changes=journals(), contents=st.lists(st.binary(max_size=50), unique=True, max_size=4))
def test_any_journal_and_any_files_come_back(
    changes: list[Change], contents: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("p")
    end = vector_of(changes)
    start = {device: min(c.seq for c in changes if c.device == device) - 1 for device in end}
    plan = replace(
        sample_plan(folder / "b", changes=0, files=0),
        changes=changes,
        vector_from=start,
        vector_to=end,
        heads=heads_of(changes),
        blobs=tuple(blob(folder, content) for content in contents),
    )
    with read_package(write_one(plan, folder).path) as package:
        assert package.changes == tuple(changes)
        assert [package.open(ref).read() for ref in package.blobs] == contents
