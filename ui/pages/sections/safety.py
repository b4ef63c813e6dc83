"""Backup, restoring, checking, and where the data lie."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ui.pages.sections.section import Section, note
from ui.theme import SPACE, icon, primary
from ui.widgets.flow_layout import FlowLayout
from ui.workspace import Session


class SafetySection(Section):
    """One card for each deed; the window shows progress and Cancel."""

    key = "safety"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(
            _("Bản sao lưu gồm toàn bộ số liệu và minh chứng trong một tệp, được đọc lại để kiểm tra sau khi ghi.")
        )
        self.last = note("")
        self._rows: dict[str, FlowLayout] = {}
        self.buttons: dict[str, QPushButton] = {}
        backup = self._deed(
            _("Sao lưu"),
            _("Nên cất bản sao lưu ở USB hoặc ổ đĩa khác, mỗi tuần một lần."),
            "backup",
            "backup",
            _("Sao lưu…"),
        )
        self.with_keys = QCheckBox(_("Kèm khoá của máy này (đặt mật khẩu)"))
        backup.insertWidget(2, self.last)
        backup.insertWidget(3, self.with_keys)
        backup.insertWidget(
            4,
            note(
                _(
                    "Có khoá thì máy khôi phục từ bản này mở được các gói gửi cho máy này, và các máy khác vẫn nhận"
                    " ra nó. Không có khoá thì số liệu vẫn đủ, nhưng các máy khác phải nhập thẻ mới."
                )
            ),
        )
        self.buttons["backup"].clicked.disconnect()
        self.buttons["backup"].clicked.connect(
            lambda: session.deed_wanted.emit("backup_keys" if self.with_keys.isChecked() else "backup")
        )
        primary(self.buttons["backup"])
        self.buttons["backup"].setIcon(icon("backup", "#ffffff"))
        self._deed(
            _("Khôi phục"),
            _("Mở lại dữ liệu từ một bản sao lưu. Dữ liệu đang có không bị ghi đè: bản khôi phục nằm ở thư mục riêng."),
            "restore",
            "restore",
            _("Khôi phục từ bản sao lưu…"),
        )
        self._deed(
            _("Kiểm tra"),
            _("Đối chiếu số liệu với nhật ký thay đổi và kiểm tra từng tệp minh chứng."),
            "verify",
            "verify",
            _("Kiểm tra dữ liệu"),
        )
        self.folder = self._deed(_("Thư mục dữ liệu"), "", "folder", "folder-open", _("Mở thư mục dữ liệu trên máy"))
        self.where = note("", selectable=True)
        self.folder.insertWidget(1, self.where)
        other = QPushButton(icon("folder-open"), _("Dùng thư mục dữ liệu khác…"))
        other.clicked.connect(lambda: session.deed_wanted.emit("open"))
        self._rows["folder"].addWidget(other)
        self.end()
        session.assessed_changed.connect(lambda _assessed: self.activate())

    def title(self) -> str:
        return _("Sao lưu và kiểm tra")

    def activate(self) -> None:
        info, facts = self.session.info, self.session.facts
        if info is not None:
            self.where.setText(str(info.folder))
        if facts is not None:
            when = wording.time_text(facts.last_backup_at) if facts.last_backup_at else _("chưa lần nào")
            self.last.setText(_("Sao lưu gần nhất: {time}").format(time=when))

    def _deed(self, title: str, words: str, deed: str, sign: str, button_words: str) -> QVBoxLayout:
        column = self.sheet(title)
        if words:
            column.addWidget(note(words))
        button = QPushButton(icon(sign), button_words)
        button.clicked.connect(lambda: self.session.deed_wanted.emit(deed))
        box = QWidget()
        row = FlowLayout(box, SPACE.small)
        row.addWidget(button)
        column.addWidget(box)
        self._rows[deed] = row
        self.buttons[deed] = button
        return column
