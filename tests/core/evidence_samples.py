"""Real files to take in as evidence, made on the spot."""

from __future__ import annotations

import base64
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from PIL import Image

# 64 × 48 pixels: a red field whose upper left quarter is blue. The libraries used here read HEIC but cannot write it.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9j"
    "AAAAAERAAAEAAQAAAAABoQABAAAAAAAAAFoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/Wlw"
    "cnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AA"
    "AAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAA"
    "QAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWB"
    "AgMFhAAAAGJtZGF0AAAAVigBrwngIzUt//Wb+99+5//QLEdO7v1KFbBdL/LgW/fobX36Sa8Itx/+PyO/8ugLv8IRJYiXz71vRLC+X6Mzs48l"
    "1u9+EKjdB0FF3a6CuCLxkS1reUeA"
)


def scene(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Noise that does not compress to nothing, its upper left quarter blue."""
    picture = Image.effect_noise((width, height), 80).convert("RGB")
    picture.paste((30, 30, 200), (0, 0, width // 2, height // 2))
    if mode == "I;16":  # as a scanner gives it: grey in 16 bits
        grey = picture.convert("L").tobytes()
        return Image.frombytes(mode, picture.size, b"".join(bytes((0, value)) for value in grey))
    return picture.convert(mode)


def picture(kind: str, mode: str = "RGB", **options: object) -> bytes:
    """A picture file of Pillow's format ``kind``."""
    content = io.BytesIO()
    scene(mode=mode).save(content, kind, **options)
    return content.getvalue()


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A PDF of A4 pages, under a password if given."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, encrypt=password or None)
    for number in range(pages):
        canvas.drawString(72, 720, f"Page {number + 1}")
        canvas.rect(100, 300, 300, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP with these entries."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def docx(**more: bytes) -> bytes:
    """The parts by which a Word document is known."""
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>" * 500} | more)


def xlsx() -> bytes:
    """A workbook as Excel would read it."""
    from openpyxl import Workbook

    content = io.BytesIO()
    Workbook().save(content)
    return content.getvalue()


def ole(*streams: str) -> bytes:
    """An OLE2 container: header, one sector of links, one of names, and padding."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<109I", header, 76, 0, *[free] * 108)
    links = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    names = b"".join(_ole_entry(name) for name in ("Root Entry", *streams)).ljust(512, b"\0")
    return bytes(header) + links + names + bytes(2048)


def _ole_entry(name: str) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), 2)).ljust(128, b"\0")


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG file whose header declares this size; all sums right."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", data) + part(b"IEND", b"")


def jpeg_claiming(width: int, height: int) -> bytes:
    """A real JPEG whose frame header declares this size."""
    content = bytearray(picture("JPEG"))
    place = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, place + 5, height, width)
    return bytes(content)


def written(folder: Path, name: str, content: bytes) -> Path:
    """The file, there."""
    path = folder / name
    path.write_bytes(content)
    return path


def files_in(folder: Path) -> set[str]:
    """Names of all files below a folder."""
    return {path.name for path in folder.rglob("*") if path.is_file()}


def peak_kib(program: str, *arguments: Path) -> int:
    """Most memory that a process of its own needs for ``program`` (Linux); not what it inherits from this one."""
    begin, end = "import sys\nfrom pathlib import Path\n", "\nprint(Path('/proc/self/status').read_text())\n"
    call = [sys.executable, "-c", begin + program + end, *map(str, arguments)]
    status = subprocess.run(call, capture_output=True, check=True, text=True).stdout
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
