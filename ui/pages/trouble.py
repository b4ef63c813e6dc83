"""Where the data cannot be opened: what happened, and what to do, instead of a dead window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.errors import UserError, WorkspaceBusy, WorkspaceDamaged, WorkspaceTooNew
from ntm_desktop.i18n import N_, _
from ui.theme import COLOURS, SIZE, SPACE, card, heading, icon, picture, primary, soft

RETRY, OTHER, RESTORE, LOG, QUIT = "retry", "other", "restore", "log", "quit"


@dataclass(frozen=True, slots=True)
class _Way:
    words: str
    sign: str


_WAYS = {
    RETRY: _Way(N_("Thử lại"), "refresh"),
    OTHER: _Way(N_("Mở thư mục dữ liệu khác…"), "folder-open"),
    RESTORE: _Way(N_("Khôi phục từ bản sao lưu…"), "restore"),
    LOG: _Way(N_("Mở thư mục nhật ký lỗi"), "file"),
    QUIT: _Way(N_("Thoát"), "close"),
}


def ways_for(error: BaseException) -> Sequence[str]:
    """What can be done about it, the likeliest first."""
    if isinstance(error, WorkspaceBusy):
        return (RETRY, OTHER, QUIT)
    if isinstance(error, WorkspaceTooNew):
        return (OTHER, RETRY, QUIT)
    if isinstance(error, WorkspaceDamaged):
        return (RESTORE, OTHER, RETRY, QUIT)
    if isinstance(error, UserError):
        return (RETRY, OTHER, RESTORE, QUIT)
    return (RETRY, OTHER, RESTORE, LOG, QUIT)


class TroublePage(QWidget):
    """``chosen`` is sent with the way that the person takes."""

    chosen = Signal(str)

    def __init__(self, error: BaseException, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if isinstance(error, UserError):
            message, hint = error.message, error.hint
        else:
            message = _("Phần mềm gặp lỗi khi mở dữ liệu. Dữ liệu đã lưu vẫn nằm trong thư mục bên dưới.")
            hint = _("Hãy thử lại. Nếu vẫn lỗi, hãy gửi nhật ký lỗi cho người hỗ trợ.")
        sheet = card(QFrame())
        sheet.setMaximumWidth(SIZE.line + 80)
        sign = QLabel()
        sign.setPixmap(picture("warning", 32, self.devicePixelRatioF(), COLOURS.warning))
        self.message = heading(QLabel(message))
        self.hint = QLabel(hint)
        self.hint.setWordWrap(True)
        where = soft(QLabel(_("Thư mục dữ liệu: {folder}").format(folder=folder)))
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(SPACE.medium)
        for label in (self.message, self.hint, where):
            words.addWidget(label)
        self.buttons: dict[str, QPushButton] = {}
        for place, way in enumerate(ways_for(error)):
            button = QPushButton(
                icon(_WAYS[way].sign, COLOURS.text if place else COLOURS.on_accent), _(_WAYS[way].words)
            )
            if not place:
                primary(button)
            button.clicked.connect(lambda _checked=False, way=way: self.chosen.emit(way))
            self.buttons[way] = button
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        inside = QHBoxLayout(sheet)
        inside.setContentsMargins(SPACE.huge, SPACE.huge, SPACE.huge, SPACE.huge)
        inside.setSpacing(SPACE.large)
        inside.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(sheet, 8)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(2)

    def showEvent(self, event: object) -> None:
        next(iter(self.buttons.values())).setFocus()
