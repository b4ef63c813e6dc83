"""Where a view of pages gets them: a PDF drawn page by page by the worker, or one picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

Then = Callable[[QImage | None], None]


class PdfPages:
    """Pages of a PDF on disk."""

    def __init__(self, session: Session, path: Path, sizes: tuple[tuple[float, float], ...]) -> None:
        self._session = session
        self.path = path
        self.sizes = sizes

    def request(self, page: int, width: int, then: Then) -> None:
        """Draw a page on the worker."""
        from ntm_desktop.operations import pages_preview

        def draw(workspace: Workspace, task: Task) -> QImage | None:
            drawn = pages_preview.render(self.path, page, self.sizes[page], width)
            if drawn is None:
                return None
            form = QImage.Format.Format_RGB32
            return QImage(drawn.pixels, drawn.width, drawn.height, drawn.width * 4, form).copy()

        def broken(error: Exception) -> bool:
            then(None)
            return False

        self._session.run(draw, then, broken)


class OnePicture:
    """A picture as a single page, never larger than it is."""

    def __init__(self, image: QImage) -> None:
        self._image = image
        self.sizes: tuple[tuple[float, float], ...] = ((image.width() * 0.75, image.height() * 0.75),)

    def request(self, page: int, width: int, then: Then) -> None:
        """Scale the picture."""
        then(self._image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation))
