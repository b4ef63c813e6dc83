"""``ntm verify``, ``backup``, ``restore``, ``demo``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_desktop.cli.answers import Answer, Terminal
from ntm_desktop.cli.passphrases import passphrase_in
from ntm_desktop.i18n import _
from ntm_desktop.operations import demo, safety
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree


def add_commands(tree: Tree) -> None:
    """Add them."""
    tree.add("verify", _("kiểm tra dữ liệu: nhật ký, bảng, tệp minh chứng"), _verify)
    backup = tree.add("backup", _("sao lưu cả dữ liệu và minh chứng thành một tệp"), _backup)
    backup.add_argument("--out", type=Path, required=True, metavar="DIR")
    kept = _("kèm khoá của máy này, khoá bằng mật khẩu ở dòng đầu của tệp")
    backup.add_argument("--passphrase-file", type=Path, metavar="FILE", help=kept)
    restore = tree.add("restore", _("khôi phục bản sao lưu vào thư mục trống"), _restore)
    restore.add_argument("file", type=Path)
    back = _("lấy lại cả khoá của máy, bằng mật khẩu ở dòng đầu của tệp")
    restore.add_argument("--passphrase-file", type=Path, metavar="FILE", help=back)
    sample = tree.add("demo", _("tạo dữ liệu mẫu: xã, hồ sơ, gói, cơ quan tiếp nhận"), _demo)
    sample.add_argument("--out", type=Path, default=Path("ntm-demo"), metavar="DIR")


def _verify(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        report = safety.verify(workspace, terminal.progress)
    for problem in report.problems:
        terminal.tell(problem)
    data = {
        "ok": report.ok,
        "problems": list(report.problems),
        "changes": report.changes,
        "rows": report.rows,
        "blobs": report.blobs,
    }
    counts = _("Đã kiểm tra {changes} thay đổi, {rows} dòng, {blobs} tệp.").format(
        changes=report.changes, rows=report.rows, blobs=report.blobs
    )
    verdict = _("Dữ liệu toàn vẹn.") if report.ok else _("Có {count} vấn đề.").format(count=len(report.problems))
    return Answer(data, (counts, verdict), failed=not report.ok)


def _backup(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        made = safety.backup(workspace, arguments.out, terminal.progress, _passphrase(arguments))
    for name in made.left:
        terminal.tell(
            _("Tệp minh chứng {name} thiếu hoặc hỏng trên máy này nên không có trong bản sao lưu.").format(name=name)
        )
    with_keys = arguments.passphrase_file is not None
    data = {"path": str(made.path), "size": made.path.stat().st_size, "left": list(made.left), "keys": with_keys}
    keys = _("Kèm khoá của máy này, mở bằng mật khẩu.") if with_keys else _("Không kèm khoá của máy này.")
    return Answer(data, (str(made.path), _("Đã sao lưu và kiểm tra lại."), keys))


def _passphrase(arguments: argparse.Namespace) -> str | None:
    return passphrase_in(arguments.passphrase_file) if arguments.passphrase_file is not None else None


def _restore(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with safety.restore(arguments.file, folder, terminal.progress, _passphrase(arguments)) as workspace:
        info = workspace.info()
    data = {
        "workspace": str(folder),
        "unit": {"code": info.unit.code, "name": info.name},
        "role": info.role.value,
        "device": info.device,
        "keys": arguments.passphrase_file is not None,
    }
    lines = [_("Đã khôi phục dữ liệu của {unit} vào {folder}.").format(unit=info.name, folder=folder)]
    if arguments.passphrase_file is None:
        lines.append(
            _(
                "Máy này có khoá mới: hãy đưa thẻ mới cho nơi nhận (ntm card export). "
                "Nếu máy cũ đã mất, hãy thu hồi khoá cũ: ntm devices revoke."
            )
        )
    return Answer(data, tuple(lines))


def _demo(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    report = demo.make(arguments.out, terminal.progress)
    data = {
        "workspace": str(report.workspace),
        "office": str(report.office),
        "dossier": [str(path) for path in report.dossier],
        "package": str(report.package),
        "receipt": str(report.receipt),
        "summary": list(report.lines),
    }
    lines = (
        _("Dữ liệu mẫu của xã: {path}").format(path=report.workspace),
        *(_("Hồ sơ: {path}").format(path=path) for path in report.dossier),
        _("Gói đồng bộ: {path}").format(path=report.package),
        _("Biên nhận gửi lại xã: {path}").format(path=report.receipt),
        _("Dữ liệu mẫu của cơ quan tiếp nhận: {path}").format(path=report.office),
        _("Cơ quan tiếp nhận thấy:"),
        *report.lines,
    )
    return Answer(data, lines)
