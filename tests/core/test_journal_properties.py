"""What must hold of the journal always: any order, any number of times, any batching give the same rows."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ntm_desktop.model.changes import Change, ChangeId, JsonValue, canonical_json, vector_of
from ntm_desktop.model.progress import Silent
from ntm_desktop.store.arriving import HistoryRewritten, RecordOfOtherUnit
from ntm_desktop.store.journal import Assignment, Journal
from ntm_desktop.store.local import Local
from ntm_desktop.store.migrate import upgrade
from ntm_desktop.store.store import Store
from ntm_desktop.store.tables import JOURNAL_TABLES, PROJECTED_TABLES, table_of
from ntm_desktop.store.verify import verify_journal
from tests.core.journal_worlds import EVIDENCE, KEYS, UNIT, VALUES, Sync, World, Write, deliveries, folded, worlds

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.sqlite3"
    upgrade(path)
    return path


@contextmanager
def store_of(empty: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="ntm-journal-") as folder:
        store = Store(Path(shutil.copy(empty, Path(folder) / "ntm.sqlite3")))
        try:
            yield store
        finally:
            store.close()


def rows_of(store: Store, tables: tuple[Any, ...] = (*JOURNAL_TABLES, *PROJECTED_TABLES)) -> Rows:
    with store.read() as work:
        return {
            table_of(row).name: sorted(
                (
                    tuple(value for name, value in found._mapping.items() if name != "awaited")  # follows from arrival
                    for found in work.connection.execute(select(table_of(row)))
                ),
                key=repr,
            )
            for row in tables
        }


def absorb(store: Store, batch: list[Change]) -> int:
    with store.write() as work:
        return len(work.journal.absorb(batch).applied)


def after(empty: Path, batches: list[list[Change]]) -> Rows:
    with store_of(empty) as store:
        for batch in batches:
            absorb(store, batch)
        report = verify_journal(store, Silent())
        assert report.findings == (), "the rows are what the journal says"
        return rows_of(store)


# --- the pure part ------------------------------------------------------------------------------------------------


@given(st.data())
@settings(max_examples=200)
def test_a_fields_heads_do_not_depend_on_the_order(data: st.DataObject) -> None:
    world = data.draw(worlds(20))
    for key in KEYS:
        changes = [change for change in world.changes if change.key == key]
        overwritten = {other for change in changes for other in change.overwrites}
        expected = sorted((c for c in changes if c.id not in overwritten), key=lambda c: c.rank, reverse=True)
        state = folded(data.draw(st.permutations(changes)))
        assert list(state.heads) == expected
        assert state.value == (expected[0].value if expected else None)
        assert state.conflicted == (len({canonical_json(head.value) for head in expected}) > 1)


def test_every_order_of_a_small_quarrel() -> None:
    """One wrote first, two wrote over it unseen by each other, a third settled it: 24 orders, one outcome."""
    first, one, other, settled = (
        _change("a", 1),
        _change("b", 1, "a1"),
        _change("c", 1, "a1"),
        _change("a", 2, "b1 c1"),
    )
    for order in itertools.permutations([first, one, other, settled]):
        assert folded(order).heads == (settled,)
    for order in itertools.permutations([first, one, other]):
        assert folded(order).heads == (other, one)


def _change(device: str, seq: int, overwrites: str = "") -> Change:
    return Change(
        *(device, seq, seq + len(overwrites), "2024-11-20T03:04:05+00:00", "", UNIT, *KEYS[0], None),
        tuple(ChangeId(name[0], int(name[1:])) for name in overwrites.split()),
        "",
    )


# --- the store ----------------------------------------------------------------------------------------------------


@given(data=st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_order_any_number_of_times_any_batches(empty: Path, data: st.DataObject) -> None:
    world = data.draw(worlds())
    one = after(empty, data.draw(deliveries(world)))
    other = after(empty, data.draw(deliveries(world)))
    assert one == other
    assert {(row[0], row[1]) for row in one["change"]} == {(c.device, c.seq) for c in world.changes}
    for key in KEYS:
        shown = folded([change for change in world.changes if change.key == key])
        state = next((row for row in one["field_state"] if row[:3] == key), None)
        assert (state is not None) == bool(shown.heads)
        if state is not None:
            heads: JsonValue = [[head.device, head.seq] for head in shown.heads]
            assert state[4] == canonical_json(heads).decode()
            assert bool(state[5]) == (shown.conflicted if key[2] != "removed" else _disputed(world))


def _disputed(world: World) -> bool:
    """Somebody removed the evidence and somebody else, unseen, put it back or wrote about it."""
    states = {key: folded([change for change in world.changes if change.key == key]) for key in KEYS}
    removing = states[("evidence", EVIDENCE, "removed")].heads
    out = [head for head in removing if head.value is True]
    seen = {change_id for head in out for change_id in head.overwrites}
    others = [key for key in KEYS if key[1].startswith(EVIDENCE) and key[2] != "removed"]
    unseen = [head for key in others for head in states[key].heads if not head.deletes and head.id not in seen]
    return bool(out) and (len(out) < len(removing) or bool(unseen))


def test_three_computers_over_one_ancestor(empty: Path) -> None:
    """Who is told last that the ancestor was overwritten keeps no other rows than who is told first."""
    world = World()
    for step in (Write(0, 0, 1), Sync(0, 1), Sync(0, 2), Write(1, 0, 2), Write(2, 0, 3)):
        world.apply(step)
    chains = list(world.chains.values())
    outcomes = [after(empty, [list(chain) for chain in order]) for order in itertools.permutations(chains)]
    assert all(outcome == outcomes[0] for outcome in outcomes)


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_stores_that_write_themselves_and_meet_agree(empty: Path, data: st.DataObject) -> None:
    """Two stores write through the journal, exchange at random, and in the end everything."""
    with store_of(empty) as one, store_of(empty) as other:
        for _step in range(data.draw(st.integers(1, 12))):
            store, peer = data.draw(st.sampled_from([(one, other), (other, one)]))
            if data.draw(st.booleans()):
                _send(peer, store)
            picks = data.draw(
                st.lists(st.tuples(st.integers(0, len(KEYS) - 1), st.integers(0, 3)), min_size=1, max_size=4)
            )
            assignments = [Assignment(*KEYS[k], VALUES[KEYS[k]][p % len(VALUES[KEYS[k]])]) for k, p in picks]
            with store.write() as work:
                work.write(UNIT, "Người dùng mẫu", assignments)
        _send(one, other)
        _send(other, one)
        assert _send(one, other) == 0
        assert rows_of(one) == rows_of(other)
        for store in (one, other):
            assert verify_journal(store, Silent()).findings == ()


def _send(source: Store, target: Store) -> int:
    """What the target lacks, by its version vector."""
    with target.read() as work:
        vector = work.journal.vector(UNIT)
    with source.read() as work:
        changes = list(work.journal.after(UNIT, vector))
    return absorb(target, changes)


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_a_refused_delivery_leaves_everything_as_it_was(empty: Path, data: st.DataObject) -> None:
    world = data.draw(worlds())
    batches = data.draw(deliveries(world))
    held = batches[: len(batches) // 2]
    rest = [change for batch in batches[len(batches) // 2 :] for change in batch]
    if not rest:
        return
    place = data.draw(st.integers(0, len(rest) - 1))
    kind, bad = data.draw(st.sampled_from(_spoilt(rest[place])))
    with store_of(empty) as store:
        for batch in held:
            absorb(store, batch)
        before = rows_of(store)
        with pytest.raises((HistoryRewritten, RecordOfOtherUnit, ValueError)):
            absorb(store, [*rest[:place], bad])
        assert rows_of(store) == before, kind
        assert verify_journal(store, Silent()).findings == ()


def _spoilt(change: Change) -> list[tuple[str, Change]]:
    return [
        ("another history", replace(change, previous_hash="f" * 64)),
        ("another user", replace(change, user="Người khác", previous_hash="e" * 64)),
        ("another unit", replace(change, unit="03390", previous_hash="d" * 64)),
    ]


def test_vector_and_what_follows_it(empty: Path) -> None:
    world = World()
    for step in (Write(0, 0, 1), Write(0, 1, 1), Sync(0, 1), Write(1, 0, 2), Write(0, 2, 1)):
        world.apply(step)
    with store_of(empty) as store:
        absorb(store, world.changes)
        with store.read() as work:
            assert work.journal.vector(UNIT) == vector_of(world.changes)
            first = world.changes[0].device
            sent = list(work.journal.after(UNIT, {first: 2}))
        assert {change.id for change in sent} == {c.id for c in world.changes if not (c.device == first and c.seq <= 2)}


def test_the_journal_of_an_open_transaction(empty: Path) -> None:
    """Everything that :class:`Journal` does is undone with its transaction."""
    with store_of(empty) as store:
        before = rows_of(store)
        with pytest.raises(RuntimeError), store.write() as work:
            journal = Journal(work.connection, Local(work.connection))
            assert journal.write(UNIT, "", "2024-11-20T03:04:05+00:00", [Assignment(*KEYS[1], "Kênh")])
            raise RuntimeError
        assert rows_of(store) == before
