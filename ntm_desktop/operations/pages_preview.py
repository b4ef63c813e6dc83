"""Pages to look at inside the window and to print: of the dossier's PDFs and of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ntm_desktop.errors import NotFound
from ntm_desktop.i18n import _
from ntm_desktop.operations import evidence
from ntm_desktop.operations.workspace import Workspace

PICTURE_BOX = (1600, 1600)  # pixels: enough for a window at 200 %


@dataclass(frozen=True, slots=True)
class PageImage:
    """A drawn page: ``pixels`` are rows of ``width`` × 4 bytes, blue, green, red, unused, from the top."""

    width: int
    height: int
    pixels: bytes


class ShownAs(StrEnum):
    """How a file can be looked at inside the window."""

    PAGES = "pages"
    PICTURE = "picture"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is looked at: ``path`` is a PDF with pages of ``sizes`` points, or a picture that Qt reads."""

    kind: ShownAs
    path: Path | None = None
    sizes: tuple[tuple[float, float], ...] = ()


def page_sizes(path: Path) -> tuple[tuple[float, float], ...]:
    """Width and height of each page in points; empty for a file that is no readable PDF."""
    from ntm_desktop.evidence import pdf_page_sizes

    return pdf_page_sizes(path)


def render(path: Path, page: int, size: tuple[float, float], width: int) -> PageImage | None:
    """Draw page ``page`` (from 0) of ``size`` points about ``width`` pixels wide; None where it cannot be drawn."""
    from ntm_desktop.evidence import render_pdf_page

    if size[0] <= 0 or width <= 0:
        return None
    drawn = render_pdf_page(path, page, width / size[0])
    return PageImage(drawn.width, drawn.height, drawn.pixels) if drawn is not None else None


@dataclass(frozen=True, slots=True)
class Hit:
    """Words found: page from 0, boxes as (left, top, right, bottom) in points from the page's upper left corner."""

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


def find(path: Path, words: str) -> tuple[Hit, ...]:
    """Where words stand in a PDF's text, whatever their diacritics and case; at most some hundred places."""
    from ntm_desktop.evidence import find_in_pdf

    return tuple(Hit(hit.page, hit.boxes) for hit in find_in_pdf(path, words))


def of_evidence(workspace: Workspace, evidence_id: str) -> Shown:
    """How a piece of evidence can be looked at here; its PDF is read where it lies, nothing is copied.

    Raises:
        NotFound: there is no such piece.
    """
    with workspace.store.read() as work:
        found = work.rows.one_evidence(evidence_id)
    if found is None:
        raise NotFound(_("Không tìm thấy minh chứng này trong dữ liệu."), _("Chưa có gì thay đổi."))
    if not workspace.blobs.has(found.blob.sha256):
        return Shown(ShownAs.NOTHING)
    if found.blob.media_type == "application/pdf":
        path = workspace.blobs.path(found.blob.sha256)
        sizes = page_sizes(path)
        return Shown(ShownAs.PAGES, path, sizes) if sizes else Shown(ShownAs.NOTHING)
    if found.blob.media_type.startswith("image/"):
        picture = evidence.thumbnail(workspace, evidence_id, PICTURE_BOX)
        return Shown(ShownAs.PICTURE, picture) if picture is not None else Shown(ShownAs.NOTHING)
    return Shown(ShownAs.NOTHING)
