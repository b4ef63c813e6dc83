"""Every colour and size of the window as a named value; text stands on its ground with a contrast of at least 4.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ntm_desktop.model.assessment import Verdict


@dataclass(frozen=True, slots=True)
class Space:
    """Distances in pixels, in steps of four."""

    tiny: int = 4
    small: int = 8
    medium: int = 12
    large: int = 16
    huge: int = 24


@dataclass(frozen=True, slots=True)
class Size:
    """Heights and widths in pixels; text in points."""

    target: int = 32  # smallest height of anything that is clicked
    row: int = 32
    icon: int = 20
    navigation: int = 168
    line: int = 640  # longest line of running text, about 90 letters
    text: float = 10.5
    heading: float = 14.0
    subheading: float = 11.5
    narrow: int = 1200  # below this width pages put things under each other or in tabs


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours by role."""

    ground: str = "#f3f5f4"
    surface: str = "#ffffff"
    sunk: str = "#e9edeb"
    line: str = "#d3dad7"
    edge: str = "#869590"  # border of what can be filled in: 3 : 1 against the surface
    text: str = "#1b2422"
    soft: str = "#52605c"
    faint: str = "#6c7975"  # switched off
    accent: str = "#0b6b5b"
    accent_deep: str = "#08554a"
    accent_soft: str = "#d9ece7"
    on_accent: str = "#ffffff"
    warning: str = "#7d4e00"
    warning_soft: str = "#fdf1d8"
    error: str = "#a5261b"
    error_soft: str = "#fbe6e3"


@dataclass(frozen=True, slots=True)
class Tone:
    """Colour of a verdict's text and symbol, and of a ground on which that text stands."""

    ink: str
    ground: str


SPACE = Space()
SIZE = Size()
COLOURS = Colours()
VERDICT_TONES: Mapping[Verdict, Tone] = {
    Verdict.MET: Tone("#17692d", "#dff2e3"),
    Verdict.NOT_MET: Tone("#a5261b", "#fbe3e0"),
    Verdict.NOT_ASSESSED: Tone("#4d5966", "#e6eaee"),
    Verdict.NOT_APPLICABLE: Tone("#675a3e", "#f0ebdf"),
}
VERDICT_ICONS: Mapping[Verdict, str] = {
    Verdict.MET: "met",
    Verdict.NOT_MET: "not-met",
    Verdict.NOT_ASSESSED: "not-assessed",
    Verdict.NOT_APPLICABLE: "not-applicable",
}
