"""Packages and cards that lie on the sticks."""

from __future__ import annotations

import html
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.text import one_line
from ui.models.rows import RowsModel
from ui.theme import COLOURS


@dataclass(frozen=True, slots=True)
class Find:
    """A file on a stick. ``size`` in bytes; ``taken_at``: a package of this name was taken here then.

    ``own``: a package of this name was written here.
    """

    path: Path
    card: bool
    size: int
    written_at: datetime
    taken_at: datetime | None = None
    own: bool = False

    @property
    def fresh(self) -> bool:
        """True for a package that is still to be looked at."""
        return not (self.card or self.own or self.taken_at)


def find_at(path: Path, card: bool, taken: Mapping[str, datetime], own: Set[str]) -> Find | None:
    """The file as it is now; None where it is gone."""
    try:
        facts = path.stat()
    except OSError:
        return None
    written = datetime.fromtimestamp(facts.st_mtime, UTC)
    if card:
        return Find(path, card, facts.st_size, written)
    return Find(path, card, facts.st_size, written, taken.get(path.name), path.name in own)


def file_text(path: Path) -> str:
    """A file's name as it can be shown: on a stick it is whatever somebody made it."""
    return one_line(path.name)[:200]


class FindList(RowsModel):
    """Rows are :class:`Find`, in two lines each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda find: str(find.path), 1, parent)

    def show(self, row: Find, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{file_text(row.path)}\n{_note(row)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return ("user" if row.card else "package", COLOURS.accent if row.card or row.fresh else COLOURS.soft)
        if role == Qt.ItemDataRole.ToolTipRole:
            return html.escape(one_line(str(row.path)))
        return None


def _note(find: Find) -> str:
    if find.card:
        return _("Thẻ nhận dạng của một máy. Nhấn Enter để xem và nhập.")
    note = _("{size}, ghi lúc {time}").format(
        size=wording.size_text(find.size), time=wording.time_text(find.written_at)
    )
    if find.own:
        note = _("{note} · do máy này ghi").format(note=note)
    elif find.taken_at is not None:
        note = _("{note} · đã nhận lúc {time}").format(note=note, time=wording.time_text(find.taken_at))
    return note
