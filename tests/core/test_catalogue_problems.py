"""Damaged criteria files: every kind of problem is named with its line, all at once, and nothing else breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_desktop import catalogue, paths
from ntm_desktop.catalogue import ProblemCode
from ntm_desktop.errors import CatalogueInvalid

REAL = paths.resources() / "catalogues" / "xa-ntm-2021-2025.yaml"
DECOMPOSED = "Quy hoa\u0323ch"

SMALL = """\
format: 1
id: bo-mau
version: '1'
name: Bộ tiêu chí mẫu
level: commune
period: '2021-2025'
basis:
  number: 000/QĐ-MAU
  issued: '2024-01-31'
regions:
  - {id: bac, name: Vùng Bắc}
  - {id: nam, name: Vùng Nam}
groups:
  - {id: '1', name: Nhóm 1}
special_rules:
  - id: kho-khan
    text: Xã khó khăn theo vùng Bắc
    region: bac
criteria:
  - number: '1'
    name: Quy hoạch
    indicators:
      - code: '1.1'
        name: Có quy hoạch
        kind: boolean
        operator: dat
        threshold: true
        provenance: {source: found, name_source: found, threshold_source: found}
  - number: '2'
    name: Nước sạch
    indicators:
      - code: '2.1'
        name: Tỷ lệ hộ dùng nước sạch
        kind: percent
        operator: '>='
        threshold: 80
        by_region:
          bac: 60.5
          nam: null
        by_group:
          '1': 70
        by_year:
          '2024': {chung: 75}
        provenance: {source: found, name_source: found, threshold_source: found}
      - code: '2.2'
        name: Xếp loại
        kind: choice
        operator: '>='
        threshold: 1
        choices:
          - {id: kha, name: Khá, rank: 1}
          - {id: tot, name: Tốt, rank: 2}
        provenance: {source: found, name_source: found, threshold_source: found}
"""


def write(folder: Path, text: str | bytes, name: str = "bộ mẫu.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def change(old: str, new: str, line_of: str | None = None) -> tuple[str, int]:
    """SMALL with its only ``old`` made ``new``, and the line where ``line_of`` then stands."""
    assert SMALL.count(old) == 1, old
    text = SMALL.replace(old, new)
    wanted = new if line_of is None else line_of
    return text, text[: text.index(wanted)].count("\n") + 1


def test_the_small_set_is_sound(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    assert catalogue.check(path) == ()
    assert catalogue.load(path).by_code["2.1"].line == 32


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert catalogue.load(write(tmp_path, b"\xef\xbb\xbf" + SMALL.encode())) == catalogue.load(
        write(tmp_path, SMALL.replace("\n", "\r\n"), "khác.yaml")
    )


DAMAGE: dict[str, tuple[ProblemCode, str, str, str | None]] = {
    "criterion twice": (ProblemCode.DUPLICATE_CRITERION, "number: '2'", "number: '1' # hai", None),
    "indicator twice": (ProblemCode.DUPLICATE_INDICATOR, "code: '2.2'", "code: '2.1' # hai", None),
    "indicator twice across criteria": (ProblemCode.DUPLICATE_INDICATOR, "code: '2.1'", "code: '1.1' # hai", None),
    "region twice": (ProblemCode.DUPLICATE_ID, "{id: nam,", "{id: bac,  ", None),
    "choice twice": (ProblemCode.DUPLICATE_ID, "{id: tot,", "{id: kha,  ", None),
    "unknown kind": (ProblemCode.UNKNOWN_KIND, "kind: percent", "kind: ratio", None),
    "unknown operator": (ProblemCode.UNKNOWN_OPERATOR, "operator: dat", "operator: '=>'", None),
    "impossible operator": (ProblemCode.IMPOSSIBLE_OPERATOR, "operator: dat", "operator: '<='", None),
    "percent that holds": (
        ProblemCode.IMPOSSIBLE_OPERATOR,
        "'>='\n        threshold: 80",
        "dat # sai\n        threshold: true",
        "dat # sai",
    ),
    "no operator": (ProblemCode.NO_OPERATOR, "operator: dat", "operator: null", None),
    "unknown region": (ProblemCode.UNKNOWN_REGION, "nam: null", "trung: 50", None),
    "unknown region by year": (ProblemCode.UNKNOWN_REGION, "{chung: 75}", "{trung: 75}", None),
    "unknown group": (ProblemCode.UNKNOWN_GROUP, "'1': 70", "'4': 70", None),
    "rule for an unknown region": (ProblemCode.UNKNOWN_REGION, "region: bac", "region: trung", None),
    "threshold no number": (ProblemCode.NOT_A_NUMBER, "threshold: 80", "threshold: tám mươi", None),
    "threshold in Vietnamese form": (ProblemCode.NOT_A_NUMBER, "threshold: 80", "threshold: '80,5'", None),
    "threshold infinite": (ProblemCode.NOT_A_NUMBER, "bac: 60.5", "bac: .inf", None),
    "threshold octal": (ProblemCode.NOT_A_NUMBER, "threshold: 80", "threshold: 080", None),
    "threshold of yes or no": (ProblemCode.NOT_A_NUMBER, "threshold: true", "threshold: 5", None),
    "true of a percent": (ProblemCode.NOT_A_NUMBER, "threshold: 80", "threshold: true # sai", None),
    "bad year": (ProblemCode.BAD_YEAR, "'2024':", "'24':", None),
    "choice without choices": (ProblemCode.NO_CHOICES, "kind: percent", "kind: choice # sai", None),
    "checklist without parts": (ProblemCode.NO_PARTS, "kind: percent", "kind: checklist", None),
    "no number": (ProblemCode.NO_LEGAL_BASIS, "  number: 000/QĐ-MAU\n", "", "basis:"),
    "empty number": (ProblemCode.NO_LEGAL_BASIS, "000/QĐ-MAU", "''", "number: ''"),
    "no date": (ProblemCode.NO_LEGAL_BASIS, "  issued: '2024-01-31'\n", "", "basis:"),
    "impossible date": (ProblemCode.BAD_DATE, "2024-01-31", "2024-02-31", None),
    "date without quotes": (ProblemCode.WRONG_TYPE, "'2024-01-31'", "2024-01-31", None),
    "code without quotes": (ProblemCode.WRONG_TYPE, "'1.1'", "1.1", None),
    "decomposed": (ProblemCode.NOT_NFC, "name: Quy hoạch", f"name: {DECOMPOSED}", None),
    "invisible character": (ProblemCode.CONTROL_CHARACTER, "Vùng Nam", "Vùng\u200b Nam", None),
    "unknown key": (ProblemCode.UNKNOWN_KEY, "threshold: 80", "treshold: 80", None),
    "missing name": (ProblemCode.MISSING_KEY, "        name: Có quy hoạch\n", "", "- code: '1.1'"),
    "empty name": (ProblemCode.EMPTY, "Có quy hoạch", "'  '", None),
    "key twice": (ProblemCode.DUPLICATE_KEY, "level: commune", "level: commune\nid: hai", "id: hai"),
    "number as key": (ProblemCode.WRONG_TYPE, "'1': 70", "1: 70", None),
    "list for mapping": (ProblemCode.WRONG_TYPE, "bac: 60.5\n          nam: null", "- 60.5", "by_region"),
    "unknown level": (ProblemCode.UNKNOWN_VALUE, "level: commune", "level: ward", None),
    "bad id": (ProblemCode.BAD_ID, "id: bo-mau", "id: Bộ mẫu", None),
    "bad code": (ProblemCode.BAD_ID, "'1.1'", "'1/1'", None),
    "general as region": (ProblemCode.BAD_ID, "id: nam", "id: chung", None),
    "newer format": (ProblemCode.WRONG_FORMAT, "format: 1", "format: 2", None),
    "more rows than the decision": (
        ProblemCode.TOO_MANY_INDICATORS,
        "criteria:",
        "indicator_total: 2\ncriteria:",
        None,
    ),
    "alias": (ProblemCode.ALIAS, "name: Nước sạch", "name: &neo Nước sạch", None),
    "tag": (ProblemCode.TAG, "name: Nước sạch", "name: !!python/object:os.system Nước", None),
    "second document": (ProblemCode.NOT_YAML, "criteria:", "---\ncriteria:", "---"),
    "tabulator": (ProblemCode.NOT_YAML, "    name: Nước sạch", "\tname: Nước sạch", None),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_each_problem_is_named_with_its_line(what: str, tmp_path: Path) -> None:
    code, old, new, line_of = DAMAGE[what]
    text, line = change(old, new, line_of)
    path = write(tmp_path, text)
    problems = catalogue.check(path)
    assert (code, line) in {(problem.code, problem.line) for problem in problems}, [str(item) for item in problems]
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.load(path)
    assert f"bộ mẫu.yaml, dòng {line}" in caught.value.message
    assert caught.value.hint


def test_provenance_is_asked_for(tmp_path: Path) -> None:
    line = "        provenance: {source: found, name_source: found, threshold_source: found}\n"
    text = SMALL.replace(line, "", 1)
    assert [(item.code, item.line) for item in catalogue.check(write(tmp_path, text))] == [
        (ProblemCode.NO_PROVENANCE, 23)
    ]


def test_a_threshold_in_doubt_is_refused(tmp_path: Path) -> None:
    before, after = SMALL.split("code: '2.1'")
    text = f"{before}code: '2.1'{after.replace('threshold_source: found', 'threshold_source: uncertain', 1)}"
    problems = catalogue.check(write(tmp_path, text))
    assert [(item.code, item.line) for item in problems] == [(ProblemCode.UNCERTAIN_THRESHOLD, 36)]


def test_an_operator_may_be_missing_only_while_the_set_is_incomplete(tmp_path: Path) -> None:
    text = SMALL.replace("operator: dat", "operator: null").replace("criteria:", "indicator_total: 47\ncriteria:")
    assert catalogue.check(write(tmp_path, text)) == ()


def test_all_problems_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = REAL.read_text(encoding="utf-8")
    text = (
        text.replace("kind: boolean", "kind: bool", 3)
        .replace("'17.12'", "'17.11'")
        .replace("issued: '2022", "isued: '2022")
    )
    path = write(tmp_path, text)
    problems = catalogue.check(path)
    codes = [problem.code for problem in problems]
    assert codes.count(ProblemCode.UNKNOWN_KIND) == 3
    assert {ProblemCode.DUPLICATE_INDICATOR, ProblemCode.NO_LEGAL_BASIS, ProblemCode.UNKNOWN_KEY} <= set(codes)
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert any("17.11" in problem.place for problem in problems)
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue.load(path)
    assert all(str(problem) in caught.value.message for problem in problems)


def big(count: int) -> bytes:
    return b"note: " + b"x" * count


HOSTILE: dict[str, tuple[bytes, ProblemCode]] = {
    "empty": (b"", ProblemCode.WRONG_TYPE),
    "a word": ("xin chào".encode(), ProblemCode.WRONG_TYPE),
    "a list": (b"- 1\n- 2\n", ProblemCode.WRONG_TYPE),
    "laughs": (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ProblemCode.ALIAS),
    "alias to itself": (b"a: &a [*a]\n", ProblemCode.ALIAS),
    "deep": (b"[" * 5000, ProblemCode.TOO_DEEP),
    "deep mapping": (b"{a: " * 5000, ProblemCode.TOO_DEEP),
    "huge": (big(5_000_001), ProblemCode.TOO_LARGE),
    "TCVN3": ("name: Quy hoạch".encode("cp1258", "ignore") + b"\xb5\xb8", ProblemCode.NOT_UTF8),
    "UTF-16": (SMALL.encode("utf-16"), ProblemCode.NOT_UTF8),
    "zeros": (b"a: \0\0", ProblemCode.NOT_YAML),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ProblemCode.NOT_UTF8),
    "runs code": (b"!!python/object/apply:os.system [echo]", ProblemCode.TAG),
    "list as key": (b"? [a]\n: b\n", ProblemCode.WRONG_TYPE),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_get_a_sentence(what: str, tmp_path: Path) -> None:
    content, code = HOSTILE[what]
    problems = catalogue.check(write(tmp_path, content))
    assert code in {problem.code for problem in problems}, [str(item) for item in problems]
    assert len(problems) < 20


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "không có.yaml", tmp_path):
        assert [problem.code for problem in catalogue.check(path)] == [ProblemCode.UNREADABLE]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_is_a_crash(data: st.DataObject, tmp_path: Path) -> None:
    """Any bytes changed, cut out or put in: the file is taken, or its problems are told; nothing else happens."""
    content = bytearray(SMALL.encode())
    for _round in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 12))
        content[place : place + cut] = data.draw(
            st.binary(max_size=8) | st.sampled_from(list(b"{}[]:-'\"&*!|>%@`#\n\t ")).map(lambda sign: bytes([sign]))
        )
    path = write(tmp_path, bytes(content))
    problems = catalogue.check(path)
    if problems:
        with pytest.raises(CatalogueInvalid):
            catalogue.load(path)
    else:
        assert catalogue.from_json(catalogue.to_json(catalogue.load(path))) == catalogue.load(path)
