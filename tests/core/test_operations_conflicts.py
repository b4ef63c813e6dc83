"""Two persons at the same field: both values side by side, chosen by a person, and the choice travels."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.operations import conflicts, evidence, history, results
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import COMMUNE, Ntm, a_file
from tests.core.exchange_people import People, meet, sound, take
from tests.core.hostile_packages import assessment_of

AID = assessment_of(COMMUNE)


@pytest.fixture
def people(tmp_path: Path) -> People:
    made = meet(tmp_path)
    take(made.second, made.to_second())
    take(made.first, made.to_first())
    return made


def swap(people: People) -> None:
    """Each takes the other's package."""
    forth, back = people.to_second(), people.to_first()
    take(people.second, forth)
    take(people.first, back)


def at_odds(people: People, code: str = "3.1") -> Any:
    """Both wrote the same field; the conflict as the first computer sees it."""
    people.first.ask("result", "set", code, "--value", "10")
    people.second.ask("result", "set", code, "--value", "20")
    swap(people)
    (found,) = people.first.ask("conflicts")
    return found


def test_the_same_value_is_no_conflict_and_different_fields_merge(people: People) -> None:
    for ntm in (people.first, people.second):
        ntm.ask("result", "set", "3.1", "--value", "10")
    people.first.ask("result", "set", "2.1", "--value", "30")
    people.second.ask("result", "set", "3.1", "--explanation", "Theo biên bản mẫu")
    swap(people)
    for ntm in (people.first, people.second):
        assert ntm.ask("conflicts", "list") == []
        assert (figure(ntm), ntm.result("3.1")["explanation"]) == ("10%", "Theo biên bản mẫu")
        assert figure(ntm, "2.1") == "30%"
    assert sound(people.first, people.second)


def test_both_values_stand_side_by_side_the_same_on_both_computers(people: People, tmp_path: Path) -> None:
    people.first.ask("evidence", "add", a_file(tmp_path, "của máy một.txt", "1"), "--indicator", "3.1")
    people.second.ask("evidence", "add", a_file(tmp_path, "của máy hai.txt", "2"), "--indicator", "3.1")
    found = at_odds(people)
    assert (found["code"], found["what"], found["unit"]) == ("3.1", "Kết quả", COMMUNE)
    assert re.fullmatch("[0-9a-f]{6,}", found["id"])
    sides = {side["value"]: side for side in found["sides"]}
    assert sides.keys() == {"10%", "20%"}
    assert (sides["10%"]["device"], sides["10%"]["evidence"]) == ("máy này", ["của máy một.txt"])
    assert sides["20%"]["evidence"] == ["của máy hai.txt"]
    assert "máy «" in sides["20%"]["device"]
    assert all(side["user"] and side["at"] for side in sides.values())
    (theirs,) = people.second.ask("conflicts")
    assert theirs["id"] == found["id"]
    assert [side["value"] for side in theirs["sides"]] == [side["value"] for side in found["sides"]]


@pytest.mark.parametrize("wanted", ["10%", "20%"])
def test_the_choice_is_a_change_that_travels(people: People, wanted: str) -> None:
    found = at_odds(people)
    (number,) = [side["number"] for side in found["sides"] if side["value"] == wanted]
    before = people.first.ask("verify")["changes"]
    answer = people.first.ask("conflicts", "choose", found["id"][:4], str(number))
    assert answer["left"] == 0
    assert people.first.ask("verify")["changes"] == before + 1, "one change over all"
    take(people.second, people.to_second())
    for ntm in (people.first, people.second):
        assert figure(ntm) == wanted
        assert ntm.ask("conflicts") == []
    assert sound(people.first, people.second)


def test_two_choices_at_once_are_a_conflict_again_unless_they_agree(people: People) -> None:
    found = at_odds(people)
    people.first.ask("conflicts", "choose", found["id"], "1")
    people.second.ask("conflicts", "choose", found["id"], "2")
    swap(people)
    assert len(people.first.ask("conflicts")) == 1
    people.first.ask("conflicts", "choose", found["id"], "1")
    swap(people)
    assert people.first.ask("conflicts") == people.second.ask("conflicts") == []
    assert figure(people.first) == figure(people.second)


def test_what_cannot_be_chosen(people: People) -> None:
    found = at_odds(people)
    assert "ffffffffff" in people.first.refused("conflicts", "choose", "ffffffffff", "1")
    for number in ("0", "3"):
        people.first.refused("conflicts", "choose", found["id"], number)
    take(people.above, people.sent(people.first))
    (seen,) = people.above.ask("conflicts")
    assert (seen["id"], seen["choosable"]) == (found["id"], False)
    assert "Bum Tở" in people.above.refused("conflicts", "choose", found["id"], "1"), "the commune's to settle"


def test_undo_settles_nothing_unasked(people: People) -> None:
    people.first.ask("result", "set", "2.1", "--value", "5")
    at_odds(people)
    for ntm in (people.first, people.second):
        ntm.run("undo")
        assert len(ntm.ask("conflicts")) == 1, "both values are still there"
    assert figure(people.first, "2.1") == "", "an edit of another field was taken back instead"


def test_a_choice_is_not_undone_but_can_be_made_again(people: People) -> None:
    at_odds(people)
    with open_workspace(people.first.folder) as workspace:
        (found,) = conflicts.conflicts(workspace)
        wanted = {side.value_text: number for number, side in enumerate(found.sides)}
        assert conflicts.choose(workspace, found.conflict_id, wanted["20%"]).codes == {"3.1"}
        assert "3.1" not in (history.names(workspace)[0] or ""), "the edit that was not chosen is over"
        conflicts.reconsider(workspace, found, wanted["10%"])
        assert conflicts.conflicts(workspace) == ()
    assert figure(people.first) == "10%"


def number_of(ntm: Ntm, evidence_id: str, number: str) -> None:
    with open_workspace(ntm.folder) as workspace:
        evidence.save_details(workspace, evidence_id, {"number": number})


def figure(ntm: Ntm, code: str = "3.1") -> str:
    shown = ntm.result(code)["value"]
    return f"{shown['percent']}%" if shown else ""


def proof_of(ntm: Ntm) -> Any:
    (item,) = ntm.ask("evidence", "list")
    return item


@pytest.mark.parametrize("keep", [True, False])
def test_removed_here_and_edited_there_keeps_the_edit_and_asks(people: People, tmp_path: Path, keep: bool) -> None:
    people.first.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    swap(people)
    proof = proof_of(people.first)["evidence_id"]
    people.first.ask("evidence", "remove", proof)
    number_of(people.second, proof, "12/BC")
    swap(people)
    for ntm in (people.first, people.second):
        assert proof_of(ntm)["number"] == "12/BC", "nothing that was written is gone unasked"
        (found,) = ntm.ask("conflicts")
        assert (found["code"], [side["deletes"] for side in found["sides"]]) == ("3.1", [False, True])
        assert "biên bản.txt" in found["what"]
        assert "12/BC" in found["sides"][0]["value"]
    (found,) = people.second.ask("conflicts")
    people.second.ask("conflicts", "choose", found["id"], "1" if keep else "2")
    take(people.first, people.to_first())
    for ntm in (people.first, people.second):
        assert ntm.ask("conflicts") == []
        assert len(ntm.ask("evidence", "list")) == int(keep)
    assert sound(people.first, people.second)


def test_a_preview_names_what_would_be_disputed(people: People, tmp_path: Path) -> None:
    people.first.ask("evidence", "add", a_file(tmp_path, "biên bản.txt"), "--indicator", "3.1")
    swap(people)
    proof = proof_of(people.first)["evidence_id"]
    people.first.ask("evidence", "remove", proof)
    number_of(people.second, proof, "12/BC")
    for receiver, path in ((people.second, people.to_second()), (people.first, people.to_first())):
        seen = receiver.ask("package", "inspect", path)
        assert [line["kind"] for line in seen["lines"]].count("conflict") == 1
        assert receiver.ask("package", "import", "--dry-run", path)["conflicts"] == 1
        assert take(receiver, path)["conflicts"] == 1


def test_cleared_here_and_entered_there_asks(people: People) -> None:
    people.first.ask("result", "set", "3.1", "--value", "5")
    swap(people)
    with open_workspace(people.first.folder) as workspace:
        results.save(workspace, AID, "3.1", {"value": None})
    people.second.ask("result", "set", "3.1", "--value", "20")
    swap(people)
    for ntm in (people.first, people.second):
        assert figure(ntm) == "20%"
        (found,) = ntm.ask("conflicts")
        assert [(side["value"], side["deletes"]) for side in found["sides"]] == [
            ("20%", False),
            ("(để trống)", True),
        ]
