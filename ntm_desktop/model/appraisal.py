"""What a receiving office writes about a commune's dossier: opinions by indicator, and where the dossier stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OpinionVerdict(StrEnum):
    """What the office thinks of one result."""

    AGREED = "agreed"
    DISAGREED = "disagreed"
    SUPPLEMENT = "supplement"  # more evidence or an explanation is needed


class ReturnStatus(StrEnum):
    """What the office does with the whole dossier."""

    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An office's opinion on the result of one indicator; ``user`` and ``at`` (UTC, ISO 8601) for display."""

    code: str
    verdict: OpinionVerdict
    note: str
    user: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class DossierReturn:
    """What the office did with an assessment's dossier, and what it says about it."""

    assessment_id: str
    status: ReturnStatus
    note: str
    user: str = ""
    at: str = ""
