"""Documents as PDF: A4 by Decree 30/2020, embedded fonts, selectable Vietnamese text, the same bytes on every run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from ntm_desktop import __version__, paths
from ntm_desktop.dossier.document import Document, legible
from ntm_desktop.dossier.layout import FACES, LANDSCAPE, PORTRAIT, Page, Role
from ntm_desktop.dossier.pdf_blocks import Setter
from ntm_desktop.dossier.pdf_canvas import PaperCanvas
from ntm_desktop.dossier.pdf_fonts import Typeface
from ntm_desktop.dossier.pdf_parts import DRAFT, draw_draft, draw_mark
from ntm_desktop.i18n import _
from ntm_desktop.model.paper_template import PageNumbers
from ntm_desktop.model.progress import Progress, Silent

rl_config.useA85 = 0  # binary streams: smaller files
_SMALLER = tuple(percent / 100 for percent in range(97, 48, -3))  # sizes that a paper of one page may shrink to


def write_pdf(
    document: Document, path: Path, fonts_folder: Path | None = None, progress: Progress | None = None
) -> None:
    """Write ``document`` to ``path``, whole or not at all. Progress counts pages.

    Raises:
        OSError: the file cannot be written; an older one of that name stays as it was.
        Cancelled: the person has asked to stop; nothing is written.
    """
    told = progress or Silent()
    told.start(_("Đang tạo {title}").format(title=document.title), 0)
    typeface = Typeface(fonts_folder or paths.resources() / "fonts")
    scale, page, flow = _laid_out(document, typeface)
    with paths.writing(path) as stream:
        _Paper(stream, document, page, typeface, told, scale).build(flow, canvasmaker=_canvas)


def _laid_out(document: Document, typeface: Typeface) -> tuple[float, Page, list[Flowable]]:
    """The document's flow with the page that it is set on, and how much smaller that page is drawn."""
    page = LANDSCAPE if document.landscape else PORTRAIT
    setter = Setter(page, typeface)
    for scale in _SMALLER:
        if not document.one_page or setter.fits(document.blocks):
            break
        setter = Setter(page.enlarged(1 / scale), typeface)
    return page.width / setter.page.width, setter.page, setter.flow(document.blocks)


class _Paper(BaseDocTemplate):  # type: ignore[misc,unused-ignore]
    """One kind of page: text between the margins, page number in the top margin from page 2, the mark on every page."""

    def __init__(
        self, stream: Any, document: Document, page: Page, typeface: Typeface, progress: Progress, scale: float
    ) -> None:
        self._document, self._page, self._typeface, self._progress = document, page, typeface, progress
        self._scale = scale
        self._levels: list[int] = []  # of the bookmarks that the next one stands below
        super().__init__(
            stream,
            pagesize=(page.width * mm * scale, page.height * mm * scale),
            title=_one_line(document.title),
            author=_one_line(document.metadata.author),
            subject=_one_line(document.metadata.subject),
            keywords=[_one_line(word) for word in document.metadata.keywords],
            creator=f"NTM Desktop {__version__}",
            lang="vi",
            initialFontName=typeface.name(),  # else every page would name an unembedded Helvetica
            invariant=1,
            pageCompression=1,
            allowSplitting=1,
        )
        frame = Frame(
            page.left * mm,
            page.bottom * mm,
            page.text_width * mm,
            page.text_height * mm,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._margins))

    def _margins(self, canvas: Any, _template: object) -> None:
        page = self._page
        self._progress.advance()
        if self._scale < 1:
            canvas.scale(self._scale, self._scale)
        if self._document.draft:
            draw_draft(canvas, self._typeface, page.width * mm, page.height * mm)
        number = int(canvas.getPageNumber())
        y = (page.height - page.number_from_top) * mm
        if number == 1:
            canvas.setViewerPreference("DisplayDocTitle", "true")
        else:
            self._draw_number(canvas, number, (page.left + page.text_width / 2) * mm, y)
        if self._document.draft:
            draw_mark(canvas, DRAFT, self._typeface, page.left * mm, y, ends=False)
        if self._document.mark:
            draw_mark(canvas, legible(self._document.mark), self._typeface, (page.width - page.right) * mm, y)

    def _draw_number(self, canvas: PaperCanvas, number: int, x: float, y: float) -> None:
        name, size = self._typeface.name(), FACES[Role.PAGE_NUMBER].size
        match self._document.page_numbers:
            case PageNumbers.DECREE:
                canvas.setFont(name, size)
                canvas.drawCentredString(x, y, str(number))
            case PageNumbers.OF_TOTAL:
                canvas.draw_later(lambda: f"{number}/{canvas.page_count}", x, y, name, size, centered=True)

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - reportlab's name
        """Titles and headings become bookmarks."""
        outline = getattr(flowable, "outline", None)
        if outline is not None:
            level, words = outline
            while self._levels and self._levels[-1] >= level:
                self._levels.pop()
            depth = len(self._levels)
            self._levels.append(level)
            key = flowable.key
            canvas: Any = self.canv
            canvas.note_page(key)
            canvas.bookmarkPage(key)
            canvas.addOutlineEntry(words, key, depth, closed=depth > 0)


def _canvas(stream: Any, **options: Any) -> PaperCanvas:
    return PaperCanvas(stream, **options)


def _one_line(words: str) -> str:
    return " ".join(legible(words).split())
