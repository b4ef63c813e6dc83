"""What goes into the next package, and into how many parts it is cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ui.forms.inputs import ChoiceInput
from ui.theme import SPACE, soft
from ui.widgets.choice_row import ChoiceRow

if TYPE_CHECKING:
    from ntm_desktop.operations.packages import PlanFacts
    from ui.models.drives import Drive

MIB = 1 << 20
ROOM = MIB  # bytes that stay free on the stick besides the package
CD = 700 * MIB
LARGEST = 4_187_593_113  # bytes: 3,9 GiB, what a FAT32 stick takes as one file
_LEAST = 8 * MIB  # a smaller part is not worth a stick
_FIT = -1


class ContentChoice(QWidget):
    """``changed`` is sent when something else is to go, or in parts of another size."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: Mapping[bool, PlanFacts] = {}
        self._room = 0  # bytes of a part that fits the stick chosen last
        self.only_new = ChoiceRow(_("Chỉ phần &nơi nhận còn thiếu"))
        self.everything = ChoiceRow(_("Gửi toàn &bộ"))
        self.only_new.button.setChecked(True)
        group = QButtonGroup(self)
        for row in (self.only_new, self.everything):
            group.addButton(row.button)
        self.only_new.button.toggled.connect(lambda _on: self._tell())
        self.sizes = ChoiceInput(_("Chia gói"))
        self.sizes.addItem(_("Không chia"), 0)
        self.sizes.addItem(_("Vừa chỗ trống của USB"), _FIT)
        self.sizes.addItem(_("Mỗi phần 700 MB"), CD)
        self.sizes.addItem(_("Mỗi phần 3,9 GB"), LARGEST)
        self.sizes.currentIndexChanged.connect(lambda _index: self.changed.emit())
        label = QLabel(_("Chi&a gói"))
        label.setBuddy(self.sizes)
        self.parts = soft(QLabel())
        self.parts.setWordWrap(True)
        line = QHBoxLayout()
        line.setContentsMargins(SPACE.tiny, 0, 0, 0)
        line.setSpacing(SPACE.small)
        line.addWidget(label)
        line.addWidget(self.sizes)
        line.addWidget(self.parts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.only_new)
        column.addWidget(self.everything)
        column.addLayout(line)
        self._tell()

    @property
    def full(self) -> bool:
        """True where everything is to be sent."""
        return self.everything.button.isChecked()

    @property
    def facts(self) -> PlanFacts | None:
        """What would go now; None while that is not known."""
        return self._facts.get(self.full)

    def fit(self, drive: Drive | None) -> None:
        """The stick that parts are to fit; a folder of this computer leaves the size as it was for the stick."""
        if drive is not None and (drive.removable or not self._room):
            room = max(0, drive.free - ROOM) // MIB * MIB
            if room != self._room:
                self._room = room
                self._name_fit()

    def _name_fit(self) -> None:
        words = _("Vừa chỗ trống của USB")
        if self._room:
            words = _("{words} ({size})").format(words=words, size=wording.size_text(self._room))
        self.sizes.setItemText(self.sizes.findData(_FIT), words)

    @property
    def part_size(self) -> int | None:
        """Bytes that no part may exceed; None where the package is not to be cut."""
        chosen = int(self.sizes.currentData())
        if chosen == _FIT:
            return min(LARGEST, max(_LEAST, self._room))
        return chosen or None

    def show_facts(self, facts: Mapping[bool, PlanFacts]) -> None:
        """Say what each choice carries."""
        self._facts = facts
        self._tell(quiet=True)

    def _tell(self, quiet: bool = False) -> None:
        new, everything = self._facts.get(False), self._facts.get(True)
        self.only_new.tell(self._new_words(new) if new is not None and not self.full else "")
        words = _("{what}. Dùng khi nơi nhận bị mất dữ liệu.")
        self.everything.tell(words.format(what=_counts(everything)) if everything is not None and self.full else "")
        facts = self.facts
        shown = facts is not None and (facts.parts > 1 or self.sizes.currentData() != 0)
        self.parts.setText(_("→ {count} phần").format(count=facts.parts) if facts is not None and shown else "")
        if not quiet:
            self.changed.emit()

    def _new_words(self, facts: PlanFacts) -> str:
        if facts.known_receipt_at is not None:
            since = _("Theo biên nhận lúc {time}").format(time=wording.time_text(facts.known_receipt_at))
        else:
            since = _("Chưa có biên nhận nào của nơi nhận")
        what = _counts(facts) if facts.changes or facts.blobs else _("không có gì mới")
        if facts.receipt_due and not (facts.changes or facts.blobs):
            what = _("không có gì mới, chỉ gửi biên nhận những gì đã nhận")
        return _("{since}: {what}.").format(since=since, what=what)


def _counts(facts: PlanFacts) -> str:
    return _("{changes} thay đổi, {blobs} tệp, khoảng {size}").format(
        changes=facts.changes, blobs=facts.blobs, size=wording.size_text(facts.bytes)
    )
