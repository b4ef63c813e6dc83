"""The other computers: what went to each, what came, what is acknowledged, what is awaited and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ntm_desktop.exchange import Package
from ntm_desktop.i18n import _
from ntm_desktop.model.devices import KeyRole, Receipt, Span, Trust
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import planning
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.local import PackageRecord
from ntm_desktop.store.partners import KeptReceipt, KnownKey
from ntm_desktop.store.store import UnitOfWork

SENT, RECEIVED, DONE = "sent", "received", "done"


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """An evidence file by what a person knows it by; ``code`` is empty where it proves nothing yet."""

    sha256: str
    code: str
    file_name: str

    @property
    def shown(self) -> str:
        """«17.1 · biên bản.pdf»."""
        return f"{self.code} · {self.file_name}" if self.code else self.file_name


@dataclass(frozen=True, slots=True)
class Partner:
    """One other computer (or, with an empty ``key``, whoever took packages before a card of theirs was known).

    ``sent`` and ``received`` count packages; ``unacknowledged`` changes held here that its last receipt does not name
    (all, where it has sent none), ``unsent`` those written here that no package to it has carried. ``waiting`` are
    sentences about what has not come, ``missing`` evidence files that are named but not here, ``asked`` those that it
    says it lacks. ``receipt_due``: something came from it that it was not told of yet.
    """

    key: str
    name: str
    unit: Unit
    role: KeyRole
    state: str
    sent_at: datetime | None
    sent: int
    received_at: datetime | None
    received: int
    acknowledged_at: datetime | None
    unacknowledged: int
    waiting: tuple[str, ...]
    missing: tuple[str, ...]
    asked: tuple[str, ...] = ()
    unsent: int = 0
    receipt_due: bool = False


def partners(workspace: Workspace) -> tuple[Partner, ...]:
    """All computers that packages go to or come from, in the order in which they were met."""
    with workspace.store.read() as work:
        own = work.local.get("unit")
        is_office = Role(work.local.get("role")) is Role.OFFICE
        packages = [*work.local.packages(SENT), *work.local.packages(RECEIVED)]
        stored = set(workspace.blobs.all())  # an office holds the files of many
        to_all: set[str] = set()  # ids of packages without a name on them that went to computers known here
        found: list[Partner] = []
        for known in work.partners.keys(""):
            if known.trust is Trust.OWN:
                continue
            unit = known.unit if is_office and known.role is KeyRole.COMMUNE else own
            receives = known.trust is not Trust.REVOKED and (known.role is KeyRole.OFFICE) is not is_office
            mine = [item for item in packages if item.key == known.key]
            shared = [item for item in packages if receives and _to_all(item, unit)]
            to_all |= {item.package_id for item in shared}
            found.append(_partner(workspace, work, known, unit, [*mine, *shared], stored))
        nameless = [
            item for item in packages if not item.key and item.direction == SENT and item.package_id not in to_all
        ]
        if nameless:
            found.append(_nameless(own, nameless))
    return tuple(found)


def _to_all(package: PackageRecord, unit: str) -> bool:
    """A package without a receiver's name went to all computers on the other side."""
    return not package.key and package.direction == SENT and package.unit == unit


def _partner(
    workspace: Workspace,
    work: UnitOfWork,
    known: KnownKey,
    unit: str,
    packages: Iterable[PackageRecord],
    stored: Collection[str],
) -> Partner:
    sent, received = _of(packages, SENT), _of(packages, RECEIVED)
    kept = work.partners.receipt(known.key, unit)
    held = work.journal.vector(unit)
    missing = missing_evidence(workspace, work, unit, stored) if received else ()
    return Partner(
        key=known.key,
        name=known.name,
        unit=unit_of(known.unit),
        role=known.role,
        state=known.trust.value,
        sent_at=_latest(sent),
        sent=len({item.export_id or item.package_id for item in sent}),
        received_at=_latest(received),
        received=len({item.export_id or item.package_id for item in received}),
        acknowledged_at=datetime.fromisoformat(kept.at) if kept else None,
        unacknowledged=_not_in(held, kept),
        waiting=tuple(_awaited_from(work, unit, received, bool(missing))),
        missing=tuple(item.shown for item in missing),
        asked=tuple(item.shown for item in named(work, unit, kept.receipt.missing)) if kept else (),
        unsent=_unsent(work, unit, held, sent),
        receipt_due=planning.receipt_due(work, unit, [known.key]),
    )


def _unsent(work: UnitOfWork, unit: str, held: Mapping[str, int], sent: Iterable[PackageRecord]) -> int:
    own = work.local.own_devices().get(unit, "")
    carried = max((item.vector.get(own, 0) for item in sent if item.unit == unit), default=0)
    return max(0, held.get(own, 0) - carried)


def _nameless(own: str, packages: list[PackageRecord]) -> Partner:
    return Partner(
        key="",
        name=_("Nơi nhận chưa trao thẻ"),
        unit=unit_of(own),
        role=KeyRole.OFFICE,
        state="",
        sent_at=_latest(packages),
        sent=len({item.export_id or item.package_id for item in packages}),
        received_at=None,
        received=0,
        acknowledged_at=None,
        unacknowledged=0,
        waiting=(),
        missing=(),
    )


def _of(packages: Iterable[PackageRecord], direction: str) -> list[PackageRecord]:
    return [item for item in packages if item.direction == direction and item.state == DONE]


def _latest(packages: Iterable[PackageRecord]) -> datetime | None:
    return max((datetime.fromisoformat(item.at) for item in packages), default=None)


def _not_in(held: Mapping[str, int], kept: KeptReceipt | None) -> int:
    vector = kept.receipt.vector if kept else {}
    return sum(max(0, seq - vector.get(device, 0)) for device, seq in held.items())


# --- evidence by name


def missing_evidence(
    workspace: Workspace, work: UnitOfWork, unit: str, stored: Collection[str] | None = None
) -> tuple[EvidenceFile, ...]:
    """Evidence files of a unit that its dossiers name and that are not on this computer.

    ``stored``: hashes of the files that are here, where they are known already.
    """
    here = workspace.blobs.has if stored is None else stored.__contains__
    if all(here(sha256) for sha256 in work.rows.evidence_hashes(unit)):
        return ()
    found = [
        EvidenceFile(item.blob.sha256, item.codes[0] if item.codes else "", item.file_name)
        for assessment in work.rows.assessments(unit)
        for item in work.rows.evidence(assessment.assessment_id)
        if not here(item.blob.sha256)
    ]
    return tuple({item.sha256: item for item in found}.values())


def named(work: UnitOfWork, unit: str, sha256s: Iterable[str]) -> tuple[EvidenceFile, ...]:
    """Evidence files of a unit by their content; what is not named here any more is left out."""
    wanted = set(sha256s)
    if not wanted:
        return ()
    found = {
        item.blob.sha256: EvidenceFile(item.blob.sha256, item.codes[0] if item.codes else "", item.file_name)
        for assessment in work.rows.assessments(unit)
        for item in work.rows.evidence(assessment.assessment_id, removed=True)
        if item.blob.sha256 in wanted
    }
    return tuple(found.values())


# --- what is awaited


def awaited(work: UnitOfWork, unit: str, devices: Collection[str] = ()) -> tuple[str, ...]:
    """Which changes about a unit (of these devices) have not come, while later ones wait here; finished sentences."""
    received = [item for item in work.local.packages(RECEIVED, unit) if item.state == DONE]
    told: list[str] = []
    for span in gaps(work, unit):
        if not devices or span.device in devices:
            ids = work.journal.waiting.packages(span.device)
            brought = [item for item in received if item.package_id in ids]
            told.append(gap_sentence(work, unit, span, brought, received))
    return tuple(dict.fromkeys(told))


def _awaited_from(work: UnitOfWork, unit: str, received: Sequence[PackageRecord], lacking: bool) -> list[str]:
    """What has not come through one computer: changes that others wait for, and parts of its packages."""
    ids = {item.package_id for item in received}
    waiting = {span.device for span in work.journal.waiting.spans(unit)}
    devices = {device for device in waiting if ids & set(work.journal.waiting.packages(device))}
    told = list(awaited(work, unit, devices)) if devices else []
    if lacking:
        told += _missing_parts(unit, [item for item in received if item.unit == unit])
    return told


def gaps(work: UnitOfWork, unit: str) -> tuple[Span, ...]:
    """The changes between what is held and what waits: those that have to come before it can be applied."""
    found: list[Span] = []
    ends: dict[str, int] = {}
    held = work.journal.vector(unit)
    for span in work.journal.waiting.spans(unit):
        first = ends.get(span.device, held.get(span.device, 0)) + 1
        found.append(Span(span.device, first, span.first - 1))
        ends[span.device] = span.last
    return tuple(found)


def gap_sentence(
    work: UnitOfWork, unit: str, span: Span, brought: Iterable[PackageRecord], received: Iterable[PackageRecord]
) -> str:
    """«Đang chờ gói 3 của xã …» where the number of the package is known, else which changes of which computer."""
    place = unit_of(unit).full_name
    changes = _("thay đổi {first}–{last} của {device}").format(
        first=span.first, last=span.last, device=device_name(work, span.device)
    )
    direct = [item for item in brought if item.device == span.device]
    numbers = {item.sequence for item in received if item.device == span.device}
    lacking = [number for item in direct for number in range(1, item.sequence) if number not in numbers]
    if not lacking:
        return _("Đang chờ {changes} ({unit}).").format(changes=changes, unit=place)
    known = ", ".join(str(number) for number in sorted(set(lacking))[-5:])
    return _("Đang chờ gói {numbers} của {unit} ({changes}).").format(numbers=known, unit=place, changes=changes)


def _missing_parts(unit: str, received: Iterable[PackageRecord]) -> list[str]:
    """Parts of packages of which some have come, and some not."""
    exports: dict[str, list[PackageRecord]] = {}
    for item in received:
        if item.parts > 1:
            exports.setdefault(item.export_id, []).append(item)
    told: list[str] = []
    for items in exports.values():
        lacking = sorted(set(range(1, items[0].parts + 1)) - {item.part for item in items})
        if lacking:
            told.append(
                _("Đang chờ phần {parts} trong {all} phần của gói {number} ({unit}).").format(
                    parts=", ".join(map(str, lacking)),
                    all=items[0].parts,
                    number=items[0].sequence,
                    unit=unit_of(unit).full_name,
                )
            )
    return told


def device_name(work: UnitOfWork, device: str, package: Package | None = None) -> str:
    """What a person calls the computer that writes as ``device``; ``package`` may be what introduces it."""
    if device in work.local.own_devices().values():
        return _("máy này")
    heads = package.heads if package is not None else ()
    key = work.partners.key_of(device) or next((head.key for head in heads if head.device == device), "")
    known = work.partners.key(key)
    if known is not None:
        return _("máy này") if known.trust is Trust.OWN else _("máy «{name}»").format(name=known.name)
    names = [card.name for card in package.cards if card.key == key] if package is not None else []
    return _("máy «{name}»").format(name=names[0]) if names else _("máy {id}").format(id=device[:8])


# --- what a receipt says


def receipt_lines(work: UnitOfWork, unit: str, sender: str, receipt: Receipt) -> tuple[str, ...]:
    """What another computer says that it holds, waits for and lacks, as sentences."""
    told: list[str] = []
    own = work.local.own_devices().get(unit, "")
    written = work.journal.chain_end(own)[0] if own else 0
    if written:
        held = min(written, receipt.vector.get(own, 0))
        told.append(
            _("«{sender}» xác nhận đã có {held}/{all} thay đổi của máy này.").format(
                sender=sender, held=held, all=written
            )
        )
    for span in receipt.waiting:
        told.append(
            _("«{sender}» đã nhận nhưng chưa áp dụng được thay đổi {first}–{last} của {device}.").format(
                sender=sender, first=span.first, last=span.last, device=device_name(work, span.device)
            )
        )
    lacking = named(work, unit, receipt.missing)
    if receipt.missing:
        names = ", ".join(item.shown for item in lacking[:5]) or _("không rõ tên")
        told.append(
            _("«{sender}» còn thiếu {count} tệp minh chứng ({names}); lần gửi tới sẽ gửi lại.").format(
                sender=sender, count=len(receipt.missing), names=names
            )
        )
    for device in sorted(receipt.forks):
        told.append(
            _("«{sender}» báo dữ liệu của {device} đã quay về bản cũ nên chưa nhận phần ghi sau đó.").format(
                sender=sender, device=device_name(work, device)
            )
        )
    return tuple(told)
