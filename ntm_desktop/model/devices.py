"""Computers that write about a unit: ids that follow from keys, signed ends of their histories, and receipts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ntm_desktop.model.changes import JsonValue, VersionVector, canonical_json

_GROUPS, _DIGITS, _BITS = 6, 5, 100
_HEX_64 = re.compile(r"[0-9a-f]{64}")
_HEX_32 = re.compile(r"[0-9a-f]{32}")
_HEX_16 = re.compile(r"[0-9a-f]{16}")


class KeyRole(StrEnum):
    """What the owner of a key does: a commune works on its own dossier, an office receives those of many."""

    COMMUNE = "commune"
    OFFICE = "office"


class Trust(StrEnum):
    """How far a key is known here.

    ``seen``: met in a package or card, not yet compared with the person who owns it; ``revoked``: takes nothing more.
    """

    OWN = "own"
    CONFIRMED = "confirmed"
    SEEN = "seen"
    REVOKED = "revoked"


def device_id(key: str, unit: str, nonce: str) -> str:
    """The id under which the computer with this signing key (hex) writes about a unit: 32 hexadecimal digits.

    A computer whose data was put back from a copy takes a new ``nonce`` (16 hexadecimal digits), and so a new id.
    """
    return hashlib.sha256(f"ntm-device-1\n{key}\n{unit}\n{nonce}".encode()).hexdigest()[:32]


def _card_hash(key: str, age: str) -> bytes:
    return hashlib.sha256(f"ntm-card-1\n{key}\n{age}".encode()).digest()


def key_id(key: str, age: str) -> str:
    """The short name of a computer's two public keys: 16 hexadecimal digits."""
    return _card_hash(key, age).hex()[:16]


def fingerprint(key: str, age: str) -> str:
    """What two people compare by voice: 100 bits as six groups of five digits."""
    number = int.from_bytes(_card_hash(key, age), "big") >> (256 - _BITS)
    digits = f"{number % 10 ** (_GROUPS * _DIGITS):0{_GROUPS * _DIGITS}d}"
    return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


@dataclass(frozen=True, slots=True)
class Head:
    """The signed end of a device's history: through the chain of hashes it vouches for everything before.

    ``hash`` is that of the change ``seq``; ``signature`` (128 hexadecimal digits) is by ``key`` over :meth:`signed`.
    """

    device: str
    unit: str
    seq: int
    hash: str
    key: str
    nonce: str
    signature: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        """The head as it travels."""
        return {name: getattr(self, name) for name in Head.__slots__}

    def signed(self) -> bytes:
        """The bytes under the signature."""
        return b"ntm-head-1\n" + canonical_json(
            {name: value for name, value in self.to_json().items() if name != "signature"}
        )

    @property
    def own_id(self) -> bool:
        """True where the device's id follows from its key."""
        return self.device == device_id(self.key, self.unit, self.nonce)


def head_from_json(data: Any) -> Head:
    """A head from its JSON form; whether it is signed is another question.

    Raises:
        ValueError: a member is missing, unknown or of the wrong form.
    """
    if not isinstance(data, dict) or set(data) != set(Head.__slots__):
        raise ValueError("a head has exactly the members of the format")
    forms = {
        "device": _HEX_32,
        "hash": _HEX_64,
        "key": _HEX_64,
        "nonce": _HEX_16,
        "signature": re.compile("[0-9a-f]{128}"),
    }
    for name, form in forms.items():
        if type(data[name]) is not str or not form.fullmatch(data[name]):
            raise ValueError(f"{name} of a head is not as it should be")
    if type(data["seq"]) is not int or not 1 <= data["seq"] < 2**53 or type(data["unit"]) is not str:
        raise ValueError("seq or unit of a head is not as it should be")
    return Head(**data)


@dataclass(frozen=True, slots=True)
class Span:
    """Changes ``first`` … ``last`` of a device."""

    device: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender of a package holds about its unit: travels in every package.

    ``counter`` rises with every receipt of one sender about one unit; ``waiting`` are changes that it has but cannot
    apply, because earlier ones are missing; ``missing`` are hashes of evidence it lacks; ``packages`` ids of those
    that it took; ``forks`` are devices (with the counter where histories part) that went back to an earlier state;
    ``hashes`` are those of the changes at the ends in ``vector``, so that a computer whose data went back sees that
    another history is meant.
    """

    counter: int
    vector: VersionVector
    waiting: tuple[Span, ...] = ()
    missing: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    forks: Mapping[str, int] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, JsonValue]:
        """The receipt as it travels."""
        return {
            "counter": self.counter,
            "vector": dict(self.vector),
            "hashes": dict(self.hashes),
            "waiting": [[span.device, span.first, span.last] for span in self.waiting],
            "missing": list(self.missing),
            "packages": list(self.packages),
            "forks": [[device, seq] for device, seq in sorted(self.forks.items())],
        }


def receipt_from_json(data: Mapping[str, Any]) -> Receipt:
    """A receipt from its JSON form, whose shape has been checked already."""
    return Receipt(
        counter=data["counter"],
        vector=dict(data["vector"]),
        hashes=dict(data["hashes"]),
        waiting=tuple(Span(*item) for item in data["waiting"]),
        missing=tuple(data["missing"]),
        packages=tuple(data["packages"]),
        forks=dict(data["forks"]),
    )
