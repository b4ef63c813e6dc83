"""Another version of a set: nothing changes by itself; what rises, falls and is new is listed first."""

from __future__ import annotations

from pathlib import Path

from tests.core.command_line import COMMUNE, Ntm
from tests.core.rejudging_samples import two_versions, write_set


def judged(tmp_path: Path) -> tuple[Ntm, Path]:
    """A commune judged by the first version, 70 % everywhere; and the second version's file."""
    first, second = two_versions(tmp_path)
    commune = Ntm(tmp_path / "xã")
    commune.ask("init", "--unit", COMMUNE, "--role", "commune")
    commune.ask("catalogue", "import", first)
    commune.ask("assessment", "add", "--catalogue", "bo-mau", "--year", "2024")
    for code in ("1.1", "1.2", "1.3"):
        commune.ask("result", "set", code, "--value", "70")
    return commune, second


def test_a_new_version_changes_nothing_by_itself(tmp_path: Path) -> None:
    commune, second = judged(tmp_path)
    before = commune.ask("status")
    commune.ask("catalogue", "import", second)
    assert commune.ask("status") == before


def test_what_rises_falls_and_is_new_is_listed_and_only_then_applied(tmp_path: Path) -> None:
    commune, second = judged(tmp_path)
    commune.ask("catalogue", "import", second)
    plan = commune.ask("assessment", "rejudge", "bo-mau@2")
    turns = {item["code"]: item["turn"] for item in plan["turned"]}
    assert turns == {"1.2": "fell", "1.3": "rose", "1.4": "new"}
    assert commune.ask("status")["indicators"]["total"] == 3
    commune.ask("assessment", "rejudge", "bo-mau@2", "--apply")
    assert commune.ask("status")["indicators"] == {
        "total": 4,
        "met": 2,
        "not_met": 1,
        "not_assessed": 1,
        "not_applicable": 0,
    }
    assert commune.ask("verify")["ok"]
    commune.ask("undo")
    assert commune.ask("status")["indicators"]["total"] == 3


def test_results_of_an_indicator_that_is_gone_come_back_with_it(tmp_path: Path) -> None:
    commune, _second = judged(tmp_path)
    commune.ask("catalogue", "import", write_set(tmp_path / "ban-3.yaml", "3", {"1.1": 50}))
    plan = commune.ask("assessment", "rejudge", "bo-mau@3", "--apply")
    assert {item["code"]: item["turn"] for item in plan["turned"]} == {"1.2": "gone", "1.3": "gone"}
    assert commune.ask("status")["indicators"]["total"] == 1
    commune.ask("assessment", "rejudge", "bo-mau@1", "--apply")
    assert commune.ask("result", "show", "1.2")["value_text"] == "70%"


def test_another_set_and_the_same_version_are_refused(tmp_path: Path) -> None:
    commune, _second = judged(tmp_path)
    assert "bộ tiêu chí khác" in commune.refused("assessment", "rejudge", "xa-ntm-2021-2025", "--apply")
    assert "bo-mau@1" in commune.refused("assessment", "rejudge", "bo-mau@1", "--apply")
