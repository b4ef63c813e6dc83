"""The photo annex: pictures among the evidence, each with the indicators that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ntm_desktop.dossier.document import Block, Note, Picture, Pictures, Run, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import option_of
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.evidence import Evidence

PER_PAGE = "photos_per_page"  # setting of a procedure: 2 or 4


def photos(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Two or four a page, in the order of the person who chose one, else of the indicators."""
    pieces = chosen(facts)
    if not pieces:
        yield Note("Chưa có ảnh nào trong minh chứng để đưa vào phụ lục.")
        return
    per_page = 4 if option_of(facts.settings.get(PER_PAGE), "2") == "4" else 2
    pictures = []
    for place, piece in enumerate(pieces, start=1):
        pages = facts.pages.get(piece.evidence_id)
        pictures.append(Picture(pages.picture if pages else None, _caption(facts, place, piece)))
    yield Pictures(tuple(pictures), per_page)


def chosen(facts: DossierFacts) -> list[Evidence]:
    """The pictures that were not left out: those with a place by it, then the others by their first indicator."""
    order = {code: place for place, code in enumerate(facts.assessed.by_code)}
    last = len(order)

    def key(piece: Evidence) -> tuple[bool, int, int]:
        place = facts.one("photo", piece.evidence_id).number("place")
        first = min((order.get(code, last) for code in piece.codes), default=last)
        return (place is None, place or 0, first)

    pieces = [
        piece
        for piece in facts.assessed.evidence
        if not piece.removed
        and piece.blob.media_type.startswith("image/")
        and not facts.one("photo", piece.evidence_id).values.get("left_out")
    ]
    return sorted(pieces, key=key)


def _caption(facts: DossierFacts, place: int, piece: Evidence) -> tuple[Run, ...]:
    """«Ảnh 1. Đường trục thôn mẫu (chỉ tiêu 2.1, 2.3)»."""
    own = facts.one("photo", piece.evidence_id).text("caption").strip()
    said = own or piece.summary.strip() or PurePath(piece.file_name).stem
    known = facts.assessed.by_code
    codes = ", ".join(code for code in known if code in piece.codes)
    return text(Run(f"Ảnh {place}. ", bold=True), said, Run(f" (chỉ tiêu {codes})" if codes else "", italic=True))


PARTS: dict[str, Part] = {"photos": photos}
