"""Cards: what one computer writes another reads, and nobody else can have written it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.errors import CardRefused, StorageFailed
from ntm_desktop.exchange import cards, identity
from ntm_desktop.exchange.cards import Card
from ntm_desktop.exchange.identity import Keys
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.model.changes import canonical_json
from ntm_desktop.model.devices import KeyRole
from tests.core.age_by_hand import bech32_text

KEYS = identity.generate()
MOMENT = "2026-03-02T01:02:03Z"


def make(keys: Keys = KEYS, **other: Any) -> Card:
    given = {"name": "Máy 1", "unit": "02875", "unit_name": "Xã Sơn Bình", "role": KeyRole.COMMUNE, "made_at": MOMENT}
    return cards.make_card(keys, **given | other)


def signed(members: dict[str, Any]) -> bytes:
    """A card as a stranger with a key of his own could make it."""
    body = {name: value for name, value in members.items() if name != "signature"}
    signature = KEYS.sign(b"ntm-card-1\n" + canonical_json(body)).hex()
    return canonical_json(members | {"signature": signature})


def test_a_card_comes_back_from_its_file(tmp_path: Path) -> None:
    card = make()
    path = tmp_path / cards.card_file_name(card)
    assert path.name == f"02875-xa-son-binh-{card.key_id[:4]}.ntmcard"
    cards.write_card(card, path)
    assert cards.read_card(path) == card
    assert path.read_bytes() == cards.card_to_bytes(card)
    assert json.loads(path.read_bytes())["magic"] == "NTMCARD"
    assert (card.key, card.age, card.fingerprint) == (KEYS.key, KEYS.age, KEYS.fingerprint)
    assert KEYS.sign_seed.encode() not in path.read_bytes()


@given(st.text(max_size=1000), st.text(max_size=1000), st.sampled_from(KeyRole))
def test_whatever_a_computer_is_called(name: str, unit_name: str, role: KeyRole) -> None:
    card = make(name=f"Máy {name}", unit_name=f"Xã {unit_name}", role=role)
    data = cards.card_to_bytes(card)
    assert len(data) <= 8192
    assert cards.card_from_bytes(data) == card
    assert cards.card_from_json(json.loads(data)) == card
    assert cards.card_file_name(card).isascii()


def test_a_name_is_needed() -> None:
    with pytest.raises(Malformed):
        make(name=" \u200b")


def test_every_bit_of_a_card_counts() -> None:
    data = cards.card_to_bytes(make())
    taken = []
    for at in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            try:
                taken.append(cards.card_from_bytes(bytes(changed)))
            except CardRefused as problem:
                assert problem.hint
    assert taken == []


def test_members_of_two_cards_cannot_be_mixed() -> None:
    one, two = make(), make(identity.generate(), name="Máy 2", unit="02876", unit_name="Xã Hai", role=KeyRole.OFFICE)
    for name in Card.__slots__:
        if getattr(one, name) == getattr(two, name):
            continue
        mixed = replace(one, **{name: getattr(two, name)})
        with pytest.raises(CardRefused):
            cards.card_from_bytes(cards.card_to_bytes(mixed))


def test_well_signed_nonsense_is_refused() -> None:
    good = make().to_json()
    wrong: dict[str, Any] = {
        "name": "a\u202eb",
        "unit": "../..",
        "unit_name": "  Xã",
        "role": "admin",
        "key": KEYS.key.upper(),
        "age": bech32_text("age", bytes(32)),
        "made_at": "yesterday",
        "format": 0,
    }
    cards.card_from_bytes(signed(good))
    for name, value in wrong.items():
        with pytest.raises(CardRefused):
            cards.card_from_bytes(signed(good | {name: value}))
    with pytest.raises(CardRefused):
        cards.card_from_bytes(signed(good | {"extra": 1}))
    with pytest.raises(CardRefused):
        cards.card_from_bytes(json.dumps(json.loads(signed(good))).encode())


def test_a_later_card_asks_for_a_later_program() -> None:
    data = signed(make().to_json() | {"format": 2, "more": {"1": [2.5]}})
    with pytest.raises(CardRefused, match="định dạng 2"):
        cards.card_from_bytes(data)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]" * 9, b"\xff" * 50, b"[" * 9000, b'{"magic":"NTMCARD"}' * 1000])
def test_what_is_no_card_is_called_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thẻ.ntmcard"
    path.write_bytes(content)
    with pytest.raises(CardRefused, match=r"«thẻ\.ntmcard» không phải là thẻ"):
        cards.read_card(path)


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(CardRefused, match="Không đọc được"):
        cards.read_card(tmp_path / "nothing.ntmcard")
    with pytest.raises(CardRefused):
        cards.read_card(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed):
        cards.write_card(make(), tmp_path / "file" / "card.ntmcard")
