"""«Nhận từ USB»: choose packages, see what they would bring, take them; a bad one changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.ask_passphrase import AskPassphrase
from ui.dialogs.message import ask
from ui.models.finds import file_text
from ui.models.looks import Look, LookList, look_at
from ui.models.rows import ROW_ROLE
from ui.theme import SPACE, icon, primary, soft
from ui.widgets.banner import Deed, Mood
from ui.widgets.drive_watch import DriveWatch
from ui.widgets.enrolling import Enrolling
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.found_list import FoundList
from ui.widgets.package_preview import PackagePreview
from ui.widgets.steps import StepCard
from ui.widgets.taken import taken_sentences
from ui.widgets.taking import take_all
from ui.widgets.task_line import TaskLine
from ui.widgets.told import Told
from ui.widgets.two_lines import fit_rows, two_line_list
from ui.widgets.undo_import import UndoImport
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known
    from ntm_desktop.operations.receiving import Preview, Received
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

SUFFIX = ".ntmpkg"
_MOST = 3  # looked-at packages that are shown without scrolling


class ReceiveCard(StepCard):
    """``received`` is emitted with what came of the packages."""

    received = Signal(object)
    looked = Signal()  # packages can be taken now

    def __init__(self, session: Session, watch: DriveWatch, parent: QWidget | None = None) -> None:
        super().__init__("import-down", _("Nhận từ USB"), parent)
        self._session = session
        self._watch = watch
        self._task: Task | None = None
        self._lead_on = False  # something was looked at: Enter goes on
        self._passphrase = ""  # that opened a package last: parts of one sending share theirs
        self._looks = LookList(self)
        self.found = FoundList(session, watch)
        self.file_button = QPushButton(icon("package"), _("Chọn tệ&p gói…"))
        self.folder_button = QPushButton(icon("folder-open"), _("Chọn t&hư mục…"))
        self.all_button = QPushButton(icon("eye"), "")
        self.hint = soft(QLabel())
        self.hint.setWordWrap(True)
        self.list = two_line_list(_("Các gói đang xem"))
        self.list.setModel(self._looks)
        self.drop_button = QPushButton(icon("close"), _("Không nhận gói đang chọn"))
        self.preview = PackagePreview()
        self.button = primary(QPushButton(icon("import-down", "#ffffff"), _("Nhận gói nà&y")))
        self.line = TaskLine()
        self.result = Told()
        self.undo = UndoImport(session, self.result)
        self.enrolling = Enrolling(session, self.result, self)
        self._build()
        self._connect()
        self._show_looks(())

    def _build(self) -> None:
        buttons = _row(self.all_button, self.file_button, self.folder_button)
        self._drop_row = _row(self.drop_button)
        self.step(_("Cắm USB và chọn gói"), self.found, buttons)
        self.step(_("Xem trước những gì sẽ thay đổi"), self.hint, self.list, self._drop_row, self.preview)
        self.step(_("Nhận gói"), _row(self.button), self.line, self.result, self.undo)
        self.column.addStretch(1)

    def _connect(self) -> None:
        self.file_button.clicked.connect(self.pick_files)
        self.folder_button.clicked.connect(self.pick_folder)
        self.all_button.clicked.connect(lambda: self.choose(self.found.packages))
        self.found.packages_wanted.connect(self.choose)
        self.found.card_wanted.connect(self.enrolling.look_at)
        self.found.refreshed.connect(self._enable)
        self.list.selectionModel().currentChanged.connect(lambda *_all: self._show_current())
        self.drop_button.clicked.connect(self._drop)
        self.preview.passphrase_wanted.connect(self.ask_passphrase)
        self.preview.salvage_wanted.connect(self.ask_salvage)
        self.preview.compare_wanted.connect(self._compare)
        self.preview.offered_wanted.connect(self._take_offered)
        self.enrolling.enrolled.connect(lambda _known: self._look_again())
        self.button.clicked.connect(self.receive)
        self.undo.undone.connect(self.found.visit)

    def first_focus(self) -> QWidget:
        """Where the road begins."""
        return self.found.list if self.found.list.isVisibleTo(self) else self.file_button

    def refresh(self) -> None:
        """The page is shown, or data have changed."""
        self.undo.refresh()

    # --- choosing

    def pick_files(self) -> None:
        """Ask for package files."""
        kinds = _("Gói đồng bộ") + f" (*{SUFFIX});;" + _("Tất cả các tệp") + " (*)"
        names, _kind = QFileDialog.getOpenFileNames(self, _("Chọn gói để nhận"), self.found.start, kinds)
        if names:
            self.choose([Path(name) for name in names])

    def pick_folder(self) -> None:
        """Ask for a folder with packages."""
        folder = QFileDialog.getExistingDirectory(self, _("Chọn thư mục hoặc USB có gói"), self.found.start)
        if folder:
            self.choose([Path(folder)])

    def choose(self, places: Sequence[Path]) -> None:
        """Inspect these files, or all packages in these folders; nothing is changed."""
        from ntm_desktop.operations import receiving

        if self._task is not None or not places:
            return
        self.result.clear()
        known = (self._passphrase,) if self._passphrase else ()

        def look(workspace: Workspace, task: Task) -> list[Look]:
            return [look_at(workspace, path, task, known) for path in receiving.package_files(list(places))]

        def show(looks: list[Look]) -> None:
            self._show_looks(looks)
            if not looks:
                words = _("Không thấy gói nào ở đó (tệp có đuôi {suffix}).").format(suffix=SUFFIX)
                self.result.say(words, mood=Mood.WARNING)
            elif len(looks) == 1 and looks[0].locked:
                self.ask_passphrase(looks[0])

        self._follow(self._session.run(look, show, self._refused), _("Đang xem gói"))

    def _look_again(self) -> None:
        """What is known of a sender has changed."""
        looks = list(self._looks.rows)
        if looks and self._task is None:

            def look(workspace: Workspace, task: Task) -> list[Look]:
                return [
                    look_at(workspace, old.path, task, [old.passphrase] if old.passphrase else [], old.salvage)
                    for old in looks
                ]

            self._follow(self._session.run(look, self._show_looks, self._refused), _("Đang xem gói"))

    def _replace(self, look: Look) -> None:
        self._show_looks([look if old.path == look.path else old for old in self._looks.rows])

    def _show_looks(self, looks: Sequence[Look]) -> None:
        self._looks.take(list(looks))
        several = len(looks) > 1
        self.list.setVisible(several)
        self._drop_row.setVisible(several)
        fit_rows(self.list, _MOST)
        if looks and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._looks.index(0, 0))
        if not looks:
            self.hint.setText(_("Chưa chọn gói. Gói được xem trước, chưa có gì thay đổi cho tới khi bấm nhận."))
        elif several:
            good = sum(look.preview is not None for look in looks)
            self.hint.setText(_("{good} trong {count} gói nhận được.").format(good=good, count=len(looks)))
        self.hint.setVisible(len(looks) != 1)
        self._show_current()
        self._enable()
        self._lead_on = bool(self._good)

    def _show_current(self) -> None:
        found = self.list.currentIndex().data(ROW_ROLE) if self._looks.rows else None
        self.preview.show_look(found if isinstance(found, Look) else None)

    def _drop(self) -> None:
        current = self.list.currentIndex().data(ROW_ROLE)
        self._show_looks([look for look in self._looks.rows if look != current])

    @property
    def looks(self) -> list[Look]:
        """The packages that were looked at."""
        return list(self._looks.rows)

    @property
    def _good(self) -> list[Look]:
        return [look for look in self._looks.rows if look.preview is not None]

    # --- locked and damaged ones

    def ask_passphrase(self, look: Look) -> AskPassphrase:
        """Ask for the passphrase of a package, again and again until it opens or the person gives up."""
        dialog = AskPassphrase(file_text(look.path), self)
        gone: list[int] = []
        dialog.finished.connect(gone.append)

        def opened(found: list[Look]) -> None:
            mine = next(one for one in found if one.path == look.path)
            if gone:  # given up meanwhile
                return
            if mine.locked:
                dialog.wrong(_("Mật khẩu chưa đúng. Hãy kiểm tra phím CapsLock và bộ gõ tiếng Việt rồi gõ lại."))
                return
            dialog.accept()
            self._passphrase = mine.passphrase or ""
            by_path = {one.path: one for one in found}
            self._show_looks([by_path.get(old.path, old) for old in self._looks.rows])

        def attempt(typed: str) -> None:
            locked = [old.path for old in self._looks.rows if old.locked]

            def work(workspace: Workspace, task: Task) -> list[Look]:
                first = look_at(workspace, look.path, task, (typed,))
                if first.locked:
                    return [first]
                return [first, *(look_at(workspace, path, task, (typed,)) for path in locked if path != look.path)]

            def failed(error: Exception) -> bool:
                if not gone:
                    dialog.reject()
                return self._refused(error)

            self._session.run(work, opened, failed)

        dialog.typed.connect(attempt)
        dialog.open()
        return dialog

    def ask_salvage(self, look: Look) -> None:
        """Name what is damaged, ask, and look at the rest."""
        error = look.error
        names = "\n".join(getattr(error, "files", ()))
        question = _("Nhận phần còn nguyên vẹn của gói {name}?").format(name=file_text(look.path))
        hint = _(
            "Số liệu và các tệp còn nguyên sẽ được nhận. Các tệp hỏng sau đây bị bỏ lại, phần mềm sẽ đề nghị nơi gửi "
            "gửi lại đúng các tệp đó:\n{names}"
        ).format(names=names or _("(chưa rõ tên)"))
        answers = (_("Xem phần còn nguyên vẹn"), _("Để nguyên"))
        if ask(self.window(), question, hint, answers) == 0:
            self.salvage(look)

    def salvage(self, look: Look) -> None:
        """Look at what is whole of a damaged package."""
        if self._task is not None:
            return
        known = [look.passphrase or self._passphrase] if look.passphrase or self._passphrase else []

        def work(workspace: Workspace, task: Task) -> Look:
            return look_at(workspace, look.path, task, known, salvage=True)

        self._follow(self._session.run(work, self._replace, self._refused), _("Đang xem gói"))

    def _compare(self, preview: Preview) -> None:
        from ntm_desktop.operations import devices

        def find(workspace: Workspace, task: Task) -> Known:
            return devices.find(workspace, preview.sender_key)

        self._session.run(find, self.enrolling.trusting.compare, self._refused)

    def _take_offered(self, look: Look) -> None:
        if look.preview is not None:
            self.enrolling.ask_offered(look.path, look.preview.offered, look.passphrase)

    # --- taking

    def receive(self) -> None:
        """Import what was looked at."""
        looks = self._good
        if not looks or self._task is not None:
            return
        self.result.clear()

        def take(workspace: Workspace, task: Task) -> Received:
            return take_all(workspace, looks, task)

        task = self._session.run(take, lambda received: self._taken(received, looks), self._refused)
        task.cancelled.connect(self._cancelled)
        self._follow(task, _("Đang nhận gói"))

    def _taken(self, received: Received, looks: Sequence[Look]) -> None:
        self._show_looks(())
        sentence, hint, mood = taken_sentences(received)
        deeds: list[Deed] = []
        taken = {outcome.path: outcome for outcome in received.outcomes if outcome.error is None}
        if any(outcome.conflicts for outcome in taken.values()):
            deeds.append((_("Xem chỗ nhập khác nhau"), lambda: self._session.go("conflicts")))
        strangers = {
            look.preview.sender_key: look.preview
            for look in looks
            if look.preview is not None and look.path in taken and taken[look.path].new_sender
        }
        for preview in strangers.values():
            words = _("So mã đối chiếu của {name}…").format(name=preview.sender.replace("&", "&&"))
            deeds.append((words, partial(self._compare, preview)))
        self.result.say(sentence, hint, mood, deeds)
        self.result.lead_on()
        self.undo.refresh()
        self.found.visit()
        self.received.emit(received)

    def _follow(self, task: Task, title: str) -> None:
        task.title = title
        self._task = task
        task.finished.connect(self._finished)
        self.line.follow(task)
        self._enable()

    def _finished(self) -> None:
        self._task = None
        self._enable()
        if self._lead_on:
            self._lead_on = False
            self.button.setFocus()
            self.looked.emit()

    def _enable(self) -> None:
        idle = self._task is None
        count = len(self._good)
        self.button.setEnabled(idle and count > 0)
        self.button.setText(_("Nhận {count} gói nà&y").format(count=count) if count > 1 else _("Nhận gói nà&y"))
        fresh = len(self.found.packages)
        self.all_button.setText(_("Xem t&rước cả {count} gói").format(count=fresh))
        self.all_button.setVisible(fresh > 1)
        for button in (self.file_button, self.folder_button, self.all_button, self.drop_button):
            button.setEnabled(idle)
        self.preview.setEnabled(idle)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self.result.say(error.message, error.hint, Mood.ERROR)
        return True

    def _cancelled(self) -> None:
        self.result.say(_("Đã huỷ. Gói chưa nhận xong không làm thay đổi gì."))
        self.undo.refresh()
        self._session.reload()


def _row(*widgets: QWidget) -> QWidget:
    box = QWidget()
    flow = FlowLayout(box, SPACE.small)
    for widget in widgets:
        flow.addWidget(widget)
    return box
