"""A tree → one indicator: its measure, its requirement, where it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ntm_desktop.catalogue.nodes import Node, NodeKind
from ntm_desktop.catalogue.problems import ProblemCode
from ntm_desktop.catalogue.reading import CODE, Reading
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import (
    ALLOWED_OPERATORS,
    Choice,
    Indicator,
    Measure,
    MeasureKind,
    Operator,
    Part,
    Provenance,
    Requirement,
    Source,
    SubCondition,
)
from ntm_desktop.model.rules import IN_GENERAL

INDICATOR_REQUIRED = ("code", "name", "kind", "provenance")
LEVEL_KEYS = ("threshold", "by_region", "by_group", "by_year")
MEASURE_KEYS = ("unit", "choices", "parts", "numerator", "denominator", "relative_to")
INDICATOR_OPTIONAL = (
    *MEASURE_KEYS,
    "operator",
    *LEVEL_KEYS,
    "varies_by_region",
    "official_code",
    "sub_conditions",
    "evidence",
    "basis",
)
_YEAR = re.compile(r"(19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Names:
    """Region and group ids that a set knows."""

    regions: frozenset[str]
    groups: frozenset[str]


def no_twice(reading: Reading, node: Node | None, ids: list[str], place: str) -> None:
    """No id twice in one list."""
    for index, item_id in enumerate(ids):
        if node is not None and item_id and item_id in ids[:index]:
            message = _("Mã «{id}» dùng hai lần; mời đổi một mã.").format(id=item_id)
            reading.report(node.items[index], place, ProblemCode.DUPLICATE_ID, message)


def unknown_region(reading: Reading, node: Node, place: str, region: str, names: Names) -> None:
    """Report a region that the set does not name."""
    message = _("Vùng «{region}» không có trong danh sách vùng của bộ tiêu chí (có: {known}).")
    known = ", ".join(sorted(names.regions)) or _("không có vùng nào")
    reading.report(node, place, ProblemCode.UNKNOWN_REGION, message.format(region=region[:40], known=known))


def indicator_place(code: str) -> str:
    """How an indicator is named in messages."""
    return _("chỉ tiêu {code}").format(code=code[:20] or "?")


def read_indicator(reading: Reading, node: Node, names: Names) -> Indicator:
    """One indicator with its measure, requirement and provenance."""
    code_node = node.entries.get("code")
    place = indicator_place(code_node.text if code_node else "")
    found = reading.mapping(node, place, INDICATOR_REQUIRED, INDICATOR_OPTIONAL)
    measure = _measure(reading, found, place, node)
    operator = read_operator(reading, found.get("operator"), place, measure.kind if "kind" in found else None)
    provenance = _provenance(reading, found.get("provenance"), place)
    requirement = read_levels(reading, found, place, names, measure.kind, operator)
    if provenance.threshold_source is Source.UNCERTAIN and knows_threshold(requirement):
        message = _(
            "Mức đạt chuẩn ghi nguồn «uncertain» (chưa chắc) nên không được có số; mời chuyển số đó sang «hint»."
        )
        at = next(found[key] for key in LEVEL_KEYS if key in found)
        reading.report(at, place, ProblemCode.UNCERTAIN_THRESHOLD, message)
    official = reading.flag(found.get("official_code"), place, "official_code")
    own = found.get("basis")
    return Indicator(
        code=reading.name(code_node, place, _("mã chỉ tiêu"), CODE),
        name=reading.text(found.get("name"), place, _("tên chỉ tiêu"), required=True),
        measure=measure,
        requirement=requirement,
        provenance=provenance,
        official_code=True if official is None else official,
        sub_conditions=_sub_conditions(reading, found.get("sub_conditions"), place, names),
        evidence=reading.texts(found.get("evidence"), place, _("minh chứng gợi ý")),
        basis=reading.basis(own, place, dated=True) if own is not None else None,
        line=node.line,
    )


def _measure(reading: Reading, found: Mapping[str, Node], place: str, node: Node) -> Measure:
    kind = reading.one_of(found.get("kind"), place, _("loại chỉ tiêu"), MeasureKind, ProblemCode.UNKNOWN_KIND)
    choices: list[Choice] = []
    for item in reading.items(found.get("choices"), place, "choices"):
        entry = reading.mapping(item, place, ("id", "name", "rank"))
        choices.append(
            Choice(
                reading.name(entry.get("id"), place, _("mã lựa chọn")),
                reading.text(entry.get("name"), place, _("tên lựa chọn"), required=True),
                reading.whole(entry.get("rank"), place, _("thứ bậc")) or 0,
            )
        )
    parts: list[Part] = []
    for item in reading.items(found.get("parts"), place, "parts"):
        entry = reading.mapping(item, place, ("id", "name"))
        parts.append(
            Part(
                reading.name(entry.get("id"), place, _("mã nội dung")),
                reading.text(entry.get("name"), place, _("tên nội dung"), required=True),
            )
        )
    no_twice(reading, found.get("choices"), [item.id for item in choices], place)
    no_twice(reading, found.get("parts"), [item.id for item in parts], place)
    at = found.get("kind", node)
    if kind is MeasureKind.CHOICE and not choices:
        message = _("Chỉ tiêu loại lựa chọn (choice) phải liệt kê các lựa chọn (choices).")
        reading.report(found.get("choices", at), place, ProblemCode.NO_CHOICES, message)
    if kind is MeasureKind.CHECKLIST and not parts:
        message = _("Chỉ tiêu loại danh mục (checklist) phải liệt kê các nội dung (parts).")
        reading.report(found.get("parts", at), place, ProblemCode.NO_PARTS, message)
    return Measure(
        kind=kind or MeasureKind.TEXT,
        unit=reading.text(found.get("unit"), place, _("đơn vị tính")),
        choices=tuple(choices),
        parts=tuple(parts),
        numerator=reading.text(found.get("numerator"), place, "numerator"),
        denominator=reading.text(found.get("denominator"), place, "denominator"),
        relative_to=reading.text(found.get("relative_to"), place, "relative_to"),
    )


def read_operator(reading: Reading, node: Node | None, place: str, kind: MeasureKind | None) -> Operator | None:
    """The operator, checked against what the measure kind can be compared by; None where it is absent or null."""
    if node is None or node.kind is NodeKind.NULL:
        return None
    operator = reading.one_of(node, place, _("phép so sánh"), Operator, ProblemCode.UNKNOWN_OPERATOR)
    if operator is not None and kind is not None and operator not in ALLOWED_OPERATORS[kind]:
        allowed = ", ".join(item.value for item in Operator if item in ALLOWED_OPERATORS[kind])
        message = _("Phép so sánh «{operator}» không dùng được cho loại «{kind}»; mời chọn một trong: {allowed}.")
        text = message.format(operator=operator.value, kind=kind.value, allowed=allowed)
        reading.report(node, place, ProblemCode.IMPOSSIBLE_OPERATOR, text)
    return operator


def read_levels(
    reading: Reading,
    found: Mapping[str, Node],
    place: str,
    names: Names,
    kind: MeasureKind,
    operator: Operator | None,
) -> Requirement:
    """Operator and thresholds from the keys of an indicator or an override."""

    def level(node: Node) -> Decimal | None:
        return _threshold(reading, node, place, kind, operator)

    by_region: dict[str, Decimal | None] = {}
    for region, node in _entries(reading, found.get("by_region"), place).items():
        _known_region(reading, node, place, region, names)
        by_region[region] = level(node)
    by_group: dict[str, Decimal | None] = {}
    for group, node in _entries(reading, found.get("by_group"), place).items():
        if group not in names.groups:
            message = _("Nhóm xã «{group}» không có trong danh sách nhóm xã của bộ tiêu chí (có: {known}).")
            known = ", ".join(sorted(names.groups)) or _("không có nhóm nào")
            text = message.format(group=group[:40], known=known)
            reading.report(node, place, ProblemCode.UNKNOWN_GROUP, text)
        by_group[group] = level(node)
    by_year: dict[int, dict[str, Decimal | None]] = {}
    for year, years in _entries(reading, found.get("by_year"), place).items():
        if not _YEAR.fullmatch(year):
            message = _("«{year}» không phải một năm, ví dụ '2024'.").format(year=year[:20])
            reading.report(years, place, ProblemCode.BAD_YEAR, message)
            continue
        by_year[int(year)] = {}
        for region, node in _entries(reading, years, place).items():
            _known_region(reading, node, place, region, names)
            by_year[int(year)][region] = level(node)
    threshold = found.get("threshold")
    varies = reading.flag(found.get("varies_by_region"), place, "varies_by_region")
    return Requirement(operator, level(threshold) if threshold else None, by_region, by_group, by_year, varies)


def _entries(reading: Reading, node: Node | None, place: str) -> Mapping[str, Node]:
    """The entries of a mapping whose keys are data."""
    return reading.mapping(node, place, (), node.entries if node else ())


def _known_region(reading: Reading, node: Node, place: str, region: str, names: Names) -> None:
    if region != IN_GENERAL and region not in names.regions:
        unknown_region(reading, node, place, region, names)


def _threshold(
    reading: Reading, node: Node, place: str, kind: MeasureKind, operator: Operator | None
) -> Decimal | None:
    """A threshold; ``true`` is 1 and stands where holds or does not hold is judged."""
    what = _("mức đạt chuẩn")
    holds = operator in (Operator.HOLDS, Operator.ABSENT) or kind in (MeasureKind.BOOLEAN, MeasureKind.TEXT)
    if holds and node.kind is NodeKind.FLAG and node.text == "true":
        return Decimal(1)
    number = reading.decimal(node, place, what)
    if holds and number is not None and number != 1:
        message = _(
            "Chỉ tiêu xét đạt hay chưa đạt chỉ có mức true (đã biết yêu cầu) hoặc null (chưa biết), không có số."
        )
        reading.report(node, place, ProblemCode.NOT_A_NUMBER, message)
    return number


def knows_threshold(requirement: Requirement) -> bool:
    """Is any threshold of the requirement known?"""
    levels = [requirement.threshold, *requirement.by_region.values(), *requirement.by_group.values()]
    for year in requirement.by_year.values():
        levels.extend(year.values())
    return any(level is not None for level in levels)


def _provenance(reading: Reading, node: Node | None, place: str) -> Provenance:
    required = ("source", "name_source", "threshold_source")
    found = reading.mapping(node, place, required, ("urls", "note", "hint"))

    def source(key: str) -> Source:
        return reading.one_of(found.get(key), place, _("nguồn"), Source) or Source.FOUND

    return Provenance(
        source=source("source"),
        name_source=source("name_source"),
        threshold_source=source("threshold_source"),
        urls=reading.texts(found.get("urls"), place, "urls"),
        note=reading.text(found.get("note"), place, _("ghi chú")),
        hint=reading.text(found.get("hint"), place, "hint"),
    )


def _sub_conditions(reading: Reading, node: Node | None, place: str, names: Names) -> tuple[SubCondition, ...]:
    made: list[SubCondition] = []
    for item in reading.items(node, place, "sub_conditions"):
        found = reading.mapping(item, place, ("text",), ("regions", "when"))
        regions: list[str] = []
        for region in reading.items(found.get("regions"), place, "regions"):
            regions.append(reading.text(region, place, _("vùng")))
            if regions[-1] not in names.regions:
                unknown_region(reading, region, place, regions[-1], names)
        made.append(
            SubCondition(
                reading.text(found.get("text"), place, _("điều kiện kèm theo"), required=True),
                tuple(regions),
                reading.text(found.get("when"), place, _("trường hợp áp dụng")),
            )
        )
    return tuple(made)
