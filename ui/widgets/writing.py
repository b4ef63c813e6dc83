"""What a card that writes packages tells: why it cannot, what is now where, and the slip that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.slip import Slip
from ui.models.drives import Drive
from ui.widgets.banner import Deed, Mood
from ui.widgets.closing_choice import KEYS, PASSPHRASE
from ui.widgets.content_choice import ROOM
from ui.widgets.drive_list import DriveChooser
from ui.widgets.evidence_deeds import open_in_system
from ui.widgets.told import Told
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.packages import Exported
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task


def place_trouble(drives: DriveChooser, need: int) -> str:
    """Why nothing of ``need`` bytes can be written to the chosen place; empty where it can."""
    drive = drives.drive
    if drive is None:
        if drives.lost:
            return _("USB đã chọn không còn ở đó. Hãy cắm lại, hoặc chọn nơi khác.")
        return _("Hãy chọn USB hoặc thư mục để ghi.")
    if not drive.writable:
        return _("Nơi đã chọn chỉ đọc được. Hãy mở khoá ghi của USB hoặc chọn nơi khác.")
    if need and drive.free < need + ROOM:
        return _("Không đủ chỗ: cần {need}, còn {free}.").format(
            need=wording.size_text(need + ROOM), free=wording.size_text(max(0, drive.free))
        )
    return ""


def written_sentences(exported: Exported, drive: Drive | None, closed: str) -> tuple[str, str]:
    """What is now where, and what to do with it; ``closed`` as in Sealing.kind."""
    folder = exported.path.parent
    size = wording.size_text(exported.size)
    if exported.parts > 1:
        sentence = _("{count} phần của gói ({size}) đã nằm ở {folder}.").format(
            count=exported.parts, size=size, folder=folder
        )
    else:
        sentence = _("Gói {name} ({size}) đã nằm ở {folder}.").format(name=exported.path.name, size=size, folder=folder)
    if exported.changes_count or exported.blobs:
        what = _("Gồm {changes} thay đổi và {blobs} tệp minh chứng, đã ghi xong và đọc lại đúng.")
        hints = [what.format(changes=exported.changes_count, blobs=exported.blobs)]
    else:
        hints = [_("Gói chỉ có biên nhận những gì máy này đã nhận, đã ghi xong và đọc lại đúng.")]
    if closed == KEYS:
        names = ", ".join(dict.fromkeys(exported.recipients))
        hints.append(_("Chỉ các máy này mở được: {names}.").format(names=names))
        if exported.unconfirmed:
            names = ", ".join(dict.fromkeys(exported.unconfirmed))
            hints.append(_("Chưa so mã đối chiếu của {names}.").format(names=names))
    elif closed == PASSPHRASE:
        hints.append(_("Gói mở bằng mật khẩu vừa đặt."))
    else:
        hints.append(_("Gói không mã hoá: hãy giao tận tay."))
    if drive is not None and drive.removable:
        hints.append(_("Có thể rút USB ra."))
    return sentence, "\n".join(hints)


class Delivery:
    """The end of the road: what is told about packages that were written, with the slip and the folder."""

    def __init__(self, session: Session, told: Told, parent: QWidget) -> None:
        self._session = session
        self._told = told
        self._parent = parent
        self.slip: Slip | None = None

    def tell(self, sentence: str, hint: str, folder: Path, exported: Sequence[Exported]) -> None:
        """Say it, and offer the slip of each package and the folder where they are."""
        deeds: list[Deed] = []
        for one in exported:
            words = _("In phiếu giao nhận")
            if len(exported) > 1:
                words = _("{words}: {unit}").format(words=words, unit=one.unit.full_name)
            deeds.append((words, partial(self.show_slip, one)))
        deeds.append((_("Mở thư mục"), lambda: open_in_system(folder)))
        self._told.say(sentence, hint, Mood.GOOD, deeds)
        self._told.lead_on()

    def show_slip(self, exported: Exported) -> None:
        """Make the slip and show it as it prints."""
        from ntm_desktop.operations import handover, pages_preview

        def make(workspace: Workspace, task: Task) -> tuple[Path, tuple[tuple[float, float], ...]]:
            path = handover.slip(workspace, exported, None)
            return path, pages_preview.page_sizes(path)

        def show(made: tuple[Path, tuple[tuple[float, float], ...]]) -> None:
            self.slip = Slip(self._session, *made, self._parent)
            self.slip.open()

        self._session.run(make, show, self.refused)

    def refused(self, error: Exception) -> bool:
        """A situation is told where the road ends; a bug is left to the window."""
        if not isinstance(error, UserError):
            return False
        self._told.say(error.message, error.hint, Mood.ERROR)
        return True
