"""Template files: what ships reads well, every mistake is told with its line, nothing in braces is guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ntm_desktop import catalogue, paths
from ntm_desktop.catalogue import ProblemCode
from ntm_desktop.dossier.fields import CONDITION_OF, FIELD_OF
from ntm_desktop.dossier.parts import parts
from ntm_desktop.errors import CatalogueInvalid
from ntm_desktop.model.paper_template import CONDITIONS, FIELDS, PARTS, BlockKind, PageNumbers

SHIPPED = sorted((paths.resources() / "templates").glob("*.yaml"))
SMALL = """\
id: bao-cao
name: Báo cáo mẫu
version: '2'
symbol: BC-UBND
page: landscape
page_numbers: of_total
title: Báo cáo của {unit}
blocks:
- head: true
- title: {kind: BÁO CÁO, subject: 'Kết quả của {unit}', above: Phụ lục I}
- basis: ['Theo đề nghị của {office}']
- basis: {own: ['Căn cứ {{mẫu}}']}
- heading: {level: 1, text: Tình hình}
- heading: {level: 2, text: Không đánh số, number: ''}
- section: {id: tinh-hinh, name: Tình hình, ask: 'Hỏi:', lines: 4, text: 'Xã {unit}'}
- text: 'Xã được thành lập từ {formed_from}'
  when: merged
- text: Chưa đủ
  when: not fulfilled
- part: results
- note: {text: Ghi chú, boxed: true}
- page_break: true
- contents: true
- signature: {receivers: true, left: NGƯỜI LẬP BIỂU}
"""


def problems(text: str) -> list[tuple[int, ProblemCode, str]]:
    found = catalogue.check_paper_template(text.encode(), "mau.yaml")
    assert all(problem.file == "mau.yaml" for problem in found)
    return [(problem.line, problem.code, problem.message) for problem in found]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_template_reads_well(path: Path) -> None:
    assert catalogue.check_paper_template(path.read_bytes(), path.name) == ()
    template = catalogue.builtin_paper_templates()[path.stem]
    assert template.id == path.stem
    assert not template.local


def test_every_name_has_its_function_and_the_other_way() -> None:
    assert set(FIELD_OF) == FIELDS
    assert set(CONDITION_OF) == CONDITIONS
    assert set(parts()) == PARTS


def test_a_template_is_read_with_all_its_options() -> None:
    template = catalogue.paper_template_from(SMALL.encode(), "mau.yaml", local=True)
    assert (template.symbol, template.landscape, template.local) == ("BC-UBND", True, True)
    assert template.page_numbers is PageNumbers.OF_TOTAL
    by_kind = {block.kind: block for block in template.blocks}
    assert by_kind[BlockKind.SECTION].options == {"id": "tinh-hinh", "name": "Tình hình", "ask": "Hỏi:", "lines": "4"}
    assert by_kind[BlockKind.SECTION].text == "Xã {unit}"
    assert by_kind[BlockKind.TITLE].options["above"] == "Phụ lục I"
    assert by_kind[BlockKind.BASIS].options == {"own": "true"}
    assert by_kind[BlockKind.HEADING].options == {"level": "2", "number": ""}
    assert by_kind[BlockKind.NOTE].options == {"boxed": "true"}
    assert by_kind[BlockKind.SIGNATURE].options == {"left": "NGƯỜI LẬP BIỂU", "receivers": "true"}
    assert [block.when for block in template.blocks if block.when] == ["merged", "not fulfilled"]
    assert [block.options["id"] for block in template.sections()] == ["tinh-hinh"]
    assert [block.line for block in template.blocks][:3] == [9, 10, 11]


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "said"),
    [
        ("title: Báo cáo của {unit}", "title: Báo cáo của {ten_xa}", 7, ProblemCode.UNKNOWN_VALUE, "ten_xa"),
        ("'Kết quả của {unit}'", "'Kết quả của {unit'", 10, ProblemCode.WRONG_FORMAT, "ngoặc nhọn"),
        ("'Kết quả của {unit}'", "'Kết quả của {unit!r}'", 10, ProblemCode.UNKNOWN_VALUE, "unit!r"),
        ("'Kết quả của {unit}'", "'Kết quả của {unit:>9}'", 10, ProblemCode.UNKNOWN_VALUE, "unit:>9"),
        ("'Kết quả của {unit}'", "'Kết quả của {unit.name}'", 10, ProblemCode.UNKNOWN_VALUE, "unit.name"),
        ("'Kết quả của {unit}'", "'Kết quả của {}'", 10, ProblemCode.UNKNOWN_VALUE, "Không có trường"),
        ("{office}", "{co_quan}", 11, ProblemCode.UNKNOWN_VALUE, "co_quan"),
        ("level: 1", "level: 4", 13, ProblemCode.UNKNOWN_VALUE, "từ 1 đến 3"),
        ("id: tinh-hinh", "id: Tình hình", 15, ProblemCode.BAD_ID, "Tình hình"),
        ("lines: 4", "lines: 99", 15, ProblemCode.UNKNOWN_VALUE, "từ 1 đến 30"),
        ("when: merged", "when: sap-nhap", 17, ProblemCode.UNKNOWN_VALUE, "sap-nhap"),
        ("when: not fulfilled", "when: not bao-gio", 19, ProblemCode.UNKNOWN_VALUE, "not bao-gio"),
        ("part: results", "part: ket-qua", 20, ProblemCode.UNKNOWN_VALUE, "ket-qua"),
        ("page_break: true", "page_break: false", 22, ProblemCode.WRONG_TYPE, "page_break"),
        ("left: NGƯỜI", "trai: NGƯỜI", 24, ProblemCode.UNKNOWN_KEY, "trai"),
        ("- part: results", "- phan: results", 20, ProblemCode.MISSING_KEY, "part"),
        ("page: landscape", "page: ngang", 5, ProblemCode.UNKNOWN_VALUE, "ngang"),
        ("version: '2'\n", "", 1, ProblemCode.MISSING_KEY, "version"),
    ],
)
def test_mistakes_are_told_with_their_line(old: str, new: str, line: int, code: ProblemCode, said: str) -> None:
    assert old in SMALL
    ((found_line, found_code, message),) = problems(SMALL.replace(old, new, 1))
    assert (found_line, found_code) == (line, code)
    assert said in message


def test_a_section_id_stands_once() -> None:
    twice = SMALL + "- section: {id: tinh-hinh, name: Lại nữa}\n"
    ((line, code, message),) = problems(twice)
    assert (line, code) == (25, ProblemCode.DUPLICATE_ID)
    assert "dòng 15" in message


def test_all_problems_come_at_once_in_the_order_of_lines() -> None:
    broken = SMALL.replace("{unit}", "{x}").replace("part: results", "part: y")
    lines = [line for line, _code, _message in problems(broken)]
    assert lines == [7, 10, 15, 20]
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.paper_template_from(broken.encode(), "mau.yaml")
    assert "Mẫu văn bản trong tệp «mau.yaml»" in caught.value.message
    assert caught.value.message.count("mau.yaml, dòng ") == 4


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"a: [", b"blocks: 5", b"- x", b"x: &a 1\ny: *a"])
def test_what_is_no_template_is_told(content: bytes) -> None:
    found = catalogue.check_paper_template(content, "mau.yaml")
    assert found
    assert all("mau.yaml" in str(problem) for problem in found)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_taken_or_told_and_never_breaks(text: str) -> None:
    whole = yaml.safe_load(SMALL)
    whole["blocks"] = [{"text": text}, {"note": text}, {"heading": {"level": 1, "text": text}}]
    content = yaml.safe_dump(whole, allow_unicode=True).encode()
    found = catalogue.check_paper_template(content, "mau.yaml")
    doubled = text.replace("{", "{{").replace("}", "}}")
    whole["blocks"] = [{"text": f"a{doubled}"}]
    escaped = yaml.safe_dump(whole, allow_unicode=True).encode()
    codes = {problem.code for problem in catalogue.check_paper_template(escaped, "mau.yaml")}
    assert ProblemCode.WRONG_FORMAT not in codes
    assert ProblemCode.UNKNOWN_VALUE not in codes
    if not found:
        kept = yaml.safe_load(content)["blocks"][0]["text"]  # YAML itself folds some line ends
        assert catalogue.paper_template_from(content, "mau.yaml").blocks[0].text == kept


@pytest.mark.parametrize(
    ("schema", "folder"), [("procedure", "procedures"), ("paper-template", "templates")], ids=["procedure", "template"]
)
def test_shipped_files_fit_their_published_schema(schema: str, folder: str) -> None:
    content = json.loads((paths.schema() / "catalogue" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    validator = Draft202012Validator(content)
    files = sorted((paths.resources() / folder).glob("*.yaml"))
    assert files
    for path in files:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert [error.message for error in validator.iter_errors(value)] == [], path.name


def test_the_schema_names_what_the_program_knows() -> None:
    content = json.loads((paths.schema() / "catalogue" / "paper-template.schema.json").read_text(encoding="utf-8"))
    assert set(content["$defs"]["part"]["properties"]["part"]["enum"]) == PARTS
    assert set(content["$defs"]["when"]["enum"]) == CONDITIONS | {f"not {name}" for name in CONDITIONS}
    assert {kind.value for kind in BlockKind} <= set(content["$defs"])
