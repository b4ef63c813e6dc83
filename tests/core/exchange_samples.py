"""Packages for the tests of the exchange room: changes with a true hash chain, blobs, and forgeries of both."""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop.exchange import PackagePlan, PlannedBlob, write_package
from ntm_desktop.exchange.layout import Layout, Slot
from ntm_desktop.exchange.manifest import Entry
from ntm_desktop.model.changes import GENESIS, Change, ChangeId, JsonValue, canonical_json, vector_of
from ntm_desktop.model.evidence import BlobRef

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

UNIT = "02875"
DEVICE = "0f" * 16
OTHER = "a7" * 16
PACKAGE_ID = "5c" * 16


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


def blob(folder: Path, content: bytes, media_type: str = "image/jpeg") -> PlannedBlob:
    """A file that holds ``content``, and its name by hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    return PlannedBlob(BlobRef(sha256, len(content), media_type), path)


def sample_plan(folder: Path, seed: int = 1, changes: int = 40, files: int = 5, size: int = 3000) -> PackagePlan:
    """A package of two devices with some evidence and a catalogue; the same arguments give the same plan."""
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
    return PackagePlan(
        unit_code=UNIT,
        unit_name="Xã Sơn Bình",
        device=DEVICE,
        device_name="Máy mẫu",
        sequence=3,
        vector_from={},
        vector_to=vector_of(everything),
        changes=everything,
        blobs=blobs,
        catalogues=(blob(folder, canonical_json({"id": "xa-ntm"}), "application/json"),),
        assessments=[{"assessment_id": f"{UNIT}.xa-ntm.2024", "catalogue": "xa-ntm", "year": 2024}],
        app_version="0.1.0",
        created_at="2024-11-20T03:04:05+00:00",
        package_id=PACKAGE_ID,
    )


def sample_package(folder: Path, **numbers: int) -> bytes:
    """The bytes of a good package."""
    out = folder / "out"
    out.mkdir(parents=True, exist_ok=True)
    written = write_package(sample_plan(folder / "blobs", **numbers), out, overwrite=True)
    return written.path.read_bytes()


Parts = list[tuple[str, bytes]]


def parts_of(package: bytes) -> Parts:
    """Names and stored bytes of the entries of a good package, read with the standard library."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def zipped(parts: Parts) -> bytes:
    """A container around any entries: structurally as good as the program's own."""
    layout = Layout(tuple(Slot(name, len(data)) for name, data in parts))
    crcs = [zlib.crc32(data) for _name, data in parts]
    pieces = [layout.local_header(i, crc) + data for i, (crc, (_n, data)) in enumerate(zip(crcs, parts, strict=True))]
    return b"".join(pieces) + layout.directory(crcs)


def forged(
    package: bytes,
    edit_manifest: Callable[[Any], Any] = lambda data: data,
    edit_header: Callable[[Any], Any] = lambda data: data,
    lines: Sequence[bytes] | None = None,
    packed: bytes | None = None,
    raw_manifest: bytes | None = None,
    raw_header: bytes | None = None,
) -> bytes:
    """A package by somebody who knows the format: every hash agrees again after the edit."""
    parts = dict(parts_of(package))
    manifest = json.loads(parts["manifest.json"])
    if lines is not None or packed is not None:
        plain = b"".join(line + b"\n" for line in lines or [])
        stored = packed if packed is not None else zstd.compress(plain)
        if packed is None:
            manifest["entries"][0]["plain"] = {"size": len(plain), "sha256": hashlib.sha256(plain).hexdigest()}
        manifest["entries"][0]["stored"] = {"size": len(stored), "sha256": hashlib.sha256(stored).hexdigest()}
        parts["changes.jsonl.zst"] = stored
    manifest = edit_manifest(manifest) or manifest
    content = raw_manifest if raw_manifest is not None else canonical_json(manifest)
    header = json.loads(parts["header.json"])
    header["manifest"] = {"name": "manifest.json", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    header = edit_header(header) or header
    parts["manifest.json"] = content
    parts["header.json"] = raw_header if raw_header is not None else canonical_json(header)
    return zipped(list(parts.items()))


def lines_of(changes: Sequence[Change]) -> list[bytes]:
    """The changes as the package's lines."""
    return [canonical_json(change.to_json()) for change in changes]


def entry_of(name: str, data: bytes, kind: str = "evidence") -> dict[str, JsonValue]:
    """A manifest's description of an entry."""
    digest = hashlib.sha256(data).hexdigest()
    return Entry(name, kind, "image/jpeg", len(data), digest, len(data), digest).to_json()
