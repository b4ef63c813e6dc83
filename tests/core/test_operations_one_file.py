"""The one file from a workspace: papers and every kind of evidence; Office files through LibreOffice where it is."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import office
from ntm_desktop.dossier.one_file import ABSENT, NO_OFFICE, NOT_PRINTABLE
from ntm_desktop.dossier.word import write_word
from ntm_desktop.model.progress import Cancelled, Silent
from ntm_desktop.operations import evidence, one_file, setup
from ntm_desktop.operations.workspace import PREVIEWS, Role, Workspace
from tests.core import evidence_samples as sample
from tests.core.dossier_samples import XA

POSIX = pytest.mark.skipif(os.name == "nt", reason="a script stands in for the program")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = setup.create(
        tmp_path / "w", unit_code="03390", role=Role.COMMUNE, catalogue_id=XA, year=2024, region="tdmnpb"
    )
    with made:
        yield made


def text_of(path: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    finally:
        pdf.close()


def add(workspace: Workspace, folder: Path, name: str, content: bytes, *codes: str) -> None:
    evidence.add_files(workspace, "", [sample.written(folder, name, content)], codes, all_or_none=True)


def word_file(folder: Path) -> Path:
    write_word(doc.Document("x", "Mẫu", (doc.Paragraph(doc.text("Nội dung Word mẫu")),)), folder / "nguồn.docx")
    return folder / "nguồn.docx"


def test_papers_then_evidence_of_every_kind(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_places", lambda: iter(()))  # no LibreOffice here
    add(workspace, tmp_path, "hai trang.pdf", sample.pdf(2), "1.1", "2.1")
    add(workspace, tmp_path, "ảnh.jpg", sample.picture("JPEG"), "1.1")
    add(workspace, tmp_path, "văn bản.docx", word_file(tmp_path).read_bytes(), "2.1")
    add(workspace, tmp_path, "phim.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(200), "2.1")
    target = tmp_path / "một tệp.pdf"
    made = one_file.write(workspace, "", target, ("to-trinh", "muc-luc-minh-chung"), draft=True)
    pages = text_of(target)
    assert made.pages == len(pages)
    assert "TỜ TRÌNH" in pages[0]
    assert "DỰ THẢO" in pages[0]
    contents = next(place for place, page in enumerate(pages) if "MỤC LỤC MINH CHỨNG Các minh chứng kèm theo" in page)
    assert any("MỤC LỤC" in page for page in pages[1:contents])  # the index of evidence stands before its contents
    stamps = [page for page in pages if " · Minh chứng 0" in page]
    assert len(stamps) == 5
    assert sum("Tiêu chí 1 · Chỉ tiêu 1.1 · Minh chứng 0" in page for page in stamps) == 3
    assert {why for _title, why in made.slips} == {NO_OFFICE, NOT_PRINTABLE}
    assert "Xem tiêu chí 1, minh chứng 0" in pages[contents]
    assert not list((workspace.folder / PREVIEWS).glob("*.partial"))


def test_evidence_that_is_not_here_is_told(workspace: Workspace, tmp_path: Path) -> None:
    content = sample.pdf()
    add(workspace, tmp_path, "a.pdf", content, "1.1")
    path = workspace.blobs.path(hashlib.sha256(content).hexdigest())
    path.chmod(stat.S_IWRITE | stat.S_IREAD)
    path.unlink()
    made = one_file.write(workspace, "", tmp_path / "x.pdf", ("to-trinh",))
    assert [why for _title, why in made.slips] == [ABSENT]


def test_pictures_have_their_print_copy_from_the_moment_they_are_attached(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace, tmp_path, "ảnh.jpg", sample.picture("JPEG"), "1.1")
    (copy,) = (workspace.folder / PREVIEWS).glob("*-print.jpg")
    assert copy.stat().st_size > 1000
    broken = sample.picture("JPEG")[:400] + bytes(40) + b"\xff\xd9"
    evidence.add_files(workspace, "", [sample.written(tmp_path, "hỏng.jpg", broken)], ["1.1"])  # taken or refused,
    assert len(list((workspace.folder / PREVIEWS).glob("*-print.jpg"))) in (1, 2)  # never an error


@pytest.mark.slow
@pytest.mark.skipif(office.find() is None, reason="LibreOffice is not installed")
def test_office_files_are_converted_once_and_run_nothing(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace, tmp_path, "văn bản.docx", word_file(tmp_path).read_bytes(), "1.1")
    target = tmp_path / "x.pdf"
    made = one_file.write(workspace, "", target, ("to-trinh",))
    assert made.slips == ()
    last = text_of(target)[-1]
    assert "Nội dung Word mẫu" in last
    assert "Minh chứng 01 · Tờ 01" in last  # its pages are counted
    begun = time.monotonic()
    one_file.write(workspace, "", target, ("to-trinh",))
    assert time.monotonic() - begun < 1.5
    assert "Nội dung Word mẫu" in text_of(target)[-1]


def script(folder: Path, *lines: str) -> Path:
    path = folder / "soffice"
    path.write_text("\n".join(("#!/bin/sh", *lines)), encoding="utf-8")
    path.chmod(0o755)
    return path


@POSIX
def test_libreoffice_is_called_hidden_with_a_private_profile_without_macros(tmp_path: Path) -> None:
    program = script(tmp_path, f'printf "%s\\n" "$@" > "{tmp_path}/called"', f'printf x > "{tmp_path}/tep.pdf"')
    source = sample.written(tmp_path, "a.docx", b"x")
    assert office.to_pdf(program, source, "docx", tmp_path, Silent()) == tmp_path / "tep.pdf"
    called = (tmp_path / "called").read_text(encoding="utf-8").split("\n")
    assert "--headless" in called
    assert f"-env:UserInstallation={(tmp_path / 'profile').resolve().as_uri()}" in called
    settings = (tmp_path / "profile" / "user" / "registrymodifications.xcu").read_text(encoding="utf-8")
    for name in ("DisableMacrosExecution", "BlockUntrustedRefererLinks", "DisableActiveContent"):
        assert f'oor:name="{name}" oor:op="fuse"><value>true</value>' in settings
    assert not (tmp_path / "tep.docx").exists()
    assert office.to_pdf(program, source, "mp4", tmp_path, Silent()) is None


@POSIX
def test_a_conversion_that_hangs_or_fails_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(Silent):
        def advance(self, amount: int = 1, note: str = "") -> None:
            raise Cancelled

    source = sample.written(tmp_path, "a.docx", b"x")
    beat = tmp_path / "beat"  # of what the program has started itself
    hanging = script(tmp_path, f'(while :; do echo x >> "{beat}"; sleep 0.05; done) & wait')
    with pytest.raises(Cancelled):
        office.to_pdf(hanging, source, "docx", tmp_path, Impatient())
    monkeypatch.setattr(office, "PATIENCE", 0.5)
    begun = time.monotonic()
    assert office.to_pdf(hanging, source, "docx", tmp_path, Silent()) is None
    assert time.monotonic() - begun < 10
    heard = beat.stat().st_size
    assert heard > 0
    time.sleep(0.3)
    assert beat.stat().st_size == heard
    assert office.to_pdf(script(tmp_path, "exit 3"), source, "docx", tmp_path, Silent()) is None
    assert office.to_pdf(tmp_path / "nothing", source, "docx", tmp_path, Silent()) is None
