"""Computed parts of the papers, by the names that templates use. Each module has its own table; here they meet."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from ntm_desktop.dossier.making import Part

_MODULES = (
    "general",
    "results",
    "self_assessment",
    "conditions",
    "meeting",
    "opinions",
    "attachments",
    "appraisal",
    "money",
    "debt",
    "poll",
    "evidence_index",
    "missing",
    "photos",
    "boxes",
)


@cache
def parts() -> dict[str, Part]:
    """Every part by name."""
    found: dict[str, Part] = {}
    for name in _MODULES:
        found.update(import_module(f"ntm_desktop.dossier.parts.{name}").PARTS)
    return found
