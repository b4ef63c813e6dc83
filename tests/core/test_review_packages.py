"""What a package may not do: write outside, reach into other units' records, use up the clock, stop the program."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_desktop import catalogue as catalogues
from ntm_desktop.evidence import opening_name
from ntm_desktop.exchange.cards import write_card
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.progress import Cancelled
from ntm_desktop.operations import receiving
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import COMMUNE, NATIONAL, NEIGHBOUR, Ntm, new, office
from tests.core.exchange_samples import KEYS, card_of
from tests.core.hostile_packages import Item, assessment_of, begun, evidence, package

CONTENT = b"hello"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
RESULT = f"{assessment_of(COMMUNE)}/17.1"


NAMES = ["../../../thoát.txt", "..", "/etc/x", "C:x.txt", "a\\b.txt", "a\x1b[2J.txt", "a\n.txt"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_that_is_a_way_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = package(tmp_path / "gói", [*begun(), *evidence(SHA256, name)], contents=[CONTENT])
    office(tmp_path / "tỉnh").refused("package", "import", path)


def test_no_name_opens_outside_its_folder() -> None:
    for name in ("../../x.txt", "/x.txt", "CON.txt", "ả" * 900 + ".txt"):
        opened = opening_name(name, "text/plain")
        assert Path(opened).name == opened
        assert len(opened.encode()) <= 240
        assert not opened.lower().startswith("con.")


@pytest.mark.parametrize(
    "item",
    [
        ("result", RESULT, "judgement", {"verdict": {}, "reason": "x"}),
        ("result", RESULT, "judgement", {"verdict": ["met"], "reason": "x"}),
        ("level", RESULT, "level", {"operator": [], "threshold": "1", "basis": {}}),
        ("result", RESULT, "explanation", "a\x1b[2Jb"),
        ("result", RESULT, "value", {"number": "٣"}),
        ("unit", COMMUNE, "name", "Xã\nmẫu"),
        ("assessment", f"{COMMUNE}.{NATIONAL}.{'9' * 400}", "year", 2024),
    ],
)
def test_values_that_no_field_may_have_are_a_refusal_and_no_failure(tmp_path: Path, item: Item) -> None:
    path = package(tmp_path / "gói", [*begun(), item])
    tỉnh = office(tmp_path / "tỉnh")
    tỉnh.refused("package", "inspect", path)
    tỉnh.refused("package", "import", path)


def test_a_moment_that_never_was_is_refused(tmp_path: Path) -> None:
    items = [*begun(), *evidence(SHA256, added_at="2024-99-99T99:99:99Z")]
    office(tmp_path / "tỉnh").refused("package", "import", package(tmp_path / "gói", items, contents=[CONTENT]))


def test_one_commune_cannot_reach_into_the_evidence_of_another(tmp_path: Path) -> None:
    commune, above = new(tmp_path / "xã"), office(tmp_path / "tỉnh")
    (tmp_path / "a.txt").write_text("xin chào", encoding="utf-8")
    (added,) = commune.ask("evidence", "add", tmp_path / "a.txt", "--indicator", "17.1")["added"]
    above.ask("package", "import", commune.ask("package", "export", "--plain", "--out", tmp_path / "usb")["path"])
    theirs = added["evidence_id"]
    reaching: list[Item] = [
        ("evidence", theirs, "summary", "của người khác"),
        ("evidence", theirs, "removed", True),
        ("evidence_link", f"{theirs}/5.1", "linked", True),
    ]
    for number, item in enumerate(reaching):
        path = package(tmp_path / f"gói {number}", [*begun(NEIGHBOUR), item], unit=NEIGHBOUR)
        above.refused("package", "import", path)
    assert above.ask("verify")["ok"] is True


def test_a_leap_of_the_clock_is_refused(tmp_path: Path) -> None:
    """Else the next change written here would have a number that no computer takes, for ever."""
    commune = new(tmp_path / "xã")
    write_card(card_of(KEYS, unit=COMMUNE), tmp_path / "máy hai.ntmcard")
    commune.ask("card", "import", tmp_path / "máy hai.ntmcard")
    told = commune.refused("package", "import", package(tmp_path / "gói", begun(), lamport=2**53 - 5))
    assert "không hợp lệ" in told
    commune.ask("result", "set", "17.1", "--value", "70")
    commune.ask("package", "export", "--plain", "--out", tmp_path / "usb")


def test_an_unreadable_set_is_a_refused_package(tmp_path: Path) -> None:
    junk = b'{"id":1}'
    figure: Item = ("result", RESULT, "value", {"percent": "70"})
    items = [*begun(sha256=hashlib.sha256(junk).hexdigest()), figure]
    path = package(tmp_path / "gói", items, catalogue=junk)
    above = office(tmp_path / "tỉnh")
    assert path.name in above.refused("package", "inspect", path)
    assert path.name in above.refused("package", "import", path)


def test_a_set_judged_by_before_the_first_package_need_not_travel(tmp_path: Path) -> None:
    commune, above = new(tmp_path / "xã"), office(tmp_path / "tỉnh")
    later = replace(catalogues.builtin(NATIONAL), version="2")
    with open_workspace(commune.folder) as workspace:
        ref = workspace.blobs.put_bytes(catalogues.to_json(later), "application/json")
        entry: JsonValue = {"id": later.id, "version": later.version, "name": "mẫu", "size": ref.size}
        with workspace.store.write() as work:
            workspace.write(work, {("catalogue", f"{COMMUNE}/{ref.sha256}"): {"entry": entry}})
    commune.ask("assessment", "rejudge", f"{NATIONAL}@2", "--apply")
    path = commune.ask("package", "export", "--plain", "--out", tmp_path / "usb")["path"]
    assert above.ask("package", "import", path)["applied"] > 0
    assert above.ask("verify")["ok"] is True
    assert len(above.ask("office", "list")) == 1
    assert f"{NATIONAL}@2" in {f"{item['id']}@{item['version']}" for item in above.ask("catalogue", "list")}


def test_evidence_removed_before_it_was_sent_is_not_missed(tmp_path: Path) -> None:
    commune, above = new(tmp_path / "xã"), office(tmp_path / "tỉnh")
    (tmp_path / "a.txt").write_text("xin chào", encoding="utf-8")
    (added,) = commune.ask("evidence", "add", tmp_path / "a.txt", "--indicator", "17.1")["added"]
    commune.ask("evidence", "remove", added["evidence_id"])
    above.ask("package", "import", commune.ask("package", "export", "--plain", "--out", tmp_path / "usb")["path"])
    assert above.ask("verify")["ok"] is True
    commune.ask("undo")
    again = commune.ask("package", "export", "--plain", "--out", tmp_path / "usb")["path"]
    assert above.ask("package", "import", again)["blobs"] == 1
    assert above.ask("verify")["ok"] is True
    held = above.folder / "blobs" / added["sha256"][:2] / added["sha256"]
    held.chmod(0o644)
    held.unlink()
    assert above.run("verify").code == 2, "what proves something is missed"


def test_stopping_keeps_what_was_taken_and_says_so(tmp_path: Path) -> None:
    paths = [package(tmp_path / code, begun(code), unit=code) for code in (COMMUNE, NEIGHBOUR)]

    class StopAtSecond:
        def __init__(self) -> None:
            self.stages = 0

        def start(self, title: str, total: int, unit: str = "") -> None:
            self.stages += 1

        def advance(self, amount: int = 1, note: str = "") -> None:
            if self.stages >= self.limit:
                raise Cancelled

        limit = 2

    above = office(tmp_path / "tỉnh")
    with open_workspace(above.folder) as workspace:
        received = receiving.import_files(workspace, paths, StopAtSecond())
        assert [outcome.unit.code for outcome in received.outcomes if outcome.unit] == [COMMUNE]
        assert received.left == (paths[1],)
        assert received.changes.everything
        stop_at_once = StopAtSecond()
        stop_at_once.limit = 1
        with pytest.raises(Cancelled):
            receiving.import_files(workspace, paths[1:], stop_at_once)
    assert Ntm(above.folder).ask("verify")["ok"] is True
