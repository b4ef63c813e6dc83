"""``ntm data`` as a script sees it: entered, listed, taken from files, refused without a change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ntm_desktop.model.records import BY_ID
from tests.core.command_line import Ntm, a_file, introduce, new, office
from tests.core.data_samples import SAMPLE


@pytest.fixture
def commune(tmp_path: Path) -> Ntm:
    return new(tmp_path / "xã", "--region", "tdmnpb")


def test_kinds_tell_what_can_be_entered(commune: Ntm) -> None:
    kinds = {item["kind"]: item for item in commune.ask("data", "kinds")}
    assert set(kinds) == set(BY_ID)
    fields = {item["id"]: item for item in kinds["money"]["fields"]}
    assert fields["source"]["choices"]["people"] == "Nhân dân đóng góp"
    assert (kinds["general"]["single"], kinds["money"]["list"]) == (True, True)
    assert "Nguồn lực huy động" in commune.run("data", "kinds").out


def test_one_record_is_set_shown_and_cleared(commune: Ntm) -> None:
    saved = commune.ask("data", "set", "general", "households=1.040", "area=128,45", "formed_from=Xã cũ = mẫu")
    assert saved["values"] == {"households": 1040, "area": "128.45", "formed_from": "Xã cũ = mẫu"}
    assert commune.ask("data", "show", "general") == saved
    assert "128,45" in commune.run("data", "show", "general").out
    left = commune.ask("data", "set", "general", "area=")
    assert left["values"] == {"households": 1040, "formed_from": "Xã cũ = mẫu"}
    commune.ask("undo")
    assert commune.ask("data", "show", "general") == saved


def test_a_list_is_added_to_changed_and_removed(commune: Ntm) -> None:
    added = commune.ask("data", "add", "money", "source=Nhân dân đóng góp", "year=2024", "raised=1.234,5")
    assert added["values"] == {"source": "people", "year": 2024, "raised": "1234.5"}
    short = added["id"][:8]
    changed = commune.ask("data", "set", "money", short, "note=Ghi chú mẫu")
    assert (changed["id"], changed["values"]["note"]) == (added["id"], "Ghi chú mẫu")
    assert [item["id"] for item in commune.ask("data", "list", "money")] == [added["id"]]
    assert commune.ask("data", "remove", "money", short)["removed"] == added["id"]
    assert commune.ask("data", "list", "money") == []
    commune.ask("undo")
    assert commune.ask("data", "show", "money", short)["values"]["note"] == "Ghi chú mẫu"


def test_papers_and_settings_are_set_by_their_ids(commune: Ntm) -> None:
    paper = commune.ask("data", "set", "document", "to-trinh", "number=21", "capacity=KT", "signer_title=Phó Chủ tịch")
    assert (paper["id"], paper["values"]["capacity"]) == ("to-trinh", "KT")
    commune.ask("data", "set", "setting", "copies", "value=3", "basis=Hướng dẫn mẫu")
    village = commune.ask("data", "add", "poll_village", "name=Thôn mẫu", "valid=20")["id"]
    question = commune.ask("data", "add", "poll_question", "place=1", "text=Nội dung mẫu")["id"]
    commune.ask("data", "set", "poll_count", f"{village}.{question}", "satisfied=12")
    kinds = [item["kind"] for item in commune.ask("data", "list")]
    assert sorted(kinds) == ["document", "poll_count", "poll_question", "poll_village", "setting"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "vote", "a=1"), "Không có loại dữ liệu"),
        (("set", "general", "color=xanh"), "không có mục «color»"),
        (("set", "general", "households=nhiều"), "Số hộ"),
        (("set", "general", "area=1.234"), "1.234 hoặc 1,234"),
        (("set", "general", "households"), "để sửa"),
        (("set", "general", "households=1", "area"), "mục=giá trị"),
        (("set", "general", "households=1", "households=2"), "hai lần"),
        (("set", "money", "note=x"), "hãy ghi mã"),
        (("set", "money", "abc", "note=x"), "Không có mục «abc»"),
        (("add", "general", "households=1"), "không phải là danh sách"),
        (("add", "money", "note="), "chưa có nội dung"),
        (("add", "money", "source=vay"), "Có thể chọn"),
        (("remove", "money", "abc"), "Không có mục «abc»"),
        (("remove", "general", "self"), "không phải là danh sách"),
        (("show", "money", "abc"), "Không có mục «abc»"),
        (("import", "không-có.json"), "Không đọc được tệp"),
        (("import", "không-có.xlsx"), "Không tìm thấy tệp"),
        (("import", "không-có.txt"), "chỉ nhận tệp"),
        (("export", "tệp.txt"), "chỉ ghi tệp"),
        (("write", "bao-cao.khong-co", "--text", "x"), "không có nội dung soạn"),
        (("write", "bao-cao.kho-khan"), "Lệnh chưa đúng"),
        (("history", "khong-co.x"), "không có nội dung soạn"),
        (("take-back", "không-có.docx"), "không-có.docx"),
    ],
)
def test_refusals_are_sentences_and_nothing_changes(commune: Ntm, arguments: tuple[str, ...], told: str) -> None:
    assert told in commune.refused("data", *arguments)


def test_the_workbook_goes_out_and_comes_back(commune: Ntm, tmp_path: Path) -> None:
    done = commune.ask("data", "import", SAMPLE)
    assert (done["removed"], done["warnings"], done["left"]) == (0, [], [])
    assert done["added"] > 60
    path = Path(commune.ask("data", "export", tmp_path / "số liệu.xlsx")["path"])
    assert commune.ask("data", "import", path)["differences"] == []
    book = load_workbook(path)
    sheet = book["Tình hình chung"]
    cell = next(row[2] for row in sheet.iter_rows() if row[1].value == "Số hộ")
    assert cell.value == 1040
    cell.value = 1041
    book.save(path)
    (one,) = commune.ask("data", "import", path, "--dry-run")["differences"]
    assert (one["kind"], one["field"], one["old"], one["new"]) == ("general", "households", "1.040", "1.041")
    assert one["at"] == f"trang «Tình hình chung», ô {cell.coordinate}"
    assert "Sẽ thêm 0 mục, sửa 1 mục" in commune.run("data", "import", path, "--dry-run").out
    assert commune.ask("data", "show", "general")["values"]["households"] == 1040
    assert commune.ask("data", "import", path)["changed"] == 1
    assert commune.ask("data", "show", "general")["values"]["households"] == 1041
    cell.value = "rất nhiều"
    book.save(path)
    assert f"trang «Tình hình chung», ô {cell.coordinate}" in commune.refused("data", "import", path)


def test_json_goes_out_and_removal_must_be_asked_for(commune: Ntm, tmp_path: Path) -> None:
    commune.ask("data", "import", SAMPLE)
    path = Path(commune.ask("data", "export", tmp_path / "số liệu.json")["path"])
    data = json.loads(path.read_text(encoding="utf-8"))
    gone = data["debt"].pop(0)
    data["debt"].append({"project": "Công trình mẫu 4", "accepted": 100.25, "paid": "90,5"})
    path.write_text(json.dumps(data), encoding="utf-8")
    first = commune.ask("data", "import", path)
    assert (first["added"], first["changed"], first["removed"], len(first["left"])) == (1, 0, 0, 1)
    assert "--remove" in commune.run("data", "import", path).out
    second = commune.ask("data", "import", path, "--remove")
    assert (second["added"], second["changed"], second["removed"]) == (0, 0, 1)
    debts = {item["id"]: item["values"] for item in commune.ask("data", "list", "debt")}
    assert gone["id"] not in debts
    assert {"project": "Công trình mẫu 4", "accepted": "100.25", "paid": "90.5"} in debts.values()


def test_texts_of_papers_are_written_with_their_history(commune: Ntm, tmp_path: Path) -> None:
    sections = {item["section"]: item for item in commune.ask("data", "sections")}
    assert sections["bao-cao.kho-khan"]["text"] == ""
    file = tmp_path / "khó khăn.txt"
    file.write_text("Mẫu thứ nhất\n", encoding="utf-8")
    assert commune.ask("data", "write", "bao-cao.kho-khan", "--file", file)["text"] == "Mẫu thứ nhất"
    commune.ask("data", "write", "bao-cao.kho-khan", "--text", "Mẫu thứ hai")
    latest, earlier = commune.ask("data", "history", "bao-cao.kho-khan")
    assert (latest["text"], latest["current"], earlier["text"]) == ("Mẫu thứ hai", True, "Mẫu thứ nhất")
    back = commune.ask("data", "restore", "bao-cao.kho-khan", earlier["version"])
    assert back["text"] == "Mẫu thứ nhất"
    assert commune.ask("data", "write", "bao-cao.kho-khan", "--text", "")["text"] == ""
    file.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in commune.refused("data", "write", "bao-cao.kho-khan", "--file", file)


def test_texts_come_back_from_word(commune: Ntm, tmp_path: Path) -> None:
    from docx import Document

    commune.ask("data", "write", "bao-cao.kho-khan", "--text", "Mẫu trước khi sửa")
    ran = commune.run("dossier", "--out", tmp_path / "in", "--documents", "bao-cao", "--format", "docx")
    assert ran.code == 0, ran
    (path,) = (tmp_path / "in").glob("*.docx")
    paper = Document(str(path))
    run = next(
        node for node in paper.element.body.iter() if node.tag.endswith("}t") and node.text == "Mẫu trước khi sửa"
    )
    run.text = "Mẫu đã sửa trong Word"
    paper.save(str(path))
    dry = commune.ask("data", "take-back", path, "--dry-run")
    assert [item["new"] for item in dry["sections"]] == ["Mẫu đã sửa trong Word"]
    assert commune.ask("data", "take-back", path)["sections"] == dry["sections"]
    texts = {item["section"]: item["text"] for item in commune.ask("data", "sections")}
    assert texts["bao-cao.kho-khan"] == "Mẫu đã sửa trong Word"


def test_the_office_sees_the_data_and_writes_only_its_own(commune: Ntm, tmp_path: Path) -> None:
    above = office(tmp_path / "tỉnh")
    introduce(commune, above)
    commune.ask("data", "import", SAMPLE)
    package = commune.ask("package", "export", "--out", tmp_path / "usb", "--plain")["path"]
    above.ask("package", "import", package)
    (row,) = above.ask("office", "list")
    shown = above.ask("data", "list", "general", "--assessment", row["assessment"])
    assert shown[0]["values"]["households"] == 1040
    own = ("--assessment", row["assessment"])
    above.refused("data", "set", "general", "households=1", *own)
    assert above.ask("data", "import", SAMPLE, *own)["differences"] == []
    other = a_file(tmp_path, "khác.json", '{"general": {"households": 1}}')
    above.refused("data", "import", other, *own)
    saved = above.ask("data", "write", "tham-tra.nhan-xet", "--text", "Nhận xét mẫu", *own)
    assert saved["text"] == "Nhận xét mẫu"
    paper = above.ask("data", "set", "appraisal_document", "tham-tra", "number=41", *own)
    assert paper["values"] == {"number": "41"}
    assert "cơ quan thẩm tra" in commune.refused("data", "set", "appraisal_document", "tham-tra", "number=41")


@pytest.mark.parametrize(
    ("kind", "record_id"),
    [("document", "khong-co"), ("section", "bao-cao.khong-co"), ("setting", "votes_share"), ("condition", "an-toan")],
)
def test_a_record_that_nothing_shows_is_refused_with_those_that_are(commune: Ntm, kind: str, record_id: str) -> None:
    field = {"document": "number", "section": "text", "setting": "value", "condition": "note"}[kind]
    ran = commune.run("data", "set", kind, record_id, f"{field}=15")
    assert ran.code == 2 and record_id in ran.err and "Có thể chọn: " in ran.err
    assert commune.ask("data", "list", kind) == []
