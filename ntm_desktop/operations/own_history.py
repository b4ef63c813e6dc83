"""When histories part: data put back to an earlier state goes on under an id whose other history lives elsewhere.

A computer that learns that it went back writes what others cannot have under a new id. The others believe its word
about an id that it has given up; where an office holds one history and a sibling the other, the office's counts and the
sibling keeps the values of its own as its own changes. So no value is lost, and everybody comes to hold the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from ntm_desktop.exchange import Package
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import GENESIS, Change
from ntm_desktop.model.devices import KeyRole, Trust
from ntm_desktop.operations.partners import device_name
from ntm_desktop.operations.trust import Judged, role_towards
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.arriving import HistoryRewritten
from ntm_desktop.store.journal import Absorbed
from ntm_desktop.store.store import UnitOfWork, utc_now

_AGREED = "agreed:"  # local fact: how far others hold the very same changes of an own device


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a package's changes; ``before``: device → counter that was held before them."""

    absorbed: Absorbed
    before: dict[str, int]


def hash_at(work: UnitOfWork, device: str, seq: int) -> str:
    """The hash that the change after ``seq`` of a device names; empty where it is not held."""
    held = work.rows.changes([(device, seq)]).get((device, seq))
    return GENESIS if seq == 0 else held.hash() if held is not None else ""


def parting(work: UnitOfWork, package: Package, device: str, seq: int) -> int:
    """Where two histories of a device part at the earliest, of which the package shows a difference at ``seq``."""
    for change in package.changes:
        if (change.device, change.seq) == (device, seq):
            return seq if change.previous_hash == hash_at(work, device, seq - 1) else 1
    return 1


# --- this computer's own history


def gone_back(work: UnitOfWork, package: Package, judged: Judged) -> int | None:
    """The counter from which this computer's own changes are not what others hold; None where all is well.

    One beyond the last where nothing was written since: then only the id is used up.
    """
    unit = package.manifest.identity.unit_code
    own = work.local.own_devices().get(unit)
    if own is None:
        return None
    end, _last_hash = work.journal.chain_end(own)
    agreed = min(end, int(work.local.get(_AGREED + own, 0)))
    mine = [change for change in judged.changes if change.device == own]
    if mine:
        return _by_changes(work, mine, end, agreed)
    if judged.state == Trust.OWN:
        return None
    receipt = package.receipt
    if own in receipt.forks:
        return min(end + 1, max(receipt.forks[own], agreed + 1))
    said = receipt.vector.get(own, 0)
    if said > end or (said and hash_at(work, own, said) != receipt.hashes.get(own)):
        return agreed + 1
    return None


def _by_changes(work: UnitOfWork, mine: list[Change], end: int, agreed: int) -> int | None:
    """Own changes that come back show where the histories part, if they reach back as far."""
    own = mine[0].device
    held = work.rows.changes([(own, change.seq) for change in mine])
    for change in mine:
        known = held.get((own, change.seq))
        if known is None or known.hash() != change.hash():
            follows = change.previous_hash == hash_at(work, own, change.seq - 1)
            return change.seq if follows else min(agreed + 1, change.seq)
    return None


def mend(workspace: Workspace, work: UnitOfWork, package: Package, judged: Judged) -> list[str]:
    """Go on under a new id where this computer's data went back; returns sentences for the person."""
    seq = gone_back(work, package, judged)
    if seq is None:
        return []
    unit = package.manifest.identity.unit_code
    own, nonce = work.local.own_device(unit), work.local.own_nonce(unit)
    end, _last_hash = work.journal.chain_end(own)
    if seq > 1:  # the common part is to be passed on under its old id
        head = sign_head(workspace.keys, unit, own, nonce, seq - 1, hash_at(work, own, seq - 1))
        work.partners.keep_heads([head])
    made = work.rewriting.reissue(unit, seq) if seq <= end else ()
    if not made:
        work.local.renew_device(unit)
    work.partners.forget_fork(own)
    told = _("Dữ liệu trên máy này đã từng được đưa về bản cũ hoặc được chép sang máy khác.")
    if not made:
        return [told + " " + _("Phần còn thiếu được nhận lại từ các gói của nơi khác.")]
    again = _("{count} thay đổi mà nơi khác chưa có được ghi lại dưới mã mới và đi cùng gói gửi tới; không mất gì.")
    return [told + " " + again.format(count=len(made))]


def agree(work: UnitOfWork, package: Package) -> bool:
    """Remember how far another computer holds this one's own changes, the very same ones; True where that is news."""
    own = work.local.own_devices().get(package.manifest.identity.unit_code)
    said = package.receipt.vector.get(own, 0) if own else 0
    if own is None or said <= int(work.local.get(_AGREED + own, 0)):
        return False
    if hash_at(work, own, said) != package.receipt.hashes.get(own):
        return False
    work.local.put(_AGREED + own, said)
    return True


# --- the history of others


def absorb(work: UnitOfWork, package: Package, judged: Judged, import_id: int, notes: list[str]) -> Taken:
    """Apply what may be taken of a package, after putting right the histories that are known to have parted.

    Raises:
        HistoryRewritten, RecordOfOtherUnit, ChangeMalformed, ChangeForbidden: nothing of it may be taken.
    """
    identity = package.manifest.identity
    devices = {change.device for change in judged.changes}
    mended: set[str] = set()
    absorbed: Absorbed | None = None
    before: dict[str, int] = {}
    while absorbed is None:
        before = work.partners.ends(devices)
        try:
            absorbed = work.journal.absorb(judged.changes, judged.roles, identity.package_id, import_id)
        except HistoryRewritten as error:
            device, seq = error.args
            if device in mended or not _yield(work, package, judged, device, seq, notes):
                raise
            mended.add(device)
    for span in absorbed.discarded:
        work.partners.note_fork(span.device, identity.unit_code, 1, utc_now())
    for device in tuple(work.partners.forks(identity.unit_code)):
        given_up = work.partners.key_of(device) == judged.sender.key and device != identity.device
        if device in mended or given_up:
            work.partners.forget_fork(device)
    applied = {change.device for change in absorbed.applied}
    return Taken(absorbed, {device: before.get(device, 0) for device in applied})


def can_yield(work: UnitOfWork, package: Package, judged: Judged, device: str, seq: int) -> bool:
    """True where the sender's history of a device counts more than the one held here."""
    if parting(work, package, device, seq) != seq or device in work.local.own_devices().values():
        return False
    return _given_up(package, judged, device) or _word_of_office(work, package, judged, device)


def _given_up(package: Package, judged: Judged, device: str) -> bool:
    """The sender is the device's own computer and writes under another id now: its values come under that one."""
    owned = any(head.device == device and head.key == judged.sender.key for head in package.heads)
    return owned and package.manifest.identity.device != device


def _word_of_office(work: UnitOfWork, package: Package, judged: Judged, device: str) -> bool:
    """An office's word about a commune's computer, at another computer of the commune."""
    unit = package.manifest.identity.unit_code
    office = role_towards(judged.sender.role, judged.sender.unit, unit) is KeyRole.OFFICE
    return office and work.local.role_towards(unit) is KeyRole.COMMUNE and judged.roles.get(device) is KeyRole.COMMUNE


def _yield(work: UnitOfWork, package: Package, judged: Judged, device: str, seq: int, notes: list[str]) -> bool:
    if not can_yield(work, package, judged, device, seq):
        return False
    name = device_name(work, device, package)
    if _given_up(package, judged, device):
        gone = work.rewriting.take_back({device: seq - 1})
        work.journal.waiting.drop(device)
        told = _("{device} đã quay về bản cũ rồi ghi lại {count} thay đổi dưới mã mới; bản cũ của chúng được thay.")
    else:
        gone = work.rewriting.reissue(package.manifest.identity.unit_code, seq, device)
        told = _("{device} đã quay về bản cũ; {count} thay đổi nhận từ máy đó được giữ lại như thay đổi của máy này.")
    notes.append(told.format(device=name, count=len(gone)))
    return True
