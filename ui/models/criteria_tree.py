"""Criteria and their indicators as a tree: rows are found by number and code, refreshed where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Assessed, AssessedCriterion, AssessedIndicator, Why
from ntm_desktop.model.catalogue import Catalogue
from ntm_desktop.model.rules import judge_criterion

Index = QModelIndex | QPersistentModelIndex
Row = AssessedCriterion | AssessedIndicator

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The frozen row: AssessedCriterion or AssessedIndicator."""
CODE_ROLE = Qt.ItemDataRole.UserRole + 2
"""An indicator's code; empty for a criterion."""

_TOP = 0  # internal id of criteria; an indicator's is its criterion's row + 1
_NONE = QModelIndex()


class CriteriaTree(QAbstractItemModel):
    """Two levels: criteria, indicators."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._criteria: list[AssessedCriterion] = []
        self._shown = ("", "")  # assessment and catalogue by whose rows the tree was built
        self._places: Mapping[str, tuple[int, int]] = {}
        self._catalogue: Catalogue | None = None

    @property
    def criteria(self) -> tuple[AssessedCriterion, ...]:
        """All criteria in the set's order."""
        return tuple(self._criteria)

    def take(self, assessed: Assessed | None) -> None:
        """Show an assessment; where it is the one already shown, only rows that changed are told."""
        shown = (assessed.assessment.assessment_id, assessed.assessment.catalogue_sha256) if assessed else ("", "")
        if assessed is None or shown != self._shown:
            self.beginResetModel()
            self._shown = shown
            self._catalogue = assessed.catalogue if assessed else None
            self._criteria = list(assessed.criteria) if assessed else []
            self._places = {
                item.code: (row, place)
                for row, group in enumerate(self._criteria)
                for place, item in enumerate(group.indicators)
            }
            self.endResetModel()
            return
        for row, group in enumerate(assessed.criteria):
            self._replace(row, group)

    def take_indicator(self, item: AssessedIndicator) -> None:
        """Show one indicator as it follows from what is being typed."""
        if self._catalogue is None or item.code not in self._places:
            return
        row, place = self._places[item.code]
        group = self._criteria[row]
        indicators = (*group.indicators[:place], item, *group.indicators[place + 1 :])
        verdict = judge_criterion(self._catalogue, (each.verdict for each in indicators))
        self._replace(row, AssessedCriterion(group.criterion, indicators, verdict))

    def _replace(self, row: int, group: AssessedCriterion) -> None:
        old = self._criteria[row]
        if group == old:
            return
        self._criteria[row] = group
        top = self.index(row, 0)
        self.dataChanged.emit(top, top)
        for place, (before, after) in enumerate(zip(old.indicators, group.indicators, strict=True)):
            if before != after:
                index = self.index(place, 0, top)
                self.dataChanged.emit(index, index)

    def find(self, code: str) -> QModelIndex:
        """The row of an indicator, by code; an invalid index where there is none."""
        if code not in self._places:
            return QModelIndex()
        row, place = self._places[code]
        return self.index(place, 0, self.index(row, 0))

    # --- what Qt asks

    def index(self, row: int, column: int, parent: Index = _NONE) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, index: Index = _NONE) -> QModelIndex:  # type: ignore[override]  # Qt has a second parent() without an index
        owner = index.internalId() if index.isValid() else _TOP
        return self.createIndex(owner - 1, 0, _TOP) if owner != _TOP else QModelIndex()

    def rowCount(self, parent: Index = _NONE) -> int:
        if not parent.isValid():
            return len(self._criteria)
        return len(self._criteria[parent.row()].indicators) if parent.internalId() == _TOP else 0

    def columnCount(self, parent: Index = _NONE) -> int:
        return 1

    def row_at(self, index: Index) -> Row | None:
        """The frozen row at an index."""
        if not index.isValid():
            return None
        owner = index.internalId()
        return self._criteria[index.row()] if owner == _TOP else self._criteria[owner - 1].indicators[index.row()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role == CODE_ROLE:
            return row.code if isinstance(row, AssessedIndicator) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return row_name(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row_name(row)}\n{row_state(row)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row_name(row)}. {row_state(row)}"
        return None


def row_name(row: Row) -> str:
    """«17 Môi trường» or «17.1 Tỷ lệ hộ …»."""
    if isinstance(row, AssessedCriterion):
        return f"{row.criterion.number}  {row.criterion.name}"
    return f"{row.code}  {row.indicator.name}"


def row_state(row: Row) -> str:
    """Where a row stands, in words."""
    if isinstance(row, AssessedCriterion):
        words = _("{verdict}, {met}/{all} chỉ tiêu đạt")
        return words.format(verdict=wording.verdict_name(row.verdict), met=row.met, all=row.applicable)
    parts = [wording.verdict_name(row.verdict)]
    if row.by_hand:
        parts.append(_("đánh giá bằng tay"))
    elif row.lacks_level:
        parts.append(_("chưa có mức"))
    if row.why is Why.CONDITIONS_OPEN:
        parts.append(_("chưa xác nhận điều kiện"))
    if row.lacks_evidence:
        parts.append(_("thiếu minh chứng"))
    return " · ".join(parts)
