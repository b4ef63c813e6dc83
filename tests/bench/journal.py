"""Applying 10,000 journal changes against raw inserts of the same rows, interleaved, with peak memory.

python tests/bench/journal.py [CHANGES] [ROUNDS]
"""

from __future__ import annotations

import json
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from ntm_desktop.model.changes import GENESIS, Change, ChangeId
from ntm_desktop.store.migrate import upgrade
from ntm_desktop.store.store import Store

UNIT, ASSESSMENT = "03390", "03390.xa-ntm-2021-2025.2024"
CODES = 57


def make_changes(count: int) -> list[Change]:
    """A device's chain that edits 57 results over and over."""
    made: list[Change] = []
    last = GENESIS
    heads: dict[str, ChangeId] = {}
    for seq in range(1, count + 1):
        code = f"{1 + seq % CODES}.1"
        overwrites = (heads[code],) if code in heads else ()
        change = Change(
            device="d" * 32,
            seq=seq,
            lamport=seq,
            at="2024-11-20T03:00:00.000+00:00",
            user="mẫu",
            unit=UNIT,
            entity="result",
            entity_id=f"{ASSESSMENT}/{code}",
            field="value",
            value={"percent": str(seq % 100)},
            overwrites=overwrites,
            previous_hash=last,
        )
        last, heads[code] = change.hash(), ChangeId(change.device, seq)
        made.append(change)
    return made


def absorb(database: Path, changes: list[Change]) -> float:
    """Seconds to apply them through the journal, in one transaction."""
    upgrade(database)
    store = Store(database)
    begun = time.perf_counter()
    with store.write() as work:
        work.journal.absorb(changes)
    taken = time.perf_counter() - begun
    store.close()
    return taken


def insert(database: Path, changes: list[Change]) -> float:
    """Seconds to insert the same rows with the bare driver, with no chain, heads or rows kept."""
    rows = [
        (c.device, c.seq, c.lamport, c.at, c.user, c.unit, c.entity, c.entity_id, c.field, json.dumps(c.value), "[]")
        for c in changes
    ]
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=FULL")
    columns = "device, seq, lamport, at, user, unit, entity, entity_id, field, value, overwrites"
    connection.execute(f"CREATE TABLE change ({columns}, PRIMARY KEY (device, seq)) WITHOUT ROWID")
    begun = time.perf_counter()
    connection.executemany(f"INSERT INTO change VALUES ({','.join('?' * 11)})", rows)
    connection.commit()
    taken = time.perf_counter() - begun
    connection.close()
    return taken


def main() -> None:
    """Run the rounds."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    changes = make_changes(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours, raw = [], []
    with tempfile.TemporaryDirectory(prefix="ntm-bench-") as name:
        for number in range(rounds):
            raw.append(insert(Path(name) / f"raw-{number}.sqlite3", changes))
            ours.append(absorb(Path(name) / f"ours-{number}.sqlite3", changes))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    base, middle = statistics.median(raw), statistics.median(ours)
    print(f"{count} changes, {rounds} rounds, medians:")
    print(f"  raw inserts     {base:6.3f} s")
    print(f"  journal         {middle:6.3f} s  {middle / base:4.1f} x raw, {middle / count * 1e6:.0f} µs a change")
    print(f"  peak memory     {peak // 1024} MB, {(peak - before) // 1024} MB above the changes themselves")


if __name__ == "__main__":
    main()
