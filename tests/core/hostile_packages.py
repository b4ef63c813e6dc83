"""Packages by somebody who knows the format well and means harm: every hash and every chain in them is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_desktop import catalogue as catalogues
from ntm_desktop.exchange import PackagePlan, write_packages
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.model.changes import GENESIS, Change, JsonValue, vector_of
from ntm_desktop.model.devices import KeyRole, Receipt, device_id
from tests.core.command_line import COMMUNE, NATIONAL
from tests.core.exchange_samples import KEYS, NONCE, OTHER_KEYS, blob, card_of

AT = "2024-11-20T03:04:05.678+00:00"
EVIDENCE = "e" * 32

Item = tuple[str, str, str, JsonValue]


def assessment_of(unit: str) -> str:
    """The assessment that the packages are about."""
    return f"{unit}.{NATIONAL}.2024"


def begun(unit: str = COMMUNE, sha256: str = "") -> list[Item]:
    """An assessment on the national set."""
    national = catalogues.builtin(NATIONAL)
    pinned = sha256 or catalogues.content_hash(national)
    catalogue: JsonValue = {"id": NATIONAL, "version": national.version, "sha256": pinned}
    return [
        ("assessment", assessment_of(unit), "catalogue", catalogue),
        ("assessment", assessment_of(unit), "year", 2024),
    ]


def evidence(sha256: str, name: str = "a.txt", size: int = 5, added_at: str = AT) -> list[Item]:
    """One piece of evidence for 17.1."""
    file: JsonValue = {"sha256": sha256, "size": size, "media_type": "text/plain", "name": name}
    return [
        ("evidence", EVIDENCE, "assessment", assessment_of(COMMUNE)),
        ("evidence", EVIDENCE, "file", file),
        ("evidence", EVIDENCE, "added_at", added_at),
        ("evidence_link", f"{EVIDENCE}/17.1", "linked", True),
    ]


def package(
    folder: Path,
    items: Sequence[Item],
    *,
    unit: str = COMMUNE,
    contents: Sequence[bytes] = (),
    catalogue: bytes | None = None,
    lamport: int = 1,
    keys: Keys | None = None,
    role: KeyRole = KeyRole.COMMUNE,
    home: str = "",
) -> Path:
    """A package of these changes, with the national set unless another content is given.

    It is signed by the owner of ``keys`` (each unit has its own), whose card is of ``home`` (the package's unit unless
    given).
    """
    keys = keys or (KEYS if unit == COMMUNE else OTHER_KEYS)
    folder.mkdir(parents=True, exist_ok=True)
    changes: list[Change] = []
    previous, device = GENESIS, device_id(keys.key, unit, NONCE)  # a device writes for one unit
    for number, (entity, entity_id, field, value) in enumerate(items):
        at = (AT, "Người mẫu", unit)
        change = Change(device, number + 1, lamport + number, *at, entity, entity_id, field, value, (), previous)
        previous = change.hash()
        changes.append(change)
    national = catalogues.to_json(catalogues.builtin(NATIONAL))
    plan = PackagePlan(
        unit_code=unit,
        unit_name="Xã mẫu",
        device=device,
        device_name="Máy mẫu",
        sequence=1,
        vector_from={},
        vector_to=vector_of(changes),
        changes=changes,
        heads=(sign_head(keys, unit, device, NONCE, len(changes), previous),),
        cards=(card_of(keys, unit=home or unit, role=role),),
        receipt=Receipt(1, {}),
        blobs=tuple(blob(folder, content, "text/plain") for content in contents),
        catalogues=(blob(folder, national if catalogue is None else catalogue, "application/json"),),
        assessments=[],
        app_version="0.1.0",
        created_at=AT,
        keys=keys,
        plain=True,
    )
    (written,) = write_packages(plan, folder, overwrite=True)
    return written.path
