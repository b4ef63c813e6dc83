"""What one cell of the workbook means: numbers, words, dates and text as nodes; what it cannot mean is reported."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from ntm_desktop.catalogue import template_layout as layout
from ntm_desktop.catalogue.nodes import Node, NodeKind
from ntm_desktop.catalogue.problems import ProblemCode
from ntm_desktop.catalogue.reading import Reading
from ntm_desktop.catalogue.template_layout import Cell, Column
from ntm_desktop.catalogue.template_read import Filled, SheetRow
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Operator
from ntm_desktop.model.numbers import canonical, read_number, shown
from ntm_desktop.model.text import search_key

_UNKNOWN = {"chua biet", "chua ro", "?"}
_HOLDS = {"dat", "co", "x", "true", "1"}
_ABSENT = {"khong", "khong co", "khong con"}
_DATE_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
_WORD_CODES = {"kind": ProblemCode.UNKNOWN_KIND, "operator": ProblemCode.UNKNOWN_OPERATOR}


def node(filled: Filled, text: str, kind: NodeKind = NodeKind.TEXT) -> Node:
    """A scalar that remembers its cell."""
    return Node(kind, text, line=filled.row, spot=filled.spot)


def cells(reading: Reading, row: SheetRow, columns: Iterable[Column]) -> dict[str, Node | None]:
    """Values of a row by column key, thresholds left out; None where a cell was reported as meaning nothing."""
    made: dict[str, Node | None] = {}
    for column in columns:
        filled = row.cells.get(column.key)
        if filled is not None and column.cell in _READERS:
            if filled.formula:
                _formula(reading, filled)
                made[column.key] = None
            else:
                made[column.key] = _READERS[column.cell](reading, filled, column)
    return made


def level(reading: Reading, filled: Filled, operator: str, ranks: Mapping[str, str]) -> Node:
    """A threshold: a number, «Đạt» where it is judged as such, a choice's name, or not known."""
    unknown = node(filled, "", NodeKind.NULL)
    typed = search_key(str(filled.value))
    if filled.formula:
        _formula(reading, filled)
        return unknown
    if typed in _UNKNOWN:
        return unknown
    holds = operator in (Operator.HOLDS, Operator.ABSENT)
    if holds and (typed in _HOLDS or (operator == Operator.ABSENT and typed in _ABSENT)):
        return node(filled, "1", NodeKind.NUMBER)
    if typed in ranks:
        return node(filled, ranks[typed], NodeKind.NUMBER)
    number = _number(reading, filled)
    return unknown if number is None else node(filled, canonical(number), NodeKind.NUMBER)


def _formula(reading: Reading, filled: Filled) -> None:
    message = _("Ô này là công thức hoặc lỗi của Excel; mời gõ thẳng giá trị.")
    reading.report(node(filled, ""), "", ProblemCode.FORMULA, message)


def _number(reading: Reading, filled: Filled) -> Decimal | None:
    """A number, real or in Vietnamese text; an ambiguous one is asked back."""
    value = filled.value
    if isinstance(value, Decimal):
        return value
    read = read_number(str(value))
    if read.value is not None:
        return read.value
    if read.candidates:
        message = _("«{value}» có thể là {first} hoặc {second}; mời gõ lại cho rõ, ví dụ 1234 hoặc 1,234.")
        first, second = (shown(candidate) for candidate in read.candidates)
        message = message.format(value=value, first=first, second=second)
    else:
        message = _("«{value}» không phải một con số; mời gõ như 80 hoặc 62,5.").format(value=str(value)[:40])
    reading.report(node(filled, ""), "", ProblemCode.NOT_A_NUMBER, message)
    return None


def _as_text(reading: Reading, filled: Filled, column: Column) -> Node | None:
    value = filled.value
    if isinstance(value, Decimal):
        return node(filled, canonical(value))
    return node(filled, value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else str(value))


def _as_code(reading: Reading, filled: Filled, column: Column) -> Node | None:
    """Text even where Excel could take it for a number: what it has already turned into one is asked back."""
    value = filled.value
    if isinstance(value, str):
        return node(filled, value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return node(filled, canonical(value))
    message = _("Excel đã đổi mã này thành số hoặc ngày (17.10 sẽ thành 17.1); mời đặt ô kiểu Text rồi gõ lại mã.")
    reading.report(node(filled, ""), "", ProblemCode.WRONG_TYPE, message)
    return None


def _as_lines(reading: Reading, filled: Filled, column: Column) -> Node | None:
    text = str(filled.value) if not isinstance(filled.value, Decimal) else canonical(filled.value)
    items = tuple(node(filled, line.strip()) for line in text.splitlines() if line.strip())
    return Node(NodeKind.LIST, items=items, line=filled.row, spot=filled.spot)


def _as_word(reading: Reading, filled: Filled, column: Column) -> Node | None:
    words = column.words or {}
    typed = search_key(str(filled.value))
    for word, stored in words.items():
        if typed in (search_key(word), stored):
            return node(filled, stored, NodeKind.FLAG if words is layout.YES_NO else NodeKind.TEXT)
    message = _("«{value}» không có trong danh sách của cột «{column}»; mời chọn một trong: {words}.")
    text = message.format(value=str(filled.value)[:40], column=column.title, words=", ".join(words))
    code = _WORD_CODES.get(column.key, ProblemCode.UNKNOWN_VALUE)
    reading.report(node(filled, ""), "", code, text)
    return None


def _as_date(reading: Reading, filled: Filled, column: Column) -> Node | None:
    value = filled.value
    if isinstance(value, datetime.date):
        return node(filled, value.isoformat())
    for form in _DATE_FORMS:
        try:
            day = datetime.datetime.strptime(str(value), form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
        return node(filled, day.isoformat())
    message = _("«{value}» không phải ngày; mời gõ như 29/12/2025.").format(value=str(value)[:40])
    reading.report(node(filled, ""), "", ProblemCode.BAD_DATE, message)
    return None


def _as_whole(reading: Reading, filled: Filled, column: Column) -> Node | None:
    number = _number(reading, filled)
    return None if number is None else node(filled, canonical(number), NodeKind.NUMBER)


_READERS: Mapping[Cell, Callable[[Reading, Filled, Column], Node | None]] = {
    Cell.TEXT: _as_text,
    Cell.CODE: _as_code,
    Cell.LINES: _as_lines,
    Cell.WORD: _as_word,
    Cell.DATE: _as_date,
    Cell.WHOLE: _as_whole,
}
