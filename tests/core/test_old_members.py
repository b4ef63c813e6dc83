"""The package with every member of its format, of every format that was ever released, gives what was written then."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.exchange import peek, read_package

OLD = Path(__file__).parents[1] / "old"
KEPT = sorted(OLD.glob("format-*/members.ntmpkg"))
kept = pytest.mark.parametrize("path", KEPT, ids=lambda path: path.parent.name)


def expected(path: Path) -> Any:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_there_is_one_of_the_first_format() -> None:
    assert KEPT[0].parent.name == "format-1"


@kept
def test_everything_in_it_is_read_as_it_was_written(path: Path) -> None:
    wanted = expected(path)
    with read_package(path) as package:
        assert package.header.to_json() == wanted["header"]
        assert package.manifest.to_json() == wanted["manifest"]
        assert [change.to_json() for change in package.changes] == wanted["changes"]
        assert (package.repaired, package.damaged, package.recovery_damaged) == ((), (), False)
        contents = [*package.blobs, *package.catalogues]
        assert [ref.sha256 for ref in contents] == [
            entry["plain"]["sha256"] for entry in wanted["manifest"]["entries"][1:]
        ]
        for ref in contents:
            with package.open(ref) as stream:
                assert hashlib.sha256(stream.read()).hexdigest() == ref.sha256
    assert peek(path).header.to_json() == wanted["header"]


@kept
def test_it_is_mended_wherever_it_is_damaged(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("reed_solomon_leopard")
    data = path.read_bytes()
    for start in range(0, len(data) - 3_000, 2_500):
        (tmp_path / "hỏng.ntmpkg").write_bytes(data[:start] + bytes(3_000) + data[start + 3_000 :])
        with read_package(tmp_path / "hỏng.ntmpkg") as package:
            assert package.repaired or package.recovery_damaged
            assert [change.to_json() for change in package.changes] == expected(path)["changes"]
