"""What a package is and what it would do here, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from ntm_desktop import catalogue as catalogues
from ntm_desktop.exchange import Package
from ntm_desktop.exchange.cards import Card
from ntm_desktop.exchange.manifest import EVIDENCE
from ntm_desktop.exchange.refusals import shown
from ntm_desktop.i18n import _
from ntm_desktop.model.devices import Trust
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import own_history, partners, previewing, trust
from ntm_desktop.operations.previewing import DamagedFile, PreviewLine
from ntm_desktop.operations.refusing import Refusing, check_unit
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.arriving import Arrived, HistoryRewritten, spans
from ntm_desktop.store.store import UnitOfWork

__all__ = ["DamagedFile", "Preview", "PreviewLine", "damaged_files", "look_at", "own_set", "package_notes"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a package holds and what would change here; nothing has been written.

    ``sender_state``: new (met for the first time), seen, confirmed, own. ``part`` is (number, of). ``already``: this
    very package was taken before. ``waiting``, ``receipt_lines`` and ``warnings`` are finished sentences.
    """

    path: Path
    package_id: str
    unit: Unit
    sender: str
    created_at: datetime
    changes: int
    new_changes: int
    blobs: int
    new_blobs: int
    size: int
    lines: tuple[PreviewLine, ...]
    warnings: tuple[str, ...] = ()
    sender_key: str = ""
    fingerprint: str = ""
    sender_state: str = trust.NEW
    sender_unit: Unit | None = None
    role: Role = Role.COMMUNE
    encrypted: bool = False
    part: tuple[int, int] = (1, 1)
    already: bool = False
    already_had: int = 0
    waiting: tuple[str, ...] = ()
    damaged: tuple[DamagedFile, ...] = ()
    repaired: bool = False
    receipt_lines: tuple[str, ...] = ()
    offered: tuple[Card, ...] = ()  # of unknown computers: identity.import_offered_cards believes them


def look_at(workspace: Workspace | None, path: Path, package: Package) -> Preview:
    """Tell what a verified package would do; without a workspace, what it is.

    Raises:
        PackageRefused: it would not be taken.
    """
    manifest, card = package.manifest, package.cards[0]
    seen = Preview(
        path=path,
        package_id=manifest.identity.package_id,
        unit=unit_of(manifest.identity.unit_code),
        sender=card.name,
        created_at=datetime.fromisoformat(manifest.created_at),
        changes=len(package.changes),
        new_changes=len(package.changes),
        blobs=len(manifest.evidence),
        new_blobs=len(package.blobs),
        size=package.size,
        lines=(),
        sender_key=card.key,
        fingerprint=card.fingerprint,
        sender_unit=unit_of(card.unit),
        role=Role(card.role.value),
        encrypted=package.encrypted,
        part=(manifest.identity.part, manifest.identity.parts),
        damaged=damaged_files(workspace, None, package),
        repaired=bool(package.repaired),
    )
    if workspace is None:
        return seen
    with workspace.store.read() as work, Refusing(work, shown(path), package):
        return _in_workspace(workspace, work, package, seen)


def _in_workspace(workspace: Workspace, work: UnitOfWork, package: Package, seen: Preview) -> Preview:
    unit = seen.unit.code
    warnings = [*check_unit(work, shown(seen.path), unit), *package_notes(work, package)]
    judged = trust.judge_sender(work, package, shown(seen.path))
    arrived, mended = _sorted_out(work, package, judged)
    known = work.local.package("received", seen.package_id)
    own = judged.state == Trust.OWN
    return replace(
        seen,
        new_changes=len(arrived.fresh) + len(arrived.waiting),
        already_had=arrived.already_had,
        new_blobs=sum(not workspace.blobs.has(ref.sha256) for ref in package.blobs),
        lines=previewing.lines(workspace, work, package, arrived.fresh),
        warnings=(*warnings, *mended, *judged.left),
        offered=judged.offered,
        sender_state=judged.state,
        already=known is not None and known.state == "done",
        waiting=tuple(_waiting(work, package, arrived)),
        damaged=damaged_files(workspace, work, package),
        receipt_lines=() if own else partners.receipt_lines(work, unit, seen.sender, package.receipt),
    )


def _sorted_out(work: UnitOfWork, package: Package, judged: trust.Judged) -> tuple[Arrived, list[str]]:
    """What would become of the changes; where a history parted and can be put right, of those of the other devices."""
    left: set[str] = set()
    told: list[str] = []
    if own_history.gone_back(work, package, judged) is not None:
        told.append(
            _(
                "Dữ liệu trên máy này đã từng được đưa về bản cũ hoặc được chép sang máy khác: khi nhận gói, phần mà "
                "nơi khác chưa có được ghi lại dưới mã mới."
            )
        )
        left |= set(work.local.own_devices().values())
    while True:
        try:
            return work.journal.sort_out(
                [change for change in judged.changes if change.device not in left], judged.roles
            ), told
        except HistoryRewritten as error:
            device, seq = error.args
            if device in left or not own_history.can_yield(work, package, judged, device, seq):
                raise
            left.add(device)
            told.append(
                _("{device} đã quay về bản cũ: lịch sử mới của máy đó thay lịch sử đã nhận trước đây.").format(
                    device=partners.device_name(work, device, package)
                )
            )


def _waiting(work: UnitOfWork, package: Package, arrived: Arrived) -> Iterable[str]:
    ends = work.partners.ends([change.device for change in arrived.waiting])
    for change in arrived.fresh:
        ends[change.device] = max(change.seq, ends.get(change.device, 0))
    for span in spans(arrived.waiting):
        first = ends.get(span.device, 0) + 1
        yield _("Thay đổi {first}–{last} của {device} sẽ chờ cho tới khi nhận được thay đổi {from_}–{to}.").format(
            first=span.first,
            last=span.last,
            device=partners.device_name(work, span.device, package),
            from_=first,
            to=span.first - 1,
        )
        ends[span.device] = span.last


def damaged_files(workspace: Workspace | None, work: UnitOfWork | None, package: Package) -> tuple[DamagedFile, ...]:
    """What a salvaged package could not give, by indicator and file name; a set that is at hand is not missed."""
    if not package.damaged:
        return ()
    names = previewing.evidence_names(work, package.manifest.identity.unit_code, package.changes).by_hash
    return tuple(
        names.get(entry.sha256, DamagedFile("", entry.name))
        if entry.kind == EVIDENCE
        else DamagedFile("", _("bộ tiêu chí ({entry})").format(entry=entry.name))
        for entry in package.damaged
        if entry.kind == EVIDENCE or not _at_hand(workspace, entry.sha256)
    )


def _at_hand(workspace: Workspace | None, sha256: str) -> bool:
    return (workspace is not None and workspace.blobs.has(sha256)) or own_set(sha256) is not None


def own_set(sha256: str) -> bytes | None:
    """The text of the set that comes with the program and has this content; None where none has."""
    for name in catalogues.builtin_ids():
        found = catalogues.builtin(name)
        if catalogues.content_hash(found) == sha256:
            return catalogues.to_json(found)
    return None


def package_notes(work: UnitOfWork, package: Package) -> tuple[str, ...]:
    """What should be told about how the package came: mended, or with a number that was used before."""
    identity = package.manifest.identity
    told: list[str] = []
    if package.repaired:
        told.append(_("Gói bị hỏng một phần và đã được sửa trọn vẹn nhờ dữ liệu phục hồi. Nên thay USB này."))
    elif package.recovery_damaged and package.manifest.recovery and not package.damaged:
        told.append(_("Phần phục hồi ở cuối gói bị hỏng; nội dung gói vẫn nguyên vẹn."))
    for item in work.local.packages("received", identity.unit_code):
        same = (item.key, item.device, item.sequence) == (identity.key, identity.device, identity.sequence)
        if same and item.export_id != identity.export_id:
            told.append(
                _(
                    "Số gói {number} của «{sender}» đã được dùng cho một gói khác: dữ liệu trên máy đó có thể đã được "
                    "đưa về bản cũ. Hãy báo cho nơi gửi."
                ).format(number=identity.sequence, sender=package.cards[0].name)
            )
            break
    return tuple(told)
