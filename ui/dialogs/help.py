"""The manual, inside the program: short chapters, by the page that is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ntm_desktop import i18n, paths
from ntm_desktop.i18n import _
from ui.theme import SIZE, SPACE

INDEX = "index"
_STYLE = "h1 { font-size: 16pt; } h2 { font-size: 12pt; } li { margin-bottom: 4px; }"


def chapters() -> tuple[tuple[str, str, Path], ...]:
    """Key, title (the chapter's first line) and file of every chapter, in order, in the person's language."""
    folder = paths.resources() / "help" / i18n.language()
    if not folder.is_dir():
        folder = paths.resources() / "help" / i18n.DEFAULT_LANGUAGE
    found = []
    for file in sorted(folder.glob("*.md")):
        with open(file, encoding="utf-8") as stream:
            title = stream.readline().lstrip("# ").strip()
        found.append((file.stem.partition("-")[2] or file.stem, title, file))
    return tuple(found)


class _Pages(QTextBrowser):
    """Text with pictures; a picture wider than the text is made smaller, so that nothing lies outside."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        picture = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return picture
        image = QImage(self.document().baseUrl().resolved(QUrl(name)).toLocalFile())
        room = self.viewport().width() - 4 * SPACE.large
        if image.isNull() or image.width() <= room:
            return image
        sharp = self.devicePixelRatioF()
        scaled = image.scaledToWidth(round(room * sharp), Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(sharp)
        return scaled


class Help(QDialog):
    """Chapters at the left, text at the right. It stays open beside the window, so that one can read and do."""

    def __init__(self, parent: QWidget | None, topic: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Hướng dẫn sử dụng"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Các mục của hướng dẫn"))
        self.list.setFixedWidth(240)
        self.text = _Pages()
        self.text.setAccessibleName(_("Nội dung hướng dẫn"))
        self.text.setOpenLinks(False)
        self.text.document().setDefaultStyleSheet(_STYLE)
        self.text.document().setDocumentMargin(SPACE.large)
        self.text.anchorClicked.connect(self._follow)
        self._files: dict[str, Path] = {}
        for key, title, file in chapters():
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setSizeHint(QSize(200, SIZE.target))
            self.list.addItem(item)
            self._files[key] = file
        self.list.currentItemChanged.connect(lambda now, _before: self._show(now.data(Qt.ItemDataRole.UserRole)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(SPACE.medium)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        column.addLayout(row, 1)
        column.addWidget(buttons)
        self.resize(1080, 640)
        column.activate()  # the pictures follow the width
        self.open_chapter(topic)

    def open_chapter(self, key: str) -> None:
        """Show a chapter; the first one where there is none of that key."""
        wanted = key if key in self._files else next(iter(self._files), "")
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == wanted:
                self.list.setCurrentRow(place)

    def _show(self, key: str) -> None:
        file = self._files[key]
        self.text.document().setBaseUrl(QUrl.fromLocalFile(str(file)))
        self.text.setMarkdown(file.read_text(encoding="utf-8"))

    def _follow(self, url: QUrl) -> None:
        if url.isRelative():
            self.open_chapter(Path(url.path()).stem.partition("-")[2])
        else:
            QDesktopServices.openUrl(url)
