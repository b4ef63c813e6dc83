"""Fonts of the PDF writer: Liberation Serif embedded under private names, with a fallback for signs it lacks."""

from __future__ import annotations

import unicodedata
import zlib
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from ntm_desktop.dossier.document import Run, Text, legible

_FILES = {
    (False, False): "LiberationSerif-Regular.ttf",
    (True, False): "LiberationSerif-Bold.ttf",
    (False, True): "LiberationSerif-Italic.ttf",
    (True, True): "LiberationSerif-BoldItalic.ttf",
}
_SIGNS = "DejaVuSans.ttf"  # ☐ ✔ ✖ and other signs
MISSING = "□"  # what neither font has is seen to be missing


class Typeface:
    """The four faces and the fallback, read from one folder on first use.

    Private names: whatever other fonts the process has registered, no other «Liberation Serif» can slip in.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, frozenset[int]] = {}

    def name(self, bold: bool = False, italic: bool = False) -> str:
        """Registered name of a face."""
        return self._registered(_FILES[bold, italic])

    def _registered(self, file: str) -> str:
        name = f"NTM-{file.removesuffix('.ttf')}-{zlib.crc32(str(self._folder).encode()):x}"
        if file not in self._known:
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, str(self._folder / file)))
            font: Any = pdfmetrics.getFont(name)
            # reportlab writes no right Unicode map past U+FFFF: such signs could not be read back out of the file.
            self._known[file] = frozenset(code for code in font.face.charToGlyph if code <= 0xFFFF)
        return name

    def markup(self, content: Text, bold: bool = False, italic: bool = False) -> str:
        """Runs as reportlab's paragraph text, every sign of the data escaped. Whole text bold or italic on wish."""
        return "".join(self._run(run, bold or run.bold, italic or run.italic) for run in content)

    def line(self, words: str, bold: bool = False, italic: bool = False) -> str:
        """One string as paragraph text."""
        return self.markup((Run(words),), bold, italic)

    def _run(self, run: Run, bold: bool, italic: bool) -> str:
        name = self.name(bold, italic)
        marked = self._with_fallback(legible(run.text), self._known[_FILES[bold, italic]])
        return f'<font name="{name}">{marked}</font>' if marked else ""

    def _with_fallback(self, words: str, known: frozenset[int]) -> str:
        strange = {char for char in set(words) if ord(char) not in known and char != "\n"}
        if not strange:
            return escape(words).replace("\n", "<br/>")
        signs = self._registered(_SIGNS)
        in_signs = self._known[_SIGNS]
        shown: list[str] = []
        for char in words:
            if char not in strange:
                shown.append("<br/>" if char == "\n" else escape(char))
            elif ord(char) in in_signs:
                shown.append(f'<font name="{signs}">{escape(char)}</font>')
            elif not unicodedata.category(char).startswith("M"):  # a mark without its letter is left out
                shown.append(MISSING)
        return "".join(shown)
