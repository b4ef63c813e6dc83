"""Dates as people type them: «5/3/2024», «05-03-24», «05032024», «ngày 5 tháng 3 năm 2024»."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_SPOKEN = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_PARTED = re.compile(r"(\d{1,2})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{4}|\d{2})")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")


def read_date(text: str) -> str | None:
    """The date as ISO ``yyyy-mm-dd``; an empty text for an empty one; None where it is no date.

    Two digits for the year mean 2000-2068, else 1969-1999, as on every computer.
    """
    typed = text.strip()
    if not typed:
        return ""
    if match := _ISO.fullmatch(typed):
        return _iso(*match.groups())
    for form in (_SPOKEN, _PARTED, _RUN):
        if match := form.fullmatch(typed):
            day, month, year = match.groups()
            return _iso(year, month, day)
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= 68 else 1900
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if 1945 <= found.year <= 2100 else None
