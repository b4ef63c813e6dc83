"""What is taken as evidence, as what, and what is refused in which words: nothing refused leaves a trace."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from ntm_desktop.errors import EvidenceRefused, StorageFull
from ntm_desktop.evidence import MAX_FILE, BlobStore, TakenFile, intake
from ntm_desktop.evidence.intake import open_for_reading
from ntm_desktop.evidence.media import by_ending
from ntm_desktop.model.progress import Cancelled, Silent
from tests.core import evidence_samples as samples
from tests.core.evidence_samples import files_in, written

OTHER = "application/octet-stream"


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Where the person's files lie."""
    folder = tmp_path / "bàn làm việc"
    folder.mkdir()
    return folder


@pytest.fixture
def refuse(store: BlobStore, tmp_path: Path) -> Callable[..., str]:
    """Take a file that must be refused; returns the sentence after checking that nothing is left of it."""

    def attempt(source: Path, **options: object) -> str:
        with pytest.raises(EvidenceRefused) as caught:
            intake(source, store, **options)  # type: ignore[arg-type]
        assert files_in(tmp_path / "blobs") == set()
        assert caught.value.hint.startswith("Chưa có gì thay đổi. Hãy ")
        assert unicodedata.is_normalized("NFC", str(caught.value))
        return caught.value.message

    return attempt


def type_of(ending: str) -> str:
    kind = by_ending(ending)
    assert kind is not None
    return kind.media_type


HONEST: dict[str, Callable[[], bytes]] = {
    "pdf": samples.pdf,
    "jpg": lambda: samples.picture("JPEG"),
    "jpeg": lambda: samples.picture("JPEG", progressive=True),
    "png": lambda: samples.picture("PNG"),
    "heic": lambda: samples.HEIC,
    "tif": lambda: samples.picture("TIFF"),
    "webp": lambda: samples.picture("WEBP"),
    "gif": lambda: samples.picture("GIF"),
    "bmp": lambda: samples.picture("BMP"),
    "docx": samples.docx,
    "xlsx": samples.xlsx,
    "pptx": lambda: samples.zipped({"[Content_Types].xml": b"<T/>", "ppt/presentation.xml": b"<p/>"}),
    "docm": lambda: samples.docx(**{"word/vbaProject.bin": b"x"}),
    "odt": lambda: samples.zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
    "ods": lambda: samples.zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "zip": lambda: samples.zipped({"a.txt": b"a"}),
    "doc": lambda: samples.ole("WordDocument", "1Table"),
    "xls": lambda: samples.ole("Workbook"),
    "ppt": lambda: samples.ole("PowerPoint Document"),
    "rtf": lambda: rb"{\rtf1 noi dung}",
    "txt": lambda: "Biên bản họp thôn".encode("utf-16"),
    "csv": lambda: b"a;b\n1;2\n",
    "html": lambda: b"\xef\xbb\xbf <!DOCTYPE html><p>x",
    "mp4": lambda: b"\0\0\0\x18ftypisom\0\0\0\0" + bytes(100),
}


@pytest.mark.parametrize("ending", HONEST)
def test_every_kind_is_taken_as_what_it_is(ending: str, store: BlobStore, desk: Path) -> None:
    content = HONEST[ending]()
    taken = intake(written(desk, f"Tệp số 1.{ending.upper()}", content), store)
    assert taken == TakenFile(taken.ref, f"Tệp số 1.{ending.upper()}", ())
    assert taken.ref.media_type == type_of(ending)
    assert store.verify(taken.ref.sha256) and store.size(taken.ref.sha256) == len(content)


@pytest.mark.parametrize("ending", ["jpg", "jpeg", "png", "heic", "tif", "webp", "gif", "bmp", "docx", "xlsx", "odt"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_file_cut_short_is_refused(ending: str, share: float, desk: Path, refuse: Callable[..., str]) -> None:
    content = HONEST[ending]()
    message = refuse(written(desk, f"a.{ending}", content[: int(len(content) * share)]))
    assert f"«a.{ending}» bị hỏng hoặc chưa được chép đủ" in message


@pytest.mark.parametrize("cut", [1, 2, 3, 12])
@pytest.mark.parametrize("ending", ["jpg", "jpeg", "png"])
def test_a_photo_that_lacks_its_last_bytes(ending: str, cut: int, desk: Path, refuse: Callable[..., str]) -> None:
    refuse(written(desk, f"a.{ending}", HONEST[ending]()[:-cut]))


@pytest.mark.parametrize("ending", ["pdf", "jpg", "png", "heic", "tif", "webp", "gif", "bmp", "docx", "xlsx"])
@pytest.mark.parametrize("content", [bytes(5000), b"khong phai vay " * 400], ids=["zeros", "words"])
def test_other_content_under_a_known_ending(
    ending: str, content: bytes, desk: Path, refuse: Callable[..., str]
) -> None:
    assert "bị hỏng" in refuse(written(desk, f"a.{ending}", content))


@pytest.mark.parametrize(
    ("name", "ending", "said"),
    [
        ("ảnh.pdf", "jpg", "Ảnh JPEG"),
        ("công văn.jpg", "pdf", "Tài liệu PDF"),
        ("bảng.xls", "html", "Trang web (.html)"),
        ("bảng.xls", "xlsx", "Bảng tính Excel (.xlsx)"),
        ("văn bản.doc", "rtf", "Văn bản RTF"),
        ("ảnh.jpg", "heic", "Ảnh HEIC"),
    ],
)
def test_an_ending_that_lies(name: str, ending: str, said: str, store: BlobStore, desk: Path) -> None:
    taken = intake(written(desk, name, HONEST[ending]()), store)
    assert taken.ref.media_type == type_of(ending) and taken.file_name == name
    [warning] = taken.warnings
    assert name in warning and said in warning and "đuôi tên không đúng" in warning


@pytest.mark.parametrize(
    ("name", "content", "media_type", "warnings"),
    [
        ("bản vẽ.dwg", b"AC1027" + bytes(100), OTHER, 0),
        ("vô danh", b"\x01\x02\x03", OTHER, 0),
        ("cũ.doc", b"\x01\x02\x03", OTHER, 1),
        ("lạ.txt", bytes(100), OTHER, 1),
        ("TCVN3.txt", "Céng hoµ x· héi".encode("latin-1"), "text/plain", 0),
        ("MZ.txt", b"MZ la viet tat", "text/plain", 0),
        ("máy ảnh.nef", b"II*\0" + bytes(100), OTHER, 0),
    ],
)
def test_other_kinds_are_taken_as_they_are(
    name: str, content: bytes, media_type: str, warnings: int, store: BlobStore, desk: Path
) -> None:
    taken = intake(written(desk, name, content), store)
    assert (taken.ref.media_type, len(taken.warnings)) == (media_type, warnings)


def test_a_picture_without_an_ending_is_known_by_its_content(store: BlobStore, desk: Path) -> None:
    taken = intake(written(desk, "IMG_0001", samples.picture("JPEG")), store)
    assert taken.ref.media_type == "image/jpeg" and taken.warnings == ()


def test_files_under_a_password_are_taken_with_a_warning(store: BlobStore, desk: Path) -> None:
    locked = intake(written(desk, "kín.pdf", samples.pdf(password="mat khau")), store)
    assert locked.ref.media_type == "application/pdf" and "có mật khẩu" in locked.warnings[0]
    sheet = intake(written(desk, "kín.xlsx", samples.ole("EncryptionInfo", "EncryptedPackage")), store)
    assert sheet.ref.media_type == type_of("xlsx") and "có mật khẩu" in sheet.warnings[0] and len(sheet.warnings) == 1


def test_a_pdf_cut_short_is_taken_only_if_it_still_opens(store: BlobStore, desk: Path) -> None:
    content = samples.pdf(pages=3)
    taken = intake(written(desk, "mất đuôi.pdf", content[: content.rindex(b"%%EOF")]), store)
    assert "thiếu phần cuối" in taken.warnings[0]
    with pytest.raises(EvidenceRefused, match=r"PDF «nửa\.pdf» bị hỏng"):
        intake(written(desk, "nửa.pdf", content[:300]), store)


@pytest.mark.parametrize(
    "content",
    [
        samples.png_claiming(100_000, 100_000),
        samples.png_claiming(11_000, 11_000),
        samples.jpeg_claiming(65_500, 65_500),
        samples.jpeg_claiming(12_000, 10_001),
        b"GIF89a\xff\xff\xff\xff" + samples.picture("GIF")[10:],
    ],
    ids=["png 10 Gpx", "png 121 Mpx", "jpeg 4 Gpx", "jpeg 120 Mpx", "gif 4 Gpx"],
)
def test_picture_bombs_are_refused_undecoded(content: bytes, desk: Path, refuse: Callable[..., str]) -> None:
    assert "hơn 120 triệu điểm ảnh" in refuse(written(desk, "a.jpg", content))


def test_a_picture_too_large_to_decode_is_taken_unseen(store: BlobStore, desk: Path) -> None:
    taken = intake(written(desk, "bản đồ.png", samples.png_claiming(10_000, 8_000)), store)
    assert taken.ref.media_type == "image/png" and "không xem trước được" in taken.warnings[0]


PROGRAM = b"MZ\x90\0" + bytes(200)
LINK = bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(100)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("setup.exe", PROGRAM, "tệp chương trình"),
        ("bao cao.pdf", PROGRAM, "tệp chương trình"),
        ("bao cao.pdf.EXE", b"x", "tệp chương trình"),
        ("bao cao\u202efdp.scr", b"x", "tệp chương trình"),
        ("chay.bat", b"echo", "tệp chương trình"),
        ("a.js", b"x", "tệp chương trình"),
        ("a.vbs", b"x", "tệp chương trình"),
        ("a.ps1", b"x", "tệp chương trình"),
        ("a.msi", samples.ole(), "tệp chương trình"),
        ("a", b"\x7fELF" + bytes(100), "tệp chương trình"),
        ("bao cao.pdf.lnk", LINK, "lối tắt"),
        ("bao cao.pdf", LINK, "lối tắt"),
        ("trang.url", b"[InternetShortcut]\r\nURL=http://vi.du/\r\n", "lối tắt"),
        ("trang.txt", b"\xef\xbb\xbf\r\n[InternetShortcut]\r\nURL=x", "lối tắt"),
        ("mo.desktop", b"x", "lối tắt"),
        ("mo", b"# ghi chu\n[Desktop Entry]\nExec=x", "lối tắt"),
    ],
)
def test_programs_and_shortcuts_are_no_evidence(
    name: str, content: bytes, said: str, desk: Path, refuse: Callable[..., str]
) -> None:
    assert said in refuse(written(desk, name, content))


def test_what_is_no_file(desk: Path, refuse: Callable[..., str]) -> None:
    assert "Không tìm thấy tệp «không có.pdf»" in refuse(desk / "không có.pdf")
    assert "là một thư mục" in refuse(desk)
    assert "rỗng (0 byte)" in refuse(written(desk, "rỗng.pdf", b""))
    assert "Không tìm thấy" in refuse(desk / "a\0b.pdf")
    assert "Không tìm thấy" in refuse(desk / ("x" * 400 + ".pdf"))


def test_a_file_of_3_gb_is_refused_unread(desk: Path, refuse: Callable[..., str]) -> None:
    large = desk / "phim.mp4"
    with open(large, "wb") as stream:
        stream.truncate(3 * 1024**3)
    message = refuse(large, opening=lambda _path: pytest.fail("opened"))
    assert "3 GB" in message and "2 GB" in message
    with open(large, "wb") as stream:
        stream.truncate(MAX_FILE + 1)
    refuse(large, opening=lambda _path: pytest.fail("opened"))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and links as POSIX has them")
def test_pipes_devices_and_links(desk: Path, store: BlobStore, refuse: Callable[..., str]) -> None:
    os.mkfifo(desk / "ống.pdf")
    assert "thiết bị" in refuse(desk / "ống.pdf")
    assert "thiết bị" in refuse(Path("/dev/zero"))
    (desk / "đứt.pdf").symlink_to(desk / "không có.pdf")
    assert "không còn ở đó" in refuse(desk / "đứt.pdf")
    (desk / "vòng.pdf").symlink_to(desk / "vòng.pdf")
    assert "không còn ở đó" in refuse(desk / "vòng.pdf")
    (desk / "tới thư mục").symlink_to(desk)
    assert "thư mục" in refuse(desk / "tới thư mục")
    (desk / "liên kết.pdf").symlink_to(written(desk, "gốc.pdf", samples.pdf()))
    assert intake(desk / "liên kết.pdf", store).file_name == "liên kết.pdf"


def fails(error: OSError) -> Callable[[Path], BinaryIO]:
    def opening(_path: Path) -> BinaryIO:
        raise error

    return opening


def test_files_that_cannot_be_opened(desk: Path, refuse: Callable[..., str]) -> None:
    source = written(desk, "a.pdf", samples.pdf())
    assert "Không được phép đọc" in refuse(source, opening=fails(PermissionError(13, "Permission denied")))
    assert "Không tìm thấy" in refuse(source, opening=fails(FileNotFoundError(2, "No such file")))
    lost = "(ổ đĩa không trả lời, có thể đã rút ra hoặc bị hỏng)"
    assert lost in refuse(source, opening=fails(OSError(5, "Input/output error")))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_file_without_the_right_to_read(desk: Path, refuse: Callable[..., str]) -> None:
    source = written(desk, "a.pdf", samples.pdf())
    source.chmod(0)
    assert "Không được phép đọc" in refuse(source)


def test_a_stick_that_is_pulled_while_copying(desk: Path, refuse: Callable[..., str]) -> None:
    class Pulled:
        """The real file, whose later reads fail as those of a pulled stick do."""

        def __init__(self, stream: BinaryIO) -> None:
            self.stream = stream
            self.reads = 0

        def read(self, size: int = -1) -> bytes:
            self.reads += 1
            if self.reads > 2:
                raise OSError(5, "Input/output error")
            return self.stream.read(size)

        def __getattr__(self, name: str) -> object:
            return getattr(self.stream, name)

    source = written(desk, "phim.mp4", os.urandom(3_000_000))
    assert "không còn đọc được" in refuse(source, opening=lambda path: Pulled(open_for_reading(path)))


def test_a_file_that_grows_without_end_is_left(desk: Path, refuse: Callable[..., str]) -> None:
    class Growing:
        def __init__(self, stream: BinaryIO) -> None:
            self.stream = stream
            self.reads = 0

        def read(self, size: int = -1) -> bytes:
            self.reads += 1
            assert self.reads < 6, "read on and on"
            return bytes(size)

        def __getattr__(self, name: str) -> object:
            return getattr(self.stream, name)

    source = written(desk, "phim.mp4", bytes(2_500_000))
    assert "bị thay đổi" in refuse(source, opening=lambda path: Growing(open_for_reading(path)))


class Meanwhile(Silent):
    """Somebody does something to the file after its first MiB was copied."""

    def __init__(self, action: Callable[[], object]) -> None:
        self.action = action
        self.done = False

    def advance(self, amount: int = 1, note: str = "") -> None:
        if not self.done:
            self.done = True
            self.action()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps open files from being removed")
def test_a_file_that_vanishes_while_it_is_copied(desk: Path, refuse: Callable[..., str]) -> None:
    source = written(desk, "phim.mp4", os.urandom(3_000_000))
    assert "không còn đọc được" in refuse(source, progress=Meanwhile(source.unlink))


def _rewrite(source: Path, place: int, content: bytes) -> None:
    with open(source, "r+b") as stream:
        stream.seek(place)
        stream.write(content)


@pytest.mark.parametrize(
    "action",
    [
        lambda source: os.truncate(source, 1_500_000),
        lambda source: _rewrite(source, 3_000_000, b"more"),
        lambda source: _rewrite(source, 2_500_000, b"else"),
        lambda source: (source.with_name("mới").write_bytes(bytes(3_000_000)), source.with_name("mới").replace(source)),
    ],
    ids=["cut", "grown", "rewritten", "replaced"],
)
def test_a_file_that_changes_while_it_is_copied(
    action: Callable[[Path], object], desk: Path, refuse: Callable[..., str]
) -> None:
    source = written(desk, "phim.mp4", os.urandom(3_000_000))
    os.utime(source, (1_700_000_000, 1_700_000_000))
    assert "bị thay đổi trong lúc đang chép" in refuse(source, progress=Meanwhile(lambda: action(source)))


def test_a_change_that_the_clock_does_not_show(desk: Path, refuse: Callable[..., str]) -> None:
    source = written(desk, "phim.mp4", os.urandom(3_000_000))
    facts = source.stat()

    def rewrite() -> None:
        _rewrite(source, 0, b"else")
        os.utime(source, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    assert "bị thay đổi" in refuse(source, progress=Meanwhile(rewrite))


def test_cancelling_leaves_nothing(desk: Path, store: BlobStore, tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        intake(written(desk, "a.mp4", bytes(3_000_000)), store, Meanwhile(stop))
    assert files_in(tmp_path / "blobs") == set()


def test_a_full_disk_is_the_disks_fault_not_the_files(desk: Path, tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs", free_space=lambda _folder: 1000)
    with pytest.raises(StorageFull):
        intake(written(desk, "a.pdf", samples.pdf()), store)


def test_the_name_is_kept_safe(desk: Path, store: BlobStore) -> None:
    name = unicodedata.normalize("NFD", "Biên bản\u200b họp.pdf")
    assert intake(written(desk, name, samples.pdf()), store).file_name == "Biên bản họp.pdf"


def test_the_same_content_twice_is_stored_once(desk: Path, store: BlobStore) -> None:
    content = samples.picture("JPEG")
    first = intake(written(desk, "a.jpg", content), store)
    second = intake(written(desk, "b.jpg", content), store)
    assert first.ref == second.ref and (first.file_name, second.file_name) == ("a.jpg", "b.jpg")
    assert len(list(store.all())) == 1
