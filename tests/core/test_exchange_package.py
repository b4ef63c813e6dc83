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

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.exchange import (
    PackagePlan,
    PlannedBlob,
    estimate,
    package_file_name,
    peek,
    read_package,
    write_package,
)
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.model.changes import GENESIS, Change, ChangeId, JsonValue, vector_of
from ntm_desktop.model.evidence import BlobRef
from tests.core.exchange_samples import DEVICE, OTHER, UNIT, blob, journal, sample_plan


@pytest.fixture
def plan(tmp_path: Path) -> PackagePlan:
    return sample_plan(tmp_path / "blobs")


def test_round_trip(plan: PackagePlan, tmp_path: Path) -> None:
    written = write_package(plan, tmp_path)
    with read_package(written.path) as package:
        assert package.changes == tuple(plan.changes)
        assert package.blobs == tuple(each.ref for each in plan.blobs)
        assert package.catalogues == tuple(each.ref for each in plan.catalogues)
        for each in (*plan.blobs, *plan.catalogues):
            with package.open(each.ref) as stream:
                assert stream.read() == each.path.read_bytes()
        manifest = package.manifest
    identity = manifest.identity
    assert (identity.package_id, identity.unit_code, identity.device) == (plan.package_id, UNIT, DEVICE)
    assert (identity.sequence, identity.app_version) == (plan.sequence, plan.app_version)
    assert (manifest.unit_name, manifest.device_name) == ("Xã Sơn Bình", "Máy mẫu")
    assert (manifest.vector_from, manifest.vector_to) == (plan.vector_from, plan.vector_to)
    assert manifest.assessments == tuple(plan.assessments)
    assert manifest.created_at == plan.created_at
    assert written.size == written.path.stat().st_size
    info = peek(written.path)
    assert (info.manifest, info.size) == (manifest, written.size)
    assert info.header.manifest_sha256 == written.manifest_sha256


def test_reads_of_an_open_package_may_jump(plan: PackagePlan, tmp_path: Path) -> None:
    first, second = plan.blobs[0], plan.blobs[1]
    with (
        read_package(write_package(plan, tmp_path).path, verify_blobs=False) as package,
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
    one, other = write_package(plan, tmp_path / "a"), write_package(plan, tmp_path / "b")
    assert one.path.read_bytes() == other.path.read_bytes()
    other_id = write_package(replace(plan, package_id="ab" * 16), tmp_path / "b", overwrite=True)
    assert one.path.read_bytes() != other_id.path.read_bytes()


def test_estimate_is_what_the_writer_needs(plan: PackagePlan, tmp_path: Path) -> None:
    needed = estimate(plan)
    written = write_package(plan, tmp_path, free_space=lambda _folder: needed)
    assert written.size < needed <= written.size + 2**20


def test_nothing_at_all_makes_a_package(tmp_path: Path, plan: PackagePlan) -> None:
    empty = replace(plan, changes=[], blobs=(), catalogues=(), vector_from={DEVICE: 7}, vector_to={DEVICE: 7, OTHER: 0})
    with read_package(write_package(empty, tmp_path).path) as package:
        assert package.changes == () and package.blobs == ()
        assert package.manifest.vector_to == {DEVICE: 7}


def test_an_increment_begins_where_the_receiver_stands(tmp_path: Path, plan: PackagePlan) -> None:
    later = journal(3, previous="9" * 64, first=8)
    wanted = replace(plan, changes=later, vector_from={DEVICE: 7, OTHER: 2}, vector_to={DEVICE: 10, OTHER: 2})
    with read_package(write_package(wanted, tmp_path).path) as package:
        assert package.changes == tuple(later)


def test_equal_files_travel_once(tmp_path: Path, plan: PackagePlan) -> None:
    twice = replace(plan, blobs=(*plan.blobs, plan.blobs[0]), catalogues=(*plan.catalogues, plan.blobs[1]))
    with read_package(write_package(twice, tmp_path).path) as package:
        assert package.blobs == tuple(each.ref for each in plan.blobs)
        assert len(package.catalogues) == 1


def test_an_odd_media_type_does_not_stop_an_export(tmp_path: Path, plan: PackagePlan) -> None:
    odd = blob(tmp_path, b"abc", "Ảnh; charset=?")
    with read_package(write_package(replace(plan, blobs=(odd,)), tmp_path).path) as package:
        assert package.blobs == (BlobRef(odd.ref.sha256, 3, "application/octet-stream"),)


@pytest.mark.parametrize(
    ("unit_name", "name"),
    [
        ("Xã Sơn Bình", "02875-xa-son-binh-20241120-0003-0f0f.ntmpkg"),
        ("Xã  Đắk R'Lấp/«Mới»", "02875-xa-dak-r-lap-moi-20241120-0003-0f0f.ntmpkg"),
        ("", "02875-20241120-0003-0f0f.ntmpkg"),
        ("CON", "02875-con-20241120-0003-0f0f.ntmpkg"),
        ("Xã " + "dài " * 100, "02875-xa-dai-dai-dai-dai-dai-dai-dai-dai-dai-d-20241120-0003-0f0f.ntmpkg"),
    ],
)
def test_file_names_are_plain_and_short(plan: PackagePlan, unit_name: str, name: str) -> None:
    assert package_file_name(replace(plan, unit_name=unit_name)) == name


def test_any_zip_program_lists_it(plan: PackagePlan, tmp_path: Path) -> None:
    path = write_package(plan, tmp_path).path
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:3] == ["header.json", "manifest.json", "changes.jsonl.zst"]
        assert archive.read("e/0002") == plan.blobs[1].path.read_bytes()
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    if unzip := shutil.which("unzip"):
        subprocess.run([unzip, "-tqq", str(path)], check=True)


@pytest.mark.parametrize("threshold", [1, 100, 1000])
def test_the_64_bit_form_is_read_by_the_standard_library(threshold: int) -> None:
    parts = [("header.json", b"a" * 90), ("e/0001", b"b" * 150), ("e/0002", b""), ("e/0003", b"c" * 2000)]
    layout = Layout(tuple(Slot(name, len(data)) for name, data in parts), zip64_from=threshold)
    crcs = [zlib.crc32(data) for _name, data in parts]
    packed = b"".join(layout.local_header(i, crcs[i]) + data for i, (_name, data) in enumerate(parts))
    packed += layout.directory(crcs)
    assert len(packed) == layout.total_size
    assert tuple(layout.crcs(layout.directory(crcs))) == tuple(crcs)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert [(info.filename, archive.read(info)) for info in archive.infolist()] == parts


@pytest.mark.skipif(sys.platform == "win32", reason="sparse files need a call of their own there")
def test_entries_and_offsets_beyond_4_gib(tmp_path: Path) -> None:
    slots = (Slot("header.json", 100), Slot("e/0001", 2**32 - 1), Slot("e/0002", 2**32 - 2), Slot("e/0003", 10))
    layout, path = Layout(slots), tmp_path / "large.zip"
    with open(path, "wb") as stream:
        for index in range(len(slots)):
            stream.seek(layout.offsets[index])
            stream.write(layout.local_header(index, 0))
        stream.seek(layout.data_offset(3))
        stream.write(b"0123456789" + layout.directory([0, 0, 0, zlib.crc32(b"0123456789")]))
    assert path.stat().st_size == layout.total_size > 2**33
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
    written = write_package(replace(plan, blobs=(large,)), tmp_path)
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
    """Changes of up to three devices in any order between them, from any counter on."""
    start = {device: draw(st.integers(0, 5)) for device in (DEVICE, OTHER, "máy".encode().hex())}
    last = {device: GENESIS if seq == 0 else "7" * 64 for device, seq in start.items()}
    changes: list[Change] = []
    for device in draw(st.lists(st.sampled_from(sorted(start)), max_size=12)):
        start[device] += 1
        name = texts.filter(bool)
        overwrites = draw(st.sets(st.tuples(st.just("x1"), st.integers(1, 2**53 - 1)), max_size=3))
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
        blobs=tuple(blob(folder, content) for content in contents),
    )
    with read_package(write_package(plan, folder).path) as package:
        assert package.changes == tuple(changes)
        assert [package.open(ref).read() for ref in package.blobs] == contents
