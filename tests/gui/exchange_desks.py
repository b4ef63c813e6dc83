"""Workspaces of a commune, its second computer and its office, as the exchange page meets them; sticks are folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from ntm_desktop.operations import devices, identity, packages, receiving, results, setup
from ntm_desktop.operations import evidence as evidence_operations
from ntm_desktop.operations.packages import Exported, Sealing
from ntm_desktop.operations.workspace import Workspace, open_workspace
from tests.core.evidence_samples import scene
from ui.models.drives import Drive
from ui.pages.exchange import ExchangePage

COMMUNE, OTHER_COMMUNE, OFFICE = "03390", "03394", "12"
SET, YEAR, REGION = "xa-ntm-2021-2025", 2024, "tdmnpb"
PASSPHRASE = "bốn con trâu trắng"
PLAIN = Sealing("plain")


@contextmanager
def commune(folder: Path, unit: str = COMMUNE) -> Iterator[Workspace]:
    """A commune's workspace, made where there is none yet."""
    if folder.exists():
        workspace = open_workspace(folder)
    else:
        workspace = setup.create(folder, unit_code=unit, role="commune", catalogue_id=SET, year=YEAR, region=REGION)
    try:
        yield workspace
    finally:
        workspace.close()


@contextmanager
def office(folder: Path) -> Iterator[Workspace]:
    """An office's workspace, made where there is none yet."""
    workspace = open_workspace(folder) if folder.exists() else setup.create(folder, unit_code=OFFICE, role="office")
    try:
        yield workspace
    finally:
        workspace.close()


def enter(workspace: Workspace, code: str = "17.1", numerator: str = "812", explanation: str = "") -> None:
    """Enter a result."""
    value = {"value": {"numerator": numerator, "denominator": "1040"}, "explanation": explanation}
    results.save(workspace, workspace.info().current, code, value)


def prove(workspace: Workspace, file: Path, code: str = "17.1", width: int = 300) -> None:
    """Add a new picture as evidence; one 2400 pixels wide has about five megabytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scene(width, width * 2 // 3).save(file, "JPEG", quality=95)
    evidence_operations.add_files(workspace, workspace.info().current, [file], [code])


def card_of(folder: Path, target: Path, role: str = "commune") -> Path:
    """The card of a workspace as a file."""
    with office(folder) if role == "office" else commune(folder) as workspace:
        return identity.export_card(workspace, target)


def take(folder: Path, *files: Path, role: str = "commune") -> None:
    """Import packages into a workspace that no window shows."""
    with office(folder) if role == "office" else commune(folder) as workspace:
        outcomes = receiving.import_files(workspace, files).outcomes
        assert [outcome.error for outcome in outcomes] == [None] * len(files)


def know(folder: Path, card: Path) -> None:
    """Let a commune's workspace know a computer by its card."""
    with commune(folder) as workspace:
        identity.import_card(workspace, card)


def write(workspace: Workspace, target: Path, sealing: Sealing = PLAIN) -> Exported:
    """A package of everything."""
    return packages.export(workspace, target, True, sealing=sealing)


def send_to_mate(
    workspace: Workspace, target: Path, sealing: Sealing | None = None, recovery: bool | None = None
) -> Path:
    """A package for the one other computer that is known."""
    (mate,) = (item for item in devices.known(workspace) if item.state != "own")
    to = devices.card_of(workspace, mate.key)
    return packages.export(workspace, target, to=to, sealing=sealing, recovery=recovery).path


def press(button: QAbstractButton) -> None:
    """Go to a button and press Enter."""
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)


def plug_in(page: ExchangePage, *sticks: Path, free: int = 8 * 2**30, writable: bool = True) -> None:
    """Let the page see these folders as the sticks that are there now."""
    found = tuple(Drive(stick, stick.name, free, 16 * 2**30, True, writable) for stick in sticks)
    page.watch.look = lambda: found
    page.watch.refresh()
