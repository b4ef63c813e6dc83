"""The data of a dossier beside results and evidence: read, saved field by field, added, removed, brought back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ntm_desktop.errors import InvalidInput, NotFound
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.fields import LONGEST_FILE, LONGEST_LINE, LONGEST_TEXT, MOST
from ntm_desktop.model.records import BY_ID, LISTS, SELF, Field, FieldType, Kind, Record, Writer
from ntm_desktop.model.text import clean, one_line
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.setup import read_date
from ntm_desktop.operations.workspace import Role, Workspace
from ntm_desktop.store.store import EditName, UnitOfWork

_TIME = re.compile(r"(\d{1,2})\s*(?:[:hg.]|giờ)\s*(\d{0,2})\s*(?:phút)?", re.IGNORECASE)
_YES, _NO = re.compile("1|true|yes|x|có|co|đạt|đúng"), re.compile("0|false|no|không|khong|chưa")


@dataclass(frozen=True, slots=True)
class Added:
    """A record that was added."""

    changes: Changes
    record_id: str


def kind_of(name: str) -> Kind:
    """A kind by id.

    Raises:
        InvalidInput: there is none; the hint lists them.
    """
    found = BY_ID.get(name)
    if found is None:
        raise InvalidInput(
            _("Không có loại dữ liệu «{name}».").format(name=name),
            _("Có thể chọn: {names}.").format(names=", ".join(BY_ID)),
        )
    return found


def records(workspace: Workspace, assessment_id: str = "", *kinds: str) -> tuple[Record, ...]:
    """Records of an assessment (the current one where no id is given) and of its unit, those removed left out.

    Raises:
        NotFound: there is no such assessment.
    """
    with workspace.store.read() as work:
        return read_records(work, workspace.assessment(work, assessment_id).assessment_id, *kinds)


def read_records(work: UnitOfWork, assessment_id: str, *kinds: str) -> tuple[Record, ...]:
    """Records of an assessment and of its unit, within a transaction."""
    wanted = kinds or tuple(BY_ID)
    of_unit = tuple(kind for kind in wanted if BY_ID[kind].of_unit)
    others = tuple(kind for kind in wanted if not BY_ID[kind].of_unit)
    unit = assessment_id.partition(".")[0]
    found = work.rows.records(assessment_id, *others) if others else ()
    return (*found, *(work.rows.records(unit, *of_unit) if of_unit else ()))


def save(
    workspace: Workspace, assessment_id: str, kind: str, record_id: str, typed: Mapping[str, str | int | bool | None]
) -> Changes:
    """Save fields of one record as one edit; what is blank is taken away. Texts are read as people write them.

    Raises:
        InvalidInput: an unknown kind or field, or what was typed is no number, date or choice; nothing is saved.
        NotFound, ReadOnly: no such assessment, or not this computer's to write.
    """
    known = kind_of(kind)
    values = {name: read_value(known, name, given) for name, given in typed.items()}
    with workspace.store.write() as work:
        return _write(workspace, work, assessment_id, known, record_id or SELF, values, N_("sửa {what}"))


def add(workspace: Workspace, assessment_id: str, kind: str, typed: Mapping[str, str | int | bool | None]) -> Added:
    """Add a record to a list.

    Raises:
        InvalidInput: as :func:`save`, or the kind is no list.
    """
    known = _list(kind)
    values = {name: read_value(known, name, given) for name, given in typed.items()}
    if all(value is None for value in values.values()):
        raise InvalidInput(
            _("{what}: chưa có nội dung nào để thêm.").format(what=_(known.name)), _("Chưa có gì thay đổi.")
        )
    record_id = uuid.uuid4().hex
    with workspace.store.write() as work:
        return Added(_write(workspace, work, assessment_id, known, record_id, values, N_("thêm {what}")), record_id)


def remove(workspace: Workspace, assessment_id: str, kind: str, record_id: str) -> Changes:
    """Take a record out of a list by clearing its fields; undo brings it back, and a field that somebody else has
    written meanwhile stays to be chosen.

    Raises:
        InvalidInput: the kind is no list. NotFound: there is no such record.
    """
    known = _list(kind)
    with workspace.store.write() as work:
        assessment = workspace.assessment(work, assessment_id)
        held = work.rows.records(assessment.assessment_id, known.id)
        found = next((item for item in held if item.record_id == record_id), None)
        if found is None:
            raise NotFound(
                _("Không có mục «{id}» trong «{what}».").format(id=record_id, what=_(known.name)),
                _("Chưa có gì thay đổi."),
            )
        cleared: dict[str, JsonValue] = dict.fromkeys(found.values)
        return _write(workspace, work, assessment_id, known, record_id, cleared, N_("xoá {what}"))


def _list(kind: str) -> Kind:
    known = kind_of(kind)
    if known.id not in LISTS:
        raise InvalidInput(_("«{what}» không phải là danh sách.").format(what=_(known.name)), _("Chưa có gì thay đổi."))
    return known


def _write(
    workspace: Workspace,
    work: UnitOfWork,
    assessment_id: str,
    kind: Kind,
    record_id: str,
    values: Mapping[str, JsonValue],
    name: str,
) -> Changes:
    """One edit of one record, by whose right it is: the commune's own assessment, or the office's words on it."""
    by_office = kind.writer is Writer.OFFICE or (kind.writer is Writer.BOTH and _is_office(work))
    read = workspace.assessment if by_office else workspace.own_assessment
    assessment = read(work, assessment_id)
    if by_office and not _is_office(work):
        raise InvalidInput(_("«{what}» do cơ quan thẩm tra lập.").format(what=_(kind.name)), _("Chưa có gì thay đổi."))
    unit = assessment.unit_code
    owner = unit if kind.of_unit else assessment.assessment_id
    entity_id = f"{owner}/{record_id}"
    removing = not any(value is not None for value in values.values())  # never one edit with what was typed before
    subject = "" if removing else f"{kind.id}/{entity_id}:{','.join(sorted(values))}"
    edit = EditName(name, {"what": kind.name}, subject)
    return workspace.write(work, {(kind.id, entity_id): dict(values)}, edit, unit=unit)


def _is_office(work: UnitOfWork) -> bool:
    return bool(work.local.get("role") == Role.OFFICE.value)


# --- reading what was typed


def read_value(kind: Kind, name: str, given: Any) -> JsonValue:
    """The journal's value of what was typed into a field; None for blank.

    Raises:
        InvalidInput: no such field, or it cannot be read; the sentence names the field.
    """
    field = kind.by_id.get(name)
    if field is None:
        raise InvalidInput(
            _("«{kind}» không có mục «{name}».").format(kind=_(kind.name), name=name),
            _("Có thể ghi: {names}.").format(names=", ".join(kind.by_id)),
        )
    if given is None or given == "":
        return None
    if field.type is FieldType.FLAG and isinstance(given, bool):
        return given
    text = str(given)
    if kind.id == "form_file" and field.type is FieldType.TEXT:
        kept = clean(f"|{text}|")[1:-1]  # spaces at the edges mean something in a file
        return _within(field, kept, LONGEST_FILE) or None
    return _READERS[field.type](field, text)


def _refusal(field: Field, typed: str, hint: str) -> InvalidInput:
    shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
    return InvalidInput(_("{name}: «{typed}» chưa đúng.").format(name=_(field.name), typed=shown), hint)


def _within(field: Field, text: str, most: int) -> str:
    if len(text) > most:
        raise InvalidInput(
            _("{name}: nội dung dài {length} ký tự, nhiều nhất là {most}.").format(
                name=_(field.name), length=len(text), most=most
            ),
            _("Chưa có gì thay đổi. Hãy viết ngắn lại."),
        )
    return text


def _line(field: Field, typed: str) -> JsonValue:
    return _within(field, one_line(typed), LONGEST_LINE) or None


def _text(field: Field, typed: str) -> JsonValue:
    return _within(field, clean(typed), LONGEST_TEXT) or None


def _date(field: Field, typed: str) -> JsonValue:
    try:
        return read_date(typed) or None
    except InvalidInput:
        raise _refusal(field, typed, _("Hãy ghi ngày dạng dd/mm/yyyy, ví dụ 05/01/2026.")) from None


def _time(field: Field, typed: str) -> JsonValue:
    match = _TIME.fullmatch(one_line(typed))
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise _refusal(field, typed, _("Hãy ghi giờ như 8:00 hoặc 14 giờ 30."))
    return f"{int(match[1]):02d}:{int(match[2] or 0):02d}"


def _amount(field: Field, typed: str) -> JsonValue:
    reading = numbers.read_number(typed)
    if reading.value is None or reading.value < 0 or not numbers.storable(reading.value):
        hint = _("Hãy gõ số như 1.234,56 hoặc 12,5.")
        if reading.candidates:
            one, other = (numbers.shown(item) for item in reading.candidates[:2])
            hint = _("Có thể là {one} hoặc {other}; hãy gõ lại cho rõ.").format(one=one, other=other)
        raise _refusal(field, typed, hint)
    return numbers.canonical(reading.value)


def _count(field: Field, typed: str) -> JsonValue:
    groups = one_line(typed).replace(" ", "")
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", groups):  # whole numbers only: «1.234» cannot be meant as a decimal
        groups = groups.replace(".", "")
    groups = groups.lstrip("0") or groups[:1]
    if not (groups.isascii() and groups.isdigit()) or len(groups) > 12 or int(groups) > MOST:
        raise _refusal(field, typed, _("Hãy gõ số nguyên, ví dụ 1234."))
    return int(groups)


def _year(field: Field, typed: str) -> JsonValue:
    text = one_line(typed)
    if not (text.isascii() and text.isdigit()) or len(text) != 4 or not 1990 <= int(text) <= 2100:
        raise _refusal(field, typed, _("Hãy ghi năm, ví dụ 2025."))
    return int(text)


def _choice(field: Field, typed: str) -> JsonValue:
    wanted = one_line(typed).casefold()
    for choice in field.choices:
        if wanted in (choice.id.casefold(), choice.name.casefold(), _(choice.name).casefold()):
            return choice.id
    names = "; ".join(f"{choice.id} ({_(choice.name)})" for choice in field.choices)
    raise _refusal(field, typed, _("Có thể chọn: {names}.").format(names=names))


def _flag(field: Field, typed: str) -> JsonValue:
    word = one_line(typed).casefold()
    if _YES.fullmatch(word):
        return True
    if _NO.fullmatch(word):
        return False
    raise _refusal(field, typed, _("Hãy ghi «có» hoặc «không»."))


_READERS: Mapping[FieldType, Callable[[Field, str], JsonValue]] = {
    FieldType.LINE: _line,
    FieldType.TEXT: _text,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.YEAR: _year,
    FieldType.COUNT: _count,
    FieldType.AMOUNT: _amount,
    FieldType.CHOICE: _choice,
    FieldType.FLAG: _flag,
}
