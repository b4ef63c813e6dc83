"""A criteria set as data: catalogue → criteria → indicators, each with its requirement and its provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from ntm_desktop.model.units import Level


class Source(StrEnum):
    """How sure a row is: read in a document, remembered, or in doubt. A requirement in doubt is never computed with."""

    FOUND = "found"
    MEMORY = "memory"
    UNCERTAIN = "uncertain"
    TYPED = "typed"  # typed in by somebody who holds the decision; the sheet names who typed and who checked


class MeasureKind(StrEnum):
    """What is measured; one row per kind in every table of the program (value rules, form field, sheet cell)."""

    BOOLEAN = "boolean"
    PERCENT = "percent"
    NUMBER = "number"
    CHOICE = "choice"
    CHECKLIST = "checklist"
    TEXT = "text"


class Operator(StrEnum):
    """How a result is compared with the threshold."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"
    EQUAL = "=="
    HOLDS = "dat"  # judged as holds / does not hold
    ABSENT = "khong"  # met where the thing does not exist («Không còn nhà tạm»)


ALLOWED_OPERATORS: Mapping[MeasureKind, frozenset[Operator]] = {
    MeasureKind.BOOLEAN: frozenset({Operator.HOLDS, Operator.ABSENT}),
    MeasureKind.PERCENT: frozenset(Operator) - {Operator.HOLDS, Operator.ABSENT},
    MeasureKind.NUMBER: frozenset(Operator) - {Operator.HOLDS, Operator.ABSENT},
    MeasureKind.CHOICE: frozenset({Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUAL}),
    MeasureKind.CHECKLIST: frozenset({Operator.AT_LEAST, Operator.HOLDS}),
    MeasureKind.TEXT: frozenset({Operator.HOLDS}),
}


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document that sets or changes a rule; ``issued`` is an ISO date or empty where it is not known."""

    number: str
    issued: str = ""
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A region with thresholds of its own."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CommuneGroup:
    """A commune group of 2026-2030 (QĐ 51/2025/QĐ-TTg)."""

    id: str
    name: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class SpecialRule:
    """A rule by which some communes take another region's level."""

    id: str
    text: str
    region: str
    source: Source = Source.FOUND


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice measure; ``rank`` orders the answers, higher is better."""

    id: str
    name: str
    rank: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a checklist measure."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SubCondition:
    """A further condition that must be confirmed before an indicator counts as met; empty ``regions`` = everywhere."""

    text: str
    regions: tuple[str, ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured and in which unit."""

    kind: MeasureKind
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple[Part, ...] = ()
    numerator: str = ""  # label of the counted, e.g. «Số hộ dùng nước sạch»
    denominator: str = ""
    relative_to: str = ""  # «catalogue:code» whose level this number is a multiple of


@dataclass(frozen=True, slots=True)
class Requirement:
    """Operator and thresholds of one indicator.

    ``by_year`` maps a year to thresholds per region (key ``chung`` = in general). ``None`` means that nobody has seen
    the threshold: no verdict is concluded from it. A boolean's threshold is 1 where the requirement is known.
    """

    operator: Operator | None
    threshold: Decimal | None = None
    by_region: Mapping[str, Decimal | None] = field(default_factory=dict)
    by_group: Mapping[str, Decimal | None] = field(default_factory=dict)
    by_year: Mapping[int, Mapping[str, Decimal | None]] = field(default_factory=dict)
    varies_by_region: bool | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a row comes from; ``hint`` is an unverified memory that is shown and never computed with."""

    source: Source
    name_source: Source
    threshold_source: Source
    urls: tuple[str, ...] = ()
    note: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing measured. ``code`` names it for ever within the set; ``official_code`` is false where nobody has seen
    the decision's own number and the editor of the file made one up."""

    code: str
    name: str
    measure: Measure
    requirement: Requirement
    provenance: Provenance
    official_code: bool = True
    sub_conditions: tuple[SubCondition, ...] = ()
    evidence: tuple[str, ...] = ()  # papers that are usually asked for
    basis: LegalBasis | None = None  # set where an overlay changed this row
    line: int = field(default=0, compare=False)  # in the file it was read from; 0 where it has none


@dataclass(frozen=True, slots=True)
class Criterion:
    """A group of indicators with a number: met only when all its applicable indicators are met."""

    number: str
    name: str
    indicators: tuple[Indicator, ...]
    group: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Catalogue:
    """A versioned set of criteria with its legal basis.

    ``indicators_complete`` is false while the list of indicators is known to lack some (``indicator_total`` names how
    many the decision has): then the program concludes no verdict.
    """

    id: str
    version: str
    name: str
    level: Level
    period: str
    basis: LegalBasis
    criteria: tuple[Criterion, ...]
    short_name: str = ""
    amended_by: tuple[LegalBasis, ...] = ()
    regions: tuple[Region, ...] = ()
    groups: tuple[CommuneGroup, ...] = ()
    special_rules: tuple[SpecialRule, ...] = ()
    conditions: tuple[str, ...] = ()
    indicator_total: int | None = None
    historical: bool = False
    note: str = ""
    extends: str = ""
    typed_by: str = ""
    checked_by: str = ""

    @property
    def ref(self) -> str:
        """Identity and version in one word: ``xa-ntm-2021-2025@1``."""
        return f"{self.id}@{self.version}"

    @property
    def title(self) -> str:
        """Short name for headings and lists."""
        return self.short_name or self.name

    def indicators(self) -> Iterator[Indicator]:
        """All indicators in the set's order."""
        for criterion in self.criteria:
            yield from criterion.indicators

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        """Indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators()}

    @cached_property
    def criterion_of(self) -> Mapping[str, Criterion]:
        """The criterion that each indicator code belongs to."""
        return {indicator.code: criterion for criterion in self.criteria for indicator in criterion.indicators}

    @cached_property
    def indicators_complete(self) -> bool:
        """True where no indicator of the decision is known to be missing."""
        return self.indicator_total is None or len(self.by_code) >= self.indicator_total
