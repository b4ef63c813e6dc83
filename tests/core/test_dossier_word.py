"""Word files: named styles, real headings, fields, whole rows; text is data; the same document is the same file."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Literal

import docx
import pytest
from docx.enum.section import WD_ORIENT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.layout import FACES, SIGNATURE_ROOM, Role
from ntm_desktop.dossier.word import write_word
from ntm_desktop.dossier.word_reading import read_sections
from ntm_desktop.dossier.word_styles import FONT, LANGUAGE, of_role
from ntm_desktop.dossier.word_xml import Element, tag, twips
from ntm_desktop.model.paper_template import PageNumbers
from tests.core.dossier_samples import LETTERS
from tests.core.word_samples import (
    HEAD,
    SIGNED,
    every_block,
    grid,
    office,
    part,
    photo,
    put,
    report,
    said,
    words_of,
)

VALUE = tag("val")
WATERMARK = "{urn:schemas-microsoft-com:vml}textpath"


def one(holder: Element, path: str) -> Element:
    found = holder.find("/".join(tag(name) for name in path.split("/")))
    assert found is not None, path
    return found


def has(holder: Element, path: str) -> bool:
    return holder.find("/".join(tag(name) for name in path.split("/"))) is not None


def style_of(paragraph: Element) -> str:
    return str(one(paragraph, "pPr/pStyle").get(VALUE))


def rows_of(path: Path, place: int = 0) -> list[Element]:
    return list(part(path).iter(tag("tbl")))[place].findall(tag("tr"))


# --- styles


def test_each_component_has_a_style_of_the_decrees_size(tmp_path: Path) -> None:
    root = part(put(tmp_path, report(said("x"))), "word/styles.xml")
    styles = {item.get(tag("styleId")): item for item in root.iter(tag("style"))}
    for role in Role:
        face, properties = FACES[role], one(styles[of_role(role)], "rPr")
        assert one(properties, "sz").get(VALUE) == str(round(face.size * 2)), role
        assert (has(properties, "b"), has(properties, "i")) == (face.bold, face.italic), role
        fonts = one(properties, "rFonts")
        assert {fonts.get(tag(name)) for name in ("ascii", "hAnsi", "cs", "eastAsia")} == {FONT}
    for level in (1, 2, 3):
        heading = styles[f"Heading{level}"]
        assert one(heading, "name").get(VALUE) == f"heading {level}"
        assert one(heading, "pPr/outlineLvl").get(VALUE) == str(level - 1)
        assert has(heading, "pPr/keepNext")
    assert one(root, "docDefaults/rPrDefault/rPr/lang").get(VALUE) == LANGUAGE == "vi-VN"


def test_runs_carry_no_hand_formatting_but_bold_and_italic(tmp_path: Path) -> None:
    path = put(tmp_path, report(*every_block("Chữ"), mark="HỒ SƠ MẪU", draft=True))
    known = {item.get(tag("styleId")) for item in part(path, "word/styles.xml").iter(tag("style"))}
    for name in ("word/document.xml", "word/header1.xml", "word/header2.xml"):
        root = part(path, name)
        allowed = {tag("b"), tag("i"), tag("rStyle")}
        assert all({item.tag for item in properties} <= allowed for properties in root.iter(tag("rPr")))
        used = {style_of(item) for item in root.iter(tag("p"))} | {
            item.get(VALUE) for item in root.iter(tag("tblStyle"), tag("rStyle"))
        }
        assert used <= known, used - known


def test_headings_are_real_and_stay_with_their_text(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        report(doc.Heading(1, "I.", "Tình hình"), doc.Heading(2, "1.", "Ý"), doc.Heading(3, "a)", "Nhỏ"), said("x")),
    )
    found = [(item.style.name, item.text) for item in docx.Document(str(path)).paragraphs if item.style is not None]
    assert found[:3] == [("Heading 1", "I. TÌNH HÌNH"), ("Heading 2", "1. Ý"), ("Heading 3", "a) Nhỏ")]


# --- page


@pytest.mark.parametrize("landscape", [False, True])
def test_the_page_is_a4_with_the_decrees_margins(tmp_path: Path, landscape: bool) -> None:
    (section,) = docx.Document(str(put(tmp_path, report(said("x"), landscape=landscape)))).sections
    assert section.page_width is not None and section.page_height is not None
    size = (round(section.page_width.mm), round(section.page_height.mm))
    assert size == ((297, 210) if landscape else (210, 297))
    assert section.orientation is (WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [20, 20, 30, 15]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (PageNumbers.DECREE, [" PAGE "]),
        (PageNumbers.OF_TOTAL, [" PAGE ", " NUMPAGES "]),
        (PageNumbers.NONE, []),
    ],
)
def test_page_numbers_are_fields_in_the_header_from_page_2(
    tmp_path: Path, kind: PageNumbers, fields: list[str]
) -> None:
    path = put(tmp_path, report(said("x"), page_numbers=kind))
    (section,) = docx.Document(str(path)).sections
    assert section.different_first_page_header_footer
    first, other = section.first_page_header._element, section.header._element
    assert [item.get(tag("instr")) for item in other.iter(tag("fldSimple"))] == fields
    assert not list(first.iter(tag("fldSimple")))
    if fields:
        stops = [(item.get(VALUE), item.get(tag("pos"))) for item in one(other, "p/pPr/tabs")]
        assert stops[0] == ("center", str(twips(165 / 2)))


def test_marks_stand_on_every_page_the_first_too(tmp_path: Path) -> None:
    path = put(tmp_path, report(said("x"), mark="HỒ SƠ MẪU", draft=True))
    (section,) = docx.Document(str(path)).sections
    for header in (section.first_page_header, section.header):
        text = words_of(header._element)
        assert text.startswith("DỰ THẢO") and text.endswith("HỒ SƠ MẪU")
        (across,) = (item for item in header._element.iter(WATERMARK) if item.get("string"))
        assert across.get("string") == "DỰ THẢO"
    (plain,) = docx.Document(str(put(tmp_path, report(said("x"))))).sections
    assert words_of(plain.first_page_header._element) == ""


# --- head, tables, signatures


def test_the_head_is_a_table_without_lines_40_to_60(tmp_path: Path) -> None:
    path = put(tmp_path, report(HEAD, said("x")))
    (head,) = part(path).iter(tag("tbl"))
    widths = [int(column.get(tag("w"), "0")) for column in head.iter(tag("gridCol"))]
    assert widths[0] / sum(widths) == pytest.approx(0.4, abs=0.001)
    assert sum(widths) == twips(165)
    assert one(head, "tblPr/tblStyle").get(VALUE) == "NtmBare"
    lines = words_of(head.findall(tag("tr"))[0])
    assert lines == "UBND TỈNH MẪUỦY BAN NHÂN DÂN\nXÃ MẪUCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAMĐộc lập - Tự do - Hạnh phúc"


def test_rules_are_as_long_as_the_decree_says(tmp_path: Path) -> None:
    """Under the motto as long as its line, under the agency and the subject a third to a half."""
    path = put(tmp_path, report(HEAD, doc.Title("BÁO CÁO", "Kết quả năm 2025"), said("x")))
    rules = [item for item in part(path).iter(tag("p")) if style_of(item) == "NtmRule"]
    rooms = (twips(165) * 0.4, twips(165) * 0.6, twips(165))
    lengths = []
    for rule, room in zip(rules, rooms, strict=True):
        indent = one(rule, "pPr/ind")
        assert indent.get(tag("left")) == indent.get(tag("right"))
        lengths.append((room - 2 * int(indent.get(tag("left"), "0"))) / 20)
    # widths of these lines in Times New Roman, points
    assert lengths[1] == pytest.approx(159, abs=2)
    assert 0.33 * 49 < lengths[0] < 0.5 * 60
    assert 0.33 * 110 < lengths[2] < 0.5 * 125


def test_tables_repeat_their_header_and_keep_their_rows(tmp_path: Path) -> None:
    rows = rows_of(put(tmp_path, report(grid(rows=300))))
    assert [has(row, "trPr/tblHeader") for row in rows] == [True, True] + [False] * (len(rows) - 2)
    assert all(has(row, "trPr/cantSplit") for row in rows)
    assert len(rows) == 2 + 1 + 2 + 300
    assert words_of(rows[1]) == "(1)(2)(3)"


def test_merged_cells_and_bands(tmp_path: Path) -> None:
    rows = rows_of(put(tmp_path, report(grid())))
    band, first, second = rows[2:5]
    assert one(band, "tc/tcPr/gridSpan").get(VALUE) == "3"
    assert all(has(item, "pPr/keepNext") for item in band.iter(tag("p")))
    assert [one(row, "tc/tcPr/vMerge").get(VALUE) for row in (first, second)] == ["restart", "continue"]
    assert all(has(item, "pPr/keepNext") for item in first.iter(tag("p")))


def test_a_row_taller_than_a_page_may_be_split(tmp_path: Path) -> None:
    long = "Một câu mẫu rất dài. " * 600
    table = doc.Table((doc.Column("A", 1), doc.Column("B", 1)), (doc.Row((doc.cell("x"), doc.cell(long))),))
    rows = rows_of(put(tmp_path, report(table)))
    assert [has(row, "trPr/cantSplit") for row in rows] == [True, False]
    assert words_of(rows[1]) == "x" + long


def test_no_cell_is_lost_where_a_row_does_not_fit_its_columns(tmp_path: Path) -> None:
    columns = (doc.Column("A", 1), doc.Column("B", 1))
    crowded = doc.Row((doc.cell("một"), doc.cell("hai", span=7), doc.cell("ba"), doc.cell("bốn")))
    empty = doc.RowGroup((doc.cell("chung"),), ())
    rows = rows_of(put(tmp_path, report(doc.Table(columns, (crowded, doc.Row((doc.cell("lẻ"),)), empty)))))
    assert [words_of(row) for row in rows[1:]] == ["mộthaibabốn", "lẻ", "chung"]
    assert all(len(row.findall(tag("tc"))) == 2 for row in rows)


def test_a_signature_stays_together_and_with_what_is_above(tmp_path: Path) -> None:
    path = put(tmp_path, report(grid(), said("Trên đây là báo cáo./."), SIGNED))
    body = one(part(path), "body")
    table, signature = (item for item in body if item.tag == tag("tbl"))
    rows = signature.findall(tag("tr"))
    assert all(has(row, "trPr/cantSplit") for row in rows)
    assert all(has(item, "pPr/keepNext") for row in rows[:-1] for item in row.iter(tag("p")))
    assert one(rows[1], "trPr/trHeight").get(VALUE) == str(twips(SIGNATURE_ROOM))
    between = [item for item in body if item.tag == tag("p")][:-1]
    assert all(has(item, "pPr/keepNext") for item in between)
    assert all(has(item, "pPr/keepNext") for item in table.findall(tag("tr"))[-1].iter(tag("p")))
    assert "Người Ký Mẫu" in words_of(rows[2])


def test_two_tables_never_touch(tmp_path: Path) -> None:
    path = put(tmp_path, report(HEAD, grid(), grid(), *every_block("x")))
    names = [item.tag for item in one(part(path), "body")]
    assert not any(pair == (tag("tbl"), tag("tbl")) for pair in pairwise(names))


# --- contents, pictures and page breaks


def test_contents_are_a_field_that_is_filled_already(tmp_path: Path) -> None:
    path = put(tmp_path, report(doc.Contents(), doc.Heading(1, "I.", "Một"), doc.Heading(2, "1.", "Hai"), said("x")))
    root = part(path)
    instructions = [item.text or "" for item in root.iter(tag("instrText"))]
    assert instructions[0].strip() == 'TOC \\o "1-3" \\h \\z \\u'
    (control,) = root.iter(tag("sdt"))
    assert words_of(control).startswith("MỤC LỤCI. MỘT")
    anchors = {item.get(tag("anchor")) for item in root.iter(tag("hyperlink"))}
    assert anchors == {item.get(tag("name")) for item in root.iter(tag("bookmarkStart"))}
    kinds = [item.get(tag("fldCharType")) for item in root.iter(tag("fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 3
    assert has(part(path, "word/settings.xml"), "updateFields")
    assert not has(part(put(tmp_path, report(said("x"))), "word/settings.xml"), "updateFields")


@pytest.mark.parametrize(("per_page", "columns"), [(2, 1), (4, 2)])
def test_pictures_are_fitted_whole(tmp_path: Path, per_page: int, columns: int) -> None:
    shots = [photo(tmp_path / "ngang.jpg", 300, 200), photo(tmp_path / "dọc.png", 200, 300)] * 3
    block = doc.Pictures(tuple(doc.Picture(path, doc.text(f"Ảnh {n}")) for n, path in enumerate(shots)), per_page)
    path = put(tmp_path, report(block))
    tables = list(part(path).iter(tag("tbl")))
    assert len(tables) == -(-6 // per_page)
    assert len(list(tables[0].iter(tag("gridCol")))) == columns
    shapes = docx.Document(str(path)).inline_shapes
    assert len(shapes) == 6
    for shape, ratio in zip(shapes, [1.5, 2 / 3] * 3, strict=True):
        assert shape.width / shape.height == pytest.approx(ratio, rel=0.01)
        assert shape.width.mm <= 165 / columns and shape.height.mm <= 257 / 2
    assert all(f"Ảnh {n}" in words_of(one(part(path), "body")) for n in range(6))


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "hỏng.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    shots = (doc.Picture(None, doc.text("A")), doc.Picture(tmp_path / "không có.jpg", doc.text("B")))
    path = put(tmp_path, report(doc.Pictures((*shots, doc.Picture(broken, doc.text("C"))), 4)))
    assert words_of(part(path)).count("Không có ảnh này trên máy") == 3


def test_a_page_break_is_a_property_of_what_follows(tmp_path: Path) -> None:
    path = put(tmp_path, report(doc.PageBreak(), said("một"), doc.PageBreak(), doc.PageBreak(), said("hai"), HEAD))
    broken = [words_of(item) for item in part(path).iter(tag("p")) if has(item, "pPr/pageBreakBefore")]
    assert broken == ["hai"]


# --- the file


def test_the_same_document_is_the_same_file(tmp_path: Path) -> None:
    shot = photo(tmp_path / "a.jpg", 30, 20)
    document = report(*every_block("Chữ"), doc.Pictures((doc.Picture(shot, doc.text("A")),)))
    first, second = put(tmp_path, document, "1.docx"), put(tmp_path, document, "2.docx")
    assert first.read_bytes() == second.read_bytes()


def test_the_file_says_what_it_is_and_nothing_of_this_computer(tmp_path: Path) -> None:
    metadata = doc.Metadata("UBND xã Mẫu", "Báo cáo", ("nông thôn mới", "2025"))
    properties = docx.Document(str(put(tmp_path, report(said("x"), metadata=metadata)))).core_properties
    assert (properties.title, properties.author) == ("Báo cáo mẫu năm 2025 của xã Mẫu", "UBND xã Mẫu")
    assert (properties.subject, properties.keywords) == ("Báo cáo", "nông thôn mới, 2025")
    assert (properties.language, properties.last_modified_by) == ("vi-VN", "")
    assert properties.created == properties.modified
    assert properties.created is not None and properties.created.year == 2000


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = put(tmp_path, report(said("cũ")))
    before = path.read_bytes()
    (tmp_path / "paper.docx.partial").mkdir()
    with pytest.raises(OSError):
        write_word(report(said("mới")), path)
    assert path.read_bytes() == before


# --- text is data


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_all_134_letters_come_out_composed(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    entered = unicodedata.normalize(form, LETTERS)
    path = put(tmp_path, report(*every_block(entered), mark=entered))
    text = words_of(part(path)) + words_of(part(path, "word/header1.xml"))
    assert text.count(LETTERS) > 30
    assert unicodedata.is_normalized("NFC", text)
    assert LETTERS in read_sections(path)["bao-cao.mot"]


OURS = {" PAGE ", ' TOC \\o "1-3" \\h \\z \\u '}
ANY = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(codec="utf-8", exclude_categories=()), max_size=30),
    st.sampled_from(
        [
            "<b>&amp;</b>",
            "]]><w:p/>",
            "=1+1",
            "{ PAGE }",
            "\\o TOC",
            "x" * 10_000,
            "\x00\x01\x0b\x1f\ufffe\ud800",
            "אבג \u202eabc",
            "👩\u200d👩\u200d👧🇻🇳",
            "một\r\nhai\tba\u2028bốn",
            "a\u0301\u0323",
        ]
    ),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=ANY, key=ANY)
def test_any_text_gives_a_file_that_says_it_and_nothing_else(tmp_path: Path, words: str, key: str) -> None:
    blocks = (*every_block(words), doc.Section(key, words, (said(words),)))
    metadata = doc.Metadata(words, words, (words,))
    document = doc.Document(words, words, blocks, mark=words, metadata=metadata)
    path = put(tmp_path, document)
    opened = docx.Document(str(path))
    root = part(path)
    shown = doc.legible(words)
    fields = {item.text for item in root.iter(tag("instrText"))}
    assert {item for item in fields if not (item or "").startswith(" PAGEREF _Toc")} <= OURS
    assert not list(root.iter(tag("fldSimple")))
    if shown.strip():
        assert words_of(root).count(shown) >= 40
    assert all(style is not None for style in (item.style for item in opened.paragraphs))
    read_sections(path)


def test_a_cell_holds_only_what_was_given(tmp_path: Path) -> None:
    path = put(tmp_path, report(said("<w:br/>&lt; “a” { PAGE } =SUM(A1)")))
    assert docx.Document(str(path)).paragraphs[0].text == "<w:br/>&lt; “a” { PAGE } =SUM(A1)"


# --- LibreOffice


def test_libreoffice_makes_the_pages_that_we_mean(tmp_path: Path) -> None:
    import pypdfium2

    cover = doc.Cover("UBND TỈNH MẪU", "UBND XÃ MẪU", "HỒ SƠ", ("Tiêu chí số 1",), ("Năm 2025",))
    covers = put(tmp_path, report(cover, cover, doc.PageBreak(), said("cuối"), page_numbers=PageNumbers.NONE))
    with pypdfium2.PdfDocument(office(covers, tmp_path, "pdf")) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert ["HỒ SƠ" in page for page in pages] == [True, True, False]
    assert "cuối" in pages[2]
    long = put(tmp_path, report(HEAD, grid(rows=120), said("Hết./."), SIGNED, draft=True), "bảng dài.docx")
    with pypdfium2.PdfDocument(office(long, tmp_path, "pdf")) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert len(pages) > 2
    assert all("DỰ THẢO" in page for page in pages)
    # Word keeps the last row on the signature's page too, LibreOffice does not
    assert all("(1)" in page for page in pages[:-1])
    assert "Người Ký Mẫu" in pages[-1] and "Hết./." in pages[-1]
