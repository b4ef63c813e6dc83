"""Sending packages: what the receiver lacks by its last receipt, closed so that only those it is for can open it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ntm_desktop import wording
from ntm_desktop.errors import EvidenceUnusable, InvalidInput, StorageFailed, StorageFull, UserError
from ntm_desktop.exchange import PackagePlan, Recipient, WrittenPackage, estimate, write_packages
from ntm_desktop.exchange.cards import Card
from ntm_desktop.i18n import _
from ntm_desktop.model.devices import Trust, key_id
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import devices, identity, own_keys, planning, sticks, trust
from ntm_desktop.operations.devices import Known
from ntm_desktop.operations.outcome import EVERYTHING, Changes
from ntm_desktop.operations.planning import RECEIVED, SENT, Addressed, Planned
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.local import PackageRecord
from ntm_desktop.store.partners import KnownKey
from ntm_desktop.store.store import UnitOfWork, utc_now

__all__ = ["RECEIVED", "SENT", "Exported", "PlanFacts", "Sealing", "export", "export_receipts", "plan_facts"]

KEYS, PASSPHRASE, PLAIN = "keys", "passphrase", "plain"


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a package is closed: to the ``keys`` known here and those of ``cards``, by a passphrase, or not at all."""

    kind: str
    passphrase: str = field(default="", repr=False)
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the next package would carry; ``bytes`` on the stick in ``parts`` files, ``receiver`` in words."""

    changes: int
    blobs: int
    bytes: int
    parts: int = 1
    recipients: tuple[Known, ...] = ()
    known_receipt_at: datetime | None = None
    receiver: str = ""
    receipt_due: bool = False  # something came from there that it was not told of: a package may go for that alone


@dataclass(frozen=True, slots=True)
class Exported:
    """A package (its parts in ``paths``) that was written, read back and named.

    ``recipients`` names who can open it besides this computer, ``unconfirmed`` those of them whose fingerprint nobody
    has compared yet; ``by_passphrase`` where a passphrase opens it, too.
    """

    paths: tuple[Path, ...]
    package_id: str
    export_id: str
    unit: Unit
    changes_count: int
    blobs: int
    size: int
    full: bool
    parts: int
    encrypted: bool
    recipients: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    by_passphrase: bool = False
    changes: Changes = EVERYTHING  # home and exchange pages show the last package

    @property
    def path(self) -> Path:
        """The first part, mostly the only one."""
        return self.paths[0]


def plan_facts(
    workspace: Workspace, full: bool = False, unit: str = "", to: Card | None = None, part_size: int | None = None
) -> PlanFacts:
    """What the next package would carry; nothing is written."""
    with workspace.store.read() as work:  # a device that is made for the plan goes with the transaction
        addressed = planning.address(workspace, work, unit, to)
        planned = planning.prepare(workspace, work, addressed, full)
        recipients = devices.shown(work, addressed.recipients)
        due = planning.receipt_due(work, addressed.unit.code, (item.key for item in addressed.receivers))
        office = Role(work.local.get("role")) is Role.OFFICE
    needed = estimate(replace(_closed(planned, Sealing(KEYS)), part_size=part_size))
    newest = max((item.at for item in addressed.receipts), default="")
    return PlanFacts(
        changes=len(planned.plan.changes),
        blobs=len(planned.plan.blobs),
        bytes=needed.bytes,
        parts=needed.parts,
        recipients=recipients,
        known_receipt_at=datetime.fromisoformat(newest) if newest else None,
        receiver=_receiver(addressed, office),
        receipt_due=due,
    )


def _receiver(addressed: Addressed, office: bool) -> str:
    names = [f"{item.name} – {unit_of(item.unit).place}" for item in addressed.receivers]
    return "; ".join(names) or (addressed.unit.place if office else _("cơ quan tiếp nhận"))


def export(
    workspace: Workspace,
    folder: Path,
    full: bool = False,
    progress: Progress | None = None,
    *,
    sealing: Sealing | None = None,
    unit: str = "",
    to: Card | None = None,
    part_size: int | None = None,
    recovery: bool | None = None,
) -> Exported:
    """Write a package of what the receiver lacks (or everything), read it back, and remember it as sent.

    An office says about which ``unit``; a commune writes to its office, or ``to`` another computer of its own. Without
    ``sealing`` the package is closed to the known keys. ``recovery`` None: with recovery data on drives that can be
    pulled out.

    Raises:
        InvalidInput: nothing is new, or nobody's key is known and it is not said how to close the package.
        NotFound, CardRefused: the unit or the receiver cannot be. StorageFull, StorageFailed: the target cannot take
            it; nothing complete-looking is left there. WorkspaceDamaged: evidence here is missing or damaged.
    """
    sealing = sealing or Sealing(KEYS)
    with workspace.store.write() as work:
        addressed = planning.address(workspace, work, unit, to)
        _check_closing(work, addressed, sealing)
        planned = planning.prepare(workspace, work, addressed, full)
        planning.check_evidence(planned)
        waiting = (item.key for item in addressed.receivers)
        if planned.empty and not planning.receipt_due(work, addressed.unit.code, waiting):
            raise _nothing_new(addressed)
    return _write(workspace, folder, planned, sealing, part_size, recovery, progress or Silent())


def _write(
    workspace: Workspace,
    folder: Path,
    planned: Planned,
    sealing: Sealing,
    part_size: int | None,
    recovery: bool | None,
    progress: Progress,
) -> Exported:
    identity.make_folder(folder)
    recovery = sticks.is_removable(folder) if recovery is None else recovery
    plan = replace(_closed(planned, sealing), part_size=part_size, recovery=recovery)
    plan, written = _written(workspace, plan, folder, progress)
    with workspace.store.write() as work:
        _remember(work, planned, written, sealing)
    openers = [] if sealing.kind == PLAIN else _openers(planned.addressed, sealing)
    return Exported(
        paths=tuple(item.path for item in written),
        package_id=plan.package_id,
        export_id=plan.export_id,
        unit=planned.addressed.unit,
        changes_count=len(plan.changes),
        blobs=len(plan.blobs),
        size=sum(item.size for item in written),
        full=not any(plan.vector_from.values()),
        parts=len(written),
        encrypted=not plan.plain,
        recipients=tuple(_title(item) for item in openers),
        unconfirmed=tuple(_title(item) for item in openers if item.trust is Trust.SEEN),
        by_passphrase=sealing.kind == PASSPHRASE,
    )


def _written(
    workspace: Workspace, plan: PackagePlan, folder: Path, progress: Progress
) -> tuple[PackagePlan, tuple[WrittenPackage, ...]]:
    """Write a plan; a file of somebody else that is damaged here is left out: the receiver goes on asking for it."""
    with _numbered(workspace, plan):
        while True:
            try:
                return plan, write_packages(plan, folder, progress, overwrite=True)
            except EvidenceUnusable as error:
                rest = tuple(blob for blob in plan.blobs if blob.ref.sha256 != error.sha256)
                if len(rest) == len(plan.blobs) or planning.added_here(workspace, plan.unit_code, error.sha256):
                    raise
                plan = replace(plan, blobs=rest)


@contextmanager
def _numbered(workspace: Workspace, plan: PackagePlan) -> Iterator[None]:
    """Use up the package's number before it is written: after a power cut no other package may come under it."""
    name = planning.NUMBER + plan.device
    with workspace.store.write() as work:
        before = work.local.get(name)
        work.local.put(name, plan.sequence)
    try:
        yield
    except BaseException:
        with workspace.store.write() as work:
            work.local.drop(name) if before is None else work.local.put(name, before)
        raise


def _title(item: KnownKey) -> str:
    return f"{item.name} – {unit_of(item.unit).place}"


def _nothing_new(addressed: Addressed) -> InvalidInput:
    newest = max((item.at for item in addressed.receipts), default="")
    told = _("Không có gì mới để gửi: nơi nhận chưa gửi biên nhận nào, và máy này chưa có gì của đơn vị đó.")
    if newest:
        when = wording.time_text(datetime.fromisoformat(newest))
        told = _("Không có gì mới: nơi nhận đã có tất cả, theo biên nhận lúc {at}.").format(at=when)
    return InvalidInput(
        told,
        _("Nếu nơi nhận bị mất dữ liệu, hãy chọn «Gửi toàn bộ» (--full)."),
    )


# --- closing


def _check_closing(work: UnitOfWork, addressed: Addressed, sealing: Sealing) -> None:
    """Whether a package can be closed as it was chosen.

    Raises:
        InvalidInput: nobody's key is known and nothing was chosen, or the passphrase is too short.
        CardRefused: a card contradicts what is known.
    """
    for card in sealing.cards:
        known = trust.check_card(work, card)
        if known is not None:
            planning.check_not_revoked(known)
    if sealing.kind == KEYS and not addressed.receivers and not sealing.cards:
        raise InvalidInput(
            _("Chưa biết khoá của nơi nhận nên chưa mã hoá được gói."),
            _(
                "Chưa có gì được ghi. Có ba cách: (1) nhập thẻ (.ntmcard) của nơi nhận rồi xuất lại: ntm card import; "
                "(2) khoá gói bằng mật khẩu: --passphrase-file; (3) xuất gói không mã hoá: --plain, "
                "khi đó ai nhặt được USB đều đọc được."
            ),
        )
    if sealing.kind == PASSPHRASE:
        own_keys.check_passphrase(sealing.passphrase)


def _openers(addressed: Addressed, sealing: Sealing) -> list[KnownKey]:
    """Who can open the package besides this computer."""
    by_card = [trust.known_from(card, Trust.SEEN, trust.BY_CARD, utc_now()) for card in sealing.cards]
    return list({item.key: item for item in (*by_card, *addressed.recipients)}.values())


def _closed(planned: Planned, sealing: Sealing) -> PackagePlan:
    if sealing.kind == PLAIN:
        return replace(planned.plan, plain=True)
    keys = planned.plan.keys
    recipients = {Recipient(keys.key_id, keys.age)}
    recipients |= {Recipient(key_id(item.key, item.age), item.age) for item in _openers(planned.addressed, sealing)}
    ordered = tuple(sorted(recipients, key=lambda item: item.key_id))
    return replace(
        planned.plan, recipients=ordered, passphrase=sealing.passphrase if sealing.kind == PASSPHRASE else None
    )


# --- remembering


def _remember(work: UnitOfWork, planned: Planned, written: Sequence[WrittenPackage], sealing: Sealing) -> None:
    plan, addressed = planned.plan, planned.addressed
    trust.enrol_card(work, plan.cards[0], trust.OWN)
    for item in (*addressed.receivers, *_openers(addressed, sealing)):
        card = trust.card_of(item)
        if card is not None and work.partners.key(item.key) is None:
            trust.enrol_card(work, card, trust.BY_CARD)
    work.partners.keep_heads(head for head in plan.heads if head.device == plan.device)
    planning.note_counter(work, plan.unit_code, plan.receipt.counter)
    receivers = [item.key for item in addressed.receivers]
    planning.note_told(work, plan.unit_code, receivers)
    for package in written:
        record = PackageRecord(
            package_id=package.package_id,
            direction=SENT,
            unit=plan.unit_code,
            device=plan.device,
            sequence=plan.sequence,
            at=utc_now(),
            path=str(package.path).encode("utf-8", "replace").decode(),
            changes=len(plan.changes),
            blobs=len(package.blobs),
            vector=plan.vector_to,
            key=receivers[0] if len(receivers) == 1 else "",
            export_id=plan.export_id,
            part=package.part,
            parts=package.parts,
        )
        work.local.record_package(record)


# --- return packages of an office


def export_receipts(
    workspace: Workspace, folder: Path, units: Sequence[str] = (), progress: Progress | None = None
) -> tuple[Exported, ...]:
    """A return package for each commune (or those named) from which something was taken, or about which something was
    written here, since the last one to it.

    It carries the receipt, and what the office has written about the commune that this does not have.

    Raises:
        InvalidInput: this is no office, or no commune waits for one. NotFound: nothing is held about a unit.
        SomeNotWritten: some packages are written, others could not be.
    """
    with workspace.store.read() as work:
        if Role(work.local.get("role")) is not Role.OFFICE:
            raise InvalidInput(
                _("Biên nhận hàng loạt là việc của cơ quan tiếp nhận."),
                _("Chưa có gì được ghi. Gói mà xã xuất đã kèm biên nhận những gì xã nhận được: ntm package export."),
            )
        senders: dict[str, set[str]] = {}
        for item in reversed(work.local.packages(RECEIVED)):
            senders.setdefault(item.unit, set()).add(item.key)
        due = list(units) or [code for code, keys in senders.items() if planning.return_due(work, code, keys)]
    made: list[Exported] = []
    failed: list[tuple[Unit, UserError]] = []
    for code in due:
        try:
            written = _return_package(workspace, folder, code, bool(units), progress or Silent())
        except UserError as error:  # one commune's trouble does not keep the others waiting
            failed.append((unit_of(code), error))
            if isinstance(error, StorageFull | StorageFailed):
                break  # the stick's trouble is everybody's
        else:
            made += [written] if written else []
    if failed:
        if len(due) == 1:
            raise failed[0][1]
        raise SomeNotWritten(made, failed)
    if not made:
        raise InvalidInput(
            _("Không có xã nào đang chờ biên nhận."),
            _("Chưa có gì được ghi. Muốn gửi lại cho một xã, hãy nêu mã xã (--unit)."),
        )
    return tuple(made)


class SomeNotWritten(UserError):
    """Some return packages are written (``made``), others could not be."""

    def __init__(self, made: Sequence[Exported], failed: Sequence[tuple[Unit, UserError]]) -> None:
        named = "; ".join(f"{unit.place}: {error.message}" for unit, error in failed[:5])
        super().__init__(
            _("Đã ghi xong gói cho {count} xã. Chưa ghi được cho {failed} xã: {named}").format(
                count=len(made), failed=len(failed), named=named
            ),
            failed[0][1].hint,
        )
        self.made = tuple(made)


def _return_package(
    workspace: Workspace, folder: Path, code: str, asked_for: bool, progress: Progress
) -> Exported | None:
    """One commune's return package; None where all its computers are revoked and nobody is left to write to."""
    with workspace.store.write() as work:
        addressed = planning.address(workspace, work, code)
        if not addressed.receivers and not asked_for:
            return None
        _check_closing(work, addressed, Sealing(KEYS))
        planned = planning.prepare(workspace, work, addressed, False)
    return _write(workspace, folder, planned, Sealing(KEYS), None, None, progress)
