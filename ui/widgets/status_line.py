"""The line below: where one stands, each number a link."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ui.theme import SPACE, icon, link, soft

CRITERIA = "criteria"
INDICATORS = "indicators"
EVIDENCE = "missing_evidence"
HELP = "help"
_SECONDS = 8


class StatusLine(QFrame):
    """``wanted`` is sent with the name of the number that was clicked."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SPACE.small, 2, SPACE.small, 2)
        self._row.setSpacing(0)
        self._links: dict[str, QPushButton] = {}
        self._dots: list[QLabel] = []
        for place, name in enumerate((CRITERIA, INDICATORS, EVIDENCE)):
            if place:
                dot = soft(QLabel("·"))
                self._dots.append(dot)
                self._row.addWidget(dot)
            self._links[name] = self._link(name)
            self._row.addWidget(self._links[name])
        self._row.addStretch(1)
        self._note = soft(QLabel())
        self._row.addWidget(self._note)
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.timeout.connect(self._note.clear)
        help_link = self._link(HELP)
        help_link.setText(_("Trợ giúp F1"))
        help_link.setIcon(icon("help"))
        self._links[HELP] = help_link
        self._row.addWidget(help_link)
        self.show_assessed(None)

    def link(self, name: str) -> QPushButton:
        """The button of one number."""
        return self._links[name]

    def note(self, words: str) -> None:
        """Say for some seconds that something was done."""
        self._note.setText(words)
        self._fading.start(_SECONDS * 1000)

    def show_assessed(self, assessed: Assessed | None) -> None:
        """Say where this assessment stands; nothing for none."""
        for widget in (*self._dots, *(button for name, button in self._links.items() if name != HELP)):
            widget.setVisible(assessed is not None)
        if assessed is None:
            return
        criteria, indicators = assessed.criteria_tally, assessed.indicators_tally
        self._tell(CRITERIA, _("{met}/{all} tiêu chí đạt").format(met=criteria.met, all=criteria.total))
        self._tell(INDICATORS, _("{met}/{all} chỉ tiêu đạt").format(met=indicators.met, all=indicators.total))
        missing = len(assessed.missing_evidence)
        self._tell(EVIDENCE, _("{count} chỉ tiêu thiếu minh chứng").format(count=missing))

    def _tell(self, name: str, words: str) -> None:
        self._links[name].setText(words)
        self._links[name].setAccessibleName(words)

    def _link(self, name: str) -> QPushButton:
        button = link(QPushButton())
        button.clicked.connect(lambda: self.wanted.emit(name))
        return button
