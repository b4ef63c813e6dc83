"""Boxes of evidence: one for each criterion, papers numbered, sheets counted (Decree 30/2020, Article 29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.catalogue import Criterion
from ntm_desktop.model.evidence import Evidence


@dataclass(frozen=True, slots=True)
class BoxPaper:
    """One paper in a box. ``sheets`` None: not known; ``first``, ``last``: its sheet numbers, None from there on.

    ``lies_in``: (criterion number, place) of the box that holds it already, where it proves something of several
    criteria; it then takes no sheets here. ``codes``: indicators of this criterion that it proves.
    """

    place: int
    evidence: Evidence
    codes: tuple[str, ...]
    sheets: int | None
    first: int | None = None
    last: int | None = None
    lies_in: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The papers of one criterion; ``sheets`` is None while one paper's is not known."""

    criterion: Criterion
    papers: tuple[BoxPaper, ...]
    sheets: int | None


def boxes(assessed: Assessed, pages: Mapping[str, int | None], *, two_sided: bool = False) -> tuple[Box, ...]:
    """The boxes in the order of the set. ``pages`` by evidence id; sheets counted by a person stand over them."""
    placed: dict[str, tuple[str, int]] = {}
    found: list[Box] = []
    for criterion in assessed.criteria:
        papers: list[BoxPaper] = []
        upto: int | None = 0
        for piece, codes in _pieces(assessed, criterion.criterion.number):
            place = len(papers) + 1
            if piece.evidence_id in placed:
                papers.append(BoxPaper(place, piece, codes, None, lies_in=placed[piece.evidence_id]))
                continue
            placed[piece.evidence_id] = (criterion.criterion.number, place)
            sheets = _sheets(piece, pages.get(piece.evidence_id), two_sided)
            first = None if upto is None or not sheets else upto + 1
            upto = None if upto is None or sheets is None else upto + sheets
            papers.append(BoxPaper(place, piece, codes, sheets, first, upto if first else None))
        found.append(Box(criterion.criterion, tuple(papers), upto))
    return tuple(found)


def _sheets(piece: Evidence, pages: int | None, two_sided: bool) -> int | None:
    if piece.sheets is not None:
        return piece.sheets
    if pages is None:
        return None
    return -(-pages // 2) if two_sided else pages


def _pieces(assessed: Assessed, number: str) -> list[tuple[Evidence, tuple[str, ...]]]:
    """The criterion's evidence by indicator, each piece once, with the indicators of this criterion that it proves."""
    found: dict[str, tuple[Evidence, list[str]]] = {}
    for criterion in assessed.criteria:
        if criterion.criterion.number != number:
            continue
        for item in criterion.indicators:
            for piece in item.evidence:
                if not piece.removed:
                    found.setdefault(piece.evidence_id, (piece, []))[1].append(item.code)
    return [(piece, tuple(codes)) for piece, codes in found.values()]
