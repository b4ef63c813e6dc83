"""The left pane of the criteria page: filter and tree. Says which indicator the person chose."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed, AssessedIndicator, Verdict
from ui.forms.inputs import ChoiceInput
from ui.models.criteria_filter import CriteriaFilter, Missing, Wanted
from ui.models.criteria_tree import CODE_ROLE, CriteriaTree
from ui.pages.criteria_rows import CriteriaRows
from ui.theme import SPACE, link, soft

_NONE = QModelIndex()


class CriteriaList(QWidget):
    """Filter above, tree below. Selection, scroll place and open branches survive every refresh."""

    chosen = Signal(str)  # code of the indicator that the person moved to
    opened = Signal(str, bool)  # Enter (True) or a click on it: show its form
    filtered = Signal()  # other rows are shown

    def __init__(self) -> None:
        super().__init__()
        self.tree = CriteriaTree(self)
        self.rows = CriteriaFilter(self.tree, self)
        self._silent = False
        self._code = ""  # the indicator that is shown in the form, whether its row is shown or not
        self._open_before: list[str] | None = None
        self._make()
        self._build()
        self._connect()

    def _make(self) -> None:
        self.kind = ChoiceInput(_("Lọc chỉ tiêu"))
        self.kind.setMinimumContentsLength(8)
        self.kind.addItem(_("Tất cả"), None)
        for verdict in Verdict:
            self.kind.addItem(wording.verdict_with_symbol(verdict), verdict)
        self.kind.addItem(_("Thiếu kết quả"), Missing.RESULT)
        self.kind.addItem(_("Thiếu mức đạt chuẩn"), Missing.LEVEL)
        self.without_evidence = QCheckBox(_("Thiếu minh chứng"))
        self.search = QLineEdit()
        self.search.setAccessibleName(_("Tìm chỉ tiêu, có dấu hay không dấu đều được"))
        self.search.setToolTip(self.search.accessibleName())
        self.search.setClearButtonEnabled(True)
        self.view = QTreeView()
        self.view.setAccessibleName(_("Tiêu chí và chỉ tiêu"))
        self.view.setModel(self.rows)
        self.view.setItemDelegate(CriteriaRows(self.view))
        self.view.setHeaderHidden(True)
        self.view.setIndentation(18)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setExpandsOnDoubleClick(False)
        self.nothing = soft(QLabel(_("Không có chỉ tiêu nào khớp.")))
        self.everything = link(QPushButton(_("Bỏ lọc, xem tất cả")))

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.small)
        grid.setVerticalSpacing(SPACE.tiny)
        for row, (words, widget) in enumerate(((_("&Lọc"), self.kind), (_("Tì&m"), self.search))):
            label = QLabel(words)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        grid.addWidget(self.without_evidence, 2, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addLayout(grid)
        column.addWidget(self.nothing)
        column.addWidget(self.everything)
        column.addWidget(self.view, 1)
        self.nothing.hide()
        self.everything.hide()
        self.setMinimumWidth(200)

    def _connect(self) -> None:
        self.kind.typed.connect(self._wanted_changed)
        self.without_evidence.toggled.connect(self._wanted_changed)
        self.search.textChanged.connect(self._wanted_changed)
        self.search.installEventFilter(self)
        self.everything.clicked.connect(lambda: self.want(Wanted()))
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.clicked.connect(lambda index: self._open(index, by_key=False))
        self.view.installEventFilter(self)

    # --- what is shown

    def take(self, assessed: Assessed | None) -> None:
        """Show an assessment as the store has it."""
        before = self.tree.criteria
        self._silent = True
        self.tree.take(assessed)
        if [group.criterion for group in before] != [group.criterion for group in self.tree.criteria]:
            self._open_before = None
            self._apply(self.rows.wanted, keep="")
        self._silent = False

    def take_indicator(self, item: AssessedIndicator) -> None:
        """Show one indicator as it follows from what is being typed; no row moves."""
        self.tree.take_indicator(item)

    def want(self, wanted: Wanted) -> None:
        """Filter for these."""
        inputs = (self.kind, self.search, self.without_evidence)
        for widget in inputs:
            widget.blockSignals(True)
        others = [what for what in wanted.missing if what is not Missing.EVIDENCE]
        self.kind.setCurrentIndex(max(self.kind.findData(others[0] if others else wanted.verdict), 0))
        self.without_evidence.setChecked(Missing.EVIDENCE in wanted.missing)
        self.search.setText(wanted.text)
        for widget in inputs:
            widget.blockSignals(False)
        self._apply(wanted, keep="")

    def _wanted_changed(self) -> None:
        kind = self.kind.currentData()  # Qt gives the members of a StrEnum back as bare text
        verdict = next((each for each in Verdict if each == kind), None)
        missing = {each for each in Missing if each == kind}
        if self.without_evidence.isChecked():
            missing.add(Missing.EVIDENCE)
        self._apply(Wanted(verdict, frozenset(missing), self.search.text()), keep="")

    def _apply(self, wanted: Wanted, keep: str) -> None:
        """Choose the rows anew without moving what stays: open branches, current row, scroll place."""
        if self.rows.wanted.everything and self._open_before is None and not wanted.everything:
            self._open_before = self._open_branches()
        place = self.view.verticalScrollBar().value()
        silent, self._silent = self._silent, True
        if self.rows.choose(wanted, keep):
            if not wanted.everything:
                self.view.expandAll()
            elif self._open_before is not None:
                self._open_only(self._open_before)
            self._show_current(self._code)
            self.view.verticalScrollBar().setValue(place)
            self.view.scrollTo(self.view.currentIndex())
        if wanted.everything:
            self._open_before = None
        self._silent = silent
        self.nothing.setVisible(not self.rows.shown)
        self.everything.setVisible(not wanted.everything)
        self.filtered.emit()

    def _open_branches(self) -> list[str]:
        groups = (self.rows.index(row, 0) for row in range(self.rows.rowCount()))
        return [str(index.data()) for index in groups if self.view.isExpanded(index)]

    def _open_only(self, names: list[str]) -> None:
        for row in range(self.rows.rowCount()):
            index = self.rows.index(row, 0)
            self.view.setExpanded(index, str(index.data()) in names)

    def tidy(self, keep: str) -> None:
        """Leave out rows that no longer fit the filter, all but ``keep``: asked for when the person moves on."""
        self._apply(self.rows.wanted, keep)

    # --- where the person is

    def select(self, code: str) -> None:
        """Show an indicator's row as the current one; says nothing."""
        self._code = code
        silent, self._silent = self._silent, True
        self._show_current(code)
        self._silent = silent

    def _show_current(self, code: str) -> None:
        index = self.rows.mapFromSource(self.tree.find(code)) if code else _NONE
        self.view.setCurrentIndex(index)
        if index.isValid():
            self.view.expand(index.parent())
            self.view.scrollTo(index)

    def neighbour(self, code: str, step: int) -> str:
        """The shown indicator before (-1) or after (1) this one in the set's order; empty at the end."""
        order = [item.code for group in self.tree.criteria for item in group.indicators]
        shown = set(self.rows.shown)
        if code not in order:
            return next((each for each in order if each in shown), "")
        place = order.index(code)
        rest = order[place + 1 :] if step > 0 else list(reversed(order[:place]))
        return next((each for each in rest if each in shown), "")

    def _current_changed(self, current: QModelIndex) -> None:
        code = str(current.data(CODE_ROLE) or "")
        if code and not self._silent:
            self._code = code
            self.chosen.emit(code)

    def _open(self, index: QModelIndex, *, by_key: bool) -> None:
        code = str(index.data(CODE_ROLE) or "")
        if code:
            self.opened.emit(code, by_key)
        else:
            self.view.setExpanded(index, not self.view.isExpanded(index))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if watched is self.view and enter:
                self._open(self.view.currentIndex(), by_key=True)
                return True
            if watched is self.search and (enter or event.key() == Qt.Key.Key_Down) and self.rows.shown:
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
                if not self.view.currentIndex().data(CODE_ROLE):
                    self._show_current(self.rows.shown[0])
                return True
        return super().eventFilter(watched, event)
