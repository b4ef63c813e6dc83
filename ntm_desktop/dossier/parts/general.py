"""The unit in figures: area, villages, households, people, poverty, income."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_desktop.dossier.document import Block, Paragraph, text
from ntm_desktop.dossier.letterhead import letterhead_of
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import figure_or_room, percent, ratio
from ntm_desktop.model.dossier_facts import DossierFacts, amount
from ntm_desktop.model.records import Record


def general_figures(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The figures in sentences; what was not entered is left as dots."""
    record = facts.one("general")
    unit = letterhead_of(facts.assessed).unit
    area, minority = (figure_or_room(amount(record, name)) for name in ("area", "minority"))
    villages, households, population = (
        figure_or_room(record.number(name)) for name in ("villages", "households", "population")
    )
    yield Paragraph(
        text(
            f"{unit[:1].upper()}{unit[1:]} có diện tích tự nhiên {area} km²; gồm {villages} thôn, bản với "
            f"{households} hộ, {population} người; tỷ lệ đồng bào dân tộc thiểu số {minority}%."
        )
    )
    income = figure_or_room(amount(record, "income"))
    yield Paragraph(
        text(
            f"Số hộ nghèo: {_households(record, 'poor')}; số hộ cận nghèo: {_households(record, 'near_poor')}. "
            f"Thu nhập bình quân đầu người đạt {income} triệu đồng/người/năm."
        )
    )


def _households(record: Record, name: str) -> str:
    """«12 hộ (chiếm 3,5%)»; the share only where both figures are there and fit together."""
    count, whole = record.number(name), record.number("households")
    part = percent(ratio(count, whole)) if count is not None and whole and count <= whole else ""
    return f"{figure_or_room(count)} hộ" + (f" (chiếm {part}%)" if part else "")


PARTS: dict[str, Part] = {"general_figures": general_figures}
