"""The dossier as files: names, replacement, and sentences where a file cannot be written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ntm_desktop import dossier
from ntm_desktop.dossier.writing import _refusal
from ntm_desktop.errors import InvalidInput, StorageFailed, StorageFull
from tests.core.dossier_samples import XA, assessed, filled, small_set

ON = date(2024, 11, 5)


def test_file_names(tmp_path: Path) -> None:
    folder = tmp_path / "hồ sơ" / "xã mẫu"
    made = dossier.write(filled(XA), folder, on=ON)
    assert [path.name for path in made] == [
        "01-to-trinh.pdf",
        "02-bao-cao.pdf",
        "03-bieu-tu-danh-gia.pdf",
        "03-bieu-tu-danh-gia.xlsx",
        "04-muc-luc-minh-chung.pdf",
    ]
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in made]
    assert all(path.parent == folder for path in made)


def test_chosen_documents_and_formats(tmp_path: Path) -> None:
    made = dossier.write(assessed(small_set()), tmp_path, ["pdf"], ["con-thieu", "to-trinh"], ON)
    assert [path.name for path in made] == ["01-to-trinh.pdf", "con-thieu.pdf"]
    assert dossier.write(assessed(small_set()), tmp_path, ["xlsx"], ["to-trinh"], ON) == []


@pytest.mark.parametrize(("formats", "documents"), [(["docx"], None), (["pdf"], ["bia"])])
def test_unknown_names_are_refused(tmp_path: Path, formats: list[str], documents: list[str] | None) -> None:
    with pytest.raises(InvalidInput, match=r"docx|bia"):
        dossier.write(assessed(small_set()), tmp_path, formats, documents, ON)
    assert list(tmp_path.iterdir()) == []


def test_existing_files_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "01-to-trinh.pdf").write_bytes(b"old")
    (path,) = dossier.write(assessed(small_set()), tmp_path, ["pdf"], ["to-trinh"], ON)
    assert path.read_bytes().startswith(b"%PDF")


def test_a_folder_that_is_a_file_is_a_situation(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(StorageFailed, match=r"01-to-trinh\.pdf"):
        dossier.write(assessed(small_set()), tmp_path / "x", on=ON)


def test_a_file_in_the_place_of_another_is_a_situation(tmp_path: Path) -> None:
    (tmp_path / "01-to-trinh.pdf").mkdir()
    with pytest.raises(StorageFailed, match=r"01-to-trinh\.pdf"):
        dossier.write(assessed(small_set()), tmp_path, on=ON)
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
        dossier.write(assessed(small_set()), tmp_path, ["pdf"], ["to-trinh"], ON)
    assert not (tmp_path / "01-to-trinh.pdf").exists()


def test_heavy_libraries_wait_for_the_first_file() -> None:
    script = "import sys, ntm_desktop.dossier; print(sorted({'reportlab', 'openpyxl', 'PIL'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "[]"
