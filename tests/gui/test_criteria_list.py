"""Tree and filter of the criteria page: found without diacritics, refreshed in place, never moved by typing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from ntm_desktop import catalogue as catalogues
from ntm_desktop.model import rules
from ntm_desktop.model.assessment import Assessed, Assessment, Result, UnitProfile, Verdict
from ntm_desktop.model.units import Level, Unit
from ui.models.criteria_filter import CriteriaFilter, Missing, Wanted, wanted_of
from ui.models.criteria_tree import CriteriaTree
from ui.pages.criteria_list import CriteriaList

SET = catalogues.builtin("xa-ntm-2021-2025")
UNIT = Unit("03390", "Mẫu", "Xã Mẫu", "xa", Level.COMMUNE, "12", "Tỉnh Lai Châu")
HERE = Assessment("03390.xa-ntm-2021-2025.2024", "03390", SET.id, SET.version, "0" * 64, 2024, "tdmnpb")
NEXT_YEAR = replace(HERE, assessment_id="03390.xa-ntm-2021-2025.2025", year=2025)


def assessed(assessment: Assessment = HERE, **results: dict[str, Any]) -> Assessed:
    """``assessed(i3_1={"percent": "81"})``"""
    entered = {name[1:].replace("_", "."): value for name, value in results.items()}
    found = {code: Result(code, value) for code, value in entered.items()}
    return rules.assess(UNIT, UnitProfile("03390"), assessment, SET, found, {})


@pytest.fixture
def tree() -> CriteriaTree:
    made = CriteriaTree()
    made.take(assessed())
    return made


@pytest.fixture
def listing(qtbot: QtBot) -> CriteriaList:
    made = CriteriaList()
    qtbot.addWidget(made)
    made.take(assessed())
    made.resize(300, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def codes(rows: CriteriaFilter) -> list[str]:
    return list(rows.shown)


def test_the_tree_is_a_sound_model(tree: CriteriaTree) -> None:
    tester = QAbstractItemModelTester(tree, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows = CriteriaFilter(tree)
    filtered = QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows.choose(Wanted())
    tree.take(assessed(i3_1={"percent": "81"}))
    rows.choose(Wanted(verdict=Verdict.MET))
    rows.choose(Wanted(text="nước"))
    tree.take(assessed(NEXT_YEAR))
    rows.choose(Wanted())
    assert tree.rowCount() == 19 and sum(tree.rowCount(tree.index(row, 0)) for row in range(19)) == 57
    del tester, filtered


def test_only_rows_that_changed_are_told(tree: CriteriaTree) -> None:
    told = QSignalSpy(tree.dataChanged)
    reset = QSignalSpy(tree.modelReset)
    tree.take(assessed(i3_1={"percent": "81"}))
    changed = {str(told.at(place)[0].data()) for place in range(told.count())}
    assert {name.split()[0] for name in changed} == {"3", "3.1"}
    assert reset.count() == 0
    assert "Đạt · thiếu minh chứng" in str(tree.find("3.1").data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_criterion_follows_its_indicators_while_one_types(tree: CriteriaTree) -> None:
    now = assessed(i3_1={"percent": "81"}, i3_2={"holds": True})
    for code in ("3.1", "3.2"):
        tree.take_indicator(now.by_code[code])
    group = tree.criteria[2]
    assert (group.met, group.verdict) == (2, Verdict.MET)
    assert "Đạt, 2/2 chỉ tiêu đạt" in str(tree.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nuoc sach", "17.1"),
        ("NƯỚC SẠCH", "17.1"),
        ("17.1", "17.1"),
        ("dien tich dat", "3.1"),
        ("quy hoach", "1.1"),
    ],
)
def test_search_ignores_diacritics(tree: CriteriaTree, text: str, expected: str) -> None:
    rows = CriteriaFilter(tree)
    rows.choose(Wanted(text=text))
    assert expected in codes(rows) and len(codes(rows)) < 20


def test_a_number_finds_its_criterion(tree: CriteriaTree) -> None:
    rows = CriteriaFilter(tree)
    rows.choose(Wanted(text="17"))
    assert codes(rows) == [f"17.{number}" for number in range(1, 13)]


def test_filters_by_verdict_and_by_what_lacks(tree: CriteriaTree) -> None:
    tree.take(assessed(i3_1={"percent": "81"}, i3_2={"holds": False}))
    rows = CriteriaFilter(tree)
    expected = {
        Wanted(verdict=Verdict.MET): ["3.1"],
        Wanted(verdict=Verdict.NOT_MET): ["3.2"],
        Wanted(missing=frozenset({Missing.EVIDENCE})): ["3.1", "3.2"],
        Wanted(verdict=Verdict.NOT_APPLICABLE): [],
    }
    for wanted, found in expected.items():
        rows.choose(wanted)
        assert codes(rows) == found
    rows.choose(Wanted(missing=frozenset({Missing.RESULT})))
    assert len(codes(rows)) == 55


def test_places_name_filters() -> None:
    assert wanted_of("verdict:not_met") == Wanted(verdict=Verdict.NOT_MET)
    assert wanted_of("missing:evidence") == Wanted(missing=frozenset({Missing.EVIDENCE}))
    for place in ("17.1", "verdict:none", "missing:nothing", "criterion:17", ""):
        assert wanted_of(place) is None


def test_no_row_moves_while_one_types(listing: CriteriaList) -> None:
    listing.want(Wanted(verdict=Verdict.NOT_ASSESSED))
    before = listing.rows.shown
    listing.select("3.1")
    place = listing.view.visualRect(listing.view.currentIndex())
    now = assessed(i3_1={"percent": "81"})
    listing.take_indicator(now.by_code["3.1"])
    listing.take(now)
    assert listing.rows.shown == before
    assert listing.view.visualRect(listing.view.currentIndex()) == place
    listing.tidy(keep="3.2")  # the person moves on
    assert "3.1" not in listing.rows.shown and len(listing.rows.shown) == len(before) - 1


def test_selection_scroll_and_branches_survive_a_refresh(listing: CriteriaList) -> None:
    listing.select("17.9")
    bar = listing.view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    opened, place, row = listing._open_branches(), bar.value(), listing.view.currentIndex().data()
    listing.take(assessed(i1_1={"holds": True}, i17_9={"percent": "3"}))
    assert (listing._open_branches(), bar.value(), listing.view.currentIndex().data()) == (opened, place, row)


def test_branches_are_as_before_once_the_filter_is_gone(listing: CriteriaList) -> None:
    listing.select("3.1")
    opened = listing._open_branches()
    assert len(opened) == 1
    QTest.keyClicks(listing.search, "nuoc")
    assert len(listing._open_branches()) > 1
    assert listing.everything.isVisible()
    listing.everything.click()
    assert listing._open_branches() == opened and listing.search.text() == ""
    assert str(listing.view.currentIndex().data()).startswith("3.1")


def test_filtering_chooses_nothing_by_itself(listing: CriteriaList) -> None:
    listing.select("3.1")
    chosen = QSignalSpy(listing.chosen)
    for text in ("nước", "nước zzz", ""):
        listing.search.setText(text)
    assert chosen.count() == 0
    assert str(listing.view.currentIndex().data()).startswith("3.1")


def test_nothing_found_is_said(listing: CriteriaList) -> None:
    listing.search.setText("không có chỉ tiêu này")
    assert listing.nothing.isVisible() and listing.everything.isVisible()


def test_neighbours_follow_what_is_shown(listing: CriteriaList) -> None:
    assert (listing.neighbour("1.1", -1), listing.neighbour("1.1", 1)) == ("", "1.2")
    listing.want(Wanted(text="17"))
    assert listing.neighbour("3.1", 1) == "17.1"  # not shown itself
    assert listing.neighbour("17.12", 1) == ""


def test_keys_lead_from_search_to_the_form(listing: CriteriaList, qtbot: QtBot) -> None:
    QTest.keyClicks(listing.search, "nuoc sach")
    with qtbot.waitSignal(listing.chosen) as chosen:
        QTest.keyClick(listing.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(listing.opened) as opened:
        QTest.keyClick(listing.view, Qt.Key.Key_Return)
    assert opened.args == [chosen.args[0], True]


def test_a_criterion_opens_and_closes_by_click_and_by_key(listing: CriteriaList) -> None:
    first = listing.rows.index(0, 0)
    assert not listing.view.isExpanded(first)
    place = listing.view.visualRect(first).center()
    QTest.mouseClick(listing.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert listing.view.isExpanded(first)
    QTest.keyClick(listing.view, Qt.Key.Key_Return)
    assert not listing.view.isExpanded(first)


def test_every_row_is_high_enough_to_be_hit(listing: CriteriaList) -> None:
    with QSignalBlocker(listing.search):
        listing.view.expandAll()
    for row in range(listing.rows.rowCount()):
        index = listing.rows.index(row, 0)
        assert listing.view.visualRect(index).height() >= 32
        assert listing.view.visualRect(listing.rows.index(0, 0, index)).height() >= 32
