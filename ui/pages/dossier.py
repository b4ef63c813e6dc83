"""The dossier page: what is still to be done, the documents, and their pages as they print."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ui.models.checklist import entries
from ui.pages.dossier_output import DossierOutput
from ui.pages.page import Page
from ui.theme import SIZE, SPACE, heading, icon, primary, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.checklist import Checklist
from ui.widgets.document_form import DocumentForm
from ui.widgets.document_preview import DocumentPreview
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

MISSING = "con-thieu"
PRINT = "print"


class DossierPage(Page):
    """Left: checklist, documents, number and date. Right: the chosen document's pages."""

    key = "dossier"
    icon = "dossier"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._loaded = False
        self.banner = Banner()
        self.line = TaskLine()
        self.checklist = Checklist()
        self.documents = QListWidget()
        self.form = DocumentForm(session)
        self.preview = DocumentPreview(session)
        self.updating = soft(QLabel(_("Đang cập nhật…")))
        self.output = DossierOutput(session, self.preview, self.banner, self.line)
        self._make_buttons()
        self._build()
        self._connect()
        if session.assessed is not None:
            self._show(session.assessed)

    def title(self) -> str:
        return _("Hồ sơ")

    def first_focus(self) -> QWidget:
        return self.documents

    def panes(self) -> Sequence[QWidget]:
        return (self.checklist.tree, self.documents, self.preview.view)

    def _make_buttons(self) -> None:
        self.print_button = primary(QPushButton(icon("print", "#ffffff"), _("&In…")))
        self.print_button.setToolTip(_("In văn bản đang xem (Ctrl+P)"))
        self.pdf_button = QPushButton(icon("save-pdf"), _("Lưu &PDF"))
        self.excel_button = QPushButton(icon("save-excel"), _("Lưu &Excel…"))
        self.excel_button.setToolTip(_("Biểu tự đánh giá dạng bảng tính"))
        menu = QMenu(self.pdf_button)
        self.save_one = menu.addAction(_("Văn bản đang xem…"))
        self.save_all = menu.addAction(_("Cả bộ hồ sơ…"))
        self.pdf_button.setMenu(menu)

    def _build(self) -> None:
        self.documents.setIconSize(QSize(18, 18))
        self.documents.setAccessibleName(_("Các văn bản của hồ sơ"))
        self.documents.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.documents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        top = QHBoxLayout()
        top.setSpacing(SPACE.small)
        top.addWidget(heading(QLabel(self.title())))
        top.addStretch(1)
        for widget in (self.updating, self.excel_button, self.pdf_button, self.print_button):
            top.addWidget(widget)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.checklist, 1)
        column.addWidget(heading(QLabel(_("Văn bản")), 2))
        column.addWidget(self.documents)
        column.addWidget(self.form)
        splitter = QSplitter()
        splitter.setObjectName("columns")
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(SPACE.small)
        splitter.addWidget(left)
        splitter.addWidget(self.preview)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([340, 840])
        left.setMinimumWidth(250)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        page.setSpacing(SPACE.small)
        page.addLayout(top)
        page.addWidget(self.banner)
        page.addWidget(self.line)
        page.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.session.assessed_changed.connect(self._show)
        self.checklist.wanted.connect(self.session.go)
        self.documents.currentItemChanged.connect(lambda *_all: self._show_document())
        self.preview.updating.connect(self.updating.setVisible)
        self.preview.failed.connect(lambda error: self.banner.say(error.message, error.hint, Mood.ERROR))
        self.print_button.clicked.connect(self.print_current)
        self.save_one.triggered.connect(lambda: self.output.save("pdf", (self.document,)))
        self.save_all.triggered.connect(lambda: self.output.save("pdf", None))
        self.excel_button.clicked.connect(lambda: self.output.save("xlsx", None))

    # --- showing

    @property
    def document(self) -> str:
        """Id of the chosen document."""
        row = self.documents.currentRow()
        return str(self.documents.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else ""

    def _show(self, assessed: Assessed | None) -> None:
        self.checklist.show_entries(entries(assessed) if assessed else ())
        ready = assessed is not None
        for button in (self.print_button, self.pdf_button, self.excel_button):
            button.setEnabled(ready)
        if self._loaded:
            self._name_documents(assessed)
            self._show_document()

    def _load(self) -> None:
        """List the documents; what makes them is imported only now that the page is looked at."""
        from ntm_desktop.operations import dossier

        self._loaded = True
        for document_id, name in dossier.DOCUMENTS.items():
            item = QListWidgetItem(icon("file"), _(name))
            item.setData(Qt.ItemDataRole.UserRole, document_id)
            item.setData(Qt.ItemDataRole.UserRole + 1, _(name))
            self.documents.addItem(item)
        self.documents.setMaximumHeight(self.documents.count() * (SIZE.row + 2) + 6)
        self.documents.setCurrentRow(0)

    def _name_documents(self, assessed: Assessed | None) -> None:
        for row in range(self.documents.count()):
            item = self.documents.item(row)
            name, document_id = item.data(Qt.ItemDataRole.UserRole + 1), item.data(Qt.ItemDataRole.UserRole)
            number = assessed.documents.get(document_id, {}).get("number", "") if assessed else ""
            item.setText(_("{name} · số {number}").format(name=name, number=number) if number else name)
            item.setToolTip(item.text())

    def _show_document(self) -> None:
        assessed = self.session.assessed
        if assessed is None or not self._loaded or not self.document:
            self.preview.show_document("", "")
            return
        assessment_id = assessed.assessment.assessment_id
        known = assessed.documents.get(self.document, {})
        shown = self.document if self.document != MISSING else ""
        self.form.show_document(assessment_id, shown, known.get("number", "") or "", known.get("issued", "") or "")
        self.preview.show_document(assessment_id, self.document)

    # --- doing

    def print_current(self) -> None:
        """Print the document that is shown (Ctrl+P)."""
        if self.document:
            self.form.save_now()
            name = self.documents.item(self.documents.currentRow()).data(Qt.ItemDataRole.UserRole + 1)
            self.output.ask_and_print(str(name))

    def _print_when_ready(self) -> None:
        """Ctrl+P from anywhere: print as soon as the pages stand there."""
        if self.preview.source is not None:
            self.print_current()
        else:
            self.preview.ready.connect(self.print_current, Qt.ConnectionType.SingleShotConnection)

    def activate(self) -> None:
        if not self._loaded:
            self._load()
            self._name_documents(self.session.assessed)
            self._show_document()

    def save_now(self) -> None:
        self.form.save_now()

    def show_place(self, place: str) -> None:
        self.activate()
        if place == PRINT:
            self._print_when_ready()
            return
        for row in range(self.documents.count()):
            if self.documents.item(row).data(Qt.ItemDataRole.UserRole) == place:
                self.documents.setCurrentRow(row)
        self.documents.setFocus()
