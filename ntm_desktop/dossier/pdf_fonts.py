"""Fonts of the PDF writer: Liberation Serif embedded under private names, with a fallback for signs it lacks."""

from __future__ import annotations

import re
import unicodedata
import zlib
from pathlib import Path
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph as Lines
from reportlab.platypus.paraparser import ParaFrag

from ntm_desktop.dossier.document import Run, Text, legible

_FILES = {
    (False, False): "LiberationSerif-Regular.ttf",
    (True, False): "LiberationSerif-Bold.ttf",
    (False, True): "LiberationSerif-Italic.ttf",
    (True, True): "LiberationSerif-BoldItalic.ttf",
}
_SIGNS = "DejaVuSans.ttf"  # ☐ ✔ ✖ and other signs
_SPACES = re.compile(r"[ \t]+")  # no-break spaces stay
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

    def lines(self, content: Text | str, style: ParagraphStyle, bold: bool = False, italic: bool = False) -> Lines:
        """A paragraph; whole text bold or italic on wish."""
        return Lines("", style, frags=self.pieces(content, style, bold, italic))

    def pieces(
        self, content: Text | str, style: ParagraphStyle, bold: bool = False, italic: bool = False
    ) -> list[ParaFrag]:
        """The text as reportlab's paragraphs hold it, each stretch in a font that has its signs.

        Not through reportlab's markup: no sign of the data is ever read as one, and it takes half the time.
        """
        runs = (Run(content),) if isinstance(content, str) else content
        made: list[ParaFrag] = []
        for run in runs:
            name = self.name(bold or run.bold, italic or run.italic)
            known = self._known[_FILES[bold or run.bold, italic or run.italic]]
            for place, line in enumerate(legible(run.text).split("\n")):
                if place:
                    made.append(_piece("", name, style, line_break=True))
                words = _SPACES.sub(" ", line)
                made.extend(_piece(part, font, style) for part, font in self._parts(words, name, known))
        return made or [_piece("", style.fontName, style)]

    def _parts(self, words: str, name: str, known: frozenset[int]) -> list[tuple[str, str]]:
        """Stretches with their fonts."""
        strange = {char for char in set(words) if ord(char) not in known}
        if not strange:
            return [(words, name)] if words else []
        signs = self._registered(_SIGNS)
        in_signs = self._known[_SIGNS]
        shown: list[tuple[str, str]] = []
        for char in words:
            font = signs if char in strange and ord(char) in in_signs else name
            if char in strange and font is name:
                if unicodedata.category(char).startswith("M"):  # a mark without its letter is left out
                    continue
                char = MISSING
                font = name if ord(MISSING) in known else signs
            if shown and shown[-1][1] == font:
                shown[-1] = (shown[-1][0] + char, font)
            else:
                shown.append((char, font))
        return shown


def _piece(words: str, font: str, style: ParagraphStyle, line_break: bool = False) -> ParaFrag:
    piece: Any = ParaFrag()
    piece.text, piece.fontName, piece.fontSize, piece.textColor = words, font, style.fontSize, style.textColor
    piece.bold = piece.italic = piece.rise = piece.greek = 0
    piece.link, piece.us_lines = [], []
    if line_break:
        piece.lineBreak = True
    return piece  # type: ignore[no-any-return]
