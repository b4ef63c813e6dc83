"""Number and date of one document of the dossier; saves by itself. Empty fields print as dots to be filled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.text import one_line
from ui.forms.dates import read_date
from ui.theme import SPACE, restyle, soft, tone
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.model.procedure import DocumentEntry
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

QUIET = 500  # milliseconds


class DocumentForm(QWidget):
    """Follows :meth:`show_document`."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._document = ""
        self._kind = "document"
        self._assessment = ""
        self._stored = ("", "")
        self._changed = False
        self.number = QLineEdit()
        self.number.setMaxLength(100)
        self.issued = QLineEdit()
        self.note = soft(QLabel(_("Để trống thì in chỗ trống để ghi tay.")))
        self.problem = tone(QLabel(), "error")
        for label in (self.note, self.problem):
            label.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.small)
        grid.setVerticalSpacing(SPACE.tiny)
        for place, (words, field) in enumerate(((_("Số, &ký hiệu"), self.number), (_("&Ngày ký"), self.issued))):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            field.textChanged.connect(self._typed)
            field.installEventFilter(self)
            grid.addWidget(label, 0, place)
            grid.addWidget(field, 1, place)
        grid.addWidget(self.problem, 2, 0, 1, 2)
        grid.addWidget(self.note, 3, 0, 1, 2)
        self.problem.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self.save_now)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.save_now()
        return super().eventFilter(watched, event)

    def show_document(self, assessment_id: str, entry: DocumentEntry, number: str, issued: str) -> None:
        """Show a paper's number and ISO date; what is being typed for the same paper is left alone."""
        document_id = entry.id
        same = (assessment_id, document_id) == (self._assessment, self._document)
        if not same:
            self.save_now()
            self._changed = False
        self._assessment, self._document = assessment_id, document_id
        self._kind = "appraisal_document" if entry.by_office else "document"
        self._stored = (number, issued)
        for field in (self.number, self.issued):
            field.setReadOnly(self._session.read_only != entry.by_office)
        if same and self._changed:
            return
        for field, text in ((self.number, number), (self.issued, wording.date_text(issued))):
            if field.text() != text and not (same and field.hasFocus() and one_line(field.text()) == text):
                field.blockSignals(True)
                field.setText(text)
                field.blockSignals(False)
        self._judge()

    @property
    def unsaved(self) -> bool:
        """True while something typed has not been saved."""
        return self._changed

    def save_now(self) -> None:
        """Hand over what was typed."""
        from ntm_desktop.operations import dossier_data

        self._timer.stop()
        if not self._changed or not self._document:
            return
        QGuiApplication.inputMethod().commit()
        number, issued = one_line(self.number.text()), read_date(self.issued.text())
        self._judge()
        if issued is None:
            issued = self._stored[1]
        if (number, issued) == self._stored:
            return
        assessment_id, document_id, kind, typed = self._assessment, self._document, self._kind, self._texts()

        def save(workspace: Workspace, task: Task) -> Changes:
            fields = {"number": number, "issued": issued}
            return dossier_data.save(workspace, assessment_id, kind, document_id, fields)

        def saved(changes: Changes) -> None:
            if self._texts() == typed and read_date(typed[1]) is not None:
                self._changed = False
            self._session.save_state.emit("saved")

        self._session.save_state.emit("saving")
        self._session.run(save, saved, self._refused)

    def _texts(self) -> tuple[str, str]:
        return self.number.text(), self.issued.text()

    def _typed(self) -> None:
        self._changed = True
        if read_date(self.issued.text()) is not None:
            self._judge()
        self._timer.start()

    def _judge(self) -> None:
        wrong = read_date(self.issued.text()) is None
        if bool(self.issued.property("wrong")) != wrong:
            self.issued.setProperty("wrong", wrong)
            restyle(self.issued)
        sentence = _("«{text}» chưa phải là ngày. Hãy ghi như 05/03/2024.").format(text=self.issued.text())
        self.problem.setText(sentence if wrong else "")
        self.problem.setVisible(wrong)

    def _refused(self, error: Exception) -> bool:
        self._session.save_state.emit("failed")
        if not isinstance(error, UserError):
            return False
        self.problem.setText(str(error))
        self.problem.show()
        return True
