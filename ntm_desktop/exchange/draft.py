"""What a plan comes to before its first byte is written: the changes packed, everything checked, upper bounds known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ntm_desktop.exchange import journal, manifest, recovery, refusals, unwritten
from ntm_desktop.exchange.header import Header, Identity, Stored
from ntm_desktop.exchange.journal import ChangesInvalid, Encoded
from ntm_desktop.exchange.limits import LIMITS
from ntm_desktop.exchange.manifest import CATALOGUE, CHANGES, CHANGES_MEDIA_TYPE, EVIDENCE, Entry, Manifest
from ntm_desktop.exchange.plan import PackagePlan, PlannedBlob
from ntm_desktop.exchange.sealing import sealed_size_bound
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.model.changes import VersionVector
from ntm_desktop.model.text import one_line

_NO_HASH = "0" * 64
_NO_SIGNATURE = "0" * 128


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that can be written.

    ``evidence`` and ``catalogues`` hold no content twice; ``names`` are those of evidence files by content.
    """

    plan: PackagePlan
    start: VersionVector
    end: VersionVector
    encoded: Encoded
    evidence: tuple[PlannedBlob, ...]
    catalogues: tuple[PlannedBlob, ...]
    names: Mapping[str, str]

    @property
    def recovery(self) -> bool:
        """True where the package is to end with recovery data: wanted, and possible on this computer."""
        return self.plan.recovery and recovery.available()

    def stored_bound(self, plain: int) -> int:
        """The most bytes that content of this size can take in the package."""
        plan = self.plan
        return sealed_size_bound(plain, len(plan.recipients) + (plan.passphrase is not None)) if plan.sealed else plain

    def identity(self, part: int, parts: int) -> Identity:
        """What header and manifest of one part both say."""
        plan = self.plan
        return Identity(
            *(plan.package_id_of(part), plan.export_id, plan.unit_code, plan.device, plan.keys.key, plan.sequence),
            *(clean(plan.app_version), part, parts),
        )

    def manifest(self, part: int, parts: int, entries: Sequence[Entry]) -> Manifest:
        """The manifest of one part."""
        plan = self.plan
        return Manifest(
            identity=self.identity(part, parts),
            unit_name=clean(plan.unit_name),
            device_name=clean(plan.device_name),
            created_at=plan.created_at,
            vector_from=self.start,
            vector_to=self.end,
            heads=plan.heads,
            cards=plan.cards,
            receipt=plan.receipt,
            assessments=tuple(dict(assessment) for assessment in plan.assessments),
            change_count=self.encoded.count,
            recovery=self.recovery,
            entries=tuple(entries),
        )

    def header(self, part: int, parts: int, listed: Stored, locked_key: Stored | None, front: int) -> Header:
        """The header of one part, not signed yet, yet as long as it will be."""
        plan = self.plan
        recipients = tuple(sorted({recipient.key_id for recipient in plan.recipients}))
        identity = self.identity(part, parts)
        return Header(identity, plan.sealed, recipients, locked_key, listed, front, _NO_SIGNATURE)

    def entries_bound(self, evidence: Sequence[PlannedBlob]) -> tuple[Entry, ...]:
        """Entries of a part with this evidence as long as they can get, in a manifest and in the package."""
        encoded = self.encoded
        packed = self.stored_bound(len(encoded.packed))
        changes = Entry("", CHANGES, CHANGES_MEDIA_TYPE, encoded.size, encoded.sha256, packed, _NO_HASH)
        names = manifest.entry_names(len(evidence), len(self.catalogues), self.plan.sealed)
        blobs = (*(self.entry_bound(EVIDENCE, each) for each in evidence),)
        blobs += (*(self.entry_bound(CATALOGUE, each) for each in self.catalogues),)
        return tuple(replace(each, name=name) for (name, _kind), each in zip(names, (changes, *blobs), strict=True))

    def entry_bound(self, kind: str, blob: PlannedBlob, name: str = "") -> Entry:
        """The entry of one file as long as it can get."""
        ref = blob.ref
        bound, stored_sha256 = self.stored_bound(ref.size), _NO_HASH if self.plan.sealed else ref.sha256
        return Entry(name, kind, media_type_of(blob), ref.size, ref.sha256, bound, stored_sha256)


def draft(plan: PackagePlan) -> Draft:
    """Check a plan and pack its changes.

    Raises:
        ValueError: it is not said who may open the package.
        PackageRefused: the plan holds more than a package may.
        WorkspaceDamaged: the changes are no unbroken journal with signed ends.
    """
    if plan.plain == bool(plan.recipients or plan.passphrase is not None):
        raise ValueError("a package is plain, or for recipients or a passphrase")
    start, end = _vector(plan.vector_from), _vector(plan.vector_to)
    evidence = _distinct(plan.blobs, set())
    catalogues = _distinct(plan.catalogues, {blob.ref.sha256 for blob in evidence})
    if len(plan.changes) > LIMITS.changes or len(catalogues) > LIMITS.catalogues:
        raise unwritten.too_much()
    try:
        encoded = journal.encode(plan.changes, plan.unit_code, start, end, plan.heads, LIMITS)
    except ChangesInvalid as problem:
        raise unwritten.journal_wrong(problem) from problem
    return Draft(plan, start, end, encoded, evidence, catalogues, refusals.file_names(plan.changes))


def clean(text: str) -> str:
    """One line as the format takes it."""
    return one_line(text)[: LIMITS.text_chars].strip()


def media_type_of(blob: PlannedBlob) -> str:
    """The media type as the format takes it: whatever it was called, it travels."""
    try:
        manifest.check_media_type(blob.ref.media_type, "media_type")
    except Malformed:
        return "application/octet-stream"
    return blob.ref.media_type


def _vector(vector: VersionVector) -> dict[str, int]:
    return {device: seq for device, seq in vector.items() if seq}


def _distinct(blobs: tuple[PlannedBlob, ...], known: set[str]) -> tuple[PlannedBlob, ...]:
    """The blobs without repetition of content, in their order."""
    first = {blob.ref.sha256: blob for blob in reversed(blobs)}
    order = dict.fromkeys(blob.ref.sha256 for blob in blobs)
    return tuple(first[sha256] for sha256 in order if sha256 not in known)
