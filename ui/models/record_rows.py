"""Records of a list as an editable table: a column for each field, for counts beside it, for what follows from them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor, QFont

from ntm_desktop.i18n import _
from ntm_desktop.model.records import Field, FieldType, Kind
from ui.forms.record_draft import Given, RecordDraft
from ui.forms.record_drafts import RecordDrafts
from ui.models.rows import Index, RowsModel
from ui.theme import COLOURS

_LETTER = 7.2  # pixels of a letter, about
_WIDE = 200  # of the column that takes the rest
NUMERIC = (FieldType.COUNT, FieldType.AMOUNT, FieldType.YEAR)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column:
    """A column. ``draft`` finds the record that its cell belongs to (None: not yet to be filled in); ``computed`` makes
    its words where it is no field."""

    name: str
    field: Field | None = None
    draft: Callable[[RecordDraft], RecordDraft | None] = lambda row: row
    computed: Callable[[RecordDraft], str] | None = None
    width: int = 110
    stretch: bool = False
    tip: str = ""
    left: bool = False  # words that are computed, not numbers
    key: str = ""  # of the field, or of the question that is counted

    @property
    def numeric(self) -> bool:
        """True where it stands at the right."""
        return not self.left if self.field is None else self.field.type in NUMERIC


def columns_of(kind: Kind, *names: str, widths: Mapping[str, int] | None = None) -> tuple[Column, ...]:
    """A column for each of the named fields, all where none is named; the widest text takes what room is left."""
    made = []
    for item in kind.fields:
        if names and item.id not in names:
            continue
        width = (widths or {}).get(item.id, 110)
        name = f"{_(item.name)} ({_(item.unit)})" if item.unit and item.type is FieldType.AMOUNT else _(item.name)
        made.append(Column(name, item, width=width, stretch=not width, tip=name, key=item.id))
    return tuple(made)


def in_lines(words: str, width: int) -> str:
    """A heading broken into lines where it is wider than its column."""
    return "\n".join(textwrap.wrap(words, max(8, int(((width or _WIDE) - 16) / _LETTER))))


class RecordRows(RowsModel):
    """Rows are drafts. What is typed goes to :class:`RecordDrafts`."""

    def __init__(self, drafts: RecordDrafts, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(lambda draft: str(id(draft)), len(columns), parent)
        self.columns = tuple(columns)
        self.editable = True
        self._drafts = drafts
        drafts.edited.connect(lambda draft, _name: self.refresh(draft))
        drafts.taken_over.connect(self._refresh_all)
        drafts.saved.connect(self.refresh)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns (questions come and go)."""
        if [(item.name, item.key) for item in columns] == [(item.name, item.key) for item in self.columns]:
            self.columns = tuple(columns)
            return
        self.beginResetModel()
        self.columns, self._columns = tuple(columns), len(columns)
        self.endResetModel()

    def refresh(self, draft: RecordDraft) -> None:
        """Something of a record, or of one that stands beside it, has changed."""
        for number, row in enumerate(self.rows):
            for place, column in enumerate(self.columns):
                if draft is row or column.draft(row) is draft:
                    index = self.index(number, place)
                    self.dataChanged.emit(index, index)

    def _refresh_all(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self._columns - 1))

    def draft_at(self, index: Index) -> tuple[RecordDraft | None, str]:
        """The record that a cell belongs to, and its field."""
        column = self.columns[index.column()]
        if column.field is None:
            return None, ""
        return column.draft(self.rows[index.row()]), column.field.id

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        can = self.editable and index.isValid() and self.draft_at(index)[0] is not None
        return flags | Qt.ItemFlag.ItemIsEditable if can else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        draft, name = self.draft_at(index)
        if role != Qt.ItemDataRole.EditRole or draft is None:
            return False
        given: Given = value
        self._drafts.change(draft, name, given)
        return True

    def problem_at(self, index: Index) -> str:
        """What is wrong with a cell."""
        if not index.isValid():
            return ""
        draft, name = self.draft_at(index)
        return draft.problem(name) if draft is not None else ""

    def problems(self) -> list[tuple[QModelIndex, str]]:
        """All cells with something wrong."""
        found = []
        for number, row in enumerate(self.rows):
            for place, column in enumerate(self.columns):
                draft = column.draft(row) if column.field is not None else None
                sentence = "" if draft is None or column.field is None else draft.problem(column.field.id)
                if sentence:
                    found.append((self.index(number, place), sentence))
        return found

    def show(self, row: RecordDraft, column: int, role: int) -> Any:
        shape = self.columns[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if shape.numeric else _LEFT
        draft = shape.draft(row) if shape.field is not None else None
        if role == Qt.ItemDataRole.EditRole:
            return draft.given(shape.field.id) if draft is not None and shape.field is not None else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(row, shape, draft, role)
        wrong = draft is not None and shape.field is not None and bool(draft.problem(shape.field.id))
        if role == Qt.ItemDataRole.ForegroundRole and (wrong or shape.field is None):
            return QColor(COLOURS.error if wrong else COLOURS.soft)
        if role == Qt.ItemDataRole.BackgroundRole and wrong:
            return QColor(COLOURS.error_soft)
        return None

    @staticmethod
    def _words(row: RecordDraft, shape: Column, draft: RecordDraft | None, role: int) -> str:
        if shape.computed is not None:
            return shape.computed(row)
        if draft is None or shape.field is None:
            return ""
        text = draft.text(shape.field.id)
        if role == Qt.ItemDataRole.ToolTipRole:
            return draft.problem(shape.field.id) or text
        return text.replace("\n", " ")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return in_lines(column.name, column.width)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or column.name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.numeric else _LEFT
        return None


class TotalRows(QAbstractTableModel):
    """Lines of sums below a table: texts by column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[list[str]] = []
        self._columns = 0

    def take(self, lines: Sequence[Sequence[str]], columns: int) -> None:
        """Show these lines."""
        wanted = [list(line) + [""] * (columns - len(line)) for line in lines]
        if wanted == self.lines and columns == self._columns:
            return
        self.beginResetModel()
        self.lines, self._columns = wanted, columns
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.lines[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if index.column() == 0 else _RIGHT
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        return None
