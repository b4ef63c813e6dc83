"""A table on paper: repeated header, whole rows, cells merged downwards and repeated on the next page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reportlab.lib.colors import Color as Shade
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak
from reportlab.platypus import Paragraph as Lines

PAD_X, PAD_TOP, PAD_BOTTOM = 3.0, 2.5, 3.5
RULE = 0.5
BAND = Shade(0.94, 0.94, 0.94)
HEAD = Shade(0.88, 0.88, 0.88)


@dataclass(slots=True)
class Box:
    """A cell laid out: left edge and width in points from the table's left edge, its paragraphs, their height."""

    x: float
    width: float
    lines: list[Lines]
    height: float = 0.0
    middle: bool = False

    def __post_init__(self) -> None:
        inner = max(self.width - 2 * PAD_X, 1.0)
        self.height = PAD_TOP + PAD_BOTTOM + sum(lines.wrap(inner, 1e6)[1] for lines in self.lines)

    def draw(self, canvas: Canvas, bottom: float, height: float) -> None:
        """Draw the frame and the paragraphs from the top (or in the middle)."""
        canvas.rect(self.x, bottom, self.width, height, stroke=1, fill=0)
        y = bottom + height - PAD_TOP
        if self.middle:
            y -= max(0.0, (height - self.height) / 2)
        for lines in self.lines:
            y -= lines.height
            lines.drawOn(canvas, self.x + PAD_X, y)

    def cut(self, room: float) -> tuple[Box, Box]:
        """Two boxes: what fits into ``room``, and the rest."""
        left = room - PAD_TOP - PAD_BOTTOM
        for place, lines in enumerate(self.lines):
            if lines.height > left:
                parts: list[Any] = lines.split(self.width - 2 * PAD_X, left)
                here, rest = (parts[:1], parts[1:]) if len(parts) > 1 else ([], [lines])
                first, second = [*self.lines[:place], *here], [*rest, *self.lines[place + 1 :]]
                return replace(self, lines=first), replace(self, lines=second)
            left -= lines.height
        return self, replace(self, lines=[])


@dataclass(slots=True)
class Strip:
    """One row laid out. Strips of one ``group`` share the boxes ``shared`` (the same list)."""

    boxes: list[Box]
    shared: list[Box] = field(default_factory=list)
    group: int = -1
    band: bool = False
    height: float = 0.0

    def __post_init__(self) -> None:
        self.height = max((box.height for box in self.boxes), default=0.0)

    def pieces(self, room: float) -> list[Strip]:
        """The row itself, or several rows where it is taller than a page."""
        if self.height <= room:
            return [self]
        cut = [box.cut(room) for box in self.boxes]
        first = replace(self, boxes=[before for before, _after in cut])
        if first.height < room / 4:  # nothing more can be cut
            return [self]
        return [first, *replace(self, boxes=[after for _before, after in cut]).pieces(room)]


class Grid(Flowable):  # type: ignore[misc,unused-ignore]
    """Rows under a repeated header.

    ``page`` is the height of an empty page; ``keep`` points stay free below the last row for what must follow on its
    page.
    """

    def __init__(
        self, width: float, head: Sequence[Strip], strips: Sequence[Strip], page: float, keep: float = 0.0
    ) -> None:
        super().__init__()
        self.width = width
        self.head = list(head)
        self.strips = list(strips)
        self.page = page
        self.keep = keep
        self.head_height = sum(strip.height for strip in self.head)

    @property
    def least(self) -> float:
        """Height of the header with the first row that is no band."""
        height = self.head_height
        for strip in self.strips:
            height += strip.height
            if not strip.band:
                break
        return height

    def heights(self, strips: Sequence[Strip]) -> list[float]:
        """Heights of rows that stand on one page: the last of a group grows where the shared cells need more."""
        heights = [strip.height for strip in strips]
        start = 0
        for place, strip in enumerate(strips):
            last = place + 1 == len(strips) or strips[place + 1].group != strip.group
            if strip.group < 0:
                start = place + 1
            elif last:
                need = max((box.height for box in strip.shared), default=0.0)
                heights[place] += max(0.0, need - sum(heights[start : place + 1]))
                start = place + 1
        return heights

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size; more than is available where the rows fit but not what must follow them."""
        total = self.head_height + sum(self.heights(self.strips))
        self.height = total
        if total <= available_height < total + self.keep and self._cut_at(available_height) > 0:
            return self.width, total + self.keep
        return self.width, total

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """This page's rows and the rest; nothing where not one row fits."""
        count = self._cut_at(available_height)
        if count <= 0:
            return []
        here = Grid(self.width, self.head, self.strips[:count], self.page)
        rest = Grid(self.width, self.head, self.strips[count:], self.page, self.keep)
        return [here, PageBreak(), rest]

    def _cut_at(self, available_height: float) -> int:
        """How many rows stay on this page: never all, and no band at its foot unless the page holds nothing else."""
        fitting = min(self._fitting(available_height - self.head_height), len(self.strips) - 1)
        count = fitting
        while count > 0 and self.strips[count - 1].band:
            count -= 1
        fresh = available_height > self.page - 1
        return fitting if fresh and not count else count

    def _fitting(self, room: float) -> int:
        """How many rows from the first fit into ``room`` points."""
        finished = rows = need = 0.0  # closed groups; rows and shared cells of the open one
        for place, strip in enumerate(self.strips):
            if strip.group < 0 or place == 0 or self.strips[place - 1].group != strip.group:
                finished, rows = finished + max(rows, need), 0.0
            rows += strip.height
            need = max((box.height for box in strip.shared), default=0.0)
            if finished + max(rows, need) > room + 0.01:
                return place
        return len(self.strips)

    def draw(self) -> None:
        """Draw header, rows and merged cells from the top."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.setLineWidth(RULE)
        canvas.setStrokeColor(black)
        y = self._draw_rows(canvas, self.head, [strip.height for strip in self.head], self.height, HEAD)
        self._draw_rows(canvas, self.strips, self.heights(self.strips), y, None)
        canvas.restoreState()

    def _draw_rows(
        self, canvas: Canvas, strips: Sequence[Strip], heights: Sequence[float], y: float, fill: Shade | None
    ) -> float:
        top = y  # of the group that is being drawn
        for place, (strip, height) in enumerate(zip(strips, heights, strict=True)):
            y -= height
            shade = BAND if strip.band else fill
            if shade is not None:
                canvas.setFillColor(shade)
                canvas.rect(0, y, self.width, height, stroke=0, fill=1)
                canvas.setFillColor(black)
            for box in strip.boxes:
                box.draw(canvas, y, height)
            if place + 1 == len(strips) or strip.group < 0 or strips[place + 1].group != strip.group:
                for box in strip.shared:
                    box.draw(canvas, y, top - y)
                top = y
        return y


def fitted(strips: Iterable[Strip], room: float) -> list[Strip]:
    """Rows no taller than ``room``: taller ones are cut, shared cells that are too tall end with the page."""
    cut: list[Strip] = []
    for strip in strips:
        if any(box.height > room for box in strip.shared):
            strip = replace(strip, shared=[box.cut(room)[0] for box in strip.shared])
        cut.extend(strip.pieces(room))
    return cut
