"""One of several values of a field: what it is, who entered it when on which computer, and with what evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import REMOVAL
from ui.theme import SPACE, card, heading, icon, soft

if TYPE_CHECKING:
    from ntm_desktop.operations.conflicts import Conflict, Side


class SideCard(QFrame):
    """``number`` counts from 1 and is the key that chooses; the button asks for nothing before it does."""

    def __init__(self, conflict: Conflict, number: int, chosen: int | None) -> None:
        super().__init__()
        card(self)
        side = conflict.sides[number - 1]
        settled = chosen is not None
        self.value = heading(_words(side.value_text), 1)
        self.value.setAccessibleName(_("Giá trị {number}: {value}").format(number=number, value=side.value_text))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.large)
        column.setSpacing(SPACE.small)
        column.addLayout(_top(number, _standing(number, chosen), good=chosen == number - 1))
        column.addWidget(self.value)
        column.addLayout(_facts(side, proofs=not _is_removal(conflict)))
        column.addStretch(1)
        self.button = QPushButton(_button_words(conflict, side, again=settled))
        self.button.setToolTip(_("Phím {number}").format(number=number))
        self.button.setAccessibleName(f"{self.button.text()}: {side.value_text}")
        self.button.setEnabled(conflict.choosable and chosen != number - 1)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)


def _top(number: int, standing: str, *, good: bool) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE.small)
    row.addWidget(soft(QLabel(_("Giá trị {number}").format(number=number))))
    row.addStretch(1)
    if standing:
        words = QLabel(standing)
        sign = QLabel()
        sign.setPixmap(icon("met" if good else "eye", "#17692d" if good else "#52605c").pixmap(16, 16))
        row.addWidget(sign)
        row.addWidget(words if good else soft(words))
    return row


def _standing(number: int, chosen: int | None) -> str:
    if chosen is None:
        return _("đang hiện ở các trang") if number == 1 else ""
    return _("đã chọn") if chosen == number - 1 else ""


def _is_removal(conflict: Conflict) -> bool:
    """A piece of evidence was taken away here and edited there."""
    return (conflict.key[0], conflict.key[2]) == REMOVAL


def _button_words(conflict: Conflict, side: Side, *, again: bool) -> str:
    if _is_removal(conflict):
        return _("Gỡ tệp") if side.deletes else _("Giữ tệp")
    return _("Chọn lại giá trị này") if again else _("Chọn giá trị này")


def _facts(side: Side, *, proofs: bool) -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, SPACE.tiny, 0, SPACE.tiny)
    form.setHorizontalSpacing(SPACE.medium)
    form.setVerticalSpacing(SPACE.tiny)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    listed = "\n".join(f"• {name}" for name in side.evidence) or _("không có")
    for words, value in (
        (_("Người nhập"), side.user or _("(không ghi tên)")),
        (_("Lúc"), wording.time_text(side.at)),
        (_("Trên"), side.device_name),
        *([(_("Minh chứng"), listed)] if proofs else []),
    ):
        form.addRow(soft(QLabel(words)), _words(value))
    return form


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
