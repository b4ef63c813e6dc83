"""A drive that packages travel on: what lies there, what an interrupted export left, and what kind of drive it is."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop.exchange import PARTIAL, SUFFIX, cards, drives

MOST_ENTRIES = 20_000  # a drive full of photos is looked at no longer than this
_DEEPEST = 2
_STICK_FORMATS = {"vfat", "msdos", "fat", "fat32", "fat16", "fat12", "exfat"}
_DRIVE_REMOVABLE = 2


@dataclass(frozen=True, slots=True)
class Visit:
    """What was found; ``cleaned`` names partial packages that were removed, ``free`` is in bytes."""

    packages: tuple[Path, ...]
    cards: tuple[Path, ...]
    cleaned: tuple[str, ...]
    writable: bool
    free: int
    file_system: str


def visit(folder: Path) -> Visit:
    """Look at a drive or folder and one level below, and remove what an export that was cut off left there.

    Links are never followed, nothing but regular files is touched; what the drive refuses is left as it is.
    """
    packages: list[Path] = []
    found_cards: list[Path] = []
    cleaned: list[str] = []
    for path in _files(folder):
        name = path.name.lower()
        if name.endswith(SUFFIX + PARTIAL):
            with suppress(OSError):
                path.unlink()
                cleaned.append(path.name)
        elif name.endswith(SUFFIX):
            packages.append(path)
        elif name.endswith(cards.SUFFIX):
            found_cards.append(path)
    free = 0
    with suppress(OSError):
        free = drives.free_space(folder)
    return Visit(
        tuple(sorted(packages)),
        tuple(sorted(found_cards)),
        tuple(sorted(cleaned)),
        is_writable(folder),
        free,
        drives.file_system(folder),
    )


def _files(folder: Path) -> list[Path]:
    """Regular files, at most two levels deep."""
    found: list[Path] = []
    level, seen = [folder], 0
    for _depth in range(_DEEPEST):
        below: list[Path] = []
        for place in level:
            with suppress(OSError), os.scandir(place) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_ENTRIES:
                        return found
                    with suppress(OSError):
                        if entry.is_file(follow_symlinks=False):
                            found.append(Path(entry.path))
                        elif entry.is_dir(follow_symlinks=False):
                            below.append(Path(entry.path))
        level = below
    return found


def is_writable(folder: Path) -> bool:
    """True where files can be written into ``folder``, as far as the system tells beforehand."""
    try:
        if os.name != "nt" and os.statvfs(folder).f_flag & os.ST_RDONLY:
            return False
        return folder.is_dir() and os.access(folder, os.W_OK)
    except OSError:
        return False


def is_removable(folder: Path) -> bool:
    """True where the drive can be pulled out, or has the format of those that are. Best effort."""
    return drives.file_system(folder).lower() in _STICK_FORMATS or _says_removable(folder)


def _says_removable(folder: Path) -> bool:
    try:
        if os.name == "nt":
            return _windows_drive_type(folder) == _DRIVE_REMOVABLE
        mode = folder.stat()
        if not stat.S_ISDIR(mode.st_mode) or not hasattr(os, "major"):
            return False
        device = Path("/sys/dev/block") / f"{os.major(mode.st_dev)}:{os.minor(mode.st_dev)}"
        places = (device / "removable", device.resolve().parent / "removable")  # of a partition: its disk's
        return any(place.read_text(encoding="ascii").strip() == "1" for place in places if place.is_file())
    except OSError:
        return False


def _windows_drive_type(folder: Path) -> int:
    import ctypes

    root = folder.resolve().anchor.removeprefix("\\\\?\\")
    return int(ctypes.CDLL("kernel32").GetDriveTypeW(root))
