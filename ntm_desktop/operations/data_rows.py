"""What a file of data says, one form for Excel and JSON: records, their fields as typed, and where each stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import paths, wording
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _
from ntm_desktop.model import numbers
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.records import BY_ID, LISTS, SELF, FieldType

if TYPE_CHECKING:
    from ntm_desktop.dossier.excel_read import ReadRow, WorkbookRead

NEW = "+"  # begins the key of a record that the file wants to be made
MOST_BYTES = 20 << 20
MOST_RECORDS = 20_000
NOT_IN_FILES = ("form_file",)  # templates and procedures have commands of their own
_RECORD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Given:
    """One field of a record as the file has it. ``problem``: why it cannot be read at all."""

    value: str | int | bool | None
    spot: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """One record of a file. ``emptied``: it stood there and nothing is left of it."""

    kind: str
    key: str
    fields: Mapping[str, Given]
    spot: str
    emptied: bool = False


@dataclass(frozen=True)
class GivenData:
    """A whole file. ``kinds``: of which it has everything; ``base``: what the program wrote into it, by kind, record
    and field (None: not known); ``had``: the records that it wrote; ``unit``, ``assessment_id``: whose they were."""

    records: tuple[GivenRecord, ...]
    kinds: frozenset[str]
    base: Mapping[tuple[str, str, str], JsonValue] | None = None
    had: frozenset[tuple[str, str]] = frozenset()
    unit: str = ""
    assessment_id: str = ""
    problems: tuple[str, ...] = field(default=())


def read_file(path: Path) -> GivenData:
    """The content of an .xlsx or .json file.

    Raises:
        InvalidInput: it cannot be read, or is no file of data.
    """
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            from ntm_desktop.dossier.excel_read import read_workbook

            return _of_workbook(read_workbook(path))
        case ".json":
            return _of_json(path)
    raise InvalidInput(
        _("Không nhập được tệp {name}: chỉ nhận tệp .xlsx hoặc .json.").format(name=path.name),
        _("Chưa có gì thay đổi."),
    )


# --- Excel


def _of_workbook(read: WorkbookRead) -> GivenData:
    emptied = {(row.kind, row.key) for row in read.rows if row.kind in LISTS and row.blank}
    records: list[GivenRecord] = []
    problems: list[str] = []
    for row in read.rows:
        if row.kind == "poll_count" and _of_emptied(row, emptied):
            continue
        fields = {name: _given(row, name) for name in row.cells}
        if row.kind == "poll_count" and row.key.startswith(NEW) and row.blank:
            continue
        if row.key.startswith(NEW) and row.kind not in LISTS and row.kind != "poll_count":
            problems.append(_("{spot}: hàng này không thuộc mục nào của trang; mời xoá hàng.").format(spot=row.spot))
            continue
        records.append(GivenRecord(row.kind, row.key, fields, row.spot, (row.kind, row.key) in emptied))
    base = {place: _stored(place[0], place[2], text) for place, text in read.base.items() if _known(place)}
    return GivenData(
        tuple(records),
        read.lists,
        base if read.assessment_id else None,
        read.had,
        read.unit,
        read.assessment_id,
        tuple(problems),
    )


def _known(place: tuple[str, str, str]) -> bool:
    kind, _record, name = place
    return kind in BY_ID and name in BY_ID[kind].by_id


def _of_emptied(row: ReadRow, emptied: set[tuple[str, str]]) -> bool:
    """A count of a village or question that is no longer there."""
    village, _dot, question = row.key.partition(".")
    return ("poll_village", village) in emptied or ("poll_question", question) in emptied


def _given(row: ReadRow, name: str) -> Given:
    cell = row.cells[name]
    if cell.formula:
        problem = _("ô này là công thức chưa có kết quả hoặc báo lỗi; mời gõ thẳng giá trị.")
        return Given(cell.text, cell.spot, problem)
    return Given(cell.text, cell.spot)


def _stored(kind: str, name: str, text: str) -> JsonValue:
    """A stored value from the text that the hidden sheet keeps."""
    match BY_ID[kind].by_id[name].type:
        case FieldType.COUNT | FieldType.YEAR:
            return int(text) if text.isascii() and text.isdigit() else None
        case FieldType.FLAG:
            return text == "true"
    return text


# --- JSON


def _of_json(path: Path) -> GivenData:
    try:
        with open(paths.extended(path), "rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInput(
            _("Không đọc được tệp {name}: {reason}.").format(name=path, reason=wording.system_reason(error)),
            _("Chưa có gì thay đổi."),
        ) from error
    if len(content) > MOST_BYTES:
        raise InvalidInput(_("Tệp {name} quá lớn.").format(name=path.name), _("Chưa có gì thay đổi."))
    try:
        tree = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise InvalidInput(
            _("Tệp {name} không phải tệp JSON đúng: {reason}.").format(name=path.name, reason=error),
            _("Chưa có gì thay đổi."),
        ) from error
    if not isinstance(tree, dict):
        raise InvalidInput(
            _("Tệp {name} phải là một đối tượng JSON có các loại dữ liệu.").format(name=path.name),
            _("Chưa có gì thay đổi. Ví dụ: {example}").format(example='{"general": {"households": 1200}}'),
        )
    problems: list[str] = []
    records: list[GivenRecord] = []
    kinds = {name for name in tree if name in BY_ID and name not in NOT_IN_FILES}
    for name, content_of_kind in tree.items():
        if name == "about":
            continue
        if name not in kinds:
            problems.append(_("Mục «{name}» không phải loại dữ liệu nào của hồ sơ.").format(name=name[:60]))
            continue
        records += _json_records(name, content_of_kind, problems)
    if len(records) > MOST_RECORDS:
        raise InvalidInput(_("Tệp {name} quá nhiều mục.").format(name=path.name), _("Chưa có gì thay đổi."))
    return GivenData(tuple(records), frozenset(kinds & set(LISTS)), problems=tuple(problems))


def _no_doubles(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(_("«{name}» có hai lần").format(name=name[:60]))
        found[name] = value
    return found


def _json_records(kind: str, content: Any, problems: list[str]) -> Iterator[GivenRecord]:
    """The records of one kind: one object, a list of objects, or objects by record id."""
    if BY_ID[kind].single:
        entries: Iterable[tuple[str, Any, str]] = [(SELF, content, kind)]
    elif isinstance(content, list):
        entries = [
            (str(item.get("id") or f"{NEW}{place}") if isinstance(item, dict) else "", item, f"{kind}[{place}]")
            for place, item in enumerate(content, start=1)
        ]
    elif isinstance(content, dict):
        entries = [(key, item, f"{kind}.{key[:60]}") for key, item in content.items()]
    else:
        entries = [("", None, kind)]
    for key, item, place in entries:
        spot = _("mục «{place}»").format(place=place)
        if not isinstance(item, dict):
            problems.append(_("{spot}: phải là một đối tượng có tên mục và giá trị.").format(spot=spot))
            continue
        if key.startswith(NEW) and kind not in LISTS:
            problems.append(_("{spot}: còn thiếu «id».").format(spot=spot))
            continue
        if not key.startswith(NEW) and not _RECORD_ID.fullmatch(key):
            problems.append(_("{spot}: «id» không đúng dạng.").format(spot=spot))
            continue
        fields = {
            name: _json_given(value, _("mục «{place}»").format(place=f"{place}.{name[:60]}"))
            for name, value in item.items()
            if name != "id"
        }
        yield GivenRecord(kind, key, fields, spot)


def _json_given(value: Any, spot: str) -> Given:
    if value is None or isinstance(value, bool | str):
        return Given(value, spot)
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        if number.is_finite() and numbers.storable(number):
            return Given(numbers.editable(number), spot)
    return Given("", spot, _("giá trị phải là chữ, số, đúng/sai hoặc null."))
