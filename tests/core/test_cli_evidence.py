"""Evidence and the dossier on paper, from the command line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from tests.core.command_line import Ntm, a_file, blobs, new


@pytest.fixture
def ntm(tmp_path: Path) -> Ntm:
    return new(tmp_path / "xã")


def a_pdf(folder: Path, name: str = "báo cáo số 12.pdf", height: int = 842) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, height)
    with (folder / name).open("wb") as stream:
        writer.write(stream)
    return folder / name


DETAILS = (
    "--number",
    "12/BC-UBND",
    "--date",
    "01/02/2024",
    "--issuer",
    "UBND xã (mẫu)",
    "--summary",
    "Kết quả tưới tiêu",
)


def test_one_file_proves_several_indicators(ntm: Ntm, tmp_path: Path) -> None:
    path = a_pdf(tmp_path)
    ntm.ask("evidence", "add", path, "--indicator", "3.1", "--indicator", "3.2", *DETAILS)
    (one,) = ntm.ask("evidence", "list")
    assert one["indicators"] == ["3.1", "3.2"]
    assert one["file"] == path.name
    assert (one["number"], one["date"], one["issuer"]) == ("12/BC-UBND", "2024-02-01", "UBND xã (mẫu)")
    assert one["summary"] == "Kết quả tưới tiêu"
    assert one["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert one["sha256"] in blobs(ntm.folder).values()


def test_the_same_content_is_kept_once(ntm: Ntm, tmp_path: Path) -> None:
    first, second = a_pdf(tmp_path / "a"), a_pdf(tmp_path / "b", "bản sao.pdf")
    second.write_bytes(first.read_bytes())
    before = len(blobs(ntm.folder))
    ntm.ask("evidence", "add", first, "--indicator", "3.1")
    ntm.ask("evidence", "add", second, "--indicator", "3.2")
    assert len(blobs(ntm.folder)) == before + 1
    assert {code for one in ntm.ask("evidence", "list") for code in one["indicators"]} == {"3.1", "3.2"}


def test_several_files_at_once_are_all_or_none(ntm: Ntm, tmp_path: Path) -> None:
    good, empty = a_pdf(tmp_path), tmp_path / "rỗng.pdf"
    empty.write_bytes(b"")
    told = ntm.refused("evidence", "add", good, empty, "--indicator", "3.1")
    assert "rỗng.pdf" in told
    assert ntm.ask("evidence", "list") == []
    ntm.ask("evidence", "add", good, a_file(tmp_path, "ghi chú.txt"), "--indicator", "3.1")
    assert len(ntm.ask("evidence", "list")) == 2
    assert ntm.ask("verify")["ok"] is True


@pytest.mark.parametrize("wrong", [("--date", "32/01/2024"), ("--date", "hôm qua"), ("--indicator", "99.9")])
def test_details_that_cannot_be(ntm: Ntm, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    ntm.refused("evidence", "add", a_pdf(tmp_path), "--indicator", "3.1", *wrong)
    assert ntm.ask("evidence", "list") == []


def test_a_folder_is_no_file(ntm: Ntm, tmp_path: Path) -> None:
    (tmp_path / "thư mục").mkdir()
    ntm.refused("evidence", "add", tmp_path / "thư mục", "--indicator", "3.1")


def test_what_is_entered_without_proof_is_listed(ntm: Ntm, tmp_path: Path) -> None:
    ntm.ask("result", "set", "3.1", "--value", "85")
    ntm.ask("result", "set", "3.2", "--value", "đạt")
    assert ntm.ask("status")["missing_evidence"] == ["3.1", "3.2"]
    ntm.ask("evidence", "add", a_pdf(tmp_path), "--indicator", "3.2")
    assert ntm.ask("status")["missing_evidence"] == ["3.1"]
    ntm.ask("undo")
    assert ntm.ask("status")["missing_evidence"] == ["3.1", "3.2"]
    ntm.ask("redo")
    assert ntm.ask("status")["missing_evidence"] == ["3.1"]
    ntm.ask("result", "set", "3.1", "--clear")
    ntm.ask("result", "set", "3.1", "--verdict", "not_applicable", "--reason", "Xã không có đất nông nghiệp")
    assert ntm.ask("status")["missing_evidence"] == [], "what does not apply needs no proof"


def test_exported_files_are_the_very_same(ntm: Ntm, tmp_path: Path) -> None:
    one = a_pdf(tmp_path / "a", "báo cáo.pdf")
    other = a_pdf(tmp_path / "b", "báo cáo.pdf", 600)
    ntm.ask("evidence", "add", one, other, "--indicator", "3.1")
    made = [Path(path) for path in ntm.ask("evidence", "export", tmp_path / "ra")]
    assert len(set(made)) == 2
    assert {path.read_bytes() for path in made} == {one.read_bytes(), other.read_bytes()}
    assert all(tmp_path / "ra" in path.parents for path in made)


# --- dossier ------------------------------------------------------------------------------------------------------


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    tmp_path = tmp_path_factory.mktemp("in")
    ntm = new(tmp_path / "xã")
    ntm.ask("result", "set", "3.1", "--value", "85,5", "--explanation", "Nguồn nước ổn định quanh năm")
    ntm.ask("result", "set", "17.4", "--value", "1.234,56", "--year", "2023")
    ntm.ask("result", "set", "17.11", "--value", "20")
    ntm.ask("result", "set", "17.11", "--verdict", "met", "--reason", "Số liệu tháng 12 chưa kịp cập nhật")
    ntm.ask("evidence", "add", a_pdf(tmp_path), "--indicator", "3.1", *DETAILS)
    made = [Path(path) for path in ntm.ask("dossier", "--out", tmp_path / "hồ sơ", "--format", "pdf,xlsx")]
    assert sorted(made) == sorted((tmp_path / "hồ sơ").iterdir()), "the files made are the files named"
    return {path.name: path for path in made}


SUBMITTED = (
    "to-trinh",
    "bao-cao",
    "bieu-tu-danh-gia",
    "y-kien",
    "bien-ban",
    "no-dong",
    "hai-long",
    "phu-luc-anh",
    "muc-luc-minh-chung",
    "giao-nhan",
)


def test_the_dossier_has_the_papers_of_its_procedure_and_the_sheet(printed: dict[str, Path]) -> None:
    named = [f"{place:02d}-{paper}.pdf" for place, paper in enumerate(SUBMITTED, start=1)]
    assert sorted(name for name in printed if name.endswith(".pdf")) == named
    assert len([name for name in printed if name.endswith(".xlsx")]) == 1
    assert all(path.read_bytes().startswith(b"%PDF") for name, path in printed.items() if name.endswith(".pdf"))


def test_the_table_says_what_was_entered(printed: dict[str, Path]) -> None:
    (table,) = [text_of(path) for name, path in printed.items() if "tu-danh-gia" in name and name.endswith(".pdf")]
    squeezed = "".join(table.split())
    for words in ("Xã Bum Tở", "85,5%", "1.234,56", "2023", "Đạt", "Chưa đánh giá"):
        assert "".join(words.split()).lower() in squeezed.lower(), words
    assert "bằngtay" in squeezed, "a verdict by hand is marked on paper too"
    assert "Sốliệutháng12chưakịpcậpnhật" in squeezed, "with its reason"


def test_the_report_carries_the_explanation(printed: dict[str, Path]) -> None:
    (report,) = ["".join(text_of(path).split()) for name, path in printed.items() if "bao-cao" in name]
    assert "Nguồnnướcổnđịnhquanhnăm" in report
    assert "85,5%" in report


def test_the_index_names_the_proof(printed: dict[str, Path]) -> None:
    (index,) = ["".join(text_of(path).split()) for name, path in printed.items() if "minh-chung" in name]
    for words in ("12/BC-UBND", "01/02/2024", "UBND xã (mẫu)", "Kết quả tưới tiêu"):
        assert "".join(words.split()) in index, words


def test_the_sheet_holds_real_numbers(printed: dict[str, Path]) -> None:
    (path,) = [path for name, path in printed.items() if name.endswith(".xlsx")]
    book: Any = openpyxl.load_workbook(path)
    values = [cell.value for row in book.active.iter_rows() for cell in row]
    numbers = [value for value in values if isinstance(value, int | float)]
    assert 1234.56 in numbers
    assert 85.5 in numbers or 0.855 in numbers
    assert book.active.freeze_panes
    assert book.active.print_title_rows
    assert (book.active.page_setup.orientation, str(book.active.page_setup.paperSize)) == ("landscape", "9")


def test_one_format_only_and_no_other(ntm: Ntm, tmp_path: Path) -> None:
    made = ntm.ask("dossier", "--out", tmp_path / "a", "--format", "xlsx")
    assert [Path(path).suffix for path in made] == [".xlsx"]
    told = ntm.refused("dossier", "--out", tmp_path / "b", "--format", "doc")
    assert "doc" in told
    assert not (tmp_path / "b").exists() or not list((tmp_path / "b").iterdir())


def test_a_target_that_cannot_be_a_folder(ntm: Ntm, tmp_path: Path) -> None:
    taken = a_file(tmp_path, "tệp có sẵn")
    for command in (
        ("dossier", "--out", taken),
        ("package", "export", "--out", taken, "--plain"),
        ("backup", "--out", taken),
        ("evidence", "export", taken),
        ("catalogue", "template", "--out", taken / "mẫu.xlsx"),
    ):
        if command[:2] == ("evidence", "export"):
            ntm.ask("evidence", "add", a_pdf(tmp_path), "--indicator", "3.1")
        assert ntm.refused(*command)
    assert taken.read_text(encoding="utf-8") == "Nội dung mẫu"


def test_no_json_leaks_python_names(ntm: Ntm) -> None:
    """Answers hold plain JSON: no representation of a Python object slips through."""
    ntm.ask("result", "set", "3.1", "--value", "85,5")
    for command in (("status",), ("history",), ("result", "show", "3.1"), ("evidence", "list"), ("verify",)):
        assert "object at 0x" not in json.dumps(ntm.ask(*command))
        assert "Decimal(" not in json.dumps(ntm.ask(*command))
