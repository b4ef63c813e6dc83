"""The 34 provinces and 3,321 communes, wards and special zones, with search that ignores diacritics."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ntm_desktop import paths
from ntm_desktop.errors import NotFound
from ntm_desktop.i18n import _
from ntm_desktop.model.text import collation_key, search_key
from ntm_desktop.model.units import Level, Unit


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit with its search keys."""

    unit: Unit
    name: str
    full: str
    haystack: str  # full name, province and code


@cache
def province_list() -> tuple[Unit, ...]:
    """The provinces in Vietnamese order."""
    made = [
        Unit(row["code"], row["name"], row["full_name"], row["kind"], Level.PROVINCE, row["code"], row["full_name"])
        for row in _rows("provinces-2026.csv")
    ]
    return tuple(sorted(made, key=lambda unit: collation_key(unit.name)))


@cache
def all_units() -> tuple[Unit, ...]:
    """Provinces, then communes, wards and special zones by code."""
    communes = (
        Unit(
            row["code"],
            row["name"],
            row["full_name"],
            row["kind"],
            Level.COMMUNE,
            row["province_code"],
            row["province_name"],
        )
        for row in _rows("units-2026.csv")
    )
    return (*province_list(), *communes)


@cache
def _by_code() -> Mapping[str, Unit]:
    return {unit.code: unit for unit in all_units()}


def find_unit(code: str) -> Unit:
    """The unit of a code: 2 digits for a province, 5 for a commune, leading zeros included.

    Raises:
        NotFound: no unit has this code.
    """
    unit = _by_code().get(code.strip())
    if unit is None:
        message = _("Không có đơn vị hành chính nào mang mã «{code}».").format(code=code)
        hint = _("Mã xã gồm 5 chữ số, mã tỉnh gồm 2 chữ số, kể cả số 0 ở đầu; mời tìm theo tên để biết mã.")
        raise NotFound(message, hint)
    return unit


def units_of(province_code: str) -> tuple[Unit, ...]:
    """The communes, wards and special zones of a province, in Vietnamese order."""
    communes = [unit for unit in all_units() if unit.level is Level.COMMUNE and unit.province_code == province_code]
    return tuple(sorted(communes, key=lambda unit: collation_key(unit.name)))


def search_units(text: str, limit: int = 20) -> list[Unit]:
    """Units whose name, full name, province or code has every word of ``text``; diacritics and case do not count.

    Best first: the code itself, the exact name, names that begin with it, names that contain it, then matches across
    commune and province («xã sơn bình lai châu»). Provinces stand before communes of the same rank.
    """
    key = search_key(text)
    if not key or limit <= 0:
        return []
    words = key.split()
    found: list[tuple[int, int, Unit]] = []
    for place, row in enumerate(_searchable()):
        if all(word in row.haystack for word in words):
            found.append((_rank(key, words, row), place, row.unit))
    found.sort(key=lambda item: item[:2])
    return [unit for _rank_of, _place, unit in found[:limit]]


def _rank(key: str, words: list[str], row: _Row) -> int:
    """How well a row fits; smaller is better."""
    if key == row.unit.code:
        return 0
    if key in (row.name, row.full):
        return 1
    heads = [" ".join(words[:count]) for count in range(1, len(words))]
    if any(head in (row.name, row.full) for head in heads):
        return 2
    if row.name.startswith(key) or row.full.startswith(key):
        return 3
    if any(row.name.startswith(head) or row.full.startswith(head) for head in heads):
        return 4
    if key in row.full:
        return 5
    return 6 if all(word in row.full for word in words) else 7


@cache
def _searchable() -> tuple[_Row, ...]:
    """Search keys of all units; made in one pass over one long text, which is what makes it quick."""
    units = all_units()
    names = search_key("|".join(unit.name for unit in units)).split("|")
    fulls = search_key("|".join(unit.full_name for unit in units)).split("|")
    provinces = {unit.code: search_key(unit.full_name) for unit in province_list()}
    return tuple(
        _Row(unit, name, full, f"{full} {provinces[unit.province_code]} {unit.code}")
        for unit, name, full in zip(units, names, fulls, strict=True)
    )


@cache
def _regions() -> Mapping[str, tuple[str, ...]]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with open(_folder() / "regions-2021.yaml", encoding="utf-8") as stream:
        content = yaml.load(stream, Loader=loader)
    return {province["code"]: tuple(province["candidates"]) for province in content["provinces"]}


def region_candidates(province_code: str) -> tuple[str, ...]:
    """Ids of the 2021-2025 regions that a commune of this province may lie in, the likeliest first; a person confirms.

    More than one where the province was merged from provinces of several regions; none where nothing is known.
    """
    return _regions().get(province_code, ())


def _folder() -> Path:
    return paths.resources() / "units"


def _rows(name: str) -> list[dict[str, str]]:
    with open(_folder() / name, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
