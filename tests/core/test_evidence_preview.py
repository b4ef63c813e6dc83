"""Small pictures of evidence: right way up, small, made once, and never a crash whatever the file."""

from __future__ import annotations

import random
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ntm_desktop.evidence import BlobStore, pdf_page_count, pdf_page_sizes, print_copy, render_pdf_page, thumbnail
from ntm_desktop.evidence.pdf import MAX_PIXELS
from ntm_desktop.model.evidence import BlobRef
from tests.core import evidence_samples as samples
from tests.core.evidence_samples import files_in, peak_kib, written

BLUE, SIDE = (30, 30, 200), 1600


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "previews"


def is_blue(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(part - wanted) < 60 for part, wanted in zip(pixel[:3], BLUE, strict=True))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("MPO", "image/jpeg"),
        ("PNG", "image/png"),
        ("TIFF", "image/tiff"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
    ],
)
def test_pictures_of_every_kind(kind: str, media_type: str, store: BlobStore, cache: Path) -> None:
    ref = store.put_bytes(samples.picture(kind), media_type)
    small = thumbnail(store, ref, cache)
    assert small is not None and small == cache / f"{ref.sha256}-160x200.png"
    with Image.open(small) as shown:
        assert (shown.format, shown.size) == ("PNG", (160, 107))
        assert is_blue(shown.convert("RGB").getpixel((20, 20)))
        assert not is_blue(shown.convert("RGB").getpixel((140, 90)))


def test_heic_pictures(store: BlobStore, cache: Path) -> None:
    pytest.importorskip("pi_heif")
    ref = store.put_bytes(samples.HEIC, "image/heic")
    small, printed = thumbnail(store, ref, cache, (32, 32)), print_copy(store, ref, cache)
    assert small is not None and printed is not None
    with Image.open(small) as shown, Image.open(printed) as paper:
        assert shown.size == (32, 24) and is_blue(shown.convert("RGB").getpixel((5, 5)))
        assert paper.size == (64, 48) and paper.format == "JPEG"


@pytest.mark.parametrize("turn", range(1, 9))
def test_pictures_stand_upright(turn: int, store: BlobStore, cache: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    ref = store.put_bytes(samples.picture("JPEG", exif=exif), "image/jpeg")
    small, printed = thumbnail(store, ref, cache, (100, 100)), print_copy(store, ref, cache)
    assert small is not None and printed is not None
    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[turn]
    for path in (small, printed):
        with Image.open(path) as shown:
            assert (shown.width > shown.height) == (turn < 5)
            assert 0x0112 not in shown.getexif()
            places = [(x, y) for x in (0, 1) for y in (0, 1)]
            size = shown.size
            blue = [
                place
                for place in places
                if is_blue(
                    shown.getpixel((int(size[0] * (0.2 + 0.6 * place[0])), int(size[1] * (0.2 + 0.6 * place[1]))))
                )
            ]
            assert blue == [corner]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("1", "L", "P", "LA", "RGBA", "I;16")),
        *(("TIFF", mode) for mode in ("1", "F", "CMYK", "I;16")),
        *(("JPEG", "L"), ("JPEG", "CMYK"), ("GIF", "P")),
    ],
)
def test_pictures_of_every_mode(kind: str, mode: str, store: BlobStore, cache: Path) -> None:
    media_type = f"image/{kind.lower()}"
    ref = store.put_bytes(samples.picture(kind, mode), media_type)
    small, printed = thumbnail(store, ref, cache), print_copy(store, ref, cache)
    assert small is not None and printed is not None
    with Image.open(small) as shown, Image.open(printed) as paper:
        assert shown.mode in ("RGB", "RGBA") and paper.mode == "RGB"
        assert len(set(paper.convert("L").get_flattened_data())) > 1  # not one even surface


def test_16_bit_scans_keep_their_greys(store: BlobStore, cache: Path) -> None:
    row = (10_000).to_bytes(2, "little") * 100 + (40_000).to_bytes(2, "little") * 100
    scan = Image.frombytes("I;16", (200, 200), row * 200)
    scan.save(cache.parent / "scan.png")
    small = thumbnail(store, store.put_file(cache.parent / "scan.png", "image/png"), cache)
    assert small is not None
    with Image.open(small) as shown:
        dark, light = shown.getpixel((20, 50)), shown.getpixel((140, 50))
    assert isinstance(dark, tuple) and isinstance(light, tuple)
    assert abs(dark[0] - 39) < 4 and abs(light[0] - 156) < 4


def test_the_print_copy_is_of_print_size_on_white(store: BlobStore, cache: Path) -> None:
    large = samples.scene(4000, 3000)
    large.save(cache.parent / "a.jpg")
    printed = print_copy(store, store.put_file(cache.parent / "a.jpg", "image/jpeg"), cache)
    assert printed is not None and printed.suffix == ".jpg"
    with Image.open(printed) as paper:
        assert paper.size == (SIDE, SIDE * 3 // 4) and paper.format == "JPEG"
    Image.new("RGBA", (50, 40), (255, 0, 0, 0)).save(cache.parent / "clear.png")
    printed = print_copy(store, store.put_file(cache.parent / "clear.png", "image/png"), cache)
    assert printed is not None
    with Image.open(printed) as paper:
        assert paper.size == (50, 40) and paper.getpixel((20, 20)) == (255, 255, 255)


def test_the_first_page_of_a_pdf(store: BlobStore, cache: Path) -> None:
    ref = store.put_bytes(samples.pdf(pages=2), "application/pdf")
    small = thumbnail(store, ref, cache)
    assert small is not None and print_copy(store, ref, cache) is None
    with Image.open(small) as shown:
        assert shown.height == 200 and abs(shown.width - 141.4) < 1
        assert shown.getpixel((2, 2)) == (255, 255, 255) and shown.getpixel((60, 100)) == (0, 0, 0)


def test_pages_are_drawn_for_the_window(tmp_path: Path) -> None:
    path = written(tmp_path, "tài liệu.pdf", samples.pdf(pages=3))
    assert pdf_page_count(path) == 3
    sizes = pdf_page_sizes(path)
    assert len(sizes) == 3 and sizes[0] == pytest.approx((595.28, 841.89), abs=0.01)
    page = render_pdf_page(path, 2, 2.0)
    assert page is not None
    width, height, pixels = page
    assert (width, height, len(pixels)) == (1191, 1684, 1191 * 1684 * 4)
    image = Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX")
    assert image.getpixel((5, 5)) == (255, 255, 255) and image.getpixel((400, 900)) == (0, 0, 0)
    assert render_pdf_page(path, 3, 1.0) is None and render_pdf_page(path, 0, 0.0) is None
    huge = render_pdf_page(path, 0, 1e6)
    assert huge is not None and huge.width * huge.height <= MAX_PIXELS * 1.01


def test_a_page_made_to_take_for_ever_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a.pdf"))
    for place in range(3000):
        canvas.circle(100 + place % 400, 100 + place % 600, 50, fill=1)
    canvas.save()
    assert render_pdf_page(tmp_path / "a.pdf", 0, 1.0) is not None
    monkeypatch.setattr("ntm_desktop.evidence.pdf._PATIENCE", 0.001)
    assert render_pdf_page(tmp_path / "a.pdf", 0, 1.0) is None


def test_what_cannot_be_shown_gives_nothing(store: BlobStore, cache: Path, tmp_path: Path) -> None:
    for content, media_type in (
        (samples.docx(), "application/zip"),
        (b"no picture", "image/jpeg"),
        (b"no pdf", "application/pdf"),
        (samples.pdf(password="x"), "application/pdf"),
        (samples.png_claiming(100_000, 100_000), "image/png"),
        (samples.png_claiming(10_000, 8_000), "image/png"),
        (samples.pdf(), "image/png"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "image/png"),
    ):
        assert thumbnail(store, store.put_bytes(content, media_type), cache) is None
    absent = BlobRef("a" * 64, 1, "image/png")
    hostile = BlobRef("../../x", 1, "image/png")
    for ref in (absent, hostile):
        assert thumbnail(store, ref, cache) is None and print_copy(store, ref, cache) is None
    missing = tmp_path / "absent.pdf"
    assert pdf_page_count(missing) == 0 and pdf_page_sizes(missing) == () and render_pdf_page(missing, 0, 1) is None
    assert not cache.exists() or files_in(cache) == set()


def test_a_preview_is_made_once_and_again_when_it_is_gone(store: BlobStore, cache: Path) -> None:
    ref = store.put_bytes(samples.picture("JPEG"), "image/jpeg")
    first = thumbnail(store, ref, cache)
    assert first is not None
    when = first.stat().st_mtime_ns
    assert thumbnail(store, ref, cache) == first and first.stat().st_mtime_ns == when
    first.unlink()
    assert thumbnail(store, ref, cache) == first and first.exists()
    assert files_in(cache) == {first.name}


def test_a_cache_that_cannot_be_written_costs_only_the_preview(store: BlobStore, tmp_path: Path) -> None:
    blocked = written(tmp_path, "previews", b"a file")
    assert thumbnail(store, store.put_bytes(samples.picture("PNG"), "image/png"), blocked) is None


def test_pdfs_are_drawn_from_many_threads(store: BlobStore, cache: Path) -> None:
    refs = [store.put_bytes(samples.pdf(pages=number), "application/pdf") for number in range(1, 5)]
    found: list[Path | None] = []

    def work(seed: int) -> None:
        for ref in random.Random(seed).sample(refs * 3, 12):
            found.append(thumbnail(store, ref, cache, (40 + seed, 40)))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 48 and None not in found


SEEDS = {
    "application/pdf": samples.pdf(pages=2),
    "image/jpeg": samples.picture("JPEG"),
    "image/png": samples.picture("PNG"),
    "image/tiff": samples.picture("TIFF", compression="tiff_lzw"),
    "image/webp": samples.picture("WEBP"),
    "image/gif": samples.picture("GIF"),
    "image/bmp": samples.picture("BMP"),
    "image/heic": samples.HEIC,
}


@settings(max_examples=150)
@given(
    media_type=st.sampled_from(sorted(SEEDS)),
    edits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12),
    header=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=4),
    kept=st.integers(1, 10**6),
)
def test_no_damage_crashes_a_preview(
    tmp_path_factory: pytest.TempPathFactory,
    media_type: str,
    edits: list[tuple[int, int]],
    header: list[tuple[int, int]],
    kept: int,
) -> None:
    content = bytearray(SEEDS[media_type])
    for place, value in edits + header:
        content[place % len(content)] = value
    del content[max(1, kept % (2 * len(content))) :]
    folder = tmp_path_factory.mktemp("fuzz")
    store = BlobStore(folder / "blobs")
    ref = store.put_bytes(bytes(content), media_type)
    small = thumbnail(store, ref, folder / "previews")
    assert small is None or small.read_bytes().startswith(b"\x89PNG")
    printed = print_copy(store, ref, folder / "previews")
    assert printed is None or printed.read_bytes().startswith(b"\xff\xd8")


_TAKE = """
from ntm_desktop.evidence import BlobStore, intake, thumbnail, print_copy
store = BlobStore(Path(sys.argv[1]) / "blobs")
taken = intake(Path(sys.argv[2]), store)
assert thumbnail(store, taken.ref, Path(sys.argv[1]) / "previews")
assert print_copy(store, taken.ref, Path(sys.argv[1]) / "previews")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("name", "size", "most_mib"),
    [("a.jpg", (11_500, 8_700), 120), ("a.png", (7_000, 7_000), 350), ("a.webp", (5_000, 4_000), 350)],
)
def test_large_pictures_need_bounded_memory(name: str, size: tuple[int, int], most_mib: int, tmp_path: Path) -> None:
    Image.new("RGB", size, (128, 0, 0)).save(tmp_path / name)
    assert peak_kib(_TAKE, tmp_path, tmp_path / name) < most_mib * 1024
