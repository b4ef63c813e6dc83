"""Resources mobilised: by year and source, with sums, shares, and what of it was spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ntm_desktop.dossier.document import Align, Block, Cell, Column, FillIn, Note, Paragraph, Row, Table, cell, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import bold_figures, figure_or_room, figures, known_sum, percent, ratio
from ntm_desktop.dossier.phrases import counted, listed, lower_first
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import BY_ID, Record

_NAMES = {choice.id: choice.name for choice in BY_ID["money"].by_id["source"].choices} | {"": "Chưa rõ nguồn"}
_COLUMNS = (
    Column("TT", 10, Align.CENTER),
    Column("Nguồn vốn", 51),
    Column("Kế hoạch (triệu đồng)", 23, Align.RIGHT),
    Column("Đã huy động (triệu đồng)", 24, Align.RIGHT),
    Column("Tỷ trọng (%)", 16, Align.RIGHT),
    Column("Đã giải ngân (triệu đồng)", 24, Align.RIGHT),
    Column("Giải ngân so với huy động (%)", 19, Align.RIGHT),
)
_PEOPLE = "people"  # «Nhân dân» keeps its capital inside a sentence


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of some records; None where none of them has the figure."""

    planned: Decimal | None
    raised: Decimal | None
    spent: Decimal | None
    whole: bool  # each record says what was raised and what was spent

    @classmethod
    def of(cls, records: Sequence[Record]) -> Sums:
        """Added up."""
        planned, raised, spent = (known_sum(records, name) for name in ("planned", "raised", "spent"))
        whole = all(record.text("raised") and record.text("spent") for record in records)
        return cls(planned, raised, spent, whole)

    @property
    def disbursed(self) -> str:
        """Percent of what was raised; nothing where some of it is not known."""
        return percent(ratio(self.spent, self.raised)) if self.whole else ""


def money_sentence(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """How much, from whom, and how much of it was spent; dotted lines where nothing was entered."""
    records = facts.of("money")
    if not records:
        yield FillIn("Tổng số và theo từng nguồn (triệu đồng), số đã giải ngân:", 4)
        return
    sums = Sums.of(records)
    parts = [_part(source, own, sums.raised) for source, own in by_source(records)]
    said = f"Tổng nguồn lực huy động {_period(records)}: {figure_or_room(sums.raised)} triệu đồng"
    yield Paragraph(text(f"{said}, trong đó: {listed(parts)}."))
    if sums.spent is not None:
        share = f", đạt {sums.disbursed}% số đã huy động" if sums.disbursed else ""
        yield Paragraph(text(f"Số vốn đã giải ngân: {figure_or_room(sums.spent)} triệu đồng{share}."))


def _part(source: str, records: Sequence[Record], whole: Decimal | None) -> str:
    raised = known_sum(records, "raised")
    share = percent(ratio(raised, whole))
    name = _NAMES[source] if source == _PEOPLE else lower_first(_NAMES[source])
    return f"{name} {figure_or_room(raised)} triệu đồng" + (f" (chiếm {share}%)" if share else "")


def _period(records: Iterable[Record]) -> str:
    years = sorted({year for record in records if (year := record.number("year")) is not None})
    if not years:
        return "đến nay"
    return f"năm {years[0]}" if len(years) == 1 else f"giai đoạn {years[0]} - {years[-1]}"


def by_source(records: Iterable[Record]) -> list[tuple[str, list[Record]]]:
    """Records of each source, sources in the order of the list."""
    found: dict[str, list[Record]] = {name: [] for name in _NAMES}
    for record in records:
        source = record.text("source")
        found[source if source in found else ""].append(record)
    return [(source, own) for source, own in found.items() if own]


def money_table(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """A band for each year with its sources and their sum; over all years where there are several."""
    records = facts.of("money")
    if not records:
        return
    years = sorted({record.number("year") for record in records}, key=lambda year: (year is None, year))
    rows: list[Row] = []
    for year in years:
        own = [record for record in records if record.number("year") == year]
        name = "Chưa rõ năm" if year is None else f"Năm {year}"
        rows.extend(_band(name, f"Cộng {lower_first(name)}", own, notes=True))
    if len(years) > 1:
        rows.extend(_band(f"Tổng cộng {_period(records)}", "TỔNG CỘNG", records, notes=False))
    yield Table(_COLUMNS, tuple(rows))
    lacking = sum(not record.text("raised") for record in records)
    if lacking:
        yield Note(f"Còn {counted(lacking)} khoản chưa nhập số đã huy động; các số cộng chưa gồm những khoản này.")


def _band(name: str, sum_name: str, records: Sequence[Record], *, notes: bool) -> Iterator[Row]:
    whole = Sums.of(records)
    yield Row((cell(name, span=len(_COLUMNS), bold=True),), band=True)
    for place, (source, own) in enumerate(by_source(records), start=1):
        said = [record.text("note") for record in own if record.text("note")] if notes else []
        sums = Sums.of(own)
        yield Row(
            (cell(str(place)), cell(_NAMES[source], *(text(note, italic=True) for note in said)), *_row(sums, whole))
        )
    yield Row((cell(), cell(sum_name, bold=True), *_row(whole, whole, bold=True)))


def _row(sums: Sums, whole: Sums, *, bold: bool = False) -> Iterator[Cell]:
    made = bold_figures if bold else figures
    planned, raised, spent = made(sums.planned, sums.raised, sums.spent)
    share = cell(percent(ratio(sums.raised, whole.raised)), bold=bold)
    yield from (planned, raised, share, spent, cell(sums.disbursed, bold=bold))


PARTS: dict[str, Part] = {"money_sentence": money_sentence, "money_table": money_table}
