"""What the menus do: each asks what it must, runs one operation and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from ntm_desktop.i18n import _
from ui.dialogs.about import About
from ui.dialogs.backup_passphrase import SetPassphrase
from ui.dialogs.message import tell
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.history import Undone
    from ntm_desktop.operations.results_import import Imported
    from ntm_desktop.operations.safety import VerifyReport
    from ui.main_window import MainWindow

BACKUPS = "*.ntmbackup"


class Owner(Protocol):
    """Who owns the window: opens another folder, closes the program."""

    def open_other(self) -> None:
        """Ask for a folder and open it."""

    def restore(self) -> None:
        """Ask for a backup and open what is restored from it."""

    def leave(self) -> None:
        """Close the program."""


class Deeds:
    """The deeds of one window."""

    def __init__(self, session: Session, owner: Owner) -> None:
        self._session = session
        self._owner = owner
        self.window: MainWindow | None = None  # set by whoever makes the window

    def table(self) -> Mapping[str, Callable[[], object]]:
        """Deeds by the keys of the action table."""
        return {
            "export": lambda: self._session.go("exchange", "send"),
            "import": lambda: self._session.go("exchange", "receive"),
            "results": self.import_results,
            "print": lambda: self._session.go("dossier", "print"),
            "missing": self.print_missing,
            "open": self._owner.open_other,
            "quit": self._owner.leave,
            "undo": lambda: self._step(back=True),
            "redo": lambda: self._step(back=False),
            "conflicts": lambda: self._session.go("conflicts"),
            "backup": self.backup,
            "backup_keys": lambda: self.backup(with_keys=True),
            "restore": self._owner.restore,
            "verify": self.verify,
            "folder": self.open_folder,
            "help": self.show_help,
            "about": self.show_about,
        }

    def _step(self, back: bool) -> None:
        from ntm_desktop.operations import history

        if self.window is not None:
            self.window.save_pages()
        words = _("Đã hoàn tác: {what}") if back else _("Đã làm lại: {what}")

        def then(done: Undone) -> None:
            if self.window is not None:
                self.window.status.note(words.format(what=done.name))

        self._session.run(lambda workspace, task: (history.undo if back else history.redo)(workspace), then)

    def import_results(self) -> None:
        """Take results from a sheet, all or nothing."""
        from ntm_desktop.operations import results_import

        kinds = _("Bảng kết quả") + " (*.xlsx *.csv)"
        name, _kind = QFileDialog.getOpenFileName(self.window, _("Chọn bảng kết quả"), "", kinds)
        if not name:
            return
        assessment_id = self._session.shown_id

        def then(done: Imported) -> None:
            if self.window is not None:
                self.window.tell(_("Đã nhập {count} chỉ tiêu từ bảng.").format(count=done.rows))

        self._session.run(
            lambda workspace, task: results_import.import_file(workspace, assessment_id, Path(name)),
            then,
            title=_("Đang nhập kết quả"),
        )

    def print_missing(self) -> None:
        """Write the list of what is missing and open it, ready to print."""
        from ntm_desktop.operations import dossier

        assessment_id = self._session.shown_id
        self._session.run(
            lambda workspace, task: dossier.preview(workspace, assessment_id, "con-thieu", task),
            open_file,
            title=_("Đang lập danh sách còn thiếu"),
        )

    def backup(self, with_keys: bool = False) -> None:
        """Ask for a folder and write a backup into it; with this computer's keys, under a passphrase, where wished."""
        folder = QFileDialog.getExistingDirectory(self.window, _("Chọn nơi cất bản sao lưu (nên là USB hoặc ổ khác)"))
        if not folder:
            return
        if not with_keys:
            self._back_up(Path(folder), None)
            return
        from ntm_desktop.operations.own_keys import SHORTEST_PASSPHRASE

        dialog = SetPassphrase(SHORTEST_PASSPHRASE, self.window)
        dialog.accepted.connect(lambda: self._back_up(Path(folder), dialog.passphrase))
        dialog.open()

    def _back_up(self, folder: Path, passphrase: str | None) -> None:
        from ntm_desktop.operations import safety

        def then(made: safety.BackedUp) -> None:
            self._session.reload()
            hint = _("Nếu vừa sao lưu vào USB thì có thể rút USB ra.")
            if passphrase is not None:
                hint += " " + _("Bản này có khoá của máy: hãy cất mật khẩu ở nơi khác với bản sao lưu.")
            if made.left:
                hint = _(
                    "Không có trong bản sao lưu vì thiếu hoặc hỏng trên máy này: {names}. Hãy thêm lại tệp gốc."
                ).format(names=", ".join(made.left))
            if self.window is not None:
                self.window.tell(_("Đã sao lưu vào {file} và đã kiểm tra lại.").format(file=made.path), hint)

        self._session.run(
            lambda workspace, task: safety.backup(workspace, folder, task, passphrase), then, title=_("Đang sao lưu")
        )

    def verify(self) -> None:
        """Check everything and say what was found."""
        from ntm_desktop.operations import safety

        self._session.run(
            lambda workspace, task: safety.verify(workspace, task),
            self._tell_verified,
            title=_("Đang kiểm tra dữ liệu"),
        )

    def _tell_verified(self, report: VerifyReport) -> None:
        if self.window is None:
            return
        if report.ok:
            self.window.tell(
                _("Dữ liệu nguyên vẹn: đã đối chiếu {changes} thay đổi và {files} tệp.").format(
                    changes=report.changes, files=report.blobs
                )
            )
            return
        shown = "\n".join(report.problems)
        hint = _("Chưa có gì bị sửa. Hãy sao lưu thư mục dữ liệu rồi khôi phục từ bản sao lưu gần nhất.")
        count = len(report.problems)
        tell(self.window, _("Tìm thấy {count} chỗ không khớp.").format(count=count), hint, "warning", shown)

    def open_folder(self) -> None:
        """Show the data folder in the system's own program."""
        if self._session.info is not None:
            open_file(self._session.info.folder)

    def show_help(self) -> None:
        """The manual, at the page that is shown."""
        from ui.dialogs.help import Help

        topic = self.window.current_key if self.window is not None else ""
        Help(self.window, topic).show()

    def show_about(self) -> None:
        """What program this is."""
        About(self.window, self._session.info.folder if self._session.info else None).exec()


def open_file(path: Path) -> None:
    """Open a file or folder in the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def ask_backup(parent: MainWindow | None) -> Path | None:
    """Ask for a backup file."""
    kinds = _("Bản sao lưu của NTM Desktop") + f" ({BACKUPS})"
    name, _kind = QFileDialog.getOpenFileName(parent, _("Chọn bản sao lưu"), "", kinds)
    return Path(name) if name else None
