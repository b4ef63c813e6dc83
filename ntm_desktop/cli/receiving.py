"""``ntm package inspect|import|undo-import`` (also without ``package``), ``ntm conflicts``, ``ntm exchange``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Parser, Terminal, table
from ntm_desktop.cli.passphrases import passphrase_in
from ntm_desktop.errors import NotFound, PackageDamaged
from ntm_desktop.i18n import N_, _
from ntm_desktop.operations import conflicts, partners, receiving, undoing
from ntm_desktop.operations.receiving import DamagedFile, Outcome, Preview
from ntm_desktop.operations.workspace import exists, open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

_STATES = {
    "new": N_("gặp lần đầu, chưa so mã đối chiếu"),
    "seen": N_("chưa so mã đối chiếu"),
    "confirmed": N_("đã so mã đối chiếu"),
    "own": N_("máy này"),
    "revoked": N_("đã thu hồi"),
}
_KINDS = {"new": N_("mới"), "changed": N_("sửa"), "conflict": N_("KHÁC NHAU"), "returned": N_("trả lời")}


def add_to(parcels: Tree, tree: Tree) -> None:
    """Add them to the group ``package``, and to the top level under the same names."""
    for place in (parcels, tree):
        look = place.add("inspect", _("xem gói mà không nhận"), _inspect)
        look.add_argument("file", type=Path, metavar="FILE")
        _opening(look)
        take = place.add("import", _("nhận gói từ tệp hoặc thư mục"), _import)
        take.add_argument("files", nargs="+", type=Path, metavar="FILE")
        take.add_argument("--dry-run", action="store_true", help=_("chỉ cho biết kết quả, không ghi gì"))
        _opening(take)
        place.add("undo-import", _("hoàn tác lần nhận gói gần nhất"), _undo)
    choices = tree.group("conflicts", _("giá trị mà hai máy nhập khác nhau"), _conflicts)
    choices.add("list", _("liệt kê"), _conflicts)
    choose = choices.add("choose", _("chọn một giá trị"), _choose)
    choose.add_argument("id", metavar="ID")
    choose.add_argument("number", type=int, metavar="N", help=_("giá trị thứ mấy trong danh sách, từ 1"))
    tree.group("exchange", _("trao đổi gói với các máy khác")).add("status", _("từng nơi trao đổi"), _status)


def _opening(parser: Parser) -> None:
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help=_("mật khẩu của gói ở dòng đầu của tệp"))
    parser.add_argument("--salvage", action="store_true", help=_("gói hỏng: lấy những gì còn nguyên vẹn"))


def _passphrase(arguments: argparse.Namespace) -> str | None:
    return passphrase_in(arguments.passphrase_file) if arguments.passphrase_file is not None else None


# --- looking


def _inspect(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    passphrase = _passphrase(arguments)
    workspace = open_workspace(folder) if exists(folder) else None
    try:
        options = {"passphrase": passphrase, "salvage": arguments.salvage}
        seen = receiving.inspect(workspace, arguments.file, terminal.progress, **options)
    finally:
        if workspace is not None:
            workspace.close()
    return Answer(preview_data(seen), preview_lines(seen))


def preview_data(seen: Preview) -> dict[str, Any]:
    """A preview as scripts read it."""
    return {
        "package_id": seen.package_id,
        "unit": seen.unit.code,
        "unit_name": seen.unit.full_name,
        "sender": seen.sender,
        "sender_key": seen.sender_key,
        "sender_state": seen.sender_state,
        "sender_unit": seen.sender_unit.code if seen.sender_unit else "",
        "role": seen.role.value,
        "fingerprint": seen.fingerprint,
        "encrypted": seen.encrypted,
        "part": {"number": seen.part[0], "of": seen.part[1]},
        "created_at": seen.created_at.isoformat(),
        "changes": seen.changes,
        "blobs": seen.blobs,
        "applied": 0,
        "already_had": seen.already_had,
        "already": seen.already,
        "new_changes": seen.new_changes,
        "new_blobs": seen.new_blobs,
        "size": seen.size,
        "waiting": list(seen.waiting),
        "damaged": _damaged_data(seen.damaged),
        "repaired": seen.repaired,
        "receipt": list(seen.receipt_lines),
        "warnings": list(seen.warnings),
        "lines": [
            {"kind": line.kind, "code": line.code, "what": line.what, "old": line.old, "new": line.new}
            for line in seen.lines
        ],
    }


def preview_lines(seen: Preview) -> tuple[str, ...]:
    """A preview for people."""
    sender = _("Người gửi: {name}, mã đối chiếu {fingerprint} ({state}).").format(
        name=seen.sender, fingerprint=seen.fingerprint, state=_(_STATES[seen.sender_state])
    )
    told = [
        _("Gói {id} của {unit}, lập lúc {at}").format(
            id=seen.package_id[:8], unit=seen.unit.place, at=wording.time_text(seen.created_at)
        ),
        sender,
        _("{changes} thay đổi ({new} mới), {blobs} tệp ({new_blobs} mới), {size}").format(
            changes=seen.changes,
            new=seen.new_changes,
            blobs=seen.blobs,
            new_blobs=seen.new_blobs,
            size=wording.size_text(seen.size),
        ),
    ]
    if seen.part[1] > 1:
        told.append(_("Phần {number} trong {all} phần.").format(number=seen.part[0], all=seen.part[1]))
    if not seen.encrypted:
        told.append(_("Gói không mã hoá: ai cầm tệp này cũng đọc được."))
    if seen.already:
        told.append(_("Gói này đã nhận rồi."))
    told += [*seen.warnings, *seen.waiting, *seen.receipt_lines]
    told += [_damaged_sentence(item) for item in seen.damaged]
    rows = ((_(_KINDS[line.kind]), line.code, line.what, line.old, "→", line.new) for line in seen.lines)
    return (*told, *table(rows))


def _damaged_data(files: Sequence[DamagedFile]) -> list[dict[str, str]]:
    return [{"code": item.code, "file": item.file_name} for item in files]


def _damaged_sentence(item: DamagedFile) -> str:
    return _("Tệp minh chứng bị hỏng trong gói: {name}.").format(name=item.shown)


# --- taking


def _import(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    passphrase = _passphrase(arguments)
    with open_workspace(folder) as workspace:
        received = receiving.import_files(
            workspace,
            arguments.files,
            terminal.progress,
            salvage=arguments.salvage,
            passphrase=passphrase,
            dry_run=arguments.dry_run,
        )
    outcomes = received.outcomes
    if not outcomes:
        raise NotFound(_("Không thấy gói (.ntmpkg) nào ở nơi đã chọn."), _("Chưa có gì thay đổi."))
    for outcome in outcomes:
        for sentence in _told(outcome):
            terminal.tell(sentence)
    for name in dict.fromkeys(name for outcome in outcomes for name in outcome.missing):
        terminal.tell(
            _("Còn thiếu tệp minh chứng {name}: biên nhận lần tới sẽ đề nghị nơi gửi gửi lại.").format(name=name)
        )
    if received.left:
        sentence = _("Đã dừng theo yêu cầu: {done} gói đã nhận xong, {left} gói chưa nhận.")
        done = sum(outcome.error is None for outcome in outcomes)
        terminal.tell(sentence.format(done=done, left=len(received.left)))
    data = [outcome_data(outcome) for outcome in outcomes]
    single = len(arguments.files) == 1 and not arguments.files[0].is_dir()
    lines = tuple(line for outcome in outcomes if outcome.error is None for line in _outcome_lines(outcome))
    failed = bool(received.left) or any(outcome.error for outcome in outcomes)
    return Answer(data[0] if single else data, lines, failed=failed)


def _told(outcome: Outcome) -> list[str]:
    """What of an outcome goes to standard error: refusals and what a person must know."""
    if outcome.error is not None:
        told = [str(outcome.error)]
        if isinstance(outcome.error, PackageDamaged) and outcome.error.salvageable:
            told.append(
                _("{name}: phần còn nguyên vẹn vẫn nhận được, nếu muốn, bằng --salvage.").format(name=outcome.name)
            )
        return told
    return [*outcome.notes, *outcome.waiting, *(_damaged_sentence(item) for item in outcome.damaged)]


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """What came of one file as scripts read it."""
    data: dict[str, Any] = {
        "file": str(outcome.path),
        "package_id": outcome.package_id,
        "unit": outcome.unit.code if outcome.unit else "",
        "unit_name": outcome.unit.full_name if outcome.unit else "",
        "sender": outcome.sender,
        "new_sender": outcome.new_sender,
        "changes": outcome.applied + outcome.already_had,
        "blobs": outcome.blobs,
        "applied": outcome.applied,
        "already_had": outcome.already_had,
        "released": outcome.released,
        "already": outcome.already,
        "acknowledged": outcome.acknowledged,
        "conflicts": outcome.conflicts,
        "waiting": list(outcome.waiting),
        "missing": list(outcome.missing),
        "damaged": _damaged_data(outcome.damaged),
        "repaired": outcome.repaired,
        "notes": list(outcome.notes),
        "error": str(outcome.error) if outcome.error else None,
    }
    if outcome.preview is not None:
        data["preview"] = preview_data(outcome.preview)
    return data


def _outcome_lines(outcome: Outcome) -> list[str]:
    if outcome.preview is not None:
        return [f"{outcome.name}:", *(f"  {line}" for line in preview_lines(outcome.preview))]
    unit, name = outcome.unit.full_name if outcome.unit else "", outcome.name
    if outcome.waiting and not outcome.changed:
        told = [_("{name}: {unit} – đã nhận, đang chờ gói trước.").format(name=name, unit=unit)]
    elif not outcome.changed and outcome.own:
        told = [_("{name}: {unit} – gói do chính máy này gửi, không có gì để nhận.").format(name=name, unit=unit)]
    elif not outcome.changed and outcome.already:
        told = [_("{name}: {unit} – đã nhận từ trước, không có gì mới.").format(name=name, unit=unit)]
    elif not outcome.changed:
        told = [_("{name}: {unit} – đã nhận biên nhận; không có thay đổi nào mới.").format(name=name, unit=unit)]
    else:
        told = [
            _("{name}: {unit} – đã nhận {applied} thay đổi, {blobs} tệp.").format(
                name=name, unit=unit, applied=outcome.applied, blobs=outcome.blobs
            )
        ]
    if outcome.released:
        told.append(_("Trong đó {count} thay đổi đã chờ từ trước nay được áp dụng.").format(count=outcome.released))
    if outcome.new_sender:
        told.append(
            _("Lần đầu nhận từ «{sender}»: hãy so mã đối chiếu (ntm devices) rồi xác nhận.").format(
                sender=outcome.sender
            )
        )
    if outcome.conflicts:
        told.append(
            _("{count} mục có hai giá trị khác nhau, cần người chọn: ntm conflicts.").format(count=outcome.conflicts)
        )
    if outcome.acknowledged:
        told.append(_("«{sender}» xác nhận đã nhận dữ liệu gửi từ máy này.").format(sender=outcome.sender))
    return told


def _undo(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        undone = undoing.undo_import(workspace)
    data = {
        "packages": list(undone.packages),
        "units": [unit.code for unit in undone.units],
        "taken_back": undone.taken_back,
    }
    line = _("Đã hoàn tác lần nhận gần nhất: {packages} gói, {changes} thay đổi ({units}). Có thể nhận lại các gói đó.")
    names = "; ".join(unit.full_name for unit in undone.units)
    return Answer(data, (line.format(packages=len(undone.packages), changes=undone.taken_back, units=names),))


# --- conflicts


def _conflicts(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = conflicts.conflicts(workspace)
    data = [
        {
            "id": item.conflict_id,
            "unit": item.unit.code,
            "assessment": item.assessment_id,
            "code": item.code,
            "what": item.what,
            "choosable": item.choosable,
            "sides": [
                {
                    "number": number,
                    "value": side.value_text,
                    "user": side.user,
                    "at": side.at.isoformat(),
                    "device": side.device_name,
                    "evidence": list(side.evidence),
                    "deletes": side.deletes,
                }
                for number, side in enumerate(item.sides, start=1)
            ],
        }
        for item in found
    ]
    lines: list[str] = []
    for item in found:
        lines.append(f"{item.conflict_id}  {item.unit.full_name}  {item.code}  {item.what}")
        for number, side in enumerate(item.sides, start=1):
            who = _("{user}, {at}, {device}").format(
                user=side.user or "?", at=wording.time_text(side.at), device=side.device_name
            )
            proofs = _("; minh chứng: {names}").format(names=", ".join(side.evidence)) if side.evidence else ""
            lines.append(f"  {number}. {side.value_text}  ({who}{proofs})")
    if not found:
        lines.append(_("Không có chỗ nào hai máy nhập khác nhau."))
    return Answer(data, tuple(lines))


def _choose(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        changes = conflicts.choose(workspace, arguments.id, arguments.number - 1)
        left = len(conflicts.conflicts(workspace))
    data = {"chosen": [list(record) for record in sorted(changes.records)], "left": left}
    return Answer(data, (_("Đã chọn. Còn {count} chỗ khác nhau.").format(count=left),))


# --- partners


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _status(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = partners.partners(workspace)
    data = [
        {
            "key": item.key,
            "name": item.name,
            "unit": item.unit.code,
            "unit_name": item.unit.full_name,
            "role": item.role.value,
            "state": item.state,
            "sent": item.sent,
            "sent_at": _moment(item.sent_at),
            "received": item.received,
            "received_at": _moment(item.received_at),
            "acknowledged_at": _moment(item.acknowledged_at),
            "unacknowledged": item.unacknowledged,
            "unsent": item.unsent,
            "waiting": list(item.waiting),
            "missing": list(item.missing),
            "asked": list(item.asked),
        }
        for item in found
    ]
    return Answer(data, tuple(line for item in found for line in _partner_lines(item)))


def _marked(state: str) -> str:
    """What must be known beside the name of a computer."""
    return _(" ({state})").format(state=_(_STATES[state])) if state in ("seen", "revoked") else ""


def _partner_lines(item: partners.Partner) -> list[str]:
    def when(at: datetime | None) -> str:
        return wording.time_text(at) if at else "–"

    lines = [
        f"{item.name} – {item.unit.full_name}{_marked(item.state)}",
        _("  đã gửi {sent} gói ({sent_at}), đã nhận {received} gói ({received_at}), biên nhận {receipt}").format(
            sent=item.sent,
            sent_at=when(item.sent_at),
            received=item.received,
            received_at=when(item.received_at),
            receipt=when(item.acknowledged_at),
        ),
    ]
    if item.unacknowledged:
        lines.append(_("  {count} thay đổi chưa được xác nhận").format(count=item.unacknowledged))
    lines += [f"  {sentence}" for sentence in item.waiting]
    if item.missing:
        lines.append(_("  máy này còn thiếu tệp: {names}").format(names="; ".join(item.missing)))
    if item.asked:
        lines.append(_("  nơi đó còn thiếu tệp: {names}").format(names="; ".join(item.asked)))
    return lines
