"""What the appraising office found, beside what the unit says of itself: the two are never mixed.

An opinion is about the unit's result: only a result that the unit calls met and that the office agrees to counts as met
by appraisal; where the office disagrees or asks for more, its own words say what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import (
    Align,
    Block,
    Cell,
    Column,
    FillIn,
    Paragraph,
    Row,
    RowGroup,
    Run,
    Table,
    cell,
    lettered,
    text,
)
from ntm_desktop.dossier.letterhead import letterhead_of
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.conditions import answers, stated
from ntm_desktop.dossier.parts.results import NO_INDICATORS, ended, made_up_note
from ntm_desktop.dossier.parts.self_assessment import level_of, remarks_of, value_of
from ntm_desktop.model.appraisal import OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import AssessedCriterion, AssessedIndicator, Verdict
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.text import one_line

DISAGREED, SUPPLEMENT, OPEN = "Chưa thống nhất", "Cần bổ sung", "Chưa thẩm tra"
_COLUMNS = (
    Column("TT", 8, Align.CENTER),
    Column("Tên tiêu chí", 28),
    Column("Nội dung tiêu chí", 68),
    Column("Mức đạt chuẩn", 31, Align.CENTER),
    Column("Kết quả thực hiện", 28, Align.CENTER),
    Column("Kết quả tự đánh giá", 20, Align.CENTER),
    Column("Kết quả thẩm tra", 20, Align.CENTER),
    Column("Ý kiến thẩm tra, ghi chú", 49),
)
_STATES = {
    ReturnStatus.RECEIVED: "Hồ sơ đã được tiếp nhận",
    ReturnStatus.RETURNED: "Hồ sơ được trả lại để bổ sung, hoàn thiện",
    ReturnStatus.ACCEPTED: "Hồ sơ được chấp thuận",
}
_KINDS = (
    (OpinionVerdict.AGREED, "thống nhất với kết quả tự đánh giá"),
    (OpinionVerdict.DISAGREED, "chưa thống nhất"),
    (OpinionVerdict.SUPPLEMENT, "cần bổ sung, giải trình"),
)


def found_of(facts: DossierFacts, item: AssessedIndicator) -> str:
    """The appraised result of one indicator in words."""
    opinion = facts.opinions.get(item.code)
    if opinion is None:
        return OPEN
    if opinion.verdict is OpinionVerdict.AGREED:
        return wording.verdict_name(item.verdict)
    return DISAGREED if opinion.verdict is OpinionVerdict.DISAGREED else SUPPLEMENT


def _agreed(facts: DossierFacts, item: AssessedIndicator) -> bool:
    opinion = facts.opinions.get(item.code)
    return opinion is not None and opinion.verdict is OpinionVerdict.AGREED


def _met(facts: DossierFacts, item: AssessedIndicator) -> bool:
    return item.verdict is Verdict.MET and _agreed(facts, item)


def _criterion_met(facts: DossierFacts, criterion: AssessedCriterion) -> bool:
    """Met by appraisal: every indicator agreed to, and met or not applicable."""
    return criterion.verdict is Verdict.MET and all(_agreed(facts, item) for item in criterion.indicators)


def appraisal_table(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Self-assessed and appraised results side by side."""
    rows = tuple(_group(facts, criterion) for criterion in facts.assessed.criteria)
    yield Table(_COLUMNS, rows, numbered=True)
    yield Paragraph(text(_counted(facts), bold=True), indent=False)
    yield from made_up_note(facts.assessed)


def _group(facts: DossierFacts, criterion: AssessedCriterion) -> RowGroup:
    summary: tuple[str, ...] = ()
    if facts.assessed.catalogue.indicators_complete and criterion.applicable:
        met = sum(_met(facts, item) for item in criterion.indicators)
        summary = (
            f"Tự đánh giá: {criterion.met}/{criterion.applicable} chỉ tiêu đạt",
            f"Thẩm tra: {met}/{criterion.applicable} chỉ tiêu đạt",
        )
    name = (text(criterion.criterion.name, bold=True), *(text(line, italic=True) for line in summary))
    shared = (cell(text(criterion.criterion.number, bold=True)), cell(*name))
    none = Row((cell(text(NO_INDICATORS, italic=True), span=6),))
    return RowGroup(shared, tuple(_row(facts, item) for item in criterion.indicators) or (none,))


def _row(facts: DossierFacts, item: AssessedIndicator) -> Row:
    opinion = facts.opinions.get(item.code)
    return Row(
        (
            cell(f"{phrases.code_of(item)}. {item.indicator.name}"),
            cell(level_of(item)),
            cell(value_of(item)),
            _verdict(wording.verdict_name(item.verdict), item.verdict is Verdict.MET),
            _verdict(found_of(facts, item), _met(facts, item)),
            cell(opinion.note if opinion else "", text(remarks_of(facts.assessed, item), italic=True)),
        )
    )


def _verdict(words: str, met: bool) -> Cell:
    return cell(text(words, bold=not met))


def _counted(facts: DossierFacts) -> str:
    """What stands by appraisal, with what is still open; nothing is concluded on an incomplete set."""
    assessed = facts.assessed
    if not assessed.catalogue.indicators_complete:
        return phrases.incomplete_sentence(assessed)
    items = tuple(assessed.by_code.values())
    indicators = f"{sum(_met(facts, item) for item in items)}/{len(items)} chỉ tiêu"
    criteria = sum(_criterion_met(facts, criterion) for criterion in assessed.criteria)
    both = f"{criteria}/{len(assessed.criteria)} tiêu chí, {indicators}"
    said = f"Kết quả thẩm tra: đạt {indicators if phrases.one_criterion(assessed) else both}"
    left = sum(item.code not in facts.opinions for item in items)
    return f"{said}; còn {phrases.counted(left)} chỉ tiêu chưa thẩm tra." if left else f"{said}."


def appraisal_summary(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Self-assessed against appraised, the opinions that differ by name, and what the office did with the dossier."""
    assessed = facts.assessed
    unit = letterhead_of(assessed).unit
    if assessed.catalogue.indicators_complete:
        yield Paragraph(text(f"Kết quả tự đánh giá của {unit}: {phrases.standing(assessed)}."))
    yield Paragraph(text(_counted(facts)))
    items = tuple(assessed.by_code.values())
    told = [item for item in items if item.code in facts.opinions]
    counts = [
        f"{phrases.counted(len(own))} chỉ tiêu {words}" for kind, words in _KINDS if (own := _of(facts, told, kind))
    ]
    said = f"Đã thẩm tra {len(told)}/{len(items)} chỉ tiêu"
    yield Paragraph(text(f"{said}, trong đó: {phrases.listed(counts)}." if counts else f"{said}."))
    place = 0
    for kind, title in (
        (OpinionVerdict.DISAGREED, "Chỉ tiêu chưa thống nhất với kết quả tự đánh giá"),
        (OpinionVerdict.SUPPLEMENT, "Chỉ tiêu cần bổ sung, giải trình"),
    ):
        own = _of(facts, told, kind)
        if own:
            yield Paragraph(text(Run(f"{lettered(place)} {title}:", bold=True)))
            yield from (_named(facts, item) for item in own)
            place += 1
    if facts.returned is not None:
        said, note = _STATES[facts.returned.status], one_line(facts.returned.note)
        yield Paragraph(text(f"{said}: {ended(note)}" if note else f"{said}."))


def _of(facts: DossierFacts, items: Sequence[AssessedIndicator], kind: OpinionVerdict) -> list[AssessedIndicator]:
    return [item for item in items if facts.opinions[item.code].verdict is kind]


def _named(facts: DossierFacts, item: AssessedIndicator) -> Paragraph:
    note = one_line(facts.opinions[item.code].note)
    name = f"{phrases.code_of(item)}. {item.indicator.name}"
    return Paragraph(text(f"{name}: {ended(note)}" if note else ended(name)), marker="-")


def appraisal_conditions(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Each condition as the unit's dossier states it, and room for what the office finds."""
    for place, (condition, said) in enumerate(answers(facts)):
        words = f"{lettered(place)} {condition}"
        yield stated(words, f"theo hồ sơ, {said}") if said else Paragraph(text(f"{words}: hồ sơ chưa có số liệu."))
        yield FillIn("Ý kiến thẩm tra:", 1)


PARTS: dict[str, Part] = {
    "appraisal_conditions": appraisal_conditions,
    "appraisal_summary": appraisal_summary,
    "appraisal_table": appraisal_table,
}
