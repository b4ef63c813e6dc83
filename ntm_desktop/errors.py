"""The person's situations, one class per cause.

A :class:`UserError` is something that can happen to anybody: it carries a finished sentence for the person and ends the
command line with exit code 2. Every other exception is a bug: it is logged, shown as such and ends with exit code 1.
"""

from __future__ import annotations


class UserError(Exception):
    """A situation that the person can understand and act upon.

    ``message`` says what happened and to which file or indicator; ``hint`` says what is safe and what to do next.
    Both are finished sentences in the person's language.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InvalidInput(UserError):
    """A value, a name or an argument that cannot be taken as it stands."""


class NotFound(UserError):
    """Something that was named does not exist here: a unit, a catalogue, an indicator, a file."""


class CatalogueInvalid(UserError):
    """A criteria file or sheet that breaks a rule; the message names file, criterion and line."""


class WorkspaceMissing(UserError):
    """The folder holds no workspace yet."""


class WorkspaceExists(UserError):
    """The folder already holds a workspace."""


class WorkspaceBusy(UserError):
    """Another program has the workspace open."""


class WorkspaceTooNew(UserError):
    """The workspace was written by a newer version of the program."""


class WorkspaceDamaged(UserError):
    """The workspace's database or evidence cannot be read as it should."""


class EvidenceUnusable(WorkspaceDamaged):
    """A file that a package was to carry is gone here, or is not what its hash (``sha256``) says."""

    def __init__(self, message: str, hint: str = "", sha256: str = "") -> None:
        super().__init__(message, hint)
        self.sha256 = sha256


class ReadOnly(UserError):
    """The data shown belongs to another unit and may only be read here."""


class EvidenceRefused(UserError):
    """A file that cannot be taken as evidence; nothing has changed."""


class PackageRefused(UserError):
    """A package that cannot be taken as a whole; nothing has changed."""


class PackageTooNew(PackageRefused):
    """The package has a newer format than this program knows."""


class PackageLocked(PackageRefused):
    """The package is encrypted and cannot be opened here: for other computers, or a passphrase is missing or wrong."""

    def __init__(self, message: str, hint: str = "", passphrase: bool = False) -> None:
        super().__init__(message, hint)
        self.passphrase = passphrase  # True where a passphrase would open it


class PackageDamaged(PackageRefused):
    """Bytes of the package are not what was written.

    ``files`` are the names of the damaged evidence files as far as they are known; ``salvageable`` where everything
    else in the package can be taken on request.
    """

    def __init__(self, message: str, hint: str = "", files: tuple[str, ...] = (), salvageable: bool = False) -> None:
        super().__init__(message, hint)
        self.files = files
        self.salvageable = salvageable


class PackageUntrusted(PackageRefused):
    """The package is signed by a key that may not bring this here: unknown, revoked, or writing what is not its own."""


class CardRefused(UserError):
    """A card (.ntmcard) that is damaged, forged or contradicts what is known of its owner."""


class BackupInvalid(UserError):
    """A backup that is damaged or is no backup."""


class StorageFull(UserError):
    """Too little free space on the target; nothing has been written."""


class StorageFailed(UserError):
    """The target cannot be written: pulled out, read-only, no rights."""
