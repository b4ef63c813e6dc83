"""Two people compare two computers' codes over the telephone, group by group, and say whether they are the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import SPACE, card, danger, heading, icon, primary, soft
from ui.widgets.fingerprint import Fingerprint
from ui.widgets.flow_layout import FlowLayout


class Compared(StrEnum):
    """What came of it."""

    LATER = "later"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Both:
    """The other computer and this one: names as people say them, codes as groups of digits."""

    name: str
    unit: str
    theirs: str
    mine: str


class CompareDevices(QDialog):
    """``answer`` says what the person found; closing or Escape leaves it for later."""

    def __init__(self, both: Both, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = Compared.LATER
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Đối chiếu mã của hai máy"))
        self.theirs = Fingerprint(_("Mã đối chiếu của máy kia"))
        self.theirs.show_digits(both.theirs)
        self.mine = Fingerprint(_("Mã đối chiếu của máy này"))
        self.mine.show_digits(both.mine)
        inside = QWidget()
        inside.setProperty("plain", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE.tiny, 0)
        column.setSpacing(SPACE.medium)
        title = _("Máy «{name}», {unit}").format(name=both.name, unit=both.unit)
        column.addWidget(_words(heading(QLabel(title), 2)))
        first = _(
            "Hãy gọi điện cho người giữ máy đó (số điện thoại đã biết từ trước, không lấy từ gói hay từ thẻ). "
            "Người ấy mở Thiết lập, mục «Máy và khoá»."
        )
        column.addWidget(_words(soft(QLabel(first))))
        column.addWidget(self._step(_("1. Người ấy đọc mã của máy mình. So từng nhóm với dãy dưới đây:"), self.theirs))
        column.addWidget(self._step(_("2. Rồi đọc mã của máy này cho người ấy so, từng nhóm một:"), self.mine))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        outer.setSpacing(SPACE.medium)
        outer.addWidget(area, 1)
        question = _("Cả sáu nhóm của máy kia có khớp không?")
        outer.addWidget(_words(QLabel(question)))
        outer.addWidget(self._foot())
        room = self.screen().availableSize()
        self.resize(min(660, room.width() - 40), min(450, room.height() - 60))
        self.theirs.setFocus()

    def _step(self, words: str, digits: Fingerprint) -> QFrame:
        frame = card(QFrame())
        column = QVBoxLayout(frame)
        column.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        column.setSpacing(SPACE.small)
        column.addWidget(_words(QLabel(words)))
        column.addWidget(digits)
        return frame

    def _foot(self) -> QWidget:
        self.same_button = primary(QPushButton(icon("met", "#ffffff"), _("&Khớp cả sáu nhóm")))
        self.different_button = danger(QPushButton(icon("not-met", "#a5261b"), _("Không khớ&p…")))
        self.later_button = QPushButton(_("Để &sau"))
        box = QWidget()
        row = FlowLayout(box, SPACE.small)
        for button, answer in (
            (self.same_button, Compared.SAME),
            (self.different_button, Compared.DIFFERENT),
            (self.later_button, Compared.LATER),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, answer=answer: self._decide(answer))
            row.addWidget(button)
        return box

    def _decide(self, answer: Compared) -> None:
        self.answer = answer
        self.accept()


def _words(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
