"""A list of records as a table to type into, with sums below it: add, remove with undo offered, paste from Excel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model.records import Kind
from ui.forms.record_draft import RecordDraft
from ui.forms.record_drafts import RecordDrafts
from ui.forms.record_problem import RecordProblem
from ui.models.record_rows import Column, RecordRows, TotalRows
from ui.theme import COLOURS, SPACE, icon, soft
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.record_deeds import RecordDeeds
from ui.widgets.record_grid import Grid

if TYPE_CHECKING:
    from ui.widgets.record_grid import Index

Totals = Callable[[], Sequence[Sequence[str]]]
_ROW = 32
_LEAST = 180  # pixels of the column that takes the rest


class RecordTable(QWidget):
    """``chosen`` follows the current row. ``totals`` makes the lines below, anew after every change."""

    chosen = Signal(object)  # RecordDraft or None
    entered = Signal()  # Enter on a row that is filled in beside the table

    def __init__(
        self,
        kind: Kind,
        drafts: RecordDrafts,
        deeds: RecordDeeds,
        columns: Sequence[Column],
        *,
        add_words: str,
        empty_words: str,
        totals: Totals | None = None,
        in_cells: bool = True,
        most_rows: int = 0,
    ) -> None:
        super().__init__()
        self.kind = kind
        self._drafts = drafts
        self._deeds = deeds
        self._totals = totals
        self._in_cells = in_cells
        self._most_rows = most_rows
        self._read_only = False
        self._sized_for: tuple[tuple[str, str], ...] = ()  # a person may pull columns wider afterwards
        self.rows = RecordRows(drafts, columns, self)
        self.rows.editable = in_cells
        self.grid = Grid(_(kind.name))
        self.grid.setModel(self.rows)
        self._wrong = QPersistentModelIndex()  # the cell that the sentence below is about
        self._build(add_words, empty_words)
        self._connect()
        self.refresh()

    def _build(self, add_words: str, empty_words: str) -> None:
        self.add_button = QPushButton(icon("add"), add_words)
        self.add_button.setToolTip(_("Thêm một dòng (Ctrl+N)"))
        self.paste_button = QPushButton(icon("paste"), _("Dán từ Excel"))
        self.paste_button.setToolTip(_("Thêm các dòng đã sao chép từ bảng tính; Ctrl+V dán vào ô đang chọn"))
        if not self._in_cells:
            self.paste_button.hide()
        self.remove_button = QPushButton(icon("remove"), _("Xoá dòng"))
        self.remove_button.setToolTip(_("Xoá các dòng đang chọn (phím Delete); có thể hoàn tác"))
        buttons = QWidget()
        row = FlowLayout(buttons, SPACE.small)
        for button in (self.add_button, self.paste_button, self.remove_button):
            row.addWidget(button)
        self.sums = TotalRows(self)
        self.footer = QTableView()
        self.footer.setModel(self.sums)
        self.footer.setAccessibleName(_("Cộng"))
        self.footer.horizontalHeader().hide()
        self.footer.verticalHeader().hide()
        self.footer.verticalHeader().setDefaultSectionSize(_ROW - 2)
        self.footer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.footer.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.footer.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.footer.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.footer.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.footer.setShowGrid(False)
        self.footer.setWordWrap(False)
        self.footer.setStyleSheet(
            f"QTableView {{ background: {COLOURS.sunk}; }} QTableView::item {{ padding: 0 4px; }}"
        )
        self.empty = soft(QLabel(empty_words))
        self.empty.setWordWrap(True)
        self.problem = RecordProblem()
        self.problem.meant.connect(self._choose_number)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(self.empty)
        column.addWidget(self.grid, 1)
        column.addWidget(self.problem)
        column.addWidget(self.footer)
        column.addWidget(buttons)
        column.addStretch(0)  # takes the room of the table while that is hidden
        self._buttons = buttons

    def _connect(self) -> None:
        grid = self.grid
        self._drafts.rows_changed.connect(lambda kind: self.refresh() if kind == self.kind.id else None)
        self._drafts.edited.connect(lambda *_all: self.follow())
        self._drafts.taken_over.connect(self.follow)
        self._drafts.saved.connect(lambda *_all: self.follow())
        grid.selectionModel().currentChanged.connect(lambda now, _before: self._chosen(now))
        grid.selectionModel().selectionChanged.connect(lambda *_all: self._offer_remove())
        grid.beyond.connect(self._beyond)
        grid.remove_wanted.connect(self.remove)
        grid.paste_wanted.connect(self.paste_here)
        grid.copy_wanted.connect(self._copy)
        grid.entered.connect(self.entered)
        grid.horizontalHeader().sectionResized.connect(lambda place, _old, new: self.footer.setColumnWidth(place, new))
        grid.horizontalScrollBar().valueChanged.connect(self.footer.horizontalScrollBar().setValue)
        self.add_button.clicked.connect(lambda: self.add())
        self.paste_button.clicked.connect(self.paste_rows)
        self.remove_button.clicked.connect(self.remove)

    # --- showing

    def set_read_only(self, read_only: bool) -> None:
        """Readable, not changeable."""
        self._read_only = read_only
        self.rows.editable = self._in_cells and not read_only
        self._buttons.setVisible(not read_only)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self.rows.set_columns(columns)
        self._size_columns()
        self.follow()

    def refresh(self) -> None:
        """Rows came or went."""
        held = self.current()
        before = self.grid.currentIndex()
        self.rows.take(self._drafts.rows(self.kind.id))
        self._size_columns()
        if held is not None and not self.grid.editing:
            index = self.index_of(held, before.column())
            if index.isValid() and index != self.grid.currentIndex():
                self.grid.setCurrentIndex(index)
        if not self.grid.currentIndex().isValid() and self.rows.rows:
            self.grid.setCurrentIndex(self.rows.index(0, 0))
        self.empty.setVisible(not self.rows.rows)
        if self.grid.isHidden() and self.rows.rows:
            QTimer.singleShot(0, self, self._fit)  # its width is known only now
        self.grid.setVisible(bool(self.rows.rows))
        self._fit_height()
        self._offer_remove()
        self.follow()
        self._chosen(self.grid.currentIndex())

    def follow(self) -> None:
        """Sums and problems as they follow from what is typed."""
        lines = self._totals() if self._totals is not None and self.rows.rows else ()
        self.sums.take(lines, self.rows.columnCount())
        self.footer.setVisible(bool(lines))
        self.footer.setFixedHeight(len(lines) * (_ROW - 2) + 2)
        for place in range(self.rows.columnCount()):
            self.footer.setColumnWidth(place, self.grid.columnWidth(place))
        self._say_problem()

    def _say_problem(self) -> None:
        found = self.rows.problems()
        here = [item for item in found if item[0] == self.grid.currentIndex()]
        index, sentence = (here or found or [(QModelIndex(), "")])[0]
        if sentence and not here:
            sentence = _("Dòng {row}: {problem}").format(row=index.row() + 1, problem=sentence)
        self._wrong = QPersistentModelIndex(index)
        item = self.rows.columns[index.column()].field if index.isValid() else None
        self.problem.say(sentence, item, index.data(Qt.ItemDataRole.EditRole) if index.isValid() else None)

    def _choose_number(self, text: str) -> None:
        """One of the readings of an ambiguous number was meant."""
        index = self.rows.index(self._wrong.row(), self._wrong.column())
        if self._wrong.isValid() and index.isValid():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.rows.setData(index, text)
            self.grid.setCurrentIndex(index)
            self._drafts.flush()

    def _fit_height(self) -> None:
        """As high as its rows where it stands above a form; else it takes what room there is."""
        head = self.grid.horizontalHeader().height()
        if self._most_rows:
            shown = min(self._most_rows, max(1, len(self.rows.rows)))
            self.grid.setFixedHeight(head + shown * _ROW + 4 + (_ROW // 2 if len(self.rows.rows) > shown else 0))
        else:
            self.grid.setMinimumHeight(head + min(5, max(2, len(self.rows.rows))) * _ROW + 4)

    def _size_columns(self) -> None:
        """The widest text takes the room that is left, but never less than one can read."""
        head = self.grid.horizontalHeader()
        keys = tuple((column.name, column.key) for column in self.rows.columns)
        titles = (str(self.rows.headerData(place, Qt.Orientation.Horizontal)) for place in range(head.count()))
        lines = max((title.count("\n") + 1 for title in titles), default=1)
        head.setFixedHeight(lines * head.fontMetrics().lineSpacing() + SPACE.medium)
        for place, column in enumerate(self.rows.columns):
            if not column.stretch and keys != self._sized_for:
                head.resizeSection(place, column.width)
        self._sized_for = keys
        for place, column in enumerate(self.rows.columns):
            if column.stretch:
                others = head.length() - head.sectionSize(place)
                head.resizeSection(place, max(_LEAST, self.grid.viewport().width() - others))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        self._size_columns()
        self.follow()

    # --- rows

    def current(self) -> RecordDraft | None:
        """The record of the current row."""
        row = self.grid.currentIndex().row()
        return self.rows.rows[row] if 0 <= row < len(self.rows.rows) else None

    def index_of(self, draft: RecordDraft, column: int = 0) -> QModelIndex:
        """A cell of a record."""
        for row, item in enumerate(self.rows.rows):
            if item is draft:
                return self.rows.index(row, max(0, column))
        return QModelIndex()

    def show_record(self, record_id: str, key: str = "") -> bool:
        """Choose a record, and a field of it; False where it is not there."""
        draft = self._drafts.find(self.kind.id, record_id)
        if draft is None:
            return False
        place = next((at for at, column in enumerate(self.rows.columns) if column.key == key), 0)
        self.choose(draft, place)
        return True

    def choose(self, draft: RecordDraft, column: int = 0) -> None:
        """Make a record the current row."""
        index = self.index_of(draft, column)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.grid.selectionModel().setCurrentIndex(index, flags)
            self.grid.scrollTo(index)

    def _chosen(self, _index: Index) -> None:
        self._say_problem()
        self.chosen.emit(self.current())

    def _offer_remove(self) -> None:
        self.remove_button.setEnabled(bool(self.grid.selectionModel().selectedRows()))

    def selected(self) -> list[RecordDraft]:
        """The chosen records, the current one where none is."""
        rows = sorted(index.row() for index in self.grid.selectionModel().selectedRows())
        return [self.rows.rows[row] for row in rows]

    # --- deeds

    def add(self) -> None:
        """A new row, open for typing."""
        if self._read_only:
            return
        blank = next((draft for draft in self.rows.rows if draft.blank), None)
        draft = blank or self._drafts.add(self.kind.id)
        self.choose(draft)
        if self._in_cells:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.grid.edit(self.grid.currentIndex())
        else:
            self.entered.emit()

    def _beyond(self) -> None:
        """Enter in the last cell: a further row; where the last one is blank still, it goes on behind the table."""
        if self._read_only or self.rows.rows[-1].blank:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.add()

    def remove(self) -> None:
        """Take the chosen rows out; the banner offers to take that back."""
        chosen = self.selected()
        if not self._read_only and chosen:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self._deeds.remove(chosen)

    def paste_rows(self) -> None:
        """Add the copied rows below the others."""
        text = QGuiApplication.clipboard().text()
        self._deeds.paste(self, text, None)

    def paste_here(self) -> None:
        """Paste from the current cell on, rows beyond the last are added."""
        if not self._in_cells or self._read_only:
            return
        text = QGuiApplication.clipboard().text()
        index = self.grid.currentIndex()
        self._deeds.paste(self, text, index if index.isValid() else None)

    def _copy(self) -> None:
        chosen = self.selected()
        lines = (
            "\t".join(str(self.rows.index(self.rows.rows.index(draft), place).data() or "") for place in columns)
            for draft in chosen
            if (columns := range(self.rows.columnCount()))
        )
        QApplication.clipboard().setText("\n".join(lines))

    def finish(self) -> None:
        """Take what is being typed."""
        self.grid.finish()
