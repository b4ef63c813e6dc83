"""The PDF on paper: what was entered is read back, fonts are embedded, measures are those of Decree 30/2020."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ntm_desktop import dossier, paths
from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.model.assessment import Assessed, Result, UnitProfile
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.progress import Cancelled, Silent
from tests.core.dossier_samples import LETTERS, SETS, XA, assessed, evidence, filled, indicator, small_set
from tests.core.paper_samples import facts_of

ON = date(2024, 11, 5)
MM = 72 / 25.4
DOCUMENTS = tuple(entry.id for entry in facts_of(assessed(small_set())).procedure.documents)


def printed(folder: Path, document: doc.Document) -> Path:
    path = folder / "bản in.pdf"
    write_pdf(document, path)
    return path


def one(given: Assessed, document_id: str, sample: bool = False) -> doc.Document:
    (made,) = dossier.build(facts_of(given), ON, sample=sample, documents=(document_id,))
    return made


def text_of(path: Path) -> str:
    """Text of all pages without their numbers, every run of white space made one space."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
        pages[1:] = [page.removeprefix(str(number)) for number, page in enumerate(pages[1:], start=2)]
    finally:
        pdf.close()
    return " ".join(unicodedata.normalize("NFC", " ".join(pages)).split())


def joined(text: str) -> str:
    """Text without white space: line breaks of the paper do not count."""
    return "".join(text.split())


def fonts_of(path: Path) -> dict[str, bool]:
    """Base font → embedded as TrueType, over all pages."""
    found: dict[str, bool] = {}
    for page in PdfReader(path).pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for reference in fonts.values():
            font = reference.get_object()
            found[font["/BaseFont"]] = "/FontFile2" in font.get("/FontDescriptor", {})
    return found


def boxes_of(path: Path, place: int) -> list[tuple[str, float, float, float, float]]:
    """Characters of a page with left, bottom, right, top in mm from the page's left and top edges."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        page = pdf[place]
        height = page.get_height()
        text = page.get_textpage()
        found = []
        for index in range(text.count_chars()):
            char = text.get_text_range(index, 1)
            if char.strip():
                left, bottom, right, top = text.get_charbox(index)
                found.append((char, left / MM, (height - bottom) / MM, right / MM, (height - top) / MM))
        return found
    finally:
        pdf.close()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_all_134_letters_come_out_as_entered(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    assert len(LETTERS) == 134
    entered = unicodedata.normalize(form, LETTERS)
    result = Result("1.1", {"text": entered}, explanation=entered)
    given = assessed(small_set(indicator("1.1", entered, MeasureKind.TEXT)), [result])
    text = joined(text_of(printed(tmp_path, one(given, "bao-cao"))))
    assert text.count(LETTERS) == 4  # in the list of what is left, as name, result and explanation
    bold = doc.Document(
        "x", "x", (doc.Paragraph(doc.text(entered, bold=True)), doc.Paragraph(doc.text(entered, italic=True)))
    )
    assert joined(text_of(printed(tmp_path, bold))).count(LETTERS) == 2


@pytest.mark.parametrize("document_id", DOCUMENTS)
def test_every_paragraph_of_the_document_is_on_paper(tmp_path: Path, document_id: str) -> None:
    made = one(filled(XA), document_id)
    text = joined(text_of(printed(tmp_path, made)))
    for block in made.blocks:
        if isinstance(block, doc.Paragraph):
            assert joined("".join(run.text for run in block.content)) in text


@pytest.mark.parametrize("catalogue_id", SETS)
def test_all_fonts_are_embedded(tmp_path: Path, catalogue_id: str) -> None:
    for document in dossier.build(facts_of(filled(catalogue_id)), ON, sample=True):
        fonts = fonts_of(printed(tmp_path, document))
        assert fonts
        assert all(fonts.values()), fonts
        assert all("Liberation" in name or "DejaVu" in name for name in fonts), fonts


def test_margins_are_those_of_the_decree(tmp_path: Path) -> None:
    for document_id, (width, height) in {"bao-cao": (210, 297), "bieu-tu-danh-gia": (297, 210)}.items():
        path = printed(tmp_path, one(filled(XA), document_id))
        page = PdfReader(path).pages[1]
        assert (float(page.mediabox.width) / MM, float(page.mediabox.height) / MM) == pytest.approx((width, height))
        boxes = boxes_of(path, 1)
        body = [box for box in boxes if box[4] > 19]
        assert min(box[1] for box in body) >= 29.5
        assert max(box[3] for box in body) <= width - 14.5
        assert max(box[2] for box in body) <= height - 19.5
        number = [box for box in boxes if box[4] <= 19]
        assert "".join(box[0] for box in number) == "2"
        assert (number[0][1] + number[0][3]) / 2 == pytest.approx(30 + (width - 45) / 2, abs=1)


def test_the_report_fills_its_margins(tmp_path: Path) -> None:
    boxes = boxes_of(printed(tmp_path, one(filled(XA), "bao-cao")), 2)
    assert min(box[1] for box in boxes) == pytest.approx(30, abs=0.7)
    assert max(box[3] for box in boxes) == pytest.approx(195, abs=0.7)


def test_the_first_page_has_no_number(tmp_path: Path) -> None:
    for document_id in DOCUMENTS:
        path = printed(tmp_path, one(filled(XA), document_id))
        assert [box for box in boxes_of(path, 0) if box[4] < 19] == []


def test_sizes_are_those_of_the_decree(tmp_path: Path) -> None:
    path = printed(tmp_path, one(filled(XA), "to-trinh"))
    sizes: dict[str, set[tuple[str, float]]] = {}

    def note(text: str, _matrix: object, _position: object, font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font:
            sizes.setdefault(text.strip(), set()).add((font["/BaseFont"].partition("+")[2], size))

    for page in PdfReader(path).pages:
        page.extract_text(visitor_text=note)
    bold, italic, plain = "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif"
    wanted = {
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (bold, 12.0),
        "Độc lập - Tự do - Hạnh phúc": (bold, 13.0),
        "UBND TỈNH LAI CHÂU": (plain, 12.0),
        "XÃ SƠN BÌNH": (bold, 12.0),
        "TỜ TRÌNH": (bold, 14.0),
        "Kính gửi: Ủy ban nhân dân tỉnh Lai Châu": (plain, 14.0),
        "Căn cứ Luật Tổ chức chính quyền địa phương;": (italic, 14.0),
        "CHỦ TỊCH": (bold, 14.0),
        "Nơi nhận:": ("LiberationSerif-BoldItalic", 12.0),
        "- Lưu: VT.": (plain, 11.0),
        "2": (plain, 14.0),
    }
    for text, face in wanted.items():
        assert any(text in found and face in faces for found, faces in sizes.items()), text


def test_the_head_stands_in_two_columns_on_common_lines(tmp_path: Path) -> None:
    lines: dict[str, tuple[float, float]] = {}
    pdf = pypdfium2.PdfDocument(printed(tmp_path, one(filled(XA), "to-trinh")))
    text = pdf[0].get_textpage()
    for words in ("UBND TỈNH LAI CHÂU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số:", "Sơn Bình, ngày"):
        index, count = text.search(words).get_next() or (0, 0)
        assert count == len(words)
        left, bottom, _right, _top = text.get_charbox(index, loose=True)
        right = text.get_charbox(index + count - 1, loose=True)[2]
        lines[words] = ((left + right) / 2 / MM, bottom / MM)
    pdf.close()
    assert lines["UBND TỈNH LAI CHÂU"][0] == pytest.approx(30 + 33, abs=1)
    assert lines["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"][0] == pytest.approx(30 + 66 + 49.5, abs=1)
    assert lines["Số:"][1] == pytest.approx(lines["Sơn Bình, ngày"][1], abs=0.3)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for document in dossier.build(facts_of(filled(XA)), ON, sample=True):
        write_pdf(document, tmp_path / "a.pdf")
        write_pdf(document, tmp_path / "b.pdf")
        assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    reader = PdfReader(printed(tmp_path, one(filled(XA), "bao-cao")))
    assert reader.metadata is not None
    assert (reader.metadata.title or "").startswith("Báo cáo kết quả tự đánh giá thực hiện Bộ tiêu chí")
    assert reader.metadata.author == "ỦY BAN NHÂN DÂN XÃ SƠN BÌNH"
    assert reader.trailer["/Root"]["/Lang"] == "vi"  # type: ignore[index]
    top, below = reader.outline
    assert not isinstance(top, list)
    assert str(top.title).startswith("BÁO CÁO Kết quả tự đánh giá")
    assert isinstance(below, list)
    assert not isinstance(below[0], list)
    assert below[0].title == "I. ĐẶC ĐIỂM TÌNH HÌNH CHUNG"


def test_a_sample_is_marked_on_every_page(tmp_path: Path) -> None:
    for document in dossier.build(facts_of(filled(XA)), ON, sample=True):
        for page in PdfReader(printed(tmp_path, document)).pages:
            assert "HỒ SƠ MẪU" in page.extract_text()


def long_table(rows: int, words: str = "Nội dung mẫu của một hàng trong bảng dài") -> doc.Document:
    columns = (doc.Column("TT", 10, doc.Align.CENTER), doc.Column("Nội dung", 90))
    made = tuple(doc.Row((doc.cell(f"[{place}]"), doc.cell(words))) for place in range(rows))
    return doc.Document("dai", "Bảng dài", (doc.Table(columns, made),))


def test_a_table_of_300_rows_repeats_its_header_and_keeps_its_rows(tmp_path: Path) -> None:
    pages = [page.extract_text() for page in PdfReader(printed(tmp_path, long_table(300))).pages]
    assert len(pages) > 5
    assert all(page.count("Nội dung\n") == 1 for page in pages)
    numbers = [int(number) for page in pages for number in re.findall(r"\[(\d+)\]", page)]
    assert numbers == list(range(300))


def test_rows_are_whole_and_bands_never_stand_last(tmp_path: Path) -> None:
    columns = (doc.Column("TT", 10), doc.Column("Nội dung", 40))
    rows: list[doc.Row] = []
    for place in range(60):
        rows.append(doc.Row((doc.cell(f"BAND{place}", span=2),), band=True))
        rows.append(doc.Row((doc.cell(str(place)), doc.cell(f"START{place} {'dòng chữ ' * (place % 40)} END{place}"))))
    document = doc.Document("hang", "Hàng", (doc.Table(columns, tuple(rows)),))
    for page in PdfReader(printed(tmp_path, document)).pages:
        text = page.extract_text()
        assert re.findall(r"START(\d+)", text) == re.findall(r"END(\d+)", text) == re.findall(r"BAND(\d+)", text)


def test_merged_cells_are_repeated_on_the_next_page(tmp_path: Path) -> None:
    columns = (doc.Column("TT", 10), doc.Column("Tên", 20), doc.Column("Nội dung", 70))
    rows = tuple(doc.Row((doc.cell(f"hàng {place} " + "chữ " * 60),)) for place in range(40))
    group = doc.RowGroup((doc.cell("7"), doc.cell("TÊN CHUNG")), rows)
    pages = PdfReader(printed(tmp_path, doc.Document("gop", "Gộp", (doc.Table(columns, (group,)),)))).pages
    assert len(pages) > 3
    assert all(page.extract_text().count("TÊN CHUNG") == 1 for page in pages)


def test_a_row_taller_than_a_page_goes_on_without_losing_words(tmp_path: Path) -> None:
    words = " ".join(f"w{place}" for place in range(4000))
    text = text_of(printed(tmp_path, long_table(2, words)))
    assert re.findall(r"w(\d+)", text) == [str(place) for place in range(4000)] * 2


def test_headings_do_not_stand_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    blocks: list[doc.Block] = []
    for place in range(80):
        blocks.append(doc.Heading(2, f"{place}.", f"HEAD{place}"))
        blocks.append(doc.Paragraph(doc.text(f"TEXT{place} " + "chữ nghĩa " * (7 * place % 90))))
    for page in PdfReader(printed(tmp_path, doc.Document("de", "Đề mục", tuple(blocks)))).pages:
        assert re.findall(r"HEAD(\d+)", page.extract_text()) == re.findall(r"TEXT(\d+)", page.extract_text())


def test_signatures_keep_something_above_them(tmp_path: Path) -> None:
    for rows in range(20, 60):
        table = long_table(rows).blocks[0]
        block = doc.SignatureBlock(doc.Signer(("CHỦ TỊCH",)), ("- Lưu: VT.",))
        path = printed(tmp_path, doc.Document("ky", "Ký", (table, block)))
        last = PdfReader(path).pages[-1].extract_text()
        assert "CHỦ TỊCH" in last
        assert f"[{rows - 1}]" in last


def test_no_sign_is_markup_and_unknown_signs_are_seen(tmp_path: Path) -> None:
    entered = "<b>đậm</b> & <font size=90>x</font> &lt; 5 < 6 ☐ \U0001f600 <br/> <img src='a'>"
    given = assessed(small_set(indicator("1.1", kind=MeasureKind.TEXT)), [Result("1.1", {"text": entered})])
    text = text_of(printed(tmp_path, one(given, "bao-cao")))
    assert entered.replace("\U0001f600", "□") in text, text[text.index("<b>") :][:200]


def test_writing_can_be_cancelled_and_leaves_the_old_file(tmp_path: Path) -> None:
    class Impatient(Silent):
        def advance(self, amount: int = 1, note: str = "") -> None:
            raise Cancelled

    path = tmp_path / "cũ.pdf"
    path.write_bytes(b"old")
    with pytest.raises(Cancelled):
        write_pdf(long_table(3), path, progress=Impatient())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_fonts_of_another_folder_serve_too(tmp_path: Path) -> None:
    folder = tmp_path / "phông chữ"
    folder.mkdir()
    for path in (paths.resources() / "fonts").glob("*.ttf"):
        (folder / path.name).write_bytes(path.read_bytes())
    write_pdf(long_table(3), tmp_path / "a.pdf")
    write_pdf(long_table(3), tmp_path / "b.pdf", fonts_folder=folder)
    assert all(fonts_of(tmp_path / "b.pdf").values())


ANY = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["=1+1", "<b>&", "</para>", "&#0;", "x" * 10_000, "từ " * 3000, "\u202eאב", "a\u0301" * 50, "\n\n\n", "]]>"]
    ),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY, explanation=ANY, agency=ANY, place=ANY, signer=ANY, office=ANY, title=ANY, number=ANY)
def test_any_text_in_any_field_prints(
    tmp_path: Path,
    name: str,
    explanation: str,
    agency: str,
    place: str,
    signer: str,
    office: str,
    title: str,
    number: str,
) -> None:
    profile = UnitProfile("1", office, agency, agency, place, signer, signer, office)
    chosen = small_set(indicator("1.1", name, MeasureKind.TEXT), indicator("1.2", title))
    chosen = replace(chosen, name=title, criteria=tuple(replace(c, name=name) for c in chosen.criteria))
    piece = evidence("a", "1.1", number=number, issued=place, issuer=office, summary=title, file_name=name)
    result = Result("1.1", {"text": explanation}, explanation=explanation, data_source=title, responsible=name)
    documents = {"to-trinh": {"number": number, "issued": place}}
    given = assessed(chosen, [result], pieces=[piece], profile=profile, documents=documents)
    for document in dossier.build(facts_of(given), ON):
        path = printed(tmp_path, document)
        reader = PdfReader(path, strict=True)
        assert len(reader.pages) > 0
        assert all(fonts_of(path).values())
