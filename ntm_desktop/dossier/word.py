"""Documents as Word files: named styles, real headings, fields that Word and LibreOffice compute, text as data."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import paths
from ntm_desktop.dossier.document import Contents, Document, legible
from ntm_desktop.dossier.layout import FACES, LANDSCAPE, PORTRAIT, Page, Role
from ntm_desktop.dossier.word_blocks import BodyMaker
from ntm_desktop.dossier.word_package import add_properties, copy, skeleton
from ntm_desktop.dossier.word_parts import Inline, Measure
from ntm_desktop.dossier.word_reading import lines_outside
from ntm_desktop.dossier.word_sections import FileNote, fingerprint, marks_of
from ntm_desktop.dossier.word_watermark import watermark
from ntm_desktop.dossier.word_xml import Element, node, paragraph, simple_field, tab, twips, written
from ntm_desktop.model.paper_template import PageNumbers

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section as WordSection

DRAFT = "DỰ THẢO"
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # no clock in the file: the same document is the same file
_LONGEST_PROPERTY = 255
_EMU_PER_MM = 36_000
_ASCENT = 0.891  # of Times New Roman: from the baseline to the top of a line


def write_word(document: Document, path: Path) -> None:
    """Write ``document`` to ``path``, whole or not at all; the same document gives the same bytes.

    A paper that must stay on one page is set in its full size here: Word cannot be told to shrink it.

    Raises:
        OSError: the file cannot be written; an older one of that name stays as it was.
    """
    import docx

    page = LANDSCAPE if document.landscape else PORTRAIT
    marks = marks_of(document.blocks)
    contents = any(isinstance(block, Contents) for block in document.blocks)
    word = docx.Document(io.BytesIO(skeleton(update_fields=contents)))
    body = BodyMaker(page, _measure(), _inline(word), marks).body(document.blocks)
    end: Any = word.element.body.sectPr
    for element in body:
        end.addprevious(element)
    outside = fingerprint(*lines_outside(word.element.body))
    add_properties(word, FileNote(document.document_id, document.draft, outside, marks).properties())
    _set_page(word.sections[0], page)
    _set_headers(word.sections[0], document, page)
    _set_properties(word, document)
    held = io.BytesIO()
    word.save(held)
    held.seek(0)
    with paths.writing(path) as stream:
        copy(held, stream)


def _measure() -> Measure:
    """Widths as the PDF writer knows them: its fonts are as wide as Times New Roman."""
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfbase.pdfmetrics import stringWidth

    from ntm_desktop.dossier.pdf_fonts import Typeface

    typeface = Typeface(paths.resources() / "fonts")

    def width(words: str, role: Role, room: float) -> float:
        face = FACES[role]
        name = typeface.name(face.bold, face.italic)
        lines = simpleSplit(legible(words)[-_LONGEST_PROPERTY:], name, face.size, room)
        return min(room, float(stringWidth(lines[-1], name, face.size))) if lines else 0.0

    return width


def _inline(word: WordDocument) -> Inline:
    """Puts pictures into the file and gives the element that shows one, as large as fits into a room."""
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
    from docx.oxml.shape import CT_Inline
    from docx.shared import Emu

    count = 0

    def made(picture: Path | bytes, width: float, height: float, alternative: str) -> Element | None:
        nonlocal count
        try:
            relation, image = word.part.get_or_add_image(
                io.BytesIO(picture) if isinstance(picture, bytes) else str(picture)
            )
            scale = min(width / image.px_width, height / image.px_height)
        except (OSError, InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, ZeroDivisionError):
            return None
        count += 1
        size = [Emu(round(pixels * scale * _EMU_PER_MM)) for pixels in (image.px_width, image.px_height)]
        inline: Any = CT_Inline.new_pic_inline(count, relation, "", size[0], size[1])
        inline.docPr.set("descr", legible(alternative).replace("\n", " ")[:_LONGEST_PROPERTY])
        return node("r", node("drawing", inline))

    return made


def _set_page(section: WordSection, page: Page) -> None:
    """A4 with the decree's margins; the header so high that the number stands where the PDF has it."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section.orientation = WD_ORIENT.LANDSCAPE if page.width > page.height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    millimetres_per_point = 25.4 / 72
    section.header_distance = Mm(page.number_from_top - FACES[Role.PAGE_NUMBER].size * _ASCENT * millimetres_per_point)
    section.footer_distance = Mm(page.bottom / 2)


def _set_headers(section: WordSection, document: Document, page: Page) -> None:
    """The page number from page 2 in the middle; draft and sample marks on every page."""
    section.different_first_page_header_footer = True
    for header, first in ((section.first_page_header, True), (section.header, False)):
        header.is_linked_to_previous = False
        line = header.paragraphs[0]._p
        numbers = [] if first else _numbers(document.page_numbers)
        middle, right = twips(page.text_width / 2), twips(page.text_width)
        marks = list(written(document.mark, style="NtmMark"))
        drafts = list(written(DRAFT if document.draft else "", style="NtmMark"))
        content = [*drafts, tab(), *numbers, tab(), *marks] if drafts or numbers or marks else []
        if document.draft:
            content.append(watermark(DRAFT, 1 if first else 2))
        new: Any = paragraph("Header", *content, tabs=(("center", middle), ("right", right)))
        line.getparent().replace(line, new)


def _numbers(kind: PageNumbers) -> list[Element]:
    if kind is PageNumbers.NONE:
        return []
    page = simple_field("PAGE", "2")
    return [page] if kind is PageNumbers.DECREE else [page, *written("/"), simple_field("NUMPAGES", "2")]


def _set_properties(word: WordDocument, document: Document) -> None:
    """What the file says of itself; neither a clock nor a person's or computer's name."""
    properties = word.core_properties
    properties.title = _property(document.title)
    properties.author = _property(document.metadata.author)
    properties.subject = _property(document.metadata.subject)
    properties.keywords = _property(", ".join(document.metadata.keywords))
    properties.language = "vi-VN"
    properties.created = properties.modified = _MADE
    properties.last_modified_by = ""
    properties.revision = 1


def _property(words: str) -> str:
    return " ".join(legible(words).split())[:_LONGEST_PROPERTY]
