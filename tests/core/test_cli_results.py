"""What is entered and what follows from it: number forms, the three kinds of nothing, verdicts, levels, other years."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.command_line import NATIONAL, VERDICTS, Ntm, fill_everything, new

PERCENT, AREA, ABSENT, OPEN = "3.1", "17.4", "9.1", "2.1"  # ≥ 80 %, ≥ 2 m²/người, «Không», no level known
BASIS = "1285/QĐ-UBND ngày 01/02/2023"


@pytest.fixture
def ntm(tmp_path: Path) -> Ntm:
    return new(tmp_path / "xã")


def put(ntm: Ntm, code: str, value: str, *more: str) -> str:
    return str(ntm.ask("result", "set", code, "--value", value, *more)["verdict"])


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("12,5", "12.5", "12,5"),
        ("12.5", "12.5", "12,5"),
        ("1.234,56", "1234.56", "1.234,56"),
        ("1234,56", "1234.56", "1.234,56"),
        ("1234", "1234", "1.234"),
        ("1.234.567", "1234567", "1.234.567"),
        ("0", "0", "0"),
        (" 2 ", "2", "2"),
        ("2,50", "2.5", "2,5"),
    ],
)
def test_vietnamese_numbers_come_in_and_go_out(ntm: Ntm, typed: str, stored: str, shown: str) -> None:
    answer = ntm.ask("result", "set", AREA, "--value", typed)
    assert answer["value"] == {"number": stored}
    assert answer["value_text"].split()[0] == shown
    assert ntm.result(AREA)["value"] == {"number": stored}


@pytest.mark.parametrize("typed", ["1.234", "12.345", "123.456"])
def test_an_ambiguous_number_is_asked_back_with_both_readings(ntm: Ntm, typed: str) -> None:
    told = ntm.refused("result", "set", AREA, "--value", typed)
    assert f"«{typed}»" in told
    assert typed.replace(".", ",") in told
    assert typed.replace(".", "") in told
    assert ntm.result(AREA)["value"] is None


@pytest.mark.parametrize("typed", ["abc", "1,2,3", "1..2", "12,5.3", "--5", "5 000 m", "NaN", "Infinity", "1e5", "½"])
def test_what_is_no_number_is_refused(ntm: Ntm, typed: str) -> None:
    told = ntm.refused("result", "set", AREA, f"--value={typed}")
    assert AREA in told
    assert typed in told


@pytest.mark.parametrize("typed", ["100,5", "-1", "250"])
def test_a_percentage_lies_between_0_and_100(ntm: Ntm, typed: str) -> None:
    ntm.refused("result", "set", PERCENT, f"--value={typed}")


def test_a_percentage_from_its_two_numbers(ntm: Ntm) -> None:
    answer = ntm.ask("result", "set", PERCENT, "--value", "812/1040")
    assert answer["value"] == {"numerator": "812", "denominator": "1040"}
    assert "78,08" in answer["value_text"]
    assert answer["verdict"] == "not_met"
    assert put(ntm, PERCENT, "832/1040") == "met"  # exactly 80 %
    for wrong in ("1040/812", "5/0", "5/"):
        ntm.refused("result", "set", PERCENT, "--value", wrong)
    assert ntm.verdict(PERCENT) == "met"


def test_a_third_is_not_rounded_up_to_the_level(ntm: Ntm) -> None:
    assert put(ntm, PERCENT, "79,99999999") == "not_met"
    assert put(ntm, PERCENT, "7999999/10000000") == "not_met"
    assert put(ntm, PERCENT, "80") == "met"


# --- three kinds of nothing ---------------------------------------------------------------------------------------


def test_blank_zero_and_not_applicable_stay_apart(ntm: Ntm) -> None:
    assert (ntm.result(AREA)["value"], ntm.verdict(AREA)) == (None, "not_assessed")
    assert put(ntm, AREA, "0") == "not_met"
    assert ntm.result(AREA)["value"] == {"number": "0"}
    ntm.ask("result", "set", AREA, "--clear")
    assert (ntm.result(AREA)["value"], ntm.verdict(AREA)) == (None, "not_assessed")
    ntm.ask("result", "set", AREA, "--verdict", "not_applicable", "--reason", "Xã không có điểm dân cư tập trung")
    assert (ntm.result(AREA)["value"], ntm.verdict(AREA)) == (None, "not_applicable")
    counts = ntm.ask("status")["indicators"]
    assert counts == {"total": 57, "met": 0, "not_met": 0, "not_assessed": 56, "not_applicable": 1}


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0"])
def test_a_blank_value_is_no_zero(ntm: Ntm, blank: str) -> None:
    put(ntm, AREA, "3")
    ran = ntm.run("--json", "result", "set", AREA, "--value", blank)
    assert ran.code in (0, 2)
    assert ntm.result(AREA)["value"] in (None, {"number": "3"})
    assert ntm.verdict(AREA) == ("met" if ran.code == 2 else "not_assessed")


def test_what_must_not_exist_is_met_by_saying_no(ntm: Ntm) -> None:
    assert put(ntm, ABSENT, "không") == "met"
    assert put(ntm, ABSENT, "có") == "not_met"
    assert put(ntm, ABSENT, "còn") == "not_met"


@pytest.mark.parametrize(
    ("word", "verdict"), [("đạt", "met"), ("Chưa đạt", "not_met"), ("có", "met"), ("KHÔNG", "not_met")]
)
def test_yes_and_no_in_the_words_that_people_use(ntm: Ntm, word: str, verdict: str) -> None:
    assert put(ntm, "1.1", word) == verdict
    ntm.refused("result", "set", "1.1", "--value", "có lẽ")


def test_zero_is_a_value_for_a_level_that_is_not_exceeded(ntm: Ntm) -> None:
    ntm.ask("requirement", "set", "11", "--op", "<=", "--value", "13", "--basis", BASIS)
    assert ntm.verdict("11") == "not_assessed"
    assert put(ntm, "11", "0") == "met"
    assert put(ntm, "11", "13") == "met"
    assert put(ntm, "11", "13,01") == "not_met"


# --- verdicts by hand ---------------------------------------------------------------------------------------------


def test_a_verdict_by_hand_stands_over_the_computed_one_and_is_marked(ntm: Ntm) -> None:
    assert put(ntm, PERCENT, "70") == "not_met"
    reason = "Kênh chính vừa hoàn thành, biên bản nghiệm thu 12/BB"
    answer = ntm.ask("result", "set", PERCENT, "--verdict", "met", "--reason", reason)
    assert (answer["verdict"], answer["computed"], answer["by_hand"]) == ("met", "not_met", True)
    assert answer["reason"] == reason
    assert ntm.ask("status")["by_hand"] == [PERCENT]
    assert "bằng tay" in ntm.run("result", "show", PERCENT).out
    assert put(ntm, PERCENT, "60") == "met", "a new value does not take the judgement away"
    ntm.ask("result", "set", PERCENT, "--verdict", "computed")
    assert (ntm.verdict(PERCENT), ntm.ask("status")["by_hand"]) == ("not_met", [])


@pytest.mark.parametrize("verdict", ["met", "not_met", "not_applicable"])
def test_no_verdict_by_hand_without_a_reason(ntm: Ntm, verdict: str) -> None:
    ntm.refused("result", "set", PERCENT, "--verdict", verdict)
    ntm.refused("result", "set", PERCENT, "--verdict", verdict, "--reason", "")
    ntm.refused("result", "set", PERCENT, "--verdict", verdict, "--reason", " \u00a0 ")


def test_a_reason_alone_judges_nothing(ntm: Ntm) -> None:
    ran = ntm.run("--json", "result", "set", PERCENT, "--reason", "Vì sao")
    assert ran.code == 2 or ntm.verdict(PERCENT) == "not_assessed"


def test_words_and_year_are_kept_composed(ntm: Ntm) -> None:
    decomposed = "Nguo\u0302\u0300n nu\u031bo\u031b\u0301c so\u0302\u0301 2"
    words = ("--explanation", decomposed, "--source", "Biểu 05", "--responsible", "Cán bộ mẫu", "--year", "2023")
    answer = ntm.ask("result", "set", PERCENT, "--value", "85", *words)
    assert answer["explanation"] == "Nguồn nước số 2"
    assert (answer["source"], answer["responsible"], answer["year"]) == ("Biểu 05", "Cán bộ mẫu", 2023)
    assert answer["verdict"] == "met"
    assert ntm.ask("status")["other_year"] == [PERCENT]


# --- criteria -----------------------------------------------------------------------------------------------------


def counts(ntm: Ntm) -> dict[str, int]:
    return {verdict: ntm.ask("status")["criteria"][verdict] for verdict in VERDICTS}


def test_a_criterion_is_met_when_all_that_applies_is_met(ntm: Ntm) -> None:
    put(ntm, "3.1", "85")
    assert counts(ntm) == {"met": 0, "not_met": 0, "not_assessed": 19, "not_applicable": 0}
    put(ntm, "3.2", "đạt")
    assert counts(ntm) == {"met": 1, "not_met": 0, "not_assessed": 18, "not_applicable": 0}
    put(ntm, "3.2", "chưa đạt")
    assert counts(ntm) == {"met": 0, "not_met": 1, "not_assessed": 18, "not_applicable": 0}
    assert ntm.ask("status")["unmet_criteria"] == ["3"]
    ntm.ask("result", "set", "3.2", "--verdict", "not_applicable", "--reason", "Xã không thuộc vùng thiên tai")
    assert counts(ntm)["met"] == 1
    ntm.ask("result", "set", "3.1", "--verdict", "not_applicable", "--reason", "Xã không có đất nông nghiệp")
    assert counts(ntm) == {"met": 0, "not_met": 0, "not_assessed": 18, "not_applicable": 1}
    assert ntm.ask("status")["unmet_criteria"] == []


def test_one_indicator_short_is_18_of_19(ntm: Ntm, tmp_path: Path) -> None:
    fill_everything(ntm, at_once=tmp_path)
    assert counts(ntm) == {"met": 19, "not_met": 0, "not_assessed": 0, "not_applicable": 0}
    put(ntm, "17.11", "29,9")
    status = ntm.ask("status")
    assert (status["criteria"]["met"], status["indicators"]["met"]) == (18, 56)
    assert status["unmet_criteria"] == ["17"]
    ntm.ask("result", "set", "17.11", "--clear")
    status = ntm.ask("status")
    assert (status["criteria"]["met"], status["criteria"]["not_assessed"], status["unmet_criteria"]) == (18, 1, [])


# --- levels -------------------------------------------------------------------------------------------------------


def test_without_a_known_level_nothing_is_judged(ntm: Ntm) -> None:
    assert OPEN in ntm.ask("status")["missing_levels"]
    for value in ("0", "100"):
        assert put(ntm, OPEN, value) == "not_assessed"
    ntm.ask("requirement", "set", OPEN, "--op", ">=", "--value", "80", "--basis", BASIS)
    answer = ntm.result(OPEN)
    assert (answer["verdict"], answer["level_known"]) == ("met", True)
    assert "1285/QĐ-UBND" in answer["level_basis"]
    assert "01/02/2023" in answer["level_basis"]
    assert OPEN not in ntm.ask("status")["missing_levels"]


def test_without_a_known_level_a_person_may_judge(ntm: Ntm) -> None:
    put(ntm, OPEN, "100")
    ntm.ask("result", "set", OPEN, "--verdict", "met", "--reason", "Theo 1285/QĐ-UBND của tỉnh")
    assert (ntm.verdict(OPEN), ntm.result(OPEN)["by_hand"]) == ("met", True)


@pytest.mark.parametrize("basis", ["", " \u00a0", "1285/QĐ-UBND ngày 32/01/2023"])
def test_a_local_level_needs_its_decision(ntm: Ntm, basis: str) -> None:
    ntm.refused("requirement", "set", OPEN, "--op", ">=", "--value", "80", "--basis", basis)


@pytest.mark.parametrize(
    ("code", "operator", "value"),
    [(OPEN, "dat", "80"), ("1.1", ">=", "80"), (OPEN, ">=", "101"), (OPEN, ">=", "-1"), (AREA, ">=", "1.234")],
)
def test_a_level_that_does_not_fit_the_measure(ntm: Ntm, code: str, operator: str, value: str) -> None:
    ntm.refused("requirement", "set", code, "--op", operator, f"--value={value}", "--basis", BASIS)


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (">=", "not_met", "met", "met"),
        (">", "not_met", "not_met", "met"),
        ("<=", "met", "met", "not_met"),
        ("<", "met", "not_met", "not_met"),
    ],
)
def test_operators_at_their_edge(ntm: Ntm, operator: str, below: str, at: str, above: str) -> None:
    ntm.ask("requirement", "set", OPEN, "--op", operator, "--value", "62,5", "--basis", BASIS)
    assert [put(ntm, OPEN, value) for value in ("62,49", "62,5", "62,51")] == [below, at, above]


def test_a_level_by_region_applies_where_the_commune_lies(tmp_path: Path) -> None:
    advanced = "xa-ntm-nang-cao-2021-2025"
    there = new(tmp_path / "bắc trung bộ", "--region", "btb", catalogue=advanced)
    assert put(there, "18.1", "55") == "met"
    assert put(there, "18.1", "54,9") == "not_met"
    elsewhere = new(tmp_path / "đồng bằng", "--region", "dbsh", catalogue=advanced)
    assert put(elsewhere, "18.1", "99") == "not_assessed"
    poor = new(tmp_path / "đặc biệt", "--region", "btb", "--special-rule", "dbkk-atk", catalogue=advanced)
    assert put(poor, "18.1", "99") == "not_assessed", "takes the northern mountains' level, which is not known"


def test_a_special_rule_takes_the_northern_mountains_level(tmp_path: Path) -> None:
    overlay = Path(__file__).resolve().parents[2] / "resources" / "catalogues" / "examples" / "overlay-mau.yaml"
    found = {}
    for name, options in {
        "mountains": ("--region", "tdmnpb"),
        "delta": ("--region", "dbsh"),
        "special": ("--region", "dbsh", "--special-rule", "dbkk-atk"),
    }.items():
        ntm = new(tmp_path / name)
        provincial = ntm.ask("catalogue", "import", overlay)["id"]
        ntm.ask("assessment", "add", "--catalogue", provincial, "--year", "2024", *options)
        found[name] = put(ntm, "17.1", "40")  # the sample: 30 % in the mountains, 55.5 % in the delta
    assert found == {"mountains": "met", "delta": "not_met", "special": "met"}


def test_the_2026_set_concludes_nothing(tmp_path: Path) -> None:
    ntm = new(tmp_path / "xã", "--group", "2", catalogue="xa-ntm-2026", year=2026)
    assert ntm.ask("status")["catalogue_complete"] is False
    for item in ntm.indicators():
        put(ntm, item["code"], "đạt" if item["kind"] == "boolean" else "99")
        ntm.ask("result", "set", item["code"], "--verdict", "met", "--reason", "Theo nghị quyết của xã")
    status = ntm.ask("status")
    assert status["criteria"]["met"] == 0
    assert status["criteria"]["not_assessed"] == status["criteria"]["total"] == 10
    assert status["unmet_criteria"] == []


# --- another year -------------------------------------------------------------------------------------------------


def test_results_of_the_preceding_year_say_so_everywhere(ntm: Ntm) -> None:
    put(ntm, "3.1", "85")
    put(ntm, "3.2", "chưa đạt")
    ntm.ask("assessment", "add", "--catalogue", NATIONAL, "--year", "2025")
    assert (ntm.ask("status")["year"], ntm.verdict("3.1")) == (2025, "not_assessed")
    carried = ntm.ask("result", "carry")
    assert carried["codes"] == ["3.1"], "only what met the standard"
    assert "3.2" in {left["code"] for left in carried["left"]}
    answer = ntm.result("3.1")
    assert (answer["verdict"], answer["year"], answer["carried_from"]) == ("met", 2024, 2024)
    assert ntm.ask("status")["other_year"] == ["3.1"]
    assert "2024" in ntm.run("result", "show", "3.1").out
    assert put(ntm, "3.1", "90") == "met"
    answer = ntm.result("3.1")
    assert (answer["carried_from"], answer["value"]) == (None, {"percent": "90"})
    assert answer["year"] == 2025, "a new figure is from this year unless somebody says otherwise"


def test_without_a_preceding_year_nothing_is_carried(ntm: Ntm) -> None:
    put(ntm, "3.1", "85")
    ran = ntm.run("--json", "result", "carry")
    assert ran.code == 2 or '"codes": []' in ran.out
    assert ntm.result("3.1")["carried_from"] is None
