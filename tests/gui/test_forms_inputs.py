"""Inputs with real keys: number forms, Vietnamese composing and decomposed typing, answers that can be taken back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ntm_desktop import catalogue as catalogues
from ntm_desktop.model import values
from ntm_desktop.model.catalogue import Choice, Measure, MeasureKind, Operator, Part
from ui.forms.factory import result_field
from ui.forms.fields import BooleanField, ChecklistField, ChoiceField, FreeTextField, NumbersField, ResultField
from ui.forms.inputs import ChoiceInput, LineInput, NumberInput, SuggestInput, TextInput

PERCENT = Measure(MeasureKind.PERCENT, "%")
CHOICES = Measure(MeasureKind.CHOICE, choices=(Choice("a", "Mức độ 1", 1), Choice("b", "Mức độ 2", 2)))
PARTS = Measure(MeasureKind.CHECKLIST, parts=(Part("a", "Có hương ước"), Part("b", "Có đội tự quản")))


KEPT: list[QWidget] = []


@pytest.fixture(autouse=True)
def _keep() -> Iterator[None]:
    yield
    KEPT.clear()


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """The widgets in a shown window, and a field called «other» that has the focus."""
    box = QWidget()
    KEPT.append(box)
    column = QVBoxLayout(box)
    for widget in widgets:
        column.addWidget(widget)
    other = QLineEdit()
    other.setObjectName("other")
    column.addWidget(other)
    qtbot.addWidget(box)
    with qtbot.waitActive(box):
        box.show()
        box.activateWindow()
    other.setFocus()
    assert other.hasFocus()
    return box


def leave(box: QWidget) -> None:
    box.findChild(QLineEdit, "other").setFocus()  # type: ignore[union-attr]


def type_text(widget: QWidget, text: str) -> None:
    """Letters as a keyboard layout or Unikey sends them, one key event each."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QCoreApplication.sendEvent(widget, event)


def field(qtbot: QtBot, measure: Measure, operator: Operator | None = None) -> tuple[ResultField, QWidget]:
    made = result_field(measure, operator)
    return made, shown(qtbot, made)


def test_a_number_is_grouped_only_while_nobody_edits_it(qtbot: QtBot) -> None:
    number = NumberInput()
    box = shown(qtbot, number)
    number.give(Decimal("1234567.5"))
    assert number.text() == "1.234.567,5"
    number.setFocus(Qt.FocusReason.TabFocusReason)
    assert number.text() == "1234567,5" and number.selectedText() == "1234567,5"
    leave(box)
    assert number.text() == "1.234.567,5"
    assert number.given == Decimal("1234567.5")  # never read anew


def test_a_number_keeps_its_raw_text(qtbot: QtBot) -> None:
    number = NumberInput()
    box = shown(qtbot, number)
    number.setFocus()
    type_text(number, "12.50")
    leave(box)
    assert (number.given, number.text()) == ("12.50", "12,5")
    number.setFocus()
    leave(box)
    assert number.given == "12.50"
    number.setFocus(Qt.FocusReason.TabFocusReason)
    type_text(number, "1.234")
    leave(box)
    assert (number.given, number.text()) == ("1.234", "1.234")  # asked back, as it was typed


def test_an_ambiguous_number_is_asked_back_with_two_buttons(qtbot: QtBot) -> None:
    made, _box = field(qtbot, PERCENT)
    assert isinstance(made, NumbersField)
    percent = made.numbers["percent"]
    percent.setFocus()
    type_text(percent, "1.234")
    made.show_problems(values.problems(PERCENT, values.store(PERCENT, made.typed())))
    first, second = made.problems.buttons()
    assert (first.text(), second.text()) == ("1234 (số nguyên)", "1,234 (số thập phân)")
    assert percent.property("wrong") is True
    with qtbot.waitSignal(made.edited):
        QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert made.typed() == {"percent": Decimal("1.234")}
    assert percent.hasFocus() and percent.text() == "1,234"
    made.show_problems(())
    assert made.problems.text == "" and percent.property("wrong") is False


@pytest.mark.parametrize("kind", [LineInput, TextInput])
def test_a_word_being_composed_counts(qtbot: QtBot, kind: type[LineInput] | type[TextInput]) -> None:
    line = kind()
    shown(qtbot, line)
    line.setFocus()
    type_text(line, "Nguyen ")
    with qtbot.waitSignal(line.typed):
        compose(line, "Thi")
    assert line.content() == "Nguyen Thi" and line.composing
    compose(line, "Thị")
    assert line.content() == "Nguyen Thị"
    compose(line, "", commit="Thị")
    assert line.content() == "Nguyen Thị" and not line.composing


@pytest.mark.parametrize("kind", [LineInput, TextInput])
def test_a_word_composed_in_the_middle_stands_where_it_is_seen(
    qtbot: QtBot, kind: type[LineInput] | type[TextInput]
) -> None:
    line = kind()
    shown(qtbot, line)
    line.setFocus()
    type_text(line, "ab")
    QTest.keyClick(line, Qt.Key.Key_Left)
    compose(line, "ư")
    assert line.content() == "aưb"


@pytest.mark.parametrize("kind", [LineInput, TextInput])
def test_decomposed_typing_becomes_composed(qtbot: QtBot, kind: type[LineInput] | type[TextInput]) -> None:
    line = kind()
    box = shown(qtbot, line)
    line.setFocus()
    type_text(line, "Nguyê\u0303n Thi\u0323")
    assert line.content() == "Nguyễn Thị"
    leave(box)
    text = line.text() if isinstance(line, LineInput) else line.toPlainText()
    assert text == "Nguyễn Thị" and unicodedata.is_normalized("NFC", text)


def test_putting_a_text_is_no_typing(qtbot: QtBot) -> None:
    typed: list[str] = []
    for line in (LineInput(), TextInput()):
        shown(qtbot, line)
        line.typed.connect(lambda: typed.append("typed"))
        line.put("một")
        compose(line, "ha")
        line.put("hai")
        assert line.content() == "hai"
    assert typed == ["typed", "typed"]  # the two composings


def test_a_text_grows_with_its_lines_and_tab_leaves_it(qtbot: QtBot) -> None:
    text = TextInput()
    box = shown(qtbot, text)
    small = text.height()
    text.setFocus()
    for _line in range(6):
        type_text(text, "dòng")
        QTest.keyClick(text, Qt.Key.Key_Return)
    assert text.content().count("\n") == 6 and text.height() > small
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert box.findChild(QLineEdit, "other").hasFocus()  # type: ignore[union-attr]


def test_names_are_offered_without_diacritics(qtbot: QtBot) -> None:
    line = SuggestInput()
    shown(qtbot, line)
    line.offer(["Nguyễn Thị Mẫu", "Lò Văn Mẫu", "Nguyễn Thị Mẫu"])
    line.setFocus()
    type_text(line, "nguyen")
    popup = line.completer().popup()
    assert popup is not None and popup.isVisible() and popup.model().rowCount() == 1
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert line.content() == "Nguyễn Thị Mẫu"


def test_the_wheel_changes_no_choice(qtbot: QtBot) -> None:
    choice = ChoiceInput()
    choice.addItems(["một", "hai"])
    shown(qtbot, choice)
    choice.setFocus()
    place = QPointF(5, 5)
    down, still = QPoint(0, -120), Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        place, place, QPoint(), down, Qt.MouseButton.NoButton, still, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(choice, wheel)
    assert choice.currentIndex() == 0


def test_yes_and_no_speak_the_operators_words(qtbot: QtBot) -> None:
    made, _box = field(qtbot, Measure(MeasureKind.BOOLEAN), Operator.HOLDS)
    assert isinstance(made, BooleanField)
    assert [made.answers.yes.text(), made.answers.no.text()] == ["Đạt", "Chưa đạt"]
    absent, _box = field(qtbot, Measure(MeasureKind.BOOLEAN), Operator.ABSENT)
    assert isinstance(absent, BooleanField)
    assert [absent.answers.yes.text(), absent.answers.no.text()] == ["Không còn", "Vẫn còn"]
    absent.answers.yes.setFocus()
    QTest.keyClick(absent.answers.yes, Qt.Key.Key_Space)
    assert absent.typed() == {"holds": True}


def test_an_answer_can_be_taken_back_by_key_and_by_button(qtbot: QtBot) -> None:
    made, _box = field(qtbot, Measure(MeasureKind.BOOLEAN), Operator.HOLDS)
    assert isinstance(made, BooleanField)
    yes, no, clear = made.answers.yes, made.answers.no, made.answers.clear
    assert not clear.isVisible() and made.typed() == {}
    yes.setFocus()
    QTest.keyClick(yes, Qt.Key.Key_Down)
    assert made.typed() == {"holds": False} and no.hasFocus() and clear.isVisible()
    QTest.keyClick(no, Qt.Key.Key_Delete)
    assert made.typed() == {} and not clear.isVisible()
    QTest.keyClick(yes, Qt.Key.Key_Space)
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert made.typed() == {}


def test_a_word_that_came_with_an_import_is_kept_until_it_is_answered(qtbot: QtBot) -> None:
    made, _box = field(qtbot, Measure(MeasureKind.BOOLEAN), Operator.HOLDS)
    assert isinstance(made, BooleanField)
    made.put({"holds": "gần đạt"})
    assert made.typed() == {"holds": "gần đạt"}
    made.answers.yes.click()
    assert made.typed() == {"holds": True}


def test_a_choice_starts_with_none(qtbot: QtBot) -> None:
    made, _box = field(qtbot, CHOICES)
    assert isinstance(made, ChoiceField) and made.typed() == {}
    made.choice.setFocus()
    QTest.keyClick(made.choice, Qt.Key.Key_Down)
    assert made.typed() == {"choice": "a"}
    QTest.keyClick(made.choice, Qt.Key.Key_Up)
    assert made.typed() == {}


def test_parts_are_not_answered_yes_or_no(qtbot: QtBot) -> None:
    made, _box = field(qtbot, PARTS)
    assert isinstance(made, ChecklistField) and made.typed() == {}
    first = made.boxes["a"]
    assert first.text() == "chưa trả lời" and first.accessibleName() == "Có hương ước: chưa trả lời"
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert made.typed() == {"parts": {"a": True}} and first.text() == "có"
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert made.typed() == {"parts": {"a": False}} and first.text() == "không"
    assert "còn 1 nội dung chưa trả lời" in made.count.text()
    QTest.keyClick(first, Qt.Key.Key_Delete)
    assert made.typed() == {}


def test_a_text_result_is_kept_as_it_is_written(qtbot: QtBot) -> None:
    made, _box = field(qtbot, Measure(MeasureKind.TEXT))
    assert isinstance(made, FreeTextField)
    made.text.setFocus()
    type_text(made.text, "Đã họp dân")
    assert made.typed() == {"text": "Đã họp dân"}


@pytest.mark.parametrize("catalogue_id", catalogues.builtin_ids())
def test_a_field_shows_what_was_typed_into_it(qtbot: QtBot, catalogue_id: str) -> None:
    """For every measure of every set: what is put comes back, blank stays blank."""
    samples = {"holds": True, "percent": "12,5", "number": "1234,5", "text": "chữ"}
    box = shown(qtbot)
    for indicator in catalogues.builtin(catalogue_id).indicators():
        measure = indicator.measure
        made = result_field(measure, indicator.requirement.operator)
        made.setParent(box)
        made.put({})
        assert made.typed() == {}
        component = {MeasureKind.BOOLEAN: "holds"}.get(measure.kind, measure.kind.value)
        value = measure.choices[-1].id if measure.kind is MeasureKind.CHOICE else samples[component]
        made.put({component: value})
        assert made.typed() == {component: value}
        assert all(widget.accessibleName() for widget in made.inputs())
