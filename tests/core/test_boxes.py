"""Boxes of evidence: one for each criterion, papers numbered, sheets counted without a gap."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.boxes import Box, boxes
from ntm_desktop.model.evidence import Evidence
from tests.core.dossier_samples import assessed, evidence, indicator, small_set

CODES = ("1.1", "2.1", "1.2", "2.2")  # two criteria, dealt out in turn


def two_criteria(*pieces: Evidence) -> Assessed:
    return assessed(small_set(*map(indicator, CODES), criteria=2), pieces=pieces)


def numbered(box: Box) -> list[tuple[int, str, int | None, int | None]]:
    return [(paper.place, paper.evidence.evidence_id, paper.first, paper.last) for paper in box.papers]


def test_sheets_run_through_a_box_and_start_anew_in_the_next() -> None:
    pieces = (evidence("a", "1.1"), evidence("b", "1.2"), evidence("c", "2.1"))
    one, two = boxes(two_criteria(*pieces), {"a": 2, "b": 5, "c": 1})
    assert numbered(one) == [(1, "a", 1, 2), (2, "b", 3, 7)]
    assert numbered(two) == [(1, "c", 1, 1)]
    assert (one.sheets, two.sheets) == (7, 1)
    assert [box.criterion.number for box in (one, two)] == ["1", "2"]


def test_a_paper_of_two_indicators_of_one_criterion_lies_there_once() -> None:
    one, two = boxes(two_criteria(evidence("a", "1.1", "1.2")), {"a": 3})
    assert [paper.codes for paper in one.papers] == [("1.1", "1.2")]
    assert one.sheets == 3
    assert (two.papers, two.sheets) == ((), 0)


def test_a_paper_of_two_criteria_lies_in_the_first_and_is_referred_to_in_the_other() -> None:
    pieces = (evidence("z", "1.1"), evidence("a", "1.1", "2.1"), evidence("b", "2.2"))
    one, two = boxes(two_criteria(*pieces), {"z": 1, "a": 3, "b": 2})
    assert numbered(one) == [(1, "z", 1, 1), (2, "a", 2, 4)]
    referred, own = two.papers
    assert (referred.lies_in, referred.first, referred.sheets) == (("1", 2), None, None)
    assert (own.place, own.first, own.last, own.lies_in) == (2, 1, 2, None)
    assert two.sheets == 2


def test_after_a_paper_of_unknown_length_no_number_is_made_up() -> None:
    pieces = (evidence("a", "1.1"), evidence("b", "1.1"), evidence("c", "1.2"))
    (one, _two) = boxes(two_criteria(*pieces), {"a": 2, "b": None, "c": 4})
    assert numbered(one) == [(1, "a", 1, 2), (2, "b", None, None), (3, "c", None, None)]
    assert [paper.sheets for paper in one.papers] == [2, None, 4]
    assert one.sheets is None


def test_what_a_person_counted_stands_over_the_pages_of_the_file() -> None:
    counted = replace(evidence("a", "1.1"), sheets=9)
    (one, _two) = boxes(two_criteria(counted, evidence("b", "1.2")), {"a": 2, "b": 1})
    assert numbered(one) == [(1, "a", 1, 9), (2, "b", 10, 10)]
    (alone, _two) = boxes(two_criteria(replace(counted, sheets=4)), {})
    assert alone.sheets == 4


@pytest.mark.parametrize(("pages", "sheets"), [(1, 1), (2, 1), (3, 2), (10, 5)])
def test_two_sided_paper_holds_two_pages_a_sheet(pages: int, sheets: int) -> None:
    (one, _two) = boxes(two_criteria(evidence("a", "1.1")), {"a": pages}, two_sided=True)
    assert one.sheets == sheets


def test_removed_papers_lie_in_no_box() -> None:
    (one, _two) = boxes(two_criteria(replace(evidence("a", "1.1"), removed=True), evidence("b", "1.1")), {"b": 1})
    assert numbered(one) == [(1, "b", 1, 1)]


PIECES = st.lists(
    st.tuples(st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True), st.integers(1, 40)), max_size=12
)


@given(PIECES)
def test_every_paper_lies_in_one_box_and_the_sheets_have_no_gap(made: list[tuple[list[str], int]]) -> None:
    pieces = [evidence(f"e{n}", *codes) for n, (codes, _pages) in enumerate(made)]
    pages = {f"e{n}": count for n, (_codes, count) in enumerate(made)}
    found = boxes(two_criteria(*pieces), pages)
    lying = [paper.evidence.evidence_id for box in found for paper in box.papers if paper.lies_in is None]
    assert sorted(lying) == sorted(pages)
    assert sum(box.sheets or 0 for box in found) == sum(pages.values())
    for box in found:
        upto = 0
        for paper in box.papers:
            if paper.lies_in is None:
                assert paper.first == upto + 1 and paper.last is not None
                upto = paper.last
        assert upto == box.sheets
        assert [paper.place for paper in box.papers] == list(range(1, len(box.papers) + 1))
