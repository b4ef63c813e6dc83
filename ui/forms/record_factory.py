"""Type of field → input: the window's row of the table from which journal, store, sheets and forms follow."""

from __future__ import annotations

from collections.abc import Mapping

from ntm_desktop.i18n import _
from ntm_desktop.model.records import Field, FieldType
from ui.forms.record_inputs import (
    ChoiceBox,
    DateBox,
    FlagBox,
    LineBox,
    NumberBox,
    RecordInput,
    TextBox,
    TimeBox,
    YearBox,
)

INPUT_OF_TYPE: Mapping[FieldType, type[RecordInput]] = {
    FieldType.LINE: LineBox,
    FieldType.TEXT: TextBox,
    FieldType.DATE: DateBox,
    FieldType.TIME: TimeBox,
    FieldType.YEAR: YearBox,
    FieldType.COUNT: NumberBox,
    FieldType.AMOUNT: NumberBox,
    FieldType.CHOICE: ChoiceBox,
    FieldType.FLAG: FlagBox,
}


def record_input(item: Field) -> RecordInput:
    """The input for a field."""
    return INPUT_OF_TYPE[item.type](item, _(item.name))
