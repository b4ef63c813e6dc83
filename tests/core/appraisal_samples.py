"""A commune and its receiving office, and how the changes of one reach the other."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop.model.devices import KeyRole
from ntm_desktop.operations import results, setup
from ntm_desktop.operations.workspace import Workspace

UNIT, OFFICE = "03390", "12"
NOTE = "Bổ sung biểu số liệu của từng bản."


def hand_on(source: Workspace, target: Workspace, role: KeyRole) -> None:
    """All changes about the commune, and the sets they name, as a package brings them."""
    for place in (source.folder / "blobs").rglob("*"):
        if place.is_file():
            there = target.folder / "blobs" / place.relative_to(source.folder / "blobs")
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(place, there)
    with source.store.read() as work:
        changes = list(work.journal.after(UNIT, {}))
        own = work.local.own_devices().get(UNIT, "")
    with target.store.write() as work:
        work.journal.absorb(changes, {own: role})


@dataclass
class World:
    """A commune and the office that has received its dossier."""

    commune: Workspace
    office: Workspace

    @property
    def dossier(self) -> str:
        return self.commune.info().current

    def send(self) -> None:
        hand_on(self.commune, self.office, KeyRole.COMMUNE)

    def answer(self) -> None:
        hand_on(self.office, self.commune, KeyRole.OFFICE)

    def close(self) -> None:
        self.commune.close()
        self.office.close()


def make_world(folder: Path) -> World:
    """Both workspaces, open; the office has the commune's dossier, in which 17.1 has a result."""
    commune = setup.create(
        folder / "xã", unit_code=UNIT, role="commune", catalogue_id="xa-ntm-2021-2025", year=2024, region="tdmnpb"
    )
    office = setup.create(folder / "tỉnh", unit_code=OFFICE, role="office")
    results.save(commune, commune.info().current, "17.1", {"value": {"numerator": "812", "denominator": "1040"}})
    world = World(commune, office)
    world.send()
    return world
