"""The computers that are known here: who they are, how far they are trusted, and what is done about that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ntm_desktop.errors import InvalidInput, NotFound
from ntm_desktop.exchange.cards import Card, make_card
from ntm_desktop.i18n import _
from ntm_desktop.model.devices import KeyRole, Trust, fingerprint, key_id
from ntm_desktop.model.text import search_key
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import trust
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.workspace import Role, Workspace, unit_of
from ntm_desktop.store.partners import KnownKey
from ntm_desktop.store.store import UnitOfWork, utc_now

ENTITY = "known_key"  # what Changes of this module touch
_FEWEST_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A computer as a person sees it. ``source``: own, card, package, introduced (by one that is trusted)."""

    key: str
    key_id: str
    name: str
    unit: Unit
    role: Role
    state: str  # own | confirmed | seen | revoked
    fingerprint: str
    seen_at: datetime
    source: str
    devices: tuple[str, ...] = ()
    last_seen_package_at: datetime | None = None

    @property
    def title(self) -> str:
        """The computer and where it stands, in one line."""
        return f"{self.name} – {self.unit.place}"


def own_card_in(workspace: Workspace, work: UnitOfWork) -> Card:
    """The card of this computer within a transaction; the one that is kept as long as it says the same."""
    unit = unit_of(work.local.get("unit"))
    role = KeyRole(work.local.get("role"))
    held = work.partners.key(workspace.keys.key)
    kept = trust.card_of(held) if held is not None else None
    made = make_card(
        workspace.keys,
        name=workspace.computer(work),
        unit=unit.code,
        unit_name=work.rows.profile(unit.code).name or unit.full_name,
        role=role,
        made_at=utc_now(),
    )
    if kept is not None and (kept.name, kept.unit, kept.unit_name) == (made.name, made.unit, made.unit_name):
        return kept
    return made


def remember_own(workspace: Workspace, work: UnitOfWork) -> None:
    """Keep this computer's own card, for who goes on with a copy of this database under other keys."""
    trust.enrol_card(work, own_card_in(workspace, work), trust.OWN)


def shown(work: UnitOfWork, items: Iterable[KnownKey]) -> tuple[Known, ...]:
    """What is known of computers, for a person."""
    taken = sorted(work.local.packages("received"), key=lambda one: one.at)
    last = {one.key: one.at for one in taken}
    return tuple(_shown(work, item, last.get(item.key, "")) for item in items)


def _shown(work: UnitOfWork, item: KnownKey, last: str) -> Known:
    return Known(
        key=item.key,
        key_id=key_id(item.key, item.age),
        name=item.name,
        unit=unit_of(item.unit),
        role=Role(item.role.value),
        state=item.trust.value,
        fingerprint=fingerprint(item.key, item.age),
        seen_at=datetime.fromisoformat(item.seen_at),
        source=item.source,
        devices=tuple(sorted(work.partners.devices(item.key))),
        last_seen_package_at=datetime.fromisoformat(last) if last else None,
    )


def known(workspace: Workspace) -> tuple[Known, ...]:
    """This computer first, then the others in the order in which they were met."""
    with workspace.store.read() as work:
        card = own_card_in(workspace, work)
        own = trust.known_from(card, Trust.OWN, trust.OWN, card.made_at)
        everybody = work.partners.keys()
        return shown(work, (own, *(item for item in everybody if item.key != own.key)))


def find(workspace: Workspace, text: str) -> Known:
    """A computer by its key, key id, the beginning of its fingerprint, or a name that only one has.

    Raises:
        NotFound: there is none. InvalidInput: the words fit several.
    """
    everybody = known(workspace)
    wanted = text.strip()
    digits = "".join(wanted.split())
    exact = [item for item in everybody if wanted.lower() in (item.key, item.key_id)]
    found = exact or [
        item
        for item in everybody
        if (digits.isdigit() and len(digits) >= _FEWEST_DIGITS and item.fingerprint.replace(" ", "").startswith(digits))
        or search_key(wanted) in {search_key(name) for name in (item.name, item.unit.name, item.title)}
    ]
    if not found:
        raise NotFound(
            _("Không có máy nào là «{text}» trong danh sách máy đã biết.").format(text=text),
            _("Chưa có gì thay đổi. Xem danh sách: ntm devices. Hãy dùng mã đối chiếu hoặc tên của máy."),
        )
    if len(found) > 1:
        raise InvalidInput(
            _("«{text}» đúng với {count} máy: {names}.").format(
                text=text, count=len(found), names="; ".join(f"{item.title} ({item.key_id})" for item in found)
            ),
            _("Chưa có gì thay đổi. Hãy dùng mã đối chiếu của máy cần chọn."),
        )
    return found[0]


def card_of(workspace: Workspace, key: str) -> Card:
    """The card of a known computer, to address a package to it.

    Raises:
        NotFound: the key is not known here.
    """
    with workspace.store.read() as work:
        card = trust.card_of(_other(workspace, work, key))
    if card is None:
        raise NotFound(_("Máy này chưa có thẻ."), _("Chưa có gì thay đổi. Hãy nhập thẻ (.ntmcard) của máy đó."))
    return card


def confirm(workspace: Workspace, key: str) -> Changes:
    """Two people have compared the fingerprint: the key is its owner's. A revocation by mistake is taken back so, too.

    Raises:
        NotFound: the key is not known here. InvalidInput: it is this computer's own.
    """
    with workspace.store.write() as work:
        item = _other(workspace, work, key)
        work.partners.put_key(
            replace(item, trust=Trust.CONFIRMED, confirmed_at=utc_now(), revoked_at="", revoked_ends={})
        )
    return _changes([key])


def revoke(workspace: Workspace, key: str) -> Changes:
    """Take nothing more from a computer and send nothing more to it; what was taken before stays.

    Raises:
        NotFound: the key is not known here. InvalidInput: it is this computer's own.
    """
    with workspace.store.write() as work:
        item = _other(workspace, work, key)
        if item.trust is Trust.REVOKED:
            return Changes()
        ends = work.partners.ends(work.partners.devices(key))
        work.partners.put_key(replace(item, trust=Trust.REVOKED, revoked_at=utc_now(), revoked_ends=ends))
    return _changes([key])


def _other(workspace: Workspace, work: UnitOfWork, key: str) -> KnownKey:
    if key == workspace.keys.key:
        raise InvalidInput(_("Đây là khoá của chính máy này."), _("Chưa có gì thay đổi. Hãy chọn một máy khác."))
    item = work.partners.key(key)
    if item is None:
        raise NotFound(_("Máy này chưa có trong danh sách máy đã biết."), _("Chưa có gì thay đổi."))
    return item


def _changes(keys: Iterable[str]) -> Changes:
    return Changes.of((ENTITY, key) for key in keys)
