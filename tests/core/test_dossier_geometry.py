"""Geometry of the papers, measured from the PDF in millimetres and points against Decree 30/2020, Appendix I."""

from __future__ import annotations

import ctypes
import itertools
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import raw

from ntm_desktop import dossier
from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.paper_template import PageNumbers
from tests.core.dossier_facts_samples import records
from tests.core.dossier_samples import LETTERS, XA, filled
from tests.core.paper_samples import facts_of

MM = 72 / 25.4
ON = date(2025, 1, 5)
P = doc.Paragraph

# Decree 30/2020/NĐ-CP, Appendix I, Part I: component → smallest and largest size in points, bold, italic.
DECREE: dict[str, tuple[float, float, bool, bool]] = {
    "Quốc hiệu": (12, 13, True, False),
    "Tiêu ngữ": (13, 14, True, False),
    "Cơ quan chủ quản": (12, 13, False, False),
    "Cơ quan ban hành": (12, 13, True, False),
    "Số, ký hiệu": (13, 13, False, False),
    "Địa danh, ngày tháng": (13, 14, False, True),
    "Tên loại": (13, 14, True, False),
    "Trích yếu": (13, 14, True, False),
    "Căn cứ": (13, 14, False, True),
    "Nội dung": (13, 14, False, False),
    "Đề mục I.": (13, 14, True, False),
    "Quyền hạn, chức vụ": (13, 14, True, False),
    "Họ tên": (13, 14, True, False),
    "Kính gửi": (13, 14, False, False),
    "Nơi nhận": (12, 12, True, True),
    "Danh sách nơi nhận": (11, 11, False, False),
    "Phụ lục": (14, 14, True, False),
    "Tiêu đề phụ lục": (13, 14, True, False),
    "Kèm theo": (13, 14, False, True),
    "Số trang": (13, 14, False, False),
}
SHOWN = {  # component → a line of the request, the report or an appendix that is one
    "Quốc hiệu": r"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Tiêu ngữ": r"Độc lập - Tự do - Hạnh phúc",
    "Cơ quan chủ quản": r"UBND TỈNH LAI CHÂU",
    "Cơ quan ban hành": r"XÃ SƠN BÌNH",
    "Số, ký hiệu": r"Số: .*/[A-Z]\w*-UBND",
    "Địa danh, ngày tháng": r"Sơn Bình, ngày .* tháng .* năm \d{4}",
    "Tên loại": r"TỜ TRÌNH|BÁO CÁO",
    "Căn cứ": r"Căn cứ .*;",
    "Đề mục I.": r"I+\. [A-ZÀ-Ỹ ,]+",
    "Quyền hạn, chức vụ": r"TM\. ỦY BAN NHÂN DÂN",
    "Kính gửi": r"Kính gửi:.*",
    "Nơi nhận": r"Nơi nhận:",
    "Danh sách nơi nhận": r"- Lưu: VT.*",
    "Phụ lục": r"Phụ lục [IVX]+",
    "Tiêu đề phụ lục": r"HÌNH ẢNH MINH HỌA",
    "Kèm theo": r"\(Kèm theo .*",
}


class Glyph(NamedTuple):
    """A character with its box in mm from the page's left and top edges."""

    char: str
    left: float
    top: float
    right: float
    bottom: float


@cache
def facts() -> DossierFacts:
    return facts_of(filled(XA, met=True), records())


def printed(folder: Path, document: doc.Document, name: str = "bản in.pdf") -> Path:
    write_pdf(document, folder / name)
    return folder / name


def paper(*blocks: doc.Block, **options: Any) -> doc.Document:
    return doc.Document("thu", "Văn bản mẫu", blocks, **options)


def glyphs(path: Path, place: int) -> list[Glyph]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        page = pdf[place]
        height, text = page.get_height(), page.get_textpage()
        found = []
        for index in range(text.count_chars()):
            char = text.get_text_range(index, 1)
            if char.strip():
                left, bottom, right, top = text.get_charbox(index)
                found.append(Glyph(char, left / MM, (height - top) / MM, right / MM, (height - bottom) / MM))
        return found
    finally:
        pdf.close()


def page_count(path: Path) -> int:
    return len(PdfReader(path).pages)


def texts(path: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [unicodedata.normalize("NFC", page.get_textpage().get_text_bounded()) for page in pdf]
    finally:
        pdf.close()


def faces(path: Path) -> Iterator[tuple[str, float, bool, bool]]:
    """Stretches of text with size, bold, italic."""
    found: list[tuple[str, float, bool, bool]] = []

    def note(text: str, _matrix: object, _position: object, font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font:
            face = font["/BaseFont"].partition("+")[2]
            found.append((" ".join(text.split()), size, "Bold" in face, "Italic" in face))

    for page in PdfReader(path).pages:
        page.extract_text(visitor_text=note)
    return iter(found)


def test_sizes_and_faces_are_those_of_the_decree(tmp_path: Path) -> None:
    wanted = set(SHOWN)
    for document in dossier.build(facts(), ON, documents=("to-trinh", "bao-cao", "phu-luc-anh")):
        for words, size, bold, italic in faces(printed(tmp_path, document)):
            for component, pattern in SHOWN.items():
                if re.fullmatch(pattern, words):
                    least, most, is_bold, is_italic = DECREE[component]
                    assert least <= size <= most, (component, words, size)
                    assert (bold, italic) == (is_bold, is_italic), (component, words)
                    wanted.discard(component)
    assert not wanted


def test_text_has_the_size_of_text(tmp_path: Path) -> None:
    title = doc.Title("BÁO CÁO", "Trích yếu mẫu")
    document = paper(P(doc.text("Lời văn mẫu")), doc.Basis(("Căn cứ mẫu",)), title, doc.PageBreak(), title)
    found = {words: (size, bold, italic) for words, size, bold, italic in faces(printed(tmp_path, document))}
    for component, words in (
        ("Nội dung", "Lời văn mẫu"),
        ("Căn cứ", "Căn cứ mẫu."),
        ("Trích yếu", "Trích yếu mẫu"),
        ("Số trang", "2"),
    ):
        least, most, bold, italic = DECREE[component]
        assert least <= found[words][0] <= most
        assert found[words][1:] == (bold, italic)


@pytest.mark.parametrize("document_id", [entry.id for entry in facts().procedure.documents])
def test_every_page_of_every_paper_keeps_the_margins(tmp_path: Path, document_id: str) -> None:
    """Top and bottom 20 to 25 mm, left 30 to 35, right 15 to 20; the number inside the top margin, in the middle."""
    (document,) = dossier.build(facts(), ON, documents=(document_id,))
    path = printed(tmp_path, document)
    width, height = (297, 210) if document.landscape else (210, 297)
    for place, page in enumerate(PdfReader(path).pages):
        assert (float(page.mediabox.width) / MM, float(page.mediabox.height) / MM) == pytest.approx((width, height))
        found = glyphs(path, place)
        inside = [glyph for glyph in found if glyph.top > 18]
        number = [glyph for glyph in found if glyph.top <= 18]
        assert inside
        assert min(glyph.left for glyph in inside) > 29.5
        assert max(glyph.right for glyph in inside) < width - 14.5
        assert max(glyph.bottom for glyph in inside) < height - 19.5
        assert min(glyph.top for glyph in inside) > 19.5
        if place == 0 or document.page_numbers is PageNumbers.NONE:
            assert not number
        else:
            total = f"/{page_count(path)}" if document.page_numbers is PageNumbers.OF_TOTAL else ""
            assert "".join(glyph.char for glyph in number) == f"{place + 1}{total}"
            middle = (number[0].left + number[-1].right) / 2
            assert middle == pytest.approx(30 + (width - 45) / 2, abs=0.7)
            assert 8 < number[0].top < number[0].bottom < 13


def test_lines_reach_both_margins(tmp_path: Path) -> None:
    path = printed(tmp_path, paper(*[P(doc.text("Lời văn mẫu đủ dài để chạm hai lề. " * 30)) for _n in range(30)]))
    found = glyphs(path, 1)
    assert min(glyph.left for glyph in found) == pytest.approx(30, abs=0.6)
    assert max(glyph.right for glyph in found) == pytest.approx(195, abs=0.6)
    assert min(glyph.top for glyph in found if glyph.top > 18) < 25
    assert max(glyph.bottom for glyph in found) > 297 - 36


def test_paragraphs_are_indented_and_apart(tmp_path: Path) -> None:
    found = glyphs(printed(tmp_path, paper(*[P(doc.text("Hx " * 60)) for _n in range(3)])), 0)
    firsts = sorted({round(glyph.left, 1) for glyph in found if glyph.left < 45})
    assert firsts[0] == pytest.approx(30, abs=0.5)
    assert any(left == pytest.approx(30 + 12.7, abs=0.5) for left in firsts)
    tops = sorted({round(glyph.bottom, 1) for glyph in found if glyph.char == "H"})
    steps = [b - a for a, b in itertools.pairwise(tops)]
    leading = min(steps)
    assert 14 * 1.15 <= leading * MM <= 14 * 1.5 * 1.15  # single to one and a half lines
    assert max(steps) * MM - leading * MM >= 5.9  # at least 6 points between paragraphs


# What is on the page


def pictures_on(path: Path, place: int) -> list[tuple[float, float, float, float]]:
    """Boxes of the pictures of a page in mm from left and top: left, top, right, bottom."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        page = pdf[place]
        height = page.get_height()
        found = []
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            values = [ctypes.c_float() for _side in range(4)]
            assert raw.FPDFPageObj_GetBounds(item, *values)
            left, bottom, right, top = (value.value for value in values)
            found.append((left / MM, (height - top) / MM, right / MM, (height - bottom) / MM))
        return found
    finally:
        pdf.close()


@pytest.mark.parametrize(("per_page", "pages"), [(2, 20), (4, 10)])
def test_an_annex_of_40_photos(tmp_path: Path, per_page: int, pages: int) -> None:
    for name, size in (("lying", (1600, 1067)), ("standing", (1067, 1600)), ("wide", (1600, 300))):
        Image.new("RGB", size, "teal").save(tmp_path / f"{name}.jpg")
    names = ["lying", "standing", "lying", "wide"]
    shown = tuple(
        doc.Picture(tmp_path / f"{names[n % 4]}.jpg", doc.text(f"Ảnh {n + 1}. Đường trục thôn mẫu (chỉ tiêu 2.1)"))
        for n in range(40)
    )
    path = printed(tmp_path, paper(doc.Title("HÌNH ẢNH MINH HỌA", "Mẫu", "Phụ lục III"), doc.Pictures(shown, per_page)))
    assert page_count(path) == pages
    for place in range(pages):
        boxes = pictures_on(path, place)
        assert len(boxes) == per_page
        captions = [glyph for glyph in glyphs(path, place) if glyph.char == "Ả"][-per_page:]
        assert len(captions) == per_page
        for box in boxes:
            ratio = (box[2] - box[0]) / (box[3] - box[1])
            assert any(ratio == pytest.approx(side, rel=0.01) for side in (1600 / 1067, 1067 / 1600, 1600 / 300))
            assert box[0] > 29.5
            assert box[2] < 195.5
            assert box[1] > 19.5
            below = [caption for caption in captions if box[3] < caption.top < box[3] + 6]
            assert below, (box, captions)
            for other in boxes:
                apart = other[0] >= box[2] or other[2] <= box[0] or other[1] >= box[3] or other[3] <= box[1]
                assert other == box or apart
    assert path.stat().st_size < 150_000  # the same picture is in the file once


def test_a_heading_takes_its_pictures_along(tmp_path: Path) -> None:
    Image.new("RGB", (800, 600), "teal").save(tmp_path / "a.jpg")
    blocks: list[doc.Block] = []
    for place in range(30):
        blocks += [P(doc.text("chữ nghĩa " * (13 * place % 200))), doc.Heading(2, f"{place}.", f"HEAD{place}")]
        blocks.append(doc.Pictures((doc.Picture(tmp_path / "a.jpg", doc.text(f"CAPTION{place}")),)))
    for page in texts(printed(tmp_path, paper(*blocks))):
        assert re.findall(r"HEAD(\d+)", page) == re.findall(r"CAPTION(\d+)", page)


def test_headings_do_not_stand_alone_before_anything(tmp_path: Path) -> None:
    columns = (doc.Column("TT", 10), doc.Column("Nội dung", 90))
    blocks: list[doc.Block] = []
    for place in range(60):
        blocks += [P(doc.text("chữ nghĩa " * (11 * place % 150))), doc.Heading(1, "I.", f"HEAD{place}")]
        rows = tuple(doc.Row((doc.cell("1"), doc.cell(f"{'TEXT' if not n else 'x'}{place}"))) for n in range(9))
        made: tuple[doc.Block, ...] = (
            doc.Table(columns, rows),
            doc.Section("a.b", "", (P(doc.text(f"TEXT{place} " + "lời " * 200)),)),
            doc.Section("a.b", "", (doc.FillIn(f"TEXT{place}", 4),)),
        )
        blocks += [doc.Heading(2, "1.", f"HEAD{place}"), made[place % 3]]
    for page in texts(printed(tmp_path, paper(*blocks))):
        heads, bodies = re.findall(r"HEAD(\d+)", page), re.findall(r"TEXT(\d+)", page)
        assert heads == [head for body in bodies for head in (body, body)]


def test_a_table_of_300_rows_across_keeps_rows_whole_under_its_header(tmp_path: Path) -> None:
    columns = tuple(doc.Column(f"CỘT{n}", 10 + n) for n in range(6))
    rows = tuple(
        doc.Row(tuple(doc.cell(f"[{place}.{n}] " + "nội dung " * (place * (n + 1) % 23)) for n in range(6)))
        for place in range(300)
    )
    path = printed(tmp_path, paper(doc.Table(columns, rows, numbered=True), landscape=True))
    seen: list[int] = []
    for page in texts(path):
        assert all(page.count(f"CỘT{n}") == 1 for n in range(6))
        here = [sorted({int(row) for row in re.findall(rf"\[(\d+)\.{n}\]", page)}) for n in range(6)]
        assert all(each == here[0] for each in here)  # the cells of a row are on one page
        seen += here[0]
    assert seen == list(range(300))


# Letters


TALL = "ẨỮỢẮẴợữẩ"


def ink(path: Path, place: int, scale: float = 4.0) -> tuple[Image.Image, float]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return pdf[place].render(scale=scale).to_pil().convert("L"), scale
    finally:
        pdf.close()


def amounts(path: Path, place: int = 0) -> dict[str, list[int]]:
    """How much is black of each tall letter's box, by letter."""
    image, scale = ink(path, place)
    found: dict[str, list[int]] = {}
    for glyph in glyphs(path, place):
        if glyph.char in TALL:
            box = tuple(
                int(side * MM * scale)
                for side in (glyph.left - 0.1, glyph.top - 0.1, glyph.right + 0.1, glyph.bottom + 0.1)
            )
            part = image.crop(box)  # type: ignore[arg-type]
            found.setdefault(glyph.char, []).append(sum(255 - value for value in part.tobytes()))
    return found


def test_tall_letters_are_whole_in_every_block(tmp_path: Path) -> None:
    """As much ink in the middle of tables, titles and tight lines as alone on a page, at the same size."""
    spaced = " ".join(TALL)
    alone = amounts(printed(tmp_path, paper(P(doc.text(spaced))), "alone.pdf"))
    close = amounts(printed(tmp_path, paper(P(doc.text(f"{spaced} " * 80))), "close.pdf"))
    for letter in TALL:
        (least,) = alone[letter]
        assert all(abs(each - least) < 0.12 * least for each in close[letter])
    columns = (doc.Column(spaced, 30), doc.Column(spaced, 70))
    row = doc.Row((doc.cell(f"{spaced} " * 3), doc.cell(f"{spaced} " * 3)))
    one = amounts(printed(tmp_path, paper(doc.Table((doc.Column("", 1),), (doc.Row((doc.cell(spaced),)),))), "one.pdf"))
    many = amounts(printed(tmp_path, paper(doc.Table(columns, (row,) * 20)), "many.pdf"))
    for letter in TALL:
        bodies = many[letter][2:]  # after the two of the header, which are bold
        assert all(abs(each - one[letter][0]) < 0.15 * one[letter][0] for each in bodies)


def test_lines_never_touch(tmp_path: Path) -> None:
    words = "ẨỮỢẮẴ ợgjyp "
    columns = (doc.Column(words, 50), doc.Column(words, 50))
    row = doc.Row((doc.cell(words * 9), doc.cell(words * 9)))
    blocks: list[doc.Block] = [
        doc.Title(words * 3, words * 9),
        doc.Heading(1, "I.", words * 9),
        P(doc.text(words * 20)),
        doc.Note(words * 20),
        doc.Table(columns, (row, row)),
        doc.PageBreak(),
        doc.Cover(words * 5, words * 5, words * 2, (words * 9,), (words * 9,)),
        doc.PageBreak(),
        doc.Spines((doc.SpineLabel("1", (words * 2,) * 4),)),
    ]
    path = printed(tmp_path, paper(*blocks))
    for place in range(page_count(path)):
        found = glyphs(path, place)
        for tall in (glyph for glyph in found if glyph.char in "ẨẮẴ"):
            above = [
                glyph
                for glyph in found
                if glyph.right > tall.left and glyph.left < tall.right and glyph.top < tall.top - 0.5
            ]
            assert all(glyph.bottom < tall.top + 0.05 for glyph in above), (place, tall)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_134_letters_come_out_of_every_new_block(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    entered = unicodedata.normalize(form, LETTERS)
    assert len(LETTERS) == 134
    blocks: dict[str, doc.Block] = {
        "pictures": doc.Pictures((doc.Picture(None, doc.text(entered)),)),
        "cover": doc.Cover(entered, entered, entered, (entered,), (entered,)),
        "spines": doc.Spines((doc.SpineLabel("1", (entered,)),)),
        "section": doc.Section("a.b", entered, (P(doc.text(entered)),)),
    }
    for name, block in blocks.items():
        assert LETTERS in "".join("".join(texts(printed(tmp_path, paper(block)))).split()), name
    heading = paper(doc.Contents(), doc.Heading(2, "", entered))
    path = printed(tmp_path, heading)
    assert "".join("".join(texts(path)).split()).count(LETTERS) == 2
    (outline,) = PdfReader(path).outline
    assert not isinstance(outline, list)
    assert outline.title == LETTERS


# Contents, numbers, drafts


def test_contents_tell_the_pages_of_headings(tmp_path: Path) -> None:
    blocks: list[doc.Block] = [doc.Title("BÁO CÁO", "Mẫu"), doc.Contents(), doc.PageBreak()]
    for place in range(1, 60):
        blocks += [
            doc.Heading(1 + place % 3, f"{place}.", f"Mục mẫu [{place}]"),
            P(doc.text("Lời " * (97 * place % 700))),
        ]
    blocks += [doc.PageBreak(), doc.Title("HÌNH ẢNH", "Mẫu", "Phụ lục I")]
    path = printed(tmp_path, paper(*blocks))
    pages = texts(path)
    reader = PdfReader(path)
    contents = next(place for place, page in enumerate(pages) if place and "[1]" in page)
    told: dict[str, str] = {}
    for place in range(contents):
        found = glyphs(path, place)
        for end in (glyph for glyph in found if glyph.char == "]"):
            line = [glyph for glyph in found if abs(glyph.bottom - end.bottom) < 3 and glyph.char in "[]0123456789"]
            line.sort(key=lambda glyph: glyph.left)
            number, page = re.findall(r"\[(\d+)\](\d+)", "".join(glyph.char for glyph in line))[0]
            told[number] = page
    for number in range(1, 60):
        true = next(place for place in range(contents, len(pages)) if re.search(rf"(?i)\[{number}\]", pages[place]))
        assert int(told[str(number)]) == true + 1
    links = [link.get_object() for page in reader.pages[:contents] for link in page["/Annots"]]  # type: ignore[attr-defined]
    assert len(links) == 60


def test_bookmarks_follow_titles_and_headings(tmp_path: Path) -> None:
    blocks = (
        doc.Title("BÁO CÁO", "Mẫu"), doc.Heading(2, "1.", "Hai trước một"), doc.Heading(2, "2.", "Hai"),
        doc.Heading(1, "I.", "Một"), doc.Heading(3, "a)", "Ba"), doc.Heading(3, "b)", "Ba nữa"),
        doc.Title("BIỂU", "Mẫu", "Phụ lục I"), doc.Heading(1, "I.", "Cuối"), P(doc.text("x")),
    )  # fmt: skip
    found: list[tuple[int, str]] = []

    def walk(items: Any, depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, depth + 1)
            else:
                found.append((depth, item.title))

    walk(PdfReader(printed(tmp_path, paper(*blocks))).outline, 0)
    assert found == [
        (0, "BÁO CÁO Mẫu"), (1, "1. Hai trước một"), (1, "2. Hai"), (1, "I. MỘT"), (2, "a) Ba"), (2, "b) Ba nữa"),
        (0, "Phụ lục I. BIỂU Mẫu"), (1, "I. CUỐI"),
    ]  # fmt: skip


def test_a_draft_says_so_on_every_page_and_hides_nothing(tmp_path: Path) -> None:
    for landscape in (False, True):
        rows = tuple(doc.Row((doc.cell(str(n)), doc.cell("nội dung " * 20))) for n in range(60))
        table = doc.Table((doc.Column("TT", 10), doc.Column("Nội dung", 90)), rows)
        blocks = (doc.Title("BÁO CÁO", "Mẫu"), table, P(doc.text("Lời văn " * 300)))
        final = printed(tmp_path, paper(*blocks, mark="HỒ SƠ MẪU", landscape=landscape), "final.pdf")
        draft = printed(tmp_path, paper(*blocks, mark="HỒ SƠ MẪU", landscape=landscape, draft=True), "draft.pdf")
        assert page_count(final) == page_count(draft) > 2
        for place, page in enumerate(texts(draft)):
            assert page.count("DỰ THẢO") == 2
            assert "HỒ SƠ MẪU" in page
            before, after = ink(final, place, 1.0)[0].tobytes(), ink(draft, place, 1.0)[0].tobytes()
            darker = sum(b < a - 40 for a, b in zip(before, after, strict=True)) / len(before)
            assert darker < 0.01  # the mark in the margin; what lies below the text is too light to count
            assert all(b <= a + 2 for a, b in zip(before, after, strict=True))  # nothing is hidden
            assert sum(a - b > 15 for a, b in zip(before, after, strict=True)) > 0.01 * len(before)  # yet it is seen


@pytest.mark.parametrize(
    ("kind", "shown"), [(PageNumbers.DECREE, "3"), (PageNumbers.OF_TOTAL, "3/12"), (PageNumbers.NONE, "")]
)
def test_page_numbers(tmp_path: Path, kind: PageNumbers, shown: str) -> None:
    blocks = [block for n in range(12) for block in (P(doc.text(f"Trang mẫu {n}")), doc.PageBreak())]
    path = printed(tmp_path, paper(*blocks[:-1], page_numbers=kind))
    assert "".join(glyph.char for glyph in glyphs(path, 2) if glyph.top < 18) == shown
    assert not [glyph for glyph in glyphs(path, 0) if glyph.top < 18]


def test_spines_have_the_size_asked_for(tmp_path: Path) -> None:
    labels = tuple(doc.SpineLabel(str(n), (f"TIÊU CHÍ SỐ {n}", "Tên", "XÃ MẪU")) for n in range(1, 8))
    path = printed(tmp_path, paper(doc.Spines(labels, 50, 180), page_numbers=PageNumbers.NONE))
    assert page_count(path) == 3
    pdf = pypdfium2.PdfDocument(path)
    sizes = set()
    for item in pdf[0].get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        values = [ctypes.c_float() for _side in range(4)]
        raw.FPDFPageObj_GetBounds(item, *values)
        left, bottom, right, top = (value.value / MM for value in values)
        if right - left > 20:
            sizes.add((round(right - left), round(top - bottom)))
    pdf.close()
    assert sizes == {(50, 180)}


ANY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["=1+1", "<b>&", "</para>", "x" * 10_000, "từ " * 3000, "\u202eאב", "a\u0301" * 50, "\n\n\n", "]]>"]
    ),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=ANY, other=ANY, landscape=st.booleans(), per_page=st.sampled_from([1, 2, 4]), level=st.integers(1, 3))
def test_any_text_in_the_new_blocks_prints(
    tmp_path: Path, words: str, other: str, landscape: bool, per_page: int, level: int
) -> None:
    blocks = (
        doc.Title(words, other, words),
        doc.Contents(other),
        doc.Heading(level, other[:5], words),
        doc.Section(words, other, (P(doc.text(words)), doc.FillIn(other))),
        doc.Pictures((doc.Picture(None, doc.text(words)), doc.Picture(Path("/không/có"), doc.text(other))), per_page),
        doc.Cover(words, other, words, (other, words), (words, other)),
        doc.Spines((doc.SpineLabel(other, (words, other)), doc.SpineLabel(words, ()))),
    )
    document = paper(*blocks, landscape=landscape, draft=True, page_numbers=PageNumbers.OF_TOTAL)
    reader = PdfReader(printed(tmp_path, document), strict=True)
    assert len(reader.pages) > 1
    assert reader.outline
