"""Opens packages: strictly, with the help of their recovery data where they are damaged, or taking what is whole."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ntm_desktop import paths
from ntm_desktop.errors import PackageDamaged, PackageLocked, PackageRefused
from ntm_desktop.exchange import mending, refusals, sealing, streams
from ntm_desktop.exchange.cards import Card
from ntm_desktop.exchange.header import Header
from ntm_desktop.exchange.limits import LIMITS, Limits
from ntm_desktop.exchange.manifest import Entry, Manifest
from ntm_desktop.exchange.mending import Repaired
from ntm_desktop.exchange.opening import Found, Opening
from ntm_desktop.exchange.refusals import NoPackage
from ntm_desktop.exchange.salvage import Salvage
from ntm_desktop.exchange.sealing import SealError
from ntm_desktop.exchange.streams import Medium, Translated, Window
from ntm_desktop.exchange.unlock import Opener, Unlock
from ntm_desktop.model.changes import Change
from ntm_desktop.model.devices import Head, Receipt
from ntm_desktop.model.evidence import BlobRef
from ntm_desktop.model.progress import Progress, Silent


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """What a package says about itself; ``manifest`` is None where it cannot be opened here."""

    path: Path
    header: Header
    manifest: Manifest | None
    size: int


class Package:
    """A verified package, open for reading its blobs: close it, or use it in a ``with`` statement.

    ``damaged`` are the entries that were left out of a salvaged package; ``recovery_damaged`` is true where all content
    is whole but the end of the file (recovery data, directory) is not as it was written.
    """

    def __init__(self, path: Path, found: Found, opener: Opener, *mediums: Medium) -> None:
        self.path = path
        self._open, self._medium = list(mediums), mediums[-1]
        mended = self._medium.mended if isinstance(self._medium, Repaired) else ()
        self.repaired = found.touched(mended)  # names of the entries that recovery data mended
        self._found, self._opener = found, opener
        self._names = refusals.file_names(found.changes)

    @property
    def header(self) -> Header:
        """The first entry."""
        return self._found.header

    @property
    def manifest(self) -> Manifest:
        """The description of all the others."""
        return self._found.manifest

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, in their order."""
        return self._found.changes

    @property
    def heads(self) -> tuple[Head, ...]:
        """Signed ends of the histories that the changes continue; verified."""
        return self.manifest.heads

    @property
    def cards(self) -> tuple[Card, ...]:
        """The sender's card, then others; signed by themselves, no more."""
        return self.manifest.cards

    @property
    def receipt(self) -> Receipt:
        """What the sender holds."""
        return self.manifest.receipt

    @property
    def encrypted(self) -> bool:
        """True where only some can open it."""
        return self.header.sealed

    @property
    def size(self) -> int:
        """Bytes of the file as it was written; of a salvaged one, as it is."""
        return self._found.size

    @property
    def damaged(self) -> tuple[Entry, ...]:
        """Entries that are not whole; only a salvaged package has some."""
        return self._found.damaged

    @property
    def recovery_damaged(self) -> bool:
        """True where the end of the file is not as it was written; all content is whole."""
        return self._found.end_damaged

    @property
    def blobs(self) -> tuple[BlobRef, ...]:
        """The evidence files in it that are whole as far as known."""
        return tuple(entry.ref for entry in self.manifest.evidence if entry.name in self._found.places)

    @property
    def catalogues(self) -> tuple[BlobRef, ...]:
        """The catalogues in it that are whole as far as known."""
        return tuple(entry.ref for entry in self.manifest.catalogues if entry.name in self._found.places)

    def file_name(self, sha256: str) -> str:
        """The name that the changes give to an evidence file, for a sentence; empty where they give none."""
        return self._names.get(sha256, "")

    def open(self, ref: BlobRef) -> BinaryIO:
        """The bytes of a blob or catalogue, decrypted while they are read; to be closed after use.

        Raises:
            KeyError: the package has no such content.
            PackageRefused: (while reading) the drive does not answer.
            PackageDamaged: (while reading) the entry is not what was written; see :meth:`mend`.
        """
        entry = self._entry(ref)
        start, _end = self._found.places[entry.name]
        window = Window(self._medium, start, entry.stored_size, self._unreadable)
        if not entry.sealed:
            return io.BufferedReader(window, streams.PIECE)
        plain = sealing.opened(io.BufferedReader(window, streams.PIECE), self._opener.identities)
        return io.BufferedReader(Translated(plain, SealError, lambda _problem: self.damaged_at(ref)), streams.PIECE)

    def damaged_at(self, ref: BlobRef) -> PackageDamaged:
        """The refusal to raise where what :meth:`open` gave does not have the hash of ``ref``."""
        refusal = refusals.entries_damaged(self.path, [self._entry(ref)], self._names)
        refusal.salvageable = True
        return refusal

    def mend(self, progress: Progress | None = None) -> bool:
        """After damage was met while reading: True where recovery data mended it, and reading again is worth it.

        What is read then must be checked as before.
        """
        if self.repaired:
            return False
        mended = mending.repair(self._medium, progress)
        if mended is None:
            return False
        self._open.append(mended)
        self._medium, self.repaired = mended, self._found.touched(mended.mended)
        return bool(self.repaired)

    def close(self) -> None:
        """Give the file back."""
        for medium in reversed(self._open):
            medium.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entry(self, ref: BlobRef) -> Entry:
        for entry in self.manifest.entries[1:]:
            if entry.sha256 == ref.sha256 and entry.name in self._found.places:
                return entry
        raise KeyError(ref.sha256)

    def _unreadable(self, problem: OSError) -> PackageRefused:
        return refusals.unreadable(self.path, problem)


def peek(path: Path, unlock: Unlock | None = None, limits: Limits = LIMITS) -> PackageInfo:
    """What a package says about itself; header and manifest are checked, the rest is not.

    Raises:
        PackageRefused: it is no package, or damaged there.
        PackageTooNew: a later format.
    """
    with _faults(path), _open(path) as stream:
        medium = Medium(stream, os.fstat(stream.fileno()).st_size)
        opener = Opener(path, unlock or Unlock())
        opening = Opening(path, medium, limits, opener)
        try:
            manifest: Manifest | None = opening.describe()
        except PackageLocked:
            manifest = None
        return PackageInfo(path, opening.header, manifest, medium.size)


def read_package(
    path: Path,
    unlock: Unlock | None = None,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
    verify_blobs: bool = True,
    salvage: bool = False,
) -> Package:
    """Open a package after checking everything in it.

    With ``verify_blobs=False`` the bytes of the evidence files are left to who copies them (and hashes them then);
    everything else is checked all the same. Damage is mended where the package has recovery data enough. With
    ``salvage`` a damaged package is opened all the same if header, manifest and changes are whole.

    Raises:
        PackageDamaged: bytes are not what was written; names the evidence files, and tells whether to try ``salvage``.
        PackageLocked: it is encrypted for others, or a passphrase is missing or wrong.
        PackageUntrusted: the signature is not good.
        PackageTooNew: a later format.
        PackageRefused: anything else is not as the format and the manifest say; the sentence names what.
        Cancelled: the person has asked to stop.
    """
    with _faults(path):
        stream = _open(path)
        try:
            streams.will_read_once(stream)
            medium = Medium(stream, os.fstat(stream.fileno()).st_size)
            reading = _Reading(path, limits, Opener(path, unlock or Unlock()), progress or Silent(), verify_blobs)
            return reading.package(medium, salvage)
        except BaseException:
            stream.close()
            raise


@dataclass(frozen=True, slots=True)
class _Reading:
    path: Path
    limits: Limits
    opener: Opener
    progress: Progress
    verify_blobs: bool

    def package(self, medium: Medium, salvage: bool) -> Package:
        """The package as it is, or mended, or what is left of it."""
        try:
            found = self._verified(Opening(self.path, medium, self.limits, self.opener), self.verify_blobs)
            return Package(self.path, found, self.opener, medium)
        except (PackageDamaged, NoPackage, OSError) as problem:
            damage = problem
        mended = mending.repair(medium, self.progress)
        try:
            if mended is not None:
                with suppress(PackageDamaged, NoPackage):
                    found = self._verified(Opening(self.path, mended, self.limits, self.opener, end=medium), True)
                    return Package(self.path, found, self.opener, medium, mended)
            mediums = (medium, mended) if mended else (medium,)
            rest = Salvage(self.path, mediums[-1], self.limits, self.opener, self.progress)
            if salvage:
                return Package(self.path, rest.search(), self.opener, *mediums)
            if isinstance(damage, PackageDamaged):
                damage.salvageable = rest.possible()
            raise damage
        except BaseException:
            if mended is not None:
                mended.close()
            raise

    def _verified(self, opening: Opening, verify_blobs: bool) -> Found:
        opening.describe()
        return opening.verify(self.progress, verify_blobs)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as problem:
        raise refusals.missing(path) from problem
    except OSError as problem:
        raise refusals.unreadable(path, problem) from problem


def _open(path: Path) -> BinaryIO:
    try:
        path = paths.extended(path)
        mode = path.stat().st_mode
    except ValueError as problem:  # a name with a null character
        raise refusals.missing(path) from problem
    if not stat.S_ISREG(mode):  # a folder, or a pipe that would never end
        raise refusals.no_package(path)
    return open(path, "rb", buffering=0)
