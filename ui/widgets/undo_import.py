"""Taking the last import back as a whole, until the next one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.message import ask
from ui.theme import SPACE, icon, soft
from ui.widgets.banner import Mood
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.told import Told
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.undoing import ImportPoint, UndoneImport
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task


class UndoImport(QWidget):
    """Says what the last import was; hidden where there is none that can be taken back. Tells in ``told``."""

    undone = Signal()

    def __init__(self, session: Session, told: Told, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._told = told
        self.point: ImportPoint | None = None
        self.words = soft(QLabel())
        self.words.setWordWrap(True)
        self.button = QPushButton(icon("undo"), _("Hoàn tác &lần nhận này…"))
        self.button.clicked.connect(self.ask_and_undo)
        box = QWidget()
        FlowLayout(box, SPACE.small).addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.words)
        column.addWidget(box)
        self.hide()

    def refresh(self) -> None:
        """Ask what the last import was."""
        from ntm_desktop.operations import undoing

        def read(workspace: Workspace, task: Task) -> ImportPoint | None:
            return undoing.last_import(workspace)

        self._session.run(read, self._show, lambda error: isinstance(error, UserError))

    def _show(self, point: ImportPoint | None) -> None:
        self.point = point
        if point is not None:
            self.words.setText(_("Lần nhận gần nhất: {what}.").format(what=_what(point)))
        self.setVisible(point is not None)

    def ask_and_undo(self) -> None:
        """Say what would happen, ask, and do it."""
        if self.point is None:
            return
        message = _("Hoàn tác lần nhận {what}?").format(what=_what(self.point))
        hint = _(
            "Mọi số liệu, ý kiến và tệp mà lần nhận đó đưa vào sẽ được lấy ra khỏi máy này. Những gì đã nhập trên máy "
            "này, kể cả sau lần nhận, vẫn giữ nguyên. Gói trên USB cũng còn nguyên, có thể nhận lại bất cứ lúc nào."
        )
        if ask(self.window(), message, hint, (_("Giữ nguyên"), _("Hoàn tác lần nhận")), dangerous=1) == 1:
            self.undo()

    def undo(self) -> None:
        """Take the last import back."""
        from ntm_desktop.operations import undoing

        def back(workspace: Workspace, task: Task) -> UndoneImport:
            return undoing.undo_import(workspace)

        self.button.setEnabled(False)
        task = self._session.run(back, self._undone, self._refused)
        task.finished.connect(lambda: self.button.setEnabled(True))

    def _undone(self, undone: UndoneImport) -> None:
        self._told.say(
            _("Đã hoàn tác lần nhận: {count} thay đổi đã được lấy ra.").format(count=undone.taken_back),
            _("Những gì nhập trên máy này vẫn giữ nguyên. Gói trên USB vẫn còn, có thể nhận lại."),
            Mood.GOOD,
        )
        self._told.lead_on()
        self._show(None)
        self.refresh()
        self.undone.emit()

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._told.say(error.message, error.hint, Mood.ERROR)
        return True


def _what(point: ImportPoint) -> str:
    return _("lúc {time}: {packages} gói, {changes} thay đổi").format(
        time=wording.time_text(point.at), packages=len(point.packages), changes=point.changes
    )
