"""Damages and forges packages at random and looks whether the reader refuses every one.

    python tests/bench/mutate_packages.py 100000 [--seed 7]

Prints one line per kind of mutation and a summary; the exit code is 1 where anything was accepted, crashed or hung.
Repeatable: the same count and seed give the same mutations. A sample runs with the tests.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ntm_desktop.errors import PackageRefused
from ntm_desktop.exchange import read_package
from ntm_desktop.exchange.layout import Layout, Slot
from tests.core.exchange_samples import entry_of, forged, parts_of, sample_package, zipped

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

Mutator: TypeAlias = Callable[[random.Random, bytes], bytes]

HOSTILE_NAMES = (
    "../e/0001", "/e/0001", "e\\0001", "C:/e/0001", "e/0001 ", "E/0001", "e//0001", "e/0000", "e/00001", "e/1", "CON",
    "nul", "e/0001:x", "manifest.json", "changes.jsonl.zst.age", "e/0001.age", "recovery", "e/../../0001", "",
    "a" * 300,
)  # fmt: skip
SLOWEST = 5.0
MOST_KEPT = 10


def bit_flip(chance: random.Random, package: bytes) -> bytes:
    at, bit = chance.randrange(len(package)), chance.randrange(8)
    return flipped(package, at, bit)


def flipped(package: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(package)
    changed[at] ^= 1 << bit
    return bytes(changed)


def bytes_set(chance: random.Random, package: bytes) -> bytes:
    at = chance.randrange(len(package))
    return package[:at] + chance.randbytes(chance.choice((1, 2, 4, 16))) + package[at + 1 :]


def sector_lost(chance: random.Random, package: bytes) -> bytes:
    at = chance.randrange(0, len(package), 512)
    return package[:at] + bytes(min(512, len(package) - at)) + package[at + 512 :]


def cut(chance: random.Random, package: bytes) -> bytes:
    return package[: chance.randrange(len(package))]


def head_lost(chance: random.Random, package: bytes) -> bytes:
    return package[chance.randrange(1, len(package)) :]


def added(chance: random.Random, package: bytes) -> bytes:
    at = chance.choice((0, len(package), chance.randrange(len(package))))
    extra = chance.choice((b"\0", b"PK\x05\x06" + bytes(18), chance.randbytes(40), package))
    return package[:at] + extra + package[at:]


def moved(chance: random.Random, package: bytes) -> bytes:
    """Two regions of one size change places."""
    size = chance.choice((1, 8, 64, 300))
    first, second = sorted(chance.sample(range(len(package) - size), 2))
    if second < first + size:
        return package[:first] + package[second:]
    middle = package[first + size : second]
    return package[:first] + package[second : second + size] + middle + package[first : first + size] + (
        package[second + size :]
    )  # fmt: skip


def entries(chance: random.Random, package: bytes) -> bytes:
    """A sound container around entries that were removed, doubled, moved, renamed, exchanged or added."""
    parts = parts_of(package)
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
    return zipped(parts)


def other_zip(chance: random.Random, package: bytes) -> bytes:
    """The right entries in a ZIP that another program packed."""
    target = io.BytesIO()
    method = chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.comment = chance.choice((b"", b"hello"))
        for name, data in parts_of(package):
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.extra = chance.choice((b"", b"\x99\x99\x02\x00ab"))
            archive.writestr(info, data, method)
    return target.getvalue()


def lying_layout(chance: random.Random, package: bytes) -> bytes:
    """Local headers and directory that agree with each other about a wrong size."""
    parts = parts_of(package)
    at = chance.randrange(len(parts))
    lie = chance.choice((-1, 1, 1000, 2**31, 2**32 + 5, 2**62))
    slots = [Slot(name, len(data)) for name, data in parts]
    slots[at] = Slot(slots[at].name, max(0, slots[at].size + lie))
    layout = Layout(tuple(slots))
    return b"".join(layout.local_header(i, 0) + data for i, (_n, data) in enumerate(parts)) + layout.directory(
        [0] * len(parts)
    )


def _nodes(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in members:
        yield from _nodes(value, (*place, name))


def lie(chance: random.Random, data: Any) -> None:
    """One place of a description becomes impossible or contradicts the rest (never another possible description)."""
    *way, last = chance.choice([place for place in _nodes(data) if place[0] != "assessments"])
    holder = data
    for name in way:
        holder = holder[name]
    old = holder[last]
    act = chance.randrange(4)
    if act == 0 and not (isinstance(holder, list) and not holder[last:]):
        del holder[last]
    elif act == 1 and isinstance(old, dict):
        old["thêm"] = 1
    elif act == 2 and type(old) is int:
        holder[last] = old + chance.choice((1, -1, 2**40, -(2**70)))
    else:
        wrong: list[Any] = [True, [], {}, "", "x" * 400, "\u202e", -1, 2**53, [[]], {"a": None}]
        possible = "" if last == "name" else old  # nothing vouches for the names that people read
        holder[last] = chance.choice([value for value in wrong if value not in (old, possible)])


def lying_manifest(chance: random.Random, package: bytes) -> bytes:
    return forged(package, edit_manifest=lambda data: lie(chance, data))


def lying_header(chance: random.Random, package: bytes) -> bytes:
    return forged(package, edit_header=lambda data: lie(chance, data))


def odd_json(chance: random.Random, package: bytes) -> bytes:
    """Header or manifest with the same meaning in another form, or in a form that has no meaning."""
    name = chance.choice(("header.json", "manifest.json"))
    good = dict(parts_of(package))[name]
    odd = chance.choice(
        (
            good + b"\n", b" " + good, b"\xef\xbb\xbf" + good, json.dumps(json.loads(good), indent=1).encode(),
            good[:-1] + b',"part":{"number":1,"of":1}}', good.replace(b'"sequence":3', b'"sequence":3.0'),
            good.replace(b'"sequence":3', b'"sequence":NaN'), good.replace(b'"sequence":3', b'"sequence":1e999'),
            good.replace(b'"sequence":3', b'"sequence":' + b"9" * 5000), b"[" * 60_000, b'{"a":' * 10_000,
            b'"\\"' * 20_000,
            good.decode().encode("utf-16"), good[:-1], b"", b"null", b"[]", good.replace(b"NTMPKG", b"NTMPK\xff"),
            good.replace(b'"sequence":3', b'"sequence":3,"sequence":3'), good.replace(b"0.1.0", b"\\ud800"),
        )
    )  # fmt: skip
    return forged(package, raw_header=odd) if name == "header.json" else forged(package, raw_manifest=odd)


def wrong_changes(chance: random.Random, package: bytes) -> bytes:
    """Lines whose hashes agree with the manifest and that are no journal."""
    lines = zstd.decompress(dict(parts_of(package))["changes.jsonl.zst"]).splitlines()
    changes = [json.loads(line) for line in lines]
    # Not the last change of a device, and followed by its own: what a forger may not alter unnoticed.
    at = chance.choice([n for n in range(len(lines) - 1) if changes[n]["device"] == changes[n + 1]["device"]])
    change = changes[at]
    act = chance.randrange(9)
    if act == 0:
        del lines[at]
    elif act == 1:
        lines.insert(at, lines[at])
    elif act == 2:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif act == 3:
        lines[at] = b" " + lines[at]
    elif act == 4:
        lines.append(chance.choice((b"", b"{}", b"[[[[", b"\xff\xfe", b'{"a":1}', b"0")))
    else:
        name = chance.choice(list(change))
        wrong: list[Any] = ["", "y", None, -1, 1.5, True, [], {}, [[[[[[[[[[1]]]]]]]]]], 2**60, [["a", 2**60]]]
        change[name] = chance.choice([value for value in wrong if value != change[name]])
        lines[at] = json.dumps(change, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return forged(package, lines=lines)


def bomb(chance: random.Random, package: bytes) -> bytes:
    """Changes that unpack to far more than they say or than may be."""
    size = chance.choice((10, 100, 1000)) * 2**20
    part = zstd.compress(bytes(2**20) if chance.random() < 0.5 else b"[" * 2**20)
    packed = part * chance.choice((1, size >> 20)) if chance.random() < 0.3 else one_frame(size)
    said = chance.choice((100, 2**20, 90 * 2**20, size, 2**52))

    def say(data: Any) -> None:
        data["entries"][0]["plain"]["size"] = said

    return forged(package, say, packed=packed)


def one_frame(size: int) -> bytes:
    compressor = zstd.ZstdCompressor(level=1)
    piece = b'{"a":' * 2**18
    return b"".join(compressor.compress(piece) for _ in range(size // len(piece))) + compressor.flush()


def extra_listed(chance: random.Random, package: bytes) -> bytes:
    """A manifest that lists an entry with a hostile name, which the container holds too."""
    name, data = chance.choice(HOSTILE_NAMES), chance.randbytes(30)
    changed = forged(package, lambda manifest: manifest["entries"].append(entry_of(name, data)))
    return zipped([*parts_of(changed), (name, data)])


MUTATORS: Mapping[str, tuple[Mutator, float]] = {
    "bit_flip": (bit_flip, 30),
    "bytes_set": (bytes_set, 8),
    "sector_lost": (sector_lost, 6),
    "cut": (cut, 12),
    "head_lost": (head_lost, 3),
    "added": (added, 6),
    "moved": (moved, 6),
    "entries": (entries, 8),
    "other_zip": (other_zip, 2),
    "lying_layout": (lying_layout, 4),
    "lying_manifest": (lying_manifest, 10),
    "lying_header": (lying_header, 6),
    "odd_json": (odd_json, 4),
    "wrong_changes": (wrong_changes, 8),
    "extra_listed": (extra_listed, 2),
    "bomb": (bomb, 0.2),
}


def verdict(path: Path) -> str:
    """How the reader takes a file: refused, or what is wrong with the reader."""
    begun = time.monotonic()
    try:
        read_package(path).close()
        return "ACCEPTED"
    except PackageRefused as refusal:
        if not refusal.message or not refusal.hint:
            return "NO SENTENCE"
    except BaseException as problem:
        return f"CRASHED {type(problem).__name__}: {problem}"
    return "refused" if time.monotonic() - begun < SLOWEST else "SLOW"


def lazily(path: Path) -> str:
    """The same for who lets the evidence store check the blobs while it copies them."""
    try:
        with read_package(path, verify_blobs=False) as package:
            for ref in package.blobs:
                with package.open(ref) as stream:
                    if hashlib.sha256(stream.read()).hexdigest() != ref.sha256:
                        return "refused" if package.damaged(ref).message else "NO SENTENCE"
            # What only the full reading looks at is the CRC of a blob whose SHA-256 is right.
            return "ACCEPTED"
    except PackageRefused:
        return "refused"
    except BaseException as problem:
        return f"CRASHED {type(problem).__name__}: {problem}"


def mutations(count: int, seed: int, folder: Path) -> Iterator[tuple[str, bytes]]:
    """``count`` kinds and damaged packages."""
    bases = [sample_package(folder / str(n), seed=seed + n, changes=20, files=n, size=900) for n in (4, 1, 0)]
    chance = random.Random(seed)
    names, weights = list(MUTATORS), [weight for _mutator, weight in MUTATORS.values()]
    for _ in range(count):
        name, base = chance.choices(names, weights)[0], chance.choice(bases)
        mutated = MUTATORS[name][0](chance, base)
        while mutated == base:
            mutated = bit_flip(chance, mutated)
        yield name, mutated


def run(count: int, seed: int) -> Counter[tuple[str, str]]:
    """Kinds and verdicts of ``count`` mutations."""
    found: Counter[tuple[str, str]] = Counter()
    kept = 0
    with tempfile.TemporaryDirectory(prefix="ntm-mutate-") as name:
        path = Path(name) / "gói.ntmpkg"
        for number, (kind, mutated) in enumerate(mutations(count, seed, Path(name)), start=1):
            path.write_bytes(mutated)
            result = verdict(path)
            if result == "refused" and number % 5 == 0:
                result = lazily(path)
            found[kind, result] += 1
            if result != "refused" and kept < MOST_KEPT:
                kept += 1
                evidence = Path(tempfile.gettempdir()) / f"mutation-{seed}-{number}.ntmpkg"
                evidence.write_bytes(mutated)
                print(kind, result, evidence)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    begun = time.monotonic()
    found = run(wanted.count, wanted.seed)
    for (kind, result), number in sorted(found.items()):
        print(f"{kind:16} {result:10} {number}")
    bad = sum(number for (_kind, result), number in found.items() if result != "refused")
    seconds = time.monotonic() - begun
    peak = ""
    if sys.platform != "win32":
        import resource

        peak = f", peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    total = sum(found.values())
    print(f"{total} mutated packages: {total - bad} refused, {bad} not; {seconds:.0f} s{peak}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
