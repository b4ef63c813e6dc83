"""The fields of one record under each other, made from its kind: label, input, what is wrong, what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.records import Field, Kind
from ui.forms.inputs import NumberInput, TextInput
from ui.forms.record_draft import RecordDraft
from ui.forms.record_drafts import RecordDrafts
from ui.forms.record_factory import record_input
from ui.forms.record_inputs import RecordInput
from ui.forms.record_problem import RecordProblem
from ui.theme import COLOURS, SPACE, soft, tone

QUIET = 700  # milliseconds after which what cannot be right is pointed out
NARROW = 520  # below this width labels stand above their fields
_LABEL = 216


class RecordField(QWidget):
    """An input, and under it what is wrong, what follows, and the note of the table of kinds."""

    def __init__(self, item: Field) -> None:
        super().__init__()
        self.input: RecordInput = record_input(item)
        self.item = item
        self.problem = RecordProblem()
        self.problem.meant.connect(self._choose)
        self.told = soft(QLabel())
        self.note = soft(QLabel(_(item.note) if item.note else ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.input)
        column.addWidget(self.problem)
        for label in (self.told, self.note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        self.told.hide()
        self.note.setVisible(bool(item.note))

    def say_problem(self, sentence: str) -> None:
        """Say what is wrong."""
        self.problem.say(sentence, self.item, self.input.given())
        self.input.mark(bool(sentence))
        self.input.inputs()[0].setAccessibleDescription(sentence)
        for one, following in pairwise([self.input.stops()[-1], *self.problem.buttons()]):
            QWidget.setTabOrder(one, following)

    def _choose(self, text: str) -> None:
        line = self.input.inputs()[0]
        line.setFocus()
        if isinstance(line, NumberInput):
            line.give(text)
        self.input.typed.emit()

    def tell(self, words: str, mood: str = "") -> None:
        """Say what follows from what is typed."""
        self.told.setText(words)
        tone(self.told, mood)
        self.told.setVisible(bool(words))


class RecordForm(QWidget):
    """Shows a draft and writes into it; :class:`RecordDrafts` does the saving."""

    gone_on = Signal()  # Enter in the last field
    typed = Signal(str)  # field

    def __init__(self, kind: Kind, drafts: RecordDrafts) -> None:
        super().__init__()
        self.kind = kind
        self.draft: RecordDraft | None = None
        self._drafts = drafts
        self._read_only = False
        self.fields: dict[str, RecordField] = {item.id: RecordField(item) for item in kind.fields}
        self._quiet = QTimer(self, singleShot=True, interval=QUIET)
        self._quiet.timeout.connect(self.show_problems)
        self._build()
        drafts.shown_anew.connect(self._shown_anew)
        drafts.saved.connect(self._saved)
        drafts.edited.connect(self._edited_elsewhere)

    def _build(self) -> None:
        self.rows = QFormLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setHorizontalSpacing(SPACE.large)
        self.rows.setVerticalSpacing(SPACE.small + 2)
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for name, field in self.fields.items():
            label = QLabel(_(field.item.name))
            label.setWordWrap(True)
            label.setFixedWidth(_LABEL)
            label.setContentsMargins(0, 6, 0, 0)
            label.setBuddy(field.input.inputs()[0])
            self.rows.addRow(label, field)
            field.input.typed.connect(lambda name=name: self._take(name))
            field.input.left.connect(lambda name=name: self._left(name))
            for widget in field.input.inputs():
                widget.installEventFilter(self)
        for one, following in pairwise(self.stops()):
            QWidget.setTabOrder(one, following)
        readable = "QRadioButton:disabled, QComboBox:disabled"  # a dossier that is only looked at
        self.setStyleSheet(f"{readable} {{ color: {COLOURS.text}; }}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        policy = QFormLayout.RowWrapPolicy.WrapAllRows if narrow else QFormLayout.RowWrapPolicy.DontWrapRows
        if self.rows.rowWrapPolicy() is not policy:
            self.rows.setRowWrapPolicy(policy)

    # --- showing

    def show_draft(self, draft: RecordDraft | None) -> None:
        """Show another record, or the same one with everything anew."""
        self._quiet.stop()
        self.draft = draft
        self.setEnabled(draft is not None)
        if draft is not None:
            for field in self.fields.values():
                field.input.put(draft)
        self.show_problems()

    def set_read_only(self, read_only: bool) -> None:
        """Readable, not changeable."""
        self._read_only = read_only
        for field in self.fields.values():
            field.input.set_read_only(read_only)

    def _shown_anew(self, draft: RecordDraft, names: Sequence[str]) -> None:
        if draft is self.draft:
            for name in names:
                self.fields[name].input.put(draft)
            self.show_problems()

    def _saved(self, draft: RecordDraft) -> None:
        """What was stored shows in its own form where nobody is at it."""
        if draft is self.draft:
            for name, field in self.fields.items():
                if not draft.is_open(name) and not any(widget.hasFocus() for widget in field.input.inputs()):
                    field.input.put(draft)

    def _edited_elsewhere(self, draft: RecordDraft, name: str) -> None:
        """The same record is edited in a table beside the form."""
        if draft is self.draft and self.fields[name].input.given() != draft.given(name):
            self.fields[name].input.put(draft)

    def show_problems(self) -> None:
        """Point out what is wrong now."""
        for name, field in self.fields.items():
            field.say_problem(self.draft.problem(name) if self.draft is not None else "")

    # --- what the person does

    def _take(self, name: str) -> None:
        if self.draft is None or self._read_only:
            return
        self._drafts.change(self.draft, name, self.fields[name].input.given())
        self.typed.emit(name)
        if self.draft.problem(name):
            self._quiet.start()  # not in the middle of a word
        else:
            self.fields[name].say_problem("")

    def _left(self, name: str) -> None:
        if self.draft is None:
            return
        self._quiet.stop()
        self.show_problems()
        self._drafts.flush()
        if not self.draft.is_open(name):
            self.fields[name].input.put(self.draft)

    # --- the keyboard

    def chain(self) -> list[QWidget]:
        """The inputs in the order of the eye: Tab and Enter go along it."""
        return [widget for field in self.fields.values() for widget in field.input.inputs()]

    def stops(self) -> list[QWidget]:
        """The inputs and what else Tab stops at."""
        return [widget for field in self.fields.values() for widget in field.input.stops()]

    def focus_field(self, name: str) -> None:
        """Put the focus into a field; the first one where there is none of this name."""
        field = self.fields.get(name) or next(iter(self.fields.values()))
        inputs = field.input.inputs()
        chosen = [widget for widget in inputs if isinstance(widget, QRadioButton) and widget.isChecked()]
        (chosen or inputs)[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._entered(watched, event.modifiers())
        return super().eventFilter(watched, event)

    def _entered(self, widget: QWidget, modifiers: Qt.KeyboardModifier) -> bool:
        """Enter makes a new line in a text, and goes on from everything else."""
        held = modifiers & ~Qt.KeyboardModifier.KeypadModifier
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
