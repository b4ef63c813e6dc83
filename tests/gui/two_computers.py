"""Two computers of one commune, and its receiving office: they know each other's cards and hand over real packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_desktop.operations import identity, packages, receiving, setup
from ntm_desktop.operations.packages import Sealing
from ntm_desktop.operations.workspace import Workspace, open_workspace

COMMUNE, OFFICE = "03390", "12"
CATALOGUE, YEAR, REGION = "xa-ntm-2021-2025", 2024, "tdmnpb"


def commune(folder: Path, user: str) -> Workspace:
    """A computer of the commune; open."""
    made = setup.create(folder, unit_code=COMMUNE, role="commune", catalogue_id=CATALOGUE, year=YEAR, region=REGION)
    setup.save_user(made, user)
    return made


def office(folder: Path, user: str) -> Workspace:
    """A computer of the office; open."""
    made = setup.create(folder, unit_code=OFFICE, role="office")
    setup.save_user(made, user)
    return made


def introduce(usb: Path, *workspaces: Workspace) -> None:
    """Everybody has everybody's card."""
    for one in workspaces:
        card = identity.export_card(one, usb / "the")
        for other in workspaces:
            if other is not one:
                identity.import_card(other, card)


def hand_over(source: Workspace, target: Workspace, usb: Path) -> None:
    """A whole package from one computer of the commune to another."""
    place = usb / f"{source.folder.name}-{target.folder.name}-{len(list(usb.iterdir())) if usb.exists() else 0}"
    sealing = Sealing("keys", cards=(identity.own_card(target),))
    made = packages.export(source, place, full=True, sealing=sealing, to=identity.own_card(target), recovery=False)
    taken = receiving.import_files(target, [made.path])
    assert [outcome.error for outcome in taken.outcomes] == [None]


def closed(*workspaces: Workspace) -> Sequence[Path]:
    """Close them, so that a window can open them."""
    for one in workspaces:
        one.close()
    return [one.folder for one in workspaces]


def reopened(folder: Path) -> Workspace:
    """Look at what a window has left."""
    return open_workspace(folder)


def paper(folder: Path, name: str) -> Path:
    """A real PDF with its own name in it."""
    from reportlab.pdfgen.canvas import Canvas

    made = folder / name
    canvas = Canvas(str(made))
    canvas.drawString(72, 720, name.encode("ascii", "replace").decode())
    canvas.save()
    return made
