"""What program this is."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from ntm_desktop import __version__
from ntm_desktop.i18n import _
from ui.dialogs.about import about_lines
from ui.pages.sections.section import Section, note
from ui.theme import SPACE, heading, icon, program_icon
from ui.workspace import Session


class AboutSection(Section):
    """Name, version, licence, manual."""

    key = "about"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(_("Phần mềm chạy ngay trên máy này, không cần mạng."))
        sheet = self.sheet()
        sign = QLabel()
        sign.setPixmap(program_icon().pixmap(48, 48))
        row = QHBoxLayout()
        row.setSpacing(SPACE.medium)
        row.addWidget(sign)
        row.addWidget(heading(QLabel(f"NTM Desktop {__version__}")), 1)
        sheet.addLayout(row)
        for line in about_lines(None):
            sheet.addWidget(note(line, selectable=True))
        manual = QPushButton(icon("help"), _("Mở hướng dẫn sử dụng"))
        manual.clicked.connect(lambda: session.deed_wanted.emit("help"))
        buttons = QHBoxLayout()
        buttons.addWidget(manual)
        buttons.addStretch(1)
        sheet.addLayout(buttons)
        self.end()

    def title(self) -> str:
        return _("Giới thiệu")
