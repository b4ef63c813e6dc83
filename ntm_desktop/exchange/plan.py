"""What a package is to hold, before it is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from ntm_desktop import paths
from ntm_desktop.exchange.cards import Card
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.model.changes import Change, JsonValue, VersionVector
from ntm_desktop.model.devices import Head, Receipt
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.text import search_key

SUFFIX = ".ntmpkg"
PARTIAL = ".partial"
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class PlannedBlob:
    """Content that goes into the package, and the file that holds it now."""

    ref: BlobRef
    path: Path


@dataclass(frozen=True, slots=True)
class Recipient:
    """A computer that can open the package: short name of its keys, and its age recipient (age1…)."""

    key_id: str
    age: str


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """Everything that a package is made of.

    ``changes`` are in journal order and lead from ``vector_from`` (what the receiver is known to hold) to
    ``vector_to``; ``heads`` end the history of every device with changes among them; ``cards`` begin with the sender's;
    ``assessments`` are objects with assessment_id, catalogue and year; ``created_at`` is a moment in UTC (ISO 8601 with
    ``Z`` or ``+00:00``).

    Whoever has a key of ``recipients`` or the ``passphrase`` can open it; with neither, anybody, and then ``plain``
    must say that this is meant. ``part_size`` is the most bytes that one file may have.
    """

    unit_code: str
    unit_name: str
    device: str
    device_name: str
    sequence: int
    vector_from: VersionVector
    vector_to: VersionVector
    changes: Sequence[Change]
    heads: tuple[Head, ...]
    cards: tuple[Card, ...]
    receipt: Receipt
    blobs: tuple[PlannedBlob, ...]
    catalogues: tuple[PlannedBlob, ...]
    assessments: Sequence[Mapping[str, JsonValue]]
    app_version: str
    created_at: str
    keys: Keys = field(repr=False)
    recipients: tuple[Recipient, ...] = ()
    passphrase: str | None = field(default=None, repr=False)
    plain: bool = False
    recovery: bool = False
    part_size: int | None = None
    package_id: str = field(default_factory=lambda: uuid4().hex)
    export_id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def sealed(self) -> bool:
        """True where the entries are encrypted."""
        return not self.plain

    def package_id_of(self, part: int) -> str:
        """The id of one of several parts, counted from 1: that of the first is the plan's."""
        return self.package_id if part == 1 else hashlib.sha256(f"{self.package_id}\n{part}".encode()).hexdigest()[:32]


def package_file_name(plan: PackagePlan, part: int = 1, parts: int = 1) -> str:
    """A readable name in plain ASCII that every file system takes: ``02875-xa-son-binh-20241120-0003-5f1e.ntmpkg``.

    The last four signs are the device's, so that two computers of one commune never take each other's name; of several
    parts each says which one it is: ``…-5f1e-phan-1-tren-3.ntmpkg``.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", search_key(plan.unit_name))[:_LONGEST_SLUG].strip("-")
    day = plan.created_at[:10].replace("-", "")
    names = [plan.unit_code, *([slug] if slug else []), day, f"{plan.sequence:04d}", plan.device[:4]]
    if parts > 1:
        names += ["phan", str(part), "tren", str(parts)]
    return paths.safe_name("-".join(names) + SUFFIX)
