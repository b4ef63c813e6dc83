"""Everything that the papers of a dossier are made from, frozen at one moment; and the sums that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from ntm_desktop.model.appraisal import DossierReturn, Opinion
from ntm_desktop.model.assessment import Assessed, UnitProfile
from ntm_desktop.model.paper_template import PaperTemplate
from ntm_desktop.model.procedure import AppliedSetting, Procedure, applied
from ntm_desktop.model.records import BY_ID, SELF, Field, Record, of_kind
from ntm_desktop.model.text import collation_key
from ntm_desktop.model.units import Unit


@dataclass(frozen=True, slots=True)
class EvidencePages:
    """What a piece of evidence is on paper.

    ``pages``: of its file, None where that cannot be known here (an Office file without LibreOffice); ``picture``: a
    copy of a picture made for print, for the annex and for the one file.
    """

    pages: int | None
    picture: Path | None = None


@dataclass(frozen=True)
class DossierFacts:
    """The frozen input. ``pages`` by evidence id; ``templates`` by id, the province's in place of ours."""

    assessed: Assessed
    procedure: Procedure
    templates: Mapping[str, PaperTemplate]
    records: tuple[Record, ...] = ()
    pages: Mapping[str, EvidencePages] = field(default_factory=dict)
    opinions: Mapping[str, Opinion] = field(default_factory=dict)  # the office's, by indicator
    returned: DossierReturn | None = None
    office: Unit | None = None  # who appraises, where it prints
    office_profile: UnitProfile | None = None

    @cached_property
    def settings(self) -> Mapping[str, AppliedSetting]:
        """Settings of the procedure as they apply here."""
        return applied(self.procedure, self.records)

    def of(self, kind: str) -> tuple[Record, ...]:
        """Records of a kind, in their natural order."""
        return tuple(sorted(of_kind(self.records, kind), key=_order))

    def one(self, kind: str, record_id: str = SELF) -> Record:
        """One record; an empty one where there is none."""
        return self._by_id.get((kind, record_id)) or Record(kind, record_id)

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Record]:
        """Asked for once for each piece of evidence."""
        return {(item.kind, item.record_id): item for item in reversed(self.records)}

    def section(self, document_id: str, section_id: str, *, office: bool = False) -> str | None:
        """What a person wrote there; None where nothing was."""
        kind = "appraisal_section" if office else "section"
        return self.one(kind, f"{document_id}.{section_id}").text("text") or None

    def paper(self, document_id: str) -> Record:
        """Number, date, signer and receivers of a paper."""
        entry = self.procedure.document(document_id)
        return self.one("appraisal_document" if entry and entry.by_office else "document", document_id)

    @property
    def vote(self) -> Record | None:
        """The latest meeting that voted on the recommendation."""
        found = [item for item in self.of("meeting") if item.text("purpose") == "recommend"]
        return found[-1] if found else None

    @cached_property
    def poll(self) -> Poll:
        """The satisfaction poll in numbers."""
        return Poll.of(self.of("poll_village"), self.of("poll_question"), self.of("poll_count"))


def _order(record: Record) -> tuple[Any, ...]:
    """By date, place and year as far as there are any, then as the choices stand, then by name."""
    chosen = [_place(item, record) for item in BY_ID[record.kind].fields if item.id in _GROUPING]
    numbers = (record.number("place") or 0, record.number("year") or 0)
    name = collation_key(record.text("name") or record.text("project"))
    return (record.text("held_on"), *numbers, chosen, name, record.record_id)


_GROUPING = ("source", "giver")  # choices that a list is grouped by


def _place(field: Field, record: Record) -> int:
    """Where the record's choice stands among all; one that this program does not know comes last."""
    known = [choice.id for choice in field.choices]
    return known.index(record.text(field.id)) if record.text(field.id) in known else len(known)


def amount(record: Record, name: str) -> Decimal | None:
    """A decimal field."""
    text = record.text(name)
    return Decimal(text) if text else None


def total(records: Iterable[Record], name: str) -> Decimal:
    """The sum of a decimal field; blanks count nothing."""
    return sum((amount(record, name) or Decimal(0) for record in records), Decimal(0))


def owed(record: Record) -> Decimal | None:
    """Construction debt of one project: value accepted less what was paid (Law on Public Investment); None if open."""
    accepted, paid = amount(record, "accepted"), amount(record, "paid")
    return None if accepted is None or paid is None else accepted - paid


def vote_share(meeting: Record) -> Decimal | None:
    """Percent of those present who agreed."""
    present, agreed = meeting.number("present"), meeting.number("agreed")
    return share(agreed, present)


def share(part: int | None, whole: int | None) -> Decimal | None:
    """Percent; None where it cannot be told."""
    return None if part is None or not whole else Decimal(part) * 100 / whole


@dataclass(frozen=True, slots=True)
class Poll:
    """The satisfaction poll: villages, questions, and satisfied answers by (village, question) record ids."""

    villages: tuple[Record, ...]
    questions: tuple[Record, ...]
    counts: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, villages: Iterable[Record], questions: Iterable[Record], counts: Iterable[Record]) -> Poll:
        """From the records."""
        known = tuple(villages), tuple(questions)
        found: dict[tuple[str, str], int] = {}
        for record in counts:
            village, _dot, question = record.record_id.partition(".")
            number = record.number("satisfied")
            if number is not None:
                found[village, question] = number
        return cls(*known, found)

    def sum(self, name: str) -> int:
        """Sum over the villages of households, sent, returned or valid."""
        return sum(village.number(name) or 0 for village in self.villages)

    def whole(self, name: str) -> int | None:
        """The same sum; None while a village lacks the figure, for a part is not the sum."""
        found = [village.number(name) for village in self.villages]
        return None if not found or None in found else sum(number or 0 for number in found)

    def satisfied(self, question: str) -> int | None:
        """Satisfied answers to a question over all villages; None while a village's count is missing."""
        found = [self.counts.get((village.record_id, question)) for village in self.villages]
        return None if not found or None in found else sum(number or 0 for number in found)

    def share(self, question: str) -> Decimal | None:
        """Percent of valid answers that are satisfied, for one question."""
        return share(self.satisfied(question), self.whole("valid"))

    @property
    def total_share(self) -> Decimal | None:
        """Percent over all questions: satisfied answers of all that were possible."""
        satisfied = [self.satisfied(question.record_id) for question in self.questions]
        valid = self.whole("valid")
        if not satisfied or None in satisfied or valid is None:
            return None
        return share(sum(number or 0 for number in satisfied), valid * len(satisfied))
