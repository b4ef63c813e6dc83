"""The hand-over slip of a package, as it prints."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.dialogs.print_pages import PrintPages
from ui.theme import SPACE, icon, primary
from ui.widgets.banner import Banner, Mood
from ui.widgets.evidence_deeds import open_in_system
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.page_sources import PdfPages
from ui.widgets.pdf_view import Fit, PagesView
from ui.widgets.printing import PrintJob
from ui.workspace import Session

COPIES = 2  # one for each who signs


class Slip(QDialog):
    """The page, and what can be done with it."""

    def __init__(
        self, session: Session, path: Path, sizes: tuple[tuple[float, float], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Phiếu giao nhận"))
        self.job: PrintJob | None = None
        self._source = PdfPages(session, path, sizes)
        self.banner = Banner()
        self.view = PagesView()
        self.view.set_fit(Fit.WIDTH)
        self.view.show_pages(self._source)
        self.print_button = primary(QPushButton(icon("print", "#ffffff"), _("&In hai bản…")))
        self.print_button.setDefault(True)
        self.print_button.clicked.connect(self.ask_and_print)
        self.open_button = QPushButton(icon("open-external"), _("&Mở tệp PDF"))
        self.open_button.clicked.connect(lambda: self._open(path))
        self.close_button = QPushButton(_("Đó&ng"))
        self.close_button.clicked.connect(self.reject)
        foot = QWidget()
        row = FlowLayout(foot, SPACE.small)
        for button in (self.print_button, self.open_button, self.close_button):
            button.setAutoDefault(button is self.print_button)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.small)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        column.addWidget(foot)
        room = self.screen().availableSize()
        self.resize(min(760, room.width() - 40), min(900, room.height() - 60))

    def _open(self, path: Path) -> None:
        if not open_in_system(path):
            sentence = _("Máy này chưa có chương trình mở được tệp {name}.").format(name=path.name)
            self.banner.say(sentence, str(path), Mood.WARNING)

    def ask_and_print(self) -> None:
        """Ask for the printer, then print."""
        if not QPrinterInfo.availablePrinterNames():
            self.banner.say(
                _("Máy này chưa cài máy in nào."),
                _("Hãy mở tệp PDF, chép sang máy khác có máy in rồi in ở đó."),
                Mood.WARNING,
            )
            return
        dialog = PrintPages(self.windowTitle(), 1, len(self._source.sizes), self)
        dialog.copies.setValue(COPIES)
        dialog.accepted.connect(lambda: self.print_to(dialog.printer(), *dialog.pages(), dialog.copies.value()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def print_to(self, printer: QPrinter, first: int, last: int, copies: int = COPIES) -> None:
        """Print on this printer."""
        if self.job is not None:
            return
        job = self.job = PrintJob(self._source, printer, first, last, copies)
        job.done.connect(lambda count: self._end(_("Đã gửi {count} trang tới máy in.").format(count=count), Mood.GOOD))
        job.cancelled.connect(lambda: self._end(_("Đã dừng in."), Mood.INFO))
        failure = _("Không in được. Hãy kiểm tra máy in đã bật và còn giấy, hoặc mở tệp PDF rồi in ở máy khác.")
        job.failed.connect(lambda: self._end(failure, Mood.ERROR))
        self.print_button.setEnabled(False)
        job.start()

    def _end(self, sentence: str, mood: Mood) -> None:
        self.job = None
        self.print_button.setEnabled(True)
        self.banner.say(sentence, mood=mood)
