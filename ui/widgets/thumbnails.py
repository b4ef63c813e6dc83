"""Small pictures of evidence, fetched one by one from the worker and kept; until then a tile with the file's kind."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPixmap

from ntm_desktop.model.evidence import Evidence
from ui.models.evidence_list import short_kind
from ui.theme import COLOURS
from ui.workspace import Session

BOX = (160, 200)  # pixels of the kept picture; drawn smaller, crisp at 200 %
_WITHOUT_PICTURE = ("DOC", "XLS")


class Thumbnails(QObject):
    """Pictures by content hash. ``ready`` names the evidence whose picture has come."""

    ready = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pictures: dict[str, QPixmap | None] = {}
        self._wanted: set[str] = set()

    def of(self, evidence: Evidence) -> QPixmap | None:
        """The picture, or None where there is none (yet)."""
        sha256 = evidence.blob.sha256
        if sha256 not in self._pictures and sha256 not in self._wanted:
            if short_kind(evidence) in _WITHOUT_PICTURE or not evidence.blob_present:
                self._pictures[sha256] = None
            else:
                self._fetch(evidence)
        return self._pictures.get(sha256)

    def _fetch(self, evidence: Evidence) -> None:
        from ntm_desktop.operations import evidence as operations

        sha256, evidence_id = evidence.blob.sha256, evidence.evidence_id
        self._wanted.add(sha256)

        def read(workspace: object, task: object) -> QImage | None:
            path: Path | None = operations.thumbnail(workspace, evidence_id, BOX)  # type: ignore[arg-type]
            image = QImage(str(path)) if path is not None else QImage()
            return None if image.isNull() else image

        def keep(image: QImage | None) -> None:
            self._wanted.discard(sha256)
            self._pictures[sha256] = QPixmap.fromImage(image) if image is not None else None
            self.ready.emit(evidence_id)

        def without(error: Exception) -> bool:
            keep(None)  # the tile says enough; opening the file names the trouble
            return True

        self._session.run(read, keep, without)


def paint_tile(painter: QPainter, box: QRectF, evidence: Evidence, picture: QPixmap | None) -> None:
    """Draw the picture, or a sheet of paper with the file's kind, within ``box``."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    if picture is not None:
        size = QSize(picture.size())
        size.scale(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        frame = QRectF(0, 0, size.width(), size.height())
        frame.moveCenter(box.center())
        painter.drawPixmap(frame, picture, QRectF(picture.rect()))
        painter.setPen(QPen(QColor(COLOURS.line), 1))
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        width = min(box.width(), box.height() * 0.78)
        frame = QRectF(0, 0, width - 1, min(box.height() - 1, width / 0.78))
        frame.moveCenter(box.center())
        painter.setPen(QPen(QColor(COLOURS.edge), 1))
        painter.setBrush(QColor(COLOURS.surface))
        painter.drawRoundedRect(frame, 3, 3)
        font = QFont(painter.font())
        font.setBold(True)
        font.setPixelSize(max(8, int(frame.width() * 0.27)))
        painter.setFont(font)
        painter.setPen(QColor(COLOURS.accent_deep if evidence.blob_present else COLOURS.error))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, short_kind(evidence) if evidence.blob_present else "?")
    painter.restore()
