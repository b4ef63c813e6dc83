"""The first entry of a package: small, never encrypted, readable for ever, and signed by the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from ntm_desktop.exchange import strict
from ntm_desktop.exchange.identity import Keys, verify
from ntm_desktop.exchange.limits import Limits
from ntm_desktop.exchange.strict import Check, Malformed
from ntm_desktop.model.changes import JsonValue, canonical_json

MAGIC = "NTMPKG"
FORMAT = 1

HEADER_NAME = "header.json"
KEY_NAME = "key.age"
MANIFEST_NAME = "manifest.json"
SEALED = ".age"
SEALED_MANIFEST_NAME = "manifest.age"

NO_ENCRYPTION, AGE = "none", "age"
_SIGNED = b"ntm-package-1\n"

SHA256 = strict.matching("[0-9a-f]{64}")
HEX_32 = strict.matching("[0-9a-f]{32}")
UNIT_CODE = strict.matching(r"[0-9A-Za-z._-]{1,32}")
_KEY_ID = strict.matching("[0-9a-f]{16}")
_SIGNATURE = strict.matching("[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Stored:
    """Size and hash of an entry's bytes in the ZIP."""

    size: int
    sha256: str

    def to_json(self) -> dict[str, JsonValue]:
        """As it stands in a description."""
        return {"size": self.size, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Identity:
    """What header and manifest both say, and the reader compares; ``part`` of ``parts`` counts from 1."""

    package_id: str
    export_id: str
    unit_code: str
    device: str
    key: str
    sequence: int
    app_version: str
    part: int = 1
    parts: int = 1

    def part_json(self) -> dict[str, JsonValue]:
        """Which part this is, as it stands in a description."""
        return {"number": self.part, "of": self.parts}


@dataclass(frozen=True, slots=True)
class Header:
    """The first entry of a package.

    ``front`` are the bytes before the first entry that the manifest lists; what header, key and manifest leave over of
    them is padding. ``recipients`` are key ids in rising order; ``locked_key`` is the entry ``key.age``, there only
    with a passphrase; ``signature`` is by ``identity.key``.
    """

    identity: Identity
    sealed: bool
    recipients: tuple[str, ...]
    locked_key: Stored | None
    manifest: Stored
    front: int
    signature: str = ""

    @property
    def sender_key(self) -> str:
        """The signing key of the sender (64 hexadecimal digits)."""
        return self.identity.key

    @property
    def manifest_name(self) -> str:
        """The name of the entry that describes the others."""
        return SEALED_MANIFEST_NAME if self.sealed else MANIFEST_NAME

    def to_json(self) -> dict[str, JsonValue]:
        """The header as it stands in the package."""
        identity = self.identity
        return {
            "magic": MAGIC,
            "format": FORMAT,
            "app_version": identity.app_version,
            "package_id": identity.package_id,
            "export_id": identity.export_id,
            "unit": identity.unit_code,
            "sender": {"device": identity.device, "key": identity.key},
            "sequence": identity.sequence,
            "part": identity.part_json(),
            "encryption": AGE if self.sealed else NO_ENCRYPTION,
            "recipients": list(self.recipients),
            "passphrase": self.locked_key.to_json() if self.locked_key else None,
            "manifest": {"name": self.manifest_name, **self.manifest.to_json()},
            "front": self.front,
            "signature": self.signature,
        }

    def signed_bytes(self) -> bytes:
        """The bytes under the signature."""
        return _SIGNED + canonical_json({name: value for name, value in self.to_json().items() if name != "signature"})

    def signed(self, keys: Keys) -> Header:
        """The same header with the signature of the sender, whose ``keys`` these are."""
        return replace(self, signature=keys.sign(self.signed_bytes()).hex())

    @property
    def genuine(self) -> bool:
        """True where the signature is by the key that the header names."""
        return verify(self.identity.key, self.signed_bytes(), bytes.fromhex(self.signature))


def part_check(limits: Limits) -> Check:
    """Which part of how many."""
    return strict.record({"number": strict.whole(1, limits.parts), "of": strict.whole(1, limits.parts)})


def _members(limits: Limits) -> Mapping[str, Check]:
    manifest = {
        "name": strict.matching(r"manifest\.(json|age)"),
        "size": strict.whole(2, limits.manifest_bytes),
        "sha256": SHA256,
    }
    locked_key = {"size": strict.whole(1, limits.key_entry_bytes), "sha256": SHA256}
    return {
        "magic": strict.exactly(MAGIC),
        "format": strict.exactly(FORMAT),
        "app_version": strict.line(40, 1),
        "package_id": HEX_32,
        "export_id": HEX_32,
        "unit": UNIT_CODE,
        "sender": strict.record({"device": HEX_32, "key": SHA256}),
        "sequence": strict.whole(1),
        "part": part_check(limits),
        "encryption": strict.matching(f"{NO_ENCRYPTION}|{AGE}"),
        "recipients": strict.listing(_KEY_ID, limits.recipients),
        "passphrase": strict.optional(strict.record(locked_key)),
        "manifest": strict.record(manifest),
        "front": strict.whole(1, limits.package_bytes),
        "signature": _SIGNATURE,
    }


def header_from_json(data: Any, limits: Limits) -> Header:
    """The header of format 1; whether its signature is good is another question.

    Raises:
        Malformed: a member is missing, unknown or not as the format says, or the header contradicts itself.
    """
    strict.record(_members(limits))(data, "header")
    sender, part, locked_key = data["sender"], data["part"], data["passphrase"]
    identity = Identity(
        *(data["package_id"], data["export_id"], data["unit"], sender["device"], sender["key"]),
        *(data["sequence"], data["app_version"], part["number"], part["of"]),
    )
    header = Header(
        identity=identity,
        sealed=data["encryption"] == AGE,
        recipients=tuple(data["recipients"]),
        locked_key=Stored(**locked_key) if locked_key else None,
        manifest=Stored(data["manifest"]["size"], data["manifest"]["sha256"]),
        front=data["front"],
        signature=data["signature"],
    )
    if identity.part > identity.parts:
        raise Malformed("header.part counts beyond its number")
    if header.manifest_name != data["manifest"]["name"]:
        raise Malformed("header.manifest is not named as the encryption says")
    if list(header.recipients) != sorted(set(header.recipients)):
        raise Malformed("header.recipients are not in order")
    if header.sealed != bool(header.recipients or header.locked_key):
        raise Malformed("header.encryption does not agree with who can open the package")
    return header


def header_format(data: Any) -> int | None:
    """The format that a header names, whatever its version; None where it is no header of a package."""
    if type(data) is not dict or data.get("magic") != MAGIC or type(data.get("format")) is not int:
        return None
    return cast(int, data["format"])
