"""A verdict by hand, or «không áp dụng», with the reason that must stand beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QWidget

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import AssessedIndicator, Judgement, Verdict
from ntm_desktop.model.text import clean
from ui.dialogs.asking import Asking
from ui.forms.inputs import TextInput
from ui.theme import SIZE, soft

OFFERED = (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)


_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class Choice(QRadioButton):
    """Arrow keys choose, as in other programs; Qt only moves the focus as long as nothing is chosen."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        reached = self.window().focusWidget()
        if event.key() in _ARROWS and isinstance(reached, Choice):
            reached.click()


class JudgementDialog(Asking):
    """``judgement()`` is what was chosen, once accepted."""

    def __init__(self, item: AssessedIndicator, parent: QWidget | None = None) -> None:
        super().__init__(_("Đánh giá bằng tay"), f"{item.code}  {item.indicator.name}", _("&Dùng đánh giá này"), parent)
        note = _("Đánh giá bằng tay đứng trên kết quả tự tính và được ghi rõ trong hồ sơ. Bắt buộc phải có lý do.")
        words = soft(QLabel(note))
        words.setWordWrap(True)
        self.fields.addWidget(words)
        self._group = QButtonGroup(self)
        self.choices: dict[Verdict, QRadioButton] = {}
        given = item.result.judgement
        for verdict in OFFERED:
            button: QRadioButton = Choice(wording.verdict_name(verdict))
            button.setMinimumHeight(SIZE.target)
            button.setChecked(given is not None and given.verdict is verdict)
            self._group.addButton(button)
            self.choices[verdict] = button
            self.fields.addWidget(button)
        self.reason = TextInput(_("Lý do"))
        self.reason.put(given.reason if given is not None else "")
        self.add_field(_("&Lý do"), self.reason)
        (self._group.checkedButton() or self.choices[Verdict.MET]).setFocus()

    def _verdict(self) -> Verdict | None:
        return next((verdict for verdict, button in self.choices.items() if button.isChecked()), None)

    def problem(self) -> tuple[str, QWidget] | None:
        if self._verdict() is None:
            return _("Hãy chọn một trong ba kết luận."), self.choices[Verdict.MET]
        if not clean(self.reason.content()):
            return _("Hãy ghi lý do: đánh giá bằng tay hoặc không áp dụng phải có lý do."), self.reason
        return None

    def judgement(self) -> Judgement | None:
        """The verdict with its reason; None where none was chosen."""
        verdict = self._verdict()
        return None if verdict is None else Judgement(verdict, clean(self.reason.content()))
