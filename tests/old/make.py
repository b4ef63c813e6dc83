"""Write the packages of the format of the day, to be kept for ever: ``python -m tests.old.make FOLDER``."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from ntm_desktop.operations import setup
from ntm_desktop.operations.workspace import open_workspace
from tests.core.command_line import Ntm, a_file, introduce, new, office

PASSPHRASE = "mật khẩu mẫu của gói cũ"
WAYS: dict[str, tuple[str, ...]] = {
    "by-key": ("--recovery",),
    "by-passphrase": ("--passphrase-file", "{passphrase}", "--no-recovery"),
    "plain": ("--plain", "--no-recovery"),
}


def make(folder: Path, place: Path) -> None:
    """A commune with two results and two files, sent to its office in every way of closing a package."""
    commune, above = new(place / "xã"), office(place / "tỉnh")
    for ntm in (commune, above):
        with open_workspace(ntm.folder) as workspace:
            setup.save_user(workspace, "Người dùng mẫu")
    introduce(commune, above)
    commune.ask("result", "set", "3.1", "--value", "85,5")
    commune.ask("result", "set", "3.1", "--source", "Báo cáo mẫu số 12")
    for name, text in (("biên bản mẫu.txt", "Nội dung mẫu"), ("ảnh mẫu.txt", "Ảnh mẫu " * 500)):
        commune.ask("evidence", "add", a_file(place, name, text), "--indicator", "3.1")
    secret = a_file(place, "mật khẩu.txt", PASSPHRASE + "\n")
    folder.mkdir(parents=True)
    changes = 0
    for name, options in WAYS.items():
        given = [option.format(passphrase=secret) for option in options]
        made = commune.ask("package", "export", "--full", "--out", place / name, *given)
        shutil.copyfile(made["path"], folder / f"{name}.ntmpkg")
        changes = made["changes"]
    shutil.copyfile(commune.ask("card", "export", "--out", place / "thẻ")["path"], folder / "commune.ntmcard")
    shutil.copyfile(above.folder / "keys" / "identity.json", folder / "office.json")
    expected = {"passphrase": PASSPHRASE, "fingerprint": _fingerprint(commune), "changes": changes}
    text = json.dumps(expected, ensure_ascii=False, indent=2) + "\n"
    (folder / "expected.json").write_text(text, encoding="utf-8", newline="")


def _fingerprint(ntm: Ntm) -> str:
    return str(next(known["fingerprint"] for known in ntm.ask("devices") if known["state"] == "own"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(sys.argv[1]), Path(scratch))
