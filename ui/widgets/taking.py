"""Taking packages that were looked at, each as it was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_desktop.model.progress import Cancelled, Progress

if TYPE_CHECKING:
    from ntm_desktop.operations.receiving import Received
    from ntm_desktop.operations.workspace import Workspace
    from ui.models.looks import Look


def take_all(workspace: Workspace, looks: Sequence[Look], progress: Progress) -> Received:
    """Import packages; those that share passphrase and salvage together, as far as the person does not stop.

    Raises:
        Cancelled: the person stopped before anything was taken.
    """
    from ntm_desktop.operations import receiving
    from ntm_desktop.operations.outcome import EVERYTHING, Changes

    groups: dict[tuple[str | None, bool], list[Path]] = {}
    for look in looks:
        groups.setdefault((look.passphrase, look.salvage), []).append(look.path)
    outcomes: list[receiving.Outcome] = []
    left: list[Path] = []
    changed, point = False, 0
    for (passphrase, salvage), paths in groups.items():
        if left:
            left += paths
            continue
        try:
            part = receiving.import_files(
                workspace, paths, progress, salvage=salvage, passphrase=passphrase, point=point
            )
        except Cancelled:
            if not any(outcome.error is None for outcome in outcomes):
                raise
            left += paths
            continue
        outcomes += part.outcomes
        left += part.left
        changed, point = changed or bool(part.changes), part.point
    return receiving.Received(EVERYTHING if changed else Changes(), tuple(outcomes), tuple(left), point)
