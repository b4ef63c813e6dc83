"""Canonical JSON of a set: sorted keys, UTF-8, numbers as text, defaults left out. Its SHA-256 pins the set.

Defaults are left out so that a field added to the types later does not change the hash of sets pinned before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ntm_desktop.catalogue.nodes import Unreadable
from ntm_desktop.catalogue.nodes import from_json as tree_from_json
from ntm_desktop.catalogue.problems import CatalogueProblem, ProblemCode, refusal
from ntm_desktop.catalogue.reading import Reading
from ntm_desktop.catalogue.sets import FORMAT, build_set
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue, Criterion, Indicator, LegalBasis, Measure, Provenance, Requirement
from ntm_desktop.model.numbers import canonical as canonical_number


def to_json(catalogue: Catalogue) -> bytes:
    """The set's canonical content, without line numbers; equal sets have equal bytes."""
    text = json.dumps(document(catalogue), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def content_hash(catalogue: Catalogue) -> str:
    """SHA-256 (hex) of the canonical content."""
    return hashlib.sha256(to_json(catalogue)).hexdigest()


def from_json(content: bytes, file: str = "") -> Catalogue:
    """The set in canonical JSON; ``file`` names it in messages.

    Raises:
        CatalogueInvalid: no JSON, a rule broken, or not in canonical form.
    """
    file = file or _("bộ tiêu chí đã lưu")
    try:
        root = tree_from_json(content, file)
    except Unreadable as error:
        raise refusal(file, [error.problem]) from None
    reading = Reading(file)
    catalogue = build_set(reading, root)
    if reading.problems:
        raise refusal(file, reading.problems)
    if to_json(catalogue) != content:
        message = _("Nội dung không ở dạng chuẩn của chương trình; có lẽ tệp đã bị sửa bằng tay.")
        raise refusal(file, [CatalogueProblem(file, 0, "", ProblemCode.NOT_CANONICAL, message)])
    return catalogue


def document(catalogue: Catalogue) -> dict[str, Any]:
    """The set as plain lists and mappings in the file format's keys and order, defaults left out."""
    return _kept(
        {
            "format": FORMAT,
            "id": catalogue.id,
            "version": catalogue.version,
            "name": catalogue.name,
            "short_name": catalogue.short_name,
            "level": catalogue.level.value,
            "period": catalogue.period,
            "basis": _basis(catalogue.basis),
            "amended_by": [_basis(item) for item in catalogue.amended_by],
            "indicator_total": catalogue.indicator_total,
            "historical": catalogue.historical or None,
            "derived_from": catalogue.extends,
            "typed_by": catalogue.typed_by,
            "checked_by": catalogue.checked_by,
            "note": catalogue.note,
            "conditions": list(catalogue.conditions),
            "regions": [{"id": item.id, "name": item.name} for item in catalogue.regions],
            "groups": [
                _kept({"id": item.id, "name": item.name, "definition": item.definition}) for item in catalogue.groups
            ],
            "special_rules": [
                {"id": item.id, "region": item.region, "source": item.source.value, "text": item.text}
                for item in catalogue.special_rules
            ],
        }
    ) | {"criteria": [_criterion(item) for item in catalogue.criteria]}


def _kept(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Entries that are not their default."""
    return {key: value for key, value in entries.items() if value is not None and value not in ("", [], {})}


def _basis(basis: LegalBasis) -> dict[str, Any]:
    return _kept({"number": basis.number, "issued": basis.issued, "title": basis.title, "note": basis.note})


def _criterion(criterion: Criterion) -> dict[str, Any]:
    indicators = [_indicator(item) for item in criterion.indicators]
    head = {"number": criterion.number, "name": criterion.name, "group": criterion.group, "note": criterion.note}
    return _kept({**head, "indicators": indicators})


def _indicator(indicator: Indicator) -> dict[str, Any]:
    conditions = [
        _kept({"text": item.text, "regions": list(item.regions), "when": item.when})
        for item in indicator.sub_conditions
    ]
    return _kept(
        {
            "code": indicator.code,
            "official_code": None if indicator.official_code else False,
            "name": indicator.name,
            **_measure(indicator.measure),
            **_requirement(indicator.requirement),
            "sub_conditions": conditions,
            "evidence": list(indicator.evidence),
            "basis": _basis(indicator.basis) if indicator.basis else None,
            "provenance": _provenance(indicator.provenance),
        }
    )


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "kind": measure.kind.value,
        "unit": measure.unit,
        "choices": [{"id": item.id, "name": item.name, "rank": item.rank} for item in measure.choices],
        "parts": [{"id": item.id, "name": item.name} for item in measure.parts],
        "numerator": measure.numerator,
        "denominator": measure.denominator,
        "relative_to": measure.relative_to,
    }


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        "operator": requirement.operator.value if requirement.operator else None,
        "threshold": _number(requirement.threshold),
        "by_region": {key: _number(value) for key, value in requirement.by_region.items()},
        "by_group": {key: _number(value) for key, value in requirement.by_group.items()},
        "by_year": {
            str(year): {key: _number(value) for key, value in levels.items()}
            for year, levels in requirement.by_year.items()
        },
        "varies_by_region": requirement.varies_by_region,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else canonical_number(value)


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return _kept(
        {
            "source": provenance.source.value,
            "name_source": provenance.name_source.value,
            "threshold_source": provenance.threshold_source.value,
            "urls": list(provenance.urls),
            "note": provenance.note,
            "hint": provenance.hint,
        }
    )
