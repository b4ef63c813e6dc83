"""``ntm units``, ``ntm catalogue``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.catalogue import Catalogue, Indicator
from ntm_desktop.operations import catalogues, places
from ntm_desktop.operations.workspace import Workspace, exists, open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree


def add_commands(tree: Tree) -> None:
    """Add them."""
    units = tree.group("units", _("đơn vị hành chính"))
    search = units.add("search", _("tìm đơn vị theo tên hoặc mã, không cần dấu"), _search)
    search.add_argument("text", nargs="+")
    search.add_argument("--limit", type=int, default=20)
    sets = tree.group("catalogue", _("bộ tiêu chí"))
    sets.add("list", _("các bộ tiêu chí đang có"), _list)
    sets.add("show", _("xem một bộ tiêu chí"), _show).add_argument("id")
    sets.add("check", _("kiểm tra tệp bộ tiêu chí"), _check).add_argument("file", type=Path)
    template = sets.add("template", _("ghi mẫu Excel để nhập bộ tiêu chí"), _template)
    template.add_argument("--out", type=Path, required=True)
    template.add_argument("--base", default="", help=_("điền sẵn từ bộ tiêu chí này"))
    sets.add("import", _("cài bộ tiêu chí từ tệp .xlsx hoặc .yaml"), _import).add_argument("file", type=Path)


def _search(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    found = places.search(" ".join(arguments.text), arguments.limit)
    data = [
        {
            "code": unit.code,
            "name": unit.full_name,
            "level": unit.level.value,
            "province": unit.province_name,
            "province_code": unit.province_code,
            "kind": unit.kind,
        }
        for unit in found
    ]
    return Answer(data, table((unit.code, unit.full_name, unit.province_name) for unit in found))


def _maybe_open(folder: Path) -> Workspace | None:
    return open_workspace(folder) if exists(folder) else None


def _list(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    workspace = _maybe_open(folder)
    try:
        infos = catalogues.infos(workspace)
    finally:
        if workspace is not None:
            workspace.close()
    data = [{name: getattr(info, name) for name in info.__slots__} for info in infos]
    rows = (
        (
            f"{info.id}@{info.version}",
            _("{criteria} tiêu chí").format(criteria=info.criteria),
            _("{indicators} chỉ tiêu").format(indicators=info.indicators),
            info.title if info.complete else _("{title} (chưa đủ chỉ tiêu)").format(title=info.title),
        )
        for info in infos
    )
    return Answer(data, table(rows))


def _show(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    workspace = _maybe_open(folder)
    try:
        catalogue = catalogues.get(workspace, arguments.id)
    finally:
        if workspace is not None:
            workspace.close()
    return Answer(catalogue_data(catalogue), tuple(_catalogue_lines(catalogue)))


def catalogue_data(catalogue: Catalogue) -> dict[str, Any]:
    """A set as scripts read it."""
    return {
        "id": catalogue.id,
        "version": catalogue.version,
        "name": catalogue.name,
        "title": catalogue.title,
        "level": catalogue.level.value,
        "period": catalogue.period,
        "decision": catalogue.basis.number,
        "issued": catalogue.basis.issued,
        "complete": catalogue.indicators_complete,
        "indicator_total": catalogue.indicator_total,
        "regions": [{"id": region.id, "name": region.name} for region in catalogue.regions],
        "groups": [{"id": group.id, "name": group.name} for group in catalogue.groups],
        "special_rules": [
            {"id": rule.id, "text": rule.text, "region": rule.region} for rule in catalogue.special_rules
        ],
        "criteria": [
            {
                "number": criterion.number,
                "name": criterion.name,
                "indicators": [indicator_data(indicator) for indicator in criterion.indicators],
            }
            for criterion in catalogue.criteria
        ],
    }


def indicator_data(indicator: Indicator) -> dict[str, Any]:
    """An indicator as scripts read it; thresholds are canonical decimals, null where nobody has seen them."""
    requirement = indicator.requirement

    def level(threshold: Any) -> str | None:
        return None if threshold is None else numbers.canonical(threshold)

    return {
        "code": indicator.code,
        "name": indicator.name,
        "official_code": indicator.official_code,
        "kind": indicator.measure.kind.value,
        "unit": indicator.measure.unit,
        "choices": [{"id": choice.id, "name": choice.name} for choice in indicator.measure.choices],
        "parts": [{"id": part.id, "name": part.name} for part in indicator.measure.parts],
        "operator": requirement.operator.value if requirement.operator else None,
        "threshold": level(requirement.threshold),
        "by_region": {region: level(threshold) for region, threshold in requirement.by_region.items()},
        "by_group": {group: level(threshold) for group, threshold in requirement.by_group.items()},
        "by_year": {
            str(year): {region: level(threshold) for region, threshold in levels.items()}
            for year, levels in requirement.by_year.items()
        },
        "source": indicator.provenance.source.value,
        "threshold_source": indicator.provenance.threshold_source.value,
        "note": indicator.provenance.note,
        "unverified_hint": indicator.provenance.hint,
    }


def _catalogue_lines(catalogue: Catalogue) -> Any:
    yield f"{catalogue.ref}: {catalogue.name} ({wording.basis_text(catalogue.basis)})"
    if not catalogue.indicators_complete:
        yield _("Bộ tiêu chí này chưa đủ chỉ tiêu: phần mềm không kết luận đạt hay chưa đạt.")
    for criterion in catalogue.criteria:
        yield f"{criterion.number}. {criterion.name}"
        for indicator in criterion.indicators:
            requirement = indicator.requirement
            level = "?"
            if requirement.operator is not None and requirement.threshold is not None:
                level = wording.requirement_text(requirement.operator, requirement.threshold, indicator.measure)
            yield f"   {indicator.code:6} {level:12} {indicator.name}"


def _check(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    problems = catalogues.check(arguments.file)
    for problem in problems:
        terminal.tell(problem)
    lines = () if problems else (_("Tệp {name} hợp lệ.").format(name=arguments.file.name),)
    data = {"file": str(arguments.file), "ok": not problems, "problems": list(problems)}
    return Answer(data, lines, failed=bool(problems))


def _template(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    workspace = _maybe_open(folder) if arguments.base else None
    try:
        path = catalogues.template(arguments.out, arguments.base, workspace)
    finally:
        if workspace is not None:
            workspace.close()
    return Answer({"path": str(path)}, (str(path),))


def _import(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        installed = catalogues.install(workspace, arguments.file)
    catalogue = installed.catalogue
    data = {
        "id": catalogue.id,
        "version": catalogue.version,
        "name": catalogue.name,
        "complete": catalogue.indicators_complete,
        "criteria": len(catalogue.criteria),
        "indicators": len(catalogue.by_code),
        "warnings": list(installed.warnings),
    }
    sentence = _("Đã cài {ref}: {criteria} tiêu chí, {indicators} chỉ tiêu.")
    line = sentence.format(ref=catalogue.ref, criteria=data["criteria"], indicators=data["indicators"])
    return Answer(data, (line, *installed.warnings))
