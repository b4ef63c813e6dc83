"""Words in the text of a PDF's pages, with the places where they stand; diacritics and case do not matter."""

from __future__ import annotations

import logging
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

from ntm_desktop.evidence.pdf import open_document, open_page
from ntm_desktop.model.text import search_key

MOST_HITS = 500

_log = logging.getLogger("ntm.evidence")


class PdfHit(NamedTuple):
    """Words found on page ``page`` (from 0): boxes as (left, top, right, bottom) in points from the upper left."""

    page: int
    boxes: tuple[tuple[float, float, float, float], ...]


def find_in_pdf(pdf: Path, words: str, most: int = MOST_HITS) -> tuple[PdfHit, ...]:
    """Where ``words`` stand, at most ``most`` times; nothing where the file cannot be read."""
    wanted = search_key(words)
    if not wanted:
        return ()
    found: list[PdfHit] = []
    try:
        with open_document(pdf) as document:
            for index in range(len(document)):
                with open_page(document, index) as page:
                    found.extend(_on_page(page, index, wanted))
                if len(found) >= most:
                    break
    except Exception as error:  # hostile content raises anything
        _log.info("PDF not searched: %r", error)
    return tuple(found[:most])


def _on_page(page: Any, index: int, wanted: str) -> list[PdfHit]:
    height = page.get_height()
    text = page.get_textpage()
    try:
        letters = text.get_text_range()
        key, places = _keyed(letters)
        found: list[PdfHit] = []
        start = key.find(wanted)
        while start >= 0:
            first, last = places[start], places[start + len(wanted) - 1]
            count = text.count_rects(first, last - first + 1)
            rects = [text.get_rect(place) for place in range(count)]
            boxes = tuple((left, height - top, right, height - bottom) for left, bottom, right, top in rects)
            if boxes:
                found.append(PdfHit(index, boxes))
            start = key.find(wanted, start + len(wanted))
        return found
    finally:
        text.close()


def _keyed(letters: str) -> tuple[str, list[int]]:
    """The page's text as it is searched (as :func:`search_key` makes it), and where each of its letters stands."""
    key: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(letters):
        if letter.isspace():
            if key and key[-1] != " ":
                key.append(" ")
                places.append(place)
            continue
        for part in unicodedata.normalize("NFD", letter):
            if unicodedata.category(part) != "Mn":
                bare = part.replace("đ", "d").replace("Đ", "D").lower()
                key.extend(bare)
                places.extend([place] * len(bare))
    return "".join(key), places
