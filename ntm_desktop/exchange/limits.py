"""What a package may ask of the computer that opens it: every limit for hostile input, in one place."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB

# What every JSON reader holds exactly.
BIGGEST_NUMBER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds checked before memory or time is spent; the defaults are part of format 1 (schema/package/FORMAT.md).

    ``json_items`` counts brackets and commas: it bounds the objects that a text turns into, which take up to thirty
    times its size. ``ratio`` bounds plain to stored size of the changes once they exceed ``ratio_free`` bytes.
    """

    header_bytes: int = 64 * KIB
    manifest_bytes: int = 8 * MIB
    entries: int = 20_000
    catalogues: int = 100
    catalogue_bytes: int = 16 * MIB
    changes: int = 200_000
    changes_bytes: int = 96 * MIB
    change_bytes: int = 4 * MIB
    ratio: int = 1_000
    ratio_free: int = 4 * MIB
    window_log: int = 23
    json_depth: int = 16
    json_items: int = 5_000_000
    overwrites: int = 1_000
    devices: int = 1_000
    assessments: int = 1_000
    text_chars: int = 300


LIMITS = Limits()
