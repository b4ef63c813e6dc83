"""The evidence room: content-addressed files, how they are taken in, and small pictures of them."""

from ntm_desktop.evidence.blobs import BlobStore, Staged
from ntm_desktop.evidence.intake import MAX_FILE, TakenFile, intake
from ntm_desktop.evidence.media import kind_name, opening_name
from ntm_desktop.evidence.names import safe_file_name
from ntm_desktop.evidence.pdf_search import PdfHit, find_in_pdf
from ntm_desktop.evidence.preview import (
    PageImage,
    pdf_page_count,
    pdf_page_sizes,
    print_copy,
    render_pdf_page,
    thumbnail,
)

__all__ = [
    "MAX_FILE",
    "BlobStore",
    "PageImage",
    "PdfHit",
    "Staged",
    "TakenFile",
    "find_in_pdf",
    "intake",
    "kind_name",
    "opening_name",
    "pdf_page_count",
    "pdf_page_sizes",
    "print_copy",
    "render_pdf_page",
    "safe_file_name",
    "thumbnail",
]
