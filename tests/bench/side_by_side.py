"""Our packages beside restic, borg, git bundle, zip and zip + age: the same files, one run, interleaved.

    PYTHONPATH=. python tests/bench/side_by_side.py [--megabytes 34] [--rounds 3] [--bits 10] [--holes 5] [--seed 1]

Prints for each: seconds to write, check and take (with fsync of what was written), size, peak memory; then what one
flipped bit and a 1 MiB hole at random places do: how often noticed, how many of the files come back right, and whether
a wrong one was handed out as right. A program that is not installed is named and left out. Nothing is asserted.
Everything happens below ``NTM_BENCH_DIR`` (or the system's folder for temporary files) and is removed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from tests.bench.peers import PEERS, Job, Ran, measured, size_of
from tests.bench.stepping import apart

ROOT = Path(__file__).resolve().parents[2]
FILES, ROWS = 300, 57
MIB = 1 << 20
UNIT, CATALOGUE, YEAR = "03390", "xa-ntm-2021-2025", 2024

# What "without start" leaves out is the loading of Python and of the program: its window has been open for a while.
COMMAND = """
import sys, time
import nacl.signing, pyrage, sqlalchemy.dialects.sqlite.pysqlite
from ntm_desktop import catalogue, exchange
from ntm_desktop.cli import main
from ntm_desktop.operations import packages, receiving, safety
from ntm_desktop.store import migrate
begun = time.perf_counter()
code = main(sys.argv[1:])
print(f"\\ninside {time.perf_counter() - begun}", file=sys.stderr)
sys.exit(code)
"""
MAKE = f"""
import sys
from pathlib import Path
from ntm_desktop.operations import evidence, overview, results, setup
from ntm_desktop.operations.identity import export_card, import_card
place, sources = Path(sys.argv[1]), Path(sys.argv[2])
with setup.create(place / "office", unit_code="12", role="office", sample=True) as office:
    card = export_card(office, place)
with setup.create(
    place / "commune", unit_code={UNIT!r}, role="commune", catalogue_id={CATALOGUE!r}, year={YEAR}, region="tdmnpb",
    sample=True,
) as commune:
    import_card(commune, card)
    shown = overview.assessed(commune)
    codes = list(shown.by_code)
    assert len(codes) == {ROWS}, len(codes)
    for code in codes:
        results.save(commune, shown.assessment.assessment_id, code, {{"explanation": "Giải trình mẫu " + code}})
    files = sorted(path for path in sources.iterdir() if path.suffix != ".csv")
    for number, file in enumerate(files):
        evidence.add_files(commune, "", [file], [codes[number % len(codes)]], all_or_none=True)
"""
LIMITS = """
import hashlib, os, sys, time
from pathlib import Path
import pyrage
files = sorted(Path(sys.argv[1]).iterdir())
begun = time.perf_counter()
with open(sys.argv[2], "wb", buffering=0) as target:
    for file in files:
        with open(file, "rb", buffering=0) as source:
            while piece := source.read(1 << 20):
                target.write(piece)
    os.fsync(target.fileno())
written = time.perf_counter() - begun
recipient = pyrage.x25519.Identity.generate().to_public()
class Sink:
    def write(self, data): return len(data)
    def flush(self): pass
begun = time.perf_counter()
for file in files:
    with open(file, "rb") as source:
        hashlib.file_digest(source, "sha256")
        source.seek(0)
        pyrage.encrypt_io(source, Sink(), [recipient])
print(written, time.perf_counter() - begun)
"""


class Carrier(Protocol):
    """What carries the files: a peer's :class:`Job` or :class:`Ours`."""

    store: Path
    out: Path

    def pack(self) -> Ran: ...
    def check(self) -> Ran: ...
    def unpack(self) -> Ran: ...
    def rescue(self) -> Ran: ...


class Ours:
    """The command line of this program on a workspace made beforehand; the office is a fresh copy each time."""

    def __init__(self, world: Path, place: Path, recovery: bool) -> None:
        self._world, self._option = world, "--recovery" if recovery else "--no-recovery"
        self.store, self.out, self._work = place / "store", place / "out", place / "work"
        for folder in (self.store, self.out, self._work):
            folder.mkdir(parents=True)

    def _ntm(self, workspace: Path, *arguments: str) -> Ran:
        command = [sys.executable, "-c", COMMAND, "--workspace", str(workspace), "--json", *arguments]
        return measured(command, {"PYTHONPATH": str(ROOT)}, self._work)

    def pack(self) -> Ran:
        """Export everything to the office, for its key."""
        return self._ntm(self._world / "commune", "package", "export", "--full", "--out", str(self.store), self._option)

    def check(self) -> Ran:
        """Inspect; what recovery data mended counts as noticed."""
        office = self._fresh()
        ran = self._ntm(office, "package", "inspect", str(self._package()))
        mended = "phục hồi" in ran.output  # said of what was mended, and of recovery data that is damaged itself
        return Ran(ran.code or int(mended), ran.seconds, ran.peak, ran.output)

    def unpack(self) -> Ran:
        """Import into an office that has nothing yet."""
        return self._ntm(self._fresh(), "package", "import", str(self._package()))

    def rescue(self) -> Ran:
        """Import what is sound, by explicit choice."""
        return self._ntm(self._fresh(), "package", "import", "--salvage", str(self._package()))

    def _package(self) -> Path:
        (package,) = self.store.glob("*.ntmpkg")
        return package

    def _fresh(self) -> Path:
        shutil.rmtree(self.out)
        shutil.copytree(self._world / "office", self.out)
        return self.out


# --- what is sent -------------------------------------------------------------------------------------------------


def make_sources(folder: Path, megabytes: int, seed: int) -> dict[str, str]:
    """57 rows in a table and 300 files, four of five as dense as photographs; the hash of each file by its name."""
    folder.mkdir()
    chance = random.Random(seed)
    rows = "".join(f"{number};Giải trình mẫu cho chỉ tiêu {number}\n" for number in range(ROWS))
    (folder / "rows.csv").write_text(rows, encoding="utf-8", newline="")
    weights = [chance.lognormvariate(0, 0.6) for _ in range(FILES)]
    hashes = {}
    for number, weight in enumerate(weights):
        size = int(weight / sum(weights) * megabytes * MIB)
        if number % 5:
            name, content = f"anh-{number:03d}.bin", chance.randbytes(size)
        else:
            name, content = f"bang-{number:03d}.bin", b"".join(
                b"%08d;%08d;mau\n" % (line, chance.randrange(10**8)) for line in range(size // 22)
            )  # fmt: skip
        (folder / name).write_bytes(content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    return hashes


def saved(out: Path, hashes: Mapping[str, str]) -> tuple[int, int]:
    """How many of the files lie below ``out`` with the right content, and how many under a file's name with a wrong."""
    right: set[str] = set()
    wrong = 0
    by_hash = set(hashes.values())
    for path in out.rglob("*"):
        if not path.is_file() or (path.name not in hashes and path.name not in by_hash):
            continue
        with open(path, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest == hashes.get(path.name, path.name):
            right.add(digest)
        else:
            wrong += 1
    return len(right), wrong


# --- damage -------------------------------------------------------------------------------------------------------


@dataclass
class Damage:
    """What damage of one kind did to one carrier."""

    trials: int = 0
    noticed: int = 0
    files: list[int] = field(default_factory=list)
    falsified: int = 0


def strike(store: Path, share: float, hole: int, bit: int) -> None:
    """Damage the store at a place (share of all its bytes): one bit, or ``hole`` bytes set to zero."""
    files = sorted(path for path in store.rglob("*") if path.is_file())
    at = int(share * sum(path.stat().st_size for path in files))
    for path in files:
        if at < (size := path.stat().st_size):
            break
        at -= size
    else:
        raise ValueError("the store is empty")
    mode = path.stat().st_mode
    path.chmod(0o600)
    with open(path, "r+b") as stream:
        if hole:
            at = min(at, max(0, size - hole))
            stream.seek(at)
            stream.write(bytes(min(hole, size - at)))
        else:
            stream.seek(at)
            value = stream.read(1)[0]
            stream.seek(at)
            stream.write(bytes([value ^ 1 << bit]))
    path.chmod(mode)


def damaged(carrier: Carrier, hashes: Mapping[str, str], trials: int, hole: int, seed: int) -> Damage:
    """Strike a written store again and again; each time it is put back as it was."""
    found, chance = Damage(), random.Random(seed)
    kept = carrier.store.with_name("kept")
    shutil.copytree(carrier.store, kept, symlinks=True)
    for _number in range(trials):
        strike(carrier.store, chance.random(), hole, chance.randrange(8))
        check, taken = carrier.check(), carrier.unpack()
        found.trials += 1
        found.noticed += check.code != 0 or taken.code != 0
        right, wrong = saved(carrier.out, hashes)
        found.falsified += wrong if taken.code == 0 and check.code == 0 else 0
        if taken.code != 0:
            carrier.rescue()
            right = max(right, saved(carrier.out, hashes)[0])
        found.files.append(right)
        shutil.rmtree(carrier.store)
        shutil.copytree(kept, carrier.store, symlinks=True)
    shutil.rmtree(kept)
    return found


# --- the run ------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What was measured of one carrier."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"pack": [], "check": [], "unpack": []})
    inside: dict[str, list[float]] = field(default_factory=lambda: {"pack": [], "check": [], "unpack": []})
    peak: int = 0
    size: int = 0
    bit: Damage = field(default_factory=Damage)
    hole: Damage = field(default_factory=Damage)


def carriers(world: Path, source: Path) -> dict[str, Callable[[Path], Carrier]]:
    """Everything that takes part, each made anew in the folder given."""
    found: dict[str, Callable[[Path], Carrier]] = {
        "ours": lambda place: Ours(world, place, recovery=False),
        "ours + recovery": lambda place: Ours(world, place, recovery=True),
    }
    return found | {peer.name: partial(Job, peer, source) for peer in PEERS if not peer.lacking}


def go(step: str, name: str, carrier: Carrier, figures: Figures) -> None:
    """One timed step, which must succeed."""
    ran: Ran = getattr(carrier, step)()
    if ran.code != 0:
        raise SystemExit(f"{name}: {step} failed ({ran.code}): {ran.output}")
    figures.seconds[step].append(ran.seconds)
    if "\ninside " in ran.output:
        figures.inside[step].append(float(ran.output.rpartition("\ninside ")[2]))
    figures.peak = max(figures.peak, ran.peak)


def run(options: argparse.Namespace, folder: Path) -> tuple[dict[str, Figures], list[tuple[float, float]]]:
    """All rounds: each carrier in turn, so that a busy moment of the computer does not fall upon one alone."""
    source, world = folder / "input", folder / "world"
    # In a child: what this process once held in memory is counted for every program that it starts.
    hashes = apart(partial(make_sources, source, options.megabytes, options.seed))
    world.mkdir()
    made = measured([sys.executable, "-c", MAKE, str(world), str(source)], {"PYTHONPATH": str(ROOT)}, folder)
    if made.code:
        raise SystemExit(f"no workspace: {made.output}")
    figures: dict[str, Figures] = {}
    physical: list[tuple[float, float]] = []
    for number in range(options.rounds):
        limits = measured([sys.executable, "-c", LIMITS, str(source), str(folder / "all.bin")], {}, folder)
        if limits.code:
            raise SystemExit(limits.output)
        written, sealed = limits.output.split()[-2:]
        physical.append((float(written), float(sealed)))
        (folder / "all.bin").unlink()
        last = number == options.rounds - 1
        for name, make in carriers(world, source).items():
            mine = figures.setdefault(name, Figures())
            carrier = make(folder / "run")
            for step in ("pack", "check", "unpack"):
                go(step, name, carrier, mine)
            mine.size = size_of(carrier.store)
            right, wrong = saved(carrier.out, hashes)
            if (right, wrong) != (FILES, 0):
                raise SystemExit(f"{name}: {right} of {FILES} files came back, {wrong} wrong")
            if last:
                mine.bit = damaged(carrier, hashes, options.bits, 0, options.seed)
                mine.hole = damaged(carrier, hashes, options.holes, MIB, options.seed + 1)
            shutil.rmtree(folder / "run")
            os.sync()
    return figures, physical


def report(figures: Mapping[str, Figures], physical: Sequence[tuple[float, float]], megabytes: int) -> None:
    """The tables."""
    write, seal = (statistics.median(column) for column in zip(*physical, strict=True))
    print(f"{megabytes} MB, {FILES} files, {ROWS} rows; medians of {len(physical)} rounds, seconds of whole commands")
    print(f"physical limit: writing with fsync {write:.2f} s, SHA-256 + age in one thread {seal:.2f} s")
    print(f"{'':16} {'write':>7} {'check':>7} {'take':>7} {'MB':>8} {'peak MB':>8} {'limit/write':>12}")
    for name, mine in figures.items():
        pack, check, unpack = (statistics.median(mine.seconds[step]) for step in ("pack", "check", "unpack"))
        ratio = max(write, seal) / pack
        sizes = f"{mine.size / MIB:8.1f} {mine.peak:8}"
        print(f"{name:16} {pack:7.2f} {check:7.2f} {unpack:7.2f} {sizes} {ratio:12.2f}")
        if mine.inside["pack"]:
            inner = [statistics.median(mine.inside[step]) for step in ("pack", "check", "unpack")]
            print(
                f"{'  without start':16} {inner[0]:7.2f} {inner[1]:7.2f} {inner[2]:7.2f} {'':17} "
                f"{max(write, seal) / inner[0]:12.2f}"
            )
    for title, kind in (("one flipped bit", "bit"), ("a hole of 1 MiB", "hole")):
        print(f"\n{title:16} {'noticed':>10} {'files saved: mean':>18} {'worst':>6} {'wrong handed out':>17}")
        for name, mine in figures.items():
            found: Damage = getattr(mine, kind)
            if found.trials:
                mean = f"{statistics.mean(found.files):.1f} of {FILES}"
                noticed = f"{found.noticed} of {found.trials}"
                print(f"{name:16} {noticed:>10} {mean:>18} {min(found.files):6} {found.falsified:17}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("megabytes", 34), ("rounds", 3), ("bits", 10), ("holes", 5), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--json", type=Path, help="keep the raw figures here")
    options = parser.parse_args()
    for peer in PEERS:
        if peer.lacking:
            print(f"{peer.name}: left out, not installed: {', '.join(peer.lacking)}")
    with tempfile.TemporaryDirectory(prefix="ntm-side-", dir=os.environ.get("NTM_BENCH_DIR")) as name:
        figures, physical = run(options, Path(name))
    report(figures, physical, options.megabytes)
    if options.json:
        raw = {name: {"seconds": mine.seconds, "size": mine.size, "peak": mine.peak} for name, mine in figures.items()}
        options.json.write_text(json.dumps({"physical": physical, **raw}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
