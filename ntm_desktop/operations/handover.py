"""The hand-over slip of a package: made when it is written, or later from its file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ntm_desktop import dossier, paths
from ntm_desktop.dossier.handover import Closing, HandOver, Side, SlipPart, build_slip
from ntm_desktop.dossier.phrases import lower_first
from ntm_desktop.errors import UserError
from ntm_desktop.exchange import SUFFIX, Header, PackageInfo, Unlock, peek
from ntm_desktop.model.progress import Progress
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import devices
from ntm_desktop.operations.devices import Known
from ntm_desktop.operations.packages import Exported
from ntm_desktop.operations.workspace import PREVIEWS, Role, Workspace, unit_of
from ntm_desktop.store.local import PackageRecord


@dataclass(frozen=True, slots=True)
class _Parcel:
    """One package file as far as it can be seen here."""

    path: Path
    size: int
    info: PackageInfo

    @property
    def header(self) -> Header:
        return self.info.header


def slip(
    workspace: Workspace, package: Exported | Path, folder: Path | None = None, progress: Progress | None = None
) -> Path:
    """The slip of an export with all its parts, or of a package file; without ``folder`` among the previews.

    Raises:
        PackageRefused: the packages are not there any more, or are damaged.
        StorageFull, StorageFailed: the slip cannot be written.
    """
    if isinstance(package, Path):
        return slip_of_file(workspace, package, folder, progress)
    parcels = [_look(workspace, path) for path in package.paths]
    return _write(workspace, parcels, (package.changes_count, package.blobs), folder, progress)


def slip_of_file(
    workspace: Workspace, package: Path, folder: Path | None = None, progress: Progress | None = None
) -> Path:
    """The slip of a package file; parts of the same export that lie beside it stand on the same slip.

    Raises:
        PackageRefused: the file is no package, or damaged.
        StorageFull, StorageFailed: the slip cannot be written.
    """
    parcels = {(first := _look(workspace, package)).header.identity.package_id: first}
    wanted = first.header.identity
    for path in sorted(package.parent.glob(f"*{SUFFIX}")) if wanted.parts > 1 else ():
        with suppress(UserError, OSError):  # whatever else lies there is no part of this export
            found = _look(workspace, path)
            if (found.header.identity.export_id, found.header.sender_key) == (wanted.export_id, wanted.key):
                parcels.setdefault(found.header.identity.package_id, found)
    parts = sorted(parcels.values(), key=lambda parcel: parcel.header.identity.part)
    return _write(workspace, parts, None, folder, progress)


def _look(workspace: Workspace, path: Path) -> _Parcel:
    info = peek(path, Unlock(identities=(workspace.keys.age_secret,)))
    return _Parcel(path, paths.extended(path).stat().st_size, info)


def _write(
    workspace: Workspace,
    parcels: Sequence[_Parcel],
    amounts: tuple[int, int] | None,
    folder: Path | None,
    progress: Progress | None,
) -> Path:
    given = _facts(workspace, parcels, amounts)
    document = build_slip(given)
    if workspace.info().sample:
        document = replace(document, mark=dossier.SAMPLE_MARK)
    identity = parcels[0].header.identity
    name = f"phieu-giao-nhan-{identity.unit_code}-{identity.sequence:04d}-{identity.export_id[:4]}.pdf"
    target = (folder or workspace.folder / PREVIEWS / "handover") / paths.safe_name(name)
    return dossier.write_paper(document, target, progress)


def _facts(workspace: Workspace, parcels: Sequence[_Parcel], amounts: tuple[int, int] | None) -> HandOver:
    header = parcels[0].header
    identity = header.identity
    everybody = devices.known(workspace)
    openers = [item for item in everybody if item.key_id in header.recipients and item.key != header.sender_key]
    with workspace.store.read() as work:
        issuer = unit_of(work.local.get("unit"))
        profile = work.rows.profile(issuer.code)
        records = {item.package_id: item for item in (*work.local.packages("sent"), *work.local.packages("received"))}
    known = [records[item.header.identity.package_id] for item in parcels if item.header.identity.package_id in records]
    changes, files = amounts or _amounts(parcels, known)
    unit = unit_of(identity.unit_code)
    sender = next((item for item in everybody if item.key == header.sender_key), None)
    return HandOver(
        unit=lower_first(unit.full_name),
        issuer=issuer,
        profile=profile,
        giver=_side([sender]) if sender else Side(),
        taker=_taker(unit, sender, openers, everybody, profile.receiving_office),
        export_id=identity.export_id,
        parts=tuple(SlipPart(p.header.identity.part, p.header.identity.package_id, p.size) for p in parcels),
        of=identity.parts,
        sequence=identity.sequence,
        created_at=_written_at(parcels, known),
        changes=changes,
        files=files,
        closing=_closing(header),
        openers=tuple(item.title for item in openers),
    )


def _closing(header: Header) -> Closing:
    if header.locked_key is not None:
        return Closing.PASSPHRASE
    return Closing.KEYS if header.sealed else Closing.PLAIN


def _amounts(parcels: Sequence[_Parcel], records: Sequence[PackageRecord]) -> tuple[int | None, int | None]:
    """Changes (the same in every part) and evidence files of the parts at hand, as far as that can be known here."""
    manifests = [parcel.info.manifest for parcel in parcels if parcel.info.manifest is not None]
    if len(manifests) == len(parcels):
        return manifests[0].change_count, sum(len(manifest.evidence) for manifest in manifests)
    if len(records) == len(parcels):
        return records[0].changes, sum(record.blobs for record in records)
    return None, None


def _written_at(parcels: Sequence[_Parcel], records: Sequence[PackageRecord]) -> datetime:
    """When the export was written; of a locked package that was never met here, when its file was."""
    manifest = parcels[0].info.manifest
    if manifest is not None:
        return datetime.fromisoformat(manifest.created_at)
    if records:
        return datetime.fromisoformat(records[0].at)
    return datetime.fromtimestamp(paths.extended(parcels[0].path).stat().st_mtime, UTC)


def _taker(unit: Unit, sender: Known | None, openers: Sequence[Known], known: Sequence[Known], receiver: str) -> Side:
    """Who takes it: whoever can open it, of the other kind than the sender first; else whom it is likely for."""
    role = sender.role if sender else Role.COMMUNE
    others = [item for item in openers if item.role is not role] or list(openers)
    if others:
        return _side(others)
    if role is Role.OFFICE:
        return Side(unit.place)
    offices = [item for item in known if item.role is Role.OFFICE and item.state != "revoked"]
    return _side(offices) if len(offices) == 1 else Side(receiver.split("\n")[0])


def _side(computers: Sequence[Known]) -> Side:
    """A unit with its computer; of several computers none is named."""
    first = computers[0]
    return Side(first.unit.place, first.name, first.fingerprint) if len(computers) == 1 else Side(first.unit.place)
