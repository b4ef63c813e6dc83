"""The cells of a table that is typed into: Enter goes on, Tab too, what is typed is handed over at once."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model.fields import LONGEST_LINE
from ntm_desktop.model.records import FieldType
from ui.forms.inputs import ChoiceInput, LineInput
from ui.forms.record_draft import read
from ui.models.record_rows import RecordRows
from ui.theme import COLOURS

Index = QModelIndex | QPersistentModelIndex
_ON = QAbstractItemDelegate.EndEditHint.EditNextItem
_BACK = QAbstractItemDelegate.EndEditHint.EditPreviousItem
_STAY = QAbstractItemDelegate.EndEditHint.NoHint
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CellDelegate(QStyledItemDelegate):
    """Editors of cells, by the type of their field."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        rows = index.model()
        assert isinstance(rows, RecordRows)
        column = rows.columns[index.column()]
        assert column.field is not None
        if column.field.type in (FieldType.CHOICE, FieldType.FLAG):
            box = ChoiceInput(column.name)
            box.setParent(parent)
            box.addItem(_("(chưa chọn)"), None)
            if column.field.type is FieldType.FLAG:
                box.addItem(_("Có"), True)
                box.addItem(_("Không"), False)
            for choice in column.field.choices:
                box.addItem(_(choice.name), choice.id)
            box.typed.connect(lambda: self.commitData.emit(box))
            box.view().setMinimumWidth(320)
            return box
        line = LineInput(column.name)
        line.setParent(parent)
        line.setMaxLength(LONGEST_LINE)
        line.setStyleSheet("QLineEdit { min-height: 0; padding: 0 3px; border-radius: 0; }")
        if column.numeric:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.typed.connect(lambda: self.commitData.emit(line))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the editor at first, and where the store has something else; one's own typing is left alone."""
        given = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, ChoiceInput):
            editor.setCurrentIndex(max(0, editor.findData(given)))
            return
        text = given if isinstance(given, str) else ""
        if isinstance(editor, LineInput):
            if editor.property("before") is None:
                editor.setProperty("before", text)
            elif self._same(editor.content(), index):
                return
            editor.put(text)

    @staticmethod
    def _same(typed: str, index: Index) -> bool:
        rows = index.model()
        assert isinstance(rows, RecordRows)
        draft, name = rows.draft_at(index)
        if draft is None or draft.given(name) == typed:
            return True
        value, sentence = read(draft.kind, name, typed)
        return not sentence and value == draft.value(name)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        given = editor.currentData() if isinstance(editor, ChoiceInput) else ""
        if isinstance(editor, LineInput):
            given = editor.content()
        model.setData(index, given, Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        if isinstance(editor, ChoiceInput):
            rect.setWidth(max(rect.width(), 220))
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            key = event.key()
            if key in (*_ENTER, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                back = key == Qt.Key.Key_Backtab or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, _BACK if back else _ON)
                return True
            if key == Qt.Key.Key_Escape and isinstance(editor, LineInput):
                editor.put(str(editor.property("before") or ""))
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, _STAY)
                return True
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and isinstance(editor, LineInput):
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, _STAY)
                view = self.parent()
                if isinstance(view, Grid):
                    view.move_row(1 if key == Qt.Key.Key_Down else -1)
                return True
        return super().eventFilter(editor, event)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        own = QStyleOptionViewItem(option)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        own.state &= ~QStyle.StateFlag.State_HasFocus
        rows = index.model()
        if isinstance(rows, RecordRows) and rows.problem_at(index):
            own.state &= ~QStyle.StateFlag.State_Selected  # what is wrong stays red in a chosen row too
        super().paint(painter, own, index)
        if focused:
            painter.save()
            painter.setPen(QPen(QColor(COLOURS.accent), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
            painter.restore()


class Grid(QTableView):
    """The table itself. ``beyond``: Enter or Tab in the last cell; ``remove_wanted``: Delete; ``paste_wanted``."""

    beyond = Signal()
    remove_wanted = Signal()
    paste_wanted = Signal()
    copy_wanted = Signal()
    entered = Signal()  # Enter on a row that is only chosen here and filled in elsewhere

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setItemDelegate(CellDelegate(self))
        self.setAccessibleName(name)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        self.verticalHeader().setMinimumSectionSize(32)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setWordWrap(False)
        self.setStyleSheet(f"QTableView {{ gridline-color: {COLOURS.line}; }} QTableView::item {{ padding: 0 4px; }}")
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setMinimumSectionSize(56)

    @property
    def rows(self) -> RecordRows:
        """The model."""
        model = self.model()
        assert isinstance(model, RecordRows)
        return model

    @property
    def editing(self) -> bool:
        """True while a cell is open."""
        return self.state() is QAbstractItemView.State.EditingState

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, _STAY)
        if hint in (_ON, _BACK):
            self.step(1 if hint == _ON else -1)

    def step(self, by: int) -> None:
        """Open the next cell that can be filled in; beyond the last one is for the owner."""
        here = self.currentIndex()
        columns = self.rows.columnCount()
        place = here.row() * columns + here.column()
        while True:
            place += by
            if not 0 <= place < self.rows.rowCount() * columns:
                break
            index = self.rows.index(place // columns, place % columns)
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.setCurrentIndex(index)
                self.edit(index)
                return
        if by > 0:
            self.beyond.emit()

    def move_row(self, by: int) -> None:
        """The same column, a row up or down."""
        index = self.currentIndex().siblingAtRow(self.currentIndex().row() + by) if by < 0 else None
        index = index or self.rows.index(self.currentIndex().row() + by, self.currentIndex().column())
        if index.isValid():
            self.setCurrentIndex(index)

    def finish(self) -> None:
        """Take what is being typed into a cell, a word still being composed included."""
        editor = self.focusWidget_in_cell()
        if editor is not None:
            self.commitData(editor)

    def focusWidget_in_cell(self) -> QWidget | None:
        """The open editor."""
        focused = QApplication.focusWidget()
        inside = focused is not None and focused is not self.viewport() and self.viewport().isAncestorOf(focused)
        return focused if inside else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.remove_wanted.emit()
        elif event.key() in _ENTER:
            index = self.currentIndex()
            if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self.entered.emit()
        else:
            super().keyPressEvent(event)
