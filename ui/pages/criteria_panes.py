"""Three panes side by side; below 1200 px the evidence becomes a tab, on a very small window the list too."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QTabWidget, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import SIZE, SPACE

_SMALL = 620  # width of the page below which the list is a tab too


class Arrangement(Enum):
    """How many panes stand side by side."""

    WIDE = 3
    MEDIUM = 2
    SMALL = 1


class Panes(QWidget):
    """List, form, evidence. The sizes that the person gave them are kept for each arrangement."""

    rearranged = Signal()

    def __init__(self, listing: QWidget, form: QWidget, evidence: QWidget) -> None:
        super().__init__()
        self.listing, self.form, self.evidence = listing, form, evidence
        self.arrangement: Arrangement | None = None
        self._sizes: dict[Arrangement, list[int]] = {Arrangement.WIDE: [300, 560, 290], Arrangement.MEDIUM: [270, 640]}
        self._evidence_words = ""
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(SPACE.large)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(_("Kết quả và minh chứng"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)
        self._arrange(Arrangement.MEDIUM)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 220)  # a smaller window is arranged anew; the panes' own widths must not hinder that

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() < _SMALL:
            self._arrange(Arrangement.SMALL)
        elif self.window().width() < SIZE.narrow:
            self._arrange(Arrangement.MEDIUM)
        else:
            self._arrange(Arrangement.WIDE)

    def _arrange(self, wanted: Arrangement) -> None:
        if wanted is self.arrangement:
            return
        focus = QApplication.focusWidget()
        shown = self.tabs.currentWidget() if self.tabs.count() else None
        if self.arrangement in self._sizes:
            self._sizes[self.arrangement] = self.splitter.sizes()
        self.arrangement = wanted
        self.tabs.clear()
        panes = [self.listing, self.form, self.evidence]
        beside = {Arrangement.WIDE: 3, Arrangement.MEDIUM: 1, Arrangement.SMALL: 0}[wanted]
        for pane in panes[:beside]:
            self.splitter.addWidget(pane)
        for pane in panes[beside:]:
            self.tabs.addTab(pane, self._words(pane))
        if self.tabs.count():
            self.splitter.addWidget(self.tabs)
            self.tabs.setCurrentWidget(shown if shown in panes[beside:] else self.form)
        else:
            self.tabs.setParent(None)
        for pane in panes[:beside]:
            pane.show()
        self.tabs.setVisible(bool(self.tabs.count()))
        middle = 1 if beside else 0
        for place in range(self.splitter.count()):
            self.splitter.setStretchFactor(place, 1 if place == middle else 0)
        if wanted in self._sizes:
            self.splitter.setSizes(self._sizes[wanted])
        if focus is not None and any(pane.isAncestorOf(focus) for pane in panes):
            focus.setFocus()
        self.rearranged.emit()

    def _words(self, pane: QWidget) -> str:
        if pane is self.listing:
            return _("Danh sách")
        return _("Chỉ tiêu") if pane is self.form else self._evidence_words or _("Minh chứng")

    def name_evidence(self, count: int) -> None:
        """Say on the tab how many pieces of evidence there are."""
        words = _("Minh chứng ({count})").format(count=count) if count else _("Minh chứng")
        self._evidence_words = words
        place = self.tabs.indexOf(self.evidence)
        if place >= 0:
            self.tabs.setTabText(place, words)

    def bring(self, pane: QWidget) -> None:
        """Make a pane visible, whether it is a tab or not."""
        if self.tabs.indexOf(pane) >= 0:
            self.tabs.setCurrentWidget(pane)

    def sizes(self) -> dict[str, list[int]]:
        """The sizes of every arrangement, to be kept."""
        if self.arrangement in self._sizes and self.isVisible():
            self._sizes[self.arrangement] = self.splitter.sizes()
        return {str(arrangement.value): sizes for arrangement, sizes in self._sizes.items()}

    def take_sizes(self, kept: dict[str, Sequence[int]]) -> None:
        """Give the panes the sizes that were kept."""
        for arrangement in self._sizes:
            sizes = [int(size) for size in kept.get(str(arrangement.value), ())]
            if len(sizes) == len(self._sizes[arrangement]) and all(size > 0 for size in sizes):
                self._sizes[arrangement] = sizes
        if self.arrangement in self._sizes:
            self.splitter.setSizes(self._sizes[self.arrangement])
