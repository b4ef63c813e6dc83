"""Packages and cards on the sticks that are plugged in; the list looks after itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.models.drives import Drive
from ui.models.finds import Find, FindList, find_at
from ui.models.rows import ROW_ROLE
from ui.theme import SPACE, soft
from ui.widgets.drive_watch import DriveWatch, Sight
from ui.widgets.two_lines import fit_rows, two_line_list
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_MOST = 3  # rows that are shown without scrolling


class FoundList(QWidget):
    """``packages_wanted`` and ``card_wanted`` are what the person chose in the list.

    The sticks are visited on the worker, one after the other with sending and receiving: a visit clears away what an
    interrupted sending left there, and must not meet one that is under way.
    """

    packages_wanted = Signal(object)  # list of Path
    card_wanted = Signal(object)  # Path
    refreshed = Signal()

    def __init__(self, session: Session, watch: DriveWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._marks: object = None
        self._sticks: tuple[Drive, ...] = ()
        self._model = FindList(self)
        self.list = two_line_list(_("Các gói và thẻ tìm thấy trên USB"))
        self.list.setModel(self._model)
        self.list.activated.connect(self._choose)
        self.list.clicked.connect(self._choose)
        self.note = soft(QLabel())
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.list)
        column.addWidget(self.note)
        watch.seen.connect(self._seen)
        self._show((), (), ())

    @property
    def packages(self) -> list[Path]:
        """Packages that lie there and are neither our own nor taken yet."""
        return [find.path for find in self._model.rows if find.fresh]

    @property
    def start(self) -> str:
        """Where choosing by hand begins: the first stick."""
        return str(self._sticks[0].path) if self._sticks else ""

    def _seen(self, sight: Sight) -> None:
        sticks = tuple(drive for drive in sight.drives if drive.removable)
        marks = (tuple(drive.path for drive in sticks), dict(sight.marks))
        self._sticks = sticks
        if marks != self._marks:
            self._marks = marks
            self.visit()

    def visit(self) -> None:
        """Read anew what lies on the sticks."""
        sticks = self._sticks

        def look(workspace: Workspace, task: Task) -> tuple[tuple[Find, ...], tuple[str, ...]]:
            from ntm_desktop.operations import overview

            taken = _taken(overview.package_rows(workspace, "received"))
            own = {Path(row["path"]).name for row in overview.package_rows(workspace, "sent")}
            found: list[Find | None] = []
            cleaned: list[str] = []
            for stick in sticks:
                packages, cards, gone = _visit(stick.path)
                cleaned += gone
                found += [find_at(path, False, taken, own) for path in packages]
                found += [find_at(path, True, taken, own) for path in cards]
            there = sorted((find for find in found if find is not None), key=lambda find: find.written_at, reverse=True)
            return tuple(sorted(there, key=lambda find: not (find.fresh or find.card))), tuple(cleaned)

        def show(seen: tuple[tuple[Find, ...], tuple[str, ...]]) -> None:
            self._show(sticks, *seen)

        self._session.run(look, show, lambda error: isinstance(error, UserError))

    def _show(self, sticks: Sequence[Drive], found: Sequence[Find], cleaned: Sequence[str]) -> None:
        self._model.take(found)
        self.list.setVisible(bool(found))
        fit_rows(self.list, _MOST)
        if found and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._model.index(0, 0))
        if found:
            words = _("Bấm vào một gói (hoặc nhấn Enter) để xem trước; chưa có gì được nhận.")
        elif sticks:
            names = ", ".join(stick.name for stick in sticks)
            words = _("USB {names} không có gói hay thẻ nào ở thư mục ngoài cùng.").format(names=names)
        else:
            words = _("Chưa thấy USB nào. Cắm USB vào máy: gói và thẻ trên đó sẽ tự hiện ở đây.")
        if cleaned:
            words += " " + _("Đã dọn {count} tệp ghi dở còn sót trên USB.").format(count=len(cleaned))
        self.note.setText(words)
        self.refreshed.emit()

    def _choose(self, index: QModelIndex) -> None:
        find = index.data(ROW_ROLE)
        if isinstance(find, Find):
            if find.card:
                self.card_wanted.emit(find.path)
            else:
                self.packages_wanted.emit([find.path])


def _taken(rows: Sequence[dict[str, Any]]) -> dict[str, datetime]:
    """When a package of each name was taken last."""
    return {Path(row["path"]).name: datetime.fromisoformat(row["at"]) for row in reversed(rows)}


def _visit(place: Path) -> tuple[Sequence[Path], Sequence[Path], Sequence[str]]:
    from ntm_desktop.operations import sticks

    try:
        visit = sticks.visit(place)
    except (OSError, UserError):  # pulled out meanwhile
        return (), (), ()
    return visit.packages, visit.cards, visit.cleaned
