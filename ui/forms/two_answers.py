"""Two answers side by side, neither of them chosen at first."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton, QWidget

from ntm_desktop.i18n import _
from ui.theme import SIZE, SPACE, icon, link
from ui.widgets.flow_layout import FlowLayout

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class TwoAnswers(QWidget):
    """Two radio buttons and one that clears them; Delete clears too."""

    typed = Signal()

    def __init__(self, name: str, yes: str, no: str) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.yes, self.no = QRadioButton(yes), QRadioButton(no)
        self.clear = link(QPushButton(icon("close"), _("Bỏ chọn")))
        self.clear.setAccessibleName(_("{name}: bỏ chọn").format(name=name))
        self.clear.setToolTip(_("Trở về chưa trả lời (phím Delete)"))
        row = FlowLayout(self, SPACE.small)
        for button in (self.yes, self.no):
            button.setAccessibleName(f"{name}: {button.text()}")
            button.setMinimumHeight(SIZE.target)
            button.installEventFilter(self)
            self._group.addButton(button)
            row.addWidget(button)
        row.addWidget(self.clear)
        self._group.buttonClicked.connect(lambda _button: self._changed())
        self.clear.clicked.connect(self._cleared)
        self.put(None)

    def answer(self) -> bool | None:
        """The answer, or None."""
        checked = self._group.checkedButton()
        return None if checked is None else checked is self.yes

    def put(self, answer: bool | None) -> None:
        """Show an answer; nothing was typed."""
        self._group.setExclusive(False)
        self.yes.setChecked(answer is True)
        self.no.setChecked(answer is False)
        self._group.setExclusive(True)
        self._offer_clear()

    def set_read_only(self, read_only: bool) -> None:
        """Readable, not changeable."""
        for button in (self.yes, self.no):
            button.setEnabled(not read_only)
        self._offer_clear()

    def inputs(self) -> list[QWidget]:
        """The two answers."""
        return [self.yes, self.no]

    def _changed(self) -> None:
        self._offer_clear()
        self.typed.emit()

    def _offer_clear(self) -> None:
        answered = self.answer() is not None
        policy = self.clear.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.clear.setSizePolicy(policy)
        self.clear.setVisible(answered and self.yes.isEnabled())

    def _cleared(self) -> None:
        self.yes.setFocus()
        self.put(None)
        self.typed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys choose, Delete and Backspace clear."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or event.modifiers() & _COMMANDS:
            return super().eventFilter(watched, event)
        key = event.key()
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.answer() is not None:
            self._cleared()
            return True
        chosen = {
            Qt.Key.Key_Left: self.yes,
            Qt.Key.Key_Up: self.yes,
            Qt.Key.Key_Right: self.no,
            Qt.Key.Key_Down: self.no,
        }.get(Qt.Key(key))
        if chosen is None:
            return super().eventFilter(watched, event)
        chosen.setFocus(Qt.FocusReason.TabFocusReason)
        if not chosen.isChecked():
            chosen.click()
        return True
