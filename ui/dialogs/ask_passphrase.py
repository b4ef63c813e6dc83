"""Asks for the passphrase of a package; a wrong one is said, and one may try again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.text import nfc
from ui.dialogs.asking import Asking
from ui.forms.inputs import mark_wrong
from ui.theme import soft


class AskPassphrase(Asking):
    """``typed`` is sent for every try; whoever asked answers with :meth:`wrong` or by accepting the dialog."""

    typed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Mở gói có mật khẩu"), _("Gói này được khoá bằng mật khẩu"), _("Mở &gói"), parent)
        self.setMinimumWidth(min(480, self.screen().availableSize().width() - 40))
        self.leave_button.setText(_("Không mở"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_field(
            _("&Mật khẩu của gói {name}").format(name=name.replace("&", "&&")),
            self.field,
            _("Hỏi người gửi qua điện thoại. Chữ hoa, chữ thường và dấu phải đúng như họ đã đặt."),
        )
        shown = QCheckBox(_("&Hiện mật khẩu đang gõ"))
        shown.toggled.connect(
            lambda on: self.field.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        )
        self.fields.addWidget(shown)
        self.waiting = soft(QLabel(_("Đang mở, việc này mất vài giây…")))
        self.waiting.hide()
        self.fields.addWidget(self.waiting)
        self.field.setFocus()

    def problem(self) -> tuple[str, QWidget] | None:
        return None if self.field.text() else (_("Hãy gõ mật khẩu."), self.field)

    def try_accept(self) -> None:
        """Send what was typed; the dialog stays until it is known whether it opens the package."""
        if self.problem() is not None:
            super().try_accept()
            return
        self._wait(True)
        self.typed.emit(nfc(self.field.text()))

    def wrong(self, sentence: str) -> None:
        """It did not open the package: say so, and let the person try again."""
        self._wait(False)
        self.problem_line.setText(sentence)
        self.problem_line.show()
        self._fit()
        mark_wrong(self.field, True)
        self.field.selectAll()
        self.field.setFocus()

    def _wait(self, on: bool) -> None:
        self.waiting.setVisible(on)
        self.problem_line.setVisible(False)
        self.accept_button.setEnabled(not on)
        self.field.setEnabled(not on)
        self._fit()

    def _fit(self) -> None:
        """As high as the words need now; never smaller, so that nothing jumps about."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
