"""Values of results, by measure kind: from what is typed to what is stored, compared and shown.

Stored forms (JSON; numbers as canonical decimal text, so that no computer rounds them):

========= ============================================================================
boolean   ``{"holds": true}``: the requirement holds (for «khong»: the thing does not exist)
percent   ``{"percent": "78.1"}`` or ``{"numerator": "812", "denominator": "1040"}``
number    ``{"number": "52.5"}``
choice    ``{"choice": "muc-3"}``
checklist ``{"parts": {"a": true, "b": false}}``; a part that is not answered is absent
text      ``{"text": "…"}``
========= ============================================================================

``typed`` keeps, per component, what was typed and cannot be read (nothing typed is lost); ``conditions`` is the answer
to the indicator's further conditions. Blank is ``None``: blank, 0 and not applicable stay three different things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from ntm_desktop.model import numbers
from ntm_desktop.model.catalogue import Measure, MeasureKind, Operator
from ntm_desktop.model.text import clean, one_line, search_key

Stored: TypeAlias = dict[str, Any]
Typed: TypeAlias = Mapping[str, Any]


class ProblemCode(StrEnum):
    """What is wrong with a typed value."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    NEGATIVE = "negative"
    OVER_100 = "over_100"
    ZERO_DENOMINATOR = "zero_denominator"
    PART_OVER_WHOLE = "part_over_whole"
    HALF_FRACTION = "half_fraction"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_YES_NO = "not_yes_no"
    UNKNOWN_PART = "unknown_part"


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """One problem: which component, what was typed, and for an ambiguous number its two readings."""

    code: ProblemCode
    component: str
    typed: str = ""
    candidates: tuple[Decimal, ...] = ()


_YES = {"dat", "met", "co", "yes", "y", "true", "1", "x", "dung", "da dat"}
_NO = {"chua dat", "not met", "not_met", "khong", "khong dat", "chua", "no", "n", "false", "0", "sai"}
# A lone number is a count to one person (0 houses: there are none) and yes or no to another: it is asked back.
_ABSENT_WORDS = {"khong": True, "khong con": True, "khong co": True, "co": False, "con": False, "0": None, "1": None}


def yes_no(text: str, operator: Operator | None = None) -> bool | None:
    """Does the requirement hold, by the words that people use? «Không» holds where the thing must not exist."""
    key = search_key(text)
    if operator is Operator.ABSENT and key in _ABSENT_WORDS:
        return _ABSENT_WORDS[key]
    return True if key in _YES else False if key in _NO else None


def store(measure: Measure, typed: Typed, operator: Operator | None = None) -> Stored | None:
    """Stored form of what stands in a form's fields, by component; None where all are blank.

    Components by kind: ``holds`` (bool, None or a word), ``percent``/``numerator``/``denominator``/``number`` (text or
    Decimal), ``choice`` (id or name), ``parts`` (part id → bool or None), ``text``; and ``conditions`` (bool or None).
    """
    stored = _STORE[measure.kind](measure, typed, operator)
    if typed.get("conditions") is not None:
        stored["conditions"] = bool(typed["conditions"])
    return stored or None


def from_text(measure: Measure, text: str | Decimal | bool, operator: Operator | None = None) -> Stored | None:
    """Stored form of one cell or argument: ``812/1040`` for a fraction, parts ``a, c`` for a checklist."""
    if isinstance(text, bool):
        text = "true" if text else "false"
    if isinstance(text, Decimal):
        if measure.kind in (MeasureKind.PERCENT, MeasureKind.NUMBER):
            return store(measure, {measure.kind.value: text}, operator)
        text = numbers.canonical(text)
    if not text.strip():
        return None
    kind = measure.kind
    if kind is MeasureKind.PERCENT and text.count("/") == 1:
        numerator, denominator = text.split("/")
        return store(measure, {"numerator": numerator, "denominator": denominator}, operator)
    if kind is MeasureKind.CHECKLIST:
        return _checklist_from_text(measure, text)
    component = {MeasureKind.BOOLEAN: "holds"}.get(kind, kind.value)
    return store(measure, {component: text}, operator)


def _checklist_from_text(measure: Measure, text: str) -> Stored:
    """Ticked parts named by id, number or name; all others count as not fulfilled."""
    names = {search_key(part.id): part.id for part in measure.parts}
    names |= {search_key(part.name): part.id for part in measure.parts}
    names |= {str(place): part.id for place, part in enumerate(measure.parts, start=1)}
    parts = {part.id: False for part in measure.parts}
    if (whole := yes_no(text)) is not None and search_key(text) not in names:
        return {"parts": dict.fromkeys(parts, whole)}
    for piece in text.replace(";", ",").split(","):
        part_id = names.get(search_key(piece))
        if part_id is None:
            return {"typed": {"parts": one_line(text)}}
        parts[part_id] = True
    return {"parts": parts}


def _store_boolean(measure: Measure, typed: Typed, operator: Operator | None) -> Stored:
    given = typed.get("holds")
    if isinstance(given, bool):
        return {"holds": given}
    if given is None or not str(given).strip():
        return {}
    answer = yes_no(str(given), operator)
    return {"holds": answer} if answer is not None else {"typed": {"holds": one_line(str(given))}}


_NUMBERS: Mapping[MeasureKind, tuple[str, ...]] = {
    MeasureKind.PERCENT: ("percent", "numerator", "denominator"),
    MeasureKind.NUMBER: ("number",),
}


def _store_numbers(measure: Measure, typed: Typed, operator: Operator | None) -> Stored:
    stored: Stored = {}
    left: dict[str, str] = {}
    for component in _NUMBERS[measure.kind]:
        given = typed.get(component)
        if isinstance(given, Decimal) and numbers.storable(given):
            stored[component] = numbers.canonical(given)
        elif given is not None and str(given).strip():
            read = numbers.read_number(str(given))
            if read.value is not None:
                stored[component] = numbers.canonical(read.value)
            else:
                left[component] = one_line(str(given))
    if left:
        stored["typed"] = left
    return stored


def _store_choice(measure: Measure, typed: Typed, operator: Operator | None) -> Stored:
    given = one_line(str(typed.get("choice") or ""))
    if not given:
        return {}
    key = search_key(given)
    for choice in measure.choices:
        if key in (search_key(choice.id), search_key(choice.name)):
            return {"choice": choice.id}
    return {"typed": {"choice": given}}


def _store_checklist(measure: Measure, typed: Typed, operator: Operator | None) -> Stored:
    given = typed.get("parts") or {}
    parts = {part.id: bool(given[part.id]) for part in measure.parts if given.get(part.id) is not None}
    return {"parts": parts} if parts else {}


def _store_text(measure: Measure, typed: Typed, operator: Operator | None) -> Stored:
    text = clean(str(typed.get("text") or ""))
    return {"text": text} if text else {}


_STORE: Mapping[MeasureKind, Callable[[Measure, Typed, Operator | None], Stored]] = {
    MeasureKind.BOOLEAN: _store_boolean,
    MeasureKind.PERCENT: _store_numbers,
    MeasureKind.NUMBER: _store_numbers,
    MeasureKind.CHOICE: _store_choice,
    MeasureKind.CHECKLIST: _store_checklist,
    MeasureKind.TEXT: _store_text,
}

_UNREAD: Mapping[str, ProblemCode] = {
    "holds": ProblemCode.NOT_YES_NO,
    "choice": ProblemCode.UNKNOWN_CHOICE,
    "parts": ProblemCode.UNKNOWN_PART,
}


def problems(measure: Measure, stored: Mapping[str, Any] | None) -> tuple[ValueProblem, ...]:
    """What keeps a stored value from being judged."""
    if stored is None:
        return ()
    found: list[ValueProblem] = []
    for component, text in stored.get("typed", {}).items():
        read = numbers.read_number(text) if component not in _UNREAD else numbers.NumberRead()
        code = ProblemCode.AMBIGUOUS if read.candidates else _UNREAD.get(component, ProblemCode.NOT_A_NUMBER)
        found.append(ValueProblem(code, component, text, read.candidates))
    if found or measure.kind is not MeasureKind.PERCENT:
        return tuple(found)
    return tuple(_percent_problems(stored))


def _percent_problems(stored: Mapping[str, Any]) -> list[ValueProblem]:
    numerator, denominator = stored.get("numerator"), stored.get("denominator")
    if (numerator is None) != (denominator is None):
        missing = "numerator" if numerator is None else "denominator"
        return [ValueProblem(ProblemCode.HALF_FRACTION, missing)]
    if numerator is not None and denominator is not None:
        if Decimal(denominator) < 0 or Decimal(numerator) < 0:
            return [ValueProblem(ProblemCode.NEGATIVE, "numerator", numerator)]
        if Decimal(denominator) == 0:
            return [ValueProblem(ProblemCode.ZERO_DENOMINATOR, "denominator", denominator)]
        if Decimal(numerator) > Decimal(denominator):
            return [ValueProblem(ProblemCode.PART_OVER_WHOLE, "numerator", numerator)]
        return []
    percent = stored.get("percent")
    if percent is not None and Decimal(percent) < 0:
        return [ValueProblem(ProblemCode.NEGATIVE, "percent", percent)]
    if percent is not None and Decimal(percent) > 100:
        return [ValueProblem(ProblemCode.OVER_100, "percent", percent)]
    return []


def number_of(measure: Measure, stored: Mapping[str, Any] | None) -> Decimal | None:
    """The number that is compared with the threshold: a percent in points, a number, a choice's rank, ticked parts."""
    if stored is None:
        return None
    kind = measure.kind
    if kind is MeasureKind.PERCENT:
        numerator, denominator = stored.get("numerator"), stored.get("denominator")
        if numerator is not None and denominator is not None:
            return Decimal(numerator) * 100 / Decimal(denominator) if Decimal(denominator) else None
        percent = stored.get("percent")
        return None if percent is None else Decimal(percent)
    if kind is MeasureKind.NUMBER:
        number = stored.get("number")
        return None if number is None else Decimal(number)
    if kind is MeasureKind.CHOICE:
        ranks = {choice.id: Decimal(choice.rank) for choice in measure.choices}
        return ranks.get(stored.get("choice", ""))
    if kind is MeasureKind.CHECKLIST:
        return checklist_counts(measure, stored)[0]
    return None


def checklist_counts(measure: Measure, stored: Mapping[str, Any]) -> tuple[Decimal, int]:
    """How many parts are fulfilled, and how many are not answered."""
    parts: Mapping[str, bool] = stored.get("parts", {})
    ticked = sum(bool(parts.get(part.id)) for part in measure.parts)
    return Decimal(ticked), sum(part.id not in parts for part in measure.parts)


def compare(number: Decimal, operator: Operator, threshold: Decimal) -> bool:
    """Does the number meet the threshold?

    Raises:
        ValueError: the operator compares no numbers.
    """
    match operator:
        case Operator.AT_LEAST:
            return number >= threshold
        case Operator.AT_MOST:
            return number <= threshold
        case Operator.MORE:
            return number > threshold
        case Operator.LESS:
            return number < threshold
        case Operator.EQUAL:
            return number == threshold
        case _:
            raise ValueError(f"{operator} compares no numbers")
