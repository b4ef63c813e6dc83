"""What a package is to hold, before it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from ntm_desktop import paths
from ntm_desktop.model.changes import Change, JsonValue, VersionVector
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
class PackagePlan:
    """Everything that a package is made of; the same plan gives the same bytes.

    ``changes`` are in journal order and lead from ``vector_from`` (what the receiver is known to hold) to
    ``vector_to``; ``assessments`` are objects with assessment_id, catalogue and year; ``created_at`` is a moment in UTC
    (ISO 8601 with ``Z`` or ``+00:00``).
    """

    unit_code: str
    unit_name: str
    device: str
    device_name: str
    sequence: int
    vector_from: VersionVector
    vector_to: VersionVector
    changes: Sequence[Change]
    blobs: tuple[PlannedBlob, ...]
    catalogues: tuple[PlannedBlob, ...]
    assessments: Sequence[Mapping[str, JsonValue]]
    app_version: str
    created_at: str
    package_id: str = field(default_factory=lambda: uuid4().hex)


def package_file_name(plan: PackagePlan) -> str:
    """A readable name in plain ASCII that every file system takes: ``02875-xa-son-binh-20241120-0003-5f1e.ntmpkg``.

    The last four signs are the device's, so that two computers of one commune never take each other's name.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", search_key(plan.unit_name))[:_LONGEST_SLUG].strip("-")
    day = plan.created_at[:10].replace("-", "")
    parts = [plan.unit_code, *([slug] if slug else []), day, f"{plan.sequence:04d}", plan.device[:4]]
    return paths.safe_name("-".join(parts) + SUFFIX)
