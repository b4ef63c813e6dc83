"""The frame: header, navigation, one page at a time, progress, status line. It does no work itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ntm_desktop.errors import UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed, Assessment
from ntm_desktop.settings import Settings
from ui.actions import Actions
from ui.pages.page import Page
from ui.places import BELONGS_TO, NEEDS_ASSESSMENT, make_page, places_of
from ui.tasks import Task
from ui.theme import SPACE, icon, soft
from ui.widgets import remembered
from ui.widgets.banner import Banner, Mood
from ui.widgets.header import Header
from ui.widgets.navigation import Navigation
from ui.widgets.remembered import focus_in
from ui.widgets.status_line import CONFLICTS, CRITERIA, EVIDENCE, HELP, INDICATORS, StatusLine
from ui.widgets.task_line import TaskLine
from ui.workspace import Session

_FIRST_SIZE = QSize(1320, 700)
_LEAST_SIZE = QSize(900, 560)
_STATUS_PLACES = {
    CRITERIA: ("criteria", ""),
    INDICATORS: ("criteria", ""),
    EVIDENCE: ("criteria", "missing:evidence"),
    CONFLICTS: ("conflicts", ""),
}


class MainWindow(QMainWindow):
    """One window on one workspace. Before it is open, or where it cannot be, a single screen fills the window."""

    painted = Signal()  # once, after the first painting
    leaving = Signal()  # the person wants to close; whoever owns the window calls :meth:`let_go`

    def __init__(self, session: Session, settings: Settings, deeds: Mapping[str, Callable[[], object]]) -> None:
        super().__init__()
        self.session = session
        self._settings = settings
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._free = False  # may be closed
        self._was_painted = False
        self.setWindowTitle("NTM Desktop")
        self.setAcceptDrops(True)
        self.header = Header()
        self.navigation = Navigation()
        self.banner = Banner()
        self.stack = QStackedWidget()
        self.status = StatusLine()
        self._tasks = QVBoxLayout()
        self._build()
        own = {"search": self.header.focus_search}
        self.actions_table = Actions(self, {**deeds, **own})
        self.actions_table.allow(workspace=False, assessment=False, own=False)
        QShortcut(QKeySequence("F6"), self, lambda: self._step_pane(1))
        QShortcut(QKeySequence("Shift+F6"), self, lambda: self._step_pane(-1))
        self._connect()
        remembered.restore_geometry(self, self._settings, _FIRST_SIZE)
        self.show_busy()

    def _build(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        notice = QVBoxLayout()
        notice.setContentsMargins(SPACE.large, SPACE.small, SPACE.large, 0)
        notice.addWidget(self.banner)
        self._tasks.setContentsMargins(SPACE.large, 0, SPACE.large, SPACE.small)
        body.addLayout(notice)
        body.addWidget(self.stack, 1)
        body.addLayout(self._tasks)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addLayout(body, 1)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        # never larger than the screen: 1366x768 at 200 % leaves 683x384
        self.setMinimumSize(_LEAST_SIZE.boundedTo(self.screen().availableSize()))

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.show_page)
        self.header.place_wanted.connect(self.go)
        self.header.assessment_wanted.connect(lambda wanted: self.session.show_assessment(wanted, False))
        self.header.addition_wanted.connect(lambda: self.go("settings", "assessments"))
        self.status.wanted.connect(self._go_from_status)
        self.session.place_wanted.connect(self.go)
        self.session.deed_wanted.connect(lambda key: self.actions_table[key].trigger())
        self.session.save_state.connect(self.header.show_state)
        self.session.assessed_changed.connect(self._show_assessed)
        self.session.task_started.connect(self.follow_task)

    # --- screens

    def show_busy(self) -> None:
        """The first sight: the frame, and that the data is being opened."""
        waiting = soft(QLabel(_("Đang mở dữ liệu…")))
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_screen(waiting, bare=False)

    def show_screen(self, screen: QWidget, *, bare: bool = True) -> None:
        """Fill the window with one screen: first run, or what to do where the data cannot be opened."""
        for widget in (self.navigation, self.header, self.status):
            widget.setVisible(not bare)
        self._show_widget(screen)
        self._drop_screens(screen)

    def show_workspace(self, page: str = "") -> None:
        """The workspace is open: pages can be visited."""
        info = self.session.info
        assert info is not None
        places = places_of(info.role)
        self.navigation.set_places(places)
        for number, place in enumerate(places, start=1):
            self.actions_table.add(
                "view",
                f"page:{place.key}",
                f"&{number}  {place.words}",
                icon(place.sign),
                f"Ctrl+{number}",
                partial(self.show_page, place.key, True),
            )
        for widget in (self.navigation, self.header, self.status):
            widget.show()
        self._show_assessed(self.session.assessed)
        self.show_page(page if page in {place.key for place in places} else places[0].key, by_keyboard=True)

    def _show_widget(self, widget: QWidget) -> None:
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)

    def _drop_screens(self, kept: QWidget | None) -> None:
        """Screens that are no page are used once."""
        for place in range(self.stack.count() - 1, -1, -1):
            widget = self.stack.widget(place)
            if widget is not None and widget is not kept and widget not in self._pages.values():
                self.stack.removeWidget(widget)
                widget.deleteLater()

    # --- pages

    @property
    def current_key(self) -> str:
        """Key of the page in front; empty before one is shown."""
        return self._current

    def page(self, key: str) -> Page:
        """A page, made on its first visit."""
        if key not in self._pages:
            made = make_page(key, self.session)
            self._pages[key] = made
            self.stack.addWidget(made)
            remembered.restore_splitters(made, self._settings)
        return self._pages[key]

    def show_page(self, key: str, by_keyboard: bool = False) -> None:
        """Bring a page to the front; the one that is left saves first. Without an assessment there is less to show."""
        if key in NEEDS_ASSESSMENT and self.session.assessed is None:
            key = "office" if self._is_office else "settings"
        if self._current and self._current != key:
            self._pages[self._current].save_now()
            self.banner.clear()
        page = self.page(key)
        self._current = key
        self._show_widget(page)
        self._drop_screens(page)
        known = {place.key for place in places_of(self.session.info.role)} if self.session.info else set()
        self.navigation.mark(next((name for name in BELONGS_TO.get(key, ()) if name in known), key))
        page.activate()
        if by_keyboard:
            page.first_focus().setFocus(Qt.FocusReason.ShortcutFocusReason)
            if not page.isAncestorOf(self.focusWidget()):
                focus_in(page)

    def go(self, key: str, place: str = "") -> None:
        """Show a page and a place on it."""
        self.show_page(key)
        if place:
            self._pages[self._current].show_place(place)

    def save_pages(self) -> None:
        """Every page hands over what was typed."""
        for page in self._pages.values():
            page.save_now()

    @property
    def _is_office(self) -> bool:
        return self.session.info is not None and self.session.info.role == "office"

    def _go_from_status(self, name: str) -> None:
        if name == HELP:
            self.actions_table["help"].trigger()
        elif name in _STATUS_PLACES:
            self.go(*_STATUS_PLACES[name])

    # --- what is told

    def tell_situation(self, error: UserError) -> None:
        """Say what happened and what to do, above the page."""
        self.banner.say(error.message, error.hint, Mood.WARNING)

    def tell(self, message: str, hint: str = "") -> None:
        """Say that something was done."""
        self.banner.say(message, hint, Mood.GOOD)

    def follow_task(self, task: Task) -> None:
        """Show progress and Cancel of one piece of work."""
        line = TaskLine()
        line.ended.connect(line.deleteLater)
        self._tasks.addWidget(line)
        line.follow(task)

    def _show_assessed(self, assessed: Assessed | None) -> None:
        info, facts = self.session.info, self.session.facts
        if info is None:
            return
        name = info.name if assessed is None else assessed.profile.name or assessed.unit.full_name
        self.header.show_assessed(assessed, name, self._note())
        mine = [] if self._is_office else [(item, self._set_title(item)) for item in info.assessments]
        self.header.set_assessments(mine, self.session.shown_id, may_add=not self._is_office)
        self.status.show_assessed(assessed)
        self.status.show_conflicts(facts.waiting if facts else 0)
        own = assessed is not None and not self.session.read_only
        self.actions_table.allow(workspace=True, assessment=assessed is not None, own=own)
        self.actions_table.name_undo(facts.undo if facts else None, facts.redo if facts else None)
        open_pages = {place.key for place in places_of(info.role)}
        self.navigation.allow(open_pages if assessed is not None else open_pages - NEEDS_ASSESSMENT)
        self.setWindowTitle(f"{name} – NTM Desktop")

    def _note(self) -> str:
        info = self.session.info
        if info is not None and info.sample:
            return _("DỮ LIỆU MẪU")
        return _("Chỉ xem") if self.session.read_only and self.session.assessed is not None else ""

    def _set_title(self, assessment: Assessment) -> str:
        assessed = self.session.assessed
        if assessed is not None and assessed.assessment.catalogue_sha256 == assessment.catalogue_sha256:
            return assessed.catalogue.title
        return self.session.set_titles.get(assessment.catalogue_sha256, assessment.catalogue_id)

    # --- keys, files dropped, sizes

    def _step_pane(self, step: int) -> None:
        """F6: navigation, the page's panes, search."""
        panes: list[QWidget] = [self.navigation]
        page = self._pages.get(self._current)
        panes += [pane for pane in page.panes() if page.reveals(pane)] if page else []
        panes.append(self.header.search)
        focused = QApplication.focusWidget()
        here = next(
            (at for at, pane in enumerate(panes) if focused and (pane is focused or pane.isAncestorOf(focused))), 0
        )
        target = panes[(here + step) % len(panes)]
        if target is self.navigation:
            self.navigation.focus_current()
            return
        if page is None or target is self.header.search:
            focus_in(target)
        else:
            page.enter_pane(target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self.banner.isHidden():
                self.banner.clear()
                return
            if self._is_office and self._current in NEEDS_ASSESSMENT:
                self.show_page("office", by_keyboard=True)
                self.session.show_assessment("", False)  # the commune is put back: nothing of it stays in the frame
                return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._current and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files dropped anywhere: the page in front takes them, else they are evidence."""
        if not self._current or self._pages[self._current].take_mime(event.mimeData()):
            event.acceptProposedAction()
            return
        if self.session.assessed is not None and not self.session.read_only:
            self.show_page("evidence")
            self._pages["evidence"].take_mime(event.mimeData())
            event.acceptProposedAction()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
        return handled

    # --- leaving

    def remember(self) -> None:
        """Keep size, page and splitters for the next start."""
        values = {"page": self._current or None, **remembered.geometry(self)}
        for page in self._pages.values():
            values |= remembered.splitters(page)
        self._settings.put_all(values)

    def let_go(self) -> None:
        """Everything is saved: close for good."""
        self._free = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._free:
            event.accept()
            return
        event.ignore()
        self.leaving.emit()
