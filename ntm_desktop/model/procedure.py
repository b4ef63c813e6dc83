"""A procedure of recognition as data: legal basis, documents, conditions, and what nobody knows for certain.

Numbers that the sources do not settle (copies, shares of votes, deadlines, who appraises) are settings, never constants
of the program: each has its source, and a person may put the local value in its place with the document that sets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ntm_desktop.model.catalogue import Catalogue, LegalBasis, Source
from ntm_desktop.model.numbers import storable
from ntm_desktop.model.records import Record


class SettingId(StrEnum):
    """Settings that the program itself uses; a procedure may have more, which are only shown."""

    COPIES = "copies"  # of the dossier
    VOTE_SHARE = "vote_share"  # percent of those present who must agree
    POLL_HOUSEHOLDS = "poll_households"  # percent of households that must be asked
    POLL_TOTAL = "poll_total"  # percent of valid answers that must be satisfied, over all
    POLL_QUESTION = "poll_question"  # percent for each question
    BROADCASTS = "broadcasts"  # times on the loudspeakers
    POSTED_DAYS = "posted_days"  # days of posting
    DEADLINE_DAYS = "deadline_days"  # working days for the appraisal
    APPRAISED_BY = "appraised_by"  # who appraises, in words
    RECOGNISED_BY = "recognised_by"  # who decides, in words
    PRECEDING_YEAR = "preceding_year"  # figures of the preceding year allowed: «yes» or «no»


class Check(StrEnum):
    """How a condition of recognition is held against the data."""

    CRITERIA = "criteria"  # every applicable indicator is met
    DEBT = "debt"  # no construction debt is left
    POLL = "poll"  # shares of the satisfaction poll
    STATED = "stated"  # a person states it with the document that confirms it


@dataclass(frozen=True, slots=True)
class Setting:
    """``value`` is None where nobody has seen it: the program asks and concludes nothing from it."""

    id: str
    name: str
    unit: str = ""
    value: str | None = None
    source: Source = Source.UNCERTAIN
    note: str = ""

    @property
    def number(self) -> Decimal | None:
        """The value as a number."""
        return _number(self.value)


@dataclass(frozen=True, slots=True)
class AppliedSetting:
    """A setting as it applies: the local value where one was entered with its basis, else the procedure's."""

    setting: Setting
    value: str | None
    basis: str = ""  # the local document, empty where the procedure's value stands
    issued: str = ""

    @property
    def local(self) -> bool:
        """True where a person has entered the local value."""
        return bool(self.basis)

    @property
    def computable(self) -> bool:
        """True where something may be concluded from it: entered locally, read in a document, or remembered (and said
        to be so). What is uncertain is only asked for."""
        return self.value is not None and (self.local or self.setting.source is not Source.UNCERTAIN)

    @property
    def number(self) -> Decimal | None:
        """The value as a number; None for what can be no count and no share."""
        number = _number(self.value)
        most = _ALL if self.setting.unit == "%" else None
        return number if number is not None and number >= 0 and (most is None or number <= most) else None


_ALL = Decimal(100)


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip().removesuffix("%").rstrip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if storable(number) else None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of recognition; ``text`` as it stands in the papers."""

    id: str
    text: str
    check: Check
    basis: str = ""  # «điểm b khoản 1 Điều 4 Quyết định số 18/2022/QĐ-TTg»
    source: Source = Source.UNCERTAIN


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One paper of the dossier, in the order of the list. ``submitted`` off: made for the unit's own use."""

    id: str
    name: str
    template: str  # id of its template
    required: bool = True
    submitted: bool = True
    by_office: bool = False  # made by the office that appraises
    evidence_follows: bool = False  # the evidence belongs behind it in one file
    excel: bool = False  # the workbook holds it too
    source: Source = Source.UNCERTAIN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure. ``periods``: of criteria sets, as in :class:`Catalogue`; ``kinds``: ids of sets, empty for all."""

    id: str
    name: str
    version: str
    bases: tuple[LegalBasis, ...]  # empty where no rule is known: the papers leave a line
    periods: tuple[str, ...]
    catalogues: tuple[str, ...]  # ids of sets (their beginnings); empty: every set of the periods
    settings: tuple[Setting, ...]
    conditions: tuple[Condition, ...]
    documents: tuple[DocumentEntry, ...]
    local: bool = False  # brought by the province
    note: str = ""

    def document(self, document_id: str) -> DocumentEntry | None:
        """A document of the list."""
        return next((item for item in self.documents if item.id == document_id), None)

    def fits(self, catalogue: Catalogue) -> bool:
        """True where it is made for this set."""
        period = catalogue.period.replace(" ", "")
        named = not self.catalogues or catalogue.id.startswith(self.catalogues)
        return named and (not self.periods or period in self.periods)


def applied(procedure: Procedure, records: Iterable[Record]) -> Mapping[str, AppliedSetting]:
    """Settings by id, with what a person entered for this assessment."""
    local = {record.record_id: record for record in records if record.kind == "setting"}
    found: dict[str, AppliedSetting] = {}
    for setting in procedure.settings:
        record = local.get(setting.id)
        if record is not None and record.text("value") and record.text("basis"):
            found[setting.id] = AppliedSetting(
                setting, record.text("value"), record.text("basis"), record.text("issued")
            )
        else:
            found[setting.id] = AppliedSetting(setting, setting.value)
    return found
