"""Looking for words in the pages that are shown: Ctrl+F opens, F3 goes on, Escape closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from ntm_desktop.i18n import _
from ui.theme import SPACE, icon, soft
from ui.widgets.page_sources import PdfPages
from ui.widgets.pdf_view import PagesView
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.pages_preview import Hit
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_PAUSE = 250  # milliseconds after the last key


class PagesSearch(QWidget):
    """Belongs to one :class:`PagesView`; out of sight until it is asked for. Diacritics and case do not matter."""

    def __init__(self, session: Session, view: PagesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._view = view
        self._hits: tuple[Hit, ...] = ()
        self._at = -1
        self._looked_for = ""
        self.words = QLineEdit()
        self.words.setPlaceholderText(_("Tìm chữ trong văn bản"))
        self.words.setAccessibleName(_("Tìm chữ trong văn bản"))
        self.words.setClearButtonEnabled(True)
        self.count = soft(QLabel())
        self.previous = self._button("previous", _("Chỗ trước (Shift+F3)"), lambda: self.step(-1))
        self.next = self._button("next", _("Chỗ sau (F3)"), lambda: self.step(1))
        self.leave = self._button("close", _("Thôi tìm (Esc)"), self.shut)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.tiny)
        row.addWidget(self.words, 1)
        for widget in (self.count, self.previous, self.next, self.leave):
            row.addWidget(widget)
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self.look)
        self.words.textChanged.connect(lambda _text: self._later.start())
        self.words.installEventFilter(self)
        self.hide()

    def _button(self, picture: str, name: str, deed: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(deed)
        return button

    def listen(self, page: QWidget) -> None:
        """Let a page open and steer the search by its keys."""
        for keys, deed in (
            (QKeySequence(QKeySequence.StandardKey.Find), self.open),
            (QKeySequence("F3"), lambda: self.step(1)),
            (QKeySequence("Shift+F3"), lambda: self.step(-1)),
        ):
            shortcut = QShortcut(keys, page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    def open(self) -> None:
        """Show the line and put the focus into it."""
        self.show()
        self.words.setFocus()
        self.words.selectAll()
        self.look()

    def shut(self) -> None:
        """Take the line and the marks away."""
        self.hide()
        self._hits, self._at = (), -1
        self._view.mark(())
        self._view.setFocus()

    def renew(self) -> None:
        """The pages are others now."""
        self._hits, self._at = (), -1
        self._view.mark(())
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Look for the words in the pages that are shown."""
        self._later.stop()
        source, words = self._view.source, self.words.text().strip()
        self._looked_for = words
        if not isinstance(source, PdfPages) or not words:
            self._show(words, ())
            return
        path = source.path

        def find(workspace: Workspace, task: Task) -> tuple[Hit, ...]:
            from ntm_desktop.operations import pages_preview

            return pages_preview.find(path, words)

        self._session.run(find, lambda hits: self._show(words, hits))

    def _show(self, words: str, hits: tuple[Hit, ...]) -> None:
        if words != self._looked_for:
            return
        self._hits = hits
        here = max(0, self._view.page - 1)
        self._at = next((place for place, hit in enumerate(hits) if hit.page >= here), 0 if hits else -1)
        self._tell()

    def step(self, by: int) -> None:
        """Go to the next or the preceding place, round the end."""
        if not self.isVisible():
            self.open()
        elif self._hits:
            self._at = (self._at + by) % len(self._hits)
            self._tell()

    def _tell(self) -> None:
        found = len(self._hits)
        if found:
            self.count.setText(_("{place}/{count}").format(place=self._at + 1, count=found))
        else:
            self.count.setText(_("Không thấy") if self._looked_for else "")
        for button in (self.previous, self.next):
            button.setEnabled(found > 1)
        self._view.mark(self._hits, self._at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.shut()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                if self._later.isActive():
                    self.look()
                else:
                    self.step(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)
