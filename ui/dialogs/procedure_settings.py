"""Which procedure applies, and the local values of what no source settles, each with the document that sets it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.procedure import AppliedSetting, Procedure
from ntm_desktop.model.text import one_line
from ui.theme import SPACE, heading, soft, tone
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.model.dossier_facts import DossierFacts
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_SOURCES = {
    Source.FOUND: N_("đọc thấy trong văn bản"),
    Source.MEMORY: N_("ghi theo trí nhớ, cần đối chiếu"),
    Source.UNCERTAIN: N_("chưa xác định"),
    Source.TYPED: N_("mặc định của phần mềm"),
}
_FIELDS = ("value", "basis")


class ProcedureSettings(QDialog):
    """Saves each field as it is left."""

    def __init__(self, session: Session, assessment_id: str, setting: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Thủ tục, quy định của địa phương"))
        self._session = session
        self._assessment = assessment_id
        self._wanted = setting
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Thủ tục áp dụng"))
        self.note = soft(QLabel())
        self.basis = QLabel()
        for label in (self.note, self.basis):
            label.setWordWrap(True)
        self.problem = tone(QLabel(), "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.fields: dict[tuple[str, str], QLineEdit] = {}
        self._stored: dict[tuple[str, str], str] = {}
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        leave = QPushButton(_("&Xong"))
        leave.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.small)
        for widget in (self.choice, self.basis, self.note, self._area, self.problem):
            column.addWidget(widget)
        column.addWidget(leave, 0, Qt.AlignmentFlag.AlignRight)
        column.setStretchFactor(self._area, 1)
        self.resize(820, 600)
        self.choice.activated.connect(self._choose)
        self.finished.connect(self._close)
        self._read()

    def _read(self) -> None:
        assessment_id = self._assessment

        def read(workspace: Workspace, task: Task) -> tuple[tuple[Procedure, ...], DossierFacts]:
            from ntm_desktop.operations import procedures
            from ntm_desktop.operations.dossier_facts import facts

            return procedures.procedures(workspace, assessment_id), facts(workspace, assessment_id)

        self._session.run(read, self._show)

    def _show(self, found: tuple[tuple[Procedure, ...], DossierFacts]) -> None:
        known, facts = found
        self.choice.clear()
        for procedure in known:
            words = _("{name} (của tỉnh)").format(name=procedure.name) if procedure.local else procedure.name
            self.choice.addItem(words, procedure.id)
        self.choice.setCurrentIndex(self.choice.findData(facts.procedure.id))
        self.choice.setEnabled(not self._session.read_only)
        numbers = "; ".join(basis.number for basis in facts.procedure.bases)
        unknown = _("Chưa tìm thấy văn bản quy định thủ tục này.")
        self.basis.setText(_("Căn cứ: {numbers}.").format(numbers=numbers) if numbers else unknown)
        self.note.setText(facts.procedure.note)
        self.note.setVisible(bool(facts.procedure.note))
        self._fill(tuple(facts.settings.values()))

    def _fill(self, settings: tuple[AppliedSetting, ...]) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, SPACE.medium, 0)
        grid.setHorizontalSpacing(SPACE.medium)
        grid.setVerticalSpacing(SPACE.small)
        for column, words in enumerate((_("Quy định"), _("Mức của địa phương"), _("Văn bản quy định"))):
            grid.addWidget(heading(QLabel(words), 2), 0, column)
        self.fields.clear()
        for row, applied in enumerate(settings, start=1):
            grid.addWidget(self._described(applied), row, 0)
            for column, field in enumerate(_FIELDS, start=1):
                grid.addWidget(self._field(applied, field), row, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 2)
        grid.setRowStretch(len(settings) + 1, 1)
        self._area.setWidget(holder)
        wanted = self.fields.get((self._wanted, "value"))
        if wanted is not None:
            wanted.setFocus()
            self._area.ensureWidgetVisible(wanted)

    def _described(self, applied: AppliedSetting) -> QWidget:
        setting = applied.setting
        unit = setting.unit if setting.unit == "%" else f" {setting.unit}"
        value = f"{setting.value}{unit}".strip() if setting.value else ""
        told = _("{value} ({source})").format(value=value, source=_(_SOURCES[setting.source]))
        if setting.source is Source.UNCERTAIN:
            told = _("chưa xác định (có nơi ghi {value})").format(value=value) if value else _("chưa xác định")
        label = QLabel(f"{setting.name}\n{told}")
        label.setWordWrap(True)
        label.setToolTip(setting.note)
        return label

    def _field(self, applied: AppliedSetting, field: str) -> QLineEdit:
        setting = applied.setting
        stored = (applied.value or "" if field == "value" else applied.basis) if applied.local else ""
        edit = QLineEdit(stored)
        name = _("mức") if field == "value" else _("văn bản quy định")
        edit.setAccessibleName(f"{setting.name}: {name}")
        edit.setReadOnly(self._session.read_only)
        edit.setMaxLength(300)
        key = (setting.id, field)
        self.fields[key], self._stored[key] = edit, stored
        edit.editingFinished.connect(partial(self._save, setting.id))
        return edit

    def _save(self, setting_id: str) -> None:
        """Save value and document of one rule; a value without its document is not used, and this says so."""
        typed = {field: one_line(self.fields[setting_id, field].text()) for field in _FIELDS}
        if all(typed[field] == self._stored[setting_id, field] for field in _FIELDS):
            return
        for field in _FIELDS:
            self._stored[setting_id, field] = typed[field]
        half = bool(typed["value"]) != bool(typed["basis"])
        self.problem.setText(_("Mức của địa phương chỉ được dùng khi có cả văn bản quy định.") if half else "")
        self.problem.setVisible(half)
        assessment_id = self._assessment

        def save(workspace: Workspace, task: Task) -> Changes:
            from ntm_desktop.operations import dossier_data

            return dossier_data.save(workspace, assessment_id, "setting", setting_id, dict(typed))

        self._session.run(save, None, self._refused)

    def _choose(self, row: int) -> None:
        assessment_id, procedure_id = self._assessment, str(self.choice.itemData(row))

        def use(workspace: Workspace, task: Task) -> Changes:
            from ntm_desktop.operations import procedures

            return procedures.use(workspace, assessment_id, procedure_id)

        self._session.run(use, lambda _changes: self._read(), self._refused)

    def _close(self) -> None:
        for setting_id in {setting_id for setting_id, _field in self.fields}:
            self._save(setting_id)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self.problem.setText(str(error))
        self.problem.show()
        return True
