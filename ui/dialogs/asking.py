"""A dialog that asks for a few fields: labels above, what is wrong in words, buttons that say what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.forms.inputs import mark_wrong
from ui.theme import SPACE, heading, primary, soft, tone


class Asking(QDialog):
    """Subclasses add fields and say in :meth:`problem` what keeps them from being accepted."""

    def __init__(self, title: str, subject: str, accept_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.problem_line = tone(QLabel(), "error")
        self.problem_line.setWordWrap(True)
        self.problem_line.hide()
        self.accept_button = primary(QPushButton(accept_words))
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.try_accept)
        self.leave_button = QPushButton(_("Để nguyên như cũ"))
        self.leave_button.setAutoDefault(False)
        self.leave_button.clicked.connect(self.reject)
        self.fields = QVBoxLayout()
        self.fields.setSpacing(SPACE.small)
        self.foot = QHBoxLayout()
        self.foot.addStretch(1)
        self.foot.addWidget(self.leave_button)
        self.foot.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.medium)
        column.addWidget(heading(QLabel(subject), 2))
        column.addLayout(self.fields)
        column.addWidget(self.problem_line)
        column.addStretch(1)
        column.addLayout(self.foot)

    def add_field(self, words: str, widget: QWidget, hint: str = "") -> QWidget:
        """A field with its label above and, where it helps, a quiet sentence below; returns the whole of it."""
        box = QWidget()
        label = QLabel(words)
        label.setBuddy(widget)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(label)
        column.addWidget(widget)
        if hint:
            below = soft(QLabel(hint))
            below.setWordWrap(True)
            column.addWidget(below)
        self.fields.addWidget(box)
        return box

    def problem(self) -> tuple[str, QWidget] | None:
        """What is missing or wrong, and in which field."""
        return None

    def try_accept(self) -> None:
        """Accept, or say what is missing and go there."""
        found = self.problem()
        for widget in self.findChildren(QWidget):
            if widget.property("wrong"):
                mark_wrong(widget, False)
        if found is None:
            self.accept()
            return
        sentence, widget = found
        self.problem_line.setText(sentence)
        self.problem_line.show()
        mark_wrong(widget, True)
        widget.setFocus()
        self.resize(self.size().expandedTo(self.sizeHint()))
