"""Progress of long work, and its cancellation: one protocol for window and command line."""

from __future__ import annotations

from typing import Protocol


class Cancelled(Exception):
    """The person cancelled; everything is as it was before the work began."""


class Progress(Protocol):
    """What long work reports to.

    Work calls :meth:`advance` often (at least every 8 MiB or every record that takes noticeable time) and lets
    :class:`Cancelled` pass through after cleaning up.
    """

    def start(self, title: str, total: int, unit: str = "") -> None:
        """Begin a stage: ``total`` steps, or bytes with ``unit='B'``; ``total=0`` is unknown."""

    def advance(self, amount: int = 1, note: str = "") -> None:
        """Report ``amount`` more steps.

        Raises:
            Cancelled: the person has asked to stop.
        """


class Silent:
    """Progress for callers that show none."""

    def start(self, title: str, total: int, unit: str = "") -> None:
        """Nothing is shown."""

    def advance(self, amount: int = 1, note: str = "") -> None:
        """Nothing is shown, nothing cancels."""
