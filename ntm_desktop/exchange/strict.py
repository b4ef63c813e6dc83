"""Strict reading of JSON that strangers wrote: one byte form, bounded size and depth, every member known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any, NoReturn, TypeAlias

from ntm_desktop.exchange.limits import BIGGEST_NUMBER
from ntm_desktop.model.changes import canonical_json
from ntm_desktop.model.text import one_line

# Checks a value found at a place (second argument, for the log) and raises Malformed.
Check: TypeAlias = Callable[[Any, str], None]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|\+00:00)", re.ASCII)
# An unclosed text runs to the end, so that hostile input is read once and not from every quotation mark again.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class Malformed(ValueError):
    """Content that breaks the format; ``args[0]`` says in English what and where, for the log."""


def parse(data: bytes, depth: int, items: int) -> Any:
    """The value that ``data`` is the canonical JSON of (see ``canonical_json``).

    Raises:
        Malformed: not JSON, not in the canonical form (so: twice the same member, floating point numbers, NaN, spaces
            are all refused), nested deeper than ``depth`` or with more than about ``items`` values.
    """
    value = _parse(data, depth, items, _no_float)
    try:
        same = canonical_json(value) == data
    except (ValueError, RecursionError) as problem:
        raise Malformed(str(problem)) from problem
    if not same:
        raise Malformed("not canonical JSON")
    return value


def parse_loosely(data: bytes, depth: int, items: int) -> Any:
    """The JSON value of ``data`` in whatever form, still bounded: for the header of a format yet unknown.

    Raises:
        Malformed: not JSON, too deep, too many values.
    """
    return _parse(data, depth, items, float)


def _parse(data: bytes, depth: int, items: int, fraction: Callable[[str], float]) -> Any:
    if items_in(data) > items:
        raise Malformed("too many values")
    _check_depth(data, depth)
    try:
        return json.loads(data.decode("utf-8"), parse_float=fraction, parse_constant=fraction)
    except (ValueError, RecursionError) as problem:
        raise Malformed(str(problem)) from problem


def items_in(data: bytes) -> int:
    """An upper bound for the values in a JSON text, quick to tell."""
    return data.count(b"[") + data.count(b"{") + data.count(b",")


def _check_depth(data: bytes, deepest: int) -> None:
    if data.count(b"[") + data.count(b"{") <= deepest:
        return
    depth = 0
    for token in _TOKENS.finditer(data):
        sign = data[token.start()]
        if sign in b"[{":
            depth += 1
            if depth > deepest:
                raise Malformed("nested too deeply")
        elif sign in b"]}":
            depth -= 1


def _no_float(text: str) -> NoReturn:
    raise Malformed(f"{text[:20]} is no whole number")


def is_moment(text: str) -> bool:
    """True for a moment in UTC as ISO 8601 with ``Z`` or ``+00:00``, of the years 2 to 9998.

    (Those beyond cannot be told in every time zone.)
    """
    if not _MOMENT.fullmatch(text):
        return False
    try:
        return MINYEAR < datetime.fromisoformat(text).year < MAXYEAR
    except ValueError:
        return False


def exactly(wanted: object) -> Check:
    """The very value, of the very type (True is not 1)."""

    def check(value: Any, place: str) -> None:
        if type(value) is not type(wanted) or value != wanted:
            raise Malformed(f"{place} is not {wanted!r}")

    return check


def whole(lowest: int, highest: int = BIGGEST_NUMBER) -> Check:
    """A whole number within bounds."""

    def check(value: Any, place: str) -> None:
        if type(value) is not int or not lowest <= value <= highest:
            raise Malformed(f"{place} is no whole number from {lowest} to {highest}")

    return check


def matching(pattern: str) -> Check:
    """A text that matches as a whole, in ASCII."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Any, place: str) -> None:
        if type(value) is not str or not compiled.fullmatch(value):
            raise Malformed(f"{place} does not match {pattern}")

    return check


def line(longest: int, shortest: int = 0) -> Check:
    """One line that may be shown to a person: NFC, no control or invisible characters, no outer or double spaces."""

    def check(value: Any, place: str) -> None:
        if type(value) is not str or not shortest <= len(value) <= longest or one_line(value) != value:
            raise Malformed(f"{place} is no clean line of {shortest} to {longest} characters")

    return check


def moment(value: Any, place: str) -> None:
    """A moment in UTC (see :func:`is_moment`)."""
    if type(value) is not str or not is_moment(value):
        raise Malformed(f"{place} is no moment in UTC")


def record(members: Mapping[str, Check]) -> Check:
    """An object with exactly these members."""

    def check(value: Any, place: str) -> None:
        if type(value) is not dict or value.keys() != members.keys():
            raise Malformed(f"{place} has not exactly the members {', '.join(members)}")
        for name, member in members.items():
            member(value[name], f"{place}.{name}")

    return check


def optional(item: Check) -> Check:
    """Null, or such an item."""

    def check(value: Any, place: str) -> None:
        if value is not None:
            item(value, place)

    return check


def switch(value: Any, place: str) -> None:
    """True or false."""
    if type(value) is not bool:
        raise Malformed(f"{place} is neither true nor false")


def row(*items: Check) -> Check:
    """A list of exactly these."""

    def check(value: Any, place: str) -> None:
        if type(value) is not list or len(value) != len(items):
            raise Malformed(f"{place} is no list of {len(items)}")
        for index, (item, each) in enumerate(zip(items, value, strict=True)):
            item(each, f"{place}[{index}]")

    return check


def listing(item: Check, longest: int) -> Check:
    """A list of such items."""

    def check(value: Any, place: str) -> None:
        if type(value) is not list or len(value) > longest:
            raise Malformed(f"{place} is no list of at most {longest}")
        for index, each in enumerate(value):
            item(each, f"{place}[{index}]")

    return check


def mapping(key: Check, item: Check, longest: int) -> Check:
    """An object from names to items."""

    def check(value: Any, place: str) -> None:
        if type(value) is not dict or len(value) > longest:
            raise Malformed(f"{place} is no object of at most {longest} members")
        for name, each in value.items():
            key(name, f"a name in {place}")
            item(each, f"{place}.{name}")

    return check
