"""Choose a drive or a folder: sticks first, looked at again every few seconds while the list is in sight."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from PySide6.QtCore import QThreadPool, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.models.drives import Drive, DriveList, drives, folder_as_drive, sticks_first
from ui.models.rows import KEY_ROLE, ROW_ROLE
from ui.theme import COLOURS, SPACE, icon
from ui.widgets.two_lines import two_line_list

_LOOK_EVERY = 3000  # milliseconds
_ROW = 56  # pixels of one place in the list


class DriveChooser(QWidget):
    """``changed`` is sent when another place is chosen or its free space changed.

    Drives are asked in another thread: one that does not answer (a network drive, a dying stick) holds up nothing.
    """

    changed = Signal()
    _seen = Signal(object, object, object)  # from that thread: drives, the folder asked about, what it is now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looking = False
        self._seen.connect(self._show_seen)
        self._picked: Drive | None = None
        self._model = DriveList(self)
        self.list = two_line_list(_("Các ổ đĩa và USB"))
        self.list.setModel(self._model)
        self.list.selectionModel().currentChanged.connect(lambda *_all: self.changed.emit())
        self._none = QLabel(_("Chưa thấy USB nào. Cắm USB vào máy (danh sách tự cập nhật), hoặc chọn thư mục."))
        self._none.setWordWrap(True)
        self._none.setMargin(SPACE.medium)
        self._none.setStyleSheet(f"border: 1px dashed {COLOURS.edge}; border-radius: 6px; color: {COLOURS.soft};")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._none)
        self.folder_button = QPushButton(icon("folder-open"), _("Chọn thư mục…"))
        self.folder_button.clicked.connect(self.pick_folder)
        self.refresh_button = QPushButton(icon("refresh"), _("Tìm lại"))
        self.refresh_button.setToolTip(_("Tìm lại các USB và ổ đĩa"))
        self.refresh_button.clicked.connect(self.refresh)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self.refresh)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.small)
        buttons.addWidget(self.folder_button)
        buttons.addWidget(self.refresh_button)
        buttons.addStretch(1)
        self._fit()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self._stack)
        column.addLayout(buttons)

    @property
    def drive(self) -> Drive | None:
        """What is chosen."""
        found = self.list.currentIndex().data(ROW_ROLE)
        return found if isinstance(found, Drive) else None

    def refresh(self) -> None:
        """Look again."""
        if not self._looking:
            self._looking = True
            QThreadPool.globalInstance().start(partial(self._look, self._picked.path if self._picked else None))

    def _look(self, picked: Path | None) -> None:
        found: tuple[Drive, ...] = ()
        again = None
        try:
            found = drives()
            again = folder_as_drive(picked) if picked is not None and picked.is_dir() else None
        finally:
            with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
                self._seen.emit(found, picked, again)

    def _show_seen(self, found: tuple[Drive, ...], asked: Path | None, picked: Drive | None) -> None:
        self._looking = False
        if self._picked is not None and self._picked.path == asked:  # else another was picked meanwhile
            self._picked = picked
        self.show_drives(found)

    def show_drives(self, found: tuple[Drive, ...]) -> None:
        """Show these places and the folder picked by hand; what is chosen stays chosen while it is there."""
        before = self.drive
        self._model.take(sticks_first(found, self._picked))
        self._fit()
        if not self.list.currentIndex().isValid() and self._model.rows:
            self.list.setCurrentIndex(self._model.index(0, 0))
        if self.drive != before:
            self.changed.emit()

    def _fit(self) -> None:
        """As high as one or two places need."""
        self._stack.setCurrentIndex(0 if self._model.rows else 1)
        self._stack.setFixedHeight(_ROW * min(2, max(1, self._model.rowCount())) + 4)

    def pick_folder(self) -> None:
        """Ask for a folder."""
        start = str(self.drive.path) if self.drive else ""
        folder = QFileDialog.getExistingDirectory(self, _("Chọn thư mục"), start)
        if folder:
            self.choose(Path(folder))

    def choose(self, folder: Path) -> None:
        """Choose a folder by hand."""
        self._picked = folder_as_drive(folder)
        known = [drive for drive in self._model.rows if not drive.chosen]
        self._model.take(sticks_first(known, self._picked))
        self._fit()
        last = self._model.index(len(self._model.rows) - 1, 0)
        self.list.setCurrentIndex(last)
        self.list.scrollTo(last)
        self.changed.emit()

    def keys(self) -> list[str]:
        """Ids of the places in the list."""
        return [str(self._model.index(row, 0).data(KEY_ROLE)) for row in range(self._model.rowCount())]

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
