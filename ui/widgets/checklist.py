"""The checklist before printing: lines that open, each leads to its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.models.checklist import Entry, Place, to_do_count
from ui.theme import COLOURS, SPACE, heading, icon

_PLACE = Qt.ItemDataRole.UserRole
_KEY = Qt.ItemDataRole.UserRole + 1


class Checklist(QWidget):
    """``wanted`` asks for a page and a place on it."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Entry, ...] | None = None
        self._open: set[str] = set()
        self.title = heading(QLabel(), 2)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(1)
        self.tree.setMinimumHeight(64)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(18)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setAccessibleName(_("Việc cần làm trước khi in"))
        self.tree.itemClicked.connect(self._go)
        self.tree.itemActivated.connect(self._go)
        self.tree.itemExpanded.connect(lambda item: self._open.add(item.data(0, _KEY)))
        self.tree.itemCollapsed.connect(lambda item: self._open.discard(item.data(0, _KEY)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.title)
        column.addWidget(self.tree, 1)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these lines; what was open stays open, the chosen line stays chosen."""
        shown = tuple(entries)
        count = to_do_count(shown)
        words = _("Còn {count} việc trước khi in") if count else _("Đã sẵn sàng để in")
        self.title.setText(words.format(count=count))
        if shown == self._shown:
            return
        self._shown = shown
        current = self.tree.currentItem()
        chosen = current.data(0, _KEY) if current is not None else None
        scrolled = self.tree.verticalScrollBar().value()
        self.tree.blockSignals(True)
        self.tree.clear()
        for entry in shown or (Entry("ready", _("Không còn việc nào khiến hồ sơ bị trả lại."), Place("", ""), False),):
            item = self._item(entry, chosen)
            self.tree.addTopLevelItem(item)
            for inner in entry.inner:
                item.addChild(self._item(inner, chosen))
            item.setExpanded(entry.key in self._open)
        self._choose(chosen)
        self.tree.blockSignals(False)
        self.tree.verticalScrollBar().setValue(scrolled)

    def _item(self, entry: Entry, chosen: str | None) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.text])
        item.setToolTip(0, entry.text)
        item.setData(0, _PLACE, entry.place)
        item.setData(0, _KEY, entry.key)
        if entry.key == "ready":
            item.setIcon(0, icon("met", "#17692d"))
        elif entry.blocking and (entry.inner or " " not in entry.key):
            item.setIcon(0, icon("not-met", COLOURS.error))
        elif entry.to_do and (entry.inner or " " not in entry.key):
            item.setIcon(0, icon("warning", COLOURS.warning))
        elif not entry.to_do:
            item.setIcon(0, icon("info", COLOURS.soft))
        return item

    def _choose(self, key: str | None) -> None:
        walk = QTreeWidgetItemIterator(self.tree)
        while key is not None and (item := walk.value()) is not None:
            if item.data(0, _KEY) == key:
                self.tree.setCurrentItem(item)
            walk += 1

    def _go(self, item: QTreeWidgetItem) -> None:
        """Open a line that holds several, else go to its place."""
        if item.childCount():
            item.setExpanded(not item.isExpanded())
            return
        place = item.data(0, _PLACE)
        if place.page:
            self.wanted.emit(place.page, place.place)
