"""Progress of one long piece of work, with the time that is left and Cancel; the rest of the window stays alive."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ui.tasks import Task
from ui.theme import SPACE, icon, soft

_STEADY = 3.0  # seconds before a rate means anything


class TaskLine(QWidget):
    """Hidden until :meth:`follow`, and again when the work has ended."""

    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._task: Task | None = None
        self._stage = ""
        self._began = 0.0
        self._title = QLabel()
        self._amount = soft(QLabel())
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = QPushButton(_("Huỷ"))
        self._cancel.setIcon(icon("close"))
        self._cancel.clicked.connect(self._stop)
        words = QHBoxLayout()
        words.setSpacing(SPACE.small)
        words.addWidget(self._title)
        words.addStretch(1)
        words.addWidget(self._amount)
        column = QVBoxLayout()
        column.setSpacing(SPACE.tiny)
        column.addLayout(words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.medium)
        row.addLayout(column, 1)
        row.addWidget(self._cancel)
        self.hide()

    def follow(self, task: Task) -> None:
        """Show this task until it ends."""
        self._task, self._stage, self._began = task, "", time.monotonic()
        self._cancel.setEnabled(True)
        self._cancel.setAccessibleName(_("Huỷ: {what}").format(what=task.title))
        self._show(task.title, 0, 0, "")
        task.progressed.connect(self._progressed)
        task.finished.connect(lambda: self._finished(task))
        self.show()

    @property
    def task(self) -> Task | None:
        """The task that is shown."""
        return self._task

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._cancel.setEnabled(False)
            self._amount.setText(_("Đang huỷ…"))

    def _progressed(self, title: str, amount: int, total: int, unit: str) -> None:
        if self._task is not None and self._cancel.isEnabled():
            self._show(title, amount, total, unit)

    def _show(self, title: str, amount: int, total: int, unit: str) -> None:
        if title != self._stage:
            self._stage, self._began = title, time.monotonic()
        self._title.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(amount * 1000 // total if total else 0)
        self._amount.setText(self._words(amount, total, unit))

    def _words(self, amount: int, total: int, unit: str) -> str:
        if not total:
            return ""
        both = (wording.size_text(amount), wording.size_text(total)) if unit == "B" else (str(amount), str(total))
        text = " / ".join(both) if unit in ("", "B") else f"{both[0]} / {both[1]} {unit}"
        spent = time.monotonic() - self._began
        if spent < _STEADY or not 0 < amount < total:
            return text
        return f"{text} · {_left_text(spent * (total - amount) / amount)}"

    def _finished(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self.hide()
            self.ended.emit()


def _left_text(seconds: float) -> str:
    """Time left in words."""
    if seconds < 60:
        return _("còn khoảng {count} giây").format(count=max(1, round(seconds / 5) * 5))
    return _("còn khoảng {count} phút").format(count=round(seconds / 60))
