"""Ends the program at every write, rename and removal of export, import, receipt and undo, and looks at what is left.

    PYTHONPATH=. python tests/bench/crash_points.py [--sample 100] [--only undo] [--faults]

Each scenario is run once undisturbed, to see its points; then once for each point, killed there (for a write also amid
its bytes). After each: the workspace opens and verifies clean, all of it is as before or as after, never between; every
package on the stick with a whole name is whole; the act can be done again and ends as it should, with nothing left
lying about. With ``--faults`` the stick refuses from each point on instead (pulled out, full): a sentence, the same.
Exit code 1 where anything else was seen. Linux on x86-64 (see ``stepping``); elsewhere it says so, exit code 77.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ntm_desktop.errors import UserError
from tests.bench.stepping import Fault, Steps, Unavailable, apart, step

UNIT, CATALOGUE, YEAR = "03433", "xa-ntm-2021-2025", 2024
AID = f"{UNIT}.{CATALOGUE}.{YEAR}"
MINE, PEER, STICK = "máy này", "máy kia", "usb"
NOT_HERE = 77

# Facts that are written ahead and mean nothing by themselves: signed ends of histories, ids of the computer.
AHEAD = frozenset({"head", "own_device", "local"})


@dataclass(frozen=True)
class Scenario:
    """One act on the workspace :data:`MINE`; ``writes_stick``: the stick gets something; ``leaves_gaps``: evidence
    files stay missing, which verify tells."""

    name: str
    prepare: Callable[[Path, Path], None]
    act: Callable[[Path], None]
    writes_stick: bool = False
    leaves_gaps: bool = False


# --- the acts -----------------------------------------------------------------------------------------------------


def export(place: Path) -> None:
    """Two parts for the office's key, with recovery data."""
    from ntm_desktop.operations import packages
    from ntm_desktop.operations.workspace import open_workspace

    with open_workspace(place / MINE) as workspace:
        packages.export(workspace, place / STICK, full=True, recovery=True, part_size=PART_SIZE)


def take(place: Path, salvage: bool = False) -> None:
    """Import what lies on the stick."""
    from ntm_desktop.operations import receiving
    from ntm_desktop.operations.workspace import open_workspace

    with open_workspace(place / MINE) as workspace:
        received = receiving.import_files(workspace, [place / STICK], salvage=salvage)
        for outcome in received.outcomes:
            if outcome.error is not None:
                raise outcome.error


def receipts(place: Path) -> None:
    """The return package for the commune."""
    from ntm_desktop.operations import packages
    from ntm_desktop.operations.workspace import open_workspace

    with open_workspace(place / MINE) as workspace:
        packages.export_receipts(workspace, place / STICK, units=(UNIT,))


def undo(place: Path) -> None:
    """Take the last import back."""
    from ntm_desktop.operations import undoing
    from ntm_desktop.operations.workspace import open_workspace

    with open_workspace(place / MINE) as workspace:
        if undoing.last_import(workspace) is not None:
            undoing.undo_import(workspace)


# --- the worlds in which they happen ------------------------------------------------------------------------------

PART_SIZE = 3_200_000


def make_base(base: Path) -> None:
    """A commune and an office that know each other; two packages of the commune, the second on top of the first."""
    from ntm_desktop.operations import identity, packages, setup

    with setup.create(base / "tỉnh", unit_code="12", role="office", sample=True) as office:
        office_card = identity.export_card(office, base)
    commune = setup.create(base / "xã", unit_code=UNIT, role="commune", catalogue_id=CATALOGUE, year=YEAR, sample=True)
    with commune:
        commune_card = identity.export_card(commune, base)
        identity.import_card(commune, office_card)
        _type(commune, base, 1)
        packages.export(commune, base / "gói 1", full=True, recovery=False)
        _type(commune, base, 2)
    with open_again(base / "tỉnh") as office:
        identity.import_card(office, commune_card)


def open_again(folder: Path) -> Any:
    from ntm_desktop.operations.workspace import open_workspace

    return open_workspace(folder)


def _type(commune: Any, base: Path, round_: int) -> None:
    from ntm_desktop.operations import evidence, results

    for code, value in (("3.1", f"8{round_}"), ("15.1", f"9{round_}"), ("2.1", f"7{round_}")):
        results.save(commune, AID, code, {"value": {"percent": value}, "explanation": f"Giải trình lần {round_}"})
    for number, size in enumerate((900, 70_000, 1_600_000)):
        file = base / f"minh chứng {round_}.{number}.txt"
        text = "".join(hashlib.sha256(f"{round_}.{number}.{n}".encode()).hexdigest() for n in range(size // 64))
        file.write_text(text, encoding="utf-8", newline="")
        evidence.add_files(commune, AID, [file], ["3.1"], all_or_none=True)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target)


def sending(base: Path, place: Path) -> None:
    """The commune with the office as reader of what it writes."""
    _copy(base / "xã", place / MINE)
    _copy(base / "tỉnh", place / PEER)
    (place / STICK).mkdir()


def receiving_first(base: Path, place: Path) -> None:
    """The office before the first package."""
    _copy(base / "tỉnh", place / MINE)
    _copy(base / "gói 1", place / STICK)


def _second(base: Path, place: Path) -> None:
    """A package that continues the first: the commune holds the office's receipt of it."""
    from ntm_desktop.operations import packages, receiving

    scratch = place / "nháp"
    receiving_first(base, scratch)
    take(scratch)
    with open_again(scratch / MINE) as office:
        packages.export_receipts(office, scratch / "về", units=(UNIT,))
    _copy(base / "xã", scratch / "xã")
    with open_again(scratch / "xã") as commune:
        receiving.import_files(commune, [scratch / "về"])
        packages.export(commune, place / STICK, recovery=False)
    shutil.rmtree(scratch)


def receiving_gap(base: Path, place: Path) -> None:
    """The office took the second package first; now comes the first."""
    _second(base, place)
    _copy(base / "tỉnh", place / MINE)
    take(place)
    shutil.rmtree(place / STICK)
    _copy(base / "gói 1", place / STICK)


def receiving_damaged(base: Path, place: Path) -> None:
    """The office, and a package of which one evidence file is damaged."""
    receiving_first(base, place)
    (package,) = (place / STICK).glob("*.ntmpkg")
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 8  # amid the largest file
    package.write_bytes(content)


def acknowledging(base: Path, place: Path) -> None:
    """The office after the first package; the commune reads what it writes."""
    receiving_first(base, place)
    take(place)
    shutil.rmtree(place / STICK)
    (place / STICK).mkdir()
    _copy(base / "xã", place / PEER)


def acknowledged(base: Path, place: Path) -> None:
    """The commune, and the office's receipt for it."""
    acknowledging(base, place)
    receipts(place)
    (place / MINE).rename(place / "tỉnh")
    (place / PEER).rename(place / MINE)
    shutil.rmtree(place / "tỉnh")


def taken(base: Path, place: Path) -> None:
    """The office after the first package."""
    receiving_first(base, place)
    take(place)


SCENARIOS: Sequence[Scenario] = (
    Scenario("export", sending, export, writes_stick=True),
    Scenario("import", receiving_first, take),
    Scenario("import of what others waited for", receiving_gap, take),
    Scenario("salvage", receiving_damaged, partial(take, salvage=True), leaves_gaps=True),
    Scenario("receipt written", acknowledging, receipts, writes_stick=True),
    Scenario("receipt taken", acknowledged, take),
    Scenario("undo", taken, undo),
)


# --- what is looked at --------------------------------------------------------------------------------------------

_UNSTEADY = {
    "package": ("package_id", "export_id", "at", "path", "device"),
    "import": ("import_id", "at", "packages"),
    "receipt": ("at", "package_id", "receipt"),
    "known_key": ("seen_at", "confirmed_at", "card"),
    "waiting_change": ("import_id", "package_id", "released_by"),
    "fork": ("at",),
    "edit": ("edit_id", "at"),
}

Facets = Mapping[str, str]


def facets(folder: Path) -> dict[str, str]:
    """A digest of each table of a workspace, without moments and random ids; and of the list of evidence files."""
    found: dict[str, str] = {}
    connection = sqlite3.connect(folder / "ntm.sqlite3")
    try:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall():
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
            kept = [f'"{column}"' for column in columns if column not in _UNSTEADY.get(name, ())]
            rows = sorted(map(repr, connection.execute(f'SELECT {", ".join(kept)} FROM "{name}"')))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    finally:
        connection.close()
    return found


def blobs(folder: Path) -> frozenset[str]:
    """Names of the evidence files of a workspace."""
    return frozenset(path.name for path in (folder / "blobs").rglob("*") if path.is_file())


@dataclass(frozen=True)
class Look:
    """What was found in a world at rest."""

    facets: Facets
    blobs: frozenset[str]
    stick: tuple[str, ...]
    problems: tuple[str, ...]


def look(place: Path, scenario: Scenario) -> Look:
    """Open, verify, and open every package that the stick shows."""
    from ntm_desktop.operations import receiving
    from ntm_desktop.operations.safety import verify

    problems: list[str] = []
    with open_again(place / MINE) as workspace:
        found = verify(workspace)
        problems += [] if scenario.leaves_gaps else [f"verify: {problem}" for problem in found.problems]
    names = tuple(sorted(path.name for path in (place / STICK).iterdir()))
    if scenario.writes_stick:
        with open_again(place / PEER) as reader:
            for name in names:
                if name.endswith(".ntmpkg"):
                    try:
                        preview = receiving.inspect(reader, place / STICK / name)
                    except UserError as error:
                        problems.append(f"a bad package on the stick: {error}")
                    else:
                        problems += [f"repaired: {name}"] if preview.repaired else []
    return Look(facets(place / MINE), blobs(place / MINE), names, tuple(problems))


def between(now: Look, before: Look, after: Look) -> list[str]:
    """What is neither as before nor as after, or partly the one and partly the other."""
    problems: list[str] = []
    moving = {name for name in after.facets if before.facets.get(name) != after.facets[name]} - AHEAD
    early = {name for name in moving if now.facets[name] == before.facets.get(name)}
    late = {name for name in moving if now.facets[name] == after.facets[name]}
    if moving - early - late:
        problems.append(f"neither before nor after: {sorted(moving - early - late)}")
    elif early and late:
        problems.append(f"between: before {sorted(early)}, after {sorted(late)}")
    if not now.blobs >= before.blobs & after.blobs:
        problems.append("an evidence file is gone")
    if not late <= early and not now.blobs >= after.blobs:
        problems.append("rows name evidence files that are not there")
    still = set(after.facets) - moving - AHEAD
    changed = {name for name in still if now.facets[name] != after.facets[name]}
    return [*problems, *([f"changed though it never should: {sorted(changed)}"] if changed else [])]


SUBSTANCE = ("change", "device", "field_state", "waiting_change", "result", "evidence", "evidence_link", "assessment")


def afterwards(now: Look, after: Look, scenario: Scenario) -> list[str]:
    """What is wrong once the act was done again."""
    problems = [f"again: {problem}" for problem in now.problems]
    wrong = [name for name in SUBSTANCE if now.facets[name] != after.facets[name]]
    problems += [f"done again, yet {wrong} is not as it should be"] if wrong else []
    problems += ["done again, yet evidence files are gone"] if not now.blobs >= after.blobs else []
    left = [name for name in now.stick if name.endswith(".partial")]
    problems += [f"left on the stick: {left}"] if left else []
    if scenario.writes_stick and not any(name.endswith(".ntmpkg") for name in now.stick):
        problems.append("done again, yet no package on the stick")
    return problems


# --- the run ------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What was tried in one scenario and what came of it."""

    points: int = 0
    amid: int = 0
    refused: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many times the act was disturbed."""
        return self.points + self.amid + self.refused


def _politely(act: Callable[[Path], None], place: Path) -> None:
    """A refusal in a sentence is a good end."""
    try:
        act(place)
    except UserError as error:
        if not error.message or not error.hint:
            raise AssertionError(f"no full sentence: {error!r}") from error


class Stepper:
    """One scenario, again and again."""

    def __init__(self, scenario: Scenario, base: Path, folder: Path) -> None:
        self._scenario, self._folder = scenario, folder
        self._world, self._try = folder / "world", folder / "try"
        self.figures = Figures()
        self._world.mkdir(parents=True)
        apart(partial(scenario.prepare, base, self._world))
        self._before = apart(partial(look, self._world, scenario))
        self.steps = self._run(None, False)
        self._after = apart(partial(look, self._try, scenario))
        problems = [*self._before.problems, *self._after.problems]
        if self.steps.code != 0 or problems:
            raise RuntimeError(f"{scenario.name} fails undisturbed: {self.steps.error} {problems}")

    def _run(self, fault: Fault | None, stick_only: bool) -> Steps:
        shutil.rmtree(self._try, ignore_errors=True)
        shutil.copytree(self._world, self._try)
        below = self._try / STICK if stick_only else self._try
        act = self._scenario.act if fault is None or not fault.error else partial(_politely, self._scenario.act)
        return step(partial(act, self._try), below, fault)

    def kill(self, at: int, torn: bool) -> None:
        """Killed at a point."""
        steps = self._run(Fault(at, torn), False)
        point = steps.points[-1]
        name = f"{self._scenario.name}, point {at} ({point.call} {point.path}{', amid' if torn else ''})"
        if steps.code is not None:
            self.figures.problems.append(f"{name}: not reached: {steps.error}")
            return
        if torn:
            self.figures.amid += 1
        else:
            self.figures.points += 1
            self.figures.calls[point.call] += 1
        self._judge(name)

    def refuse(self, at: int, error: int) -> None:
        """The stick refuses from a point on."""
        steps = self._run(Fault(at, error=error), True)
        self.figures.refused += 1
        name = f"{self._scenario.name}, {errno.errorcode[error]} on the stick from point {at}"
        if steps.code != 0:
            self.figures.problems.append(f"{name}: {steps.error.strip()[-600:]}")
        self._judge(name)

    def stick_points(self) -> int:
        """How many points lie on the stick."""
        return len(self._run(None, True).points)

    def _judge(self, name: str) -> None:
        try:
            now = apart(partial(look, self._try, self._scenario))
            problems = [*now.problems, *between(now, self._before, self._after)]
            moving = any(now.facets[one] != self._before.facets[one] for one in (*SUBSTANCE, "package", "import"))
            self.figures.ended["after" if moving else "before"] += 1
            apart(partial(self._scenario.act, self._try))
            problems += afterwards(apart(partial(look, self._try, self._scenario)), self._after, self._scenario)
        except RuntimeError as error:
            problems = [str(error)[-600:]]
        self.figures.problems += [f"{name}: {problem}" for problem in problems]


def spread(count: int, sample: int) -> list[int]:
    """``sample`` of ``count`` numbers (0: all), evenly spread, the first and the last among them."""
    if not sample or sample >= count:
        return list(range(count))
    return sorted({round(place * (count - 1) / max(1, sample - 1)) for place in range(sample)})


def run(folder: Path, sample: int = 0, only: str = "", faults: bool = False) -> dict[str, Figures]:
    """All scenarios; ``sample`` points of each (0: all of them)."""
    base = folder / "base"
    base.mkdir()
    apart(partial(make_base, base))
    found: dict[str, Figures] = {}
    for number, scenario in enumerate(SCENARIOS):
        if only not in scenario.name or (faults and not scenario.writes_stick):
            continue
        stepper = Stepper(scenario, base, folder / str(number))
        if faults:
            for at in spread(stepper.stick_points(), sample):
                for error in (errno.EIO, errno.ENOSPC, errno.EROFS):
                    stepper.refuse(at, error)
        else:
            for at in spread(len(stepper.steps.points), sample):
                stepper.kill(at, torn=False)
                if stepper.steps.points[at].size > 1:
                    stepper.kill(at, torn=True)
        found[scenario.name] = stepper.figures
        shutil.rmtree(folder / str(number))
    return found


def preload() -> None:
    """Import everything once, so that the children need not; nothing of it is used in this process."""
    import sqlalchemy.dialects.sqlite.pysqlite

    from ntm_desktop import catalogue, exchange
    from ntm_desktop.operations import identity, packages, receiving, safety, setup, undoing
    from ntm_desktop.store import migrate

    assert all((sqlalchemy, catalogue, exchange, identity, packages, receiving, safety, setup, undoing, migrate))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=0, help="so many points of each scenario (0: all)")
    parser.add_argument("--only", default="", help="scenarios whose names contain this")
    parser.add_argument("--faults", action="store_true", help="the stick refuses, instead of the program being killed")
    options = parser.parse_args()
    started = time.monotonic()
    preload()
    with tempfile.TemporaryDirectory(prefix="ntm-crash-", dir=os.environ.get("NTM_BENCH_DIR")) as name:
        try:
            found = run(Path(name).resolve(), options.sample, options.only, options.faults)
        except Unavailable as reason:
            print(f"not possible here: {reason}")
            return NOT_HERE
    for title, figures in found.items():
        calls = ", ".join(f"{call} {count}" for call, count in figures.calls.most_common())
        print(
            f"{title}: {figures.points} points, {figures.amid} amid a write, {figures.refused} refusals; "
            f"ended as {dict(figures.ended)}; {calls}"
        )
    problems = [problem for figures in found.values() for problem in figures.problems]
    tried = sum(figures.tried for figures in found.values())
    points = sum(figures.points for figures in found.values())
    print(f"{tried} times disturbed at {points} distinct points, {len(problems)} problems, ", end="")
    print(f"{time.monotonic() - started:.0f} s")
    for problem in problems[:30]:
        print("  ", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
