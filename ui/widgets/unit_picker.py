"""Choose a unit: type a few letters, with or without diacritics, or pick from the list by Up, Down and Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.text import search_key
from ntm_desktop.model.units import Level, Unit
from ui.theme import SPACE, soft

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class UnitPicker(QWidget):
    """A field and a list. ``picked`` is sent when the selection changes (None: nothing), ``confirmed`` on Enter."""

    picked = Signal(object)  # Unit | None
    confirmed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(name)
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(_("Gõ tên, không cần dấu"))
        self.field.setAccessibleName(name)
        self._label.setBuddy(self.field)
        self.list = QListView()
        self.list.setAccessibleName(_("{name}: danh sách").format(name=name))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = soft(QLabel(_("Không tìm thấy. Hãy gõ ít chữ hơn hoặc kiểm tra lại tên.")))
        self._none.setWordWrap(True)
        self._none.hide()
        self._model = _Units()
        self.list.setModel(self._model)
        self.list.selectionModel().currentChanged.connect(lambda *_indexes: self.picked.emit(self.unit()))
        self.list.activated.connect(lambda _index: self.confirmed.emit())
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self._label)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self._none)
        self.setFocusProxy(self.field)

    def set_units(self, units: Sequence[Unit]) -> None:
        """The units to choose from, in the order in which they are listed."""
        self._model.set_units(units)
        self.field.clear()
        self._search("")

    def unit(self) -> Unit | None:
        """The chosen unit."""
        index = self.list.currentIndex()
        return self._model.at(index.row()) if index.isValid() else None

    def choose(self, code: str) -> bool:
        """Select the unit of this code; False where the list has none."""
        row = self._model.row_of(code)
        if row is None:
            return False
        index = self._model.index(row, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
        return True

    def _search(self, text: str) -> None:
        before = self.unit()
        self._model.search(text)
        found = self._model.rowCount()
        self._none.setVisible(not found and self._model.has_units)
        if before is not None and self.choose(before.code):
            return
        if text.strip() and found:
            self.list.setCurrentIndex(self._model.index(0, 0))
        else:
            self.list.setCurrentIndex(QModelIndex())
            self.picked.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _MOVES and self._model.rowCount():
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.confirmed.emit()
                return True
        return super().eventFilter(watched, event)


class _Units(QAbstractListModel):
    """The units that fit what was typed; names that begin with it come first."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[tuple[str, str, Unit]] = []  # key of the name, haystack, unit
        self._shown: list[Unit] = []

    @property
    def has_units(self) -> bool:
        return bool(self._all)

    def set_units(self, units: Sequence[Unit]) -> None:
        self._all = [
            (search_key(unit.name), f"{search_key(unit.full_name)} {search_key(unit.province_name)} {unit.code}", unit)
            for unit in units
        ]
        self.search("")

    def search(self, text: str) -> None:
        key = search_key(text)
        words = key.split()
        fits = [
            (name != key, not name.startswith(key), place, unit)
            for place, (name, haystack, unit) in enumerate(self._all)
            if all(word in haystack for word in words)
        ]
        self.beginResetModel()
        self._shown = [entry[-1] for entry in (sorted(fits, key=lambda entry: entry[:3]) if words else fits)]
        self.endResetModel()

    def at(self, row: int) -> Unit:
        return self._shown[row]

    def row_of(self, code: str) -> int | None:
        return next((row for row, unit in enumerate(self._shown) if unit.code == code), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        unit = self._shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return unit.full_name
        if role == Qt.ItemDataRole.ToolTipRole:
            return unit.place if unit.level is Level.COMMUNE else unit.full_name
        return None
