"""Puts the program together: worker, session, window; opens a workspace, changes to another, closes without loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFileDialog

from ntm_desktop import i18n, log
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.settings import LANGUAGE, WORKSPACE, Settings
from ui.deeds import Deeds, ask_backup, open_file
from ui.dialogs.message import ask, bug_dialog, situation_dialog, split
from ui.errors import Failures
from ui.main_window import MainWindow
from ui.restoring import Restoring
from ui.tasks import Task, Worker
from ui.texts import QtWords
from ui.widgets.composing import FieldKeys
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace, WorkspaceInfo

_POLL = 20  # milliseconds


class Desk(QObject):
    """The program while it runs.

    ``home`` is the folder of the person's own data; ``keeps_choice``: another folder, once chosen, is opened again at
    the next start.
    """

    closed = Signal()  # everything is saved and put away

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        machine: Settings,
        *,
        home: Path,
        page: str = "",
        keeps_choice: bool = True,
    ) -> None:
        super().__init__()
        self._app = app
        self._machine = machine
        self._keeps_choice = keeps_choice
        self._page = page or machine.text("page")
        self._words = QtWords(self)
        self._talking = False  # a dialog about a failure is open
        self._waiting = False  # for the worker, before closing or changing
        self._failed = False  # something failed while waiting
        self._home = home
        self.folder = folder
        self.log_file = log.start(folder)
        self.failures = Failures()
        self.failures.situation.connect(self._tell_situation)
        self.failures.bug.connect(self._tell_bug)
        self.worker = Worker()
        self._keys = FieldKeys(app, self)
        self.session = Session(self.worker)
        self.window = self._new_window()

    def _new_window(self) -> MainWindow:
        self._use_language()
        deeds = Deeds(self.session, self)
        window = MainWindow(self.session, self._machine, deeds.table())
        deeds.window = window
        window.leaving.connect(self.leave)
        self.session.failure.connect(self.failures.report)
        self.session.language_wanted.connect(self.change_language)
        self.session.folder_wanted.connect(self.change_folder)
        self.session.restore_wanted.connect(self.restore)
        return window

    def _use_language(self) -> None:
        i18n.use_language(self._machine.language)
        self._app.removeTranslator(self._words)
        if i18n.language() == i18n.DEFAULT_LANGUAGE:
            self._app.installTranslator(self._words)

    def show(self) -> None:
        """Show the window; the data are opened after its first painting, so that it is there at once."""
        self.window.painted.connect(self.open)
        self.window.show()

    # --- opening

    def open(self) -> None:
        """Open the folder's workspace, or ask who works here."""
        folder = self.folder
        self.window.show_busy()

        def work(task: Task) -> tuple[Workspace, WorkspaceInfo] | None:
            from ntm_desktop.operations import workspace as room

            if not room.exists(folder):
                return None
            opened = room.open_workspace(folder)
            try:
                return opened, opened.info()
            except BaseException:
                opened.close()
                raise

        self.session.run_free(work, self._opened, failed=self._not_opened)

    def _opened(self, found: tuple[Workspace, WorkspaceInfo] | None) -> None:
        if found is None:
            self._show_first_run()
        else:
            self.adopt(*found)

    def adopt(self, workspace: Workspace, info: WorkspaceInfo) -> None:
        """Show an opened workspace."""
        self.session.adopt(workspace, info)
        if workspace.folder != self.folder:
            self.folder = workspace.folder
            self.log_file = log.start(self.folder)
        self.session.reload(lambda _assessed: self.window.show_workspace(self._page), self._not_opened)

    def _not_opened(self, error: Exception) -> bool:
        if isinstance(error, UserError):
            log.situation(error)
        else:
            log.bug(error, "opening")
        from ui.pages.trouble import TroublePage

        self.session.close()
        screen = TroublePage(error, self.folder)
        screen.chosen.connect(self._take_way)
        self.window.show_screen(screen)
        return True

    def _take_way(self, way: str) -> None:
        ways = {
            "retry": self.open,
            "other": self.open_other,
            "restore": self.restore,
            "log": lambda: open_file(self.log_file.parent),
            "quit": self.leave,
        }
        ways[way]()

    def _show_first_run(self) -> None:
        from ui.pages.first_run import FirstRunPage

        screen = FirstRunPage(self.session, self.folder)
        screen.made.connect(self.adopt)
        screen.other_wanted.connect(self.open_other)
        screen.restore_wanted.connect(self.restore)
        screen.folder_wanted.connect(self.change_folder)
        self.window.show_screen(screen)
        screen.first_focus().setFocus()

    # --- another folder, another language

    def open_other(self) -> None:
        """Ask for a folder and open it."""
        name = QFileDialog.getExistingDirectory(self.window, _("Chọn thư mục dữ liệu"), str(self.folder.parent))
        if name:
            self.change_folder(Path(name))

    def change_folder(self, folder: Path | None, keep: bool = True) -> None:
        """Close this workspace and open another folder's; None is the person's own data folder."""
        wanted = folder if folder is not None else self._home
        self._when_saved(lambda: self._move_to(wanted, keep))

    def _move_to(self, folder: Path, keep: bool) -> None:
        self.session.close()
        self.folder = folder
        self.log_file = log.start(folder)
        if self._keeps_choice and keep:
            self._machine.put(WORKSPACE, None if folder == self._home else str(folder))
        self._page = ""
        self._replace_window()
        self.open()

    def change_language(self, language: str) -> None:
        """Build the window anew in another language; the workspace stays open."""

        def again() -> None:
            self._machine.put(LANGUAGE, language)
            self._page = self.window.current_key
            place = self.window.page(self._page).place() if self._page else ""
            before = self.session
            self._replace_window()
            before.hand_over(self.session)
            self.window.show_workspace(self._page)
            if place:
                self.window.go(self._page, place)

        self._when_saved(again)

    def _replace_window(self) -> None:
        old, self.session = self.window, Session(self.worker)
        old.remember()
        self.window = self._new_window()
        self.window.show()
        old.let_go()
        old.deleteLater()

    def restore(self) -> None:
        """Ask for a backup and open what is restored from it; what is there stays untouched."""
        file = ask_backup(self.window)
        if file is None:
            return
        Restoring(self.session, self.folder, self.window, self._restored).start(file)

    def _restored(self, place: Path) -> None:
        if place == self.folder:
            self.open()
        else:
            self.change_folder(place)

    # --- leaving

    def leave(self) -> None:
        """Close the program once everything is saved; long work is asked about first."""
        self._when_saved(self._close)

    def _when_saved(self, then: Callable[[], object]) -> None:
        """Save, let the worker finish, then go on; not where the person would rather wait, or where saving failed."""
        if self._waiting:
            return
        titled = self.worker.titled
        if titled and not self._agrees(titled):
            return
        for task in titled:
            task.cancel()
        self._waiting, self._failed = True, False
        self.window.save_pages()
        timer = QTimer(self)

        def look() -> None:
            if self.worker.busy:
                return
            timer.stop()
            timer.deleteLater()
            self._waiting = False
            if not self._failed:
                then()

        timer.timeout.connect(look)
        timer.start(_POLL)

    def _agrees(self, tasks: list[Task]) -> bool:
        names = "; ".join(task.title for task in tasks)
        hint = _("Nếu dừng bây giờ, việc này được huỷ và dữ liệu vẫn như trước khi bắt đầu.")
        buttons = (_("Chờ làm xong"), _("Dừng việc này"))
        return ask(self.window, _("Máy đang làm: {what}").format(what=names), hint, buttons, dangerous=1) == 1

    def _close(self) -> None:
        self.window.remember()
        self.session.close()
        self.worker.stop()
        self.window.let_go()
        self.failures.remove()
        log.logger.info("closed")
        log.stop()
        self.closed.emit()

    # --- failures

    def _tell_situation(self, error: UserError) -> None:
        self._failed = True
        if self.window.current_key and not split(error.message)[1]:
            self.window.tell_situation(error)
        else:
            self._talk(situation_dialog(self.window, error))

    def _tell_bug(self, error: Exception) -> None:
        self._failed = True
        self._talk(bug_dialog(self.window, error, self.log_file))

    def _talk(self, dialog: Any) -> None:
        """One dialog at a time: what fails while it is open stands in the log."""
        if self._talking:
            dialog.deleteLater()
            return
        self._talking = True
        try:
            dialog.exec()
        finally:
            self._talking = False
