"""The middle pane of the criteria page: messages, the form, and the way to the previous and next indicator."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.forms.form import IndicatorForm
from ui.forms.lines import HISTORY
from ui.theme import SPACE, card, icon, rule, soft
from ui.widgets.banner import Banner


class FormPane(QWidget):
    """Banner above, form, footer below; before an indicator is chosen a sentence instead of the form."""

    asked = Signal(str)
    step = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner()
        self.opinion = Banner()  # what the receiving office thinks of this indicator
        self.form = IndicatorForm()
        self.form.asked.connect(self.asked)
        self.empty = soft(QLabel())
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.form)
        self.previous = QPushButton(icon("previous"), "")
        self.history = QPushButton(icon("history"), _("Lịc&h sử…"))
        self.next = QPushButton(icon("next"), "")
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # its arrow stands behind the words
        self.history.clicked.connect(lambda: self.asked.emit(HISTORY))
        self.previous.clicked.connect(lambda: self.step.emit(-1))
        self.next.clicked.connect(lambda: self.step.emit(1))
        footer = QHBoxLayout()
        footer.setContentsMargins(SPACE.large, 0, SPACE.large, SPACE.small)
        footer.setSpacing(SPACE.small)
        footer.addWidget(self.previous)
        footer.addStretch(1)
        footer.addWidget(self.history)
        footer.addStretch(1)
        footer.addWidget(self.next)
        self._footer = QWidget()
        column = QVBoxLayout(self._footer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        column.addWidget(rule())
        column.addLayout(footer)
        paper = card(QFrame())
        inside = QVBoxLayout(paper)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.stack, 1)
        inside.addWidget(self._footer)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SPACE.small)
        whole.addWidget(self.banner)
        whole.addWidget(self.opinion)
        whole.addWidget(paper, 1)
        self.setMinimumWidth(300)
        self.show_nothing("")

    def show_nothing(self, sentence: str) -> None:
        """No indicator: say why, and what to do."""
        self.empty.setText(sentence)
        self.stack.setCurrentWidget(self.empty)
        self._footer.hide()

    def show_form(self, previous: str, following: str) -> None:
        """The form, and the codes of its neighbours (empty at either end)."""
        self.stack.setCurrentWidget(self.form)
        self._footer.show()
        for button, code, words, keys in (
            (self.previous, previous, _("Chỉ tiêu trước {code}"), "Alt+←, Ctrl+PageUp"),
            (self.next, following, _("Chỉ tiêu sau {code}"), "Alt+→, Ctrl+PageDown"),
        ):
            button.setEnabled(bool(code))
            button.setText(code or "–")
            name = words.format(code=code).strip()
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({keys})")
