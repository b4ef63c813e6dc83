"""The results in words: where the unit stands, what is told apart, and each criterion with its indicators."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import Block, Heading, Note, Paragraph, Run, lettered, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.model.assessment import Assessed, AssessedCriterion, AssessedIndicator, LevelOrigin, Verdict
from ntm_desktop.model.catalogue import MeasureKind
from ntm_desktop.model.dossier_facts import DossierFacts

NO_INDICATORS = "Danh mục chưa có chỉ tiêu của tiêu chí này."
_LISTS = (
    (Verdict.MET, "Tiêu chí đạt"),
    (Verdict.NOT_MET, "Tiêu chí chưa đạt"),
    (Verdict.NOT_ASSESSED, "Tiêu chí chưa đánh giá"),
    (Verdict.NOT_APPLICABLE, "Tiêu chí không áp dụng"),
)


def result_sentences(assessed: Assessed) -> tuple[str, ...]:
    """Where the unit stands, as sentences: met, not met by name, not assessed."""
    if not assessed.catalogue.indicators_complete:
        return (phrases.incomplete_sentence(assessed),)
    said = [f"Tự đánh giá {phrases.standing(assessed)}."]
    for verdict, word in ((Verdict.NOT_MET, "chưa đạt"), (Verdict.NOT_ASSESSED, "chưa đánh giá")):
        left = phrases.left_over(assessed, verdict, word)
        if left:
            said.append(f"Còn {left}.")
    return tuple(said)


def result_summary(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The sentences on where the unit stands; in the report also counts, lists by name, and what is told apart."""
    assessed = facts.assessed
    sentences = result_sentences(assessed)
    if making.document_id != "bao-cao" or not assessed.catalogue.indicators_complete:
        yield from (Paragraph(text(sentence)) for sentence in sentences)
    else:
        named = phrases.one_criterion(assessed)
        yield from (Paragraph(text(sentence)) for sentence in (sentences if named else sentences[:1]))
        yield Paragraph(text(_indicator_counts(assessed)))
        yield from () if named else _lists(assessed)
    if making.document_id == "bao-cao":
        yield from _told_apart(assessed)


def _indicator_counts(assessed: Assessed) -> str:
    """«Về chỉ tiêu: 55 chỉ tiêu đạt (bằng 96,49% số chỉ tiêu áp dụng); 02 chỉ tiêu chưa đạt.»"""
    tally = assessed.indicators_tally
    met = f"{phrases.counted(tally.met)} chỉ tiêu đạt (bằng {phrases.share(tally)} số chỉ tiêu áp dụng)"
    others = (
        f"{phrases.counted(tally.of(verdict))} chỉ tiêu {wording.verdict_name(verdict).lower()}"
        for verdict in (Verdict.NOT_MET, Verdict.NOT_ASSESSED, Verdict.NOT_APPLICABLE)
        if tally.of(verdict)
    )
    return f"Về chỉ tiêu: {phrases.listed((met, *others))}."


def _lists(assessed: Assessed) -> Iterator[Block]:
    """Criteria by verdict, by number and name."""
    place = 0
    for verdict, title in _LISTS:
        criteria = [item.criterion for item in assessed.criteria if item.verdict is verdict]
        if criteria:
            names = phrases.listed(f"số {item.number} ({item.name})" for item in criteria)
            count = phrases.counted(len(criteria))
            yield Paragraph(text(Run(f"{lettered(place)} {title}: ", bold=True), f"{count} tiêu chí, gồm {names}."))
            place += 1


def _told_apart(assessed: Assessed) -> Iterator[Block]:
    """Verdicts by hand and figures of another year are named before the single results."""
    by_hand = [phrases.code_of(item) for item in assessed.by_code.values() if item.by_hand]
    if by_hand:
        yield Paragraph(
            text(
                f"Có {phrases.counted(len(by_hand))} chỉ tiêu được đánh giá bằng tay, có ghi lý do tại kết quả từng "
                f"chỉ tiêu: {', '.join(by_hand)}."
            )
        )
    year = assessed.assessment.year
    others: dict[int, list[str]] = {}
    for item in assessed.by_code.values():
        taken = item.result.carried_from or item.result.figure_year
        if item.result.entered and taken not in (None, year):
            others.setdefault(int(taken or 0), []).append(phrases.code_of(item))
    for other, codes in sorted(others.items()):
        yield Paragraph(
            text(f"Có {phrases.counted(len(codes))} chỉ tiêu sử dụng kết quả, số liệu năm {other}: {', '.join(codes)}.")
        )


def results(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Criterion by criterion, indicator by indicator, with everything that was entered."""
    for criterion in facts.assessed.criteria:
        yield from _criterion(facts.assessed, criterion)
    yield from made_up_note(facts.assessed)


def made_up_note(assessed: Assessed) -> Iterator[Block]:
    """What the star behind a code means, where one stands."""
    if phrases.made_up_codes(assessed):
        yield Note(phrases.MADE_UP_NOTE)


def _criterion(assessed: Assessed, criterion: AssessedCriterion) -> Iterator[Block]:
    yield Heading(3, "", f"Tiêu chí số {criterion.criterion.number}. {criterion.criterion.name}")
    if assessed.catalogue.indicators_complete:
        verdict = wording.verdict_name(criterion.verdict).lower()
        counts = f"Đạt {criterion.met}/{criterion.applicable} chỉ tiêu; tự" if criterion.applicable else "Tự"
        yield Paragraph(text(f"{counts} đánh giá tiêu chí: ", Run(f"{verdict}.", bold=True)))
    if not criterion.indicators:
        yield Paragraph(text(NO_INDICATORS))
    for item in criterion.indicators:
        yield Paragraph(text(*_indicator(assessed, item)), marker="-")


def _indicator(assessed: Assessed, item: AssessedIndicator) -> Iterator[str | Run]:
    """«1.1. Name: mức đạt chuẩn …; kết quả …; tự đánh giá: Đạt (đánh giá bằng tay: reason).»"""
    result, level = item.result, item.level
    yield Run(f"{phrases.code_of(item)}. ", bold=True)
    yield f"{item.indicator.name}. Mức đạt chuẩn: {wording.level_text(level, item.indicator.measure)}"
    if level.origin is LevelOrigin.LOCAL:
        yield f" ({wording.level_origin_text(level, assessed.catalogue)})"
    value = wording.value_text(item.indicator.measure, result.value, level)
    yield f". Kết quả thực hiện: {value or 'chưa nhập'}"
    open_parts = open_parts_of(item)
    if open_parts:
        yield f" (chưa có: {phrases.listed(open_parts)})"
    yield ". Tự đánh giá: "
    yield Run(wording.verdict_name(item.verdict).lower(), bold=True)
    note = wording.verdict_note(item, assessed.assessment.year)
    yield f" ({note})" if note else ""
    yield "."
    if result.judgement is not None:
        yield f" Lý do: {ended(result.judgement.reason)}"
    for label, said in (
        ("", result.explanation),
        ("Nguồn số liệu: ", result.data_source),
        ("Phụ trách: ", result.responsible),
    ):
        if said:
            yield f" {label}{ended(said)}"


def open_parts_of(item: AssessedIndicator) -> list[str]:
    """Parts of a checklist that are not fulfilled."""
    measure, value = item.indicator.measure, item.result.value
    if measure.kind is not MeasureKind.CHECKLIST or value is None:
        return []
    parts = value.get("parts", {})
    return [part.name for part in measure.parts if not parts.get(part.id)]


def ended(sentence: str) -> str:
    """A person's sentence with a full stop."""
    return sentence if sentence.rstrip().endswith((".", "!", "?", ";", "…")) or not sentence.strip() else f"{sentence}."


PARTS: dict[str, Part] = {"result_summary": result_summary, "results": results}
