"""Packages that were looked at: what each would bring, or why it cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop import wording
from ntm_desktop.errors import PackageDamaged, PackageLocked, UserError
from ntm_desktop.i18n import _
from ui.models.finds import file_text
from ui.models.rows import RowsModel
from ui.theme import COLOURS

if TYPE_CHECKING:
    from ntm_desktop.model.progress import Progress
    from ntm_desktop.operations.receiving import Preview
    from ntm_desktop.operations.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Look:
    """One package, with either ``preview`` or ``error``.

    ``passphrase`` opened it; ``salvage``: only what is whole of it is to be taken.
    """

    path: Path
    preview: Preview | None = None
    error: UserError | None = None
    passphrase: str | None = None
    salvage: bool = False

    @property
    def locked(self) -> bool:
        """True where a passphrase would open it."""
        return isinstance(self.error, PackageLocked) and self.error.passphrase

    @property
    def salvageable(self) -> bool:
        """True where everything but the damaged files could be taken."""
        return isinstance(self.error, PackageDamaged) and self.error.salvageable


def state_text(look: Look) -> str:
    """One line: what came of looking at it."""
    preview = look.preview
    if preview is None:
        if look.locked:
            return _("Có mật khẩu, chưa mở")
        return _("Không nhận được") if not look.salvageable else _("Bị hỏng một phần")
    if preview.already:
        return _("Đã nhận từ trước")
    new = _("{changes} thay đổi mới, {blobs} tệp mới ({size})").format(
        changes=preview.new_changes, blobs=preview.new_blobs, size=wording.size_text(preview.size)
    )
    return _("{new}; bỏ {count} tệp hỏng").format(new=new, count=len(preview.damaged)) if preview.damaged else new


class LookList(RowsModel):
    """Rows are :class:`Look`, in two lines each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda look: str(look.path), 1, parent)

    def show(self, row: Look, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            state = state_text(row)
            if row.preview is not None:
                time = wording.time_text(row.preview.created_at)
                state = _("{state}, xuất lúc {time}").format(state=state, time=time)
            return f"{_title(row)}\n{state}"
        if role == Qt.ItemDataRole.DecorationRole:
            if row.preview is not None:
                return ("package", COLOURS.accent)
            return ("password", COLOURS.warning) if row.locked else ("error", COLOURS.error)
        return None


def _title(look: Look) -> str:
    preview = look.preview
    if preview is None:
        return file_text(look.path)
    title = _("{unit}, máy {sender}").format(unit=preview.unit.full_name, sender=preview.sender or "–")
    if preview.part[1] > 1:
        title = _("{title}, phần {number}/{count}").format(title=title, number=preview.part[0], count=preview.part[1])
    return title


def look_at(
    workspace: Workspace, path: Path, progress: Progress, passphrases: Sequence[str] = (), salvage: bool = False
) -> Look:
    """Look at one package; what cannot be read is told, not raised. ``passphrases`` are tried where it asks for one."""
    from ntm_desktop.operations import receiving

    locked: UserError | None = None
    for passphrase in (None, *passphrases):
        try:
            preview = receiving.inspect(workspace, path, progress, passphrase=passphrase, salvage=salvage)
            return Look(path, preview, None, passphrase, salvage)
        except PackageLocked as error:
            locked = error
            if not error.passphrase:
                break
        except UserError as error:
            return Look(path, None, error, passphrase, salvage)
    return Look(path, None, locked)
