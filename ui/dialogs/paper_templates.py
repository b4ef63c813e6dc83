"""The templates and procedures at hand: which are the province's own; export, check and use a file, restore ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.message import tell
from ui.theme import SPACE, icon, soft
from ui.widgets.banner import Banner, Mood
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.procedures import FormFile
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_FORM = Qt.ItemDataRole.UserRole


class PaperTemplates(QDialog):
    """What is stored travels with the packages of the unit."""

    def __init__(self, session: Session, assessment_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Mẫu văn bản, thủ tục của tỉnh"))
        self._session = session
        self._assessment = assessment_id
        self.banner = Banner()
        self.list = QTreeWidget()
        self.list.setHeaderLabels([_("Tên"), _("Loại"), _("Đang dùng")])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(_("Các mẫu và thủ tục"))
        hint = soft(QLabel(_("Xuất ra tệp, sửa bằng trình soạn thảo văn bản, rồi dùng tệp đó. Lỗi được chỉ rõ dòng.")))
        hint.setWordWrap(True)
        self.export_button = QPushButton(icon("export-up"), _("&Xuất ra tệp…"))
        self.check_button = QPushButton(icon("verify"), _("&Kiểm tra tệp…"))
        self.use_button = QPushButton(icon("import-down"), _("&Dùng tệp…"))
        self.restore_button = QPushButton(icon("restore"), _("&Trở về mẫu có sẵn"))
        leave = QPushButton(_("X&ong"))
        leave.clicked.connect(self.accept)
        foot = QHBoxLayout()
        for button in (self.export_button, self.check_button, self.use_button, self.restore_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.small)
        column.addWidget(hint)
        column.addWidget(self.banner)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.resize(820, 560)
        self.list.currentItemChanged.connect(lambda *_all: self._allow())
        self.export_button.clicked.connect(self._ask_export)
        self.check_button.clicked.connect(lambda: self._ask_file(self.check))
        self.use_button.clicked.connect(lambda: self._ask_file(self.use))
        self.restore_button.clicked.connect(self.restore)
        self._read()

    @property
    def chosen(self) -> FormFile | None:
        """The chosen form."""
        item = self.list.currentItem()
        form: FormFile | None = item.data(0, _FORM) if item is not None else None
        return form

    def _read(self) -> None:
        assessment_id = self._assessment

        def read(workspace: Workspace, task: Task) -> tuple[FormFile, ...]:
            from ntm_desktop.operations import procedures

            return procedures.form_files(workspace, assessment_id)

        self._session.run(read, self._show)

    def _show(self, forms: tuple[FormFile, ...]) -> None:
        chosen = self.chosen
        self.list.clear()
        for form in forms:
            kind = _("Mẫu văn bản") if form.kind == "template" else _("Thủ tục")
            used = _("của tỉnh") if form.local and not form.problem else _("có sẵn")
            if form.problem:
                used = _("có sẵn (tệp của tỉnh có lỗi)")
            item = QTreeWidgetItem([form.name, kind, used])
            item.setToolTip(2, form.problem)
            item.setData(0, _FORM, form)
            self.list.addTopLevelItem(item)
            if chosen is not None and (form.kind, form.id) == (chosen.kind, chosen.id):
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if self.chosen is None and first is not None:
            self.list.setCurrentItem(first)
        self.list.resizeColumnToContents(1)
        self.list.setColumnWidth(0, 460)
        self._allow()

    def _allow(self) -> None:
        form = self.chosen
        self.export_button.setEnabled(form is not None)
        self.restore_button.setEnabled(form is not None and form.local)

    # --- doing

    def _ask_export(self) -> None:
        form = self.chosen
        if form is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("Xuất mẫu ra tệp"), f"{form.id}.yaml", _("Tệp mẫu (*.yaml)"))
        if name:
            self.export(form, Path(name))

    def export(self, form: FormFile, path: Path) -> None:
        """Write the form that is in use to a file."""
        assessment_id = self._assessment

        def write(workspace: Workspace, task: Task) -> Path:
            from ntm_desktop.operations import procedures

            return procedures.export(workspace, form.kind, form.id, path, assessment_id)

        def written(where: Path) -> None:
            self.banner.say(_("Đã xuất ra {path}.").format(path=where), mood=Mood.GOOD)

        self._session.run(write, written, self._refused)

    def _ask_file(self, deed: object) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("Chọn tệp mẫu"), "", _("Tệp mẫu (*.yaml *.yml)"))
        if name and callable(deed):
            deed(Path(name))

    def check(self, path: Path) -> None:
        """Tell what is wrong with a file, with its lines."""

        def read(workspace: Workspace, task: Task) -> tuple[str, ...]:
            from ntm_desktop.operations import procedures

            return tuple(str(problem) for problem in procedures.check_file(path))

        def show(problems: tuple[str, ...]) -> None:
            if problems:
                sentence = _("Tệp {name} có {count} chỗ phải sửa.").format(name=path.name, count=len(problems))
                tell(self, sentence, _("Chưa có gì thay đổi."), "warning", "\n".join(problems))
            else:
                self.banner.say(_("Tệp {name} không có lỗi, dùng được.").format(name=path.name), mood=Mood.GOOD)

        self._session.run(read, show, self._refused)

    def use(self, path: Path) -> None:
        """Store a file in place of ours."""
        assessment_id = self._assessment

        def install(workspace: Workspace, task: Task) -> FormFile:
            from ntm_desktop.operations import procedures

            return procedures.install(workspace, path, "", assessment_id)

        def installed(form: FormFile) -> None:
            self.banner.say(_("Từ nay dùng «{name}» của tỉnh.").format(name=form.name), mood=Mood.GOOD)
            self._read()

        self._session.run(install, installed, self._refused)

    def restore(self) -> None:
        """Return to the program's own."""
        form = self.chosen
        if form is None:
            return
        assessment_id = self._assessment

        def back(workspace: Workspace, task: Task) -> Changes:
            from ntm_desktop.operations import procedures

            return procedures.restore(workspace, form.kind, form.id, assessment_id)

        def done(_changes: Changes) -> None:
            words = _("Đã trở về mẫu có sẵn của «{name}». Muốn lấy lại mẫu của tỉnh thì bấm Ctrl+Z.")
            self.banner.say(words.format(name=form.name), mood=Mood.GOOD)
            self._read()

        self._session.run(back, done, self._refused)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        message, _break, lines = error.message.partition("\n")
        self.banner.say(message, error.hint, Mood.ERROR)
        if lines:
            tell(self, message, error.hint, "warning", lines)
        return True
