"""What PDF/A-2b (ISO 19005-2, level B) asks of a file, requirement by requirement, read from the bytes of our papers.

No validator is at hand where this program is built; the manual says that these are the checks. Numbers in the names of
the tests are the standard's sections.
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.model.paper_template import PageNumbers
from tests.core.dossier_samples import LETTERS


def document(folder: Path) -> doc.Document:
    """A paper with every kind of block, marks, and pictures of every kind that a file may hold."""
    pictures = []
    for mode, ending in (("RGB", "jpg"), ("L", "jpg"), ("CMYK", "jpg"), ("RGBA", "png"), ("P", "png"), ("1", "png")):
        Image.new(mode, (90, 60), 1).save(folder / f"{mode}.{ending}")
        pictures.append(doc.Picture(folder / f"{mode}.{ending}", doc.text(doc.Run("Ảnh. ", bold=True), mode)))
    pictures.append(doc.Picture(None, doc.text("Không có ảnh")))
    columns = (doc.Column("TT", 10), doc.Column("Nội dung", 90))
    rows = (doc.Row((doc.cell("Phần", span=2, bold=True),), band=True), doc.Row((doc.cell("1"), doc.cell(LETTERS))))
    blocks: tuple[doc.Block, ...] = (
        doc.OfficialHead("UBND TỈNH MẪU", "ỦY BAN NHÂN DÂN XÃ MẪU", "Số: 01/BC-UBND", "Mẫu, ngày 05 tháng 01 năm 2026"),
        doc.Title("BÁO CÁO", "Kết quả mẫu <&>"),
        doc.Addressee(("Nơi mẫu", "Nơi khác")),
        doc.Basis(("Căn cứ mẫu", "Căn cứ khác")),
        doc.Contents(),
        doc.Heading(1, "I.", "Phần một"),
        doc.Heading(2, "1.", "Mục một"),
        doc.Paragraph(doc.text("Lời văn ", doc.Run("đậm", bold=True), doc.Run(" nghiêng ☐ ✔ \U0001f600", italic=True))),
        doc.Section("bao-cao.mau", "Mẫu", (doc.FillIn("Hỏi", 3),)),
        doc.Note("Ghi chú trong khung", boxed=True),
        doc.Table(columns, rows, numbered=True),
        doc.QrCode("https://mau.example", (doc.text("Mã mẫu"),)),
        doc.Pictures(tuple(pictures[:3]), 2),
        doc.Pictures(tuple(pictures[3:]), 4),
        doc.Cover("CẤP TRÊN", "CƠ QUAN MẪU", "HỒ SƠ MẪU", ("Tên",), ("Hộp 1",)),
        doc.PageBreak(),
        doc.Spines((doc.SpineLabel("1", ("TIÊU CHÍ SỐ 1", "Tên")),)),
        doc.SignatureBlock(doc.Signer(("CHỦ TỊCH",), "Người Mẫu"), ("- Lưu: VT.",)),
    )
    told = doc.Metadata("CƠ QUAN MẪU & <b>", "Chủ đề (mẫu)", ("từ", "khóa"))
    return doc.Document(
        "mau", "Báo cáo mẫu", blocks, mark="HỒ SƠ MẪU", draft=True, page_numbers=PageNumbers.OF_TOTAL, metadata=told
    )


@cache
def _files(folder: Path) -> tuple[Path, ...]:
    whole = document(folder)
    least = doc.Document("it", "Ít", (doc.Paragraph(doc.text("Một dòng")),))
    made = []
    for place, each in enumerate((whole, replace(whole, landscape=True, one_page=True), least)):
        write_pdf(each, folder / f"{place}.pdf")
        made.append(folder / f"{place}.pdf")
    return tuple(made)


@pytest.fixture(scope="module", params=["all blocks", "one page across", "one line"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp() / "archive"
    folder.mkdir(exist_ok=True)
    return _files(folder)[["all blocks", "one page across", "one line"].index(request.param)]


def objects(path: Path) -> Iterator[Any]:
    """Everything in the file, direct and indirect."""
    reader = PdfReader(path, strict=True)
    size = int(reader.trailer["/Size"])  # type: ignore[call-overload]
    waiting: list[Any] = [
        reader.trailer,
        *(IndirectObject(number, 0, reader).get_object() for number in range(1, size)),
    ]
    while waiting:
        thing = waiting.pop()
        yield thing
        if isinstance(thing, DictionaryObject):
            waiting.extend(value for key in thing if not isinstance(value := thing.raw_get(key), IndirectObject))
        elif isinstance(thing, ArrayObject):
            waiting.extend(value for value in list.__iter__(thing) if not isinstance(value, IndirectObject))


def dictionaries(path: Path) -> Iterator[dict[str, Any]]:
    """Dictionaries among them, streams' too."""
    return (thing for thing in objects(path) if isinstance(thing, DictionaryObject))


def contents(path: Path) -> Iterator[tuple[ContentStream, Any]]:
    """Drawing commands of pages and forms with their resources."""
    reader = PdfReader(path, strict=True)
    for page in reader.pages:
        resources: Any = page["/Resources"]
        content = page.get_contents()
        assert content is not None
        yield ContentStream(content, reader), resources
        for form in resources.get("/XObject", {}).values():
            found: Any = form.get_object()
            if found["/Subtype"] == "/Form":
                yield ContentStream(found, reader), found["/Resources"]


def fonts(path: Path) -> dict[str, Any]:
    """Fonts by the name that drawing commands use; every page has the same."""
    resources: Any = PdfReader(path, strict=True).pages[0]["/Resources"]
    return {name: font.get_object() for name, font in resources["/Font"].items()}


def tables(program: bytes) -> dict[bytes, bytes]:
    """Tables of a TrueType program."""
    found = {}
    for place in range(struct.unpack(">H", program[4:6])[0]):
        tag, _sum, offset, length = struct.unpack(">4sIII", program[12 + 16 * place : 28 + 16 * place])
        found[tag] = program[offset : offset + length]
    return found


def test_6_1_2_header(path: Path) -> None:
    first, second, _rest = path.read_bytes().split(b"\n", 2)
    assert first == b"%PDF-1.7"
    assert second[:1] == b"%"
    assert all(byte > 127 for byte in second[1:5])


def test_6_1_3_trailer(path: Path) -> None:
    content = path.read_bytes()
    assert content.endswith(b"%%EOF\n")
    assert content.count(b"%%EOF") == content.count(b"startxref") == 1  # written once, never appended to
    trailer = PdfReader(path, strict=True).trailer
    ids: Any = trailer["/ID"]
    assert [len(each.original_bytes) for each in ids] == [16, 16]
    assert "/Encrypt" not in trailer


def test_6_1_4_cross_references(path: Path) -> None:
    content = path.read_bytes()
    at = int(re.findall(rb"startxref\n(\d+)\n", content)[0])
    head = re.match(rb"xref\n0 (\d+)\n0000000000 65535 f \n", content[at:])
    assert head
    lines = content[at + head.end() : content.index(b"trailer", at)].splitlines(keepends=True)
    assert len(lines) == int(head[1]) - 1
    for number, line in enumerate(lines, start=1):
        assert re.fullmatch(rb"\d{10} 00000 n \n", line)
        assert content[int(line[:10]) :].startswith(b"%d 0 obj\n" % number)
        assert content[: int(line[:10])].endswith(b"\n")


def test_6_1_7_streams(path: Path) -> None:
    content = path.read_bytes()
    at = int(re.findall(rb"startxref\n(\d+)\n", content)[0])
    offsets = [int(line[:10]) for line in re.findall(rb"\d{10} 00000 n \n", content[at:])]
    ends = [*sorted(offsets)[1:], at]
    streams = 0
    for begin, end in zip(sorted(offsets), ends, strict=True):
        thing = content[begin:end]
        assert thing.endswith(b"\nendobj\n")
        head, mark, data = thing.partition(b"\nstream\n")
        if mark:
            streams += 1
            length = int(re.findall(rb"/Length (\d+)", head)[-1])
            assert data[length:] == b"\nendstream\nendobj\n"
    assert streams >= 5
    for thing in objects(path):
        if isinstance(thing, StreamObject):
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(thing)
            assert not re.search(r"LZW|Crypt|JPX", str(thing.get("/Filter")))


def test_6_1_13_limits(path: Path) -> None:
    for thing in objects(path):
        if isinstance(thing, TextStringObject | ByteStringObject):
            assert len(thing.original_bytes) <= 32_767
        if isinstance(thing, NameObject):
            assert len(thing.encode()) <= 127
            thing.encode().decode("utf-8")
    for content, _resources in contents(path):
        depth = deepest = 0
        for _operands, operator in content.operations:
            depth += (operator == b"q") - (operator == b"Q")
            deepest = max(deepest, depth)
            assert depth >= 0
        assert depth == 0
        assert deepest <= 28
    for page in PdfReader(path).pages:
        assert all(3 <= float(side) <= 14_400 for side in (page.mediabox.width, page.mediabox.height))


def test_6_2_2_resources_are_named_where_they_are_used(path: Path) -> None:
    for content, resources in contents(path):
        for operands, operator in content.operations:
            if operator == b"Tf":
                assert operands[0] in resources["/Font"]
            if operator == b"Do":
                assert operands[0] in resources["/XObject"]
            assert operator not in (b"gs", b"sh", b"cs", b"CS", b"scn", b"SCN", b"ri", b"BI", b"BDC")


def test_6_2_3_output_intent(path: Path) -> None:
    root: Any = PdfReader(path, strict=True).trailer["/Root"]
    (intent,) = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/OutputConditionIdentifier"] == "sRGB"
    profile = intent["/DestOutputProfile"].get_object()
    content = profile.get_data()
    assert profile["/N"] == 3
    assert struct.unpack(">I", content[:4])[0] == len(content)
    assert (content[8] in (2, 4), content[12:16], content[16:20], content[36:40]) == (True, b"mntr", b"RGB ", b"acsp")
    (folder,) = {path.parent}
    (folder / "sRGB.icc").write_bytes(content)
    opened = ImageCms.ImageCmsProfile(str(folder / "sRGB.icc"))
    changed = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), (200, 100, 50)), opened, ImageCms.createProfile("sRGB")
    )
    assert changed is not None
    assert all(abs(a - b) <= 1 for a, b in zip(changed.getpixel((0, 0)), (200, 100, 50), strict=True))  # type: ignore[arg-type]


def test_6_2_4_colours_are_gray_or_rgb(path: Path) -> None:
    for content, _resources in contents(path):
        assert not {operator for _operands, operator in content.operations} & {b"k", b"K"}
    for thing in dictionaries(path):
        if thing.get("/Subtype") == "/Image":
            assert thing["/ColorSpace"] in ("/DeviceGray", "/DeviceRGB")


def test_6_2_8_pictures_and_6_2_9_forms(path: Path) -> None:
    for thing in dictionaries(path):
        if thing.get("/Subtype") in ("/Image", "/Form", "/PS"):
            assert thing["/Subtype"] != "/PS"
            assert not {"/Alternates", "/OPI", "/Ref", "/Subtype2", "/PS", "/Interpolate"} & set(thing)


def test_6_2_10_nothing_is_transparent(path: Path) -> None:
    for thing in dictionaries(path):
        assert not {"/SMask", "/Mask", "/ca", "/CA", "/BM", "/Group"} & set(thing)


def test_6_2_11_fonts(path: Path) -> None:
    used: dict[str, set[int]] = {}
    for content, _resources in contents(path):
        font = ""
        for operands, operator in content.operations:
            if operator == b"Tf":
                font = operands[0]
            if operator in (b"Tj", b"'"):
                used.setdefault(font, set()).update(operands[0].original_bytes)
            assert operator not in (b"TJ", b'"')
    assert used
    for name, codes in used.items():
        font = fonts(path)[name]
        descriptor = font["/FontDescriptor"]
        assert font["/Subtype"] == "/TrueType"
        assert re.fullmatch(r"/[A-Z]{6}\+[\w-]+", font["/BaseFont"])
        assert font["/BaseFont"] == descriptor["/FontName"]
        assert descriptor["/Flags"] & 4  # symbolic,
        assert "/Encoding" not in font  # therefore without one,
        program = tables(descriptor["/FontFile2"].get_data())
        count, first, last = struct.unpack(">HxxxxIxxxxxxHH", program[b"cmap"][2:22])[0], 0, 0
        assert count == 1  # with exactly one map
        start = struct.unpack(">I", program[b"cmap"][8:12])[0]
        kind, _length, _language, first, entries = struct.unpack(">5H", program[b"cmap"][start : start + 10])
        assert kind == 6
        last = first + entries - 1
        glyphs = struct.unpack(f">{entries}H", program[b"cmap"][start + 10 : start + 10 + 2 * entries])
        per_em = struct.unpack(">H", program[b"head"][18:20])[0]
        metrics = struct.unpack(">H", program[b"hhea"][34:36])[0]
        for code in codes:
            assert first <= code <= last
            glyph = glyphs[code - first]
            assert glyph > 0  # .notdef is never shown
            at = 4 * min(glyph, metrics - 1)
            width = struct.unpack(">H", program[b"hmtx"][at : at + 2])[0] * 1000 / per_em
            assert abs(float(font["/Widths"][code - int(font["/FirstChar"])]) - width) <= 1
        mapped = font["/ToUnicode"].get_data().decode("latin-1")
        assert "begincmap" in mapped


def test_6_3_annotations_and_6_5_actions(path: Path) -> None:
    for thing in dictionaries(path):
        assert not {"/A", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/AcroForm"} & set(thing)
        assert "/Names" not in thing
        if thing.get("/Type") == "/Annot":
            assert thing["/Subtype"] == "/Link"
            assert thing["/F"] == 4  # printed, neither hidden nor out of sight
            assert "/Dest" in thing


def test_6_6_metadata(path: Path) -> None:
    reader = PdfReader(path, strict=True)
    root: Any = reader.trailer["/Root"]
    stream = root["/Metadata"].get_object()
    assert (stream["/Type"], stream["/Subtype"]) == ("/Metadata", "/XML")
    assert "/Filter" not in stream
    content = stream.get_data().decode("utf-8")
    assert content.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert content.rstrip().endswith('<?xpacket end="w"?>')
    tree = ET.fromstring(content[content.index("<x:xmpmeta") : content.index("<?xpacket end")])
    names = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "pdf": "http://ns.adobe.com/pdf/1.3/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "a": "http://www.aiim.org/pdfa/ns/id/",
    }

    def said(where: str) -> str:
        found = tree.find(f".//{where}", names)
        return "" if found is None else "".join(found.itertext()).strip()

    assert (said("a:part"), said("a:conformance")) == ("2", "B")
    told = reader.metadata
    assert told is not None
    assert said("dc:title") == told.title
    assert said("dc:creator") == (told.author or "")
    assert said("dc:description") == (told.subject or "")
    assert said("pdf:Keywords") == (told.get("/Keywords") or "")
    assert said("xmp:CreatorTool") == told.creator
    assert said("pdf:Producer") == told.producer
    assert not {"/CreationDate", "/ModDate"} & set(told)


def test_6_7_and_others_no_layers_no_steps(path: Path) -> None:
    root: Any = PdfReader(path, strict=True).trailer["/Root"]
    assert not {"/OCProperties", "/Requirements", "/Perms", "/NeedsRendering"} & set(root)
    for page in PdfReader(path).pages:
        assert "/PresSteps" not in page
