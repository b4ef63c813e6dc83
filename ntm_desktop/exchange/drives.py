"""What is known of the drive that a package is written to."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

FAT_LARGEST = 2**32 - 1

_FAT = {"vfat", "msdos", "fat", "fat32", "fat16", "fat12"}
_MOUNTS = Path("/proc/self/mounts")
_BLOCK_DEVICES = Path("/sys/class/block")
_WINDOWS_REMOVABLE = 2


def free_space(folder: Path) -> int:
    """Free bytes for this person on the drive of ``folder``."""
    return shutil.disk_usage(folder).free


def is_fat(folder: Path) -> bool:
    """True where the drive is known to be FAT, which holds no file of 4 GiB; exFAT is another thing. Best effort."""
    return file_system(folder).lower() in _FAT


def is_removable(folder: Path) -> bool:
    """True where the drive is known to be a stick, a card or another drive at a USB port. Best effort."""
    if os.name == "nt":
        return _windows_drive_type(folder) == _WINDOWS_REMOVABLE
    try:
        device, _kind = mounted_from(folder.resolve(), _MOUNTS.read_text(encoding="utf-8", errors="replace"))
        return bool(device) and _is_removable_device(Path(device).resolve().name, _BLOCK_DEVICES)
    except OSError:
        return False


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
    return mounted_from(folder, mounts)[1]


def mounted_from(folder: Path, mounts: str) -> tuple[str, str]:
    """Device and file system of ``folder`` according to such a table; empty where it does not tell."""
    found, device, kind = 0, "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = Path(fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if folder.is_relative_to(place) and len(place.parts) >= found:
            found, device, kind = len(place.parts), fields[0], fields[2]
    return device, kind


def _is_removable_device(name: str, devices: Path) -> bool:
    """A partition's whole device says whether its medium can be taken out; a hard disk at a USB port does not."""
    device = (devices / name).resolve()
    if not device.is_dir():
        return False
    if any(part.startswith("usb") for part in device.parts):
        return True
    for place in (device, device.parent):
        with suppress(OSError):
            return (place / "removable").read_text(encoding="ascii").strip() == "1"
    return False


def _windows_file_system(folder: Path) -> str:
    import ctypes

    name = ctypes.create_unicode_buffer(64)
    kernel = ctypes.CDLL("kernel32")
    known = kernel.GetVolumeInformationW(_root(folder), None, 0, None, None, None, name, len(name))
    return name.value if known else ""


def _windows_drive_type(folder: Path) -> int:
    import ctypes

    kind: int = ctypes.CDLL("kernel32").GetDriveTypeW(ctypes.c_wchar_p(_root(folder)))
    return kind


def _root(folder: Path) -> str:
    return folder.resolve().anchor.removeprefix("\\\\?\\")
