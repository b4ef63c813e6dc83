"""Out of the dossier page: to a printer, to PDF and Excel files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.message import ask
from ui.dialogs.print_pages import PrintPages
from ui.widgets.banner import Banner, Mood
from ui.widgets.document_preview import DocumentPreview
from ui.widgets.evidence_deeds import open_in_system
from ui.widgets.printing import PrintJob
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task


class DossierOutput(QObject):
    """Asks where to, does it on the worker, says where it is now."""

    def __init__(self, session: Session, preview: DocumentPreview, banner: Banner, line: TaskLine) -> None:
        super().__init__(preview)
        self._session = session
        self._preview = preview
        self._banner = banner
        self._line = line
        self._folder = ""
        self.job: PrintJob | None = None

    # --- printing

    def ask_and_print(self, name: str) -> None:
        """Ask for printer and pages, then print what is shown."""
        source = self._preview.source
        if source is None or not source.sizes:
            self._banner.say(_("Văn bản đang được dựng. Hãy chờ hiện xong rồi in."))
            return
        if not QPrinterInfo.availablePrinterNames():
            self._banner.say(
                _("Máy này chưa cài máy in nào."),
                _("Hãy cài máy in, hoặc lưu PDF rồi in ở máy khác."),
                Mood.WARNING,
                [(_("Lưu PDF…"), lambda: self.save("pdf", None))],
            )
            return
        dialog = PrintPages(name, self._preview.view.page, len(source.sizes), self._preview)
        dialog.accepted.connect(lambda: self.print_to(dialog.printer(), *dialog.pages(), dialog.copies.value()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def print_to(self, printer: QPrinter, first: int, last: int, copies: int = 1) -> None:
        """Print pages ``first`` to ``last`` of what is shown."""
        source = self._preview.source
        if source is None or self.job is not None:
            return
        job = self.job = PrintJob(source, printer, first, last, copies)
        job.progressed.connect(self._tell_pages)
        job.done.connect(lambda count: self._end(_("Đã gửi {count} trang tới máy in.").format(count=count), Mood.GOOD))
        job.cancelled.connect(lambda: self._end(_("Đã dừng in. Những trang đã gửi có thể vẫn được in ra."), Mood.INFO))
        failure = _("Không in được. Hãy kiểm tra máy in đã bật và còn giấy, hoặc lưu PDF rồi in ở máy khác.")
        job.failed.connect(lambda: self._end(failure, Mood.ERROR))
        self._tell_pages(0, last - first + 1)
        job.start()

    def _tell_pages(self, printed: int, count: int) -> None:
        if self.job is not None:
            words = _("Đang in trang {page}/{count}…").format(page=min(printed + 1, count), count=count)
            self._banner.say(words, deeds=[(_("Dừng in"), self.job.cancel)], closable=False)

    def _end(self, sentence: str, mood: Mood) -> None:
        if self.job is not None:
            self.job.deleteLater()
            self.job = None
        self._banner.say(sentence, mood=mood)

    # --- files

    def save(self, form: str, documents: tuple[str, ...] | None) -> None:
        """Ask for a folder and write files of this form there; without ``documents`` the whole dossier."""
        start = self._folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = QFileDialog.getExistingDirectory(self._preview, _("Chọn thư mục để lưu hồ sơ"), start)
        if folder and self._may_replace(Path(folder), form, documents):
            self.save_into(Path(folder), form, documents)

    def _may_replace(self, folder: Path, form: str, documents: tuple[str, ...] | None) -> bool:
        """Ask before files are replaced that the person may have worked on."""
        from ntm_desktop.operations import dossier

        names = dossier.existing(folder, (form,), documents)
        if not names:
            return True
        sentence = _("Thư mục này đã có: {names}.").format(names=", ".join(names))
        hint = _("Nếu thay, nội dung đã sửa trong các tệp cũ sẽ mất.")
        return ask(self._preview, sentence, hint, (_("Giữ tệp cũ"), _("Thay tệp cũ")), dangerous=1) == 1

    def save_into(self, folder: Path, form: str, documents: tuple[str, ...] | None) -> None:
        """Write the files on the worker, with progress and cancel."""
        from ntm_desktop.operations import dossier

        self._folder = str(folder)
        assessment_id = self._session.shown_id

        def write(workspace: Workspace, task: Task) -> tuple[Path, ...]:
            return dossier.write(workspace, assessment_id, folder, (form,), documents, task)

        task = self._session.run(write, self._saved, self._refused)
        task.title = _("Đang lưu hồ sơ")
        task.cancelled.connect(lambda: self._banner.say(_("Đã huỷ lưu. Các tệp đã có từ trước vẫn giữ nguyên.")))
        self._line.follow(task)

    def _saved(self, files: tuple[Path, ...]) -> None:
        if not files:
            self._banner.say(_("Các văn bản này không có dạng bảng tính."), mood=Mood.WARNING)
            return
        folder = files[0].parent
        if len(files) == 1:
            sentence = _("Đã lưu {name} vào {folder}.").format(name=files[0].name, folder=folder)
        else:
            sentence = _("Đã lưu {count} tệp vào {folder}.").format(count=len(files), folder=folder)
        deeds = [(_("Mở thư mục"), lambda: open_in_system(folder))]
        if len(files) == 1:
            deeds.insert(0, (_("Mở tệp"), lambda: open_in_system(files[0])))
        self._banner.say(sentence, mood=Mood.GOOD, deeds=deeds)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._banner.say(error.message, error.hint, Mood.ERROR)
        return True
