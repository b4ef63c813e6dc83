"""Summaries in lines of text, for the command line and for messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ntm_desktop.i18n import _
from ntm_desktop.operations.overview import CommuneRow


def office_lines(rows: Sequence[CommuneRow]) -> tuple[str, ...]:
    """One line per commune: n/19, n/m, what is not met, what lacks evidence."""
    return tuple(
        _(
            "{name}: {met}/{total} tiêu chí, {imet}/{itotal} chỉ tiêu; chưa đạt: {unmet}; thiếu minh chứng: {missing}"
        ).format(
            name=row.unit.full_name,
            met=row.criteria.met,
            total=row.criteria.total,
            imet=row.indicators.met,
            itotal=row.indicators.total,
            unmet=", ".join(row.unmet_criteria) or "–",
            missing=row.missing_evidence,
        )
        for row in rows
    )


def status_lines(status: dict[str, Any]) -> tuple[str, ...]:
    """Where an assessment stands, for a person at a terminal."""
    criteria, indicators = status["criteria"], status["indicators"]

    def line(what: str, counts: dict[str, int]) -> str:
        return _("{what}: {met}/{total} đạt, {not_met} chưa đạt, {open} chưa đánh giá, {na} không áp dụng").format(
            what=what,
            met=counts["met"],
            total=counts["total"],
            not_met=counts["not_met"],
            open=counts["not_assessed"],
            na=counts["not_applicable"],
        )

    lines = [
        _("{unit} ({code}) · {set} · năm {year}").format(
            unit=status["unit"]["name"], code=status["unit"]["code"], set=status["catalogue"], year=status["year"]
        ),
        line(_("Tiêu chí"), criteria),
        line(_("Chỉ tiêu"), indicators),
        _("Tiêu chí chưa đạt: {list}").format(list=", ".join(status["unmet_criteria"]) or "–"),
        _("Chỉ tiêu thiếu minh chứng: {list}").format(list=", ".join(status["missing_evidence"]) or "–"),
    ]
    if status["missing_levels"]:
        lines.append(_("Chưa có mức đạt chuẩn tại địa phương: {list}").format(list=", ".join(status["missing_levels"])))
    if not status["catalogue_complete"]:
        lines.append(_("Bộ tiêu chí này chưa đủ chỉ tiêu: phần mềm không kết luận đạt hay chưa đạt."))
    return tuple(lines)
