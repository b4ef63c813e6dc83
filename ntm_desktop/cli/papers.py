"""``ntm evidence``, ``ntm dossier``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.model import readiness
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.issues import Severity
from ntm_desktop.model.readiness import Finding
from ntm_desktop.operations import dossier, evidence, one_file, overview
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree


WHOLE = "ho-so-va-minh-chung.pdf"


def add_commands(tree: Tree) -> None:
    """Add them."""
    proofs = tree.group("evidence", _("minh chứng"))
    add = proofs.add("add", _("thêm tệp minh chứng"), _add)
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add.add_argument("--indicator", action="append", default=[], metavar="CODE", required=True)
    for name in ("number", "date", "issuer", "summary", "sheets"):
        add.add_argument(f"--{name}")
    listing = proofs.add("list", _("các minh chứng"), _list)
    listing.add_argument("--indicator", default="", metavar="CODE")
    proofs.add("export", _("chép tệp minh chứng ra thư mục"), _export).add_argument("folder", type=Path, metavar="DIR")
    remove = proofs.add("remove", _("gỡ minh chứng (hoàn tác được)"), _remove)
    remove.add_argument("ids", nargs="+", metavar="ID")
    paper = tree.group("dossier", _("in hồ sơ"), _dossier)
    paper.own.add_argument("--out", type=Path, metavar="DIR")
    paper.own.add_argument("--procedure", default="", metavar="ID")
    paper.own.add_argument("--documents", default="", metavar="LIST")
    paper.own.add_argument("--format", default=",".join(dossier.FORMATS), metavar="pdf,docx,xlsx")
    paper.own.add_argument(
        "--with-evidence", action="store_true", help=_("thêm một tệp PDF gồm hồ sơ và mọi minh chứng")
    )
    paper.own.add_argument("--draft", action="store_true", help=_("ghi «DỰ THẢO» trên mọi trang"))
    check = paper.add("check", _("còn thiếu gì trước khi in"), _check)
    check.add_argument("--procedure", default="", metavar="ID")


def evidence_data(item: Evidence) -> dict[str, Any]:
    """A piece of evidence as scripts read it."""
    return {
        "evidence_id": item.evidence_id,
        "file": item.file_name,
        "size": item.blob.size,
        "media_type": item.blob.media_type,
        "sha256": item.blob.sha256,
        "number": item.number,
        "date": item.issued,
        "issuer": item.issuer,
        "summary": item.summary,
        "sheets": item.sheets,
        "indicators": list(item.codes),
        "present": item.blob_present,
    }


def _lines(items: Any) -> tuple[str, ...]:
    return table(
        (
            item.evidence_id[:8],
            ",".join(item.codes) or "–",
            item.number or "–",
            wording.date_text(item.issued) or "–",
            item.title,
        )
        for item in items
    )


def _add(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    names = {"number": "number", "date": "issued", "issuer": "issuer", "summary": "summary", "sheets": "sheets"}
    details = {field: getattr(arguments, option) for option, field in names.items() if getattr(arguments, option)}
    codes = [code for group in arguments.indicator for code in group.split(",") if code.strip()]
    with open_workspace(folder) as workspace:
        added = evidence.add_files(workspace, "", arguments.files, codes, details, terminal.progress, all_or_none=True)
    for warning in added.warnings:
        terminal.tell(warning)
    data = {"added": [evidence_data(item) for item in added.added], "warnings": list(added.warnings)}
    return Answer(data, _lines(added.added))


def _list(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        shown = overview.assessed(workspace)
    items = [item for item in shown.evidence if not arguments.indicator or arguments.indicator in item.codes]
    return Answer([evidence_data(item) for item in items], _lines(items))


def _export(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        written = evidence.export(workspace, "", arguments.folder, terminal.progress)
    files = [str(path) for path in written]
    return Answer(files, tuple(files))


def _remove(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        known = overview.assessed(workspace).evidence
        ids = [
            next((item.evidence_id for item in known if item.evidence_id.startswith(given)), given)
            for given in arguments.ids
        ]
        evidence.remove(workspace, ids)
    return Answer({"removed": ids}, (_("Đã gỡ {count} minh chứng. Lệnh «ntm undo» lấy lại.").format(count=len(ids)),))


def _names(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]


def _dossier(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    if arguments.out is None:
        raise InvalidInput(
            _("Chưa cho biết ghi hồ sơ vào đâu."), _("Hãy thêm --out THƯ_MỤC; xem còn thiếu gì: ntm dossier check.")
        )
    chosen, draft, procedure = _names(arguments.documents) or None, arguments.draft, arguments.procedure
    told: list[str] = []
    with open_workspace(folder) as workspace:
        written = dossier.write(
            workspace,
            "",
            arguments.out,
            _names(arguments.format),
            chosen,
            terminal.progress,
            draft=draft,
            procedure=procedure,
        )
        if arguments.with_evidence:
            path = arguments.out / WHOLE
            whole = one_file.write(workspace, "", path, chosen, draft, terminal.progress, procedure=procedure)
            written = (*written, whole.path)
            told += [_("Tờ thay thế cho «{title}»: {reason}").format(title=one, reason=why) for one, why in whole.slips]
        left = readiness.blocking(dossier.findings(workspace, "", procedure))
    if left and not draft:
        told.append(_("Còn {count} việc khiến hồ sơ có thể bị trả lại; xem: ntm dossier check.").format(count=left))
    files = [str(path) for path in written]
    return Answer(files, (*files, *told))


def _check(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = dossier.findings(workspace, "", arguments.procedure)
    left = readiness.blocking(found)
    data = {"ready": not left, "blocking": left, "findings": [_finding_data(finding) for finding in found]}
    signs = {Severity.BLOCKING: "✖", Severity.WARNING: "!", Severity.NOTE: "–"}
    lines = table((signs[item.severity], item.place or "–", wording.finding_sentence(item)) for item in found)
    closing = (
        _("Còn {count} việc phải làm trước khi trình.").format(count=left)
        if left
        else _("Không còn việc nào khiến hồ sơ bị trả lại.")
    )
    return Answer(data, (*lines, closing), failed=bool(left))


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.issue.code.value if finding.issue else finding.code.value,
        "severity": finding.severity.value,
        "area": finding.area.value,
        "place": finding.place,
        "sentence": wording.finding_sentence(finding),
    }
