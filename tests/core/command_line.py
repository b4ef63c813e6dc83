"""``ntm`` as a script sees it: run in this process, answers read, refusals held against what must not change."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_desktop.cli import main

COMMUNE = "03433"  # Xã Bum Tở, Lai Châu
NEIGHBOUR = "03390"  # Xã Bình Lư, Lai Châu
PROVINCE = "12"  # Tỉnh Lai Châu
NATIONAL = "xa-ntm-2021-2025"
VERDICTS = ("met", "not_met", "not_assessed", "not_applicable")


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(*arguments: str | Path) -> Ran:
    """One command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as stop:  # argparse leaves this way
            code = stop.code if isinstance(stop.code, int) else 1
    return Ran(code, out.getvalue(), err.getvalue())


def is_sentence(text: str) -> bool:
    """Vietnamese, composed, ended, and no traceback."""
    told = text.strip()
    marked = any(unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", told))
    return marked and unicodedata.is_normalized("NFC", told) and "Traceback" not in told and len(told) > 15


class Ntm:
    """The commands on one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str | Path) -> Ran:
        """The command as it is."""
        return run("--workspace", self.folder, *arguments)

    def ask(self, *arguments: str | Path) -> Any:
        """The answer of a command that must succeed: exactly one JSON value on stdout, nothing on stderr."""
        ran = run("--workspace", self.folder, "--json", *arguments)
        assert ran.code == 0, (arguments, ran)
        assert ran.err == "", (arguments, ran)
        value, end = json.JSONDecoder().raw_decode(ran.out)
        assert ran.out[end:].strip() == "", f"{arguments}: more than one JSON value: {ran.out[end:]!r}"
        return value

    def refused(self, *arguments: str | Path, seen: bool = False) -> str:
        """The sentence of a command that must be refused, with everything as it was before.

        Every row and every blob is compared; with ``seen`` also what ``status`` and ``verify`` say.
        """
        before = content(self.folder)
        told = self.seen() if seen else None
        ran = run("--workspace", self.folder, "--json", *arguments)
        assert ran.code == 2, (arguments, ran)
        assert is_sentence(ran.err), (arguments, ran.err)
        assert ran.out.strip() == "" or json.loads(ran.out) is not None
        assert content(self.folder) == before, f"{arguments}: something changed"
        if seen:
            assert self.seen() == told, f"{arguments}: something changed"
        return ran.err

    def seen(self) -> tuple[Any, Any]:
        """Where the dossier stands, and what verify says."""
        return self.run("--json", "status").out, self.ask("verify")

    def result(self, code: str) -> Any:
        """One indicator."""
        return self.ask("result", "show", code)

    def verdict(self, code: str) -> Any:
        """The verdict of one indicator."""
        return self.result(code)["verdict"]

    def indicators(self) -> list[Any]:
        """Every indicator of the set that is worked on, in order."""
        shown = self.ask("catalogue", "show", self.ask("status")["catalogue"])
        return [item for criterion in shown["criteria"] for item in criterion["indicators"]]

    def copy(self, folder: Path) -> Ntm:
        """The same workspace in another folder (the same device)."""
        shutil.copytree(self.folder, folder)
        return Ntm(folder)


def new(folder: Path, *options: str, unit: str = COMMUNE, catalogue: str = NATIONAL, year: int = 2024) -> Ntm:
    """A fresh commune workspace."""
    ntm = Ntm(folder)
    ntm.ask("init", "--unit", unit, "--role", "commune", "--catalogue", catalogue, "--year", str(year), *options)
    return ntm


def office(folder: Path) -> Ntm:
    """A fresh office workspace."""
    ntm = Ntm(folder)
    ntm.ask("init", "--unit", PROVINCE, "--role", "office")
    return ntm


def introduce(one: Ntm, other: Ntm) -> None:
    """Both take the card of the other, as at the first stick."""
    for mine, theirs in ((one, other), (other, one)):
        card = theirs.ask("card", "export", "--out", mine.folder.parent / "thẻ")["path"]
        mine.ask("card", "import", card)


@contextlib.contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """The workspace's database, behind the program's back."""
    connection = sqlite3.connect(folder / "ntm.sqlite3")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def tables(folder: Path) -> dict[str, list[str]]:
    """Every row of every table, sorted."""
    with database(folder) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}


def blobs(folder: Path) -> dict[str, str]:
    """Every file of the blob store with the hash of its content."""
    place = folder / "blobs"
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def content(folder: Path) -> tuple[dict[str, list[str]], dict[str, str]] | None:
    """All that a workspace keeps; None where there is none."""
    if not (folder / "ntm.sqlite3").exists():
        return None
    return tables(folder), blobs(folder)


def blob_path(folder: Path, sha256: str) -> Path:
    """Where a blob lies."""
    return folder / "blobs" / sha256[:2] / sha256


def a_file(folder: Path, name: str, text: str = "Nội dung mẫu") -> Path:
    """A small file of any kind."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


#: A value that meets the level, by kind, for an indicator whose level is known.
def meeting(item: dict[str, Any]) -> str:
    """A value by which an indicator is met, as a person would type it."""
    operator, threshold = item["operator"], item["threshold"]
    match item["kind"]:
        case "boolean":
            return "không" if operator == "khong" else "đạt"
        case "choice":
            return str(item["choices"][-1]["id"])
        case "checklist":
            return ", ".join(part["id"] for part in item["parts"])
        case "text":
            return "Nội dung mẫu"
        case _:
            number = str(threshold if threshold is not None else 50).replace(".", ",")
            return "0" if operator in ("<=", "<") else number


def fill_everything(ntm: Ntm, *, at_once: Path | None = None) -> tuple[str, ...]:
    """Enter every indicator of a set, with local levels where none is known; ``at_once`` through a file there."""
    items, unknown = ntm.indicators(), ntm.ask("status")["missing_levels"]
    for item in items:
        if item["code"] in unknown:
            level = item["choices"][-1]["id"] if item["kind"] == "choice" else "50"
            basis = "1285/QĐ-UBND ngày 01/02/2023"
            ntm.ask("requirement", "set", item["code"], "--op", item["operator"], "--value", level, "--basis", basis)
    if at_once is not None:
        rows = "".join(f"{item['code']};{meeting(item)}\n" for item in items)
        ntm.ask("result", "import", a_file(at_once, "tất cả.csv", "code;value\n" + rows))
    for item in items:
        if at_once is None:
            ntm.ask("result", "set", item["code"], "--value", meeting(item))
    for code in ntm.ask("status")["missing_results"]:
        assert ntm.result(code)["why"] == "conditions_open"
        ntm.ask("result", "set", code, "--conditions", "met")
    return tuple(item["code"] for item in items)
