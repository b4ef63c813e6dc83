"""Communes × criteria: one symbol per cell, and per criterion how many communes lack it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor

from ntm_desktop import wording
from ntm_desktop.i18n import _
from ntm_desktop.model.assessment import Verdict
from ntm_desktop.model.text import natural_key
from ui.models.rows import Index
from ui.theme import verdict_colour, verdict_ground

if TYPE_CHECKING:
    from ntm_desktop.operations.overview import CommuneRow


class Matrix(QAbstractTableModel):
    """First row: sums; then a row per commune. First column: how many criteria the commune has not met."""

    def __init__(self, rows: Sequence[CommuneRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = tuple(rows)
        numbers = {number for row in self.rows for number in row.verdicts}
        self.criteria = tuple(sorted(numbers, key=natural_key))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as in Qt
        return 0 if parent.isValid() else len(self.rows) + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.criteria)

    def lacking(self, number: str) -> int:
        """Communes that have not met a criterion."""
        return sum(row.verdicts.get(number) is Verdict.NOT_MET for row in self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        number = self.criteria[index.column()]
        if index.row() == 0:
            count = self.lacking(number)
            texts = {
                Qt.ItemDataRole.DisplayRole: str(count) if count else "–",
                Qt.ItemDataRole.AccessibleTextRole: _("Tiêu chí {number}: {count} xã chưa đạt").format(
                    number=number, count=count
                ),
            }
            return texts.get(Qt.ItemDataRole(role))
        row = self.rows[index.row() - 1]
        verdict = row.verdicts.get(number)
        if verdict is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return wording.VERDICT_SYMBOLS[verdict]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            words = _("{unit}, tiêu chí {number}: {verdict}")
            return words.format(unit=row.unit.full_name, number=number, verdict=wording.verdict_name(verdict))
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(verdict_colour(verdict))
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor(verdict_ground(verdict))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.criteria[section]
        return _("Số xã chưa đạt") if section == 0 else self.rows[section - 1].unit.full_name
