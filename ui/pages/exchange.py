"""The exchange page: two roads, up to the receiving office and in from a stick, and what went over them lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QScrollArea, QTableView, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ui.models.rows import RowsModel
from ui.pages.page import Page
from ui.theme import SIZE, SPACE, heading, soft
from ui.widgets.evidence_intake import local_files
from ui.widgets.narrow import turn_layout
from ui.widgets.receive_card import SUFFIX, ReceiveCard
from ui.widgets.send_card import SendCard
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_SHOWN = 20
_HEADS = (N_("Lúc"), N_("Việc"), N_("Đơn vị"), N_("Nội dung"), N_("Tệp"))


class PackageRows(RowsModel):
    """Packages sent and received, the latest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: f"{row['direction']} {row['package_id']} {row['at']}", len(_HEADS), parent)

    def show(self, row: Any, column: int, role: int) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return row["path"] if role == Qt.ItemDataRole.ToolTipRole else None
        if column == 0:
            return wording.time_text(datetime.fromisoformat(row["at"]))
        if column == 1:
            return _("Đã gửi") if row["direction"] == "sent" else _("Đã nhận")
        if column == 2:
            return row["unit_name"]
        if column == 3:
            return _("{changes} thay đổi, {blobs} tệp").format(changes=row["changes"], blobs=row["blobs"])
        return Path(row["path"]).name

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADS[section])
        return None


class ExchangePage(Page):
    """An office only receives in this version, so it sees one card."""

    key = "exchange"
    icon = "exchange"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.send = SendCard(session)
        self.receive = ReceiveCard(session)
        self._packages = PackageRows(self)
        self.table = QTableView()
        self._none = soft(QLabel(_("Chưa gửi hay nhận gói nào.")))
        self._sends = session.info is None or session.info.role == "commune"
        self._build()
        for told in (self.send.result, self.receive.result):
            told.installEventFilter(self)
        session.changed.connect(lambda _changes: self._refresh() if self.isVisible() else None)

    def title(self) -> str:
        return _("Trao đổi")

    def first_focus(self) -> QWidget:
        return self.send.first_focus() if self._sends else self.receive.first_focus()

    def panes(self) -> Sequence[QWidget]:
        return (self.send, self.receive, self.table) if self._sends else (self.receive, self.table)

    def _build(self) -> None:
        self.table.setModel(self._packages)
        self.table.setAccessibleName(_("Các gói đã gửi và nhận"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(SIZE.row)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        inner = QWidget()
        inner.setProperty("plain", True)
        cards = self._cards = QHBoxLayout()
        cards.setSpacing(SPACE.large)
        cards.addWidget(self.send, 1)
        cards.addWidget(self.receive, 1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.small)
        column.addWidget(heading(QLabel(self.title())))
        column.addLayout(cards, 1)
        column.addWidget(heading(QLabel(_("Gói gần đây")), 2))
        column.addWidget(self._none)
        column.addWidget(self.table)
        inner.installEventFilter(self)
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)
        self.send.setVisible(self._sends)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is told at the end of a road must be in sight; a card that grew may need a line of its own."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._turn_cards()
        elif watched in (self.send.result, self.receive.result) and event.type() == QEvent.Type.Show:
            assert isinstance(watched, QWidget)
            QTimer.singleShot(0, watched, lambda: self._area.ensureWidgetVisible(watched))
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_cards()

    def _turn_cards(self) -> None:
        """Side by side only where both have room."""
        needed = sum(card.minimumSizeHint().width() for card in (self.send, self.receive)) + 3 * SPACE.large
        turn_layout(self._cards, self.width() if self.width() >= needed or not self._sends else 0)

    def activate(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        from ntm_desktop.operations import overview

        def read(workspace: Workspace, task: Task) -> tuple[dict[str, Any], ...]:
            return overview.package_rows(workspace)

        self.session.run(read, self._show_packages)
        self.receive.refresh()
        if self._sends:
            self.send.refresh()

    def _show_packages(self, rows: tuple[dict[str, Any], ...]) -> None:
        self._packages.take(rows[:_SHOWN])
        self._none.setVisible(not rows)
        self.table.setVisible(bool(rows))
        shown = min(3, len(rows))
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + shown * SIZE.row + 6)

    def take_mime(self, mime: QMimeData) -> bool:
        """Packages that are dropped are looked at; other files are left to the evidence page."""
        files = [file for file in local_files(mime) if file.name.lower().endswith(SUFFIX)]
        if files:
            self.receive.choose(files)
        return bool(files)

    def show_place(self, place: str) -> None:
        (self.receive.first_focus() if place == "receive" or not self._sends else self.first_focus()).setFocus()
