"""What program this is, in which version, under which licence, and where its data lie."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ntm_desktop import __version__
from ntm_desktop.i18n import _
from ui.theme import SPACE, heading, program_icon, soft


def about_lines(folder: Path | None) -> tuple[str, ...]:
    """What the dialog and the settings page say."""
    lines = [
        _("Lập hồ sơ nông thôn mới trên máy, không cần mạng."),
        _("Phần mềm nguồn mở, giấy phép Apache 2.0. Dữ liệu của đơn vị nằm trên máy này, không gửi đi đâu."),
        _("Giao diện dùng Qt {version} (LGPL 3); biểu tượng Lucide (ISC); phông chữ Liberation và DejaVu.").format(
            version=qVersion()
        ),
        _(
            "Gói dữ liệu dùng định dạng age (pyrage, MIT), chữ ký Ed25519 (PyNaCl, Apache 2.0; libsodium, ISC) và"
            " dữ liệu phục hồi Reed-Solomon (reed-solomon-leopard, MIT)."
        ),
    ]
    if folder is not None:
        lines.append(_("Thư mục dữ liệu: {folder}").format(folder=folder))
    return tuple(lines)


class About(QDialog):
    """The dialog."""

    def __init__(self, parent: QWidget | None, folder: Path | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Giới thiệu phần mềm"))
        sign = QLabel()
        sign.setPixmap(program_icon().pixmap(64, 64))
        words = QVBoxLayout()
        words.setSpacing(SPACE.small)
        words.addWidget(heading(QLabel(f"NTM Desktop {__version__}")))
        for line in about_lines(folder):
            label = soft(QLabel(line))
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(SPACE.large)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.huge, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.large)
        column.addLayout(row)
        column.addWidget(buttons)
        self.setMinimumWidth(520)
