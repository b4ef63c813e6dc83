"""Takes packages into the workspace, each in one transaction: verified, evidence stored, then changes applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ntm_desktop.errors import EvidenceRefused, PackageDamaged, UserError, WorkspaceDamaged
from ntm_desktop.exchange import Package, Unlock, read_package
from ntm_desktop.exchange.manifest import CATALOGUE
from ntm_desktop.exchange.refusals import shown
from ntm_desktop.model.changes import Change
from ntm_desktop.model.devices import Trust
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent
from ntm_desktop.model.units import Unit
from ntm_desktop.operations import own_history, partners, trust
from ntm_desktop.operations.inspecting import DamagedFile, Preview, damaged_files, own_set, package_notes
from ntm_desktop.operations.refusing import HistoryForked, Refusing, check_unit
from ntm_desktop.operations.trust import Judged
from ntm_desktop.operations.workspace import Workspace, unit_of
from ntm_desktop.store.arriving import HistoryRewritten
from ntm_desktop.store.local import PackageRecord
from ntm_desktop.store.store import UnitOfWork, utc_now

RECEIVED, DONE = "received", "done"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file. ``applied`` and ``already_had`` count changes; ``error`` means that nothing was taken.

    ``missing`` are evidence files that are named but not here; ``waiting`` sentences about changes that wait for others
    (``released`` counts those that had waited and are applied now); ``damaged`` files that a salvaged package could not
    give; ``already``: this very package was taken before; ``acknowledged``: its receipt says that more of what was
    written here has arrived there; ``own``: it was sent from here; ``notes`` are sentences to be read. After a dry run
    there is a ``preview``.
    """

    path: Path
    package_id: str = ""
    unit: Unit | None = None
    applied: int = 0
    already_had: int = 0
    blobs: int = 0
    missing: tuple[str, ...] = ()
    error: UserError | None = None
    waiting: tuple[str, ...] = ()
    damaged: tuple[DamagedFile, ...] = ()
    repaired: bool = False
    sender: str = ""
    new_sender: bool = False
    conflicts: int = 0
    already: bool = False
    acknowledged: bool = False
    released: int = 0
    notes: tuple[str, ...] = ()
    preview: Preview | None = None
    own: bool = False

    @property
    def name(self) -> str:
        """The file's name as it can be printed."""
        return shown(self.path)

    @property
    def changed(self) -> bool:
        """True where something is here now that was not before."""
        return bool(self.applied or self.blobs)


def open_package(
    workspace: Workspace | None,
    path: Path,
    progress: Progress,
    *,
    passphrase: str | None = None,
    salvage: bool = False,
    verify_blobs: bool = True,
) -> Package:
    """A verified package, opened with this computer's own key or a passphrase.

    Raises:
        PackageRefused, PackageLocked, PackageDamaged, PackageTooNew: it cannot be read.
    """
    identities = (workspace.keys.age_secret,) if workspace is not None else ()
    unlock = Unlock(identities, (lambda: passphrase) if passphrase else None)
    return read_package(path, unlock, progress, verify_blobs=verify_blobs, salvage=salvage)


class _ContentDamaged(Exception):
    """An evidence file turned out damaged while it was copied: read the package anew, every byte of it."""


@dataclass
class Taking:
    """One act of receiving: all its packages together are one restore point."""

    workspace: Workspace
    progress: Progress
    passphrase: str | None = None
    salvage: bool = False
    import_id: int = 0

    def take(self, file: Path, title: str) -> Outcome:
        """Take one package; on any failure everything is as it was.

        Raises:
            UserError: it is refused.
        """
        try:
            return self._take(file, title, verify_blobs=self.salvage)
        except _ContentDamaged:  # mended by its recovery data, or refused with the names of all that is damaged
            return self._take(file, title, verify_blobs=True)

    def _take(self, file: Path, title: str, verify_blobs: bool) -> Outcome:
        opened = open_package(
            self.workspace,
            file,
            self.progress if verify_blobs else Silent(),
            passphrase=self.passphrase,
            salvage=self.salvage,
            verify_blobs=verify_blobs,
        )
        with opened as package:
            stored: list[str] = []
            try:
                judged, news = self._judge(file, package)
                self._store_blobs(package, title, stored, verified=verify_blobs)
                return self._apply(file, package, judged, stored, news or bool(stored))
            except BaseException as error:
                with suppress(UserError):
                    self.workspace.forget(stored)
                if isinstance(error, HistoryForked):
                    self._note_fork(error, package)
                raise

    def _judge(self, file: Path, package: Package) -> tuple[Judged, bool]:
        """Everything that can be refused before a file is copied; True where changes are new here."""
        with self.workspace.store.read() as work, Refusing(work, shown(file), package):
            check_unit(work, shown(file), package.manifest.identity.unit_code)
            judged = trust.judge_sender(work, package, shown(file))
            if own_history.gone_back(work, package, judged) is not None:
                return judged, True
            try:
                arrived = work.journal.sort_out(judged.changes, judged.roles)
            except HistoryRewritten as error:
                device, seq = error.args
                if own_history.can_yield(work, package, judged, device, seq):
                    return judged, True
                raise
            return judged, bool(arrived.fresh or arrived.waiting)

    # --- evidence

    def _store_blobs(self, package: Package, title: str, stored: list[str], verified: bool) -> None:
        refs = (*package.catalogues, *package.blobs)
        self.progress.start(title, sum(ref.size for ref in refs), "B")
        for ref in refs:
            self._store_blob(package, ref, stored, verified)
        for entry in package.damaged:  # a set that was lost with the package's end may be one of the program's own
            if entry.kind == CATALOGUE and not self.workspace.blobs.has(entry.sha256):
                text = own_set(entry.sha256)
                if text is not None:
                    self.workspace.blobs.put_bytes(text, entry.media_type)
                    stored.append(entry.sha256)

    def _store_blob(self, package: Package, ref: BlobRef, stored: list[str], verified: bool) -> None:
        blobs = self.workspace.blobs
        if blobs.verify(ref.sha256):  # a damaged one is mended by what the package brings
            self.progress.advance(ref.size)
            return
        held = blobs.has(ref.sha256)
        try:
            with package.open(ref) as stream:
                blobs.put_stream(stream, ref.media_type, ref.sha256, ref.size, self.progress)
        except (EvidenceRefused, PackageDamaged) as error:  # other content than it says
            if not verified:
                raise _ContentDamaged from error
            raise package.damaged_at(ref) from error
        if not held:
            stored.append(ref.sha256)

    # --- one transaction

    def _apply(self, file: Path, package: Package, judged: Judged, stored: Sequence[str], news: bool) -> Outcome:
        identity, at = package.manifest.identity, utc_now()
        with self.workspace.store.write() as work, Refusing(work, shown(file), package):
            conflicts = set(work.rows.conflicted(identity.unit_code))
            known = work.local.package(RECEIVED, identity.package_id)
            trust.enrol(work, judged, at)
            notes = [
                *package_notes(work, package),
                *judged.left,
                *own_history.mend(self.workspace, work, package, judged),
            ]
            import_id = self.import_id or (work.imports.begin(at) if news else 0)
            taken = own_history.absorb(work, package, judged, import_id, notes)
            work.partners.keep_heads(judged.heads)
            _check_catalogues(self.workspace, work, package, taken.absorbed.applied)
            acknowledged = _keep_receipt(work, package, judged, at)
            work.local.record_package(_record(package, file, judged, at))
            if import_id:
                facts = (identity.package_id, identity.unit_code, taken.before, tuple(stored))
                work.imports.add(import_id, *facts, len(taken.absorbed.applied))
            outcome = Outcome(
                path=file,
                package_id=identity.package_id,
                unit=unit_of(identity.unit_code),
                applied=len(taken.absorbed.applied),
                already_had=taken.absorbed.already_had,
                blobs=len({ref.sha256 for ref in package.blobs} & set(stored)),
                waiting=_waiting(work, judged),
                damaged=damaged_files(self.workspace, work, package),
                repaired=bool(package.repaired),
                sender=judged.sender.name,
                new_sender=judged.state == trust.NEW,
                conflicts=len(set(work.rows.conflicted(identity.unit_code)) - conflicts),
                already=known is not None and known.state == DONE,
                own=judged.state == Trust.OWN,
                acknowledged=acknowledged,
                released=taken.absorbed.released,
                notes=tuple(notes),
            )
        self.import_id = import_id
        return outcome

    def _note_fork(self, error: HistoryForked, package: Package) -> None:
        """Of a package that is refused because a history parted, what lets our next one put it right: that it parted,
        and what the sender says that it holds."""
        sender, identity = package.cards[0].key, package.manifest.identity
        with self.workspace.store.write() as work:
            work.partners.note_fork(error.device, error.unit, error.parting, utc_now())
            if sender != self.workspace.keys.key and work.partners.key(sender) is not None:
                facts = (identity.unit_code, utc_now(), identity.package_id)
                work.partners.keep_receipt(sender, *facts, package.receipt)


def _check_catalogues(workspace: Workspace, work: UnitOfWork, package: Package, applied: Iterable[Change]) -> None:
    """The sets that the package brings or enters, and those by which its unit is judged now, must be here and readable.

    One that an assessment was judged by before does not travel and is not asked for. One that is entered without its
    text, or with another size, would stop every later export and backup.

    Raises:
        WorkspaceDamaged: one is not.
    """
    unit = package.manifest.identity.unit_code
    judged_by = {item.catalogue_sha256 for item in work.rows.assessments(unit)}
    written = {change.entity_id.rpartition("/")[2] for change in applied if change.entity == "catalogue"}
    entered = {sha256: entry for sha256, entry in work.rows.catalogues(unit).items() if sha256 in written}
    for sha256 in {*judged_by, *entered, *(ref.sha256 for ref in package.catalogues)}:
        workspace.catalogue_by_hash(sha256)
    for sha256, entry in entered.items():
        if workspace.blobs.size(sha256) != entry["size"]:
            raise WorkspaceDamaged(sha256)


def _keep_receipt(work: UnitOfWork, package: Package, judged: Judged, at: str) -> bool:
    """Keep what the sender says that it holds; True where it has more of what was written here than was known."""
    if judged.state == Trust.OWN:
        return False
    identity = package.manifest.identity
    kept = work.partners.keep_receipt(judged.sender.key, identity.unit_code, at, identity.package_id, package.receipt)
    return kept and own_history.agree(work, package)


def _waiting(work: UnitOfWork, judged: Judged) -> tuple[str, ...]:
    """What the package's changes still wait for."""
    if not judged.changes:
        return ()
    return partners.awaited(work, judged.changes[0].unit, {change.device for change in judged.changes})


def _record(package: Package, file: Path, judged: Judged, at: str) -> PackageRecord:
    """What the package carried: by it is told whether a receipt is due."""
    identity = package.manifest.identity
    return PackageRecord(
        package_id=identity.package_id,
        direction=RECEIVED,
        unit=identity.unit_code,
        device=identity.device,
        sequence=identity.sequence,
        at=at,
        path=str(file).encode("utf-8", "replace").decode(),  # a name on a stick may be no text at all
        changes=len(package.changes),
        blobs=len(package.manifest.evidence),
        vector=package.manifest.vector_to,
        key=judged.sender.key,
        export_id=identity.export_id,
        part=identity.part,
        parts=identity.parts,
    )
