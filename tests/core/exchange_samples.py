"""Packages for the tests of the exchange room: changes with a true hash chain, blobs, and forgeries of both."""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop.exchange import PackagePlan, PlannedBlob, Recipient, Unlock, WrittenPackage, write_packages
from ntm_desktop.exchange.cards import Card, make_card
from ntm_desktop.exchange.heads import sign_head
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.exchange.manifest import Entry
from ntm_desktop.model.changes import GENESIS, Change, ChangeId, JsonValue, VersionVector, canonical_json, vector_of
from ntm_desktop.model.devices import Head, KeyRole, Receipt, Span, device_id
from ntm_desktop.model.evidence import BlobRef

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

UNIT = "02875"
NONCE, OTHER_NONCE = "0f" * 8, "a7" * 8
AT = "2024-11-20T03:04:05+00:00"
# Keys for tests only; what they sign and open is in public view.
KEYS = Keys("11" * 32, "AGE-SECRET-KEY-1HFWDQCX9YS4M8YAQY4MMKKJFWC266X66FPMQM93C0GTL0ZZ4WKWSXDFMCS", AT)
OTHER_KEYS = Keys("22" * 32, "AGE-SECRET-KEY-1ASJM7FD73GEKCXZG93RMFWYU3X6JH3DSS880QYK3XG3QS7GEFNWSVYDXE6", AT)
OFFICE_KEYS = Keys("33" * 32, "AGE-SECRET-KEY-1MSJ2HHC5M5P6J7508TJ2EH3EKSAXE49AC55UKPSHY2AV5JXVX4JSZD3V2C", AT)
DEVICE = device_id(KEYS.key, UNIT, NONCE)
OTHER = device_id(OTHER_KEYS.key, UNIT, OTHER_NONCE)
RECEIPT = Receipt(7, {OTHER: 2}, (Span(OTHER, 5, 9),), ("ab" * 32,), ("cd" * 16,), {OTHER: 12}, {OTHER: "ef" * 32})
PACKAGE_ID = "5c" * 16
EXPORT_ID = "e4" * 16


def journal(
    count: int, device: str = DEVICE, previous: str = GENESIS, first: int = 1, values: Sequence[JsonValue] = ()
) -> list[Change]:
    """``count`` changes of one device, chained."""
    changes: list[Change] = []
    for seq in range(first, first + count):
        value: JsonValue = values[seq - first] if values else f"kết quả {seq}"
        change = Change(
            *(device, seq, seq, "2024-11-20T03:04:05.678901+00:00", "Người dùng mẫu", UNIT),
            *("result", f"{UNIT}.xa-ntm.2024/{seq % 57 + 1}.1", "value", value),
            (ChangeId(device, seq - 1),) if seq > first else (),
            previous,
        )
        previous = change.hash()
        changes.append(change)
    return changes


def heads_of(changes: Iterable[Change], unit: str = UNIT) -> tuple[Head, ...]:
    """The signed ends of what the two sample devices wrote; none of other devices, whose keys nobody has."""
    ends = {change.device: change for change in changes}
    owners = {DEVICE: (KEYS, NONCE), OTHER: (OTHER_KEYS, OTHER_NONCE)}
    return tuple(
        sign_head(*(owners[device][0], unit, device, owners[device][1]), end.seq, end.hash())
        for device, end in sorted(ends.items())
        if device in owners
    )


def card_of(keys: Keys, name: str = "Máy mẫu", unit: str = UNIT, role: KeyRole = KeyRole.COMMUNE) -> Card:
    """A card."""
    return make_card(keys, name=name, unit=unit, unit_name="Xã mẫu", role=role, made_at=AT)


def recipient(keys: Keys) -> Recipient:
    """A computer as one that can open a package."""
    return Recipient(keys.key_id, keys.age)


def unlock(keys: Keys) -> Unlock:
    """What this computer opens packages with."""
    return Unlock((keys.age_secret,))


def blob(folder: Path, content: bytes, media_type: str = "image/jpeg") -> PlannedBlob:
    """A file that holds ``content``, and its name by hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    return PlannedBlob(BlobRef(sha256, len(content), media_type), path)


def sample_plan(
    folder: Path, seed: int = 1, changes: int = 40, files: int = 5, size: int = 3000, **options: Any
) -> PackagePlan:
    """A plain package of two devices with some evidence and a catalogue; the same arguments give the same plan.

    ``options`` are members of the plan: ``recipients=(recipient(OFFICE_KEYS),)`` makes it an encrypted one.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    blobs = tuple(blob(folder, chance.randbytes(chance.randrange(size))) for _ in range(files))
    evidence: list[JsonValue] = [
        {"sha256": each.ref.sha256, "size": each.ref.size, "media_type": "image/jpeg", "name": f"ảnh {number}.jpg"}
        for number, each in enumerate(blobs)
    ]
    mine = journal(changes)
    named = journal(len(evidence), OTHER, values=evidence)
    previous = GENESIS
    for index, change in enumerate(named):
        named[index] = replace(change, entity="evidence", entity_id=f"{index:032x}", field="file")
        named[index] = replace(named[index], previous_hash=previous)
        previous = named[index].hash()
    everything = [*mine[: changes // 2], *named, *mine[changes // 2 :]]
    plan = PackagePlan(
        unit_code=UNIT,
        unit_name="Xã Sơn Bình",
        device=DEVICE,
        device_name="Máy mẫu",
        sequence=3,
        vector_from={},
        vector_to=vector_of(everything),
        changes=everything,
        heads=heads_of(everything),
        cards=(card_of(KEYS), card_of(OTHER_KEYS, "Máy thứ hai")),
        receipt=Receipt(
            7, {OTHER: 2}, (Span(OTHER, 5, 9),), ("ab" * 32,), ("cd" * 16,), {OTHER: 12}, {OTHER: "ef" * 32}
        ),
        blobs=blobs,
        catalogues=(blob(folder, canonical_json({"id": "xa-ntm"}), "application/json"),),
        assessments=[{"assessment_id": f"{UNIT}.xa-ntm.2024", "catalogue": "xa-ntm", "year": 2024}],
        app_version="0.1.0",
        created_at=AT,
        keys=KEYS,
        plain=not {"recipients", "passphrase"} & options.keys(),
        package_id=PACKAGE_ID,
        export_id=EXPORT_ID,
    )
    return replace(plan, **options)


def of_changes(plan: PackagePlan, changes: Sequence[Change], start: VersionVector | None = None) -> PackagePlan:
    """The same plan with other changes, from ``start`` on, their heads signed."""
    end = {**(start or {}), **vector_of(changes)}
    return replace(plan, changes=changes, vector_from=start or {}, vector_to=end, heads=heads_of(changes))


def write_one(plan: PackagePlan, folder: Path, **options: Any) -> WrittenPackage:
    """Write a plan that fits into one file."""
    (written,) = write_packages(plan, folder, **options)
    return written


def sample_package(folder: Path, **options: Any) -> bytes:
    """The bytes of a good package (see :func:`sample_plan`)."""
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    return write_one(sample_plan(folder / "blobs", **options), out, overwrite=True).path.read_bytes()


Parts = list[tuple[str, bytes]]


def parts_of(package: bytes) -> Parts:
    """Names and stored bytes of the entries of a good package, read with the standard library."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def zipped(parts: Parts, padding: int = 0) -> bytes:
    """A container around any entries: structurally as good as the program's own."""
    slots = [Slot(name, len(data), padding if name.startswith("manifest.") else None) for name, data in parts]
    layout = Layout(tuple(slots))
    crcs = [zlib.crc32(data) for _name, data in parts]
    pieces = [layout.local_header(i, crc) + data for i, (crc, (_n, data)) in enumerate(zip(crcs, parts, strict=True))]
    return b"".join(pieces) + layout.directory(crcs)


def described(data: bytes) -> dict[str, JsonValue]:
    """Size and hash as descriptions have them."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def forged(
    package: bytes,
    edit_manifest: Callable[[Any], Any] = lambda data: data,
    edit_header: Callable[[Any], Any] = lambda data: data,
    lines: Sequence[bytes] | None = None,
    packed: bytes | None = None,
    raw_manifest: bytes | None = None,
    raw_header: bytes | None = None,
    signer: Keys | None = KEYS,
) -> bytes:
    """A plain package by somebody who knows the format and has the sender's key: after the edit every hash agrees and
    the signature is good. With another ``signer`` it is somebody else's signature; with None it stays the old one."""
    parts = dict(parts_of(package))
    manifest = json.loads(parts["manifest.json"])
    if lines is not None or packed is not None:
        plain = b"".join(line + b"\n" for line in lines or [])
        stored = packed if packed is not None else zstd.compress(plain)
        if packed is None:
            manifest["entries"][0]["plain"] = described(plain)
        manifest["entries"][0]["stored"] = described(stored)
        parts["changes.jsonl.zst"] = stored
    manifest = edit_manifest(manifest) or manifest
    content = raw_manifest if raw_manifest is not None else canonical_json(manifest)
    header = json.loads(parts["header.json"])
    header["manifest"] = {"name": "manifest.json", **described(content)}
    header["front"] = front_of(header, len(content))
    header = edit_header(header) or header
    if signer and "signature" in header:
        header["signature"] = signature_of(header, signer)
    parts["manifest.json"] = content
    first = raw_header if raw_header is not None else canonical_json(header)
    parts["header.json"] = first
    padding = 0 if raw_header is not None else _padding(header, len(first), len(content))
    return zipped(list(parts.items()), padding)


def front_of(header: dict[str, Any], manifest: int, key: int | None = None) -> int:
    """What the header must say of the bytes before the changes; the number's own digits are among them."""
    for digits in range(1, 11):
        least = 10 ** (digits - 1)
        front: int = max(least, _front(len(canonical_json({**header, "front": least})), manifest, header, key))
        if front < 10 * least:
            return front
    raise ValueError("too large a front")


def _front(header_size: int, manifest: int, header: dict[str, Any], key: int | None) -> int:
    slots = [Slot("header.json", header_size), Slot(header["manifest"]["name"], manifest, 0)]
    slots += [Slot("key.age", key)] if key is not None else []
    return sum(slot.header_size + slot.size for slot in slots)


def _padding(header: dict[str, Any], header_size: int, manifest: int) -> int:
    """What fills the front that the header tells, where it tells one that can be."""
    front = header.get("front")
    left = front - _front(header_size, manifest, header, None) if type(front) is int and "manifest" in header else 0
    return left if 0 <= left <= 0xFFFF - 4 else 0


def signature_of(header: dict[str, Any], keys: Keys) -> str:
    """What ``keys`` sign of a header, whatever it says."""
    unsigned = {name: value for name, value in header.items() if name != "signature"}
    return keys.sign(b"ntm-package-1\n" + canonical_json(unsigned)).hex()


def lines_of(changes: Sequence[Change]) -> list[bytes]:
    """The changes as the package's lines."""
    return [canonical_json(change.to_json()) for change in changes]


def entry_of(name: str, data: bytes, kind: str = "evidence") -> dict[str, JsonValue]:
    """A manifest's description of an entry."""
    digest = hashlib.sha256(data).hexdigest()
    return Entry(name, kind, "image/jpeg", len(data), digest, len(data), digest).to_json()
