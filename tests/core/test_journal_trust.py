"""What the journal does for packages that come late, twice, back or from where they may not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_desktop.model.changes import GENESIS, Change
from ntm_desktop.model.devices import KeyRole, Span, device_id, fingerprint, key_id
from ntm_desktop.model.fields import FIELDS, ChangeForbidden
from ntm_desktop.model.progress import Silent
from ntm_desktop.store.arriving import HistoryRewritten
from ntm_desktop.store.journal import Assignment
from ntm_desktop.store.migrate import upgrade
from ntm_desktop.store.store import EditName, Store
from ntm_desktop.store.verify import verify_journal
from tests.core.journal_worlds import ASSESSMENT, EVIDENCE, UNIT, World, deliveries, worlds
from tests.core.test_journal_properties import rows_of, store_of

RESULT = ("result", f"{ASSESSMENT}/3.1")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.sqlite3"
    upgrade(path)
    return path


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    made = Store(Path(shutil.copy(empty, tmp_path / "ntm.sqlite3")))
    yield made
    made.close()


@pytest.fixture
def other(empty: Path, tmp_path: Path) -> Iterator[Store]:
    made = Store(Path(shutil.copy(empty, tmp_path / "other.sqlite3")))
    yield made
    made.close()


def write(store: Store, *values: tuple[str, str, str, object]) -> tuple[Change, ...]:
    with store.write() as work:
        return work.write(UNIT, "Người dùng mẫu", [Assignment(*value) for value in values], EditName("sửa"))  # type: ignore[arg-type]


def percents(store: Store, count: int, first: int = 1) -> list[Change]:
    """So many changes of one field, each its own save."""
    return [c for n in range(first, first + count) for c in write(store, (*RESULT, "value", {"percent": str(n)}))]


def sound(store: Store) -> bool:
    return verify_journal(store, Silent()).findings == ()


# --- out of order


def test_what_comes_too_early_waits_and_is_applied_by_itself(store: Store, other: Store) -> None:
    changes = percents(other, 15)
    with store.write() as work:
        absorbed = work.journal.absorb(changes[:5], package_id="p1", import_id=work.imports.begin("2024"))
        late = work.journal.absorb(changes[10:], package_id="p3", import_id=work.imports.begin("2025"))
        device = changes[0].device
        assert len(absorbed.applied) == 5
        assert late.applied == () and late.waiting == (Span(device, 11, 15),)
        assert work.journal.waiting.spans(UNIT) == (Span(device, 11, 15),)
        assert work.journal.waiting.packages(device) == ("p3",)
        assert work.journal.vector(UNIT) == {device: 5}
    assert sound(store)
    with store.write() as work:
        again = work.journal.absorb(changes[10:])
        assert again.already_had == 5 and not again.waiting, "twice too early is once too early"
        gap = work.journal.absorb(changes[5:10], import_id=work.imports.begin("2026"))
        assert len(gap.applied) == 10 and gap.released == 5
        assert work.journal.waiting.spans() == ()
    assert rows_of(store)["result"] == rows_of(other)["result"]
    assert sound(store)


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_parcels_of_a_device_in_any_order_end_in_the_same_rows(empty: Path, data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    batches = [batch for batch in data.draw(deliveries(world)) if batch]
    with store_of(empty) as straight, store_of(empty) as shuffled:
        for batch in batches:
            with straight.write() as work:
                work.journal.absorb(batch)
        for batch in data.draw(st.permutations(batches)):
            with shuffled.write() as work:
                work.journal.absorb(batch)
        assert rows_of(straight) == rows_of(shuffled)
        with shuffled.read() as work:
            assert work.journal.waiting.spans() == ()
        assert sound(shuffled)


def test_what_waited_for_another_history_is_dropped_and_named(store: Store, other: Store) -> None:
    true = percents(other, 6)
    forged = [replace(true[3], value={"percent": "99"}, previous_hash="f" * 64)]
    forged.append(replace(true[4], previous_hash=forged[0].hash()))
    with store.write() as work:
        work.journal.absorb(true[:1])
        work.journal.absorb(forged)
        came = work.journal.absorb(true[1:3])
        assert came.discarded == (Span(true[0].device, 4, 5),)
        assert work.journal.vector(UNIT) == {true[0].device: 3}
        assert work.journal.waiting.spans() == ()


def test_two_histories_of_a_waiting_change_are_refused(store: Store, other: Store) -> None:
    true = percents(other, 6)
    with store.write() as work:
        work.journal.absorb(true[3:])
    with pytest.raises(HistoryRewritten), store.write() as work:
        work.journal.absorb([replace(true[4], value={"percent": "99"})])


# --- taken back


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_taking_back_leaves_what_was_and_taking_again_what_would_be(empty: Path, data: st.DataObject) -> None:
    world: World = data.draw(worlds())
    batches = [batch for batch in data.draw(deliveries(world)) if batch]
    cut = data.draw(st.integers(0, len(batches)))
    with store_of(empty) as store:
        for batch in batches[:cut]:
            with store.write() as work:
                work.journal.absorb(batch)
        before = rows_of(store)
        with store.write() as work:
            ends = work.journal.vector(UNIT)
            for batch in batches[cut:]:
                work.journal.absorb(batch)
            touched = {change.device: ends.get(change.device, 0) for batch in batches[cut:] for change in batch}
        after = rows_of(store)
        with store.write() as work:
            work.rewriting.take_back(touched)
        assert rows_of(store) == before
        assert sound(store)
        for batch in batches[cut:]:
            with store.write() as work:
                work.journal.absorb(batch)
        assert rows_of(store) == after


def test_own_edits_since_an_import_stay_when_it_is_taken_back(store: Store, other: Store) -> None:
    theirs = percents(other, 3)
    with store.write() as work:
        work.journal.absorb(theirs)
    mine = write(store, (*RESULT, "value", {"percent": "50"}), (*RESULT, "explanation", "Giữ lại"))
    with store.write() as work:
        gone = work.rewriting.take_back({theirs[0].device: 0})
    assert len(gone) == 3
    with store.read() as work:
        result = work.rows.results(ASSESSMENT)["3.1"]
    assert result.value == {"percent": "50"} and result.explanation == "Giữ lại"
    assert sound(store)
    with store.write() as work:
        work.journal.absorb(theirs)
        assert work.journal.states([(*RESULT, "value")])[(*RESULT, "value")].heads == (mine[0],), "it overwrote them"
    assert sound(store)


def test_what_an_import_released_waits_again(store: Store, other: Store) -> None:
    changes = percents(other, 9)
    with store.write() as work:
        work.journal.absorb(changes[6:], import_id=work.imports.begin("2024"))
    with store.write() as work:
        number = work.imports.begin("2025")
        work.journal.absorb(changes[:6], import_id=number)
        work.imports.add(number, "p", UNIT, {changes[0].device: 0}, ("ab",), 9)
    with store.write() as work:
        point = work.imports.last()
        assert point is not None and point.packages == {"p": UNIT} and point.blobs == ("ab",)
        work.rewriting.take_back(point.before)
        work.journal.waiting.take_back(point.import_id)
        work.imports.close(point.import_id, "undone")
        assert work.imports.last() is None
        assert work.journal.waiting.spans() == (Span(changes[0].device, 7, 9),)
        assert work.journal.vector(UNIT) == {}
        assert work.journal.absorb(changes[:6]).released == 3
    assert sound(store)


# --- a history that forked


def test_own_changes_after_a_fork_go_on_under_a_new_id(store: Store, other: Store) -> None:
    mine = percents(store, 8)
    with other.write() as work:
        work.journal.absorb(mine[:4])
    before = rows_of(store)
    with store.write() as work:
        made = work.rewriting.reissue(UNIT, 5)
        assert [change.seq for change in made] == [1, 2, 3, 4]
        assert {change.device for change in made} == {work.local.own_device(UNIT)} != {mine[0].device}
        assert made[0].previous_hash == GENESIS
        assert work.journal.vector(UNIT) == {mine[0].device: 4, made[0].device: 4}
    after = rows_of(store)
    assert after["result"] == before["result"], "the values are the same"
    assert sound(store)
    with other.write() as work:
        work.journal.absorb(made)
    assert rows_of(other)["field_state"] == after["field_state"]
    with store.read() as work:
        undo = work.local.last_edit("done")
    assert undo is None or undo.device == made[0].device, "what is left to undo is found under the new id"


def test_the_first_change_in_which_histories_differ_is_named(store: Store, other: Store) -> None:
    true = percents(other, 8)
    forged = [replace(true[5], value={"percent": "66"})]
    forged.append(replace(true[6], previous_hash=forged[0].hash()))
    with store.write() as work:
        work.journal.absorb([*true[:5], *forged])
    with pytest.raises(HistoryRewritten) as refused, store.write() as work:
        work.journal.absorb(true)
    assert refused.value.args == (true[0].device, 6)


def test_the_other_branch_of_a_sibling_is_kept_as_ones_own(store: Store, other: Store) -> None:
    true = percents(other, 8)
    forged = [replace(true[5], value={"percent": "66"})]
    with store.write() as work:
        work.journal.absorb([*true[:5], *forged])
        kept = work.rewriting.reissue(UNIT, 6, true[0].device)
        work.journal.absorb(true)
        assert kept[0].device == work.local.own_device(UNIT) and kept[0].value == {"percent": "66"}
        assert work.journal.vector(UNIT) == {true[0].device: 8, kept[0].device: 1}
        assert len(work.rows.conflicted()) == 1, "both are shown until a person chooses"
    assert sound(store)


# --- deleting against editing


def _evidence(store: Store) -> list[Change]:
    file = {"sha256": "a" * 64, "size": 5, "media_type": "image/jpeg", "name": "ảnh mẫu.jpg"}
    values = [
        ("evidence", EVIDENCE, "assessment", ASSESSMENT),
        ("evidence", EVIDENCE, "file", file),
        ("evidence", EVIDENCE, "added_at", "2024-11-20T03:04:05+00:00"),
        ("evidence_link", f"{EVIDENCE}/3.1", "linked", True),
    ]
    return list(write(store, *values))


def _removed(store: Store) -> bool:
    with store.read() as work:
        found = work.rows.one_evidence(EVIDENCE)
    assert found is not None
    return found.removed


def test_evidence_removed_here_and_edited_there_stays_and_is_disputed(store: Store, other: Store) -> None:
    base = _evidence(store)
    with other.write() as work:
        work.journal.absorb(base)
    gone = write(store, ("evidence", EVIDENCE, "removed", True))
    assert _removed(store)
    edited = write(other, ("evidence", EVIDENCE, "number", "15/BC"))
    for target, changes in ((store, edited), (other, gone)):
        with target.write() as work:
            work.journal.absorb(changes)
        assert not _removed(target)
        with target.read() as work:
            assert work.rows.conflicted() == ((("evidence", EVIDENCE, "removed"), UNIT),)
        assert sound(target)
    assert rows_of(store)["evidence"] == rows_of(other)["evidence"]
    settled = write(store, ("evidence", EVIDENCE, "removed", True))
    assert len(settled) == 1, "said again, knowing of the edit, it is a decision"
    with other.write() as work:
        work.journal.absorb(settled)
        assert work.rows.conflicted() == ()
    assert _removed(store) and _removed(other)


def test_evidence_removed_here_and_linked_there_stays(store: Store, other: Store) -> None:
    base = _evidence(store)
    with other.write() as work:
        work.journal.absorb(base)
    gone = write(store, ("evidence", EVIDENCE, "removed", True))
    write(other, ("evidence_link", f"{EVIDENCE}/17.1", "linked", True))
    with other.write() as work:
        work.journal.absorb(gone)
    assert not _removed(other)
    assert write(other, ("evidence", EVIDENCE, "removed", None))
    assert not _removed(other)
    with other.read() as work:
        assert work.rows.conflicted() == ()
    assert sound(other)


def test_a_value_cleared_here_and_changed_there_stays(store: Store, other: Store) -> None:
    base = percents(store, 1)
    with other.write() as work:
        work.journal.absorb(base)
    changed = write(other, (*RESULT, "value", {"percent": "80"}))
    percents(store, 5, first=10)  # a later clock does not make the deletion stronger
    cleared = write(store, (*RESULT, "value", None))
    with store.write() as work:
        work.journal.absorb(changed)
        assert work.rows.results(ASSESSMENT)["3.1"].value == {"percent": "80"}
        assert len(work.rows.conflicted()) == 1
    assert cleared and sound(store)


# --- rights


def test_every_field_has_its_writers() -> None:
    table = {f"{entity}.{name}": rule.writers for entity, fields in FIELDS.items() for name, rule in fields.items()}
    office = {name for name, writers in table.items() if KeyRole.OFFICE in writers}
    papers = {"number", "issued", "capacity", "signer_title", "signer_name", "addressee", "receivers", "signed"}
    both = {"catalogue.entry", "form_file.name", "form_file.text"}
    own = {"appraisal.opinion", "dossier_return.status", "dossier_return.note", "appraisal_section.text"}
    assert office == own | both | {f"appraisal_document.{name}" for name in papers}
    commune = {name for name, writers in table.items() if KeyRole.COMMUNE in writers}
    assert commune == (set(table) - office) | both


def test_a_change_outside_its_rights_is_refused_whole(store: Store, other: Store) -> None:
    changes = percents(other, 3)
    device = changes[0].device
    before = rows_of(store)
    with pytest.raises(ChangeForbidden) as refused, store.write() as work:
        work.journal.absorb(changes, roles={device: KeyRole.OFFICE})
    assert refused.value.change == changes[0]
    assert rows_of(store) == before
    with store.write() as work:
        assert len(work.journal.absorb(changes, roles={device: KeyRole.COMMUNE}).applied) == 3


def test_a_workspace_writes_nothing_that_is_not_its_own(store: Store) -> None:
    with store.write() as work:
        work.local.put("role", "commune")
        work.local.put("unit", UNIT)
    with pytest.raises(ChangeForbidden):
        write(store, ("appraisal", f"{ASSESSMENT}/3.1", "opinion", {"verdict": "agreed", "note": ""}))
    with store.write() as work:
        work.local.put("role", "office")
        work.local.put("unit", "12")
    with pytest.raises(ChangeForbidden):
        write(store, (*RESULT, "value", {"percent": "80"}))
    assert write(store, ("appraisal", f"{ASSESSMENT}/3.1", "opinion", {"verdict": "agreed", "note": ""}))
    with store.read() as work:
        assert work.rows.opinions(ASSESSMENT)["3.1"].user == "Người dùng mẫu"


# --- names of computers


def test_a_device_id_follows_from_its_key(store: Store) -> None:
    with store.write() as work:
        work.local.put("key", "ab" * 32)
        device = work.local.own_device(UNIT)
        assert device == device_id("ab" * 32, UNIT, work.local.own_nonce(UNIT))
        work.local.renew_device(UNIT)
        assert work.local.own_device(UNIT) != device


@given(st.binary(min_size=32, max_size=32), st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=50, max_size=60))
def test_fingerprints_can_be_read_aloud(key: bytes, age: str) -> None:
    shown = fingerprint(key.hex(), "age1" + age)
    groups = shown.split(" ")
    assert [len(group) for group in groups] == [5] * 6 and shown.replace(" ", "").isdigit()
    assert shown != fingerprint(key.hex(), "age1" + age + "q")
    assert len(key_id(key.hex(), age)) == 16
