"""What a package is to hold and who is to open it: by the receiver's last receipt, never by what was sent before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ntm_desktop import __version__
from ntm_desktop.errors import InvalidInput, NotFound, WorkspaceDamaged
from ntm_desktop.exchange import LIMITS, PackagePlan, PlannedBlob
from ntm_desktop.exchange.cards import Card
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change, VersionVector
from ntm_desktop.model.devices import Head, KeyRole, Receipt, Trust
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.text import one_line
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import devices, trust
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.partners import KeptReceipt, KnownKey
from ntm_desktop.store.store import UnitOfWork, utc_now

SENT, RECEIVED = "sent", "received"
_COUNTER = "receipt_counter/"
NUMBER = "package_number/"  # local fact: the number that a device's package was last begun with
_TOLD = "receipts_told/"  # local fact: key → ids of the packages that its last receipt was about


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a package about ``unit`` is for: what ``receivers`` lack is sent; ``recipients`` can open it, as we can.

    ``known`` is what all of the receivers hold, ``receipts`` how they told: who has told nothing yet holds nothing.
    """

    unit: Unit
    receivers: tuple[KnownKey, ...]
    recipients: tuple[KnownKey, ...]
    receipts: tuple[KeptReceipt, ...]
    known: VersionVector

    @property
    def missing(self) -> frozenset[str]:
        """Hashes of the evidence that any of them has asked for."""
        return frozenset(sha256 for item in self.receipts for sha256 in item.receipt.missing)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and whom it is for; ``lost`` names evidence that was added here and is not here any more."""

    plan: PackagePlan
    addressed: Addressed
    lost: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """True where there is nothing to hand over but a receipt."""
        return not self.plan.changes and not self.plan.blobs


def address(workspace: Workspace, work: UnitOfWork, unit: str = "", to: Card | None = None) -> Addressed:
    """Whom a package is for.

    Raises:
        InvalidInput: the unit is not ours, is not said, or ``to`` is this computer or revoked. NotFound: nothing is
            held about the unit. CardRefused: ``to`` has no business with this workspace.
    """
    office = Role(work.local.get("role")) is Role.OFFICE
    about = _unit(work, office, unit)
    known = [item for item in work.partners.keys() if item.trust not in (Trust.OWN, Trust.REVOKED)]  # noqa: SIM118
    computers = [item for item in known if item.role is KeyRole.COMMUNE and item.unit == about.code]
    offices = [item for item in known if item.role is KeyRole.OFFICE]
    if office:
        offices = [item for item in offices if item.unit == work.local.get("unit")]
    receivers = computers if office else offices
    if to is not None:
        receivers = [_addressee(workspace, work, to)]
    recipients = {item.key: item for item in (*receivers, *offices, *computers)}
    kept = [work.partners.receipt(item.key, about.code) for item in receivers]
    receipts = tuple(item for item in kept if item is not None)
    return Addressed(
        about,
        tuple(receivers),
        tuple(recipients.values())[: LIMITS.recipients - 1],
        receipts,
        _shared([_held_by(work, item.receipt) if item is not None else {} for item in kept]),
    )


def _shared(vectors: Sequence[VersionVector]) -> dict[str, int]:
    if not vectors:
        return {}
    devices_of_all = set.intersection(*(set(vector) for vector in vectors))
    return {device: min(vector[device] for vector in vectors) for device in devices_of_all}


def _held_by(work: UnitOfWork, told: Receipt) -> dict[str, int]:
    """What a receipt says is held, without histories that are not the ones held here: those go from their beginning."""
    ends = work.partners.ends(told.vector)
    ours = work.rows.changes([(device, seq) for device, seq in told.vector.items() if seq <= ends.get(device, 0)])
    other = {change.device for change in ours.values() if told.hashes.get(change.device) != change.hash()}
    return {device: seq for device, seq in told.vector.items() if device not in other and device not in told.forks}


def _unit(work: UnitOfWork, office: bool, given: str) -> Unit:
    own = work.local.get("unit")
    if not office:
        if given and given != own:
            raise InvalidInput(
                _("Dữ liệu này là của {unit}, không phải của đơn vị {code}.").format(
                    unit=unit_of(own).place, code=given
                ),
                _("Chưa có gì được ghi."),
            )
        return unit_of(own)
    units = sorted({item.unit_code for item in work.rows.assessments()} | {given} - {""})
    if given and not work.journal.vector(given) and not _computers_of(work, given):
        raise NotFound(
            _("Chưa nhận gói nào của {unit}.").format(unit=unit_of(given).place),
            _("Chưa có gì được ghi. Xem các xã đã nộp: ntm office list."),
        )
    others = [code for code in units if code != own]
    if not given and len(others) != 1:
        raise InvalidInput(
            _("Chưa chọn xã để gửi gói."),
            _("Chưa có gì được ghi. Hãy chọn một xã (--unit MÃ); xem các xã đã nộp: ntm office list."),
        )
    return unit_of(given or others[0])


def _computers_of(work: UnitOfWork, unit: str) -> bool:
    return any(item.role is KeyRole.COMMUNE for item in work.partners.keys(unit))


def _addressee(workspace: Workspace, work: UnitOfWork, to: Card) -> KnownKey:
    if to.key == workspace.keys.key:
        raise InvalidInput(_("Đây là thẻ của chính máy này."), _("Chưa có gì được ghi. Hãy chọn thẻ của nơi nhận gói."))
    known = trust.check_card(work, to)
    if known is not None:
        check_not_revoked(known)
    return known or trust.known_from(to, Trust.SEEN, trust.BY_CARD, utc_now())


def check_not_revoked(known: KnownKey) -> None:
    """Nothing is closed to a key that was revoked.

    Raises:
        InvalidInput: it was.
    """
    if known.trust is Trust.REVOKED:
        raise InvalidInput(
            _("Khoá của máy «{name}» đã bị thu hồi trên máy này.").format(name=known.name),
            _("Chưa có gì được ghi. Nếu thu hồi nhầm, hãy so mã đối chiếu rồi xác nhận lại máy đó."),
        )


def prepare(workspace: Workspace, work: UnitOfWork, addressed: Addressed, full: bool) -> Planned:
    """What the receivers lack, or everything; how it is closed is left to the caller.

    The device that sends is made where there is none yet, so ``work`` must be able to write.
    """
    unit, keys = addressed.unit, workspace.keys
    device = work.local.own_device(unit.code)
    held = work.journal.vector(unit.code)
    known = {} if full else addressed.known
    start = {name: min(known.get(name, 0), seq) for name, seq in held.items()}
    ends, heads = _vouched(workspace, work, unit.code, held, start)
    changes = [change for change in work.journal.after(unit.code, start) if change.seq <= ends.get(change.device, 0)]
    blobs, lost = _evidence(workspace, work, unit.code, changes, addressed.missing, full)
    own_card = devices.own_card_in(workspace, work)
    assessments = work.rows.assessments(unit.code)
    sent = [item for item in work.local.packages(SENT, unit.code) if item.device == device]
    plan = PackagePlan(
        unit_code=unit.code,
        unit_name=work.rows.profile(unit.code).name or unit.full_name,
        device=device,
        device_name=own_card.name,
        sequence=1 + max((work.local.get(NUMBER + device, 0), *(item.sequence for item in sent))),
        vector_from=start,
        vector_to=ends,
        changes=changes,
        heads=heads,
        cards=(own_card, *_cards(work, heads, own_card.key)),
        receipt=receipt(workspace, work, unit.code),
        blobs=blobs,
        catalogues=_catalogues(workspace, work, unit.code) if changes or blobs else (),
        assessments=[
            {
                "assessment_id": item.assessment_id,
                "catalogue": one_line(f"{item.catalogue_id}@{item.catalogue_version}")[: LIMITS.text_chars].strip(),
                "year": item.year,
            }
            for item in assessments
            if item.year
        ][: LIMITS.assessments],
        app_version=__version__,
        created_at=utc_now(),
        keys=keys,
    )
    return Planned(plan, addressed, lost)


def _vouched(
    workspace: Workspace, work: UnitOfWork, unit: str, held: VersionVector, start: VersionVector
) -> tuple[dict[str, int], tuple[Head, ...]]:
    """How far each history can be handed on, and the signed ends; our own is signed now.

    Where no signed end stands at or before what is held, the history stays here: no receiver could check it.
    """
    own = work.local.own_devices().get(unit, "")
    signed = {name: head for name, head in work.partners.highest_heads(unit).items() if head.seq <= held.get(name, 0)}
    signed |= {head.device: head for head in work.partners.heads(held)}
    if own in held:
        nonce = work.local.own_nonce(unit)
        signed[own] = sign_head(workspace.keys, unit, own, nonce, *work.journal.chain_end(own))
    ends = {name: max(first, signed[name].seq) if name in signed else first for name, first in start.items()}
    heads = tuple(signed[name] for name, last in sorted(ends.items()) if last > start[name])
    return ends, heads


def _cards(work: UnitOfWork, heads: Iterable[Head], own: str) -> list[Card]:
    """The cards of those whose changes go, as far as they are known."""
    found: list[Card] = []
    for key in dict.fromkeys(head.key for head in heads if head.key != own):
        known = work.partners.key(key)
        card = trust.card_of(known) if known is not None else None
        if card is not None:
            found.append(card)
    return found[: LIMITS.cards - 1]


def _evidence(
    workspace: Workspace, work: UnitOfWork, unit: str, changes: Sequence[Change], asked: frozenset[str], full: bool
) -> tuple[tuple[PlannedBlob, ...], tuple[str, ...]]:
    """Evidence named by the changes or asked for, never what was removed; and what is named here but not here.

    What others added and never reached this computer is no loss: the receiver goes on asking for it.
    """
    own = set(work.local.own_devices().values())
    named = {change.entity_id for change in changes if _brings_evidence(change)} | _put_back(work, changes)
    added_here = {change.entity_id for change in changes if change.device in own and _brings_evidence(change)}
    wanted: dict[str, BlobRef] = {}
    lost: dict[str, str] = {}
    for assessment in work.rows.assessments(unit):
        for item in work.rows.evidence(assessment.assessment_id):
            sha256 = item.blob.sha256
            if not (full or item.evidence_id in named or sha256 in asked):
                continue
            if workspace.blobs.has(sha256):  # as large as it is, not as somebody says
                wanted[sha256] = replace(item.blob, size=workspace.blobs.size(sha256))
            elif item.evidence_id in added_here:
                lost[sha256] = item.file_name
    planned = (PlannedBlob(ref, workspace.blobs.path(sha256)) for sha256, ref in sorted(wanted.items()))
    return tuple(planned), tuple(lost.values())


def _brings_evidence(change: Change) -> bool:
    return change.entity == "evidence" and change.field in ("file", "removed")


def _put_back(work: UnitOfWork, changes: Iterable[Change]) -> set[str]:
    """Evidence that was removed at some time and may be back by these changes: its file may never have gone out."""
    touched = {
        change.entity_id.partition("/")[0] for change in changes if change.entity in ("evidence", "evidence_link")
    }
    states = work.journal.states([("evidence", evidence_id, "removed") for evidence_id in sorted(touched)])
    return {key[1] for key, state in states.items() if state.heads}


def _catalogues(workspace: Workspace, work: UnitOfWork, unit: str) -> tuple[PlannedBlob, ...]:
    """The sets that the unit's changes name, in full: they are small, and nothing is judged without them.

    A package with nothing but a receipt goes without: who has all changes has the sets.
    """
    sets: Mapping[str, Mapping[str, Any]] = work.rows.catalogues(unit)
    return tuple(
        PlannedBlob(BlobRef(sha256, entry["size"], "application/json"), workspace.blobs.path(sha256))
        for sha256, entry in sorted(sets.items())
    )


def added_here(workspace: Workspace, unit: str, sha256: str) -> bool:
    """True where a content was entered on this computer, so that nobody else need have it."""
    with workspace.store.read() as work:
        own = work.local.own_devices().get(unit, "")
        named = [
            item.evidence_id
            for assessment in work.rows.assessments(unit)
            for item in work.rows.evidence(assessment.assessment_id, removed=True)
            if item.blob.sha256 == sha256
        ]
        states = work.journal.states([("evidence", evidence_id, "file") for evidence_id in named])
        return any(head.device == own for state in states.values() for head in state.heads)


def check_evidence(planned: Planned) -> None:
    """Evidence that was added here and is not here is told by its name before anything is written.

    Raises:
        WorkspaceDamaged: there is some.
    """
    if planned.lost:
        raise WorkspaceDamaged(
            _("Không tìm thấy tệp minh chứng trên máy này: {names}.").format(names=", ".join(planned.lost[:5])),
            _("Chưa có gì được ghi. Hãy thêm lại tệp đó, gỡ minh chứng đó, hoặc khôi phục từ bản sao lưu."),
        )


# --- receipts


def receipt(workspace: Workspace, work: UnitOfWork, unit: str) -> Receipt:
    """What this workspace holds about a unit, for who sent it; the counter is used up by :func:`note_counter`.

    The counter follows the clock where that has gone on, so that it rises even after a restored backup.
    """
    missing = (
        item.blob.sha256
        for assessment in work.rows.assessments(unit)
        for item in work.rows.evidence(assessment.assessment_id)
        if not workspace.blobs.has(item.blob.sha256)
    )
    taken = [item.package_id for item in work.local.packages(RECEIVED, unit) if item.state == "done"]
    vector = work.journal.vector(unit)
    return Receipt(
        counter=max(work.local.get(_COUNTER + unit, 0) + 1, time.time_ns() // 1_000_000),
        vector=vector,
        hashes={device: work.journal.chain_end(device)[1] for device in vector},
        waiting=work.journal.waiting.spans(unit)[: LIMITS.waiting],
        missing=tuple(sorted(set(missing)))[: LIMITS.missing],
        packages=tuple(dict.fromkeys(taken))[: LIMITS.packages],
        forks=work.partners.forks(unit),
    )


def note_counter(work: UnitOfWork, unit: str, counter: int) -> None:
    """The receipt with this counter was handed out."""
    work.local.put(_COUNTER + unit, counter)


def note_told(work: UnitOfWork, unit: str, keys: Iterable[str]) -> None:
    """The computers with these keys were sent a receipt about all that was taken so far."""
    told: dict[str, list[str]] = work.local.get(_TOLD + unit, {})
    work.local.put(_TOLD + unit, told | {key: sorted(_taken_from(work, unit, key)) for key in keys})


def receipt_due(work: UnitOfWork, unit: str, keys: Iterable[str]) -> bool:
    """True where a package with something in it was taken from one of these computers that it was not told of yet.

    Which packages it was told of is kept: by the clock it could not be said where that was years ahead.
    """
    told: Mapping[str, list[str]] = work.local.get(_TOLD + unit, {})
    return any(_taken_from(work, unit, key) - set(told.get(key, ())) for key in keys)


def unsent(work: UnitOfWork, unit: str) -> int:
    """How many changes this workspace has written about a unit since it last sent a package about it."""
    own = work.local.own_devices().get(unit)
    if own is None:
        return 0
    sent = max((item.vector.get(own, 0) for item in work.local.packages(SENT, unit)), default=0)
    return max(0, work.journal.chain_end(own)[0] - sent)


def return_due(work: UnitOfWork, unit: str, keys: Iterable[str]) -> bool:
    """True where an office has a receipt or an opinion for one of these computers that it has not sent yet."""
    return receipt_due(work, unit, keys) or unsent(work, unit) > 0


def _taken_from(work: UnitOfWork, unit: str, key: str) -> set[str]:
    taken = work.local.packages(RECEIVED, unit)
    return {
        item.package_id for item in taken if item.key == key and (item.changes or item.blobs) and item.state == "done"
    }
