"""The data of a dossier: what is typed is read as people write it, kept field by field, undone, and merged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.errors import InvalidInput, NotFound, ReadOnly, UserError
from ntm_desktop.model.devices import KeyRole
from ntm_desktop.model.fields import FIELDS
from ntm_desktop.model.records import BY_ID, KINDS, LISTS, FieldType
from ntm_desktop.operations import conflicts, dossier_data, history, safety, setup
from ntm_desktop.operations.workspace import Role, Workspace
from tests.core.appraisal_samples import UNIT, hand_on, make_world


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = setup.create(
        tmp_path / "w", unit_code="03388", role=Role.COMMUNE, catalogue_id="xa-ntm-2026", year=2026, name="Xã mẫu"
    )
    with made:
        yield made


def test_the_table_of_kinds_is_sound() -> None:
    assert len(BY_ID) == len(KINDS)
    assert set(LISTS) <= set(BY_ID)
    for kind in KINDS:
        assert set(kind.by_id) <= set(FIELDS[kind.id])
        assert len(kind.by_id) == len(kind.fields)
        for field in kind.fields:
            assert (field.type is FieldType.CHOICE) == bool(field.choices)
            assert history.FIELD_NAMES[kind.id, field.id] == field.name


@pytest.mark.parametrize(
    ("kind", "field", "typed", "stored"),
    [
        ("general", "households", "1.234", 1234),
        ("general", "households", " 12 345 ", 12345),
        ("general", "area", "1.234,50", "1234.5"),
        ("general", "area", "12,5", "12.5"),
        ("general", "formed_from", "  Xã Cũ\tmẫu ", "Xã Cũ mẫu"),
        ("meeting", "held_on", "5/1/2026", "2026-01-05"),
        ("meeting", "begins", "8h", "08:00"),
        ("meeting", "begins", "14 giờ 30 phút", "14:30"),
        ("meeting", "begins", "7:05", "07:05"),
        ("meeting", "purpose", "recommend", "recommend"),
        ("meeting", "purpose", "Lấy ý kiến Nhân dân", "people"),
        ("money", "year", "2025", 2025),
        ("debt_state", "none", "có", True),
        ("debt_state", "none", "Không", False),
        ("debt_state", "none", True, True),
        ("section", "text", "Dòng một\r\nDòng hai\n", "Dòng một\nDòng hai"),
        ("general", "households", "", None),
    ],
)
def test_what_is_typed_is_read(kind: str, field: str, typed: str | bool, stored: object) -> None:
    assert dossier_data.read_value(BY_ID[kind], field, typed) == stored


@pytest.mark.parametrize(
    ("kind", "field", "typed"),
    [
        ("general", "households", "-1"),
        ("general", "households", "12,5"),
        ("general", "households", "nhiều"),
        ("general", "households", "9" * 30),
        ("general", "area", "1.234"),
        ("general", "area", "-5"),
        ("general", "area", "9" * 30),
        ("meeting", "held_on", "32/1/2026"),
        ("meeting", "begins", "25:00"),
        ("meeting", "purpose", "khác"),
        ("money", "year", "12"),
        ("debt_state", "none", "có lẽ"),
        ("general", "formed_from", "a" * 1001),
        ("section", "text", "a" * 20_001),
        ("general", "unknown", "1"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_saved(
    workspace: Workspace, kind: str, field: str, typed: str
) -> None:
    with pytest.raises(InvalidInput) as told:
        dossier_data.save(workspace, "", kind, "self", {field: typed})
    assert told.value.hint
    assert dossier_data.records(workspace) == ()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(typed: str) -> None:
    for kind in KINDS:
        for field in kind.fields:
            try:
                value = dossier_data.read_value(kind, field.id, typed)
            except UserError as error:
                assert str(error)
            else:
                assert value is None or FIELDS[kind.id][field.id].check(value)


def test_a_list_is_added_to_edited_removed_and_brought_back(workspace: Workspace) -> None:
    added = dossier_data.add(workspace, "", "money", {"source": "province", "year": "2026", "raised": "1.250,5"})
    dossier_data.save(workspace, "", "money", added.record_id, {"spent": "1000"})
    (record,) = dossier_data.records(workspace, "", "money")
    assert record.values == {"source": "province", "year": 2026, "raised": "1250.5", "spent": "1000"}
    dossier_data.remove(workspace, "", "money", added.record_id)
    assert dossier_data.records(workspace, "", "money") == ()
    assert history.names(workspace)[0] == "xoá Nguồn lực huy động"
    history.undo(workspace)
    assert dossier_data.records(workspace, "", "money") == (record,)
    with pytest.raises(NotFound):
        dossier_data.remove(workspace, "", "money", "khongco")
    with pytest.raises(InvalidInput):
        dossier_data.add(workspace, "", "money", {})
    with pytest.raises(InvalidInput):
        dossier_data.remove(workspace, "", "general", "self")


def test_a_removal_is_an_edit_of_its_own(workspace: Workspace) -> None:
    typed = {"source": "province", "year": "2026", "raised": "10"}
    added = dossier_data.add(workspace, "", "money", typed)
    dossier_data.save(workspace, "", "money", added.record_id, {**typed, "raised": "11"})
    dossier_data.remove(workspace, "", "money", added.record_id)
    history.undo(workspace)
    (record,) = dossier_data.records(workspace, "", "money")
    assert record.values["raised"] == "11"


def test_clearing_a_field_takes_it_away(workspace: Workspace) -> None:
    dossier_data.save(workspace, "", "general", "self", {"households": "10", "population": "50"})
    dossier_data.save(workspace, "", "general", "self", {"households": ""})
    (record,) = dossier_data.records(workspace, "", "general")
    assert record.values == {"population": 50}


def test_history_tells_values_as_people_read_them(workspace: Workspace) -> None:
    added = dossier_data.add(
        workspace, "", "meeting", {"purpose": "recommend", "held_on": "5/1/2026", "present": "1200"}
    )
    told = {(entry.field_name, entry.new_text) for entry in history.entries(workspace)}
    assert {
        ("Cuộc họp, bỏ phiếu: Ngày họp", "05/01/2026"),
        ("Cuộc họp, bỏ phiếu: Nội dung họp", "Thảo luận, bỏ phiếu đề nghị xét, công nhận"),
        ("Cuộc họp, bỏ phiếu: Số đại biểu có mặt", "1.200"),
    } <= told
    assert added.changes.touches("meeting")


def test_the_rows_follow_from_the_journal(workspace: Workspace) -> None:
    for kind in KINDS:
        if kind.writer == "office":
            continue
        typed = {FieldType.CHOICE: "", FieldType.FLAG: "có", FieldType.DATE: "1/2/2026", FieldType.TIME: "8:00"}
        values = {field.id: typed.get(field.type, "2026") or field.choices[0].id for field in kind.fields}
        record_id = "self" if kind.single else "a.b-1"
        dossier_data.save(workspace, "", kind.id, record_id, values)
        (found,) = dossier_data.records(workspace, "", kind.id)
        assert set(found.values) == set(kind.by_id)
    assert safety.verify(workspace).ok


def test_a_commune_writes_nothing_of_the_office(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput):
        dossier_data.save(workspace, "", "appraisal_document", "tham-tra", {"number": "1"})
    assert dossier_data.records(workspace) == ()


def test_an_office_writes_its_own_papers_about_a_commune_and_not_the_communes(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    with world.office as office, world.commune as commune:
        about = world.dossier
        dossier_data.save(office, about, "appraisal_document", "tham-tra", {"number": "7"})
        dossier_data.save(office, about, "appraisal_section", "tham-tra.nhan-xet", {"text": "Nhận xét mẫu."})
        with pytest.raises(ReadOnly):
            dossier_data.save(office, about, "general", "self", {"households": "1"})
        world.answer()
        told = dossier_data.records(commune, about)
        assert {record.kind for record in told} == {"appraisal_document", "appraisal_section"}
        assert safety.verify(commune).problems == ()


def test_removing_never_hides_what_another_computer_wrote_meanwhile(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    with world.commune as one, setup.create(tmp_path / "hai", unit_code=UNIT, role=Role.COMMUNE) as other, world.office:
        added = dossier_data.add(one, "", "money", {"source": "province", "year": "2024", "raised": "10"})
        hand_on(one, other, KeyRole.COMMUNE)
        dossier_data.remove(one, world.dossier, "money", added.record_id)
        dossier_data.save(other, world.dossier, "money", added.record_id, {"raised": "12", "note": "Ghi chú mẫu"})
        hand_on(one, other, KeyRole.COMMUNE)
        hand_on(other, one, KeyRole.COMMUNE)
        for workspace in (one, other):
            (left,) = dossier_data.records(workspace, world.dossier, "money")
            assert left.values == {"raised": "12", "note": "Ghi chú mẫu"}
            (found,) = conflicts.conflicts(workspace)
            assert found.what == "Nguồn lực huy động: Đã huy động"
            assert {side.value_text for side in found.sides} == {"12", "(để trống)"}
