"""Where two computers hold different values of one field: both side by side, and a person chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.models.conflict_list import ConflictList, Place
from ui.models.rows import ROW_ROLE
from ui.pages.page import Page
from ui.theme import SPACE, heading, icon, link, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.narrow import NARROW, turn_layout
from ui.widgets.remembered import focus_in
from ui.widgets.side_card import SideCard
from ui.widgets.two_lines import two_line_list
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.model.assessment import Assessed
    from ntm_desktop.operations.conflicts import Conflict
    from ntm_desktop.operations.outcome import Changes
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_LIST, _LIST_NARROW = 300, 184
_FLAT = 420  # height of the page below which the explanation gives way and the list stands at the left
_LOW = 132  # height of the list where it stands above the values
_ANY = 16_777_215  # Qt's «no limit»
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConflictsPage(Page):
    """The list at the left, the values at the right. What was settled stays listed, so that it can be chosen anew."""

    key = "conflicts"
    icon = "package"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._settled: dict[str, Place] = {}  # conflict id → what was chosen since the window was opened
        self._shown: Place | None = None
        self._stays = ""  # the field that was just settled: what follows it in the list is shown next
        self._arriving = False  # the page has come to the front: the list gets the focus once it is filled
        self.model = ConflictList(self)
        self.list = two_line_list(_("Những chỗ có giá trị khác nhau"))
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda *_indexes: self._show_current())
        self.list.installEventFilter(self)
        self.banner = Banner()
        self.subject = heading(QLabel(), 2)
        self.subject.setTextFormat(Qt.TextFormat.PlainText)
        self.indicator = soft(QLabel())
        self.indicator.setWordWrap(True)
        self.indicator.setTextFormat(Qt.TextFormat.PlainText)
        self.place_button = link(QPushButton(icon("open-external"), ""))
        self.place_button.clicked.connect(self._open_indicator)
        self.cards: list[SideCard] = []
        self._build()
        session.assessed_changed.connect(self._refreshed)

    def title(self) -> str:
        return _("Chỗ nhập khác nhau")

    def _build(self) -> None:
        self.explanation = soft(
            QLabel(
                _(
                    "Hai máy đã nhập khác nhau mà chưa biết của nhau. Hãy chọn giá trị đúng. Không giá trị nào bị mất:"
                    " giá trị không chọn vẫn còn trong lịch sử, và có thể chọn lại."
                )
            )
        )
        self.explanation.setWordWrap(True)
        self._keys = soft(
            QLabel(_("Phím: ↑ ↓ đổi chỗ · 1, 2 chọn · Enter vào nút, Enter lần nữa để chọn · Esc trở về"))
        )
        self._keys.setWordWrap(True)
        inside = QWidget()
        inside.setProperty("plain", True)
        right = QVBoxLayout(inside)
        right.setContentsMargins(0, 0, SPACE.tiny, 0)
        right.setSpacing(SPACE.medium)
        right.addWidget(self.subject)
        right.addWidget(self.indicator)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(SPACE.large)
        right.addLayout(self._sides)
        right.addWidget(self.place_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self._keys)
        right.addStretch(1)
        area = self._area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body = QHBoxLayout()
        self._body.setSpacing(SPACE.large)
        self._body.addWidget(self.list)
        self._body.addWidget(area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.medium)
        column.addWidget(heading(QLabel(self.title())))
        column.addWidget(self.explanation)
        column.addWidget(self.banner)
        column.addLayout(self._body, 1)

    # --- showing

    def activate(self) -> None:
        self._arriving = True
        self._read()

    def _read(self) -> None:
        from ntm_desktop.operations import conflicts

        def read(workspace: Workspace, task: Task) -> tuple[Conflict, ...]:
            return conflicts.conflicts(workspace)

        self.session.run(read, self._show)

    def _refreshed(self, _assessed: Assessed | None) -> None:
        if self.isVisible():
            self._read()

    def _show(self, found: Sequence[Conflict]) -> None:
        """Those that wait, each where it stood before; those that were settled keep their place among them."""
        self.model.names_units = self._is_office
        waiting = {conflict.conflict_id: Place(conflict) for conflict in found}
        for conflict_id in waiting:
            self._settled.pop(conflict_id, None)
        now = waiting | self._settled
        order = dict.fromkeys([*(place.conflict.conflict_id for place in self.model.rows), *now])
        rows = [now[conflict_id] for conflict_id in order if conflict_id in now]
        self.model.take(rows)
        for widget in (self.list, self._area):
            widget.setVisible(bool(rows))
        self._choose_row()
        self._show_current()
        self._tell_state(len(waiting))

    def _choose_row(self) -> None:
        """After a choice the next field that waits; else what was selected stays."""
        ids = [place.conflict.conflict_id for place in self.model.rows]
        if self._stays in self._settled and self._stays in ids:
            at = ids.index(self._stays)
            following = [*range(at + 1, len(ids)), *range(at)]
            row = next((place for place in following if self.model.rows[place].chosen is None), at)
            self.list.setCurrentIndex(self.model.index(row, 0))
        elif ids and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0, 0))
        taken = self._arriving or self._stays
        self._stays, self._arriving = "", False
        if ids and taken and self.isVisible():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_state(self, waiting: int) -> None:
        if waiting:
            if self.model.open and not any(place.conflict.choosable for place in self.model.open):
                words = _("Đây là số liệu của xã nên chỉ xem được tại đây.")
                hint = _("Hãy đề nghị xã chọn trên máy của họ rồi gửi lại gói.")
                self.banner.say(words, hint, Mood.INFO, closable=False)
            else:
                self.banner.clear()
        elif self._settled:
            self.banner.say(
                _("Đã chọn xong, không còn chỗ nào khác nhau."),
                _(
                    "Lựa chọn sẽ đi theo gói gửi lần tới, máy kia nhận xong sẽ giống máy này. Chọn nhầm thì bấm vào giá"
                    " trị kia để chọn lại."
                ),
                Mood.GOOD,
                [self._way_back()],
                closable=False,
            )
        else:
            self.banner.say(
                _("Không có chỗ nào hai máy nhập khác nhau."),
                _("Khi nhận gói của máy khác mà có chỗ khác nhau, chỗ đó sẽ hiện ở đây."),
                Mood.GOOD,
                [self._way_back()],
                closable=False,
            )
        if not waiting and not self._settled and self.isVisible():
            focus_in(self.banner)

    def _way_back(self) -> tuple[str, Callable[[], object]]:
        return (_("Về trang Các xã") if self._is_office else _("Về trang Tổng quan"), self._leave)

    def current(self) -> Place | None:
        """The field that is selected."""
        index = self.list.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def _show_current(self) -> None:
        place = self.current()
        if place == self._shown and self.cards:
            return
        self._shown = place
        for old in self.cards:
            self._sides.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = []
        if place is None:
            return
        conflict = place.conflict
        self.subject.setText(place.title)
        assessed = self.session.assessed if conflict.assessment_id == self.session.shown_id else None
        item = assessed.by_code.get(conflict.code) if assessed is not None else None
        self.indicator.setText(item.indicator.name if item is not None else "")
        self.place_button.setVisible(item is not None)
        self.place_button.setText(_("Mở chỉ tiêu {code}").format(code=conflict.code))
        for number in range(1, len(conflict.sides) + 1):
            side = SideCard(conflict, number, place.chosen)
            side.button.clicked.connect(lambda _checked=False, at=number - 1: self.choose(at))
            side.button.installEventFilter(self)
            self._sides.addWidget(side, 1)
            self.cards.append(side)
        self._area.verticalScrollBar().setValue(0)
        self._turn()

    # --- choosing

    def choose(self, side: int) -> None:
        """Choose a side of the selected field, or another one of a field that was settled before."""
        from ntm_desktop.operations import conflicts

        place = self.current()
        if place is None or side >= len(place.conflict.sides) or not self.cards[side].button.isEnabled():
            return
        conflict, again = place.conflict, place.chosen is not None

        def work(workspace: Workspace, task: Task) -> Changes:
            if again:
                return conflicts.reconsider(workspace, conflict, side)
            return conflicts.choose(workspace, conflict.conflict_id, side)

        def then(_changes: Changes) -> None:
            self._settled[conflict.conflict_id] = Place(conflict, side)
            self._stays = conflict.conflict_id
            if not _changes:  # nothing is announced where the value stood so already
                self._read()

        for card in self.cards:
            card.button.setEnabled(False)
        self.session.run(work, then, self._failed)

    def _failed(self, _error: Exception) -> bool:
        """The window says it; the buttons work again."""
        self._shown = None
        self._read()
        return False

    def _open_indicator(self) -> None:
        place = self.current()
        if place is not None:
            self.session.go("criteria", place.conflict.code)

    def _leave(self) -> None:
        self.session.go("office" if self._is_office else "home")

    @property
    def _is_office(self) -> bool:
        return self.session.info is not None and self.session.info.role == "office"

    # --- keys and sizes

    def first_focus(self) -> QWidget:
        return self.list

    def panes(self) -> Sequence[QWidget]:
        return (self.list, self._area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            for card in self.cards:
                if watched is card.button:
                    self._area.ensureWidgetVisible(card, 0, 0)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            return self._pressed(watched, event.key()) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _pressed(self, watched: QObject, key: int) -> bool:
        """Digits choose; Enter and the right arrow go to the values, arrows from one to the other, Escape back."""
        side = key - Qt.Key.Key_1.value
        if 0 <= side < len(self.cards):
            self.choose(side)
            return True
        buttons = [card.button for card in self.cards if card.button.isEnabled()]
        if watched is self.list:
            if key in (*_ENTER, Qt.Key.Key_Right) and buttons:
                buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            return False
        if key == Qt.Key.Key_Escape:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if step is None or watched not in buttons:
            return False
        at = next(place for place, button in enumerate(buttons) if button is watched) + step
        (buttons[at] if 0 <= at < len(buttons) else self.list).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        """The list beside the values, or above them; the values beside each other, or below."""
        flat = self.height() < _FLAT
        turn_layout(self._body, _ANY if flat else self.width())
        beside = self._body.direction() == QBoxLayout.Direction.LeftToRight
        wide = _LIST if self.width() >= NARROW else _LIST_NARROW
        self.list.setMinimumWidth(wide if beside else 0)
        self.list.setMaximumWidth(wide if beside else _ANY)
        self.list.setMaximumHeight(_ANY if beside else _LOW)
        self.explanation.setVisible(not flat)
        self.indicator.setVisible(not flat and bool(self.indicator.text()))
        room = self.width() - 2 * SPACE.huge - (wide + SPACE.large if beside else 0)
        needed = sum(max(240, card.minimumSizeHint().width()) + SPACE.large for card in self.cards)
        direction = QBoxLayout.Direction.LeftToRight if needed <= room else QBoxLayout.Direction.TopToBottom
        if self._sides.direction() != direction:
            self._sides.setDirection(direction)
