"""One input for each type of field of a record: shows what is stored or typed, and says what the person typed."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ntm_desktop.i18n import N_, _
from ntm_desktop.model.fields import LONGEST_LINE
from ntm_desktop.model.records import Field
from ui.forms.inputs import ChoiceInput, LineInput, NumberInput, TextInput, mark_wrong
from ui.forms.record_draft import Given, RecordDraft
from ui.forms.two_answers import TwoAnswers
from ui.theme import SPACE, soft

_ANSWERS = {  # fields whose «yes» and «no» need their own words
    "signed": (N_("Đã ký"), N_("Chưa ký")),
    "holds": (N_("Đáp ứng"), N_("Chưa đáp ứng")),
    "none": (N_("Đúng, không có nợ đọng"), N_("Còn nợ đọng")),
}
_NUMBER_WIDTH, _DATE_WIDTH = 140, 130


class RecordInput(QWidget):
    """A field's input with its unit behind it."""

    typed = Signal()  # the person changed it
    left = Signal()  # it lost the focus

    def __init__(self, item: Field, name: str) -> None:
        super().__init__()
        self.item = item
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(SPACE.small)
        self.build(name)

    def build(self, name: str) -> None:
        """Make the widget; ``name`` is what screen readers call it."""
        raise NotImplementedError

    def put(self, draft: RecordDraft) -> None:
        """Show what stands in the draft; nothing was typed."""
        raise NotImplementedError

    def given(self) -> Given:
        """What stands there now."""
        raise NotImplementedError

    def inputs(self) -> list[QWidget]:
        """What Tab stops at."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """The inputs and what else Tab stops at."""
        return self.inputs()

    def set_read_only(self, read_only: bool) -> None:
        """Readable, not changeable."""
        for widget in self.inputs():
            if isinstance(widget, LineInput | TextInput):
                widget.setReadOnly(read_only)
            else:
                widget.setEnabled(not read_only)

    def mark(self, wrong: bool) -> None:
        """Give it the border of a wrong field."""
        mark_wrong(self.inputs()[0], wrong)

    def _behind(self, words: str) -> None:
        label = soft(QLabel(words))
        label.setWordWrap(True)
        self.row.addWidget(label, 1)


class LineBox(RecordInput):
    """One line of text."""

    def build(self, name: str) -> None:
        self.line = self.make(name)
        self.line.setMaxLength(LONGEST_LINE)
        self.line.typed.connect(self.typed)
        self.line.left.connect(self.left)
        self.row.addWidget(self.line, 1)
        self.arrange()

    def make(self, name: str) -> LineInput:
        """The line itself."""
        return LineInput(name)

    def arrange(self) -> None:
        """Its width, and what stands behind it."""
        if self.item.unit:
            self.row.addWidget(soft(QLabel(_(self.item.unit))))

    def put(self, draft: RecordDraft) -> None:
        self.line.put(draft.text(self.item.id))

    def given(self) -> Given:
        return self.line.content()

    def inputs(self) -> list[QWidget]:
        return [self.line]


class DateBox(LineBox):
    """A date as people type it."""

    def arrange(self) -> None:
        self.line.setFixedWidth(_DATE_WIDTH)
        self._behind(_("ngày/tháng/năm"))


class TimeBox(LineBox):
    """A time of the day."""

    def arrange(self) -> None:
        self.line.setFixedWidth(_DATE_WIDTH)
        self._behind(_("giờ:phút"))


class YearBox(LineBox):
    """A year."""

    def arrange(self) -> None:
        self.line.setFixedWidth(_DATE_WIDTH)
        self._behind("")


class NumberBox(LineBox):
    """A count or an amount: without grouping while one edits."""

    line: NumberInput

    def make(self, name: str) -> LineInput:
        return NumberInput(name)

    def arrange(self) -> None:
        self.line.setMaximumWidth(_NUMBER_WIDTH)
        self.line.setMinimumWidth(_NUMBER_WIDTH)
        self._behind(_(self.item.unit) if self.item.unit else "")

    def put(self, draft: RecordDraft) -> None:
        name = self.item.id
        if draft.is_open(name):
            given = draft.given(name)
            self.line.give(given if isinstance(given, str) else None)
            return
        value = draft.stored.get(name)
        self.line.give(None if value is None else Decimal(str(value)))


class TextBox(RecordInput):
    """Paragraphs."""

    def build(self, name: str) -> None:
        self.text = TextInput(name)
        self.text.setToolTip(_("Enter xuống dòng, Tab sang ô tiếp theo"))
        self.text.typed.connect(self.typed)
        self.text.left.connect(self.left)
        self.row.addWidget(self.text, 1)

    def put(self, draft: RecordDraft) -> None:
        self.text.put(draft.text(self.item.id))

    def given(self) -> Given:
        return self.text.content()

    def inputs(self) -> list[QWidget]:
        return [self.text]


class ChoiceBox(RecordInput):
    """One of several; the first line is none of them."""

    def build(self, name: str) -> None:
        self.box = ChoiceInput(name)
        self.box.addItem(_("(chưa chọn)"), None)
        for choice in self.item.choices:
            self.box.addItem(_(choice.name), choice.id)
        self.box.typed.connect(self.typed)
        self.box.typed.connect(self.left)
        self.row.addWidget(self.box, 1)

    def put(self, draft: RecordDraft) -> None:
        value = draft.given(self.item.id)
        place = self.box.findData(value)
        if place < 0:  # a later version of the program knows more choices
            self.box.addItem(str(value), value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)

    def given(self) -> Given:
        value = self.box.currentData()
        return None if value is None else str(value)

    def inputs(self) -> list[QWidget]:
        return [self.box]


class FlagBox(RecordInput):
    """Yes, no, or not answered."""

    def build(self, name: str) -> None:
        yes, no = _ANSWERS.get(self.item.id, (N_("Có"), N_("Không")))
        self.answers = TwoAnswers(name, _(yes), _(no))
        self.answers.typed.connect(self.typed)
        self.answers.typed.connect(self.left)
        self.row.addWidget(self.answers, 1, Qt.AlignmentFlag.AlignVCenter)

    def put(self, draft: RecordDraft) -> None:
        given = draft.given(self.item.id)
        self.answers.put(given if isinstance(given, bool) else None)

    def given(self) -> Given:
        return self.answers.answer()

    def inputs(self) -> list[QWidget]:
        return self.answers.inputs()

    def stops(self) -> list[QWidget]:
        return [*self.answers.inputs(), self.answers.clear]

    def set_read_only(self, read_only: bool) -> None:
        self.answers.set_read_only(read_only)

    def mark(self, wrong: bool) -> None:
        return
