"""A commune whose only computer is lost, without a backup: its dossier comes back from the office."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.command_line import COMMUNE, Ntm, introduce, run
from tests.core.test_acceptance_trust import above, commune  # noqa: F401


@pytest.fixture
def new(commune: Ntm, tmp_path: Path) -> Ntm:  # noqa: F811
    made = Ntm(tmp_path / "máy mới")
    made.ask("init", "--unit", COMMUNE, "--role", "commune")
    return made


def test_the_history_of_a_lost_computer_comes_back(
    commune: Ntm,  # noqa: F811
    above: Ntm,  # noqa: F811
    new: Ntm,
    tmp_path: Path,
) -> None:
    introduce(commune, above)
    sent = commune.ask("package", "export", "--out", tmp_path / "1")
    above.ask("package", "import", sent["path"])
    introduce(new, above)
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "2", "--unit", COMMUNE)
    first = json.loads(run("--workspace", new.folder, "--json", "package", "import", back["path"]).out)
    assert first["error"] is None and first["applied"] == 0
    assert any("thẻ kèm trong gói" in note for note in first["notes"])
    known = new.ask("card", "import", back["path"])
    assert known["state"] == "seen" and known["unit"] == COMMUNE
    assert known["fingerprint"] == own(commune)["fingerprint"], "the person can compare it with the lost one's slip"
    assert new.ask("package", "import", back["path"])["applied"] == sent["changes"]
    assert new.ask("status") == commune.ask("status")
    assert "không kèm thẻ" in new.refused("card", "import", back["path"])
    new.ask("devices", "revoke", known["key_id"])
    assert new.ask("verify")["ok"]


def own(ntm: Ntm) -> dict[str, str]:
    return next(item for item in ntm.ask("devices", "list") if item["state"] == "own")
