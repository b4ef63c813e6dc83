"""The large preview of one piece of evidence: pages, picture, or what kind of file it is and how to open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ui.models.evidence_list import kind_name
from ui.theme import SPACE, heading, icon, soft
from ui.widgets.page_sources import OnePicture, PdfPages
from ui.widgets.pages_bar import PagesBar
from ui.widgets.pdf_view import Fit, PagesView
from ui.widgets.thumbnails import paint_tile
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.pages_preview import Shown
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_PAUSE = 90  # milliseconds; leafing through the list fetches only where one stops


class _Tile(QWidget):
    """The file's kind, large."""

    def __init__(self) -> None:
        super().__init__()
        self.evidence: Evidence | None = None
        self.setFixedSize(QSize(110, 140))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.evidence is not None:
            painter = QPainter(self)
            paint_tile(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), self.evidence, None)


class EvidencePreview(QWidget):
    """Follows :meth:`show_evidence`; ``open_wanted`` asks for the system's program."""

    open_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._evidence: Evidence | None = None
        self._shown_key = ("", False)
        self.view = PagesView()
        self.view.setAccessibleName(_("Xem trước minh chứng"))
        self.bar = PagesBar(self.view)
        self._tile = _Tile()
        self._name = heading(QLabel(), 2)
        self._facts = soft(QLabel())
        self.open_button = QPushButton(icon("open-external"), _("Mở &bằng chương trình của máy"))
        self.open_button.clicked.connect(self.open_wanted)
        self._words = soft(QLabel())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._fetch)
        self._stack = QStackedWidget()
        self._build()
        self.show_evidence(None)

    def _build(self) -> None:
        without = QWidget()
        middle = QVBoxLayout(without)
        middle.setSpacing(SPACE.medium)
        middle.addStretch(1)
        middle.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._name, self._facts, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            middle.addWidget(label)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        middle.addLayout(buttons)
        middle.addStretch(2)
        pages = QWidget()
        column = QVBoxLayout(pages)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        self._stack.addWidget(pages)
        self._stack.addWidget(without)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def show_evidence(self, evidence: Evidence | None) -> None:
        """Show this piece; the same content again changes nothing."""
        self._evidence = evidence
        key = (evidence.blob.sha256, evidence.blob_present) if evidence else ("", False)
        if evidence is not None and key == self._shown_key:
            self._name.setText(evidence.file_name)
            return
        self._shown_key = key
        self._tile.evidence = evidence
        self._tile.setVisible(evidence is not None)
        self.open_button.setVisible(evidence is not None and evidence.blob_present)
        self._name.setText(evidence.file_name if evidence else "")
        self._facts.setText(f"{kind_name(evidence)} · {wording.size_text(evidence.blob.size)}" if evidence else "")
        self._words.setText("" if evidence else _("Chọn một minh chứng trong danh sách để xem."))
        if evidence is None:
            self._later.stop()
            self.view.show_pages(None)
            self._stack.setCurrentIndex(1)
        else:
            self._later.start()

    def _fetch(self) -> None:
        from ntm_desktop.operations import pages_preview

        if self._evidence is None:
            return
        evidence_id, key = self._evidence.evidence_id, self._shown_key

        def look(workspace: Workspace, task: Task) -> tuple[Shown, QImage | None]:
            shown = pages_preview.of_evidence(workspace, evidence_id)
            picture = QImage(str(shown.path)) if shown.kind is pages_preview.ShownAs.PICTURE else None
            return shown, picture

        def show(found: tuple[Shown, QImage | None]) -> None:
            if key == self._shown_key:
                self._show(*found)

        self._session.run(look, show)

    def _show(self, shown: Shown, picture: QImage | None) -> None:
        if picture is not None and not picture.isNull():
            self.view.show_pages(OnePicture(picture))
            self.view.set_fit(Fit.PAGE)
        elif shown.path is not None and shown.sizes:
            self.view.show_pages(PdfPages(self._session, shown.path, shown.sizes))
            self.view.set_fit(Fit.WIDTH)
        else:
            missing = self._evidence is not None and not self._evidence.blob_present
            lost = _("Tệp này không có trên máy. Hãy nhận lại gói có tệp này, hoặc thêm lại tệp gốc.")
            other = _("Loại tệp này không xem trước được trong cửa sổ.")
            self._words.setText(lost if missing else other)
            self.view.show_pages(None)
            self._stack.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(0)
