"""«Việc cần làm»: what still stands between the assessment and the dossier, in the order in which one does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.appraisal import OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.issues import Issue, IssueCode, find
from ui.theme import COLOURS, SPACE, icon, link, picture, rule
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from ntm_desktop.operations.appraisal import Appraisal

_LONGEST_NOTE = 300  # signs of the office's note in the list; more has a button
_SHOWN = 10  # indicators named in a line; the rest is a number


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that a line names: what it is called, and where it lies."""

    words: str
    page: str
    place: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Chore:
    """One line: a sentence, the place of all of it, its first single places, and a button where one deed does it."""

    words: str
    sign: str
    page: str = ""
    place: str = ""
    spots: tuple[Spot, ...] = ()
    urgent: bool = True
    deed: tuple[str, Callable[[], object]] | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    words: str
    sign: str
    place: str = ""
    page: str = "criteria"
    urgent: bool = True


_KINDS: dict[IssueCode, _Kind] = {
    IssueCode.MISSING_RESULT: _Kind(N_("{count} chỉ tiêu chưa nhập kết quả"), "edit", "missing:result"),
    IssueCode.VALUE_UNCLEAR: _Kind(N_("{count} chỉ tiêu có kết quả chưa rõ"), "warning"),
    IssueCode.MISSING_LEVEL: _Kind(
        N_("{count} chỉ tiêu chưa có mức đạt chuẩn tại địa phương"), "criteria", "missing:level"
    ),
    IssueCode.PARTS_OPEN: _Kind(N_("{count} chỉ tiêu còn nội dung chưa trả lời"), "criteria"),
    IssueCode.CONDITIONS_OPEN: _Kind(N_("{count} chỉ tiêu chưa xác nhận điều kiện kèm theo"), "criteria"),
    IssueCode.JUDGE_BY_HAND: _Kind(N_("{count} chỉ tiêu cần đánh giá bằng tay"), "by-hand"),
    IssueCode.MISSING_EVIDENCE: _Kind(N_("{count} chỉ tiêu thiếu minh chứng"), "evidence", "missing:evidence"),
    IssueCode.EVIDENCE_FILE_MISSING: _Kind(
        N_("{count} minh chứng không thấy tệp trên máy này"), "warning", "", "evidence"
    ),
    IssueCode.NOT_MET: _Kind(N_("{count} chỉ tiêu chưa đạt chuẩn"), "not-met", "verdict:not_met"),
    IssueCode.EVIDENCE_WITHOUT_NUMBER: _Kind(
        N_("{count} minh chứng chưa có số hoặc ngày văn bản"), "file", "", "evidence", urgent=False
    ),
    IssueCode.OTHER_YEAR: _Kind(N_("{count} chỉ tiêu dùng số liệu năm khác"), "calendar", urgent=False),
}


def chores_of(assessed: Assessed) -> tuple[Chore, ...]:
    """The lines that follow from the assessment itself."""
    grouped: dict[IssueCode, list[Issue]] = {}
    for issue in find(assessed):
        grouped.setdefault(issue.code, []).append(issue)
    names = {item.evidence_id: item.title for item in assessed.evidence}
    lines: list[Chore] = []
    for code, kind in _KINDS.items():
        issues = grouped.get(code, [])
        places = dict.fromkeys(issue.indicator or issue.evidence_id for issue in issues)
        if not places:
            continue
        spots = tuple(_spot(assessed, names, place) for place in places)
        words = _(kind.words).format(count=len(places))
        lines.append(Chore(words, kind.sign, kind.page, kind.place, spots, kind.urgent))
    return tuple(lines)


_ASKED = {
    OpinionVerdict.DISAGREED: N_("{count} chỉ tiêu cơ quan tiếp nhận chưa đồng ý"),
    OpinionVerdict.SUPPLEMENT: N_("{count} chỉ tiêu cơ quan tiếp nhận đề nghị bổ sung"),
}


def chores_of_office(appraisal: Appraisal, read: Callable[[], object]) -> tuple[Chore, ...]:
    """What the receiving office asks for: the dossier as a whole, then by indicator. ``read`` shows all of its note."""
    lines: list[Chore] = []
    returned = appraisal.returned
    if returned is not None and returned.status is ReturnStatus.RETURNED:
        sentence = wording.return_sentence(returned, _LONGEST_NOTE)
        deed = (_("Đọc toàn bộ…"), read) if sentence != wording.return_sentence(returned) else None
        lines.append(Chore(sentence, "returned", deed=deed))
    for verdict, words in _ASKED.items():
        asked = [opinion for opinion in appraisal.opinions.values() if opinion.verdict is verdict]
        spots = tuple(Spot(opinion.code, "criteria", opinion.code, opinion.note) for opinion in asked)
        if spots:
            lines.append(Chore(_(words).format(count=len(spots)), "returned", "criteria", spots[0].place, spots))
    return tuple(lines)


def _spot(assessed: Assessed, names: dict[str, str], place: str) -> Spot:
    item = assessed.by_code.get(place)
    if item is not None:
        return Spot(place, "criteria", place, item.indicator.name)
    name = names.get(place, place)
    return Spot(name if len(name) <= 28 else f"{name[:27]}…", "evidence", place, name)


class TodoList(QWidget):
    """``wanted`` is sent with page and place."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Chore, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.small)
        self.setAccessibleName(_("Việc cần làm"))

    def show_chores(self, chores: Sequence[Chore]) -> None:
        """Show these lines; nothing is built anew where nothing changed, so that the focus stays."""
        if self._shown is not None and _told(self._shown) == _told(chores):
            return
        self._shown = tuple(chores)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, chore in enumerate(chores):
            if place:
                self._column.addWidget(rule())
            self._column.addWidget(self._line(chore))

    def _line(self, chore: Chore) -> QWidget:
        line = QFrame()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.medium)
        sign = QLabel()
        colour = COLOURS.warning if chore.urgent else COLOURS.soft
        sign.setPixmap(picture(chore.sign, 20, self.devicePixelRatioF(), colour))
        sign.setFixedHeight(32)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        row.addLayout(column, 1)
        if chore.page:
            column.addWidget(self._heading(chore), 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(self._heading(chore))  # plain words take the whole line before they wrap
        if chore.spots:
            column.addWidget(self._spots(chore))
        if chore.deed is not None:
            words, deed = chore.deed
            button = QPushButton(words)
            button.clicked.connect(lambda _checked=False, act=deed: act())
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _heading(self, chore: Chore) -> QWidget:
        if not chore.page:
            label = QLabel(chore.words)
            label.setWordWrap(True)
            label.setMinimumHeight(32)
            label.setContentsMargins(SPACE.small + 1, 0, 0, 0)
            return label
        button = link(QPushButton(chore.words))
        font = button.font()
        font.setBold(True)
        button.setFont(font)
        button.clicked.connect(lambda: self.wanted.emit(chore.page, chore.place))
        return button

    def _spots(self, chore: Chore) -> QWidget:
        box = QWidget()
        flow = FlowLayout(box, spacing=0)
        for spot in chore.spots[:_SHOWN]:
            flow.addWidget(self._link(spot))
        rest = len(chore.spots) - _SHOWN
        if rest > 0:
            flow.addWidget(self._link(Spot(_("và {count} nữa").format(count=rest), chore.page, chore.place)))
        return box

    def _link(self, spot: Spot) -> QPushButton:
        button = link(QPushButton(spot.words.replace("&", "&&")))
        button.setToolTip(spot.hint)
        button.setAccessibleName(f"{spot.words} {spot.hint}".strip())
        button.clicked.connect(lambda: self.wanted.emit(spot.page, spot.place))
        return button


def _told(chores: Sequence[Chore]) -> list[tuple[object, ...]]:
    return [(chore.words, chore.page, chore.place, chore.spots, bool(chore.deed)) for chore in chores]


def all_done(go_on: Callable[[], object]) -> QWidget:
    """What stands there when nothing is left to do."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, SPACE.small, 0, SPACE.small)
    column.setSpacing(SPACE.medium)
    words = QLabel(_("Không còn việc gì phải làm: mọi chỉ tiêu đã có kết quả và minh chứng. Có thể in hồ sơ."))
    words.setWordWrap(True)
    button = QPushButton(icon("dossier"), _("Xem và in hồ sơ"))
    button.clicked.connect(lambda: go_on())
    column.addWidget(words)
    column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return box
