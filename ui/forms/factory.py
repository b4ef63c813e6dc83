"""Measure kind → form field: the window's row of the table that every layer keeps for the kinds of measures."""

from __future__ import annotations

from collections.abc import Mapping

from ntm_desktop.model.catalogue import Measure, MeasureKind, Operator
from ui.forms.fields import (
    BooleanField,
    ChecklistField,
    ChoiceField,
    FreeTextField,
    NumberField,
    PercentField,
    ResultField,
)

FIELD_OF_KIND: Mapping[MeasureKind, type[ResultField]] = {
    MeasureKind.BOOLEAN: BooleanField,
    MeasureKind.PERCENT: PercentField,
    MeasureKind.NUMBER: NumberField,
    MeasureKind.CHOICE: ChoiceField,
    MeasureKind.CHECKLIST: ChecklistField,
    MeasureKind.TEXT: FreeTextField,
}


def result_field(measure: Measure, operator: Operator | None) -> ResultField:
    """The field for a measure; the operator chooses its words."""
    return FIELD_OF_KIND[measure.kind](measure, operator)
