"""«Nhận từ USB»: choose packages, see what they would change, take them; a bad one changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTableView,
    QWidget,
)

from ntm_desktop import wording
from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.models.drives import drives
from ui.models.preview_lines import PreviewLines
from ui.theme import SIZE, SPACE, icon, primary, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.steps import StepCard
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.receiving import Preview, Received
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

SUFFIX = ".ntmpkg"


class ReceiveCard(StepCard):
    """``received`` is emitted with what came of the packages."""

    received = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("import-down", _("Nhận từ USB"), parent)
        self._session = session
        self._chosen: tuple[Path, ...] = ()
        self._task: Task | None = None
        self._lines = PreviewLines(self)
        self._start = ""  # where choosing begins: the first stick
        self.found = QListWidget()
        self.found.setAccessibleName(_("Các gói tìm thấy trên USB"))
        self.found.setFixedHeight(2 * SIZE.row + 6)
        self.file_button = QPushButton(icon("package"), _("Chọn tệ&p gói…"))
        self.folder_button = QPushButton(icon("folder-open"), _("Chọn t&hư mục…"))
        self.refresh_button = QPushButton(icon("refresh"), _("Tìm lại"))
        self.facts = soft(QLabel(_("Chưa chọn gói. Gói được xem trước, chưa có gì thay đổi cho tới khi bấm nhận.")))
        self.facts.setWordWrap(True)
        self.table = QTableView()
        self.button = primary(QPushButton(icon("import-down", "#ffffff"), _("&Nhận gói này")))
        self.line = TaskLine()
        self.result = Banner()
        self._build()
        self.file_button.clicked.connect(self.pick_files)
        self.folder_button.clicked.connect(self.pick_folder)
        self.refresh_button.clicked.connect(self.refresh)
        self.found.itemClicked.connect(self._take_found)
        self.found.itemActivated.connect(self._take_found)
        self.button.clicked.connect(self.receive)
        self._enable()

    def _build(self) -> None:
        self.table.setModel(self._lines)
        self.table.setAccessibleName(_("Những gì gói sẽ thay đổi"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(SIZE.row)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setMinimumHeight(110)
        self.table.hide()
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.small)
        for button in (self.file_button, self.folder_button, self.refresh_button):
            row.addWidget(button)
        row.addStretch(1)
        self.step(_("Cắm USB và chọn gói"), self.found, buttons)
        self.step(_("Xem trước những gì sẽ thay đổi"), self.facts)
        self.column.addWidget(self.table, 10)
        self.step(_("Nhận gói"), self.button, self.line, self.result)
        self.column.addStretch(1)

    def first_focus(self) -> QWidget:
        """Where the road begins."""
        return self.found if self.found.isVisibleTo(self) else self.file_button

    # --- choosing

    def refresh(self) -> None:
        """Look for packages right on the sticks (not in their folders: that could take long)."""

        def look(task: Task) -> tuple[list[Path], list[Path]]:
            sticks = [drive.path for drive in drives() if drive.removable]
            found: list[Path] = []
            for place in sticks:
                try:
                    found += [file for file in place.iterdir() if file.name.lower().endswith(SUFFIX)]
                except OSError:
                    continue
            return sticks, sorted(found, key=_written_at, reverse=True)

        self._session.run_free(look, lambda seen: self._show_found(*seen))

    def _show_found(self, sticks: Sequence[Path], files: Sequence[Path]) -> None:
        self._start = str(sticks[0]) if sticks else ""
        self.found.clear()
        for file in files:
            item = QListWidgetItem(icon("package"), file.name)
            item.setToolTip(str(file))
            item.setData(Qt.ItemDataRole.UserRole, str(file))
            self.found.addItem(item)
        self.found.setVisible(bool(files))

    def _take_found(self, item: QListWidgetItem) -> None:
        self.choose([Path(str(item.data(Qt.ItemDataRole.UserRole)))])

    def pick_files(self) -> None:
        """Ask for package files."""
        kinds = _("Gói đồng bộ") + f" (*{SUFFIX});;" + _("Tất cả các tệp") + " (*)"
        names, _kind = QFileDialog.getOpenFileNames(self, _("Chọn gói để nhận"), self._start, kinds)
        if names:
            self.choose([Path(name) for name in names])

    def pick_folder(self) -> None:
        """Ask for a folder with packages."""
        folder = QFileDialog.getExistingDirectory(self, _("Chọn thư mục hoặc USB có gói"), self._start)
        if folder:
            self.choose([Path(folder)])

    def choose(self, places: Sequence[Path]) -> None:
        """Inspect these files, or all packages in these folders; nothing is changed."""
        from ntm_desktop.operations import receiving

        if self._task is not None:
            return
        self._chosen = ()
        self.result.clear()

        def look(
            workspace: Workspace, task: Task
        ) -> tuple[tuple[Path, ...], list[Preview], list[tuple[Path, UserError]]]:
            files = receiving.package_files(list(places))
            seen: list[Preview] = []
            bad: list[tuple[Path, UserError]] = []
            for file in files:
                try:
                    seen.append(receiving.inspect(workspace, file, task))
                except UserError as error:
                    bad.append((file, error))
            return files, seen, bad

        self._follow(
            self._session.run(look, lambda found: self._show_previews(*found), self._refused), _("Đang xem gói")
        )

    def _show_previews(
        self, files: tuple[Path, ...], seen: Sequence[Preview], bad: Sequence[tuple[Path, UserError]]
    ) -> None:
        self._chosen = tuple(preview.path for preview in seen)
        lines = [line for preview in seen for line in preview.lines]
        self._lines.take(list(enumerate(lines)))
        self.table.setVisible(bool(lines))
        if not files:
            self.facts.setText(_("Không thấy gói nào ở đó (tệp có đuôi {suffix}).").format(suffix=SUFFIX))
        elif seen:
            self.facts.setText("\n".join(_facts(preview) for preview in seen))
        else:
            self.facts.setText(_("Không có gói nào nhận được. Dữ liệu trên máy này không thay đổi."))
        if bad:
            first = bad[0][1]
            more = _("Và {count} gói khác cũng không đọc được.").format(count=len(bad) - 1) if len(bad) > 1 else ""
            self.result.say(first.message, f"{first.hint} {more}".strip(), Mood.ERROR)
        self._enable()
        if self._chosen:
            self.button.setFocus()

    # --- taking

    def receive(self) -> None:
        """Import what was looked at."""
        from ntm_desktop.operations import receiving

        chosen = list(self._chosen)
        if not chosen or self._task is not None:
            return
        self.result.clear()

        def take(workspace: Workspace, task: Task) -> Received:
            return receiving.import_files(workspace, chosen, task)

        task = self._session.run(take, self._taken, self._refused)
        task.cancelled.connect(self._cancelled)
        self._follow(task, _("Đang nhận gói"))

    def _taken(self, received: Received) -> None:
        self._chosen = ()
        self._lines.take(())
        self.table.hide()
        self.facts.setText(_("Chưa chọn gói."))
        good = [outcome for outcome in received.outcomes if outcome.error is None]
        bad = [outcome.error for outcome in received.outcomes if outcome.error is not None]
        if bad:
            self.result.say(bad[0].message, bad[0].hint, Mood.ERROR)
        elif not any(outcome.applied or outcome.blobs for outcome in good):
            self.result.say(_("Gói này đã nhận từ trước. Không có gì thay đổi."))
        else:
            missing = [name for outcome in good for name in outcome.missing]
            sentence = _("Đã nhận {changes} thay đổi mới và {blobs} tệp minh chứng.").format(
                changes=sum(outcome.applied for outcome in good), blobs=sum(outcome.blobs for outcome in good)
            )
            hint = _("Dữ liệu đã được ghi an toàn. Có thể rút USB ra.")
            if missing:
                hint += " " + _("Còn thiếu {count} tệp minh chứng: hãy đề nghị nơi gửi xuất gói toàn bộ.").format(
                    count=len(missing)
                )
            self.result.say(sentence, hint, Mood.WARNING if missing else Mood.GOOD)
        self.received.emit(received)

    def _follow(self, task: Task, title: str) -> None:
        task.title = title
        self._task = task
        task.finished.connect(self._finished)
        self.line.follow(task)
        self._enable()

    def _finished(self) -> None:
        self._task = None
        self._enable()

    def _enable(self) -> None:
        idle = self._task is None
        self.button.setEnabled(idle and bool(self._chosen))
        count = len(self._chosen)
        self.button.setText(_("&Nhận {count} gói này").format(count=count) if count > 1 else _("&Nhận gói này"))
        for button in (self.file_button, self.folder_button, self.refresh_button):
            button.setEnabled(idle)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self.result.say(error.message, error.hint, Mood.ERROR)
        return True

    def _cancelled(self) -> None:
        self.result.say(_("Đã huỷ. Gói chưa nhận xong không làm thay đổi gì."))
        self._session.reload()


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _facts(preview: Preview) -> str:
    """Who sent it, when, how much is new."""
    text = _(
        "{unit}, gửi bởi {sender} lúc {time}: {new} thay đổi mới trong {all}, {blobs} tệp minh chứng mới ({size})."
    )
    warnings = " ".join(preview.warnings)
    return text.format(
        unit=preview.unit.full_name,
        sender=preview.sender or _("(không ghi tên)"),
        time=wording.time_text(preview.created_at),
        new=preview.new_changes,
        all=preview.changes,
        blobs=preview.new_blobs,
        size=wording.size_text(preview.size),
    ) + (f" {warnings}" if warnings else "")
