"""The table of results per criterion and indicator that the unit has assessed itself, A4 across."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import Align, Block, Column, Paragraph, Row, RowGroup, Table, cell, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.results import NO_INDICATORS, made_up_note, open_parts_of, result_sentences
from ntm_desktop.model.assessment import Assessed, AssessedCriterion, AssessedIndicator, LevelOrigin, Verdict
from ntm_desktop.model.dossier_facts import DossierFacts

LONGEST_TITLE = 48  # characters of a title there
PAPERS_NAMED = 3  # pieces of evidence named in one cell; the index has them all
_COLUMNS = (
    Column("TT", 8, Align.CENTER),
    Column("Tên tiêu chí", 28),
    Column("Nội dung tiêu chí", 74),
    Column("Mức đạt chuẩn", 33, Align.CENTER),
    Column("Kết quả thực hiện", 26, Align.CENTER),
    Column("Kết quả tự đánh giá", 19, Align.CENTER),
    Column("Năm số liệu", 13, Align.CENTER),
    Column("Minh chứng, ghi chú", 51),
)


def self_assessment(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The table, and below it where the unit stands."""
    assessed = facts.assessed
    yield Table(_COLUMNS, tuple(_group(assessed, criterion) for criterion in assessed.criteria), numbered=True)
    yield Paragraph(text(result_sentences(assessed)[0], bold=True), indent=False)
    yield from made_up_note(assessed)


def _group(assessed: Assessed, criterion: AssessedCriterion) -> RowGroup:
    summary: tuple[str, ...] = ()
    if assessed.catalogue.indicators_complete:
        verdict = wording.verdict_name(criterion.verdict)
        counts = f"Đạt {criterion.met}/{criterion.applicable} chỉ tiêu" if criterion.applicable else ""
        summary = (counts, verdict)
    name = (text(criterion.criterion.name, bold=True), *(text(line, italic=True) for line in summary))
    shared = (cell(text(criterion.criterion.number, bold=True)), cell(*name))
    none = Row((cell(text(NO_INDICATORS, italic=True), span=6),))
    return RowGroup(shared, tuple(_indicator_row(assessed, item) for item in criterion.indicators) or (none,))


def _indicator_row(assessed: Assessed, item: AssessedIndicator) -> Row:
    year = year_of(assessed, item)
    verdict = text(wording.verdict_name(item.verdict), bold=item.verdict is not Verdict.MET)
    return Row(
        (
            cell(f"{phrases.code_of(item)}. {item.indicator.name}"),
            cell(level_of(item)),
            cell(value_of(item)),
            cell(verdict),
            cell("" if year is None else str(year)),
            cell(papers_of(item), text(remarks_of(assessed, item), italic=True)),
        )
    )


def level_of(item: AssessedIndicator) -> str:
    """The level; below a local one the decision that sets it."""
    shown = wording.level_text(item.level, item.indicator.measure)
    if item.level.origin is LevelOrigin.LOCAL:
        return f"{shown}\n({wording.basis_text(item.level.basis)})"
    return shown


def value_of(item: AssessedIndicator) -> str:
    """The result as it is read, with the open parts of a checklist."""
    value = wording.value_text(item.indicator.measure, item.result.value, item.level)
    parts = open_parts_of(item)
    return f"{value} (chưa có: {phrases.listed(parts)})" if parts else value


def year_of(assessed: Assessed, item: AssessedIndicator) -> int | None:
    """The year that a figure is from; None where nothing was entered."""
    if not item.result.entered:
        return None
    return item.result.carried_from or item.result.figure_year or assessed.assessment.year


def remarks_of(assessed: Assessed, item: AssessedIndicator) -> str:
    """By hand with its reason, another year, conditions, source: what must stand beside the verdict."""
    notes = [wording.verdict_note(item, assessed.assessment.year)]
    if item.result.judgement is not None:
        notes.append(f"lý do: {item.result.judgement.reason}")
    confirmed = (item.result.value or {}).get("conditions")
    if confirmed is not None:
        notes.append("đã xác nhận điều kiện kèm theo" if confirmed else "không đáp ứng điều kiện kèm theo")
    if item.result.data_source:
        notes.append(f"nguồn: {item.result.data_source}")
    return phrases.listed(filter(None, notes))


def papers_of(item: AssessedIndicator) -> str:
    """The first few pieces of evidence by number, else by title."""
    shown = [piece for piece in item.evidence if not piece.removed]
    names = [piece.number or _short(piece.title) for piece in shown[:PAPERS_NAMED]]
    rest = len(shown) - len(names)
    return phrases.listed(names) + (f"; và {phrases.counted(rest)} minh chứng khác" if rest else "")


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    words, _space, _cut = title[:LONGEST_TITLE].rpartition(" ")
    return f"{words or title[: LONGEST_TITLE - 1]}…"


PARTS: dict[str, Part] = {"self_assessment": self_assessment}
