"""A table model over frozen rows that keeps selection and scroll place when the rows are read anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The frozen row itself."""
KEY_ROLE = Qt.ItemDataRole.UserRole + 2
"""The id of the row."""


class RowsModel(QAbstractTableModel):
    """Rows with an id each. :meth:`take` replaces them with the least fuss: what stays is updated where it stands."""

    def __init__(self, key: Callable[[Any], str], columns: int = 1, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._columns = columns
        self.rows: list[Any] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # an invalid index is Qt's way to say «the top»
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._columns

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == KEY_ROLE:
            return self._key(row)
        return self.show(row, index.column(), role)

    def show(self, row: Any, column: int, role: int) -> Any:
        """The data of one cell."""
        raise NotImplementedError

    def find(self, key: str) -> QModelIndex:
        """The first cell of the row with this id; an invalid index where there is none."""
        for number, row in enumerate(self.rows):
            if self._key(row) == key:
                return self.index(number, 0)
        return QModelIndex()

    def take(self, rows: Sequence[Any]) -> None:
        """Show these rows from now on."""
        wanted = [self._key(row) for row in rows]
        kept = set(wanted)
        for number in range(len(self.rows) - 1, -1, -1):
            if self._key(self.rows[number]) not in kept:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self.rows[number]
                self.endRemoveRows()
        mine = [self._key(row) for row in self.rows]
        if mine != [key for key in wanted if key in set(mine)]:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
            return
        for number, row in enumerate(rows):
            if number < len(self.rows) and self._key(self.rows[number]) == wanted[number]:
                if self.rows[number] != row:
                    self.rows[number] = row
                    self.dataChanged.emit(self.index(number, 0), self.index(number, self._columns - 1))
                continue
            self.beginInsertRows(QModelIndex(), number, number)
            self.rows.insert(number, row)
            self.endInsertRows()
