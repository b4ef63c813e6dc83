"""Signed ends of histories: one signature vouches for everything a computer ever wrote about a unit."""

from __future__ import annotations

from dataclasses import replace

from ntm_desktop.exchange.identity import Keys, verify
from ntm_desktop.model.devices import Head


def sign_head(keys: Keys, unit: str, device: str, nonce: str, seq: int, hash: str) -> Head:
    """The signed end of an own device: ``hash`` (64 hexadecimal digits) is that of its change ``seq``."""
    head = Head(device, unit, seq, hash, keys.key, nonce)
    return replace(head, signature=keys.sign(head.signed()).hex())


def check_head(head: Head) -> bool:
    """True where the device belongs to the key, and the key has signed."""
    try:
        signature = bytes.fromhex(head.signature)
    except ValueError:
        return False
    return head.own_id and verify(head.key, head.signed(), signature)
