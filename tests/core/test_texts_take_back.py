"""Texts of sections: kept with their history, printed, edited in Word and taken back; nothing is lost silently."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ntm_desktop import dossier as room
from ntm_desktop.dossier.word import write_word
from ntm_desktop.errors import InvalidInput, NotFound, ReadOnly, StorageFailed
from ntm_desktop.operations import dossier_data, history, setup, texts
from ntm_desktop.operations.dossier_facts import facts
from ntm_desktop.operations.texts import TakenSection
from ntm_desktop.operations.workspace import Role, Workspace
from ntm_desktop.wording import VIETNAM
from tests.core.word_samples import office, replace_part

BODY = "word/document.xml"
PLAN, STEERING = "bao-cao.nhiem-vu", "bao-cao.chi-dao"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "w"
    setup.create(
        folder, unit_code="03388", role=Role.COMMUNE, catalogue_id="xa-ntm-2021-2025", year=2025, name="Xã Mẫu"
    ).close()
    return folder


@pytest.fixture
def workspace(world: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(world, tmp_path / "w")
    with Workspace(tmp_path / "w") as made:
        yield made


def printed(workspace: Workspace, document: str = "bao-cao", *, draft: bool = True) -> Path:
    """The paper as the person gets it."""
    path = workspace.folder.parent / f"{document}.docx"
    today = datetime.now(UTC).astimezone(VIETNAM).date()
    (paper,) = room.build(facts(workspace), today, draft=draft, documents=(document,))
    write_word(paper, path)
    return path


def edited(path: Path, old: str, new: str) -> Path:
    """The file after a person has changed a piece of its text."""
    return replace_part(path, BODY, old.encode(), new.encode())


def text_of(workspace: Workspace, key: str) -> str:
    return next(item.text for item in texts.sections(workspace) if item.key == key)


def asked(workspace: Workspace, key: str) -> str:
    return next(item.ask for item in texts.sections(workspace) if item.key == key)


# --- texts in the window


def test_sections_are_those_of_the_templates_in_order(workspace: Workspace) -> None:
    found = texts.sections(workspace)
    known = facts(workspace)
    wanted = [
        f"{entry.id}.{block.options['id']}"
        for entry in known.procedure.documents
        for block in known.templates[entry.template].sections()
    ]
    assert [item.key for item in found] == wanted
    assert all(item.name and item.document_name for item in found)
    assert {item.kind for item in found if item.document == "tham-tra"} == {texts.OFFICE}
    default = next(item for item in found if item.key == "no-dong.giai-phap")
    assert "{" not in default.default and default.default.startswith("Ủy ban nhân dân xã")
    assert default.shown == default.default


def test_a_text_is_kept_printed_and_taken_out_again(workspace: Workspace) -> None:
    assert texts.save_text(workspace, "", "no-dong", "giai-phap", "Chữ của chúng tôi.").touches("section")
    section = next(item for item in texts.sections(workspace) if item.key == "no-dong.giai-phap")
    assert (section.text, section.shown) == ("Chữ của chúng tôi.",) * 2
    assert section.default.startswith("Ủy ban")
    texts.save_text(workspace, "", "no-dong", "giai-phap", " ")
    assert text_of(workspace, "no-dong.giai-phap") == ""


def test_unknown_sections_are_refused(workspace: Workspace) -> None:
    for document, section in (("bao-cao", "không-có"), ("không-có", "nhiem-vu"), ("to-trinh", "nhiem-vu")):
        with pytest.raises(NotFound):
            texts.save_text(workspace, "", document, section, "x")
    with pytest.raises(InvalidInput):
        texts.save_text(workspace, "", "bao-cao", "nhiem-vu", "x" * 20_001)


def test_every_earlier_text_can_come_back(workspace: Workspace) -> None:
    for words in ("Một", "Hai", "", "Ba"):
        texts.save_text(workspace, "", "bao-cao", "nhiem-vu", words)
    found = texts.history_of(workspace, "", "bao-cao", "nhiem-vu")
    assert [item.text for item in found] == ["Ba", "", "Hai", "Một"]
    assert [item.current for item in found] == [True, False, False, False]
    assert all(item.user and item.at.tzinfo for item in found)
    texts.restore(workspace, "", "bao-cao", "nhiem-vu", found[3].version)
    assert text_of(workspace, PLAN) == "Một"
    assert [item.current for item in texts.history_of(workspace, "", "bao-cao", "nhiem-vu")] == [True] + [False] * 4
    with pytest.raises(NotFound):
        texts.restore(workspace, "", "bao-cao", "nhiem-vu", "x:1")
    assert texts.history_of(workspace, "", "bao-cao", "chi-dao") == ()


# --- back from Word


def test_an_untouched_file_changes_nothing(workspace: Workspace) -> None:
    texts.save_text(workspace, "", "bao-cao", "nhiem-vu", "Nhiệm vụ một.\n- Nhiệm vụ hai.")
    for document in ("bao-cao", "no-dong", "to-trinh"):
        taken = texts.take_back(workspace, "", printed(workspace, document))
        assert (taken.document, taken.sections, taken.outside, taken.missing) == (document, (), (), ())
        assert (taken.unknown, taken.other_title, bool(taken.changes)) == ({}, "", False)
        assert taken.outside_known


def test_what_was_edited_in_word_is_in_the_next_print(workspace: Workspace) -> None:
    texts.save_text(workspace, "", "bao-cao", "nhiem-vu", "Nhiệm vụ một.")
    path = edited(printed(workspace), "Nhiệm vụ một.", "Nhiệm vụ đã sửa.")
    path = edited(path, asked(workspace, STEERING), "Đã lập Ban Chỉ đạo.")
    foreseen = texts.take_back(workspace, "", path, dry_run=True)
    assert foreseen.dry_run and not foreseen.changes
    assert text_of(workspace, PLAN) == "Nhiệm vụ một."
    taken = texts.take_back(workspace, "", path)
    assert taken.sections == foreseen.sections
    assert set(taken.sections) == {
        TakenSection(STEERING, "Chỉ đạo, điều hành", "", "Đã lập Ban Chỉ đạo."),
        TakenSection(PLAN, "Nhiệm vụ, giải pháp trong thời gian tới", "Nhiệm vụ một.", "Nhiệm vụ đã sửa."),
    }
    assert not taken.outside
    assert (text_of(workspace, PLAN), text_of(workspace, STEERING)) == ("Nhiệm vụ đã sửa.", "Đã lập Ban Chỉ đạo.")
    assert not texts.take_back(workspace, "", printed(workspace)).sections
    assert texts.history_of(workspace, "", "bao-cao", "nhiem-vu")[1].text == "Nhiệm vụ một."


def test_one_undo_takes_all_of_it_back(workspace: Workspace) -> None:
    path = edited(printed(workspace), asked(workspace, STEERING), "Một.")
    texts.take_back(workspace, "", edited(path, asked(workspace, PLAN), "Hai."))
    assert history.undo(workspace).name == "lấy nội dung từ tệp Word"
    assert (text_of(workspace, PLAN), text_of(workspace, STEERING)) == ("", "")


def test_a_default_that_was_edited_becomes_a_text(workspace: Workspace) -> None:
    path = edited(printed(workspace, "no-dong"), "không để phát sinh nợ đọng", "không phát sinh nợ")
    (section,) = texts.take_back(workspace, "", path).sections
    assert "không để phát sinh nợ đọng" in section.old and "không phát sinh nợ" in section.new
    assert text_of(workspace, "no-dong.giai-phap") == section.new


def test_a_text_taken_out_in_word_is_taken_out_here(workspace: Workspace) -> None:
    texts.save_text(workspace, "", "bao-cao", "nhiem-vu", "Nhiệm vụ một.")
    (section,) = texts.take_back(workspace, "", edited(printed(workspace), "Nhiệm vụ một.", "")).sections
    assert (section.old, section.new) == ("Nhiệm vụ một.", "")
    assert text_of(workspace, PLAN) == ""
    assert texts.history_of(workspace, "", "bao-cao", "nhiem-vu")[1].text == "Nhiệm vụ một."


def test_through_libreoffice(workspace: Workspace, tmp_path: Path) -> None:
    texts.save_text(workspace, "", "bao-cao", "nhiem-vu", "Nhiệm vụ một.\na) Ý nhỏ.")
    theirs = office(edited(printed(workspace), "Ý nhỏ.", "Ý khác."), tmp_path / "lo", "docx:MS Word 2007 XML")
    taken = texts.take_back(workspace, "", theirs)
    assert [(item.key, item.new) for item in taken.sections] == [(PLAN, "Nhiệm vụ một.\na) Ý khác.")]
    assert not taken.outside and not taken.missing


def test_edits_outside_of_sections_are_told(workspace: Workspace) -> None:
    path = edited(printed(workspace), "TM. ỦY BAN NHÂN DÂN", "TM. UBND SỬA TAY")
    taken = texts.take_back(workspace, "", path)
    assert not taken.sections and not taken.changes
    assert [(item.ours, item.theirs) for item in taken.outside] == [(("TM. ỦY BAN NHÂN DÂN",), ("TM. UBND SỬA TAY",))]


def test_data_that_changed_since_is_no_edit_of_the_file(workspace: Workspace) -> None:
    path = printed(workspace)
    dossier_data.save(workspace, "", "general", "self", {"households": "1234", "population": "4321"})
    taken = texts.take_back(workspace, "", path)
    assert taken.outside == () and taken.outside_known


def test_what_has_no_place_any_more_is_told(workspace: Workspace) -> None:
    texts.save_text(workspace, "", "bao-cao", "nhiem-vu", "Nhiệm vụ một.")
    path = printed(workspace)
    renamed = replace_part(path, BODY, PLAN.encode(), b"bao-cao.muc-cu")
    renamed = replace_part(renamed, "docProps/custom.xml", PLAN.encode(), b"bao-cao.muc-cu")
    taken = texts.take_back(workspace, "", renamed)
    assert taken.unknown == {"bao-cao.muc-cu": "Nhiệm vụ một."}
    assert taken.missing == ("Nhiệm vụ, giải pháp trong thời gian tới",)
    assert text_of(workspace, PLAN) == "Nhiệm vụ một."


def test_a_paper_of_another_year_is_told(workspace: Workspace) -> None:
    path = replace_part(printed(workspace), "docProps/core.xml", b"2025", b"2024")
    assert "2024" in texts.take_back(workspace, "", path, dry_run=True).other_title


def test_too_long_a_text_changes_nothing_at_all(workspace: Workspace) -> None:
    path = edited(printed(workspace), asked(workspace, STEERING), "Ngắn.")
    path = edited(path, asked(workspace, PLAN), "dài " * 6_000)
    with pytest.raises(InvalidInput) as refused:
        texts.take_back(workspace, "", path)
    assert "Nhiệm vụ, giải pháp" in refused.value.message
    assert text_of(workspace, STEERING) == ""


def test_no_file_and_other_peoples_texts(workspace: Workspace) -> None:
    with pytest.raises(StorageFailed):
        texts.take_back(workspace, "", workspace.folder / "không có.docx")
    path = printed(workspace, "tham-tra")
    section = next(item for item in texts.sections(workspace) if item.document == "tham-tra")
    with pytest.raises((InvalidInput, ReadOnly)):
        texts.take_back(workspace, "", edited(path, section.ask, "Xã tự viết."))
    assert text_of(workspace, section.key) == ""


def test_an_older_file_takes_no_newer_text_away(workspace: Workspace) -> None:
    """Printed, then written in the window, then taken back for another section: what the file's person did not touch
    stays as it is now, be it that the section was blank, had a text, or stood as its template says."""
    texts.save_text(workspace, "", "bao-cao", "kho-khan", "Chữ cũ (mẫu)\n- điểm cũ (mẫu)")
    path = printed(workspace)
    texts.save_text(workspace, "", "bao-cao", "kho-khan", "Chữ mới (mẫu)")
    texts.save_text(workspace, "", "bao-cao", "chi-dao", "Viết sau khi in (mẫu)")
    assert texts.take_back(workspace, "", path).sections == ()
    prompt = asked(workspace, PLAN)
    done = texts.take_back(workspace, "", edited(path, prompt, "Nhiệm vụ sửa trong Word (mẫu)"))
    assert [item.key for item in done.sections] == [PLAN]
    assert text_of(workspace, "bao-cao.kho-khan") == "Chữ mới (mẫu)"
    assert text_of(workspace, STEERING) == "Viết sau khi in (mẫu)"
    done = texts.take_back(workspace, "", edited(path, "điểm cũ", "điểm sửa"))
    assert "Chữ cũ (mẫu)\n- điểm sửa (mẫu)" in [item.new for item in done.sections]
