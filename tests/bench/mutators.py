"""What may happen to a package: faults of a medium, and everything that somebody who knows the format might try."""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyrage

from ntm_desktop.exchange import Unlock
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.exchange.passphrase import passphrase_wrap
from ntm_desktop.model.changes import Change, canonical_json
from tests.core.package_forger import (
    Opened,
    Parts,
    borders,
    closed,
    described,
    parts_of,
    regions,
    with_lines,
    zipped,
)

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

HOSTILE_NAMES = (
    "../e/0001", "/e/0001", "e\\0001", "C:/e/0001", "e/0001 ", "E/0001", "e//0001", "e/0000", "e/00001", "e/1", "CON",
    "nul", "e/0001:x", "manifest.json", "changes.jsonl.zst.age", "e/0001.age", "recovery", "e/../../0001", "",
    "a" * 300, "e/0001\0", "é", "header.json", "key.age",
)  # fmt: skip
WRONG: tuple[Any, ...] = (True, [], {}, "", "x" * 400, "\u202e", -1, 2**53, [[]], {"a": None}, None, "0" * 64)


@dataclass(frozen=True)
class Base:
    """A good package, what is in it, and who could have signed or opened it."""

    name: str
    data: bytes
    taken: Opened
    keys: Keys
    stranger: Keys
    unlock: Unlock
    changes: tuple[Change, ...]

    @property
    def parts(self) -> Parts:
        """Names and stored bytes."""
        return parts_of(self.data)

    def zipped(self, parts: Parts) -> bytes:
        """A sound container around these entries."""
        return zipped(parts, self.taken.padding)


# --- faults of a medium -------------------------------------------------------------------------------------------


def bit_flip(chance: random.Random, base: Base) -> bytes:
    """One bit anywhere."""
    return flipped(base.data, chance.randrange(len(base.data)), chance.randrange(8))


def flipped(package: bytes, at: int, bit: int) -> bytes:
    """The package with one bit changed."""
    changed = bytearray(package)
    changed[at] ^= 1 << bit
    return bytes(changed)


def region_flip(chance: random.Random, base: Base) -> bytes:
    """One bit in a kind of place: small ones are hit as often as large ones."""
    found = regions(base.data)
    start, end = chance.choice(found[chance.choice(sorted(found))])
    return flipped(base.data, chance.randrange(start, end), chance.randrange(8))


def two_flips(chance: random.Random, base: Base) -> bytes:
    """Two faults at once, in two kinds of places."""
    found = regions(base.data)
    data = base.data
    for kind in chance.sample(sorted(found), 2):
        start, end = chance.choice(found[kind])
        data = flipped(data, chance.randrange(start, end), chance.randrange(8))
    return data


def bytes_set(chance: random.Random, base: Base) -> bytes:
    """Some bytes become others."""
    at, size = chance.randrange(len(base.data)), chance.choice((1, 2, 4, 16))
    return base.data[:at] + chance.randbytes(size) + base.data[at + chance.choice((1, size)) :]


def sector_lost(chance: random.Random, base: Base) -> bytes:
    """A sector reads as zeros."""
    return _zeroed(base.data, chance.randrange(0, len(base.data), 512), 512)


def hole(chance: random.Random, base: Base) -> bytes:
    """Many sectors do."""
    return _zeroed(base.data, chance.randrange(len(base.data)), chance.choice((2048, 4096, 16_384)))


def _zeroed(package: bytes, at: int, size: int) -> bytes:
    size = min(size, len(package) - at)
    return package[:at] + bytes(size) + package[at + size :]


def cut(chance: random.Random, base: Base) -> bytes:
    """A stick pulled too early."""
    return base.data[: chance.randrange(len(base.data))]


def cut_at_border(chance: random.Random, base: Base) -> bytes:
    """Cut where an entry begins or ends, or close to the end."""
    places = [len(base.data), *(at for _name, start, end, _extra in borders(base.data) for at in (start, end))]
    return base.data[: min(max(0, chance.choice(places) + chance.randrange(-3, 3)), len(base.data) - 1)]


def head_lost(chance: random.Random, base: Base) -> bytes:
    """The beginning is gone."""
    return base.data[chance.randrange(1, len(base.data)) :]


def added(chance: random.Random, base: Base) -> bytes:
    """Something more before, after or amid."""
    at = chance.choice((0, len(base.data), chance.randrange(len(base.data))))
    extra = chance.choice((b"\0", b"PK\x05\x06" + bytes(18), chance.randbytes(40), base.data))
    return base.data[:at] + extra + base.data[at:]


def moved(chance: random.Random, base: Base) -> bytes:
    """Two regions of one size change places."""
    size, data = chance.choice((1, 8, 64, 300)), base.data
    first, second = sorted(chance.sample(range(len(data) - size), 2))
    if second < first + size:
        return data[:first] + data[second:]
    middle, end = data[first + size : second], data[second + size :]
    return data[:first] + data[second : second + size] + middle + data[first : first + size] + end


# --- a sound container around other entries -----------------------------------------------------------------------


def entries(chance: random.Random, base: Base) -> bytes:
    """Entries removed, doubled, moved, renamed, exchanged or added."""
    parts = base.parts
    at, other = chance.sample(range(len(parts)), 2)
    act = chance.randrange(6)
    if act == 0:
        del parts[at]
    elif act == 1:
        parts.insert(chance.randrange(len(parts) + 1), parts[at])
    elif act == 2:
        parts[at], parts[other] = parts[other], parts[at]
    elif act == 3:
        parts[at] = (chance.choice(HOSTILE_NAMES), parts[at][1])
    elif act == 4:
        parts[at], parts[other] = (parts[at][0], parts[other][1]), (parts[other][0], parts[at][1])
    else:
        parts.insert(chance.randrange(len(parts) + 1), (chance.choice(HOSTILE_NAMES), chance.randbytes(20)))
    return base.zipped(parts)


def entry_of_another(chance: random.Random, base: Base) -> bytes:
    """An entry from another genuine package of the same sender: an older manifest, other changes, other evidence."""
    taken = base.taken

    def renumber(data: Any) -> None:
        data["package_id"] = "7a" * 16

    other = closed(taken, base.keys, edit_manifest=renumber, edit_header=renumber)
    theirs = dict(parts_of(other))
    parts = base.parts
    at = chance.choice([n for n, (name, data) in enumerate(parts) if theirs.get(name, data) != data])
    parts[at] = (parts[at][0], theirs[parts[at][0]])
    return base.zipped(parts)


def other_zip(chance: random.Random, base: Base) -> bytes:
    """The right entries in a ZIP that another program packed."""
    target = io.BytesIO()
    method = chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.comment = chance.choice((b"", b"hello"))
        for name, data in base.parts:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.extra = chance.choice((b"", b"\x99\x99\x02\x00ab"))
            archive.writestr(info, data, method)
    return target.getvalue()


def lying_layout(chance: random.Random, base: Base) -> bytes:
    """Local headers and directory that agree with each other about a wrong size."""
    parts = base.parts
    at = chance.randrange(len(parts))
    lie_ = chance.choice((-1, 1, 1000, 2**31, 2**32 - 1))
    return zipped(parts, base.taken.padding, {at: max(0, len(parts[at][1]) + lie_)})


def other_padding(chance: random.Random, base: Base) -> bytes:
    """Another amount of padding, or something in it."""
    if base.taken.padding and chance.random() < 0.5:
        start, end = chance.choice(regions(base.data)["padding"])
        return flipped(base.data, chance.randrange(start, end), chance.randrange(8))
    sizes = [size for size in (0, 1, 700, 65_000) if size != base.taken.padding]
    return zipped(base.parts, chance.choice(sizes))


# --- descriptions that lie ----------------------------------------------------------------------------------------


def header_edit(chance: random.Random, base: Base) -> bytes:
    """A header that somebody without the key has changed: everything agrees but the signature."""
    header = json.loads(dict(base.parts)["header.json"])
    name = chance.choice([name for name in header if name not in ("magic", "format")])
    if name == "signature":
        header[name] = chance.choice(("00" * 64, header[name][:-1] + ("0" if header[name][-1] != "0" else "1")))
    elif type(header[name]) is int:
        header[name] += 1
    elif type(header[name]) is str:
        swapped = {"age": "none", "none": "age"}
        header[name] = swapped.get(header[name], header[name][:-1] + chance.choice("0123456789"))
    else:
        _lie(chance, header, name)
    parts = [(entry, canonical_json(header) if entry == "header.json" else data) for entry, data in base.parts]
    return base.zipped(parts)


def _nodes(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in members:
        yield from _nodes(value, (*place, name))


def _lie(chance: random.Random, data: Any, member: str = "") -> None:
    """One place of a description becomes impossible or contradicts the rest (never another possible description)."""
    # What the sender says and nothing contradicts, and what is reckoned anew around a forgery.
    free = {"assessments", "receipt", "signature", "front"}
    places = [place for place in _nodes(data) if (place[0] == member if member else place[0] not in free)]
    *way, last = chance.choice(places)
    holder = data
    for name in way:
        holder = holder[name]
    old = holder[last]
    act = chance.randrange(4)
    if act == 0 and not isinstance(holder, list):
        del holder[last]
    elif act == 1 and isinstance(old, dict):
        old["thêm"] = 1
    elif act == 2 and type(old) is int:
        holder[last] = old + chance.choice((1, -1, 2**40, -(2**70)))
    else:
        # Nothing vouches for the names that people read.
        possible = {"name": ("", "0" * 64), "passphrase": (None,)}.get(str(last), ())
        holder[last] = chance.choice([value for value in WRONG if value not in (old, *possible)])


def lying_manifest(chance: random.Random, base: Base) -> bytes:
    """A manifest that contradicts itself, the header or the entries, signed all the same."""

    def edit(data: Any) -> None:
        _lie(chance, data)

    return closed(without_recovery(base), base.keys, edit_manifest=edit)


def lying_header(chance: random.Random, base: Base) -> bytes:
    """A header that contradicts the rest, signed all the same."""

    def edit(data: Any) -> None:
        _lie(chance, data)

    return closed(without_recovery(base), base.keys, edit_header=edit)


def without_recovery(base: Base) -> Opened:
    """Recovery data would be that of other bytes: whoever forges leaves it out and says so."""
    if not base.taken.manifest["recovery"]:
        return base.taken
    return replace(base.taken, manifest={**base.taken.manifest, "recovery": False}, recovery=None)


def lying_receipt(chance: random.Random, base: Base) -> bytes:
    """A receipt that no computer could give."""

    def edit(data: Any) -> None:
        receipt = data["receipt"]
        name, value = chance.choice((
            ("counter", 0), ("counter", -1), ("counter", 2**53), ("counter", "1"), ("vector", {"x": 1}),
            ("vector", {"0" * 32: 0}), ("vector", []), ("waiting", [["0" * 32, 5, 2]]), ("waiting", [["0" * 32, 1]]),
            ("waiting", [["0" * 32, 1, 2]] * 5_000), ("missing", ["x"]), ("missing", ["0" * 64] * 30_000),
            ("packages", ["0" * 32] * 500), ("packages", [None]), ("forks", [["x", 1]]), ("forks", {"0" * 32: 1}),
            ("thêm", 1),
        ))  # fmt: skip
        receipt[name] = value

    return closed(without_recovery(base), base.keys, edit_manifest=edit)


def odd_json(chance: random.Random, base: Base) -> bytes:
    """Header or manifest with the same meaning in another form, or in a form that has no meaning."""
    taken = without_recovery(base)
    sequence = b'"sequence":%d' % taken.header["sequence"]
    good = canonical_json(taken.header if chance.random() < 0.5 else taken.manifest)
    header = b"NTMPKG" in good
    odd = chance.choice((
        good + b"\n", b" " + good, b"\xef\xbb\xbf" + good, json.dumps(json.loads(good), indent=1).encode(),
        good.replace(sequence, sequence + b".0"), good.replace(sequence, b'"sequence":NaN'),
        good.replace(sequence, b'"sequence":1e999'), good.replace(sequence, b'"sequence":' + b"9" * 5000),
        good.replace(sequence, b"%b,%b" % (sequence, sequence)), good.replace(b'"0.1.0"', b'"\\ud800"'),
        good.replace(b'"0.1.0"', b'"0.1\\u002e0"'), b"[" * 60_000, b'{"a":' * 10_000, b'"\\"' * 20_000, good[:-1],
        good.decode().encode("utf-16"), b"", b"null", b"[]", good[:-1] + b"\xff",
    ))  # fmt: skip
    if header:
        return closed(taken, None, raw_header=odd)
    return closed(taken, base.keys, raw_manifest=odd)


def re_signed(chance: random.Random, base: Base) -> bytes:
    """Signed by another key, which the header names or not, and the manifest too or not."""
    act = chance.randrange(4)

    def name_stranger(data: Any) -> None:
        data["sender"]["key"] = base.stranger.key

    taken = without_recovery(base)
    if act == 0:
        return closed(taken, base.stranger)
    if act == 1:
        return closed(taken, base.stranger, edit_header=name_stranger)
    if act == 2:
        return closed(taken, base.keys, edit_header=name_stranger)
    return closed(taken, base.stranger, edit_header=name_stranger, edit_manifest=name_stranger)


def newer_format(chance: random.Random, base: Base) -> bytes:
    """A format that does not exist yet, or never did."""

    def edit(data: Any) -> None:
        data["format"] = chance.choice((0, 2, 3, 99, 2**40))
        data.update({"new member": {"a": [1]}} if chance.random() < 0.5 else {})

    return closed(without_recovery(base), base.keys, edit_header=edit)


# --- contents that are none ---------------------------------------------------------------------------------------


def wrong_changes(chance: random.Random, base: Base) -> bytes:
    """Lines whose hashes agree with the manifest and that are no journal, or not that of the signed ends."""
    lines = [canonical_json(change.to_json()) for change in base.changes]
    at = chance.randrange(len(lines))
    change = json.loads(lines[at])
    act = chance.randrange(9)
    if act == 0:
        del lines[at]
    elif act == 1:
        lines.insert(at, lines[at])
    elif act == 2:
        other = next(n for n in range(len(lines)) if n != at and base.changes[n].device == base.changes[at].device)
        lines[at], lines[other] = lines[other], lines[at]
    elif act == 3:
        lines[at] = b" " + lines[at]
    elif act == 4:
        lines.append(chance.choice((b"", b"{}", b"[[[[", b"\xff\xfe", b'{"a":1}', b"0")))
    else:
        name = chance.choice(list(change))
        wrong: list[Any] = ["", "y", None, -1, 1.5, True, [], {}, [[[[[[[[[[1]]]]]]]]]], 2**60, [["a", 2**60]]]
        change[name] = chance.choice([value for value in wrong if value != change[name]])
        lines[at] = json.dumps(change, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return closed(with_lines(without_recovery(base), lines, zstd.compress), base.keys)


def wrong_heads(chance: random.Random, base: Base) -> bytes:
    """Signed ends that are not, or not of these histories."""

    def edit(data: Any) -> None:
        heads = data["heads"]
        head = chance.choice(heads)
        act = chance.randrange(6)
        if act == 0:
            heads.remove(head)
        elif act == 1:
            heads.append(head)
        elif act == 2:
            head["hash"] = "ab" * 32
        elif act == 3:
            head["nonce"] = "cd" * 8
        elif act == 4:
            head["key"] = base.stranger.key if head["key"] != base.stranger.key else base.keys.key
        else:
            head["seq"] += chance.choice((-1, 1))

    return closed(without_recovery(base), base.keys, edit_manifest=edit)


def wrong_evidence(chance: random.Random, base: Base) -> bytes:
    """An entry that is not what its hash says, in a container (or a seal) that is sound."""
    taken = without_recovery(base)
    names = list(taken.contents)
    at = chance.choice(names)
    content = taken.contents[at]
    others = [taken.contents[name] for name in names if taken.contents[name] != content]
    changed = chance.choice((*others, content + b"x", content[:-1], flipped(content + b"\0", 0, 3), b""))
    if changed == content:
        changed = content + b"y"
    forged = replace(taken, contents={**taken.contents, at: changed})

    def as_before(data: Any) -> None:
        for entry, old in zip(data["entries"], taken.manifest["entries"], strict=True):
            entry["plain"] = old["plain"]

    if not taken.recipients:
        return closed(forged, base.keys, follow=False)
    return closed(forged, base.keys, edit_manifest=as_before)


def extra_listed(chance: random.Random, base: Base) -> bytes:
    """A manifest that lists an entry with a hostile name, which the container holds too."""
    name, data = chance.choice(HOSTILE_NAMES), chance.randbytes(30)
    taken = without_recovery(base)
    entry = {"name": name, "kind": "evidence", "media_type": "image/jpeg", "plain": described(data)}

    def edit(manifest: Any) -> None:
        manifest["entries"].append({**entry, "stored": described(data)})

    return zipped([*parts_of(closed(taken, base.keys, edit_manifest=edit)), (name, data)], taken.padding)


def wrong_seal(chance: random.Random, base: Base) -> bytes:
    """Sealed entries that are none, for others, or with a header that never ends; hashes and signature agree."""
    taken = without_recovery(base)
    if not taken.recipients:
        return wrong_evidence(chance, base)
    plain = canonical_json(taken.manifest)
    other = pyrage.x25519.Identity.generate().to_public()
    good = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(taken.recipients[0])])
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
    flood = b"age-encryption.org/v1\n" + stanza * chance.choice((200, 20_000)) + b"--- " + b"A" * 43 + b"\n" + bytes(99)
    sealed = chance.choice((
        plain, b"", pyrage.encrypt(plain, [other]), good[: len(good) // 2], good + b"x", flood,
        b"age-encryption.org/v1\n" + b"-" * 100_000, good.replace(b"age-encryption.org/v1", b"age-encryption.org/v9"),
    ))  # fmt: skip
    parts = dict(parts_of(closed(taken, base.keys)))
    parts["manifest.age"] = sealed

    def edit(data: Any) -> None:
        data["manifest"] = {"name": "manifest.age", **described(sealed)}

    header = dict(parts_of(closed(replace(taken, manifest=taken.manifest), base.keys, edit_header=edit)))["header.json"]
    parts["header.json"] = header
    return zipped(list(parts.items()), taken.padding)


def bomb(chance: random.Random, base: Base) -> bytes:
    """Changes that unpack to far more than they say or than may be, or descriptions with far too many members."""
    taken = without_recovery(base)
    act = chance.randrange(4)
    if act == 3:
        return _crowd(chance, base, taken)
    size = chance.choice((10, 100, 1000)) << 20
    if act == 0:
        packed = zstd.compress(bytes(2**20) if chance.random() < 0.5 else b"[" * 2**20) * (size >> 20)
    else:
        packed = _one_frame(size)
    said = chance.choice((100, 2**20, 90 << 20, size, 2**52))
    name = taken.manifest["entries"][0]["name"]

    def say(data: Any) -> None:
        data["entries"][0]["plain"]["size"] = said

    return closed(replace(taken, contents={**taken.contents, name: packed}), base.keys, edit_manifest=say)


def _one_frame(size: int) -> bytes:
    compressor = zstd.ZstdCompressor(level=1)
    piece = b'{"a":' * 2**18
    return b"".join(compressor.compress(piece) for _ in range(size // len(piece))) + compressor.flush()


def _crowd(chance: random.Random, base: Base, taken: Opened) -> bytes:
    """A manifest with very many of something."""

    def edit(data: Any) -> None:
        name = chance.choice(("entries", "heads", "cards", "assessments", "vector_to", "receipt"))
        if name == "vector_to":
            data[name] = {f"{number:032x}": 1 for number in range(100_000)}
        elif name == "receipt":
            data[name]["missing"] = [f"{number:064x}" for number in range(60_000)]
        else:
            data[name] = (data[name] or [{"a": 1}]) * 20_000

    return closed(taken, base.keys, edit_manifest=edit)


def costly_passphrase(chance: random.Random, base: Base) -> bytes:
    """A key under a passphrase that asks for terabytes, or that is none."""
    taken = without_recovery(base)
    good = passphrase_wrap("không phải khoá", "bốn từ dễ nhớ", 2)
    work = b"%d" % chance.choice((21, 22, 30, 62, 63, 64, 99))
    head, _cost, rest = good.partition(b" 2\n")
    key = chance.choice((head + b" " + work + b"\n" + rest, good, good[:-5], b"", b"x" * 3000, head + b" 02\n" + rest))
    if not taken.recipients:
        return zipped([(n, d) for name, data in base.parts for n, d in ([(name, data), ("key.age", key)]
                       if name == "header.json" else [(name, data)])], taken.padding)  # fmt: skip

    def edit(data: Any) -> None:
        data["recipients"], data["passphrase"] = [], described(key)

    return closed(replace(taken, locked_key=key), base.keys, edit_header=edit)
