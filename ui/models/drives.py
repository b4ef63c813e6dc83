"""The drives that a package can go to or come from: sticks first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStorageInfo, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.text import collation_key
from ui.models.rows import RowsModel
from ui.theme import COLOURS

_STICK_PLACES = ("/media/", "/run/media/", "/mnt/")
_NOT_DRIVES = {
    "tmpfs",
    "devtmpfs",
    "overlay",
    "squashfs",
    "proc",
    "sysfs",
    "efivarfs",
    "fuse.portal",
    "ramfs",
    "autofs",
}
_CHOSEN = "chosen:"


@dataclass(frozen=True, slots=True)
class Drive:
    """A place to write to or read from. ``free`` and ``size`` are bytes; ``chosen``: a folder picked by hand."""

    path: Path
    name: str
    free: int
    size: int
    removable: bool
    writable: bool = True
    chosen: bool = False


def drives() -> tuple[Drive, ...]:
    """The drives of this computer as they are now; may wait long for one that does not answer."""
    found = []
    for volume in QStorageInfo.mountedVolumes():
        if not volume.isValid() or not volume.isReady():
            continue
        root = volume.rootPath()
        removable = _is_stick(root)
        if os.name != "nt" and not removable:
            continue  # on Linux everything else is the system's own; a folder can be chosen
        if bytes(volume.fileSystemType().data()).decode(errors="replace").lower() in _NOT_DRIVES:
            continue
        found.append(
            Drive(
                Path(root),
                volume.displayName() or root,
                volume.bytesAvailable(),
                volume.bytesTotal(),
                removable,
                not volume.isReadOnly(),
            )
        )
    return tuple(sorted(found, key=lambda drive: (not drive.removable, collation_key(drive.name))))


def _is_stick(root: str) -> bool:
    if os.name == "nt":
        import ctypes

        removable = 2
        kind: int = ctypes.CDLL("kernel32").GetDriveTypeW(ctypes.c_wchar_p(root.replace("/", "\\")))
        return kind == removable
    return root.startswith(_STICK_PLACES)


def folder_as_drive(folder: Path) -> Drive:
    """A folder that a person picked, with the free space of its drive."""
    volume = QStorageInfo(str(folder))
    return Drive(
        folder, str(folder), volume.bytesAvailable(), volume.bytesTotal(), False, not volume.isReadOnly(), True
    )


def key_of(drive: Drive) -> str:
    """The id of a place in the list."""
    return f"{_CHOSEN if drive.chosen else ''}{drive.path}"


class DriveList(RowsModel):
    """Rows are :class:`Drive`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(key_of, 1, parent)

    def show(self, row: Drive, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            name = row.name
            if not row.chosen and str(row.path) not in (name, ""):
                name = _("{name} ({place})").format(name=name, place=str(row.path).rstrip("\\/") or row.path)
            return f"{name}\n{_space(row)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return ("folder-open" if row.chosen else "usb" if row.removable else "drive", COLOURS.accent)
        return None


def _space(drive: Drive) -> str:
    if not drive.writable:
        return _("Chỉ đọc được, không ghi được")
    return _("Còn trống {free} / {size}").format(
        free=wording.size_text(max(0, drive.free)), size=wording.size_text(max(0, drive.size))
    )


def sticks_first(found: Sequence[Drive], chosen: Drive | None) -> tuple[Drive, ...]:
    """Drives, and the folder picked by hand last."""
    return (*found, chosen) if chosen is not None else tuple(found)
