"""What may happen to a stick, and what a package may not bring: parts, damage, recovery, drives, formats, rights.

By the words of the task; the file and drive are real, and what a drive does wrong is done to it.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ntm_desktop.errors import PackageTooNew, StorageFailed, UserError
from ntm_desktop.exchange import PackagePlan, write_packages
from ntm_desktop.exchange.cards import make_card
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.exchange.identity import Keys, load
from ntm_desktop.model.changes import GENESIS, Change, JsonValue
from ntm_desktop.model.devices import KeyRole, Receipt, device_id
from ntm_desktop.operations import packages, receiving, sticks
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import COMMUNE, PROVINCE, Ntm, a_file, blobs, content, is_sentence, new, office
from tests.core.package_forger import borders, closed, opened
from tests.core.test_acceptance_trust import introduce, rows, send, take
from tests.core.test_cli_packages import only

AT = "2024-11-20T03:04:05.678+00:00"
MIB = 1 << 20


@pytest.fixture
def commune(tmp_path: Path) -> Ntm:
    ntm = new(tmp_path / "xã")
    ntm.ask("result", "set", "3.1", "--value", "85,5")
    return ntm


@pytest.fixture
def above(tmp_path: Path, commune: Ntm) -> Ntm:
    above = office(tmp_path / "tỉnh")
    introduce(commune, above)
    return above


def with_files(commune: Ntm, folder: Path, count: int, size: int) -> list[Path]:
    """Evidence of this size, one file after the other."""
    files = []
    for number in range(count):
        file = folder / f"tệp {number}.txt"
        file.write_bytes(os.urandom(size // 2).hex().encode())
        files.append(file)
        commune.ask("evidence", "add", file, "--indicator", f"3.{number % 2 + 1}")
    return files


def struck(package: Path, start: int, hole: int = 0) -> Path:
    """The package with one bit changed, or so many bytes lost, at a place."""
    data = bytearray(package.read_bytes())
    if hole:
        data[start : start + hole] = bytes(min(hole, len(data) - start))
    else:
        data[start] ^= 16
    package.write_bytes(data)
    return package


# --- parts --------------------------------------------------------------------------------------------------------


def test_parts_come_in_any_order_and_alone(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    with_files(commune, tmp_path, 5, 400_000)
    made = commune.ask("package", "export", "--out", tmp_path / "usb", "--part-size", "1M", "--no-recovery")
    parts = sorted((tmp_path / "usb").iterdir())
    assert made["parts"] == len(parts) >= 3
    assert all(part.stat().st_size <= MIB for part in parts)
    first = take(above, parts[-1])
    assert first["applied"] == made["changes"], "every part has all the changes"
    assert rows(above)["result"] == rows(commune)["result"]
    missing = set(first["missing"])
    assert 0 < len(missing) < 5, "evidence that has not come is named"
    for part in parts[:-1]:
        assert take(above, part)["applied"] == 0
    again = take(above, parts[0])
    assert (again["already"], again["blobs"]) == (True, 0)
    assert rows(above) == rows(commune)
    assert set(blobs(above.folder)) >= set(blobs(commune.folder))
    assert above.ask("verify")["ok"]


def test_evidence_of_a_part_that_never_came_is_asked_for(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    with_files(commune, tmp_path, 4, 400_000)
    commune.ask("package", "export", "--out", tmp_path / "usb", "--part-size", "1M", "--no-recovery")
    parts = sorted((tmp_path / "usb").iterdir())
    missing = len(take(above, parts[0])["missing"])
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "về")
    take(commune, Path(back["path"]))
    made = commune.ask("package", "export", "--out", tmp_path / "sau")
    assert (made["changes"], made["blobs"]) == (0, missing)
    assert not take(above, Path(made["path"]))["missing"]


# --- damage -------------------------------------------------------------------------------------------------------


def test_a_damaged_file_is_named_and_the_rest_is_saved_by_choice(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    with_files(commune, tmp_path, 3, 60_000)
    package = send(commune, tmp_path / "usb", "--no-recovery")
    start, end = next((start, end) for name, start, end, _extra in borders(package.read_bytes()) if "e/0002" in name)
    struck(package, (start + end) // 2)
    told = above.refused("package", "import", package)
    assert "tệp " in told and "--salvage" in told
    ran = above.run("--json", "package", "import", "--salvage", package)
    outcome = json.loads(ran.out)
    (damaged,) = outcome["damaged"]
    assert damaged["code"] in ("3.1", "3.2")
    assert damaged["file"] in told
    assert rows(above) == rows(commune), "the changes are all there"
    assert len(set(blobs(commune.folder)) - set(blobs(above.folder))) == 1, "and every undamaged file"
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "về")
    take(commune, Path(back["path"]))
    made = commune.ask("package", "export", "--out", tmp_path / "sau")
    assert (made["changes"], made["blobs"]) == (0, 1), "it is asked for in the receipt"
    take(above, Path(made["path"]))
    assert set(blobs(above.folder)) >= set(blobs(commune.folder))
    assert above.ask("verify")["ok"]


def test_a_lost_end_costs_nothing_but_what_lay_there(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    with_files(commune, tmp_path, 3, 60_000)
    package = send(commune, tmp_path / "usb", "--no-recovery")
    data = package.read_bytes()
    last = borders(data)[-2]
    package.write_bytes(data[: last[1] + 1000])
    above.refused("package", "import", package)
    salvaged = above.run("package", "import", "--salvage", package)
    assert salvaged.code == 0, salvaged
    assert rows(above)["result"] == rows(commune)["result"]


@pytest.mark.slow
@pytest.mark.parametrize("place", [0.0, 0.3, 0.62, 0.85, 1.0])
def test_a_hole_of_a_mebibyte_is_mended_wherever_it_is(place: float, commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    with_files(commune, tmp_path, 3, 2 * MIB)
    package = send(commune, tmp_path / "usb", "--recovery")
    size = package.stat().st_size
    assert size < 1.3 * 3 * 2 * MIB
    struck(package, int(place * (size - MIB)), MIB)
    outcome = take(above, package)
    assert outcome["error"] is None
    assert outcome["repaired"] is True or place > 0.6, "what was mended is told"
    assert rows(above) == rows(commune)
    assert set(blobs(above.folder)) >= set(blobs(commune.folder))


# --- the stick ----------------------------------------------------------------------------------------------------


def test_what_was_left_half_written_is_cleaned_at_the_next_visit(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    package = send(commune, tmp_path / "usb")
    other = a_file(tmp_path / "usb", "của người khác.partial")
    left = a_file(tmp_path / "usb", "03433-x.ntmpkg.partial", "nửa chừng")
    elsewhere = a_file(tmp_path, "quan trọng.txt")
    (tmp_path / "usb" / "nối.ntmpkg.partial").symlink_to(elsewhere)
    visit = sticks.visit(tmp_path / "usb")
    assert visit.packages == (package,)
    assert not left.exists()
    assert other.exists(), "only what this program leaves behind"
    assert elsewhere.exists(), "a link is not followed"
    a_file(tmp_path / "usb", "03433-y.ntmpkg.partial", "nửa chừng")
    take(above, tmp_path / "usb")


def test_a_stick_that_cannot_be_written_is_told_and_nothing_changes(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    blocked = a_file(tmp_path, "không phải thư mục")
    for place in (blocked, blocked / "trong đó", Path("/proc/ntm")):
        if place.parts[:2] == ("/", "proc") and not Path("/proc").is_dir():
            continue
        assert is_sentence(commune.refused("package", "export", "--out", place))


class Pulled:
    """Progress of an export during which the stick goes."""

    def __init__(self, stick: Path, after: int) -> None:
        self._stick, self._left = stick, after

    def start(self, text: str, total: int, unit: str = "") -> None:
        """A step begins."""

    def advance(self, amount: int = 1) -> None:
        """Bytes were written."""
        self._left -= amount
        if self._left <= 0 and self._stick.exists():
            shutil.rmtree(self._stick)

    @property
    def cancelled(self) -> bool:
        """Nobody stops it."""
        return False


@pytest.mark.parametrize("after", [0, 100_000, 650_000, 1_200_000])
def test_a_stick_pulled_out_while_writing(after: int, commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    with_files(commune, tmp_path, 3, 300_000)
    stick = tmp_path / "usb"
    stick.mkdir()
    before = rows(commune), blobs(commune.folder)
    with open_workspace(commune.folder) as workspace:
        try:
            packages.export(workspace, stick, recovery=False, progress=Pulled(stick, after))  # type: ignore[arg-type]
        except UserError as error:
            assert is_sentence(error.message) and error.hint
    assert not list(stick.glob("*.ntmpkg")) if stick.exists() else True
    assert (rows(commune), blobs(commune.folder)) == before
    take(above, send(commune, tmp_path / "lần sau"))
    assert rows(above) == rows(commune)


# --- formats ------------------------------------------------------------------------------------------------------


def test_a_newer_format_is_refused_with_what_is_needed(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    package = send(commune, tmp_path / "usb", "--plain", "--no-recovery")
    keys = keys_of(commune)

    def newer(header: Any) -> None:
        header["format"] = 2
        header["app_version"] = "9.8"

    package.write_bytes(closed(opened(package.read_bytes()), keys, edit_header=newer))
    assert "9.8" in above.refused("package", "import", package)
    with open_workspace(above.folder) as workspace, pytest.raises(PackageTooNew):
        receiving.inspect(workspace, package)


# --- rights -------------------------------------------------------------------------------------------------------


def keys_of(ntm: Ntm) -> Keys:
    """The keys of a computer, stolen."""
    keys = load(ntm.folder / "keys")
    assert keys is not None
    return keys


def forged(ntm: Ntm, role: KeyRole, folder: Path, *items: tuple[str, str, str, JsonValue]) -> Path:
    """A package with these changes about the commune, by a program that keeps no rules, with this computer's keys."""
    keys, nonce = keys_of(ntm), "5e" * 8
    device = device_id(keys.key, COMMUNE, nonce)
    changes: list[Change] = []
    previous = GENESIS
    for number, (entity, entity_id, field, value) in enumerate(items, start=1):
        about = ("Người giả", COMMUNE, entity, entity_id, field, value)
        changes.append(Change(device, number, 100 + number, AT, *about, (), previous))
        previous = changes[-1].hash()
    unit = PROVINCE if role is KeyRole.OFFICE else COMMUNE
    card = json.loads(only(folder_of_card(ntm)).read_bytes())
    own = make_card(keys, name=card["name"], unit=unit, unit_name=card["unit_name"], role=role, made_at=card["made_at"])
    folder.mkdir(parents=True, exist_ok=True)
    plan = PackagePlan(
        unit_code=COMMUNE,
        unit_name="Xã mẫu",
        device=device,
        device_name=card["name"],
        sequence=1,
        vector_from={},
        vector_to={device: len(changes)},
        changes=changes,
        heads=(sign_head(keys, COMMUNE, device, nonce, len(changes), changes[-1].hash()),),
        cards=(own,),
        receipt=Receipt(counter=1, vector={}),
        blobs=(),
        catalogues=(),
        assessments=(),
        app_version="0.1.0",
        created_at=AT,
        keys=keys,
        plain=True,
    )
    (written,) = write_packages(plan, folder)
    return written.path


def folder_of_card(ntm: Ntm) -> Path:
    """Where its card was put."""
    folder = ntm.folder.parent / f"thẻ {ntm.folder.name}"
    shutil.rmtree(folder, ignore_errors=True)
    ntm.ask("card", "export", "--out", folder)
    return folder


def test_a_commune_cannot_write_what_the_office_writes(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    take(above, send(commune, tmp_path / "1"))
    aid = commune.ask("status")["assessment"]
    opinion: JsonValue = {"verdict": "agreed", "note": "tự đồng ý"}
    good: JsonValue = {"holds": True}
    results = ("result", f"{aid}/3.2", "value", good)
    package = forged(commune, KeyRole.COMMUNE, tmp_path / "2", results, ("appraisal", f"{aid}/3.1", "opinion", opinion))
    told = above.refused("package", "import", package, seen=True)
    assert "3.1" in told, "the field is named"
    assert json.loads(only(folder_of_card(commune)).read_bytes())["name"] in told, "and the computer"
    assert "3.2" not in rows(above)["result"], "nothing of the package is taken"


def test_an_office_cannot_write_what_the_commune_writes(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    aid = commune.ask("status")["assessment"]
    value: JsonValue = {"percent": "10"}
    package = forged(above, KeyRole.OFFICE, tmp_path / "2", ("result", f"{aid}/3.1", "value", value))
    told = commune.refused("package", "import", package, seen=True)
    assert "3.1" in told
    assert commune.result("3.1")["value"] == {"percent": "85.5"}


def test_an_office_may_write_its_opinion_and_it_arrives(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    take(above, send(commune, tmp_path / "1"))
    aid = commune.ask("status")["assessment"]
    above.ask("office", "appraise", aid, "3.1", "--verdict", "disagreed", "--note", "Cần thêm biên bản")
    above.ask("office", "return", aid, "--status", "returned", "--note", "Bổ sung trong tuần")
    (back,) = above.ask("package", "receipts", "--out", tmp_path / "về")
    take(commune, Path(back["path"]))
    said = commune.ask("office", "opinions", aid)
    assert said["returned"]["status"] == "returned"
    assert [(item["code"], item["verdict"]) for item in said["opinions"]] == [("3.1", "disagreed")]
    commune.refused("office", "appraise", aid, "3.1", "--verdict", "agreed")


def test_the_key_of_a_role_cannot_change(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    """The commune's key with a card that says «office»."""
    take(above, send(commune, tmp_path / "1"))
    aid = commune.ask("status")["assessment"]
    opinion: JsonValue = {"verdict": "agreed", "note": "tự đồng ý"}
    package = forged(commune, KeyRole.OFFICE, tmp_path / "2", ("appraisal", f"{aid}/3.1", "opinion", opinion))
    above.refused("package", "import", package, seen=True)


def test_a_foreign_office_brings_nothing_to_a_commune(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    stranger = office(tmp_path / "tỉnh khác")
    aid = commune.ask("status")["assessment"]
    opinion: JsonValue = {"verdict": "agreed", "note": "không phải tỉnh này"}
    package = forged(stranger, KeyRole.OFFICE, tmp_path / "2", ("appraisal", f"{aid}/3.1", "opinion", opinion))
    told = commune.refused("package", "import", package, seen=True)
    assert "thẻ" in told


def test_a_full_drive_is_told_before_and_while_writing(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    """A drive with less room than is needed, as the system tells it."""
    with_files(commune, tmp_path, 1, 300_000)
    held = content(commune.folder)
    with open_workspace(commune.folder) as workspace:
        plan = replace(sample(workspace), part_size=None)
        with pytest.raises(UserError) as refusal:
            (tmp_path / "usb").mkdir()
            write_packages(plan, tmp_path / "usb", free_space=lambda _folder: 1000)
    assert not isinstance(refusal.value, StorageFailed)
    assert is_sentence(refusal.value.message)
    assert not list((tmp_path / "usb").iterdir())
    assert content(commune.folder) == held


def sample(workspace: Any) -> PackagePlan:
    """The plan of what the commune would send, open."""
    from ntm_desktop.operations import planning

    with workspace.store.write() as work:
        addressed = planning.address(workspace, work)
        planned = planning.prepare(workspace, work, addressed, True)
    return replace(planned.plan, plain=True)
