"""The criteria page in the real window: typing, saving by itself, foreign changes, levels, verdicts by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop.model.assessment import Assessed, AssessedIndicator, Verdict, Why
from ntm_desktop.operations import history, results, setup
from ntm_desktop.operations.workspace import Workspace, open_workspace
from ui.desk import Desk
from ui.dialogs.basis import BasisDialog
from ui.dialogs.indicator_history import IndicatorHistory
from ui.dialogs.judgement import JudgementDialog
from ui.dialogs.level import LevelDialog
from ui.forms.fields import BooleanField, NumbersField
from ui.forms.inputs import NumberInput
from ui.main_window import MainWindow
from ui.pages.criteria import CriteriaPage

T = TypeVar("T")
Settle = Callable[..., None]
MakeDesk = Callable[..., Desk]


class Desktop:
    """The window on its criteria page, and ways to do and to see what a person does and sees."""

    def __init__(self, window: MainWindow, settle: Settle) -> None:
        self.window, self._settle = window, settle
        page = window.page("criteria")
        assert isinstance(page, CriteriaPage)
        self.page = page

    def settle(self) -> None:
        self._settle(self.window)

    def show(self, code: str) -> None:
        self.page.show_place(code)
        self.settle()
        assert self.page.code == code

    @property
    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def number(self, component: str) -> NumberInput:
        assert isinstance(self.page.form.field, NumbersField)
        return self.page.form.field.numbers[component]

    def item(self, code: str) -> AssessedIndicator:
        """The indicator as the store has it, read anew."""
        self.settle()
        assessed = self.do(lambda ws: __import__("ntm_desktop.operations.overview", fromlist=["x"]).assessed(ws))
        assert isinstance(assessed, Assessed)
        return assessed.by_code[code]

    def do(self, operation: Callable[[Workspace], T]) -> T:
        """An operation on the worker, as another page would run it."""
        found: list[T] = []
        self.window.session.run(lambda ws, task: operation(ws), found.append)
        self.settle()
        assert len(found) == 1
        return found[0]

    def dialog(self, kind: type[T]) -> T:
        shown = QApplication.activeModalWidget()
        assert isinstance(shown, kind)
        return shown


@pytest.fixture
def desktop(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> Desktop:
    return Desktop(make_desk(workspace_folder, page="criteria").window, settle)


def press(desktop: Desktop, name: str) -> None:
    """Press one of the form's buttons."""
    line, button = name.split(".")
    getattr(getattr(desktop.page.form, line), button).click()


def compose(widget: QWidget, preedit: str) -> None:
    QCoreApplication.sendEvent(widget, QInputMethodEvent(preedit, []))


# --- typing and saving --------------------------------------------------------------------------------------------


def test_the_verdict_appears_as_one_types(desktop: Desktop) -> None:
    desktop.show("3.1")
    form = desktop.page.form
    assert form.level.level.text() == "≥ 80%" and "318/QĐ-TTg" in form.level.origin.text()
    QTest.keyClicks(desktop.focus, "79")
    assert form.verdict.word.text() == "Chưa đạt" and form.verdict.who.text() == "(tự tính)"
    QTest.keyClicks(desktop.focus, ",9")
    QTest.keyClick(desktop.focus, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(desktop.focus, "80")
    assert form.verdict.word.text() == "Đạt"
    index = desktop.page.list.tree.find("3.1")
    assert "Đạt" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))  # in the tree too


def test_saved_within_a_second_of_the_last_key(desktop: Desktop, qtbot: QtBot, workspace_folder: Path) -> None:
    desktop.show("3.1")
    states: list[str] = []
    desktop.window.session.save_state.connect(states.append)
    QTest.keyClicks(desktop.focus, "8")
    assert states == ["saving"]
    with qtbot.waitSignal(desktop.window.session.changed, timeout=1000):
        QTest.keyClicks(desktop.focus, "1,5")
    with sqlite3.connect(f"file:{workspace_folder / 'ntm.sqlite3'}?mode=ro", uri=True) as database:
        written = "\n".join(database.iterdump())  # what a power cut would leave
    assert '"81.5"' in written
    assert states[-1] == "saved"
    assert desktop.item("3.1").verdict is Verdict.MET


def test_saved_while_one_types_without_a_pause(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    desktop.page.form.explanation.setFocus()
    clock = QElapsedTimer()
    clock.start()
    saved: list[int] = []
    desktop.page.saving.saved.connect(lambda _draft: saved.append(clock.elapsed()))
    typed = 0
    while not saved and clock.elapsed() < 6000:
        QTest.keyClicks(desktop.focus, "x")
        typed += 1
        QTest.qWait(100)
    assert saved and saved[0] < 5000 and typed > 20


def test_saved_on_leaving_a_field(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "90")
    with qtbot.waitSignal(desktop.page.saving.saved, timeout=400):  # sooner than the quiet time
        QTest.keyClick(desktop.focus, Qt.Key.Key_Tab)
    assert desktop.item("3.1").result.value == {"percent": "90"}


def test_saved_on_going_to_another_page(desktop: Desktop) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "90")
    desktop.window.show_page("settings")
    assert desktop.item("3.1").result.value == {"percent": "90"}


def test_saved_on_closing_the_window(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle, qtbot: QtBot, qapp: QApplication
) -> None:
    desk = make_desk(workspace_folder, page="criteria")
    desktop = Desktop(desk.window, settle)
    desktop.show("3.1")
    desktop.page.form.explanation.setFocus()
    QTest.keyClicks(desktop.focus, "Truoc khi ")
    compose(desktop.focus, "đóng")
    desk.window.close()
    qtbot.waitUntil(lambda: not desk.window.isVisible())
    desk.session.close()
    desk.worker.stop()
    with open_workspace(workspace_folder) as workspace:
        from ntm_desktop.operations import overview

        assert overview.assessed(workspace).by_code["3.1"].result.explanation == "Truoc khi đóng"


def test_a_word_being_composed_is_not_lost_on_leaving(desktop: Desktop) -> None:
    desktop.show("3.1")
    desktop.page.form.responsible.setFocus()
    QTest.keyClicks(desktop.focus, "Nguyen ")
    compose(desktop.focus, "Thị")
    desktop.page.go(1)
    assert desktop.page.code == "3.2" and desktop.page.form.responsible.content() == ""
    assert desktop.item("3.1").result.responsible == "Nguyen Thị"
    assert desktop.item("3.2").result.responsible == ""


def test_saving_does_not_disturb_composing(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    desktop.page.form.responsible.setFocus()
    with qtbot.waitSignal(desktop.page.saving.saved):
        compose(desktop.focus, "Thi")
    desktop.settle()
    assert desktop.page.form.responsible.composing
    compose(desktop.focus, "Thị")
    desktop.page.save_now()
    assert desktop.item("3.1").result.responsible == "Thị"


def test_nothing_typed_is_refused(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    with qtbot.waitSignal(desktop.page.saving.saved):
        QTest.keyClicks(desktop.focus, "khoang 80")
    assert desktop.page.form.field is not None
    qtbot.waitUntil(lambda: "không phải là số" in desktop.page.form.field.problems.text)  # type: ignore[union-attr]
    item = desktop.item("3.1")
    assert item.result.value == {"typed": {"percent": "khoang 80"}} and item.why is Why.VALUE_UNCLEAR
    desktop.page.go(1)
    desktop.page.go(-1)
    assert desktop.number("percent").text() == "khoang 80"


def test_an_ambiguous_number_is_asked_back(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "12.345")
    field = desktop.page.form.field
    assert field is not None
    qtbot.waitUntil(lambda: len(field.problems.buttons()) == 2)
    field.problems.buttons()[1].click()
    assert field.problems.text == ""
    assert desktop.number("percent").text() == "12,345"
    desktop.page.save_now()
    assert desktop.item("3.1").result.value == {"percent": "12.345"}


def test_a_percent_is_computed_from_two_counts_as_one_types(desktop: Desktop) -> None:
    desktop.show("3.1")
    QTest.keyClick(desktop.focus, Qt.Key.Key_Tab)
    QTest.keyClicks(desktop.focus, "812")
    QTest.keyClick(desktop.focus, Qt.Key.Key_Tab)
    QTest.keyClicks(desktop.focus, "1040")
    field: Any = desktop.page.form.field
    assert field.computed.text() == "= 78,08%"
    assert desktop.page.form.verdict.word.text() == "Chưa đạt"
    QTest.keyClick(desktop.focus, Qt.Key.Key_Tab)
    assert desktop.number("denominator").text() == "1.040"
    assert desktop.item("3.1").result.value == {"numerator": "812", "denominator": "1040"}


def test_blank_and_zero_stay_two_things(desktop: Desktop) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "0")
    desktop.page.save_now()
    assert desktop.item("3.1").verdict is Verdict.NOT_MET
    QTest.keyClick(desktop.focus, Qt.Key.Key_Backspace)
    desktop.page.save_now()
    item = desktop.item("3.1")
    assert item.result.value is None and item.why is Why.NO_RESULT


# --- what comes back ----------------------------------------------------------------------------------------------


def test_the_own_echo_moves_no_cursor(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    line = desktop.page.form.data_source
    line.setFocus()
    QTest.keyClicks(line, "Bao cao thuy loi")
    line.setCursorPosition(3)
    with qtbot.waitSignal(desktop.window.session.assessed_changed):
        QTest.keyClicks(line, " ")
    desktop.settle()
    assert (line.text(), line.cursorPosition()) == ("Bao  cao thuy loi", 4)


def test_undo_reaches_the_form(desktop: Desktop) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "90")
    desktop.page.save_now()
    desktop.settle()
    desktop.do(lambda ws: history.undo(ws))
    assert desktop.number("percent").text() == "" and desktop.page.form.verdict.word.text() == "Chưa đánh giá"
    desktop.do(lambda ws: history.redo(ws))
    assert desktop.number("percent").text() == "90"


def test_a_foreign_change_leaves_an_open_field_alone(desktop: Desktop) -> None:
    desktop.show("3.1")
    assessment_id = desktop.window.session.shown_id
    desktop.page.form.explanation.setFocus()
    QTest.keyClicks(desktop.focus, "toi dang go")
    fields = {"explanation": "khác", "responsible": "Người mẫu"}
    desktop.window.session.run(lambda ws, task: results.save(ws, assessment_id, "3.1", fields))
    QTest.keyClicks(desktop.focus, " tiep")
    desktop.settle()
    assert desktop.page.form.explanation.content() == "toi dang go tiep"
    assert desktop.page.form.responsible.text() == "Người mẫu"


def test_a_failed_save_keeps_what_was_typed_and_says_so(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.show("3.1")
    states: list[str] = []
    desktop.window.session.save_state.connect(states.append)
    draft = desktop.page.draft
    assert draft is not None
    draft.change("figure_year", 1900)  # the operation refuses it
    QTest.keyClicks(desktop.focus, "90")
    with qtbot.waitSignal(desktop.page.saving.failed):
        pass
    desktop.settle()
    banner = desktop.page.center.banner
    assert "1900" in banner.text and "chưa mất" in banner.text and states[-1] == "failed"
    assert desktop.number("percent").text() == "90"
    assert desktop.item("3.1").result.value is None
    desktop.page.go(1)
    desktop.settle()
    desktop.page.go(-1)
    assert desktop.number("percent").text() == "90"
    draft.change("figure_year", 2024)
    desktop.page.save_now()
    assert desktop.item("3.1").result.value == {"percent": "90"}
    assert banner.text == "" and desktop.page.saving.settled


# --- levels, verdicts by hand, history ----------------------------------------------------------------------------


def test_an_unknown_level_is_entered_with_its_decision(desktop: Desktop) -> None:
    desktop.show("17.1")
    form = desktop.page.form
    assert form.level.level.text() == "Chưa có mức đạt chuẩn tại địa phương" and form.level.enter.isVisible()
    QTest.keyClicks(desktop.focus, "60")
    assert form.verdict.word.text() == "Chưa đánh giá"
    press(desktop, "level.enter")
    dialog = desktop.dialog(LevelDialog)
    dialog.try_accept()
    assert "mức đạt chuẩn" in dialog.problem_line.text() and dialog.isVisible()
    for widget, text, problem in (
        (dialog.threshold, "1.234", "có thể hiểu là"),
        (dialog.threshold, "50", "số quyết định"),
        (dialog.number, "1487/QD-UBND", "ngày ban hành"),
        (dialog.issued, "31/02/2024", "Ngày ban hành chưa đúng"),
    ):
        widget.clear()
        widget.setFocus()
        QTest.keyClicks(widget, text)
        dialog.try_accept()
        assert problem in dialog.problem_line.text()
    dialog.issued.clear()
    QTest.keyClicks(dialog.issued, "22/10/2024")
    QTest.keyClick(dialog.issued, Qt.Key.Key_Return)
    desktop.settle()
    assert form.level.level.text() == "≥ 50%" and "1487/QD-UBND ngày 22/10/2024" in form.level.origin.text()
    assert form.verdict.word.text() == "Đạt" and desktop.number("percent").text() == "60"
    press(desktop, "level.change")
    desktop.dialog(LevelDialog).back_button.click()
    desktop.settle()
    assert form.level.level.text() == "Chưa có mức đạt chuẩn tại địa phương"


def test_the_basis_names_what_is_not_verified(desktop: Desktop) -> None:
    desktop.show("4.2")  # has a hint from memory
    press(desktop, "level.basis")
    dialog = desktop.dialog(BasisDialog)
    words = dialog.words()
    assert "318/QĐ-TTg" in words and "211/QĐ-TTg" in words
    assert "CHƯA KIỂM CHỨNG" in words and "98/95/99" in words and "không bao giờ dùng để tính" in words
    dialog.level_button.click()
    assert desktop.dialog(LevelDialog).threshold.text() == ""  # the hint fills nothing in
    desktop.dialog(LevelDialog).reject()


def test_a_verdict_by_hand_needs_its_reason_and_is_marked(desktop: Desktop) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "50")
    press(desktop, "verdict.by_hand")
    dialog = desktop.dialog(JudgementDialog)
    dialog.try_accept()
    assert "chọn một trong ba" in dialog.problem_line.text()
    dialog.choices[Verdict.NOT_APPLICABLE].setFocus()
    QTest.keyClick(dialog.choices[Verdict.NOT_APPLICABLE], Qt.Key.Key_Space)
    dialog.try_accept()
    assert "lý do" in dialog.problem_line.text() and dialog.isVisible()
    QTest.keyClicks(dialog.reason, "Khong co dat nong nghiep")
    QTest.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    form = desktop.page.form
    assert form.verdict.word.text() == "Không áp dụng" and form.verdict.who.text() == "(đánh giá bằng tay)"
    assert (
        "Khong co dat nong nghiep" in form.verdict.why.text()
        and "tự tính từ kết quả: Chưa đạt" in form.verdict.why.text()
    )
    item = desktop.item("3.1")
    assert item.verdict is Verdict.NOT_APPLICABLE and item.by_hand and item.result.value == {"percent": "50"}
    press(desktop, "verdict.automatic")
    assert form.verdict.word.text() == "Chưa đạt" and form.verdict.who.text() == "(tự tính)"
    assert not desktop.item("3.1").by_hand


def test_further_conditions_must_be_confirmed(desktop: Desktop) -> None:
    desktop.show("5")
    form = desktop.page.form
    assert "mức độ 1" in form.conditions_text.text() and form.conditions.isVisible()
    QTest.keyClicks(desktop.focus, "100")
    assert "xác nhận điều kiện kèm theo" in form.verdict.why.text()
    form.conditions.no.setFocus()
    QTest.keyClick(form.conditions.no, Qt.Key.Key_Space)
    assert form.verdict.word.text() == "Chưa đạt" and "Không đáp ứng" in form.verdict.why.text()
    QTest.keyClick(form.conditions.no, Qt.Key.Key_Left)
    assert (form.verdict.word.text(), form.verdict.why.text()) == ("Đạt", "")
    desktop.page.save_now()
    assert desktop.item("5").result.value == {"percent": "100", "conditions": True}
    desktop.show("3.1")
    assert not form.conditions.isVisible()


def test_history_lists_old_and_new(desktop: Desktop) -> None:
    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "50")
    desktop.page.save_now()
    desktop.settle()
    desktop.page.center.history.click()
    desktop.settle()
    dialog = desktop.dialog(IndicatorHistory)
    model = dialog.table.model()
    assert [model.index(0, column).data() for column in (2, 3, 4)] == ["Kết quả", "(trống)", "50%"]
    dialog.accept()


def test_the_preceding_year_is_shown_and_taken(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    with open_workspace(workspace_folder) as workspace:
        now = workspace.info().current
        setup.add_assessment(workspace, "xa-ntm-2021-2025", 2023, region="tdmnpb")
        results.save(workspace, workspace.info().current, "3.1", {"value": {"percent": "84,5"}})
        results.save(workspace, workspace.info().current, "3.2", {"value": {"holds": False}})
        setup.use_assessment(workspace, now)
    desktop = Desktop(make_desk(workspace_folder, page="criteria").window, settle)
    desktop.show("3.2")
    line = desktop.page.form.earlier
    assert line.words.text() == "Năm 2023: Chưa đạt – Chưa đạt" and not line.take.isVisible()
    desktop.show("3.1")
    assert line.words.text() == "Năm 2023: 84,5% – Đạt" and line.take.isVisible()
    line.take.click()
    desktop.settle()
    assert desktop.number("percent").text() == "84,5" or desktop.number("percent").text() == "84.5"
    assert "Sử dụng kết quả năm trước liền kề (2023)" in desktop.page.form.verdict.why.text()
    assert desktop.page.form.figure_year.currentData() == 2023 and not line.take.isVisible()
    assert desktop.item("3.1").result.carried_from == 2023
    desktop.show("1.1")
    assert not line.isVisible()


def test_names_used_before_are_offered(desktop: Desktop) -> None:
    desktop.show("3.1")
    desktop.page.form.responsible.setFocus()
    QTest.keyClicks(desktop.focus, "Lo Van Mau")
    desktop.page.go(1)
    desktop.settle()
    desktop.page.form.responsible.setFocus()
    QTest.keyClicks(desktop.focus, "mau")
    completer = desktop.page.form.responsible.completer()
    assert completer.completionModel().index(0, 0).data() == "Lo Van Mau"
    popup = completer.popup()
    assert popup is not None
    popup.hide()


# --- reading only, small windows, names ---------------------------------------------------------------------------


def test_reading_only_shows_everything_and_changes_nothing(
    make_desk: MakeDesk, workspace_folder: Path, settle: Settle
) -> None:
    window = make_desk(workspace_folder, page="home").window
    window.session.read_only = True
    window.show_page("criteria")
    settle(window)
    desktop = Desktop(window, settle)
    desktop.show("3.1")
    assert "chỉ đọc" in desktop.page.center.banner.text
    QTest.keyClicks(desktop.number("percent"), "90")
    form = desktop.page.form
    assert desktop.number("percent").text() == "" and desktop.number("percent").isReadOnly()
    assert form.explanation.isReadOnly() and not form.figure_year.isEnabled()
    assert not form.verdict.by_hand.isVisible() and not form.level.enter.isVisible()
    desktop.show("3.2")
    assert isinstance(form.field, BooleanField) and not form.field.answers.yes.isEnabled()
    assert desktop.item("3.1").result.value is None


@pytest.mark.parametrize(("width", "visible"), [(1366, 3), (1093, 2), (683, 1)])
def test_fewer_panes_on_smaller_windows(desktop: Desktop, width: int, visible: int) -> None:
    desktop.window.setMinimumSize(0, 0)
    desktop.window.resize(width, 614)
    desktop.show("17.1")
    page = desktop.page
    panes = [page.list, page.center, page.evidence]
    assert sum(pane.isVisible() for pane in panes) == visible and page.center.isVisible()
    assert desktop.window.width() == width
    QTest.keyClicks(desktop.focus, "60")
    form = page.form
    assert form.horizontalScrollBar().maximum() == 0  # nothing lies beyond the edge
    for pane in panes:
        page.enter_pane(pane)
        assert pane.isVisible() and pane.isAncestorOf(desktop.focus)
    page.enter_pane(page.center)
    assert desktop.number("percent").text() in ("60", "60,0")


def test_sizes_and_place_survive_a_restart(make_desk: MakeDesk, workspace_folder: Path, settle: Settle) -> None:
    first = make_desk(workspace_folder, page="criteria")
    desktop = Desktop(first.window, settle)
    desktop.show("17.1")
    desktop.page.sides.splitter.setSizes([350, 520, 260])
    sizes = desktop.page.sides.splitter.sizes()
    first.window.show_page("settings")
    settle(first.window)
    first.session.close()
    settle(first.window)
    again = Desktop(make_desk(workspace_folder, page="criteria").window, settle)
    assert again.page.code == "17.1"
    assert again.page.sides.splitter.sizes() == pytest.approx(sizes, abs=2)


def test_places_of_other_pages(desktop: Desktop) -> None:
    desktop.window.go("criteria", "missing:result")
    assert len(desktop.page.list.rows.shown) == 57
    desktop.window.go("criteria", "verdict:met")
    assert desktop.page.list.nothing.isVisible()
    desktop.window.go("criteria", "17.4")
    assert desktop.page.code == "17.4" and len(desktop.page.list.rows.shown) == 57


def test_every_control_has_a_name_and_is_large_enough(desktop: Desktop) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

    for code in ("1.1", "3.1", "5", "10", "17.1"):
        desktop.show(code)
        for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit):
            for widget in desktop.page.findChildren(kind):
                own = widget.isVisible() and not desktop.page.evidence.isAncestorOf(widget)
                if not own or (isinstance(widget, QAbstractButton) and isinstance(widget.parent(), QLineEdit)):
                    continue
                name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
                assert name, f"{code}: {widget!r}"
                assert widget.height() >= 28, f"{code}: {name} {widget.height()}"


# --- what a newcomer stumbled over --------------------------------------------------------------------------------


def test_the_form_does_not_jump_when_the_verdict_appears(desktop: Desktop) -> None:
    desktop.show("3.1")
    form = desktop.page.form
    desktop.settle()
    before = form.figure_year.mapTo(form, form.figure_year.rect().topLeft()).y()
    assert form.verdict.why.text()
    QTest.keyClicks(desktop.focus, "90")
    desktop.settle()
    assert not form.verdict.why.text()
    assert form.figure_year.mapTo(form, form.figure_year.rect().topLeft()).y() == before


def test_a_file_that_was_added_is_selected(desktop: Desktop, tmp_path: Path) -> None:
    from tests.gui.two_computers import paper

    desktop.show("3.1")
    pane = desktop.page.evidence
    for name in ("a mẫu.pdf", "b mẫu.pdf", "0 mẫu.pdf"):
        pane.intake.take([paper(tmp_path, name)])
        desktop.settle()
        (chosen,) = pane._selected()
        assert chosen.file_name == name


def test_history_shows_no_row_without_a_difference(desktop: Desktop) -> None:
    from dataclasses import replace

    desktop.show("3.1")
    QTest.keyClicks(desktop.focus, "50")
    desktop.page.save_now()
    shown = desktop.window.session.shown_id
    (entry,) = desktop.do(lambda ws: history.entries(ws, shown, "3.1"))
    unseen = replace(entry, old_text="50%")
    dialog = IndicatorHistory("3.1", [entry, unseen, replace(unseen, conflicted=True)])
    assert dialog.table.model().rowCount() == 2
    dialog.deleteLater()
