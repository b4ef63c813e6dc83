"""Whatever is wrong with a package, it is refused with a sentence that names what, in bounded time and memory."""

from __future__ import annotations

import json
import os
import random
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ntm_desktop.errors import PackageDamaged, PackageRefused, PackageTooNew, PackageUntrusted
from ntm_desktop.exchange import LIMITS, Limits, peek, read_package
from ntm_desktop.model.progress import Cancelled, Silent
from tests.bench import mutate_packages
from tests.core.exchange_samples import (
    DEVICE,
    KEYS,
    OFFICE_KEYS,
    OTHER,
    OTHER_KEYS,
    card_of,
    forged,
    heads_of,
    journal,
    lines_of,
    parts_of,
    recipient,
    sample_package,
    unlock,
    zipped,
)
from tests.core.package_forger import borders, padding_of

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return sample_package(tmp_path_factory.mktemp("good"), changes=12, files=3, size=500)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gói.ntmpkg"


def refusal(path: Path, content: bytes | None = None, limits: Limits = LIMITS) -> str:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PackageRefused) as caught:
        read_package(path, limits=limits)
    assert caught.value.hint
    return caught.value.message


def flipped(package: bytes, at: int, bit: int) -> bytes:
    """The package with one bit changed."""
    changed = bytearray(package)
    changed[at] ^= 1 << bit
    return bytes(changed)


def verdict(path: Path) -> str:
    """Whether the reader refuses a file with a sentence."""
    try:
        read_package(path).close()
    except PackageRefused as problem:
        return "refused" if problem.message and problem.hint else "no sentence"
    return "accepted"


# --- damage -------------------------------------------------------------------------------------------------------


def test_the_good_one_is_taken(good: bytes, path: Path) -> None:
    path.write_bytes(good)
    read_package(path).close()
    assert zipped(parts_of(good), padding_of(good)) == good
    path.write_bytes(forged(good))
    read_package(path).close()


def test_a_bit_flipped_in_any_byte_is_noticed(good: bytes, path: Path) -> None:
    """In every fourth byte; the bench goes through more."""
    chance = random.Random(11)
    taken = [
        at
        for at in range(chance.randrange(4), len(good), 4)
        if path.write_bytes(flipped(good, at, chance.randrange(8))) and verdict(path) != "refused"
    ]
    assert taken == []


def test_every_bit_of_the_container_and_the_descriptions_counts(good: bytes, path: Path) -> None:
    """Local headers, header, manifest, central directory and end record, bit by bit in a sample of their bytes."""
    evidence = good.index(b"e/0001") - 30, good.index(b"catalogs/0001")
    places = [at for at in range(len(good)) if not evidence[0] <= at < evidence[1]]
    for at in random.Random(12).sample(places, 100):
        for bit in range(8):
            path.write_bytes(flipped(good, at, bit))
            assert verdict(path) == "refused", (at, bit)


def test_cut_at_any_length_is_refused(good: bytes, path: Path) -> None:
    """At the borders of everything and at every fifth length."""
    edges = {at + step for _name, start, end, _extra in borders(good) for at in (start, end) for step in (-1, 0, 1)}
    path.write_bytes(good)
    for size in sorted(edges | set(range(0, len(good), 5)), reverse=True):
        os.truncate(path, size)
        assert verdict(path) == "refused", size


def test_a_sample_of_all_mutations_is_refused_or_mended() -> None:
    found = mutate_packages.run(1500, seed=2024)
    assert {result for _kind, result in found} <= mutate_packages.GOOD
    assert len({kind for kind, _result in found}) >= len(mutate_packages.MUTATORS) - 1, "rare ones may be missing"


# --- sentences ----------------------------------------------------------------------------------------------------


def test_a_damaged_evidence_file_is_named(good: bytes, path: Path) -> None:
    content = dict(parts_of(good))["e/0003"]
    at = good.index(content) + 5
    message = refusal(path, flipped(good, at, 0))
    assert message == "Gói «gói.ntmpkg» bị hỏng ở tệp minh chứng thứ 3 (ảnh «ảnh 2.jpg»)."
    with pytest.raises(PackageDamaged) as caught:
        read_package(path)
    assert caught.value.files == ("ảnh 2.jpg",) and caught.value.salvageable
    with read_package(path, verify_blobs=False) as package:
        assert package.damaged_at(package.blobs[2]).message == message
        assert package.open(package.blobs[2]).read() != content
        assert package.open(package.blobs[1]).read() == dict(parts_of(good))["e/0002"]


def test_all_damaged_files_are_named_at_once(good: bytes, path: Path) -> None:
    damaged = good
    for name in ("e/0001", "e/0003"):
        content = dict(parts_of(good))[name]
        damaged = damaged.replace(content, bytes(len(content)))
    path.write_bytes(damaged)
    with pytest.raises(PackageDamaged) as caught:
        read_package(path)
    assert caught.value.files == ("ảnh 0.jpg", "ảnh 2.jpg") and caught.value.salvageable
    assert "«ảnh 0.jpg»" in caught.value.message and "«ảnh 2.jpg»" in caught.value.message


# --- whose it is --------------------------------------------------------------------------------------------------


def test_a_header_that_somebody_edited_is_not_the_senders(good: bytes, path: Path) -> None:
    """Every member of the header is under the signature; who has no key cannot make it good again."""
    edits: list[Callable[[Any], Any]] = [
        lambda h: h.update(package_id="0" * 32),
        lambda h: h.update(export_id="0" * 32),
        lambda h: h.update(sequence=4),
        lambda h: h["part"].update(of=2),
        lambda h: h["sender"].update(device=OTHER),
        lambda h: h["sender"].update(key=OTHER_KEYS.key),
        lambda h: h.update(app_version="9"),
        lambda h: h["manifest"].update(sha256="0" * 64),
        lambda h: h.update(signature="0" * 128),
    ]
    for edit in edits:
        path.write_bytes(forged(good, edit_header=edit, signer=None))
        with pytest.raises(PackageUntrusted, match="Chữ ký"):
            read_package(path)
        with pytest.raises(PackageUntrusted):
            peek(path)
    path.write_bytes(forged(good, signer=OTHER_KEYS))
    assert "Chữ ký" in refusal(path)


def test_a_package_signed_anew_by_another_is_that_others(good: bytes, path: Path) -> None:
    """It must say so: neither the first card nor the sender's device may stay the first sender's."""
    theirs = {"device": OTHER, "key": OTHER_KEYS.key}

    def say(manifest: Any) -> None:
        manifest["sender"].update(theirs)

    path.write_bytes(forged(good, say, lambda h: h.update(sender=theirs), signer=OTHER_KEYS))
    assert "Bảng kê" in refusal(path)

    def introduce(manifest: Any) -> None:
        manifest["sender"].update(theirs)
        manifest["cards"] = [card_of(OTHER_KEYS).to_json()]

    path.write_bytes(forged(good, introduce, lambda h: h.update(sender=theirs), signer=OTHER_KEYS))
    with read_package(path) as package:
        assert package.header.sender_key == OTHER_KEYS.key
    mixed = {"device": DEVICE, "key": OTHER_KEYS.key}

    def borrow(manifest: Any) -> None:
        introduce(manifest)
        manifest["sender"].update(mixed)

    path.write_bytes(forged(good, borrow, lambda h: h.update(sender=mixed), signer=OTHER_KEYS))
    assert "Bảng kê" in refusal(path)


def test_only_a_device_signs_for_itself(good: bytes, path: Path) -> None:
    """The one who relays changes has no key of their writer: heads cannot be made, moved or left out."""
    fine = journal(12)
    last = lines_of(fine)[-1]

    def attempt(heads: list[Any]) -> str:
        def say(manifest: Any) -> None:
            manifest["counts"].update(changes=12, evidence=0)
            manifest.update(vector_to={DEVICE: 12}, heads=heads)
            manifest["entries"] = [manifest["entries"][0], *manifest["entries"][-1:]]

        content = forged(good, say, lines=lines_of(fine))
        return refusal(path, zipped([part for part in parts_of(content) if not part[0].startswith("e/")]))

    [head] = [each.to_json() for each in heads_of(fine)]
    assert last and attempt([]) and attempt([head, head])
    assert "chữ ký" in attempt([{**head, "hash": "0" * 64}])
    assert "chữ ký" in attempt([{**head, "signature": "0" * 128}])
    assert "chữ ký" in attempt([{**head, "nonce": "0" * 16}])
    assert attempt([{**head, "seq": 11}])
    assert attempt([{**head, "unit": "99999"}])
    stolen = replace(heads_of(fine)[0], key=OTHER_KEYS.key)
    assert attempt([replace(stolen, signature=OTHER_KEYS.sign(stolen.signed()).hex()).to_json()])


def test_cards_are_signed_by_themselves(good: bytes, path: Path) -> None:
    card = card_of(OTHER_KEYS).to_json()
    for edit in ({"name": "Máy khác"}, {"role": "office"}, {"age": KEYS.age}, {"signature": "0" * 128}):

        def exchange(manifest: Any, edit: dict[str, str] = edit) -> None:
            manifest["cards"][1] = {**card, **edit}

        assert "Bảng kê" in refusal(path, forged(good, exchange))


def test_each_part_has_its_sentence(good: bytes, path: Path) -> None:
    parts = dict(parts_of(good))

    def hit(content: bytes) -> str:
        return refusal(path, flipped(good, good.index(content) + 3, 1))

    assert "header.json" in hit(parts["header.json"])
    assert "bảng kê nội dung" in hit(parts["manifest.json"])
    assert "phần các thay đổi" in hit(parts["changes.jsonl.zst"])
    assert "bộ tiêu chí thứ 1" in hit(parts["catalogs/0001"])
    assert "mục lục cuối tệp" in refusal(path, flipped(good, len(good) - 3, 1))
    assert "bị cắt ngắn" in refusal(path, good[:-1])
    assert f"{len(good)} byte" in refusal(path, good[:-1])
    assert "bị cắt ngắn" in refusal(path, good[:1500])
    assert "dữ liệu lạ" in refusal(path, good + b"\0")
    for nothing in (b"", b"PK", b"%PDF-1.7 hello", b"\0" * 5000, good[1:]):
        assert "không phải là gói đồng bộ" in refusal(path, nothing)
    other = zipped([("header.json", b'{"format":1,"magic":"OTHER"}')])
    assert "không phải là gói đồng bộ" in refusal(path, other)


def test_things_that_are_no_files(tmp_path: Path) -> None:
    assert "Không tìm thấy" in refusal(tmp_path / "không có.ntmpkg")
    assert "không phải là gói" in refusal(tmp_path)
    assert "Không tìm thấy" in refusal(Path("a\0b"))
    with pytest.raises(PackageRefused):
        peek(tmp_path)
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "ống")
        assert "không phải là gói" in refusal(tmp_path / "ống")
        (tmp_path / "mem").symlink_to("/proc/self/mem")
        refusal(tmp_path / "mem")
        (tmp_path / os.fsdecode(b"a\xff\x1b[31m.ntmpkg")).write_bytes(b"")
        assert "\x1b" not in refusal(tmp_path / os.fsdecode(b"a\xff\x1b[31m.ntmpkg"))


def test_a_newer_format_names_the_version(good: bytes, path: Path) -> None:
    header = {"magic": "NTMPKG", "format": 2, "app_version": "3.1.0", "new": [1.5]}
    path.write_bytes(zipped([("header.json", json.dumps(header).encode()), ("manifest.age", b"?" * 50)]))
    for look in (peek, read_package):
        with pytest.raises(PackageTooNew) as caught:
            look(path)
        assert "định dạng 2" in caught.value.message and "3.1.0" in caught.value.hint
    path.write_bytes(forged(good, edit_header=lambda data: data.update(format=0)))
    with pytest.raises(PackageRefused) as old:
        read_package(path)
    assert not isinstance(old.value, PackageTooNew)


def test_cancelling_passes_through(good: bytes, path: Path) -> None:
    class Stops(Silent):
        def advance(self, amount: int = 1, note: str = "") -> None:
            raise Cancelled

    path.write_bytes(good)
    with pytest.raises(Cancelled):
        read_package(path, progress=Stops())
    path.unlink()


# --- lies ---------------------------------------------------------------------------------------------------------

LIES: dict[str, Callable[[Any], Any]] = {
    "other unit": lambda m: m["unit"].update(code="99999"),
    "other sender": lambda m: m["sender"].update(device="0" * 32),
    "other key": lambda m: m["sender"].update(key="0" * 64),
    "other export": lambda m: m.update(export_id="0" * 32),
    "other part": lambda m: m["part"].update(number=2),
    "no card": lambda m: m.update(cards=[]),
    "another's card first": lambda m: m["cards"].reverse(),
    "card twice": lambda m: m["cards"].append(m["cards"][0]),
    "head missing": lambda m: m["heads"].pop(),
    "head too many": lambda m: m["heads"].append({**m["heads"][0], "device": "0" * 32}),
    "recovery that is not there": lambda m: m.update(recovery=1),
    "receipt without counter": lambda m: m["receipt"].update(counter=0),
    "span backwards": lambda m: m["receipt"]["waiting"].append([DEVICE, 9, 5]),
    "hash of another": lambda m: m["receipt"].update(hashes={DEVICE: "0" * 64}),
    "fork twice": lambda m: m["receipt"]["forks"].append(m["receipt"]["forks"][0]),
    "other id": lambda m: m.update(package_id="0" * 32),
    "other sequence": lambda m: m.update(sequence=4),
    "other version": lambda m: m.update(app_version="9"),
    "name with direction mark": lambda m: m["unit"].update(name="a\u202eb"),
    "name not NFC": lambda m: m["unit"].update(name="Xa\u0303"),
    "local time": lambda m: m.update(created_at="2024-11-20T03:04:05+07:00"),
    "no such day": lambda m: m.update(created_at="2024-02-30T03:04:05Z"),
    "less counted": lambda m: m["counts"].update(changes=1),
    "more counted": lambda m: m["counts"].update(evidence=9),
    "vector from": lambda m: m["vector_from"].update({DEVICE: 1}),
    "vector to": lambda m: m["vector_to"].update({"0" * 32: 1}),
    "vector of 0": lambda m: m["vector_from"].update({"0" * 32: 0}),
    "true is not 1": lambda m: m["part"].update(number=True),
    "swapped": lambda m: m["entries"].insert(1, m["entries"].pop(2)),
    "named twice": lambda m: m["entries"].append(m["entries"][-1]),
    "content hash": lambda m: m["entries"][1]["plain"].update(sha256="0" * 64),
    "both hashes": lambda m: [m["entries"][1][k].update(sha256="0" * 64) for k in ("plain", "stored")] and None,
    "hash of changes": lambda m: m["entries"][0]["plain"].update(sha256="0" * 64),
    "huge": lambda m: [m["entries"][1][k].update(size=2**52) for k in ("plain", "stored")] and None,
    "path": lambda m: m["entries"][1].update(name="../../e/0001"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lying_manifest_is_refused(good: bytes, path: Path, name: str) -> None:
    assert refusal(path, forged(good, edit_manifest=LIES[name]))


def test_changes_that_are_no_journal_are_named(good: bytes, path: Path) -> None:
    fine = journal(6)

    def attempt(changes: list[Any], count: int | None = None) -> str:
        def say(manifest: Any) -> None:
            manifest["counts"]["changes"] = len(changes) if count is None else count
            manifest["vector_to"] = {DEVICE: 6}
            manifest["heads"] = [head.to_json() for head in heads_of([fine[5]])]

        return refusal(path, forged(good, say, lines=lines_of(changes)))

    path.write_bytes(
        forged(
            good,
            lambda m: (
                m["counts"].update(changes=6)
                or m.update(vector_to={DEVICE: 6}, heads=[head.to_json() for head in heads_of(fine)])
            ),
            lines=lines_of(fine),
        )
    )
    read_package(path).close()
    assert "không liền mạch" in attempt([*fine[:2], *fine[3:]])
    assert "không liền mạch" in attempt(fine[::-1])
    assert "đã bị sửa" in attempt([*fine[:3], replace(fine[3], value="khác"), *fine[4:]])
    assert "đã bị sửa" in attempt([replace(fine[0], previous_hash="1" * 64), *fine[1:]])
    assert "đơn vị khác (99999)" in attempt([*fine[:5], replace(fine[5], unit="99999")])
    assert "không khớp" in attempt(fine[:5])
    assert "không khớp" in attempt(fine, count=5)
    assert "không khớp" in attempt(fine, count=7)
    for odd in (
        replace(fine[5], at="hôm qua"),
        replace(fine[5], device="má y"),
        replace(fine[5], previous_hash="x"),
        replace(fine[5], overwrites=(fine[5].id,)),
        replace(fine[5], overwrites=(fine[1].id, fine[1].id)),
        replace(fine[5], value=[[[[[[[[[[]]]]]]]]]]),
    ):
        assert "Thay đổi thứ 6" in attempt([*fine[:5], odd])


@pytest.mark.parametrize(
    "line",
    [
        b'{"value":1.0}', b'{"value":NaN}', b"[" * 100_000, b'{"a":1,"a":1}', b'"\\ud800"', b"\xff", b"9" * 100_000,
        b"[" + b"[]," * 100_000 + b"[]]", b'"\\"' * 200_000, b"\xef\xbb\xbf{}", b"",
    ],
    ids=range(11),
)  # fmt: skip
def test_hostile_lines(good: bytes, path: Path, line: bytes) -> None:
    begun = time.monotonic()
    message = refusal(path, forged(good, lambda m: m["counts"].update(changes=1), lines=[line]))
    assert "Thay đổi thứ 1" in message
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("said", [100, 90 * 2**20, 2**40])
def test_a_bomb_costs_little(good: bytes, path: Path, said: int) -> None:
    compressor, piece = zstd.ZstdCompressor(level=1), b'{"a":' * 2**18
    bomb = b"".join(compressor.compress(piece) for _ in range(500 * 2**20 // len(piece))) + compressor.flush()
    content = forged(good, lambda m: m["entries"][0]["plain"].update(size=said), packed=bomb)
    begun = time.monotonic()
    tracemalloc.start()
    refusal(path, content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * 2**20 and time.monotonic() - begun < 5


# Limits of packages with more in them: see test_limits_of_sealed_packages, and the tests of cards, keys and recovery.
ELSEWHERE = {
    "key_entry_bytes", "padding", "recipients", "found", "keys_bytes", "seal_header_bytes", "passphrase_seal_bytes",
    "scrypt_log_n", "recovery_candidates", "recovery_faults",
}  # fmt: skip


def test_every_limit_is_kept(good: bytes, path: Path) -> None:
    tight: dict[str, int] = {
        "header_bytes": 100,
        "manifest_bytes": 100,
        "entries": 4,
        "catalogues": 0,
        "catalogue_bytes": 3,
        "changes": 5,
        "changes_bytes": 500,
        "change_bytes": 300,
        "window_log": 10,
        "json_depth": 1,
        "json_items": 20,
        "overwrites": 0,
        "devices": 1,
        "cards": 1,
        "card_bytes": 100,
        "parts": 0,
        "waiting": 0,
        "missing": 0,
        "packages": 0,
        "package_bytes": 100,
        "assessments": 0,
        "text_chars": 2,
    }
    path.write_bytes(good)
    for name, value in tight.items():
        assert refusal(path, limits=replace(LIMITS, **{name: value})), name
    refusal(path, limits=replace(LIMITS, ratio=1, ratio_free=0))
    elsewhere = {"ratio", "ratio_free", *ELSEWHERE}
    assert not elsewhere & tight.keys() and elsewhere | tight.keys() == set(Limits.__dataclass_fields__)


def test_limits_of_sealed_packages(path: Path, tmp_path: Path) -> None:
    content = sample_package(
        tmp_path, changes=2, files=1, recipients=(recipient(OFFICE_KEYS), recipient(OTHER_KEYS)), passphrase="xyz"
    )
    path.write_bytes(content)
    peek(path, unlock(OFFICE_KEYS))
    for name, value in {"key_entry_bytes": 100, "recipients": 1, "padding": 0, "manifest_bytes": 1000}.items():
        with pytest.raises(PackageRefused, match="sai quy cách"):
            read_package(path, unlock(OFFICE_KEYS), limits=replace(LIMITS, **{name: value}))


def test_a_manifest_as_deep_as_it_may_be_long(good: bytes, path: Path) -> None:
    begun = time.monotonic()
    for raw in (
        b"[" * LIMITS.manifest_bytes,
        b'{"a":' * 1_000_000,
        b'"\\"' * 2_000_000,
        b"[0" + b",0" * 4_000_000 + b"]",
    ):
        assert "sai quy cách" in refusal(path, forged(good, raw_manifest=raw))
    assert time.monotonic() - begun < 20
