"""The dossier in one PDF: everything in its place and stamped, nothing that acts, nothing that exhausts."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import merge_in
from ntm_desktop.dossier.one_file import Attached, OneFile, OnePaper, write_one_file
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.errors import StorageFailed
from ntm_desktop.model.progress import Cancelled, Silent
from tests.core import merge_samples as sample
from tests.core.evidence_samples import peak_kib

A4 = sample.A4


def piece(place: int = 1, criterion: str = "17", codes: tuple[str, ...] = ("17.1",), **fields: Any) -> Attached:
    return Attached(criterion, "Tên tiêu chí mẫu", codes, place, f"Minh chứng mẫu {place}", **fields)


def merged(folder: Path, *pieces: Attached, papers: tuple[OnePaper, ...] = ()) -> OneFile:
    return write_one_file(papers, pieces, folder / "một tệp.pdf", title="Hồ sơ mẫu")


def text_of(path: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    finally:
        pdf.close()


def titles(path: Path) -> list[tuple[int, str, int]]:
    """Depth, words and page (from 1) of the bookmarks."""
    reader = PdfReader(path, strict=True)
    found: list[tuple[int, str, int]] = []

    def walk(items: Any, depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, depth + 1)
            else:
                found.append((depth, item.title, (reader.get_destination_page_number(item) or 0) + 1))

    walk(reader.outline, 0)
    return found


def paper(folder: Path, words: str = "Tờ trình mẫu") -> OnePaper:
    blocks = (doc.Title("TỜ TRÌNH", words), doc.Heading(1, "I.", "Phần mẫu"), doc.Paragraph(doc.text(words)))
    write_pdf(doc.Document("to-trinh", words, blocks), folder / "to-trinh.pdf")
    return OnePaper(words, folder / "to-trinh.pdf")


def test_papers_contents_and_evidence_in_their_order(tmp_path: Path) -> None:
    Image.new("RGB", (600, 400), "green").save(tmp_path / "anh.jpg")
    pieces = (
        piece(1, "1", ("1.1",), pdf=sample.plain(tmp_path / "a.pdf", [A4] * 3), first=1, last=3),
        piece(2, "1", ("1.1", "1.2"), picture=tmp_path / "anh.jpg", first=4, last=4),
        piece(1, "17", ("17.1",), lies_in=("1", 1)),
        piece(2, "17", ("17.2",), missing="loại tệp này không in được", first=1, last=12),
    )
    made = merged(tmp_path, *pieces, papers=(paper(tmp_path),))
    pages = text_of(made.path)
    assert made.pages == len(pages) == 7
    assert "TỜ TRÌNH" in pages[0]
    assert "MỤC LỤC MINH CHỨNG" in pages[1]
    assert "Xem tiêu chí 1, minh chứng 01." in pages[1]
    stamps = ["Tiêu chí 1 · Chỉ tiêu 1.1 · Minh chứng 01 · Tờ 0" + str(sheet) for sheet in (1, 2, 3)]
    stamps.append("Tiêu chí 1 · Chỉ tiêu 1.1, 1.2 · Minh chứng 02 · Tờ 04")
    stamps.append("Tiêu chí 17 · Chỉ tiêu 17.2 · Minh chứng 02 · Tờ 01-12")
    for stamp, page in zip(stamps, pages[2:], strict=True):
        assert stamp in page
    assert "không có trong tệp PDF này vì loại tệp này không in được" in pages[6]
    assert made.slips == (("Minh chứng mẫu 2", "loại tệp này không in được"),)
    assert titles(made.path) == [
        (0, "Tờ trình mẫu", 1),
        (1, "TỜ TRÌNH Tờ trình mẫu", 1),
        (2, "I. PHẦN MẪU", 1),
        (0, "Mục lục minh chứng", 2),
        (0, "Tiêu chí 1. Tên tiêu chí mẫu", 3),
        (1, "Chỉ tiêu 1.1", 3),
        (2, "Minh chứng 01. Minh chứng mẫu 1", 3),
        (2, "Minh chứng 02. Minh chứng mẫu 2", 6),
        (1, "Chỉ tiêu 1.2", 6),
        (2, "Minh chứng 02. Minh chứng mẫu 2", 6),
        (0, "Tiêu chí 17. Tên tiêu chí mẫu", 3),
        (1, "Chỉ tiêu 17.1", 3),
        (2, "Minh chứng 01. Minh chứng mẫu 1", 3),
        (1, "Chỉ tiêu 17.2", 7),
        (2, "Minh chứng 02. Minh chứng mẫu 2", 7),
    ]
    metadata = PdfReader(made.path).metadata
    assert metadata is not None
    assert metadata.title == "Hồ sơ mẫu"


def test_contents_of_many_pages_tell_the_right_page(tmp_path: Path) -> None:
    source = sample.plain(tmp_path / "a.pdf", [A4] * 2)
    pieces = [piece(place, "3", ("3.1",), pdf=source, first=2 * place - 1, last=2 * place) for place in range(1, 91)]
    pages = text_of(merged(tmp_path, *pieces).path)
    length = next(place for place, page in enumerate(pages) if "Tờ 01" in page)
    assert length >= 3
    last = next(place for place, page in enumerate(pages, start=1) if "Minh chứng 90 · Tờ 179" in page)
    assert f"Minh chứng mẫu 90 3.1 179-180 {last}" in pages[length - 1]


TURNED: list[tuple[tuple[float, float], int, tuple[float, ...], float]] = [
    (A4, turn, (), 1.0) for turn in (0, 90, 180, 270)
]
SHAPED: list[tuple[tuple[float, float], int, tuple[float, ...], float]] = [
    ((2384.0, 3370.0), 0, (), 1.0),  # A0
    ((1190.0, 842.0), 90, (), 1.0),
    ((150.0, 400.0), 0, (), 1.0),  # a receipt
    ((30.0, 30.0), 270, (), 1.0),
    (A4, 90, (100.0, 200.0, 500.0, 700.0), 1.0),
    ((300.0, 400.0), 0, (), 4.0),
    ((14_000.0, 14_000.0), 0, (), 50.0),
]


@pytest.mark.parametrize(("size", "turn", "crop", "unit"), TURNED + SHAPED)
def test_a_stamp_is_upright_and_whole_whatever_the_page(
    tmp_path: Path, size: tuple[float, float], turn: int, crop: tuple[float, ...], unit: float
) -> None:
    source = sample.changed(sample.plain(tmp_path / "a.pdf", [size]), turn, crop, unit)
    codes = tuple(f"17.{number}" for number in range(1, 10))
    made = merged(tmp_path, piece(3, codes=codes, pdf=source, first=12, last=12))
    pdf = pypdfium2.PdfDocument(made.path)
    page = pdf[1]
    width, height = page.get_size()
    text = page.get_textpage()
    whole = " ".join(text.get_text_bounded().split())
    assert "Tiêu chí 17 · Chỉ tiêu 17.1, 17.2" in whole
    assert whole.replace(sample.MARK, "").strip().endswith("Minh chứng 03 · Tờ 12") or "Tờ 12" in whole
    place = text.search("Tờ 12").get_next()
    assert place is not None
    boxes = [text.get_charbox(place[0] + step) for step in (0, 3, 4)]
    assert boxes[0][0] < boxes[1][0] < boxes[2][0]  # from left to right
    assert all(
        0 <= left < right <= width and height * 0.8 < bottom < top <= height for left, bottom, right, top in boxes
    )
    assert (boxes[1][3] - boxes[1][1]) / max(width, height) * 297 > 1.3  # mm high, once it is printed on A4
    pdf.close()


def test_what_is_seen_of_a_turned_page_is_what_was_seen_before(tmp_path: Path) -> None:
    for turn in (0, 90, 180, 270):
        source = sample.changed(sample.plain(tmp_path / "a.pdf"), turn, (50, 300, 500, 600))
        made = merged(tmp_path, piece(pdf=source))
        before, after = (pypdfium2.PdfDocument(path) for path in (source, made.path))
        page = after[1]
        assert page.get_size() == pytest.approx(before[0].get_size(), abs=0.1)
        one = before[0].render(scale=0.4).to_pil().convert("L").resize((60, 60)).tobytes()
        two = page.render(scale=0.4).to_pil().convert("L").resize((60, 60)).tobytes()
        differing = sum(abs(a - b) > 120 for a, b in zip(one, two, strict=True))
        assert differing < 400, turn  # a little smaller, and with its stamp
        assert sample.MARK in text_of(made.path)[1]
        before.close()
        after.close()


def every_object(path: Path) -> list[Any]:
    reader = PdfReader(path, strict=True)
    found: list[Any] = []
    seen: set[int] = set()
    waiting: list[Any] = [reader.trailer]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        found.append(thing)
        if isinstance(thing, DictionaryObject):
            waiting.extend(thing.raw_get(key) for key in thing)
        elif isinstance(thing, ArrayObject):
            waiting.extend(thing)
    return found


def test_nothing_that_acts_is_taken_over(tmp_path: Path) -> None:
    made = merged(tmp_path, piece(pdf=sample.acting(tmp_path / "a.pdf")))
    page = text_of(made.path)[1]
    assert sample.MARK in page
    assert "DA DUYET" in page  # what a stamp looks like stays
    assert "BI GIAU" not in page
    content = made.path.read_bytes()
    assert not any(word in content for word in (b"evil", b"JavaScript", b"/JS", b"/Launch", b"/URI", b"EmbeddedFile"))
    for thing in every_object(made.path):
        if isinstance(thing, DictionaryObject):
            assert not {"/A", "/AA", "/Annots", "/JS", "/OpenAction", "/Names", "/EF", "/AcroForm"} & set(thing)
        if isinstance(thing, StreamObject):
            assert b"evil" not in thing.get_data()


def test_layers_that_are_off_stay_off(tmp_path: Path) -> None:
    made = merged(tmp_path, piece(pdf=sample.layered(tmp_path / "a.pdf")))
    pdf = pypdfium2.PdfDocument(made.path)
    pixel = pdf[1].render(scale=0.5).to_pil().convert("L").getpixel((50, 400))
    pdf.close()
    assert pixel == 255
    assert sample.MARK in text_of(made.path)[1]


def test_commands_that_are_not_closed_leave_the_stamp_alone(tmp_path: Path) -> None:
    page = text_of(merged(tmp_path, piece(pdf=sample.unbalanced(tmp_path / "a.pdf"), first=1, last=1)).path)[1]
    assert sample.MARK in page
    assert "Tiêu chí 17 · Chỉ tiêu 17.1 · Minh chứng 01 · Tờ 01" in page


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "password": (lambda path: sample.locked(sample.plain(path), "mat-khau"), "tệp PDF có mật khẩu"),
    "empty": (lambda path: sample.raw(path, {1: b"<</Type/Catalog>>"}), "tệp PDF bị hỏng, không đọc được"),
    "endless": (sample.endless, "tệp PDF bị hỏng, không đọc được"),
    "bomb": (sample.bomb, "tệp PDF quá dài hoặc quá phức tạp"),
    "crowded": (sample.crowded, "tệp PDF quá dài hoặc quá phức tạp"),
    "nested": (sample.nested, "tệp PDF quá dài hoặc quá phức tạp"),
    "chained": (sample.chained, "tệp PDF quá dài hoặc quá phức tạp"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_become_slips_and_harm_nothing_else(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge_in, "MOST_OBJECTS", 5000)  # else the file for it takes a minute to make
    make, why = HOSTILE[kind]
    hostile, good = make(tmp_path / "a.pdf"), sample.plain(tmp_path / "b.pdf")
    begun = time.monotonic()
    made = merged(tmp_path, piece(1, pdf=good), piece(2, pdf=hostile), piece(3, pdf=good))
    assert time.monotonic() - begun < 60
    assert made.slips == (("Minh chứng mẫu 2", why),)
    pages = text_of(made.path)
    assert len(pages) == 4
    assert sample.MARK in pages[1]
    assert sample.MARK in pages[3]
    assert why in pages[2]
    assert made.path.stat().st_size < 200_000  # what was taken over before it failed is gone


def test_a_file_that_opens_without_a_password_is_taken_over(tmp_path: Path) -> None:
    made = merged(tmp_path, piece(pdf=sample.locked(sample.plain(tmp_path / "a.pdf"), "")))
    assert made.slips == ()
    assert sample.MARK in text_of(made.path)[1]


def test_cut_and_mutated_files_are_shown_or_replaced(tmp_path: Path) -> None:
    whole = sample.plain(tmp_path / "a.pdf", [A4] * 2).read_bytes()
    pieces = []
    for place in range(1, 60):
        at = place * len(whole) // 60
        content = whole[:at] if place % 2 else whole[: at - 3] + b"<<[(" + whole[at + 1 :]
        (tmp_path / f"{place}.pdf").write_bytes(content)
        pieces.append(piece(place, pdf=tmp_path / f"{place}.pdf"))
    made = merged(tmp_path, *pieces)
    PdfReader(made.path, strict=True)
    assert sum("Minh chứng 59" in page for page in text_of(made.path)) >= 1


def test_pictures_lie_whole_on_a4(tmp_path: Path) -> None:
    Image.new("RGB", (1600, 900), "red").save(tmp_path / "a.jpg")
    Image.new("RGBA", (300, 900), (0, 0, 255, 255)).save(tmp_path / "b.png")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8 no picture")
    pieces = [piece(place, picture=tmp_path / name) for place, name in enumerate(("a.jpg", "b.png", "c.jpg"), start=1)]
    made = merged(tmp_path, *pieces)
    assert [title for title, _why in made.slips] == ["Minh chứng mẫu 3"]
    sizes = [
        (round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in PdfReader(made.path).pages
    ]
    assert sizes[1:3] == [(842, 595), (595, 842)]
    pdf = pypdfium2.PdfDocument(made.path)
    picture = pdf[1].render(scale=1).to_pil().convert("RGB")
    pdf.close()
    assert picture.getpixel((421, 300)) == (254, 0, 0)
    red = [x for x in range(842) if picture.getpixel((x, 300))[0] > 200 > picture.getpixel((x, 300))[1]]
    assert red[0] > 20
    assert red[-1] < 822


def test_an_older_file_stays_when_it_is_cancelled_or_fails(tmp_path: Path) -> None:
    class Impatient(Silent):
        def advance(self, amount: int = 1, note: str = "") -> None:
            raise Cancelled

    target = tmp_path / "một tệp.pdf"
    target.write_bytes(b"old")
    source = sample.plain(tmp_path / "a.pdf")
    with pytest.raises(Cancelled):
        write_one_file((), (piece(pdf=source),), target, Impatient())
    assert target.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"một tệp.pdf", "a.pdf"}
    (tmp_path / "thư mục").mkdir()
    with pytest.raises(StorageFailed):
        write_one_file((), (piece(pdf=source),), tmp_path / "thư mục")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = sample.plain(tmp_path / "a.pdf")
    first = merged(tmp_path, piece(pdf=source), papers=(paper(tmp_path),)).path.read_bytes()
    assert merged(tmp_path, piece(pdf=source), papers=(paper(tmp_path),)).path.read_bytes() == first


@pytest.mark.slow
def test_memory_is_that_of_one_file_whatever_their_number(tmp_path: Path) -> None:
    program = """
from ntm_desktop.dossier.one_file import Attached, write_one_file
pieces = [Attached("1", "x", ("1.1",), n, "x", pdf=Path(sys.argv[1])) for n in range(1, int(sys.argv[3]) + 1)]
write_one_file((), pieces, Path(sys.argv[2]))
"""
    images = {
        10 + place: (
            b"/Type/XObject /Subtype/Image /Width 1000 /Height 1000 /BitsPerComponent 8 /ColorSpace/DeviceRGB",
            os.urandom(3_000_000),
        )
        for place in range(4)
    }
    source = sample.one_page(tmp_path / "a.pdf", more=images)
    few = peak_kib(program, source, tmp_path / "few.pdf", Path("2"))
    many = peak_kib(program, source, tmp_path / "many.pdf", Path("25"))
    assert (tmp_path / "many.pdf").stat().st_size > 290_000_000
    assert many - few < 20_000
    assert many < 120_000
