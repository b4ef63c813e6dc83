"""The two descriptions in a package: the header, readable for ever, and the manifest, whose hashes bind the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ntm_desktop.exchange import strict
from ntm_desktop.exchange.limits import Limits
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.model.changes import JsonValue, VersionVector
from ntm_desktop.model.evidence import BlobRef

MAGIC = "NTMPKG"
FORMAT = 1

HEADER_NAME = "header.json"
MANIFEST_NAME = "manifest.json"
CHANGES_NAME = "changes.jsonl.zst"

CHANGES, EVIDENCE, CATALOGUE = "changes", "evidence", "catalogue"
CHANGES_MEDIA_TYPE = "application/x-ndjson"

_SHA256 = strict.matching("[0-9a-f]{64}")
_PACKAGE_ID = strict.matching("[0-9a-f]{32}")
_UNIT_CODE = strict.matching(r"[0-9A-Za-z._-]{1,32}")
_DEVICE = strict.matching("[!-~]{1,64}")
_COUNT = strict.whole(0)
_MEDIA_TYPE = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}"
# Parts come with a later format; in this one a package is always whole.
_PART = strict.record({"number": strict.exactly(1), "of": strict.exactly(1)})

check_media_type = strict.matching(_MEDIA_TYPE)
check_device = _DEVICE


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ZIP after the manifest.

    ``size`` and ``sha256`` are those of the content, ``stored_size`` and ``stored_sha256`` of the bytes in the ZIP.
    """

    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    stored_size: int
    stored_sha256: str

    @property
    def ref(self) -> BlobRef:
        """The content as the evidence store names it."""
        return BlobRef(self.sha256, self.size, self.media_type)

    def to_json(self) -> dict[str, JsonValue]:
        """The entry as it stands in the manifest."""
        return {
            "name": self.name,
            "kind": self.kind,
            "media_type": self.media_type,
            "plain": {"size": self.size, "sha256": self.sha256},
            "stored": {"size": self.stored_size, "sha256": self.stored_sha256},
        }


@dataclass(frozen=True, slots=True)
class Identity:
    """What header and manifest both say, and the reader compares."""

    package_id: str
    unit_code: str
    device: str
    sequence: int
    app_version: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first entry of a package."""

    identity: Identity
    manifest_size: int
    manifest_sha256: str

    def to_json(self) -> dict[str, JsonValue]:
        """The header as it stands in the package."""
        return {
            "magic": MAGIC,
            "format": FORMAT,
            "app_version": self.identity.app_version,
            "package_id": self.identity.package_id,
            "unit": self.identity.unit_code,
            "sender": self.identity.device,
            "sequence": self.identity.sequence,
            "part": {"number": 1, "of": 1},
            "encryption": "none",
            "recipients": [],
            "manifest": {"name": MANIFEST_NAME, "size": self.manifest_size, "sha256": self.manifest_sha256},
            "signature": None,
        }


@dataclass(frozen=True, slots=True)
class Manifest:
    """The second entry of a package: what it holds.

    ``vector_from`` is what the receiver was taken to hold, ``vector_to`` what it holds after applying the changes;
    ``assessments`` are objects with assessment_id, catalogue and year.
    """

    identity: Identity
    unit_name: str
    device_name: str
    created_at: str
    vector_from: VersionVector
    vector_to: VersionVector
    assessments: tuple[dict[str, JsonValue], ...]
    change_count: int
    entries: tuple[Entry, ...]

    @property
    def changes(self) -> Entry:
        """The entry with the changes."""
        return self.entries[0]

    @property
    def evidence(self) -> tuple[Entry, ...]:
        """The evidence files, in the order of the package."""
        return tuple(entry for entry in self.entries if entry.kind == EVIDENCE)

    @property
    def catalogues(self) -> tuple[Entry, ...]:
        """The catalogues, in the order of the package."""
        return tuple(entry for entry in self.entries if entry.kind == CATALOGUE)

    def to_json(self) -> dict[str, JsonValue]:
        """The manifest as it stands in the package."""
        identity = self.identity
        return {
            "format": FORMAT,
            "app_version": identity.app_version,
            "package_id": identity.package_id,
            "unit": {"code": identity.unit_code, "name": self.unit_name},
            "sender": {"device": identity.device, "name": self.device_name},
            "sequence": identity.sequence,
            "part": {"number": 1, "of": 1},
            "created_at": self.created_at,
            "vector_from": dict(self.vector_from),
            "vector_to": dict(self.vector_to),
            "assessments": list(self.assessments),
            "counts": {
                "changes": self.change_count,
                "evidence": len(self.evidence),
                "catalogues": len(self.catalogues),
            },
            "entries": [entry.to_json() for entry in self.entries],
        }


def header_from_json(data: Any, limits: Limits) -> Header:
    """The header of format 1.

    Raises:
        Malformed: a member is missing, unknown or not as the format says.
    """
    manifest = {
        "name": strict.exactly(MANIFEST_NAME),
        "size": strict.whole(2, limits.manifest_bytes),
        "sha256": _SHA256,
    }
    members = {
        "magic": strict.exactly(MAGIC),
        "format": strict.exactly(FORMAT),
        "app_version": strict.line(40, 1),
        "package_id": _PACKAGE_ID,
        "unit": _UNIT_CODE,
        "sender": _DEVICE,
        "sequence": strict.whole(1),
        "part": _PART,
        "encryption": strict.exactly("none"),
        "recipients": strict.exactly([]),
        "manifest": strict.record(manifest),
        "signature": strict.exactly(None),
    }
    strict.record(members)(data, "header")
    identity = Identity(data["package_id"], data["unit"], data["sender"], data["sequence"], data["app_version"])
    return Header(identity, data["manifest"]["size"], data["manifest"]["sha256"])


def manifest_from_json(data: Any, limits: Limits) -> Manifest:
    """The manifest of format 1, with its entries exactly as the format orders and names them.

    Raises:
        Malformed: a member is missing, unknown or not as the format says, or the manifest contradicts itself.
    """
    _check_manifest(data, limits)
    identity = Identity(
        data["package_id"], data["unit"]["code"], data["sender"]["device"], data["sequence"], data["app_version"]
    )
    manifest = Manifest(
        identity=identity,
        unit_name=data["unit"]["name"],
        device_name=data["sender"]["name"],
        created_at=data["created_at"],
        vector_from=data["vector_from"],
        vector_to=data["vector_to"],
        assessments=tuple(data["assessments"]),
        change_count=data["counts"]["changes"],
        entries=tuple(_entry(entry) for entry in data["entries"]),
    )
    _check_entries(manifest, limits)
    if manifest.to_json()["counts"] != data["counts"]:
        raise Malformed("manifest.counts do not agree with manifest.entries")
    return manifest


def _check_manifest(data: Any, limits: Limits) -> None:
    name = strict.line(limits.text_chars)
    vector = strict.mapping(_DEVICE, strict.whole(1), limits.devices)
    assessment = {"assessment_id": name, "catalogue": name, "year": strict.whole(1900, 9999)}
    entry = {
        "name": strict.matching(r"[a-z0-9./]{1,40}"),
        "kind": strict.matching("changes|evidence|catalogue"),
        "media_type": check_media_type,
        "plain": strict.record({"size": _COUNT, "sha256": _SHA256}),
        "stored": strict.record({"size": _COUNT, "sha256": _SHA256}),
    }
    counts = {"changes": strict.whole(0, limits.changes), "evidence": _COUNT, "catalogues": _COUNT}
    members = {
        "format": strict.exactly(FORMAT),
        "app_version": strict.line(40, 1),
        "package_id": _PACKAGE_ID,
        "unit": strict.record({"code": _UNIT_CODE, "name": name}),
        "sender": strict.record({"device": _DEVICE, "name": name}),
        "sequence": strict.whole(1),
        "part": _PART,
        "created_at": strict.moment,
        "vector_from": vector,
        "vector_to": vector,
        "assessments": strict.listing(strict.record(assessment), limits.assessments),
        "counts": strict.record(counts),
        "entries": strict.listing(strict.record(entry), limits.entries),
    }
    strict.record(members)(data, "manifest")


def _entry(data: dict[str, Any]) -> Entry:
    plain, stored = data["plain"], data["stored"]
    return Entry(
        *(data["name"], data["kind"], data["media_type"]),
        *(plain["size"], plain["sha256"], stored["size"], stored["sha256"]),
    )


def entry_names(evidence: int, catalogues: int) -> Iterator[tuple[str, str]]:
    """Name and kind of every entry after the manifest, in order: the only names that a package may hold."""
    yield CHANGES_NAME, CHANGES
    for number in range(1, evidence + 1):
        yield f"e/{number:04d}", EVIDENCE
    for number in range(1, catalogues + 1):
        yield f"catalogs/{number:04d}", CATALOGUE


def _check_entries(manifest: Manifest, limits: Limits) -> None:
    entries = manifest.entries
    if not entries:
        raise Malformed("manifest.entries is empty")
    found = [(entry.name, entry.kind) for entry in entries]
    if found != list(entry_names(len(manifest.evidence), len(manifest.catalogues))):
        raise Malformed("manifest.entries are not named and ordered as the format says")
    for entry in entries[1:]:
        if (entry.size, entry.sha256) != (entry.stored_size, entry.stored_sha256):
            raise Malformed(f"{entry.name} is stored as it is, yet plain and stored differ")
    blobs = [entry.sha256 for entry in entries[1:]]
    if len(set(blobs)) != len(blobs):
        raise Malformed("the same content stands in two entries")
    _check_bounds(entries, limits)


def _check_bounds(entries: Sequence[Entry], limits: Limits) -> None:
    changes = entries[0]
    if changes.media_type != CHANGES_MEDIA_TYPE:
        raise Malformed("the changes have another media type")
    if max(changes.size, changes.stored_size) > limits.changes_bytes:
        raise Malformed("the changes are too large")
    if changes.size > max(limits.ratio_free, limits.ratio * changes.stored_size):
        raise Malformed("the changes are compressed beyond what the format allows")
    catalogues = [entry for entry in entries if entry.kind == CATALOGUE]
    if len(catalogues) > limits.catalogues:
        raise Malformed("too many catalogues")
    if any(entry.size > limits.catalogue_bytes for entry in catalogues):
        raise Malformed("a catalogue is too large")


def header_format(data: Any) -> int | None:
    """The format that a header names, whatever its version; None where it is no header of a package."""
    if type(data) is not dict or data.get("magic") != MAGIC or type(data.get("format")) is not int:
        return None
    return cast(int, data["format"])
