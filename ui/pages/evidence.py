"""The evidence page: all files of the assessment, a large preview, what they prove, and what still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.evidence import Evidence
from ui.models.evidence_list import EvidenceFilter, EvidenceList, EvidenceProxy, evidence_at
from ui.models.missing_list import MissingList, missing_rows
from ui.models.rows import KEY_ROLE
from ui.pages.page import Page
from ui.theme import SPACE, heading, icon, primary, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.evidence_card import EvidenceCard
from ui.widgets.evidence_deeds import EvidenceDeeds
from ui.widgets.evidence_intake import EvidenceIntake
from ui.widgets.evidence_preview import EvidencePreview
from ui.widgets.evidence_rows import evidence_view
from ui.widgets.narrow import NARROW, turn_splitter
from ui.widgets.thumbnails import Thumbnails
from ui.widgets.two_lines import two_line_list
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.evidence import Added

MISSING = "con-thieu"  # place: the list of what lacks


class EvidencePage(Page):
    """Three columns: list, preview, details. Files dropped anywhere in the window come to :meth:`accept_files`."""

    key = "evidence"
    icon = "evidence"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._wanted = ""  # evidence to be chosen as soon as it is in the list
        self._model = EvidenceList(self)
        self._proxy = EvidenceProxy(self)
        self._proxy.setSourceModel(self._model)
        self._missing = MissingList(self)
        self.banner = Banner()
        self.deeds = EvidenceDeeds(session, self.banner, self)
        self.intake = EvidenceIntake(session, self)
        self.list = evidence_view(Thumbnails(session, self))
        self.list.setModel(self._proxy)
        self.preview = EvidencePreview(session)
        self.card = EvidenceCard(session, self.deeds)
        self.missing_list = two_line_list(_("Các chỉ tiêu còn thiếu"))
        self.missing_list.setModel(self._missing)
        self._heading = heading(QLabel(_("Minh chứng")))
        self._build()
        self._connect()
        self._show(session.assessed)

    def title(self) -> str:
        return _("Minh chứng")

    def first_focus(self) -> QWidget:
        return self.list if self._model.rows else self.add_button

    def panes(self) -> Sequence[QWidget]:
        return (self.tabs.currentWidget(), self.preview.view, self.card)

    def take_mime(self, mime: QMimeData) -> bool:
        self.tabs.setCurrentIndex(0)
        return self.intake.take_mime(mime)

    # --- building

    def _build(self) -> None:
        self.add_button = primary(QPushButton(icon("add", "#ffffff"), _("Thê&m tệp…")))
        self.paste_button = QPushButton(icon("paste"), _("&Dán"))
        self.paste_button.setToolTip(_("Dán tệp hoặc ảnh đã sao chép (Ctrl+V)"))
        self._drop_note = soft(QLabel(_("hoặc thả tệp vào bất cứ đâu trong cửa sổ")))
        top = QHBoxLayout()
        top.setSpacing(SPACE.small)
        top.addWidget(self._heading)
        top.addStretch(1)
        top.addWidget(self._drop_note)
        top.addWidget(self.paste_button)
        top.addWidget(self.add_button)
        self.tabs = QTabWidget()
        self.tabs.addTab(self._list_tab(), _("Danh sách"))
        self.tabs.addTab(self._missing_tab(), _("Còn thiếu"))
        self._right = self._splitter("right", (self.preview, 3), (self.card, 2))
        self._right.setSizes([500, 330])
        splitter = self._splitter("columns", (self.tabs, 2), (self._right, 5))
        splitter.setSizes([340, 838])
        self.tabs.setMinimumWidth(240)
        self.card.setMinimumWidth(292)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.small)
        column.addLayout(top)
        column.addWidget(self.banner)
        column.addWidget(splitter, 1)

    @staticmethod
    def _splitter(name: str, *panes: tuple[QWidget, int]) -> QSplitter:
        splitter = QSplitter()
        splitter.setObjectName(name)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(SPACE.small)
        for place, (widget, share) in enumerate(panes):
            splitter.addWidget(widget)
            splitter.setStretchFactor(place, share)
        return splitter

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        turn_splitter(self._right, event.size().width())
        self._drop_note.setHidden(event.size().width() < NARROW or not self.add_button.isEnabled())

    def _list_tab(self) -> QWidget:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Tìm tên, số văn bản, chỉ tiêu…"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(_("Tìm minh chứng"))
        self.filter = QComboBox()
        self.filter.setAccessibleName(_("Lọc minh chứng"))
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._empty = QLabel()
        self._empty.setWordWrap(True)
        self._empty.setMargin(SPACE.large)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(soft(self._empty))
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, SPACE.small, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.search)
        column.addWidget(self.filter)
        column.addWidget(self._stack, 1)
        return tab

    def _missing_tab(self) -> QWidget:
        self.print_missing = QPushButton(icon("print"), _("&In danh mục còn thiếu…"))
        self.missing_note = soft(QLabel())
        self.missing_note.setWordWrap(True)
        tab = QWidget()
        column = QVBoxLayout(tab)
        column.setContentsMargins(0, SPACE.small, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.missing_note)
        column.addWidget(self.missing_list, 1)
        column.addWidget(self.print_missing)
        return tab

    def _connect(self) -> None:
        self.session.assessed_changed.connect(self._show)
        self.add_button.clicked.connect(self.intake.choose)
        self.paste_button.clicked.connect(self.intake.paste)
        self.intake.told.connect(self._tell)
        self.intake.arrived.connect(self._arrived)
        self.search.textChanged.connect(self._search)
        self.filter.currentIndexChanged.connect(lambda _index: self._choose_filter())
        self.list.selectionModel().currentChanged.connect(lambda *_all: self._show_current())
        self.list.activated.connect(lambda index: self._open(index))
        self.preview.open_wanted.connect(lambda: self._open(self.list.currentIndex()))
        self.card.remove_wanted.connect(self._remove)
        self.missing_list.activated.connect(lambda index: self.session.go("criteria", index.data(KEY_ROLE)))
        self.missing_list.clicked.connect(lambda index: self.session.go("criteria", index.data(KEY_ROLE)))
        self.print_missing.clicked.connect(lambda: self.session.go("dossier", MISSING))
        within = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, context=within).activated.connect(self._remove)
        for widget in (self.list, self.preview.view, self.add_button, self.paste_button):
            paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), widget, context=within)
            paste.activated.connect(self.intake.paste)

    # --- showing

    def _show(self, assessed: Assessed | None) -> None:
        evidence = assessed.evidence if assessed else ()
        chosen = self._wanted or self._current_id()
        self._model.take(evidence)
        self.card.form.offer_issuers(item.issuer for item in evidence)
        self._heading.setText(_("Minh chứng ({count})").format(count=len(evidence)))
        self._fill_filter(assessed)
        rows = missing_rows(assessed) if assessed else ()
        self._missing.take(rows)
        self.tabs.setTabText(1, _("Còn thiếu ({count})").format(count=len(rows)))
        if rows:
            note = _("{count} chỉ tiêu còn thiếu. Nhấp vào một dòng để tới chỉ tiêu đó.").format(count=len(rows))
        else:
            note = _("Không còn chỉ tiêu nào thiếu. Có thể xem và in hồ sơ.")
        self.missing_note.setText(note)
        self.print_missing.setEnabled(bool(rows))
        editable = assessed is not None and not self.session.read_only
        self.add_button.setEnabled(editable)
        self.paste_button.setEnabled(editable)
        self._drop_note.setVisible(editable and self.width() >= NARROW)
        self._select(chosen)
        self._show_current()
        self._show_emptiness()

    def _fill_filter(self, assessed: Assessed | None) -> None:
        evidence = assessed.evidence if assessed else ()
        counts = {
            EvidenceFilter.ALL: len(evidence),
            EvidenceFilter.UNLINKED: sum(not item.codes for item in evidence),
            EvidenceFilter.WITHOUT_NUMBER: sum(not item.number or not item.issued for item in evidence),
            EvidenceFilter.FILE_MISSING: sum(not item.blob_present for item in evidence),
        }
        names = {
            EvidenceFilter.ALL: _("Tất cả ({count})"),
            EvidenceFilter.UNLINKED: _("Chưa gắn với chỉ tiêu ({count})"),
            EvidenceFilter.WITHOUT_NUMBER: _("Chưa có số hoặc ngày ({count})"),
            EvidenceFilter.FILE_MISSING: _("Không thấy tệp trên máy ({count})"),
        }
        chosen = self.filter.currentData()
        self.filter.blockSignals(True)
        self.filter.clear()
        for which, name in names.items():
            if counts[which] or which is not EvidenceFilter.FILE_MISSING:
                self.filter.addItem(name.format(count=counts[which]), which.value)
        for criterion in assessed.catalogue.criteria if assessed else ():
            codes = {indicator.code for indicator in criterion.indicators}
            count = sum(not codes.isdisjoint(item.codes) for item in evidence)
            name = _("Tiêu chí {number}. {name} ({count})")
            text = name.format(number=criterion.number, name=criterion.name, count=count)
            self.filter.addItem(text, f"criterion {criterion.number}")
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))
        self.filter.blockSignals(False)
        self._choose_filter()

    def _choose_filter(self) -> None:
        chosen = str(self.filter.currentData() or EvidenceFilter.ALL)
        assessed = self.session.assessed
        if chosen.startswith("criterion ") and assessed is not None:
            number = chosen.partition(" ")[2]
            codes = {
                item.code for one in assessed.catalogue.criteria if one.number == number for item in one.indicators
            }
            self._proxy.choose(EvidenceFilter.ALL, frozenset(codes))
        else:
            self._proxy.choose(EvidenceFilter(chosen))
        self._show_emptiness()

    def _search(self, text: str) -> None:
        self._proxy.search(text)
        self._show_emptiness()

    def _show_emptiness(self) -> None:
        self._stack.setCurrentIndex(0 if self._proxy.rowCount() else 1)
        if self._model.rows:
            self._empty.setText(_("Không có minh chứng nào khớp với tìm kiếm và bộ lọc."))
        elif self.session.read_only:
            self._empty.setText(_("Chưa có minh chứng nào."))
        else:
            words = _("Chưa có minh chứng nào.\n\nThả tệp vào cửa sổ, dán ảnh bằng Ctrl+V, hoặc bấm «Thêm tệp…».")
            self._empty.setText(words)

    def _current(self) -> Evidence | None:
        return evidence_at(self.list.currentIndex())

    def _current_id(self) -> str:
        current = self._current()
        return current.evidence_id if current else ""

    def _select(self, evidence_id: str) -> None:
        """Choose a piece; the first where it is not there."""
        index = self._proxy.mapFromSource(self._model.find(evidence_id)) if evidence_id else QModelIndex()
        if index.isValid():
            self._wanted = ""
        elif self.list.currentIndex().isValid() and not self._wanted:
            index = self.list.currentIndex()  # the next one, where the chosen one was taken out
        else:
            index = self._proxy.index(0, 0)
        if index != self.list.currentIndex() or not self.list.selectionModel().isSelected(index):
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _show_current(self) -> None:
        current = self._current()
        self.list.scrollTo(self.list.currentIndex())
        self.preview.show_evidence(current)
        self.card.show_evidence(current)

    # --- doing

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Take files as evidence that is not linked yet (files dropped somewhere in the window)."""
        self.tabs.setCurrentIndex(0)
        self.intake.take(list(paths))

    def _arrived(self, added: Added) -> None:
        if added.added:
            self._wanted = added.added[0].evidence_id

    def _tell(self, mood: str, sentence: str, details: str) -> None:
        first, _newline, rest = sentence.partition("\n")
        deeds = [(_("Xem tất cả"), lambda: self.banner.say(first, details, Mood(mood)))] if details else []
        if mood == Mood.GOOD:
            deeds.append((_("Gắn với chỉ tiêu…"), self.card.pick_codes))
        self.banner.say(first, rest, Mood(mood), deeds)

    def _open(self, index: QModelIndex) -> None:
        evidence = evidence_at(index)
        if evidence is not None:
            self.deeds.open(evidence)

    def _remove(self) -> None:
        if self.session.read_only:
            return
        chosen = (evidence_at(index) for index in self.list.selectionModel().selectedIndexes())
        self.deeds.remove([item for item in chosen if item is not None])

    def save_now(self) -> None:
        self.card.form.save_now()

    def show_place(self, place: str) -> None:
        if place == MISSING:
            self.tabs.setCurrentIndex(1)
            self.missing_list.setFocus()
            return
        self.tabs.setCurrentIndex(0)
        self.search.clear()
        self.filter.setCurrentIndex(0)
        assessed = self.session.assessed
        if assessed is not None and place in assessed.by_code:
            number = assessed.catalogue.criterion_of[place].number
            self.filter.setCurrentIndex(max(0, self.filter.findData(f"criterion {number}")))
            proving = assessed.by_code[place].evidence
            place = proving[0].evidence_id if proving else ""
        self._wanted = place
        self._select(place)
        self.list.setFocus()
