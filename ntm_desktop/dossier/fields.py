"""What the fields in braces stand for: one function for each name that a template may use, and for each condition.

A field gives one line of plain text, empty where nothing is known. It is data: nothing in it is read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from string import Formatter

from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.letterhead import (
    letterhead_of,
    paper_date,
    paper_letterhead,
    paper_number,
    unit_letterhead,
)
from ntm_desktop.dossier.making import Making
from ntm_desktop.dossier.parts.conditions import unmet
from ntm_desktop.dossier.parts.poll import overall_share
from ntm_desktop.model import numbers
from ntm_desktop.model.assessment import UnitProfile
from ntm_desktop.model.dossier_facts import DossierFacts, amount, owed, vote_share
from ntm_desktop.model.procedure import SettingId
from ntm_desktop.model.records import Record

UNKNOWN = "……"  # to be written by hand
REPORT, REQUEST = "bao-cao", "to-trinh"
_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_MOST_PERCENT = Decimal(100_000)  # what is beyond is a slip of typing, not a share

FieldOf = Callable[[DossierFacts, Making], str]


def filled(text: str, facts: DossierFacts, making: Making) -> str:
    """A template's text with its fields in place."""
    made: list[str] = []
    for before, name, _spec, _conversion in Formatter().parse(text):
        made.append(before)
        if name is not None:
            made.append(_BREAKS.sub(" ", FIELD_OF[name](facts, making)).strip(" ") or UNKNOWN)
    return "".join(made)


# --- figures


def _count(value: int | None) -> str:
    """Counts below ten take a zero in running text."""
    return "" if value is None else phrases.counted(value)


def _amount(value: Decimal | None) -> str:
    return "" if value is None else numbers.shown(value)


def _percent(value: Decimal | None, limit: Decimal | None = None) -> str:
    known = value is not None and 0 <= value <= _MOST_PERCENT
    return phrases.share_text(value, limit) if known and value is not None else ""


def _sum(records: tuple[Record, ...], name: str) -> Decimal | None:
    """None where no record has the figure."""
    found = [value for value in (amount(record, name) for record in records) if value is not None]
    return sum(found, Decimal(0)) if found else None


def _whole(records: tuple[Record, ...], name: str) -> int | None:
    """None while one record lacks the count, for a part is not the sum."""
    found = [record.number(name) for record in records]
    return None if not found or None in found else sum(number or 0 for number in found)


def _debt(facts: DossierFacts) -> Decimal | None:
    """What is owed; None while it is not known. What was overpaid for one project pays no other."""
    records = facts.of("debt")
    if not records:
        return Decimal(0) if facts.one("debt_state").values.get("none") is True else None
    debts = [owed(record) for record in records]
    known = [max(debt, Decimal(0)) for debt in debts if debt is not None]
    return sum(known, Decimal(0)) if len(known) == len(debts) else None


def _limit(facts: DossierFacts, setting: SettingId) -> Decimal | None:
    """A limit that something may be concluded from."""
    found = facts.settings.get(setting)
    return found.number if found is not None and found.computable else None


def _setting(facts: DossierFacts, setting: SettingId) -> str:
    found = facts.settings.get(setting)
    if found is None or not found.computable:
        return ""
    if found.number is None:
        return found.value or ""
    whole = found.number == found.number.to_integral_value() and found.setting.unit != "%"
    return _count(int(found.number)) if whole else _amount(found.number)


# --- fields


def _general(name: str, *, decimal: bool = False) -> FieldOf:
    def of(facts: DossierFacts, making: Making) -> str:
        record = facts.one("general")
        return _amount(amount(record, name)) if decimal else _count(record.number(name))

    return of


def _text_of(kind: str, name: str) -> FieldOf:
    return lambda facts, making: facts.one(kind).text(name)


def _date_of(kind: str, name: str) -> FieldOf:
    def of(facts: DossierFacts, making: Making) -> str:
        issued = facts.one(kind).text(name)
        return phrases.long_date(issued) if issued else ""

    return of


def _vote(name: str) -> FieldOf:
    return lambda facts, making: _count(facts.vote.number(name)) if facts.vote is not None else ""


def _tally(criteria: bool, met: bool) -> FieldOf:
    def of(facts: DossierFacts, making: Making) -> str:
        tally = facts.assessed.criteria_tally if criteria else facts.assessed.indicators_tally
        return _amount(Decimal(tally.met if met else tally.total))  # «9/19», without a zero before

    return of


def _standing(facts: DossierFacts, making: Making) -> str:
    """Nothing may be concluded from a set that is known to lack indicators."""
    return phrases.standing(facts.assessed) if facts.assessed.catalogue.indicators_complete else ""


def _appraiser(facts: DossierFacts, making: Making) -> str:
    if facts.office is not None:
        return unit_letterhead(facts.office, facts.office_profile or UnitProfile(facts.office.code)).office
    return _setting(facts, SettingId.APPRAISED_BY)


def _appraised_by(facts: DossierFacts, making: Making) -> str:
    """Who appraises: as the rule says, else those whom the unit sends its papers to."""
    return _setting(facts, SettingId.APPRAISED_BY) or ", ".join(letterhead_of(facts.assessed).receivers)


def _meeting_date(facts: DossierFacts, making: Making) -> str:
    held = facts.vote.text("held_on") if facts.vote is not None else ""
    return phrases.long_date(held) if held else ""


def _meeting_place(facts: DossierFacts, making: Making) -> str:
    return facts.vote.text("place") if facts.vote is not None else ""


def _vote_share(facts: DossierFacts, making: Making) -> str:
    reached = vote_share(facts.vote) if facts.vote is not None else None
    possible = reached is not None and reached <= 100  # more votes than people are a slip of typing
    return _percent(reached, _limit(facts, SettingId.VOTE_SHARE)) if possible else ""


def _poll_share(facts: DossierFacts, making: Making) -> str:
    return _percent(overall_share(facts.poll), _limit(facts, SettingId.POLL_TOTAL))


def _poll(name: str) -> FieldOf:
    return lambda facts, making: _count(_whole(facts.poll.villages, name))


def _opinions_count(facts: DossierFacts, making: Making) -> str:
    found = facts.of("opinion")
    return _count(len(found)) if found else ""


def _opinions_agreed(facts: DossierFacts, making: Making) -> str:
    """How many of those who gave an opinion agreed without another wish."""
    found = facts.of("opinion")
    return _count(sum(record.text("taken") == "agreed" for record in found)) if found else ""


FIELD_OF: Mapping[str, FieldOf] = {
    "unit": lambda facts, making: letterhead_of(facts.assessed).unit,
    "office": lambda facts, making: paper_letterhead(facts, making.document_id).office,
    "agency": lambda facts, making: paper_letterhead(facts, making.document_id).agency,
    "superior": lambda facts, making: paper_letterhead(facts, making.document_id).superior,
    "place": lambda facts, making: paper_letterhead(facts, making.document_id).place,
    "receivers": lambda facts, making: ", ".join(paper_letterhead(facts, making.document_id).receivers),
    "year": lambda facts, making: str(facts.assessed.assessment.year),
    "set_name": lambda facts, making: facts.assessed.catalogue.name,
    "standard": lambda facts, making: phrases.standard_of(facts.assessed),
    "period": lambda facts, making: facts.assessed.catalogue.period,
    "today": lambda facts, making: phrases.long_date(making.on),
    "report_number": lambda facts, making: paper_number(facts, REPORT),
    "report_date": lambda facts, making: paper_date(facts, REPORT, making.on),
    "request_number": lambda facts, making: paper_number(facts, REQUEST),
    "request_date": lambda facts, making: paper_date(facts, REQUEST, making.on),
    "own_number": lambda facts, making: paper_number(facts, making.document_id),
    "own_date": lambda facts, making: paper_date(facts, making.document_id, making.on),
    "standing": _standing,
    "criteria_met": _tally(criteria=True, met=True),
    "criteria_total": _tally(criteria=True, met=False),
    "indicators_met": _tally(criteria=False, met=True),
    "indicators_total": _tally(criteria=False, met=False),
    "villages": _general("villages"),
    "households": _general("households"),
    "population": _general("population"),
    "area": _general("area", decimal=True),
    "minority": _general("minority", decimal=True),
    "poor": _general("poor"),
    "near_poor": _general("near_poor"),
    "income": _general("income", decimal=True),
    "formed_from": _text_of("general", "formed_from"),
    "merged_by": _text_of("general", "merged_by"),
    "money_total": lambda facts, making: _amount(_sum(facts.of("money"), "raised")),
    "money_spent": lambda facts, making: _amount(_sum(facts.of("money"), "spent")),
    "money_people": lambda facts, making: _amount(
        _sum(tuple(record for record in facts.of("money") if record.text("source") == "people"), "raised")
    ),
    "debt_total": lambda facts, making: _amount(_debt(facts)),
    "debt_until": _date_of("debt_state", "until"),
    "vote_present": _vote("present"),
    "vote_invited": _vote("invited"),
    "vote_agreed": _vote("agreed"),
    "vote_share": _vote_share,
    "meeting_date": _meeting_date,
    "meeting_place": _meeting_place,
    "poll_total_share": _poll_share,
    "poll_valid": _poll("valid"),
    "poll_sent": _poll("sent"),
    "poll_households": _poll("households"),
    "poll_led_by": _text_of("poll", "led_by"),
    "opinions_count": _opinions_count,
    "opinions_agreed": _opinions_agreed,
    "broadcasts": lambda facts, making: _count(facts.one("publication").number("broadcasts")),
    "posted_from": _date_of("publication", "posted_from"),
    "posted_to": _date_of("publication", "posted_to"),
    "appraiser": _appraiser,
    "appraised_by": _appraised_by,
    "recognised_by": lambda facts, making: _setting(facts, SettingId.RECOGNISED_BY) or "cấp có thẩm quyền",
    "copies": lambda facts, making: _setting(facts, SettingId.COPIES),
    "vote_needed": lambda facts, making: _setting(facts, SettingId.VOTE_SHARE),
    "poll_needed": lambda facts, making: _setting(facts, SettingId.POLL_TOTAL),
}


# --- conditions of «when»

ConditionOf = Callable[[DossierFacts, Making], bool]


def holds(condition: str, facts: DossierFacts, making: Making) -> bool:
    """Whether a block stands in the paper; no condition holds always."""
    if not condition:
        return True
    bare = condition.removeprefix("not ")
    return CONDITION_OF[bare](facts, making) is (bare == condition)


def _has(*kinds: str) -> ConditionOf:
    return lambda facts, making: any(record.values for kind in kinds for record in facts.of(kind))


def _has_photos(facts: DossierFacts, making: Making) -> bool:
    pieces = (piece for piece in facts.assessed.evidence if not piece.removed)
    return any(
        piece.blob.media_type.startswith("image/") and not facts.one("photo", piece.evidence_id).values.get("left_out")
        for piece in pieces
    )


CONDITION_OF: Mapping[str, ConditionOf] = {
    "fulfilled": lambda facts, making: phrases.fulfilled(facts.assessed) and not unmet(facts),
    "one_criterion": lambda facts, making: phrases.one_criterion(facts.assessed),
    "set_complete": lambda facts, making: facts.assessed.catalogue.indicators_complete,
    "merged": lambda facts, making: bool(facts.one("general").text("formed_from")),
    "draft": lambda facts, making: making.draft,
    "has_general": _has("general"),
    "has_money": _has("money"),
    "has_debt": _has("debt"),
    "has_meeting": lambda facts, making: facts.vote is not None,
    "has_opinions": _has("opinion"),
    "has_poll": _has("poll_village"),
    "has_photos": _has_photos,
    "has_publication": _has("publication"),
}
