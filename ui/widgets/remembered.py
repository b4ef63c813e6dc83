"""What the window keeps from one start to the next: its size and place, and the splitters of its pages."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from ntm_desktop.settings import Settings

GEOMETRY = "geometry"


def geometry(window: QMainWindow) -> dict[str, Any]:
    """Size and place as a setting."""
    return {GEOMETRY: b64encode(window.saveGeometry().data()).decode("ascii")}


def restore_geometry(window: QMainWindow, settings: Settings, first: QSize) -> None:
    """As it was left; the first time as large as fits, whole where the screen is small."""
    try:
        kept = QByteArray(b64decode(settings.text(GEOMETRY), validate=True))
    except (binascii.Error, ValueError):
        kept = QByteArray()
    if kept.size() and window.restoreGeometry(kept):
        return
    screen = QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    window.resize(first)
    if room.width() <= 1440:
        window.setGeometry(room)
        window.setWindowState(Qt.WindowState.WindowMaximized)
    else:
        window.move(room.center() - window.rect().center())


def splitters(page: QWidget) -> dict[str, Any]:
    """Sizes of a page's named splitters as settings."""
    found = (item for item in page.findChildren(QSplitter) if item.objectName() and item.isVisibleTo(page))
    return {_name(page, item): item.sizes() for item in found if all(item.sizes())}


def restore_splitters(page: QWidget, settings: Settings) -> None:
    """Give a page's named splitters the sizes in which they were left."""
    for item in page.findChildren(QSplitter):
        sizes = settings.get(_name(page, item))
        if (
            item.objectName()
            and isinstance(sizes, list)
            and len(sizes) == item.count()
            and all(isinstance(size, int) and size > 0 for size in sizes)
        ):
            item.setSizes(sizes)


def _name(page: QWidget, splitter: QSplitter) -> str:
    return f"splitter/{page.objectName()}/{splitter.objectName()}"


def focus_in(widget: QWidget) -> None:
    """Put the focus on a widget, or on the first thing in it that takes it."""
    if widget.focusPolicy() != Qt.FocusPolicy.NoFocus or widget.focusProxy() is not None:
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    for child in widget.findChildren(QWidget):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(widget) and child.isEnabled():
            child.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
