"""Getting to know another computer by its card."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.enrol_card import EnrolCard, ShownCard
from ui.dialogs.message import ask
from ui.models.finds import file_text
from ui.widgets.banner import Mood
from ui.widgets.trusting import Trusting
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known
    from ntm_desktop.operations.identity import Card
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task
    from ui.widgets.told import Told

CARDS = ".ntmcard"


class Enrolling(QObject):
    """Shows what came of it in ``told``; ``enrolled`` is sent when another key is known, or known better."""

    enrolled = Signal(object)  # Known
    left = Signal()  # the card was looked at, and not enrolled

    def __init__(self, session: Session, told: Told, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._told = told
        self._parent = parent
        self.dialog: EnrolCard | None = None
        self.trusting = Trusting(session, told, parent)
        self.trusting.settled.connect(self.enrolled)

    def pick_card(self, start: str = "") -> None:
        """Ask for a card's file."""
        kinds = _("Thẻ của máy") + f" (*{CARDS});;" + _("Tất cả các tệp") + " (*)"
        name, _kind = QFileDialog.getOpenFileName(self._parent, _("Chọn thẻ của nơi nhận"), start, kinds)
        if name:
            self.look_at(Path(name))

    def look_at(self, path: Path) -> None:
        """Show a card and ask whether to enrol it; nothing is changed before that."""
        from ntm_desktop.operations import identity

        if self.dialog is not None:
            return

        def read(workspace: Workspace, task: Task) -> Card:
            return identity.look_at_card(workspace, path)

        self._session.run(read, partial(self._ask, path), self._refused)

    def _ask(self, path: Path, card: Card) -> None:
        shown = ShownCard(file_text(path), card.name, card.unit_name, card.role == "office", card.fingerprint)
        dialog = self.dialog = EnrolCard(shown, self._parent)
        dialog.finished.connect(self._closed)
        dialog.accepted.connect(partial(self._enrol, path))
        dialog.rejected.connect(self.left)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _enrol(self, path: Path) -> None:
        from ntm_desktop.operations import identity

        def enrol(workspace: Workspace, task: Task) -> Known:
            return identity.import_card(workspace, path)

        def told(known: Known) -> None:
            sentence = _("Đã nhập thẻ của máy «{name}» ({unit}).").format(name=known.name, unit=known.unit.full_name)
            if known.state == "confirmed":
                self._told.say(sentence, _("Máy này đã được so mã đối chiếu từ trước."), Mood.GOOD)
            else:
                hint = _("Mã đối chiếu chưa được so. Hãy gọi điện so mã khi có thể.")
                compare = (_("So mã đối chiếu…"), partial(self.trusting.compare, known))
                self._told.say(sentence, hint, Mood.GOOD, [compare])
            self.enrolled.emit(known)

        self._session.run(enrol, told, self._refused)

    def ask_offered(self, path: Path, cards: Sequence[Card], passphrase: str | None) -> None:
        """Ask whether to believe the computers whose cards travel in a package; whoever carries it cannot vouch."""
        listed = [
            _("Máy «{name}», {unit}: {digits}").format(name=card.name, unit=card.unit_name, digits=card.fingerprint)
            for card in cards
        ]
        message = _("Nhập thẻ của {count} máy kèm trong gói?").format(count=len(cards))
        hint = _(
            "Gói có phần do máy sau đây ghi mà máy này chưa biết. Chỉ nhập khi biết chắc đó là máy của đơn vị, ví dụ "
            "máy cũ đã mất; có thể so mã với phiếu giao nhận trước đây của máy đó.\n{computers}"
        ).format(computers="\n".join(listed))
        if ask(self._parent.window(), message, hint, (_("Nhập thẻ"), _("Không nhập"))) == 0:
            self.take_offered(path, passphrase)

    def take_offered(self, path: Path, passphrase: str | None) -> None:
        """Believe them."""
        from ntm_desktop.operations import identity

        def enrol(workspace: Workspace, task: Task) -> tuple[Known, ...]:
            return identity.import_offered_cards(workspace, path, passphrase)

        def told(known: tuple[Known, ...]) -> None:
            names = ", ".join(f"«{item.name}»" for item in known)
            sentence = _("Đã nhập thẻ của máy {names}.").format(names=names)
            self._told.say(sentence, _("Hãy xem lại gói rồi nhận: phần do máy đó ghi nay nhận được."), Mood.GOOD)
            for item in known:
                self.enrolled.emit(item)

        self._session.run(enrol, told, self._refused)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._told.say(error.message, error.hint, Mood.ERROR)
        return True
