"""A message inside the page: what happened, what is safe, what to do, with buttons that do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS, SPACE, icon, picture, restyle

Deed = tuple[str, Callable[[], object]]
_NARROW = 420  # below this width the buttons stand under the words


class Mood(StrEnum):
    """What kind of message it is."""

    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


_SIGNS = {
    Mood.INFO: ("info", COLOURS.accent_deep),
    Mood.GOOD: ("met", "#17692d"),
    Mood.WARNING: ("warning", COLOURS.warning),
    Mood.ERROR: ("error", COLOURS.error),
}


class Banner(QFrame):
    """Hidden until :meth:`say`; keeps its place in the layout, so that nothing else jumps more than needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._sign = QLabel()
        self._message = QLabel()
        self._hint = QLabel()
        for label in (self._message, self._hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self._message.font()
        font.setBold(True)
        self._message.setFont(font)
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setAccessibleName(_("Đóng thông báo"))
        self._close.setToolTip(_("Đóng thông báo"))
        self._close.clicked.connect(self.clear)
        self._deeds = QHBoxLayout()
        self._deeds.setSpacing(SPACE.small)
        words = QVBoxLayout()
        words.setSpacing(SPACE.tiny)
        words.addWidget(self._message)
        words.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.medium, SPACE.small, SPACE.small, SPACE.small)
        row.setSpacing(SPACE.medium)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(SPACE.small)
        self._body.addLayout(words, 1)
        self._body.addLayout(self._deeds)
        row.addLayout(self._body, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(
        self, message: str, hint: str = "", mood: Mood = Mood.INFO, deeds: Sequence[Deed] = (), closable: bool = True
    ) -> None:
        """Show a sentence, a second one that says what to do, and a button for each deed (words, what it does)."""
        self._message.setText(message)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._close.setVisible(closable)
        self.setProperty("tone", mood.value)
        name, colour = _SIGNS[mood]
        self._sign.setPixmap(picture(name, 20, self.devicePixelRatioF(), colour))
        self._clear_deeds()
        for words, deed in deeds:
            button = QPushButton(words)
            button.clicked.connect(lambda _checked=False, act=deed: act())
            self._deeds.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{message} {hint}".strip())
        restyle(self)
        self.show()
        self._fit()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def _fit(self) -> None:
        """No higher than the words need at this width: the rest belongs to the page."""
        narrow = self.width() < _NARROW
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if direction != self._body.direction():
            self._body.setDirection(direction)
            side = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag.AlignRight
            self._body.setAlignment(self._deeds, side | Qt.AlignmentFlag.AlignVCenter)
        height = self.heightForWidth(self.width())
        if height >= 0:  # not known before the words are laid out
            self.setMaximumHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # a button got its final size
            self._fit()
        return done

    def clear(self) -> None:
        """Take the message away."""
        self._clear_deeds()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty when it says nothing."""
        return "" if self.isHidden() else self.accessibleName()

    def _clear_deeds(self) -> None:
        while (item := self._deeds.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._close.setAccessibleName(_("Đóng thông báo"))
