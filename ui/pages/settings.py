"""Settings: sections at the left, one at a time at the right; everything is saved by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QStackedWidget, QWidget

from ntm_desktop.i18n import _
from ui.pages.page import Page
from ui.pages.sections.about import AboutSection
from ui.pages.sections.assessments import AssessmentsSection
from ui.pages.sections.catalogues import CataloguesSection
from ui.pages.sections.devices import DevicesSection
from ui.pages.sections.person import PersonSection
from ui.pages.sections.safety import SafetySection
from ui.pages.sections.section import Section
from ui.pages.sections.unit import UnitSection
from ui.theme import SIZE
from ui.widgets.narrow import NARROW
from ui.workspace import Session

_KEY = Qt.ItemDataRole.UserRole
_LIST, _LIST_NARROW = 216, 184


class SettingsPage(Page):
    """``show_place`` takes a section's key: unit, assessments, catalogues, person, devices, safety, about."""

    key = "settings"
    icon = "settings"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        commune = session.info is None or session.info.role == "commune"
        kinds: list[type[Section]] = [UnitSection]
        if commune:
            kinds.append(AssessmentsSection)
        kinds += [CataloguesSection, PersonSection, DevicesSection, SafetySection, AboutSection]
        self.list = QListWidget()
        self.list.setAccessibleName(_("Các mục thiết lập"))
        self.list.setFixedWidth(_LIST)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet(
            "QListWidget { border: none; border-radius: 0; background: transparent; padding: 8px; }"
        )
        self.stack = QStackedWidget()
        self.sections: dict[str, Section] = {}
        for kind in kinds:
            self._add(kind(session))
        self.list.currentRowChanged.connect(self._show)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self.stack, 1)
        self._shown = -1
        self.list.setCurrentRow(0)

    def _add(self, section: Section) -> None:
        self.sections[section.key] = section
        item = QListWidgetItem(section.title())
        item.setData(_KEY, section.key)
        item.setSizeHint(QSize(_LIST_NARROW - 24, SIZE.target + 4))
        self.list.addItem(item)
        area = QScrollArea()
        area.setWidget(section)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stack.addWidget(area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.setFixedWidth(_LIST_NARROW if event.size().width() < NARROW else _LIST)

    def title(self) -> str:
        return _("Thiết lập")

    @property
    def current(self) -> Section:
        """The section in front."""
        return list(self.sections.values())[max(0, self.list.currentRow())]

    def activate(self) -> None:
        self.current.activate()

    def _show(self, row: int) -> None:
        if self._shown >= 0:
            list(self.sections.values())[self._shown].save_now()
        self._shown = row
        self.stack.setCurrentIndex(row)
        if self.isVisible():
            self.current.activate()

    def save_now(self) -> None:
        for section in self.sections.values():
            section.save_now()

    def show_place(self, place: str) -> None:
        keys = list(self.sections)
        if place in keys:
            self.list.setCurrentRow(keys.index(place))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> str:
        return self.current.key

    def first_focus(self) -> QWidget:
        return self.list

    def panes(self) -> Sequence[QWidget]:
        return (self.list, self.current)
