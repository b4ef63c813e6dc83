"""Killed at any write, the workspace is as before or as after (all points: tests/bench/crash_points.py)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.crash_points import NOT_HERE, SCENARIOS

ROOT = Path(__file__).resolve().parents[2]


def stepped(*options: str) -> str:
    """What the bench says; in a process of its own, because it forks and traces."""
    command = [sys.executable, str(ROOT / "tests" / "bench" / "crash_points.py"), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env=environment())
    if done.returncode == NOT_HERE:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    """The one of the tests, with the checkout to import from."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.mark.slow
def test_killed_at_some_points_of_every_act() -> None:
    told = stepped("--sample", "3")
    for scenario in SCENARIOS:
        assert re.search(rf"^{re.escape(scenario.name)}: [1-9]\d* points", told, re.MULTILINE), told
    tried = re.search(r"^(\d+) times disturbed", told, re.MULTILINE)
    assert tried is not None and int(tried[1]) > 20


@pytest.mark.slow
def test_a_stick_that_refuses_from_some_points_on() -> None:
    told = stepped("--faults", "--sample", "3")
    assert "export: 0 points" in told
