"""A computer's card before it is enrolled: whose it is, and its code to compare with what its owner reads out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import SPACE, card, heading, primary, soft
from ui.widgets.fingerprint import Fingerprint
from ui.widgets.flow_layout import FlowLayout


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What is told of a card; ``file`` is the name under which it lies there."""

    file: str
    name: str
    unit_name: str
    office: bool
    fingerprint: str


class EnrolCard(QDialog):
    """Accepted: enrol it. Nothing has changed before that."""

    def __init__(self, shown: ShownCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Nhập thẻ của một máy"))
        whose = _("máy của cơ quan tiếp nhận") if shown.office else _("máy của xã")
        who = _("Máy «{name}», {unit}").format(name=shown.name, unit=shown.unit_name)
        about = _("{file}: {whose}. Chưa có gì được ghi lại cho tới khi bấm nhập.").format(file=shown.file, whose=whose)
        self.digits = Fingerprint(_("Mã đối chiếu của máy đó"))
        self.digits.show_digits(shown.fingerprint)
        frame = card(QFrame())
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        inside.setSpacing(SPACE.small)
        inside.addWidget(_words(QLabel(_("Mã đối chiếu của máy đó:"))))
        inside.addWidget(self.digits)
        how = _(
            "Ai cũng có thể ghi tên bất kỳ lên một tấm thẻ. Vì vậy sau khi nhập, hãy gọi điện cho người giữ máy đó và "
            "đọc mã cho nhau nghe: khớp cả sáu nhóm mới chắc chắn là đúng máy."
        )
        self.go = primary(QPushButton(_("&Nhập thẻ này")))
        self.go.setDefault(True)
        self.go.clicked.connect(self.accept)
        self.leave = QPushButton(_("&Không nhập"))
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        foot = QWidget()
        row = FlowLayout(foot, SPACE.small)
        row.addWidget(self.go)
        row.addWidget(self.leave)
        content = QWidget()
        content.setProperty("plain", True)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SPACE.tiny, 0)
        column.setSpacing(SPACE.medium)
        column.addWidget(_words(heading(QLabel(who), 2)))
        column.addWidget(_words(soft(QLabel(about))))
        column.addWidget(frame)
        column.addWidget(_words(soft(QLabel(how))))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        outer.setSpacing(SPACE.medium)
        outer.addWidget(area, 1)
        outer.addWidget(foot)
        room = self.screen().availableSize()
        width = min(600, room.width() - 40)
        inside_height = column.totalHeightForWidth(width - 2 * SPACE.huge) + foot.sizeHint().height()
        self.resize(width, min(inside_height + 3 * SPACE.large, room.height() - 60))
        self.go.setFocus()


def _words(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
