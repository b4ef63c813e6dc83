"""What the evidence index says about one file: number, date, issuer, summary, sheets. Saves by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCompleter, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.text import clean, one_line
from ui.forms.dates import read_date
from ui.theme import SPACE, restyle, tone
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

QUIET = 500  # milliseconds after the last key until it is saved
FIELDS = ("number", "issued", "issuer", "summary", "sheets")
LONGEST_COUNT = 40


def _is_count(text: str) -> bool:
    text = text.strip()
    return not text or (text.isascii() and text.isdigit() and int(text) > 0)


class EvidenceForm(QWidget):
    """The fields. What was typed and could not be saved is kept for each piece until it can."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._evidence: Evidence | None = None
        self._typed: dict[str, dict[str, str]] = {}  # evidence id → field → text not saved yet
        self._underway = 0  # saves handed over and not answered yet
        self.number = QLineEdit()
        self.issued = QLineEdit()
        self.issued.setToolTip(_("Ngày/tháng/năm, ví dụ 05/03/2024 hoặc 5-3-24"))
        self.issuer = QLineEdit()
        self.sheets = QLineEdit()
        self.sheets.setToolTip(_("Số tờ của bản giấy; để trống thì đếm trang của tệp PDF"))
        self.summary = QPlainTextEdit()
        self.summary.setTabChangesFocus(True)
        self._widgets: dict[str, QLineEdit | QPlainTextEdit] = {
            "number": self.number,
            "issued": self.issued,
            "issuer": self.issuer,
            "summary": self.summary,
            "sheets": self.sheets,
        }
        self.problem = tone(QLabel(), "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._issuers = QStringListModel(self)
        completer = QCompleter(self._issuers, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.issuer.setCompleter(completer)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self.save_now)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.number.setMaxLength(200)
        self.issuer.setMaxLength(400)
        self.sheets.setMaxLength(LONGEST_COUNT)
        self.summary.setFixedHeight(self.fontMetrics().lineSpacing() * 3 + 14)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.medium)
        grid.setVerticalSpacing(SPACE.tiny)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        labels = (
            (_("Số, &ký hiệu"), self.number, 0, 0, 1),
            (_("Ngày &văn bản"), self.issued, 0, 1, 1),
            (_("Cơ &quan ban hành"), self.issuer, 2, 0, 1),
            (_("Số &tờ"), self.sheets, 2, 1, 1),
            (_("T&rích yếu nội dung"), self.summary, 4, 0, 2),
        )
        for text, field, row, column, span in labels:
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text.replace("&", ""))
            field.setMinimumWidth(80)
            grid.addWidget(label, row, column, 1, span)
            grid.addWidget(field, row + 1, column, 1, span)
        grid.addWidget(self.problem, 6, 0, 1, 2)

    def _connect(self) -> None:
        for name, field in self._widgets.items():
            field.textChanged.connect(lambda *_text, name=name: self._changed(name))
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.save_now()
        return super().eventFilter(watched, event)

    def offer_issuers(self, issuers: Iterable[str]) -> None:
        """Names of issuers to complete from."""
        self._issuers.setStringList(sorted({name for name in issuers if name}))

    def show_evidence(self, evidence: Evidence | None, editable: bool = True) -> None:
        """Show a piece. The same piece read anew leaves what is being typed alone."""
        if self._evidence is not None and (evidence is None or evidence.evidence_id != self._evidence.evidence_id):
            self.save_now()
        same = (
            evidence is not None and self._evidence is not None and evidence.evidence_id == self._evidence.evidence_id
        )
        self._evidence = evidence
        self.setEnabled(evidence is not None)
        typed = self._typed.get(evidence.evidence_id, {}) if evidence else {}
        for name, field in self._widgets.items():
            field.setReadOnly(not editable)
            stored = self._stored(name) if evidence else ""
            if name in typed:
                self._put(field, typed[name])
            elif not (same and field.hasFocus() and self._clean(name) == stored):
                self._put(field, stored)
        self._judge_date()

    @property
    def evidence_id(self) -> str:
        """Id of the shown piece, empty for none."""
        return self._evidence.evidence_id if self._evidence else ""

    def save_now(self) -> None:
        """Hand over what was typed and not saved yet."""
        self._timer.stop()
        if self._evidence is None:
            return
        QGuiApplication.inputMethod().commit()
        evidence_id = self._evidence.evidence_id
        typed = dict(self._typed.get(evidence_id, {}))
        if "issued" in typed:
            iso = read_date(typed["issued"])
            if iso is None:
                del typed["issued"]
                self._judge_date()
            else:
                typed["issued"] = iso
        if not _is_count(typed.get("sheets", "")):
            del typed["sheets"]  # told in words; the other fields are saved all the same
            self._judge_date()
        if typed:
            self._save(evidence_id, typed)

    def _save(self, evidence_id: str, fields: dict[str, str]) -> None:
        from ntm_desktop.operations import evidence

        sent = {name: self._typed[evidence_id][name] for name in fields}

        def save(workspace: Workspace, task: Task) -> Changes:
            return evidence.save_details(workspace, evidence_id, fields)

        def saved(changes: Changes) -> None:
            waiting = self._typed.get(evidence_id, {})
            for name, text in sent.items():
                if waiting.get(name) == text:
                    del waiting[name]
            self._session.save_state.emit("saved")

        def failed(error: Exception) -> bool:
            self._session.save_state.emit("failed")
            if isinstance(error, UserError):
                self._say(str(error))
                return True
            return False

        def answered() -> None:
            self._underway -= 1

        self._session.save_state.emit("saving")
        self._underway += 1
        self._session.run(save, saved, failed).finished.connect(answered)

    def _stored(self, name: str) -> str:
        assert self._evidence is not None
        text = str(getattr(self._evidence, name) or "")
        return wording.date_text(text) if name == "issued" else text

    def _text(self, name: str) -> str:
        field = self._widgets[name]
        return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()

    def _clean(self, name: str) -> str:
        text = self._text(name)
        if name == "issued":
            iso = read_date(text)
            return text.strip() if iso is None else wording.date_text(iso)
        return clean(text) if name == "summary" else one_line(text)

    def _put(self, field: QLineEdit | QPlainTextEdit, text: str) -> None:
        shown = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
        if shown == text:
            return
        field.blockSignals(True)
        if isinstance(field, QPlainTextEdit):
            field.setPlainText(text)
        else:
            field.setText(text)
        field.blockSignals(False)

    def _changed(self, name: str) -> None:
        if self._evidence is None:
            return
        waiting = self._typed.setdefault(self._evidence.evidence_id, {})
        if not self._underway and self._clean(name) == self._stored(name):
            waiting.pop(name, None)
        else:
            waiting[name] = self._text(name)
        if name == "issued" and read_date(self.issued.text()) is not None:
            self._judge_date()
        self._timer.start()

    def _judge_date(self) -> None:
        text = self.issued.text()
        wrong = self._evidence is not None and read_date(text) is None
        if bool(self.issued.property("wrong")) != wrong:
            self.issued.setProperty("wrong", wrong)
            restyle(self.issued)
        sentence = _("«{text}» chưa phải là ngày. Hãy ghi như 05/03/2024; các ô khác vẫn được lưu.").format(text=text)
        if not wrong and self._evidence is not None and not _is_count(self.sheets.text()):
            wrong = True
            sentence = _("«{text}» chưa phải là số tờ. Hãy ghi số nguyên; các ô khác vẫn được lưu.")
            sentence = sentence.format(text=self.sheets.text())
        self._say(sentence if wrong else "")

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
