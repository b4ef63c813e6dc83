"""How far another computer is trusted: its code compared by two people, its key taken back, its place taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.compare_devices import Both, Compared, CompareDevices
from ui.dialogs.message import ask
from ui.widgets.banner import Mood
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task
    from ui.widgets.told import Told


class Trusting(QObject):
    """Asks, does it, and says in ``told`` what came of it. ``settled`` is sent when a computer's state is another."""

    settled = Signal(object)  # Known, as it was before

    def __init__(self, session: Session, told: Told, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._told = told
        self._parent = parent
        self.dialog: CompareDevices | None = None

    def compare(self, known: Known) -> None:
        """Show both codes, and ask whether they are the same."""
        from ntm_desktop.operations import identity

        def show(mine: str) -> None:
            dialog = self.dialog = CompareDevices(
                Both(known.name, known.unit.full_name, known.fingerprint, mine), self._parent
            )

            def done(_code: int) -> None:
                self.dialog = None
                if dialog.answer is Compared.SAME:
                    self.confirm(known)
                elif dialog.answer is Compared.DIFFERENT:
                    self._differs(known)

            dialog.finished.connect(done)
            dialog.open()

        def read(workspace: Workspace, task: Task) -> str:
            return identity.own_card(workspace).fingerprint

        self._session.run(read, show, self._refused)

    def confirm(self, known: Known) -> None:
        """Two people have compared the codes."""
        from ntm_desktop.operations import devices

        sentence = _("Đã xác nhận máy «{name}» ({unit}).").format(name=known.name, unit=known.unit.full_name)
        hint = _("Gói từ máy này được ghi là «đã xác nhận».")
        self._do(lambda workspace, task: devices.confirm(workspace, known.key), known, sentence, hint)

    def _differs(self, known: Known) -> None:
        message = _("Mã không khớp: thẻ hoặc gói đã nhận không phải của máy đang ở trong tay người ấy.")
        hint = _(
            "Có thể hai bên đọc nhầm, hoặc người ấy đã cài lại máy; cũng có thể ai đó đã đánh tráo. Hãy đọc lại một lần"
            " nữa. Nếu vẫn không khớp thì thu hồi: từ nay không nhận gói của máy «{name}» nữa, những gì đã nhận vẫn giữ"
            " để xem lại."
        ).format(name=known.name)
        if known.state == "revoked":
            self._told.say(message, _("Máy này vẫn bị thu hồi như trước."), Mood.WARNING)
            return
        buttons = (_("Đọc lại lần nữa"), _("Thu hồi máy này"), _("Để nguyên, hỏi lại sau"))
        chosen = ask(self._parent, message, hint, buttons, dangerous=1)
        if chosen == 0:
            self.compare(known)
        elif chosen == 1:
            self._revoke(known)

    def revoke(self, known: Known) -> None:
        """Explain what it means, and ask."""
        message = _("Thu hồi máy «{name}» ({unit})?").format(name=known.name, unit=known.unit.full_name)
        buttons = (_("Để nguyên như cũ"), _("Thu hồi máy này"))
        if ask(self._parent, message, revocation_words(), buttons, dangerous=1) == 1:
            self._revoke(known)

    def replace(self, old: Known, new: Known) -> None:
        """The card of a new computer is enrolled: ask whether to take back the key of the one it stands for."""
        if (new.unit.code, new.role) != (old.unit.code, old.role):
            sentence = _("Thẻ vừa nhập là của {new}, không phải của {old} nên máy «{name}» chưa bị thu hồi.")
            words = sentence.format(new=new.unit.full_name, old=old.unit.full_name, name=old.name)
            self._told.say(words, _("Hãy kiểm tra lại tệp thẻ, rồi làm lại."), Mood.WARNING)
            return
        message = _("Thu hồi máy cũ «{old}», từ nay dùng máy «{new}»?").format(old=old.name, new=new.name)
        buttons = (_("Thu hồi máy cũ"), _("Giữ cả hai máy"))
        if ask(self._parent, message, revocation_words(), buttons, dangerous=0) != 0:
            return
        sentence = _("Đã thu hồi máy cũ «{old}». Từ nay {unit} dùng máy «{new}».").format(
            old=old.name, new=new.name, unit=old.unit.full_name
        )
        hint = _("Hãy gửi một gói toàn bộ cho máy mới, và đối chiếu mã của máy mới nếu chưa làm.")
        self._revoke(old, sentence, hint)

    def _revoke(self, known: Known, sentence: str = "", hint: str = "") -> None:
        from ntm_desktop.operations import devices

        told = _("Đã thu hồi máy «{name}» ({unit}).").format(name=known.name, unit=known.unit.full_name)
        safe = _("Những gì đã nhận trước đó vẫn giữ nguyên. Nếu thu hồi nhầm, hãy so mã rồi bấm «Xác nhận…».")
        work = partial(_revoke, devices.revoke, known.key)
        self._do(work, known, sentence or told, hint or safe)

    def _do(self, work: Callable[[Workspace, Task], Changes], known: Known, sentence: str, hint: str) -> None:
        def then(_changes: Changes) -> None:
            self._told.say(sentence, hint, Mood.GOOD)
            self.settled.emit(known)

        self._session.run(work, then, self._refused)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._told.say(error.message, error.hint, Mood.ERROR)
        return True


def _revoke(revoke: Callable[[Workspace, str], Changes], key: str, workspace: Workspace, _task: Task) -> Changes:
    return revoke(workspace, key)


def revocation_words() -> str:
    """What taking back a computer's key means, before it is done."""
    return _(
        "Dùng khi máy bị mất, bị hỏng hẳn hoặc không còn của đơn vị.\n"
        "• Từ nay không nhận gói nào của máy đó nữa, kể cả khi máy khác chuyển hộ.\n"
        "• Gói gửi từ nay không khoá cho máy đó nữa nên máy đó không mở được;"
        " gói đã gửi trước đây thì máy đó vẫn mở được.\n"
        "• Những gì đã nhận trước đó vẫn giữ nguyên.\n"
        "Việc này chỉ có hiệu lực trên máy này: hãy báo cho các máy khác cùng thu hồi."
    )
