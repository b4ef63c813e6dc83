"""How the window looks: Fusion, one palette, one style sheet, one font, one set of icons."""

from __future__ import annotations

import sys

from PySide6.QtCore import QLocale
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QWidget

from ntm_desktop import paths
from ntm_desktop.model.assessment import Verdict
from ui.theme.icons import icon, picture, program_icon
from ui.theme.sheet import style_sheet
from ui.theme.values import COLOURS, SIZE, SPACE, VERDICT_ICONS, VERDICT_TONES

__all__ = [
    "COLOURS",
    "SIZE",
    "SPACE",
    "apply",
    "card",
    "danger",
    "heading",
    "icon",
    "link",
    "picture",
    "primary",
    "program_icon",
    "restyle",
    "rule",
    "soft",
    "tone",
    "verdict_colour",
    "verdict_ground",
    "verdict_icon",
]

_WINDOWS_FAMILY = "Segoe UI"
_OWN_FAMILY = "Liberation Sans"


def apply(app: QApplication) -> None:
    """Dress the whole program."""
    app.setStyle("Fusion")
    app.setFont(_font())
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet())
    app.setWindowIcon(program_icon())
    QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))


def _font() -> QFont:
    """Segoe UI on Windows, where every window has it; elsewhere the bundled font, which has all Vietnamese letters."""
    if sys.platform == "win32" and QFontDatabase.hasFamily(_WINDOWS_FAMILY):
        family = _WINDOWS_FAMILY
    else:
        for style in ("Regular", "Bold", "Italic"):
            QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / f"LiberationSans-{style}.ttf"))
        family = _OWN_FAMILY
    font = QFont(family)
    font.setPointSizeF(SIZE.text)
    return font


def _palette() -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette(QColor(COLOURS.surface), QColor(COLOURS.ground))
    for role, colour in {
        roles.Window: COLOURS.ground,
        roles.WindowText: COLOURS.text,
        roles.Base: COLOURS.surface,
        roles.AlternateBase: COLOURS.ground,
        roles.Text: COLOURS.text,
        roles.PlaceholderText: COLOURS.faint,
        roles.Button: COLOURS.surface,
        roles.ButtonText: COLOURS.text,
        roles.Highlight: COLOURS.accent,
        roles.HighlightedText: COLOURS.on_accent,
        roles.Accent: COLOURS.accent,
        roles.Link: COLOURS.accent,
        roles.LinkVisited: COLOURS.accent_deep,
        roles.ToolTipBase: COLOURS.text,
        roles.ToolTipText: COLOURS.surface,
        roles.Mid: COLOURS.line,
        roles.Dark: COLOURS.edge,
    }.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(COLOURS.faint))
    return palette


def verdict_colour(verdict: Verdict) -> QColor:
    """Colour of a verdict's word and symbol on white, on the window's ground and on :func:`verdict_ground`."""
    return QColor(VERDICT_TONES[verdict].ink)


def verdict_ground(verdict: Verdict) -> QColor:
    """Ground for a piece that shows a verdict."""
    return QColor(VERDICT_TONES[verdict].ground)


def verdict_icon(verdict: Verdict) -> str:
    """Name of a verdict's icon."""
    return VERDICT_ICONS[verdict]


def heading(label: QLabel, level: int = 1) -> QLabel:
    """Make a label a heading: 1 of a page, 2 of a part of it."""
    font = label.font()
    font.setPointSizeF(SIZE.heading if level == 1 else SIZE.subheading)
    font.setBold(True)
    label.setFont(font)
    label.setWordWrap(True)
    return label


def soft(label: QLabel) -> QLabel:
    """Make a label quieter: explanations, dates."""
    label.setProperty("soft", True)
    return label


def tone(label: QLabel, name: str) -> QLabel:
    """Colour a label's text: «warning», «error» or «» (plain). The words must say it too."""
    label.setProperty("tone", name)
    restyle(label)
    return label


def card(frame: QFrame) -> QFrame:
    """Make a frame a white card."""
    frame.setProperty("card", True)
    return frame


def rule() -> QFrame:
    """A thin horizontal line."""
    line = QFrame()
    line.setProperty("rule", True)
    return line


def primary(button: QPushButton) -> QPushButton:
    """The one button of a page that goes on."""
    button.setProperty("primary", True)
    return button


def danger(button: QPushButton) -> QPushButton:
    """A button that removes something."""
    button.setProperty("danger", True)
    return button


def link(button: QPushButton) -> QPushButton:
    """A button that looks like a link: it only leads somewhere."""
    button.setProperty("link", True)
    return button


def restyle(widget: QWidget) -> None:
    """Let a property that was changed after the first painting take effect."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
