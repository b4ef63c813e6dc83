"""What is wrong with a field of a record, in words; an ambiguous number is asked back with a button each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.records import Field, FieldType
from ui.forms.record_draft import Given
from ui.theme import SPACE, tone
from ui.widgets.flow_layout import FlowLayout


class RecordProblem(QWidget):
    """Hidden while nothing is wrong."""

    meant = Signal(str)  # the number that was chosen, as one would type it

    def __init__(self) -> None:
        super().__init__()
        self.words = tone(QLabel(), "error")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self._choices = QWidget()
        self._row = FlowLayout(self._choices, SPACE.small)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tiny)
        column.addWidget(self.words)
        column.addWidget(self._choices)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown; empty where all is well."""
        return "" if self.isHidden() else self.words.text()

    def say(self, sentence: str, item: Field | None = None, given: Given = None) -> None:
        """Say this about a field in which ``given`` stands; an empty sentence hides the line."""
        offered: tuple[str, ...] = ()
        if sentence and item is not None and item.type is FieldType.AMOUNT and isinstance(given, str):
            offered = tuple(map(numbers.editable, numbers.read_number(given).candidates))
        if (sentence, offered) == self._shown:
            return
        self._shown = (sentence, offered)
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        while (held := self._row.takeAt(0)) is not None:
            if (old := held.widget()) is not None:
                old.hide()
                old.deleteLater()
        for text in offered:
            button = QPushButton(text)
            button.setToolTip(_("Chọn cách hiểu này cho «{typed}»").format(typed=given))
            button.clicked.connect(lambda _on=False, chosen=text: self.meant.emit(chosen))
            self._row.addWidget(button)
        self._choices.setVisible(bool(offered))
        self.setVisible(bool(sentence))

    def buttons(self) -> list[QPushButton]:
        """The buttons that are shown."""
        found = (self._row.itemAt(place) for place in range(self._row.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [button for button in widgets if isinstance(button, QPushButton)]
