"""Packages by somebody who knows the format well: opened, altered at will, all hashes and signatures made good again.

Nothing of the program's writer is used, so that what it would never write can be written.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pyrage

from ntm_desktop.exchange.identity import Keys
from ntm_desktop.model.changes import canonical_json

Parts: TypeAlias = list[tuple[str, bytes]]
Edit: TypeAlias = Callable[[Any], object]

PADDING_ID = 0x504E


def _nothing(_data: Any) -> None:
    pass


@dataclass(frozen=True)
class Opened:
    """A package taken apart: its descriptions, and the content of its entries (the changes still packed by zstd).

    ``recipients`` are age recipients to which it is sealed again; none: it is plain.
    """

    header: dict[str, Any]
    manifest: dict[str, Any]
    contents: dict[str, bytes]
    recipients: tuple[str, ...] = ()
    locked_key: bytes | None = None
    padding: int = 0
    recovery: bytes | None = None


def parts_of(package: bytes) -> Parts:
    """Names and stored bytes of the entries of a good package, read with the standard library."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def opened(package: bytes, secret: str = "") -> Opened:
    """A good package, opened with an age identity where it is sealed; it will be sealed to that identity again."""
    parts = dict(parts_of(package))
    identities = [pyrage.x25519.Identity.from_str(secret)] if secret else []

    def content(name: str) -> bytes:
        return bytes(pyrage.decrypt(parts[name], identities)) if name.endswith(".age") else parts[name]

    header = json.loads(parts["header.json"])
    manifest = json.loads(content(header["manifest"]["name"]))
    recipients = (str(identities[0].to_public()),) if header["encryption"] == "age" else ()
    return Opened(
        header=header,
        manifest=manifest,
        contents={entry["name"]: content(entry["name"]) for entry in manifest["entries"]},
        recipients=recipients,
        locked_key=parts.get("key.age"),
        padding=padding_of(package),
        recovery=parts.get("recovery"),
    )


def closed(
    package: Opened,
    keys: Keys | None,
    edit_manifest: Edit = _nothing,
    edit_header: Edit = _nothing,
    raw_manifest: bytes | None = None,
    raw_header: bytes | None = None,
    follow: bool = True,
) -> bytes:
    """The package's bytes; sizes and hashes agree with its contents again (with ``follow``), ``keys`` sign.

    ``edit_manifest`` comes after the hashes, ``edit_header`` before the signature; without ``keys`` the old signature
    stays.
    """
    header, manifest = json.loads(json.dumps(package.header)), json.loads(json.dumps(package.manifest))
    stored = {name: _sealed(content, package.recipients) for name, content in package.contents.items()}
    for entry in manifest["entries"]:
        if follow and entry["name"] in stored:
            entry["stored"] = described(stored[entry["name"]])
            if entry["kind"] != "changes":
                entry["plain"] = described(package.contents[entry["name"]])
    edit_manifest(manifest)
    content = raw_manifest if raw_manifest is not None else canonical_json(manifest)
    sealed = _sealed(content, package.recipients)
    header["manifest"] = {"name": header["manifest"]["name"], **described(sealed)}
    rest = _front([(header["manifest"]["name"], sealed), ("key.age", package.locked_key)])
    header["front"] = next(
        front
        for digits in range(1, 11)
        for front in [max(10 ** (digits - 1), rest + _header_size({**header, "front": 10 ** (digits - 1)}))]
        if front < 10**digits
    )
    edit_header(header)
    if keys is not None:
        unsigned = canonical_json({name: value for name, value in header.items() if name != "signature"})
        header["signature"] = keys.sign(b"ntm-package-1\n" + unsigned).hex()
    first = raw_header if raw_header is not None else canonical_json(header)
    parts: Parts = [("header.json", first)]
    parts += [("key.age", package.locked_key)] if package.locked_key is not None else []
    parts += [(package.header["manifest"]["name"], sealed), *stored.items()]
    parts += [("recovery", package.recovery)] if package.recovery is not None else []
    padding = header["front"] - rest - len(first) - 41 if type(header.get("front")) is int else 0
    return zipped(parts, padding if 0 <= padding <= 0xFFFF - 4 else 0)


def _header_size(header: dict[str, Any]) -> int:
    return 41 + len(canonical_json(header))


def _front(parts: Sequence[tuple[str, bytes | None]]) -> int:
    """Bytes of the key and the manifest with their local headers, the manifest's with a field of no padding."""
    return 4 + sum(30 + len(name) + len(data) for name, data in parts if data is not None)


def with_lines(package: Opened, lines: Sequence[bytes], pack: Callable[[bytes], bytes]) -> Opened:
    """The same with other changes, which the manifest counts and hashes as they are."""
    plain = b"".join(line + b"\n" for line in lines)
    manifest = json.loads(json.dumps(package.manifest))
    name = manifest["entries"][0]["name"]
    manifest["entries"][0]["plain"] = described(plain)
    return replace(package, manifest=manifest, contents={**package.contents, name: pack(plain)})


def described(content: bytes) -> dict[str, Any]:
    """Size and hash as descriptions have them."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _sealed(content: bytes, recipients: Sequence[str]) -> bytes:
    keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    return bytes(pyrage.encrypt(content, keys)) if keys else content


# --- the container ------------------------------------------------------------------------------------------------


def zipped(parts: Parts, padding: int = 0, sizes: dict[int, int] | None = None) -> bytes:
    """A container around any entries: structurally as good as the program's own; ``sizes`` says others than are so."""
    body, central = bytearray(), bytearray()
    padded = next((at for at, (name, _data) in enumerate(parts) if name.startswith("manifest.")), -1)
    for at, (name, data) in enumerate(parts):
        extra = struct.pack("<2H", PADDING_ID, padding) + bytes(padding) if at == padded else b""
        size = (sizes or {}).get(at, len(data)) & 0xFFFFFFFF
        raw, offset, crc = name.encode("utf-8"), len(body), zlib.crc32(data)
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, crc, size, size, len(raw), len(extra))
        body += raw + extra + data
        central += struct.pack("<4s4B4H3L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 33, crc, size, size, len(raw),
                               0, 0, 0, 0, 0o100644 << 16, offset) + raw  # fmt: skip
    count = len(parts)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), len(body), 0)
    return bytes(body + central + end)


def padding_of(package: bytes) -> int:
    """Zero bytes before the manifest."""
    for _name, start, _end, extra in borders(package):
        if extra:
            return struct.unpack_from("<2H", package, start - extra)[1]  # type: ignore[no-any-return]
    return 0


def borders(package: bytes) -> list[tuple[str, int, int, int]]:
    """Name, begin and end of the content of each entry, and the length of the extra field before it."""
    found: list[tuple[str, int, int, int]] = []
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<2H", package, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            found.append((info.filename, start, start + info.compress_size, extra))
    return found


def regions(package: bytes) -> dict[str, list[tuple[int, int]]]:
    """Where each kind of thing lies in a package: what a fault of the medium may hit."""
    found: dict[str, list[tuple[int, int]]] = {}
    end = 0
    for name, start, stop, extra in borders(package):
        kind = name.partition("/")[0].partition(".")[0]
        found.setdefault("container", []).append((end, start - extra))
        if extra > 4:
            found.setdefault("padding", []).append((start - extra + 4, start))
        if stop > start:
            found.setdefault({"e": "evidence"}.get(kind, kind), []).append((start, stop))
        end = stop
    found["directory"] = [(end, len(package))]
    return found
