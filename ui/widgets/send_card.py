"""«Gửi lên cơ quan tiếp nhận»: whom it goes to, where, what, how it is closed; written, and told where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.theme import icon, primary, tone
from ui.widgets.closing_choice import ClosingChoice
from ui.widgets.content_choice import ContentChoice
from ui.widgets.drive_list import DriveChooser
from ui.widgets.drive_watch import DriveWatch
from ui.widgets.enrolling import Enrolling
from ui.widgets.receiver_choice import ReceiverChoice
from ui.widgets.steps import StepCard
from ui.widgets.task_line import TaskLine
from ui.widgets.told import Told
from ui.widgets.writing import Delivery, place_trouble, written_sentences
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known
    from ntm_desktop.operations.packages import Exported, PlanFacts
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_PAUSE = 150  # milliseconds of quiet before it is asked anew what would go


class SendCard(StepCard):
    """``sent`` is emitted with the package that was written."""

    sent = Signal(object)

    def __init__(self, session: Session, watch: DriveWatch, parent: QWidget | None = None) -> None:
        super().__init__("export-up", _("Gửi lên cơ quan tiếp nhận"), parent)
        self._session = session
        self._watch = watch
        self._task: Task | None = None
        self._asking = self._ask_again = False
        self._refusal = ""  # why it cannot be said what would go
        self.receiver = ReceiverChoice()
        self.drives = DriveChooser(watch)
        self.content = ContentChoice()
        self.closing = ClosingChoice()
        self.state = tone(QLabel(), "warning")
        self.state.setWordWrap(True)
        self.button = primary(QPushButton(icon("export-up", "#ffffff"), _("Gh&i gói vào nơi đã chọn")))
        self.line = TaskLine()
        self.result = Told()
        self.enrolling = Enrolling(session, self.result, self)
        self.delivery = Delivery(session, self.result, self)
        self.step(_("Chọn nơi nhận"), self.receiver)
        self.step(_("Cắm USB và chọn nơi ghi gói"), self.drives)
        self.step(_("Chọn nội dung gửi"), self.content)
        self.step(_("Chọn ai mở được gói"), self.closing)
        self.step(_("Ghi gói, chờ xong rồi mới rút USB"), self.state, self.button, self.line, self.result)
        self.column.addStretch(1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._ask_facts)
        self._connect()
        self._tell_state()

    def _connect(self) -> None:
        self.button.clicked.connect(self.send)
        self.receiver.changed.connect(self._later.start)
        for wanted in (self.receiver.card_wanted, self.closing.card_wanted):
            wanted.connect(self._pick_card)
        self.drives.changed.connect(self._place_changed)
        self.content.changed.connect(self._content_changed)
        self.closing.changed.connect(self._tell_state)

    def first_focus(self) -> QWidget:
        """Where the road begins."""
        return self.receiver.box

    def _pick_card(self) -> None:
        drive = self.drives.drive
        self.enrolling.pick_card(str(drive.path) if drive else "")

    # --- what would go

    def refresh(self) -> None:
        """Ask anew who is known and what the next package would carry."""
        from ntm_desktop.operations import devices

        def ask(workspace: Workspace, task: Task) -> tuple[Known, ...]:
            return devices.known(workspace)

        def show(known: tuple[Known, ...]) -> None:
            unit = self._session.info.unit.code if self._session.info is not None else ""
            self.receiver.take(known, unit)
            self._ask_facts()

        self._session.run(ask, show, lambda error: isinstance(error, UserError))

    def _ask_facts(self) -> None:
        from ntm_desktop.operations import devices, packages

        if self._asking:
            self._ask_again = True
            return
        self._asking, self._ask_again = True, False
        key, size = self.receiver.key, self.content.part_size

        def ask(workspace: Workspace, task: Task) -> dict[bool, PlanFacts]:
            to = devices.card_of(workspace, key) if key else None
            return {full: packages.plan_facts(workspace, full, to=to, part_size=size) for full in (False, True)}

        task = self._session.run(ask, self._show_facts, self._no_facts)
        task.finished.connect(self._asked)

    def _asked(self) -> None:
        self._asking = False
        if self._ask_again:
            self._ask_facts()

    def _show_facts(self, facts: dict[bool, PlanFacts]) -> None:
        self._refusal = ""
        self.content.show_facts(facts)
        one = facts[False]
        mate = self.receiver.mate
        others = [known for known in one.recipients if known.state != "own"]
        reached = [known for known in others if (known.role == "office" if mate is None else known.key == mate.key)]
        names = list(dict.fromkeys(known.name if mate else known.unit.full_name for known in reached))
        openers = [*names, _("các máy của xã")]
        unconfirmed = [known.name for known in reached if known.state == "seen"]
        self.closing.show_receiver(one.receiver, openers, unconfirmed, bool(reached))
        self._tell_state()

    def _no_facts(self, error: Exception) -> bool:
        """Nothing can be planned so: a part too small for a file, evidence that is lost."""
        if not isinstance(error, UserError):
            return False
        self._refusal = str(error)
        self.content.show_facts({})
        self._tell_state()
        return True

    def _place_changed(self) -> None:
        before = self.content.part_size
        self.content.fit(self.drives.drive)
        if self.content.part_size != before:
            self._later.start()
        self._tell_state()

    def _content_changed(self) -> None:
        self._later.start()
        self._tell_state()

    # --- writing

    def send(self) -> None:
        """Write the package on the worker."""
        from ntm_desktop.operations import devices, packages

        drive = self.drives.drive
        if drive is None or self._task is not None or self._trouble():
            return
        full, size, key, sealing = self.content.full, self.content.part_size, self.receiver.key, self.closing.sealing()

        def write(workspace: Workspace, task: Task) -> Exported:
            to = devices.card_of(workspace, key) if key else None
            return packages.export(workspace, drive.path, full, task, sealing=sealing, to=to, part_size=size)

        self.result.clear()
        self._task = self._session.run(
            write, lambda exported: self._written(exported, sealing.kind), self.delivery.refused
        )
        self._task.title = _("Đang ghi gói")
        self._task.cancelled.connect(self._cancelled)
        self._task.finished.connect(self._finished)
        self.line.follow(self._task)
        self._tell_state()

    def _trouble(self) -> str:
        """Why the package cannot be written now; empty where it can."""
        facts = self.content.facts
        if facts is None or self._task is not None:
            return self._refusal
        if not facts.changes and not facts.blobs and not facts.receipt_due:
            return _("Nơi nhận đã có mọi thứ. Nếu gói gửi trước bị mất, hãy chọn «Gửi toàn bộ».")
        trouble = place_trouble(self.drives, facts.bytes)
        if trouble and self.drives.drive is not None and self.drives.drive.free < facts.bytes:
            trouble = self._room_trouble(trouble)
        return trouble or self.closing.problem()

    def _room_trouble(self, trouble: str) -> str:
        size = self.content.part_size
        if size is None:
            return _("{trouble} Hãy chọn USB khác, hoặc chọn «Vừa chỗ trống của USB» ở mục chia gói.").format(
                trouble=trouble
            )
        return _(
            "{trouble} Mỗi phần {size} thì vừa USB này, nhưng không phải tất cả cùng lúc: hãy bấm «Chọn thư mục…» để "
            "ghi các phần vào máy, rồi chép từng phần sang USB. Phần nào tới trước cũng nhận được ngay."
        ).format(trouble=trouble, size=wording.size_text(size))

    def _tell_state(self) -> None:
        trouble = self._trouble()
        self.state.setText(trouble)
        self.state.setVisible(bool(trouble))
        self.button.setEnabled(not trouble and self._task is None and self.content.facts is not None)

    def _written(self, exported: Exported, closed: str) -> None:
        self.closing.forget()
        sentences = written_sentences(exported, self.drives.drive, closed)
        self.delivery.tell(*sentences, exported.path.parent, [exported])
        self.sent.emit(exported)

    def _cancelled(self) -> None:
        self.result.say(_("Đã huỷ. Không có gói nào được ghi, dữ liệu giữ nguyên."))

    def _finished(self) -> None:
        self._task = None
        self._watch.refresh()
        self._tell_state()
