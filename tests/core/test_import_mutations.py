"""A damaged or forged package changes nothing where it is imported (the full run: tests/bench/mutate_import.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ntm_desktop.operations import receiving
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import open_workspace
from tests.bench.mutate_import import ALL, Case, prepare, run
from tests.bench.mutators import flipped
from tests.core.command_line import Ntm, blobs, tables
from tests.core.package_forger import borders

RARE = 3


@pytest.mark.slow
def test_a_sample_of_damaged_packages(tmp_path: Path) -> None:
    figures = run(300, 3, tmp_path)
    assert figures.problems == []
    assert figures.refused > 200
    assert figures.ends["mended"] > 10, "recovery data was at work"
    assert len(figures.kinds) >= len(ALL) - RARE, "nearly every kind of damage was tried"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    """The receivers and their packages."""
    return {case.name: case for case in prepare(tmp_path_factory.mktemp("thế giới"))}


def test_every_border_may_be_cut(cases: dict[str, Case], tmp_path: Path) -> None:
    """Cut at the borders of all parts and a byte around them, where a reader is most easily misled."""
    case = cases["knowing office"]
    package = case.base.data
    ends = {len(package), *(at for _name, start, end, _extra in borders(package) for at in (start, end))}
    lengths = sorted({end + step for end in ends for step in (-2, -1, 0, 1)})
    path = tmp_path / "cụt.ntmpkg"
    before = tables(case.receiver), blobs(case.receiver)
    with open_workspace(case.receiver) as above:
        for length in (length for length in lengths if 0 <= length < len(package)):
            path.write_bytes(package[:length])
            (outcome,) = receiving.import_files(above, [path]).outcomes
            assert outcome.error is not None, f"cut at {length} of {len(package)}"
            assert "cụt.ntmpkg" in str(outcome.error)
            assert (tables(case.receiver), blobs(case.receiver)) == before, f"cut at {length}"
        assert verify(above).ok


def test_a_damaged_evidence_file_is_called_by_its_name(cases: dict[str, Case], tmp_path: Path) -> None:
    case = cases["second computer"]
    start, _end = next((start, end) for name, start, end, _extra in borders(case.base.data) if name == "e/0001.age")
    path = tmp_path / "hỏng.ntmpkg"
    path.write_bytes(flipped(case.base.data, start + 300, 2))
    told = Ntm(case.receiver).refused("package", "import", path, seen=True)
    assert "minh chứng " in told
    assert "hỏng.ntmpkg" in told
