"""Writes a package so that the stick shows it whole and verified, or not at all."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ntm_desktop import paths
from ntm_desktop.errors import PackageRefused
from ntm_desktop.exchange import drives, journal, manifest, reader, refusals, streams, strict
from ntm_desktop.exchange.journal import ChangesInvalid
from ntm_desktop.exchange.layout import CRC_IN_LOCAL, Layout, Slot
from ntm_desktop.exchange.limits import LIMITS, MIB
from ntm_desktop.exchange.manifest import Entry, Header, Identity, Manifest
from ntm_desktop.exchange.plan import PARTIAL, SUFFIX, PackagePlan, PlannedBlob, package_file_name
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import JsonValue, VersionVector, canonical_json
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.model.text import one_line

# Room for the folder's own growth and for clusters.
_SPARE = MIB


@dataclass(frozen=True, slots=True)
class WrittenPackage:
    """A package that was written and read back; ``manifest_sha256`` binds all that it holds."""

    path: Path
    package_id: str
    size: int
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    """All that is known before the first byte is written. ``small`` are the first entries, ``blobs`` the others."""

    header: Header
    small: tuple[bytes, ...]
    blobs: tuple[PlannedBlob, ...]
    names: Mapping[str, str]
    layout: Layout


def estimate(plan: PackagePlan) -> int:
    """Bytes that :func:`write_package` needs on the target.

    Raises:
        PackageRefused: the plan holds more than one package may.
        WorkspaceDamaged: the changes are no unbroken journal.
    """
    return _prepare(plan).layout.total_size + _SPARE


def write_package(
    plan: PackagePlan,
    folder: Path,
    progress: Progress | None = None,
    overwrite: bool = False,
    free_space: Callable[[Path], int] = drives.free_space,
) -> WrittenPackage:
    """Write ``plan`` into the existing ``folder``, read all of it back from the medium, and only then give it its name.

    Partial files of earlier tries in that folder are removed first.

    Raises:
        StorageFull: too little room; checked before writing, and noticed while writing.
        StorageFailed: the drive is pulled out, read-only, faulty, too old a format, or holds a file of that name.
        WorkspaceDamaged: a blob is missing or is not what its hash says, or the changes are no unbroken journal.
        PackageRefused: the plan holds more than one package may.
        Cancelled: the person has asked to stop.
    """
    progress = progress or Silent()
    prepared = _prepare(plan)
    folder = paths.extended(folder)
    target = folder / package_file_name(plan)
    partial = target.with_name(target.name + PARTIAL)
    with _storage_faults(folder):
        _check_target(target, prepared.layout.total_size, overwrite, free_space)
        try:
            _write(partial, prepared, progress)
            _read_back(partial, prepared, progress)
            paths.replace_file(partial, target)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
    return WrittenPackage(target, plan.package_id, prepared.layout.total_size, prepared.header.manifest_sha256)


@contextmanager
def _storage_faults(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise refusals.storage(folder, problem) from problem


def _prepare(plan: PackagePlan) -> _Prepared:
    start, end = _vector(plan.vector_from), _vector(plan.vector_to)
    evidence = _distinct(plan.blobs, set())
    catalogues = _distinct(plan.catalogues, {blob.ref.sha256 for blob in evidence})
    if len(plan.changes) > LIMITS.changes or 1 + len(evidence) + len(catalogues) > LIMITS.entries:
        raise refusals.too_much()
    try:
        encoded = journal.encode(plan.changes, plan.unit_code, start, end, LIMITS)
    except ChangesInvalid as problem:
        raise refusals.journal_wrong(problem) from problem
    names = list(manifest.entry_names(len(evidence), len(catalogues)))[1:]
    blobs = (*evidence, *catalogues)
    described = (_entry(name, kind, blob) for (name, kind), blob in zip(names, blobs, strict=True))
    identity = Identity(plan.package_id, plan.unit_code, plan.device, plan.sequence, _line(plan.app_version))
    listed = Manifest(
        *(identity, _line(plan.unit_name), _line(plan.device_name), plan.created_at, start, end),
        assessments=tuple(dict(assessment) for assessment in plan.assessments),
        change_count=encoded.count,
        entries=(encoded.entry, *described),
    )
    manifest_bytes = _checked(listed.to_json())
    header = Header(identity, len(manifest_bytes), hashlib.sha256(manifest_bytes).hexdigest())
    header_bytes = canonical_json(header.to_json())
    manifest.header_from_json(header.to_json(), LIMITS)
    slots = [Slot(manifest.HEADER_NAME, len(header_bytes)), Slot(manifest.MANIFEST_NAME, len(manifest_bytes))]
    slots += [Slot(entry.name, entry.stored_size) for entry in listed.entries]
    small = (header_bytes, manifest_bytes, encoded.stored)
    return _Prepared(header, small, blobs, reader.file_names(plan.changes), Layout(tuple(slots)))


def _checked(data: dict[str, JsonValue]) -> bytes:
    """The manifest's bytes; what no reader would take is a bug here (Malformed), not the person's situation."""
    content = canonical_json(data)
    if len(content) > LIMITS.manifest_bytes:
        raise refusals.too_much()
    manifest.manifest_from_json(strict.parse(content, LIMITS.json_depth, LIMITS.json_items), LIMITS)
    return content


def _vector(vector: VersionVector) -> dict[str, int]:
    return {device: seq for device, seq in vector.items() if seq}


def _line(text: str) -> str:
    return one_line(text)[: LIMITS.text_chars].strip()


def _distinct(blobs: tuple[PlannedBlob, ...], known: set[str]) -> tuple[PlannedBlob, ...]:
    """The blobs without repetition of content, in their order."""
    first = {blob.ref.sha256: blob for blob in reversed(blobs)}
    order = dict.fromkeys(blob.ref.sha256 for blob in blobs)
    return tuple(first[sha256] for sha256 in order if sha256 not in known)


def _entry(name: str, kind: str, blob: PlannedBlob) -> Entry:
    ref, media_type = blob.ref, blob.ref.media_type
    try:
        manifest.check_media_type(media_type, name)
    except Malformed:  # whatever it was called: it travels
        media_type = "application/octet-stream"
    return Entry(name, kind, media_type, ref.size, ref.sha256, ref.size, ref.sha256)


def _check_target(target: Path, size: int, overwrite: bool, free_space: Callable[[Path], int]) -> None:
    folder = target.parent
    if not overwrite and os.path.lexists(target):
        raise refusals.exists_already(target)
    for leftover in folder.iterdir():
        if leftover.name.endswith(SUFFIX + PARTIAL):
            with suppress(OSError):
                leftover.unlink()
    if size > drives.FAT_LARGEST and drives.is_fat(folder):
        raise refusals.too_large_for_fat(folder, size)
    free = free_space(folder)
    if free < size + _SPARE:
        raise refusals.too_little_space(folder, size + _SPARE, free)


def _write(partial: Path, prepared: _Prepared, progress: Progress) -> None:
    progress.start(_("Đang ghi gói"), prepared.layout.total_size, "B")
    # Never through a link that somebody left under this name: "x" makes a new file or fails.
    with open(partial, "xb", buffering=0) as stream:
        crcs = []
        for index, content in enumerate(prepared.small):
            crcs.append(zlib.crc32(content))
            _write_all(stream, prepared.layout.local_header(index, crcs[-1]) + content)
            progress.advance(len(content))
        for index, blob in enumerate(prepared.blobs, start=len(prepared.small)):
            crcs.append(_copy(stream, prepared, index, blob, progress))
        _write_all(stream, prepared.layout.directory(crcs))
        os.fsync(stream.fileno())
        streams.forget_cached(stream)


def _write_all(stream: IO[bytes], content: bytes | memoryview) -> None:
    """An unbuffered file may take a part of what it is given."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def _copy(stream: IO[bytes], prepared: _Prepared, index: int, blob: PlannedBlob, progress: Progress) -> int:
    """Append an entry and its header; the header's CRC follows when the content has passed. Returns the CRC."""
    start, crc, copied = prepared.layout.offsets[index], 0, 0
    _write_all(stream, prepared.layout.local_header(index, 0))
    for piece in _source(prepared, index, blob):
        crc = zlib.crc32(piece, crc)
        _write_all(stream, piece)
        copied += len(piece)
        progress.advance(len(piece))
    if copied != blob.ref.size:
        raise _unusable(prepared, index, blob)
    stream.seek(start + CRC_IN_LOCAL)
    _write_all(stream, crc.to_bytes(4, "little"))
    stream.seek(prepared.layout.offsets[index + 1])
    return crc


def _source(prepared: _Prepared, index: int, blob: PlannedBlob) -> Iterator[memoryview]:
    """The content of a blob; one byte more than planned is enough to notice that it has grown."""
    try:
        with open(paths.extended(blob.path), "rb", buffering=0) as source:
            streams.will_read_once(source)
            yield from streams.pieces(source, blob.ref.size)
            if source.read(1):
                raise _unusable(prepared, index, blob)
    except OSError as problem:
        raise _unusable(prepared, index, blob) from problem


def _unusable(prepared: _Prepared, index: int, blob: PlannedBlob) -> Exception:
    number = index - len(prepared.small) + 1
    return refusals.blob_unusable(number, blob.ref.media_type, prepared.names.get(blob.ref.sha256, ""))


def _read_back(partial: Path, prepared: _Prepared, progress: Progress) -> None:
    """What the reader takes is what a receiver can take."""
    try:
        with reader.read_package(partial, progress) as package:
            if package.header == prepared.header:
                return
    except refusals.EntryDamaged as problem:
        _blame_source(prepared, problem.entry)
        raise refusals.written_wrong(partial.parent) from problem
    except PackageRefused as problem:
        if isinstance(problem.__cause__, OSError):
            raise refusals.storage(partial.parent, problem.__cause__) from problem
        raise refusals.written_wrong(partial.parent) from problem
    raise refusals.written_wrong(partial.parent)


def _blame_source(prepared: _Prepared, entry: Entry) -> None:
    """Where the workspace's own file is not what its hash says, it is at fault and not the stick."""
    for index, blob in enumerate(prepared.blobs, start=len(prepared.small)):
        if blob.ref.sha256 == entry.sha256:
            digest = hashlib.sha256()
            for piece in _source(prepared, index, blob):
                digest.update(piece)
            if digest.hexdigest() != blob.ref.sha256:
                raise _unusable(prepared, index, blob)
