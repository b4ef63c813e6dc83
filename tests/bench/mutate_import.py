"""Damages and forges real packages and imports them: refused with a sentence and nothing changed, or mended and told.

    PYTHONPATH=. python tests/bench/mutate_import.py [2000] [--seed 7]

Three receivers take part: an office that knows the commune and gets its second package (open), an office that gets its
first (sealed, with recovery data), and the commune's second computer (sealed). After every import all tables and the
list of all evidence files are compared with those before; the files are hashed again and ``verify`` runs every 100
imports and at the end. Where recovery data mended a package, or what is whole is taken by choice, the receiver must
hold exactly what the sound package brings (or less evidence, told by name); then it is put back. Exit code 1 where
anything was accepted silently, crashed or half taken.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ntm_desktop.errors import PackageRefused
from ntm_desktop.exchange import Unlock, read_package
from ntm_desktop.exchange.cards import make_card
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.exchange.identity import generate, load
from ntm_desktop.model.changes import GENESIS, Change, JsonValue, canonical_json
from ntm_desktop.model.devices import KeyRole, device_id
from ntm_desktop.operations import receiving
from ntm_desktop.operations.receiving import Outcome
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import Workspace, open_workspace
from tests.bench import mutators
from tests.bench.mutate_packages import HANGS_AFTER, MUTATORS, Hung, limited, peak_memory
from tests.bench.mutators import Base
from tests.core.command_line import COMMUNE, NATIONAL, NEIGHBOUR, Ntm, a_file, blobs, introduce, new, office, tables
from tests.core.package_forger import Opened, closed, opened, with_lines

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

LOOK_CLOSER_EVERY = 100
SALVAGE_EVERY = 9
TEXT = "Minh chứng {round}.{number} " * 120
ROWS = ("change", "field_state", "result", "evidence", "evidence_link", "assessment", "catalogue", "device", "level")

Mutator: TypeAlias = Callable[[random.Random, "Case"], bytes]


# --- the world ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A receiver, the package that it would take if it were sound, and what it would hold then."""

    name: str
    receiver: Path
    base: Base
    older: bytes
    alien: bytes
    after: Mapping[str, list[str]]
    after_blobs: frozenset[str]


def prepare(folder: Path) -> tuple[Case, ...]:
    """A commune with two computers, a neighbour, and two offices: one has had the commune's first package."""
    commune, neighbour = new(folder / "xã"), new(folder / "xã bên", unit=NEIGHBOUR)
    knowing, fresh, second = office(folder / "tỉnh"), office(folder / "tỉnh mới"), Ntm(folder / "máy hai")
    second.ask("init", "--unit", COMMUNE, "--role", "commune")
    for other in (knowing, fresh, second):
        introduce(commune, other)
    introduce(neighbour, knowing)
    theirs = _sent(neighbour, folder / "bên", "--plain")
    _type(commune, folder, 1)
    first = _sent(commune, folder / "1", "--plain", "--no-recovery")
    knowing.ask("package", "import", theirs, first)
    back = knowing.ask("package", "receipts", "--out", folder / "về", "--unit", COMMUNE)[0]["path"]
    commune.ask("package", "import", back)
    _type(commune, folder, 2)
    made = (
        ("knowing office", knowing, _sent(commune, folder / "2", "--plain", "--no-recovery")),
        ("new office", fresh, _sent(commune, folder / "đủ", "--full", "--recovery")),
        ("second computer", second, _sent(commune, folder / "hai", "--full", "--no-recovery")),
    )
    return tuple(
        _case(name, commune, receiver, path, (first.read_bytes(), theirs.read_bytes())) for name, receiver, path in made
    )


def _sent(sender: Ntm, folder: Path, *options: str) -> Path:
    return Path(sender.ask("package", "export", "--out", folder, *options)["path"])


def _type(commune: Ntm, folder: Path, round_: int) -> None:
    for code, value in (("3.1", f"8{round_}"), ("17.4", str(round_)), ("1.1", "đạt"), ("15.1", f"9{round_},5")):
        commune.ask("result", "set", code, "--value", value, "--explanation", f"Giải trình lần {round_}")
    texts = [TEXT.format(round=round_, number=number) for number in range(3)]
    files = [a_file(folder, f"minh chứng {round_}.{n}.txt", text) for n, text in enumerate(texts)]
    commune.ask("evidence", "add", *files, "--indicator", "3.1", "--number", f"{round_}/BC")


def _case(name: str, commune: Ntm, receiver: Ntm, path: Path, others: tuple[bytes, bytes]) -> Case:
    keys, theirs = load(commune.folder / "keys"), load(receiver.folder / "keys")
    assert keys is not None and theirs is not None
    unlock = Unlock((theirs.age_secret,))
    with read_package(path, unlock) as package:
        changes = package.changes
    data = path.read_bytes()
    taken = opened(data, "" if not package.encrypted else theirs.age_secret)
    trial = receiver.copy(receiver.folder.with_name("thử"))
    assert trial.ask("package", "import", path)["applied"] > 0, "the undamaged package is taken"
    assert trial.ask("verify")["ok"]
    base = Base(name, data, taken, keys, generate(), unlock, changes)
    case = Case(name, receiver.folder, base, *others, rows(trial.folder), frozenset(blobs(trial.folder)))
    _remove(trial.folder)
    return case


def rows(folder: Path) -> dict[str, list[str]]:
    """What was written and what follows from it."""
    found = tables(folder)
    return {name: found[name] for name in ROWS}


def _remove(folder: Path) -> None:
    for file in folder.rglob("*"):
        file.chmod(0o755)
    shutil.rmtree(folder)


# --- what somebody might send, with the commune's own keys or with others -----------------------------------------


def replayed(_chance: random.Random, case: Case) -> bytes:
    """An older package of the same computer."""
    return case.older


def of_another(_chance: random.Random, case: Case) -> bytes:
    """The neighbour's package under this file's name."""
    return case.alien


def by_a_stranger(chance: random.Random, case: Case) -> bytes:
    """The same content, all of it signed by somebody else, with a card and a device that fit."""
    base, stranger = case.base, case.base.stranger
    role = chance.choice((KeyRole.COMMUNE, KeyRole.OFFICE))
    unit = COMMUNE if role is KeyRole.COMMUNE else "11"
    card = make_card(stranger, name="Máy lạ", unit=unit, unit_name="Xã lạ", role=role, made_at="2024-11-20T03:04:05Z")
    theirs: Any = card.to_json()
    device = device_id(stranger.key, COMMUNE, "77" * 8)

    def name_sender(data: Any) -> None:
        data["sender"] = {**data["sender"], "device": device, "key": stranger.key}

    def introduce_oneself(data: Any) -> None:
        name_sender(data)
        data["cards"] = [theirs, *data["cards"]]

    taken = mutators.without_recovery(base)
    return closed(taken, stranger, edit_manifest=introduce_oneself, edit_header=name_sender)


def rogue(chance: random.Random, case: Case) -> bytes:
    """By a program with the commune's keys that keeps no rules: what no journal of the commune may hold."""
    base = case.base
    aid = f"{COMMUNE}.{NATIONAL}.2024"
    evidence, name = f"{chance.getrandbits(128):032x}", chance.choice(("../x", "a/b", "x" * 5000, "", 5))
    file: JsonValue = {"sha256": "ab" * 32, "size": 5, "media_type": "text/plain", "name": name}
    opinion: JsonValue = {"verdict": "agreed", "note": ""}
    items: tuple[tuple[str, str, str, Any], ...] = (
        ("appraisal", f"{aid}/3.1", "opinion", opinion),
        ("dossier_return", aid, "status", "accepted"),
        ("evidence", evidence, "file", file),
        ("evidence", evidence, "assessment", f"{NEIGHBOUR}.{NATIONAL}.2024"),
        ("result", f"{NEIGHBOUR}.{NATIONAL}.2024/3.1", "value", {"percent": "10"}),
        ("result", f"{aid}/3.1", "value", {"percent": "not a number"}),
        ("result", f"{aid}/3.1", "no such field", "x"),
        ("nothing", aid, "year", 2024),
        ("assessment", aid, "catalogue", {"id": NATIONAL, "version": "1", "sha256": "cd" * 32}),
        ("catalogue", f"{COMMUNE}/{'cd' * 32}", "entry", {"id": "x", "version": "1", "name": "x", "size": 3}),
        ("unit", NEIGHBOUR, "name", "Xã bị đổi tên"),
    )
    item = chance.choice(items)
    lamport = chance.choice((500, 500, 500, 2**52))
    if lamport > 2**40:
        item = ("result", f"{aid}/3.2", "explanation", "Đồng hồ nhảy")
    nonce = f"{chance.getrandbits(64):016x}"
    device = device_id(base.keys.key, COMMUNE, nonce)
    at = ("2024-11-20T03:04:05.678+00:00", "Người giả", COMMUNE)
    entity, entity_id, field_name, value = item
    change = Change(device, 1, lamport, *at, entity, entity_id, field_name, value, (), GENESIS)
    return _with_change(base, change, nonce)


def _with_change(base: Base, change: Change, nonce: str) -> bytes:
    """The package with one change more, of a device of its own, counted and signed as it should be."""
    taken: Opened = mutators.without_recovery(base)
    head: Any = sign_head(base.keys, COMMUNE, change.device, nonce, 1, change.hash()).to_json()
    manifest = json.loads(json.dumps(taken.manifest))
    manifest["vector_to"][change.device] = 1
    manifest["heads"].append(head)
    manifest["counts"]["changes"] += 1
    lines = [canonical_json(one.to_json()) for one in (*base.changes, change)]
    return closed(with_lines(replace(taken, manifest=manifest), lines, zstd.compress), base.keys)


OWN: Mapping[str, tuple[Mutator, float]] = {
    "replayed": (replayed, 2),
    "of_another": (of_another, 1),
    "by_a_stranger": (by_a_stranger, 6),
    "rogue": (rogue, 14),
}
ALL = (*MUTATORS, *OWN)


# --- the run ------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What was tried and what came of it."""

    kinds: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many were refused."""
        return self.ends["refused"]


class Receiver:
    """One receiver, put back to where it was whenever something was taken."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self._folder = case, folder / case.name
        self._before = tables(case.receiver), blobs(case.receiver)
        self._fill()

    def _fill(self) -> None:
        shutil.copytree(self.case.receiver, self._folder)
        self.workspace: Workspace = open_workspace(self._folder)

    def put_back(self) -> None:
        """A fresh copy."""
        self.close()
        _remove(self._folder)
        self._fill()

    def close(self) -> None:
        """Close the program."""
        self.workspace.close()

    def try_(self, kind: str, path: Path, closer: bool, salvage: bool) -> tuple[str, list[str]]:
        """Import, and say how it ended and what is wrong with that."""
        try:
            with limited(HANGS_AFTER):
                (outcome,) = receiving.import_files(self.workspace, [path], salvage=salvage).outcomes
        except Hung:
            return "hung", ["hung"]
        except BaseException as error:
            return "crashed", [f"{type(error).__name__}: {error}"]
        if outcome.error is not None:
            return "refused", [*_sentence(outcome, path), *self._unchanged(closer)]
        ended, problems = self._taken(kind, outcome, salvage, path)
        problems += [f"verify: {text}" for text in verify(self.workspace).problems if not outcome.damaged]
        self.put_back()
        return ended, problems

    def _unchanged(self, closer: bool) -> list[str]:
        problems = [] if tables(self._folder) == self._before[0] else ["refused, yet a table changed"]
        if sorted(self._stored()) != sorted(self._before[1]):
            problems.append("refused, yet the evidence files are others")
        if closer:
            problems += [] if blobs(self._folder) == self._before[1] else ["the content of a file changed"]
            problems += [f"verify: {text}" for text in verify(self.workspace).problems]
        return problems

    def _taken(self, kind: str, outcome: Outcome, salvage: bool, path: Path) -> tuple[str, list[str]]:
        found, files = rows(self._folder), frozenset(self._stored())
        told = outcome.repaired or outcome.notes or outcome.new_sender
        if kind == "replayed":
            before = {name: self._before[0][name] for name in ROWS}
            known = self.case.name == "knowing office"
            return "already had", ["a replay changes rows"] if known and found != before else []
        if kind == "of_another":
            return "told as its own unit's", [] if outcome.unit and outcome.unit.code == NEIGHBOUR else ["taken"]
        if kind == "by_a_stranger" and outcome.new_sender:
            return "told as a new sender", [] if found == self.case.after else ["other rows by a stranger"]
        problems = [] if found == self.case.after else ["other rows than those of the sound package"]
        if salvage:
            left = self.case.after_blobs - files
            problems += [] if len(left) <= len(outcome.damaged) else [f"{len(left)} files missing, told {outcome}"]
            return "salvaged", problems
        problems += [] if files == self.case.after_blobs else ["other evidence files"]
        if told:
            return "mended", problems
        # What is held here already is not read from the stick again; whoever looks at all of it is told.
        try:
            read_package(path, self.case.base.unlock).close()
        except PackageRefused:
            return "damaged only where the receiver had it already", problems
        return "accepted", [*problems, "accepted silently"]

    def _stored(self) -> Iterator[str]:
        place = self._folder / "blobs"
        return (file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file())


def _sentence(outcome: Outcome, path: Path) -> list[str]:
    error = outcome.error
    if not isinstance(error, PackageRefused):
        return [f"refused as {type(error).__name__}: {error}"]
    return [] if path.name in error.message and error.hint else [f"the file is not named, or no hint: {error}"]


def mutations(count: int, seed: int, cases: tuple[Case, ...]) -> Iterator[tuple[str, int, bytes]]:
    """Kind, number of the case, and the package."""
    chance = random.Random(seed)
    weights = [*(weight for _mutator, weight in MUTATORS.values()), *(weight for _mutator, weight in OWN.values())]
    for _number in range(count):
        kind, which = chance.choices(ALL, weights)[0], chance.randrange(len(cases))
        case = cases[which]
        data = OWN[kind][0](chance, case) if kind in OWN else MUTATORS[kind][0](chance, case.base)
        while data == case.base.data:
            data = mutators.bit_flip(chance, case.base)
        yield kind, which, data


def run(count: int, seed: int, folder: Path) -> Figures:
    """Import ``count`` damaged packages."""
    figures = Figures()
    (folder / "thế giới").mkdir()
    cases = prepare(folder / "thế giới")
    path = folder / "gói hỏng.ntmpkg"
    receivers = [Receiver(case, folder) for case in cases]
    try:
        for number, (kind, which, data) in enumerate(mutations(count, seed, cases), start=1):
            path.write_bytes(data)
            closer = number % LOOK_CLOSER_EVERY == 0 or number > count - len(cases)
            salvage = number % SALVAGE_EVERY == 0 and kind in MUTATORS
            ended, problems = receivers[which].try_(kind, path, closer, salvage)
            figures.kinds[kind] += 1
            figures.ends[ended] += 1
            figures.problems += [f"{number} {kind} ({cases[which].name}): {problem}" for problem in problems]
            if problems:
                receivers[which].put_back()
    finally:
        for each in receivers:
            each.close()
    return figures


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ntm-mutate-") as folder:
        figures = run(options.count, options.seed, Path(folder))
    print(
        f"{sum(figures.kinds.values())} damaged packages in {time.monotonic() - started:.0f} s, peak {peak_memory()} MB"
    )
    print(", ".join(f"{kind} {count}" for kind, count in figures.kinds.most_common()))
    print(f"{dict(figures.ends)}; anything else: {len(figures.problems)}")
    for problem in figures.problems[:20]:
        print("  ", problem)
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
