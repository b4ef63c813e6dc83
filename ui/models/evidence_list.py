"""The evidence of an assessment as a list, with search and filters."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.evidence import Evidence
from ntm_desktop.model.text import search_key
from ui.models.rows import ROW_ROLE, Index, RowsModel

_KINDS = (  # beginning of the media type, word on the tile, words
    ("application/pdf", "PDF", N_("Tệp PDF")),
    ("image/", N_("ẢNH"), N_("Ảnh")),
    ("application/msword", "DOC", N_("Văn bản Word")),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", "DOC", N_("Văn bản Word")),
    ("application/vnd.ms-excel", "XLS", N_("Bảng tính Excel")),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "XLS", N_("Bảng tính Excel")),
)


class EvidenceFilter(StrEnum):
    """Which pieces of evidence are listed."""

    ALL = "all"
    UNLINKED = "unlinked"
    WITHOUT_NUMBER = "without_number"
    FILE_MISSING = "file_missing"


def short_kind(evidence: Evidence) -> str:
    """Up to four letters for a file's tile: «PDF», «DOC», «XLS», «ẢNH», else the ending of its name."""
    for start, name, _words in _KINDS:
        if evidence.blob.media_type.startswith(start):
            return _(name)
    _stem, dot, ending = evidence.file_name.rpartition(".")
    return ending.upper()[:4] if dot and ending else _("TỆP")


def kind_name(evidence: Evidence) -> str:
    """The kind of a file in words."""
    for start, _name, words in _KINDS:
        if evidence.blob.media_type.startswith(start):
            return _(words)
    return _("Tệp {ending}").format(ending=short_kind(evidence))


def number_line(evidence: Evidence) -> str:
    """«Số 15/BC-UBND ngày 05/03/2024», or what of it is missing."""
    if not evidence.number and not evidence.issued:
        return _("Chưa có số, ngày văn bản")
    if not evidence.issued:
        return _("Số {number}, chưa có ngày").format(number=evidence.number)
    day = wording.date_text(evidence.issued)
    if not evidence.number:
        return _("Chưa có số, ngày {date}").format(date=day)
    return _("Số {number} ngày {date}").format(number=evidence.number, date=day)


def described(evidence: Evidence) -> str:
    """Everything that a row shows in one sentence, for screen readers."""
    parts = [evidence.title, number_line(evidence), evidence.issuer, kind_name(evidence)]
    if evidence.codes:
        parts.append(_("chỉ tiêu {codes}").format(codes=", ".join(evidence.codes)))
    else:
        parts.append(_("chưa gắn với chỉ tiêu nào"))
    return "; ".join(part for part in parts if part)


class EvidenceList(RowsModel):
    """Rows are :class:`~ntm_desktop.model.evidence.Evidence`; one column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda evidence: evidence.evidence_id, 1, parent)

    def show(self, row: Evidence, column: int, role: int) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return described(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.file_name}\n{kind_name(row)}, {wording.size_text(row.blob.size)}"
        return None


class EvidenceProxy(QSortFilterProxyModel):
    """Search without diacritics in title, file name, number, issuer and codes; filters; newest last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._which = EvidenceFilter.ALL
        self._codes: frozenset[str] | None = None

    def search(self, text: str) -> None:
        """Show what contains ``text``."""
        self._text = search_key(text)
        self.invalidate()

    def choose(self, which: EvidenceFilter, codes: frozenset[str] | None = None) -> None:
        """Show what fits ``which``; with ``codes`` only what proves one of these indicators."""
        self._which, self._codes = which, codes
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        evidence: Evidence = self.sourceModel().index(row, 0).data(ROW_ROLE)
        if self._which is EvidenceFilter.UNLINKED and evidence.codes:
            return False
        if self._which is EvidenceFilter.WITHOUT_NUMBER and evidence.number and evidence.issued:
            return False
        if self._which is EvidenceFilter.FILE_MISSING and evidence.blob_present:
            return False
        if self._codes is not None and self._codes.isdisjoint(evidence.codes):
            return False
        texts = (evidence.summary, evidence.file_name, evidence.number, evidence.issuer, *evidence.codes)
        return not self._text or self._text in search_key(" ".join(texts))


def evidence_at(index: QModelIndex | QPersistentModelIndex) -> Evidence | None:
    """The evidence of an index, None for an invalid one."""
    found = index.data(ROW_ROLE) if index.isValid() else None
    return found if isinstance(found, Evidence) else None
