"""The communes of a receiving office as a table: filters with counts, search, Vietnamese order, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers
from ntm_desktop.model.assessment import Tally
from ntm_desktop.model.text import collation_key, natural_key, search_key
from ui.models.rows import ROW_ROLE, RowsModel

if TYPE_CHECKING:
    from ntm_desktop.operations.overview import CommuneRow

SORT_ROLE = Qt.ItemDataRole.UserRole + 10
TALLY_ROLE = Qt.ItemDataRole.UserRole + 11
NAME, SET, CRITERIA, INDICATORS, UNMET, EVIDENCE, STATE, SENT = range(8)
HEADS = (
    N_("Xã"),
    N_("Năm, bộ tiêu chí"),
    N_("Tiêu chí đạt"),
    N_("Chỉ tiêu đạt"),
    N_("Tiêu chí chưa đạt"),
    N_("Thiếu minh chứng"),
    N_("Tình trạng hồ sơ"),
    N_("Gửi lần cuối"),
)


class Band(StrEnum):
    """The bands in which offices report; those of 19 criteria are cut at 15, 10 and 5."""

    FULL = "full"
    FROM_15 = "15-18"
    FROM_10 = "10-14"
    FROM_5 = "5-9"
    BELOW_5 = "below 5"


BAND_NAMES = {
    Band.FULL: N_("Đạt đủ"),
    Band.FROM_15: N_("15–18 tiêu chí"),
    Band.FROM_10: N_("10–14 tiêu chí"),
    Band.FROM_5: N_("5–9 tiêu chí"),
    Band.BELOW_5: N_("Dưới 5 tiêu chí"),
}


def band_of(criteria: Tally) -> Band:
    """The band of a commune; full where everything that applies is met."""
    applicable = criteria.total - criteria.not_applicable
    if applicable and criteria.met >= applicable:
        return Band.FULL
    for band, least in ((Band.FROM_15, 15), (Band.FROM_10, 10), (Band.FROM_5, 5)):
        if criteria.met >= least:
            return band
    return Band.BELOW_5


def summary_line(rows: Sequence[CommuneRow]) -> str:
    """«32 xã · đạt đủ 4 · 15–18 tiêu chí: 10 · … · bình quân 15,3 tiêu chí/xã»."""
    if not rows:
        return ""
    parts = [_("{count} xã").format(count=len(rows))]
    for band, name in BAND_NAMES.items():
        count = sum(band_of(row.criteria) is band for row in rows)
        parts.append(f"{_(name)}: {count}")
    average = Decimal(sum(row.criteria.met for row in rows)) / len(rows)
    shown = numbers.shown(average.quantize(Decimal("0.1"), ROUND_HALF_UP))
    parts.append(_("bình quân {average} tiêu chí/xã").format(average=shown))
    return "  ·  ".join(parts)


class CommuneTable(RowsModel):
    """Rows are :class:`~ntm_desktop.operations.overview.CommuneRow`, one per assessment of a commune."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: row.assessment_id, len(HEADS), parent)

    def show(self, row: CommuneRow, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT_ROLE:
            return _sort_key(row, column)
        if role == TALLY_ROLE:
            return row.criteria if column == CRITERIA else row.indicators if column == INDICATORS else None
        if role == Qt.ItemDataRole.ToolTipRole and column in (NAME, UNMET):
            return row.unit.place if column == NAME else self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_(HEADS[column])}: {self._text(row, column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column == EVIDENCE:
            return int(Qt.AlignmentFlag.AlignCenter)
        return None

    def _text(self, row: CommuneRow, column: int) -> str:
        if column == NAME:
            return row.unit.full_name
        if column == SET:
            return set_of(row)
        if column in (CRITERIA, INDICATORS):
            tally = row.criteria if column == CRITERIA else row.indicators
            return f"{tally.met}/{tally.total}"
        if column == UNMET:
            return ", ".join(row.unmet_criteria) or "–"
        if column == EVIDENCE:
            return str(row.missing_evidence) if row.missing_evidence else "–"
        if column == STATE:
            return wording.return_name(row.returned.status) if row.returned else "–"
        return wording.time_text(row.last_package_at) if row.last_package_at else "–"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(HEADS[section])
        return None


def _sort_key(row: CommuneRow, column: int) -> Any:
    """What a column is sorted by; the name decides between equals."""
    name = (collation_key(row.unit.name), row.unit.code, -row.year)
    first: Any = {
        NAME: (),
        SET: (collation_key(row.catalogue_title), row.year),
        CRITERIA: (row.criteria.met,),
        INDICATORS: (row.indicators.met,),
        UNMET: (len(row.unmet_criteria), [natural_key(number) for number in row.unmet_criteria]),
        EVIDENCE: (row.missing_evidence,),
        STATE: (row.returned.status.value if row.returned else "",),
        SENT: (row.last_package_at.timestamp() if row.last_package_at else 0.0,),
    }[column]
    return first, name


class CommuneProxy(QSortFilterProxyModel):
    """Search without diacritics; one set, one band, only those who lack evidence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._set: str | None = None
        self._band: Band | None = None
        self._lacking = False

    def search(self, text: str) -> None:
        """Show what contains ``text``."""
        self._text = search_key(text)
        self.invalidate()

    def choose(self, title: str | None, band: Band | None, lacking: bool) -> None:
        """Show communes of one set (with year), one band, those that lack evidence; None and False for all."""
        self._set, self._band, self._lacking = title, band, lacking
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        found: CommuneRow = self.sourceModel().index(row, 0).data(ROW_ROLE)
        if self._set is not None and set_of(found) != self._set:
            return False
        if self._band is not None and band_of(found.criteria) is not self._band:
            return False
        if self._lacking and not found.missing_evidence:
            return False
        return not self._text or self._text in search_key(f"{found.unit.place} {found.unit.code}")

    def lessThan(self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex) -> bool:
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))

    def shown_rows(self) -> tuple[CommuneRow, ...]:
        """The rows in sight in their order."""
        return tuple(self.index(row, 0).data(ROW_ROLE) for row in range(self.rowCount()))


def set_of(row: CommuneRow) -> str:
    """Set and year in one text: communes are compared only within it."""
    return _("{year} · {title}").format(title=row.catalogue_title, year=row.year)
