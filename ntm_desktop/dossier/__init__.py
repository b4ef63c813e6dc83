"""The dossier: from a frozen assessment to documents, and from documents to PDF and Excel files.

``build`` makes format-free documents (:mod:`ntm_desktop.dossier.document`), ``write`` makes files of them. The papers
are Vietnamese by law, whatever language the window has: their texts are not translated; sentences to the person are.
reportlab and openpyxl are loaded only when a file is written.
"""

from ntm_desktop.dossier.build import SAMPLE_MARK, build
from ntm_desktop.dossier.document import Document
from ntm_desktop.dossier.writing import DOCUMENT_NAMES, FORMATS, SUBMITTED, file_stem, write, write_paper

__all__ = [
    "DOCUMENT_NAMES",
    "FORMATS",
    "SAMPLE_MARK",
    "SUBMITTED",
    "Document",
    "build",
    "file_stem",
    "write",
    "write_paper",
]
