"""An office's round of return packages: one commune's trouble does not keep the others waiting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.operations import packages
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import COMMUNE, NEIGHBOUR, Ntm, a_file, introduce, new, office, run


@pytest.fixture
def above(tmp_path: Path) -> Ntm:
    return office(tmp_path / "tỉnh")


def sent(ntm: Ntm, above: Ntm, place: Path) -> None:
    introduce(ntm, above)
    made = ntm.ask("package", "export", "--out", place)
    above.ask("package", "import", made["path"])


def taken(ntm: Ntm, path: str | Path) -> Any:
    answer = json.loads(run("--workspace", ntm.folder, "--json", "package", "import", path).out)
    assert answer["error"] is None
    return answer


def spoil(ntm: Ntm, sha256: str) -> None:
    with open_workspace(ntm.folder) as workspace:
        path = workspace.blobs.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"x" + path.read_bytes()[1:])


def evidence_of(ntm: Ntm) -> str:
    with open_workspace(ntm.folder) as workspace, workspace.store.read() as work:
        (sha256,) = work.rows.blobs()
    return sha256


def test_a_damaged_copy_at_the_office_is_left_out_and_asked_for_again(above: Ntm, tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    commune.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    sent(commune, above, tmp_path / "1")
    second = Ntm(tmp_path / "máy thứ hai")
    second.ask("init", "--unit", COMMUNE, "--role", "commune")
    introduce(second, commune)
    introduce(second, above)
    sha256 = evidence_of(commune)
    spoil(above, sha256)
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "2", "--unit", COMMUNE)
    assert back["blobs"] == 0
    answer = taken(second, back["path"])
    assert answer["missing"] and answer["applied"]
    spoil(commune, sha256)
    told = commune.refused("package", "export", "--out", tmp_path / "3", "--full")
    assert "biên bản.txt" in told, "what was entered here is nowhere else: it is told"


def test_one_communes_trouble_stops_no_other(above: Ntm, tmp_path: Path) -> None:
    for number, unit in enumerate((COMMUNE, NEIGHBOUR)):
        sent(new(tmp_path / f"xã {unit}", unit=unit), above, tmp_path / str(number))
    (known,) = [item for item in above.ask("devices", "list") if item["unit"] == COMMUNE]
    above.ask("devices", "revoke", known["key_id"])
    with open_workspace(above.folder) as workspace, pytest.raises(packages.SomeNotWritten) as told:
        packages.export_receipts(workspace, tmp_path / "về", units=(COMMUNE, NEIGHBOUR))
    assert [item.unit.code for item in told.value.made] == [NEIGHBOUR]
    assert told.value.made[0].path.is_file()
    assert "Bum Tở" in str(told.value)


def test_a_number_is_used_up_once(above: Ntm, tmp_path: Path) -> None:
    """Killed after the package got its name and before it was remembered: the next has another number."""
    commune = new(tmp_path / "xã")
    introduce(commune, above)
    with open_workspace(commune.folder) as workspace:
        first = packages.export(workspace, tmp_path / "1")
        with workspace.store.write() as work:
            (record,) = work.local.packages("sent")
            work.connection.exec_driver_sql("DELETE FROM package")
        commune_again = packages.export(workspace, tmp_path / "2", full=True)
        with workspace.store.read() as work:
            assert work.local.packages("sent")[0].sequence == record.sequence + 1
    for made in (first, commune_again):
        assert not any("bản cũ" in note for note in taken(above, made.path)["notes"])


def test_a_number_is_given_back_when_nothing_was_written(above: Ntm, tmp_path: Path) -> None:
    commune = new(tmp_path / "xã")
    introduce(commune, above)
    in_the_way = tmp_path / "tệp"
    in_the_way.write_text("x")
    commune.refused("package", "export", "--out", in_the_way)
    with open_workspace(commune.folder) as workspace:
        packages.export(workspace, tmp_path / "1")
        with workspace.store.read() as work:
            assert work.local.packages("sent")[0].sequence == 1
