"""The store: what is in it is whole, what could not be written leaves no trace."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_desktop.errors import EvidenceRefused, InvalidInput, NotFound, StorageFailed, StorageFull
from ntm_desktop.evidence import BlobStore
from ntm_desktop.model.progress import Cancelled, Silent
from tests.core.evidence_samples import files_in, peak_kib

TYPE = "application/octet-stream"


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_content_comes_back_as_it_went_in(store: BlobStore, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    ref = store.put_bytes(content, "application/pdf")
    assert (ref.sha256, ref.size, ref.media_type) == (sha(content), len(content), "application/pdf")
    assert store.path(ref.sha256) == tmp_path / "blobs" / ref.sha256[:2] / ref.sha256
    with store.open(ref.sha256) as stream:
        assert stream.read() == content
    assert store.has(ref.sha256) and store.verify(ref.sha256) and store.size(ref.sha256) == len(content)
    assert list(store.all()) == [ref.sha256]
    assert not store.path(ref.sha256).stat().st_mode & 0o222


def test_the_same_content_is_stored_once(store: BlobStore, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"noi dung" * 1000)
    first = store.put_file(file, TYPE)
    when = store.path(first.sha256).stat().st_mtime_ns
    assert store.put_bytes(b"noi dung" * 1000, TYPE) == first
    assert store.path(first.sha256).stat().st_mtime_ns == when
    assert files_in(tmp_path / "blobs") == {first.sha256}


@pytest.mark.parametrize("damage", [b"", b"x" * 8000, b"x" * 7])
def test_damaged_content_is_mended_when_it_comes_again(store: BlobStore, damage: bytes) -> None:
    content = b"noi dung" * 1000
    ref = store.put_bytes(content, TYPE)
    path = store.path(ref.sha256)
    path.chmod(0o644)
    path.write_bytes(damage)
    assert not store.verify(ref.sha256)
    assert store.put_bytes(content, TYPE) == ref
    assert store.verify(ref.sha256) and path.read_bytes() == content


@pytest.mark.parametrize(
    "name", ["", "ab", "../../../etc/passwd", "A" * 64, "a" * 63 + "\n", "a" * 64 + "\n", "a" * 65, "٣" * 64, "/" * 64]
)
def test_what_is_no_hash_is_no_path(store: BlobStore, name: str) -> None:
    for ask in (store.path, store.has, store.open, store.verify, store.size, store.discard):
        with pytest.raises(InvalidInput):
            ask(name)


def test_missing_content_is_said_to_be_missing(store: BlobStore) -> None:
    absent = "a" * 64
    assert not store.has(absent) and not store.verify(absent) and list(store.all()) == []
    with pytest.raises(NotFound):
        store.open(absent)
    with pytest.raises(NotFound):
        store.size(absent)
    store.discard(absent)


def test_discarded_content_is_gone(store: BlobStore) -> None:
    ref = store.put_bytes(b"abc", TYPE)
    store.discard(ref.sha256)
    assert not store.has(ref.sha256)


def test_only_the_expected_content_is_kept(store: BlobStore, tmp_path: Path) -> None:
    with pytest.raises(EvidenceRefused, match="mã kiểm tra"):
        store.put_stream(io.BytesIO(b"abc"), TYPE, expected_sha256=sha(b"abd"))
    assert files_in(tmp_path / "blobs") == set()
    assert store.put_stream(io.BytesIO(b"abc"), TYPE, expected_sha256=sha(b"abc")).size == 3


class Breaking(io.RawIOBase):
    """A stick that is pulled after ``good`` reads."""

    def __init__(self, good: int) -> None:
        self.left = good

    def read(self, size: int = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError(5, "Input/output error")
        return b"x" * size


@pytest.mark.parametrize("good", [0, 1, 3])
def test_a_stream_that_breaks_leaves_nothing(store: BlobStore, tmp_path: Path, good: int) -> None:
    with pytest.raises(OSError, match="Input/output"):
        store.put_stream(Breaking(good), TYPE)
    assert files_in(tmp_path / "blobs") == set()


class Doing(Silent):
    """Progress that does something at a moment of the work: ``writing`` after the n-th chunk, or when reading back."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def advance(self, amount: int = 1, note: str = "") -> None:
        self.seen.append(amount)


class Stopping(Doing):
    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def advance(self, amount: int = 1, note: str = "") -> None:
        super().advance(amount)
        if len(self.seen) > self.after:
            raise Cancelled


@pytest.mark.parametrize("after", [0, 1, 3, 4])
def test_cancelling_leaves_nothing(store: BlobStore, tmp_path: Path, after: int) -> None:
    with pytest.raises(Cancelled):
        store.put_stream(io.BytesIO(bytes(3 << 20)), TYPE, progress=Stopping(after))
    assert files_in(tmp_path / "blobs") == set()


def test_progress_adds_up_to_the_size(store: BlobStore) -> None:
    progress = Doing()
    store.put_stream(io.BytesIO(bytes(5_000_000)), TYPE, progress=progress)
    assert sum(progress.seen) == 5_000_000
    assert max(progress.seen) <= 1 << 20


def test_a_disk_that_returns_other_bytes_is_noticed(store: BlobStore, tmp_path: Path) -> None:
    class Corrupting(Doing):
        def advance(self, amount: int = 1, note: str = "") -> None:
            super().advance(amount)
            if amount == 0 and self.seen.count(0) == 1:  # the first chunk is read back; damage the second
                [partial] = (tmp_path / "blobs").glob("*.partial")
                with open(partial, "r+b") as stream:
                    stream.seek(1_500_000)
                    stream.write(b"!")

    with pytest.raises(StorageFailed, match="ghi sai"):
        store.put_stream(io.BytesIO(bytes(2_000_000)), TYPE, progress=Corrupting())
    assert files_in(tmp_path / "blobs") == set()


def test_too_little_space_is_told_before_writing(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs", free_space=lambda _folder: 40_000_000)
    store.put_bytes(bytes(1_000_000), TYPE)
    with pytest.raises(StorageFull, match="41,5 MB"):
        store.put_stream(Breaking(0), TYPE, size_hint=10_000_000)
    assert len(files_in(tmp_path / "blobs")) == 1


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB, where this system lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = sys.platform == "linux" and os.geteuid() == 0
    if made:
        call = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
        made = subprocess.run(call, capture_output=True, check=False).returncode == 0
    if not made:
        pytest.skip("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_while_writing(tiny_disk: Path) -> None:
    store = BlobStore(tiny_disk / "blobs", free_space=lambda _folder: 10**12)
    kept = store.put_bytes(bytes(500_000), TYPE)
    with pytest.raises(StorageFull, match="đầy"):
        store.put_stream(io.BytesIO(os.urandom(3_000_000)), TYPE)
    assert files_in(tiny_disk) == {kept.sha256} and store.verify(kept.sha256)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(StorageFailed):
        BlobStore(tmp_path / "blobs").put_bytes(b"abc", TYPE)


def test_abandoned_partials_are_cleaned_and_living_ones_left(store: BlobStore, tmp_path: Path) -> None:
    ref = store.put_bytes(b"abc", TYPE)
    now = time.time()
    for name, age in (("old", 4000), ("future", -4000), ("living", 5)):
        file = tmp_path / "blobs" / f"{name}.partial"
        file.write_bytes(b"x")
        os.utime(file, (now - age, now - age))
    assert store.clean_partials() == 2
    assert files_in(tmp_path / "blobs") == {ref.sha256, "living.partial"}
    assert BlobStore(tmp_path / "absent").clean_partials() == 0


def test_foreign_files_in_the_store_are_not_listed(store: BlobStore, tmp_path: Path) -> None:
    ref = store.put_bytes(b"abc", TYPE)
    (tmp_path / "blobs" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "blobs" / ref.sha256[:2] / "desktop.ini").write_bytes(b"x")
    (tmp_path / "blobs" / "zz").mkdir()
    (tmp_path / "blobs" / "zz" / ref.sha256).write_bytes(b"x")
    assert list(store.all()) == [ref.sha256]


def test_many_threads_storing_the_same(store: BlobStore, tmp_path: Path) -> None:
    content = os.urandom(400_000)
    failures: list[BaseException] = []

    def put() -> None:
        try:
            store.put_bytes(content, TYPE)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [] and files_in(tmp_path / "blobs") == {sha(content)} and store.verify(sha(content))


@settings(max_examples=60)
@given(content=st.binary(min_size=1, max_size=5000), data=st.data())
def test_any_damage_is_noticed(tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject) -> None:
    store = BlobStore(tmp_path_factory.mktemp("blobs"))
    ref = store.put_bytes(content, TYPE)
    assert ref == store.put_stream(io.BytesIO(content), TYPE, expected_sha256=ref.sha256)
    assert store.verify(ref.sha256)
    path = store.path(ref.sha256)
    path.chmod(0o644)
    if data.draw(st.booleans(), "cut"):
        os.truncate(path, data.draw(st.integers(0, len(content) - 1), "length"))
    else:
        place = data.draw(st.integers(0, len(content) * 8 - 1), "bit")
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
    assert not store.verify(ref.sha256)
    store.put_bytes(content, TYPE)
    assert store.verify(ref.sha256)


_PUT = """
from ntm_desktop.evidence import BlobStore
store = BlobStore(Path(sys.argv[1]))
store.put_file(Path(sys.argv[2]), "text/plain")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for size in (1_000_000, 200_000_000):
        file = tmp_path / f"{size}"
        with open(file, "wb") as stream:
            stream.truncate(size)
        peaks.append(peak_kib(_PUT, tmp_path / "blobs", file))
    assert len(files_in(tmp_path / "blobs")) == 2
    assert peaks[1] - peaks[0] < 8_000, peaks


def test_the_room_is_light_to_import() -> None:
    program = "import sys, ntm_desktop.evidence; print(*{'PIL', 'pypdfium2', 'pi_heif'} & set(sys.modules))"
    call = [sys.executable, "-c", program]
    assert subprocess.run(call, capture_output=True, check=True, text=True).stdout.strip() == ""
