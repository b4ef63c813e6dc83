"""The file below the pages: written object by object, pictures read from their files, numbers known only at the end.

What PDF/A-2b (ISO 19005-2) asks of a file's frame is made here: metadata as XMP, the colour space that the output is
meant for, stream ends on lines of their own, no date that nobody knows. tests/core/test_pdf_archive.py checks it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import black
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from ntm_desktop import paths
from ntm_desktop.dossier.pdf_images import ImageFile

PDF_VERSION = (1, 7)
PRODUCER = "ReportLab PDF Library"
_TOLD = 1 << 16  # bytes of an object that the file's ID is made from
_PRINTED = 4  # annotation flag: shown on paper too
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{author}{subject}<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


@dataclass(frozen=True, slots=True)
class _Late:
    """Words that are known when all pages are: drawn ending at the point, or around it."""

    name: str
    words: Callable[[], str]
    font: str
    size: float
    centered: bool


class PaperCanvas(Canvas):
    """Draws pages and writes them; memory holds the pages' drawing commands, never their pictures."""

    _doc: Any
    _code: Any

    def __init__(self, stream: Any, **options: Any) -> None:
        super().__init__(stream, **(options | {"pdfVersion": PDF_VERSION}))
        self._stream: IO[bytes] = stream
        self._late: list[_Late] = []
        self._pages: dict[str, int] = {}

    def note_page(self, key: str) -> None:
        """The bookmark ``key`` is on this page."""
        self._pages[key] = int(self.getPageNumber())

    def page_of(self, key: str) -> str:
        """The page of a bookmark, once it is known."""
        return str(self._pages.get(key, ""))

    @property
    def page_count(self) -> int:
        """Pages so far; all of them once the words put off are drawn."""
        return int(self.getPageNumber()) - 1

    def draw_later(
        self, words: Callable[[], str], x: float, y: float, font: str, size: float, *, centered: bool = False
    ) -> None:
        """Draw at (x, y) what ``words`` says when the last page is done; ``x`` is its right end or its middle."""
        name = f"late{len(self._late)}"
        self._late.append(_Late(name, words, font, size, centered))
        self.saveState()
        self.translate(x, y)
        self.doForm(name)
        self.restoreState()

    def link(self, words: str, key: str, rect: tuple[float, float, float, float]) -> None:
        """A click into ``rect`` leads to the bookmark ``key``."""
        self.linkRect(words, key, rect, F=_PRINTED)

    def draw_file(self, image: ImageFile, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture file; its content is read when the file is written, once however often it is shown."""
        document = self._doc
        self._currentPageHasImages = 1
        name = f"file-{image.key}"
        registered = document.getXObjectName(name)
        if registered not in document.idToObject:
            document.Reference(_Image(image), registered)
        self.saveState()
        self.translate(x, y)
        self.scale(width, height)
        self.doForm(name)
        self.restoreState()

    def save(self) -> None:
        """Draw what was put off, then write the file."""
        if len(self._code):
            self.showPage()
        for late in self._late:
            words = late.words()
            wide, high = int(self.stringWidth(words, late.font, late.size)) + 3, int(late.size)
            self.beginForm(late.name, -wide, -high, wide, 2 * high)
            self.setFillColor(black)
            self.setFont(late.font, late.size)
            (self.drawCentredString if late.centered else self.drawRightString)(0, 0, words)
            self.endForm()
        self._write()

    def _write(self) -> None:
        document = self._doc
        for font in document.delayedFonts:
            font.addObjects(document)
        document.info = _Info(document.info)
        self._declare(document)
        document.Reference(document.Catalog)
        document.Reference(document.info)
        document.Outlines.prepare(document, self)
        if document.Outlines.ready < 0:
            document.Catalog.Outlines = None
        document.encrypt.prepare(document)
        _stream_out(document, self._stream)

    def _declare(self, document: Any) -> None:
        """Metadata and colours of the whole file."""
        catalog, info = document.Catalog, document.info
        words = {name: escape(getattr(info, name)) for name in ("title", "author", "subject", "keywords", "creator")}
        if words["author"]:
            words["author"] = f"<dc:creator><rdf:Seq><rdf:li>{words['author']}</rdf:li></rdf:Seq></dc:creator>\n"
        if words["subject"]:
            about = f'<rdf:li xml:lang="x-default">{words["subject"]}</rdf:li>'
            words["subject"] = f"<dc:description><rdf:Alt>{about}</rdf:Alt></dc:description>\n"
        metadata = pdfdoc.PDFStream(content=_XMP.format(producer=PRODUCER, **words).encode())
        metadata.dictionary["Type"] = pdfdoc.PDFName("Metadata")
        metadata.dictionary["Subtype"] = pdfdoc.PDFName("XML")
        profile = pdfdoc.PDFStream(content=(paths.resources() / "color" / "sRGB.icc").read_bytes())
        profile.dictionary["N"] = 3
        intent = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("OutputIntent"),
                "S": pdfdoc.PDFName("GTS_PDFA1"),
                "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
                "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
                "DestOutputProfile": document.Reference(profile),
            }
        )
        catalog.Metadata = document.Reference(metadata)
        catalog.OutputIntents = pdfdoc.PDFArray([intent])
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


class _Image(pdfdoc.PDFObject):  # type: ignore[misc,unused-ignore]
    """A picture among the file's objects."""

    __RefOnly__ = 1

    def __init__(self, image: ImageFile) -> None:
        self._image = image

    def format(self, document: Any) -> Any:
        """The object's bytes."""
        image = self._image
        stream = pdfdoc.PDFStream(content=image.content())
        stream.dictionary["Type"] = pdfdoc.PDFName("XObject")
        stream.dictionary["Subtype"] = pdfdoc.PDFName("Image")
        stream.dictionary["Width"] = image.width
        stream.dictionary["Height"] = image.height
        stream.dictionary["BitsPerComponent"] = 8
        stream.dictionary["ColorSpace"] = pdfdoc.PDFName("DeviceGray" if image.gray else "DeviceRGB")
        stream.dictionary["Filter"] = pdfdoc.PDFName("DCTDecode" if image.jpeg else "FlateDecode")
        return stream.format(document)


class _Info(pdfdoc.PDFObject):  # type: ignore[misc,unused-ignore]
    """What the file says of itself, without a clock: the same content gives the same bytes."""

    def __init__(self, told: Any) -> None:
        self.title, self.author, self.subject = told.title or "", told.author or "", told.subject or ""
        self.keywords, self.creator = told.keywords or "", told.creator or ""
        if not isinstance(self.keywords, str):
            self.keywords = ", ".join(self.keywords)

    def format(self, document: Any) -> Any:
        """The object's bytes."""
        entries = {
            "Title": self.title,
            "Author": self.author,
            "Subject": self.subject,
            "Keywords": self.keywords,
            "Creator": self.creator,
            "Producer": PRODUCER,
        }
        known: Any = pdfdoc.PDFDictionary({name: pdfdoc.PDFString(words) for name, words in entries.items()})
        return known.format(document)


def _stream_out(document: Any, stream: IO[bytes]) -> None:
    """All objects, one in memory at a time, then the table of where they are."""
    file: Any = pdfdoc.PDFFile(PDF_VERSION)
    at = stream.write(file.format(document))
    ids: list[str] = []
    digest = hashlib.sha256()
    while len(ids) + 1 in document.numberToId:  # formatting an object may make new ones
        name = document.numberToId[len(ids) + 1]
        held = bytes(pdfdoc.PDFIndirectObject(name, document.idToObject[name]).format(document))
        if held.endswith(b"endstream\nendobj\n"):
            held = held[: -len(b"endstream\nendobj\n")] + b"\nendstream\nendobj\n"
        document.idToOffset[name] = at
        at += stream.write(held)
        digest.update(b"%d %d " % (len(ids), len(held)) + held[:_TOLD])
        ids.append(name)
    table: Any = pdfdoc.PDFCrossReferenceTable()
    table.addsection(0, ids)
    written = bytes(table.format(document))
    root, info = document.Reference(document.Catalog), document.Reference(document.info)
    own_id = f"<{digest.hexdigest()[:32]}>"
    trailer: Any = pdfdoc.PDFTrailer(at, Size=len(ids) + 1, Root=root, Info=info, ID=f"[{own_id}{own_id}]")
    stream.write(written + bytes(trailer.format(document)))
