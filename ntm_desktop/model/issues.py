"""What still stands between an assessment and a dossier: found by pure checks, put into sentences by who shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ntm_desktop.model import values
from ntm_desktop.model.assessment import Assessed, AssessedIndicator, Verdict, Why


class IssueCode(StrEnum):
    """What is missing or doubtful."""

    MISSING_RESULT = "missing_result"
    MISSING_LEVEL = "missing_level"
    MISSING_EVIDENCE = "missing_evidence"
    VALUE_UNCLEAR = "value_unclear"
    PARTS_OPEN = "parts_open"
    CONDITIONS_OPEN = "conditions_open"
    JUDGE_BY_HAND = "judge_by_hand"
    NOT_MET = "not_met"
    EVIDENCE_WITHOUT_NUMBER = "evidence_without_number"
    EVIDENCE_FILE_MISSING = "evidence_file_missing"
    OTHER_YEAR = "other_year"
    SET_INCOMPLETE = "set_incomplete"


class Severity(StrEnum):
    """Blocks recognition, should be mended, or only to be known."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to do, and where: an indicator's code, and the piece of evidence where it is about one."""

    code: IssueCode
    severity: Severity
    indicator: str = ""
    evidence_id: str = ""
    problem: values.ValueProblem | None = None


_BY_WHY = {
    Why.NO_LEVEL: IssueCode.MISSING_LEVEL,
    Why.PARTS_OPEN: IssueCode.PARTS_OPEN,
    Why.JUDGE_BY_HAND: IssueCode.JUDGE_BY_HAND,
}


def find(assessed: Assessed) -> tuple[Issue, ...]:
    """All issues in the order of the set, the whole set's first."""
    found: list[Issue] = []
    if not assessed.catalogue.indicators_complete:
        found.append(Issue(IssueCode.SET_INCOMPLETE, Severity.BLOCKING))
    for item in assessed.by_code.values():
        found.extend(of_indicator(item, assessed.assessment.year))
    for evidence in assessed.evidence:
        if not evidence.blob_present:
            found.append(Issue(IssueCode.EVIDENCE_FILE_MISSING, Severity.BLOCKING, evidence_id=evidence.evidence_id))
        if not evidence.number or not evidence.issued:
            found.append(Issue(IssueCode.EVIDENCE_WITHOUT_NUMBER, Severity.NOTE, evidence_id=evidence.evidence_id))
    return tuple(found)


def of_indicator(item: AssessedIndicator, year: int) -> Iterator[Issue]:
    """The issues of one indicator."""
    if item.why is not Why.BY_HAND:
        for problem in values.problems(item.indicator.measure, item.result.value):
            yield Issue(IssueCode.VALUE_UNCLEAR, Severity.BLOCKING, item.code, problem=problem)
    if item.lacks_result:
        yield Issue(IssueCode.MISSING_RESULT, Severity.BLOCKING, item.code)
    if item.why in _BY_WHY:
        yield Issue(_BY_WHY[item.why], Severity.BLOCKING, item.code)
    if item.why is Why.CONDITIONS_OPEN:
        yield Issue(IssueCode.CONDITIONS_OPEN, Severity.WARNING, item.code)
    if item.verdict is Verdict.NOT_MET:
        yield Issue(IssueCode.NOT_MET, Severity.BLOCKING, item.code)
    if item.lacks_evidence:
        yield Issue(IssueCode.MISSING_EVIDENCE, Severity.BLOCKING, item.code)
    if item.result.entered and item.result.figure_year not in (None, year):
        yield Issue(IssueCode.OTHER_YEAR, Severity.NOTE, item.code)
