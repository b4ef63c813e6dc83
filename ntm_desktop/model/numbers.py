"""Numbers as Vietnamese officials write them: in ``1.234,56``, ``12,5`` or ``12.5``; out always ``1.234,56``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_DOT_GROUPS = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")
_SPACE_GROUPS = re.compile(r"\d{1,3}( \d{3})+([.,]\d+)?")
_COMMA_GROUPS = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")
_COMMA_DECIMAL = re.compile(r"\d+(,\d+)?")
_DOT_DECIMAL = re.compile(r"\d+\.\d+")
_MAX_DIGITS = 24


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number read from text: ``value``, or two ``candidates`` where the text is ambiguous, or neither."""

    value: Decimal | None = None
    candidates: tuple[Decimal, ...] = ()


def read_number(text: str) -> NumberRead:
    """Read a number in any usual form. ``1.234`` alone is ambiguous: one thousand …, or one point …"""
    bare = text.replace("\u00a0", " ").replace("\u202f", " ").strip().removesuffix("%").strip()
    sign = -1 if bare.startswith(("-", "−")) else 1
    bare = bare[1:].strip() if bare[:1] in ("+", "-", "−") else bare
    if not bare or not bare.isascii() or sum(char.isdigit() for char in bare) > _MAX_DIGITS:
        return NumberRead()
    if _DOT_GROUPS.fullmatch(bare):
        as_groups = Decimal(bare.replace(".", "").replace(",", ".")) * sign
        if bare.count(".") == 1 and "," not in bare:
            as_decimal = Decimal(bare) * sign
            return NumberRead(as_decimal) if bare.startswith("0") else NumberRead(None, (as_groups, as_decimal))
        return NumberRead(as_groups)
    if _SPACE_GROUPS.fullmatch(bare):
        return NumberRead(Decimal(bare.replace(" ", "").replace(",", ".")) * sign)
    if _COMMA_GROUPS.fullmatch(bare):
        return NumberRead(Decimal(bare.replace(",", "")) * sign)
    if _COMMA_DECIMAL.fullmatch(bare):
        return NumberRead(Decimal(bare.replace(",", ".")) * sign)
    if _DOT_DECIMAL.fullmatch(bare):
        return NumberRead(Decimal(bare) * sign)
    return NumberRead()


def storable(value: Decimal) -> bool:
    """False for what no official writes and no field holds: more than 24 digits on a side, or no number at all."""
    if not value.is_finite() or abs(value.adjusted()) > _MAX_DIGITS:
        return False
    whole, _, decimals = canonical(abs(value)).partition(".")
    return max(len(whole), len(decimals)) <= _MAX_DIGITS


def canonical(value: Decimal) -> str:
    """Machine form that is stored: no exponent, no superfluous zeros."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def shown(value: Decimal, places: int | None = None) -> str:
    """Vietnamese form: ``1.234,56``. With ``places`` rounded half up to at most that many decimals."""
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, decimals = canonical(value).partition(".")
    sign = "-" if whole.startswith("-") else ""
    grouped = f"{int(whole.lstrip('-')):,}".replace(",", ".")
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def shown_beside(value: Decimal, threshold: Decimal | None, places: int = 2) -> str:
    """Like :func:`shown`, with as many decimals as it takes to keep ``value`` on its side of ``threshold``."""
    for digits in range(places, 12):
        rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        if threshold is None or (
            (rounded > threshold) == (value > threshold) and (rounded < threshold) == (value < threshold)
        ):
            return shown(rounded)
    return shown(value)


def editable(value: Decimal) -> str:
    """The form to edit: decimal comma, no grouping, so that changing a digit never makes it ambiguous."""
    return canonical(value).replace(".", ",")
