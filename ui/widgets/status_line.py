"""The line below: where one stands, each number a link."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed
from ui.theme import COLOURS, SPACE, icon, link, soft

CRITERIA = "criteria"
INDICATORS = "indicators"
EVIDENCE = "missing_evidence"
CONFLICTS = "conflicts"
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
        self._dots: dict[str, QLabel] = {}  # before these numbers
        self._told: set[str] = set()  # what there is to say
        for place, name in enumerate((CRITERIA, INDICATORS, EVIDENCE)):
            if place:
                dot = soft(QLabel("·"))
                self._dots[name] = dot
                self._row.addWidget(dot)
            self._links[name] = self._link(name)
            self._row.addWidget(self._links[name])
        self._links[CONFLICTS] = self._link(CONFLICTS)
        self._links[CONFLICTS].setIcon(icon("warning", COLOURS.warning))
        self._row.addWidget(self._links[CONFLICTS])
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
        self.show_conflicts(0)

    def link(self, name: str) -> QPushButton:
        """The button of one number."""
        return self._links[name]

    def note(self, words: str) -> None:
        """Say for some seconds that something was done."""
        self._note.setText(words)
        self._fading.start(_SECONDS * 1000)

    def show_assessed(self, assessed: Assessed | None) -> None:
        """Say where this assessment stands; nothing for none."""
        self._told -= {CRITERIA, INDICATORS, EVIDENCE}
        if assessed is None:
            self._fit()
            return
        criteria, indicators = assessed.criteria_tally, assessed.indicators_tally
        self._tell(CRITERIA, _("{met}/{all} tiêu chí đạt").format(met=criteria.met, all=criteria.total))
        self._tell(INDICATORS, _("{met}/{all} chỉ tiêu đạt").format(met=indicators.met, all=indicators.total))
        missing = len(assessed.missing_evidence)
        self._tell(EVIDENCE, _("{count} chỉ tiêu thiếu minh chứng").format(count=missing))

    def show_conflicts(self, count: int) -> None:
        """Say how many fields hold two values between which a person is to choose; nothing for none."""
        self._told.discard(CONFLICTS)
        if count:
            self._tell(CONFLICTS, _("{count} chỗ nhập khác nhau").format(count=count))
        self._fit()

    def _tell(self, name: str, words: str) -> None:
        self._links[name].setText(words)
        self._links[name].setAccessibleName(words)
        self._told.add(name)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """No number is cut: where there is no room for all, those give way first that the home page shows."""
        shown = set(self._told)
        for name in (INDICATORS, CRITERIA, EVIDENCE):
            if self._needed(shown) <= self.width() or not self.isVisible():
                break
            shown.discard(name)
        for name in (CRITERIA, INDICATORS, EVIDENCE, CONFLICTS):
            self._links[name].setVisible(name in shown)
        for name, dot in self._dots.items():
            dot.setVisible(name in shown and (name == INDICATORS or CRITERIA in shown or INDICATORS in shown))

    def _needed(self, names: set[str]) -> int:
        links = sum(self._links[name].sizeHint().width() + SPACE.small for name in (*names, HELP))
        return links + 2 * SPACE.small

    def _link(self, name: str) -> QPushButton:
        button = link(QPushButton())
        button.clicked.connect(lambda: self.wanted.emit(name))
        return button
