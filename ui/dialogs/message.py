"""Small questions and messages; the buttons say what they do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.errors import details
from ui.theme import COLOURS, SPACE, danger, heading, picture, primary

_WIDE = 560
_SHORT = 4  # lines of a hint; more stand in a field that scrolls


class Message(QDialog):
    """A sentence, a second one, buttons. ``chosen`` is the place of the button pressed; -1 for Escape."""

    def __init__(
        self,
        parent: QWidget | None,
        message: str,
        hint: str = "",
        buttons: Sequence[str] = (),
        *,
        sign: str = "info",
        dangerous: int = -1,
        folded: str = "",
        lines: str = "",
    ) -> None:
        super().__init__(parent)
        self.chosen = -1
        self.setWindowTitle("NTM Desktop")
        colour = {"error": COLOURS.error, "warning": COLOURS.warning}.get(sign, COLOURS.accent)
        drawn = QLabel()
        drawn.setPixmap(picture(sign, 28, self.devicePixelRatioF(), colour))
        self.message = heading(_words(message), 2)
        self.hint = _words(hint)
        self.hint.setVisible(bool(hint))
        self.lines = QPlainTextEdit(lines)
        self.lines.setReadOnly(True)
        self.lines.setMinimumHeight(200)
        self.lines.setAccessibleName(message)
        self.lines.setVisible(bool(lines))
        words = QVBoxLayout()
        words.setSpacing(SPACE.small)
        words.addWidget(self.message)
        words.addWidget(self.lines)
        words.addWidget(self.hint)
        top = QHBoxLayout()
        top.setSpacing(SPACE.large)
        top.addWidget(drawn, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE.huge, SPACE.huge, SPACE.huge, SPACE.large)
        self._column.setSpacing(SPACE.large)
        self._column.addLayout(top)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE.small)
        if folded:
            self._add_folded(folded)
        self._row.addStretch(1)
        self.buttons: list[QPushButton] = []
        for place, name in enumerate(buttons or (_("Đóng"),)):
            self.buttons.append(self._button(place, name, dangerous))
        self._column.addLayout(self._row)
        self.buttons[0 if dangerous != 0 else -1].setFocus()
        self.setMinimumWidth(460)
        self.setMaximumWidth(720)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the words need at this width."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(self.width(), self.minimumWidth(), _WIDE)
        self.resize(width, self._column.totalHeightForWidth(width))

    def _button(self, place: int, name: str, dangerous: int) -> QPushButton:
        button = QPushButton(name)
        if place == dangerous:
            danger(button)
        elif place == 0:
            primary(button)
        button.setAutoDefault(place != dangerous)
        button.clicked.connect(lambda: self._press(place))
        self._row.addWidget(button)
        return button

    def _press(self, place: int) -> None:
        self.chosen = place
        self.accept()

    def _add_folded(self, text: str) -> None:
        box = QPlainTextEdit(text)
        box.setReadOnly(True)
        box.setMinimumHeight(160)
        box.setAccessibleName(_("Chi tiết"))
        box.hide()
        fold = QPushButton(_("Chi tiết"))
        fold.setCheckable(True)
        fold.setAutoDefault(False)
        fold.toggled.connect(box.setVisible)
        fold.toggled.connect(lambda _shown: self._fit())
        self.details = box
        self._column.addWidget(box)
        self._row.addWidget(fold)


def ask(
    parent: QWidget | None,
    message: str,
    hint: str,
    buttons: Sequence[str],
    *,
    dangerous: int = -1,
) -> int:
    """Ask and wait; the place of the button pressed, -1 for Escape. ``dangerous``: what this button does stays done."""
    dialog = Message(parent, message, hint, buttons, sign="warning", dangerous=dangerous)
    dialog.exec()
    return dialog.chosen


def tell(parent: QWidget | None, message: str, hint: str = "", sign: str = "info", lines: str = "") -> None:
    """Say something that must be read before one goes on; ``lines`` scroll."""
    Message(parent, message, hint, sign=sign, lines=lines).exec()


def situation_dialog(parent: QWidget | None, error: UserError) -> Message:
    """The person's situation, where no page can show it."""
    head, lines = split(error.message)
    return Message(parent, head, error.hint, sign="warning", lines=lines)


def split(message: str) -> tuple[str, str]:
    """A message of many lines as its first line and the rest, which scrolls."""
    head, _newline, rest = message.partition("\n")
    return (head, rest) if message.count("\n") > _SHORT else (message, "")


def bug_dialog(parent: QWidget | None, error: BaseException, log_file: Path | None) -> Message:
    """Our bug: what is safe, what to do, details folded."""
    message = _("Phần mềm gặp lỗi ngoài dự kiến. Dữ liệu đã lưu vẫn an toàn.")
    hint = _("Có thể làm tiếp. Nếu lỗi lặp lại, hãy đóng và mở lại phần mềm, rồi gửi phần «Chi tiết» cho người hỗ trợ.")
    if log_file is not None:
        hint += "\n" + _("Nhật ký lỗi: {file}").format(file=log_file)
    return Message(parent, message, hint, sign="error", folded=details(error, log_file))


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
