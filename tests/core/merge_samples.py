"""PDFs for the one file: of all sizes and turns, locked, broken, and made to do harm."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import FloatObject, NameObject, RectangleObject

A4 = (595.28, 841.89)
MARK = "NOI DUNG"  # stands on each page of plain()


def plain(path: Path, sizes: Sequence[tuple[float, float]] = (A4,), words: str = MARK) -> Path:
    """Pages of these sizes in points, words in the middle, a frame at the edge."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for width, height in sizes:
        canvas.setPageSize((width, height))
        canvas.rect(1, 1, width - 2, height - 2)
        canvas.setFont("Helvetica", min(width, height) / 12)
        canvas.drawCentredString(width / 2, height / 2, words)
        canvas.showPage()
    canvas.save()
    return path


def changed(path: Path, turn: int = 0, crop: Sequence[float] = (), unit: float = 1.0) -> Path:
    """The file with its pages turned, cropped, measured in another unit."""
    writer = PdfWriter(clone_from=io.BytesIO(path.read_bytes()))
    for page in writer.pages:
        if turn:
            page.rotate(turn)
        if crop:
            page.cropbox = RectangleObject(tuple(crop))
        if unit != 1.0:
            page[NameObject("/UserUnit")] = FloatObject(unit)
    writer.write(path)
    return path


def locked(path: Path, user: str, owner: str = "chu") -> Path:
    """The file under passwords; an empty one opens by itself."""
    writer = PdfWriter(clone_from=io.BytesIO(path.read_bytes()))
    writer.encrypt(user, owner, algorithm="RC4-128")
    writer.write(path)
    return path


def raw(path: Path, objects: Mapping[int, bytes | tuple[bytes, bytes]]) -> Path:
    """A file of these objects by number; a pair is a stream. Object 1 is the catalogue."""
    content = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, given in objects.items():
        places[number] = len(content)
        if isinstance(given, tuple):
            entries, data = given
            given = b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, given)
    begin, most = len(content), max(objects) + 1
    content += b"xref\n0 %d\n0000000000 65535 f \n" % most
    for number in range(1, most):
        content += b"%010d %05d %s \n" % (places.get(number, 0), 0, b"n" if number in places else b"f")
    content += b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (most, begin)
    path.write_bytes(content)
    return path


FONT = b"<</Type/Font /Subtype/Type1 /BaseFont/Helvetica>>"
TEXT = b"BT /F 30 Tf 100 400 Td (NOI DUNG) Tj ET"


def one_page(path: Path, page: bytes = b"", more: Mapping[int, bytes | tuple[bytes, bytes]] | None = None) -> Path:
    """A page with MARK on it; ``page`` are entries of it before its own, ``more`` further objects from 10 on."""
    pictures = [number for number, given in (more or {}).items() if isinstance(given, tuple) and b"/Image" in given[0]]
    shown = [b"/I%d %d 0 R" % (number, number) for number in pictures]
    return raw(
        path,
        {
            1: b"<</Type/Catalog /Pages 2 0 R>>",
            2: b"<</Type/Pages /Count 1 /Kids [3 0 R]>>",
            3: b"<<" + page + b" /Type/Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <</Font <</F 5 0 R>> /XObject <<%s>> >> >>" % b" ".join(shown),
            4: (b"", TEXT),
            5: FONT,
            **(more or {}),
        },
    )


def acting(path: Path) -> Path:
    """Opens a program, runs a script, holds a program; its stamp is to be seen all the same."""
    annotations = (
        b"<</Type/Annot /Subtype/Stamp /Rect [100 100 300 140] /F 4 /AP <</N 11 0 R>>"
        b" /A <</S/Launch /F (evil.exe)>> /AA <</E <</S/JavaScript /JS (app.alert\\(1\\))>> >> >>"
        b"<</Type/Annot /Subtype/Link /Rect [0 0 595 842] /A <</S/URI /URI (http://evil.example/)>> >>"
        b"<</Type/Annot /Subtype/Stamp /Rect [100 200 300 240] /F 2 /AP <</N 12 0 R>> >>"
    )
    look = b"/Type/XObject /Subtype/Form /BBox [0 0 200 40] /Resources <</Font <</F 5 0 R>> >>"
    one_page(
        path,
        b"/Annots [" + annotations + b"] /AA <</O 13 0 R>>",
        {
            11: (look, b"BT /F 20 Tf 2 10 Td (DA DUYET) Tj ET"),
            12: (look, b"BT /F 20 Tf 2 10 Td (BI GIAU) Tj ET"),
            13: b"<</S/JavaScript /JS (app.alert\\(2\\))>>",
            14: (b"/Type/EmbeddedFile", b"MZ evil"),
        },
    )
    writer = PdfWriter(clone_from=io.BytesIO(path.read_bytes()))
    writer.add_attachment("evil.exe", b"MZ evil")
    writer.write(path)
    return path


def layered(path: Path) -> Path:
    """Two layers, one of them off: «AN DI» is not to be seen."""
    return raw(
        path,
        {
            1: b"<</Type/Catalog /Pages 2 0 R /OCProperties <</OCGs [6 0 R 7 0 R] /D <</OFF [7 0 R]>> >> >>",
            2: b"<</Type/Pages /Count 1 /Kids [3 0 R]>>",
            3: b"<</Type/Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <</Font <</F 5 0 R>> /Properties <</On 6 0 R /Off 7 0 R>> >> >>",
            4: (b"", b"/OC /On BDC " + TEXT + b" EMC /OC /Off BDC 0 0 400 300 re f EMC"),
            5: FONT,
            6: b"<</Type/OCG /Name (hien)>>",
            7: b"<</Type/OCG /Name (an)>>",
        },
    )


def unbalanced(path: Path) -> Path:
    """More states restored than saved, and a matrix left behind that would turn a stamp over."""
    return one_page(path, b"/Contents 10 0 R", {10: (b"", b"Q Q Q " + TEXT + b" 0.01 0 0 -0.01 900 900 cm q q")})


def bomb(path: Path, megabytes: int = 400) -> Path:
    """A page whose drawing commands unpack to very much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _part in range(megabytes)) + packer.flush()
    return one_page(path, b"/Contents 10 0 R", {10: (b"/Filter/FlateDecode", packed)})


def endless(path: Path) -> Path:
    """A tree of pages whose branches lead back to its root."""
    return raw(
        path,
        {
            1: b"<</Type/Catalog /Pages 2 0 R>>",
            2: b"<</Type/Pages /Count 99999999 /Kids [3 0 R 2 0 R]>>",
            3: b"<</Type/Pages /Parent 2 0 R /Count 99999999 /Kids [2 0 R 3 0 R]>>",
        },
    )


def crowded(path: Path, pages: int = 6000) -> Path:
    """More pages than anybody wants to print."""
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 10 + pages))
    page = b"<</Type/Page /Parent 2 0 R /MediaBox [0 0 595 842]>>"
    return raw(
        path,
        {
            1: b"<</Type/Catalog /Pages 2 0 R>>",
            2: b"<</Type/Pages /Count %d /Kids [%s]>>" % (pages, kids),
            **dict.fromkeys(range(10, 10 + pages), page),
        },
    )


def nested(path: Path, depth: int = 100_000) -> Path:
    """Arrays within arrays."""
    return one_page(path, b"/Group <</X 10 0 R>>", {10: b"[" * depth + b"]" * depth})


def chained(path: Path, length: int = 6000) -> Path:
    """A drawing that refers to one thing after the other, each to the next."""
    links: dict[int, bytes | tuple[bytes, bytes]] = {
        number: b"<</N %d 0 R>>" % (number + 1) for number in range(10, 10 + length)
    }
    return one_page(path, b"/Group <</X 10 0 R>>", links)


def pages_of(path: Path) -> int:
    """How many."""
    return len(PdfReader(path).pages)
