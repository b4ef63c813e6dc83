"""Where a page belongs, written into a strip at its head: «Tiêu chí 17 · Chỉ tiêu 17.1 · Minh chứng 03 · Tờ 12»."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from ntm_desktop.dossier.merge_in import Drawing
from ntm_desktop.dossier.merge_out import MergedFile, name, numbers, stream_of
from ntm_desktop.dossier.pdf_fonts import Typeface

_A4_LONG = 841.89
SIZE = 9.0  # points on A4; larger pages are printed smaller, so theirs is larger
LEAST = 6.0
_SMALLEST_PAGE = 300.0  # points; a smaller page, such as a receipt, is put on a sheet of A4
_SHEET = (595.28, _A4_LONG)
_SIGNS = "".join(chr(code) for code in range(32, 127)) + "·–Đđ"


class Stamps:
    """Makes pages: a drawing, made a little smaller where a strip for the stamp is needed, and the stamp.

    ``texts`` are all that will be stamped: the letters they need are embedded once.
    """

    def __init__(self, texts: Sequence[str], typeface: Typeface, target: MergedFile) -> None:
        self._target = target
        self._font = typeface.name(bold=True)
        self._codes, self._embedded = _font_with(_SIGNS + "".join(texts), self._font, target)

    def page(self, drawing: Drawing, stamp: str, parent: int) -> int:
        """Write a page of the size that the drawing has (A4 for tiny ones); its number."""
        width, height = drawing.width, drawing.height
        if min(width, height) < _SMALLEST_PAGE:
            width, height = _SHEET
        size = max(SIZE * max(width, height) / _A4_LONG, LEAST)
        lines = self._lines(stamp, width - 4 * size, size) if stamp else []
        strip = (len(lines) * 1.2 + 1.4) * size if lines else 0.0
        scale = min((height - strip) / drawing.height, width / drawing.width, 1.0)
        across = (width - drawing.width * scale) / 2
        up = (height - strip - drawing.height * scale) / (
            1 if (width, height) == (drawing.width, drawing.height) else 2
        )
        content = [f"q {scale:.5f} 0 0 {scale:.5f} {across:.3f} {up:.3f} cm /D Do Q"]
        for place, line in enumerate(lines, start=1):
            x = width - 2 * size - self._width(line, size)
            y = height - (place * 1.2 + 0.7) * size  # printers leave the very edge white
            content.append(self._shown(line, size, x, y))
        resources: dict[Any, Any] = {
            name("XObject"): DictionaryObject({name("D"): self._target.reference(drawing.number)})
        }
        if lines:
            resources[name("Font")] = DictionaryObject({name("S"): self._embedded})
        page = DictionaryObject(
            {
                name("Type"): name("Page"),
                name("Parent"): self._target.reference(parent),
                name("MediaBox"): numbers(0, 0, width, height),
                name("Resources"): DictionaryObject(resources),
                name("Contents"): self._target.add(
                    stream_of(zlib.compress("\n".join(content).encode()), Filter=name("FlateDecode"))
                ),
            }
        )
        number = self._target.reserve()
        self._target.put(number, page)
        return number

    def pages(self, kids: Sequence[int], node: int, root: int) -> None:
        """Write a branch of the tree of pages."""
        made = DictionaryObject(
            {
                name("Type"): name("Pages"),
                name("Parent"): self._target.reference(root),
                name("Count"): NumberObject(len(kids)),
                name("Kids"): ArrayObject([self._target.reference(kid) for kid in kids]),
            }
        )
        self._target.put(node, made)

    def _width(self, words: str, size: float) -> float:
        return float(pdfmetrics.stringWidth(words, self._font, size))

    def _lines(self, stamp: str, width: float, size: float) -> list[str]:
        lines = [""]
        for word in stamp.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self._width(longer, size) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _shown(self, words: str, size: float, x: float, y: float) -> str:
        codes = bytes(self._codes[char] for char in words if char in self._codes)
        return f"BT /S {size:.3f} Tf 0 g {x:.3f} {y:.3f} Td <{codes.hex()}> Tj ET"


def _font_with(letters: str, font: str, target: MergedFile) -> tuple[dict[str, int], IndirectObject]:
    """A face with these letters, embedded in the file, and the byte that each has in it."""
    held = io.BytesIO()
    canvas: Any = Canvas(held, invariant=1)
    face: Any = pdfmetrics.getFont(font)
    codes: dict[str, int] = {}
    chosen = dict.fromkeys(char for char in letters if ord(char) in face.face.charToGlyph)
    for char in list(chosen)[:220]:  # one subset holds 256
        ((subset, code),) = face.splitString(char, canvas._doc)
        if subset == 0:
            codes[char] = code[0]
    canvas.setFont(font, 10)
    canvas.drawString(0, 0, "".join(codes))
    canvas.save()
    held.seek(0)
    reader = PdfReader(held)
    resources: Any = reader.pages[0]["/Resources"]
    fonts = [font.get_object() for font in resources["/Font"].values()]
    return codes, _embedded(next(font for font in fonts if "/FontDescriptor" in font), target)


def _embedded(font: Any, target: MergedFile) -> IndirectObject:
    """Font, descriptor, program and map, written into the merged file."""
    descriptor = DictionaryObject(font["/FontDescriptor"].get_object())
    program = font["/FontDescriptor"]["/FontFile2"].get_object()
    descriptor[name("FontFile2")] = target.add(program)
    made = DictionaryObject(font)
    made[name("FontDescriptor")] = target.add(descriptor)
    made[name("ToUnicode")] = target.add(font["/ToUnicode"].get_object())
    return target.add(made)
