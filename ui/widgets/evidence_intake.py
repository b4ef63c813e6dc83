"""Taking files in as evidence: by dialog, by dropping, by pasting; what could not be taken is told, nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from ntm_desktop.i18n import _
from ntm_desktop.wording import VIETNAM
from ui.workspace import Session

if TYPE_CHECKING:
    from ntm_desktop.operations.evidence import Added
    from ntm_desktop.operations.workspace import Workspace
    from ui.tasks import Task

_SHOWN_REFUSALS = 3


def local_files(mime: QMimeData) -> tuple[Path, ...]:
    """The files that were dropped or copied; folders count as the files right in them."""
    found: list[Path] = []
    for url in mime.urls():
        if not url.isLocalFile():
            continue
        path = Path(url.toLocalFile())
        if path.is_dir():
            found.extend(sorted(item for item in path.iterdir() if item.is_file() and not item.name.startswith(".")))
        else:
            found.append(path)
    return tuple(found)


def sentence_of(added: Added) -> tuple[str, str, str]:
    """Tone, sentence and details for what came of files handed over."""
    lines = []
    if len(added.added) == 1:
        lines.append(_("Đã thêm minh chứng «{name}».").format(name=added.added[0].title))
    elif added.added:
        lines.append(_("Đã thêm {count} minh chứng.").format(count=len(added.added)))
    if added.refused:
        lines.append(_("Không thêm được {count} tệp:").format(count=len(added.refused)))
        lines.extend(f"• {sentence}" for _name, sentence in added.refused[:_SHOWN_REFUSALS])
        rest = len(added.refused) - _SHOWN_REFUSALS
        if rest > 0:
            lines.append(_("… và {count} tệp khác.").format(count=rest))
        if not added.added:
            lines.append(_("Những minh chứng đã có vẫn giữ nguyên."))
    lines.extend(added.warnings[:_SHOWN_REFUSALS])
    tone = "error" if added.refused else "warning" if added.warnings else "good"
    details = "\n\n".join(sentence for _name, sentence in added.refused)
    return tone, "\n".join(lines), details if len(added.refused) > _SHOWN_REFUSALS else ""


class EvidenceIntake(QObject):
    """Hands files to the worker. One for each place that takes files; ``codes`` are asked for when files come."""

    told = Signal(str, str, str)  # tone, sentence, details
    arrived = Signal(object)  # Added

    def __init__(self, session: Session, parent: QWidget, codes: Callable[[], Sequence[str]] = tuple) -> None:
        super().__init__(parent)
        self._session = session
        self._widget = parent
        self._codes = codes

    def choose(self) -> None:
        """Ask for files, several at once."""
        kinds = ";;".join(
            (
                _("Tệp minh chứng thường dùng") + " (*.pdf *.jpg *.jpeg *.png *.heic *.doc *.docx *.xls *.xlsx)",
                _("Tất cả các tệp") + " (*)",
            )
        )
        chosen, _kind = QFileDialog.getOpenFileNames(
            self._widget, _("Chọn tệp minh chứng, có thể chọn nhiều tệp"), "", kinds
        )
        if chosen:
            self.take([Path(name) for name in chosen])

    def take(self, files: Sequence[Path], cleanup: Callable[[], None] | None = None) -> Task | None:
        """Add files; None where there is nothing to add or the data may only be read."""
        if not files or not self._may_write():
            return None
        from ntm_desktop.operations import evidence

        codes, assessment_id = tuple(self._codes()), self._session.shown_id

        def add(workspace: Workspace, task: Task) -> Added:
            return evidence.add_files(workspace, assessment_id, list(files), codes, progress=task)

        task = self._session.run(add, self._tell, title=_("Đang thêm tệp minh chứng"))
        task.cancelled.connect(self._tell_cancelled)
        if cleanup is not None:
            task.finished.connect(cleanup)
        return task

    def take_mime(self, mime: QMimeData) -> bool:
        """Add what was dropped or copied: files, or a picture, which becomes a PNG first."""
        files = local_files(mime)
        if files:
            self.take(files)
            return True
        if mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._take_picture(image)
                return True
        return False

    def paste(self) -> bool:
        """Add what lies on the clipboard; says so where there is nothing to add."""
        held: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None: the clipboard was never used
        if held is not None and self.take_mime(held):
            return True
        self.told.emit(
            "info",
            _("Chưa có tệp hay ảnh nào được sao chép. Hãy sao chép (Ctrl+C) tệp hoặc ảnh rồi dán lại."),
            "",
        )
        return False

    def _take_picture(self, image: QImage) -> None:
        folder = Path(tempfile.mkdtemp(prefix="ntm-"))
        moment = datetime.now(VIETNAM).strftime("%Y-%m-%d %H.%M.%S")
        file = folder / _("Ảnh dán {moment}.png").format(moment=moment)
        if image.save(str(file), "PNG"):  # type: ignore[call-overload]  # the stubs want bytes for the format
            self.take([file], lambda: shutil.rmtree(folder, ignore_errors=True))
        else:
            shutil.rmtree(folder, ignore_errors=True)
            self.told.emit("error", _("Không lưu được ảnh đã dán. Hãy lưu ảnh thành tệp rồi thêm tệp đó."), "")

    def _may_write(self) -> bool:
        if self._session.read_only:
            self.told.emit("warning", _("Đang xem dữ liệu của đơn vị khác nên không thêm được minh chứng tại đây."), "")
            return False
        return bool(self._session.shown_id)

    def _tell(self, added: Added) -> None:
        self.told.emit(*sentence_of(added))
        self.arrived.emit(added)

    def _tell_cancelled(self) -> None:
        self.told.emit("info", _("Đã huỷ thêm tệp. Chưa có gì thay đổi."), "")
