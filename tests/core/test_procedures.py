"""Procedures as data: what ships, what a province puts in its place, and mistakes told with their line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from ntm_desktop import catalogue, paths
from ntm_desktop import dossier as room
from ntm_desktop.catalogue import ProblemCode
from ntm_desktop.errors import CatalogueInvalid, InvalidInput, NotFound, StorageFailed
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.procedure import Check, SettingId, applied
from ntm_desktop.model.records import Record
from ntm_desktop.operations import dossier, dossier_data, history, procedures, safety, setup
from ntm_desktop.operations.dossier_facts import facts
from ntm_desktop.operations.procedures import PROCEDURE, TEMPLATE
from ntm_desktop.operations.workspace import Role, Workspace
from tests.core.command_line import COMMUNE, NATIONAL, new
from tests.core.paper_samples import shipped
from tests.core.test_dossier_build import words

SHIPPED = sorted((paths.resources() / "procedures").glob("*.yaml"))
IDS = ["chung", "qd-18-2022-kieu-mau", "qd-18-2022-nang-cao", "qd-18-2022-xa", "xa-2026"]
SMALL = """\
id: tinh-mau
name: Thủ tục của tỉnh mẫu
version: '1'
bases:
- {number: 5/QĐ-MẪU, issued: '2025-01-31'}
periods: ['2021-2025']
catalogues: [xa-ntm-2021]
settings:
- {id: copies, name: Số bộ, value: 3, source: typed}
- {id: vote_share, name: Tỷ lệ nhất trí, value: null, source: uncertain}
- {id: preceding_year, name: Năm trước, value: yes, source: typed}
conditions:
- {id: tieu-chi, text: Đạt bộ tiêu chí, check: criteria, source: typed}
documents:
- {id: bao-cao, name: Báo cáo, source: typed}
- {id: to-trinh, name: Tờ trình, template: to-trinh, source: typed}
"""
OWN_TEMPLATE = """\
id: to-trinh
name: Tờ trình của tỉnh mẫu
version: 'mau-1'
symbol: TTr-UBND
title: Tờ trình mẫu của {unit}
blocks:
- signature: {receivers: true}
- text: Câu riêng của tỉnh mẫu về {unit}
- head: true
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "dữ liệu"
    with setup.create(folder, unit_code=COMMUNE, role=Role.COMMUNE, catalogue_id=NATIONAL, year=2024) as made:
        yield made


def file_of(folder: Path, text: str, name: str = "mau.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


# --- what ships


def test_the_five_procedures_read_well_and_fit_their_sets() -> None:
    assert [path.stem for path in SHIPPED] == IDS
    for path in SHIPPED:
        assert catalogue.check_procedure(path.read_bytes(), path.name) == ()
        assert shipped(path.stem).id == path.stem
    chosen = {name: procedures.procedure_for(catalogue.builtin(name), ()).id for name in catalogue.builtin_ids()}
    assert chosen == {
        "xa-ntm-2021-2025": "qd-18-2022-xa",
        "xa-ntm-nang-cao-2021-2025": "qd-18-2022-nang-cao",
        "xa-ntm-kieu-mau-2021-2025": "qd-18-2022-kieu-mau",
        "xa-ntm-2026": "xa-2026",
        "huyen-ntm-2021-2025": "chung",
    }
    assert catalogue.builtin_procedures()[-1].id == "chung"


def test_every_document_of_a_procedure_has_a_template() -> None:
    for procedure in catalogue.builtin_procedures():
        names = {entry.template for entry in procedure.documents}
        assert names == set(catalogue.builtin_paper_templates())
        assert {entry.id for entry in procedure.documents if entry.by_office} == {"tham-tra", "bieu-tham-tra"}
        assert [entry.id for entry in procedure.documents][:3] == ["to-trinh", "bao-cao", "bieu-tu-danh-gia"]


def test_no_number_in_doubt_may_be_concluded_from() -> None:
    """What the sources do not settle is asked for; for 2026-2030 nothing is claimed."""
    for procedure in catalogue.builtin_procedures():
        settings = applied(procedure, ())
        assert set(SettingId) <= set(settings)
        for item in settings.values():
            assert item.setting.note
            if item.setting.source is Source.UNCERTAIN:
                assert not item.computable
    known = applied(shipped("qd-18-2022-xa"), ())
    assert {key for key in SettingId if known[key].computable} == {
        "vote_share",
        "broadcasts",
        "posted_days",
        "recognised_by",
        "preceding_year",
    }
    assert known["poll_total"].value == "90"
    assert known["vote_share"].setting.source is Source.MEMORY
    for name in ("xa-2026", "chung"):
        assert shipped(name).bases == ()
        assert {key for key, item in applied(shipped(name), ()).items() if item.computable} == {"photos_per_page"}
        assert all(item.source is Source.UNCERTAIN for item in shipped(name).conditions)


def test_conditions_of_2022_cite_their_article() -> None:
    for name in ("qd-18-2022-xa", "qd-18-2022-nang-cao", "qd-18-2022-kieu-mau"):
        found = {item.check: item for item in shipped(name).conditions if item.id != "da-dat-chuan"}
        assert set(found) == set(Check)
        assert found[Check.DEBT].basis.startswith("điểm b khoản 1 Điều 4")
        assert "03/2024/QĐ-TTg" in found[Check.STATED].basis


# --- files with mistakes


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "told"),
    [
        ("id: tinh-mau", "id: Tỉnh mẫu", 1, ProblemCode.BAD_ID, "Tỉnh mẫu"),
        ("version: '1'", "version: 1", 3, ProblemCode.WRONG_TYPE, "phiên bản"),
        ("'2025-01-31'", "'31/01/2025'", 5, ProblemCode.BAD_DATE, "31/01/2025"),
        ("value: 3,", "value: ba,", 9, ProblemCode.NOT_A_NUMBER, "Số bộ"),
        ("value: null", "value: 120", 10, ProblemCode.NOT_A_NUMBER, "từ 0 đến 100"),
        ("value: yes", "value: maybe", 11, ProblemCode.UNKNOWN_VALUE, "maybe"),
        ("id: vote_share", "id: copies", 10, ProblemCode.DUPLICATE_ID, "dòng 9"),
        ("check: criteria", "check: mat", 13, ProblemCode.UNKNOWN_VALUE, "mat"),
        ("name: Báo cáo, source: typed", "name: Báo cáo", 15, ProblemCode.MISSING_KEY, "source"),
        ("id: to-trinh", "id: bao-cao", 16, ProblemCode.DUPLICATE_ID, "dòng 15"),
        ("template: to-trinh", "mau: to-trinh", 16, ProblemCode.UNKNOWN_KEY, "mau"),
    ],
)
def test_mistakes_are_told_with_their_line(old: str, new: str, line: int, code: ProblemCode, told: str) -> None:
    assert old in SMALL
    (problem,) = catalogue.check_procedure(SMALL.replace(old, new, 1).encode(), "mau.yaml")
    assert (problem.line, problem.code) == (line, code)
    assert told in str(problem)


def test_a_flag_is_yes_or_no_and_a_template_is_the_documents_own_name() -> None:
    made = catalogue.procedure_from(SMALL.encode(), "mau.yaml", local=True)
    by_id = {item.id: item for item in made.settings}
    assert (by_id["preceding_year"].value, by_id["copies"].value) == ("yes", "3")
    assert made.documents[0].template == "bao-cao"
    assert made.local


def test_a_broken_file_names_all_problems() -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.procedure_from(SMALL.replace("source: typed", "source: x").encode(), "mau.yaml")
    assert "Thủ tục trong tệp «mau.yaml»" in caught.value.message
    assert caught.value.message.count("mau.yaml, dòng") == 5


# --- a province's own


def test_a_provinces_procedure_comes_first_and_can_be_chosen_away(workspace: Workspace, tmp_path: Path) -> None:
    assert procedures.current(workspace).id == "qd-18-2022-xa"
    form = procedures.install(workspace, file_of(tmp_path, SMALL))
    assert (form.kind, form.id, form.local, bool(form.changes)) == (PROCEDURE, "tinh-mau", True, True)
    assert procedures.current(workspace).id == "tinh-mau"
    fitting = [item.id for item in procedures.procedures(workspace)]
    assert fitting[:3] == ["tinh-mau", "qd-18-2022-xa", "chung"]
    assert [state.entry.id for state in dossier.documents(workspace)] == ["bao-cao", "to-trinh"]
    procedures.use(workspace, "", "qd-18-2022-xa")
    assert procedures.current(workspace).id == "qd-18-2022-xa"
    assert procedures.current(workspace, wanted="chung").id == "chung"
    procedures.use(workspace, "", "")
    assert procedures.current(workspace).id == "tinh-mau"
    with pytest.raises(NotFound, match="khong-co"):
        procedures.use(workspace, "", "khong-co")
    assert safety.verify(workspace).ok


def test_a_set_derived_from_ours_takes_the_procedure_of_ours() -> None:
    ours = catalogue.builtin(NATIONAL)
    derived = replace(ours, id="lai-chau-mau", extends=ours.ref)
    assert procedures.procedure_for(derived, ()).id == "qd-18-2022-xa"
    assert procedures.procedure_for(replace(derived, extends=""), ()).id == "chung"


def test_ours_stands_in_the_place_of_a_chosen_one_that_is_gone() -> None:
    gone = Record("procedure", "self", {"chosen": "da-xoa"})
    assert procedures.procedure_for(catalogue.builtin(NATIONAL), [gone]).id == "qd-18-2022-xa"


def test_a_provinces_template_changes_texts_and_order_and_is_restored(workspace: Workspace, tmp_path: Path) -> None:
    def paper() -> str:
        (made,) = room.build(facts(workspace), date(2024, 11, 5), documents=("to-trinh",))
        return words(made)

    before = paper()
    procedures.install(workspace, file_of(tmp_path, OWN_TEMPLATE))
    own = paper()
    assert "Câu riêng của tỉnh mẫu về xã Bum Tở" in own
    assert own.index("Nơi nhận" if "Nơi nhận" in own else "Lưu: VT") < own.index("Câu riêng") < own.index("CỘNG HÒA")
    procedures.restore(workspace, TEMPLATE, "to-trinh")
    assert paper() == before
    history.undo(workspace)
    assert paper() == own
    with pytest.raises(NotFound, match="bao-cao"):
        procedures.restore(workspace, TEMPLATE, "bao-cao")
    assert safety.verify(workspace).ok


def test_a_stored_file_that_no_longer_reads_leaves_ours_and_is_told(workspace: Workspace, tmp_path: Path) -> None:
    broken = OWN_TEMPLATE.replace("{unit}", "{don_vi}")
    dossier_data.save(workspace, "", "form_file", "template.to-trinh", {"name": "Hỏng", "text": broken})
    dossier_data.save(workspace, "", "form_file", "procedure.qd-18-2022-xa", {"name": "Hỏng", "text": "id: x\n"})
    assert not facts(workspace).templates["to-trinh"].local
    assert not procedures.current(workspace).local
    told = {form.id: form.problem for form in procedures.form_files(workspace) if form.problem}
    assert set(told) == {"to-trinh", "qd-18-2022-xa"}
    assert "to-trinh.yaml, dòng 5" in told["to-trinh"]


def test_files_go_out_as_they_are_and_come_in_again(workspace: Workspace, tmp_path: Path) -> None:
    for kind, form_id in ((PROCEDURE, "qd-18-2022-xa"), (TEMPLATE, "bao-cao")):
        out = procedures.export(workspace, kind, form_id, tmp_path / "ra" / f"{form_id}.yaml")
        assert out.read_bytes() == catalogue.builtin_file(kind, form_id)
        assert procedures.check_file(out) == ()
        assert procedures.install(workspace, out).kind == kind
        again = procedures.export(workspace, kind, form_id, tmp_path / "lại.yaml")
        assert again.read_bytes() == out.read_bytes()
        assert any(form.local and form.id == form_id for form in procedures.form_files(workspace))
    with pytest.raises(NotFound, match="khong-co"):
        procedures.export(workspace, TEMPLATE, "khong-co", tmp_path / "x.yaml")
    (tmp_path / "tep").write_bytes(b"")
    with pytest.raises(StorageFailed):
        procedures.export(workspace, TEMPLATE, "bao-cao", tmp_path / "tep" / "x.yaml")


def test_nothing_is_stored_of_a_file_that_is_wrong(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid, match="dòng 5"):
        procedures.install(workspace, file_of(tmp_path, OWN_TEMPLATE.replace("{unit}", "{x}")))
    with pytest.raises(InvalidInput, match="mau-la"):
        procedures.install(workspace, file_of(tmp_path, SMALL.replace("template: to-trinh", "template: mau-la")))
    with pytest.raises(StorageFailed, match="khong-co"):
        procedures.install(workspace, tmp_path / "khong-co.yaml")
    with pytest.raises(InvalidInput, match="ký tự"):
        procedures.install(workspace, file_of(tmp_path, OWN_TEMPLATE + "#" * 300_000))
    assert dossier_data.records(workspace, "", "form_file") == ()


def test_marks_and_line_ends_of_other_editors_are_taken(workspace: Workspace, tmp_path: Path) -> None:
    path = file_of(tmp_path, "\ufeff" + OWN_TEMPLATE.replace("\n", "\r\n"))
    procedures.install(workspace, path)
    assert facts(workspace).templates["to-trinh"].version == "mau-1"
    assert safety.verify(workspace).ok


# --- the command line


def test_from_the_command_line(tmp_path: Path) -> None:
    ntm = new(tmp_path / "dữ liệu")
    listed = ntm.ask("procedure", "list")
    assert [item["id"] for item in listed if item["used"]] == ["qd-18-2022-xa"]
    shown = ntm.ask("procedure", "show")
    assert shown["id"] == "qd-18-2022-xa"
    assert {item["id"] for item in shown["settings"]} >= {"copies", "vote_share"}
    assert ntm.ask("procedure", "use", "chung") == {"id": "chung"}
    assert ntm.ask("procedure", "use") == {"id": "qd-18-2022-xa"}
    out = tmp_path / "to-trinh.yaml"
    ntm.ask("template", "export", "to-trinh", "--out", out)
    content = yaml.safe_load(out.read_text(encoding="utf-8"))
    content["name"] = "Tờ trình riêng mẫu"
    out.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert ntm.ask("template", "check", out) == {"file": str(out), "ok": True, "problems": []}
    assert ntm.ask("template", "import", out)["local"] is True
    assert {item["name"] for item in ntm.ask("template", "list") if item["local"]} == {"Tờ trình riêng mẫu"}
    assert ntm.ask("template", "restore", "to-trinh") == {"restored": "to-trinh"}
    assert not any(item["local"] for item in ntm.ask("template", "list"))


def test_mistakes_from_the_command_line_are_sentences_with_lines(tmp_path: Path) -> None:
    ntm = new(tmp_path / "dữ liệu")
    broken = file_of(tmp_path, OWN_TEMPLATE.replace("{unit}", "{x}"))
    ran = ntm.run("template", "check", broken)
    assert ran.code != 0
    assert "mau.yaml, dòng 5" in ran.err
    assert "dòng 5" in ntm.refused("template", "import", broken)
    assert "khong-co" in ntm.refused("procedure", "use", "khong-co")
    assert "bao-cao" in ntm.refused("template", "restore", "bao-cao")
    ran = ntm.run("procedure", "show", "chung")
    assert "chưa biết văn bản nào" in ran.out
