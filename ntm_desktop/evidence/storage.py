"""What a disk refuses, as sentences."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from ntm_desktop import wording
from ntm_desktop.errors import StorageFailed, StorageFull
from ntm_desktop.i18n import _

SPARE = 32 * 1024 * 1024  # left for the database, which must be able to write that the file was taken
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_FULL_WINDOWS = {39, 112}


def free_bytes(folder: Path) -> int:
    """Bytes free where ``folder`` lies."""
    return shutil.disk_usage(folder).free


def require_space(folder: Path, size: int, free_space: Callable[[Path], int]) -> None:
    """Look before writing.

    Raises:
        StorageFull: ``size`` bytes and what the database needs do not fit.
    """
    try:
        free = free_space(folder)
    except OSError:  # not every network drive tells; the writing itself will
        return
    if free < size + SPARE:
        raise StorageFull(
            _("Ổ đĩa chứa dữ liệu chỉ còn trống {free}, cần {needed}.").format(
                free=wording.size_text(free), needed=wording.size_text(size + SPARE)
            ),
            _("Chưa có gì thay đổi. Hãy giải phóng dung lượng ổ đĩa rồi làm lại."),
        )


@contextlib.contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """The disk's own refusals inside the block become the person's situation.

    Raises:
        StorageFull, StorageFailed: in place of OSError.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or getattr(error, "winerror", None) in _FULL_WINDOWS:
            raise StorageFull(
                _("Ổ đĩa chứa dữ liệu đã đầy trong lúc ghi."),
                _("Tệp đang ghi đã được bỏ, dữ liệu đã có không thay đổi. Hãy giải phóng dung lượng rồi làm lại."),
            ) from error
        raise StorageFailed(
            _("Không ghi được vào thư mục dữ liệu «{folder}» ({reason}).").format(
                folder=folder, reason=wording.system_reason(error)
            ),
            _("Dữ liệu đã có không thay đổi. Hãy kiểm tra ổ đĩa và quyền ghi rồi làm lại."),
        ) from error
