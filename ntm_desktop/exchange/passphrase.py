"""Small secrets under a passphrase, as age files of the scrypt kind: any age tool opens them.

Written here from hashlib's scrypt and libsodium's ChaCha20-Poly1305, because the age library sets the price of a guess
by the speed of the computer that writes (1 GiB of memory on a fast one), too dear for the old one that must read it,
and dies where the memory is not there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets

from ntm_desktop.exchange.limits import LIMITS, MIB
from ntm_desktop.model.text import nfc

_VERSION = "age-encryption.org/v1"
# The work factor of the reference implementation: 256 MiB of memory, about a second.
_LOG_N = 18
_BLOCK_SIZE = 8
_CHUNK = 64 * 1024
_TAG = 16
_HEADER = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n---"
    rb" ([A-Za-z0-9+/]{43})\n"
)
_MAC_LENGTH = 45


class SealError(Exception):
    """Something sealed that does not open; ``args[0]`` says in English why, for the log."""


class SealBroken(SealError):
    """It is no age file, cut short, or changed by somebody or by the medium."""


class NotForUs(SealError):
    """None of the identities opens it."""


class WrongPassphrase(SealError):
    """Another passphrase closed it."""


class TooCostly(SealError):
    """Opening it would take more work or memory than a package may ask for, or than there is."""


def passphrase_wrap(text: str, passphrase: str, log_n: int = _LOG_N) -> bytes:
    """``text`` (an age identity, or keys) as an age file under a passphrase; takes 2**log_n KiB of memory.

    The passphrase counts in Unicode NFC, so that it is the same however it was typed.

    Raises:
        ValueError: no passphrase, or a text longer than one age chunk (64 KiB).
        TooCostly: the memory is not there.
    """
    plain = text.encode("utf-8")
    if not passphrase or not plain or len(plain) > _CHUNK:
        raise ValueError("no passphrase, no text, or too long a text")
    salt, file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
    body = _encrypt(_stretched(passphrase, salt, log_n), bytes(12), file_key)
    header = f"{_VERSION}\n-> scrypt {_base64(salt)} {log_n}\n{_base64(body)}\n---".encode()
    mac = _mac(file_key, header)
    payload = _encrypt(_derived(file_key, nonce, b"payload"), _last_chunk(), plain)
    return header + f" {_base64(mac)}\n".encode() + nonce + payload


def passphrase_open(data: bytes, passphrase: str, max_log_n: int = LIMITS.scrypt_log_n) -> str:
    """The text in an age file under a passphrase; the work it asks for is looked at before any is done.

    Raises:
        SealBroken: not such a file, or changed.
        WrongPassphrase: another passphrase closed it.
        TooCostly: it asks for more than 2**max_log_n KiB of memory, or for more than there is.
    """
    found = _HEADER.match(data)
    if not found or len(data) > LIMITS.passphrase_seal_bytes:
        raise SealBroken("no age file under a passphrase")
    log_n = int(found[2])
    if log_n > max_log_n:
        raise TooCostly(f"a work factor of {log_n}, when {max_log_n} is the most")
    salt, body, mac = (_unbase64(found[number]) for number in (1, 3, 4))
    file_key = _decrypt(_stretched(passphrase, salt, log_n), bytes(12), body)
    if file_key is None:
        raise WrongPassphrase("the file key does not open")
    if not hmac.compare_digest(mac, _mac(file_key, data[: found.end() - _MAC_LENGTH])):
        raise SealBroken("the header was changed")
    nonce, payload = data[found.end() : found.end() + 16], data[found.end() + 16 :]
    if len(nonce) != 16 or not _TAG < len(payload) <= _CHUNK + _TAG:
        raise SealBroken("cut short, or more than one chunk")
    plain = _decrypt(_derived(file_key, nonce, b"payload"), _last_chunk(), payload)
    if plain is None:
        raise SealBroken("the content was changed")
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise SealBroken("the content is no text") from problem


def _stretched(passphrase: str, salt: bytes, log_n: int) -> bytes:
    need = 128 * _BLOCK_SIZE * 2**log_n
    try:
        return hashlib.scrypt(
            nfc(passphrase).encode("utf-8", "surrogatepass"),
            salt=f"{_VERSION}/scrypt".encode() + salt,
            n=2**log_n,
            r=_BLOCK_SIZE,
            p=1,
            maxmem=need + MIB,
            dklen=32,
        )
    except (ValueError, MemoryError) as problem:
        raise TooCostly(f"no {need} bytes of memory") from problem


def _derived(file_key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256, the first block."""
    middle = hmac.digest(salt or bytes(32), file_key, "sha256")
    return hmac.digest(middle, purpose + b"\x01", "sha256")


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")


def _last_chunk() -> bytes:
    """The nonce of a chunk that is both the first and the last."""
    return bytes(11) + b"\x01"


def _encrypt(key: bytes, nonce: bytes, plain: bytes) -> bytes:
    import nacl.bindings

    return nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt(plain, None, nonce, key)


def _decrypt(key: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    import nacl.bindings
    from nacl.exceptions import CryptoError

    try:
        return nacl.bindings.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, None, nonce, key)
    except CryptoError:
        return None


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _unbase64(text: bytes) -> bytes:
    """The canonical form only: another spelling of the same bytes is a changed file."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as problem:
        raise SealBroken("no Base64") from problem
    if _base64(data).encode() != text:
        raise SealBroken("no canonical Base64")
    return data
