"""Results of indicators: values, verdicts by hand, local levels, results taken over from the preceding year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ntm_desktop.errors import InvalidInput, NotFound
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import numbers, rules, values
from ntm_desktop.model.assessment import (
    AssessedIndicator,
    Assessment,
    LocalLevel,
    Result,
    Verdict,
    assessment_id_of,
)
from ntm_desktop.model.catalogue import ALLOWED_OPERATORS, Catalogue, Indicator, MeasureKind, Operator
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.fields import LONGEST_TEXT
from ntm_desktop.model.text import clean, one_line
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.setup import read_date
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.store import EditName, UnitOfWork

TEXT_FIELDS = ("explanation", "data_source", "responsible")


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved, the indicator as it stands now, and when."""

    changes: Changes
    item: AssessedIndicator
    at: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """Results taken over from the preceding year, and those that were left with the reason."""

    changes: Changes
    codes: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def indicator_of(catalogue: Catalogue, code: str) -> Indicator:
    """An indicator by code.

    Raises:
        NotFound: the set has none of that code.
    """
    found = catalogue.by_code.get(code.strip()) or catalogue.by_code.get(code.strip().upper())
    if found is None:
        raise NotFound(
            _("Bộ tiêu chí {set} không có chỉ tiêu «{code}».").format(set=catalogue.title, code=code),
            _("Chưa có gì thay đổi. Hãy xem mã chỉ tiêu trong bộ tiêu chí."),
        )
    return found


def save(workspace: Workspace, assessment_id: str, code: str, fields: Mapping[str, Any]) -> Saved:
    """Save any of an indicator's fields, as one edit.

    ``value``: typed components (see :func:`ntm_desktop.model.values.store`) or None to clear; or ``stored``: the stored
    form itself. ``explanation``, ``data_source``, ``responsible``: text; ``figure_year``: year or None; ``judgement``:
    (verdict, reason) or None.

    Raises:
        InvalidInput: a verdict by hand without its reason, an impossible year.
        NotFound, ReadOnly: no such indicator, or another unit's assessment.
    """
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        catalogue = workspace.catalogue_of(assessment)
        indicator = indicator_of(catalogue, code)
        assigned = assigned_fields(catalogue, indicator, assessment, fields, work)
        name = EditName(N_("sửa chỉ tiêu {code}"), {"code": indicator.code}, _subject(assessment, indicator, fields))
        changes = workspace.write(work, {_record(assessment, indicator.code): assigned}, name)
        item = assessed_indicator(work, catalogue, indicator, assessment)
    return Saved(changes, item, datetime.now(UTC))


def _subject(assessment: Assessment, indicator: Indicator, fields: Mapping[str, Any]) -> str:
    return f"{assessment.assessment_id}/{indicator.code}:{','.join(sorted(fields))}"


def _record(assessment: Assessment, code: str) -> tuple[str, str]:
    return ("result", f"{assessment.assessment_id}/{code}")


def assigned_fields(
    catalogue: Catalogue, indicator: Indicator, assessment: Assessment, fields: Mapping[str, Any], work: UnitOfWork
) -> dict[str, JsonValue]:
    """Journal values of the fields of a form."""
    assigned: dict[str, JsonValue] = {}
    if "stored" in fields:  # already read from one cell or argument
        assigned |= {"value": fields["stored"], "carried_from": None}
    elif "value" in fields:
        assigned["value"] = _stored_value(catalogue, indicator, assessment, fields["value"], work)
        assigned["carried_from"] = None
    held = work.rows.results(assessment.assessment_id).get(indicator.code)
    if held is not None and held.carried_from is not None:
        assigned |= _no_longer_carried(held, fields)
    for name in TEXT_FIELDS:
        if name in fields:
            text = clean(fields[name] or "")
            assigned[name] = (_fitting(indicator, text) if name == "explanation" else one_line(text)[:1000]) or None
    if "figure_year" in fields:
        year = fields["figure_year"]
        if year is not None and not 1990 <= int(year) <= 2100:
            raise InvalidInput(_("Năm số liệu {year} không hợp lệ.").format(year=year), _("Hãy ghi năm, ví dụ 2024."))
        assigned["figure_year"] = None if year is None else int(year)
    if "judgement" in fields:
        assigned["judgement"] = _judgement(indicator, fields["judgement"])
    return assigned


def _no_longer_carried(held: Result, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
    """What was taken over from the year before goes with its figure, or with its verdict where that was all there was.

    A new figure is not from that year, and a verdict given by hand on the old one says nothing about it.
    """
    if "value" in fields or "stored" in fields:
        return {"carried_from": None, "figure_year": None, "judgement": None}
    if "judgement" in fields and held.value is None:
        return {"carried_from": None, "figure_year": None}
    return {}


def _fitting(indicator: Indicator, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            _("Chỉ tiêu {code}: nội dung dài {length} ký tự, nhiều nhất là {most}.").format(
                code=indicator.code, length=len(text), most=LONGEST_TEXT
            ),
            _("Chưa có gì thay đổi. Hãy viết ngắn lại, hoặc đính kèm thành tệp minh chứng."),
        )
    return text


def _stored_value(
    catalogue: Catalogue, indicator: Indicator, assessment: Assessment, typed: Any, work: UnitOfWork
) -> JsonValue:
    if typed is None:
        return None
    local = work.rows.levels(assessment.assessment_id).get(indicator.code)
    operator = rules.resolve_level(catalogue, indicator, assessment, local).operator
    stored = values.store(indicator.measure, typed, operator)
    for text in (stored or {}).get("typed", {}).values():
        _fitting(indicator, text)
    _fitting(indicator, (stored or {}).get("text", ""))
    return stored


def _judgement(indicator: Indicator, given: tuple[Verdict | str, str] | None) -> JsonValue:
    if given is None:
        return None
    verdict, reason = Verdict(given[0]), clean(given[1] or "")
    if verdict is Verdict.NOT_ASSESSED:
        return None
    if not reason:
        raise InvalidInput(
            _("Chỉ tiêu {code}: đánh giá bằng tay hoặc không áp dụng phải có lý do.").format(code=indicator.code),
            _("Chưa có gì thay đổi. Hãy ghi lý do rồi lưu lại."),
        )
    return {"verdict": verdict.value, "reason": _fitting(indicator, reason)}


def assessed_indicator(
    work: UnitOfWork, catalogue: Catalogue, indicator: Indicator, assessment: Assessment
) -> AssessedIndicator:
    """One indicator as it stands in this transaction."""
    code = indicator.code
    result = work.rows.results(assessment.assessment_id).get(code) or Result(code)
    level = work.rows.levels(assessment.assessment_id).get(code)
    proofs = tuple(item for item in work.rows.evidence(assessment.assessment_id) if code in item.codes)
    criterion = catalogue.criterion_of[code]
    return rules.assess_indicator(catalogue, criterion, indicator, assessment, result, level, proofs)


def set_level(
    workspace: Workspace,
    assessment_id: str,
    code: str,
    operator: Operator | str,
    threshold_text: str,
    basis_number: str,
    basis_issued: str = "",
    basis_title: str = "",
) -> Saved:
    """Enter the level that applies locally, with the decision that sets it.

    Raises:
        InvalidInput: the operator does not fit the measure, the threshold is no number, or the decision is not named.
    """
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        catalogue = workspace.catalogue_of(assessment)
        indicator = indicator_of(catalogue, code)
        chosen = _operator(indicator, operator)
        threshold = _threshold(indicator, chosen, threshold_text)
        number = one_line(basis_number)[:300]
        if not number:
            raise InvalidInput(
                _("Chỉ tiêu {code}: mức của địa phương phải ghi số văn bản quy định.").format(code=indicator.code),
                _("Chưa có gì thay đổi. Hãy ghi số quyết định, ví dụ 1487/QĐ-UBND."),
            )
        basis: JsonValue = {
            "number": number,
            "issued": read_date(basis_issued),
            "title": one_line(basis_title)[:500],
            "note": "",
        }
        level: JsonValue = {"operator": chosen.value, "threshold": numbers.canonical(threshold), "basis": basis}
        return _save_level(workspace, work, catalogue, indicator, assessment, level)


def clear_level(workspace: Workspace, assessment_id: str, code: str) -> Saved:
    """Take the local level back: the set's own applies again."""
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        catalogue = workspace.catalogue_of(assessment)
        return _save_level(workspace, work, catalogue, indicator_of(catalogue, code), assessment, None)


def _save_level(
    workspace: Workspace,
    work: UnitOfWork,
    catalogue: Catalogue,
    indicator: Indicator,
    assessment: Assessment,
    level: JsonValue,
) -> Saved:
    record = ("level", f"{assessment.assessment_id}/{indicator.code}")
    name = EditName(N_("sửa mức đạt chuẩn {code}"), {"code": indicator.code}, "")
    changes = workspace.write(work, {record: {"level": level}}, name)
    return Saved(changes, assessed_indicator(work, catalogue, indicator, assessment), datetime.now(UTC))


def _operator(indicator: Indicator, given: Operator | str) -> Operator:
    words = {"≥": ">=", "≤": "<=", "=": "==", "đạt": "dat", "không": "khong"}
    text = one_line(str(given)).lower()
    allowed = ALLOWED_OPERATORS[indicator.measure.kind]
    try:
        operator = Operator(words.get(text, text))
    except ValueError:
        operator = None
    if operator is None or operator not in allowed:
        raise InvalidInput(
            _("Chỉ tiêu {code}: không so sánh được bằng «{operator}».").format(code=indicator.code, operator=given),
            _("Có thể dùng: {allowed}.").format(allowed=", ".join(sorted(item.value for item in allowed))),
        )
    return operator


def _threshold(indicator: Indicator, operator: Operator, text: str) -> Decimal:
    if operator in (Operator.HOLDS, Operator.ABSENT):
        return Decimal(1)
    measure = indicator.measure
    if measure.kind is MeasureKind.CHOICE:
        chosen = values.store(measure, {"choice": text})
        rank = values.number_of(measure, chosen) if chosen and "choice" in chosen else None
        if rank is not None:
            return rank
    read = numbers.read_number(text)
    if read.value is None:
        meanings = ", ".join(numbers.shown(item) for item in read.candidates)
        detail = _("có thể là {meanings}").format(meanings=meanings) if meanings else _("không phải là số")
        raise InvalidInput(
            _("Chỉ tiêu {code}: mức «{text}» {detail}.").format(code=indicator.code, text=text, detail=detail),
            _("Chưa có gì thay đổi. Hãy ghi số như 1.234,56 hoặc 12,5."),
        )
    if measure.kind is MeasureKind.PERCENT and not 0 <= read.value <= 100:
        raise InvalidInput(
            _("Chỉ tiêu {code}: mức phải từ 0% đến 100%.").format(code=indicator.code), _("Chưa có gì thay đổi.")
        )
    return read.value


def carry(workspace: Workspace, assessment_id: str, codes: Iterable[str] | None = None) -> Carried:
    """Take over the preceding year's results that met the standard (QĐ 18/2022/QĐ-TTg, Điều 2 khoản 4).

    Value, verdict by hand, source and the level that it was held against come along; what was entered for this year
    stays. Without ``codes`` all indicators that have no result yet.

    Raises:
        NotFound: this workspace holds no assessment of the preceding year on the same set, or the set no such code.
    """
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        catalogue = workspace.catalogue_of(assessment)
        year = assessment.year - 1
        earlier = work.rows.assessment(assessment_id_of(assessment.unit_code, assessment.catalogue_id, year))
        if earlier is None:
            raise NotFound(
                _("Không có đợt đánh giá năm {year} theo cùng bộ tiêu chí trong dữ liệu này.").format(year=year),
                _("Chưa có gì thay đổi. Hãy ghi kết quả và chọn năm số liệu {year} bằng tay.").format(year=year),
            )
        chosen = [indicator_of(catalogue, code).code for code in (catalogue.by_code if codes is None else codes)]
        records, left = _carried_records(workspace, work, assessment, earlier, chosen, named=codes is not None)
        changes = workspace.write(work, records, EditName(N_("lấy kết quả năm {year}"), {"year": year}))
    taken = tuple(entity_id.rpartition("/")[2] for entity, entity_id in records if entity == "result")
    return Carried(changes, taken, tuple(left))


def _carried_records(
    workspace: Workspace,
    work: UnitOfWork,
    assessment: Assessment,
    earlier: Assessment,
    codes: list[str],
    named: bool,
) -> tuple[dict[tuple[str, str], dict[str, JsonValue]], list[tuple[str, str]]]:
    """Records to write, and the codes that were left with the reason; indicators asked for by name are overwritten."""
    old_set = workspace.catalogue_of(earlier)
    old_results, old_levels = work.rows.results(earlier.assessment_id), work.rows.levels(earlier.assessment_id)
    present = work.rows.results(assessment.assessment_id)
    records: dict[tuple[str, str], dict[str, JsonValue]] = {}
    left: list[tuple[str, str]] = []
    for code in codes:
        indicator = old_set.by_code.get(code)
        result = old_results.get(code)
        if not named and code in present and present[code].entered:
            continue
        if indicator is None or result is None or not result.entered:
            left.append((code, _("năm trước chưa có kết quả")))
            continue
        if result.carried_from is not None or (result.figure_year or earlier.year) < earlier.year:
            left.append((code, _("kết quả năm trước cũng là số liệu của năm trước đó")))
            continue
        level = old_levels.get(code)
        criterion = old_set.criterion_of[code]
        judged = rules.assess_indicator(old_set, criterion, indicator, earlier, result, level)
        if judged.verdict is Verdict.NOT_APPLICABLE:
            left.append((code, _("năm trước không áp dụng; nếu năm nay vẫn vậy, hãy đánh giá lại kèm lý do")))
            continue
        if judged.verdict is not Verdict.MET:
            left.append((code, _("kết quả năm trước chưa đạt chuẩn")))
            continue
        records[_record(assessment, code)] = _carried_result(result, earlier.year)
        if level is not None and code not in work.rows.levels(assessment.assessment_id):
            records["level", f"{assessment.assessment_id}/{code}"] = {"level": level_json(level)}
    return records, left


def _carried_result(result: Result, year: int) -> dict[str, JsonValue]:
    judgement: JsonValue = None
    if result.judgement is not None:
        judgement = {"verdict": result.judgement.verdict.value, "reason": result.judgement.reason}
    return {
        "value": dict(result.value) if result.value is not None else None,
        "judgement": judgement,
        "explanation": result.explanation or None,
        "data_source": result.data_source or None,
        "figure_year": result.figure_year or year,
        "carried_from": year,
    }


def level_json(level: LocalLevel) -> JsonValue:
    """A local level as the journal writes it."""
    basis = level.basis
    return {
        "operator": level.operator.value,
        "threshold": numbers.canonical(level.threshold),
        "basis": {"number": basis.number, "issued": basis.issued, "title": basis.title, "note": basis.note},
    }
