"""The dossier as files: chooses documents and formats, names the files, puts failures into sentences."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from ntm_desktop import paths, wording
from ntm_desktop.dossier.build import SAMPLE_MARK, build, chosen
from ntm_desktop.dossier.document import Document
from ntm_desktop.errors import InvalidInput, StorageFailed, StorageFull, UserError
from ntm_desktop.i18n import _
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import DocumentEntry, Procedure
from ntm_desktop.model.progress import Progress, Silent

FORMATS = ("pdf", "docx", "xlsx")


def file_stem(procedure: Procedure, document_id: str) -> str:
    """«01-to-trinh», counted along the list of what is submitted; what is not has no number."""
    submitted = [entry.id for entry in procedure.documents if entry.submitted]
    return f"{submitted.index(document_id) + 1:02d}-{document_id}" if document_id in submitted else document_id


def file_names(
    facts: DossierFacts, formats: Collection[str] = FORMATS, documents: Collection[str] | None = None
) -> tuple[str, ...]:
    """Names of the files that :func:`write` would make.

    Raises:
        InvalidInput: a format or document of that name does not exist.
    """
    return tuple(name for _entry, name in _files(facts, formats, documents))


def _files(
    facts: DossierFacts, formats: Collection[str], documents: Collection[str] | None
) -> Iterator[tuple[DocumentEntry, str]]:
    """Each file with its document. One workbook holds all that is wanted as such; it is named after the first."""
    for name in formats:
        if name not in FORMATS:
            raise InvalidInput(
                _("Không có «{name}».").format(name=name), _("Có thể chọn: {names}.").format(names=", ".join(FORMATS))
            )
    workbook = False
    for entry in chosen(facts, documents):
        stem = file_stem(facts.procedure, entry.id)
        for ending in FORMATS:
            wanted = ending in formats and (ending != "xlsx" or (entry.excel and not workbook))
            if wanted:
                workbook = workbook or ending == "xlsx"
                yield entry, paths.safe_name(f"{stem}.{ending}")


def write(
    facts: DossierFacts,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    documents: Sequence[str] | None = None,
    *,
    sample: bool = False,
    draft: bool = False,
    progress: Progress | None = None,
    on: date | None = None,
) -> list[Path]:
    """Write the dossier into ``folder`` and return the files in order; each is replaced whole or stays as it was.

    ``documents`` are ids of the procedure, all that are submitted where none are named; ``on`` is the day of printing,
    today where it is not given.

    Raises:
        InvalidInput: a format or document of that name does not exist.
        StorageFull, StorageFailed: a file cannot be written; the files made before it stay.
        Cancelled: the person has asked to stop.
    """
    files = list(_files(facts, formats, documents))
    told = progress or Silent()
    day = on or datetime.now(UTC).astimezone(wording.VIETNAM).date()
    made: list[Path] = []
    built: dict[str, Document] = {}  # at most one: a document is let go before the next is made
    for entry, name in files:
        path = folder / name
        if name.endswith(".xlsx"):
            _write_workbook(facts, path, day, draft, SAMPLE_MARK if sample else "")
            made.append(path)
            continue
        if entry.id not in built:
            (document,) = build(facts, day, sample=sample, draft=draft, documents=(entry.id,))
            built = {entry.id: document}
        if name.endswith(".pdf"):
            write_paper(built[entry.id], path, told)
        else:
            _write_word(built[entry.id], path, told)
        made.append(path)
    return made


def _write_word(document: Document, path: Path, progress: Progress) -> None:
    from ntm_desktop.dossier.word import write_word

    progress.advance(0)  # a place to stop
    target = paths.extended(path)
    guarded(target, partial(write_word, document, target))


def _write_workbook(facts: DossierFacts, path: Path, on: date, draft: bool, mark: str) -> None:
    from ntm_desktop.dossier.excel import write_workbook

    target = paths.extended(path)
    guarded(target, partial(write_workbook, facts, target, on, mark or ("DỰ THẢO" if draft else "")))


def write_paper(document: Document, path: Path, progress: Progress | None = None) -> Path:
    """Write one document as PDF, whole or not at all.

    Raises:
        StorageFull, StorageFailed: the file cannot be written. Cancelled: the person has asked to stop.
    """
    from ntm_desktop.dossier.pdf import write_pdf

    target = paths.extended(path)
    guarded(target, partial(write_pdf, document, target, progress=progress))
    return path


def guarded(path: Path, action: Callable[[], None]) -> None:
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
            _("Hãy đóng tệp trong Word, Excel hoặc chương trình xem PDF rồi in lại; tệp cũ vẫn nguyên."),
        )
    return StorageFailed(
        _("Không ghi được tệp «{name}» vào thư mục «{folder}».").format(name=path.name, folder=path.parent),
        _("Hãy kiểm tra ổ đĩa còn cắm và cho phép ghi, hoặc chọn thư mục khác; dữ liệu của đơn vị vẫn nguyên."),
    )
