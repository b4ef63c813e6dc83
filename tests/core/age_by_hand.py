"""The age format read with libsodium alone, from its specification: a second opinion on what the program seals.

Slow and without mercy for anything unusual; X25519 and scrypt recipients only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from nacl.bindings import crypto_aead_chacha20poly1305_ietf_decrypt, crypto_scalarmult, crypto_scalarmult_base

CHARS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHUNK, TAG = 64 * 1024, 16


def bech32_bytes(text: str) -> bytes:
    """The data of a Bech32 text; its checksum is not looked at."""
    bits = "".join(f"{CHARS.index(char):05b}" for char in text.lower().rpartition("1")[2][:-6])
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def bech32_text(prefix: str, data: bytes) -> str:
    """``data`` as Bech32."""
    bits = "".join(f"{byte:08b}" for byte in data)
    values = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    spread = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = 1
    for value in [*spread, *values, *[0] * 6]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> place & 1 else 0
    check ^= 1
    return f"{prefix}1" + "".join(CHARS[value] for value in [*values, *(check >> 5 * (5 - i) & 31 for i in range(6))])


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), info + b"\x01", "sha256")


def unbase64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def stanzas(header: str) -> list[tuple[list[str], bytes]]:
    """Arguments and body of every recipient stanza."""
    found: list[tuple[list[str], str]] = []
    for line in header.splitlines()[1:]:
        if line.startswith("-> "):
            found.append((line.split(" ")[1:], ""))
        elif not line.startswith("---"):
            found[-1] = (found[-1][0], found[-1][1] + line)
    return [(arguments, unbase64(body)) for arguments, body in found]


def file_key_of(header: str, identity: str, passphrase: str) -> bytes:
    for (kind, *arguments), body in stanzas(header):
        if kind == "X25519" and identity:
            secret = bech32_bytes(identity)
            share, public = unbase64(arguments[0]), crypto_scalarmult_base(secret)
            wrap = hkdf(crypto_scalarmult(secret, share), share + public, b"age-encryption.org/v1/X25519")
        elif kind == "scrypt" and passphrase:
            salt, power = b"age-encryption.org/v1/scrypt" + unbase64(arguments[0]), 2 ** int(arguments[1])
            wrap = hashlib.scrypt(passphrase.encode(), salt=salt, n=power, r=8, p=1, maxmem=2**31 - 1, dklen=32)
        else:
            continue
        try:
            return crypto_aead_chacha20poly1305_ietf_decrypt(body, None, bytes(12), wrap)
        except Exception:  # another's stanza
            continue
    raise ValueError("no stanza opens")


def opened_by_hand(data: bytes, identity: str = "", passphrase: str = "") -> bytes:
    """The content of an age file; raises something where anything in it is wrong."""
    end = data.index(b"\n--- ") + len(b"\n---")
    header, line_end = data[:end], data.index(b"\n", end)
    assert header.startswith(b"age-encryption.org/v1\n")
    file_key = file_key_of(header.decode(), identity, passphrase)
    assert unbase64(data[end + 1 : line_end].decode()) == hmac.digest(hkdf(file_key, b"", b"header"), header, "sha256")
    nonce, payload = data[line_end + 1 : line_end + 17], data[line_end + 17 :]
    key, plain = hkdf(file_key, nonce, b"payload"), b""
    chunks = [payload[at : at + CHUNK + TAG] for at in range(0, len(payload), CHUNK + TAG)]
    for number, chunk in enumerate(chunks):
        last = bytes([number == len(chunks) - 1])
        plain += crypto_aead_chacha20poly1305_ietf_decrypt(chunk, None, number.to_bytes(11, "big") + last, key)
    return plain
