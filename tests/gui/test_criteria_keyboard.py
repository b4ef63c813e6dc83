"""A whole set entered by keyboard alone, through the real window: every level, every result, every condition."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.model import numbers
from ntm_desktop.model.catalogue import MeasureKind, Operator
from ntm_desktop.operations import overview, setup
from ui.desk import Desk
from ui.dialogs.level import LevelDialog
from ui.forms.two_answers import TwoAnswers
from ui.main_window import MainWindow
from ui.pages.criteria import CriteriaPage

Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]

CONTROL, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "the focus is nowhere"
    return widget


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(), key, modifier)


def write(text: str) -> None:
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(focused(), QKeyEvent(kind, 0, NONE, letter))


class Official:
    """Somebody without a mouse."""

    def __init__(self, window: MainWindow, settle: Settle, qtbot: QtBot) -> None:
        self.window, self.settle, self.qtbot = window, settle, qtbot
        page = window.page("criteria")
        assert isinstance(page, CriteriaPage)
        self.page = page

    def enter_level(self, threshold: str) -> None:
        """Alt+N, then field by field with Tab, Enter at the end."""
        press(Qt.Key.Key_N, ALT)
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), LevelDialog))
        self.qtbot.waitUntil(lambda: focused().accessibleName() == "Cách so sánh")
        for text in (threshold, "1487/QĐ-UBND", "22/10/2024"):
            press(Qt.Key.Key_Tab)
            write(text)
        press(Qt.Key.Key_Return)
        assert QApplication.activeModalWidget() is None, "the level was not accepted"
        self.settle(self.window)
        self.window.activateWindow()  # no window manager here that would do it
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)

    def enter(self, code: str) -> None:
        """One indicator so that it meets its level."""
        draft = self.page.draft
        assert draft is not None and draft.code == code
        item = draft.item
        measure = item.indicator.measure
        if not item.level.known:
            least = item.indicator.requirement.operator is not Operator.AT_MOST
            self.enter_level("50" if least else "20")
            item = self.page.draft.item if self.page.draft else item
        assert item.level.known, code
        assert item.level.threshold is not None
        if measure.kind is MeasureKind.BOOLEAN:
            press(Qt.Key.Key_Space)
        elif measure.kind is MeasureKind.CHOICE:
            press(Qt.Key.Key_End)
        else:
            beyond = {Operator.MORE: 1, Operator.LESS: -1}.get(item.level.operator, 0)  # type: ignore[arg-type]
            write(numbers.editable(item.level.threshold + beyond))
        if self.page.form.conditions.isVisible():
            while not isinstance(focused().parent(), TwoAnswers):
                press(Qt.Key.Key_Return)
            press(Qt.Key.Key_Space)


def enter_all(official: Official) -> list[str]:
    """From the first indicator to the last; the codes in the order in which they were met."""
    official.window.activateWindow()
    press(Qt.Key.Key_2, CONTROL)
    official.settle(official.window)
    visited: list[str] = []
    while official.page.code not in visited:
        visited.append(official.page.code)
        official.enter(official.page.code)
        press(Qt.Key.Key_PageDown, CONTROL)
    press(Qt.Key.Key_1, CONTROL)  # leaving the page saves
    official.settle(official.window)
    return visited


@pytest.mark.slow
@pytest.mark.parametrize(("catalogue_id", "count"), [("xa-ntm-2021-2025", 57), ("xa-ntm-nang-cao-2021-2025", 75)])
def test_a_whole_set_by_keyboard(
    make_desk: MakeDesk, tmp_path: Path, settle: Settle, qtbot: QtBot, catalogue_id: str, count: int
) -> None:
    folder = tmp_path / "xã"
    setup.create(
        folder, unit_code="03390", role="commune", catalogue_id=catalogue_id, year=2024, region="tdmnpb"
    ).close()
    window = make_desk(folder, page="home").window
    official = Official(window, settle, qtbot)
    visited = enter_all(official)
    assert len(visited) == len(set(visited)) == count
    found: list[dict[str, Any]] = []
    window.session.run(lambda ws, task: overview.status(ws), found.append)
    settle(window)
    status = found[0]
    assert status["missing_results"] == [] and status["missing_levels"] == []
    assert status["indicators"]["met"] == count
    assert status["criteria"]["met"] == status["criteria"]["total"] == 19


def test_enter_goes_from_field_to_field_and_on_to_the_next_indicator(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle, qtbot: QtBot
) -> None:
    window = make_desk(workspace_folder, page="criteria").window
    official = Official(window, settle, qtbot)
    page = official.page
    page.show_place("3.1")
    settle(window)
    met: list[str] = []
    while page.code == "3.1":
        met.append(focused().accessibleName())
        write("7")
        press(Qt.Key.Key_Return, CONTROL if focused() is page.form.explanation else NONE)
        assert len(met) < 12
    assert met == [
        "Tỷ lệ, %",
        "Số đạt (tử số)",
        "Tổng số (mẫu số)",
        "Số liệu năm",
        "Nguồn số liệu",
        "Giải trình",
        "Người phụ trách",
    ]
    assert page.code == "3.2" and focused().accessibleName() == "Kết quả: Đạt"
    press(Qt.Key.Key_Return)  # both answers are one field
    assert focused() is page.form.figure_year
    press(Qt.Key.Key_Left, ALT)
    assert page.code == "3.1" and focused().accessibleName() == "Tỷ lệ, %"
    press(Qt.Key.Key_Right, ALT)
    assert page.code == "3.2"


def test_tab_follows_the_eye(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    window = make_desk(workspace_folder, page="criteria").window
    page = window.page("criteria")
    assert isinstance(page, CriteriaPage)
    for code in ("17.1", "5", "1.1"):  # unknown level, further conditions, two answers
        page.show_place(code)
        settle(window)
        form = page.form
        stops: list[QWidget] = []
        while form.isAncestorOf(focused()) and focused() not in stops:
            stops.append(focused())
            press(Qt.Key.Key_Tab)
        places = [stop.mapTo(form, stop.rect().topLeft()) for stop in stops]
        rows = [place.y() for place in places]
        assert all(below - above > -24 for above, below in pairwise(rows)), (code, rows)
        of_two = {widget for widget in form.chain() if isinstance(widget, QRadioButton)}  # one stop for two answers
        assert set(form.chain()) - of_two <= set(stops)
        assert {answer.parent() for answer in of_two} <= {stop.parent() for stop in stops}


def test_f6_goes_round(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    window = make_desk(workspace_folder, page="criteria").window
    page = window.page("criteria")
    assert isinstance(page, CriteriaPage)
    settle(window)
    page.focus_form()
    seen = []
    for _step in range(5):
        press(Qt.Key.Key_F6)
        inside = [name for name in ("list", "center", "evidence") if getattr(page, name).isAncestorOf(focused())]
        seen.append(inside[0] if inside else "frame")
    assert seen == ["evidence", "frame", "frame", "list", "center"]
