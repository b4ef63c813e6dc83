"""Looks again and again at the drives while somebody shows them; sticks come and go by themselves."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from ui.models.drives import Drive, drives, folder_as_drive

_LOOK_EVERY = 3000  # milliseconds
_MOST_NAMES = 2000  # on a stick that are looked at to see whether something is new there
_DEEPEST = 2  # levels of folders, as a visit goes

Mark = tuple[str, int, float]  # path, size, time of writing


@dataclass(frozen=True, slots=True)
class Sight:
    """What was there at one moment.

    ``folders``: the places asked for besides the drives, None where one is gone. ``marks`` change when packages or
    cards come or go on a stick; they are for comparing only.
    """

    drives: tuple[Drive, ...] = ()
    folders: Mapping[Path, Drive | None] = field(default_factory=dict)
    marks: Mapping[Path, tuple[Mark, ...]] = field(default_factory=dict)


class DriveWatch(QObject):
    """``seen`` brings what is there now, every few seconds between :meth:`start` and :meth:`stop`.

    Drives are asked in another thread: one that does not answer (a network drive, a dying stick) holds up nothing.
    """

    seen = Signal(object)  # Sight
    _answer = Signal(object)  # from that thread

    def __init__(self, suffixes: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look: Callable[[], tuple[Drive, ...]] = drives
        self.folders: set[Path] = set()
        self.sight = Sight()
        self._suffixes = suffixes
        self._looking = self._again = False
        self._answer.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.refresh)

    def start(self) -> None:
        """Look now and from time to time."""
        self.refresh()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def refresh(self) -> None:
        """Look again; while an answer is awaited, once more after it."""
        if self._looking:
            self._again = True
            return
        self._looking, self._again = True, False
        QThreadPool.globalInstance().start(partial(self._work, self.look, frozenset(self.folders)))

    def _work(self, look: Callable[[], tuple[Drive, ...]], folders: frozenset[Path]) -> None:
        found = Sight()
        try:
            there = look()
            picked = {folder: folder_as_drive(folder) if folder.is_dir() else None for folder in folders}
            found = Sight(there, picked, {drive.path: self._marks(drive.path) for drive in there if drive.removable})
        finally:
            with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
                self._answer.emit(found)

    def _marks(self, place: Path) -> tuple[Mark, ...]:
        marks: list[Mark] = []
        level, left = [place], _MOST_NAMES
        for _depth in range(_DEEPEST):
            below: list[Path] = []
            for folder in level:
                with contextlib.suppress(OSError), os.scandir(folder) as entries:
                    for entry in itertools.islice(entries, left):
                        left -= 1
                        if entry.is_dir(follow_symlinks=False):
                            below.append(Path(entry.path))
                        elif entry.name.lower().endswith(self._suffixes):
                            facts = entry.stat(follow_symlinks=False)
                            marks.append((entry.path, facts.st_size, facts.st_mtime))
            level = below
        return tuple(sorted(marks))

    def _take(self, found: Sight) -> None:
        self._looking = False
        self.sight = found
        self.seen.emit(found)
        if self._again:
            self.refresh()
