"""The line above: whose assessment is shown, search, and whether everything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed, Assessment
from ui.theme import COLOURS, SIZE, SPACE, icon, picture, soft, tone
from ui.widgets.search_box import SearchBox, hits_of

_NARROW = 1000  # below this width the search field gives room
_SEARCH, _SEARCH_NARROW = 300, 200
_AROUND = 44  # padding and arrow of the unit's button
_DOT = "  ·  "


class Header(QFrame):
    """The header. Nothing can be done in it before an assessment is shown."""

    assessment_wanted = Signal(str)  # id
    addition_wanted = Signal()
    place_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.unit = QPushButton(_("Đang mở dữ liệu…"))
        self.unit.setObjectName("unit")
        self.unit.setEnabled(False)
        self.unit.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.note = tone(QLabel(), "warning")
        self.note.hide()
        self.search = SearchBox()
        self.search.setFixedWidth(_SEARCH)
        self.search.setEnabled(False)
        self.search.chosen.connect(self.place_wanted)
        self._sign = QLabel()
        self._sign.setFixedWidth(16)  # its place is kept, so that the search field does not move
        self.saved = soft(QLabel())
        self.saved.setMinimumWidth(148)
        self.saved.setAccessibleName(_("Trạng thái lưu"))
        self._calm = QTimer(self)  # «Đang lưu…» stands long enough to be read
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(self._show_saved)
        self._saved_at: datetime | None = None
        self._parts: tuple[str, ...] = (self.unit.text(),)
        self._bold = QFont(self.font())
        self._bold.setBold(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.small, SPACE.small, SPACE.large, SPACE.small)
        row.setSpacing(SPACE.medium)
        row.addWidget(self.unit, 100)
        row.addStretch(1)
        row.addWidget(self.note)
        row.addWidget(self.search)
        saved = QHBoxLayout()
        saved.setSpacing(SPACE.tiny + 2)
        saved.addWidget(self._sign)
        saved.addWidget(self.saved)
        row.addLayout(saved)

    def show_assessed(self, assessed: Assessed | None, name: str, note: str = "") -> None:
        """Say whose assessment is shown; without one, the workspace's name."""
        self._parts = (name,)
        if assessed is not None:
            year = _("Năm {year}").format(year=assessed.assessment.year)
            self._parts = (name, assessed.catalogue.title, year)
        words = _DOT.join(self._parts)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._fit_name()
        self.unit.setToolTip(words)
        self.unit.setAccessibleName(words)
        self.search.set_hits(hits_of(assessed))
        self.search.setEnabled(assessed is not None)

    def set_assessments(self, assessments: Sequence[tuple[Assessment, str]], current: str, may_add: bool) -> None:
        """The assessments that the menu below the unit's name offers, each with its set's title."""
        menu = QMenu(self.unit)
        for assessment, title in assessments:
            year = _("Năm {year}").format(year=assessment.year)
            action = menu.addAction(f"{title} · {year}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(assessment.assessment_id == current)
            wanted = assessment.assessment_id
            action.triggered.connect(lambda _checked=False, wanted=wanted: self.assessment_wanted.emit(wanted))
        if may_add:
            menu.addSeparator()
            menu.addAction(icon("add"), _("Thêm đợt đánh giá…"), self.addition_wanted.emit)
        shown = bool(assessments) or may_add
        self.unit.setMenu(menu if shown else None)  # type: ignore[arg-type]  # None takes the menu away
        self.unit.setEnabled(shown)

    def show_state(self, state: str) -> None:
        """«saving», «saved» or «failed»."""
        if state == "saving":
            self._say(_("Đang lưu…"), "clock", COLOURS.soft)
            self._calm.stop()
        elif state == "failed":
            self._calm.stop()
            self._say(_("Chưa lưu được"), "error", COLOURS.error)
        else:
            self._saved_at = datetime.now(UTC)
            self._calm.start(250)

    def _show_saved(self) -> None:
        if self._saved_at is not None:
            words = _("Đã lưu lúc {time}").format(time=wording.time_text(self._saved_at))
            self._say(words, "met", "#17692d")

    def _say(self, words: str, sign: str, colour: str) -> None:
        self.saved.setText(words)
        self._sign.setPixmap(picture(sign, 16, self.devicePixelRatioF(), colour))

    def forget_state(self) -> None:
        """Another workspace: nothing was saved in it yet."""
        self._calm.stop()
        self._saved_at = None
        self.saved.clear()
        self._sign.clear()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), SIZE.target + 2 * SPACE.small + 1)

    def focus_search(self) -> None:
        """Ctrl+K."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.search.setFixedWidth(_SEARCH_NARROW if event.size().width() < _NARROW else _SEARCH)
        self._fit_name()

    def _fit_name(self) -> None:
        """The button is as wide as its words, and shortens them where there is no room."""
        taken = self.search.width() + self.saved.minimumWidth() + SPACE.huge * 5
        taken += self.note.sizeHint().width() + SPACE.medium if self.note.isVisibleTo(self) else 0
        room = max(120, self.width() - taken)
        metrics = QFontMetrics(self._bold)
        words = _shortened(self._parts, metrics, room - _AROUND)
        self.unit.setText(words.replace("&", "&&"))
        self.unit.setMaximumWidth(metrics.horizontalAdvance(words) + _AROUND)


def _shortened(parts: Sequence[str], metrics: QFontMetrics, room: int) -> str:
    """Unit, set and year in one line: the set's name gives way first, so that the year stays in sight."""
    words = _DOT.join(parts)
    if len(parts) == 3 and metrics.horizontalAdvance(words) > room:
        name, title, year = parts
        left = room - metrics.horizontalAdvance(_DOT.join((name, "", year)))
        if (short := metrics.elidedText(title, Qt.TextElideMode.ElideRight, left)) not in ("", "…"):
            return _DOT.join((name, short, year))
        words = _DOT.join((name, year))
        if metrics.horizontalAdvance(words) > room:
            left = room - metrics.horizontalAdvance(_DOT + year)
            words = _DOT.join((metrics.elidedText(name, Qt.TextElideMode.ElideRight, left), year))
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
