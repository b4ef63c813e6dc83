"""What a file is by its content, whatever its name says. Reads little and decodes nothing."""

from __future__ import annotations

import struct
import zipfile
from enum import StrEnum
from typing import BinaryIO

from ntm_desktop.evidence.media import OTHER, by_ending

HEAD = 8192

# Camera raw formats are TIFF inside; Pillow cannot judge them, so they are taken as they are.
_RAW_ENDINGS = {"dng", "nef", "cr2", "arw", "orf", "pef", "rw2", "srw"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_LNK = bytes.fromhex("4c0000000114020000000000c000000000000046")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROGRAM_STARTS = (b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_LARGEST_DIRECTORY = 16 * 1024 * 1024  # of a ZIP; an honest document has some hundred entries

PROGRAM_ENDINGS = frozenset(
    {"exe", "com", "bat", "cmd", "js", "jse", "vbs", "vbe", "ps1", "psm1", "scr", "msi", "msp", "mst", "msix", "appx"}
    | {"reg", "hta", "wsf", "wsh", "cpl", "jar", "dll", "sys", "drv", "ocx", "sh", "apk", "pif", "inf", "gadget", "chm"}
)
SHORTCUT_ENDINGS = frozenset({"lnk", "url", "desktop", "webloc", "website", "appref-ms"})


class Harm(StrEnum):
    """What is no evidence whatever it is called."""

    NONE = ""
    PROGRAM = "program"
    SHORTCUT = "shortcut"


def harm_in(head: bytes, ending: str = "") -> Harm:
    """Whether the name's ending or the first bytes are those of a program or of a shortcut."""
    if ending in SHORTCUT_ENDINGS or head.startswith(_LNK):
        return Harm.SHORTCUT
    if ending in PROGRAM_ENDINGS or head.startswith(_PROGRAM_STARTS):
        return Harm.PROGRAM
    if head.startswith(b"MZ") and b"\0" in head[:256]:  # a text may begin with these two letters
        return Harm.PROGRAM
    words = _as_text(head[:4096]).lstrip("\ufeff \t\r\n")
    lines = [line.strip().lower() for line in words.splitlines() if not line.lstrip().startswith(("#", ";"))]
    first = next((line for line in lines if line), "")
    if first in ("[internetshortcut]", "[desktop entry]") or first.startswith("[{000214a0-"):
        return Harm.SHORTCUT
    return Harm.NONE


def content_type(stream: BinaryIO, ending: str = "") -> str:
    """Media type by content; empty where the content tells nothing. ``ending`` settles families that look alike."""
    stream.seek(0)
    head = stream.read(HEAD)
    simple = _by_start(head, ending)
    if simple:
        return simple
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(stream)
    if head.startswith(_OLE):
        return _ole_type(stream, head, ending)
    # Some scanners put a few bytes before the mark; readers allow it within the first 1024.
    return "application/pdf" if b"%PDF-" in head[:1024] else ""


def looks_like_text(head: bytes) -> bool:
    """Text in any encoding, the old Vietnamese ones too: no zero bytes but in UTF-16, hardly any control signs."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in head and sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) <= len(head) // 100


def is_locked_office(stream: BinaryIO) -> bool:
    """Whether this is a new Office file under a password: those are wrapped in the old container."""
    stream.seek(0)
    head = stream.read(HEAD)
    return head.startswith(_OLE) and "EncryptedPackage" in _ole_names(stream, head)


def _by_start(head: bytes, ending: str) -> str:
    starts = {
        b"%PDF-": "application/pdf",
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"{\\rtf": "application/rtf",
    }
    for start, media_type in starts.items():
        if head.startswith(start):
            return media_type
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return OTHER if ending in _RAW_ENDINGS else "image/tiff"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"BM") and head[6:10] == bytes(4) and head[14:18] in _BMP_HEADERS:
        return "image/bmp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    words = _as_text(head[:1024]).lstrip("\ufeff \t\r\n").lower()
    if words.startswith(("<!doctype html", "<html")):
        return "text/html"
    return ""


_BMP_HEADERS = {struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124)}


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore")
    return head.decode("utf-8", errors="replace")


def _zip_type(stream: BinaryIO) -> str:
    """The office format inside a ZIP, or plain ZIP; empty for one that is cut short."""
    if _zip_directory_size(stream) > _LARGEST_DIRECTORY:
        return "application/zip"
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", errors="replace").strip()
                if declared.startswith("application/vnd.oasis.opendocument."):
                    return declared
    except Exception:  # a hostile directory raises anything
        return ""
    if "[Content_Types].xml" not in names:
        return "application/zip"
    for part, plain, with_macros in (("word", "docx", "docm"), ("xl", "xlsx", "xlsm"), ("ppt", "pptx", "")):
        main = {"word": "word/document.xml", "xl": "xl/workbook.xml", "ppt": "ppt/presentation.xml"}[part]
        if main in names:
            kind = by_ending(with_macros if with_macros and f"{part}/vbaProject.bin" in names else plain)
            assert kind is not None
            return kind.media_type
    return "application/zip"


def _zip_directory_size(stream: BinaryIO) -> int:
    """Bytes that the ZIP's directory claims, read before anything is made of it; 0 where there is none."""
    end = stream.seek(0, 2)
    stream.seek(max(0, end - 65_557))
    tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + 16 > len(tail):
        return 0
    return int.from_bytes(tail[place + 12 : place + 16], "little")


def _ole_type(stream: BinaryIO, head: bytes, ending: str) -> str:
    names = _ole_names(stream, head)
    claimed = by_ending(ending)
    if "EncryptedPackage" in names:
        return claimed.media_type if claimed is not None and ending in ("docx", "xlsx", "pptx") else OTHER
    for stream_name, old in (
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("PowerPoint Document", "ppt"),
    ):
        if stream_name in names:
            kind = by_ending(old)
            assert kind is not None
            return kind.media_type
    return claimed.media_type if claimed is not None and ending in ("doc", "xls", "ppt") else OTHER


def _ole_names(stream: BinaryIO, head: bytes) -> set[str]:
    """Names in the directory of an OLE2 container; what cannot be followed is left out, never more than 64 sectors."""
    if len(head) < 512:
        return set()
    sector_size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    if sector_size < 512:
        return set()
    table = [int.from_bytes(head[76 + 4 * i : 80 + 4 * i], "little") for i in range(109)]
    sector = int.from_bytes(head[48:52], "little")
    names: set[str] = set()
    for _turn in range(64):
        if sector >= 0xFFFFFFF0:
            break
        content = _sector(stream, sector, sector_size)
        for start in range(0, len(content) - 127, 128):
            length = int.from_bytes(content[start + 64 : start + 66], "little")
            if 2 < length <= 64:
                names.add(content[start : start + length - 2].decode("utf-16-le", errors="replace"))
        per_sector = sector_size // 4
        if sector // per_sector >= len(table) or table[sector // per_sector] >= 0xFFFFFFF0:
            break
        links = _sector(stream, table[sector // per_sector], sector_size)
        place = sector % per_sector * 4
        if len(links) < place + 4:
            break
        sector = int.from_bytes(links[place : place + 4], "little")
    return names


def _sector(stream: BinaryIO, number: int, size: int) -> bytes:
    stream.seek((number + 1) * size)
    return stream.read(size)
