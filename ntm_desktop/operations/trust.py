"""Whose keys are believed what: the rules by which cards are enrolled and the senders of packages are judged.

A key is met on first use and shown as such until two people have compared its fingerprint. What a sender could write
itself, it may also vouch for: another computer of its own commune or office. Everything else asks for a card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ntm_desktop.errors import CardRefused, PackageUntrusted
from ntm_desktop.exchange import Package
from ntm_desktop.exchange.cards import Card, card_from_json
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change
from ntm_desktop.model.devices import Head, KeyRole, Trust
from ntm_desktop.operations.workspace import unit_of
from ntm_desktop.store.local import KEY
from ntm_desktop.store.partners import KnownKey
from ntm_desktop.store.store import UnitOfWork, utc_now

NEW = "new"
OWN, BY_CARD, BY_PACKAGE, INTRODUCED = "own", "card", "package", "introduced"


@dataclass(frozen=True, slots=True)
class Judged:
    """What may be taken of a package, and whom to remember with it.

    ``state`` is that of the sender before: new, seen, confirmed, own. ``roles`` names exactly the devices whose changes
    are among ``changes``; ``left`` are sentences about those that nobody trusted vouches for. ``offered`` are cards of
    computers that only a person can decide to believe: a lost one, say, whose history comes back from the office.
    """

    sender: Card
    state: str
    enrol: tuple[tuple[Card, str], ...]
    roles: Mapping[str, KeyRole]
    changes: tuple[Change, ...]
    heads: tuple[Head, ...]
    left: tuple[str, ...] = ()
    offered: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class _Here:
    """This workspace, as the rules see it."""

    key: str
    role: KeyRole
    unit: str
    known: Mapping[str, KnownKey]

    @property
    def knows_office(self) -> bool:
        """True where a receiving office has been met that is not revoked."""
        others = (item for item in self.known.values() if item.key != self.key)
        return any(item.role is KeyRole.OFFICE and item.trust is not Trust.REVOKED for item in others)


def _here(work: UnitOfWork) -> _Here:
    local, everybody = work.local, work.partners.keys()
    known = {item.key: item for item in everybody}
    return _Here(local.get(KEY, ""), KeyRole(local.get("role")), local.get("unit"), known)


def role_towards(card_role: KeyRole, card_unit: str, unit: str) -> KeyRole:
    """What the owner of a card is towards a unit: of its own unit an office is the owner too."""
    return KeyRole.OFFICE if card_role is KeyRole.OFFICE and card_unit != unit else KeyRole.COMMUNE


# --- cards


def check_card(work: UnitOfWork, card: Card) -> KnownKey | None:
    """Hold a card against what is known here; returns what is known of its key.

    Raises:
        CardRefused: it contradicts that, or its owner has no business with this workspace.
    """
    here = _here(work)
    known = here.known.get(card.key)
    hint = _("Thẻ này không được nhận, dữ liệu không thay đổi.")
    if known is not None and _contradicts(known, card):
        raise CardRefused(
            _("Thẻ của «{name}» mâu thuẫn với thẻ đã nhận trước của cùng một khoá.").format(name=card.name),
            hint + " " + _("Hãy hỏi trực tiếp đơn vị đó trước khi làm gì tiếp."),
        )
    if here.role is KeyRole.COMMUNE and card.key != here.key:
        if card.role is KeyRole.COMMUNE and card.unit != here.unit:
            raise CardRefused(
                _("Thẻ này là của {unit}, không phải của {own} hay của cơ quan tiếp nhận.").format(
                    unit=unit_of(card.unit).place, own=unit_of(here.unit).place
                ),
                hint + " " + _("Hãy nhập thẻ của cơ quan tiếp nhận, hoặc của máy tính khác trong xã."),
            )
        if card.role is KeyRole.OFFICE and card.unit == here.unit:
            raise CardRefused(
                _("Thẻ này tự nhận là cơ quan tiếp nhận của chính {own}.").format(own=unit_of(here.unit).place), hint
            )
    if here.role is KeyRole.OFFICE and card.role is KeyRole.COMMUNE and card.unit == here.unit:
        raise CardRefused(  # it would write what stands in the name of this office
            _("Thẻ này tự nhận là máy của đơn vị nộp hồ sơ nhưng mang mã của chính {own}.").format(
                own=unit_of(here.unit).place
            ),
            hint,
        )
    return known


def _contradicts(known: KnownKey, card: Card) -> bool:
    return (known.age, known.unit, known.role) != (card.age, card.unit, card.role)


def enrol_card(work: UnitOfWork, card: Card, source: str, at: str = "") -> KnownKey:
    """Remember the owner of a card, as seen and not yet compared; what is known of it already keeps its trust.

    Raises:
        CardRefused: see :func:`check_card`.
    """
    known = check_card(work, card)
    if known is None:
        trust = Trust.OWN if card.key == work.local.get(KEY, "") else Trust.SEEN
        made = known_from(card, trust, source, at or utc_now())
    elif str(known.card.get("made_at", "")) <= card.made_at:
        made = replace(known, name=card.name, card=card.to_json())
    else:
        made = known
    if source == BY_CARD and made.trust is Trust.SEEN:
        made = replace(made, source=BY_CARD)
    if made != known:
        work.partners.put_key(made)
    return made


def known_from(card: Card, trust: Trust, source: str, at: str) -> KnownKey:
    """What a card says, as it is kept."""
    return KnownKey(card.key, card.age, card.name, card.unit, card.role, trust, source, at, card=card.to_json())


def card_of(known: KnownKey) -> Card | None:
    """The card that a key came with."""
    return card_from_json(dict(known.card)) if known.card else None


# --- packages


def judge_sender(work: UnitOfWork, package: Package, name: str = "") -> Judged:
    """Who sent a package, and what of it may be taken; nothing is written. ``name`` is the file's, for sentences.

    Raises:
        PackageUntrusted: its sender is revoked, or unknown where a card is asked for, or contradicts what is known.
    """
    here = _here(work)
    sender, unit = package.cards[0], package.manifest.identity.unit_code
    state = _state(work, here, sender, unit, name)
    trusted: dict[str, tuple[KeyRole, str]] = {}
    enrol = [(sender, BY_PACKAGE)]
    for card in package.cards[1:]:
        if card.key != here.key and card.key not in here.known and _may_introduce(here, sender, card, unit):
            enrol.append((card, INTRODUCED))
    for card, _source in enrol:
        trusted[card.key] = (card.role, card.unit)
    trusted |= {item.key: (item.role, item.unit) for item in here.known.values()}
    trusted[here.key] = (here.role, here.unit)
    roles = {
        head.device: role_towards(*trusted[head.key], unit)
        for head in package.heads
        if head.key in trusted and _concerned(*trusted[head.key], unit)
    }
    cut = _revoked_ends(here, package.heads)
    unknown = (card for card in package.cards[1:] if card.key not in trusted)
    return Judged(
        sender=sender,
        state=state,
        enrol=tuple(enrol),
        roles=roles,
        changes=tuple(
            change
            for change in package.changes
            if change.device in roles and change.seq <= cut.get(change.device, change.seq)
        ),
        heads=tuple(
            head for head in package.heads if head.device in roles and head.seq <= cut.get(head.device, head.seq)
        ),
        left=tuple(_left_out(work, here, package, roles, cut)),
        offered=tuple(card for card in unknown if _concerned(card.role, card.unit, unit)),
    )


def enrol(work: UnitOfWork, judged: Judged, at: str) -> None:
    """Remember whom a package brought, in the transaction that takes the package.

    Raises:
        CardRefused: what was judged has changed in between.
    """
    for card, source in judged.enrol:
        enrol_card(work, card, source, at)


def _state(work: UnitOfWork, here: _Here, sender: Card, unit: str, name: str) -> str:
    if sender.key == here.key:
        return Trust.OWN.value
    known = here.known.get(sender.key)
    if known is not None and known.trust is Trust.REVOKED:
        raise PackageUntrusted(
            _("Gói {file} do máy «{name}» gửi, mà khoá của máy này đã bị thu hồi.").format(file=name, name=known.name),
            _("Cả gói không được nhận, dữ liệu không thay đổi. Nếu thu hồi nhầm, hãy so mã rồi xác nhận lại máy đó."),
        )
    try:
        check_card(work, sender)
    except CardRefused as error:
        raise PackageUntrusted(
            _("Gói {file} không được nhận: {why}").format(file=name, why=error.message), error.hint
        ) from error
    if not _concerned(sender.role, sender.unit, unit):
        raise PackageUntrusted(
            _("Gói {file} mang dữ liệu của {unit} nhưng do máy của {other} gửi.").format(
                file=name, unit=unit_of(unit).place, other=unit_of(sender.unit).place
            ),
            _("Cả gói không được nhận, dữ liệu không thay đổi. Hãy hỏi lại nơi gửi."),
        )
    if known is not None:
        return known.trust.value
    _check_first_meeting(here, sender, name)
    return NEW


def _concerned(role: KeyRole, card_unit: str, unit: str) -> bool:
    """A commune has business with its own dossier only."""
    return role is KeyRole.OFFICE or card_unit == unit


def _check_first_meeting(here: _Here, sender: Card, name: str) -> None:
    """Trust on first use: an office takes any commune, a commune its first office. Others show their card first."""
    if here.role is KeyRole.OFFICE and sender.role is KeyRole.COMMUNE:
        return
    if here.role is KeyRole.COMMUNE and sender.role is KeyRole.OFFICE and not here.knows_office:
        return
    if sender.role is KeyRole.COMMUNE:
        what = _("Gói {file} do một máy khác của xã gửi («{name}») mà máy này chưa biết.")
    else:
        what = _("Gói {file} do một cơ quan tiếp nhận gửi («{name}») mà máy này chưa biết.")
    raise PackageUntrusted(
        what.format(file=name, name=sender.name),
        _(
            "Cả gói không được nhận, dữ liệu không thay đổi. Hãy nhập thẻ (.ntmcard) của máy đó, "
            "so mã đối chiếu {fingerprint}, rồi nhận lại gói."
        ).format(fingerprint=sender.fingerprint),
    )


def _may_introduce(here: _Here, sender: Card, card: Card, unit: str) -> bool:
    """A sender vouches for no more than it could write itself; an office believes every commune."""
    if not _concerned(card.role, card.unit, unit):
        return False
    if card.role is KeyRole.COMMUNE:
        return card.unit != here.unit if here.role is KeyRole.OFFICE else sender.role is KeyRole.COMMUNE
    if here.role is KeyRole.COMMUNE and card.unit == here.unit:
        return False
    return (sender.role is KeyRole.OFFICE and sender.unit == card.unit) or (
        here.role is KeyRole.COMMUNE and not here.knows_office
    )


def _revoked_ends(here: _Here, heads: Iterable[Head]) -> dict[str, int]:
    """Device → counter up to which changes of a revoked key may still be taken."""
    revoked = {key: item.revoked_ends for key, item in here.known.items() if item.trust is Trust.REVOKED}
    return {head.device: revoked[head.key].get(head.device, 0) for head in heads if head.key in revoked}


def _left_out(
    work: UnitOfWork, here: _Here, package: Package, roles: Mapping[str, KeyRole], cut: Mapping[str, int]
) -> Iterable[str]:
    names = {card.key: card.name for card in package.cards} | {item.key: item.name for item in here.known.values()}
    held = work.partners.ends([head.device for head in package.heads])
    for head in _distinct(package.heads):
        if head.seq <= held.get(head.device, 0):
            continue
        name = names.get(head.key, head.key[:8])
        if head.device not in roles:
            yield _(
                "Gói có thay đổi của máy «{name}» mà máy này chưa biết nên chưa nhận phần đó. "
                "Hãy nhập thẻ của máy đó (tệp .ntmcard, hoặc thẻ kèm trong gói này) rồi nhận lại gói."
            ).format(name=name)
        elif head.seq > cut.get(head.device, head.seq):
            yield _("Gói có thay đổi của máy «{name}» sau khi khoá của máy đó bị thu hồi: không nhận phần đó.").format(
                name=name
            )


def _distinct(heads: Sequence[Head]) -> Iterable[Head]:
    return {head.key: head for head in heads}.values()
