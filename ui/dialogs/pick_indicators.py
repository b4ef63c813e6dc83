"""Choose indicators from the set: a searchable list with check boxes."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.text import search_key
from ui.theme import SPACE, heading, primary

_CODE = Qt.ItemDataRole.UserRole
_KEY = Qt.ItemDataRole.UserRole + 1


class PickIndicators(QDialog):
    """All indicators of a set, those already chosen ticked; Space ticks, Enter in the search too, else it accepts."""

    def __init__(self, catalogue: Catalogue, chosen: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Chọn chỉ tiêu mà minh chứng này chứng minh"))
        self.resize(640, 560)
        self._items = QStandardItemModel(self)
        for criterion in catalogue.criteria:
            for indicator in criterion.indicators:
                item = QStandardItem(f"{indicator.code}  {indicator.name}")
                item.setData(indicator.code, _CODE)
                item.setData(search_key(f"{indicator.code} {indicator.name} {criterion.name}"), _KEY)
                item.setCheckable(True)
                item.setEditable(False)
                item.setToolTip(criterion.name)
                item.setCheckState(Qt.CheckState.Checked if indicator.code in chosen else Qt.CheckState.Unchecked)
                self._items.appendRow(item)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._items)
        self._found.setFilterRole(_KEY)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Gõ mã hoặc tên chỉ tiêu, có dấu hay không dấu đều được"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.list = QListView()
        self.list.setModel(self._found)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Các chỉ tiêu của bộ tiêu chí"))
        self.list.setCurrentIndex(self._found.index(0, 0))
        self._count = QLabel()
        self._items.itemChanged.connect(self._tell)
        self._build()
        self._tell()

    def _build(self) -> None:
        find = QLabel(_("&Tìm chỉ tiêu"))
        find.setBuddy(self.search)
        self.accept_button = primary(QPushButton(_("&Gắn các chỉ tiêu đã chọn")))
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        leave = QPushButton(_("Để nguyên như cũ"))
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._count, 1)
        buttons.addWidget(leave)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.small)
        column.addWidget(heading(QLabel(self.windowTitle()), 2))
        column.addWidget(find)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    def _search(self, text: str) -> None:
        self._found.setFilterFixedString(search_key(text))
        self.list.setCurrentIndex(self._found.index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the search into the list; Enter there ticks what was found, so that it is not lost."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.text().strip():
                index = self.list.currentIndex()
                if index.isValid():
                    self._found.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
                    self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        self._count.setText(_("Đã chọn {count} chỉ tiêu").format(count=len(self.codes())))

    def codes(self) -> tuple[str, ...]:
        """The ticked indicators in the set's order."""
        rows = (self._items.item(row) for row in range(self._items.rowCount()))
        return tuple(str(item.data(_CODE)) for item in rows if item.checkState() is Qt.CheckState.Checked)
