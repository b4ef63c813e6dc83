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
    ``found`` bounds how many places are tried for one entry when a damaged package is searched for it.
    """

    package_bytes: int = 4_187_593_113
    header_bytes: int = 64 * KIB
    key_entry_bytes: int = 4 * KIB
    keys_bytes: int = 4 * KIB
    manifest_bytes: int = 8 * MIB
    padding: int = 65_531
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
    cards: int = 100
    card_bytes: int = 8 * KIB
    recipients: int = 100
    parts: int = 1_000
    waiting: int = 1_000
    missing: int = 20_000
    packages: int = 200
    assessments: int = 1_000
    text_chars: int = 300
    found: int = 8
    seal_header_bytes: int = 12 * KIB
    passphrase_seal_bytes: int = 72 * KIB
    scrypt_log_n: int = 20
    recovery_candidates: int = 100_000
    recovery_faults: int = 2_000


LIMITS = Limits()
