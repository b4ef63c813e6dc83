"""«Gửi biên nhận và ý kiến về xã»: the office's way back, one small package for each commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ui.models.commune_checks import CommuneChecks, return_rows
from ui.theme import SPACE, icon, primary, soft, tone
from ui.widgets.drive_list import DriveChooser
from ui.widgets.drive_watch import DriveWatch
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.steps import StepCard
from ui.widgets.task_line import TaskLine
from ui.widgets.told import Told
from ui.widgets.two_lines import fit_rows
from ui.widgets.writing import Delivery, place_trouble
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.packages import Exported
    from ntm_desktop.operations.partners import Partner
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_MOST = 6  # communes shown without scrolling
_SLIPS = 3  # slips offered one by one; of more communes the folder is enough


class ReceiptsCard(StepCard):
    """``sent`` is emitted with the packages that were written."""

    sent = Signal(object)

    def __init__(self, session: Session, watch: DriveWatch, parent: QWidget | None = None) -> None:
        super().__init__("export-up", _("Gửi biên nhận và ý kiến về xã"), parent)
        self._session = session
        self._watch = watch
        self._task: Task | None = None
        self.communes = CommuneChecks(self)
        self.drives = DriveChooser(watch)
        self.list = QListView()
        self.list.setModel(self.communes)
        self.list.setAccessibleName(_("Các xã được gửi biên nhận"))
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.none = soft(QLabel(_("Chưa nhận gói của xã nào. Khi đã nhận, biên nhận cho từng xã sẽ được ghi từ đây.")))
        self.none.setWordWrap(True)
        self.due_button = QPushButton(_("Những xã đang chờ"))
        self.every_button = QPushButton(_("Mọi xã"))
        self.no_button = QPushButton(_("Bỏ chọn"))
        self.due_button.clicked.connect(lambda: self.communes.tick(None))
        self.every_button.clicked.connect(lambda: self.communes.tick(True))
        self.no_button.clicked.connect(lambda: self.communes.tick(False))
        self._ways = QWidget()
        flow = FlowLayout(self._ways, SPACE.small)
        for button in (self.due_button, self.every_button, self.no_button):
            flow.addWidget(button)
        self.note = soft(
            QLabel(
                _(
                    "Mỗi xã một gói nhỏ: đã nhận được gì, còn thiếu tệp nào, cùng ý kiến và tình trạng hồ sơ. Chỉ máy "
                    "của xã đó mở được."
                )
            )
        )
        self.note.setWordWrap(True)
        self.state = tone(QLabel(), "warning")
        self.state.setWordWrap(True)
        self.button = primary(QPushButton(icon("export-up", "#ffffff"), _("Gh&i biên nhận")))
        self.line = TaskLine()
        self.result = Told()
        self.delivery = Delivery(session, self.result, self)
        self.step(_("Chọn các xã"), self.none, self.list, self._ways, self.note)
        self.step(_("Cắm USB và chọn nơi ghi"), self.drives)
        self.step(_("Ghi, chờ xong rồi mới rút USB"), self.state, self.button, self.line, self.result)
        self.column.addStretch(1)
        self.button.clicked.connect(self.send)
        self.communes.ticked.connect(self._tell_state)
        self.drives.changed.connect(self._tell_state)
        self.show_partners(())

    def first_focus(self) -> QWidget:
        """Where the road begins."""
        return self.list if self.communes.rows else self.drives.folder_button

    def show_partners(self, partners: tuple[Partner, ...]) -> None:
        """The communes among these."""
        rows = return_rows(partners)
        self.communes.take(rows)
        self.none.setVisible(not rows)
        for widget in (self.list, self._ways, self.note):
            widget.setVisible(bool(rows))
        fit_rows(self.list, _MOST)
        if rows and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.communes.index(0, 0))
        self._tell_state()

    def _trouble(self) -> str:
        if not self.communes.rows or self._task is not None:
            return ""
        if not self.communes.chosen:
            if any(row.due for row in self.communes.rows):
                return _("Hãy đánh dấu ít nhất một xã.")
            return _("Không có xã nào đang chờ biên nhận hay ý kiến. Muốn gửi lại cho xã nào, hãy đánh dấu xã đó.")
        return place_trouble(self.drives, 0)

    def _tell_state(self) -> None:
        trouble = self._trouble()
        self.state.setText(trouble)
        self.state.setVisible(bool(trouble))
        count = len(self.communes.chosen)
        self.button.setText(_("Gh&i biên nhận cho {count} xã").format(count=count))
        self.button.setEnabled(not trouble and count > 0 and self._task is None)

    def send(self) -> None:
        """Write the packages on the worker."""
        from ntm_desktop.operations import packages

        drive, units = self.drives.drive, self.communes.chosen
        if drive is None or not units or self._task is not None or self._trouble():
            return

        def write(workspace: Workspace, task: Task) -> tuple[Exported, ...]:
            return packages.export_receipts(workspace, drive.path, units, task)

        self.result.clear()
        self._task = self._session.run(write, self._written, self.delivery.refused)
        self._task.title = _("Đang ghi biên nhận")
        self._task.cancelled.connect(
            lambda: self.result.say(_("Đã huỷ. Gói ghi xong trước đó vẫn còn trên USB, gói đang ghi dở đã được xoá."))
        )
        self._task.finished.connect(self._finished)
        self.line.follow(self._task)
        self._tell_state()

    def _written(self, exported: tuple[Exported, ...]) -> None:
        if not exported:
            self.result.say(_("Không có xã nào cần gửi biên nhận."))
            return
        names = ", ".join(one.unit.full_name for one in exported[:5])
        if len(exported) > 5:
            names = _("{names} và {count} xã khác").format(names=names, count=len(exported) - 5)
        sentence = _("Đã ghi biên nhận cho {names} ({size}) vào {folder}.").format(
            names=names,
            size=wording.size_text(sum(one.size for one in exported)),
            folder=exported[0].path.parent,
        )
        opinions = sum(one.changes_count for one in exported)
        if opinions:
            hint = _("Kèm {count} thay đổi của cơ quan (ý kiến, tình trạng hồ sơ).").format(count=opinions)
        else:
            hint = _("Chưa có ý kiến nào kèm theo.")
        drive = self.drives.drive
        if drive is not None and drive.removable:
            hint += " " + _("Có thể rút USB ra.")
        self.communes.tick(None)
        slips = exported if len(exported) <= _SLIPS else ()
        self.delivery.tell(sentence, hint, exported[0].path.parent, slips)
        self.sent.emit(exported)
        self._session.changed.emit(exported[0].changes)
        self._session.reload()

    def _finished(self) -> None:
        self._task = None
        self._watch.refresh()
        self._tell_state()
