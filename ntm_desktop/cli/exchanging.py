"""``ntm package``: sending packages, their slips, and what was sent and received."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli import receiving
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.cli.passphrases import passphrase_in
from ntm_desktop.exchange.cards import read_card
from ntm_desktop.i18n import _
from ntm_desktop.operations import overview, packages
from ntm_desktop.operations.packages import Exported, Sealing
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

_SIZE = re.compile(r"(?P<number>[0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*(?P<unit>[KMG]?)(?:i?B)?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def add_commands(tree: Tree) -> None:
    """Add them."""
    parcels = tree.group("package", _("gói đồng bộ"))
    export = parcels.add("export", _("xuất gói"), _export)
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    closing = export.add_mutually_exclusive_group()
    closing.add_argument("--to", type=Path, metavar="CARD", help=_("thẻ (.ntmcard) của máy nhận"))
    closing.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=_("khoá bằng mật khẩu ở dòng đầu của tệp")
    )
    closing.add_argument("--plain", action="store_true", help=_("không mã hoá: ai nhặt được USB đều đọc được"))
    export.add_argument("--full", action="store_true", help=_("gửi toàn bộ, không chỉ phần mới"))
    export.add_argument("--unit", default="", metavar="CODE", help=_("cơ quan tiếp nhận: gửi về xã nào"))
    export.add_argument("--part-size", type=size_of, metavar="S", help=_("cỡ lớn nhất của một tệp, ví dụ 700M, 3.9G"))
    recovery = export.add_mutually_exclusive_group()
    recovery.add_argument("--recovery", action="store_true", default=None, help=_("kèm dữ liệu tự sửa lỗi"))
    recovery.add_argument("--no-recovery", action="store_false", dest="recovery", help=_("không kèm"))
    returns = parcels.add("receipts", _("cơ quan tiếp nhận: xuất gói trả lời cho các xã đã nộp"), _receipts)
    returns.add_argument("--out", type=Path, required=True, metavar="DIR")
    returns.add_argument("--unit", action="append", default=[], metavar="CODE")
    slip = parcels.add("slip", _("in phiếu giao nhận của một gói"), _slip)
    slip.add_argument("file", type=Path, metavar="FILE")
    slip.add_argument("--out", type=Path, required=True, metavar="DIR")
    receiving.add_to(parcels, tree)
    parcels.add("list", _("các gói đã gửi và đã nhận"), _packages)


def size_of(text: str) -> int:
    """A size as people write it (``700M``, ``3,9 GB``) in bytes.

    Raises:
        ValueError: it is none.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    size = int(float(match["number"].replace(",", ".")) * _UNITS[match["unit"].upper()])
    if size == 0:  # would mean: not in parts at all
        raise ValueError(text)
    return size


def _sealing(arguments: argparse.Namespace) -> Sealing | None:
    if arguments.plain:
        return Sealing(packages.PLAIN)
    if arguments.passphrase_file is not None:
        return Sealing(packages.PASSPHRASE, passphrase_in(arguments.passphrase_file))
    return None


def _export(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        made = packages.export(
            workspace,
            arguments.out,
            arguments.full,
            terminal.progress,
            sealing=_sealing(arguments),
            unit=arguments.unit,
            to=read_card(arguments.to) if arguments.to is not None else None,
            part_size=arguments.part_size,
            recovery=arguments.recovery,
        )
    return Answer(exported_data(made), exported_lines(made))


def exported_data(made: Exported) -> dict[str, Any]:
    """A written package as scripts read it."""
    return {
        "package_id": made.package_id,
        "export_id": made.export_id,
        "unit": made.unit.code,
        "unit_name": made.unit.full_name,
        "changes": made.changes_count,
        "blobs": made.blobs,
        "applied": 0,
        "already_had": 0,
        "path": str(made.path),
        "paths": [str(path) for path in made.paths],
        "parts": made.parts,
        "size": made.size,
        "full": made.full,
        "encrypted": made.encrypted,
        "passphrase": made.by_passphrase,
        "recipients": list(made.recipients),
        "unconfirmed": list(made.unconfirmed),
    }


def exported_lines(made: Exported) -> tuple[str, ...]:
    """A written package for people: the files first."""
    lines = [
        *(str(path) for path in made.paths),
        _("{changes} thay đổi, {blobs} tệp, {size}.").format(
            changes=made.changes_count, blobs=made.blobs, size=wording.size_text(made.size)
        ),
    ]
    if not made.encrypted:
        lines.append(_("Gói chưa được mã hoá: ai nhặt được USB đều đọc được nội dung."))
    if made.by_passphrase:
        lines.append(_("Đã mã hoá bằng mật khẩu. Hãy báo mật khẩu riêng cho nơi nhận, đừng để trên USB."))
    if made.recipients:
        names = "; ".join(made.recipients)
        without = (
            _("Không cần mật khẩu trên: {names}.") if made.by_passphrase else _("Đã mã hoá, chỉ mở được trên: {names}.")
        )
        lines.append(without.format(names=names))
    if made.unconfirmed and made.encrypted:
        told = _("Chưa so mã đối chiếu với: {names}. Hãy gọi điện so mã rồi xác nhận: ntm devices confirm.")
        lines.append(told.format(names="; ".join(made.unconfirmed)))
    if made.parts > 1:
        lines.append(_("Gồm {count} phần; nhận theo thứ tự nào cũng được.").format(count=made.parts))
    return tuple(lines)


def _receipts(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        made = packages.export_receipts(workspace, arguments.out, arguments.unit, terminal.progress)
    told = _("{file}: {unit}, {changes} thay đổi kèm biên nhận.")
    lines = (told.format(file=item.path, unit=item.unit.place, changes=item.changes_count) for item in made)
    return Answer([exported_data(item) for item in made], tuple(lines))


def _slip(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    from ntm_desktop.operations import handover

    with open_workspace(folder) as workspace:
        path = handover.slip(workspace, arguments.file, arguments.out)
    return Answer({"path": str(path)}, (str(path),))


def _packages(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        rows = overview.package_rows(workspace)
    way = {"sent": _("đã gửi"), "received": _("đã nhận")}
    when = [wording.time_text(datetime.fromisoformat(row["at"])) for row in rows]
    told = table((at, way[row["direction"]], row["unit_name"], row["path"]) for at, row in zip(when, rows, strict=True))
    return Answer(list(rows), told)
