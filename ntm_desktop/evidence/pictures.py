"""Pictures by Pillow: looked at before they are taken, and made small. Memory is bounded whatever a file declares."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 120_000_000  # declared; more is refused without decoding
_MAX_WHOLE = 50_000_000  # pixels decoded at full size: 200 MB
_MAX_FILE = 256 * 1024 * 1024  # several formats are read into memory as they are

_log = logging.getLogger("ntm.evidence")


class PictureState(StrEnum):
    """What came of looking at a picture."""

    GOOD = "good"
    UNCHECKED = "unchecked"  # too large to be looked at, or a format that this installation cannot read
    BOMB = "bomb"
    BROKEN = "broken"


def inspect_picture(path: Path, media_type: str) -> PictureState:
    """Read the header, then decode, small where the format can, so that a file cut short is noticed."""
    if path.stat().st_size > _MAX_FILE or (media_type == "image/heic" and not _reads_heic()):
        return PictureState.UNCHECKED
    from PIL import Image

    try:
        with _opened(path) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return PictureState.BOMB
            if media_type == "image/png" and not _is_whole_png(path):
                return PictureState.BROKEN
            if not _decodable(picture, (64, 64)):
                return PictureState.UNCHECKED
            picture.load()
    except Image.DecompressionBombError:
        return PictureState.BOMB
    except Exception as error:  # hostile content raises anything
        _log.info("picture not readable: %r", error)
        return PictureState.BROKEN
    return PictureState.GOOD


def _is_whole_png(path: Path) -> bool:
    """All parts there with their sums, up to the end mark; decoders are content with less."""
    with open(path, "rb") as stream:
        stream.seek(8)
        while True:
            head = stream.read(8)
            content = stream.read(int.from_bytes(head[:4], "big")) if len(head) == 8 else b""
            check = stream.read(4)
            if len(check) < 4 or zlib.crc32(head[4:] + content) != int.from_bytes(check, "big"):
                return False
            if head[4:] == b"IEND":
                return True


def shrunk(path: Path, box: tuple[int, int]) -> Image.Image | None:
    """The picture upright, no larger than ``box`` pixels, in RGB or RGBA; None where it cannot be had.

    Pictures smaller than the box keep their size.
    """
    try:
        if path.stat().st_size > _MAX_FILE:
            return None
        with _opened(path) as picture:
            if picture.width * picture.height > MAX_PIXELS or not _decodable(picture, box):
                return None
            from PIL import ImageOps

            small = _smooth_mode(picture)
            lying = small.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            small.thumbnail(box[::-1] if lying else box, reducing_gap=2.0)
            upright = ImageOps.exif_transpose(small)
            return upright if upright.mode in ("RGB", "RGBA") else upright.convert(_target_mode(upright))
    except Exception as error:  # hostile content raises anything, MemoryError among it
        _log.info("picture not made small: %r", error)
        return None


def as_png(picture: Image.Image) -> bytes:
    """Encoded without loss, without what the camera noted."""
    return _encoded(picture, "PNG")


def as_print_jpeg(picture: Image.Image) -> bytes:
    """Encoded for paper: JPEG, quality 80, on white."""
    from PIL import Image

    if picture.mode == "RGBA":
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    return _encoded(picture, "JPEG", quality=80, optimize=True)


def _encoded(picture: Image.Image, encoding: str, **options: object) -> bytes:
    content = io.BytesIO()
    picture.info = {}
    picture.save(content, encoding, exif=b"", **options)
    return content.getvalue()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """A picture whose header is read. Only harmless formats: Pillow also knows some that start other programs."""
    from PIL import Image

    # Pillow refuses twice this by itself, wherever a size turns up. It also warns, of this and of odd content, on the
    # person's terminal.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    formats = ["JPEG", "PNG", "GIF", "BMP", "DIB", "TIFF", "WEBP"]
    if _reads_heic():
        formats.append("HEIF")
    with Image.open(path, formats=formats) as picture:
        yield picture


def _reads_heic() -> bool:
    """Make Pillow read HEIC, where the library is installed."""
    try:
        import pi_heif
    except ImportError:
        return False
    from PIL import Image

    if "HEIF" not in Image.OPEN:
        pi_heif.register_heif_opener()
    return True


def _decodable(picture: Image.Image, box: tuple[int, int]) -> bool:
    """Whether decoding stays within bounds; sets JPEG up to be decoded small."""
    # A progressive JPEG is held whole by the decoder, however small the outcome.
    if picture.format in ("JPEG", "MPO") and not picture.info.get("progressive"):
        picture.draft(None, (max(box), max(box)))
    return picture.width * picture.height <= _MAX_WHOLE


def _smooth_mode(picture: Image.Image) -> Image.Image:
    """Modes that cannot be averaged, made into ones that can."""
    if picture.mode in ("1", "P", "PA"):
        return picture.convert("L" if picture.mode == "1" else _target_mode(picture))
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L")
    return picture


def _target_mode(picture: Image.Image) -> str:
    return "RGBA" if picture.mode in ("LA", "PA", "RGBa", "La") or "transparency" in picture.info else "RGB"
