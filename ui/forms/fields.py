"""One field for each kind of measure: shows the components of a value and says what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model import numbers, values
from ntm_desktop.model.assessment import AssessedIndicator
from ntm_desktop.model.catalogue import Measure, Operator
from ntm_desktop.model.values import ValueProblem
from ui.forms.inputs import ChoiceInput, LineInput, NumberInput, TextInput, ThreeStateBox, mark_wrong
from ui.forms.problem_line import ProblemLine
from ui.forms.two_answers import TwoAnswers
from ui.theme import SIZE, SPACE, soft
from ui.widgets.flow_layout import FlowLayout


class ResultField(QWidget):
    """Base of all: a column with the inputs and, under them, what is wrong."""

    edited = Signal()  # the person changed something
    left = Signal()  # an input lost the focus

    def __init__(self, measure: Measure, operator: Operator | None) -> None:
        super().__init__()
        self.measure = measure
        self.operator = operator
        self.problems = ProblemLine()
        self.problems.resolved.connect(self._resolve)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE.tiny)
        self.build()
        self.column.addWidget(self.problems)

    def build(self) -> None:
        """Make the inputs."""
        raise NotImplementedError

    def put(self, typed: Mapping[str, Any]) -> None:
        """Show these components; nothing was typed."""
        raise NotImplementedError

    def typed(self) -> dict[str, Any]:
        """What stands in the inputs, by component; blank ones are absent."""
        raise NotImplementedError

    def inputs(self) -> list[QWidget]:
        """The inputs in the order of the eye."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """The inputs and what else Tab stops at."""
        return self.inputs()

    def follow(self, item: AssessedIndicator) -> None:
        """Show what follows from the value while one types (a percent from two counts)."""

    def show_problems(self, found: Sequence[ValueProblem]) -> None:
        """Say what is wrong and mark where."""
        self.problems.show_problems(found)
        for one, following in pairwise([self.stops()[-1], *self.problems.buttons()]):
            QWidget.setTabOrder(one, following)

    def set_read_only(self, read_only: bool) -> None:
        """Readable, not changeable."""
        for widget in self.inputs():
            if isinstance(widget, LineInput | TextInput):
                widget.setReadOnly(read_only)
            else:
                widget.setEnabled(not read_only)

    def _resolve(self, component: str, meant: Decimal) -> None:
        raise NotImplementedError


class BooleanField(ResultField):
    """Met or not; where the thing must not exist the words are «Không còn» and «Vẫn còn»."""

    def build(self) -> None:
        absent = self.operator is Operator.ABSENT
        words = (_("Không còn"), _("Vẫn còn")) if absent else (_("Đạt"), _("Chưa đạt"))
        self.answers = TwoAnswers(_("Kết quả"), *words)
        self._kept: str | None = None
        self.answers.typed.connect(self._answered)
        self.column.addWidget(self.answers)

    def _answered(self) -> None:
        self._kept = None
        self.edited.emit()

    def put(self, typed: Mapping[str, Any]) -> None:
        given = typed.get("holds")
        self._kept = given if isinstance(given, str) else None
        self.answers.put(given if isinstance(given, bool) else None)

    def typed(self) -> dict[str, Any]:
        answer = self.answers.answer()
        given = self._kept if answer is None else answer
        return {} if given is None else {"holds": given}

    def inputs(self) -> list[QWidget]:
        return self.answers.inputs()

    def set_read_only(self, read_only: bool) -> None:
        self.answers.set_read_only(read_only)

    def stops(self) -> list[QWidget]:
        return [*self.answers.inputs(), self.answers.clear]


class NumbersField(ResultField):
    """Base of the two kinds with numbers."""

    def build(self) -> None:
        self.numbers: dict[str, NumberInput] = {}
        self.build_numbers()
        for number in self.numbers.values():
            number.typed.connect(self.edited)
            number.left.connect(self.left)

    def build_numbers(self) -> None:
        """Make the number inputs by component."""
        raise NotImplementedError

    def put(self, typed: Mapping[str, Any]) -> None:
        for component, number in self.numbers.items():
            number.give(typed.get(component))

    def typed(self) -> dict[str, Any]:
        given = {component: number.given for component, number in self.numbers.items()}
        return {component: text for component, text in given.items() if text not in (None, "")}

    def inputs(self) -> list[QWidget]:
        return list(self.numbers.values())

    def show_problems(self, found: Sequence[ValueProblem]) -> None:
        super().show_problems(found)
        wrong = {problem.component for problem in found}
        for component, number in self.numbers.items():
            mark_wrong(number, component in wrong)

    def _resolve(self, component: str, meant: Decimal) -> None:
        number = self.numbers[component]
        number.setFocus()
        number.give(meant)
        number.end(False)
        self.edited.emit()


class NumberField(NumbersField):
    """A number with its unit."""

    def build_numbers(self) -> None:
        unit = self.measure.unit
        name = _("Kết quả, {unit}").format(unit=unit) if unit else _("Kết quả")
        self.numbers["number"] = NumberInput(name)
        row = FlowLayout(spacing=SPACE.small)
        row.addWidget(self.numbers["number"])
        row.addWidget(_beside(unit))
        self.column.addLayout(row)


class PercentField(NumbersField):
    """A percent, or two counts from which it is computed as one types."""

    def build_numbers(self) -> None:
        counted = self.measure.numerator or _("Số đạt (tử số)")
        whole = self.measure.denominator or _("Tổng số (mẫu số)")
        for component, name in (("percent", _("Tỷ lệ, %")), ("numerator", counted), ("denominator", whole)):
            self.numbers[component] = NumberInput(name)
        first = FlowLayout(spacing=SPACE.small)
        first.addWidget(self.numbers["percent"])
        first.addWidget(_beside("%"))
        first.addWidget(soft(_beside(_("hoặc ghi số đếm:"))))
        second = FlowLayout(spacing=SPACE.small)
        for component, name in (("numerator", counted), ("denominator", whole)):
            second.addWidget(_labelled(name, self.numbers[component]))
        self.computed = QLabel()
        second.addWidget(_labelled("", self.computed))
        self.differs = soft(QLabel())
        self.differs.setWordWrap(True)
        self.differs.hide()
        self.column.addLayout(first)
        self.column.addLayout(second)
        self.column.addWidget(self.differs)

    def follow(self, item: AssessedIndicator) -> None:
        value = item.result.value or {}
        counted = "numerator" in value and "denominator" in value
        percent = values.number_of(self.measure, value) if counted else None
        shown = "" if percent is None else numbers.shown_beside(percent, item.level.threshold)
        self.computed.setText("" if percent is None else _("= {percent}%").format(percent=shown))
        typed = value.get("percent")
        differs = percent is not None and typed is not None and abs(Decimal(typed) - percent) >= Decimal("0.01")
        self.differs.setVisible(differs)
        if differs and typed is not None:
            sentence = _("Tỷ lệ đã ghi ({typed}%) khác tỷ lệ tính từ số đếm; phần mềm dùng {percent}%.")
            self.differs.setText(sentence.format(typed=numbers.shown(Decimal(typed)), percent=shown))


def _beside(text: str) -> QLabel:
    label = QLabel(text)
    label.setMinimumHeight(SIZE.target)
    return label


def _labelled(name: str, shown: QWidget) -> QWidget:
    """Something with its label above it."""
    box = QWidget()
    label = soft(QLabel(name))
    label.setBuddy(shown)
    shown.setMinimumHeight(SIZE.target)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(label)
    column.addWidget(shown)
    return box


class ChoiceField(ResultField):
    """One of several answers."""

    def build(self) -> None:
        self.choice = ChoiceInput(_("Kết quả"))
        self.choice.addItem(_("– chưa chọn –"), "")
        for answer in self.measure.choices:
            self.choice.addItem(answer.name, answer.id)
        self._kept = ""
        self.choice.typed.connect(self._chosen)
        self.choice.setMaximumWidth(360)
        self.column.addWidget(self.choice)

    def _chosen(self) -> None:
        self._kept = ""
        self.edited.emit()

    def put(self, typed: Mapping[str, Any]) -> None:
        given = str(typed.get("choice") or "")
        place = self.choice.findData(given)
        self._kept = given if place < 0 else ""
        self.choice.setCurrentIndex(max(place, 0))

    def typed(self) -> dict[str, Any]:
        given = self.choice.currentData() or self._kept
        return {"choice": given} if given else {}

    def inputs(self) -> list[QWidget]:
        return [self.choice]


def _answer_words(answer: bool | None) -> str:
    return _("chưa trả lời") if answer is None else _("có") if answer else _("không")


class _Words(QLabel):
    """The words of a box, as long as they are; a click on them is a click on the box."""

    def __init__(self, text: str, box: ThreeStateBox) -> None:
        super().__init__(text)
        self._box = box
        self.setWordWrap(True)
        self.setMinimumHeight(SIZE.target)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._box.isEnabled():
            self._box.click()


class ChecklistField(ResultField):
    """Parts that are each answered yes, no, or not yet."""

    def build(self) -> None:
        self.boxes: dict[str, ThreeStateBox] = {}
        self._kept: str | None = None
        for part in self.measure.parts:
            box = ThreeStateBox(part.name, _answer_words)
            box.setMinimumWidth(132)
            box.typed.connect(self._answered)
            self.boxes[part.id] = box
            name = _Words(part.name, box)
            row = QHBoxLayout()
            row.setSpacing(SPACE.small)
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(name, 1)
            self.column.addLayout(row)
        self.count = soft(QLabel())
        self.column.addWidget(self.count)

    def _answered(self) -> None:
        self._kept = None
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        answers = [box.answer() for box in self.boxes.values()]
        text = _("Có {yes} trên {all} nội dung; còn {open} nội dung chưa trả lời.")
        self.count.setText(text.format(yes=answers.count(True), all=len(answers), open=answers.count(None)))

    def put(self, typed: Mapping[str, Any]) -> None:
        given = typed.get("parts") or {}
        self._kept = given if isinstance(given, str) else None
        for part_id, box in self.boxes.items():
            box.put(None if isinstance(given, str) else given.get(part_id))
        self._tell()

    def typed(self) -> dict[str, Any]:
        answers = {part_id: box.answer() for part_id, box in self.boxes.items()}
        parts = {part_id: answer for part_id, answer in answers.items() if answer is not None}
        return {"parts": parts} if parts else {}

    def inputs(self) -> list[QWidget]:
        return list(self.boxes.values())


class FreeTextField(ResultField):
    """A result in words; a person judges it."""

    def build(self) -> None:
        self.text = TextInput(_("Kết quả"))
        self.text.typed.connect(self.edited)
        self.text.left.connect(self.left)
        self.column.addWidget(self.text)

    def put(self, typed: Mapping[str, Any]) -> None:
        self.text.put(str(typed.get("text") or ""))

    def typed(self) -> dict[str, Any]:
        content = self.text.content()
        return {"text": content} if content else {}

    def inputs(self) -> list[QWidget]:
        return [self.text]
