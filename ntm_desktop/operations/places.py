"""Administrative units: search, provinces, communes of a province."""

from __future__ import annotations

from ntm_desktop import catalogue as catalogues
from ntm_desktop.model.units import Unit


def search(text: str, limit: int = 20) -> tuple[Unit, ...]:
    """Units by name or code, diacritics and case ignored, the best first; provinces included."""
    return tuple(catalogues.search_units(text, limit))


def provinces() -> tuple[Unit, ...]:
    """All provinces in Vietnamese order."""
    return tuple(catalogues.province_list())


def communes(province_code: str) -> tuple[Unit, ...]:
    """Communes, wards and special zones of a province in Vietnamese order."""
    return tuple(catalogues.units_of(province_code))
