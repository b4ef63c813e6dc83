"""Who works at this computer, and in which language."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox

from ntm_desktop import i18n
from ntm_desktop.i18n import _
from ui.forms.inputs import LineInput
from ui.pages.sections.section import Section, labelled
from ui.workspace import Session

QUIET = 500


class PersonSection(Section):
    """Two fields."""

    key = "person"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.begin(_("Tên được ghi vào lịch sử thay đổi, để biết ai đã sửa gì."))
        sheet = self.sheet()
        self.name = LineInput(_("Họ và tên người làm việc trên máy này"))
        self.name.setMaxLength(80)
        self.name.setMaximumWidth(420)
        self._stored = ""
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(self.save_now)
        self.name.typed.connect(self._quiet.start)
        self.name.left.connect(self.save_now)
        labelled(sheet, _("Họ và tên người làm việc trên máy này"), self.name)
        sheet = self.sheet()
        self.language = QComboBox()
        self.language.setAccessibleName(_("Ngôn ngữ của phần mềm"))
        self.language.setMaximumWidth(420)
        for key, words in i18n.LANGUAGES.items():
            self.language.addItem(words, key)
        self.language.setCurrentIndex(self.language.findData(i18n.language()))
        self.language.activated.connect(self._choose)
        labelled(
            sheet,
            _("Ngôn ngữ của phần mềm"),
            self.language,
            _("Đổi ngay, không phải khởi động lại. Văn bản in ra luôn bằng tiếng Việt."),
        )
        self.end()

    def title(self) -> str:
        return _("Người dùng và ngôn ngữ")

    def activate(self) -> None:
        info = self.session.info
        if info is not None and self.name.content() == self._stored:
            self._stored = info.user
            self.name.put(info.user)

    def save_now(self) -> None:
        from ntm_desktop.operations import setup

        self._quiet.stop()
        name = self.name.content()
        if name.strip() == self._stored.strip():
            return
        self._stored = name

        def then(_changes: object) -> None:
            self.session.save_state.emit("saved")
            self.session.reload()

        self.session.save_state.emit("saving")
        self.session.run(lambda workspace, task: setup.save_user(workspace, name), then)

    def _choose(self) -> None:
        chosen = str(self.language.currentData())
        if chosen != i18n.language():
            self.session.language_wanted.emit(chosen)
