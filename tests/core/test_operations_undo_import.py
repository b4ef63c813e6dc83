"""An act of receiving is taken back as a whole, until the next one; what was entered here since stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ntm_desktop.operations import receiving, undoing
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import COMMUNE, NEIGHBOUR, Ntm, a_file, blobs, database, introduce, new, tables
from tests.core.exchange_people import People, meet, sound, take
from tests.core.hostile_packages import assessment_of

AID = assessment_of(COMMUNE)
JOURNAL = ("change", "field_state", "device", "assessment", "result", "evidence", "evidence_link", "waiting_change")


@pytest.fixture
def people(tmp_path: Path) -> People:
    return meet(tmp_path)


def rows(ntm: Ntm) -> dict[str, list[str]]:
    """What the journal and its rows hold."""
    held = tables(ntm.folder)
    return {name: held[name] for name in JOURNAL}


def set_value(ntm: Ntm, code: str, value: str) -> None:
    ntm.ask("result", "set", code, "--value", value)


def test_all_packages_of_one_act_go_together(people: People, tmp_path: Path) -> None:
    other = new(tmp_path / "xã bên", unit=NEIGHBOUR)
    introduce(other, people.above)
    set_value(people.first, "3.1", "10")
    people.first.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    mine, theirs = people.sent(people.first), people.sent(other)
    before, held = rows(people.above), blobs(people.above.folder)
    take(people.above, mine, theirs)
    assert blobs(people.above.folder) != held
    undone = people.above.ask("undo-import")
    assert set(undone["units"]) == {COMMUNE, NEIGHBOUR}
    assert len(undone["packages"]) == 2
    assert rows(people.above) == before
    assert blobs(people.above.folder) == held, "files that only came with it are gone"
    assert people.above.ask("office", "list") == []
    assert sound(people.above)
    assert "không" in people.above.refused("undo-import").lower(), "once"
    again = take(people.above, mine, theirs)
    assert [answer["already"] for answer in again] == [False, False], "they may be received again"
    assert len(people.above.ask("office", "list")) == 2
    assert sound(people.above)


def test_only_the_last_act_goes(people: People) -> None:
    set_value(people.first, "3.1", "10")
    take(people.above, people.sent(people.first))
    kept = rows(people.above)
    set_value(people.first, "3.1", "20")
    take(people.above, people.sent(people.first, "--full"))
    people.above.ask("package", "undo-import")
    assert rows(people.above) == kept
    people.above.refused("package", "undo-import")


def test_a_package_that_brings_nothing_ends_nothing(people: People) -> None:
    set_value(people.first, "3.1", "10")
    path = people.sent(people.first)
    take(people.above, path)
    take(people.above, path)
    assert people.above.ask("undo-import")["taken_back"] > 0


def test_own_edits_made_since_stay(people: People) -> None:
    set_value(people.second, "3.1", "10")
    set_value(people.second, "17.4", "3")
    take(people.first, people.to_first())
    set_value(people.first, "17.4", "5")  # over what came
    set_value(people.first, "2.1", "40")
    people.first.ask("undo-import")
    with open_workspace(people.first.folder) as workspace, workspace.store.read() as work:
        held = {code: result.value for code, result in work.rows.results(AID).items() if result.value}
    assert held == {"17.4": {"number": "5"}, "2.1": {"percent": "40"}}
    assert sound(people.first)
    people.first.ask("undo")
    assert not people.first.result("2.1")["value"]
    take(people.first, people.to_first("--full"))
    assert people.first.result("3.1")["value"] == {"percent": "10"}
    assert people.first.result("17.4")["value"] == {"number": "5"}, "the edit wrote over what came, and still does"
    assert people.first.ask("conflicts") == []
    assert sound(people.first)


def test_what_was_released_waits_again(people: People) -> None:
    set_value(people.first, "3.1", "10")
    early = people.sent(people.first)
    take(people.above, early)
    take(people.first, people.answer())
    people.above.ask("undo-import")
    set_value(people.first, "3.1", "20")
    late = people.sent(people.first)
    take(people.above, late)
    waiting = rows(people.above)
    assert take(people.above, early)["released"] == 1
    people.above.ask("undo-import")
    assert rows(people.above) == waiting, "it is here, and waits"
    assert take(people.above, early)["released"] == 1
    assert sound(people.above)


def test_the_sender_is_told_what_is_no_longer_held(people: People) -> None:
    set_value(people.first, "3.1", "10")
    take(people.above, people.sent(people.first))
    take(people.first, people.answer())
    set_value(people.first, "2.1", "30")
    take(people.above, people.sent(people.first))
    people.above.ask("undo-import")
    answer = people.above.ask("package", "export", "--out", people.stick(), "--unit", COMMUNE, "--full")
    take(people.first, answer["path"])
    assert take(people.above, people.sent(people.first))["applied"] == 1


def test_what_windows_ask(people: People) -> None:
    with open_workspace(people.above.folder) as workspace:
        assert undoing.last_import(workspace) is None
    answer = take(people.above, people.sent(people.first))
    with open_workspace(people.above.folder) as workspace:
        point = undoing.last_import(workspace)
        assert point is not None
        assert (point.packages, point.changes) == ((answer["package_id"],), answer["applied"])
        assert [unit.code for unit in point.units] == [COMMUNE]
        undone = undoing.undo_import(workspace)
        assert undone.changes.everything
        assert undone.taken_back == answer["applied"]
        assert undoing.last_import(workspace) is None


@pytest.mark.parametrize("edit", [lambda ntm: None, lambda ntm: ntm.ask("result", "set", "3.1", "--value", "7")])
def test_undo_and_again_is_as_if_nothing_had_been(people: People, edit: Callable[[Ntm], object]) -> None:
    set_value(people.second, "2.1", "10")
    path = people.to_first()
    edit(people.first)
    take(people.first, path)
    once = rows(people.first)
    people.first.ask("undo-import")
    take(people.first, path)
    assert rows(people.first) == once


def test_what_a_killed_undo_left_is_removed_by_the_next_act(people: People, tmp_path: Path) -> None:
    people.first.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    path = people.sent(people.first)
    held = blobs(people.above.folder)
    take(people.above, path)
    full = Path(shutil.copytree(people.above.folder / "blobs", tmp_path / "tệp"))
    people.above.ask("undo-import")
    with database(people.above.folder) as db:  # as if killed between the commit and the removal of the files
        left = json.dumps([path.name for path in full.rglob("*") if path.is_file()])
        db.execute("UPDATE local SET value = ? WHERE name = 'to_forget'", (left,))
    shutil.copytree(full, people.above.folder / "blobs", dirs_exist_ok=True)
    assert blobs(people.above.folder) != held
    people.above.run("import", tmp_path / "không có.ntmpkg")
    assert blobs(people.above.folder) == held
    take(people.above, path)
    assert sound(people.above)
    take(people.above, path)
    assert sound(people.above), "what was received again is not removed"


def test_calls_of_one_act_are_one_restore_point(people: People) -> None:
    """Packages with different passphrases are taken by several calls; a person takes them back as one."""
    set_value(people.first, "3.1", "10")
    first = people.sent(people.first)
    set_value(people.first, "2.1", "20")
    second = people.sent(people.first)
    before = rows(people.above)
    with open_workspace(people.above.folder) as workspace:
        one = receiving.import_files(workspace, [first])
        assert one.point
        two = receiving.import_files(workspace, [second], point=one.point)
        assert two.point == one.point
        assert len(undoing.undo_import(workspace).packages) == 2
    assert rows(people.above) == before
    assert sound(people.above)
