"""An assessment: one unit, one catalogue, one year, and what was entered for each indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from ntm_desktop.model.catalogue import Catalogue, Criterion, Indicator, LegalBasis, Operator, Source
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.units import Unit


class Verdict(StrEnum):
    """The four verdicts; «not assessed» is a state of its own in every count."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"


class Why(StrEnum):
    """Why the program came to a verdict, or why it concluded none."""

    COMPUTED = "computed"
    BY_HAND = "by_hand"
    NO_RESULT = "no_result"
    NO_LEVEL = "no_level"  # nobody has seen the threshold, and no local level was entered
    VALUE_UNCLEAR = "value_unclear"  # the value is incomplete, ambiguous or impossible
    PARTS_OPEN = "parts_open"  # some parts of a checklist are not answered
    CONDITIONS_OPEN = "conditions_open"  # computed; nobody has confirmed the further conditions yet
    CONDITIONS_FAIL = "conditions_fail"
    JUDGE_BY_HAND = "judge_by_hand"  # a text: only a person can judge
    SET_INCOMPLETE = "set_incomplete"  # the set is known to lack indicators: nothing is concluded on it


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict given by hand with its reason; it stands over the computed one."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class LocalLevel:
    """The level that applies locally, entered with the decision that sets it."""

    operator: Operator
    threshold: Decimal
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class Result:
    """What was entered for one indicator. ``value``: stored form of :mod:`ntm_desktop.model.values`; None is blank."""

    code: str
    value: Mapping[str, Any] | None = None
    judgement: Judgement | None = None
    explanation: str = ""
    data_source: str = ""
    responsible: str = ""
    figure_year: int | None = None
    carried_from: int | None = None  # year of the assessment whose result was taken over

    @property
    def entered(self) -> bool:
        """True where a value or a verdict by hand stands."""
        return self.value is not None or self.judgement is not None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One unit, one catalogue (pinned by the hash of its content), one year."""

    assessment_id: str
    unit_code: str
    catalogue_id: str
    catalogue_version: str
    catalogue_sha256: str
    year: int
    region: str = ""
    group: str = ""
    special_rule: str = ""


def assessment_id_of(unit_code: str, catalogue_id: str, year: int) -> str:
    """The same on every computer, so that two computers of one commune work on one assessment."""
    return f"{unit_code}.{catalogue_id}.{year}"


class LevelOrigin(StrEnum):
    """Where a level comes from."""

    SET = "set"
    LOCAL = "local"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ResolvedLevel:
    """The level that applies to one indicator of one assessment. ``threshold`` None: unknown, nothing is concluded."""

    operator: Operator | None
    threshold: Decimal | None
    origin: LevelOrigin
    basis: LegalBasis
    source: Source
    region: str = ""  # the region whose level it is, where the level differs by region
    year: int | None = None  # the year whose level it is, where the level differs by year

    @property
    def known(self) -> bool:
        """True where a verdict may be computed from it."""
        return self.operator is not None and self.threshold is not None


@dataclass(frozen=True, slots=True)
class AssessedIndicator:
    """One indicator with everything that is known about it."""

    criterion: Criterion
    indicator: Indicator
    level: ResolvedLevel
    result: Result
    verdict: Verdict
    why: Why
    computed: Verdict  # what the program alone would say
    evidence: tuple[Evidence, ...] = ()

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.code

    @property
    def by_hand(self) -> bool:
        """True where a person's verdict stands over the computed one."""
        return self.why is Why.BY_HAND

    @property
    def lacks_result(self) -> bool:
        """True where neither a value nor a verdict was entered."""
        return not self.result.entered

    @property
    def lacks_evidence(self) -> bool:
        """True where something was entered that needs proof, and no evidence is attached."""
        return self.result.entered and self.verdict is not Verdict.NOT_APPLICABLE and not self.evidence

    @property
    def lacks_level(self) -> bool:
        """True where a verdict waits for the level that applies locally."""
        return self.why is Why.NO_LEVEL or (self.lacks_result and not self.level.known)


@dataclass(frozen=True, slots=True)
class AssessedCriterion:
    """One criterion with its indicators and verdict."""

    criterion: Criterion
    indicators: tuple[AssessedIndicator, ...]
    verdict: Verdict

    @property
    def met(self) -> int:
        """Indicators met."""
        return sum(item.verdict is Verdict.MET for item in self.indicators)

    @property
    def applicable(self) -> int:
        """Indicators that apply."""
        return sum(item.verdict is not Verdict.NOT_APPLICABLE for item in self.indicators)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by verdict."""

    met: int = 0
    not_met: int = 0
    not_assessed: int = 0
    not_applicable: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.met + self.not_met + self.not_assessed + self.not_applicable

    def of(self, verdict: Verdict) -> int:
        """How many have ``verdict``."""
        count: int = getattr(self, verdict.value)
        return count


@dataclass(frozen=True, slots=True)
class UnitProfile:
    """What the documents' heads and feet say about the unit. Empty fields are left as dots in the documents."""

    unit_code: str
    name: str = ""  # how the unit calls itself; else the name of the list of units
    superior: str = ""  # agency above, e.g. «UBND TỈNH LAI CHÂU»
    agency: str = ""  # issuing agency, e.g. «ỦY BAN NHÂN DÂN XÃ SƠN BÌNH»
    place: str = ""  # place name before the date
    signer_title: str = ""
    signer_name: str = ""
    receiving_office: str = ""  # whom the dossier is addressed to


@dataclass(frozen=True)
class Assessed:
    """A frozen assessment with verdicts: what pages, dossier and summaries are made from."""

    unit: Unit
    profile: UnitProfile
    assessment: Assessment
    catalogue: Catalogue
    criteria: tuple[AssessedCriterion, ...]
    criteria_tally: Tally
    indicators_tally: Tally
    evidence: tuple[Evidence, ...] = ()
    documents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # document id → number, issued

    @cached_property
    def by_code(self) -> Mapping[str, AssessedIndicator]:
        """Assessed indicators by code."""
        return {item.code: item for criterion in self.criteria for item in criterion.indicators}

    @property
    def unmet_criteria(self) -> tuple[str, ...]:
        """Numbers of the criteria that are not met."""
        return tuple(item.criterion.number for item in self.criteria if item.verdict is Verdict.NOT_MET)

    @property
    def missing_evidence(self) -> tuple[str, ...]:
        """Codes of the indicators with a result that nothing proves yet."""
        return tuple(code for code, item in self.by_code.items() if item.lacks_evidence)
