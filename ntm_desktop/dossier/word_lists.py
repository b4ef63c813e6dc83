"""Numbers and dashes that Word sets by itself: of «- » or «1. » it makes a list, whose signs are no text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ntm_desktop.dossier.document import roman
from ntm_desktop.dossier.word_xml import Element, tag

_DEEPEST = 9
_MOST = 10_000
_HOLE = re.compile(r"%([1-9])")
_DASHES = {"–": "-", "—": "-", "-": "-", "+": "+"}


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    shown: str
    start: int


@dataclass
class Lists:
    """The lists of one file, counted in the order of its paragraphs."""

    levels: Mapping[str, Mapping[int, _Level]]
    styles: Mapping[str, tuple[str, int]]
    _counts: dict[str, list[int | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, numbering: Element | None, styles: Element | None) -> Lists:
        """From the file's numbering and style parts."""
        abstract: dict[str, dict[int, _Level]] = {}
        levels: dict[str, Mapping[int, _Level]] = {}
        for item in numbering.iter(tag("abstractNum")) if numbering is not None else ():
            abstract[item.get(tag("abstractNumId"), "")] = {
                _number(level.get(tag("ilvl"))): _Level(
                    _value(level, "numFmt"), _value(level, "lvlText"), _number(_value(level, "start"), 1)
                )
                for level in item.findall(tag("lvl"))
            }
        for item in numbering.findall(tag("num")) if numbering is not None else ():
            levels[item.get(tag("numId"), "")] = abstract.get(_value(item, "abstractNumId"), {})
        by_style = {
            style.get(tag("styleId"), ""): _listed(style)
            for style in (styles.iter(tag("style")) if styles is not None else ())
        }
        return cls(levels, {name: found for name, found in by_style.items() if found})

    def sign(self, paragraph: Element, style: str) -> str:
        """What stands before a paragraph, with a space behind it; empty where it is in no list. Counts on."""
        number, depth = _listed(paragraph) or self.styles.get(style, ("", 0))
        level = self.levels.get(number, {}).get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(number, [None] * _DEEPEST)
        before = counts[depth]
        counts[depth] = level.start if before is None else min(before + 1, _MOST)
        counts[depth + 1 :] = [None] * (_DEEPEST - depth - 1)
        if level.kind == "bullet":
            return f"{_DASHES.get(level.shown, '-')} "
        if level.kind == "none":
            return ""

        def filled(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            known = self.levels[number].get(place, level)
            count = counts[place]
            return _counted(known.kind, known.start if count is None else count)

        return f"{_HOLE.sub(filled, level.shown)} "


def _listed(holder: Element) -> tuple[str, int] | None:
    """The list and depth that a paragraph or style names; «0» takes a paragraph out of its style's list."""
    properties = holder.find(tag("pPr"))
    listed = properties.find(tag("numPr")) if properties is not None else None
    if listed is None:
        return None
    return _value(listed, "numId"), min(max(_number(_value(listed, "ilvl")), 0), _DEEPEST - 1)


def _value(holder: Element, name: str) -> str:
    found = holder.find(tag(name))
    return "" if found is None else found.get(tag("val"), "")


def _number(words: str | None, default: int = 0) -> int:
    return min(int(words[:6]), _MOST) if words and words.isascii() and words.isdigit() else default


def _counted(kind: str, count: int) -> str:
    """A count as Word shows it."""
    if kind in ("upperRoman", "lowerRoman"):
        shown = roman(count) if 0 < count < 400 else str(count)
        return shown if kind == "upperRoman" else shown.lower()
    if kind in ("upperLetter", "lowerLetter") and count > 0:
        rounds, rest = divmod(count - 1, 26)
        shown = chr(ord("a") + rest) * min(rounds + 1, 20)
        return shown if kind == "lowerLetter" else shown.upper()
    return f"{count:02d}" if kind == "decimalZero" else str(count)
