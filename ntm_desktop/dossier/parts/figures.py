"""Figures as they stand in papers. What is not known leaves room to write; nothing is rounded across a limit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ntm_desktop.dossier.document import Cell, cell
from ntm_desktop.dossier.phrases import counted, long_date
from ntm_desktop.model import numbers
from ntm_desktop.model.dossier_facts import amount
from ntm_desktop.model.procedure import AppliedSetting
from ntm_desktop.model.records import Record

ROOM = "………"  # to write a figure by hand
LONG_ROOM = "…" * 12  # to write a name by hand
WHOLE = Decimal(100)
_MOST_PERCENT = Decimal(100_000)  # what is beyond is a slip of typing, not a share


def known_sum(records: Iterable[Record], name: str) -> Decimal | None:
    """The sum of an amount over the records that have it; None where none has."""
    found = [number for number in (amount(record, name) for record in records) if number is not None]
    return sum(found, Decimal(0)) if found else None


def whole_sum(records: Iterable[Record], name: str) -> int | None:
    """The sum of a count; None while one record lacks it, for a part is not the sum."""
    found = [record.number(name) for record in records]
    return None if not found or None in found else sum(number or 0 for number in found)


def ratio(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """Percent; None where it cannot be told."""
    return None if part is None or not whole else Decimal(part) * 100 / Decimal(whole)


def figure(value: Decimal | int | None) -> str:
    """A figure, or nothing: the room of an empty cell."""
    return "" if value is None else numbers.shown(Decimal(value))


def figure_or_room(value: Decimal | int | None) -> str:
    """A figure in a sentence, counts below ten with a zero; or dots."""
    return counted(value) if isinstance(value, int) else figure(value) or ROOM


def text_or_room(given: str) -> str:
    """A person's words in a sentence, or dots."""
    return given.strip() or LONG_ROOM


def percent(value: Decimal | None, *limits: Decimal) -> str:
    """«96,5», never rounded to 100 or across one of ``limits``; nothing where there is no such share."""
    if value is None or not 0 <= value <= _MOST_PERCENT:
        return ""
    return max((numbers.shown_beside(value, limit) for limit in (WHOLE, *limits)), key=len)


def dated(iso: str) -> str:
    """«ngày 05 tháng 01 năm 2026», or the same with room."""
    return long_date(iso) if iso else "ngày …… tháng …… năm ………"


def cited(number: str, issued: str) -> str:
    """«số 12/BC-MTTQ ngày 05 tháng 01 năm 2026», with room for what is not known."""
    return f"số {number.strip() or ROOM} {dated(issued)}"


def limit_of(setting: AppliedSetting | None) -> Decimal | None:
    """A limit that something may be concluded from."""
    return setting.number if setting is not None and setting.computable else None


def option_of(setting: AppliedSetting | None, default: str) -> str:
    """A way of printing: the local choice, else the procedure's, else ``default``."""
    return (setting.value or default).strip().lower() if setting is not None else default


def figures(*values: Decimal | int | None) -> tuple[Cell, ...]:
    """A cell for each figure."""
    return tuple(cell(figure(value)) for value in values)


def bold_figures(*values: Decimal | int | None) -> tuple[Cell, ...]:
    """A cell for each figure of a row of sums."""
    return tuple(cell(figure(value), bold=True) for value in values)
