"""``ntm card``, ``ntm devices``: whom this computer exchanges packages with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import wording
from ntm_desktop.cli.answers import Answer, Terminal, table
from ntm_desktop.cli.passphrases import passphrase_in
from ntm_desktop.i18n import N_, _
from ntm_desktop.operations import devices, identity
from ntm_desktop.operations.devices import Known
from ntm_desktop.operations.receiving import SUFFIX
from ntm_desktop.operations.workspace import open_workspace

if TYPE_CHECKING:
    from ntm_desktop.cli.commands import Tree

STATES = {
    "own": N_("máy này"),
    "confirmed": N_("đã xác nhận"),
    "seen": N_("chưa so mã"),
    "revoked": N_("đã thu hồi"),
}
ROLES = {"commune": N_("xã"), "office": N_("cơ quan tiếp nhận")}


def add_commands(tree: Tree) -> None:
    """Add them."""
    cards = tree.group("card", _("thẻ giới thiệu của máy tính"))
    export = cards.add("export", _("ghi thẻ của máy này"), _export)
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    take = cards.add("import", _("nhập thẻ của máy khác, từ tệp thẻ hoặc kèm trong gói"), _import)
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--passphrase-file", type=Path, metavar="F", help=_("mật khẩu mở gói, ở dòng đầu của tệp"))
    known = tree.group("devices", _("các máy đã biết"), _list)
    known.add("list", _("xem danh sách"), _list)
    who = _("mã đối chiếu (vài nhóm đầu), mã khoá hoặc tên của máy")
    confirm = known.add("confirm", _("xác nhận một máy sau khi so mã đối chiếu"), _confirm)
    confirm.add_argument("who", metavar="WHO", help=who)
    revoke = known.add("revoke", _("thu hồi khoá của một máy"), _revoke)
    revoke.add_argument("who", metavar="WHO", help=who)


def known_data(item: Known) -> dict[str, Any]:
    """A known computer as scripts read it."""
    last = item.last_seen_package_at
    return {
        "key": item.key,
        "key_id": item.key_id,
        "name": item.name,
        "unit": item.unit.code,
        "unit_name": item.unit.full_name,
        "role": item.role.value,
        "state": item.state,
        "fingerprint": item.fingerprint,
        "source": item.source,
        "seen_at": item.seen_at.isoformat(),
        "devices": list(item.devices),
        "last_package_at": last.isoformat() if last else None,
    }


def _compare(item: Known) -> str:
    sentence = _("Mã đối chiếu: {fingerprint}. Hãy gọi điện so mã này với {unit}, rồi xác nhận: ntm devices confirm.")
    return sentence.format(fingerprint=item.fingerprint, unit=item.unit.place)


def _export(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        path = identity.export_card(workspace, arguments.out)
        card = identity.own_card(workspace)
    data = {"path": str(path), "key": card.key, "key_id": card.key_id, "name": card.name}
    data |= {"fingerprint": card.fingerprint}
    return Answer(data, (str(path), _("Mã đối chiếu của máy này: {fingerprint}").format(fingerprint=card.fingerprint)))


def _import(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        if arguments.file.name.lower().endswith(SUFFIX):
            given = arguments.passphrase_file
            passphrase = passphrase_in(given) if given else None
            made = identity.import_offered_cards(workspace, arguments.file, passphrase)
        else:
            made = (identity.import_card(workspace, arguments.file),)
    lines: list[str] = []
    for known in made:
        lines.append(_("Đã nhập thẻ của «{name}», {unit}.").format(name=known.name, unit=known.unit.place))
        if known.state == "seen":
            lines.append(_compare(known))
    data = [known_data(known) for known in made]
    return Answer(data[0] if len(data) == 1 else data, tuple(lines))


def _list(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        everybody = devices.known(workspace)
    rows = (
        (
            item.key_id,
            _(STATES[item.state]),
            _(ROLES[item.role.value]),
            item.unit.full_name,
            item.name,
            item.fingerprint,
            wording.time_text(item.last_seen_package_at) if item.last_seen_package_at else "–",
        )
        for item in everybody
    )
    return Answer([known_data(item) for item in everybody], table(rows))


def _confirm(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = devices.find(workspace, arguments.who)
        devices.confirm(workspace, found.key)
        known = devices.find(workspace, found.key)
    line = _("Đã xác nhận «{name}», {unit}. Mã đối chiếu: {fingerprint}.")
    return Answer(
        known_data(known), (line.format(name=known.name, unit=known.unit.place, fingerprint=known.fingerprint),)
    )


def _revoke(arguments: argparse.Namespace, folder: Path, terminal: Terminal) -> Answer:
    with open_workspace(folder) as workspace:
        found = devices.find(workspace, arguments.who)
        devices.revoke(workspace, found.key)
        known = devices.find(workspace, found.key)
    lines = (
        _("Đã thu hồi khoá của «{name}», {unit}.").format(name=known.name, unit=known.unit.place),
        _(
            "Từ nay máy này không nhận gói của máy đó và không gửi gói mà máy đó mở được. "
            "Những gì đã nhận vẫn giữ nguyên; gói đã gửi trước đây thì máy đó vẫn mở được."
        ),
    )
    return Answer(known_data(known), lines)
