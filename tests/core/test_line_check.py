"""Small promises of the exchange that nothing else holds: hostile file names, sizes that mean nothing, own packages."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.core.command_line import Ntm, Ran, new, office
from tests.core.exchange_people import take
from tests.core.test_acceptance_trust import card_of, introduce, known, send

# terminal escapes, a turn of direction, a line break, an invisible sign, bytes that are no text
NAMES = (b"\x1b[31mdo\x1b[0m", "a\u202egkpmtn.exe".encode(), b"x\ny", "\u200bkhong".encode(), b"\xff\xfe\x9b31m")


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


def unfit(ran: Ran) -> set[str]:
    """Signs in an answer that steer a terminal, hide, or cannot be written; a line ends with one."""
    return {sign for sign in ran.out + ran.err if unicodedata.category(sign) in ("Cc", "Cf", "Cs")} - {"\n"}


@pytest.mark.skipif(sys.platform == "win32", reason="such names do not exist there")
@pytest.mark.parametrize("name", NAMES)
def test_names_from_a_stick_are_never_printed_as_they_are(
    name: bytes, commune: Ntm, above: Ntm, tmp_path: Path
) -> None:
    whole = send(commune, tmp_path / "usb", "--no-recovery").read_bytes()
    neighbour = new(tmp_path / "xã bên", unit="03390")
    stick = tmp_path / "cắm"
    stick.mkdir()
    path = os.fsdecode(os.fsencode(stick) + b"/" + name + b".ntmpkg")
    for content in (b"no package", whole[:-100], whole):
        Path(path).write_bytes(content)
        for ntm in (above, commune, neighbour):
            for command in (["inspect", path], ["import", "--dry-run", str(stick)], ["import", path]):
                plainly, by_script = ntm.run(*command), ntm.run("--json", *command)
                assert not unfit(plainly) | unfit(by_script)
                assert "x\ny" not in plainly.out + plainly.err + by_script.err
    (told,) = json.loads(above.run("--json", "import", stick).out)
    assert told["file"] == path, "a script finds the file"


def test_a_stick_is_tidied_when_its_folder_is_imported(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    stick = send(commune, tmp_path / "usb").parent
    left = stick / "03433-x.ntmpkg.partial"
    left.write_bytes(b"half")
    above.run("import", "--dry-run", stick)
    assert left.exists(), "a look changes nothing"
    take(above, stick)
    assert not left.exists()


def test_an_own_package_beside_the_answer_is_called_so(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    ran = commune.run("import", send(commune, tmp_path / "usb"))
    assert ran.code == 0
    assert "do chính máy này gửi" in ran.out
    assert "biên nhận" not in ran.out


def test_parts_of_no_size_are_refused(commune: Ntm, above: Ntm, tmp_path: Path) -> None:
    for size in ("0", "0M", "-1", "nan", "vừa"):
        assert size in commune.refused("package", "export", "--out", tmp_path / "usb", "--part-size", size)
    assert not (tmp_path / "usb").exists()


def test_partners_not_compared_or_revoked_are_marked(commune: Ntm, above: Ntm) -> None:
    def told() -> str:
        return above.run("exchange", "status").out

    key = known(above, card_of(commune))["key_id"]
    assert "chưa so mã" in told()
    above.ask("devices", "confirm", key)
    assert "(" not in told().splitlines()[0].replace("(vm)", "").rpartition("–")[2]
    above.ask("devices", "revoke", key)
    assert "đã thu hồi" in told()


def test_packages_are_listed_in_the_persons_words(commune: Ntm, tmp_path: Path) -> None:
    send(commune, tmp_path / "usb", "--plain")
    (line,) = commune.run("package", "list").out.splitlines()
    assert "đã gửi" in line
    assert "sent" not in line
