"""Restoring a backup into a folder of its own: asks for the passphrase where the backup holds a computer's keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ui.dialogs.backup_passphrase import RestorePassphrase
from ui.tasks import Task
from ui.workspace import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Restoring(QObject):
    """What is in ``folder`` stays untouched: the backup is then restored beside it. ``then`` gets its new folder."""

    def __init__(self, session: Session, folder: Path, window: QWidget, then: Callable[[Path], object]) -> None:
        super().__init__(window)
        self._session = session
        self._folder = folder
        self._window = window
        self._then = then
        self.dialog: RestorePassphrase | None = None

    def start(self, file: Path) -> None:
        """Look into the backup, ask what must be asked, restore."""

        def look(_task: Task) -> bool:
            from ntm_desktop.operations import backup_file

            return backup_file.holds_keys(file)

        self._session.run_free(look, lambda keyed: self._ask(file) if keyed else self._restore(file, None))

    def _ask(self, file: Path) -> None:
        dialog = self.dialog = RestorePassphrase(file.name, self._window)
        dialog.answered.connect(lambda passphrase: self._try(file, passphrase))
        dialog.finished.connect(lambda _code: self._forget())
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    def _try(self, file: Path, passphrase: str | None) -> None:
        """See whether the passphrase fits while the dialog is open: it can be typed again."""

        def work(_task: Task) -> None:
            from ntm_desktop.operations import backup_file

            if passphrase is not None:
                backup_file.try_passphrase(file, passphrase)

        def go_on(_nothing: None) -> None:
            if self.dialog is not None:
                self.dialog.accept()
                self._restore(file, passphrase)

        self._session.run_free(work, go_on, failed=self._failed)

    def _restore(self, file: Path, passphrase: str | None) -> None:
        target = self._folder

        def work(task: Task) -> Path:
            from datetime import UTC, datetime

            from ntm_desktop.operations import safety
            from ntm_desktop.operations import workspace as room
            from ntm_desktop.wording import VIETNAM

            place = target
            if room.exists(target):
                moment = datetime.now(UTC).astimezone(VIETNAM)
                place = target.with_name(
                    _("{name} khôi phục {time}").format(name=target.name, time=f"{moment:%Y-%m-%d %H%M%S}")
                )
            safety.restore(file, place, task, passphrase).close()
            return place

        self._session.run_free(work, self._then, title=_("Đang khôi phục từ bản sao lưu"))

    def _failed(self, error: Exception) -> bool:
        """A wrong passphrase can be tried again; everything else the window says."""
        if self.dialog is not None and isinstance(error, InvalidInput):
            self.dialog.wrong(error.message)
            return True
        if self.dialog is not None:
            self.dialog.reject()
        return False
