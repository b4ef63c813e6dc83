"""PDF pages by PDFium, for looking at: counted, measured, drawn. Hostile files give nothing rather than an error."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from ntm_desktop import paths

MAX_PIXELS = 40_000_000  # 160 MB; a page that would be larger is drawn smaller
_PATIENCE = 15.0  # seconds for one page
_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

_log = logging.getLogger("ntm.evidence")

# PDFium serves one thread of a process at a time, whichever document it is about.
_one_at_a_time = threading.RLock()


class PdfState(StrEnum):
    """What can be done with a PDF."""

    GOOD = "good"
    LOCKED = "locked"
    BROKEN = "broken"


class PageImage(NamedTuple):
    """A drawn page on white: rows of 4 × ``width`` bytes in the order blue, green, red, unused (Qt's RGB32)."""

    width: int
    height: int
    pixels: bytes


def inspect_pdf(path: Path) -> PdfState:
    """Whether it opens and its first page can be read."""
    from pypdfium2 import PdfiumError

    try:
        with open_document(path) as document, open_page(document, 0):
            return PdfState.GOOD
    except PdfiumError as error:
        return PdfState.LOCKED if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY) else PdfState.BROKEN
    except Exception:  # hostile content raises anything
        return PdfState.BROKEN


def ends_properly(path: Path) -> bool:
    """Whether the mark of the end stands in the last 2 KB; PDFium mends files that were cut, with pages missing."""
    with open(path, "rb") as stream:
        stream.seek(max(0, stream.seek(0, 2) - 2048))
        return b"%%EOF" in stream.read()


def pdf_page_count(pdf: Path) -> int:
    """How many pages; 0 where it cannot be read."""
    try:
        with open_document(pdf) as document:
            return len(document)
    except Exception as error:
        _log.info("PDF not readable: %r", error)
        return 0


def pdf_page_sizes(pdf: Path) -> tuple[tuple[float, float], ...]:
    """Width and height of each page in points (1/72 inch), as shown; empty where it cannot be read."""
    try:
        with open_document(pdf) as document:
            sizes = (document.get_page_size(index) for index in range(len(document)))
            return tuple((float(width), float(height)) for width, height in sizes)
    except Exception as error:
        _log.info("PDF not readable: %r", error)
        return ()


def render_pdf_page(pdf: Path, index: int, scale: float) -> PageImage | None:
    """Draw page ``index`` (from 0) at ``scale`` pixels per point, forms and remarks included.

    At most 40 million pixels and 15 seconds; None where the page cannot be drawn.
    """
    try:
        with open_document(pdf) as document:
            document.init_forms()
            with open_page(document, index) as page:
                return _drawn(page, scale)
    except Exception as error:
        _log.info("page %d not drawn: %r", index, error)
        return None


def render_first_page(pdf: Path, box: tuple[int, int]) -> PageImage | None:
    """Draw the first page so that it just fits into ``box`` pixels; None where it cannot be drawn."""
    sizes = _first_page_size(pdf)
    if sizes is None:
        return None
    return render_pdf_page(pdf, 0, min(box[0] / sizes[0], box[1] / sizes[1]))


def _first_page_size(pdf: Path) -> tuple[float, float] | None:
    try:
        with open_document(pdf) as document:
            width, height = document.get_page_size(0)
    except Exception as error:
        _log.info("PDF not readable: %r", error)
        return None
    return (float(width), float(height)) if width > 0 and height > 0 else None


@contextlib.contextmanager
def open_document(path: Path) -> Iterator[Any]:
    """An open document. Read through a stream, so that Windows paths of any length and any letter do."""
    import pypdfium2

    with _one_at_a_time, open(paths.extended(path), "rb") as stream:
        document = pypdfium2.PdfDocument(stream)
        try:
            yield document
        finally:
            document.close()


@contextlib.contextmanager
def open_page(document: Any, index: int) -> Iterator[Any]:
    """A page of an open document."""
    page = document[index]
    try:
        yield page
    finally:
        page.close()


def _drawn(page: Any, scale: float) -> PageImage | None:
    across, down = page.get_size()
    if not (across > 0 and down > 0 and scale > 0 and math.isfinite(across * down * scale)):
        return None
    scale = min(scale, math.sqrt(MAX_PIXELS / (across * down)))
    width, height = max(1, round(across * scale)), max(1, round(down * scale))
    if width * height > MAX_PIXELS * 1.01:  # a thread of a page: one side was rounded up to 1
        return None
    import pypdfium2

    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pypdfium2.raw.FPDFBitmap_BGRx)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        if not _draw_in_time(page, bitmap, width, height):
            return None
        row = width * 4
        content = bytes(bitmap.buffer)
        if bitmap.stride != row:
            lines = (content[start : start + row] for start in range(0, bitmap.stride * height, bitmap.stride))
            content = b"".join(lines)
        return PageImage(width, height, content)
    finally:
        bitmap.close()


def _draw_in_time(page: Any, bitmap: Any, width: int, height: int) -> bool:
    """Draw step by step, so that a page made to take for ever can be left."""
    from pypdfium2 import raw

    deadline = time.monotonic() + _PATIENCE
    pause = raw.IFSDK_PAUSE(version=1)
    late = type(pause.NeedToPauseNow)(lambda _pause: time.monotonic() > deadline)
    pause.NeedToPauseNow = late
    place = (bitmap, page, 0, 0, width, height, 0, raw.FPDF_ANNOT)
    try:
        done = bool(raw.FPDF_RenderPageBitmap_Start(*place, pause) == raw.FPDF_RENDER_DONE)
    finally:
        raw.FPDF_RenderPage_Close(page)
    if done and page.formenv:
        raw.FPDF_FFLDraw(page.formenv, *place)
    return done
