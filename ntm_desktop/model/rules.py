"""Results + levels → verdicts of indicators, criteria and the whole assessment.

A criterion is met only when all its applicable indicators are met (QĐ 318/QĐ-TTg; QĐ 18/2022/QĐ-TTg). Nothing is
concluded from a threshold that nobody has seen, nor on a set that is known to lack indicators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ntm_desktop.model import values
from ntm_desktop.model.assessment import (
    Assessed,
    AssessedCriterion,
    AssessedIndicator,
    Assessment,
    LevelOrigin,
    LocalLevel,
    ResolvedLevel,
    Result,
    Tally,
    UnitProfile,
    Verdict,
    Why,
)
from ntm_desktop.model.catalogue import Catalogue, Criterion, Indicator, MeasureKind, Operator, Source
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.units import Unit

IN_GENERAL = "chung"


def effective_region(catalogue: Catalogue, assessment: Assessment) -> str:
    """The region whose level applies: the assessment's own, or the one that a special rule names."""
    for rule in catalogue.special_rules:
        if rule.id == assessment.special_rule:
            return rule.region
    return assessment.region


def resolve_level(
    catalogue: Catalogue,
    indicator: Indicator,
    assessment: Assessment,
    local: LocalLevel | None = None,
    figure_year: int | None = None,
) -> ResolvedLevel:
    """The level that applies: the local one, else by year and region, by commune group, by region, in general.

    ``figure_year``: a result taken from another year is held against that year's level.
    """
    requirement = indicator.requirement
    basis = indicator.basis or catalogue.basis
    if local is not None:
        return ResolvedLevel(local.operator, local.threshold, LevelOrigin.LOCAL, local.basis, Source.TYPED)
    region = effective_region(catalogue, assessment)
    year: int | None = None
    threshold: Decimal | None
    if requirement.by_year:
        year = figure_year or assessment.year
        threshold = requirement.by_year.get(year, {}).get(region or IN_GENERAL)
    elif requirement.by_group:
        threshold = requirement.by_group.get(assessment.group)
    elif requirement.by_region and (region in requirement.by_region or not region):
        threshold = requirement.by_region.get(region or IN_GENERAL, requirement.threshold)
    else:
        threshold = requirement.threshold
        region = region if requirement.varies_by_region else ""
    if indicator.provenance.threshold_source is Source.UNCERTAIN:
        threshold = None
    origin = LevelOrigin.UNKNOWN if threshold is None or requirement.operator is None else LevelOrigin.SET
    source = indicator.provenance.threshold_source
    return ResolvedLevel(requirement.operator, threshold, origin, basis, source, region, year)


def applicable_sub_conditions(catalogue: Catalogue, indicator: Indicator, assessment: Assessment) -> tuple[str, ...]:
    """The further conditions that a person must confirm before the indicator counts as met."""
    region = effective_region(catalogue, assessment)
    return tuple(
        f"{item.when}: {item.text}" if item.when else item.text
        for item in indicator.sub_conditions
        if not item.regions or not region or region in item.regions
    )


def judge(
    catalogue: Catalogue, indicator: Indicator, result: Result, level: ResolvedLevel, conditions: tuple[str, ...] = ()
) -> tuple[Verdict, Why]:
    """What the program concludes by itself for one indicator, and why."""
    measure = indicator.measure
    if result.value is None:
        return Verdict.NOT_ASSESSED, Why.NO_RESULT
    if not catalogue.indicators_complete:
        return Verdict.NOT_ASSESSED, Why.SET_INCOMPLETE
    if measure.kind is MeasureKind.TEXT:
        return Verdict.NOT_ASSESSED, Why.JUDGE_BY_HAND
    if not level.known:
        return Verdict.NOT_ASSESSED, Why.NO_LEVEL
    if values.problems(measure, result.value):
        return Verdict.NOT_ASSESSED, Why.VALUE_UNCLEAR
    assert level.operator is not None and level.threshold is not None
    outcome = _holds(indicator, result.value, level.operator, level.threshold)
    if outcome is None:
        why = Why.PARTS_OPEN if measure.kind is MeasureKind.CHECKLIST else Why.NO_RESULT
        return Verdict.NOT_ASSESSED, why
    if outcome and conditions:
        # the figure is counted «theo quy định», so it speaks for itself until a person says that a condition fails
        confirmed = result.value.get("conditions")
        if confirmed is None:
            return Verdict.MET, Why.CONDITIONS_OPEN
        if not confirmed:
            return Verdict.NOT_MET, Why.CONDITIONS_FAIL
    return (Verdict.MET if outcome else Verdict.NOT_MET), Why.COMPUTED


def _holds(indicator: Indicator, value: Mapping[str, object], operator: Operator, threshold: Decimal) -> bool | None:
    """Does the value meet the level? None where it cannot be said yet."""
    measure = indicator.measure
    if measure.kind is MeasureKind.BOOLEAN:
        holds = value.get("holds")
        return holds if isinstance(holds, bool) else None
    if measure.kind is MeasureKind.CHECKLIST:
        ticked, open_parts = values.checklist_counts(measure, value)
        needed = Decimal(len(measure.parts)) if operator is Operator.HOLDS else threshold
        if ticked >= needed:
            return True
        return False if ticked + open_parts < needed else None
    number = values.number_of(measure, value)
    return None if number is None else values.compare(number, operator, threshold)


def judge_criterion(catalogue: Catalogue, verdicts: Iterable[Verdict]) -> Verdict:
    """A criterion's verdict from those of its indicators."""
    seen = list(verdicts)
    if not catalogue.indicators_complete or not seen:
        return Verdict.NOT_ASSESSED
    if all(verdict is Verdict.NOT_APPLICABLE for verdict in seen):
        return Verdict.NOT_APPLICABLE
    for decisive in (Verdict.NOT_MET, Verdict.NOT_ASSESSED):
        if decisive in seen:
            return decisive
    return Verdict.MET


def assess_indicator(
    catalogue: Catalogue,
    criterion: Criterion,
    indicator: Indicator,
    assessment: Assessment,
    result: Result,
    local: LocalLevel | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> AssessedIndicator:
    """One indicator with its level and verdict; a verdict by hand stands over the computed one."""
    level = resolve_level(catalogue, indicator, assessment, local, result.figure_year)
    conditions = applicable_sub_conditions(catalogue, indicator, assessment)
    computed, why = judge(catalogue, indicator, result, level, conditions)
    verdict = computed
    if result.judgement is not None:
        verdict, why = result.judgement.verdict, Why.BY_HAND
    return AssessedIndicator(criterion, indicator, level, result, verdict, why, computed, evidence)


def assess(
    unit: Unit,
    profile: UnitProfile,
    assessment: Assessment,
    catalogue: Catalogue,
    results: Mapping[str, Result],
    levels: Mapping[str, LocalLevel],
    evidence: tuple[Evidence, ...] = (),
    documents: Mapping[str, Mapping[str, str]] | None = None,
) -> Assessed:
    """The whole assessment with verdicts. Results and levels are by indicator code; unknown codes are left aside."""
    proofs: dict[str, list[Evidence]] = {}
    for item in evidence:
        for code in item.codes:
            proofs.setdefault(code, []).append(item)
    criteria: list[AssessedCriterion] = []
    for criterion in catalogue.criteria:
        indicators = tuple(
            assess_indicator(
                catalogue,
                criterion,
                indicator,
                assessment,
                results.get(indicator.code) or Result(indicator.code),
                levels.get(indicator.code),
                tuple(proofs.get(indicator.code, ())),
            )
            for indicator in criterion.indicators
        )
        verdict = judge_criterion(catalogue, (item.verdict for item in indicators))
        criteria.append(AssessedCriterion(criterion, indicators, verdict))
    return Assessed(
        unit=unit,
        profile=profile,
        assessment=assessment,
        catalogue=catalogue,
        criteria=tuple(criteria),
        criteria_tally=tally(item.verdict for item in criteria),
        indicators_tally=tally(item.verdict for group in criteria for item in group.indicators),
        evidence=evidence,
        documents=documents or {},
    )


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Counts by verdict."""
    seen = list(verdicts)
    return Tally(**{verdict.value: seen.count(verdict) for verdict in Verdict})
