"""Damages and forges packages at random and looks whether the reader refuses every one, or mends it and says so.

    PYTHONPATH=. python tests/bench/mutate_packages.py 100000 [--seed 7]

Plain packages and ones sealed to a key or a passphrase, with recovery data and without. A package that opens although
a byte of it was changed must hold exactly what was written, and tell that it was mended. Prints one line per kind of
mutation and a summary; the exit code is 1 where anything was accepted silently, crashed or hung. Repeatable but for
the chance in age's own encryption. A sample runs with the tests.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

from ntm_desktop.errors import PackageRefused
from ntm_desktop.exchange import Package, Unlock, read_package, write_packages
from ntm_desktop.exchange.passphrase import passphrase_wrap
from ntm_desktop.model.changes import canonical_json
from tests.bench import mutators
from tests.bench.mutators import Base
from tests.core.exchange_samples import KEYS, OTHER_KEYS, recipient, sample_plan
from tests.core.package_forger import closed, described, opened

Mutator: TypeAlias = Callable[[random.Random, Base], bytes]

PASSPHRASE = "bốn từ dễ nhớ"
CHEAP = 4  # a work factor for tests; what a package may ask for at most is tried, too
SLOWEST = 5.0
HANGS_AFTER = 30
MOST_MEMORY = 400  # MB
MOST_KEPT = 10
GOOD = frozenset({"refused", "mended", "salvaged", "whole when copied"})

# What damages a package by chance, and what only somebody who knows the format does; with how often it is tried.
MUTATORS: Mapping[str, tuple[Mutator, float]] = {
    "bit_flip": (mutators.bit_flip, 18),
    "region_flip": (mutators.region_flip, 24),
    "two_flips": (mutators.two_flips, 4),
    "bytes_set": (mutators.bytes_set, 6),
    "sector_lost": (mutators.sector_lost, 5),
    "hole": (mutators.hole, 3),
    "cut": (mutators.cut, 8),
    "cut_at_border": (mutators.cut_at_border, 5),
    "head_lost": (mutators.head_lost, 2),
    "added": (mutators.added, 4),
    "moved": (mutators.moved, 4),
    "entries": (mutators.entries, 8),
    "entry_of_another": (mutators.entry_of_another, 4),
    "other_zip": (mutators.other_zip, 2),
    "lying_layout": (mutators.lying_layout, 3),
    "padding": (mutators.other_padding, 2),
    "header_edit": (mutators.header_edit, 5),
    "lying_header": (mutators.lying_header, 5),
    "lying_manifest": (mutators.lying_manifest, 8),
    "lying_receipt": (mutators.lying_receipt, 3),
    "odd_json": (mutators.odd_json, 3),
    "re_signed": (mutators.re_signed, 4),
    "newer_format": (mutators.newer_format, 1),
    "wrong_changes": (mutators.wrong_changes, 6),
    "wrong_heads": (mutators.wrong_heads, 3),
    "wrong_evidence": (mutators.wrong_evidence, 4),
    "extra_listed": (mutators.extra_listed, 2),
    "wrong_seal": (mutators.wrong_seal, 3),
    "bomb": (mutators.bomb, 0.3),
    "costly_passphrase": (mutators.costly_passphrase, 1),
}


def bases(folder: Path, seed: int) -> list[Base]:
    """Packages of each kind, small so that many can be tried."""
    found: list[Base] = []
    for name, files, plain, recovery in (
        ("plain", 4, True, False),
        ("plain, no evidence", 0, True, False),
        ("plain, recovery", 4, True, True),
        ("sealed", 3, False, False),
        ("sealed, recovery", 3, False, True),
    ):
        plan = sample_plan(folder / name, seed=seed + files, changes=20, files=files, size=900)
        plan = replace(plan, plain=plain, recipients=() if plain else (recipient(KEYS),), recovery=recovery)
        out = folder / name / "out"
        out.mkdir()
        (written,) = write_packages(plan, out)
        data = written.path.read_bytes()
        taken = opened(data, "" if plan.plain else KEYS.age_secret)
        found.append(Base(name, data, taken, KEYS, OTHER_KEYS, Unlock((KEYS.age_secret,)), tuple(plan.changes)))
    return [*found, _with_passphrase(found[3])]


def _with_passphrase(sealed: Base) -> Base:
    """The same package for who knows the passphrase, with a work factor that lets many be tried."""
    key = passphrase_wrap(KEYS.age_secret, PASSPHRASE, CHEAP)
    taken = replace(sealed.taken, locked_key=key)

    def describe(header: dict[str, object]) -> None:
        header["recipients"], header["passphrase"] = [], described(key)

    data = closed(taken, KEYS, edit_header=describe)
    unlock = Unlock((), lambda: PASSPHRASE)
    return replace(sealed, name="passphrase", data=data, taken=opened(data, KEYS.age_secret), unlock=unlock)


# --- verdicts -----------------------------------------------------------------------------------------------------


class Hung(Exception):
    """A package that takes for ever."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raises :class:`Hung` when that time is over (where the system has such an alarm)."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Hung

    former = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def verdict(path: Path, base: Base, salvage: bool = False, lazy: bool = False) -> str:
    """How the reader takes a changed file: refused, mended, or what is wrong with the reader."""
    begun = time.monotonic()
    try:
        with limited(HANGS_AFTER):
            found = _read(path, base, salvage, lazy)
    except Hung:
        return "HUNG"
    except PackageRefused as refusal:
        found = "refused" if refusal.message and refusal.hint else "NO SENTENCE"
    except BaseException as problem:
        return f"CRASHED {type(problem).__name__}: {problem}"[:200]
    return found if time.monotonic() - begun < SLOWEST else "SLOW"


def _read(path: Path, base: Base, salvage: bool, lazy: bool) -> str:
    with read_package(path, base.unlock, verify_blobs=not lazy, salvage=salvage) as package:
        taken = (*package.blobs, *package.catalogues)
        for ref in taken:
            with package.open(ref) as stream:
                content = stream.read()
            if (hashlib.sha256(content).hexdigest(), len(content)) != (ref.sha256, ref.size):
                if lazy or salvage:  # whoever copies it checks this, and then says so
                    package.damaged_at(ref)
                    return "salvaged" if salvage else "refused"
                return "OTHER EVIDENCE"
        if package.changes != base.changes or _described(package) != _whole(base.taken.manifest):
            return "OTHER CONTENT"
        if len(taken) + len(package.damaged) != len(base.taken.manifest["entries"]) - 1:
            return "EVIDENCE UNTOLD"
        if salvage:
            return "salvaged"
        if package.damaged:
            return "DAMAGED UNASKED"
        if package.repaired or package.recovery_damaged:
            return "mended"
        # Whoever copies evidence checks its SHA-256; at the hash of the stored bytes only the full reading looks.
        return "whole when copied" if lazy else "ACCEPTED"


def _described(package: Package) -> bytes:
    return _whole(package.manifest.to_json())


def _whole(manifest: Mapping[str, Any]) -> bytes:
    """The manifest without what sealing anew changes, and without the word about recovery data that a forger drops."""
    plain: Any = [{name: value for name, value in entry.items() if name != "stored"} for entry in manifest["entries"]]
    return canonical_json({**manifest, "entries": plain, "recovery": None})


# --- the run ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutation:
    """One damaged or forged package."""

    kind: str
    base: Base
    data: bytes


def mutations(count: int, seed: int, folder: Path) -> Iterator[Mutation]:
    """``count`` of them."""
    packages = bases(folder, seed)
    chance = random.Random(seed)
    names, weights = list(MUTATORS), [weight for _mutator, weight in MUTATORS.values()]
    for _ in range(count):
        name, base = chance.choices(names, weights)[0], chance.choice(packages)
        data = MUTATORS[name][0](chance, base)
        while data == base.data:
            data = mutators.bit_flip(chance, base)
        yield Mutation(name, base, data)


def run(count: int, seed: int) -> Counter[tuple[str, str]]:
    """Kinds and verdicts of ``count`` mutations."""
    found: Counter[tuple[str, str]] = Counter()
    kept = 0
    with tempfile.TemporaryDirectory(prefix="ntm-mutate-", dir=_memory()) as name:
        path = Path(name) / "gói.ntmpkg"
        for number, mutation in enumerate(mutations(count, seed, Path(name)), start=1):
            path.write_bytes(mutation.data)
            result = verdict(path, mutation.base)
            if result in GOOD and number % 5 == 0:
                result = verdict(path, mutation.base, lazy=True)
            elif result in GOOD and number % 3 == 0:
                result = verdict(path, mutation.base, salvage=True)
            found[mutation.kind, result] += 1
            if result not in GOOD and kept < MOST_KEPT:
                kept += 1
                evidence = Path(tempfile.gettempdir()) / f"mutation-{seed}-{number}.ntmpkg"
                evidence.write_bytes(mutation.data)
                print(mutation.kind, mutation.base.name, result, evidence, flush=True)
    return found


def _memory() -> str | None:
    """A folder in memory where there is one: a hundred thousand files need no disk."""
    with suppress(OSError):
        if os.access("/dev/shm", os.W_OK):
            return "/dev/shm"
    return None


def peak_memory() -> int:
    """The most memory that this process has had, in MB; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    begun = time.monotonic()
    found = run(wanted.count, wanted.seed)
    seconds, peak = time.monotonic() - begun, peak_memory()
    results = list(dict.fromkeys(result for _kind, result in sorted(found)))
    for kind in MUTATORS:
        told = ", ".join(f"{result} {found[kind, result]}" for result in results if found[kind, result])
        print(f"{kind:18} {told}")
    totals = Counter[str]()
    for (_kind, result), number in found.items():
        totals[result] += number
    bad = sum(number for result, number in totals.items() if result not in GOOD)
    print(f"{sum(totals.values())} mutated packages: {dict(totals)}; {bad} wrong; {seconds:.0f} s, peak {peak} MB")
    if peak > MOST_MEMORY:
        print(f"more memory than {MOST_MEMORY} MB")
    return 1 if bad or peak > MOST_MEMORY else 0


if __name__ == "__main__":
    sys.exit(main())
