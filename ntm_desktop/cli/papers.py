"""``ntm evidence``, ``ntm dossier``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.i18n import _
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.operations import dossier, evidence, overview
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree


def add_commands(tree: Tree) -> None:
    """Add them."""
    proofs = tree.group("evidence", _("minh chứng"))
    add = proofs.add("add", _("thêm tệp minh chứng"), _add)
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add.add_argument("--indicator", action="append", default=[], metavar="CODE", required=True)
    for name in ("number", "date", "issuer", "summary"):
        add.add_argument(f"--{name}")
    listing = proofs.add("list", _("các minh chứng"), _list)
    listing.add_argument("--indicator", default="", metavar="CODE")
    proofs.add("export", _("chép tệp minh chứng ra thư mục"), _export).add_argument("folder", type=Path, metavar="DIR")
    remove = proofs.add("remove", _("gỡ minh chứng (hoàn tác được)"), _remove)
    remove.add_argument("ids", nargs="+", metavar="ID")
    paper = tree.add("dossier", _("in hồ sơ"), _dossier)
    paper.add_argument("--out", type=Path, required=True, metavar="DIR")
    paper.add_argument("--format", default=",".join(dossier.FORMATS), metavar="pdf,xlsx")
    paper.add_argument("--documents", default="", metavar="LIST", help=", ".join(dossier.DOCUMENTS))


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
    names = {"number": "number", "date": "issued", "issuer": "issuer", "summary": "summary"}
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


def _dossier(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    formats = [name.strip() for name in arguments.format.split(",") if name.strip()]
    documents = [name.strip() for name in arguments.documents.split(",") if name.strip()]
    with open_workspace(folder) as workspace:
        written = dossier.write(workspace, "", arguments.out, formats, documents or None, terminal.progress)
    files = [str(path) for path in written]
    return Answer(files, tuple(files))
