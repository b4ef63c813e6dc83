"""A province's overlay: a base set, what is changed in it, and by which decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ntm_desktop.catalogue.indicators import (
    LEVEL_KEYS,
    Names,
    indicator_place,
    knows_threshold,
    read_levels,
    read_operator,
)
from ntm_desktop.catalogue.nodes import Node
from ntm_desktop.catalogue.problems import ProblemCode
from ntm_desktop.catalogue.reading import CODE, VERSION, Reading
from ntm_desktop.catalogue.sets import check_format
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue, Criterion, Indicator, LegalBasis, Source
from ntm_desktop.model.rules import IN_GENERAL

OVERLAY_REQUIRED = ("format", "id", "version", "name", "extends", "basis", "overrides")
OVERLAY_OPTIONAL = ("short_name", "note", "typed_by", "checked_by")
OVERRIDE_REQUIRED = ("code", "source")
OVERRIDE_OPTIONAL = ("operator", *LEVEL_KEYS, "evidence", "basis", "urls", "note")
_WEAKNESS = (Source.TYPED, Source.FOUND, Source.MEMORY, Source.UNCERTAIN)
_CHANGES = ("operator", *LEVEL_KEYS, "evidence")


@dataclass(frozen=True, slots=True)
class BaseRef:
    """The base that an overlay names: id, and version unless it takes any."""

    id: str
    version: str
    node: Node


def is_overlay(root: Node) -> bool:
    """Does the file change another set rather than being one?"""
    return "extends" in root.entries or "overrides" in root.entries


def base_ref(reading: Reading, root: Node) -> BaseRef | None:
    """The base that the file names; None where it names none."""
    node = root.entries.get("extends")
    if node is None:
        return None
    text = reading.text(node, "", "extends", required=True)
    base_id, _at, version = text.partition("@")
    return BaseRef(base_id, version, node)


def build_overlay(reading: Reading, root: Node, base: Catalogue | None) -> Catalogue | None:
    """The base with the overlay's changes; it may be used only where ``reading`` has no problems.

    Rows that are changed carry the overlay's legal basis; all others keep standing on the base's own.
    """
    found = reading.mapping(root, "", OVERLAY_REQUIRED, OVERLAY_OPTIONAL)
    check_format(reading, found)
    basis = reading.basis(found.get("basis"), _("căn cứ pháp lý"), dated=True)
    overlay_id = reading.name(found.get("id"), "", _("mã bộ tiêu chí"))
    version = reading.name(found.get("version"), "", _("phiên bản"), VERSION)
    name = reading.text(found.get("name"), "", _("tên bộ tiêu chí"), required=True)
    short_name = reading.text(found.get("short_name"), "", _("tên ngắn"))
    note = reading.text(found.get("note"), "", _("ghi chú"))
    typed_by = reading.text(found.get("typed_by"), "", _("người nhập"))
    checked_by = reading.text(found.get("checked_by"), "", _("người kiểm tra"))
    if base is None:
        return None
    if overlay_id == base.id:
        message = _("Bộ tiêu chí của tỉnh phải có mã riêng, không trùng mã «{id}» của bộ gốc.").format(id=base.id)
        reading.report(found["id"], "", ProblemCode.DUPLICATE_ID, message)
    changed = _overrides(reading, found.get("overrides"), base, basis)
    return replace(
        base,
        id=overlay_id,
        version=version,
        name=name,
        short_name=short_name,
        note="\n".join(text for text in (note, base.note) if text),
        amended_by=(*base.amended_by, basis),
        extends=base.ref,
        typed_by=typed_by,
        checked_by=checked_by,
        criteria=tuple(_changed(criterion, changed) for criterion in base.criteria),
    )


def _changed(criterion: Criterion, changed: Mapping[str, Indicator]) -> Criterion:
    return replace(
        criterion, indicators=tuple(changed.get(indicator.code, indicator) for indicator in criterion.indicators)
    )


def _overrides(reading: Reading, node: Node | None, base: Catalogue, basis: LegalBasis) -> dict[str, Indicator]:
    names = Names(frozenset(item.id for item in base.regions), frozenset(item.id for item in base.groups))
    changed: dict[str, Indicator] = {}
    items = reading.items(node, "", "overrides")
    if node is not None and not items:
        reading.report(node, "", ProblemCode.EMPTY, _("Danh sách «overrides» không thay đổi chỉ tiêu nào."))
    for item in items:
        code_node = item.entries.get("code")
        place = indicator_place(code_node.text if code_node else "")
        found = reading.mapping(item, place, OVERRIDE_REQUIRED, OVERRIDE_OPTIONAL)
        code = reading.name(code_node, place, _("mã chỉ tiêu"), CODE)
        if code in changed and code_node is not None:
            message = _("Chỉ tiêu «{code}» được sửa hai lần; mời gộp lại.").format(code=code)
            reading.report(code_node, place, ProblemCode.DUPLICATE_INDICATOR, message)
        old = base.by_code.get(code)
        if old is None:
            message = _("Bộ gốc {base} không có chỉ tiêu «{code}»; mời xem lại mã.").format(base=base.ref, code=code)
            reading.report(code_node or item, place, ProblemCode.UNKNOWN_INDICATOR, message)
        else:
            changed[code] = _override(reading, item, found, place, old, names, basis)
    return changed


def _override(
    reading: Reading,
    node: Node,
    found: Mapping[str, Node],
    place: str,
    old: Indicator,
    names: Names,
    basis: LegalBasis,
) -> Indicator:
    """The changed indicator. A new level of any form replaces all former ones: never do old and new mix."""
    if not any(key in found for key in _CHANGES):
        message = _("Chỉ tiêu này không có thay đổi nào; mời ghi mức mới hoặc bỏ mục này đi.")
        reading.report(node, place, ProblemCode.NOTHING_CHANGED, message)
    source = reading.one_of(found.get("source"), place, _("nguồn"), Source) or Source.FOUND
    kind = old.measure.kind
    requirement, provenance = old.requirement, old.provenance
    if "operator" in found:
        requirement = replace(requirement, operator=read_operator(reading, found["operator"], place, kind))
    if any(key in found for key in LEVEL_KEYS):
        levels = read_levels(reading, found, place, names, kind, requirement.operator)
        varies = bool(levels.by_region or any(set(year) - {IN_GENERAL} for year in levels.by_year.values()))
        requirement = replace(levels, operator=requirement.operator, varies_by_region=varies)
        if source is Source.UNCERTAIN and knows_threshold(requirement):
            message = _("Mức mới ghi nguồn «uncertain» (chưa chắc) nên không được có số; mời bỏ số hoặc đối chiếu lại.")
            reading.report(found["source"], place, ProblemCode.UNCERTAIN_THRESHOLD, message)
        weaker = max(source, provenance.name_source, key=_WEAKNESS.index)
        provenance = replace(provenance, source=weaker, threshold_source=source, hint="")
    note = reading.text(found.get("note"), place, _("ghi chú"))
    urls = reading.texts(found.get("urls"), place, "urls")
    own = found.get("basis")
    return replace(
        old,
        requirement=requirement,
        provenance=replace(
            provenance,
            note="\n".join(text for text in (note, provenance.note) if text),
            urls=(*urls, *provenance.urls),
        ),
        evidence=reading.texts(found["evidence"], place, "evidence") if "evidence" in found else old.evidence,
        basis=reading.basis(own, place, dated=True) if own is not None else basis,
        line=node.line,
    )
