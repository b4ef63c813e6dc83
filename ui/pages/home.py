"""Where one stands and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed, UnitProfile, Verdict
from ui.dialogs.message import tell
from ui.pages.page import Page
from ui.theme import SPACE, card, heading, icon, soft
from ui.widgets.banner import Banner, Mood
from ui.widgets.todo_list import Chore, TodoList, all_done, chores_of, chores_of_office
from ui.widgets.verdict_bar import VerdictBar
from ui.workspace import Session

BACKUP_DAYS = 7
_SIDE_BY_SIDE = 880  # width of the page from which the two cards stand beside each other


class HomePage(Page):
    """Two bars, the list of things to do, last backup and last package."""

    key = "home"
    icon = "home"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.name = heading(QLabel(self.title()))
        self.set_name = soft(QLabel())
        self.set_name.setWordWrap(True)
        self.notice = Banner()
        self.criteria = VerdictBar(_("Tiêu chí"))
        self.indicators = VerdictBar(_("Chỉ tiêu"))
        for bar in (self.criteria, self.indicators):
            bar.chosen.connect(lambda verdict: session.go("criteria", f"verdict:{Verdict(verdict).value}"))
        self.backup_text = QLabel()
        self.package_text = QLabel()
        self.office_text = QLabel()
        self.todo = TodoList()
        self.todo.wanted.connect(session.go)
        self._done = all_done(lambda: session.go("dossier"))
        self._done.hide()
        self.missing = QPushButton(icon("print"), _("In danh sách còn thiếu"))
        self.missing.clicked.connect(lambda: session.deed_wanted.emit("missing"))
        self._columns = QHBoxLayout()
        self._inside = QWidget()
        self._build()
        session.assessed_changed.connect(self._show)
        self._show(session.assessed)

    def title(self) -> str:
        return _("Tổng quan")

    def first_focus(self) -> QWidget:
        buttons = [button for button in self.todo.findChildren(QPushButton) if button.isVisibleTo(self.todo)]
        return buttons[0] if buttons else self.missing

    def _build(self) -> None:
        inside = self._inside
        inside.setProperty("plain", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.huge)
        column.setSpacing(SPACE.medium)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self.name)
        titles.addWidget(self.set_name)
        column.addLayout(titles)
        column.addWidget(self.notice)
        self._columns.setSpacing(SPACE.large)
        left = QVBoxLayout()
        left.setSpacing(SPACE.large)
        left.addWidget(self._bars())
        left.addWidget(self._safety())
        left.addStretch(1)
        self._columns.addLayout(left, 5)
        right = QVBoxLayout()
        right.addWidget(self._chores())
        right.addStretch(1)
        self._columns.addLayout(right, 6)
        column.addLayout(self._columns)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _bars(self) -> QFrame:
        sheet, column = _sheet()
        column.setSpacing(SPACE.large)
        column.addWidget(self.criteria)
        column.addWidget(self.indicators)
        return sheet

    def _safety(self) -> QFrame:
        sheet, column = _sheet()
        column.addWidget(heading(QLabel(_("Sao lưu và gửi")), 2))
        for label, words, sign, deed in (
            (self.backup_text, _("Sao lưu…"), "backup", "backup"),
            (self.package_text, _("Gửi gói…"), "export-up", "export"),
        ):
            label.setWordWrap(True)
            button = QPushButton(icon(sign), words)
            button.setMinimumWidth(120)
            button.clicked.connect(lambda _checked=False, deed=deed: self.session.deed_wanted.emit(deed))
            row = QHBoxLayout()
            row.setSpacing(SPACE.medium)
            row.addWidget(label, 1)
            row.addWidget(button)
            column.addLayout(row)
        self.office_text.setWordWrap(True)
        column.addWidget(self.office_text)
        return sheet

    def _chores(self) -> QFrame:
        sheet, column = _sheet()
        top = QHBoxLayout()
        top.addWidget(heading(QLabel(_("Việc cần làm")), 2), 1)
        top.addWidget(self.missing)
        column.addLayout(top)
        column.addWidget(self.todo)
        column.addWidget(self._done)
        return sheet

    # --- what it shows

    def _show(self, assessed: Assessed | None) -> None:
        if assessed is None:
            return
        year = _("Năm {year}").format(year=assessed.assessment.year)
        self.set_name.setText(f"{assessed.unit.place} · {assessed.catalogue.name} · {year}")
        self.criteria.set_tally(assessed.criteria_tally)
        self.indicators.set_tally(assessed.indicators_tally)
        self._show_notice(assessed)
        self._show_safety()
        chores = list(chores_of(assessed))
        if not self.session.read_only:
            chores = [*self._conflicts(), *chores, *self._own_chores(assessed.profile)]
        self.todo.show_chores(chores)
        self.todo.setVisible(bool(chores))
        self._done.setVisible(not chores)
        self.missing.setVisible(bool(chores))
        self._arrange(self.width())

    def _show_notice(self, assessed: Assessed) -> None:
        info = self.session.info
        if info is not None and info.sample:
            self.notice.say(
                _("Đây là dữ liệu mẫu để xem thử; không phải số liệu thật của đơn vị nào."),
                _("Cứ tự do sửa. Khi muốn làm thật, bấm nút bên cạnh; dữ liệu mẫu vẫn để lại."),
                Mood.WARNING,
                ((_("Chuyển sang dữ liệu thật"), lambda: self.session.folder_wanted.emit(None)),),
                closable=False,
            )
        elif not assessed.catalogue.indicators_complete:
            self.notice.say(
                _("Bộ tiêu chí này chưa đủ chỉ tiêu nên phần mềm không kết luận đạt hay chưa đạt."),
                _("Người giữ quyết định có thể bổ sung ở Thiết lập, mục «Bộ tiêu chí»."),
                Mood.WARNING,
                ((_("Mở mục «Bộ tiêu chí»"), lambda: self.session.go("settings", "catalogues")),),
                closable=False,
            )
        else:
            self.notice.clear()

    def _show_safety(self) -> None:
        facts = self.session.facts
        if facts is None:
            return
        self.backup_text.setText(
            _("Sao lưu gần nhất: {time}").format(time=wording.time_text(facts.last_backup_at))
            if facts.last_backup_at
            else _("Chưa sao lưu lần nào.")
        )
        self.package_text.setText(
            _("Gói gần nhất: {time}").format(time=wording.time_text(facts.last_package_at))
            if facts.last_package_at
            else _("Chưa gửi hoặc nhận gói nào.")
        )
        returned = facts.appraisal.returned
        self.office_text.setVisible(returned is not None)
        if returned is not None:
            time = wording.time_text(datetime.fromisoformat(returned.at)) if returned.at else ""
            state = wording.return_name(returned.status)
            self.office_text.setText(_("Hồ sơ tại cơ quan tiếp nhận: {state} ({time})").format(state=state, time=time))

    def _conflicts(self) -> list[Chore]:
        """Stands first: everything else may change with what is chosen."""
        count = self.session.facts.waiting if self.session.facts else 0
        words = _("{count} chỗ hai máy nhập khác nhau, cần chọn một").format(count=count)
        return [Chore(words, "warning", "conflicts")] if count else []

    def _own_chores(self, profile: UnitProfile) -> list[Chore]:
        """What does not follow from the results: the office's wishes, signer, backup."""
        facts = self.session.facts
        found = list(chores_of_office(facts.appraisal, self._read_note)) if facts else []
        if not profile.signer_name or not profile.receiving_office:
            words = _("Chưa ghi người ký hoặc nơi nhận hồ sơ")
            found.append(Chore(words, "user", "settings", "unit", urgent=False))
        if facts is None:
            return found
        backup = (_("Sao lưu…"), lambda: self.session.deed_wanted.emit("backup"))
        if facts.last_backup_at is None:
            found.append(Chore(_("Chưa sao lưu lần nào"), "backup", deed=backup))
        elif datetime.now(UTC) - facts.last_backup_at > timedelta(days=BACKUP_DAYS):
            days = (datetime.now(UTC) - facts.last_backup_at).days
            found.append(Chore(_("Đã {count} ngày chưa sao lưu").format(count=days), "backup", deed=backup))
        return found

    def _read_note(self) -> None:
        facts = self.session.facts
        if facts is not None and facts.appraisal.returned is not None:
            tell(self, _("Cơ quan tiếp nhận trả lại hồ sơ"), sign="returned", lines=facts.appraisal.returned.note)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        """Two cards beside each other where their words have room, else below each other."""
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight)
        if width < _SIDE_BY_SIDE or self._inside.minimumSizeHint().width() > width - SPACE.huge:
            self._columns.setDirection(QBoxLayout.Direction.TopToBottom)


def _sheet() -> tuple[QFrame, QVBoxLayout]:
    sheet = card(QFrame())
    column = QVBoxLayout(sheet)
    column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.large)
    column.setSpacing(SPACE.medium)
    return sheet, column
