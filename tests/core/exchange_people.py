"""A commune with two computers and its office, who have exchanged cards, and sticks that go between them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.core.command_line import Ntm, introduce, new, office


@dataclass(frozen=True)
class People:
    """Workspaces that know each other; every stick is a folder of its own in ``place``."""

    place: Path
    first: Ntm
    second: Ntm
    above: Ntm

    def sent(self, sender: Ntm, *options: str | Path) -> Path:
        """A package on a new stick (its first part)."""
        return Path(sender.ask("package", "export", "--out", self.stick(), *options)["path"])

    def stick(self) -> Path:
        """An empty folder."""
        number = len(list(self.place.glob("usb *")))
        stick = self.place / f"usb {number}"
        stick.mkdir()
        return stick

    def to_second(self, *options: str | Path) -> Path:
        """A package of the first computer to the second."""
        return self.sent(self.first, "--to", self.card(self.second), *options)

    def to_first(self, *options: str | Path) -> Path:
        """A package of the second computer to the first."""
        return self.sent(self.second, "--to", self.card(self.first), *options)

    def card(self, ntm: Ntm) -> Path:
        """Its card, on a stick."""
        return Path(ntm.ask("card", "export", "--out", self.stick())["path"])

    def answer(self) -> Path:
        """The office's return package."""
        (made,) = self.above.ask("package", "receipts", "--out", self.stick())
        return Path(made["path"])


def meet(place: Path) -> People:
    """Two computers of one commune and the office; all cards are exchanged."""
    people = People(place, new(place / "máy một"), new(place / "máy hai"), office(place / "tỉnh"))
    introduce(people.first, people.above)
    introduce(people.second, people.above)
    introduce(people.first, people.second)
    return people


def take(ntm: Ntm, *packages: str | Path) -> Any:
    """What came of packages; something may be told beside."""
    ran = ntm.run("--json", "package", "import", *packages)
    assert ran.code == 0, ran
    return json.loads(ran.out)


def refusal(ntm: Ntm, package: Path) -> str:
    """The sentence of a package that is refused."""
    ran = ntm.run("--json", "package", "import", package)
    assert ran.code == 2, ran
    (outcome,) = [answer] if isinstance(answer := json.loads(ran.out), dict) else answer
    assert outcome["applied"] == outcome["blobs"] == 0
    return str(outcome["error"])


def sound(*everybody: Ntm) -> bool:
    """True where verify finds nothing anywhere."""
    return all(ntm.ask("verify")["ok"] for ntm in everybody)
