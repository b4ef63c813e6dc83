"""The exchange page: out to a stick, in from a stick, and where each partner stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ui.pages.page import Page
from ui.theme import SPACE, heading
from ui.widgets.drive_watch import DriveWatch
from ui.widgets.enrolling import CARDS
from ui.widgets.evidence_intake import local_files
from ui.widgets.history_tables import PackagesTable, PartnersTable
from ui.widgets.narrow import turn_layout
from ui.widgets.receipts_card import ReceiptsCard
from ui.widgets.receive_card import SUFFIX, ReceiveCard
from ui.widgets.send_card import SendCard
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known
    from ntm_desktop.operations.partners import Partner
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_SHOWN = 20  # packages of late


class ExchangePage(Page):
    """A commune sends its dossier, an office its receipts and opinions; both receive."""

    key = "exchange"
    icon = "exchange"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.watch = DriveWatch((SUFFIX, CARDS), self)
        self.is_office = session.info is not None and session.info.role == "office"
        self.send: SendCard | ReceiptsCard = (
            ReceiptsCard(session, self.watch) if self.is_office else SendCard(session, self.watch)
        )
        self.receive = ReceiveCard(session, self.watch)
        self.partners = PartnersTable()
        self.packages = PackagesTable()
        self._led_to = (self.send.result, self.receive.result)
        self._build()
        app.focusChanged.connect(self._follow_focus)
        for widget in self._led_to:
            widget.installEventFilter(self)
        self.partners.compare_wanted.connect(self._compare)
        self.receive.looked.connect(lambda: QTimer.singleShot(0, self, self._show_looked))
        self.receive.enrolling.enrolled.connect(lambda _known: self._refresh())
        if isinstance(self.send, SendCard):
            self.send.enrolling.enrolled.connect(lambda _known: self._refresh())
        session.changed.connect(lambda _changes: self._refresh() if self.isVisible() else None)

    def title(self) -> str:
        return _("Trao đổi")

    def first_focus(self) -> QWidget:
        return self.receive.first_focus() if self.is_office else self.send.first_focus()

    def panes(self) -> Sequence[QWidget]:
        return (*self._roads, self.partners.table, self.packages.table)

    def reveals(self, pane: QWidget) -> bool:
        return pane.isVisibleTo(self)

    @property
    def _roads(self) -> tuple[QWidget, QWidget]:
        """What is done more often stands first: an office receives, a commune sends."""
        return (self.receive, self.send) if self.is_office else (self.send, self.receive)

    def _build(self) -> None:
        inner = QWidget()
        inner.setProperty("plain", True)
        cards = self._cards = QHBoxLayout()
        cards.setSpacing(SPACE.large)
        for road in self._roads:
            cards.addWidget(road, 1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.medium)
        column.addWidget(heading(QLabel(self.title())))
        column.addLayout(cards)
        column.addWidget(self.partners)
        column.addWidget(self.packages)
        column.addStretch(1)
        inner.installEventFilter(self)
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setWidget(inner)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is told at the end of a road must be in sight; a card that grew may need a line of its own."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn_cards()
        elif watched in self._led_to and event.type() == QEvent.Type.Show:
            assert isinstance(watched, QWidget)
            QTimer.singleShot(0, watched, lambda: self._area.ensureWidgetVisible(watched))
        return super().eventFilter(watched, event)

    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Whatever the keyboard goes to comes into sight; a click is there already, and must not move the page."""
        inner = self._area.widget()
        mine = now is not None and inner is not None and inner.isAncestorOf(now) and self.isVisible()
        if now is not None and mine and not QApplication.mouseButtons():
            self._area.ensureWidgetVisible(now, 0, SPACE.huge)

    def _show_looked(self) -> None:
        """The button that takes a package in sight, and where there is no room for both, its sender."""
        self._area.ensureWidgetVisible(self.receive.button)
        self._area.ensureWidgetVisible(self.receive.preview.title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_cards()

    def _turn_cards(self) -> None:
        """Side by side only where both have room."""
        needed = sum(card.minimumSizeHint().width() for card in self._roads) + 3 * SPACE.large
        turn_layout(self._cards, self.width() if self.width() >= needed else 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.watch.stop()

    def activate(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        from ntm_desktop.operations import overview, partners

        def read(workspace: Workspace, task: Task) -> tuple[tuple[Partner, ...], tuple[dict[str, Any], ...]]:
            return partners.partners(workspace), overview.package_rows(workspace)

        self.session.run(read, lambda found: self._show(*found), lambda error: isinstance(error, UserError))
        self.receive.refresh()
        if isinstance(self.send, SendCard):
            self.send.refresh()

    def _show(self, partners: tuple[Partner, ...], rows: tuple[dict[str, Any], ...]) -> None:
        self.partners.show_partners(partners)
        self.packages.show_packages(rows[:_SHOWN])
        if isinstance(self.send, ReceiptsCard):
            self.send.show_partners(partners)

    def _compare(self, key: str) -> None:
        from ntm_desktop.operations import devices

        def find(workspace: Workspace, task: Task) -> Known:
            return devices.find(workspace, key)

        self.session.run(find, self.receive.enrolling.trusting.compare)

    def take_mime(self, mime: QMimeData) -> bool:
        """Packages and cards that are dropped are looked at; other files are left to the evidence page."""
        files = local_files(mime)
        packages = [file for file in files if file.name.lower().endswith(SUFFIX)]
        cards = [file for file in files if file.name.lower().endswith(CARDS)]
        if packages:
            self.receive.choose(packages)
        elif cards:
            self.receive.enrolling.look_at(cards[0])
        return bool(packages or cards)

    def show_place(self, place: str) -> None:
        road = {"receive": self.receive, "send": self.send}.get(place)
        (road.first_focus() if road is not None else self.first_focus()).setFocus()
