"""``ntm package``, ``ntm office``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.errors import NotFound
from ntm_desktop.i18n import _
from ntm_desktop.operations import overview, packages, receiving, wordings
from ntm_desktop.operations.workspace import exists, open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree


def add_commands(tree: Tree) -> None:
    """Add them."""
    parcels = tree.group("package", _("gói đồng bộ"))
    export = parcels.add("export", _("xuất gói"), _export)
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument("--full", action="store_true", help=_("gửi toàn bộ, không chỉ phần mới"))
    parcels.add("inspect", _("xem gói mà không nhận"), _inspect).add_argument("file", type=Path, metavar="FILE")
    take = parcels.add("import", _("nhận gói từ tệp hoặc thư mục"), _import)
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parcels.add("list", _("các gói đã gửi và đã nhận"), _packages)
    tree.group("office", _("cơ quan tiếp nhận")).add("list", _("các xã đã nộp"), _office)


def _export(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        made = packages.export(workspace, arguments.out, arguments.full, terminal.progress)
    data = {
        "package_id": made.package_id,
        "unit": made.unit.code,
        "unit_name": made.unit.full_name,
        "changes": made.changes_count,
        "blobs": made.blobs,
        "applied": 0,
        "already_had": 0,
        "path": str(made.path),
        "size": made.size,
        "full": made.full,
        "encrypted": False,
    }
    lines = (
        str(made.path),
        _("{changes} thay đổi, {blobs} tệp, {size}.").format(
            changes=made.changes_count, blobs=made.blobs, size=wording.size_text(made.size)
        ),
        _("Gói chưa được mã hoá: ai nhặt được USB đều đọc được nội dung."),
    )
    return Answer(data, lines)


def _inspect(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    workspace = open_workspace(folder) if exists(folder) else None
    try:
        seen = receiving.inspect(workspace, arguments.file, terminal.progress)
    finally:
        if workspace is not None:
            workspace.close()
    data = {
        "package_id": seen.package_id,
        "unit": seen.unit.code,
        "unit_name": seen.unit.full_name,
        "sender": seen.sender,
        "created_at": seen.created_at.isoformat(),
        "changes": seen.changes,
        "blobs": seen.blobs,
        "applied": 0,
        "already_had": seen.changes - seen.new_changes,
        "new_changes": seen.new_changes,
        "new_blobs": seen.new_blobs,
        "size": seen.size,
        "warnings": list(seen.warnings),
        "lines": [{"code": line.code, "what": line.what, "old": line.old, "new": line.new} for line in seen.lines],
    }
    lines = (
        _("Gói {id} của {unit}, lập lúc {at}").format(
            id=seen.package_id[:8], unit=seen.unit.place, at=wording.time_text(seen.created_at)
        ),
        _("{changes} thay đổi ({new} mới), {blobs} tệp ({new_blobs} mới), {size}").format(
            changes=seen.changes,
            new=seen.new_changes,
            blobs=seen.blobs,
            new_blobs=seen.new_blobs,
            size=wording.size_text(seen.size),
        ),
        *seen.warnings,
        *table((line.code, line.what, line.old, "→", line.new) for line in seen.lines),
    )
    return Answer(data, lines)


def _outcome_data(outcome: receiving.Outcome) -> dict[str, Any]:
    return {
        "file": str(outcome.path),
        "package_id": outcome.package_id,
        "unit": outcome.unit.code if outcome.unit else "",
        "unit_name": outcome.unit.full_name if outcome.unit else "",
        "changes": outcome.applied + outcome.already_had,
        "blobs": outcome.blobs,
        "applied": outcome.applied,
        "already_had": outcome.already_had,
        "missing": list(outcome.missing),
        "error": str(outcome.error) if outcome.error else None,
    }


def _outcome_line(outcome: receiving.Outcome) -> str:
    unit = outcome.unit.full_name if outcome.unit else ""
    if not outcome.applied and not outcome.blobs:
        return _("{name}: {unit} – đã nhận từ trước, không có gì mới.").format(name=outcome.path.name, unit=unit)
    return _("{name}: {unit} – đã nhận {applied} thay đổi, {blobs} tệp.").format(
        name=outcome.path.name, unit=unit, applied=outcome.applied, blobs=outcome.blobs
    )


def _import(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        received = receiving.import_files(workspace, arguments.files, terminal.progress)
    outcomes = received.outcomes
    if not outcomes:
        raise NotFound(_("Không thấy gói (.ntmpkg) nào ở nơi đã chọn."), _("Chưa có gì thay đổi."))
    for outcome in outcomes:
        if outcome.error is not None:
            terminal.tell(str(outcome.error))
        for name in outcome.missing:
            terminal.tell(_("Còn thiếu tệp minh chứng {name}: hãy đề nghị xã gửi toàn bộ.").format(name=name))
    if received.left:
        sentence = _("Đã dừng theo yêu cầu: {done} gói đã nhận xong, {left} gói chưa nhận.")
        done = sum(outcome.error is None for outcome in outcomes)
        terminal.tell(sentence.format(done=done, left=len(received.left)))
    data = [_outcome_data(outcome) for outcome in outcomes]
    single = len(arguments.files) == 1 and not arguments.files[0].is_dir()
    lines = tuple(_outcome_line(outcome) for outcome in outcomes if outcome.error is None)
    failed = bool(received.left) or any(outcome.error for outcome in outcomes)
    return Answer(data[0] if single else data, lines, failed=failed)


def _packages(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        rows = overview.package_rows(workspace)
    return Answer(list(rows), table((row["at"][:16], row["direction"], row["unit_name"], row["path"]) for row in rows))


def _office(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        rows = overview.office_rows(workspace)
    data = [
        {
            "unit": row.unit.code,
            "name": row.unit.full_name,
            "province": row.unit.province_name,
            "assessment": row.assessment_id,
            "catalogue": row.catalogue_title,
            "year": row.year,
            "met": row.criteria.met,
            "total": row.criteria.total,
            "indicators_met": row.indicators.met,
            "indicators_total": row.indicators.total,
            "not_assessed": row.criteria.not_assessed,
            "unmet_criteria": list(row.unmet_criteria),
            "missing_evidence": row.missing_evidence,
            "last_package_at": row.last_package_at.isoformat() if row.last_package_at else None,
        }
        for row in rows
    ]
    return Answer(data, wordings.office_lines(rows))
