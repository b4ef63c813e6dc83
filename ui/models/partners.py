"""The other computers: what went there, what came, what is awaited and what is missing."""

from __future__ import annotations

import html
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ntm_desktop import wording
from ntm_desktop.i18n import N_, _
from ui.models.rows import RowsModel
from ui.theme import COLOURS, icon

if TYPE_CHECKING:
    from ntm_desktop.operations.partners import Partner

NAME, STATE, SENT, ACKNOWLEDGED, RECEIVED, WAITING, MISSING = range(7)
_HEADS = (
    N_("Đối tác"),
    N_("Tình trạng"),
    N_("Đã gửi"),
    N_("Đã xác nhận"),
    N_("Đã nhận"),
    N_("Đang chờ"),
    N_("Còn thiếu tệp"),
)
STATES = {
    "own": N_("máy này"),
    "confirmed": N_("✔ đã xác nhận"),
    "seen": N_("⚠ chưa so mã"),
    "revoked": N_("✖ đã thu hồi"),
}


def state_text(state: str) -> str:
    """How far a computer is known, in words with a sign."""
    return _(STATES[state]) if state in STATES else _("chưa có thẻ")


def _counted(count: int, at: datetime | None) -> str:
    if not count:
        return _("chưa")
    if at is None:
        return str(count)
    return _("{count} gói, {time}").format(count=count, time=wording.time_text(at))


def acknowledged_text(partner: Partner) -> str:
    """What its last receipt says of what is held here."""
    if partner.acknowledged_at is None:
        return _("chưa có biên nhận") if partner.sent else "–"
    when = wording.time_text(partner.acknowledged_at)
    if partner.unacknowledged:
        return _("{time}, còn {count} thay đổi").format(time=when, count=partner.unacknowledged)
    return _("đủ, {time}").format(time=when)


def details_text(partner: Partner) -> str:
    """Everything that must be known of one partner, in lines."""
    role = _("cơ quan tiếp nhận") if partner.role == "office" else _("máy của xã")
    lines = [
        _("{name}, {unit} ({role}): {state}.").format(
            name=partner.name, unit=partner.unit.full_name, role=role, state=state_text(partner.state)
        )
    ]
    lines += partner.waiting
    if partner.missing:
        lines.append(_("Máy này còn thiếu: {names}.").format(names=", ".join(partner.missing)))
    if partner.asked:
        lines.append(_("Nơi đó báo còn thiếu: {names}. Lần gửi tới sẽ gửi lại.").format(names=", ".join(partner.asked)))
    if partner.unacknowledged and partner.sent:
        words = _("{count} thay đổi chưa được nơi đó xác nhận; lần gửi tới sẽ gửi tiếp.")
        lines.append(words.format(count=partner.unacknowledged))
    return "\n".join(lines)


class PartnerRows(RowsModel):
    """Rows are :class:`~ntm_desktop.operations.partners.Partner`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda partner: partner.key or "?", len(_HEADS), parent)

    def show(self, row: Partner, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return html.escape(details_text(row)).replace("\n", "<br>")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ": ".join((_(_HEADS[column]), self._text(row, column)))
        if role == Qt.ItemDataRole.DecorationRole and column == NAME:
            return icon("office" if row.role == "office" else "user", COLOURS.accent)
        return None

    def _text(self, row: Partner, column: int) -> str:
        if column == NAME:
            return _("{unit} · {name}").format(unit=row.unit.full_name, name=row.name) if row.key else row.name
        return (
            state_text(row.state),
            _counted(row.sent, row.sent_at),
            acknowledged_text(row),
            _counted(row.received, row.received_at),
            " ".join(row.waiting) or "–",
            _("{count} tệp").format(count=len(row.missing)) if row.missing else "–",
        )[column - 1]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADS[section])
        return None
