"""Vietnamese text: NFC, search without diacritics, collation, and the old encodings TCVN3 and VNI."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# control signs, invisible signs, changes of direction, and halves of signs, which no file can hold
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: rank for rank, letter in enumerate(_LETTERS, start=1)}
_MARKS = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}


def nfc(text: str) -> str:
    """Text in Unicode NFC, the only form that is stored, hashed and compared."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """What a person typed or pasted, ready to store: NFC, no control or invisible characters, outer spaces gone."""
    return nfc(_CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def is_clean(text: str) -> bool:
    """True for text as :func:`clean` leaves it, but for outer spaces: NFC, nothing invisible, no ``\\r``."""
    return nfc(text) == text and "\r" not in text and _CONTROL.search(text) is None


def one_line(text: str) -> str:
    """Cleaned text with every run of white space made one space."""
    return _SPACES.sub(" ", clean(text))


def search_key(text: str) -> str:
    """Key for searching that ignores diacritics, đ/d, case and repeated spaces."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return _SPACES.sub(" ", bare.replace("đ", "d").replace("Đ", "D").lower()).strip()


def collation_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Sort key in Vietnamese order: a ă â b … d đ e ê …; tones ngang, huyền, hỏi, ngã, sắc, nặng; digits by value."""
    primary: list[int] = []
    tones: list[int] = []
    for piece in re.findall(r"\d+|\D", nfc(text).lower()):
        if piece.isdecimal():
            primary.extend((1, len(piece.lstrip("0")), *map(int, piece.lstrip("0"))))
            continue
        letter, tone = _split_tone(piece)
        primary.append(100 + _LETTER_RANK[letter] if letter in _LETTER_RANK else min(99, 20 + ord(letter) % 70))
        if letter.isspace():
            primary[-1] = 0
        tones.append(tone)
    return tuple(primary), tuple(tones), text


def _split_tone(char: str) -> tuple[str, int]:
    """A letter without its tone mark, and the tone's rank (0 for none)."""
    tone = 0
    kept: list[str] = []
    for part in unicodedata.normalize("NFD", char):
        if part in _MARKS:
            tone = _MARKS[part]
        elif unicodedata.category(part) != "Mn" or part in _SHAPES:
            kept.append(part)
    return nfc("".join(kept)) or char, tone


def natural_key(code: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key for codes such as 17.2 < 17.10 < ĐK1."""
    pieces = re.findall(r"\d+|[^\d.]+", code)
    return tuple((0, int(piece)) if piece.isdigit() else (1, piece) for piece in pieces)
