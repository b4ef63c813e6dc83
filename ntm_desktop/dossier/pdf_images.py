"""Picture files as a PDF holds them: JPEG as it is, everything else as plain red, green and blue."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_desktop import paths

_PLAIN = {1: True, 3: False}  # components of a JPEG → gray; four would be inks, which the file declares no space for


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture file that was looked at: its size in pixels, and whether its bytes go into the PDF as they are."""

    path: Path
    width: int
    height: int
    jpeg: bool
    gray: bool = False

    @property
    def key(self) -> str:
        """The same for the same file."""
        return hashlib.sha256(str(self.path).encode(errors="replace")).hexdigest()[:32]

    def content(self) -> bytes:
        """The stream's bytes.

        Raises:
            OSError: the file is not there any more.
        """
        if self.jpeg:
            return paths.extended(self.path).read_bytes()
        return zlib.compress(_on_white(self.path).tobytes())


def look_at(path: Path | None) -> ImageFile | None:
    """The picture, or None where there is none that can be shown."""
    if path is None:
        return None
    try:
        found = _jpeg(path)
        if found is None:
            picture = _on_white(path)  # decoded now: what is broken must be known before its place is drawn
            found = ImageFile(path, picture.width, picture.height, jpeg=False)
    except Exception:  # a broken picture raises anything
        return None
    return found if found.width > 0 and found.height > 0 else None


def _jpeg(path: Path) -> ImageFile | None:
    from reportlab.pdfbase.pdfutils import readJPEGInfo

    with open(paths.extended(path), "rb") as stream:
        if stream.read(2) != b"\xff\xd8":
            return None
        stream.seek(0)
        info: Any = readJPEGInfo(stream)
    width, height, components = info[:3]
    if components not in _PLAIN:
        return None
    return ImageFile(path, int(width), int(height), jpeg=True, gray=_PLAIN[components])


def _on_white(path: Path) -> Any:
    from PIL import Image

    with Image.open(paths.extended(path), formats=["PNG", "JPEG"]) as picture:
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            shown = picture.convert("RGBA")
            white = Image.new("RGB", shown.size, "white")
            white.paste(shown, mask=shown.getchannel("A"))
            return white
        return picture.convert("RGB")
