"""«Mã đối chiếu»: the six numbered groups of digits by which two people make sure that they mean the same computer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS, SIZE, SPACE, soft
from ui.widgets.flow_layout import FlowLayout

_DIGITS = 15.0  # points: read out over the telephone by people of fifty


class Fingerprint(QFrame):
    """Each group in a field of its own with its number above, as one reads it out. Ctrl+C copies all of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.text = ""
        self.setObjectName("fingerprint")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setStyleSheet(
            f"#fingerprint {{ border: 1px solid transparent; border-radius: 4px; }}"
            f"#fingerprint:focus {{ border: 1px solid {COLOURS.accent}; }}"
        )
        self._row = FlowLayout(self, SPACE.small)
        self._row.setContentsMargins(SPACE.tiny, SPACE.tiny, SPACE.tiny, SPACE.tiny)
        self.groups: list[QLabel] = []

    def show_digits(self, text: str) -> None:
        """Show a fingerprint: groups of digits with spaces between them."""
        if text == self.text:
            return
        self.text = text
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.groups = []
        for number, digits in enumerate(text.split(), start=1):
            self._row.addWidget(self._group(number, digits))
        spoken = "; ".join(
            _("nhóm {number}: {digits}").format(number=number, digits=" ".join(digits))
            for number, digits in enumerate(text.split(), start=1)
        )
        self.setAccessibleName(f"{self._name}: {spoken}")
        self.updateGeometry()

    def _group(self, number: int, digits: str) -> QWidget:
        box = QFrame()
        box.setStyleSheet(f"QFrame {{ background: {COLOURS.ground}; border: none; border-radius: 4px; }}")
        above = soft(QLabel(str(number)))
        above.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        shown = QLabel(digits)
        font = shown.font()
        font.setPointSizeF(_DIGITS)
        font.setBold(True)
        shown.setFont(font)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setCursor(Qt.CursorShape.IBeamCursor)
        shown.setMinimumHeight(SIZE.target - SPACE.small)
        column = QVBoxLayout(box)
        column.setContentsMargins(SPACE.small, 2, SPACE.small, SPACE.tiny)
        column.setSpacing(0)
        column.addWidget(above)
        column.addWidget(shown)
        self.groups.append(shown)
        return box

    def copy(self) -> None:
        """Put all groups on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+C belongs to this widget while it has the focus, not to a menu."""
        copy, override = QKeySequence.StandardKey.Copy, QEvent.Type.ShortcutOverride
        if isinstance(event, QKeyEvent) and event.type() == override and event.matches(copy):
            event.accept()
            return True
        return super().event(event)
