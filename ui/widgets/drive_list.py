"""Choose a drive or a folder: sticks first; what is chosen stays chosen, and is never exchanged for another place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.models.drives import Drive, DriveList, folder_as_drive, key_of, sticks_first
from ui.models.rows import KEY_ROLE, ROW_ROLE
from ui.theme import COLOURS, SPACE, icon
from ui.widgets.drive_watch import DriveWatch, Sight
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.two_lines import fit_rows, two_line_list

_ROW = 56  # pixels that the sentence about no stick takes at least


class DriveChooser(QWidget):
    """``changed`` is sent when another place is chosen or its free space changed."""

    changed = Signal()

    def __init__(self, watch: DriveWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self._picked: Drive | None = None
        self._wanted = ""  # key of the place that the person chose; empty before they did
        self._taking = False
        self._model = DriveList(self)
        self.list = two_line_list(_("Các ổ đĩa và USB"))
        self.list.setModel(self._model)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self._none = QLabel()
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
        self.refresh_button.clicked.connect(watch.refresh)
        watch.seen.connect(self._seen)
        buttons = QWidget()
        row = FlowLayout(buttons, SPACE.small)
        row.addWidget(self.folder_button)
        row.addWidget(self.refresh_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self._stack)
        column.addWidget(buttons)
        self._fit()

    @property
    def drive(self) -> Drive | None:
        """What is chosen."""
        found = self.list.currentIndex().data(ROW_ROLE)
        return found if isinstance(found, Drive) else None

    def _seen(self, sight: Sight) -> None:
        if self._picked is not None and self._picked.path in sight.folders:
            self._picked = sight.folders[self._picked.path]
        self.show_drives(sight.drives)

    def show_drives(self, found: tuple[Drive, ...]) -> None:
        """Show these places and the folder picked by hand.

        The chosen one stays chosen while it is there. One that was pulled out leaves no other in its stead: nothing is
        to be written where the person did not point. A stick that is the first to come is chosen by itself.
        """
        before = self.drive
        self._taking = True
        self._model.take(sticks_first(found, self._picked))
        index = self._model.find(self._wanted) if self._wanted else self._first()
        if index.isValid():
            self.list.setCurrentIndex(index)
        else:
            self.list.selectionModel().clear()
        self._taking = False
        self._fit()
        if self.drive != before:
            self.changed.emit()

    def _first(self) -> QModelIndex:
        """The first stick, else the folder picked by hand; never a drive of the computer itself."""
        rows = [number for number, drive in enumerate(self._model.rows) if drive.removable or drive.chosen]
        return self._model.index(rows[0], 0) if rows else QModelIndex()

    def _chosen(self, now: QModelIndex) -> None:
        if not self._taking and now.isValid():
            self._wanted = str(now.data(KEY_ROLE))
            self.changed.emit()

    def _fit(self) -> None:
        """As high as one or two places need."""
        self._none.setText(_("Chưa thấy USB nào. Cắm USB vào máy (danh sách tự cập nhật), hoặc chọn thư mục."))
        self._stack.setCurrentIndex(0 if self._model.rows else 1)
        if self._model.rows:
            fit_rows(self.list, 2)
        self._stack.setFixedHeight(self.list.height() if self._model.rows else self._none_height())

    def _none_height(self) -> int:
        width = max(240, self._stack.width())
        return max(_ROW, self._none.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def lost(self) -> bool:
        """True where the chosen place is not there any more."""
        return bool(self._wanted) and self.drive is None

    def pick_folder(self) -> None:
        """Ask for a folder."""
        start = str(self.drive.path) if self.drive else ""
        folder = QFileDialog.getExistingDirectory(self, _("Chọn thư mục"), start)
        if folder:
            self.choose(Path(folder))

    def choose(self, folder: Path) -> None:
        """Choose a folder by hand."""
        if self._picked is not None:
            self._watch.folders.discard(self._picked.path)
        self._picked = folder_as_drive(folder)
        self._watch.folders.add(folder)
        self._wanted = key_of(self._picked)
        self.show_drives(tuple(drive for drive in self._model.rows if not drive.chosen))
        self.list.scrollTo(self.list.currentIndex())
        self.changed.emit()

    def keys(self) -> list[str]:
        """Ids of the places in the list."""
        return [str(self._model.index(row, 0).data(KEY_ROLE)) for row in range(self._model.rowCount())]
