"""Export and import of evidence against ``cp`` + ``sha256sum`` of the same bytes, interleaved, with peak memory.

    python tests/bench/exchange.py [MEGABYTES] [ROUNDS]

Prints medians and ratios; asserts nothing. Every step runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILE_MB = 4
PEAK = "import resource; print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
EXPORT = f"""
import sys, time; from pathlib import Path
from ntm_desktop.operations import packages
from ntm_desktop.operations.workspace import open_workspace
begun = time.perf_counter()
with open_workspace(Path(sys.argv[1])) as workspace:
    packages.export(workspace, Path(sys.argv[2]), full=True, sealing=packages.Sealing(packages.PLAIN), recovery=False)
{PEAK}
"""
IMPORT = f"""
import sys, time; from pathlib import Path
from ntm_desktop.operations import receiving
from ntm_desktop.operations.workspace import open_workspace
begun = time.perf_counter()
with open_workspace(Path(sys.argv[1])) as workspace:
    outcome = receiving.import_files(workspace, [Path(sys.argv[2])]).outcomes[0]
    assert outcome.error is None and outcome.applied, outcome
{PEAK}
"""


def make_commune(folder: Path, megabytes: int) -> Path:
    """A commune workspace with incompressible evidence of the given size in all."""
    from ntm_desktop.operations import evidence, setup

    sources = folder / "sources"
    sources.mkdir()
    workspace = setup.create(
        folder / "commune",
        unit_code="03390",
        role="commune",
        catalogue_id="xa-ntm-2021-2025",
        year=2024,
        region="tdmnpb",
        sample=True,
    )
    with workspace:
        for number in range(max(1, megabytes // FILE_MB)):
            file = sources / f"{number:04d}.bin"
            file.write_bytes(os.urandom(min(FILE_MB, megabytes) << 20))
            evidence.add_files(workspace, "", [file], ["1.1"])
    return sources


def make_office(folder: Path) -> Path:
    """An empty office workspace."""
    from ntm_desktop.operations import setup

    setup.create(folder, unit_code="12", role="office", sample=True).close()
    return folder


def timed(arguments: list[str]) -> tuple[float, int]:
    """Seconds and peak memory in MB; our own processes tell their seconds, without the interpreter's start."""
    begun = time.perf_counter()
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    taken = time.perf_counter() - begun
    if arguments[0] != sys.executable:
        return taken, 0
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), int(peak)


def copy_and_hash(sources: Path, target: Path) -> list[str]:
    """What a careful person would do by hand."""
    return ["sh", "-c", f"cp -r '{sources}' '{target}' && sync '{target}' && sha256sum '{target}'/* > /dev/null"]


def main() -> None:
    """Run the rounds."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    figures: dict[str, list[float]] = {"copy+hash": [], "export": [], "import": []}
    peaks: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="ntm-bench-", dir=os.environ.get("NTM_BENCH_DIR")) as name:
        folder = Path(name)
        sources = make_commune(folder, megabytes)
        for number in range(rounds):
            stick = folder / f"stick-{number}"
            figures["copy+hash"].append(timed(copy_and_hash(sources, folder / f"copy-{number}"))[0])
            seconds, peaks["export"] = timed([sys.executable, "-c", EXPORT, str(folder / "commune"), str(stick)])
            figures["export"].append(seconds)
            office = make_office(folder / f"office-{number}")
            seconds, peaks["import"] = timed([sys.executable, "-c", IMPORT, str(office), str(stick)])
            figures["import"].append(seconds)
            for used in (stick, office, folder / f"copy-{number}"):
                shutil.rmtree(used)
    base = statistics.median(figures["copy+hash"])
    print(f"{megabytes} MB, {rounds} rounds, medians:")
    for what, seconds_each in figures.items():
        middle = statistics.median(seconds_each)
        peak = f", peak {peaks[what]} MB" if what in peaks else ""
        print(f"  {what:10} {middle:6.2f} s  {middle / base:4.2f} x copy+hash{peak}")


if __name__ == "__main__":
    main()
