"""Kills a program that is typing, at random moments, and looks whether everything reported as saved is there.

    python tests/bench/kill_nine.py [200] [--seed 7]

A child process edits one workspace through the operations (results, judgements, levels, evidence, removals,
packages) and says on a pipe what it begins and what was saved. The parent kills it (SIGKILL; TerminateProcess on
Windows), opens the workspace, compares, and verifies rows, hash chain and every evidence file. Exit code 1 where
anything is lost or damaged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ntm_desktop.model.assessment import Verdict
from ntm_desktop.operations import evidence, packages, receiving, results, setup
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import Workspace, open_workspace

UNIT, CATALOGUE, YEAR = "03433", "xa-ntm-2021-2025", 2024
AID = f"{UNIT}.{CATALOGUE}.{YEAR}"
PERCENTAGES = ("2.1", "2.2", "3.1", "4.2", "5", "15.1", "17.10", "17.11")
LEVELS = ("2.1", "2.2", "4.2")
OUT = "usb"
LONGEST_EVIDENCE = 300_000

#: What an edit sets, and to what: the key of a value in the workspace and the value that it has afterwards.
Edit = tuple[str, str]


# --- the child: one person typing ---------------------------------------------------------------------------------


def typist(folder: str, pipe: Connection, seed: int) -> None:
    """Edit for ever, telling the pipe what begins and what is saved."""
    chance = random.Random(seed)
    with open_workspace(Path(folder) / "xã") as workspace:
        while True:
            key, value, act = _edit(chance, workspace, Path(folder))
            pipe.send_bytes(json.dumps(["begun", key, value]).encode())
            act()
            pipe.send_bytes(json.dumps(["saved", key, value]).encode())


def _edit(chance: random.Random, workspace: Workspace, folder: Path) -> tuple[str, str, Callable[[], object]]:
    code = chance.choice(PERCENTAGES)
    number = str(chance.randrange(101))
    text = f"Giải trình {chance.randrange(10**9)} " + "ă" * chance.randrange(2000)
    kind = chance.choices(
        ("value", "explanation", "judgement", "level", "evidence", "removed", "package"), (8, 6, 3, 2, 5, 1, 0.3)
    )[0]

    def save(**fields: Any) -> Callable[[], object]:
        return lambda: results.save(workspace, AID, code, fields)

    if kind == "value":
        return f"value {code}", number, save(value={"percent": number})
    if kind == "explanation":
        return f"explanation {code}", text.strip(), save(explanation=text)
    if kind == "judgement":
        return f"judgement {code}", text.strip(), save(judgement=(Verdict.MET, text))
    if kind == "level":
        code = chance.choice(LEVELS)
        return f"level {code}", number, lambda: results.set_level(workspace, AID, code, ">=", number, "1/QĐ-UBND", "")
    if kind == "removed":
        with workspace.store.read() as work:
            present = work.rows.evidence(AID)
        if present:
            one = chance.choice(present)
            return f"evidence {one.blob.sha256}", "removed", lambda: evidence.remove(workspace, [one.evidence_id])
    if kind == "package":
        plain = packages.Sealing(packages.PLAIN)
        return "package", "", lambda: packages.export(workspace, folder / OUT, full=True, sealing=plain)
    content = chance.randbytes(chance.randrange(1, LONGEST_EVIDENCE // 2)).hex().encode()
    file = folder / f"minh chứng {chance.randrange(10**9)}.txt"
    file.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return f"evidence {sha256}", "present", lambda: evidence.add_files(workspace, AID, [file], [code], all_or_none=True)


# --- the parent ---------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What was done and what was found."""

    kills: int = 0
    saved: int = 0
    in_flight: Counter[str] = field(default_factory=Counter)
    in_flight_kept: int = 0
    before_the_first: int = 0
    problems: list[str] = field(default_factory=list)


def run(kills: int, seed: int, folder: Path) -> Figures:
    """Kill ``kills`` times; the workspace in ``folder`` grows from one to the next."""
    figures, chance = Figures(), random.Random(seed)
    setup.create(folder / "xã", unit_code=UNIT, role="commune", catalogue_id=CATALOGUE, year=YEAR).close()
    context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload([__name__ if __name__ != "__main__" else "ntm_desktop.operations.packages"])
    known: dict[str, str] = {}
    for number in range(kills):
        receive, send = context.Pipe(duplex=False)
        process = context.Process(target=typist, args=(str(folder), send, chance.randrange(2**32)), daemon=True)
        process.start()
        send.close()
        if chance.random() > 0.05:  # now and then it dies while it opens
            receive.poll(30)
        time.sleep(chance.uniform(0, 0.4))
        alive = process.is_alive()
        process.kill()
        process.join()
        begun = _listen(receive, known, figures)
        figures.kills += 1
        problems = [*_compare(folder, known, begun, figures), *([] if alive else ["the child stopped by itself"])]
        figures.problems += [f"kill {number}: {problem}" for problem in problems]
        for file in folder.glob("minh chứng *.txt"):
            file.unlink()
    return figures


def _listen(pipe: Connection, known: dict[str, str], figures: Figures) -> Edit | None:
    """Take what was saved into ``known``; the edit that was begun and not reported as saved."""
    begun: Edit | None = None
    heard = False
    for word, key, value in _messages(pipe):
        heard = True
        begun = (key, value) if word == "begun" else None
        if word == "saved":
            known[key] = value
            figures.saved += 1
    figures.before_the_first += not heard
    if begun is not None:
        figures.in_flight[begun[0].partition(" ")[0]] += 1
    return begun


def _messages(pipe: Connection) -> Iterator[tuple[str, str, str]]:
    with suppress(EOFError, OSError):
        while True:
            word, key, value = json.loads(pipe.recv_bytes())
            yield word, key, value
    pipe.close()


def _compare(folder: Path, known: dict[str, str], begun: Edit | None, figures: Figures) -> Iterator[str]:
    try:
        workspace = open_workspace(folder / "xã")
    except Exception as error:
        yield f"does not open: {error}"
        return
    with workspace:
        found = _values(workspace)
        for key, value in known.items():
            if key == "package" or found.get(key) == value:
                continue
            if begun is not None and begun[0] == key and found.get(key) == begun[1]:
                continue  # saved, and killed before it could say so
            yield f"{key} is {found.get(key)!r}, was saved as {value!r}"
        if begun is not None and begun[0] != "package" and found.get(begun[0]) == begun[1] != known.get(begun[0]):
            figures.in_flight_kept += 1
            known[begun[0]] = begun[1]
        report = verify(workspace)
        yield from (f"verify: {problem}" for problem in report.problems)
        for package in sorted((folder / OUT).glob("*.ntmpkg")):
            try:
                receiving.inspect(workspace, package)
            except Exception as error:
                yield f"{package.name}: {error}"
            package.unlink()
        for partial in (folder / OUT).glob("*"):
            partial.unlink()


def _values(workspace: Workspace) -> dict[str, Any]:
    """What the workspace holds, under the keys of the edits."""
    found: dict[str, Any] = {}
    with workspace.store.read() as work:
        for code, result in work.rows.results(AID).items():
            if result.value is not None:
                found[f"value {code}"] = result.value["percent"]
            found[f"explanation {code}"] = result.explanation
            if result.judgement is not None:
                found[f"judgement {code}"] = result.judgement.reason
        for code, level in work.rows.levels(AID).items():
            found[f"level {code}"] = str(level.threshold)
        for item in work.rows.evidence(AID, removed=True):
            state = "removed" if item.removed else "present"
            found[f"evidence {item.blob.sha256}"] = state if workspace.blobs.has(item.blob.sha256) else "lost"
    return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ntm-kill-") as folder:
        figures = run(options.kills, options.seed, Path(folder))
        partials = sum(1 for _file in Path(folder).rglob("*.partial"))
    print(f"{figures.kills} kills in {time.monotonic() - started:.0f} s, {figures.saved} edits reported as saved")
    print(f"killed before the first edit: {figures.before_the_first}")
    print(f"killed within an edit: {dict(figures.in_flight)}, of which already durable: {figures.in_flight_kept}")
    print(f"unfinished files left aside: {partials}")
    print(f"lost, damaged or not opening: {len(figures.problems)}")
    for problem in figures.problems[:20]:
        print("  ", problem)
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
