"""The fields of the journal in one table: which exist, who may write them, what their values may be.

Whatever arrives in a package is held against this table before anything is applied; what the program itself writes
passes the same check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any

from ntm_desktop.model.appraisal import OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Verdict
from ntm_desktop.model.catalogue import Operator
from ntm_desktop.model.changes import Change, ChangeMalformed, JsonValue
from ntm_desktop.model.devices import KeyRole
from ntm_desktop.model.records import BY_ID, KINDS, Field, FieldType, Kind, Writer
from ntm_desktop.model.text import is_clean

Check = Callable[[Any], bool]

LONGEST_TEXT = 20_000
LONGEST_LINE = 1_000
LONGEST_FILE = 300_000  # a template or procedure of the province
MOST = 10**9  # of anything that is counted

_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,24})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[^\s/\x00-\x1f\x7f-\x9f]{1,20}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_RECORD = re.compile(r"[^\s/\x00-\x1f\x7f-\x9f]{1,100}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_UNIT = re.compile(r"[0-9]{2}|[0-9]{3}|[0-9]{5}")
_YEAR = re.compile(r"[0-9]{4}")
_PATH_SIGN = re.compile(r'[<>:"/\\|?*]')
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z)", re.ASCII)


def _long(value: Any) -> bool:
    """Text that can be shown, printed and written into any file: nothing invisible in it, no terminal's commands."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and is_clean(value)


def _line(value: Any) -> bool:
    return _long(value) and len(value) <= LONGEST_LINE and "\n" not in value and "\t" not in value


def _file_name(value: Any) -> bool:
    """A name, never a way to another folder: what arrives in a package becomes a file's name when it is opened."""
    return _line(value) and value not in ("", ".", "..") and _PATH_SIGN.search(value) is None


def _keys(value: Any, **members: Check) -> bool:
    return (
        isinstance(value, dict) and set(value) == set(members) and all(members[name](value[name]) for name in members)
    )


def _matches(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _year(value: Any) -> bool:
    return type(value) is int and 1990 <= value <= 2100


def _iso_date(value: Any) -> bool:
    if value == "":
        return True
    try:
        return isinstance(value, str) and len(value) == 10 and date.fromisoformat(value) is not None
    except ValueError:
        return False


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST


def _size(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**40


def _moment(value: Any) -> bool:
    """A moment in UTC that can be told in any time zone (the last hours of the year 9999 cannot)."""
    try:
        return isinstance(value, str) and _TIME.fullmatch(value) is not None and _told(datetime.fromisoformat(value))
    except ValueError:
        return False


def _told(moment: datetime) -> bool:
    return MINYEAR < moment.year < MAXYEAR


def _one_of(known: Iterable[str]) -> Check:
    return lambda value: isinstance(value, str) and value in known


_decimal = _matches(_DECIMAL)


def _boolean(value: Any) -> bool:
    return type(value) is bool


def _catalogue(value: Any) -> bool:
    return _keys(value, id=_matches(_ID), version=_line, sha256=_matches(_SHA256))


def _judgement(value: Any) -> bool:
    verdicts = {verdict.value for verdict in Verdict} - {Verdict.NOT_ASSESSED.value}
    return _keys(value, verdict=_one_of(verdicts), reason=lambda text: _long(text) and bool(text))


def _level(value: Any) -> bool:
    operators = {operator.value for operator in Operator}
    return _keys(
        value,
        operator=_one_of(operators),
        threshold=_decimal,
        basis=lambda basis: _keys(basis, number=_line, issued=_iso_date, title=_line, note=_line),
    )


_VALUE_MEMBERS: Mapping[str, Check] = {
    "holds": _boolean,
    "percent": _decimal,
    "numerator": _decimal,
    "denominator": _decimal,
    "number": _decimal,
    "choice": _line,
    "text": _long,
    "conditions": _boolean,
    "parts": lambda parts: (
        isinstance(parts, dict) and all(_line(key) and _boolean(item) for key, item in parts.items())
    ),
    "typed": lambda typed: isinstance(typed, dict) and all(_line(key) and _long(item) for key, item in typed.items()),
}


def _value(value: Any) -> bool:
    """The stored form of :mod:`ntm_desktop.model.values`."""
    return (
        isinstance(value, dict)
        and 0 < len(value) <= len(_VALUE_MEMBERS)
        and all(name in _VALUE_MEMBERS and _VALUE_MEMBERS[name](item) for name, item in value.items())
    )


def _file(value: Any) -> bool:
    return _keys(value, sha256=_matches(_SHA256), size=_size, media_type=_line, name=_file_name)


def _opinion(value: Any) -> bool:
    return _keys(value, verdict=lambda verdict: verdict in tuple(OpinionVerdict), note=_long)


def _return_status(value: Any) -> bool:
    return value in tuple(ReturnStatus)


def _entry(value: Any) -> bool:
    return _keys(value, id=_matches(_ID), version=_line, name=_line, size=_size)


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What a field may hold, and whose computers may write it."""

    check: Check
    writers: frozenset[KeyRole]


_COMMUNE, _OFFICE = frozenset({KeyRole.COMMUNE}), frozenset({KeyRole.OFFICE})


def _written_by(writers: frozenset[KeyRole], **checks: Check) -> Mapping[str, FieldRule]:
    return {name: FieldRule(check, writers) for name, check in checks.items()}


_WRITERS: Mapping[Writer, frozenset[KeyRole]] = {
    Writer.COMMUNE: _COMMUNE,
    Writer.OFFICE: _OFFICE,
    Writer.BOTH: _COMMUNE | _OFFICE,
}
_BY_TYPE: Mapping[FieldType, Check] = {
    FieldType.LINE: _line,
    FieldType.TEXT: _long,
    FieldType.DATE: _iso_date,
    FieldType.TIME: _matches(_CLOCK),
    FieldType.YEAR: _year,
    FieldType.COUNT: _count,
    FieldType.AMOUNT: _decimal,
    FieldType.FLAG: _boolean,
}


def _check_of(kind: Kind, field: Field) -> Check:
    if field.type is FieldType.CHOICE:
        return _one_of([choice.id for choice in field.choices])
    if kind.id == "form_file" and field.type is FieldType.TEXT:
        return lambda value: isinstance(value, str) and len(value) <= LONGEST_FILE and is_clean(value)
    return _BY_TYPE[field.type]


def _of_kind(kind: Kind) -> Mapping[str, FieldRule]:
    """The fields of a kind of record, as its table says."""
    checks = {field.id: _check_of(kind, field) for field in kind.fields}
    return _written_by(_WRITERS[kind.writer], **checks)


FIELDS: Mapping[str, Mapping[str, FieldRule]] = {
    "assessment": _written_by(
        _COMMUNE, catalogue=_catalogue, year=_year, region=_line, group=_line, special_rule=_line
    ),
    "result": _written_by(
        _COMMUNE,
        value=_value,
        judgement=_judgement,
        explanation=_long,
        data_source=_line,
        responsible=_line,
        figure_year=_year,
        carried_from=_year,
    ),
    "level": _written_by(_COMMUNE, level=_level),
    "evidence": _written_by(
        _COMMUNE,
        assessment=_line,
        file=_file,
        number=_line,
        issued=_iso_date,
        issuer=_line,
        summary=_long,
        sheets=_count,
        removed=_boolean,
        added_at=_moment,
    ),
    "evidence_link": _written_by(_COMMUNE, linked=_boolean),
    "unit": _written_by(
        _COMMUNE,
        name=_line,
        superior=_line,
        agency=_line,
        place=_line,
        signer_title=_line,
        signer_name=_line,
        receiving_office=_line,
    ),
    "catalogue": _written_by(_COMMUNE | _OFFICE, entry=_entry),
    "appraisal": _written_by(_OFFICE, opinion=_opinion),
    "dossier_return": _written_by(_OFFICE, status=_return_status, note=_long),
    **{kind.id: _of_kind(kind) for kind in KINDS},
}

_OF_ASSESSMENT = {"result", "level", "appraisal"}


def _id_fits(entity: str, entity_id: str, unit: str) -> bool:
    """The record's id has the form of its kind and lies within ``unit``."""
    if entity == "unit":
        return entity_id == unit
    if entity == "evidence":
        return _UUID.fullmatch(entity_id) is not None
    head, slash, tail = entity_id.partition("/")
    if entity == "catalogue":  # named per unit: many communes work on one national set
        return head == unit and _SHA256.fullmatch(tail) is not None
    if entity == "evidence_link":
        return bool(slash) and _UUID.fullmatch(head) is not None and _CODE.fullmatch(tail) is not None
    if entity in BY_ID:
        owned = head == unit if BY_ID[entity].of_unit else is_assessment_of(head, unit)
        return bool(slash) and owned and _RECORD.fullmatch(tail) is not None
    if entity in _OF_ASSESSMENT:
        return bool(slash) and is_assessment_of(head, unit) and _CODE.fullmatch(tail) is not None
    return entity in ("assessment", "dossier_return") and is_assessment_of(entity_id, unit)


def is_assessment_of(assessment_id: str, unit: str) -> bool:
    """True for an assessment id of this unit: ``unit.catalogue.year``."""
    pieces = assessment_id.split(".")
    return (
        len(pieces) == 3
        and pieces[0] == unit
        and _ID.fullmatch(pieces[1]) is not None
        and _YEAR.fullmatch(pieces[2]) is not None
    )


class ChangeForbidden(Exception):
    """A change of a field that its device has no right to write. ``change`` is it."""

    def __init__(self, change: Change) -> None:
        super().__init__(change)
        self.change = change


def check_right(change: Change, role: KeyRole) -> None:
    """Hold a change against the writers of its field; ``role`` is that of its device towards the change's unit.

    Raises:
        ChangeForbidden: that role may not write the field.
    """
    rule = FIELDS.get(change.entity, {}).get(change.field)
    if rule is not None and role not in rule.writers:
        raise ChangeForbidden(change)


def check_change(change: Change) -> None:
    """Hold a change against the table.

    Raises:
        ChangeMalformed: an unknown field, a record of another unit, or a value that the field may not have.
    """
    rules = FIELDS.get(change.entity)
    if rules is None or change.field not in rules:
        raise ChangeMalformed(f"there is no field {change.entity}.{change.field}")
    if not _UNIT.fullmatch(change.unit) or not _id_fits(change.entity, change.entity_id, change.unit):
        raise ChangeMalformed(f"{change.entity} {change.entity_id!r} is no record of unit {change.unit!r}")
    if change.value is not None and not rules[change.field].check(change.value):
        raise ChangeMalformed(f"{change.entity}.{change.field} cannot have this value")
    if change.entity == "evidence" and change.field == "assessment" and change.value is not None:
        _check_owner(change.value, change.unit)
    if not _line(change.user) or not _moment(change.at):
        raise ChangeMalformed("user or time is not in the form of the journal")


def _check_owner(assessment_id: JsonValue, unit: str) -> None:
    if not is_assessment_of(str(assessment_id), unit):
        raise ChangeMalformed(f"evidence of another unit than {unit!r}")
