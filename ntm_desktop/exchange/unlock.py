"""Opens what is sealed in a package: with this computer's keys, or with a passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ntm_desktop.exchange import refusals, sealing
from ntm_desktop.exchange.header import Header
from ntm_desktop.exchange.sealing import NotForUs, SealBroken, TooCostly, WrongPassphrase


@dataclass(frozen=True, slots=True)
class Unlock:
    """What the reader has to open a package with.

    ``identities`` are age identities (AGE-SECRET-KEY-1…); ``passphrase`` is asked at most once per package, only where
    none of them opens it, and gives None where the person has none.
    """

    identities: tuple[str, ...] = field(default=(), repr=False)
    passphrase: Callable[[], str | None] | None = None


class Opener:
    """Unseals the entries of one package; the slow derivation from a passphrase happens once."""

    def __init__(self, path: Path, unlock: Unlock) -> None:
        self._path, self._unlock = path, unlock
        self._own: tuple[str, ...] = ()

    @property
    def identities(self) -> tuple[str, ...]:
        """All identities that may open an entry."""
        return (*self._unlock.identities, *self._own)

    def manifest(self, header: Header, key: bytes, sealed: bytes) -> bytes:
        """The plain manifest from its verified entry; ``key`` is the verified content of ``key.age``, empty without.

        Raises:
            PackageLocked: it is for others, or a passphrase is missing or wrong.
            PackageRefused: it is no age file, or its key asks for too much memory.
        """
        if not header.sealed:
            return sealed
        if header.recipients and self.identities:
            try:
                return self._unseal(sealed)
            except NotForUs as problem:
                if header.locked_key is None:
                    raise refusals.for_others(self._path) from problem
        if header.locked_key is None:
            raise refusals.for_others(self._path)
        if not self._own:
            self._own = (self._derive(key),)
        try:
            return self._unseal(sealed)
        except NotForUs as problem:
            raise refusals.seal_wrong(self._path) from problem

    def changes(self, header: Header, sealed: bytes) -> bytes:
        """The packed changes from their verified entry.

        Raises:
            PackageRefused: it is no age file, or for somebody else than the manifest.
        """
        if not header.sealed:
            return sealed
        try:
            return self._unseal(sealed)
        except NotForUs as problem:
            raise refusals.seal_wrong(self._path) from problem

    def _unseal(self, sealed: bytes) -> bytes:
        pieces: list[bytes] = []
        try:
            sealing.unseal([sealed], pieces.append, self.identities)
        except SealBroken as problem:
            raise refusals.seal_wrong(self._path) from problem
        return b"".join(pieces)

    def _derive(self, key: bytes) -> str:
        asked = self._unlock.passphrase
        passphrase = asked() if asked else None
        if passphrase is None:
            raise refusals.needs_passphrase(self._path)
        import pyrage

        try:
            secret = sealing.passphrase_open(key, passphrase)
            pyrage.x25519.Identity.from_str(secret)
            return secret
        except WrongPassphrase as problem:
            raise refusals.wrong_passphrase(self._path) from problem
        except TooCostly as problem:
            raise refusals.too_costly(self._path) from problem
        except (SealBroken, pyrage.IdentityError) as problem:
            raise refusals.seal_wrong(self._path) from problem
