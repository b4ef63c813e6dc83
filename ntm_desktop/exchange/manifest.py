"""The manifest: what a package holds. Its hashes bind everything, and the header's signature binds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ntm_desktop.exchange import strict
from ntm_desktop.exchange.cards import Card, card_from_json
from ntm_desktop.exchange.header import FORMAT, HEX_32, SEALED, SHA256, UNIT_CODE, Identity, part_check
from ntm_desktop.exchange.limits import Limits
from ntm_desktop.exchange.strict import Check, Malformed
from ntm_desktop.model.changes import JsonValue, VersionVector, canonical_json
from ntm_desktop.model.devices import Head, Receipt, head_from_json, receipt_from_json
from ntm_desktop.model.evidence import BlobRef

CHANGES_NAME = "changes.jsonl.zst"
RECOVERY_NAME = "recovery"

CHANGES, EVIDENCE, CATALOGUE = "changes", "evidence", "catalogue"
CHANGES_MEDIA_TYPE = "application/x-ndjson"

_COUNT = strict.whole(0)
_SEQ = strict.whole(1)
_MEDIA_TYPE = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}"

check_media_type = strict.matching(_MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ZIP that the manifest describes.

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
    def sealed(self) -> bool:
        """True where the stored bytes are an age file."""
        return self.name.endswith(SEALED)

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
class Manifest:
    """What a package holds.

    ``vector_from`` is what the receiver was taken to hold, ``vector_to`` what it holds after applying the changes;
    ``heads`` are the signed ends of the histories that the changes continue, ``cards`` introduce the sender (first) and
    others, ``receipt`` says what the sender holds; ``assessments`` are objects with assessment_id, catalogue and year;
    ``recovery`` is true where the package ends with recovery data.
    """

    identity: Identity
    unit_name: str
    device_name: str
    created_at: str
    vector_from: VersionVector
    vector_to: VersionVector
    heads: tuple[Head, ...]
    cards: tuple[Card, ...]
    receipt: Receipt
    assessments: tuple[Mapping[str, JsonValue], ...]
    change_count: int
    recovery: bool
    entries: tuple[Entry, ...]

    @property
    def sealed(self) -> bool:
        """True where the entries are age files."""
        return self.changes.sealed

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
            "export_id": identity.export_id,
            "unit": {"code": identity.unit_code, "name": self.unit_name},
            "sender": {"device": identity.device, "key": identity.key, "name": self.device_name},
            "sequence": identity.sequence,
            "part": identity.part_json(),
            "created_at": self.created_at,
            "vector_from": dict(self.vector_from),
            "vector_to": dict(self.vector_to),
            "heads": [head.to_json() for head in self.heads],
            "cards": [card.to_json() for card in self.cards],
            "receipt": self.receipt.to_json(),
            "assessments": [dict(assessment) for assessment in self.assessments],
            "counts": {
                "changes": self.change_count,
                "evidence": len(self.evidence),
                "catalogues": len(self.catalogues),
            },
            "recovery": self.recovery,
            "entries": [entry.to_json() for entry in self.entries],
        }


def manifest_from_json(data: Any, limits: Limits) -> Manifest:
    """The manifest of format 1, with its entries exactly as the format orders and names them.

    Raises:
        Malformed: a member is missing, unknown or not as the format says, or the manifest contradicts itself.
    """
    strict.record(_members(limits))(data, "manifest")
    unit, sender, part = data["unit"], data["sender"], data["part"]
    identity = Identity(
        *(data["package_id"], data["export_id"], unit["code"], sender["device"], sender["key"]),
        *(data["sequence"], data["app_version"], part["number"], part["of"]),
    )
    try:
        heads = tuple(head_from_json(head) for head in data["heads"])
    except ValueError as problem:
        raise Malformed(str(problem)) from problem
    manifest = Manifest(
        identity=identity,
        unit_name=unit["name"],
        device_name=sender["name"],
        created_at=data["created_at"],
        vector_from=data["vector_from"],
        vector_to=data["vector_to"],
        heads=heads,
        cards=tuple(card_from_json(card) for card in data["cards"]),
        receipt=receipt_from_json(data["receipt"]),
        assessments=tuple(data["assessments"]),
        change_count=data["counts"]["changes"],
        recovery=data["recovery"],
        entries=tuple(_entry(entry) for entry in data["entries"]),
    )
    _check_people(manifest, limits)
    _check_entries(manifest, limits)
    if canonical_json(manifest.to_json()) != canonical_json(data):
        raise Malformed("the manifest contradicts itself")
    return manifest


def _members(limits: Limits) -> Mapping[str, Check]:
    name = strict.line(limits.text_chars)
    vector = strict.mapping(HEX_32, _SEQ, limits.devices)
    stored = strict.record({"size": _COUNT, "sha256": SHA256})
    assessment = {"assessment_id": name, "catalogue": name, "year": strict.whole(1900, 9999)}
    entry = {
        "name": strict.matching(r"[a-z0-9./]{1,40}"),
        "kind": strict.matching("changes|evidence|catalogue"),
        "media_type": check_media_type,
        "plain": stored,
        "stored": stored,
    }
    counts = {"changes": strict.whole(0, limits.changes), "evidence": _COUNT, "catalogues": _COUNT}
    return {
        "format": strict.exactly(FORMAT),
        "app_version": strict.line(40, 1),
        "package_id": HEX_32,
        "export_id": HEX_32,
        "unit": strict.record({"code": UNIT_CODE, "name": name}),
        "sender": strict.record({"device": HEX_32, "key": SHA256, "name": name}),
        "sequence": _SEQ,
        "part": part_check(limits),
        "created_at": strict.moment,
        "vector_from": vector,
        "vector_to": vector,
        "heads": strict.listing(_anything, limits.devices),
        "cards": strict.listing(_anything, limits.cards),
        "receipt": _receipt(limits),
        "assessments": strict.listing(strict.record(assessment), limits.assessments),
        "counts": strict.record(counts),
        "recovery": strict.switch,
        "entries": strict.listing(strict.record(entry), limits.entries),
    }


def _anything(value: Any, place: str) -> None:
    """What another reader checks."""


def _receipt(limits: Limits) -> Check:
    members = {
        "counter": _SEQ,
        "vector": strict.mapping(HEX_32, _SEQ, limits.devices),
        "hashes": strict.mapping(HEX_32, SHA256, limits.devices),
        "waiting": strict.listing(strict.row(HEX_32, _SEQ, _SEQ), limits.waiting),
        "missing": strict.listing(SHA256, limits.missing),
        "packages": strict.listing(HEX_32, limits.packages),
        "forks": strict.listing(strict.row(HEX_32, _SEQ), limits.devices),
    }
    return strict.record(members)


def _entry(data: dict[str, Any]) -> Entry:
    plain, stored = data["plain"], data["stored"]
    return Entry(
        *(data["name"], data["kind"], data["media_type"]),
        *(plain["size"], plain["sha256"], stored["size"], stored["sha256"]),
    )


def _check_people(manifest: Manifest, limits: Limits) -> None:
    """Heads and cards: whose they are. Whether the heads are signed and end the changes is checked with these."""
    identity = manifest.identity
    if not manifest.cards or manifest.cards[0].key != identity.key:
        raise Malformed("the first card is not the sender's")
    if len({card.key for card in manifest.cards}) != len(manifest.cards):
        raise Malformed("two cards of one key")
    if any(len(canonical_json(card.to_json())) > limits.card_bytes for card in manifest.cards):
        raise Malformed("a card is too large")
    heads = {head.device: head for head in manifest.heads}
    moved = {device for device, seq in manifest.vector_to.items() if manifest.vector_from.get(device) != seq}
    if len(heads) != len(manifest.heads) or heads.keys() != moved:
        raise Malformed("not one head for every device with changes")
    for head in manifest.heads:
        if head.unit != identity.unit_code or head.seq != manifest.vector_to[head.device]:
            raise Malformed("a head does not end the changes of its device")
    if identity.device in heads and heads[identity.device].key != identity.key:
        raise Malformed("the sender's device belongs to another key")
    if manifest.receipt.hashes.keys() != manifest.receipt.vector.keys():
        raise Malformed("the receipt's hashes are not those of its vector")
    if any(span.last < span.first for span in manifest.receipt.waiting):
        raise Malformed("a span of the receipt ends before it begins")


def entry_names(evidence: int, catalogues: int, sealed: bool) -> Iterator[tuple[str, str]]:
    """Name and kind of every entry that a manifest describes, in order: the only names that a package may hold."""
    ending = SEALED if sealed else ""
    yield CHANGES_NAME + ending, CHANGES
    for number in range(1, evidence + 1):
        yield f"e/{number:04d}{ending}", EVIDENCE
    for number in range(1, catalogues + 1):
        yield f"catalogs/{number:04d}{ending}", CATALOGUE


def _check_entries(manifest: Manifest, limits: Limits) -> None:
    entries = manifest.entries
    if not entries:
        raise Malformed("manifest.entries is empty")
    sealed = entries[0].name.endswith(SEALED)
    found = [(entry.name, entry.kind) for entry in entries]
    if found != list(entry_names(len(manifest.evidence), len(manifest.catalogues), sealed)):
        raise Malformed("manifest.entries are not named and ordered as the format says")
    for entry in entries[1:]:
        if sealed and entry.stored_size <= entry.size:
            raise Malformed(f"{entry.name} is smaller than its content")
        if not sealed and (entry.size, entry.sha256) != (entry.stored_size, entry.stored_sha256):
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
    if sum(entry.stored_size for entry in entries) > limits.package_bytes:
        raise Malformed("more than a package may hold")
