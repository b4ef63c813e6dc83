"""The data page: everything that a dossier needs beside results and evidence, entered once, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model import readiness
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.records import BY_ID, SELF
from ui.forms.record_drafts import RecordDrafts
from ui.pages.data_lists import DebtPart, MeetingPart, MoneyPart, OpinionPart
from ui.pages.data_papers import ConditionPart, PapersPart
from ui.pages.data_parts import STATES, GeneralPart, Known, Part, PublicationPart, Tools, state_words
from ui.pages.data_photos import PhotoPart
from ui.pages.data_poll import PollPart
from ui.pages.page import Page
from ui.theme import SPACE
from ui.widgets.banner import Banner
from ui.widgets.narrow import NARROW
from ui.widgets.record_deeds import RecordDeeds
from ui.widgets.two_lines import TwoLines
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_KEY = Qt.ItemDataRole.UserRole
_LIST, _LIST_NARROW = 248, 200
_PARTS: tuple[type[Part], ...] = (
    GeneralPart,
    PublicationPart,
    MeetingPart,
    OpinionPart,
    MoneyPart,
    DebtPart,
    PollPart,
    ConditionPart,
    PapersPart,
    PhotoPart,
)


class DataPage(Page):
    """Left the parts with what is still missing of each; right the fields of the chosen one.

    ``show_place`` takes a kind of record, ``kind/record id`` or ``kind/record id/field``.
    """

    key = "data"
    icon = "data"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.known: Known | None = None
        self._stale = True  # something changed while nobody looked
        self._reading = False
        self._wanted = ""  # place to be shown as soon as it has been read
        self.drafts = RecordDrafts(session, self)
        self.banner = Banner()
        self.deeds = RecordDeeds(session, self.drafts, self.banner, self)
        self.list = QListWidget()
        self.stack = QStackedWidget()
        self.parts: dict[str, Part] = {}
        self._build()
        self.list.currentRowChanged.connect(self._show_part)
        self.list.itemActivated.connect(lambda _item: self.current.first_focus().setFocus())
        session.assessed_changed.connect(self._assessed_changed)
        new = QShortcut(QKeySequence("Ctrl+N"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        new.activated.connect(lambda: self.current.add())
        for area in self._areas:
            area.verticalScrollBar().setSingleStep(24)
        self.list.setCurrentRow(0)

    def title(self) -> str:
        return _("Số liệu")

    # --- building

    def _build(self) -> None:
        self.list.setAccessibleName(_("Các mục số liệu"))
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setFixedWidth(_LIST)
        tools = Tools(self.session, self.drafts, self.deeds)
        self._areas: list[QScrollArea] = []
        for made in (kind(tools) for kind in _PARTS):
            self._add(made)
        inner = QWidget()
        right = QVBoxLayout(inner)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        notice = QVBoxLayout()
        notice.setContentsMargins(SPACE.large, 0, SPACE.large, 0)
        notice.addWidget(self.banner)
        right.addLayout(notice)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.medium, SPACE.medium, 0, SPACE.medium)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(inner, 1)

    def _add(self, part: Part) -> None:
        self.parts[part.key] = part
        item = QListWidgetItem(part.title())
        item.setData(_KEY, part.key)
        self.list.addItem(item)
        area = QScrollArea()
        area.setWidget(part)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._areas.append(area)
        self.stack.addWidget(area)
        part.wanted.connect(self.show_place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        self.list.setFixedWidth(_LIST_NARROW if narrow else _LIST)
        papers = self.parts["document"]
        if isinstance(papers, PapersPart):
            papers.turn(event.size().width())

    # --- reading

    def _assessed_changed(self, _assessed: Assessed | None) -> None:
        self._stale = True
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        assessed = self.session.assessed
        if assessed is None or self._reading:
            return
        self._reading = True
        shown = assessed.assessment.assessment_id

        def read(workspace: Workspace, task: Task) -> Known:
            from ntm_desktop.operations import dossier_facts

            self._reading = self._stale = False  # what changes from now on is read again
            facts = dossier_facts.facts(workspace, shown, pages=False)
            return Known(facts, readiness.find(facts))

        self.session.run(read, self._show_known, self._not_read)

    def _not_read(self, _error: Exception) -> bool:
        self._reading = False
        return False

    def _show_known(self, known: Known) -> None:
        if self.session.assessed is None or known.facts.assessed.assessment.assessment_id != self.session.shown_id:
            return
        self.known = known
        self.drafts.take(known.facts)
        for row, part in enumerate(self.parts.values()):
            part.show_known(known)
            if part.read_only != self.session.read_only:
                part.set_read_only(self.session.read_only)
            self._show_state(row, part)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.show_place(wanted)

    def _show_state(self, row: int, part: Part) -> None:
        done, state = state_words(part.findings())
        item = self.list.item(row)
        item.setText(f"{part.title()}\n{state}")
        item.setData(Qt.ItemDataRole.DecorationRole, STATES[done])
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{part.title()}: {state}")
        item.setHidden(not part.offered())

    # --- parts

    @property
    def current(self) -> Part:
        """The part in front."""
        return list(self.parts.values())[max(0, self.list.currentRow())]

    def _show_part(self, row: int) -> None:
        self._commit()
        self.drafts.flush()
        self.stack.setCurrentIndex(row)
        self.current.arrange()

    def activate(self) -> None:
        if self._stale:
            self._read()

    def _commit(self) -> None:
        """Let the input method hand over the word that is being composed, and take what stands in an open cell."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            QGuiApplication.inputMethod().commit()
            for part in self.parts.values():
                part.finish()

    def save_now(self) -> None:
        self._commit()
        self.drafts.flush(leaving=True)

    # --- places

    def show_place(self, place: str) -> None:
        kind, _slash, rest = place.partition("/")
        record_id, _slash, field = rest.partition("/")
        part = next((item for item in self.parts.values() if kind in item.kinds), None)
        if part is None:
            return
        if self.known is None or self._stale:
            self._wanted = place
            self._read()
            return
        keys = list(self.parts)
        self.list.setCurrentRow(keys.index(part.key))
        single = kind in BY_ID and BY_ID[kind].single
        part.show_record(kind, record_id or (SELF if single else ""), field)
        QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        focused = QApplication.focusWidget()
        area = self._areas[max(0, self.list.currentRow())]
        if focused is not None and area.isAncestorOf(focused):
            area.ensureWidgetVisible(focused, 0, 2 * SPACE.huge)

    def place(self) -> str:
        return self.current.place()

    def first_focus(self) -> QWidget:
        return self.list

    def panes(self) -> Sequence[QWidget]:
        return (self.list, self.current)

    def enter_pane(self, pane: QWidget) -> None:
        if pane is self.current:
            self.current.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().enter_pane(pane)
