"""The level that applies locally: operator, threshold, and the decision that sets it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.assessment import AssessedIndicator, LevelOrigin
from ntm_desktop.model.catalogue import ALLOWED_OPERATORS, MeasureKind, Operator
from ntm_desktop.model.text import one_line
from ui.dialogs.asking import Asking
from ui.forms.dates import read_date
from ui.forms.inputs import ChoiceInput, LineInput
from ui.theme import icon

_WITHOUT_THRESHOLD = (Operator.HOLDS, Operator.ABSENT)


def _operator_words(operator: Operator) -> str:
    words = {
        Operator.AT_LEAST: _("≥  từ mức này trở lên"),
        Operator.AT_MOST: _("≤  không quá mức này"),
        Operator.MORE: _(">  lớn hơn mức này"),
        Operator.LESS: _("<  nhỏ hơn mức này"),
        Operator.EQUAL: _("=  bằng đúng mức này"),
        Operator.HOLDS: _("Đạt"),
        Operator.ABSENT: _("Không còn (không có)"),
    }
    return words[operator]


class LevelDialog(Asking):
    """The level's fields; a level that was entered before can be taken back here.

    ``operator``, ``threshold_text``, ``number``, ``issued``, ``title_text`` are what was entered, once accepted.
    """

    taken_back = Signal()

    def __init__(self, item: AssessedIndicator, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Mức đạt chuẩn của địa phương"), f"{item.code}  {item.indicator.name}", _("&Dùng mức này"), parent
        )
        self._measure = item.indicator.measure
        self.operator = ChoiceInput(_("Cách so sánh"))
        for operator in Operator:
            if operator in ALLOWED_OPERATORS[self._measure.kind]:
                self.operator.addItem(_operator_words(operator), operator)
        self.operator.currentIndexChanged.connect(self._follow)
        self.add_field(_("Cách &so sánh"), self.operator)
        self._make_threshold()
        self.number = LineInput(_("Số quyết định"))
        self.issued = LineInput(_("Ngày ban hành"))
        self.decision_title = LineInput(_("Trích yếu"))
        self.add_field(_("Số &quyết định"), self.number, _("Văn bản quy định mức này, ví dụ 1487/QĐ-UBND."))
        self.add_field(_("N&gày ban hành"), self.issued, _("Ngày/tháng/năm, ví dụ 22/10/2024."))
        self.add_field(_("Trích &yếu (không bắt buộc)"), self.decision_title)
        self._show(item)
        self._follow()
        self.back_button = QPushButton(icon("undo"), _("&Bỏ mức của địa phương"))
        self.back_button.setAutoDefault(False)
        self.back_button.setToolTip(_("Trở về mức của bộ tiêu chí"))
        self.back_button.setVisible(item.level.origin is LevelOrigin.LOCAL)
        self.back_button.clicked.connect(self._take_back)
        self.foot.insertWidget(0, self.back_button)
        self.operator.setFocus()

    def _take_back(self) -> None:
        self.reject()
        self.taken_back.emit()

    def _make_threshold(self) -> None:
        measure = self._measure
        self.threshold = LineInput(_("Mức"))
        self.choice = ChoiceInput(_("Mức"))
        for answer in measure.choices:
            self.choice.addItem(answer.name, answer.rank)
        by_choice = measure.kind is MeasureKind.CHOICE
        unit = measure.unit or ("%" if measure.kind is MeasureKind.PERCENT else "")
        if measure.kind is MeasureKind.CHECKLIST:
            unit = _("số nội dung phải có")
        words = _("&Mức ({unit})").format(unit=unit) if unit and not by_choice else _("&Mức")
        self._threshold_box = self.add_field(words, self.choice if by_choice else self.threshold)

    def _show(self, item: AssessedIndicator) -> None:
        level = item.level
        operator = level.operator or item.indicator.requirement.operator
        self.operator.setCurrentIndex(max(self.operator.findData(operator), 0))
        if level.threshold is not None:
            self.threshold.put(numbers.editable(level.threshold))
            self.choice.setCurrentIndex(max(self.choice.findData(int(level.threshold)), 0))
        if level.origin is LevelOrigin.LOCAL:
            self.number.put(level.basis.number)
            self.issued.put(wording.date_text(level.basis.issued))
            self.decision_title.put(level.basis.title)

    def _follow(self) -> None:
        self._threshold_box.setVisible(self.operator.currentData() not in _WITHOUT_THRESHOLD)

    @property
    def threshold_text(self) -> str:
        """The threshold as the operation takes it."""
        if self.operator.currentData() in _WITHOUT_THRESHOLD:
            return "1"
        if self._measure.kind is MeasureKind.CHOICE:
            return str(self.choice.currentText())
        return self.threshold.content()

    def problem(self) -> tuple[str, QWidget] | None:
        return self._threshold_problem() or self._basis_problem()

    def _threshold_problem(self) -> tuple[str, QWidget] | None:
        if self.operator.currentData() in _WITHOUT_THRESHOLD or self._measure.kind is MeasureKind.CHOICE:
            return None
        text = one_line(self.threshold.content())
        read = numbers.read_number(text)
        if not text:
            return _("Hãy ghi mức đạt chuẩn, ví dụ 50."), self.threshold
        if read.candidates:
            whole, decimal = (numbers.editable(each) for each in read.candidates)
            sentence = _("Mức «{typed}» có thể hiểu là {whole} hoặc {decimal}. Hãy gõ lại cho rõ.")
            return sentence.format(typed=text, whole=whole, decimal=decimal), self.threshold
        if read.value is None:
            return _("Mức «{typed}» không phải là số. Hãy gõ số như 50 hoặc 12,5.").format(typed=text), self.threshold
        if self._measure.kind is MeasureKind.PERCENT and not 0 <= read.value <= 100:
            return _("Mức phải từ 0 % đến 100 %."), self.threshold
        if self._measure.kind is MeasureKind.CHECKLIST and not 0 < read.value <= len(self._measure.parts):
            most = len(self._measure.parts)
            return _("Số nội dung phải từ 1 đến {most}.").format(most=most), self.threshold
        return None

    def _basis_problem(self) -> tuple[str, QWidget] | None:
        if not one_line(self.number.content()):
            return _("Hãy ghi số quyết định quy định mức này, ví dụ 1487/QĐ-UBND."), self.number
        issued = read_date(self.issued.content())
        if issued is None:
            return _("Ngày ban hành chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 22/10/2024."), self.issued
        if not issued:
            return _("Hãy ghi ngày ban hành quyết định, ví dụ 22/10/2024."), self.issued
        return None

    @property
    def issued_iso(self) -> str:
        """The date of the decision."""
        return read_date(self.issued.content()) or ""
