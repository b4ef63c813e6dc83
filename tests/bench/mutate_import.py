"""Damages and forges real packages and imports them into a real office: refused with a sentence, and nothing changed.

    python tests/bench/mutate_import.py [2000] [--seed 7]

Two offices take part: one that knows the commune already and gets its second package, one that gets its first. After
every import all tables and the list of all evidence files are compared with those before; the files are hashed again
and ``verify`` runs every 100 imports and at the end. Exit code 1 where anything was accepted, crashed or changed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ntm_desktop.errors import PackageRefused
from ntm_desktop.operations import receiving
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import Workspace, open_workspace
from tests.bench.mutate_packages import MUTATORS, bit_flip, flipped
from tests.core.command_line import COMMUNE, NEIGHBOUR, Ntm, a_file, blobs, new, office, tables
from tests.core.exchange_samples import parts_of, zipped

LOOK_CLOSER_EVERY = 100
TEXT = "Minh chứng {round}.{number} " * 120

Mutator = Callable[[random.Random, bytes], bytes]


# --- damage within a named part -----------------------------------------------------------------------------------


def part_flip(chance: random.Random, package: bytes) -> bytes:
    """One bit in one part: header, manifest, changes, a blob, the catalogue, or the ZIP around them."""
    name, data = chance.choice([*parts_of(package), ("", b"")])
    if not data:
        tail = package.rindex(b"PK\x05\x06") - 400
        return flipped(package, chance.randrange(max(0, tail), len(package)), chance.randrange(8))
    start = package.index(data) if chance.random() < 0.9 else package.index(name.encode())
    size = len(data) if package[start : start + 4] == data[:4] else len(name)
    return flipped(package, start + chance.randrange(size), chance.randrange(8))


def blob_exchanged(chance: random.Random, package: bytes) -> bytes:
    """Evidence that is not what the manifest says, in a container whose check sums agree with it."""
    parts = parts_of(package)
    at = chance.choice([n for n, (name, _data) in enumerate(parts) if name.startswith("e/")])
    others = [data for n, (name, data) in enumerate(parts) if n != at and len(data) == len(parts[at][1])]
    parts[at] = (parts[at][0], chance.choice([*others, HELD.encode()]))
    return zipped(parts)


def cut_near_the_end(chance: random.Random, package: bytes) -> bytes:
    """A stick pulled a moment too early."""
    return package[: -chance.randrange(1, 200)]


HELD = TEXT.format(round=0, number=0)  # what the offices have as another commune's evidence, of the same size
OWN: Mapping[str, tuple[Mutator, float]] = {
    "part_flip": (part_flip, 45),
    "blob_exchanged": (blob_exchanged, 4),
    "cut_near_the_end": (cut_near_the_end, 5),
}
ALL: Mapping[str, tuple[Mutator, float]] = {**MUTATORS, **OWN}


# --- the world ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """An office, and the package that it would take if it were sound."""

    office: Path
    package: bytes


def prepare(folder: Path) -> tuple[Case, Case]:
    """A commune, a neighbour, and two offices: one that has had the commune's first package, one that has not."""
    commune, neighbour = new(folder / "xã"), new(folder / "xã bên", unit=NEIGHBOUR)
    neighbour.ask("evidence", "add", a_file(folder, "của xã bên.txt", HELD), "--indicator", "3.1")
    theirs = neighbour.ask("package", "export", "--out", folder / "bên", "--plain")["path"]
    _type(commune, folder, 1)
    first = commune.ask("package", "export", "--out", folder / "1", "--plain")["path"]
    knowing, fresh = office(folder / "tỉnh"), office(folder / "tỉnh mới")
    knowing.ask("package", "import", theirs, first)
    fresh.ask("package", "import", theirs)
    (answer,) = knowing.ask("package", "receipts", "--out", folder / "về", "--unit", COMMUNE)
    commune.ask("package", "import", answer["path"])
    _type(commune, folder, 2)
    second = commune.ask("package", "export", "--out", folder / "2", "--plain")["path"]
    full = commune.ask("package", "export", "--out", folder / "đủ", "--full", "--plain")["path"]
    for above, package in ((knowing, second), (fresh, full)):
        trial = above.copy(folder / "thử")
        assert trial.ask("package", "import", package)["applied"] > 0, "the undamaged package is taken"
        assert trial.ask("verify")["ok"]
        _remove(trial.folder)
    return Case(knowing.folder, Path(second).read_bytes()), Case(fresh.folder, Path(full).read_bytes())


def _type(commune: Ntm, folder: Path, round_: int) -> None:
    for code, value in (("3.1", f"8{round_}"), ("17.4", str(round_)), ("1.1", "đạt"), ("15.1", f"9{round_},5")):
        commune.ask("result", "set", code, "--value", value, "--explanation", f"Giải trình lần {round_}")
    texts = [TEXT.format(round=round_, number=number) for number in range(3)]
    files = [a_file(folder, f"minh chứng {round_}.{n}.txt", text) for n, text in enumerate(texts)]
    commune.ask("evidence", "add", *files, "--indicator", "3.1", "--number", f"{round_}/BC")


def _remove(folder: Path) -> None:
    import shutil

    for file in folder.rglob("*"):
        file.chmod(0o755)
    shutil.rmtree(folder)


# --- the run ------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What was tried and what came of it."""

    kinds: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    problems: list[str] = field(default_factory=list)


def mutations(count: int, seed: int, packages: tuple[bytes, ...]) -> Iterator[tuple[str, int, bytes]]:
    """Kind, number of the package, and the damaged bytes."""
    chance = random.Random(seed)
    names, weights = list(ALL), [weight for _mutator, weight in ALL.values()]
    for _number in range(count):
        kind, which = chance.choices(names, weights)[0], chance.randrange(len(packages))
        mutated = ALL[kind][0](chance, packages[which])
        while mutated == packages[which]:
            mutated = bit_flip(chance, mutated)
        yield kind, which, mutated


def run(count: int, seed: int, folder: Path) -> Figures:
    """Import ``count`` damaged packages."""
    figures = Figures()
    cases = prepare(folder)
    before = [(tables(case.office), blobs(case.office)) for case in cases]
    path = folder / "gói hỏng.ntmpkg"
    workspaces = [open_workspace(case.office) for case in cases]
    try:
        damaged = mutations(count, seed, tuple(case.package for case in cases))
        for number, (kind, which, mutated) in enumerate(damaged, start=1):
            path.write_bytes(mutated)
            figures.kinds[kind] += 1
            problem = _import(workspaces[which], path)
            if problem is None:
                figures.refused += 1
            else:
                figures.problems.append(f"{number} {kind}: {problem}")
            if (closer := number % LOOK_CLOSER_EVERY == 0) or number == count:
                figures.problems += [f"{number}: {text}" for each in workspaces for text in verify(each).problems]
            if tables(cases[which].office) != before[which][0] or _stored(cases[which].office) != sorted(
                before[which][1]
            ):
                figures.problems.append(f"{number} {kind}: the office's content changed")
                break
            if closer and blobs(cases[which].office) != before[which][1]:
                figures.problems.append(f"{number} {kind}: the content of a file changed")
        for case, held in zip(cases, before, strict=True):
            if (tables(case.office), blobs(case.office)) != held:
                figures.problems.append("at the end: the office's content changed")
    finally:
        for each in workspaces:
            each.close()
    return figures


def _import(workspace: Workspace, path: Path) -> str | None:
    """None where the package is refused as it should be; else what happened."""
    try:
        (outcome,) = receiving.import_files(workspace, [path]).outcomes
    except BaseException as error:
        return f"crashed: {type(error).__name__}: {error}"
    if outcome.error is None:
        return f"accepted, {outcome.applied} changes applied"
    if not isinstance(outcome.error, PackageRefused):
        return f"refused as {type(outcome.error).__name__}: {outcome.error}"
    if path.name not in outcome.error.message:
        return f"the file is not named: {outcome.error}"
    return None


def _stored(folder: Path) -> list[str]:
    place = folder / "blobs"
    return sorted(file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file())


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ntm-mutate-") as folder:
        figures = run(options.count, options.seed, Path(folder))
    print(f"{sum(figures.kinds.values())} damaged packages in {time.monotonic() - started:.0f} s")
    print(", ".join(f"{kind} {count}" for kind, count in figures.kinds.most_common()))
    print(f"refused with nothing changed: {figures.refused}; anything else: {len(figures.problems)}")
    for problem in figures.problems[:20]:
        print("  ", problem)
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
