"""Packages of every format that was ever released are read, mended and imported by the program of today."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.exchange import FORMAT, Unlock, read_package
from ntm_desktop.exchange.cards import read_card
from ntm_desktop.exchange.identity import Keys
from tests.core.command_line import Ntm, a_file, office
from tests.core.exchange_people import take

OLD = Path(__file__).parents[1] / "old"
FORMATS = sorted(path for path in OLD.iterdir() if path.name.startswith("format-"))
formats = pytest.mark.parametrize("kept", FORMATS, ids=lambda path: path.name)


def expected(kept: Path) -> Any:
    return json.loads((kept / "expected.json").read_text(encoding="utf-8"))


def secret(kept: Path) -> str:
    keys = json.loads((kept / "office.json").read_text(encoding="utf-8"))
    return Keys(keys["sign"], keys["age"], keys["made_at"]).age_secret


def taken_whole(above: Ntm, outcome: Any, kept: Path) -> None:
    """The office holds the dossier as it was sent, and vouches for it."""
    assert (outcome["applied"], outcome["blobs"], outcome["missing"]) == (expected(kept)["changes"], 2, [])
    (row,) = above.ask("office", "list")
    assert (row["unit"], row["indicators_met"]) == ("03433", 1)
    assert above.ask("verify")["ok"]


def test_the_format_of_today_is_kept() -> None:
    assert {path.name for path in FORMATS} >= {f"format-{FORMAT}"}


@formats
def test_a_package_for_a_key_opens_and_is_mended(kept: Path, tmp_path: Path) -> None:
    unlock = Unlock((secret(kept),), None)
    with read_package(kept / "by-key.ntmpkg", unlock) as package:
        assert (len(package.changes), package.repaired, package.damaged) == (expected(kept)["changes"], (), ())
        names = [ref.sha256 for ref in package.blobs]
    data = bytearray((kept / "by-key.ntmpkg").read_bytes())
    for start in (0, len(data) // 3):  # the header, and some of the rest
        data[start : start + 2000] = bytes(2000)
    (tmp_path / "hỏng.ntmpkg").write_bytes(data)
    with read_package(tmp_path / "hỏng.ntmpkg", unlock) as package:
        assert package.repaired
        assert [ref.sha256 for ref in package.blobs] == names


@formats
@pytest.mark.parametrize("name", ["plain", "by-passphrase"])
def test_a_package_is_imported(kept: Path, name: str, tmp_path: Path) -> None:
    above = office(tmp_path / "tỉnh")
    passphrase = a_file(tmp_path, "mật khẩu.txt", expected(kept)["passphrase"])
    outcome = take(above, kept / f"{name}.ntmpkg", "--passphrase-file", passphrase)
    taken_whole(above, outcome, kept)


@formats
def test_an_office_with_the_keys_of_then_imports_it(kept: Path, tmp_path: Path) -> None:
    above = office(tmp_path / "tỉnh")
    shutil.copyfile(kept / "office.json", above.folder / "keys" / "identity.json")
    taken_whole(above, take(above, kept / "by-key.ntmpkg"), kept)


@formats
def test_a_card_is_read(kept: Path, tmp_path: Path) -> None:
    assert read_card(kept / "commune.ntmcard").fingerprint == expected(kept)["fingerprint"]
    above = office(tmp_path / "tỉnh")
    above.ask("card", "import", kept / "commune.ntmcard")
    assert expected(kept)["fingerprint"] in {known["fingerprint"] for known in above.ask("devices")}
