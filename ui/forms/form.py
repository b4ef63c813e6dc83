"""The form of one indicator: its level, its result, its verdict as one types, and what belongs to the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFormLayout,
    QFrame,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop.i18n import _
from ntm_desktop.model import rules, values
from ntm_desktop.model.assessment import AssessedIndicator
from ntm_desktop.model.catalogue import Measure, Operator
from ntm_desktop.model.values import ProblemCode
from ui.forms.draft import DATA_SOURCE, EXPLANATION, FIELDS, FIGURE_YEAR, RESPONSIBLE, VALUE, Draft
from ui.forms.factory import result_field
from ui.forms.fields import NumbersField, ResultField
from ui.forms.inputs import ChoiceInput, LineInput, SuggestInput, TextInput
from ui.forms.lines import EarlierLine, LevelLine, VerdictLine
from ui.forms.two_answers import TwoAnswers
from ui.theme import COLOURS, SPACE, heading, soft

QUIET = 500  # milliseconds after which a value that cannot be right is pointed out
NARROW = 480  # below this width labels stand above their fields
EARLIER_YEARS = 10
LONG_NAME = 110  # letters from which a name is set smaller


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the form needs to know besides the draft."""

    earlier: AssessedIndicator | None = None  # the same indicator in the preceding year's assessment
    read_only: bool = False
    sources: Sequence[str] = ()  # data sources and persons named before
    persons: Sequence[str] = ()


class IndicatorForm(QScrollArea):
    """Shows a :class:`Draft` and writes into it; saves nothing itself."""

    edited = Signal()  # the draft has changed
    left = Signal()  # a field lost the focus
    gone_on = Signal()  # Enter in the last field
    asked = Signal(str)  # a button of the lines: see ui.forms.lines

    def __init__(self) -> None:
        super().__init__()
        self.draft: Draft | None = None
        self._around = Surroundings()
        self._made_for: tuple[str, Measure, Operator | None] | None = None
        self.field: ResultField | None = None
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(self.show_problems)
        self._make()
        self._build()
        self._connect()

    # --- building

    def _make(self) -> None:
        self.criterion = soft(QLabel())
        self.name = QLabel()
        for label in (self.criterion, self.name):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.level = LevelLine()
        self.verdict = VerdictLine()
        self.earlier = EarlierLine()
        self.conditions_text = QLabel()
        self.conditions_text.setWordWrap(True)
        self.conditions = TwoAnswers(_("Điều kiện kèm theo"), _("Đáp ứng"), _("Không đáp ứng"))
        self.figure_year = ChoiceInput(_("Số liệu năm"))
        self.figure_year.setMaximumWidth(240)
        self.data_source = SuggestInput(_("Nguồn số liệu"))
        self.explanation = TextInput(_("Giải trình"))
        self.explanation.setToolTip(_("Enter xuống dòng, Tab sang ô tiếp theo"))
        self.responsible = SuggestInput(_("Người phụ trách"))

    def _build(self) -> None:
        self._holder = QWidget()
        self._held = QVBoxLayout(self._holder)
        self._held.setContentsMargins(0, 0, 0, 0)
        conditions = QWidget()
        column = QVBoxLayout(conditions)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.conditions_text)
        column.addWidget(self.conditions)
        self._conditions = conditions
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(SPACE.large)
        self.rows.setVerticalSpacing(SPACE.medium)
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for words, widget, buddy in (
            (_("Mức đạt chuẩn"), self.level, None),
            (_("Kết quả"), self._holder, None),
            (_("Điều kiện kèm theo"), conditions, self.conditions.yes),
            (_("Kết luận"), self.verdict, None),
            (_("Số liệu năm"), self.figure_year, self.figure_year),
            (_("Nguồn số liệu"), self.data_source, self.data_source),
            (_("Giải trình"), self.explanation, self.explanation),
            (_("Người phụ trách"), self.responsible, self.responsible),
            (_("Năm trước"), self.earlier, None),
        ):
            label = QLabel(words)
            label.setMinimumWidth(124)
            label.setContentsMargins(0, 6, 0, 0)
            if buddy is not None:
                label.setBuddy(buddy)
            self.rows.addRow(label, widget)
        content = QWidget()
        content.setProperty("plain", True)
        content.setMaximumWidth(860)
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        column.setSpacing(SPACE.small)
        column.addWidget(self.criterion)
        column.addWidget(self.name)
        column.addSpacing(SPACE.small)
        column.addLayout(self.rows)
        column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        readable = "QRadioButton:disabled, QCheckBox:disabled, QComboBox:disabled"  # a dossier that is only looked at
        content.setStyleSheet(f"{readable} {{ color: {COLOURS.text}; }}")

    def _connect(self) -> None:
        for name, line in (
            (DATA_SOURCE, self.data_source),
            (EXPLANATION, self.explanation),
            (RESPONSIBLE, self.responsible),
        ):
            line.typed.connect(partial(self._take_text, name, line))
            line.left.connect(self.left)
        self.figure_year.typed.connect(self._take_year)
        self.conditions.typed.connect(self._take_value)
        for told in (self.level, self.verdict, self.earlier):
            told.asked.connect(self.asked)
        fixed = (self.figure_year, self.data_source, self.explanation, self.responsible)
        for widget in (*fixed, *self.conditions.inputs()):
            widget.installEventFilter(self)

    # --- showing

    def show_draft(self, draft: Draft, around: Surroundings) -> None:
        """Show another indicator, or the same one with everything anew."""
        self.draft, self._around = draft, around
        self._quiet.stop()
        self._make_field()
        self.show_fields(FIELDS)
        self.data_source.offer(around.sources)
        self.responsible.offer(around.persons)
        self._show_facts()
        self.follow()
        self.show_problems()
        self._set_read_only(around.read_only)
        self.verticalScrollBar().setValue(0)

    def surround(self, around: Surroundings) -> None:
        """The store has told something new about the indicator that is shown: refresh all but the open fields."""
        if self.draft is None:
            return
        self._around = around
        self._make_field()
        self.data_source.offer(around.sources)
        self.responsible.offer(around.persons)
        self._show_facts()
        self.follow()
        self._set_read_only(around.read_only)

    def _make_field(self) -> None:
        """The result's field, made anew where measure or words differ; what stands in the draft is put into it."""
        assert self.draft is not None
        operator = self.draft.item.level.operator
        wanted = (self.draft.code, self.draft.measure, operator)
        if wanted == self._made_for:
            return
        self._made_for = wanted
        old = self.field
        self.field = result_field(self.draft.measure, operator)
        self.field.edited.connect(self._take_value)
        self.field.left.connect(self._left_value)
        self._held.addWidget(self.field)
        label = self.rows.labelForField(self._holder)
        if isinstance(label, QLabel):
            label.setBuddy(self.field.inputs()[0])
        for widget in self.field.inputs():
            widget.installEventFilter(self)
        self.field.put(self.draft[VALUE])
        if old is not None:
            old.hide()
            old.deleteLater()
        self._order_tabs(self.field)

    def _order_tabs(self, field: ResultField) -> None:
        """Tab follows the eye, over buttons too."""
        level, verdict = self.level, self.verdict
        order = [
            *(level.change, level.basis, level.enter),
            *field.stops(),
            *(*self.conditions.inputs(), self.conditions.clear),
            *(verdict.by_hand, verdict.automatic),
            *(self.figure_year, self.data_source, self.explanation, self.responsible),
            self.earlier.take,
        ]
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)

    def show_fields(self, names: Sequence[str]) -> None:
        """Put these fields of the draft into their widgets."""
        draft = self.draft
        if draft is None or self.field is None:
            return
        if VALUE in names:
            self.field.put(draft[VALUE])
            answer = draft[VALUE].get("conditions")
            self.conditions.put(answer if isinstance(answer, bool) else None)
            self.show_problems()
        for name, line in (
            (DATA_SOURCE, self.data_source),
            (EXPLANATION, self.explanation),
            (RESPONSIBLE, self.responsible),
        ):
            if name in names:
                line.put(draft[name])
        if FIGURE_YEAR in names:
            self._show_year()
        self.follow()

    def _show_year(self) -> None:
        assert self.draft is not None
        current, chosen = self.draft.assessment.year, self.draft[FIGURE_YEAR]
        years = list(range(current, current - EARLIER_YEARS - 1, -1))
        if chosen is not None and chosen not in years:
            years.append(chosen)
        self.figure_year.clear()
        for year in years:
            words = _("{year} (năm đánh giá)") if year == current else "{year}"
            self.figure_year.addItem(words.format(year=year), year)
        self.figure_year.setCurrentIndex(0 if chosen is None else years.index(chosen))

    def _show_facts(self) -> None:
        """What the set, the store and the preceding year say."""
        draft, around = self.draft, self._around
        assert draft is not None
        item, catalogue, year = draft.item, draft.catalogue, draft.assessment.year
        criterion = item.criterion
        self.criterion.setText(_("Tiêu chí {number}. {name}").format(number=criterion.number, name=criterion.name))
        self.name.setText(f"{item.code}  {item.indicator.name}")
        heading(self.name, 1 if len(self.name.text()) <= LONG_NAME else 2)
        conditions = rules.applicable_sub_conditions(catalogue, item.indicator, draft.assessment)
        self.conditions_text.setText("\n".join(f"• {text}" for text in conditions))
        self.rows.setRowVisible(self._conditions, bool(conditions))
        shown = around.earlier if around.earlier is not None and not around.earlier.lacks_result else None
        self.earlier.show_earlier(
            shown, year - 1, taken=item.result.carried_from is not None, read_only=around.read_only
        )
        self.rows.setRowVisible(self.earlier, shown is not None)

    def _set_read_only(self, read_only: bool) -> None:
        if self.field is not None:
            self.field.set_read_only(read_only)
        for line in (self.data_source, self.explanation, self.responsible):
            line.setReadOnly(read_only)
        self.figure_year.setEnabled(not read_only)
        self.conditions.set_read_only(read_only)

    def follow(self) -> None:
        """Level, verdict and computed numbers as they follow from what is typed, at once."""
        if self.draft is None or self.field is None:
            return
        item = self.draft.assessed()
        self.field.follow(item)
        self.level.show_level(item, self.draft.catalogue, read_only=self._around.read_only)
        self.verdict.show_verdict(item, self.draft.assessment.year, read_only=self._around.read_only)

    def show_problems(self) -> None:
        """Point out what is wrong now."""
        if self.draft is None or self.field is None:
            return
        found = values.problems(self.draft.measure, self.draft.result().value)
        numbers = self.field.numbers if isinstance(self.field, NumbersField) else {}
        self.field.show_problems(
            [
                problem
                for problem in found
                if problem.code is not ProblemCode.HALF_FRACTION or not numbers[problem.component].hasFocus()
            ]
        )

    # --- what the person does

    def _take_value(self) -> None:
        if self.draft is None or self.field is None:
            return
        typed = self.field.typed()
        if (answer := self.conditions.answer()) is not None and not self._conditions.isHidden():
            typed["conditions"] = answer
        self._change(VALUE, typed)
        if values.problems(self.draft.measure, self.draft.result().value):
            self._quiet.start()  # not in the middle of a number
        else:
            self._quiet.stop()
            self.show_problems()

    def _left_value(self) -> None:
        self._quiet.stop()
        self.show_problems()
        self.left.emit()

    def _take_text(self, name: str, line: LineInput | TextInput) -> None:
        self._change(name, line.content())

    def _take_year(self) -> None:
        self._change(FIGURE_YEAR, self.figure_year.currentData())

    def _change(self, name: str, given: object) -> None:
        if self.draft is not None and not self._around.read_only and self.draft.change(name, given):
            self.follow()
            self.edited.emit()

    def finish_composing(self) -> None:
        """Let the input method hand over the word that is being composed."""
        if self.isAncestorOf(QApplication.focusWidget() or self):
            QGuiApplication.inputMethod().commit()

    # --- the keyboard

    def chain(self) -> list[QWidget]:
        """The inputs in the order of the eye: Tab and Enter go along it."""
        inputs = self.field.inputs() if self.field else []
        conditions = self.conditions.inputs() if not self._conditions.isHidden() else []
        return [*inputs, *conditions, self.figure_year, self.data_source, self.explanation, self.responsible]

    def first_focus(self) -> QWidget:
        """The result's first input (the chosen one of two answers)."""
        inputs = self.field.inputs() if self.field else []
        checked = [box for box in inputs if isinstance(box, QAbstractButton) and box.isChecked()]
        return (checked or inputs or [self])[0]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, QWidget):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return self._entered(watched, event)
        elif event.type() == QEvent.Type.FocusIn:
            QTimer.singleShot(0, self, self._reveal_focus)  # once the layout is done
        return super().eventFilter(watched, event)

    def _reveal_focus(self) -> None:
        """Scroll to the input that has the focus; to the top for the first one where both fit."""
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return
        if focus in self.chain()[:2]:
            self.verticalScrollBar().setValue(0)
        self.ensureWidgetVisible(focus, 0, SPACE.huge)

    def _entered(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Enter makes a new line in a text, and goes on from everything else."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if isinstance(widget, TextInput) and held != Qt.KeyboardModifier.ControlModifier:
            return False
        order = [each for each in self.chain() if each.isEnabled()]
        following = order[order.index(widget) + 1 :] if widget in order else []
        if isinstance(widget, QRadioButton):  # two answers are one field
            following = [each for each in following if each.parent() is not widget.parent()]
        if following:
            following[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.gone_on.emit()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.viewport().width() < NARROW
        policy = QFormLayout.RowWrapPolicy.WrapAllRows if narrow else QFormLayout.RowWrapPolicy.DontWrapRows
        if self.rows.rowWrapPolicy() is not policy:
            self.rows.setRowWrapPolicy(policy)
