"""What a second look at trust, receipts and histories found: forgers, unlucky people, and what must not break."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ntm_desktop.errors import InvalidInput, PackageLocked, PackageRefused, PackageUntrusted
from ntm_desktop.exchange import strict
from ntm_desktop.exchange.heads import check_head, sign_head
from ntm_desktop.model.changes import GENESIS, Change, ChangeMalformed, JsonValue, canonical_json
from ntm_desktop.model.devices import KeyRole, Receipt, Span, Trust
from ntm_desktop.model.fields import check_change
from ntm_desktop.operations import (
    appraisal,
    conflicts,
    devices,
    evidence,
    history,
    identity,
    overview,
    packages,
    partners,
    receiving,
    results,
    safety,
    setup,
    undoing,
)
from ntm_desktop.operations.packages import Sealing
from ntm_desktop.operations.workspace import Role, Workspace, open_workspace
from tests.core import package_forger
from tests.core.command_line import COMMUNE, NATIONAL, PROVINCE
from tests.core.exchange_samples import KEYS, OFFICE_KEYS
from tests.core.hostile_packages import AT, Item, assessment_of, begun, package
from tests.core.hostile_packages import evidence as proof

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

OPEN = Sealing(packages.PLAIN)
AID = assessment_of(COMMUNE)
CONTENT = b"hello"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class World:
    """Workspaces that are closed at the end."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        self._sticks = 0

    def keep(self, workspace: Workspace) -> Workspace:
        return self._stack.enter_context(workspace)

    def commune(self, name: str = "xã", begin: bool = True) -> Workspace:
        chosen = {"catalogue_id": NATIONAL, "year": 2024} if begin else {}
        return self.keep(setup.create(self.folder / name, unit_code=COMMUNE, role=Role.COMMUNE, **chosen))  # type: ignore[arg-type]

    def office(self, name: str = "tỉnh") -> Workspace:
        return self.keep(setup.create(self.folder / name, unit_code=PROVINCE, role=Role.OFFICE))

    def pair(self, *computers: Workspace) -> None:
        for one in computers:
            card = identity.export_card(one, self.folder / "thẻ" / one.folder.name)
            for other in computers:
                if other is not one:
                    identity.import_card(other, card)
                    devices.confirm(other, one.keys.key)

    def stick(self) -> Path:
        self._sticks += 1
        return self.folder / f"usb {self._sticks}"

    def send(self, sender: Workspace, full: bool = False, to: Workspace | None = None) -> Path:
        office = sender.info().role is Role.OFFICE
        card = identity.own_card(to) if to is not None and not office else None
        unit = COMMUNE if office else ""
        return packages.export(sender, self.stick(), full, sealing=OPEN, unit=unit, to=card, recovery=False).path

    def hand(self, sender: Workspace, receiver: Workspace, full: bool = False) -> receiving.Outcome:
        to = receiver if receiver.info().role is Role.COMMUNE else None
        return take(receiver, self.send(sender, full, to))

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def take(receiver: Workspace, path: Path) -> receiving.Outcome:
    """The package is taken."""
    (outcome,) = receiving.import_files(receiver, [path]).outcomes
    assert outcome.error is None, outcome.error
    return outcome


def refused(receiver: Workspace, path: Path, kind: type[PackageRefused] = PackageRefused) -> str:
    """The package is refused, by inspecting and by importing, and nothing has changed."""
    before = rows(receiver)
    with pytest.raises(kind):
        receiving.inspect(receiver, path)
    (outcome,) = receiving.import_files(receiver, [path]).outcomes
    assert isinstance(outcome.error, kind), outcome
    assert rows(receiver) == before
    return str(outcome.error)


def rows(workspace: Workspace) -> dict[str, list[str]]:
    """Every row of every table."""
    with closing(sqlite3.connect(workspace.folder / "ntm.sqlite3")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in sorted(names)}


def sound(workspace: Workspace) -> None:
    report = safety.verify(workspace)
    assert report.ok, report.problems


# --- forgers ------------------------------------------------------------------------------------------------------


def test_a_set_that_is_named_must_be_here(world: World, tmp_path: Path) -> None:
    """Else every later export and backup would fail for want of its text."""
    entry: JsonValue = {"id": "la", "version": "1", "name": "Bộ lạ", "size": 10}
    items: list[Item] = [*begun(), ("catalogue", f"{COMMUNE}/{'ab' * 32}", "entry", entry)]
    office = world.office()
    (outcome,) = receiving.import_files(office, [package(tmp_path / "gói", items)]).outcomes
    assert isinstance(outcome.error, PackageRefused)
    take(office, package(tmp_path / "gói 2", begun()))
    sound(office)
    safety.backup(office, tmp_path / "sao lưu")


def test_no_commune_computer_of_the_offices_own_unit(world: World, tmp_path: Path) -> None:
    """A stranger whose card claims the office's own unit would write what stands there about the office."""
    office = world.office()
    setup.save_profile(office, {"signer_name": "Người ký thật"})
    item: Item = ("unit", PROVINCE, "signer_name", "Kẻ mạo danh")
    path = package(tmp_path / "gói", [item], unit=PROVINCE, lamport=1000)
    refused(office, path, PackageUntrusted)
    assert setup.profile(office).signer_name == "Người ký thật"


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59.000+00:00", "0001-01-01T00:00:00Z"])
def test_a_moment_that_not_every_time_zone_has_is_refused(at: str) -> None:
    """In Vietnam it is the year 10000: telling it would stop history, conflicts and preview."""
    assert not strict.is_moment(at)
    change = Change("d" * 32, 1, 1, at, "Người mẫu", COMMUNE, "unit", COMMUNE, "name", "Xã", (), GENESIS)
    with pytest.raises(ChangeMalformed):
        check_change(change)
    check_change(replace(change, at="9998-12-31T23:59:59Z"))


def test_verify_holds_signed_ends_against_the_journal(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.hand(commune, office)
    sound(office)
    with closing(sqlite3.connect(office.folder / "ntm.sqlite3")) as connection, connection:
        connection.execute("UPDATE head SET hash = ?", ("ab" * 32,))
    assert not safety.verify(office).ok


# --- what goes with a package -------------------------------------------------------------------------------------


def test_evidence_that_was_put_back_by_an_edit_elsewhere_travels_with_it(world: World) -> None:
    """It was removed when the receiver got its first changes, so its file never went there."""
    office, one, two = world.office(), world.commune("một"), world.commune("hai", begin=False)
    world.pair(office, one, two)
    world.hand(one, two)
    added = evidence.add_files(one, AID, [world.file("a.txt", "minh chứng mẫu")], ["17.1"]).added
    world.hand(one, two)
    (item,) = added
    evidence.save_details(two, item.evidence_id, {"number": "1/BC"})
    evidence.remove(one, [item.evidence_id])
    assert world.hand(one, office).blobs == 0
    world.hand(office, one)
    world.hand(two, one)  # keeps it
    sent = world.hand(one, office)
    assert sent.missing == ()


def test_a_clock_that_was_years_ahead_does_not_silence_receipts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    world.hand(commune, office)
    with monkeypatch.context() as ahead:
        ahead.setattr(packages, "utc_now", lambda: "2036-01-01T00:00:00.000+00:00")
        take(commune, packages.export_receipts(office, world.stick())[0].path)
    results.save(commune, AID, "17.1", {"explanation": "Sau đó"})
    world.hand(commune, office)
    (made,) = packages.export_receipts(office, world.stick())
    take(commune, made.path)
    with pytest.raises(InvalidInput):
        packages.export_receipts(office, world.stick())


def test_a_revoked_computer_opens_nothing_more(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    devices.revoke(commune, office.keys.key)
    with pytest.raises(InvalidInput):
        packages.export(commune, world.stick(), sealing=Sealing("keys", cards=(identity.own_card(office),)))


# --- a commune that means harm: what it may write must not stop the office from handing on, backing up, answering ---

STRANGE: dict[str, list[Item]] = {
    "size": [*begun(), *proof(SHA256, size=999)],
    "media type": [
        *begun(),
        ("evidence", "e" * 32, "assessment", AID),
        (*proof(SHA256)[1][:3], {**proof(SHA256)[1][3], "media_type": "không phải  loại"}),  # type: ignore[dict-item]
        ("evidence", "e" * 32, "added_at", AT),
        ("evidence_link", f"{'e' * 32}/17.1", "linked", True),
    ],
    "long name": [*begun(), ("unit", COMMUNE, "name", "Xã " + "m" * 900)],
    "spaces": [*begun(), ("unit", COMMUNE, "name", "  Xã   mẫu ")],
    "no year": begun()[:1],
    "version": [
        (*begun()[0][:3], {**begun()[0][3], "version": "  1  " + "2" * 900}),  # type: ignore[dict-item]
        begun()[1],
    ],
    "choices": [
        *begun(),
        ("assessment", AID, "region", "không có"),
        ("assessment", AID, "group", "không có"),
        ("assessment", AID, "special_rule", "không có"),
    ],
    "values": [
        *begun(),
        ("result", f"{AID}/17.1", "value", {"choice": "không có", "text": "x", "number": "1"}),
        ("result", f"{AID}/2.1", "value", {"percent": "1" * 24, "parts": {"lạ": True}}),
        ("result", f"{AID}/99.99", "value", {"holds": True}),
        ("result", f"{AID}/99.99", "judgement", {"verdict": "met", "reason": "x"}),
        ("level", f"{AID}/17.1", "level", {"operator": ">=", "threshold": "9" * 24,
                                            "basis": {"number": "", "issued": "", "title": "", "note": ""}}),
        ("document", f"{AID}/không-có", "number", "1"),
        ("evidence_link", f"{'d' * 32}/17.1", "linked", True),
    ],
    "other set": [(*begun()[0][:3], {**begun()[0][3], "id": "la"}), begun()[1]],  # type: ignore[dict-item]
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_nothing_that_a_commune_may_write_stops_the_office(world: World, tmp_path: Path, name: str) -> None:
    office = world.office()
    contents = [CONTENT] if any(item[0] == "evidence" for item in STRANGE[name]) else []
    path = package(tmp_path / "gói", STRANGE[name], contents=contents)
    receiving.inspect(office, path)
    (outcome,) = receiving.import_files(office, [path]).outcomes
    if outcome.error is not None:
        return
    sound(office)
    overview.office_rows(office)
    overview.home(office)
    overview.status(office, AID)
    history.entries(office, AID)
    conflicts.conflicts(office)
    partners.partners(office)
    packages.plan_facts(office, full=True, unit=COMMUNE)
    packages.export(office, world.stick(), True, sealing=OPEN, unit=COMMUNE, recovery=False)
    assert packages.export_receipts(office, world.stick(), [COMMUNE])
    assert safety.backup(office, world.stick()).left == ()


@pytest.mark.parametrize("name", ["Xã " + "m" * 400, "Xã   mẫu"])
def test_a_long_name_of_a_unit_stops_no_card_and_no_package(world: World, name: str) -> None:
    office, commune = world.office(), world.commune()
    try:
        setup.save_profile(commune, {"name": name})
    except InvalidInput:
        return
    world.pair(office, commune)
    world.hand(commune, office)
    world.hand(office, commune)


# --- replaced computers, and receipts per computer ----------------------------------------------------------------


def test_an_office_introduces_nobody_to_a_commune_that_has_a_dossier(world: World) -> None:
    office, one, strange = world.office(), world.commune("một"), world.commune("lạ")
    world.pair(office, one)
    world.pair(office, strange)
    results.save(one, AID, "17.1", {"explanation": "Của tôi"})
    world.hand(one, office)
    world.hand(office, strange)
    results.save(strange, AID, "17.1", {"explanation": "Của kẻ lạ"})
    world.hand(strange, office)
    world.hand(office, one, full=True)
    with one.store.read() as work:
        assert work.rows.results(AID)["17.1"].explanation == "Của tôi"


def test_a_receipt_is_due_to_whoever_sent(world: World) -> None:
    office, one, two = world.office(), world.commune("một"), world.commune("hai", begin=False)
    world.pair(office, one, two)
    world.hand(one, two)
    world.hand(two, office)
    world.hand(two, one)  # nothing but the receipt
    with pytest.raises(InvalidInput):
        world.send(two, to=one)
    with pytest.raises(InvalidInput):
        world.send(one, to=two)


# --- nothing is written by looking --------------------------------------------------------------------------------


def test_looking_changes_no_byte(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    results.save(commune, AID, "17.1", {"explanation": "Một"})
    evidence.add_files(commune, AID, [world.file("a.txt", "minh chứng mẫu")], ["17.1"])
    path = world.send(commune)

    def everything(workspace: Workspace) -> dict[str, bytes]:
        return {
            str(file.relative_to(workspace.folder)): file.read_bytes()
            for file in workspace.folder.rglob("*")
            if file.is_file() and file.name != "lock" and "logs" not in file.parts
        }

    before = everything(office), everything(commune)
    receiving.inspect(office, path)
    receiving.import_files(office, [path], dry_run=True)
    partners.partners(office)
    devices.known(office)
    packages.plan_facts(commune)
    conflicts.conflicts(commune)
    undoing.last_import(office)
    assert (everything(office), everything(commune)) == before


# --- taking back --------------------------------------------------------------------------------------------------


def later_packages(world: World, commune: Workspace, count: int) -> list[Path]:
    """Packages that each hold one thing more than the one before, as after receipts that the commune has."""
    made: list[Path] = []
    for number in range(count):
        results.save(commune, AID, "17.1", {"explanation": f"Lần {number}"})
        evidence.add_files(commune, AID, [world.file(f"{number}.txt", f"minh chứng {number}")], ["17.1"])
        with commune.store.read() as work:
            own = work.local.own_device(COMMUNE)
            held = {own: work.journal.chain_end(own)[0]}
        made.append(world.send(commune))
        with commune.store.write() as work:  # as if the office had told that it has all this
            office = next(item for item in work.partners.keys() if item.role is KeyRole.OFFICE)  # noqa: SIM118
            told = Receipt(number + 1, held, hashes={own: work.journal.chain_end(own)[1]})
            work.partners.keep_receipt(office.key, COMMUNE, AT, "ab" * 16, told)
    return made


def spans(workspace: Workspace) -> tuple[Span, ...]:
    """What waits."""
    with workspace.store.read() as work:
        return work.journal.waiting.spans()


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_every_import_taken_back_and_taken_again_in_every_order(world: World, order: tuple[int, ...]) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    made = later_packages(world, commune, 3)
    ignored = (
        "waiting_change",
        "import",
        "local",
        "package",
        "receipt",
        "known_key",
        "sqlite_sequence",
        "own_device",
        "head",
    )
    for number in order:
        before = {name: held for name, held in rows(office).items() if name not in ignored}
        files, early = set(office.blobs.all()), spans(office)
        take(office, made[number])
        undoing.undo_import(office)
        after = {name: held for name, held in rows(office).items() if name not in ignored}
        for name, held in after.items():
            assert held == before[name], name
        assert spans(office) == early
        assert set(office.blobs.all()) == files
        sound(office)
        assert not take(office, made[number]).already
    assert spans(office) == ()
    with office.store.read() as work:
        assert work.rows.results(AID)["17.1"].explanation == "Lần 2"
        assert len(work.rows.evidence(AID)) == 3
    assert partners.partners(office)[0].missing == ()
    sound(office)


def test_own_edits_over_what_is_taken_back_stay_and_can_be_undone(world: World) -> None:
    one, two = world.commune("một"), world.commune("hai", begin=False)
    world.pair(one, two)
    world.hand(one, two)
    results.save(one, AID, "17.1", {"explanation": "Từ máy một"})
    path = world.send(one, to=two)
    take(two, path)
    results.save(two, AID, "17.1", {"explanation": "Từ máy hai"})
    undoing.undo_import(two)
    with two.store.read() as work:
        assert work.rows.results(AID)["17.1"].explanation == "Từ máy hai"
    sound(two)
    take(two, path)
    assert conflicts.conflicts(two) == ()
    with two.store.read() as work:
        assert work.rows.results(AID)["17.1"].explanation == "Từ máy hai"
    history.undo(two)
    sound(two)
    world.hand(two, one)
    with two.store.read() as mine, one.store.read() as theirs:
        assert mine.rows.results(AID)["17.1"] == theirs.rows.results(AID)["17.1"]


# --- histories that parted ----------------------------------------------------------------------------------------


def test_a_signed_end_of_a_history_that_only_waited_blocks_nothing(world: World) -> None:
    """Changes 6–8 came early and wait; the computer went back and wrote others: its new end has the same counter."""
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    world.hand(commune, office)
    copy = world.folder / "bản chép"
    results.save(commune, AID, "2.1", {"explanation": "chung"})
    commune.store.close()
    shutil.copytree(commune.folder, copy, ignore=shutil.ignore_patterns("lock"))
    commune.store = type(commune.store)(commune.folder / "ntm.sqlite3")
    made = later_packages(world, commune, 2)
    assert take(office, made[1]).waiting
    with world.keep(open_workspace(copy)) as back:
        with back.store.read() as work:
            short = work.journal.chain_end(work.local.own_device(COMMUNE))[0]
        with commune.store.read() as work:
            long = work.journal.chain_end(work.local.own_device(COMMUNE))[0]
        for number in range(long - short):
            results.save(back, AID, "15.1", {"explanation": f"Khác {number}"})
        path = world.send(back)
        (outcome,) = receiving.import_files(office, [path]).outcomes
        assert outcome.error is None, outcome.error
    sound(office)


# --- rights -------------------------------------------------------------------------------------------------------


def test_a_change_outside_the_rights_refuses_the_package_whole_and_names_who_and_what(
    world: World, tmp_path: Path
) -> None:
    office = world.office()
    opinion: Item = ("appraisal", f"{AID}/17.1", "opinion", {"verdict": "agreed", "note": "tự khen"})
    told = refused(office, package(tmp_path / "gói", [*begun(), opinion]), PackageUntrusted)
    assert "«Máy mẫu»" in told and "17.1" in told and "kiến" in told, told
    commune = world.commune()
    value: Item = ("result", f"{AID}/17.1", "explanation", "sửa hộ")
    path = package(tmp_path / "gói 2", [value], keys=OFFICE_KEYS, role=KeyRole.OFFICE, home=PROVINCE)
    told = refused(commune, path, PackageUntrusted)
    assert "17.1" in told and "Máy" in told, told
    with commune.store.read() as work:
        assert [item.key for item in work.partners.keys() if item.trust is not Trust.OWN] == []  # noqa: SIM118


# --- backups ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("passphrase", [None, "bốn năm từ mẫu"])
def test_a_restored_computer_goes_on_and_nothing_is_lost(world: World, passphrase: str | None) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    results.save(commune, AID, "17.1", {"explanation": "Trước"})
    saved = safety.backup(commune, world.folder / "sao lưu", passphrase=passphrase).path
    results.save(commune, AID, "17.1", {"explanation": "Sau"})
    world.hand(commune, office)
    back = world.keep(safety.restore(saved, world.folder / "khôi phục", passphrase=passphrase))
    assert (back.keys.key == commune.keys.key) is (passphrase is not None)
    results.save(back, AID, "2.1", {"explanation": "Ở bản khôi phục"})
    world.pair(office, back)
    world.hand(back, office)
    world.hand(office, back)
    with office.store.read() as work:
        held = work.rows.results(AID)
    assert held["17.1"].explanation == "Sau"
    assert held["2.1"].explanation == "Ở bản khôi phục"
    sound(office)
    sound(back)
    if passphrase is not None:
        with back.store.read() as work:
            assert work.rows.results(AID)["17.1"].explanation == "Sau"


# --- parts, salvage, revocation, replay ---------------------------------------------------------------------------


def test_what_parts_and_damage_left_out_is_asked_for_and_sent(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    files = []
    for number in range(6):
        file = world.folder / f"{number}.txt"
        file.write_bytes(random.Random(number).randbytes(400_000))
        files.append(file)
    evidence.add_files(commune, AID, files, ["17.1"])
    parts = packages.export(commune, world.stick(), sealing=OPEN, part_size=1_000_000, recovery=False).paths
    assert len(parts) > 2
    damaged = bytearray(parts[1].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    parts[1].write_bytes(damaged)
    received = receiving.import_files(office, parts[:-1], salvage=True)
    assert [outcome.error for outcome in received.outcomes] == [None] * (len(parts) - 1)
    lacking = set(received.outcomes[0].missing)
    assert lacking
    assert partners.partners(office)[0].waiting, "a part has not come"
    world.hand(office, commune)
    assert set(partners.partners(commune)[0].asked) == lacking
    again = packages.export(commune, world.stick(), sealing=OPEN, recovery=False)
    assert (again.changes_count, again.blobs) == (0, len(lacking))
    assert take(office, again.path).missing == ()
    sound(office)


def test_an_old_package_again_takes_back_no_receipt_and_no_name(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    world.hand(commune, office)
    old = world.send(office)
    take(commune, old)
    results.save(commune, AID, "17.1", {"explanation": "Mới"})
    world.hand(commune, office)
    world.hand(office, commune)
    with commune.store.read() as work:
        before = work.partners.receipts(COMMUNE)
        own = work.local.own_devices()
    outcome = take(commune, old)
    assert outcome.already and not outcome.applied
    with commune.store.read() as work:
        assert work.partners.receipts(COMMUNE) == before
        assert work.local.own_devices() == own
    with pytest.raises(InvalidInput):
        world.send(commune)


def test_a_revoked_computer_is_left_out_everywhere(world: World) -> None:
    office, one, two = world.office(), world.commune("một"), world.commune("hai", begin=False)
    world.pair(office, one, two)
    world.hand(one, two)
    world.hand(two, office)
    devices.revoke(office, two.keys.key)
    results.save(two, AID, "17.1", {"explanation": "Sau khi thu hồi"})
    refused(office, world.send(two), PackageUntrusted)
    world.hand(two, one)
    outcome = world.hand(one, office)  # a relay does not help
    assert any("thu hồi" in note for note in outcome.notes)
    with office.store.read() as work:
        assert "17.1" not in work.rows.results(AID)
    made = packages.export(office, world.stick(), True, unit=COMMUNE, recovery=False)
    with pytest.raises(PackageLocked):
        receiving.inspect(two, made.path)
    assert receiving.inspect(one, made.path).encrypted
    devices.confirm(office, two.keys.key)
    world.hand(two, office)
    with office.store.read() as work:
        assert work.rows.results(AID)["17.1"].explanation == "Sau khi thu hồi"
    sound(office)


def test_evidence_edited_linked_and_removed_on_both_sides_comes_out_the_same(world: World) -> None:
    office, one, two = world.office(), world.commune("một"), world.commune("hai", begin=False)
    world.pair(office, one, two)
    paths = [world.file(f"{number}.txt", f"minh chứng {number}") for number in range(4)]
    ids = [item.evidence_id for item in evidence.add_files(one, AID, paths, ["17.1"]).added]
    world.hand(one, two)
    evidence.remove(one, ids[:2])
    evidence.set_codes(one, ids[2], ["2.1"])
    evidence.save_details(two, ids[0], {"number": "1/BC"})
    evidence.link(two, ids[1], "15.1")
    evidence.remove(two, [ids[2], ids[3]])
    history.undo(two)
    evidence.remove(two, [ids[3]])
    for _round in range(3):
        for sender, receiver in ((one, two), (two, one), (one, office), (office, two), (two, office), (office, one)):
            with suppress(InvalidInput):
                world.hand(sender, receiver)
    shown = []
    for computer in (office, one, two):
        with computer.store.read() as work:
            shown.append([(item.evidence_id, item.codes, item.number) for item in work.rows.evidence(AID)])
            assert all(computer.blobs.has(item.blob.sha256) for item in work.rows.evidence(AID))
        sound(computer)
    assert shown[0] == shown[1] == shown[2]
    assert {item[0] for item in shown[0]} == set(ids[:3])
    for conflict in conflicts.conflicts(one):
        conflicts.choose(one, conflict.conflict_id, next(n for n, side in enumerate(conflict.sides) if side.deletes))
    world.hand(one, office)
    assert conflicts.conflicts(office) == ()
    with office.store.read() as work:
        assert {item.evidence_id for item in work.rows.evidence(AID)} == {ids[2]}


def test_an_import_that_put_this_computers_history_right_can_be_taken_back(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    world.hand(commune, office)
    world.hand(office, commune)
    copy = world.folder / "bản chép"
    commune.store.close()
    shutil.copytree(commune.folder, copy, ignore=shutil.ignore_patterns("lock"))
    commune.store = type(commune.store)(commune.folder / "ntm.sqlite3")
    results.save(commune, AID, "17.1", {"explanation": "Ở máy đã mất"})
    world.hand(commune, office)
    with world.keep(open_workspace(copy)) as back:
        results.save(back, AID, "2.1", {"explanation": "Sau khi chép lại"})
        path = world.send(office, full=True)
        for _time in range(2):
            take(back, path)
            undoing.undo_import(back)
            with back.store.read() as work:
                assert work.rows.results(AID)["2.1"].explanation == "Sau khi chép lại"
            sound(back)
        take(back, path)
        with back.store.read() as work:
            assert work.rows.results(AID)["17.1"].explanation == "Ở máy đã mất"
        world.hand(back, office)
        with office.store.read() as work:
            assert work.rows.results(AID)["2.1"].explanation == "Sau khi chép lại"
        sound(back)
    sound(office)


def test_two_computers_of_an_office_share_a_communes_dossier(world: World) -> None:
    first, second, commune = world.office("một"), world.office("hai"), world.commune()
    world.pair(first, second)
    world.pair(first, commune)
    evidence.add_files(commune, AID, [world.file("a.txt", "minh chứng mẫu")], ["17.1"])
    world.hand(commune, first)
    appraisal.save_opinion(first, AID, "17.1", "agreed", "Tốt")
    card = identity.own_card(second)
    made = packages.export(first, world.stick(), unit=COMMUNE, to=card, recovery=False)
    assert take(second, made.path).missing == ()
    appraisal.save_opinion(second, AID, "2.1", "disagreed", "Chưa rõ")
    card = identity.own_card(first)
    take(first, packages.export(second, world.stick(), unit=COMMUNE, to=card, recovery=False).path)
    outcome = world.hand(first, commune)
    with commune.store.read() as work:
        assert set(work.rows.opinions(AID)) == {"17.1", "2.1"}, outcome.notes
    for one in (first, second, commune):
        sound(one)


def test_who_finds_the_stick_reads_nothing_of_the_dossier(world: World) -> None:
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    setup.save_user(commune, "Người Nhập Liệu")
    results.save(commune, AID, "17.1", {"explanation": "Lời giải trình riêng"})
    evidence.add_files(commune, AID, [world.file("tệp riêng.txt", "nội dung riêng tư của tệp")], ["17.1"])
    made = packages.export(commune, world.stick(), recovery=True)
    content = made.path.read_bytes()
    for word in ("Người Nhập", "giải trình", "tệp riêng", "riêng tư", hashlib.sha256(b"x").hexdigest()):
        assert word.encode() not in content, word
    with pytest.raises(PackageLocked):
        receiving.inspect(None, made.path)
    thief = world.commune("kẻ trộm", begin=False)
    with pytest.raises(PackageLocked):
        receiving.inspect(thief, made.path)
    (outcome,) = receiving.import_files(thief, [made.path]).outcomes
    assert isinstance(outcome.error, PackageLocked)


def test_a_sibling_cannot_write_under_the_id_of_another(world: World, tmp_path: Path) -> None:
    """Its own signature under a device id that does not follow from its key."""
    office, commune = world.office(), world.commune()
    world.pair(office, commune)
    world.hand(commune, office)
    with commune.store.read() as work:
        own, nonce = work.local.own_device(COMMUNE), work.local.own_nonce(COMMUNE)
        seq, last = work.journal.chain_end(own)
    change = Change(own, seq + 1, seq + 9, AT, "Kẻ giả", COMMUNE, "unit", COMMUNE, "name", "Giả", (), last)
    head = sign_head(KEYS, COMMUNE, own, nonce, seq + 1, change.hash())
    assert not check_head(head)
    forged = package_forger.opened(package(tmp_path / "gói", begun()).read_bytes())
    lines = [canonical_json(change.to_json())]
    forged = package_forger.with_lines(forged, lines, zstd.compress)

    def edit(manifest: dict[str, Any]) -> None:
        manifest["counts"]["changes"] = 1
        manifest["vector_from"], manifest["vector_to"] = {own: seq}, {own: seq + 1}
        manifest["heads"] = [head.to_json()]

    path = tmp_path / "giả.ntmpkg"
    path.write_bytes(package_forger.closed(forged, KEYS, edit))
    refused(office, path)
