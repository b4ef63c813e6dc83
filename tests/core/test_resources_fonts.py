"""The shipped fonts can print Vietnamese, and the shipped icons can be tinted."""

import io
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

RESOURCES = Path(__file__).parents[2] / "resources"
FONTS = RESOURCES / "fonts"
ICONS = RESOURCES / "icons"
LIBERATION = [
    f"Liberation{family}-{style}"
    for family in ("Serif", "Sans")
    for style in ("Regular", "Bold", "Italic", "BoldItalic")
]
FACES = [*LIBERATION, "DejaVuSans"]
TINTED = sorted(path for path in ICONS.glob("*.svg") if not path.stem.startswith("app"))
SVG = "{http://www.w3.org/2000/svg}"


def vietnamese_letters() -> str:
    """The 134 letters with a mark, small and capital, composed (NFC)."""
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    small = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    marked = {letter for letter in small if not letter.isascii()}
    return "".join(sorted(marked | {letter.upper() for letter in marked}))


def test_there_are_134_letters() -> None:
    assert len(vietnamese_letters()) == 134


def test_exactly_these_fonts_are_shipped_with_their_licences() -> None:
    assert sorted(path.stem for path in FONTS.glob("*.ttf")) == sorted(FACES)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "LICENSE-liberation.txt").read_text(encoding="utf-8")
    assert "Bitstream Vera" in (FONTS / "LICENSE-dejavu.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("face", LIBERATION)
def test_liberation_is_the_version_that_is_complete(face: str) -> None:
    # 1.07 of the same name lacks 92 letters.
    assert "Version 2.1.5".encode("utf-16-be") in (FONTS / f"{face}.ttf").read_bytes()


@pytest.mark.parametrize("face", FACES)
def test_a_face_has_every_vietnamese_letter_and_tone_mark(face: str) -> None:
    glyphs = TTFont(face, str(FONTS / f"{face}.ttf")).face.charToGlyph
    wanted = vietnamese_letters() + "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323" + "–—“”…≥≤×²³°%₫○•"
    assert [letter for letter in wanted if not glyphs.get(ord(letter))] == []


def test_signs_that_liberation_lacks_are_in_dejavu() -> None:
    signs = "☐☑☒✔✖✓✗⚠○"
    glyphs = TTFont("DejaVuSans", str(FONTS / "DejaVuSans.ttf")).face.charToGlyph
    assert [sign for sign in signs if not glyphs.get(ord(sign))] == []


@pytest.mark.parametrize("face", ["LiberationSerif-Regular", "LiberationSerif-BoldItalic", "LiberationSans-Regular"])
def test_a_face_is_embedded_and_its_letters_can_be_copied_from_the_pdf(face: str) -> None:
    name = f"test-{face}"  # registered for this process: a name of its own
    pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{face}.ttf")))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    letters = vietnamese_letters()
    for row, start in enumerate(range(0, len(letters), 30)):
        canvas.setFont(name, 13)
        canvas.drawString(60, 760 - 20 * row, letters[start : start + 30])
    canvas.save()
    page = PdfReader(buffer).pages[0]
    text = re.sub(r"\s", "", page.extract_text())
    assert unicodedata.normalize("NFC", text) == letters


def test_icons_are_as_many_as_the_readme_lists() -> None:
    readme = (ICONS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| [a-z0-9-]+ \|$", readme, re.MULTILINE)
    assert sorted(listed) == [path.stem for path in TINTED]
    assert len(listed) > 45
    assert "ISC License" in (ICONS / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TINTED, ids=lambda path: path.stem)
def test_an_icon_is_one_stroke_in_the_colour_of_the_text(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(source)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke"), root.get("stroke-width"), root.get("fill")) == ("currentColor", "2", "none")
    assert len(root) > 0
    colours = {element.get(name) for element in root.iter() for name in ("stroke", "fill")} - {None}
    assert colours <= {"currentColor", "none"}
    assert not re.search(r"<script|href=|<image|<text", source)


@pytest.mark.parametrize("size", [16, 32, 48, 256])
def test_the_program_icon_has_its_sizes(size: int) -> None:
    with Image.open(ICONS / f"app-{size}.png") as image:
        assert image.size == (size, size)
        assert image.convert("RGBA").getpixel((size // 2, size // 8)) == (0x0B, 0x6B, 0x5B, 255)
    with Image.open(ICONS / "app.ico") as icon:
        assert (size, size) in icon.info["sizes"]
