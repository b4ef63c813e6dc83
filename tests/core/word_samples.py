"""Documents of every block, and what stands in a Word file: for the tests of the Word writer and reader."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.word import write_word
from ntm_desktop.dossier.word_xml import Element, tag

HEAD = doc.OfficialHead(
    "UBND TỈNH MẪU", "ỦY BAN NHÂN DÂN XÃ MẪU", "Số: 05/BC-UBND", "Xã Mẫu, ngày 05 tháng 01 năm 2026"
)
SIGNED = doc.SignatureBlock(
    doc.Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Người Ký Mẫu"), ("- Như trên;", "- Lưu: VT.")
)


def said(words: str) -> doc.Paragraph:
    """A paragraph of body text."""
    return doc.Paragraph(doc.text(words))


def grid(words: str = "Nội dung", rows: int = 3) -> doc.Table:
    """A table with a band, a merged group and plain rows."""
    columns = (doc.Column("TT", 11, doc.Align.CENTER), doc.Column("Nội dung", 60), doc.Column(words, 30))
    group = doc.RowGroup(
        (doc.cell("1"),), (doc.Row((doc.cell(words), doc.cell("a"))), doc.Row((doc.cell("b"), doc.cell(words))))
    )
    plain = [doc.Row((doc.cell(str(place)), doc.cell(words), doc.cell(words, words))) for place in range(rows)]
    return doc.Table(columns, (doc.Row((doc.cell(words, span=3),), band=True), group, *plain), numbered=True)


def every_block(words: str) -> tuple[doc.Block, ...]:
    """Each kind of block, with ``words`` wherever data can stand."""
    run = doc.text(words)
    signer = doc.Signer((words, words), words, words)
    return (
        doc.OfficialHead(words, words, words, words, words, words),
        doc.Title(words, words, words, words),
        doc.Title(words),
        doc.Addressee((words,)),
        doc.Addressee((words, words)),
        doc.Contents(words),
        doc.Basis((words, words)),
        doc.Heading(2, "1.", words),
        doc.Paragraph((doc.Run(words, bold=True), doc.Run(words, italic=True)), marker="a)"),
        doc.FillIn(words, 2),
        doc.Note(words),
        doc.Note(words, boxed=True),
        grid(words),
        doc.Section("bao-cao.mot", words, (said(words), doc.FillIn(words, 1)), written=True),
        doc.QrCode(words, (run,)),
        doc.Pictures((doc.Picture(None, run), doc.Picture(None, run), doc.Picture(None, run)), 2),
        doc.PageBreak(),
        doc.Cover(words, words, words, (words, words), (words,)),
        doc.Spines((doc.SpineLabel(words, (words, words)),) * 5),
        doc.SignatureBlock(signer, (words,), signer),
        doc.SignatureBlock(signer, (words,)),
    )


def report(*blocks: doc.Block, **options: object) -> doc.Document:
    """A report of these blocks."""
    return doc.Document("bao-cao", "Báo cáo mẫu năm 2025 của xã Mẫu", blocks, **options)  # type: ignore[arg-type]


def put(folder: Path, document: doc.Document, name: str = "paper.docx") -> Path:
    """The document as a file."""
    path = folder / name
    write_word(document, path)
    return path


def part(path: Path, name: str = "word/document.xml") -> Element:
    """One part of a file."""
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def words_of(holder: Element) -> str:
    """All text below an element; breaks are line ends."""
    pieces = [(item.text or "") if item.tag == tag("t") else "\n" for item in holder.iter(tag("t"), tag("br"))]
    return "".join(pieces)


def replace_part(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The file with a part changed, as another program would save it."""
    made = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            content = source.read(entry.filename)
            if entry.filename == name:
                assert old in content
                content = content.replace(old, new)
            target.writestr(entry, content)
    return made


def photo(path: Path, width: int, height: int) -> Path:
    """A small picture file."""
    Image.new("RGB", (width, height), (40, 90, 140)).save(path)
    return path


def office(source: Path, folder: Path, form: str) -> Path:
    """The file converted by LibreOffice; the test is skipped where there is none."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice here")
    profile = (folder / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", form, "--outdir", str(folder)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{form.partition(':')[0]}"
