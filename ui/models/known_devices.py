"""The computers that are known here, each in two lines: who, how far trusted, its code, since when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ui.models.rows import RowsModel
from ui.theme import COLOURS, icon

if TYPE_CHECKING:
    from ntm_desktop.operations.devices import Known

HEADS = (N_("Máy"), N_("Tình trạng"), N_("Mã đối chiếu"), N_("Biết từ"))
WHO, STATE, CODE, SINCE = range(4)

_STATES: Mapping[str, tuple[str, str, str]] = {
    "own": (N_("Máy này"), "home", COLOURS.accent_deep),
    "confirmed": (N_("Đã xác nhận"), "met", "#17692d"),
    "seen": (N_("Chưa đối chiếu"), "warning", COLOURS.warning),
    "revoked": (N_("Đã thu hồi"), "not-met", COLOURS.error),
}
_SOURCES = {
    "card": N_("qua tệp thẻ"),
    "package": N_("qua gói đã nhận"),
    "introduced": N_("do máy khác giới thiệu"),
}
_MEANINGS = {
    "own": N_("Đây là máy đang dùng. Xuất thẻ của máy này để máy khác biết."),
    "confirmed": N_("Hai bên đã so mã: gói ghi tên máy này đúng là của máy này."),
    "seen": N_(
        "Chưa ai so mã của máy này. Gói vẫn nhận được, nhưng chưa chắc đến từ đúng người."
        " Hãy gọi điện rồi bấm «Xác nhận…»."
    ),
    "revoked": N_(
        "Gói của máy này không được nhận nữa và gói mới không khoá cho máy này nữa. Những gì đã nhận trước đó vẫn giữ."
        " Nếu thu hồi nhầm, hãy so mã rồi bấm «Xác nhận…»."
    ),
}


def state_words(state: str) -> str:
    """The state as a person reads it."""
    return _(_STATES[state][0])


def role_words(known: Known) -> str:
    """What the computer is for."""
    return _("Cơ quan tiếp nhận") if known.role == "office" else _("Máy của xã")


def meaning(known: Known) -> str:
    """What the state means, and what was last taken from this computer."""
    words = _(_MEANINGS[known.state])
    if known.last_seen_package_at is not None:
        last = _("Gói gần nhất của máy này: nhận lúc {time}.")
        words += " " + last.format(time=wording.time_text(known.last_seen_package_at))
    return words


class KnownDevices(RowsModel):
    """Rows are :class:`~ntm_desktop.operations.devices.Known`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda known: known.key, len(HEADS), parent)

    def show(self, row: Known, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, column)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(row, column).replace("\n", ", " if column != CODE else " ")
        if column == STATE:
            _name, sign, colour = _STATES[row.state]
            if role == Qt.ItemDataRole.DecorationRole:
                return icon(sign, colour)
            if role == Qt.ItemDataRole.ForegroundRole:
                return QColor(colour)
        return None

    def _words(self, row: Known, column: int) -> str:
        if column == WHO:
            return f"{row.name}\n{row.unit.full_name} · {role_words(row)}"
        if column == STATE:
            source = _SOURCES.get(row.source, "")
            return "\n".join(filter(None, (state_words(row.state), _(source) if source else "")))
        if column == CODE:
            groups = row.fingerprint.split()
            half = (len(groups) + 1) // 2
            return " ".join(groups[:half]) + "\n" + " ".join(groups[half:])
        return wording.time_text(row.seen_at)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(HEADS[section])
        return None
