"""What stands in the form for one indicator: raw text as typed, and which of it waits for the store. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from ntm_desktop.model import rules, values
from ntm_desktop.model.assessment import (
    AssessedIndicator,
    Assessment,
    Judgement,
    LevelOrigin,
    LocalLevel,
    ResolvedLevel,
    Result,
)
from ntm_desktop.model.catalogue import Catalogue, Measure
from ntm_desktop.model.text import clean, one_line

VALUE, JUDGEMENT, FIGURE_YEAR = "value", "judgement", "figure_year"
EXPLANATION, DATA_SOURCE, RESPONSIBLE = "explanation", "data_source", "responsible"
FIELDS: Final = (VALUE, FIGURE_YEAR, DATA_SOURCE, EXPLANATION, RESPONSIBLE, JUDGEMENT)
NUMBERS: Final = ("percent", "numerator", "denominator", "number")


def typed_of(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """Components for a form's fields: numbers as Decimal, what could not be read as it was typed."""
    if stored is None:
        return {}
    typed = {name: Decimal(part) if name in NUMBERS else part for name, part in stored.items() if name != "typed"}
    return typed | dict(stored.get("typed", {}))


def local_level(level: ResolvedLevel) -> LocalLevel | None:
    """The level that was entered locally, as the rules take it."""
    if level.origin is not LevelOrigin.LOCAL or level.operator is None or level.threshold is None:
        return None
    return LocalLevel(level.operator, level.threshold, level.basis)


@dataclass(frozen=True, slots=True)
class Batch:
    """Fields on their way to the store, with the revision each had when it was sent."""

    code: str
    fields: Mapping[str, Any]
    revisions: Mapping[str, int]


@dataclass
class Draft:
    """One indicator as the form shows it.

    A field is *open* from its first change until the store has taken that very change; an open field is never
    overwritten by what is read anew.
    """

    catalogue: Catalogue
    assessment: Assessment
    item: AssessedIndicator  # as the store has it
    _shown: dict[str, Any] = field(default_factory=dict)
    _revision: dict[str, int] = field(default_factory=dict)
    _sent: dict[str, int] = field(default_factory=dict)
    _saved: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shown = self._from(self.item.result)
        for counts in (self._revision, self._sent, self._saved):
            counts.update(dict.fromkeys(FIELDS, 0))

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.item.code

    @property
    def measure(self) -> Measure:
        """What is measured."""
        return self.item.indicator.measure

    def __getitem__(self, name: str) -> Any:
        """What a field shows: components of the value, a text, a year, a judgement."""
        return self._shown[name]

    def change(self, name: str, given: Any) -> bool:
        """The person changed a field; False where it already was so."""
        if self._shown[name] == given and type(self._shown[name]) is type(given):
            return False
        self._shown[name] = given
        self._revision[name] += 1
        return True

    @property
    def unsent(self) -> bool:
        """True while something waits to be handed over."""
        return any(self._revision[name] != self._sent[name] for name in FIELDS)

    @property
    def settled(self) -> bool:
        """True where everything shown is in the store."""
        return all(self._revision[name] == self._saved[name] for name in FIELDS)

    def send(self) -> Batch:
        """Everything that was changed since it was last handed over."""
        names = [name for name in FIELDS if self._revision[name] != self._sent[name]]
        revisions = {name: self._revision[name] for name in names}
        self._sent.update(revisions)
        return Batch(self.code, {name: self._outgoing(name) for name in names}, revisions)

    def _outgoing(self, name: str) -> Any:
        given = self._shown[name]
        if name == JUDGEMENT:
            return None if given is None else (given.verdict, given.reason)
        return dict(given) if name == VALUE else given

    def taken(self, batch: Batch, item: AssessedIndicator) -> None:
        """The store has taken a batch; ``item`` is the indicator as it stands there."""
        self.item = item
        for name, revision in batch.revisions.items():
            self._saved[name] = max(self._saved[name], revision)

    def refused(self, batch: Batch) -> None:
        """A batch did not reach the store: it waits to be sent again."""
        for name, revision in batch.revisions.items():
            if self._sent[name] == revision:
                self._sent[name] = self._saved[name]

    def rebase(self, item: AssessedIndicator) -> tuple[str, ...]:
        """Take over what the store has now; names of the fields that must be shown anew (none for one's own echo)."""
        self.item = item
        stored = self._from(item.result)
        changed: list[str] = []
        for name in FIELDS:
            still = self._revision[name] == self._saved[name]
            if still and self._comparable(name, self._shown[name]) != self._comparable(name, stored[name]):
                self._shown[name] = stored[name]
                changed.append(name)
        return tuple(changed)

    def _comparable(self, name: str, given: Any) -> Any:
        """A field's content as the store would hold it."""
        if name == VALUE:
            return values.store(self.measure, given, self.item.level.operator)
        if name == EXPLANATION:
            return clean(given)
        return one_line(given) if isinstance(given, str) else given

    @staticmethod
    def _from(result: Result) -> dict[str, Any]:
        return {
            VALUE: typed_of(result.value),
            EXPLANATION: result.explanation,
            DATA_SOURCE: result.data_source,
            RESPONSIBLE: result.responsible,
            FIGURE_YEAR: result.figure_year,
            JUDGEMENT: result.judgement,
        }

    def result(self) -> Result:
        """The result as it would be stored now."""
        saved = self.item.result
        judgement: Judgement | None = self[JUDGEMENT]
        value = values.store(self.measure, self[VALUE], self.item.level.operator)
        return replace(
            saved,
            value=value,
            judgement=judgement,
            explanation=clean(self[EXPLANATION]),
            data_source=one_line(self[DATA_SOURCE]),
            responsible=one_line(self[RESPONSIBLE]),
            figure_year=self[FIGURE_YEAR],
            carried_from=saved.carried_from if value == saved.value else None,
        )

    def assessed(self) -> AssessedIndicator:
        """The indicator with the verdict that follows from what is typed, at once and without the store."""
        item = self.item
        return rules.assess_indicator(
            self.catalogue,
            item.criterion,
            item.indicator,
            self.assessment,
            self.result(),
            local_level(item.level),
            item.evidence,
        )
