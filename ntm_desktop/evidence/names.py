"""Names of evidence files: as the person knows them, and yet writable on every system."""

from __future__ import annotations

import unicodedata

from ntm_desktop import paths
from ntm_desktop.model.text import one_line

LONGEST = 120
_LONGEST_BYTES = 240  # Linux allows 255 bytes a name, and a Vietnamese letter takes up to three
_DROPPED = {"Cc", "Cf", "Zl", "Zp"}  # control, direction (right-to-left override) and other invisible signs


def safe_file_name(name: str) -> str:
    """``name`` in NFC without invisible or forbidden signs, at most 120 characters and 240 bytes, its ending kept."""
    kept = "".join(_kept(char) for char in unicodedata.normalize("NFD", name))
    cleaned = paths.safe_name(one_line(kept), LONGEST)
    stem, dot, ending = cleaned.rpartition(".")
    if not dot:
        stem, ending = cleaned, ""
    if len(cleaned.encode()) <= _LONGEST_BYTES:
        return cleaned
    room = _LONGEST_BYTES - len((dot + ending).encode())
    if room < 1:
        return paths.safe_name(_cut(cleaned, _LONGEST_BYTES), LONGEST)
    return paths.safe_name(_cut(stem, room).rstrip(". ") + dot + ending, LONGEST)


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":  # half a sign: a name that this system itself cannot write as text
        return "_"
    return "" if category in _DROPPED else char


def _cut(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")


def shown(name: str) -> str:
    """A name for a sentence: cleaned and no longer than a line holds, its ending visible."""
    name = safe_file_name(name)
    return name if len(name) <= 70 else f"{name[:45]}…{name[-20:]}"
