"""The dossier: from frozen facts and templates to documents, and from documents to PDF, Word and Excel files.

``build`` makes format-free documents (:mod:`ntm_desktop.dossier.document`), ``write`` makes files of them. The papers
are Vietnamese by law, whatever language the window has: their texts are not translated; sentences to the person are.
reportlab, python-docx and openpyxl are loaded only when a file is written.
"""

from ntm_desktop.dossier.build import SAMPLE_MARK, build
from ntm_desktop.dossier.document import Document
from ntm_desktop.dossier.writing import FORMATS, file_names, file_stem, write, write_paper

__all__ = [
    "FORMATS",
    "SAMPLE_MARK",
    "Document",
    "build",
    "file_names",
    "file_stem",
    "write",
    "write_paper",
]
