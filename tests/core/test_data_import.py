"""Data of a dossier from files: what a person changes in the workbook arrives, all or nothing, mistakes with cell."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier.excel import write_workbook
from ntm_desktop.errors import InvalidInput
from ntm_desktop.model.records import BY_ID, KINDS, FieldType, Record
from ntm_desktop.operations import data_export, data_import, dossier_data, history, setup
from ntm_desktop.operations.data_import import Imported
from ntm_desktop.operations.data_rows import read_file
from ntm_desktop.operations.workspace import Role, Workspace
from tests.core.data_samples import SAMPLE, facts, recalculated
from tests.core.dossier_samples import LETTERS, XA, filled

ON = date(2024, 11, 5)
Change = Callable[[Workbook], None]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = setup.create(
        tmp_path / "w", unit_code="03390", role=Role.COMMUNE, catalogue_id=XA, year=2024, region="tdmnpb"
    )
    with made:
        yield made


@pytest.fixture
def full(workspace: Workspace) -> Workspace:
    """With the shipped sample in it."""
    data_import.import_file(workspace, "", SAMPLE)
    return workspace


def exported(workspace: Workspace, path: Path) -> Path:
    """The workbook of what stands now."""
    with workspace.store.read() as work:
        assessment = workspace.assessment(work)
    shown = replace(filled(XA), assessment=assessment)
    write_workbook(facts(shown, dossier_data.records(workspace)), path, ON)
    return path


def changed(workspace: Workspace, folder: Path, change: Change) -> Path:
    """The workbook after a person has worked on it and saved it."""
    path = exported(workspace, folder / "số liệu.xlsx")
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def head(sheet: Worksheet) -> tuple[int, dict[str, int]]:
    """The row of headings, and the columns by heading."""
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == "TT")
    return row, {str(cell.value): cell.column for cell in sheet[row] if isinstance(cell, Cell)}


def put(book: Workbook, title: str, row: int, **values: object) -> None:
    """Type into a row (counted from below the headings) by the ids of fields."""
    sheet = book[title]
    top, columns = head(sheet)
    kind = {"Nguồn lực": "money", "Nợ đọng": "debt", "Họp, bỏ phiếu": "meeting", "Ý kiến": "opinion"}[title]
    for name, value in values.items():
        field = BY_ID[kind].by_id[name]
        heading = f"{field.name} ({field.unit})" if field.unit else field.name
        sheet.cell(top + row, columns[heading]).value = value  # type: ignore[assignment]


def values_of(workspace: Workspace, kind: str) -> dict[str, dict[str, object]]:
    return {item.record_id: dict(item.values) for item in dossier_data.records(workspace, "", kind)}


def counts(done: Imported) -> tuple[int, int, int]:
    return done.added, done.changed, done.removed


# --- the same again changes nothing


def test_what_was_written_reads_back_as_no_change(full: Workspace, tmp_path: Path) -> None:
    path = exported(full, tmp_path / "a.xlsx")
    before = dossier_data.records(full)
    done = data_import.import_file(full, "", path)
    assert (counts(done), done.differences, done.left, done.warnings) == ((0, 0, 0), (), (), ())
    assert dossier_data.records(full) == before
    assert not done.changes


@pytest.mark.slow
def test_libreoffice_may_save_it_in_between(full: Workspace, tmp_path: Path) -> None:
    saved = recalculated(exported(full, tmp_path / "a.xlsx"), tmp_path)
    done = data_import.import_file(full, "", saved)
    assert (counts(done), done.differences, done.left) == ((0, 0, 0), (), ())


def test_json_goes_round(full: Workspace, tmp_path: Path) -> None:
    path = data_export.export_file(full, "", tmp_path / "số liệu.json")
    done = data_import.import_file(full, "", path)
    assert (counts(done), done.left) == ((0, 0, 0), ())
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["general"]["households"] == 1040
    assert data["poll_count"]["thon-mau-01.noi-dung-1"]["satisfied"] == 72


def test_the_sample_says_mau_and_is_whole(full: Workspace) -> None:
    found = dossier_data.records(full)
    kinds = {item.kind for item in found}
    later = {"procedure", "photo", "section", "condition", "form_file", "appraisal_document", "appraisal_section"}
    assert kinds | later == set(BY_ID)
    for item in found:
        for name in ("signer_name", "chair", "secretary", "name", "project", "led_by", "note", "content"):
            assert "mẫu" in item.text(name).lower() or not item.text(name), (item.kind, name, item.text(name))


def test_long_tables_go_round(tmp_path: Path) -> None:
    records = [
        Record("money", f"m{n}", {"source": "people", "year": 2020 + n % 5, "raised": f"{n}.5"}) for n in range(600)
    ]
    records += [Record("poll_village", f"v{n}", {"name": f"Thôn mẫu {n}", "valid": 88}) for n in range(120)]
    records += [Record("poll_question", f"q{n}", {"place": n, "text": f"Nội dung mẫu {n}"}) for n in range(19)]
    records += [Record("poll_count", f"v{n}.q{m}", {"satisfied": n % 80}) for n in range(120) for m in range(19)]
    path = tmp_path / "a.xlsx"
    write_workbook(facts(records=records), path, ON)
    found = read_file(path)
    taken = {
        (item.kind, item.key): {name: str(cell.value) for name, cell in item.fields.items() if cell.value}
        for item in found.records
    }
    assert {(kind, key) for kind, key in taken if kind in ("money", "poll_village", "poll_question", "poll_count")} == {
        (item.kind, item.record_id) for item in records
    }
    assert taken["poll_count", "v77.q18"] == {"satisfied": "77"}
    assert taken["money", "m599"]["raised"] == "599,5"


# --- what a person changes


def test_changed_cells_arrive(full: Workspace, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        put(book, "Nguồn lực", 1, raised=2000.5, note="@x mẫu")
        put(book, "Họp, bỏ phiếu", 1, held_on=date(2024, 3, 1), begins=time(7, 30), present="25")
        general = book["Tình hình chung"]
        cell = next(row[2] for row in general.iter_rows() if row[1].value == "Diện tích tự nhiên")
        cell.value = "1.234,5"
        put(book, "Nguồn lực", 2, note=None)

    first = exported(full, tmp_path / "x.xlsx")
    ids = [str(row[-1].value) for row in load_workbook(first)["Nguồn lực"].iter_rows(min_row=8, max_row=9)]
    done = data_import.import_file(full, "", changed(full, tmp_path, change))
    assert counts(done) == (0, 4, 0)
    money = values_of(full, "money")
    assert (money[ids[0]]["raised"], money[ids[0]]["note"]) == ("2000.5", "@x mẫu")
    assert "note" not in money[ids[1]]
    meeting = values_of(full, "meeting")["mau-chi-dao-1"]
    assert (meeting["held_on"], meeting["begins"], meeting["present"]) == ("2024-03-01", "07:30", 25)
    assert values_of(full, "general")["self"]["area"] == "1234.5"
    spots = {one.field: one.spot for one in done.differences}
    assert spots["area"].startswith("trang «Tình hình chung», ô C")
    history.undo(full)
    assert values_of(full, "general")["self"]["area"] == "128.45"
    assert values_of(full, "money")[ids[0]]["note"] == "Số liệu mẫu"


def test_rows_may_be_sorted_added_copied_and_columns_moved(full: Workspace, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["Nguồn lực"]
        top, columns = head(sheet)
        count = len(values_of(full, "money"))
        rows = [[cell.value for cell in sheet[row]] for row in range(top + 1, top + count + 1)]
        for row, cells in enumerate(reversed(rows), start=top + 1):
            for column, value in enumerate(cells, start=1):
                sheet.cell(row, column).value = value
        for column in range(1, sheet.max_column + 1):  # a copy of the first row, id and all
            sheet.cell(top + count + 1, column).value = sheet.cell(top + 1, column).value
        put(book, "Nguồn lực", count + 1, year=2020)
        put(book, "Nguồn lực", count + 3, source="Nguồn khác", year=2024, raised=7)
        sheet.insert_cols(columns["Năm"])

    before = values_of(full, "money")
    done = data_import.import_file(full, "", changed(full, tmp_path, change))
    assert (counts(done), done.left) == ((2, 0, 0), ())
    after = values_of(full, "money")
    assert {key: after[key] for key in before} == before
    new = [after[key] for key in after.keys() - before.keys()]
    assert {"source": "other", "year": 2024, "raised": "7"} in new
    assert sum(item["year"] == 2020 for item in new) == 1


def test_the_same_file_twice_adds_nothing_twice(workspace: Workspace, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        put(book, "Nguồn lực", 3, source="Nguồn khác", year=2024, raised=7)
        put(book, "Nguồn lực", 5, source="Nguồn khác", year=2024, raised=7)

    path = changed(workspace, tmp_path, change)
    assert counts(data_import.import_file(workspace, "", path)) == (2, 0, 0)
    assert counts(data_import.import_file(workspace, "", path)) == (0, 0, 0)


def test_rows_that_are_gone_stay_unless_asked(full: Workspace, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["Nợ đọng"]
        top, columns = head(sheet)
        sheet.delete_rows(top + 1)
        for column in range(1, columns["Mã dòng (không sửa)"]):  # emptied, as on a locked sheet
            sheet.cell(top + 1, column).value = None

    path = changed(full, tmp_path, change)
    before = values_of(full, "debt")
    kept = data_import.import_file(full, "", path)
    assert (counts(kept), len(kept.left)) == ((0, 0, 0), 2)
    assert "Đường trục Thôn mẫu 1" in kept.left[0]
    assert values_of(full, "debt") == before
    assert counts(data_import.import_file(full, "", path, remove=True)) == (0, 0, 2)
    assert len(values_of(full, "debt")) == 1
    history.undo(full)
    assert values_of(full, "debt") == before


def test_villages_and_questions_are_added_in_the_table(full: Workspace, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["Hài lòng"]
        top, columns = head(sheet)
        row = top + 15
        for heading, value in (
            ("Thôn, bản", "Thôn mẫu 15"),
            ("Tổng số hộ (hộ)", 30),
            ("Số phiếu phát ra (phiếu)", 28),
            ("Số phiếu hợp lệ (phiếu)", 27),
        ):
            sheet.cell(row, columns[heading]).value = value
        first = columns["Số phiếu hợp lệ (phiếu)"] + 1
        sheet.cell(row, first).value = 26
        sheet.cell(top, first + 7).value = "Nội dung mẫu thêm"
        sheet.cell(row, first + 7).value = 25
        sheet.cell(top + 1, first + 7).value = 20

    done = data_import.import_file(full, "", changed(full, tmp_path, change))
    assert counts(done) == (2, 3, 0)
    villages, questions = values_of(full, "poll_village"), values_of(full, "poll_question")
    village = next(key for key, item in villages.items() if item["name"] == "Thôn mẫu 15")
    question = next(key for key, item in questions.items() if item["text"] == "Nội dung mẫu thêm")
    assert questions[question]["place"] == 8
    found = values_of(full, "poll_count")
    assert found[f"{village}.{question}"] == {"satisfied": 25}
    assert found[f"{village}.noi-dung-1"] == {"satisfied": 26}
    assert found[f"thon-mau-01.{question}"] == {"satisfied": 20}


def test_an_old_file_takes_nothing_back_that_it_did_not_change(full: Workspace, tmp_path: Path) -> None:
    path = changed(full, tmp_path, lambda book: put(book, "Nguồn lực", 1, note="Ghi chú mẫu mới"))
    dossier_data.save(full, "", "general", "self", {"households": 1111})
    dossier_data.add(full, "", "money", {"source": "other", "year": 2024, "raised": "5"})
    dossier_data.remove(full, "", "debt", "mau-cong-trinh-2")
    done = data_import.import_file(full, "", path, remove=True)
    assert counts(done) == (0, 1, 0)
    assert values_of(full, "general")["self"]["households"] == 1111
    assert "mau-cong-trinh-2" not in values_of(full, "debt")
    assert any(item["raised"] == "5" for item in values_of(full, "money").values())


def test_both_changed_the_same_value(full: Workspace, tmp_path: Path) -> None:
    path = changed(full, tmp_path, lambda book: put(book, "Nợ đọng", 1, plan="Phương án mẫu trong tệp"))
    dossier_data.save(full, "", "debt", "mau-cong-trinh-1", {"plan": "Phương án mẫu trong máy"})
    dossier_data.save(full, "", "debt", "mau-cong-trinh-1", {"year": 2022})
    done = data_import.import_file(full, "", path)
    debt = values_of(full, "debt")["mau-cong-trinh-1"]
    assert (debt["plan"], debt["year"]) == ("Phương án mẫu trong tệp", 2022)
    assert len(done.warnings) == 1
    assert "trang «Nợ đọng», ô I" in done.warnings[0]


def test_a_dry_run_changes_nothing(full: Workspace, tmp_path: Path) -> None:
    path = changed(full, tmp_path, lambda book: put(book, "Nguồn lực", 1, raised=1))
    before = dossier_data.records(full)
    done = data_import.import_file(full, "", path, dry_run=True)
    assert (counts(done), [one.new for one in done.differences]) == ((0, 1, 0), ["1"])
    assert dossier_data.records(full) == before


# --- refusals


def test_every_mistake_is_named_with_sheet_and_cell_and_nothing_is_taken(full: Workspace, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        put(book, "Nguồn lực", 1, raised="nhiều", year=1800, source="Không có")
        put(book, "Nguồn lực", 2, raised=-5)
        put(book, "Nguồn lực", 3, raised=12)  # right, and not taken either
        put(book, "Họp, bỏ phiếu", 1, held_on="hôm qua", begins="25:00", present=2.5)
        put(book, "Nợ đọng", 1, accepted="=A1*", paid="=1+1")

    before = dossier_data.records(full)
    with pytest.raises(InvalidInput) as refused:
        data_import.import_file(full, "", changed(full, tmp_path, change))
    told = str(refused.value)
    for cell in ("Nguồn lực», ô E8", "Nguồn lực», ô C8", "Nguồn lực», ô B8", "Nguồn lực», ô E9"):
        assert f"trang «{cell}:" in told, told
    for cell in ("C8", "D8", "M8"):
        assert f"trang «Họp, bỏ phiếu», ô {cell}:" in told, told
    assert told.count("công thức chưa có kết quả") == 2
    assert "9 chỗ chưa đúng" in told
    assert dossier_data.records(full) == before


def test_a_reckoned_cell_counts_as_its_result(full: Workspace, tmp_path: Path) -> None:
    """A formula whose result the file holds is a number like any other."""
    path = changed(full, tmp_path, lambda book: put(book, "Nguồn lực", 1, raised="=1000+234.5"))
    done = data_import.import_file(full, "", recalculated(path, tmp_path))
    assert [(one.field, one.new) for one in done.differences] == [("raised", "1.234,5")]


def test_another_units_file_is_refused(full: Workspace, tmp_path: Path) -> None:
    path = exported(full, tmp_path / "a.xlsx")
    book = load_workbook(path)
    row = next(row for row in book["ntm"].iter_rows() if row[0].value == "unit")
    row[1].value = "03388"
    book.save(path)
    with pytest.raises(InvalidInput, match="Tệp này là số liệu của"):
        data_import.import_file(full, "", path)


def test_files_that_are_no_data_are_refused(full: Workspace, tmp_path: Path) -> None:
    good = exported(full, tmp_path / "tốt.xlsx").read_bytes()
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            target.writestr(part.filename, content)
    plain = Workbook()
    other = io.BytesIO()
    plain.save(other)
    for name, content in (
        ("rỗng.xlsx", b""),
        ("cũ.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("cắt.xlsx", good[: len(good) // 2]),
        ("bom.xlsx", bomb.getvalue()),
        ("khác.xlsx", other.getvalue()),
        ("không.json", b"{"),
        ("danh sách.json", b"[]"),
        ("sâu.json", b"[" * 100_000),
        ("hai lần.json", b'{"general": {"area": 1, "area": 2}}'),
        ("lạ.json", '{"không có": {}}'.encode()),
        ("số lạ.json", b'{"general": {"area": NaN}}'),
        ("mã lạ.json", b'{"money": [{"id": "../../x", "year": 2024}]}'),
        ("chữ.txt", b"x"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        before = dossier_data.records(full)
        with pytest.raises(InvalidInput) as refused:
            data_import.import_file(full, "", path)
        assert "Traceback" not in str(refused.value)
        assert dossier_data.records(full) == before, name
    with pytest.raises(InvalidInput, match="Không tìm thấy tệp"):
        data_import.import_file(full, "", tmp_path / "không có.xlsx")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 60_000), flip=st.integers(1, 255))
def test_a_damaged_workbook_never_crashes(tmp_path: Path, place: int, flip: int) -> None:
    from ntm_desktop.dossier.excel_read import read_workbook

    source = tmp_path / "nguồn.xlsx"
    if not source.exists():
        write_workbook(facts(), source, ON)
    content = bytearray(source.read_bytes())
    content[place % len(content)] ^= flip
    path = tmp_path / "hỏng.xlsx"
    path.write_bytes(bytes(content))
    try:
        read_workbook(path)
    except InvalidInput as error:
        assert str(error)


def test_what_the_office_writes_is_not_the_communes_to_import(full: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"appraisal_section": {"tham-tra.nhan-xet": {"text": "Mẫu"}}}', encoding="utf-8")
    with pytest.raises(InvalidInput, match="cơ quan thẩm tra lập"):
        data_import.import_file(full, "", path)


# --- any text


ANY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["=1+1", "+1", "@x", "-2", "_x0041_", "_x005F_", "#N/A", "a\nb", "\t", "1.234", "  x  ", LETTERS]),
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=ANY, other=ANY)
def test_any_text_goes_round_without_a_change(tmp_path: Path, words: str, other: str) -> None:
    """Written, read back: nothing differs from what was written, whatever the text."""
    records = []
    for kind in KINDS:
        if kind.id in ("document", "setting", "condition", "poll_question"):
            continue
        fields = [item for item in kind.fields if item.type in (FieldType.LINE, FieldType.TEXT)]
        texts = {
            item.id: dossier_data.read_value(kind, item.id, words if place % 2 else other)
            for place, item in enumerate(fields)
        }
        kept = {name: str(text) for name, text in texts.items() if text}
        if kept:
            records.append(Record(kind.id, "self" if kind.single else "r1", kept))
    path = tmp_path / "a.xlsx"
    write_workbook(facts(records=records), path, ON)
    found = read_file(path)
    assert found.base is not None
    assert not found.problems
    for item in found.records:
        for name, cell in item.fields.items():
            read = dossier_data.read_value(BY_ID[item.kind], name, cell.value)
            assert read == found.base.get((item.kind, item.key, name)), (item.kind, name, cell)


def test_loose_letters_are_composed(full: Workspace, tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", LETTERS)
    path = changed(full, tmp_path, lambda book: put(book, "Nguồn lực", 1, note=loose))
    (one,) = data_import.import_file(full, "", path).differences
    assert one.new == LETTERS
