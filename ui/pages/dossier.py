"""The dossier page: what is still to be done, the papers, what is written in them, and their pages as they print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import readiness
from ntm_desktop.model.assessment import Assessed
from ui.models.checklist import entries
from ui.models.known_dossier import Known, read_known
from ui.pages.dossier_output import DossierOutput
from ui.pages.page import Page
from ui.theme import SPACE, heading, icon, primary, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.checklist import Checklist
from ui.widgets.document_form import DocumentForm
from ui.widgets.document_preview import DocumentPreview
from ui.widgets.paper_texts import PaperTexts
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.model.procedure import DocumentEntry
    from ntm_desktop.operations.dossier import PaperState

PRINT = "print"
_ROOMY = 440  # pixels of height from which explanations stand under the lists
_ENTRY = Qt.ItemDataRole.UserRole
_GROUPS = (N_("Hồ sơ trình"), N_("Hộp hồ sơ, nội bộ"), N_("Cơ quan thẩm tra lập"))


class DossierPage(Page):
    """Left: checklist, papers, number and date. Right: the chosen paper's pages, and what is written in it."""

    key = "dossier"
    icon = "dossier"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._active = False
        self._outdated = True
        self.known: Known | None = None
        self._to_print = ""  # paper to be printed as soon as its pages are up to date
        self._wish = ""  # a place to show as soon as the papers are known
        self.banner = Banner()
        self.line = TaskLine()
        self.checklist = Checklist()
        self.documents = QListWidget()
        self.form = DocumentForm(session)
        self.preview = DocumentPreview(session)
        self.texts = PaperTexts(session)
        self.tabs = QTabWidget()
        self.updating = soft(QLabel(_("Đang cập nhật…")))
        self.procedure = soft(QLabel())
        self.output = DossierOutput(session, self)
        self._make_buttons()
        self._build()
        self._connect()

    def title(self) -> str:
        return _("Hồ sơ")

    def first_focus(self) -> QWidget:
        return self.documents

    def panes(self) -> Sequence[QWidget]:
        shown = self.preview.view if self.tabs.currentWidget() is self.preview else self.texts
        return (self.checklist.tree, self.documents, shown)

    # --- building

    def _make_buttons(self) -> None:
        self.print_button = primary(QPushButton(icon("print", "#ffffff"), _("&In…")))
        self.print_button.setToolTip(_("In văn bản đang xem (Ctrl+P)"))
        self.draft = QCheckBox(_("&Bản nháp"))
        self.draft.setToolTip(_("Mọi trang có chữ «DỰ THẢO»"))
        self.save_button = QPushButton(icon("save-pdf"), _("&Lưu"))
        menu = QMenu(self.save_button)
        self.save_one = menu.addAction(icon("save-pdf"), _("PDF: văn bản đang xem…"))
        self.save_all = menu.addAction(icon("save-pdf"), _("PDF: cả bộ hồ sơ…"))
        self.save_whole = menu.addAction(icon("save-pdf"), _("PDF: một tệp gồm hồ sơ và mọi minh chứng…"))
        menu.addSeparator()
        self.word_one = menu.addAction(icon("save-word"), _("Word: văn bản đang xem…"))
        self.word_all = menu.addAction(icon("save-word"), _("Word: cả bộ hồ sơ…"))
        menu.addSeparator()
        self.excel = menu.addAction(icon("save-excel"), _("Excel: các bảng số liệu…"))
        self.save_button.setMenu(menu)
        self.more_button = QPushButton(icon("more"), _("K&hác"))
        more = QMenu(self.more_button)
        self.take_back = more.addAction(icon("import-down"), _("Lấy lại nội dung từ Word…"))
        more.addSeparator()
        self.settings_action = more.addAction(icon("settings"), _("Thủ tục, quy định của địa phương…"))
        self.templates_action = more.addAction(icon("file"), _("Mẫu văn bản của tỉnh…"))
        self.more_button.setMenu(more)

    def _build(self) -> None:
        self.documents.setIconSize(QSize(18, 18))
        self.documents.setAccessibleName(_("Các văn bản của hồ sơ"))
        self.documents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.documents.setWordWrap(True)
        self.documents.setResizeMode(QListView.ResizeMode.Adjust)
        self.procedure.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(SPACE.small)
        top.addWidget(heading(QLabel(self.title())))
        top.addStretch(1)
        for widget in (self.updating, self.draft, self.more_button, self.save_button, self.print_button):
            top.addWidget(widget)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.checklist, 3)
        column.addWidget(heading(QLabel(_("Văn bản")), 2))
        column.addWidget(self.procedure)
        column.addWidget(self.documents, 4)
        column.addWidget(self.form)
        self.tabs.addTab(self.preview, _("Xem t&rước"))
        self.tabs.addTab(self.texts, _("Nội &dung soạn"))
        self.tabs.setDocumentMode(True)
        splitter = QSplitter()
        splitter.setObjectName("columns")
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(SPACE.small)
        splitter.addWidget(left)
        splitter.addWidget(self.tabs)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([340, 840])
        self.documents.setMinimumHeight(56)
        left.setMinimumWidth(220)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        page.setSpacing(SPACE.small)
        page.addLayout(top)
        page.addWidget(self.banner)
        page.addWidget(self.line)
        page.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.session.assessed_changed.connect(self._renew)
        self.checklist.wanted.connect(self.session.go)
        self.documents.currentItemChanged.connect(lambda *_all: self._show_document())
        self.tabs.currentChanged.connect(lambda _tab: self.texts.save_now())
        self.draft.toggled.connect(lambda _on: self._show_document())
        self.preview.updating.connect(self.updating.setVisible)
        self.preview.ready.connect(self._print_now)
        self.preview.failed.connect(self._tell_failure)
        self.preview.search.listen(self)
        self.print_button.clicked.connect(self.print_current)
        for action, form, one in (
            (self.save_one, "pdf", True),
            (self.save_all, "pdf", False),
            (self.word_one, "docx", True),
            (self.word_all, "docx", False),
            (self.excel, "xlsx", False),
        ):
            action.triggered.connect(lambda _checked=False, form=form, one=one: self._save(form, one))
        self.save_whole.triggered.connect(lambda: self._ready(self.output.save_whole))
        self.take_back.triggered.connect(lambda: self._ready(self.output.take_back))
        self.settings_action.triggered.connect(lambda: self.open_settings())
        self.templates_action.triggered.connect(self.open_templates)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height the lists have what the explanations would take."""
        super().resizeEvent(event)
        roomy = event.size().height() >= _ROOMY
        self.procedure.setVisible(roomy)
        self.form.note.setVisible(roomy)

    # --- showing

    @property
    def entry(self) -> DocumentEntry | None:
        """The chosen paper."""
        item: QListWidgetItem | None = self.documents.currentItem()
        found: DocumentEntry | None = item.data(_ENTRY) if item is not None else None
        return found

    @property
    def document(self) -> str:
        """Id of the chosen paper."""
        entry = self.entry
        return entry.id if entry is not None else ""

    def _renew(self, assessed: Assessed | None) -> None:
        """Data have changed: read the dossier anew, now or when somebody looks."""
        self._outdated = True
        for button in (self.print_button, self.save_button, self.more_button):
            button.setEnabled(assessed is not None)
        if assessed is None:
            self.known = None
            self.checklist.show_entries(())
            self.documents.clear()
            self.preview.show_document("", "")
        elif self._active:
            self._read()

    def _read(self) -> None:
        assessed = self.session.assessed
        if assessed is None or not self._outdated:
            return
        self._outdated = False
        assessment_id = assessed.assessment.assessment_id
        self.session.run(lambda workspace, task: read_known(workspace, assessment_id), self._show)

    def _show(self, known: Known) -> None:
        self.known = known
        self.checklist.show_entries(entries(known.assessed, known.findings))
        self.procedure.setText(known.procedure)
        chosen = self.document
        self.documents.blockSignals(True)
        self.documents.clear()
        for group in (2, 0, 1) if self.session.read_only else (0, 1, 2):  # one's own papers first
            members = [state for state in self._papers() if _group_of(state.entry) == group]
            if members:
                self._add_heading(_(_GROUPS[group]))
            for state in members:
                self._add_paper(state)
        self._choose(chosen or self._first())
        self.documents.blockSignals(False)
        self._show_document()
        wish, self._wish = self._wish, ""
        if wish:
            self.show_place(wish)

    def _papers(self) -> tuple[PaperState, ...]:
        """A commune sees no papers of the office; an office looks at the commune's."""
        papers = self.known.papers if self.known else ()
        return tuple(state for state in papers if self.session.read_only or not state.entry.by_office)

    def _first(self) -> str:
        papers = self._papers()
        own = [state.entry.id for state in papers if state.entry.by_office == self.session.read_only]
        return (own or [state.entry.id for state in papers] or [""])[0]

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self.documents.addItem(item)

    def _add_paper(self, state: PaperState) -> None:
        words = state.entry.name
        if state.number:
            words = _("Số {number} · {name}").format(name=words, number=state.number)
        item = QListWidgetItem(icon("met" if state.signed else "file"), words)
        told = [words, _("Đã ký, đóng dấu") if state.signed else ""]
        if state.sections_open:
            told.append(_("Còn {count} phần chưa soạn").format(count=state.sections_open))
        item.setToolTip("\n".join(filter(None, told)))
        item.setData(_ENTRY, state.entry)
        self.documents.addItem(item)

    def _choose(self, document_id: str) -> None:
        for row in range(self.documents.count()):
            entry = self.documents.item(row).data(_ENTRY)
            if entry is not None and entry.id == document_id:
                self.documents.setCurrentRow(row)

    def _show_document(self) -> None:
        entry, known = self.entry, self.known
        if known is None or entry is None:
            self.preview.show_document("", "")
            return
        assessment_id = known.assessed.assessment.assessment_id
        state = next(state for state in known.papers if state.entry.id == entry.id)
        self.form.show_document(assessment_id, entry, state.number, state.issued)
        self.texts.show_sections(assessment_id, entry.id, known.sections)
        self.tabs.setTabEnabled(1, any(section.document == entry.id for section in known.sections))
        self.preview.show_document(assessment_id, entry.id, self.draft.isChecked())

    # --- doing

    def blocking(self) -> int:
        """How many things an office would send the dossier back for."""
        return readiness.blocking(self.known.findings) if self.known else 0

    def _ready(self, deed: object) -> None:
        self.save_now()
        if callable(deed):
            deed()

    def _save(self, form: str, one: bool) -> None:
        self.save_now()
        self.output.save(form, (self.document,) if one else None)

    def print_current(self) -> None:
        """Print the paper that is shown (Ctrl+P)."""
        if self.entry is None:
            return
        changing = self.form.unsaved or self.texts.unsaved or self.session.busy
        self._to_print = self.document
        self.tabs.setCurrentWidget(self.preview)
        self.save_now()
        if changing:  # what was typed last is printed too: the pages are made anew after it is saved
            self.session.reload()
        elif self.preview.source is not None:
            self._print_now()

    def _print_now(self) -> None:
        wanted, self._to_print = self._to_print, ""
        if (entry := self.entry) is not None and entry.id == wanted:
            self.output.ask_and_print(entry.name)

    def _tell_failure(self, error: UserError) -> None:
        self._to_print = ""
        self.banner.say(error.message, error.hint, Mood.ERROR)

    def open_settings(self, setting: str = "") -> None:
        """Show procedure and local rules."""
        from ui.dialogs.procedure_settings import ProcedureSettings

        if self.known is not None:
            dialog = ProcedureSettings(self.session, self.known.assessed.assessment.assessment_id, setting, self)
            dialog.open()

    def open_templates(self) -> None:
        """Show the templates and procedures at hand."""
        from ui.dialogs.paper_templates import PaperTemplates

        if self.known is not None:
            PaperTemplates(self.session, self.known.assessed.assessment.assessment_id, self).open()

    def activate(self) -> None:
        self._active = True
        self._read()

    def save_now(self) -> None:
        self.form.save_now()
        self.texts.save_now()

    def show_place(self, place: str) -> None:
        self.activate()
        if self.known is None or self._outdated:
            self._wish = place
            return
        kind, _colon, name = place.partition(":")
        if place == PRINT:
            self.print_current()
        elif kind == "setting":
            self.open_settings(name)
        elif kind == "section":
            document, _dot, section = name.partition(".")
            self._choose(document)
            self.tabs.setCurrentWidget(self.texts)
            self.texts.go_to(section)
        else:
            self._choose(place)
            self.documents.setFocus()


def _group_of(entry: DocumentEntry) -> int:
    return 2 if entry.by_office else 0 if entry.submitted else 1
