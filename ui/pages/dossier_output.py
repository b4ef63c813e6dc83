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
from ui.widgets.printing import PrintJob, Sides
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.one_file import OneFile
    from ntm_desktop.operations.workspace import Workspace
    from ui.pages.dossier import DossierPage
    from ui.tasks import Task


WHOLE = "ho-so-va-minh-chung.pdf"


class DossierOutput(QObject):
    """Asks where to, does it on the worker, says where it is now."""

    def __init__(self, session: Session, page: DossierPage) -> None:
        super().__init__(page)
        self._session = session
        self._page = page
        self._folder = ""
        self.job: PrintJob | None = None

    @property
    def _preview(self) -> DocumentPreview:
        return self._page.preview

    @property
    def _banner(self) -> Banner:
        return self._page.banner

    def _may_go_on(self) -> bool:
        """Ask once where an office would send the dossier back: as a draft, all the same, or not yet."""
        count = self._page.blocking()
        if not count or self._page.draft.isChecked() or self._session.read_only:
            return True
        sentence = _("Còn {count} việc khiến hồ sơ có thể bị trả lại.").format(count=count)
        hint = _("Danh sách bên trái nói rõ từng việc. Bản nháp có chữ «DỰ THẢO» trên mọi trang.")
        chosen = ask(self._page, sentence, hint, (_("Quay lại sửa"), _("Làm bản nháp"), _("Vẫn làm bản chính")))
        if chosen == 1:
            self._page.draft.setChecked(True)
        return chosen in (1, 2)

    # --- printing

    def ask_and_print(self, name: str) -> None:
        """Ask for printer and pages, then print what is shown."""
        drafted = self._page.draft.isChecked()
        if not self._may_go_on():
            return
        if self._page.draft.isChecked() != drafted:  # the pages are being made anew as a draft
            self._page.print_current()
            return
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
        dialog.accepted.connect(lambda: self._print_as_asked(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _print_as_asked(self, dialog: PrintPages) -> None:
        (first, last), copies = dialog.pages(), dialog.copies.value()
        if dialog.by_hand and last > first:
            self.print_to(dialog.printer(), first, last, copies, Sides.ODD)
        else:
            self.print_to(dialog.printer(), first, last, copies)

    def print_to(self, printer: QPrinter, first: int, last: int, copies: int = 1, sides: Sides = Sides.ALL) -> None:
        """Print pages ``first`` to ``last`` of what is shown; the odd ones alone are followed by the even ones."""
        source = self._preview.source
        if self.job is not None:
            return
        if source is None:
            self._banner.say(_("Văn bản vừa đổi, đang được dựng lại. Hãy chờ hiện xong rồi in."), mood=Mood.WARNING)
            return
        job = self.job = PrintJob(source, printer, first, last, copies, sides)
        job.progressed.connect(self._tell_pages)
        if sides is Sides.ODD:
            again = QPrinter(QPrinter.PrinterMode.HighResolution)
            again.setPrinterName(printer.printerName())
            again.setOutputFileName(printer.outputFileName())
            job.done.connect(lambda _count: self._turn(again, first, last, copies))
        else:
            job.done.connect(self._sent)
        job.cancelled.connect(lambda: self._end(_("Đã dừng in. Những trang đã gửi có thể vẫn được in ra."), Mood.INFO))
        failure = _("Không in được. Hãy kiểm tra máy in đã bật và còn giấy, hoặc lưu PDF rồi in ở máy khác.")
        job.failed.connect(lambda: self._end(failure, Mood.ERROR))
        self._tell_pages(0, job.count)
        job.start()

    def _sent(self, count: int) -> None:
        self._end(_("Đã gửi {count} trang tới máy in.").format(count=count), Mood.GOOD)

    def _turn(self, printer: QPrinter, first: int, last: int, copies: int) -> None:
        """The odd pages are out: say how to turn the paper, then print the even ones."""
        self._end("", Mood.INFO)
        self._banner.say(
            _("Đã gửi các trang lẻ. Chờ in xong, lật cả chồng giấy theo cạnh dài rồi cho lại vào khay."),
            _("Máy in xong mặt sau thì mỗi bản đủ trang; tờ cuối có thể để trắng mặt sau."),
            Mood.WARNING,
            [(_("In mặt sau"), lambda: self.print_to(printer, first, last, copies, Sides.EVEN))],
        )

    def _tell_pages(self, printed: int, count: int) -> None:
        if self.job is not None:
            words = _("Đang in trang {page}/{count}…").format(page=min(printed + 1, count), count=count)
            self._banner.say(words, deeds=[(_("Dừng in"), self.job.cancel)], closable=False)

    def _end(self, sentence: str, mood: Mood) -> None:
        if self.job is not None:
            self.job.deleteLater()
            self.job = None
        if sentence:
            self._banner.say(sentence, mood=mood)

    # --- files

    def _ask_folder(self) -> Path | None:
        start = self._folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = QFileDialog.getExistingDirectory(self._page, _("Chọn thư mục để lưu hồ sơ"), start)
        if folder:
            self._folder = folder
        return Path(folder) if folder else None

    def save(self, form: str, documents: tuple[str, ...] | None) -> None:
        """Ask for a folder and write files of this form there; without ``documents`` the whole dossier."""
        if not self._may_go_on():
            return
        folder = self._ask_folder()
        if folder is None:
            return
        assessment_id = self._session.shown_id

        def look(workspace: Workspace, task: Task) -> tuple[str, ...]:
            from ntm_desktop.operations import dossier

            return dossier.existing(workspace, assessment_id, folder, (form,), documents)

        def go_on(names: tuple[str, ...]) -> None:
            if self._may_replace(names):
                self.save_into(folder, form, documents)

        self._session.run(look, go_on, self._refused)

    def _may_replace(self, names: tuple[str, ...]) -> bool:
        """Ask before files are replaced that the person may have worked on."""
        if not names:
            return True
        sentence = _("Thư mục này đã có: {names}.").format(names=", ".join(names))
        hint = _("Nếu thay, nội dung đã sửa trong các tệp cũ sẽ mất.")
        return ask(self._page, sentence, hint, (_("Giữ tệp cũ"), _("Thay tệp cũ")), dangerous=1) == 1

    def save_into(self, folder: Path, form: str, documents: tuple[str, ...] | None) -> None:
        """Write the files on the worker, with progress and cancel."""
        from ntm_desktop.operations import dossier

        assessment_id, draft = self._session.shown_id, self._page.draft.isChecked()

        def write(workspace: Workspace, task: Task) -> tuple[Path, ...]:
            return dossier.write(workspace, assessment_id, folder, (form,), documents, task, draft=draft)

        self._follow(self._session.run(write, self._saved, self._refused))

    def save_whole(self) -> None:
        """Ask for a folder and write the dossier with all evidence there as one PDF."""
        if not self._may_go_on():
            return
        folder = self._ask_folder()
        if folder is None:
            return
        path = folder / WHOLE
        if self._may_replace((path.name,) if path.exists() else ()):
            self.save_whole_as(path)

    def save_whole_as(self, path: Path) -> None:
        """Write it on the worker, with progress and cancel."""
        from ntm_desktop.operations import one_file

        assessment_id, draft = self._session.shown_id, self._page.draft.isChecked()

        def write(workspace: Workspace, task: Task) -> OneFile:
            return one_file.write(workspace, assessment_id, path, draft=draft, progress=task)

        self._follow(self._session.run(write, self._whole_saved, self._refused))

    def _follow(self, task: Task) -> None:
        task.title = _("Đang lưu hồ sơ")
        task.cancelled.connect(lambda: self._banner.say(_("Đã huỷ lưu. Các tệp đã có từ trước vẫn giữ nguyên.")))
        self._page.line.follow(task)

    def _whole_saved(self, made: OneFile) -> None:
        sentence = _("Đã lưu {name} ({count} trang) vào {folder}.").format(
            name=made.path.name, count=made.pages, folder=made.path.parent
        )
        names = "; ".join(title for title, _why in made.slips)
        hint = _("Chỉ có tờ thay thế cho: {names}.").format(names=names) if names else ""
        mood = Mood.WARNING if names else Mood.GOOD
        self._banner.say(sentence, hint, mood, [(_("Mở tệp"), lambda: open_in_system(made.path))])

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

    # --- back from Word

    def take_back(self) -> None:
        """Ask for a Word file, show what differs, take it."""
        name, _kind = QFileDialog.getOpenFileName(
            self._page, _("Chọn tệp Word đã sửa"), self._folder, _("Tệp Word (*.docx)")
        )
        if name:
            self.look_into(Path(name))

    def look_into(self, path: Path) -> None:
        """Read a Word file and show what would be taken."""
        from ntm_desktop.operations import texts
        from ui.dialogs.take_back import TakeBack

        assessment_id = self._session.shown_id

        def read(workspace: Workspace, task: Task) -> texts.TakenBack:
            return texts.take_back(workspace, assessment_id, path, dry_run=True)

        def show(found: texts.TakenBack) -> None:
            dialog = TakeBack(found, path.name, self._page)
            dialog.accepted.connect(lambda: self._take(path))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._session.run(read, show, self._refused)

    def _take(self, path: Path) -> None:
        from ntm_desktop.operations import texts

        assessment_id = self._session.shown_id

        def take(workspace: Workspace, task: Task) -> texts.TakenBack:
            return texts.take_back(workspace, assessment_id, path)

        def taken(found: texts.TakenBack) -> None:
            words = _("Đã lấy lại {count} phần từ {name}. Muốn trở về thì bấm Ctrl+Z.")
            self._banner.say(words.format(count=len(found.sections), name=path.name), mood=Mood.GOOD)

        self._session.run(take, taken, self._refused)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self._banner.say(error.message, error.hint, Mood.ERROR)
        return True
