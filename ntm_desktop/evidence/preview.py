"""Small pictures of evidence, kept beside the data; all of them can be made again."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.errors import UserError
from ntm_desktop.evidence import media, pictures
from ntm_desktop.evidence.blobs import BlobStore
from ntm_desktop.evidence.pdf import (
    PageImage,
    pdf_page_count,
    pdf_page_sizes,
    render_first_page,
    render_pdf_page,
)
from ntm_desktop.model.evidence import BlobRef

__all__ = [
    "PRINT_SIDE",
    "PageImage",
    "pdf_page_count",
    "pdf_page_sizes",
    "print_copy",
    "render_pdf_page",
    "thumbnail",
]

PRINT_SIDE = 1600  # pixels: 17 cm of a page at 240 dots per inch

_log = logging.getLogger("ntm.evidence")


def thumbnail(store: BlobStore, ref: BlobRef, cache_folder: Path, box: tuple[int, int] = (160, 200)) -> Path | None:
    """A PNG of at most ``box`` pixels of a picture or of a PDF's first page, made once; None where there is none."""
    kind = media.by_media_type(ref.media_type)
    if kind is None or kind.family not in (media.Family.PICTURE, media.Family.PDF):
        return None
    target = cache_folder / f"{ref.sha256}-{box[0]}x{box[1]}.png"
    draw = _of_pdf if kind.family is media.Family.PDF else _of_picture
    return _made(store, ref, target, lambda path: draw(path, box))


def print_copy(store: BlobStore, ref: BlobRef, cache_folder: Path) -> Path | None:
    """A JPEG of a picture for the dossier: upright, long side at most 1600 pixels, made once; None for other files."""
    if not media.is_picture(ref.media_type):
        return None

    def encoded(path: Path) -> bytes | None:
        picture = pictures.shrunk(path, (PRINT_SIDE, PRINT_SIDE))
        return pictures.as_print_jpeg(picture) if picture is not None else None

    return _made(store, ref, cache_folder / f"{ref.sha256}-print.jpg", encoded)


def _made(store: BlobStore, ref: BlobRef, target: Path, draw: Callable[[Path], bytes | None]) -> Path | None:
    """``target``, drawn now if it is not there yet. Whatever goes wrong, a preview is never worth an error."""
    try:
        target = paths.extended(target)
        if target.is_file():
            return target
        if not store.has(ref.sha256):
            return None
        content = draw(store.path(ref.sha256))
        if content is None:
            return None
        # Another thread may be drawing the same.
        with paths.writing(target, f".{uuid.uuid4().hex}.partial") as stream:
            stream.write(content)
    except (OSError, UserError, MemoryError, ValueError) as error:
        _log.info("no preview: %r", error)
        return target if target.is_file() else None
    return target


def _of_picture(path: Path, box: tuple[int, int]) -> bytes | None:
    picture = pictures.shrunk(path, box)
    return pictures.as_png(picture) if picture is not None else None


def _of_pdf(path: Path, box: tuple[int, int]) -> bytes | None:
    page = render_first_page(path, (box[0] * 2, box[1] * 2))  # drawn twice as large: small letters stay readable
    if page is None:
        return None
    from PIL import Image

    image = Image.frombytes("RGB", (page.width, page.height), page.pixels, "raw", "BGRX")
    image.thumbnail(box)
    return pictures.as_png(image)
