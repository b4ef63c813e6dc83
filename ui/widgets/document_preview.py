"""A document of the dossier as it prints: written anew by the worker when data change, shown without a flicker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.theme import SPACE
from ui.widgets.page_sources import PdfPages
from ui.widgets.page_thumbs import PageThumbs
from ui.widgets.pages_bar import PagesBar
from ui.widgets.pages_search import PagesSearch
from ui.widgets.pdf_view import PagesView
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_WITH_THUMBS = 620  # pixels from which the small pages stand beside
_PAUSE = 250  # milliseconds of quiet before a document is written anew


class DocumentPreview(QWidget):
    """Shows one document of one assessment. Written only while it is in sight."""

    updating = Signal(bool)
    ready = Signal()  # the pages that are shown are up to date
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted = ("", "", False)  # assessment id, document id, draft
        self._shown = ("", "", False)
        self._outdated = False
        self._task: Task | None = None
        self.view = PagesView()
        self.bar = PagesBar(self.view)
        self.search = PagesSearch(session, self.view)
        self.thumbs = PageThumbs(self.view)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._write)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.bar)
        column.addWidget(self.search)
        pages = QHBoxLayout()
        pages.setSpacing(SPACE.tiny)
        pages.addWidget(self.thumbs)
        pages.addWidget(self.view, 1)
        column.addLayout(pages, 1)

    @property
    def source(self) -> PdfPages | None:
        """The pages that are shown and up to date; None while they are not."""
        source = self.view.source
        fresh = not self._outdated and self._shown == self._wanted
        return source if isinstance(source, PdfPages) and fresh else None

    def show_document(self, assessment_id: str, document_id: str, draft: bool = False) -> None:
        """Show this document; the same one again means that its data may have changed."""
        wanted = (assessment_id, document_id, draft)
        other = wanted != self._wanted
        self._wanted, self._outdated = wanted, True
        if other:
            self.view.show_pages(None, _("Đang dựng văn bản…") if assessment_id else "")
            self._shown = ("", "", False)
            self.thumbs.show_source(None)
            self.search.renew()
        if not assessment_id:
            self._outdated = False
            return
        self.updating.emit(True)
        if other and self.isVisible():
            self._write()
        else:
            self._later.start()

    def showEvent(self, event: object) -> None:
        if self._outdated:
            self._later.start()

    def _write(self) -> None:
        from ntm_desktop.operations import dossier, pages_preview

        self._later.stop()
        if not self._outdated or not self.isVisible() or not self._wanted[0]:
            return
        if self._task is not None:  # what is being written is out of date already: write once more when it is done
            return
        self._outdated = False
        wanted = self._wanted

        def write(workspace: Workspace, task: Task) -> PdfPages:
            path = dossier.preview(workspace, wanted[0], wanted[1], task, draft=wanted[2])
            return PdfPages(self._session, path, pages_preview.page_sizes(path))

        self._task = self._session.run(write, lambda source: self._show(wanted, source), self._refused)
        self._task.finished.connect(self._finished)

    def _show(self, wanted: tuple[str, str, bool], source: PdfPages) -> None:
        if wanted == self._wanted:
            self.view.show_pages(source, keep_place=wanted == self._shown)
            self.thumbs.show_source(source)
            self.search.renew()
            self._shown = wanted

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the pages have all of it."""
        super().resizeEvent(event)
        self.thumbs.setVisible(event.size().width() >= _WITH_THUMBS)

    def _finished(self) -> None:
        self._task = None
        if self._outdated:
            self._later.start()
        else:
            self.updating.emit(False)
            if self.source is not None:
                self.ready.emit()

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self.view.show_pages(None, str(error))
        self.failed.emit(error)
        return True
