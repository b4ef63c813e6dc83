"""The one style sheet, written from the named values."""

from __future__ import annotations

from ntm_desktop import paths
from ui.theme.values import COLOURS as C
from ui.theme.values import SIZE, SPACE

_BASE = f"""
* {{ outline: none; }}
QMainWindow, QDialog, QMessageBox {{ background: {C.ground}; }}
QToolTip {{ background: {C.text}; color: {C.surface}; border: none; padding: {SPACE.tiny}px {SPACE.small}px; }}
QLabel {{ padding-top: 1px; background: transparent; qproperty-indent: 0; }}
QLabel[soft="true"] {{ color: {C.soft}; }}
QLabel[tone="warning"] {{ color: {C.warning}; }}
QLabel[tone="error"] {{ color: {C.error}; }}
QLabel:disabled {{ color: {C.faint}; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget[plain="true"] {{ background: transparent; }}
QFrame[card="true"] {{ background: {C.surface}; border: 1px solid {C.line}; border-radius: 6px; }}
QFrame[rule="true"] {{ background: {C.line}; border: none; min-height: 1px; max-height: 1px; }}
PagesView:focus {{ border: 1px solid {C.accent}; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {C.line}; }}
QGroupBox {{ border: 1px solid {C.line}; border-radius: 6px; margin-top: {SPACE.large}px; padding: {SPACE.small}px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: {SPACE.small}px; padding: 0 {SPACE.tiny}px; color: {C.soft}; }}
"""

_BUTTONS = f"""
QPushButton {{
    background: {C.surface}; color: {C.text}; border: 1px solid {C.edge}; border-radius: 4px;
    min-height: {SIZE.target - 10}px; padding: 4px {SPACE.medium}px;
    qproperty-iconSize: {SIZE.icon + 3}px {SIZE.icon - 2}px;
}}
QPushButton:hover {{ background: {C.accent_soft}; border-color: {C.accent}; }}
QPushButton:pressed, QPushButton:checked {{ background: {C.accent_soft}; border-color: {C.accent_deep}; }}
QPushButton:focus {{ border: 2px solid {C.accent}; padding: 3px {SPACE.medium - 1}px; }}
QPushButton:disabled {{ color: {C.faint}; background: {C.ground}; border-color: {C.line}; }}
QPushButton[primary="true"], QPushButton:default[primary="true"] {{
    background: {C.accent}; color: {C.on_accent}; border-color: {C.accent};
}}
QPushButton[primary="true"]:hover, QPushButton[primary="true"]:pressed {{ background: {C.accent_deep}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {C.text}; }}
QPushButton[primary="true"]:disabled {{ background: {C.sunk}; color: {C.faint}; border-color: {C.line}; }}
QPushButton[danger="true"] {{ color: {C.error}; border-color: {C.error}; }}
QPushButton[danger="true"]:disabled {{ color: {C.faint}; border-color: {C.line}; }}
QPushButton[danger="true"]:hover {{ background: {C.error_soft}; }}
QPushButton[link="true"] {{
    background: transparent; border: 1px solid transparent; color: {C.accent}; padding: 4px {SPACE.small}px;
    text-align: left;
}}
QPushButton[link="true"]:hover {{ background: {C.accent_soft}; }}
QPushButton[link="true"]:focus {{ border: 2px solid {C.accent}; padding: 3px {SPACE.small - 1}px; }}
QPushButton[link="true"]:disabled {{ color: {C.faint}; }}
QToolButton {{
    background: transparent; border: 1px solid transparent; border-radius: 4px; color: {C.text};
    min-height: {SIZE.target - 10}px; min-width: {SIZE.target - 10}px; padding: 4px;
}}
QToolButton:hover {{ background: {C.accent_soft}; }}
QToolButton:pressed, QToolButton:checked {{ background: {C.accent_soft}; color: {C.accent_deep}; }}
QToolButton:focus {{ border: 2px solid {C.accent}; padding: 3px; }}
QToolButton:disabled {{ color: {C.faint}; }}
QToolButton::menu-indicator {{ image: none; }}
QPushButton::menu-indicator {{ image: url(@icons/expand.svg); width: 14px; height: 14px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }}
QCheckBox, QRadioButton {{ spacing: {SPACE.small}px; min-height: {SIZE.target - 4}px; padding: 1px 4px;
    border: 1px solid transparent; border-radius: 4px; background: transparent; }}
QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {C.accent}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: 14px; height: 14px; background: {C.surface}; border: 2px solid {C.edge};
}}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {C.accent}; }}
QCheckBox::indicator:checked {{ border-color: {C.accent}; image: url(@icons/met.svg); }}
QCheckBox::indicator:indeterminate {{ background: {C.sunk}; }}
QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid {C.accent}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {C.ground}; }}
"""

_FIELDS = f"""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {{
    background: {C.surface}; color: {C.text}; border: 1px solid {C.edge}; border-radius: 4px;
    selection-background-color: {C.accent}; selection-color: {C.on_accent};
}}
QLineEdit, QComboBox {{ min-height: {SIZE.target - 6}px; padding: 2px {SPACE.small}px; }}
QAbstractSpinBox {{ min-height: {SIZE.target - 2}px; padding: 0 22px 0 0; }}
QPlainTextEdit, QTextEdit {{ padding: {SPACE.tiny}px; }}
QLineEdit:focus, QComboBox:focus {{ border: 2px solid {C.accent}; padding: 1px {SPACE.small - 1}px; }}
QAbstractSpinBox:focus {{ border: 2px solid {C.accent}; min-height: {SIZE.target - 4}px; padding-right: 21px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {C.accent}; padding: {SPACE.tiny - 1}px; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{ border-color: {C.error}; }}
QLineEdit:read-only, QPlainTextEdit:read-only, QTextEdit:read-only {{
    background: {C.ground}; border-color: {C.line};
}}
QTextBrowser, QTextBrowser:read-only {{ background: {C.surface}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    background: {C.ground}; color: {C.faint}; border-color: {C.line};
}}
QComboBox {{ padding-right: 26px; combobox-popup: 0; }}
QComboBox:focus {{ padding-right: 25px; }}
QComboBox::drop-down {{ subcontrol-origin: padding; subcontrol-position: center right; width: 24px; border: none; }}
QComboBox::down-arrow {{ image: url(@icons/expand.svg); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {C.surface}; border: 1px solid {C.edge}; border-radius: 0; }}
QComboBox QAbstractItemView::item {{ min-height: {SIZE.target - 4}px; padding: 0 {SPACE.small}px; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{
    border: none; background: transparent; padding: 0 0 0 6px; min-height: 0;
}}
QLineEdit QToolButton, QLineEdit QToolButton:hover {{
    border: none; background: transparent; padding: 0; margin: 0; min-width: 0; min-height: 0;
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: border; width: 22px; border: none; background: transparent;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
QAbstractSpinBox::up-arrow {{ image: url(@icons/collapse.svg); width: 12px; height: 12px; }}
QAbstractSpinBox::down-arrow {{ image: url(@icons/expand.svg); width: 12px; height: 12px; }}
"""

_LISTS = f"""
QAbstractItemView {{
    background: {C.surface}; border: 1px solid {C.line}; border-radius: 4px; alternate-background-color: {C.ground};
    selection-background-color: {C.accent_soft}; selection-color: {C.text};
}}
QAbstractItemView:focus {{ border: 1px solid {C.accent}; }}
QListView::item, QTreeView::item, QTableView::item {{
    min-height: {SIZE.row - 6}px; padding: 3px {SPACE.tiny}px; border: none;
}}
QListView::item:hover, QTreeView::item:hover {{ background: {C.ground}; }}
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {{
    background: {C.accent_soft}; color: {C.text};
}}
QListView::indicator, QTreeView::indicator {{
    width: 14px; height: 14px; background: {C.surface}; border: 2px solid {C.edge}; border-radius: 3px;
}}
QListView::indicator:checked, QTreeView::indicator:checked {{ border-color: {C.accent}; image: url(@icons/met.svg); }}
QTreeView::branch {{ background: transparent; }}
QTreeView::branch:selected {{ background: {C.accent_soft}; }}
QTreeView::branch:has-children:closed {{ image: url(@icons/next.svg); }}
QTreeView::branch:has-children:open {{ image: url(@icons/expand.svg); }}
QHeaderView {{ background: {C.ground}; border: none; }}
QHeaderView::section {{
    background: {C.ground}; color: {C.soft}; border: none; border-bottom: 1px solid {C.line};
    padding: {SPACE.tiny}px {SPACE.small}px; min-height: {SIZE.row - 10}px;
}}
QTableCornerButton::section {{ background: {C.ground}; border: none; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {C.line}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{
    background: transparent; color: {C.soft}; padding: 6px {SPACE.large}px; min-height: {SIZE.target - 14}px;
    border: none; border-bottom: 3px solid transparent;
}}
QTabBar::tab:selected {{ color: {C.accent}; border-bottom-color: {C.accent}; }}
QTabBar::tab:hover {{ background: {C.accent_soft}; }}
QTabBar::tab:focus {{ background: {C.accent_soft}; }}
QProgressBar {{
    background: {C.sunk}; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; text-align: center;
}}
QProgressBar::chunk {{ background: {C.accent}; border-radius: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 14px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 0; }}
QScrollBar::handle {{ background: #b3bfbb; border-radius: 4px; margin: 3px; }}
QScrollBar::handle:hover {{ background: {C.edge}; }}
QScrollBar::handle:vertical {{ min-height: 36px; }}
QScrollBar::handle:horizontal {{ min-width: 36px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""

_FRAME = f"""
QMenuBar {{ background: {C.surface}; border: none; padding: 2px {SPACE.small}px; }}
QMenuBar::item {{ padding: 5px {SPACE.small}px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {C.accent_soft}; }}
QMenu {{ background: {C.surface}; border: 1px solid {C.edge}; padding: {SPACE.tiny}px; }}
QMenu::item {{ padding: 7px 28px 7px {SPACE.medium}px; border-radius: 4px; min-height: 18px; }}
QMenu::item:selected {{ background: {C.accent_soft}; color: {C.text}; }}
QMenu::item:disabled {{ color: {C.faint}; }}
QMenu::icon {{ padding-left: {SPACE.small}px; }}
QMenu::separator {{ height: 1px; background: {C.line}; margin: {SPACE.tiny}px {SPACE.small}px; }}
#header {{ background: {C.surface}; border-bottom: 1px solid {C.line}; }}
#header QPushButton#unit {{
    border: 1px solid transparent; background: transparent; font-weight: bold; text-align: left;
    padding: 4px 28px 4px {SPACE.small}px;
}}
#header QPushButton#unit:hover {{ background: {C.accent_soft}; }}
#header QPushButton#unit:focus {{ border: 2px solid {C.accent}; padding: 3px 27px 3px {SPACE.small - 1}px; }}
#header QPushButton#unit:disabled {{ color: {C.text}; }}
#navigation {{ background: {C.surface}; border-right: 1px solid {C.line}; }}
#navigation QToolButton {{
    border: 1px solid transparent; border-left: 4px solid transparent; border-radius: 0;
    padding: 6px {SPACE.small}px; min-height: {SIZE.target - 4}px; text-align: left; color: {C.text};
}}
#navigation QToolButton:hover {{ background: {C.ground}; }}
#navigation QToolButton:checked {{
    background: {C.accent_soft}; border-left-color: {C.accent}; color: {C.accent_deep}; font-weight: bold;
}}
#navigation QToolButton:focus {{
    border: 2px solid {C.accent}; border-left: 4px solid {C.accent}; padding: 5px 7px 5px {SPACE.small}px;
}}
#statusline {{ background: {C.surface}; border-top: 1px solid {C.line}; }}
#statusline QPushButton {{ min-height: 22px; padding: 1px {SPACE.small}px; }}
#statusline QPushButton:focus {{ padding: 0 7px; }}
QFrame#banner[tone="info"] {{ background: {C.accent_soft}; border: 1px solid {C.accent}; border-radius: 6px; }}
QFrame#banner[tone="good"] {{ background: #dff2e3; border: 1px solid #17692d; border-radius: 6px; }}
QFrame#banner[tone="warning"] {{
    background: {C.warning_soft}; border: 1px solid {C.warning}; border-radius: 6px;
}}
QFrame#banner[tone="error"] {{ background: {C.error_soft}; border: 1px solid {C.error}; border-radius: 6px; }}
"""


def style_sheet() -> str:
    """The whole sheet; pictures in it lie in resources/icons."""
    icons = (paths.resources() / "icons").as_posix()
    return (_BASE + _BUTTONS + _FIELDS + _LISTS + _FRAME).replace("@icons", icons)
