"""A tree → a whole criteria set, with every rule that it must keep. YAML, canonical JSON and sheets pass here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ntm_desktop.catalogue.indicators import Names, indicator_place, no_twice, read_indicator, unknown_region
from ntm_desktop.catalogue.nodes import Node, NodeKind
from ntm_desktop.catalogue.problems import ProblemCode
from ntm_desktop.catalogue.reading import CODE, VERSION, Reading
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import (
    Catalogue,
    CommuneGroup,
    Criterion,
    Region,
    Source,
    SpecialRule,
)
from ntm_desktop.model.rules import IN_GENERAL
from ntm_desktop.model.units import Level

FORMAT = 1

SET_REQUIRED = ("format", "id", "version", "name", "level", "period", "basis", "criteria")
SET_OPTIONAL = (
    "short_name",
    "amended_by",
    "regions",
    "groups",
    "special_rules",
    "conditions",
    "indicator_total",
    "historical",
    "note",
    "derived_from",
    "typed_by",
    "checked_by",
)
CRITERION_OPTIONAL = ("indicators", "group", "note")


def build_set(reading: Reading, root: Node) -> Catalogue:
    """The set in a tree; it may be used only where ``reading`` has no problems."""
    found = reading.mapping(root, "", SET_REQUIRED, SET_OPTIONAL)
    check_format(reading, found)
    regions = _regions(reading, found.get("regions"))
    groups = _groups(reading, found.get("groups"))
    names = Names(frozenset(item.id for item in regions), frozenset(item.id for item in groups))
    criteria = _criteria(reading, found.get("criteria"), names)
    total = reading.whole(found.get("indicator_total"), "", _("tổng số chỉ tiêu"))
    level = reading.one_of(found.get("level"), "", _("cấp"), Level)
    catalogue = Catalogue(
        id=reading.name(found.get("id"), "", _("mã bộ tiêu chí")),
        version=reading.name(found.get("version"), "", _("phiên bản"), VERSION),
        name=reading.text(found.get("name"), "", _("tên bộ tiêu chí"), required=True),
        level=level or Level.COMMUNE,
        period=reading.text(found.get("period"), "", _("giai đoạn"), required=True),
        basis=reading.basis(found.get("basis"), _("căn cứ pháp lý"), dated=True),
        criteria=criteria,
        short_name=reading.text(found.get("short_name"), "", _("tên ngắn")),
        amended_by=tuple(
            reading.basis(item, _("văn bản sửa đổi"), dated=False)
            for item in reading.items(found.get("amended_by"), "", "amended_by")
        ),
        regions=regions,
        groups=groups,
        special_rules=_special_rules(reading, found.get("special_rules"), names),
        conditions=reading.texts(found.get("conditions"), "", _("điều kiện")),
        indicator_total=total,
        historical=reading.flag(found.get("historical"), "", "historical") or False,
        note=reading.text(found.get("note"), "", _("ghi chú")),
        extends=reading.text(found.get("derived_from"), "", "derived_from"),
        typed_by=reading.text(found.get("typed_by"), "", _("người nhập")),
        checked_by=reading.text(found.get("checked_by"), "", _("người kiểm tra")),
    )
    _check_whole(reading, root, found, catalogue)
    return catalogue


def check_format(reading: Reading, found: Mapping[str, Node]) -> None:
    """The file's format number is one that this program knows."""
    node = found.get("format")
    if node is not None and not (node.kind is NodeKind.NUMBER and node.text == str(FORMAT)):
        message = _(
            "Tệp theo định dạng «{found}», chương trình này chỉ đọc định dạng {known}; mời cập nhật chương trình."
        )
        reading.report(node, "", ProblemCode.WRONG_FORMAT, message.format(found=node.text[:20], known=FORMAT))


def _check_whole(reading: Reading, root: Node, found: Mapping[str, Node], catalogue: Catalogue) -> None:
    """Rules on the whole: no code twice, not more rows than the decision has, operators where it is complete."""
    count = sum(len(criterion.indicators) for criterion in catalogue.criteria)
    complete = catalogue.indicator_total is None or count >= catalogue.indicator_total
    seen: dict[str, Node] = {}
    for node in _rows(found.get("criteria")):
        code_node = node.entries.get("code")
        code = code_node.text if code_node else ""
        place = indicator_place(code)
        if code and code in seen:
            message = _("Mã chỉ tiêu «{code}» đã có ở dòng {line}; mỗi mã chỉ dùng một lần.")
            text = message.format(code=code, line=seen[code].line)
            reading.report(code_node or node, place, ProblemCode.DUPLICATE_INDICATOR, text)
        seen.setdefault(code, node)
        operator = node.entries.get("operator")
        if complete and node.entries and (operator is None or operator.kind is NodeKind.NULL):
            message = _(
                "Chỉ tiêu chưa có phép so sánh (operator); chỉ bộ tiêu chí còn thiếu chỉ tiêu mới được để trống."
            )
            reading.report(operator or node, place, ProblemCode.NO_OPERATOR, message)
    if catalogue.indicator_total is not None and count > catalogue.indicator_total:
        message = _("Bộ tiêu chí có {count} chỉ tiêu, nhiều hơn tổng số {total} đã ghi; mời đối chiếu với văn bản.")
        text = message.format(count=count, total=catalogue.indicator_total)
        reading.report(found.get("indicator_total", root), "", ProblemCode.TOO_MANY_INDICATORS, text)
    if not catalogue.criteria and "criteria" in found and found["criteria"].kind is NodeKind.LIST:
        reading.report(found["criteria"], "", ProblemCode.EMPTY, _("Bộ tiêu chí không có tiêu chí nào."))


def _rows(criteria: Node | None) -> Iterator[Node]:
    """The nodes of all indicators."""
    for criterion in criteria.items if criteria else ():
        indicators = criterion.entries.get("indicators")
        yield from indicators.items if indicators else ()


def _regions(reading: Reading, node: Node | None) -> tuple[Region, ...]:
    made: list[Region] = []
    place = _("vùng")
    for item in reading.items(node, "", "regions"):
        found = reading.mapping(item, place, ("id", "name"))
        region = Region(
            reading.name(found.get("id"), place, _("mã vùng")),
            reading.text(found.get("name"), place, _("tên vùng"), required=True),
        )
        if region.id == IN_GENERAL:
            message = _("«{id}» là mức chung, không dùng làm mã vùng.").format(id=region.id)
            reading.report(item, place, ProblemCode.BAD_ID, message)
        made.append(region)
    no_twice(reading, node, [item.id for item in made], place)
    return tuple(made)


def _groups(reading: Reading, node: Node | None) -> tuple[CommuneGroup, ...]:
    made: list[CommuneGroup] = []
    place = _("nhóm xã")
    for item in reading.items(node, "", "groups"):
        found = reading.mapping(item, place, ("id", "name"), ("definition",))
        made.append(
            CommuneGroup(
                reading.name(found.get("id"), place, _("mã nhóm xã")),
                reading.text(found.get("name"), place, _("tên nhóm xã"), required=True),
                reading.text(found.get("definition"), place, _("định nghĩa nhóm xã")),
            )
        )
    no_twice(reading, node, [item.id for item in made], place)
    return tuple(made)


def _special_rules(reading: Reading, node: Node | None, names: Names) -> tuple[SpecialRule, ...]:
    made: list[SpecialRule] = []
    for item in reading.items(node, "", "special_rules"):
        place = _("quy tắc đặc biệt")
        found = reading.mapping(item, place, ("id", "text", "region"), ("source",))
        rule = SpecialRule(
            reading.name(found.get("id"), place, _("mã quy tắc")),
            reading.text(found.get("text"), place, _("nội dung quy tắc"), required=True),
            reading.text(found.get("region"), place, _("vùng")),
            reading.one_of(found.get("source"), place, _("nguồn"), Source) or Source.FOUND,
        )
        if "region" in found and rule.region not in names.regions:
            unknown_region(reading, found["region"], place, rule.region, names)
        made.append(rule)
    no_twice(reading, node, [item.id for item in made], _("quy tắc đặc biệt"))
    return tuple(made)


def _criteria(reading: Reading, node: Node | None, names: Names) -> tuple[Criterion, ...]:
    made: list[Criterion] = []
    lines: dict[str, int] = {}
    for item in reading.items(node, "", "criteria"):
        number_node = item.entries.get("number")
        place = _("tiêu chí {number}").format(number=number_node.text[:20] if number_node else "?")
        found = reading.mapping(item, place, ("number", "name"), CRITERION_OPTIONAL)
        number = reading.name(found.get("number"), place, _("số tiêu chí"), CODE)
        if number and number in lines and number_node is not None:
            message = _("Số tiêu chí «{number}» đã có ở dòng {line}; mỗi số chỉ dùng một lần.")
            text = message.format(number=number, line=lines[number])
            reading.report(number_node, place, ProblemCode.DUPLICATE_CRITERION, text)
        lines.setdefault(number, item.line)
        criterion = Criterion(
            number=number,
            name=reading.text(found.get("name"), place, _("tên tiêu chí"), required=True),
            indicators=tuple(
                read_indicator(reading, row, names)
                for row in reading.items(found.get("indicators"), place, "indicators")
            ),
            group=reading.text(found.get("group"), place, _("nhóm tiêu chí")),
            note=reading.text(found.get("note"), place, _("ghi chú")),
            line=item.line,
        )
        made.append(criterion)
    return tuple(made)
