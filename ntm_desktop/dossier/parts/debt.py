"""Construction debt: value of accepted work less what was paid for it, project by project.

«Không có nợ đọng» is said only where a person has stated it or where every project's figures show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ntm_desktop.dossier.document import Align, Block, Column, FillIn, Paragraph, Row, Table, cell, text
from ntm_desktop.dossier.letterhead import letterhead_of
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import bold_figures, dated, figure, figures, known_sum
from ntm_desktop.dossier.phrases import counted, listed
from ntm_desktop.model.dossier_facts import DossierFacts, amount, owed
from ntm_desktop.model.records import Record

PROGRAMME = "Chương trình mục tiêu quốc gia xây dựng nông thôn mới"
_COLUMNS = (
    Column("TT", 9, Align.CENTER),
    Column("Công trình, dự án; quyết định phê duyệt", 42),
    Column("Năm hoàn thành", 15, Align.CENTER),
    Column("Tổng mức đầu tư (triệu đồng)", 21, Align.RIGHT),
    Column("Giá trị khối lượng đã nghiệm thu (triệu đồng)", 22, Align.RIGHT),
    Column("Vốn đã thanh toán (triệu đồng)", 21, Align.RIGHT),
    Column("Còn nợ (triệu đồng)", 20, Align.RIGHT),
    Column("Phương án xử lý, thời hạn", 30),
)
_NAMED = 10  # projects named in the sentence; the table has them all


@dataclass(frozen=True, slots=True)
class Debts:
    """The projects with debt, and those whose figures are not complete. What was overpaid for one pays no other."""

    left: tuple[Record, ...]
    open: tuple[Record, ...]
    total: Decimal
    known: bool  # some project was entered

    def unsettled(self, state: Record) -> bool:
        """True while «no debt» may not be said: figures lack, nobody says so, or somebody says that there is some."""
        said = state.values.get("none")
        return bool(self.open) or said is False or (not self.known and said is not True)

    @classmethod
    def of(cls, records: Sequence[Record]) -> Debts:
        """Sorted out."""
        left = tuple(record for record in records if (owed(record) or 0) > 0)
        unknown = tuple(record for record in records if owed(record) is None)
        total = sum((_still_owed(record) or Decimal(0) for record in left), Decimal(0))
        return cls(left, unknown, total, known=bool(records))


def _still_owed(record: Record) -> Decimal | None:
    """What is owed, never below nothing."""
    debt = owed(record)
    return None if debt is None else max(debt, Decimal(0))


def debt_sentence(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Whether there is debt, how much, and of which projects."""
    records, state = facts.of("debt"), facts.one("debt_state")
    debts = Debts.of(records)
    place = f"trong thực hiện {PROGRAMME} trên địa bàn {letterhead_of(facts.assessed).unit}"
    until = f"Tính đến {dated(state.text('until'))}"
    if debts.left:
        yield Paragraph(text(f"{until}, {place} còn nợ đọng xây dựng cơ bản {_amounts(debts)}."))
    elif debts.unsettled(state):
        yield FillIn(f"{until}, tình hình nợ đọng xây dựng cơ bản {place}:", 2)
    else:
        by = state.text("confirmed_by").strip()
        confirmed = f" (văn bản xác nhận: {by})" if by else ""
        yield Paragraph(text(f"{until}, {place} không có nợ đọng xây dựng cơ bản{confirmed}."))
        if records:
            yield Paragraph(text(_all_paid(records)))
    if debts.open:
        count = f"{counted(len(debts.open))} công trình, dự án"
        yield Paragraph(text(f"Còn {count} chưa có đủ số liệu nghiệm thu, thanh toán nên chưa xác định được số nợ."))


def _amounts(debts: Debts) -> str:
    named = [f"{record.text('project')} ({figure(owed(record))} triệu đồng)" for record in debts.left[:_NAMED]]
    rest = len(debts.left) - len(named)
    others = f"; và {counted(rest)} công trình, dự án khác" if rest else ""
    count = f"{counted(len(debts.left))} công trình, dự án"
    return f"là {figure(debts.total)} triệu đồng của {count}, gồm: {listed(named)}{others}"


def _all_paid(records: Sequence[Record]) -> str:
    accepted, paid = known_sum(records, "accepted"), known_sum(records, "paid")
    return (
        f"Toàn bộ {counted(len(records))} công trình, dự án đã được thanh toán đủ giá trị khối lượng nghiệm thu: giá "
        f"trị khối lượng đã nghiệm thu {figure(accepted)} triệu đồng; vốn đã thanh toán {figure(paid)} triệu đồng."
    )


def debt_table(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The projects one by one, with sums of what is known."""
    records = facts.of("debt")
    if not records:
        return
    rows = [_row(place, record) for place, record in enumerate(records, start=1)]
    debts = Debts.of(records)
    sums = (*(known_sum(records, name) for name in ("total", "accepted", "paid")), None if debts.open else debts.total)
    rows.append(Row((cell(), cell("TỔNG CỘNG", bold=True), cell(), *bold_figures(*sums), cell())))
    yield Table(_COLUMNS, tuple(rows), numbered=True)


def _row(place: int, record: Record) -> Row:
    debt, over = _still_owed(record), -(owed(record) or Decimal(0))
    remarks = [record.text("plan")]
    if over > 0:
        remarks.append(f"Đã thanh toán vượt giá trị nghiệm thu {figure(over)} triệu đồng.")
    return Row(
        (
            cell(str(place)),
            cell(record.text("project"), text(record.text("decision"), italic=True)),
            cell(record.text("year")),
            *figures(*(amount(record, name) for name in ("total", "accepted", "paid")), debt),
            cell(*remarks),
        )
    )


PARTS: dict[str, Part] = {"debt_sentence": debt_sentence, "debt_table": debt_table}
