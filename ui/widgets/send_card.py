"""«Gửi lên cơ quan tiếp nhận»: choose a stick, see what goes, write it, and be told that it may be taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QRadioButton, QWidget

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.theme import icon, primary, soft, tone
from ui.widgets.banner import Banner, Mood
from ui.widgets.drive_list import DriveChooser
from ui.widgets.evidence_deeds import open_in_system
from ui.widgets.steps import StepCard
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.packages import Exported, PlanFacts
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_ROOM = 1 << 20  # bytes that stay free besides the package


class SendCard(StepCard):
    """``sent`` is emitted with the package that was written."""

    sent = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("export-up", _("Gửi lên cơ quan tiếp nhận"), parent)
        self._session = session
        self._facts: dict[bool, PlanFacts] = {}
        self._task: Task | None = None
        self.drives = DriveChooser()
        self.only_new = QRadioButton()
        self.everything = QRadioButton()
        self.only_new.setChecked(True)
        group = QButtonGroup(self)
        for button in (self.only_new, self.everything):
            group.addButton(button)
            button.toggled.connect(lambda _on: self._tell_state())
        self.open_note = soft(QLabel())
        self.open_note.setWordWrap(True)
        self.open_note.setText(
            _("Gói không được mã hoá: ai có USB đều đọc được nội dung. Hãy giữ USB cẩn thận, giao tận tay.")
        )
        self.state = tone(QLabel(), "warning")
        self.state.setWordWrap(True)
        self.button = primary(QPushButton(icon("export-up", "#ffffff"), _("Gh&i gói vào nơi đã chọn")))
        self.line = TaskLine()
        self.result = Banner()
        self.step(_("Cắm USB và chọn nơi ghi gói"), self.drives)
        self.step(_("Chọn nội dung gửi"), self.only_new, self.everything, self.open_note)
        self.step(_("Ghi gói, chờ xong rồi mới rút USB"), self.state, self.button, self.line, self.result)
        self.column.addStretch(1)
        self.button.clicked.connect(self.send)
        self.drives.changed.connect(self._tell_state)
        self._show_facts()

    def first_focus(self) -> QWidget:
        """Where the road begins."""
        return self.drives.list if self.drives.drive else self.drives.folder_button

    def refresh(self) -> None:
        """Ask anew what the next package would carry."""
        from ntm_desktop.operations import packages

        def ask(workspace: Workspace, task: Task) -> dict[bool, PlanFacts]:
            return {full: packages.plan_facts(workspace, full) for full in (False, True)}

        def show(facts: dict[bool, PlanFacts]) -> None:
            self._facts = facts
            self._show_facts()

        self._session.run(ask, show, lambda error: isinstance(error, UserError))

    @property
    def full(self) -> bool:
        """True where everything is to be sent."""
        return self.everything.isChecked()

    def send(self) -> None:
        """Write the package on the worker."""
        from ntm_desktop.operations import packages

        drive, full = self.drives.drive, self.full
        if drive is None or self._task is not None:
            return

        def write(workspace: Workspace, task: Task) -> Exported:
            return packages.export(workspace, drive.path, full, task)

        self.result.clear()
        self._task = self._session.run(write, self._written, self._refused)
        self._task.title = _("Đang ghi gói")
        self._task.cancelled.connect(self._cancelled)
        self._task.finished.connect(self._finished)
        self.line.follow(self._task)
        self._tell_state()

    # --- what is told

    def _show_facts(self) -> None:
        for button, full, words in (
            (self.only_new, False, _("Chỉ phần &mới kể từ gói trước")),
            (self.everything, True, _("Gửi t&oàn bộ (khi gói trước bị mất)")),
        ):
            facts = self._facts.get(full)
            if facts is None:
                button.setText(words)
            elif not facts.changes and not facts.blobs:
                button.setText(_("{words}: không có gì mới").format(words=words))
            else:
                counts = _("{changes} thay đổi, {blobs} tệp, khoảng {size}").format(
                    changes=facts.changes, blobs=facts.blobs, size=wording.size_text(facts.bytes)
                )
                button.setText(f"{words}: {counts}")
        self._tell_state()

    def _trouble(self) -> str:
        """Why the package cannot be written now; empty where it can."""
        facts, drive = self._facts.get(self.full), self.drives.drive
        if facts is None or self._task is not None:
            return ""
        if not facts.changes and not facts.blobs:
            return _("Không có gì mới kể từ gói đã gửi lần trước. Nếu gói đó bị mất, hãy chọn «Gửi toàn bộ».")
        if drive is None:
            return _("Hãy chọn USB hoặc thư mục ở bước 1.")
        if not drive.writable:
            return _("Nơi đã chọn chỉ đọc được. Hãy mở khoá ghi của USB hoặc chọn nơi khác.")
        if drive.free < facts.bytes + _ROOM:
            return _("Không đủ chỗ: cần {need}, còn {free}. Hãy chọn USB khác hoặc dọn bớt.").format(
                need=wording.size_text(facts.bytes + _ROOM), free=wording.size_text(max(0, drive.free))
            )
        return ""

    def _tell_state(self) -> None:
        trouble = self._trouble()
        self.state.setText(trouble)
        self.state.setVisible(bool(trouble))
        self.button.setEnabled(not trouble and self._task is None and self.full in self._facts)

    def _written(self, exported: Exported) -> None:
        drive = self.drives.drive
        sentence = _("Gói {name} ({size}) đã nằm ở {folder}.").format(
            name=exported.path.name, size=wording.size_text(exported.size), folder=exported.path.parent
        )
        hint = _("Gồm {changes} thay đổi và {blobs} tệp minh chứng, đã ghi xong và đọc lại đúng.").format(
            changes=exported.changes_count, blobs=exported.blobs
        )
        if drive is not None and drive.removable:
            hint += " " + _("Có thể rút USB ra.")
        folder = exported.path.parent
        self.result.say(sentence, hint, Mood.GOOD, [(_("Mở thư mục"), lambda: open_in_system(folder))])
        self.sent.emit(exported)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self.result.say(error.message, error.hint, Mood.ERROR)
        return True

    def _cancelled(self) -> None:
        self.result.say(_("Đã huỷ. Không có gói nào được ghi, dữ liệu giữ nguyên."))

    def _finished(self) -> None:
        self._task = None
        self.drives.refresh()
        self._tell_state()
