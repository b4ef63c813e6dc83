"""What stands behind sending: rules of trust, plans, receipts and the stick, held against real packages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_desktop.errors import CardRefused, InvalidInput, PackageUntrusted
from ntm_desktop.exchange import Package, Unlock, cards, read_package, write_packages
from ntm_desktop.model.devices import KeyRole, Trust
from ntm_desktop.model.progress import Silent
from ntm_desktop.operations import devices, identity, own_keys, packages, planning, results, setup, sticks, trust
from ntm_desktop.operations.packages import Sealing
from ntm_desktop.operations.workspace import Role, Workspace, open_workspace
from ntm_desktop.store.store import utc_now
from tests.core import hostile_packages
from tests.core.command_line import COMMUNE, NATIONAL, NEIGHBOUR, PROVINCE

OPEN = Sealing(packages.PLAIN)


class World:
    """Workspaces that are closed at the end."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack

    def commune(self, name: str = "xã", unit: str = COMMUNE) -> Workspace:
        return self._stack.enter_context(
            setup.create(
                self.folder / name, unit_code=unit, role=Role.COMMUNE, catalogue_id=NATIONAL, year=2024, name="Xã mẫu"
            )
        )

    def office(self, name: str = "tỉnh") -> Workspace:
        return self._stack.enter_context(setup.create(self.folder / name, unit_code=PROVINCE, role=Role.OFFICE))

    def package(self, sender: Workspace, **options: object) -> Package:
        """A package of everything, opened."""
        made = packages.export(sender, self.folder / "usb", True, sealing=OPEN, **options)  # type: ignore[arg-type]
        return self._stack.enter_context(read_package(made.path, Unlock()))

    def card(self, owner: Workspace) -> Path:
        return identity.export_card(owner, self.folder / "thẻ" / owner.folder.name)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def judge(receiver: Workspace, package: Package) -> trust.Judged:
    with receiver.store.read() as work:
        return trust.judge_sender(work, package, "gói.ntmpkg")


def take(receiver: Workspace, package: Package) -> trust.Judged:
    """What an import does with the judgement."""
    judged = judge(receiver, package)
    for ref in (*package.catalogues, *package.blobs):
        with package.open(ref) as stream:
            receiver.blobs.put_stream(stream, ref.media_type, ref.sha256, ref.size, Silent())
    with receiver.store.write() as work:
        trust.enrol(work, judged, utc_now())
        work.journal.absorb(judged.changes, judged.roles)
        work.partners.keep_heads(judged.heads)
        unit, sender = package.manifest.identity.unit_code, judged.sender.key
        work.partners.keep_receipt(sender, unit, utc_now(), package.manifest.identity.package_id, package.receipt)
    return judged


def state(workspace: Workspace, other: Workspace) -> str:
    return {item.key: item.state for item in devices.known(workspace)}.get(other.keys.key, "")


# --- senders ------------------------------------------------------------------------------------------------------


def test_an_office_takes_a_commune_on_first_use_and_says_so(world: World) -> None:
    commune, office = world.commune(), world.office()
    judged = take(office, world.package(commune))
    assert judged.state == trust.NEW
    assert set(judged.roles.values()) == {KeyRole.COMMUNE}
    assert state(office, commune) == "seen"
    devices.confirm(office, commune.keys.key)
    assert judge(office, world.package(commune)).state == "confirmed"
    assert judge(commune, world.package(commune)).state == "own"


def test_a_commune_takes_its_first_office_and_no_other_without_a_card(world: World) -> None:
    commune, first, second = world.commune(), world.office(), world.office("tỉnh khác")
    for office in (first, second):
        take(office, world.package(commune))
    take(commune, world.package(first, unit=COMMUNE))
    assert state(commune, first) == "seen"
    with pytest.raises(PackageUntrusted) as refused:
        judge(commune, world.package(second, unit=COMMUNE))
    assert identity.own_card(second).fingerprint in str(refused.value)
    identity.import_card(commune, world.card(second))
    assert judge(commune, world.package(second, unit=COMMUNE)).state == "seen"


def test_another_computer_of_the_commune_shows_its_card_first(world: World) -> None:
    one, other = world.commune(), world.commune("máy hai")
    with pytest.raises(PackageUntrusted):
        judge(one, world.package(other))
    identity.import_card(one, world.card(other))
    assert judge(one, world.package(other)).state == "seen"


def test_a_revoked_sender_is_refused_until_it_is_confirmed_again(world: World) -> None:
    commune, office = world.commune(), world.office()
    take(office, world.package(commune))
    devices.revoke(office, commune.keys.key)
    with pytest.raises(PackageUntrusted):
        judge(office, world.package(commune))
    devices.confirm(office, commune.keys.key)
    assert judge(office, world.package(commune)).state == "confirmed"


def test_a_commune_does_not_speak_for_another(world: World) -> None:
    commune, office = world.commune(), world.office()
    stranger = cards.make_card(
        commune.keys, name="Máy mẫu", unit=NEIGHBOUR, unit_name="Xã bên", role=KeyRole.COMMUNE, made_at=utc_now()
    )
    with commune.store.write() as work:
        plan = planning.prepare(commune, work, planning.address(commune, work), True).plan
    (world.folder / "giả").mkdir()
    (made,) = write_packages(replace(plan, plain=True, cards=(stranger,)), world.folder / "giả")
    with read_package(made.path, Unlock()) as lying, pytest.raises(PackageUntrusted):
        judge(office, lying)
    take(office, world.package(commune))
    with read_package(made.path, Unlock()) as lying, pytest.raises(PackageUntrusted):
        judge(office, lying)


@pytest.mark.parametrize("other", [{"unit": NEIGHBOUR}, {"role": KeyRole.OFFICE}])
def test_a_card_never_changes_unit_or_role_of_a_known_key(world: World, other: dict[str, object]) -> None:
    commune, office = world.commune(), world.office()
    said = {"name": "Máy mẫu", "unit": COMMUNE, "unit_name": "Xã mẫu", "role": KeyRole.COMMUNE, "made_at": utc_now()}
    paths = [world.folder / "một.ntmcard", world.folder / "hai.ntmcard"]
    for path, words in zip(paths, (said, said | other), strict=True):
        cards.write_card(cards.make_card(commune.keys, **words), path)  # type: ignore[arg-type]
    identity.import_card(office, paths[0])
    with pytest.raises(CardRefused):
        identity.import_card(office, paths[1])
    (known,) = [item for item in devices.known(office) if item.state != "own"]
    assert (known.unit.code, known.role) == (COMMUNE, Role.COMMUNE)


def test_an_office_of_the_communes_own_code_is_no_office(world: World) -> None:
    """It would have the rights of the commune itself."""
    commune = world.commune()
    false = setup.create(world.folder / "giả", unit_code=COMMUNE, role=Role.OFFICE)
    with false:
        with pytest.raises(CardRefused):
            identity.import_card(commune, world.card(false))
        with pytest.raises(PackageUntrusted):
            take(false, world.package(commune))
    path = hostile_packages.package(world.folder, hostile_packages.begun(), role=KeyRole.OFFICE)
    with read_package(path, Unlock()) as package, pytest.raises(PackageUntrusted):
        judge(commune, package)


# --- what is relayed ----------------------------------------------------------------------------------------------


def pair(one: Workspace, other: Workspace, world: World) -> None:
    for mine, theirs in ((one, other), (other, one)):
        identity.import_card(mine, world.card(theirs))


def test_a_commune_vouches_for_its_other_computers(world: World) -> None:
    one, other, office = world.commune(), world.commune("máy hai"), world.office()
    pair(one, other, world)
    results.save(other, other.info().current, "3.2", {"data_source": "Số liệu mẫu"})
    take(one, world.package(other))
    judged = take(office, world.package(one))
    assert set(judged.roles.values()) == {KeyRole.COMMUNE}
    assert len(judged.roles) == 2
    assert judged.left == ()
    (known,) = [item for item in devices.known(office) if item.key == other.keys.key]
    assert (known.state, known.source) == ("seen", "introduced")


def test_an_office_does_not_bring_a_commune_computers_that_it_does_not_know(world: World) -> None:
    one, other, office = world.commune(), world.commune("máy hai"), world.office()
    for commune in (one, other):
        take(office, world.package(commune))
    judged = judge(one, world.package(office, unit=COMMUNE))
    with one.store.read() as work:
        device = work.local.own_device(COMMUNE)
    assert set(judged.roles) == {device}
    assert {change.device for change in judged.changes} == {device}
    (sentence,) = judged.left
    assert ".ntmcard" in sentence
    identity.import_card(one, world.card(other))
    assert judge(one, world.package(office, unit=COMMUNE)).left == ()


def test_what_a_revoked_computer_wrote_later_is_not_taken_from_others_either(world: World) -> None:
    one, other, office = world.commune(), world.commune("máy hai"), world.office()
    pair(one, other, world)
    take(one, world.package(other))
    take(office, world.package(one))
    devices.revoke(office, other.keys.key)
    results.save(other, other.info().current, "3.2", {"data_source": "Sau khi thu hồi"})
    take(one, world.package(other))
    judged = take(office, world.package(one))
    assert not any(change.value == "Sau khi thu hồi" for change in judged.changes)
    (sentence,) = judged.left
    assert "thu hồi" in sentence
    assert judge(office, world.package(one)).left == judged.left


# --- receipts -----------------------------------------------------------------------------------------------------


def test_receipts_rise_and_tell_what_is_held(world: World) -> None:
    commune = world.commune()
    first, second = world.package(commune), world.package(commune)
    assert second.receipt.counter > first.receipt.counter
    with commune.store.read() as work:
        vector = work.journal.vector(COMMUNE)
        device = work.local.own_device(COMMUNE)
        assert second.receipt.vector == vector
        assert second.receipt.hashes == {device: work.journal.chain_end(device)[1]}


def test_a_receipt_about_another_history_acknowledges_nothing(world: World) -> None:
    """Our data went back and went on: the same counters, other changes."""
    commune, office = world.commune(), world.office()
    pair(commune, office, world)
    take(office, world.package(commune))
    take(commune, world.package(office, unit=COMMUNE))
    assert packages.plan_facts(commune).changes == 0
    with commune.store.write() as work:
        (kept,) = work.partners.receipts(COMMUNE)
        other = replace(
            kept.receipt, counter=kept.receipt.counter + 1, hashes=dict.fromkeys(kept.receipt.vector, "0" * 64)
        )
        work.partners.keep_receipt(kept.key, COMMUNE, utc_now(), kept.package_id, other)
    assert packages.plan_facts(commune).changes == packages.plan_facts(commune, full=True).changes > 0


def test_two_offices_get_what_either_lacks(world: World) -> None:
    commune, first, second = world.commune(), world.office(), world.office("tỉnh máy hai")
    for office in (first, second):
        pair(commune, office, world)
        take(office, world.package(commune))
        take(commune, world.package(office, unit=COMMUNE))
    results.save(commune, commune.info().current, "3.2", {"data_source": "Số liệu mẫu"})
    take(first, world.package(commune))
    take(commune, world.package(first, unit=COMMUNE))
    assert packages.plan_facts(commune).changes == 1
    (card,) = [devices.card_of(commune, item.key) for item in devices.known(commune) if item.key == first.keys.key]
    assert packages.plan_facts(commune, to=card).changes == 0


def test_planning_writes_nothing(world: World) -> None:
    commune, office = world.commune(), world.office()
    take(office, world.package(commune))
    with office.store.read() as work:
        assert work.local.own_devices() == {}
    facts = packages.plan_facts(office, unit=COMMUNE)
    assert facts.recipients[0].key == commune.keys.key
    assert facts.receiver.endswith(commune.info().unit.place)
    with office.store.read() as work:
        assert work.local.own_devices() == {}


def test_an_office_says_which_commune(world: World) -> None:
    office, first, second = world.office(), world.commune(), world.commune("xã bên", NEIGHBOUR)
    with pytest.raises(InvalidInput):
        packages.plan_facts(office)
    take(office, world.package(first))
    assert packages.plan_facts(office).recipients[0].key == first.keys.key
    take(office, world.package(second))
    with pytest.raises(InvalidInput):
        packages.plan_facts(office)
    assert packages.plan_facts(office, unit=NEIGHBOUR).recipients[0].key == second.keys.key


# --- keys that changed --------------------------------------------------------------------------------------------


def test_a_given_up_device_id_can_still_be_handed_on(world: World) -> None:
    commune, office = world.commune(), world.office()
    with commune.store.write() as work:
        own_keys.sign_heads(work, commune.keys)
        work.local.renew_device(COMMUNE)
    results.save(commune, commune.info().current, "3.2", {"data_source": "Số liệu mẫu"})
    judged = take(office, world.package(commune))
    assert len(judged.roles) == 2
    with commune.store.read() as mine, office.store.read() as theirs:
        assert mine.journal.vector(COMMUNE) == theirs.journal.vector(COMMUNE)


def test_a_revoked_key_is_asked_for_its_end_at_that_moment(world: World) -> None:
    commune, office = world.commune(), world.office()
    take(office, world.package(commune))
    devices.revoke(office, commune.keys.key)
    with office.store.read() as work:
        known = work.partners.key(commune.keys.key)
        assert known is not None
        assert known.trust is Trust.REVOKED
        assert dict(known.revoked_ends) == work.journal.vector(COMMUNE)


# --- sticks -------------------------------------------------------------------------------------------------------


def test_a_visit_finds_what_is_for_us_and_cleans_what_was_cut_off(tmp_path: Path) -> None:
    stick, outside = tmp_path / "usb", tmp_path / "ngoài.ntmpkg.partial"
    (stick / "xã" / "sâu").mkdir(parents=True)
    outside.write_bytes(b"PK")
    for name in ("một.ntmpkg", "HAI.NTMPKG", "thẻ.ntmcard", "ảnh.jpg", "dở.ntmpkg.partial", "xã/ba.ntmpkg"):
        (stick / name).write_bytes(b"PK")
    (stick / "xã" / "sâu" / "bốn.ntmpkg").write_bytes(b"PK")
    (stick / "thư mục.ntmpkg.partial").mkdir()
    if os.name != "nt":
        (stick / "liên kết.ntmpkg.partial").symlink_to(outside)
        (stick / "vòng").symlink_to(stick)
    seen = sticks.visit(stick)
    assert {path.name for path in seen.packages} == {"một.ntmpkg", "HAI.NTMPKG", "ba.ntmpkg"}
    assert [path.name for path in seen.cards] == ["thẻ.ntmcard"]
    assert seen.cleaned == ("dở.ntmpkg.partial",)
    assert not (stick / "dở.ntmpkg.partial").exists()
    assert outside.exists()
    assert (stick / "thư mục.ntmpkg.partial").is_dir()
    assert seen.writable
    assert seen.free > 0


def test_a_stick_that_is_gone_is_empty(tmp_path: Path) -> None:
    seen = sticks.visit(tmp_path / "đã rút")
    assert (seen.packages, seen.cards, seen.cleaned, seen.writable, seen.free) == ((), (), (), False, 0)
    assert not sticks.is_removable(tmp_path / "đã rút")


def test_keys_follow_the_workspace(world: World) -> None:
    commune = world.commune()
    key = commune.keys.key
    commune.close()
    with open_workspace(commune.folder) as again:
        assert again.keys.key == key
