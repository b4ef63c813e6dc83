"""Parts that are lists: meetings and opinions with a form for the chosen one, money and debt as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers
from ntm_desktop.model.dossier_facts import owed, total, vote_share
from ntm_desktop.model.procedure import SettingId
from ntm_desktop.model.records import BY_ID, Kind, Record
from ui.forms.record_draft import RecordDraft
from ui.forms.record_form import RecordForm
from ui.models.record_rows import Column, columns_of
from ui.pages.data_parts import PART_NAMES, Known, Part, Tools, needed, percent, sheet, show_single, words
from ui.theme import SPACE
from ui.widgets.record_table import RecordTable

MOST_YEARS = 5


class ListPart(Part):
    """A table of records, and below it the form of the chosen one."""

    kind: Kind
    columns: tuple[str, ...] = ()
    widths: ClassVar[Mapping[str, int]] = {}
    add_words = ""
    empty_words = ""

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.table = RecordTable(
            self.kind,
            tools.drafts,
            tools.deeds,
            columns_of(self.kind, *self.columns, widths=self.widths),
            add_words=_(self.add_words),
            empty_words=_(self.empty_words),
            in_cells=False,
            most_rows=4,
        )
        self.form = RecordForm(self.kind, tools.drafts)
        self.card = sheet(self.form, _(self.kind.note) if self.kind.note else "")
        self.column.addWidget(self.table)
        self.column.addSpacing(SPACE.tiny)
        self.column.addWidget(self.card)
        self.column.addStretch(1)
        self.table.chosen.connect(self._chosen)
        self.table.entered.connect(self._enter)
        self._chosen(self.table.current())

    def title(self) -> str:
        return _(self.kind.name)

    def forms(self) -> Sequence[RecordForm]:
        return (self.form,)

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.table.set_read_only(read_only)

    def arrange(self) -> None:
        self.tools.drafts.arrange(self.kind.id)

    def add(self) -> None:
        self.table.add()

    def _chosen(self, draft: RecordDraft | None) -> None:
        self.card.setVisible(draft is not None)
        if self.form.draft is not draft:
            self.form.show_draft(draft)
            self.follow()

    def follow(self) -> None:
        """What follows from the fields of the chosen record."""

    def _enter(self) -> None:
        if self.form.draft is not None:
            self.form.focus_field("")

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        if record_id and self.table.show_record(record_id):
            self.form.focus_field(field)
        else:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        return self.table.grid if self.table.rows.rows else self.table.add_button

    def place(self) -> str:
        draft = self.table.current()
        return f"{self.kind.id}/{draft.record_id}" if draft is not None and draft.record_id else self.kind.id


class MeetingPart(ListPart):
    """Meetings and votes."""

    key, kinds, kind = "meeting", ("meeting",), BY_ID["meeting"]
    columns = ("held_on", "purpose", "place", "present", "agreed")
    widths: ClassVar[Mapping[str, int]] = {"purpose": 0, "held_on": 110, "place": 190, "present": 130, "agreed": 120}

    add_words = N_("Thêm cuộc họp")
    empty_words = N_("Chưa có cuộc họp nào. Cần ít nhất cuộc họp thảo luận, bỏ phiếu đề nghị xét, công nhận.")

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.form.typed.connect(lambda _name: self.follow())

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        self.follow()

    def follow(self) -> None:
        """The share of those present who agreed, beside the share that is needed."""
        agreed, draft = self.form.fields["agreed"], self.form.draft
        reached = vote_share(draft.record()) if draft is not None else None
        if draft is None or reached is None:
            agreed.tell("")
            return
        sentence = _("{share} số đại biểu có mặt nhất trí.").format(share=percent(reached))
        applied = self.known.facts.settings.get(SettingId.VOTE_SHARE) if self.known is not None else None
        mood = ""
        if applied is not None and draft.value("purpose") == "recommend":
            sentence = f"{sentence} {needed(applied)}"
            limit = applied.number if applied.computable else None
            mood = "warning" if limit is not None and reached < limit else ""
        agreed.tell(sentence, mood)


class OpinionPart(ListPart):
    """Opinions of organisations and people."""

    key, kinds, kind = "opinion", ("opinion",), BY_ID["opinion"]
    columns = ("giver", "name", "agreed", "taken")
    widths: ClassVar[Mapping[str, int]] = {"giver": 240, "name": 0, "agreed": 130, "taken": 200}
    add_words = N_("Thêm ý kiến")
    empty_words = N_("Chưa có ý kiến nào. Ghi ý kiến của Mặt trận Tổ quốc, các tổ chức và Nhân dân các thôn.")


class TablePart(Part):
    """A list that is typed into as a table."""

    kind: Kind
    table: RecordTable

    def title(self) -> str:
        return _(PART_NAMES[self.key])

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.table.set_read_only(read_only)

    def arrange(self) -> None:
        self.tools.drafts.arrange(self.kind.id)

    def show_record(self, kind: str, record_id: str, field: str) -> None:
        if kind != self.kind.id:
            super().show_record(kind, record_id, field)
            return
        if record_id:
            self.table.show_record(record_id, field)
        table = self.table.grid if self.table.rows.rows else self.table.add_button
        table.setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        return self.table.grid if self.table.rows.rows else self.table.add_button

    def add(self) -> None:
        self.table.add()

    def finish(self) -> None:
        self.table.finish()

    def records(self) -> list[Record]:
        """Rows as they would be stored now."""
        return [draft.record() for draft in self.tools.drafts.rows(self.kind.id)]


class MoneyPart(TablePart):
    """Money by source and year."""

    key, kinds, kind = "money", ("money",), BY_ID["money"]

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        widths = {"source": 0, "year": 70, "planned": 130, "raised": 130, "spent": 130, "note": 160}
        self.table = RecordTable(
            self.kind,
            tools.drafts,
            tools.deeds,
            _short(columns_of(self.kind, widths=widths)),
            add_words=_("Thêm nguồn vốn"),
            empty_words=_("Chưa có nguồn vốn nào. Mỗi dòng là một nguồn vốn trong một năm."),
            totals=self._totals,
        )
        self.column.addWidget(words(_("Đơn vị tính: triệu đồng. Mỗi dòng là một nguồn vốn trong một năm.")))
        self.column.addWidget(self.table, 1)

    def _totals(self) -> list[list[str]]:
        records = self.records()
        years = sorted({year for record in records if (year := record.number("year")) is not None})
        lines = []
        for year in years if 1 < len(years) <= MOST_YEARS else ():
            own = [record for record in records if record.number("year") == year]
            lines.append([_("Cộng năm {year}").format(year=year), "", *_sums(own, "planned", "raised", "spent")])
        return [*lines, [_("Tổng cộng"), "", *_sums(records, "planned", "raised", "spent")]]


class DebtPart(TablePart):
    """The statement of no debt, and projects with what is owed."""

    key, kinds, kind = "debt", ("debt", "debt_state"), BY_ID["debt"]

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self.form = RecordForm(BY_ID["debt_state"], tools.drafts)
        self.column.addWidget(sheet(self.form))
        numbers_wide = {"year": 80, "total": 95, "accepted": 110, "paid": 100}
        widths = {"project": 0, "decision": 120, **numbers_wide, "plan": 120}
        columns = list(_short(columns_of(self.kind, widths=widths)))
        left = Column(_("Còn nợ"), computed=self._owed, width=80, tip=_("Giá trị đã nghiệm thu trừ vốn đã thanh toán"))
        columns.insert(6, left)
        self.table = RecordTable(
            self.kind,
            tools.drafts,
            tools.deeds,
            columns,
            add_words=_("Thêm công trình"),
            empty_words=_("Chưa ghi công trình nào. Nếu không có nợ đọng, chỉ cần xác nhận ở trên."),
            totals=self._totals,
        )
        self.column.addWidget(words(_("Đơn vị tính: triệu đồng.") + " " + _(self.kind.note)))
        self.column.addWidget(self.table, 1)

    def forms(self) -> Sequence[RecordForm]:
        return (self.form,)

    def show_known(self, known: Known) -> None:
        super().show_known(known)
        show_single(self.form, self.tools.drafts)

    def first_focus(self) -> QWidget:
        return self.form.chain()[0]

    @staticmethod
    def _owed(draft: RecordDraft) -> str:
        left = owed(draft.record())
        return "" if left is None else numbers.shown(left)

    def _totals(self) -> list[list[str]]:
        records = self.records()
        left = sum((owed(record) or Decimal(0) for record in records), Decimal(0))
        return [[_("Cộng"), "", "", *_sums(records, "total", "accepted", "paid"), numbers.shown(left)]]


def _sums(records: Sequence[Record], *names: str) -> list[str]:
    return [numbers.shown(total(records, name)) for name in names]


def _short(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Headings without the unit, which stands above the table."""
    return tuple(
        Column(
            _(column.field.name) if column.field else column.name,
            column.field,
            width=column.width,
            stretch=column.stretch,
            tip=column.tip,
            key=column.key,
        )
        for column in columns
    )
