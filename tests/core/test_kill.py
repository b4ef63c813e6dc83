"""Nothing reported as saved is lost when the program dies at any moment (the full run: tests/bench/kill_nine.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.kill_nine import run


@pytest.mark.slow
def test_a_program_killed_while_typing(tmp_path: Path) -> None:
    figures = run(20, 11, tmp_path)
    assert figures.problems == []
    assert figures.kills == 20
    assert figures.saved > 50, "the child really typed"
    assert sum(figures.in_flight.values()) > 0, "some kills fell into an edit"
