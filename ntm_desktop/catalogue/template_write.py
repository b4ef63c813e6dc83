"""Write the workbook into which somebody who holds the decision types a criteria set."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntm_desktop import paths
from ntm_desktop.catalogue import template_layout as layout
from ntm_desktop.catalogue.template_layout import Cell, Column, Sheet
from ntm_desktop.i18n import _
from ntm_desktop.model.catalogue import Catalogue, Indicator, Operator, Requirement
from ntm_desktop.model.numbers import canonical

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SPARE_ROWS = 300
Row = Mapping[str, Any]


def write_template(path: Path, base: Catalogue | None = None) -> None:
    """Write the empty workbook, or one that holds what ``base`` knows; it is there whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    guide = book.active
    assert guide is not None
    _write_guide(guide, base)
    _write_general(book.create_sheet(layout.GENERAL_TITLE), base)
    for sheet, title in _sheets(base):
        made = book.create_sheet(sheet.title)
        rows = list(_rows(sheet.key, base)) if base is not None else []
        _write_sheet(made, sheet, title, [*layout.EXAMPLES.get(sheet.key, ()), *rows])
    content = io.BytesIO()
    book.save(content)
    paths.write_atomic(path, content.getvalue())


def _sheets(base: Catalogue | None) -> Iterator[tuple[Sheet, str]]:
    """All sheets with tables, each with the sentence on its top."""
    regions = tuple(layout.region_column(item.id, item.name) for item in base.regions) if base else ()
    groups = tuple(layout.group_column(item.id, item.name) for item in base.groups) if base else ()
    yield layout.AREA_SHEET, _("Các vùng hoặc nhóm xã có mức đạt chuẩn riêng. Không có thì để trống.")
    yield layout.CRITERION_SHEET, _("Mỗi tiêu chí một hàng, đúng thứ tự trong quyết định.")
    yield (
        layout.indicator_sheet((*regions, *groups)),
        _("Mỗi chỉ tiêu một hàng. Ô mức để trống nghĩa là CHƯA BIẾT, chương trình sẽ không tự kết luận."),
    )
    yield layout.CHOICE_SHEET, _("Các lựa chọn của chỉ tiêu loại «Lựa chọn», các nội dung của loại «Danh mục».")
    yield layout.year_sheet(regions), _("Chỉ dùng cho chỉ tiêu có mức khác nhau theo năm, ví dụ thu nhập.")
    yield layout.CONDITION_SHEET, _("Điều kiện phải xác nhận thêm thì chỉ tiêu mới được tính là đạt.")
    yield layout.RULE_SHEET, _("Trường hợp được áp dụng mức của vùng khác, ví dụ xã đặc biệt khó khăn.")
    yield layout.AMENDMENT_SHEET, _("Các quyết định sửa đổi, bổ sung bộ tiêu chí.")


def _write_guide(made: Worksheet, base: Catalogue | None) -> None:
    from openpyxl.styles import Alignment, Font

    made.title = layout.GUIDE_TITLE
    lines = [
        _("NHẬP BỘ TIÊU CHÍ VÀO CHƯƠNG TRÌNH"),
        _("Dành cho người đang giữ quyết định. Mời nhập đúng từng chữ, từng số, không nhập theo trí nhớ."),
        _("1. Trang «Thông tin chung»: điền số, ngày quyết định, tổng số chỉ tiêu, người nhập và người kiểm tra."),
        _("2. Trang «Vùng và nhóm xã», «Tiêu chí»: sửa lại cho đúng quyết định."),
        _("3. Trang «Chỉ tiêu»: mỗi chỉ tiêu một hàng. Cột «Loại» và «So sánh» chọn trong danh sách."),
        _("4. Mức đạt chuẩn: gõ số (80 hoặc 62,5); chỉ tiêu xét đạt thì gõ «Đạt»; chưa biết thì để trống."),
        _("5. Mức khác nhau theo vùng hoặc nhóm xã: gõ vào cột «Mức vùng …», «Mức nhóm …»; cột trống là chưa biết."),
        _("   Thêm vùng hay nhóm: thêm hàng ở trang «Vùng và nhóm xã», rồi thêm cột «Mức vùng mã» hay «Mức nhóm mã»."),
        _("6. Mã chỉ tiêu là chữ, không phải số: 17.10 khác 17.1. Các ô mã đã đặt sẵn kiểu Text, xin giữ nguyên."),
        _("7. Không dùng công thức. Các hàng ghi «VÍ DỤ» không được nhập vào; xin xóa khi đã hiểu cách làm."),
        _("8. Người kiểm tra đối chiếu từng ô với quyết định, tốt nhất là một người khác với người nhập."),
        _("9. Lưu tệp ở dạng .xlsx rồi nhập vào chương trình. Nếu có lỗi, chương trình chỉ rõ trang, hàng và cột."),
    ]
    if base is not None:
        text = _(
            "Tệp này đã điền sẵn những gì chương trình biết về «{name}». Phải đối chiếu lại tất cả với quyết định."
        )
        lines.append(text.format(name=base.name))
    for row, line in enumerate(lines, start=1):
        cell = made.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row == 1, size=14 if row == 1 else 11)
    made.column_dimensions["A"].width = 110
    made.sheet_view.showGridLines = False


def _write_general(made: Worksheet, base: Catalogue | None) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    values = _general(base) if base is not None else {}
    made.cell(layout.TITLE_ROW, 1, _("Điền vào cột B.")).font = Font(italic=True)
    for row, column in enumerate(layout.GENERAL, start=layout.FIRST_ROW):
        made.cell(row, 1, column.title).font = Font(bold=True)
        cell: Any = made.cell(row, 2)
        _put(cell, column, values.get(column.key))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if column.words:
            listed = DataValidation("list", formula1=f'"{",".join(column.words)}"', allow_blank=True)
            made.add_data_validation(listed)
            listed.add(cell)
    made.column_dimensions["A"].width = 34
    made.column_dimensions["B"].width = 90
    made.freeze_panes = f"B{layout.FIRST_ROW}"


def _write_sheet(made: Worksheet, sheet: Sheet, title: str, rows: Sequence[Row]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    made.cell(layout.TITLE_ROW, 1, title).font = Font(italic=True)
    for place, column in enumerate(sheet.columns, start=1):
        _write_head(made, column, place, layout.FIRST_ROW + len(rows) + SPARE_ROWS)
    for row, values in enumerate(rows, start=layout.FIRST_ROW):
        example = str(values.get(sheet.columns[0].key, "")).startswith(layout.EXAMPLE)
        for place, column in enumerate(sheet.columns, start=1):
            cell: Any = made.cell(row, place)
            _put(cell, column, values.get(column.key))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if example or column.cell is Cell.SHOWN:
                cell.font = Font(italic=True, color="808080")
    made.row_dimensions[layout.HEAD_ROW].height = 48
    made.freeze_panes = made.cell(layout.FIRST_ROW, sheet.frozen + 1).coordinate
    made.print_title_rows = f"{layout.HEAD_ROW}:{layout.HEAD_ROW}"
    made.page_setup.orientation = "landscape"
    made.page_setup.paperSize = 9  # A4
    made.page_setup.fitToHeight = 0
    made.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_head(made: Worksheet, column: Column, place: int, last: int) -> None:
    """A heading, its column's width, list of words and form of the cells down to row ``last``."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(place)
    thin = Side(style="thin", color="999999")
    head: Any = made.cell(layout.HEAD_ROW, place, column.title)
    head.font = Font(bold=True)
    head.fill = PatternFill("solid", fgColor="DDE8F0")
    head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    head.border = Border(bottom=thin, left=thin, right=thin, top=thin)
    made.column_dimensions[letter].width = column.width
    if column.words:
        listed = DataValidation("list", formula1=f'"{",".join(column.words)}"', allow_blank=True)
        listed.showErrorMessage = True
        listed.error = _("Mời chọn một trong các từ của danh sách.")
        made.add_data_validation(listed)
        listed.add(f"{letter}{layout.FIRST_ROW}:{letter}{last}")
    if column.cell in (Cell.CODE, Cell.DATE):
        for row in range(layout.FIRST_ROW, last + 1):
            made.cell(row, place).number_format = "@"


def _put(cell: Any, column: Column, value: Any) -> None:
    """One value in the form of its column: real numbers, words of the list, dates as dd/mm/yyyy, all else as text."""
    if value is None or value == "" or value == ():
        if column.cell in (Cell.CODE, Cell.DATE):
            cell.number_format = "@"
        return
    if column.words:
        named = {stored: word for word, stored in column.words.items()}
        value = named.get(str(value), value)
    elif column.cell is Cell.DATE and isinstance(value, str):
        value = datetime.date.fromisoformat(value).strftime("%d/%m/%Y")
    elif column.cell is Cell.LINES and not isinstance(value, str):
        value = "\n".join(value)
    elif column.cell is Cell.LEVEL and isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(canonical(value))
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is a text
        cell.number_format = "@"


def _general(base: Catalogue) -> Row:
    note, _found, signer = base.basis.note.rpartition(layout.SIGNER)
    if not _found:
        note, signer = base.basis.note, ""
    return {
        "id": base.id,
        "version": str(int(base.version) + 1) if base.version.isdigit() else base.version,
        "name": base.name,
        "short_name": base.short_name,
        "level": base.level.value,
        "period": base.period,
        "basis.number": base.basis.number,
        "basis.issued": base.basis.issued,
        "basis.title": base.basis.title,
        "basis.signer": signer,
        "basis.note": note.removesuffix("; "),
        "indicator_total": base.indicator_total,
        "conditions": base.conditions,
        "historical": "true" if base.historical else "",
        "derived_from": base.ref,
    }


def _rows(key: str, base: Catalogue) -> Iterator[Row]:
    """What the base has for one sheet."""
    match key:
        case "areas":
            for region in base.regions:
                yield {"what": "regions", "id": region.id, "name": region.name}
            for group in base.groups:
                yield {"what": "groups", "id": group.id, "name": group.name, "definition": group.definition}
        case "amended_by":
            for item in base.amended_by:
                yield {"number": item.number, "issued": item.issued, "title": item.title, "note": item.note}
        case "special_rules":
            for rule in base.special_rules:
                yield {"id": rule.id, "text": rule.text, "region": rule.region}
        case "criteria":
            for criterion in base.criteria:
                yield {
                    "number": criterion.number,
                    "name": criterion.name,
                    "group": criterion.group,
                    "note": criterion.note,
                }
        case _:
            for criterion in base.criteria:
                for indicator in criterion.indicators:
                    yield from _indicator_rows(key, criterion.number, indicator)


def _indicator_rows(key: str, number: str, indicator: Indicator) -> Iterator[Row]:
    measure, requirement, code = indicator.measure, indicator.requirement, indicator.code
    if key == "indicators":
        yield _indicator_row(number, indicator)
    elif key == "choices":
        for choice in measure.choices:
            yield {"code": code, "what": "choices", "id": choice.id, "name": choice.name, "rank": choice.rank}
        for part in measure.parts:
            yield {"code": code, "what": "parts", "id": part.id, "name": part.name}
    elif key == "sub_conditions":
        for item in indicator.sub_conditions:
            yield {"code": code, "text": item.text, "when": item.when, "regions": item.regions}
    else:
        for year, levels in requirement.by_year.items():
            keyed = {"chung" if region == "chung" else f"by_region.{region}": level for region, level in levels.items()}
            yield {"code": code, "year": str(year), **keyed}


def _indicator_row(number: str, indicator: Indicator) -> Row:
    measure, requirement, provenance = indicator.measure, indicator.requirement, indicator.provenance
    known = "; ".join(text for text in (provenance.note, provenance.hint) if text)
    return {
        "code": indicator.code,
        "criterion": number,
        "name": indicator.name,
        "kind": measure.kind.value,
        "unit": measure.unit,
        "operator": requirement.operator.value if requirement.operator else "",
        **_levels(requirement, indicator),
        "varies_by_region": {True: "true", False: "false", None: ""}[requirement.varies_by_region],
        "official_code": "true" if indicator.official_code else "false",
        "evidence": indicator.evidence,
        "numerator": measure.numerator,
        "denominator": measure.denominator,
        "relative_to": measure.relative_to,
        "basis.number": indicator.basis.number if indicator.basis else "",
        "basis.issued": indicator.basis.issued if indicator.basis else "",
        "hint": known,
    }


def _levels(requirement: Requirement, indicator: Indicator) -> Row:
    """Thresholds by column; «Đạt» where it is judged as holds or does not hold, a choice by its name."""
    listed = {f"by_region.{region}": level for region, level in requirement.by_region.items()}
    listed |= {f"by_group.{group}": level for group, level in requirement.by_group.items()}
    holds = requirement.operator in (Operator.HOLDS, Operator.ABSENT)
    names = {Decimal(choice.rank): choice.name for choice in indicator.measure.choices}

    def shown(level: Decimal | None, unknown: str) -> Decimal | str:
        if level is None:
            return unknown
        return "Đạt" if holds else names.get(level, level)

    made = {key: shown(level, layout.UNKNOWN) for key, level in listed.items()}
    return made | {"threshold": shown(requirement.threshold, "")}
