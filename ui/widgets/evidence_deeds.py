"""What a person does with evidence that is there: open, remove, say what it proves. Removing can be undone at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ui.widgets.banner import Banner, Mood
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task


def open_in_system(path: Path) -> bool:
    """Open a file or folder in the system's program; False where the system knows none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def say(banner: Banner, tone: str, sentence: str) -> None:
    """Show lines: the first strong, the others below it."""
    first, _newline, rest = sentence.partition("\n")
    banner.say(first, rest, Mood(tone))


class EvidenceDeeds(QObject):
    """Operations on evidence, with what is to be told shown in ``banner``."""

    def __init__(self, session: Session, banner: Banner, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._banner = banner
        self._offered = 0  # changes after which the offer to undo no longer means the removal; 0 for no offer
        session.changed.connect(self._forget_offer)

    def open(self, evidence: Evidence) -> None:
        """Open a copy in the system's program."""
        from ntm_desktop.operations import evidence as operations

        def copy(workspace: Workspace, task: Task) -> Path:
            return operations.openable(workspace, evidence.evidence_id)

        def show(path: Path) -> None:
            if not open_in_system(path):
                self._banner.say(
                    _("Máy này chưa có chương trình mở được tệp {name}.").format(name=path.name),
                    _("Tệp vẫn an toàn. Có thể mở thư mục chứa tệp để chép sang máy khác."),
                    Mood.WARNING,
                    [(_("Mở thư mục"), lambda: open_in_system(path.parent))],
                )

        self._session.run(copy, show, self._refused)

    def remove(self, items: Sequence[Evidence]) -> None:
        """Take pieces out of the dossier; the banner offers to take that back."""
        from ntm_desktop.operations import evidence as operations

        ids = [item.evidence_id for item in items]
        if not ids:
            return
        if len(items) == 1:
            sentence = _("Đã gỡ minh chứng «{name}».").format(name=items[0].title)
        else:
            sentence = _("Đã gỡ {count} minh chứng.").format(count=len(items))
        self._undoable(lambda workspace: operations.remove(workspace, ids), sentence)

    def unlink(self, evidence: Evidence, code: str) -> None:
        """Let a piece no longer prove an indicator."""
        from ntm_desktop.operations import evidence as operations

        evidence_id = evidence.evidence_id
        sentence = _("Đã bỏ «{name}» khỏi chỉ tiêu {code}; tệp vẫn còn trong danh sách minh chứng.")
        self._undoable(
            lambda workspace: operations.unlink(workspace, evidence_id, code),
            sentence.format(name=evidence.title, code=code),
        )

    def set_codes(self, evidence: Evidence, codes: Sequence[str]) -> None:
        """Say which indicators a piece proves."""
        from ntm_desktop.operations import evidence as operations

        evidence_id, wanted = evidence.evidence_id, tuple(codes)
        self._session.run(
            lambda workspace, task: operations.set_codes(workspace, evidence_id, wanted), None, self._refused
        )

    def link(self, items: Sequence[Evidence], code: str) -> None:
        """Let pieces prove one more indicator, one after the other."""
        from ntm_desktop.operations import evidence as operations

        for item in items:
            link = partial(self._link_one, operations.link, item.evidence_id, code)
            self._session.run(link, None, self._refused)

    @staticmethod
    def _link_one(
        link: Callable[[Workspace, str, str], Changes], evidence_id: str, code: str, workspace: Workspace, task: Task
    ) -> Changes:
        return link(workspace, evidence_id, code)

    def _undoable(self, deed: Callable[[Workspace], Changes], sentence: str) -> None:
        def offer(changes: Changes) -> None:
            self._offered = 1
            self._banner.say(sentence, mood=Mood.INFO, deeds=[(_("Hoàn tác"), self._undo)])

        self._session.run(lambda workspace, task: deed(workspace), offer, self._refused)

    def _undo(self) -> None:
        from ntm_desktop.operations import history

        self._offered = 0
        self._banner.clear()
        self._session.run(lambda workspace, task: history.undo(workspace), None, self._refused)

    def _forget_offer(self, changes: object) -> None:
        """The first change after the offer is the removal itself; after any further one, undo would mean that one."""
        if self._offered == 2:
            self._offered = 0
            self._banner.clear()
        elif self._offered == 1:
            self._offered = 2

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._banner.say(error.message, error.hint, Mood.ERROR)
        return True
