"""The dossier as files: chooses documents and formats, names the files, puts failures into sentences."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from ntm_desktop import paths, wording
from ntm_desktop.dossier.build import build
from ntm_desktop.dossier.document import Document
from ntm_desktop.errors import InvalidInput, StorageFailed, StorageFull, UserError
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.progress import Progress, Silent

DOCUMENT_NAMES: Mapping[str, str] = {
    "to-trinh": N_("Tờ trình"),
    "bao-cao": N_("Báo cáo kết quả"),
    "bieu-tu-danh-gia": N_("Biểu tổng hợp tự đánh giá"),
    "muc-luc-minh-chung": N_("Mục lục minh chứng"),
    "con-thieu": N_("Danh mục nội dung còn thiếu"),
}
SUBMITTED = ("to-trinh", "bao-cao", "bieu-tu-danh-gia", "muc-luc-minh-chung")
FORMATS = ("pdf", "xlsx")


def file_stem(document_id: str) -> str:
    """«01-to-trinh»; what is not submitted has no number."""
    return f"{SUBMITTED.index(document_id) + 1:02d}-{document_id}" if document_id in SUBMITTED else document_id


def write(
    assessed: Assessed,
    folder: Path,
    formats: Collection[str] = FORMATS,
    documents: Collection[str] | None = None,
    on: date | None = None,
    sample: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the dossier into ``folder`` and return the files in order; each is replaced whole or stays as it was.

    ``documents`` are ids of :data:`DOCUMENT_NAMES`, all that are submitted where none are named; the Excel file belongs
    to ``bieu-tu-danh-gia``. ``on`` is the day of printing, today where it is not given.

    Raises:
        InvalidInput: a format or document of that name does not exist.
        StorageFull, StorageFailed: a file cannot be written; the files made before it stay.
        Cancelled: the person has asked to stop.
    """
    chosen = tuple(documents) if documents is not None else SUBMITTED
    for given, known in ((formats, FORMATS), (chosen, DOCUMENT_NAMES)):
        for name in given:
            if name not in known:
                raise InvalidInput(
                    _("Không có «{name}».").format(name=name), _("Có thể chọn: {names}.").format(names=", ".join(known))
                )
    told = progress or Silent()
    day = on or datetime.now(UTC).astimezone(wording.VIETNAM).date()
    made: list[Path] = []
    for document in build(assessed, day, sample=sample, documents=chosen):
        stem = paths.extended(folder) / file_stem(document.document_id)
        if "pdf" in formats:
            made.append(write_paper(document, folder / f"{stem.name}.pdf", told))
        if "xlsx" in formats and document.document_id == "bieu-tu-danh-gia":
            from ntm_desktop.dossier.excel import write_excel

            path = stem.with_suffix(".xlsx")
            _guarded(path, partial(write_excel, assessed, path, day, document.mark))
            made.append(folder / path.name)
    return made


def write_paper(document: Document, path: Path, progress: Progress | None = None) -> Path:
    """Write one document as PDF, whole or not at all.

    Raises:
        StorageFull, StorageFailed: the file cannot be written. Cancelled: the person has asked to stop.
    """
    from ntm_desktop.dossier.pdf import write_pdf

    target = paths.extended(path)
    _guarded(target, partial(write_pdf, document, target, progress=progress))
    return path


def _guarded(path: Path, action: Callable[[], None]) -> None:
    """Run ``action`` and put the system's refusals into sentences."""
    existed = path.exists()
    try:
        action()
    except OSError as error:
        raise _refusal(error, path, existed) from error


def _refusal(error: OSError, path: Path, existed: bool) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(
            _("Không đủ chỗ trống để ghi tệp «{name}».").format(name=path.name),
            _("Hãy giải phóng chỗ trống hoặc chọn ổ đĩa khác rồi in lại; dữ liệu của đơn vị vẫn nguyên."),
        )
    if isinstance(error, PermissionError) and existed:
        return StorageFailed(
            _("Không thay được tệp «{name}» vì tệp đang mở ở chương trình khác hoặc chỉ cho đọc.").format(
                name=path.name
            ),
            _("Hãy đóng tệp trong Excel hoặc chương trình xem PDF rồi in lại; tệp cũ vẫn nguyên."),
        )
    return StorageFailed(
        _("Không ghi được tệp «{name}» vào thư mục «{folder}».").format(name=path.name, folder=path.parent),
        _("Hãy kiểm tra ổ đĩa còn cắm và cho phép ghi, hoặc chọn thư mục khác; dữ liệu của đơn vị vẫn nguyên."),
    )
