"""Whom a commune's package goes to: the receiving office, or another computer of the same commune."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.forms.inputs import ChoiceInput
from ui.theme import SPACE, icon, link, soft

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known

OFFICE = ""


class ReceiverChoice(QWidget):
    """``changed`` is sent when another receiver is chosen, ``card_wanted`` when one is to be read from a card."""

    changed = Signal()
    card_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.known: tuple[Known, ...] = ()
        self.box = ChoiceInput(_("Gửi cho"))
        self.box.addItem(icon("office"), _("Cơ quan tiếp nhận"), OFFICE)
        self.box.currentIndexChanged.connect(self._told)
        self.details = soft(QLabel())
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.card_button = link(QPushButton(icon("add"), _("Thêm bằng thẻ…")))
        self.card_button.setToolTip(_("Thêm nơi nhận bằng tệp thẻ (.ntmcard) của máy đó"))
        self.card_button.clicked.connect(self.card_wanted)
        line = QHBoxLayout()
        line.setSpacing(SPACE.tiny)
        line.addWidget(self.box, 1)
        line.addWidget(self.card_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addLayout(line)
        column.addWidget(self.details)

    def take(self, known: Sequence[Known], own_unit: str) -> None:
        """Offer the office and the other computers of the unit; what is chosen stays chosen while it is there."""
        self.known = tuple(item for item in known if item.state not in ("own", "revoked"))
        mates = [item for item in self.known if item.unit.code == own_unit and item.role == "commune"]
        before = self.key
        self.box.blockSignals(True)
        while self.box.count() > 1:
            self.box.removeItem(1)
        for item in mates:
            self.box.addItem(icon("user"), _("Máy khác của xã: {name}").format(name=item.name), item.key)
        self.box.setCurrentIndex(max(0, self.box.findData(before)))
        self.box.blockSignals(False)
        self._tell()
        if self.key != before:
            self.changed.emit()

    def _told(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        mate = self.mate
        if mate is not None:
            words = _(
                "Sau khi nhận, máy «{name}» sẽ có cùng số liệu; hai máy nhập khác nhau ở đâu thì người ở đó sẽ chọn."
            ).format(name=mate.name)
        elif self.offices:
            words = ", ".join(dict.fromkeys(item.unit.full_name for item in self.offices))
        else:
            words = ""
        self.details.setText(words)
        self.details.setVisible(bool(words))

    @property
    def key(self) -> str:
        """Key of the chosen computer; empty for the office."""
        return str(self.box.currentData())

    @property
    def mate(self) -> Known | None:
        """The chosen computer of the same commune; None for the office."""
        return next((item for item in self.known if item.key == self.key), None) if self.key else None

    @property
    def offices(self) -> tuple[Known, ...]:
        """The office's computers that are known."""
        return tuple(item for item in self.known if item.role == "office")
