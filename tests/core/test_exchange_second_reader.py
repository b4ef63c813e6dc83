"""A second reader, written from FORMAT.md alone: the standard library, the age tool and a signature check suffice."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nacl.signing
import pyrage
import pytest

from tests.core.exchange_samples import (
    KEYS,
    OFFICE_KEYS,
    OTHER_KEYS,
    recipient,
    sample_plan,
    write_one,
)

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

PASSPHRASE = "ba con voi trắng"
AGE = shutil.which("age") or shutil.which("rage")
Decrypt = Callable[[bytes, str], bytes]


def with_tool(sealed: bytes, secret: str, folder: Path) -> bytes:
    """The standard age tool."""
    (folder / "identity").write_text(secret + "\n", encoding="ascii")
    command = [str(AGE), "-d", "-i", str(folder / "identity")]
    return subprocess.run(command, input=sealed, capture_output=True, check=True).stdout


def with_library(sealed: bytes, secret: str, _folder: Path) -> bytes:
    """The library that the program uses, called as simply as can be."""
    return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)]))


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check_signed(value: dict[str, Any], key: str, prefix: bytes) -> None:
    unsigned = {name: member for name, member in value.items() if name != "signature"}
    nacl.signing.VerifyKey(bytes.fromhex(key)).verify(prefix + canonical(unsigned), bytes.fromhex(value["signature"]))


def second_reader(path: Path, secret: str, decrypt: Callable[[bytes, str, Path], bytes], folder: Path) -> Any:
    """Header, manifest, changes and contents by their hashes; every invariant that this takes no library to check."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        stored = {info.filename: archive.read(info) for info in archive.infolist()}
        offsets = {info.filename: info.header_offset for info in archive.infolist()}
    names = list(stored)
    header = json.loads(stored["header.json"])
    assert canonical(header) == stored["header.json"] and names[0] == "header.json"
    check_signed(header, header["sender"]["key"], b"ntm-package-1\n")
    ending = {"none": "", "age": ".age"}[header["encryption"]]
    if header["passphrase"]:
        assert names[1] == "key.age" and sha256(stored["key.age"]) == header["passphrase"]["sha256"]
        if not secret:
            secret = pyrage.passphrase.decrypt(stored["key.age"], PASSPHRASE).decode()

    def content(name: str) -> bytes:
        return decrypt(stored[name], secret, folder) if ending else stored[name]

    listed = header["manifest"]
    assert sha256(stored[listed["name"]]) == listed["sha256"] and len(stored[listed["name"]]) == listed["size"]
    manifest = json.loads(content(listed["name"]))
    assert offsets["changes.jsonl.zst" + ending] == header["front"]
    for member in ("format", "app_version", "package_id", "export_id", "sequence", "part"):
        assert manifest[member] == header[member]
    ends = names[len(names) - manifest["recovery"] :]
    assert ends == ["recovery"] * manifest["recovery"]
    entries = manifest["entries"]
    assert [entry["name"] for entry in entries] == names[names.index(listed["name"]) + 1 : len(names) - len(ends)]
    contents = {}
    for entry in entries:
        assert (entry["stored"]["size"], entry["stored"]["sha256"]) == (
            len(stored[entry["name"]]),
            sha256(stored[entry["name"]]),
        )
        plain = content(entry["name"])
        plain = zstd.decompress(plain) if entry["kind"] == "changes" else plain
        assert (entry["plain"]["size"], entry["plain"]["sha256"]) == (len(plain), sha256(plain))
        contents[entry["plain"]["sha256"]] = plain
    lines = contents[entries[0]["plain"]["sha256"]].splitlines()
    _check_journal(manifest, lines)
    return header, manifest, [json.loads(line) for line in lines], contents, stored.get("recovery"), offsets


def _check_journal(manifest: Any, lines: list[bytes]) -> None:
    held, last = dict(manifest["vector_from"]), dict[str, str]()
    for line in lines:
        change = json.loads(line)
        assert canonical(change) == line and change["unit"] == manifest["unit"]["code"]
        assert change["seq"] == held.get(change["device"], 0) + 1
        assert change["previous_hash"] == last.get(change["device"], "0" * 64)
        held[change["device"]], last[change["device"]] = change["seq"], sha256(line)
    assert held == manifest["vector_to"] and len(lines) == manifest["counts"]["changes"]
    assert {head["device"]: head["hash"] for head in manifest["heads"]} == last
    for head in manifest["heads"]:
        check_signed(head, head["key"], b"ntm-head-1\n")
        named = f"ntm-device-1\n{head['key']}\n{head['unit']}\n{head['nonce']}"
        assert head["device"] == sha256(named.encode())[:32]
    assert manifest["cards"][0]["key"] == manifest["sender"]["key"]
    for card in manifest["cards"]:
        check_signed(card, card["key"], b"ntm-card-1\n")


SEALINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "keys": {"recipients": (recipient(OFFICE_KEYS), recipient(OTHER_KEYS)), "recovery": True},
    "passphrase": {"passphrase": PASSPHRASE},
}


@pytest.mark.parametrize("sealing", SEALINGS)
def test_what_the_format_says_is_enough_to_read_a_package(tmp_path: Path, sealing: str) -> None:
    plan = sample_plan(tmp_path / "blobs", files=3, **SEALINGS[sealing])
    path = write_one(plan, tmp_path).path
    secret = OTHER_KEYS.age_secret if sealing == "keys" else ""
    header, manifest, changes, contents, _recovery, _offsets = second_reader(
        path, secret, with_tool if AGE else with_library, tmp_path
    )
    assert changes == [change.to_json() for change in plan.changes]
    for each in (*plan.blobs, *plan.catalogues):
        assert contents[each.ref.sha256] == each.path.read_bytes()
    assert manifest["receipt"] == plan.receipt.to_json()
    wanted = sorted(f"{keys.key_id}" for keys in (OFFICE_KEYS, OTHER_KEYS)) if sealing == "keys" else []
    assert header["recipients"] == wanted and header["sender"]["key"] == KEYS.key


def test_what_the_format_says_is_enough_to_mend(tmp_path: Path) -> None:
    """The index, and the parity where the erasure code's library is installed, from section 9."""
    leopard = pytest.importorskip("reed_solomon_leopard")
    plan = sample_plan(tmp_path / "blobs", files=12, size=400_000, recovery=True)
    path = write_one(plan, tmp_path).path
    *_rest, recovery, offsets = second_reader(path, "", with_library, tmp_path)
    whole = path.read_bytes()
    protected = offsets["recovery"]
    stripes = -(-protected // 2**25)
    shard = max(1024, 64 * -(-protected // (stripes * 1792 * 64)))
    data = -(-protected // (stripes * shard))
    touched = -(-min(2**20, protected) // shard) + 1
    parity = max(-(-data // 10), touched + 2)
    assert stripes == 1 and data > 1000
    hashes, page, at = list[bytes](), 0, 0
    while len(hashes) < data + parity:
        count = min(253, data + parity - len(hashes))
        content = recovery[at : at + 20 + 16 * count]
        assert content[:20] == b"NTMREC1\n" + struct.pack("<QI", protected, page)
        at += len(content) + 16
        assert hashlib.sha256(content).digest()[:16] == recovery[at - 16 : at]
        hashes += [content[start : start + 16] for start in range(20, len(content), 16)]
        page += 1
    index, parities = recovery[:at], recovery[at:-at]
    assert recovery[-at:] == index and len(parities) == parity * shard
    shards = [whole[start : min(start + shard, protected)].ljust(shard, b"\0") for start in range(0, protected, shard)]
    proofs = [parities[start : start + shard] for start in range(0, len(parities), shard)]
    assert [hashlib.sha256(each).digest()[:16] for each in (*shards, *proofs)] == hashes
    lost = range(5, 5 + parity)
    found = leopard.decode(
        data, parity, {n: each for n, each in enumerate(shards) if n not in lost}, dict(enumerate(proofs))
    )
    assert all(found[number] == shards[number] for number in lost)


@pytest.mark.parametrize("sealing", ["plain", "keys"])
def test_the_bytes_of_the_container_are_those_of_the_format(tmp_path: Path, sealing: str) -> None:
    """Local headers, padding, directory and end record written again from section 3."""
    package = write_one(sample_plan(tmp_path / "blobs", **SEALINGS[sealing]), tmp_path).path.read_bytes()
    with zipfile.ZipFile(tmp_path / next(path.name for path in tmp_path.glob("*.ntmpkg"))) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    front = json.loads(parts[0][1])["front"]
    before = [(name, data) for name, data in parts[:2]]
    padding = front - sum(30 + len(name) + len(data) for name, data in before) - 4
    written, directory = b"", b""
    for name, data in parts:
        extra = b"\x4e\x50" + struct.pack("<H", padding) + bytes(padding) if name.startswith("manifest") else b""
        raw, crc = name.encode("ascii"), zlib.crc32(data)
        sizes = struct.pack("<LLLH", crc, len(data), len(data), len(raw))
        fields = b"\x14\0" + bytes(6) + b"\x21\0" + sizes
        directory += b"PK\x01\x02\x14\x03" + fields + bytes(8) + struct.pack("<LL", 0x81A40000, len(written)) + raw
        written += b"PK\x03\x04" + fields + struct.pack("<H", len(extra)) + raw + extra + data
    end = struct.pack("<HHLLH", len(parts), len(parts), len(directory), len(written), 0)
    assert written + directory + b"PK\x05\x06" + bytes(4) + end == package
