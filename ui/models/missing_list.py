"""What each indicator still lacks, one row per indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model import issues
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.issues import IssueCode
from ui.models.rows import RowsModel

_TOLD = (
    IssueCode.MISSING_RESULT,
    IssueCode.MISSING_LEVEL,
    IssueCode.VALUE_UNCLEAR,
    IssueCode.PARTS_OPEN,
    IssueCode.CONDITIONS_OPEN,
    IssueCode.JUDGE_BY_HAND,
    IssueCode.MISSING_EVIDENCE,
)


@dataclass(frozen=True, slots=True)
class MissingRow:
    """An indicator and sentences for what it lacks."""

    code: str
    name: str
    lacks: tuple[str, ...]


def missing_rows(assessed: Assessed) -> tuple[MissingRow, ...]:
    """The indicators that lack something, in the set's order."""
    lacks: dict[str, list[str]] = {}
    for issue in issues.find(assessed):
        if issue.indicator and issue.code in _TOLD:
            lacks.setdefault(issue.indicator, []).append(wording.issue_sentence(issue))
    for code, item in assessed.by_code.items():
        lost = [piece for piece in item.evidence if not piece.blob_present]
        without = [piece for piece in item.evidence if not piece.number or not piece.issued]
        if lost:
            sentence = _("Không thấy tệp trên máy này: {names}.")
            lacks.setdefault(code, []).append(sentence.format(names=", ".join(piece.file_name for piece in lost)))
        if without:
            sentence = _("{count} minh chứng chưa có số hoặc ngày văn bản.").format(count=len(without))
            lacks.setdefault(code, []).append(sentence)
        if item.lacks_evidence and item.indicator.evidence:
            papers = "; ".join(item.indicator.evidence)
            lacks.setdefault(code, []).append(_("Thường cần: {papers}.").format(papers=papers.rstrip(".")))
    by_code = assessed.by_code
    return tuple(
        MissingRow(code, by_code[code].indicator.name, tuple(lacks[code])) for code in by_code if code in lacks
    )


class MissingList(RowsModel):
    """Rows are :class:`MissingRow`; one column with name and sentences under each other."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: row.code, 1, parent)

    def show(self, row: MissingRow, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.code}  {row.name}\n{' '.join(row.lacks)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return _("Nhấn Enter hoặc nhấp đúp để tới chỉ tiêu {code}").format(code=row.code)
        return None
