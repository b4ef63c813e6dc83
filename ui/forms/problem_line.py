"""What is wrong with a field, in words under it; an ambiguous number is asked back with one button for each reading."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.values import ProblemCode, ValueProblem
from ui.theme import SPACE, tone


class ProblemLine(QWidget):
    """Hidden while nothing is wrong."""

    resolved = Signal(str, object)  # component, the Decimal that was meant

    def __init__(self) -> None:
        super().__init__()
        self._problems: tuple[ValueProblem, ...] = ()
        self._words = tone(QLabel(), "error")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE.small)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE.tiny, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self._words)
        column.addLayout(self._buttons)
        self.hide()

    @property
    def text(self) -> str:
        """The sentences that are shown; empty where all is well."""
        return "" if self.isHidden() else self._words.text()

    def show_problems(self, problems: Sequence[ValueProblem]) -> None:
        """Say these; none hides the line."""
        if tuple(problems) == self._problems:
            return
        self._problems = tuple(problems)
        while (item := self._buttons.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        self._words.setText("\n".join(wording.problem_sentence(problem) for problem in problems))
        self.setAccessibleName(self._words.text())
        for problem in problems:
            if problem.code is ProblemCode.AMBIGUOUS:
                self._ask_back(problem)
        self.setVisible(bool(problems))

    def _ask_back(self, problem: ValueProblem) -> None:
        whole, decimal = problem.candidates
        for meant, words in ((whole, _("{number} (số nguyên)")), (decimal, _("{number} (số thập phân)"))):
            button = QPushButton(words.format(number=numbers.editable(meant)))
            button.setToolTip(_("Chọn cách hiểu này cho «{typed}»").format(typed=problem.typed))
            button.clicked.connect(lambda _c=False, value=meant: self._choose(problem.component, value))
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)

    def _choose(self, component: str, meant: Decimal) -> None:
        self.resolved.emit(component, meant)

    def buttons(self) -> list[QPushButton]:
        """The buttons that are shown."""
        items = (self._buttons.itemAt(place) for place in range(self._buttons.count()))
        found = (item.widget() for item in items if item is not None)
        return [button for button in found if isinstance(button, QPushButton)]
