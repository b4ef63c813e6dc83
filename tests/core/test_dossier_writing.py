"""The dossier as files: names, replacement, and sentences where a file cannot be written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from ntm_desktop import dossier
from ntm_desktop.dossier.writing import _refusal
from ntm_desktop.errors import InvalidInput, StorageFailed, StorageFull
from tests.core.dossier_samples import XA, assessed, filled, small_set
from tests.core.paper_samples import facts_of

ON = date(2024, 11, 5)
SMALL = facts_of(assessed(small_set()))


def test_file_names(tmp_path: Path) -> None:
    folder = tmp_path / "hồ sơ" / "xã mẫu"
    facts = facts_of(filled(XA))
    documents = ["to-trinh", "bieu-tu-danh-gia", "muc-luc-minh-chung"]
    made = dossier.write(facts, folder, documents=documents, on=ON)
    assert [path.name for path in made] == [
        "01-to-trinh.pdf",
        "01-to-trinh.docx",
        "03-bieu-tu-danh-gia.pdf",
        "03-bieu-tu-danh-gia.docx",
        "03-bieu-tu-danh-gia.xlsx",
        "09-muc-luc-minh-chung.pdf",
        "09-muc-luc-minh-chung.docx",
    ]
    assert tuple(path.name for path in made) == dossier.file_names(facts, documents=documents)
    assert {path.name for path in folder.iterdir()} == {path.name for path in made}
    assert all(path.parent == folder for path in made)


def test_chosen_documents_and_formats(tmp_path: Path) -> None:
    made = dossier.write(SMALL, tmp_path, ["pdf"], ["con-thieu", "to-trinh"], on=ON)
    assert [path.name for path in made] == ["01-to-trinh.pdf", "con-thieu.pdf"]
    assert dossier.write(SMALL, tmp_path, ["xlsx"], ["to-trinh"], on=ON) == []


def test_without_names_all_that_is_submitted_is_written() -> None:
    submitted = [entry.id for entry in SMALL.procedure.documents if entry.submitted]
    names = dossier.file_names(SMALL, ["pdf"])
    assert names == tuple(f"{place:02d}-{name}.pdf" for place, name in enumerate(submitted, start=1))


def test_drafts_are_drafts_in_every_format(tmp_path: Path) -> None:
    made = dossier.write(SMALL, tmp_path, documents=["to-trinh", "bieu-tu-danh-gia"], draft=True, on=ON)
    pdf, docx, *_others, xlsx = (path for path in made if path.suffix != ".pdf" or "to-trinh" in path.name)
    assert all("DỰ THẢO" in page.extract_text() for page in PdfReader(pdf).pages)
    with zipfile.ZipFile(docx) as package:
        assert any("DỰ THẢO" in package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    shown = [sheet for sheet in openpyxl.load_workbook(xlsx).worksheets if sheet.sheet_state == "visible"]
    assert any("DỰ THẢO" in str(sheet.oddHeader and sheet.oddHeader.right.text) for sheet in shown)


@pytest.mark.parametrize(("formats", "documents"), [(["odt"], None), (["pdf"], ["bia"])])
def test_unknown_names_are_refused(tmp_path: Path, formats: list[str], documents: list[str] | None) -> None:
    with pytest.raises(InvalidInput, match=r"odt|bia"):
        dossier.write(SMALL, tmp_path, formats, documents, on=ON)
    assert list(tmp_path.iterdir()) == []


def test_existing_files_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "01-to-trinh.pdf").write_bytes(b"old")
    (path,) = dossier.write(SMALL, tmp_path, ["pdf"], ["to-trinh"], on=ON)
    assert path.read_bytes().startswith(b"%PDF")


def test_a_folder_that_is_a_file_is_a_situation(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(StorageFailed, match=r"01-to-trinh\.pdf"):
        dossier.write(SMALL, tmp_path / "x", on=ON)


def test_a_file_in_the_place_of_another_is_a_situation(tmp_path: Path) -> None:
    (tmp_path / "01-to-trinh.pdf").mkdir()
    with pytest.raises(StorageFailed, match=r"01-to-trinh\.pdf"):
        dossier.write(SMALL, tmp_path, on=ON)
    assert [path.name for path in tmp_path.iterdir()] == ["01-to-trinh.pdf"]


def test_refusals_of_the_system_are_sentences(tmp_path: Path) -> None:
    path = tmp_path / "01-to-trinh.pdf"
    open_elsewhere = _refusal(PermissionError(errno.EACCES, "denied"), path, existed=True)
    assert "đang mở ở chương trình khác" in open_elsewhere.message
    assert "đóng tệp" in open_elsewhere.hint
    assert "Không ghi được" in _refusal(PermissionError(errno.EACCES, "denied"), path, existed=False).message
    assert isinstance(_refusal(OSError(errno.ENOSPC, "full"), path, existed=False), StorageFull)
    assert path.name in open_elsewhere.message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_a_situation(tmp_path: Path) -> None:
    (tmp_path / "01-to-trinh.pdf.partial").symlink_to("/dev/full")
    with pytest.raises((StorageFull, StorageFailed)):
        dossier.write(SMALL, tmp_path, ["pdf"], ["to-trinh"], on=ON)
    assert not (tmp_path / "01-to-trinh.pdf").exists()


def test_heavy_libraries_wait_for_the_first_file() -> None:
    script = (
        "import sys, ntm_desktop.dossier; print(sorted({'reportlab', 'openpyxl', 'docx', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "[]"
