"""How a package is closed: for the receiver's key, with a passphrase, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.text import nfc
from ui.theme import SPACE, icon, link, soft, tone
from ui.widgets.choice_row import ChoiceRow

if TYPE_CHECKING:
    from ntm_desktop.operations.packages import Sealing

KEYS, PASSPHRASE, PLAIN = "keys", "passphrase", "plain"


class ClosingChoice(QWidget):
    """Where the receiver's key is known, one sentence suffices; else one of three ways must be chosen.

    ``changed`` is sent when the choice or what it still lacks is another; ``card_wanted`` when the receiver's card is
    to be read from a file.
    """

    changed = Signal()
    card_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from ntm_desktop.operations.own_keys import SHORTEST_PASSPHRASE

        self._shortest = SHORTEST_PASSPHRASE
        self._known = False
        self._unfolded = False
        self._shown = ("", False)  # for whom the choice stands
        self.asked = tone(QLabel(), "warning")
        self.asked.setWordWrap(True)
        self.asked.setTextFormat(Qt.TextFormat.PlainText)
        self.card_button = QPushButton(icon("user"), _("Nhập thẻ của cơ &quan tiếp nhận…"))
        self.card_button.clicked.connect(self.card_wanted)
        self.rows = {
            KEYS: ChoiceRow(_("Khoá cho nơi nhận &và các máy của xã (nên dùng)")),
            PASSPHRASE: ChoiceRow(_("Đặt &mật khẩu")),
            PLAIN: ChoiceRow(_("&Không mã hoá")),
        }
        self._group = QButtonGroup(self)
        for row in self.rows.values():
            self._group.addButton(row.button)
            row.button.toggled.connect(lambda _on: self._fit())
        self._make_fields()
        self.other_ways = link(QPushButton(_("Cách đóng gói khác…")))
        self.other_ways.clicked.connect(self._unfold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.asked)
        column.addWidget(self.card_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.rows[KEYS])
        column.addWidget(self.rows[PASSPHRASE])
        column.addWidget(self._fields)
        column.addWidget(self.rows[PLAIN])
        column.addWidget(self.understood)
        column.addWidget(self.other_ways, 0, Qt.AlignmentFlag.AlignLeft)
        self.rows[PASSPHRASE].tell(_("Nơi nhận phải gõ đúng mật khẩu này mới mở được gói."))
        self.rows[PLAIN].tell(_("Ai có USB đều đọc được nội dung gói."))
        self._fit()

    def _make_fields(self) -> None:
        self.first, self.second = QLineEdit(), QLineEdit()
        self.shown = QCheckBox(_("Hiện mật khẩu đang gõ"))
        self.shown.toggled.connect(self._show_typed)
        for field in (self.first, self.second):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setMaximumWidth(420)
            field.textChanged.connect(lambda _text: self.changed.emit())
        forgotten = soft(
            QLabel(
                _(
                    "Quên mật khẩu thì không ai mở lại được gói này. Hãy báo mật khẩu cho nơi nhận qua điện thoại, "
                    "không ghi lên USB hay vào tệp trên USB."
                )
            )
        )
        forgotten.setWordWrap(True)
        self.understood = QCheckBox(_("Tôi hiểu ai nhặt được &USB cũng đọc được"))
        self.understood.toggled.connect(lambda _on: self.changed.emit())
        self._fields = QWidget()
        inside = QVBoxLayout(self._fields)
        inside.setContentsMargins(SPACE.huge, 0, 0, SPACE.small)
        inside.setSpacing(SPACE.tiny)
        for words, field in (
            (_("Mật khẩu, ít nhất {count} ký tự").format(count=self._shortest), self.first),
            (_("Gõ lại mật khẩu"), self.second),
        ):
            label = QLabel(words)
            label.setBuddy(field)
            inside.addWidget(label)
            inside.addWidget(field)
        inside.addWidget(self.shown)
        inside.addWidget(forgotten)

    def show_receiver(self, receiver: str, openers: Sequence[str], unconfirmed: Sequence[str], known: bool) -> None:
        """Who will be able to open the package.

        ``openers``: names of all whose key is known; ``unconfirmed``: those whose fingerprint nobody has compared yet.
        """
        other = (receiver, known) != self._shown
        self._shown, self._known = (receiver, known), known
        words = _("Chỉ {names} mở được gói.").format(names=_(" và ").join(openers)) if known else ""
        if known and unconfirmed:
            words += " " + _("Chưa so mã đối chiếu: {names}.").format(names=", ".join(unconfirmed))
        self.rows[KEYS].tell(words)
        self.asked.setText(
            _("Máy này chưa biết khoá của {receiver}. Hãy chọn một trong ba cách:").format(receiver=receiver)
        )
        if other:
            self._choose(KEYS if known else "")
        self._fit()

    def _choose(self, kind: str) -> None:
        """Tick one of the ways, or none: then the person must choose."""
        self._unfolded = False
        self._group.setExclusive(False)
        for name, row in self.rows.items():
            row.button.setChecked(name == kind)
        self._group.setExclusive(True)

    def _unfold(self) -> None:
        self._unfolded = True
        self._fit()
        self.rows[PASSPHRASE].button.setFocus()

    def _fit(self) -> None:
        """Show what belongs to the way that is chosen, and nothing else."""
        open_ways = not self._known or self._unfolded or self.kind not in (KEYS, "")
        self.asked.setVisible(not self._known)
        self.card_button.setVisible(not self._known)
        self.rows[KEYS].setVisible(self._known)
        self.rows[PASSPHRASE].setVisible(open_ways)
        self.rows[PLAIN].setVisible(open_ways)
        self.other_ways.setVisible(not open_ways)
        self._fields.setVisible(self.kind == PASSPHRASE)
        self.understood.setVisible(self.kind == PLAIN)
        self.changed.emit()

    def _show_typed(self, on: bool) -> None:
        for field in (self.first, self.second):
            field.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    @property
    def kind(self) -> str:
        """«keys», «passphrase», «plain», or empty while none is chosen."""
        return next((name for name, row in self.rows.items() if row.button.isChecked()), "")

    def problem(self) -> str:
        """What is still lacking, in words; empty where the package can be closed so."""
        if not self.kind:
            return _("Hãy chọn cách đóng gói.")
        if self.kind == PASSPHRASE:
            typed = nfc(self.first.text())
            if len(typed.strip()) < self._shortest:
                return _("Mật khẩu cần ít nhất {count} ký tự; hiện có {now}.").format(
                    count=self._shortest, now=len(typed)
                )
            if typed != nfc(self.second.text()):
                return _("Hai lần gõ mật khẩu chưa giống nhau.")
        if self.kind == PLAIN and not self.understood.isChecked():
            return _("Hãy đánh dấu xác nhận gửi không mã hoá.")
        return ""

    def sealing(self) -> Sealing:
        """The choice as the operation takes it."""
        from ntm_desktop.operations.packages import Sealing

        return Sealing(kind=self.kind, passphrase=nfc(self.first.text()) if self.kind == PASSPHRASE else "")

    def forget(self) -> None:
        """Clear what was typed and ticked for the package that was written."""
        self.understood.setChecked(False)
        self.first.clear()
        self.second.clear()
        self.shown.setChecked(False)
