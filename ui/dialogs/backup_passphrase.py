"""The passphrase that closes this computer's keys in a backup: set at writing, asked for at restoring."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.text import nfc
from ui.dialogs.asking import Asking
from ui.forms.inputs import mark_wrong
from ui.theme import soft


def _secret() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def _show_box(*fields: QLineEdit) -> QCheckBox:
    box = QCheckBox(_("&Hiện mật khẩu đang gõ"))

    def show(on: bool) -> None:
        for field in fields:
            field.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    box.toggled.connect(show)
    return box


def _words(text: str) -> QLabel:
    label = soft(QLabel(text))
    label.setWordWrap(True)
    return label


class _Passphrase(Asking):
    def showEvent(self, event: QShowEvent) -> None:
        """No higher than the words need: a small screen has no room to give away."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))


class SetPassphrase(_Passphrase):
    """``passphrase`` is what was typed twice, once accepted."""

    def __init__(self, shortest: int, parent: QWidget | None = None) -> None:
        title = _("Sao lưu kèm khoá của máy này")
        super().__init__(title, title, _("&Sao lưu"), parent)
        self.setMinimumWidth(min(480, self.screen().availableSize().width() - 40))
        self._shortest = shortest
        self.leave_button.setText(_("Không sao lưu"))
        self.first, self.second = _secret(), _secret()
        hint = _("Ít nhất {count} ký tự; nên dùng bốn, năm từ dễ nhớ với mình mà người khác không đoán được.")
        self.add_field(_("&Mật khẩu"), self.first, hint.format(count=shortest))
        self.add_field(_("&Gõ lại mật khẩu"), self.second)
        self.fields.addWidget(_show_box(self.first, self.second))
        self.fields.addWidget(
            _words(
                _(
                    "Quên mật khẩu thì số liệu trong bản sao lưu vẫn khôi phục được, chỉ khoá của máy là không. Hãy cất"
                    " mật khẩu ở nơi khác với bản sao lưu."
                )
            )
        )
        self.first.setFocus()

    @property
    def passphrase(self) -> str:
        """In NFC, so that it is the same however it is typed."""
        return nfc(self.first.text())

    def problem(self) -> tuple[str, QWidget] | None:
        if len(self.passphrase.strip()) < self._shortest:
            return _("Mật khẩu cần ít nhất {count} ký tự.").format(count=self._shortest), self.first
        if self.passphrase != nfc(self.second.text()):
            return _("Hai lần gõ mật khẩu chưa giống nhau."), self.second
        return None


class RestorePassphrase(_Passphrase):
    """``answered`` is sent with the passphrase, or with None: restore without the keys. Escape restores nothing.

    It stays open until whoever asked accepts it, or says by :meth:`wrong` that the passphrase is another.
    """

    answered = Signal(object)  # str | None

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Khôi phục từ bản sao lưu"), _("Bản sao lưu này có khoá của máy"), _("&Khôi phục kèm khoá"), parent
        )
        self.setMinimumWidth(min(520, self.screen().availableSize().width() - 40))
        self.leave_button.setText(_("Không khôi phục"))
        self.field = _secret()
        words = _("&Mật khẩu của {name}").format(name=name.replace("&", "&&"))
        self.add_field(words, self.field)
        self.fields.addWidget(_show_box(self.field))
        self.fields.addWidget(
            _words(
                _(
                    "Không nhớ mật khẩu thì bỏ qua: số liệu và minh chứng vẫn khôi phục đủ. Khi đó máy có khoá mới, các"
                    " máy khác phải nhập thẻ mới của máy này, và gói đã gửi cho khoá cũ không mở được nữa."
                )
            )
        )
        self.waiting = soft(QLabel(_("Đang mở khoá, việc này mất vài giây…")))
        self.waiting.hide()
        self.fields.addWidget(self.waiting)
        self.skip_button = QPushButton(_("&Bỏ qua, không lấy khoá"))
        self.skip_button.setAutoDefault(False)
        self.skip_button.clicked.connect(lambda: self._answer(None))
        self.foot.insertWidget(self.foot.count() - 1, self.skip_button)
        self.field.setFocus()

    def problem(self) -> tuple[str, QWidget] | None:
        return None if self.field.text() else (_("Hãy gõ mật khẩu, hoặc chọn «Bỏ qua»."), self.field)

    def try_accept(self) -> None:
        """Hand over what was typed; whether it fits is known a little later."""
        if self.problem() is not None:
            super().try_accept()
            return
        self._answer(nfc(self.field.text()))

    def _answer(self, passphrase: str | None) -> None:
        self._wait(True)
        self.answered.emit(passphrase)

    def wrong(self, sentence: str) -> None:
        """It opens nothing: say so, and let the person try again."""
        self._wait(False)
        self.problem_line.setText(sentence)
        self.problem_line.show()
        mark_wrong(self.field, True)
        self.field.selectAll()
        self.field.setFocus()

    def _wait(self, on: bool) -> None:
        self.waiting.setVisible(on)
        self.problem_line.setVisible(False)
        for widget in (self.accept_button, self.skip_button, self.field):
            widget.setEnabled(not on)
