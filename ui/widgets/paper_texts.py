"""What a person writes in a paper: one field per section, saved by itself, with its history."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.text import clean
from ui.theme import SPACE, heading, icon, soft, tone
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.texts import EarlierText, SectionText
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

QUIET = 500  # milliseconds after the last key
_LINES = 5
_SHOWN = 70  # letters of an earlier text in the menu


class SectionEdit(QWidget):
    """One section: its name, what is asked for, its text. What cannot be saved stays in the field."""

    def __init__(
        self, session: Session, assessment_id: str, section: SectionText, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._assessment = assessment_id
        self.section = section
        self._handed_over = section.text
        self._gone = False  # another paper is shown: answers find no fields any more
        self.title = heading(QLabel(section.name), 2)
        self.ask = soft(QLabel(section.ask))
        self.text = QPlainTextEdit(section.text)
        self.problem = tone(QLabel(), "error")
        self.problem.hide()
        self.history = QToolButton()
        self.sample = QToolButton()
        self._later = QTimer(self, singleShot=True, interval=QUIET)
        self._later.timeout.connect(self.save_now)
        self._build()
        self._connect()

    def _build(self) -> None:
        for label in (self.title, self.ask, self.problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setBuddy(self.text)
        self.text.setAccessibleName(self.section.name)
        self.text.setAccessibleDescription(self.section.ask)
        self.text.setTabChangesFocus(True)
        self.text.setReadOnly(self._session.read_only and self.section.kind == "section")
        self.text.setMinimumHeight(self.fontMetrics().lineSpacing() * _LINES + 14)
        self.text.setPlaceholderText(self.section.default or _("Để trống thì in dòng chấm để viết tay."))
        for button, words, picture in (
            (self.sample, _("Dùng câu mẫu"), "copy"),
            (self.history, _("Bản cũ"), "history"),
        ):
            button.setText(f" {words}")
            button.setIcon(icon(picture))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(f"{words}: {self.section.name}")
        self.sample.setVisible(bool(self.section.default) and not self.text.isReadOnly())
        self.history.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.sample)
        head.addWidget(self.history)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addLayout(head)
        column.addWidget(self.ask)
        column.addWidget(self.text)
        column.addWidget(self.problem)
        self.ask.setVisible(bool(self.section.ask))

    def _connect(self) -> None:
        self.text.textChanged.connect(self._later.start)
        self.text.installEventFilter(self)
        self.sample.clicked.connect(lambda: self._put(self.section.default))
        self.history.pressed.connect(self._fetch_history)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.save_now()
        return super().eventFilter(watched, event)

    def renew(self, section: SectionText) -> None:
        """The section read anew; what is being typed is left alone."""
        typing = clean(self.text.toPlainText()) != self._handed_over
        self.section = section
        if not typing and section.text != clean(self.text.toPlainText()):
            self.text.blockSignals(True)
            self.text.setPlainText(section.text)
            self.text.blockSignals(False)
            self._handed_over = section.text

    @property
    def unsaved(self) -> bool:
        """True while something typed has not been handed over."""
        return not self.text.isReadOnly() and clean(self.text.toPlainText()) != self._handed_over

    def let_go(self) -> None:
        """Save, and hear no more of what was asked for."""
        self.save_now()
        self._gone = True

    def save_now(self) -> None:
        """Hand over what was typed."""
        self._later.stop()
        if self.text.isReadOnly():
            return
        QGuiApplication.inputMethod().commit()
        typed = clean(self.text.toPlainText())
        if typed == self._handed_over:
            return
        self._handed_over = typed
        assessment_id, section = self._assessment, self.section

        def save(workspace: Workspace, task: Task) -> Changes:
            from ntm_desktop.operations import texts

            return texts.save_text(workspace, assessment_id, section.document, section.id, typed)

        def saved(changes: Changes) -> None:
            if not self._gone:
                self.problem.hide()
            self._session.save_state.emit("saved")

        def refused(error: Exception) -> bool:
            self._session.save_state.emit("failed")
            if self._gone or not isinstance(error, UserError):
                return False
            self._handed_over = ""
            self.problem.setText(str(error))
            self.problem.show()
            return True

        self._session.save_state.emit("saving")
        self._session.run(save, saved, refused)

    # --- earlier texts

    def _fetch_history(self) -> None:
        assessment_id, section = self._assessment, self.section

        def read(workspace: Workspace, task: Task) -> tuple[EarlierText, ...]:
            from ntm_desktop.operations import texts

            return texts.history_of(workspace, assessment_id, section.document, section.id)

        self.save_now()
        self._session.run(read, self._offer)

    def _offer(self, earlier: tuple[EarlierText, ...]) -> None:
        if self._gone:
            return
        menu = QMenu(self)
        if not earlier:
            menu.addAction(_("Chưa có bản nào.")).setEnabled(False)
        for item in earlier:
            first = item.text.partition("\n")[0] or _("(theo mẫu)")
            shown = first if len(first) <= _SHOWN else f"{first[: _SHOWN - 1]}…"
            words = _("{when} · {user}: {text}").format(when=wording.time_text(item.at), user=item.user, text=shown)
            action = menu.addAction(words.replace("&", "&&"))
            action.setToolTip(item.text)
            action.setEnabled(not item.current and not self.text.isReadOnly())
            action.triggered.connect(lambda _checked=False, text=item.text: self._take(text))
        menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.history.mapToGlobal(self.history.rect().bottomLeft()))

    def _take(self, text: str) -> None:
        self._put(text)
        self.save_now()

    def _put(self, text: str) -> None:
        """Put a text in the place of the one that stands there, so that Ctrl+Z brings that one back."""
        self.save_now()
        cursor = self.text.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.text.setFocus()


class PaperTexts(QScrollArea):
    """The sections of one paper, one under the other."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = ("", "")
        self._wanted = ""  # section to put the focus into when it stands there
        self.edits: dict[str, SectionEdit] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.empty = soft(QLabel(_("Văn bản này không có phần nào phải soạn: mọi nội dung lấy từ số liệu đã nhập.")))
        self.empty.setWordWrap(True)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(SPACE.small, SPACE.small, SPACE.large, SPACE.large)
        self._column.setSpacing(SPACE.large)
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        self.setWidget(holder)

    def show_sections(self, assessment_id: str, document: str, sections: tuple[SectionText, ...]) -> None:
        """Show the sections of a paper; the same ones read anew leave the fields alone."""
        own = {section.id: section for section in sections if section.document == document}
        self.empty.setVisible(not own)
        if (assessment_id, document) == self._shown and list(own) == list(self.edits):
            for section_id, edit in self.edits.items():
                edit.renew(own[section_id])
        else:
            self._rebuild(assessment_id, own)
            self._shown = (assessment_id, document)
        if self._wanted in self.edits:
            self.go_to(self._wanted)

    def _rebuild(self, assessment_id: str, own: dict[str, SectionText]) -> None:
        for edit in self.edits.values():
            edit.let_go()
            self._column.removeWidget(edit)
            edit.deleteLater()
        self.edits = {}
        for place, (section_id, section) in enumerate(own.items(), start=1):
            edit = SectionEdit(self._session, assessment_id, section)
            self.edits[section_id] = edit
            self._column.insertWidget(place, edit)

    def go_to(self, section_id: str) -> None:
        """Put the focus into a section, now or as soon as it is shown."""
        edit = self.edits.get(section_id)
        self._wanted = "" if edit else section_id
        if edit is not None:
            edit.text.setFocus()
            QTimer.singleShot(0, edit, partial(self.ensureWidgetVisible, edit))

    @property
    def unsaved(self) -> bool:
        """True while something typed has not been handed over."""
        return any(edit.unsaved for edit in self.edits.values())

    def save_now(self) -> None:
        """Hand over everything typed."""
        for edit in self.edits.values():
            edit.save_now()


def read_sections(session: Session, assessment_id: str, then: Callable[[tuple[SectionText, ...]], None]) -> None:
    """Have the sections of all papers read."""

    def read(workspace: Workspace, task: Task) -> tuple[SectionText, ...]:
        from ntm_desktop.operations import texts

        return texts.sections(workspace, assessment_id)

    session.run(read, then)
