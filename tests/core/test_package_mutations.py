"""A damaged or forged package changes nothing at the office (the full run: tests/bench/mutate_import.py)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ntm_desktop.operations import receiving
from ntm_desktop.operations.safety import verify
from ntm_desktop.operations.workspace import open_workspace
from tests.bench.mutate_import import ALL, blob_exchanged, prepare, run
from tests.core.command_line import Ntm, blobs, tables
from tests.core.exchange_samples import parts_of


@pytest.mark.slow
def test_a_sample_of_damaged_packages(tmp_path: Path) -> None:
    figures = run(400, 3, tmp_path)
    assert figures.problems == []
    assert figures.refused == 400
    assert len(figures.kinds) >= len(ALL) - 2, "nearly every kind of damage was tried"


def test_every_byte_of_the_end_and_every_part_may_be_cut(tmp_path: Path) -> None:
    """Cut at the borders of all parts and a byte around them, where a reader is most easily misled."""
    case, _fresh = prepare(tmp_path)
    borders = {len(case.package)}
    for _name, data in parts_of(case.package):
        start = case.package.index(data)
        borders |= {start, start + len(data)}
    lengths = {border + step for border in borders for step in (-2, -1, 0, 1)}
    path = tmp_path / "cụt.ntmpkg"
    before = tables(case.office), blobs(case.office)
    with open_workspace(case.office) as above:
        for length in sorted(length for length in lengths if 0 <= length < len(case.package)):
            path.write_bytes(case.package[:length])
            (outcome,) = receiving.import_files(above, [path]).outcomes
            assert outcome.error is not None, f"cut at {length} of {len(case.package)}"
            assert "cụt.ntmpkg" in str(outcome.error)
            assert (tables(case.office), blobs(case.office)) == before, f"cut at {length}"
        assert verify(above).ok


def test_a_forged_package_takes_no_evidence_away(tmp_path: Path) -> None:
    """Evidence announced under a new name whose bytes are a file that the office holds: that file stays."""
    for case in prepare(tmp_path):
        path = tmp_path / "giả.ntmpkg"
        before = blobs(case.office)
        for seed in range(12):
            path.write_bytes(blob_exchanged(random.Random(seed), case.package))
            assert "giả.ntmpkg" in Ntm(case.office).refused("package", "import", path)
        assert blobs(case.office) == before
        assert Ntm(case.office).ask("verify")["ok"] is True


def test_a_damaged_evidence_file_is_called_by_its_name(tmp_path: Path) -> None:
    case, _fresh = prepare(tmp_path)
    parts = dict(parts_of(case.package))
    start = case.package.index(parts["e/0001"])
    damaged = bytearray(case.package)
    damaged[start + 5] ^= 4
    (tmp_path / "hỏng.ntmpkg").write_bytes(damaged)
    told = Ntm(case.office).refused("package", "import", tmp_path / "hỏng.ntmpkg", seen=True)
    assert "minh chứng 2." in told
    assert "hỏng.ntmpkg" in told
