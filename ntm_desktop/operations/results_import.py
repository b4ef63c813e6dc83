"""Results from a sheet: all rows or none, every error named by its row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ntm_desktop import wording
from ntm_desktop.catalogue.tables import read_rows
from ntm_desktop.errors import InvalidInput, UserError
from ntm_desktop.i18n import N_, _
from ntm_desktop.model import rules, values
from ntm_desktop.model.assessment import Verdict
from ntm_desktop.model.catalogue import Catalogue, Indicator
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.text import one_line, search_key
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.results import assigned_fields, indicator_of
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.store import EditName, UnitOfWork

MOST_ROWS = 5_000
MOST_BYTES = 20 << 20

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "ma", "ma chi tieu", "chi tieu"),
    "value": ("value", "ket qua", "gia tri"),
    "verdict": ("verdict", "danh gia", "ket qua tu danh gia"),
    "reason": ("reason", "ly do"),
    "explanation": ("explanation", "giai trinh"),
    "source": ("source", "nguon", "nguon so lieu"),
    "year": ("year", "nam", "nam so lieu"),
    "responsible": ("responsible", "nguoi phu trach"),
}
_VERDICTS = {search_key(name): verdict for verdict, name in wording.VERDICT_NAMES.items()}
_VERDICTS |= {verdict.value: verdict for verdict in Verdict} | {"khong dat": Verdict.NOT_MET}


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken over."""

    changes: Changes
    rows: int


def verdict_of(text: str) -> Verdict | None:
    """A verdict by its Vietnamese name or its identifier."""
    return _VERDICTS.get(search_key(text)) or _VERDICTS.get(search_key(text).replace(" ", "_"))


def import_file(workspace: Workspace, assessment_id: str, path: Path) -> Imported:
    """Take results from an .xlsx or .csv file with the columns code, value, verdict, reason, explanation, source, year.

    Empty cells change nothing. One edit, all rows or none.

    Raises:
        InvalidInput: the file cannot be read, or rows are wrong; the message lists them by row.
    """
    table = _read(path)
    header, width, rows = _header(path, table)
    problems: list[str] = []
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        catalogue = workspace.catalogue_of(assessment)
        records: dict[tuple[str, str], dict[str, JsonValue]] = {}
        for number, cells in rows:
            row = {name: cells[place] for name, place in header.items() if place < len(cells)}
            if not any(_filled(cell) for cell in row.values()):
                continue
            try:
                _check_width(cells, width)
                code, fields = _row_fields(work, catalogue, assessment.assessment_id, row)
                if ("result", f"{assessment.assessment_id}/{code}") in records:
                    raise InvalidInput(_("chỉ tiêu {code} đã có ở dòng trên.").format(code=code))
                assigned = assigned_fields(catalogue, catalogue.by_code[code], assessment, fields, work)
            except UserError as error:
                problems.append(_("Dòng {row}: {problem}").format(row=number, problem=error.message))
                continue
            records["result", f"{assessment.assessment_id}/{code}"] = assigned
        if problems:
            shown = "\n".join(problems[:50])
            raise InvalidInput(
                _("Tệp {name} có {count} dòng chưa đúng:").format(name=path.name, count=len(problems)) + "\n" + shown,
                _("Chưa nhập dòng nào. Hãy sửa các dòng trên rồi nhập lại cả tệp."),
            )
        if not records:
            raise InvalidInput(_("Tệp {name} không có kết quả nào.").format(name=path.name), _("Chưa có gì thay đổi."))
        name = EditName(N_("nhập kết quả từ tệp {name}"), {"name": path.name[:60]})
        changes = workspace.write(work, records, name)
    return Imported(changes, len(records))


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _row_fields(
    work: UnitOfWork, catalogue: Catalogue, assessment_id: str, row: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Code and fields of one row."""
    if not _filled(row.get("code")):
        raise InvalidInput(_("thiếu mã chỉ tiêu."))
    code = code_text(row["code"])
    if isinstance(row["code"], Decimal) and "." in code and f"{code}0" in catalogue.by_code:
        raise InvalidInput(
            _("mã «{code}» trong ô dạng số có thể là {code} hoặc {longer}; hãy đổi cột mã sang dạng Text.").format(
                code=code, longer=f"{code}0"
            )
        )
    indicator = indicator_of(catalogue, code)
    fields: dict[str, Any] = {}
    if _filled(row.get("value")):
        fields["stored"] = stored_value(work, catalogue, assessment_id, indicator, row["value"])
    if _filled(row.get("verdict")):
        verdict = verdict_of(str(row["verdict"]))
        if verdict is None:
            raise InvalidInput(_("đánh giá «{text}» chưa rõ.").format(text=row["verdict"]))
        fields["judgement"] = (verdict, str(row.get("reason") or ""))
    elif _filled(row.get("reason")):
        raise InvalidInput(_("có lý do nhưng thiếu đánh giá (verdict)."))
    for column, field in (("explanation", "explanation"), ("source", "data_source"), ("responsible", "responsible")):
        if _filled(row.get(column)):
            fields[field] = str(row[column])
    if _filled(row.get("year")):
        year = str(row["year"]).strip().removesuffix(".0")
        if not year.isdecimal():
            raise InvalidInput(_("năm «{text}» không hợp lệ.").format(text=row["year"]))
        fields["figure_year"] = int(year)
    return indicator.code, fields


def code_text(cell: object) -> str:
    """A code as a sheet gives it: 17.1 may have become a number."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return one_line(str(cell))


def stored_value(
    work: UnitOfWork, catalogue: Catalogue, assessment_id: str, indicator: Indicator, cell: Any
) -> dict[str, Any] | None:
    """Stored form of one cell or argument, clear enough to be judged.

    Raises:
        InvalidInput: it is ambiguous, incomplete or impossible; the sentence asks back.
    """
    assessment = work.rows.assessment(assessment_id)
    assert assessment is not None
    local = work.rows.levels(assessment_id).get(indicator.code)
    operator = rules.resolve_level(catalogue, indicator, assessment, local).operator
    stored = values.from_text(indicator.measure, cell if isinstance(cell, Decimal | bool) else str(cell), operator)
    found = values.problems(indicator.measure, stored)
    if found:
        sentence = wording.problem_sentence(found[0])
        raise InvalidInput(
            _("Chỉ tiêu {code}: {problem}").format(code=indicator.code, problem=sentence), _("Chưa có gì thay đổi.")
        )
    return stored


def _check_width(cells: list[Any], width: int) -> None:
    """A cell without a column: most likely 12,5 was cut in two at its comma, and must not be taken for 12."""
    if any(_filled(cell) for cell in cells[width:]):
        raise InvalidInput(
            _("có nhiều ô hơn dòng tiêu đề; số có dấu phẩy phải đặt trong ngoặc kép hoặc dùng dấu chấm phẩy ngăn cột.")
        )


def _header(path: Path, table: Iterable[list[Any]]) -> tuple[dict[str, int], int, list[tuple[int, list[Any]]]]:
    """Where each column stands, how many there are, and the rows below the header with their numbers."""
    rows = [(number, cells) for number, cells in enumerate(table, start=1)]
    for place, (_number, cells) in enumerate(rows[:20]):
        keys = [search_key(str(cell)) if cell is not None else "" for cell in cells]
        header = {
            name: next(index for index, key in enumerate(keys) if key in words)
            for name, words in COLUMNS.items()
            if any(key in words for key in keys)
        }
        if "code" in header and len(header) > 1:
            return header, len(cells), rows[place + 1 :]
    raise InvalidInput(
        _("Tệp {name} không có dòng tiêu đề với cột «code» và «value».").format(name=path.name),
        _("Chưa có gì thay đổi. Các cột: {columns}.").format(columns=", ".join(COLUMNS)),
    )


def _read(path: Path) -> list[list[Any]]:
    """All rows of the file's first sheet."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InvalidInput(
            _("Không đọc được tệp {name}: {reason}.").format(name=path, reason=wording.system_reason(error)),
            _("Chưa có gì thay đổi."),
        ) from error
    if size > MOST_BYTES:
        raise InvalidInput(_("Tệp {name} quá lớn.").format(name=path.name), _("Chưa có gì thay đổi."))
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    return read_rows(path, MOST_ROWS)


def _read_csv(path: Path) -> list[list[Any]]:
    """CSV in UTF-8 (or Windows-1258), with comma, semicolon or tab: whatever the computer's Excel wrote."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1258", errors="replace")
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InvalidInput(
            _("Tệp {name} không phải tệp CSV đúng: {reason}.").format(name=path.name, reason=error),
            _("Chưa có gì thay đổi."),
        ) from error
    if len(rows) > MOST_ROWS:
        raise InvalidInput(_("Tệp {name} quá nhiều dòng.").format(name=path.name), _("Chưa có gì thay đổi."))
    return list(rows)
