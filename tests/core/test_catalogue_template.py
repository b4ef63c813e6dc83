"""The workbook into which a set is typed: what is written comes back, every mistake is told with its cell."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ntm_desktop import catalogue
from ntm_desktop.catalogue import ProblemCode
from ntm_desktop.catalogue import template_layout as layout
from ntm_desktop.errors import CatalogueInvalid
from ntm_desktop.model.catalogue import Catalogue, MeasureKind, Operator, Provenance, Source

TYPED = Provenance(Source.TYPED, Source.TYPED, Source.TYPED)
Book = Any
Sheet = Any


def columns(sheet: Sheet) -> dict[str, int]:
    """Columns by the first line of their heading."""
    return {str(cell.value).partition("\n")[0]: cell.column for cell in sheet[layout.HEAD_ROW] if cell.value}


def put(sheet: Sheet, row: int, **values: Any) -> None:
    known = columns(sheet)
    for title, value in values.items():
        sheet.cell(row, known[title.replace("_", " ")]).value = value


def first_free(sheet: Sheet) -> int:
    rows = [row for row in range(layout.FIRST_ROW, sheet.max_row + 1) if sheet.cell(row, 1).value]
    return max(rows, default=layout.FIRST_ROW - 1) + 1


def general(book: Book, **values: Any) -> None:
    sheet = book[layout.GENERAL_TITLE]
    for row in range(1, sheet.max_row + 1):
        if (label := str(sheet.cell(row, 1).value).replace(" ", "_")) in values:
            sheet.cell(row, 2).value = values[label]


def row_of(sheet: Sheet, code: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value) == code)


@pytest.fixture
def filled(tmp_path: Path) -> Callable[..., Path]:
    """Write the workbook of a base, let ``edit`` fill it in, and give its path."""

    def fill(edit: Callable[[Book], None] | None = None, base: str = "xa-ntm-2026") -> Path:
        path = tmp_path / "nhập bộ tiêu chí.xlsx"
        catalogue.write_template(path, catalogue.builtin(base))
        book = openpyxl.load_workbook(path)
        general(book, Người_nhập="Người nhập (mẫu)", Người_kiểm_tra="Người kiểm tra (mẫu)")
        if edit is not None:
            edit(book)
        book.save(path)
        return path

    return fill


def as_typed(base: Catalogue) -> Catalogue:
    """What a base looks like after somebody has typed the very same."""
    criteria = tuple(
        replace(item, indicators=tuple(replace(row, provenance=TYPED) for row in item.indicators))
        for item in base.criteria
    )
    return replace(
        base,
        version=str(int(base.version) + 1),
        criteria=criteria,
        special_rules=tuple(replace(rule, source=Source.TYPED) for rule in base.special_rules),
        note="",
        extends=base.ref,
        typed_by="Người nhập (mẫu)",
        checked_by="Người kiểm tra (mẫu)",
    )


@pytest.mark.parametrize("base", catalogue.builtin_ids())
def test_what_is_written_comes_back(base: str, filled: Callable[..., Path]) -> None:
    assert catalogue.read_template(filled(base=base)) == as_typed(catalogue.builtin(base))


def test_the_workbook_is_made_for_people(tmp_path: Path) -> None:
    path = tmp_path / "mẫu.xlsx"
    catalogue.write_template(path, catalogue.builtin("xa-ntm-2026"))
    book: Book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Hướng dẫn"
    sheet = book["Chỉ tiêu"]
    assert sheet.freeze_panes == "D3"
    assert {"Mức nhóm 1", "Mức nhóm 2", "Mức nhóm 3", "So sánh"} <= set(columns(sheet))
    lists = {item.formula1 for item in sheet.data_validations.dataValidation}
    assert f'"{",".join(layout.KINDS)}"' in lists
    assert f'"{",".join(layout.OPERATORS)}"' in lists
    assert sheet.cell(layout.FIRST_ROW, 1).value.startswith("VÍ DỤ")
    assert sheet.cell(first_free(sheet), 1).number_format == "@"
    assert sheet.print_title_rows == "$2:$2"
    # what the program only half remembers is shown and not taken in
    assert sheet.cell(row_of(sheet, "4.x1"), columns(sheet)["Chương trình đang biết (chỉ để tham khảo)"]).value
    assert [path.name for path in tmp_path.iterdir()] == ["mẫu.xlsx"]


def test_an_empty_workbook_asks_for_everything(tmp_path: Path) -> None:
    path = tmp_path / "trống.xlsx"
    catalogue.write_template(path)
    codes = {problem.code for problem in catalogue.check_template(path)}
    assert {ProblemCode.EMPTY, ProblemCode.NOT_CHECKED, ProblemCode.NO_LEGAL_BASIS} <= codes


def add_rows(book: Book) -> None:
    """The 42 rows that the base lacks, with every kind of measure and every way to type a level."""
    sheet = book["Chỉ tiêu"]
    row = first_free(sheet)
    for number in range(1, 38):
        put(sheet, row, Mã_chỉ_tiêu=f"5.{number}", Thuộc_tiêu_chí_số=5, Tên_chỉ_tiêu=f"Chỉ tiêu mẫu {number}")
        put(sheet, row, Loại="Tỷ lệ %", Đơn_vị_tính="%", So_sánh="≥", Nằm_ở_đâu_trong_quyết_định="Phụ lục I, trang 9")
        put(sheet, row, Mức_nhóm_1=95, Mức_nhóm_2="92,5", Mức_nhóm_3=81.3)
        row += 1
    put(sheet, row, Mã_chỉ_tiêu="6.1", Thuộc_tiêu_chí_số="6", Tên_chỉ_tiêu="Xếp loại mẫu", Loại="Lựa chọn")
    put(sheet, row, So_sánh=">=", Mức_nhóm_1="Tốt", Mức_nhóm_3="khá")
    put(sheet, row + 1, Mã_chỉ_tiêu="6.2", Thuộc_tiêu_chí_số="6", Tên_chỉ_tiêu="Danh mục mẫu", Loại="Danh mục")
    put(sheet, row + 1, So_sánh="≥", Mức_chung=2)
    put(sheet, row + 2, Mã_chỉ_tiêu="6.10", Thuộc_tiêu_chí_số="6", Tên_chỉ_tiêu="Nhà tạm", Loại="Đạt/Chưa đạt")
    put(sheet, row + 2, So_sánh="Không có", Mức_chung="Không")
    put(sheet, row + 3, Mã_chỉ_tiêu="7.1", Thuộc_tiêu_chí_số="7", Tên_chỉ_tiêu="Thu nhập", Loại="Con số", So_sánh="≥")
    put(sheet, row + 4, Mã_chỉ_tiêu="7.2", Thuộc_tiêu_chí_số="7", Tên_chỉ_tiêu="Số mô hình", Loại="Con số")
    put(sheet, row + 4, So_sánh="≥", Mức_chung="chưa biết")
    for code, operator in {"2.1": "≥", "3.1": ">"}.items():
        put(sheet, row_of(sheet, code), So_sánh=operator)
    choices = book["Lựa chọn và nội dung"]
    for code, what, item, name, rank in (
        ("6.1", "Lựa chọn", "kha", "Khá", 1),
        ("6.1", "Lựa chọn", "tot", "Tốt", "2"),
        ("6.2", "Nội dung", "a", "Phần a", None),
        ("6.2", "Nội dung", "b", "Phần b", None),
    ):
        place = first_free(choices)
        put(choices, place, Mã_chỉ_tiêu=code, Loại=what, Mã=item, Tên=name)
        choices.cell(place, 5).value = rank
    years = book["Mức theo năm"]
    put(years, first_free(years), Mã_chỉ_tiêu="7.1", Năm=2027, Mức_chung="1.234,5")
    put(
        book["Điều kiện kèm theo"],
        layout.FIRST_ROW,
        Mã_chỉ_tiêu="6.2",
        Điều_kiện="Được xác nhận",
        Khi_nào="có kiểm tra",
    )


def test_a_decision_typed_in(filled: Callable[..., Path]) -> None:
    made = catalogue.read_template(filled(add_rows))
    assert made.indicators_complete
    assert len(made.by_code) == made.indicator_total == 47
    percent, choice, parts = made.by_code["5.10"], made.by_code["6.1"], made.by_code["6.2"]
    assert dict(percent.requirement.by_group) == {"1": Decimal(95), "2": Decimal("92.5"), "3": Decimal("81.3")}
    assert percent.provenance == replace(TYPED, urls=("Phụ lục I, trang 9",))
    assert dict(choice.requirement.by_group) == {"1": Decimal(2), "2": None, "3": Decimal(1)}
    assert [(item.id, item.rank) for item in choice.measure.choices] == [("kha", 1), ("tot", 2)]
    assert parts.measure.kind is MeasureKind.CHECKLIST
    assert [item.id for item in parts.measure.parts] == ["a", "b"]
    assert [(item.text, item.when) for item in parts.sub_conditions] == [("Được xác nhận", "có kiểm tra")]
    houses = made.by_code["6.10"].requirement
    assert (houses.operator, houses.threshold) == (Operator.ABSENT, Decimal(1))
    assert made.by_code["7.1"].requirement.by_year[2027]["chung"] == Decimal("1234.5")
    assert made.by_code["7.2"].requirement.threshold is None
    assert catalogue.from_json(catalogue.to_json(made)) == made
    assert catalogue.with_version(made, "9").ref == "xa-ntm-2026@9"
    assert any("7.2" in sentence for sentence in catalogue.remarks(made))


def test_one_person_for_both_is_a_remark(filled: Callable[..., Path]) -> None:
    made = catalogue.read_template(filled(lambda book: general(book, Người_kiểm_tra="NGƯỜI NHẬP  (mẫu)")))
    assert any("một người khác" in sentence for sentence in catalogue.remarks(made))


def test_excel_forms_are_understood(filled: Callable[..., Path]) -> None:
    """A percent format holds 0.8 for 80 %, a date may be a real date, a whole number a number of a criterion."""

    def edit(book: Book) -> None:
        sheet = book["Chỉ tiêu"]
        cell = sheet.cell(row_of(sheet, "4.x1"), columns(sheet)["Mức nhóm 1"])
        cell.value, cell.number_format = 0.801, "0.0%"
        general(book, Ngày_ban_hành=datetime.date(2025, 12, 29))

    made = catalogue.read_template(filled(edit))
    assert made.by_code["4.x1"].requirement.by_group["1"] == Decimal("80.1")
    assert made.basis.issued == "2025-12-29"


def test_a_region_may_be_added(filled: Callable[..., Path]) -> None:
    def edit(book: Book) -> None:
        areas, sheet = book["Vùng và nhóm xã"], book["Chỉ tiêu"]
        put(areas, first_free(areas), Loại="Vùng", Mã="bac", Tên="Vùng Bắc")
        place = sheet.max_column + 1
        sheet.cell(layout.HEAD_ROW, place).value = "mức  vùng bac (Vùng Bắc)"
        sheet.cell(row_of(sheet, "4.x1"), place).value = 27

    made = catalogue.read_template(filled(edit))
    assert made.by_code["4.x1"].requirement.by_region == {"bac": Decimal(27)}


def cell_of(sheet: Sheet, code: str, title: str) -> str:
    return str(sheet.cell(row_of(sheet, code), columns(sheet)[title]).coordinate)


def setting(
    code: str, title: str, value: Any, sheet: str = "Chỉ tiêu", whole_row: bool = False
) -> Callable[[Book], str]:
    """Put a value into one cell; the answer is the cell, or the row, that the message must name."""

    def edit(book: Book) -> str:
        place = cell_of(book[sheet], code, title)
        book[sheet][place].value = value
        spot = f"hàng {book[sheet][place].row}" if whole_row else f"ô {place}"
        return f"trang «{sheet}», {spot}"

    return edit


def drop_checker(book: Book) -> str:
    general(book, Người_kiểm_tra=None)
    return "Người kiểm tra"


def change_example(book: Book) -> str:
    put(book["Chỉ tiêu"], layout.FIRST_ROW, Tên_chỉ_tiêu="Chỉ tiêu thật")
    return f"hàng {layout.FIRST_ROW}"


def lose_decision(book: Book) -> str:
    general(book, Số_quyết_định=None, Ngày_ban_hành=None)
    return "trang «Thông tin chung»"


def stray_choice(book: Book) -> str:
    put(book["Lựa chọn và nội dung"], 9, Mã_chỉ_tiêu="9.9", Loại="Lựa chọn", Mã="a", Tên="A")
    return "trang «Lựa chọn và nội dung», hàng 9"


def group_column_without_group(book: Book) -> str:
    sheet = book["Chỉ tiêu"]
    place = sheet.max_column + 1
    sheet.cell(layout.HEAD_ROW, place).value = "Mức nhóm 7"
    sheet.cell(row_of(sheet, "3.1"), place).value = 5
    return "trang «Chỉ tiêu», cột «Mức nhóm 7»"


DAMAGE: dict[str, tuple[ProblemCode, Callable[[Book], str]]] = {
    "code as number": (ProblemCode.WRONG_TYPE, setting("2.1", "Mã chỉ tiêu", 2.1)),
    "code as date": (ProblemCode.WRONG_TYPE, setting("2.1", "Mã chỉ tiêu", datetime.datetime(2026, 1, 2))),  # noqa: DTZ001
    "code twice": (ProblemCode.DUPLICATE_INDICATOR, setting("2.1", "Mã chỉ tiêu", "1.1")),
    "unknown kind": (ProblemCode.UNKNOWN_KIND, setting("2.1", "Loại", "Kích cỡ")),
    "no kind": (ProblemCode.UNKNOWN_KIND, setting("2.1", "Loại", None, whole_row=True)),
    "unknown operator": (ProblemCode.UNKNOWN_OPERATOR, setting("2.1", "So sánh", "gần bằng")),
    "impossible operator": (ProblemCode.IMPOSSIBLE_OPERATOR, setting("1.1", "So sánh", "≤")),
    "ambiguous number": (ProblemCode.NOT_A_NUMBER, setting("3.1", "Mức nhóm 1", "1.234")),
    "no number": (ProblemCode.NOT_A_NUMBER, setting("3.1", "Mức nhóm 1", "khoảng 8")),
    "formula": (ProblemCode.FORMULA, setting("3.1", "Mức nhóm 1", "=1+1")),
    "formula as name": (ProblemCode.FORMULA, setting("3.1", "Tên chỉ tiêu", "=A1")),
    "unknown criterion": (ProblemCode.UNKNOWN_VALUE, setting("3.1", "Thuộc tiêu chí số", "30", whole_row=True)),
    "no name": (ProblemCode.EMPTY, setting("3.1", "Tên chỉ tiêu", None, whole_row=True)),
    "choice without choices": (ProblemCode.NO_CHOICES, setting("3.1", "Loại", "Lựa chọn")),
    "criterion twice": (ProblemCode.DUPLICATE_CRITERION, setting("9", "Số tiêu chí", "8", "Tiêu chí")),
    "area without kind": (ProblemCode.EMPTY, setting("Nhóm xã", "Loại", None, "Vùng và nhóm xã", whole_row=True)),
    "no checker": (ProblemCode.NOT_CHECKED, drop_checker),
    "changed example": (ProblemCode.EXAMPLE_LEFT, change_example),
    "no decision": (ProblemCode.NO_LEGAL_BASIS, lose_decision),
    "stray choice": (ProblemCode.UNKNOWN_INDICATOR, stray_choice),
    "unknown group": (ProblemCode.UNKNOWN_GROUP, group_column_without_group),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_each_mistake_is_told_with_its_cell(what: str, filled: Callable[..., Path]) -> None:
    code, edit = DAMAGE[what]
    told: list[str] = []
    path = filled(lambda book: told.append(edit(book)))
    problems = catalogue.check_template(path)
    hits = [str(problem) for problem in problems if problem.code is code]
    assert hits, [str(problem) for problem in problems]
    assert any(told[0] in hit for hit in hits), (told, hits)
    assert len(problems) <= 2, [str(problem) for problem in problems]
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.read_template(path)
    assert path.name in caught.value.message


def test_many_mistakes_are_told_at_once(filled: Callable[..., Path]) -> None:
    def edit(book: Book) -> None:
        for code in ("unknown kind", "formula", "no checker", "criterion twice"):
            DAMAGE[code][1](book)

    wanted = {DAMAGE[name][0] for name in ("unknown kind", "formula", "no checker", "criterion twice")}
    assert wanted <= {problem.code for problem in catalogue.check_template(filled(edit))}


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(path) as packed:
        return zipped({name: change(name, packed.read(name)) for name in packed.namelist()})


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
WRONG: dict[str, tuple[bytes, ProblemCode]] = {
    "empty": (b"", ProblemCode.NOT_EXCEL),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ProblemCode.NOT_EXCEL),
    "text": ("mã;tên\n1.1;Quy hoạch\n".encode(), ProblemCode.NOT_EXCEL),
    "another ZIP": (zipped({"ảnh.jpg": b"x" * 100}), ProblemCode.NOT_EXCEL),
    "ZIP bomb": (zipped({"xl/workbook.xml": b"0" * 70_000_000}), ProblemCode.TOO_LARGE),
    "too large": (b"PK" + b"\0" * 10_000_000, ProblemCode.TOO_LARGE),
    "hollow": (zipped({"xl/workbook.xml": b"<workbook/>"}), ProblemCode.NOT_EXCEL),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_files_get_a_sentence(what: str, tmp_path: Path) -> None:
    content, code = WRONG[what]
    path = tmp_path / "sai.xlsx"
    path.write_bytes(content)
    assert [problem.code for problem in catalogue.check_template(path)] == [code]
    with pytest.raises(CatalogueInvalid):
        catalogue.read_template(path)


def test_missing_files_and_other_workbooks(tmp_path: Path) -> None:
    for path in (tmp_path / "không có.xlsx", tmp_path):
        assert [problem.code for problem in catalogue.check_template(path)] == [ProblemCode.UNREADABLE]
    book = openpyxl.Workbook()
    book.save(tmp_path / "khác.xlsx")
    problems = catalogue.check_template(tmp_path / "khác.xlsx")
    assert [problem.code for problem in problems] == [ProblemCode.NOT_EXCEL]
    assert "Thông tin chung" in problems[0].message


def test_hostile_workbooks(filled: Callable[..., Path]) -> None:
    path = filled()
    sound = path.read_bytes()
    path.write_bytes(repacked(path, lambda name, part: LAUGHS + part if name.endswith("sheet1.xml") else part))
    assert [problem.code for problem in catalogue.check_template(path)] == [ProblemCode.NOT_EXCEL]
    for length in range(0, len(sound), len(sound) // 25):
        path.write_bytes(sound[:length])
        assert [problem.code for problem in catalogue.check_template(path)] == [ProblemCode.NOT_EXCEL]
    path.write_bytes(sound)
    path.write_bytes(repacked(path, lambda name, part: part[: len(part) // 2] if "sheet" in name else part))
    assert [problem.code for problem in catalogue.check_template(path)] == [ProblemCode.NOT_EXCEL]


def test_a_row_far_down_is_told(filled: Callable[..., Path]) -> None:
    problems = catalogue.check_template(filled(lambda book: put(book["Chỉ tiêu"], 1_000_000, Mã_chỉ_tiêu="1.9")))
    assert [problem.code for problem in problems] == [ProblemCode.TOO_LARGE]
    assert "A1000000" in problems[0].message


def test_a_heading_that_was_renamed_is_told(filled: Callable[..., Path]) -> None:
    def edit(book: Book) -> None:
        book["Chỉ tiêu"].cell(layout.HEAD_ROW, 3).value = "Tiêu đề lạ"

    problems = catalogue.check_template(filled(edit))
    assert [problem.code for problem in problems] == [ProblemCode.UNKNOWN_KEY]
    assert "Tiêu đề lạ" in problems[0].message


def test_columns_may_be_moved_and_examples_deleted(filled: Callable[..., Path]) -> None:
    def edit(book: Book) -> None:
        book["Chỉ tiêu"].delete_rows(layout.FIRST_ROW, 2)
        sheet = book["Tiêu chí"]
        for row in range(layout.HEAD_ROW, sheet.max_row + 1):
            first, second = sheet.cell(row, 1), sheet.cell(row, 2)
            first.value, second.value = second.value, first.value

    assert catalogue.read_template(filled(edit)) == as_typed(catalogue.builtin("xa-ntm-2026"))
