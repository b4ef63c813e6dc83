"""``ntm init``, ``assessment``, ``profile``, ``requirement``, ``result``, ``status``, ``history``, ``undo``."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator, Verdict
from ntm_desktop.operations import history, overview, rejudging, results, results_import, setup, wordings
from ntm_desktop.operations.workspace import Role, Workspace, exists, open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

VERDICTS = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.NOT_ASSESSED)
_DATE_AT_END = re.compile(
    r"^(?P<number>.*?)[,;]?\s*(?:ngày\s+)?(?P<date>\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d\d-\d\d)\s*$"
)


def add_commands(tree: Tree) -> None:
    """Add them."""
    init = tree.add("init", _("tạo dữ liệu mới"), _init)
    init.add_argument("--unit", required=True, metavar="CODE")
    init.add_argument("--role", required=True, choices=[role.value for role in Role])
    _assessment_options(init, required=False)
    init.add_argument("--name", default="", help=_("tên đơn vị như trong văn bản"))
    assessments = tree.group("assessment", _("đợt đánh giá"))
    assessments.add("list", _("các đợt đánh giá"), _assessments)
    _assessment_options(assessments.add("add", _("thêm đợt đánh giá"), _add_assessment), required=True)
    assessments.add("use", _("chọn đợt đánh giá đang làm"), _use_assessment).add_argument("id")
    again = assessments.add("rejudge", _("đánh giá lại theo phiên bản khác của bộ tiêu chí"), _rejudge)
    again.add_argument("catalogue", metavar="ID@VERSION")
    again.add_argument("--apply", action="store_true", help=_("thực hiện; không có thì chỉ liệt kê thay đổi"))
    profile = tree.group("profile", _("thông tin đơn vị trong văn bản"))
    profile.add("show", _("xem"), _show_profile)
    change = profile.add("set", _("sửa"), _set_profile)
    for name in setup.PROFILE_FIELDS:
        change.add_argument(f"--{name.replace('_', '-')}", dest=name)
    levels = tree.group("requirement", _("mức đạt chuẩn của địa phương"))
    level = levels.add("set", _("nhập mức của địa phương kèm căn cứ"), _set_level)
    level.add_argument("code")
    level.add_argument("--op", required=True, help=_(">=, <=, >, <, ==, dat, khong"))
    level.add_argument("--value", default="", metavar="V")
    level.add_argument("--basis", required=True, metavar="TEXT", help=_("số văn bản, có thể kèm ngày"))
    level.add_argument("--date", default="")
    levels.add("clear", _("bỏ mức của địa phương"), _clear_level).add_argument("code")
    _result_commands(tree)
    status = tree.add("status", _("đang đứng ở đâu"), _status)
    status.add_argument("--assessment", default="", metavar="ID")
    past = tree.add("history", _("ai sửa gì, lúc nào"), _history)
    past.add_argument("code", nargs="?", default="")
    past.add_argument("--limit", type=int, default=200)
    tree.add("undo", _("hoàn tác việc vừa làm"), _undo)
    tree.add("redo", _("làm lại việc vừa hoàn tác"), _redo)


def _assessment_options(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument("--catalogue", default="", metavar="ID", required=required)
    parser.add_argument("--year", type=int, metavar="Y", required=required)
    parser.add_argument("--region", default="", metavar="ID")
    parser.add_argument("--group", default="", metavar="N")
    parser.add_argument("--special-rule", default="", metavar="ID")


def _result_commands(tree: Tree) -> None:
    rows = tree.group("result", _("kết quả của chỉ tiêu"))
    change = rows.add("set", _("nhập kết quả"), _set_result)
    change.add_argument("code")
    change.add_argument("--value", metavar="V")
    change.add_argument("--verdict", choices=[*VERDICTS, "computed"], help=_("computed: bỏ đánh giá bằng tay"))
    change.add_argument("--reason", default="", metavar="TEXT")
    change.add_argument("--explanation", metavar="TEXT")
    change.add_argument("--source", metavar="TEXT")
    change.add_argument("--responsible", metavar="TEXT")
    change.add_argument("--year", type=int, metavar="Y", help=_("năm của số liệu"))
    change.add_argument("--conditions", choices=("met", "not_met"), help=_("điều kiện kèm theo"))
    change.add_argument("--clear", action="store_true", help=_("xoá kết quả đã nhập"))
    rows.add("show", _("xem một chỉ tiêu"), _show_result).add_argument("code")
    rows.add("import", _("nhập kết quả từ tệp .xlsx hoặc .csv"), _import_results).add_argument("file", type=Path)
    carry = rows.add("carry", _("lấy kết quả năm trước đã đạt"), _carry)
    carry.add_argument("codes", nargs="*")


# --- setting up


def _init(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    workspace = _begun(arguments, folder) or setup.create(
        folder,
        unit_code=arguments.unit,
        role=arguments.role,
        catalogue_id=arguments.catalogue,
        year=arguments.year,
        region=arguments.region,
        group=arguments.group,
        special_rule=arguments.special_rule,
        name=arguments.name,
    )
    with workspace:
        info = workspace.info()
    data = {
        "workspace": str(folder),
        "unit": {"code": info.unit.code, "name": info.name},
        "role": info.role.value,
        "assessment": info.current,
    }
    return Answer(data, (_("Đã tạo dữ liệu của {unit} trong {folder}.").format(unit=info.name, folder=folder),))


def _begun(arguments: argparse.Namespace, folder: Path) -> Workspace | None:
    """The commune's workspace that waits for its first assessment: a set that was typed in is installed before that."""
    if not arguments.catalogue or not exists(folder):
        return None
    workspace = open_workspace(folder)
    try:
        info = workspace.info()
        if info.assessments or (info.unit.code, info.role.value) != (arguments.unit, arguments.role):
            workspace.close()
            return None
        year = arguments.year or date.today().year
        choices = (arguments.region, arguments.group, arguments.special_rule)
        setup.add_assessment(workspace, arguments.catalogue, year, *choices)
        if arguments.name:
            setup.save_profile(workspace, {"name": arguments.name})
    except BaseException:
        workspace.close()
        raise
    return workspace


def _assessments(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        info = workspace.info()
    data = [{**asdict(item), "current": item.assessment_id == info.current} for item in info.assessments]
    rows = (("*" if item["current"] else " ", item["assessment_id"], item["year"]) for item in data)
    return Answer(data, table(rows))


def _add_assessment(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        setup.add_assessment(
            workspace,
            arguments.catalogue,
            arguments.year,
            arguments.region,
            arguments.group,
            arguments.special_rule,
        )
        current = workspace.info().current
    return Answer({"assessment": current}, (_("Đã thêm đợt đánh giá {id}.").format(id=current),))


def _use_assessment(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        setup.use_assessment(workspace, arguments.id)
    return Answer({"assessment": arguments.id}, (_("Đang làm đợt đánh giá {id}.").format(id=arguments.id),))


def _rejudge(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        plan = rejudging.plan(workspace, _current(workspace), arguments.catalogue)
        if arguments.apply:
            rejudging.apply(workspace, _current(workspace), arguments.catalogue)
    data = {**asdict(plan), "applied": arguments.apply}
    names = [[wording.verdict_name(v) if v else "–" for v in (item.before, item.after)] for item in plan.turned]
    rows = ((item.code, old, "→", new, item.name) for item, (old, new) in zip(plan.turned, names, strict=True))
    done = _("Đã chuyển sang {ref}.") if arguments.apply else _("Chưa thay đổi gì; thêm --apply để chuyển sang {ref}.")
    return Answer(data, (*table(rows), done.format(ref=plan.new_ref)))


def _show_profile(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        data = asdict(setup.profile(workspace))
    return Answer(data, table(data.items()))


def _set_profile(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    given = {name: getattr(arguments, name) for name in setup.PROFILE_FIELDS}
    with open_workspace(folder) as workspace:
        setup.save_profile(workspace, {name: value for name, value in given.items() if value is not None})
        data = asdict(setup.profile(workspace))
    return Answer(data, table(data.items()))


# --- levels and results


def _set_level(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    number, issued = arguments.basis, arguments.date
    match = _DATE_AT_END.match(number)
    if match and not issued and match["number"].strip():
        number, issued = match["number"].strip(), match["date"]
    with open_workspace(folder) as workspace:
        current = _current(workspace)
        saved = results.set_level(workspace, current, arguments.code, arguments.op, arguments.value, number, issued)
        return _indicator_answer(workspace, saved.item)


def _clear_level(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        saved = results.clear_level(workspace, _current(workspace), arguments.code)
        return _indicator_answer(workspace, saved.item)


def _current(workspace: Workspace) -> str:
    return workspace.info().current


def _set_result(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        assessment_id = _current(workspace)
        fields = _fields(workspace, assessment_id, arguments)
        saved = results.save(workspace, assessment_id, arguments.code, fields)
        return _indicator_answer(workspace, saved.item)


def _fields(workspace: Workspace, assessment_id: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """The fields that the options set."""
    fields: dict[str, Any] = {}
    if arguments.clear:
        fields |= {"stored": None, "judgement": None}
    if arguments.value is not None:
        with workspace.store.read() as work:
            assessment = workspace.own_assessment(work, assessment_id)
            catalogue = workspace.catalogue_of(assessment)
            indicator = results.indicator_of(catalogue, arguments.code)
            fields["stored"] = results_import.stored_value(
                work, catalogue, assessment.assessment_id, indicator, arguments.value
            )
    if arguments.conditions is not None:
        if "stored" not in fields:
            shown = overview.assessed(workspace, assessment_id)
            result = shown.by_code[results.indicator_of(shown.catalogue, arguments.code).code].result
            fields["stored"] = dict(result.value) if result.value is not None else None
        fields["stored"] = {**(fields["stored"] or {}), "conditions": arguments.conditions == "met"}
    if arguments.verdict == "computed":
        fields["judgement"] = None
    elif arguments.verdict is not None:
        fields["judgement"] = (Verdict(arguments.verdict), arguments.reason)
    elif arguments.reason:
        raise InvalidInput(
            _("Có lý do nhưng thiếu đánh giá."),
            _("Chưa có gì thay đổi. Hãy thêm --verdict met, not_met hoặc not_applicable."),
        )
    named = {"explanation": "explanation", "source": "data_source", "responsible": "responsible", "year": "figure_year"}
    fields |= {
        field: getattr(arguments, option) for option, field in named.items() if getattr(arguments, option) is not None
    }
    if not fields:
        raise InvalidInput(_("Chưa ghi giá trị nào để lưu."), _("Hãy thêm --value, --verdict hoặc mục khác."))
    return fields


def indicator_answer_data(item: AssessedIndicator, year: int) -> dict[str, Any]:
    """One indicator as it stands, for scripts."""
    result = item.result
    return {
        "code": item.code,
        "name": item.indicator.name,
        "kind": item.indicator.measure.kind.value,
        "value": result.value,
        "value_text": wording.value_text(item.indicator.measure, result.value, item.level),
        "verdict": item.verdict.value,
        "computed": item.computed.value,
        "by_hand": item.by_hand,
        "reason": result.judgement.reason if result.judgement else "",
        "why": item.why.value,
        "level": wording.level_text(item.level, item.indicator.measure),
        "level_known": item.level.known,
        "level_basis": wording.basis_text(item.level.basis),
        "explanation": result.explanation,
        "source": result.data_source,
        "responsible": result.responsible,
        "year": result.figure_year or year,
        "carried_from": result.carried_from,
        "evidence": [proof.evidence_id for proof in item.evidence],
        "note": wording.verdict_note(item, year),
    }


def _indicator_answer(workspace: Workspace, item: AssessedIndicator) -> Answer:
    year = overview.assessed(workspace).assessment.year
    data = indicator_answer_data(item, year)
    note = f" ({data['note']})" if data["note"] else ""
    lines = (
        f"{item.code} {item.indicator.name}",
        _("Mức đạt chuẩn: {level}").format(level=data["level"]),
        _("Kết quả: {value}").format(value=data["value_text"] or "–"),
        f"{wording.verdict_with_symbol(item.verdict)}{note}. {wording.why_sentence(item.why)}",
    )
    return Answer(data, lines)


def _show_result(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        shown = overview.assessed(workspace)
        code = results.indicator_of(shown.catalogue, arguments.code).code
        return _indicator_answer(workspace, shown.by_code[code])


def _import_results(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        imported = results_import.import_file(workspace, _current(workspace), arguments.file)
    return Answer({"rows": imported.rows}, (_("Đã nhập {count} dòng.").format(count=imported.rows),))


def _carry(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        carried = results.carry(workspace, _current(workspace), arguments.codes or None)
    data = {"codes": list(carried.codes), "left": [{"code": code, "reason": why} for code, why in carried.left]}
    lines = (
        _("Đã lấy kết quả năm trước của {count} chỉ tiêu.").format(count=len(carried.codes)),
        *(f"{code}: {why}" for code, why in carried.left),
    )
    return Answer(data, lines)


# --- reading


def _status(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        data = overview.status(workspace, arguments.assessment)
    return Answer(data, wordings.status_lines(data))


def _history(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        entries = history.entries(workspace, code=arguments.code, limit=arguments.limit)
    data = [
        {
            "at": entry.at.isoformat(),
            "user": entry.user,
            "device": entry.device,
            "code": entry.code,
            "field": entry.field_name,
            "what": entry.what,
            "old": entry.old_text,
            "new": entry.new_text,
        }
        for entry in entries
    ]
    rows = (
        (wording.time_text(entry.at), entry.user, entry.what, entry.old_text, "→", entry.new_text) for entry in entries
    )
    return Answer(data, table(rows))


def _undo(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        name = history.undo(workspace).name
    return Answer({"undone": name}, (_("Đã hoàn tác: {name}.").format(name=name),))


def _redo(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        name = history.redo(workspace).name
    return Answer({"redone": name}, (_("Đã làm lại: {name}.").format(name=name),))
