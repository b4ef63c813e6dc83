"""Texts come back from Word files as a person left them in Word or LibreOffice; hostile files do no harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import word_reading
from ntm_desktop.dossier.word_reading import read_sections, read_word
from ntm_desktop.dossier.word_xml import tag
from ntm_desktop.errors import InvalidInput
from ntm_desktop.model.text import clean
from tests.core.word_samples import HEAD, SIGNED, grid, office, part, put, replace_part, report, said

BODY = "word/document.xml"
FIRST, SECOND = "bao-cao.tinh-hinh", "bao-cao.chi-dao"


def paper(*lines: str, name: str = "Đặc điểm tình hình") -> doc.Document:
    """A report with one section of these lines and one that nobody has written."""
    return report(
        HEAD,
        doc.Contents(),
        doc.Heading(1, "I.", "Chung"),
        doc.Section(FIRST, name, tuple(said(line) for line in lines or ("Một.", "Hai.")), written=True),
        doc.Heading(1, "II.", "Chỉ đạo"),
        doc.Section(SECOND, "Chỉ đạo", (doc.FillIn("Nêu các văn bản chỉ đạo:", 3),)),
        grid(),
        SIGNED,
    )


def edited(path: Path, old: str, new: str) -> Path:
    """The file with a piece of its body changed."""
    return replace_part(path, BODY, old.encode(), new.encode())


def inserted(after: str, xml: str) -> tuple[str, str]:
    """A paragraph put after the one that ends with ``after``."""
    return f"{after}</w:t></w:r></w:p>", f"{after}</w:t></w:r></w:p>{xml}"


def line(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def test_untouched_files_say_so(tmp_path: Path) -> None:
    read = read_word(put(tmp_path, paper()))
    assert read.sections == {FIRST: "Một.\nHai.", SECOND: ""}
    assert read.untouched
    assert read.note is not None and (read.note.document, read.note.draft) == ("bao-cao", False)
    assert read.title == "Báo cáo mẫu năm 2025 của xã Mẫu"
    assert "I. CHUNG" in read.outside and "Người Ký Mẫu" in read.outside
    assert not any("Một." in words or "Nêu các" in words for words in read.outside)


def test_a_file_that_libreoffice_saved_reads_the_same(tmp_path: Path) -> None:
    ours = put(tmp_path, paper("Một.", "- Hai", "a) Ba"))
    theirs = office(ours, tmp_path / "lo", "docx:MS Word 2007 XML")
    assert read_word(theirs).sections == read_word(ours).sections
    assert read_word(theirs).untouched
    again = office(theirs, tmp_path / "lo2", "docx:MS Word 2007 XML")
    assert read_word(again).sections == read_word(ours).sections


def test_libreoffice_keeps_what_was_typed_before_saving(tmp_path: Path) -> None:
    path = edited(put(tmp_path, paper()), "Hai.", "Hai đã sửa.")
    path = edited(path, "Nêu các văn bản chỉ đạo:", "Nghị quyết số 01-NQ/ĐU.")
    theirs = office(path, tmp_path / "lo", "docx:MS Word 2007 XML")
    assert read_sections(theirs) == {FIRST: "Một.\nHai đã sửa.", SECOND: "Nghị quyết số 01-NQ/ĐU."}
    assert read_word(theirs).untouched


def test_words_through_python_docx(tmp_path: Path) -> None:
    """Another program that knows nothing of ours saves the file."""
    word = docx.Document(str(put(tmp_path, paper())))
    word.save(str(tmp_path / "saved.docx"))
    assert read_sections(tmp_path / "saved.docx") == {FIRST: "Một.\nHai.", SECOND: ""}


def test_what_is_written_on_the_dots_is_text(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    dots = "<w:r><w:tab/></w:r></w:p>"
    once = part(path)
    assert len([item for item in once.iter(tag("tab")) if item.get(tag("leader")) == "dot"]) >= 3
    typed = replace_part(path, BODY, dots.encode(), f"<w:r><w:tab/><w:t>Đã ban hành.</w:t></w:r></w:p>{''}".encode())
    assert set(read_sections(typed)[SECOND].split("\n")) == {"Đã ban hành."}


def test_new_paragraphs_belong_to_their_section(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    assert read_sections(edited(path, *inserted("Hai.", line("Ba."))))[FIRST] == "Một.\nHai.\nBa."
    behind = edited(
        path, "</w:sdtContent></w:sdt><w:bookmarkEnd", f"</w:sdtContent></w:sdt>{line('Sau.')}<w:bookmarkEnd"
    )
    assert read_sections(behind)[FIRST].endswith("Hai.\nSau.")


def test_tracked_changes_are_taken_as_accepted(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    changed = edited(
        path,
        '<w:t xml:space="preserve">Hai.</w:t></w:r>',
        "<w:t>Hai</w:t></w:r><w:ins><w:r><w:t> thêm</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> bớt</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t> dời</w:t></w:r></w:moveFrom>",
    )
    assert read_sections(changed)[FIRST] == "Một.\nHai thêm"
    joined = edited(path, *inserted("Một.", line("A", "<w:rPr><w:del/></w:rPr>") + line("B")))
    assert read_sections(joined)[FIRST] == "Một.\nAB\nHai."


def test_lists_that_word_counts_keep_their_signs(tmp_path: Path) -> None:
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
        '<w:lvlText w:val="%1%2)"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
        '<w:num w:numId="8"><w:abstractNumId w:val="4"/></w:num></w:numbering>'
    )

    def listed(words: str, number: int, depth: int = 0) -> str:
        return line(words, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')

    typed = (
        listed("x", 7) + listed("con", 7, 1) + listed("con", 7, 1) + listed("y", 7) + listed("con", 7, 1)
        + listed("gạch", 8) + listed("không có", 9)
    )  # fmt: skip
    path = edited(put(tmp_path, paper()), *inserted("Hai.", typed))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/numbering.xml", numbering)
    lines = read_sections(path)[FIRST].split("\n")
    assert lines[2:] == ["2. x", "2a) con", "2b) con", "3. y", "3a) con", "- gạch", "không có"]


def test_a_control_that_was_taken_away_leaves_its_bookmark(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    root = part(path)
    controls = [item for item in root.iter(tag("sdt")) if item.find(f"{tag('sdtPr')}/{tag('tag')}") is not None]
    for control in controls:
        content, parent = control.find(tag("sdtContent")), control.getparent()
        assert content is not None and parent is not None
        for child in list(content):
            control.addprevious(child)
        parent.remove(control)
    with zipfile.ZipFile(path) as archive:
        old = archive.read(BODY)
    bare = replace_part(path, BODY, old, etree.tostring(root))
    assert b"tinh-hinh" not in etree.tostring(root)
    assert read_sections(bare) == {FIRST: "Một.\nHai.", SECOND: ""}
    assert read_word(bare).untouched


def test_a_bookmark_without_its_end_does_not_swallow_the_paper(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    without = edited(path, "</w:sdtContent></w:sdt><w:bookmarkEnd", "</w:sdtContent></w:sdt><w:proofErr")
    assert read_sections(without)[FIRST] == "Một.\nHai."
    assert "II. CHỈ ĐẠO" in read_word(without).outside


def test_words_placeholder_is_no_text(tmp_path: Path) -> None:
    """Word puts it into a control that was emptied."""
    path = put(tmp_path, paper("Một."))
    style = '<w:style w:type="character" w:styleId="Cho"><w:name w:val="Placeholder Text"/></w:style></w:styles>'
    path = replace_part(path, "word/styles.xml", b"</w:styles>", style.encode())
    run = '<w:r><w:t xml:space="preserve">Một.</w:t></w:r>'
    emptied = '<w:r><w:rPr><w:rStyle w:val="Cho"/></w:rPr><w:t>Click or tap here to enter text.</w:t></w:r>'
    assert read_sections(edited(path, run, emptied))[FIRST] == ""


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    assert read_word(path).left_behind == ()
    pasted = edited(path, *inserted("Hai.", "<w:p><w:r><w:drawing/></w:r></w:p>"))
    assert read_word(pasted).left_behind == (FIRST,)


def test_edits_outside_are_seen(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    changed = edited(path, "Người Ký Mẫu", "Người Ký Khác")
    assert not read_word(changed).untouched
    assert "Người Ký Khác" in read_word(changed).outside


def test_without_our_properties_the_tags_still_tell(tmp_path: Path) -> None:
    path = put(tmp_path, paper())
    read = read_word(replace_part(path, "docProps/custom.xml", b'name="ntm', b'name="x'))
    assert read.note is None and not read.untouched
    assert read.sections[FIRST] == "Một.\nHai."


WORDS = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(codec="utf-8", exclude_categories=()), max_size=30),
    st.sampled_from(["một\nhai", "<w:p/>", "a" * 10_000, "......", "- gạch đầu dòng", "\u202eabc"]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(WORDS, min_size=1, max_size=4))
def test_any_text_comes_back_as_it_is_legible(tmp_path: Path, lines: list[str]) -> None:
    path = put(tmp_path, paper(*lines))
    legible = [part for each in lines for part in doc.legible(each).split("\n")]
    expected = [kept for each in legible if (kept := " ".join(clean(each).split())) and kept.strip(".…_ ")]
    got = [" ".join(each.split()) for each in read_sections(path)[FIRST].split("\n")]
    assert [each for each in got if each.strip(".…_ ")] == expected
    assert read_word(path).untouched


# --- files that are none of ours


def other(path: Path) -> Path:
    word = docx.Document()
    word.add_paragraph("Một văn bản khác")
    word.save(str(path))
    return path


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(BODY, b"<w>" + b" " * (word_reading.LARGEST_PART + 10))
    return path


def entities(path: Path) -> Path:
    lols = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};">' for n in range(1, 30))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(BODY, f'<!DOCTYPE x [<!ENTITY l0 "lol">{lols}]><x>&l29;</x>')
    return path


def secrets(path: Path) -> Path:
    secret = path.with_name("secret.txt")
    secret.write_text("BÍ MẬT", encoding="utf-8")
    head = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            BODY, f"{head}<w:document {ns}><w:body><w:p><w:r><w:t>&s;</w:t></w:r></w:p></w:body></w:document>"
        )
    return path


def crowded(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(word_reading.MOST_PARTS + 1):
            archive.writestr(str(number), b"")
    return path


def deep(path: Path) -> Path:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path, "w") as archive:
        nested = "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000
        archive.writestr(BODY, f"<w:document {ns}><w:body>{nested}</w:body></w:document>")
    return path


def text(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04 this is no file of that kind")
    return path


@pytest.mark.parametrize("make", [other, bomb, entities, secrets, crowded, deep, text])
def test_other_files_are_refused_in_a_sentence(tmp_path: Path, make: object) -> None:
    path = make(tmp_path / "lạ.docx")  # type: ignore[operator]
    with pytest.raises(InvalidInput) as refused:
        read_word(path)
    assert "lạ.docx" in refused.value.message
    assert "Chưa có gì thay đổi" in refused.value.hint
    assert "BÍ MẬT" not in str(refused.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bits=st.integers(1, 255), cut=st.booleans())
def test_damaged_files_are_read_or_refused(tmp_path: Path, place: int, bits: int, cut: bool) -> None:
    path = tmp_path / "paper.docx"
    if not path.exists():
        put(tmp_path, paper())
    content = bytearray(path.read_bytes())
    place %= len(content)
    content[place] ^= bits
    broken = tmp_path / "hỏng.docx"
    broken.write_bytes(content[: place + 1] if cut else content)
    try:
        read = read_word(broken)
    except InvalidInput:
        return
    assert set(read.sections) <= {FIRST, SECOND}
