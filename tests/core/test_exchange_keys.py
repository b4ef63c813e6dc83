"""A computer's keys: for the owner's eyes alone, never overwritten, and what they sign stands by itself."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_desktop import paths
from ntm_desktop.errors import WorkspaceDamaged
from ntm_desktop.exchange import heads, identity
from ntm_desktop.exchange.identity import Keys, check_recipient
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.model.devices import device_id, head_from_json
from tests.core.age_by_hand import bech32_bytes, bech32_text

UNIT, NONCE, HASH = "02875", "0123456789abcdef", "ab" * 32


@pytest.fixture(scope="module")
def keys() -> Keys:
    return identity.generate()


def test_keys_come_back_as_they_were_saved(tmp_path: Path, keys: Keys) -> None:
    folder = tmp_path / "keys"
    assert identity.load(folder) is None
    identity.save(folder, keys)
    assert identity.load(folder) == keys
    assert [path.name for path in folder.iterdir()] == ["identity.json"]
    identity.save(folder, keys)


def test_keys_are_the_owners_alone(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    replace_file = paths.replace_file

    def watched(source: Path, target: Path) -> None:
        seen.append(stat.S_IMODE(source.stat().st_mode))
        replace_file(source, target)

    monkeypatch.setattr(paths, "replace_file", watched)
    umask = os.umask(0)
    try:
        identity.save(tmp_path / "keys", keys)
    finally:
        os.umask(umask)
    path = tmp_path / "keys" / "identity.json"
    assert len(seen) == 1
    if os.name != "nt":
        assert seen == [0o600]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        path.chmod(0o644)
        identity.load(tmp_path / "keys")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_other_keys_are_never_overwritten(tmp_path: Path, keys: Keys) -> None:
    identity.save(tmp_path, keys)
    with pytest.raises(FileExistsError):
        identity.save(tmp_path, identity.generate())
    assert identity.load(tmp_path) == keys


def test_a_try_that_fails_leaves_nothing_secret_behind(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(source: Path, target: Path) -> None:
        raise OSError("no")

    monkeypatch.setattr(paths, "replace_file", fails)
    with pytest.raises(OSError, match="no"):
        identity.save(tmp_path / "keys", keys)
    assert list((tmp_path / "keys").iterdir()) == []


def damaged_contents(good: bytes) -> dict[str, bytes]:
    data = json.loads(good)
    other = str(identity.generate().age_secret)
    return {
        "empty": b"",
        "cut": good[:-1],
        "spaces": good.replace(b":", b": ", 1),
        "more": good + b"\n",
        "no object": b"[]",
        "later format": good.replace(b'"format":1', b'"format":2'),
        "true is not one": good.replace(b'"format":1', b'"format":true'),
        "short seed": good.replace(data["sign"].encode(), data["sign"][:-2].encode()),
        "checksum": good.replace(data["age"].encode(), (data["age"][:-1] + other[-1]).encode()),
        "too long": good + b" " * 100_000,
        "twice": good[:-1] + b',"format":1}',
        "unknown member": good[:-1] + b',"zzz":1}',
    }


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / identity.FILE
    for what, content in damaged_contents(keys.to_bytes()).items():
        if content == keys.to_bytes():
            continue
        path.write_bytes(content)
        with pytest.raises(WorkspaceDamaged) as caught:
            identity.load(tmp_path)
        assert identity.FILE in caught.value.message, what
        assert caught.value.hint
        assert path.read_bytes() == content
    path.unlink()
    path.mkdir()
    with pytest.raises(WorkspaceDamaged):
        identity.load(tmp_path)


def test_secrets_do_not_show_in_a_log(keys: Keys) -> None:
    assert keys.sign_seed not in repr(keys)
    assert keys.age_secret not in repr(keys)


def test_public_halves_follow_from_the_secret_ones(keys: Keys) -> None:
    from nacl.bindings import crypto_scalarmult_base, crypto_sign_seed_keypair

    assert crypto_sign_seed_keypair(bytes.fromhex(keys.sign_seed))[0].hex() == keys.key
    assert bech32_text("age", crypto_scalarmult_base(bech32_bytes(keys.age_secret))) == keys.age
    assert identity.generate().key != keys.key
    number = int.from_bytes(hashlib.sha256(f"ntm-card-1\n{keys.key}\n{keys.age}".encode()).digest()[:13], "big") >> 4
    assert keys.fingerprint.replace(" ", "") == f"{number:030d}"[-30:]
    assert [len(group) for group in keys.fingerprint.split(" ")] == [5] * 6


def test_a_signature_holds_for_these_bytes_and_this_key_only(keys: Keys) -> None:
    signature = keys.sign(b"ntm-test-1\nabc")
    assert identity.verify(keys.key, b"ntm-test-1\nabc", signature)
    assert not identity.verify(keys.key, b"ntm-test-1\nabd", signature)
    assert not identity.verify(identity.generate().key, b"ntm-test-1\nabc", signature)
    assert not identity.verify(keys.key, b"ntm-test-1\nabc", signature[:-1])
    assert not identity.verify(keys.key, b"ntm-test-1\nabc", b"")
    assert not identity.verify("00" * 32, b"anything", bytes(64))  # a key of small order signs everything
    assert not identity.verify("zz", b"anything", signature)
    assert not identity.verify("ab" * 31, b"anything", signature)


def test_a_head_binds_device_key_counter_and_hash(keys: Keys) -> None:
    device = device_id(keys.key, UNIT, NONCE)
    head = heads.sign_head(keys, UNIT, device, NONCE, 7, HASH)
    assert heads.check_head(head)
    assert heads.check_head(head_from_json(json.loads(json.dumps(head.to_json()))))
    other = identity.generate()
    forged = {
        "device": "0" * 32,
        "unit": "02876",
        "seq": 8,
        "hash": "cd" * 32,
        "key": other.key,
        "nonce": "f" * 16,
        "signature": "0" * 128,
    }
    for name, value in forged.items():
        assert not heads.check_head(replace(head, **{name: value})), name  # type: ignore[arg-type]
    assert not heads.check_head(replace(head, signature="xy"))
    assert not heads.check_head(heads.sign_head(other, UNIT, device, NONCE, 7, HASH))  # a device of somebody else


def test_recipients_that_cannot_be_sealed_to_are_refused(keys: Keys) -> None:
    check_recipient(keys.age, "age")
    small = (bytes(32), b"\x01" + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f"), bytes.fromhex("ec" + "ff" * 31))
    wrong: list[object] = [bech32_text("age", point) for point in small]
    wrong += ["", None, 1, keys.age_secret, keys.age.upper(), keys.age[:-1], f"{keys.age[:-1]}!", keys.age + "\n"]
    wrong.append(keys.age[:-1] + ("q" if keys.age[-1] != "q" else "p"))
    for value in wrong:
        with pytest.raises(Malformed):
            check_recipient(value, "age")
