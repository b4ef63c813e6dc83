"""The office page: packages in, a table of communes, filters with counts, the matrix; Enter opens a commune to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.dialogs.office_matrix import OfficeMatrix
from ui.dialogs.office_received import OfficeReceived, received_sentence
from ui.models.commune_table import (
    BAND_NAMES,
    CRITERIA,
    EVIDENCE,
    INDICATORS,
    NAME,
    SENT,
    SET,
    SORT_ROLE,
    STATE,
    UNMET,
    Band,
    CommuneProxy,
    CommuneTable,
    band_of,
    set_of,
    summary_line,
)
from ui.models.rows import KEY_ROLE, ROW_ROLE
from ui.pages.criteria_opinion import ask_return
from ui.pages.page import Page
from ui.theme import SIZE, SPACE, heading, icon, primary, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.evidence_intake import local_files
from ui.widgets.narrow import turn_layout
from ui.widgets.receive_card import SUFFIX
from ui.widgets.tally_cell import TallyCell
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.overview import CommuneRow
    from ntm_desktop.operations.receiving import Received
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_WIDTHS = {NAME: 136, SET: 252, CRITERIA: 130, INDICATORS: 130, UNMET: 110, EVIDENCE: 134, STATE: 138, SENT: 118}


class OfficePage(Page):
    """For the role «office» only."""

    key = "office"
    icon = "office"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._task: Task | None = None
        self._lead_to_table = True  # once there are communes, also after receiving: its buttons are off meanwhile
        self._model = CommuneTable(self)
        self._proxy = CommuneProxy(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setSortRole(SORT_ROLE)
        self.banner = Banner()
        self.line = TaskLine()
        self.table = QTableView()
        self.search = QLineEdit()
        self.sets, self.bands = QComboBox(), QComboBox()
        self.lacking = QCheckBox()
        self.summary = QLabel()
        self._make_buttons()
        self._make_table()
        self._build()
        self._connect()

    def title(self) -> str:
        return _("Các xã")

    def first_focus(self) -> QWidget:
        return self.table if self._model.rows else self.files_button

    def panes(self) -> Sequence[QWidget]:
        return (self.search, self.table)

    # --- building

    def _make_buttons(self) -> None:
        self.files_button = primary(QPushButton(icon("import-down", "#ffffff"), _("&Nhận gói…")))
        self.files_button.setToolTip(_("Chọn một hay nhiều tệp gói"))
        self.folder_button = QPushButton(icon("usb"), _("Nhận cả &USB hoặc thư mục…"))
        self.matrix_button = QPushButton(icon("table"), _("&Bảng xã × tiêu chí"))
        self.open_button = QPushButton(icon("eye"), _("Xem xã nà&y"))
        self.open_button.setToolTip(_("Mở để xem và ghi ý kiến (Enter)"))
        self.state_button = QPushButton(icon("returned"), _("Tình t&rạng hồ sơ…"))
        self.state_button.setToolTip(_("Ghi đã tiếp nhận, trả lại để bổ sung hoặc đã chấp thuận"))

    def _make_table(self) -> None:
        table = self.table
        table.setModel(self._proxy)
        table.setAccessibleName(_("Bảng các xã"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setSortingEnabled(True)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(SIZE.row + 4)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        for column, width in _WIDTHS.items():
            head.resizeSection(column, width)
        head.setSectionResizeMode(UNMET, QHeaderView.ResizeMode.Stretch)
        bars = TallyCell(table)
        for column in (CRITERIA, INDICATORS):
            table.setItemDelegateForColumn(column, bars)
        table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.small)
        for button in (self.open_button, self.state_button, self.matrix_button, self.folder_button, self.files_button):
            buttons.addWidget(button)
        top = self._top = QHBoxLayout()
        top.setSpacing(SPACE.small)
        top.addWidget(heading(QLabel(self.title())), 1)
        top.addLayout(buttons)
        self.search.setPlaceholderText(_("Tìm tên xã, có dấu hay không dấu đều được"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(_("Tìm xã"))
        self.sets.setAccessibleName(_("Bộ tiêu chí và năm"))
        self.bands.setAccessibleName(_("Mức đạt"))
        filters = QHBoxLayout()
        filters.setSpacing(SPACE.small)
        filters.addWidget(self.search, 2)
        filters.addWidget(self.sets, 2)
        filters.addWidget(self.bands, 1)
        filters.addWidget(self.lacking)
        self._empty = soft(QLabel())
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.summary.setWordWrap(True)
        self._filters = QWidget()
        self._filters.setLayout(filters)
        filters.setContentsMargins(0, 0, 0, 0)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        page.setSpacing(SPACE.small)
        page.addLayout(top)
        page.addWidget(self.banner)
        page.addWidget(self.line)
        page.addWidget(self._filters)
        page.addWidget(self._stack, 1)
        page.addWidget(self.summary)

    def _connect(self) -> None:
        self.session.changed.connect(lambda changes: self.refresh() if changes.touches("dossier_return") else None)
        self.search.textChanged.connect(self._proxy.search)
        self.search.textChanged.connect(lambda _text: self._tell())
        self.search.returnPressed.connect(self.table.setFocus)
        for box in (self.sets, self.bands):
            box.currentIndexChanged.connect(lambda _index: self._filter())
        self.lacking.toggled.connect(lambda _on: self._filter())
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentChanged.connect(lambda *_all: self._tell())
        self.open_button.clicked.connect(lambda: self._open(self.table.currentIndex()))
        self.state_button.clicked.connect(self.write_state)
        self.matrix_button.clicked.connect(self.show_matrix)
        self.files_button.clicked.connect(self.pick_files)
        self.folder_button.clicked.connect(self.pick_folder)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn_layout(self._top, event.size().width())

    def activate(self) -> None:
        self.refresh()

    # --- showing

    def refresh(self) -> None:
        """Read the communes anew."""
        from ntm_desktop.operations import overview

        def read(workspace: Workspace, task: Task) -> tuple[CommuneRow, ...]:
            return overview.office_rows(workspace)

        self.session.run(read, self._show)

    def _show(self, rows: tuple[CommuneRow, ...]) -> None:
        self._model.take(rows)
        self._fill(self.sets, _("Mọi bộ tiêu chí ({count})"), Counter(map(set_of, rows)), len(rows))
        counts = Counter(band_of(row.criteria) for row in rows)
        bands = {_(BAND_NAMES[band]): counts[band] for band in Band}
        self._fill(self.bands, _("Mọi mức đạt ({count})"), bands, len(rows))
        lacking = sum(bool(row.missing_evidence) for row in rows)
        self.lacking.setText(_("Chỉ xã thiếu &minh chứng ({count})").format(count=lacking))
        self._filter()
        if rows and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self._proxy.index(0, 0))
        if rows and self._lead_to_table and self.isVisible():
            self._lead_to_table = False
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, box: QComboBox, everything: str, counts: dict[str, int], total: int) -> None:
        chosen = box.currentData()
        box.blockSignals(True)
        box.clear()
        box.addItem(everything.format(count=total), None)
        for name, count in counts.items():
            box.addItem(_("{name} ({count})").format(name=name, count=count), name)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)

    def _filter(self) -> None:
        names = {_(name): band for band, name in BAND_NAMES.items()}
        self._proxy.choose(self.sets.currentData(), names.get(self.bands.currentData()), self.lacking.isChecked())
        self._tell()

    def _tell(self) -> None:
        rows = self._proxy.shown_rows()
        self.summary.setText(summary_line(rows))
        self._filters.setVisible(bool(self._model.rows))
        self._stack.setCurrentIndex(0 if rows else 1)
        self.matrix_button.setEnabled(bool(rows))
        for button in (self.open_button, self.state_button):
            button.setEnabled(self.table.currentIndex().isValid() and bool(rows))
        if self._model.rows:
            self._empty.setText(_("Không có xã nào khớp với tìm kiếm và bộ lọc."))
        else:
            words = _("Chưa nhận gói của xã nào.\n\nCắm USB rồi bấm «Nhận gói…» hoặc «Nhận cả USB hoặc thư mục…».")
            self._empty.setText(words)

    # --- opening

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self._look_at(str(index.data(KEY_ROLE)))

    def _look_at(self, assessment_id: str, place: str = "") -> None:
        self.session.show_assessment(assessment_id, read_only=True)
        self.session.reload(lambda _assessed: self.session.go("criteria", place))

    def write_state(self) -> None:
        """Ask what the office does with the dossier of the chosen commune."""
        row: CommuneRow | None = self.table.currentIndex().data(ROW_ROLE)
        if row is not None:
            ask_return(self.session, row.assessment_id, row.unit.full_name, row.returned, self)

    def show_matrix(self) -> None:
        """Communes × criteria of the set of the chosen commune, as filtered."""
        rows = self._proxy.shown_rows()
        if not rows:
            return
        current = self.table.currentIndex()
        chosen = next((row for row in rows if row.assessment_id == current.data(KEY_ROLE)), rows[0])
        matrix = OfficeMatrix([row for row in rows if set_of(row) == set_of(chosen)], self)
        matrix.chosen.connect(lambda assessment_id, number: self._look_at(assessment_id, f"criterion:{number}"))
        matrix.open()

    # --- taking packages in

    def pick_files(self) -> None:
        """Ask for package files."""
        kinds = _("Gói đồng bộ") + f" (*{SUFFIX});;" + _("Tất cả các tệp") + " (*)"
        names, _kind = QFileDialog.getOpenFileNames(self, _("Chọn một hay nhiều gói để nhận"), "", kinds)
        if names:
            self.receive([Path(name) for name in names])

    def pick_folder(self) -> None:
        """Ask for a folder or stick; all packages in it and below are taken."""
        folder = QFileDialog.getExistingDirectory(self, _("Chọn USB hoặc thư mục có các gói"))
        if folder:
            self.receive([Path(folder)])

    def receive(self, places: Sequence[Path]) -> None:
        """Import packages, each for itself."""
        from ntm_desktop.operations import receiving

        if self._task is not None:
            return

        def take(workspace: Workspace, task: Task) -> Received:
            return receiving.import_files(workspace, list(places), task)

        self.banner.clear()
        self._lead_to_table = True  # the buttons are off meanwhile and lose the focus
        task = self._task = self.session.run(take, self._received, self._refused)
        task.title = _("Đang nhận gói")
        task.cancelled.connect(self._cancelled)
        task.finished.connect(self._finished)
        self.line.follow(task)
        self._enable_receiving()

    def _received(self, received: Received) -> None:
        outcomes = received.outcomes
        if not outcomes:
            sentence = _("Không thấy gói nào ở đó (tệp có đuôi {suffix}).").format(suffix=SUFFIX)
            self.banner.say(sentence, mood=Mood.WARNING)
            return
        bad = any(outcome.error is not None for outcome in outcomes)
        details = [(_("Xem từng gói…"), lambda: OfficeReceived(received, self).open())]
        if bad:  # passphrases and damaged packages are dealt with where packages are looked at
            details.append((_("Xem trước ở trang Trao đổi…"), lambda: self.session.go("exchange", "receive")))
        self.banner.say(received_sentence(received), "", Mood.WARNING if bad else Mood.GOOD, details)
        if bad or len(outcomes) > 1:
            OfficeReceived(received, self).open()

    def _cancelled(self) -> None:
        self.banner.say(_("Đã dừng. Các gói nhận xong trước đó được giữ lại, gói đang nhận dở không làm thay đổi gì."))
        self.refresh()

    def _finished(self) -> None:
        self._task = None
        self._enable_receiving()

    def _enable_receiving(self) -> None:
        for button in (self.files_button, self.folder_button):
            button.setEnabled(self._task is None)

    def _refused(self, error: Exception) -> bool:
        if not isinstance(error, UserError):
            return False
        self.banner.say(error.message, error.hint, Mood.ERROR)
        return True

    def take_mime(self, mime: QMimeData) -> bool:
        """Packages that are dropped are taken in."""
        files = [file for file in local_files(mime) if file.name.lower().endswith(SUFFIX)]
        if files:
            self.receive(files)
        return True
