"""The satisfaction poll: how it was held, what was asked, and the ballots as a grid of villages and questions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.dossier_facts import Poll, share
from ntm_desktop.model.procedure import SettingId
from ntm_desktop.model.records import BY_ID
from ui.forms.record_draft import RecordDraft
from ui.forms.record_form import RecordForm
from ui.models.record_rows import Column, columns_of
from ui.pages.data_parts import PART_NAMES, Known, Part, Tools, needed, percent, sheet, show_single, words
from ui.theme import SPACE, tone
from ui.widgets.record_table import RecordTable

HEAD, QUESTIONS, VILLAGES = range(3)
_COUNT = BY_ID["poll_count"].by_id["satisfied"]
_SHORT = 26  # letters of a question that stand in a heading


class PollPart(Part):
    """Three tabs, one after the other as one fills them in."""

    key, kinds = "poll", ("poll", "poll_question", "poll_village", "poll_count")

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.form = RecordForm(BY_ID["poll"], tools.drafts)
        self.questions = RecordTable(
            BY_ID["poll_question"],
            tools.drafts,
            tools.deeds,
            columns_of(BY_ID["poll_question"], widths={"place": 80, "text": 0}),
            add_words=_("Thêm nội dung hỏi"),
            empty_words=_("Chưa có nội dung hỏi nào. Ghi từng nội dung như trên phiếu, theo thứ tự."),
        )
        self.villages = RecordTable(
            BY_ID["poll_village"],
            tools.drafts,
            tools.deeds,
            self._columns(),
            add_words=_("Thêm thôn"),
            empty_words=_(
                "Chưa có thôn nào. Có thể sao chép cả bảng từ Excel (thôn, số hộ, số phiếu…) rồi bấm «Dán từ Excel»."
            ),
            totals=self._totals,
        )
        self.result = words("")
        self._build()
        drafts = tools.drafts
        drafts.rows_changed.connect(lambda kind: self._follow() if kind in self.kinds else None)
        drafts.edited.connect(self._edited)
        drafts.taken_over.connect(self._follow)
        drafts.saved.connect(lambda _draft: self._follow())

    def _build(self) -> None:
        self.tabs = QTabWidget()
        ballots = QWidget()
        column = QVBoxLayout(ballots)
        column.setContentsMargins(0, SPACE.small, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(
            words(_("Chỉ ghi số phiếu, không ghi tên người trả lời. Cột của mỗi nội dung: số phiếu hài lòng."))
        )
        column.addWidget(self.villages, 1)
        column.addWidget(self.result)
        asked = QWidget()
        column = QVBoxLayout(asked)
        column.setContentsMargins(0, SPACE.small, 0, 0)
        column.addWidget(self.questions)
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, SPACE.small, 0, 0)
        note = BY_ID["poll"].note
        column.addWidget(sheet(self.form, _(note)))
        column.addStretch(1)
        for tab, name in (
            (held, _("&1. Việc lấy ý kiến")),
            (asked, _("&2. Nội dung hỏi")),
            (ballots, _("&3. Số phiếu")),
        ):
            self.tabs.addTab(tab, name)
        self.column.addWidget(self.tabs, 1)
        QWidget.setTabOrder(self.tabs.tabBar(), self.form.stops()[0])

    def title(self) -> str:
        return _(PART_NAMES[self.key])

    def forms(self) -> Sequence[RecordForm]:
        return (self.form,)

    # --- showing

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        show_single(self.form, self.tools.drafts)
        self._follow()

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        for table in (self.questions, self.villages):
            table.set_read_only(read_only)

    def arrange(self) -> None:
        for kind in ("poll_question", "poll_village"):
            self.tools.drafts.arrange(kind)

    def _columns(self) -> tuple[Column, ...]:
        """The village's own fields, then a column for each question."""
        widths = {"name": 0, "households": 90, "sent": 110, "returned": 110, "valid": 110}
        made = list(columns_of(BY_ID["poll_village"], widths=widths))
        made[0] = Column(made[0].name, made[0].field, width=170, key="name")
        for place, question in enumerate(self._asked(), start=1):
            text = question.text("text")
            short = text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
            title = f"{question.text('place') or place}. {short}"
            find = partial(self._count, question)
            made.append(Column(title, _COUNT, find, width=120, tip=text, key=question.record_id))
        return tuple(made)

    def _asked(self) -> list[RecordDraft]:
        asked = [draft for draft in self.tools.drafts.rows("poll_question") if draft.record_id and not draft.blank]
        return sorted(asked, key=lambda draft: draft.record().number("place") or 0)

    def _count(self, question: RecordDraft, village: RecordDraft) -> RecordDraft | None:
        """The count of a village for a question; only once the store knows both."""
        if not village.record_id:
            return None
        return self.tools.drafts.one("poll_count", f"{village.record_id}.{question.record_id}")

    def _edited(self, draft: RecordDraft, _what: object) -> None:
        if draft.kind.id in self.kinds:
            self._follow()

    def _follow(self) -> None:
        """Headings, sums and shares as they follow from what is typed."""
        self.villages.set_columns(self._columns())
        poll = self._poll()
        lines = []
        mood = ""
        settings = self.known.facts.settings if self.known is not None else {}
        for reached, name, sentence in (
            (poll.total_share, SettingId.POLL_TOTAL, _("Hài lòng chung: {share} số phiếu hợp lệ.")),
            (
                share(poll.whole("sent"), poll.whole("households")),
                SettingId.POLL_HOUSEHOLDS,
                _("Số phiếu phát ra so với tổng số hộ: {share}."),
            ),
        ):
            if reached is None:
                continue
            applied = settings.get(name)
            lines.append(sentence.format(share=percent(reached)) + (f" {needed(applied)}" if applied else ""))
            limit = applied.number if applied is not None and applied.computable else None
            if limit is not None and reached < limit:
                mood = "warning"
        self.result.setText("\n".join(lines))
        tone(self.result, mood)
        self.result.setVisible(bool(lines))

    def _poll(self) -> Poll:
        drafts = self.tools.drafts
        villages = [draft.record() for draft in drafts.rows("poll_village")]
        return Poll.of(villages, [draft.record() for draft in self._asked()], drafts.records("poll_count"))

    def _totals(self) -> list[list[str]]:
        poll = self._poll()
        sums = [numbers.shown(number) for number in self._sums(poll)]
        counted = [poll.satisfied(question.record_id) for question in poll.questions]
        shown = ["–" if number is None else numbers.shown(number) for number in map(_decimal, counted)]
        shares = [percent(poll.share(question.record_id)) for question in poll.questions]
        lines = [[_("Cộng"), *sums, *shown]]
        return [*lines, [_("Tỷ lệ hài lòng"), *[""] * len(sums), *shares]] if shares else lines

    @staticmethod
    def _sums(poll: Poll) -> list[Decimal]:
        return [Decimal(poll.sum(name)) for name in ("households", "sent", "returned", "valid")]

    # --- places

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        if kind == "poll":
            self.tabs.setCurrentIndex(HEAD)
            self.form.focus_field(field)
            return
        self.tabs.setCurrentIndex(QUESTIONS if kind == "poll_question" else VILLAGES)
        table = self._table()
        if kind == "poll_count":
            record_id, _dot, field = record_id.partition(".")
        if record_id:
            table.show_record(record_id, field)
        target = table.grid if table.rows.rows else table.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _table(self) -> RecordTable:
        return self.questions if self.tabs.currentIndex() == QUESTIONS else self.villages

    def first_focus(self) -> QWidget:
        return self.tabs.tabBar()

    def add(self) -> None:
        if self.tabs.currentIndex() != HEAD:
            self._table().add()

    def finish(self) -> None:
        self.questions.finish()
        self.villages.finish()

    def place(self) -> str:
        return ("poll", "poll_question", "poll_village")[self.tabs.currentIndex()]


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
