"""Cards (``.ntmcard``): how a computer introduces itself with its public keys, signed by itself.

A card proves that its owner holds the signing key, nothing more: who the owner is, two people compare by voice.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ntm_desktop import paths
from ntm_desktop.errors import CardRefused
from ntm_desktop.exchange import strict
from ntm_desktop.exchange.identity import Keys, check_recipient, verify
from ntm_desktop.exchange.limits import LIMITS
from ntm_desktop.exchange.strict import Malformed
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import JsonValue, canonical_json
from ntm_desktop.model.devices import KeyRole, fingerprint, key_id
from ntm_desktop.model.text import one_line, search_key

SUFFIX = ".ntmcard"
_MAGIC, _FORMAT = "NTMCARD", 1
_SIGNED = b"ntm-card-1\n"
_LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class Card:
    """Who a computer is: ``key`` signs (64 hexadecimal digits), ``age`` is its recipient (age1…).

    ``name`` is that of the computer, ``made_at`` a moment in UTC, ``signature`` 128 hexadecimal digits.
    """

    name: str
    unit: str
    unit_name: str
    role: KeyRole
    key: str
    age: str
    made_at: str
    signature: str = ""

    @property
    def key_id(self) -> str:
        """The short name of both keys: 16 hexadecimal digits."""
        return key_id(self.key, self.age)

    @property
    def fingerprint(self) -> str:
        """What two people compare by voice: six groups of five digits."""
        return fingerprint(self.key, self.age)

    def to_json(self) -> dict[str, JsonValue]:
        """The card as it travels, in a file or in a manifest."""
        members: dict[str, JsonValue] = {name: getattr(self, name) for name in Card.__slots__}
        return {"magic": _MAGIC, "format": _FORMAT, **members, "role": self.role.value}

    def signed(self) -> bytes:
        """The bytes under the signature."""
        return _SIGNED + canonical_json({name: value for name, value in self.to_json().items() if name != "signature"})


def make_card(keys: Keys, *, name: str, unit: str, unit_name: str, role: KeyRole, made_at: str) -> Card:
    """The signed card of this computer; names are cut to what a card takes.

    Raises:
        Malformed: ``name`` or ``unit_name`` is empty, ``unit`` no code, ``made_at`` no moment in UTC.
    """
    card = Card(_line(name), unit, _line(unit_name), role, keys.key, keys.age, made_at)
    return card_from_json(replace(card, signature=keys.sign(card.signed()).hex()).to_json())


def _line(text: str) -> str:
    return one_line(text)[: LIMITS.text_chars].strip()


def card_from_json(data: Any) -> Card:
    """The card in its JSON form, signature included.

    Raises:
        Malformed: a member is missing, unknown or not as the format says, or the signature is not the owner's.
    """
    members = {
        "magic": strict.exactly(_MAGIC),
        "format": strict.exactly(_FORMAT),
        "name": strict.line(LIMITS.text_chars, 1),
        "unit": strict.matching("[0-9A-Za-z._-]{1,32}"),
        "unit_name": strict.line(LIMITS.text_chars, 1),
        "role": strict.matching("|".join(KeyRole)),
        "key": strict.matching("[0-9a-f]{64}"),
        "age": check_recipient,
        "made_at": strict.moment,
        "signature": strict.matching("[0-9a-f]{128}"),
    }
    strict.record(members)(data, "card")
    card = Card(
        **{name: value for name, value in data.items() if name not in {"magic", "format", "role"}},
        role=KeyRole(data["role"]),
    )
    if not verify(card.key, card.signed(), bytes.fromhex(card.signature)):
        raise Malformed("the card is not signed by its key")
    return card


def card_to_bytes(card: Card) -> bytes:
    """The content of a card's file."""
    return canonical_json(card.to_json())


def card_from_bytes(data: bytes, file: str = "") -> Card:
    """The card that ``data`` is; ``file`` is the name for the sentence.

    Raises:
        CardRefused: it is no card, a later format's, damaged or changed by somebody.
    """
    shown = _printable(file) or _("thẻ")
    try:
        if len(data) > LIMITS.card_bytes:
            raise _no_card(shown)
        loose = strict.parse_loosely(data, LIMITS.json_depth, LIMITS.json_items)
        if type(loose) is not dict or loose.get("magic") != _MAGIC or type(loose.get("format")) is not int:
            raise _no_card(shown)
        if loose["format"] > _FORMAT:
            raise _too_new(shown, loose["format"])
    except Malformed as problem:
        raise _no_card(shown) from problem
    try:
        return card_from_json(strict.parse(data, LIMITS.json_depth, LIMITS.json_items))
    except Malformed as problem:
        raise CardRefused(
            _("Thẻ «{file}» đã hỏng hoặc bị sửa: chữ ký không khớp với nội dung.").format(file=shown),
            _("Thẻ này không được nhận, dữ liệu không thay đổi. Hãy đề nghị nơi gửi xuất lại thẻ."),
        ) from problem


def read_card(path: Path) -> Card:
    """The card in a file.

    Raises:
        CardRefused: the file is missing, cannot be read, or see :func:`card_from_bytes`.
    """
    try:
        extended = paths.extended(path)
        if not stat.S_ISREG(extended.stat().st_mode):
            raise _no_card(_printable(path.name))
        with open(extended, "rb") as stream:
            data = stream.read(LIMITS.card_bytes + 1)
    except (OSError, ValueError) as problem:  # ValueError: a name with a null character
        raise CardRefused(
            _("Không đọc được tệp thẻ «{file}».").format(file=_printable(path.name)),
            _("Hãy kiểm tra USB đã cắm chắc chưa và chọn lại tệp."),
        ) from problem
    return card_from_bytes(data, path.name)


def write_card(card: Card, path: Path) -> None:
    """Write a card whole or not at all; what stood there is replaced.

    Raises:
        StorageFull, StorageFailed: the drive cannot take it.
    """
    try:
        paths.write_atomic(paths.extended(path), card_to_bytes(card))
    except OSError as problem:
        from ntm_desktop.exchange import unwritten  # not above: it knows manifests, and these hold cards

        raise unwritten.storage(path.parent, problem) from problem


def card_file_name(card: Card) -> str:
    """A readable name in plain ASCII: ``02875-xa-son-binh-5f1e.ntmcard``; the last four signs are the key's."""
    slug = re.sub(r"[^a-z0-9]+", "-", search_key(card.unit_name))[:_LONGEST_SLUG].strip("-")
    return paths.safe_name("-".join(filter(None, (card.unit, slug, card.key_id[:4]))) + SUFFIX)


def _printable(name: str) -> str:
    """A file's name as it can be printed anywhere: names on a stick are whatever somebody made them."""
    return one_line(name.encode("utf-8", "replace").decode())[:200]


def _no_card(shown: str) -> CardRefused:
    return CardRefused(
        _("«{file}» không phải là thẻ của chương trình, hoặc đã hỏng.").format(file=shown),
        _("Dữ liệu không thay đổi. Hãy chọn tệp có đuôi .ntmcard do chương trình này xuất ra."),
    )


def _too_new(shown: str, number: int) -> CardRefused:
    return CardRefused(
        _("Thẻ «{file}» có định dạng {number}, mới hơn định dạng mà chương trình này đọc được.").format(
            file=shown, number=number
        ),
        _("Dữ liệu không thay đổi. Hãy cập nhật chương trình rồi nhập lại thẻ."),
    )
