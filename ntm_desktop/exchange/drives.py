"""What is known of the drive that a package is written to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

FAT_LARGEST = 2**32 - 1

_FAT = {"vfat", "msdos", "fat", "fat32", "fat16", "fat12"}
_MOUNTS = Path("/proc/self/mounts")


def free_space(folder: Path) -> int:
    """Free bytes for this person on the drive of ``folder``."""
    return shutil.disk_usage(folder).free


def is_fat(folder: Path) -> bool:
    """True where the drive is known to be FAT, which holds no file of 4 GiB; exFAT is another thing. Best effort."""
    return file_system(folder).lower() in _FAT


def file_system(folder: Path) -> str:
    """The name of the drive's file system as the system calls it; empty where it does not tell."""
    if os.name == "nt":
        return _windows_file_system(folder)
    try:
        return mounted_as(folder.resolve(), _MOUNTS.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""


def mounted_as(folder: Path, mounts: str) -> str:
    """The file system of ``folder`` according to a table in the form of /proc/mounts."""
    found, kind = 0, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if folder.is_relative_to(place) and len(place.parts) >= found:
            found, kind = len(place.parts), fields[2]
    return kind


def _windows_file_system(folder: Path) -> str:
    import ctypes

    name = ctypes.create_unicode_buffer(64)
    root = folder.resolve().anchor.removeprefix("\\\\?\\")
    kernel = ctypes.CDLL("kernel32")
    known = kernel.GetVolumeInformationW(root, None, 0, None, None, None, name, len(name))
    return name.value if known else ""
