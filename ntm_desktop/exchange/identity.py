"""The two key pairs of this computer: Ed25519 signs what it sends, X25519 (age) opens what is sent to it.

They lie in ``keys/identity.json`` of the workspace, readable by their owner alone, and never travel.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ntm_desktop import paths
from ntm_desktop.errors import WorkspaceDamaged
from ntm_desktop.exchange import strict
from ntm_desktop.exchange.limits import LIMITS
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import canonical_json
from ntm_desktop.model.devices import fingerprint, key_id
from ntm_desktop.model.text import one_line

FOLDER = "keys"
FILE = "identity.json"
_MAGIC, _FORMAT = "NTMKEYS", 1
_AGE_SECRET = "AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CHECKSUM = 6

__all__ = ["FILE", "FOLDER", "Keys", "check_recipient", "fingerprint", "generate", "key_id", "load", "save", "verify"]


@dataclass(frozen=True)
class Keys:
    """The secret halves; ``sign_seed`` is 64 hexadecimal digits, ``age_secret`` an age identity, both for no eye."""

    sign_seed: str = field(repr=False)
    age_secret: str = field(repr=False)
    made_at: str

    @cached_property
    def key(self) -> str:
        """The public signing key (64 hexadecimal digits): the name of this computer everywhere."""
        return bytes(self._signing.verify_key).hex()

    @cached_property
    def age(self) -> str:
        """The recipient (age1…) to which others encrypt."""
        import pyrage

        return str(pyrage.x25519.Identity.from_str(self.age_secret).to_public())

    @property
    def key_id(self) -> str:
        """The short name of both public keys: 16 hexadecimal digits."""
        return key_id(self.key, self.age)

    @property
    def fingerprint(self) -> str:
        """What two people compare by voice."""
        return fingerprint(self.key, self.age)

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) over ``data``, which begins with what kind of thing it is."""
        return bytes(self._signing.sign(data).signature)

    def to_bytes(self) -> bytes:
        """The file's content, also what a backup seals with a passphrase."""
        return canonical_json(
            {
                "magic": _MAGIC,
                "format": _FORMAT,
                "sign": self.sign_seed,
                "age": self.age_secret,
                "made_at": self.made_at,
            }
        )

    @cached_property
    def _signing(self) -> Any:
        from nacl.signing import SigningKey

        return SigningKey(bytes.fromhex(self.sign_seed))


def generate() -> Keys:
    """New keys from the system's source of chance."""
    import pyrage
    from nacl.signing import SigningKey

    moment = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Keys(bytes(SigningKey.generate()).hex(), str(pyrage.x25519.Identity.generate()), moment)


def keys_from_bytes(data: bytes) -> Keys:
    """The keys that ``data`` (see :meth:`Keys.to_bytes`) holds.

    Raises:
        Malformed: it holds none, or broken ones.
    """
    import pyrage

    if len(data) > LIMITS.keys_bytes:
        raise Malformed("too long for keys")
    value = strict.parse(data, LIMITS.json_depth, LIMITS.json_items)
    members = {
        "magic": strict.exactly(_MAGIC),
        "format": strict.exactly(_FORMAT),
        "sign": strict.matching("[0-9a-f]{64}"),
        "age": strict.matching(_AGE_SECRET),
        "made_at": strict.moment,
    }
    strict.record(members)(value, "keys")
    try:
        pyrage.x25519.Identity.from_str(value["age"])
    except pyrage.IdentityError as problem:
        raise Malformed("the age identity is damaged") from problem
    return Keys(value["sign"], value["age"], value["made_at"])


def load(folder: Path) -> Keys | None:
    """The keys kept in ``folder`` (the workspace's ``keys``); None where there are none yet.

    Raises:
        WorkspaceDamaged: the file is there, but is damaged or cannot be read.
    """
    path = paths.extended(folder / FILE)
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise _damaged(path)
        if os.name != "nt" and mode & 0o077:  # copied about by somebody: closed again
            with suppress(OSError):
                path.chmod(0o600)
        with open(path, "rb") as stream:
            return keys_from_bytes(stream.read(LIMITS.keys_bytes + 1))
    except FileNotFoundError:
        return None
    except (OSError, Malformed) as problem:
        raise _damaged(path) from problem


def save(folder: Path, keys: Keys) -> None:
    """Keep ``keys`` in ``folder`` (the workspace's ``keys``), for the owner alone from the first byte on.

    Raises:
        FileExistsError: other keys lie there; they are never overwritten: what was sealed to them opens with no other.
        OSError: the folder cannot be written.
    """
    content = keys.to_bytes()
    folder = paths.extended(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _for_owner_alone(folder)
    target = folder / FILE
    if os.path.lexists(target):
        if target.is_file() and target.read_bytes() == content:
            return
        raise FileExistsError(f"{target} holds other keys")
    temporary = target.with_name(FILE + ".partial")
    temporary.unlink(missing_ok=True)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(temporary, flags, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        paths.replace_file(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def verify(key: str, data: bytes, signature: bytes) -> bool:
    """True where ``signature`` is by the owner of ``key`` (hexadecimal) over ``data``."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(bytes.fromhex(key)).verify(data, signature)
    except (BadSignatureError, ValueError, TypeError):  # also keys and signatures of the wrong length
        return False
    return True


def check_recipient(value: Any, place: str) -> None:
    """A :data:`strict.Check` for an age recipient to which sealing will succeed.

    A point of small order must not pass: everybody could open what is sealed to it, and the age library dies of it.
    """
    import nacl.bindings
    import pyrage
    from nacl.exceptions import RuntimeError as SmallOrder

    strict.matching(f"age1[{_BECH32}]{{58}}")(value, place)
    try:
        pyrage.x25519.Recipient.from_str(value)
        nacl.bindings.crypto_scalarmult(b"\x01" * 32, _point(value))
    except (pyrage.RecipientError, SmallOrder) as problem:
        raise Malformed(f"{place} is no usable age recipient") from problem


def _point(recipient: str) -> bytes:
    """The 32 bytes in the Bech32 text of a recipient that was found valid."""
    number = 0
    for char in recipient.removeprefix("age1")[:-_CHECKSUM]:
        number = number << 5 | _BECH32.index(char)
    return (number >> 4).to_bytes(32, "big")  # 52 letters of 5 bits: 4 bits of padding


def _for_owner_alone(folder: Path) -> None:
    """Best effort: a stick's file system knows no rights, and Windows asks a program for it."""
    if os.name != "nt":
        with suppress(OSError):
            folder.chmod(0o700)
        return
    import subprocess

    user = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
    if not user:
        return
    command = ["icacls", str(folder), "/inheritance:r", "/grant:r", f"{user}:(OI)(CI)F", "*S-1-5-18:(OI)(CI)F"]
    with suppress(OSError, subprocess.SubprocessError):
        subprocess.run(command, capture_output=True, timeout=20, check=False, creationflags=0x08000000)


def _damaged(path: Path) -> WorkspaceDamaged:
    return WorkspaceDamaged(
        _("Tệp khoá «{file}» của máy này đã hỏng hoặc không đọc được.").format(file=one_line(str(path))[:300]),
        _(
            "Hồ sơ và minh chứng không thay đổi. Hãy khôi phục tệp khoá từ bản sao lưu có mật khẩu; nếu không có bản "
            "sao lưu, hãy chuyển tệp này đi nơi khác để chương trình tạo khoá mới, rồi gửi lại thẻ cho nơi nhận."
        ),
    )
