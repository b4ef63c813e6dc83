"""The criteria sets that come with the program: nothing lost, nothing made up, and what is in doubt stays unknown."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal

import pytest

from ntm_desktop import catalogue
from ntm_desktop.errors import NotFound
from ntm_desktop.model import rules
from ntm_desktop.model.assessment import Assessment, LevelOrigin
from ntm_desktop.model.catalogue import Catalogue, Indicator, MeasureKind, Operator, Requirement, Source
from ntm_desktop.model.text import clean, nfc
from ntm_desktop.model.units import Level

# set → criteria, indicators, indicators of the decision, kinds
EXPECTED = {
    "xa-ntm-2021-2025": (19, 57, 57, {"boolean": 28, "percent": 27, "number": 2}),
    "xa-ntm-nang-cao-2021-2025": (19, 75, 75, {"boolean": 32, "percent": 37, "number": 3, "choice": 3}),
    "xa-ntm-kieu-mau-2021-2025": (1, 4, 4, {"boolean": 1, "number": 3}),
    "huyen-ntm-2021-2025": (9, 36, 36, {"boolean": 24, "percent": 10, "number": 2}),
    "xa-ntm-2026": (10, 5, 47, {"boolean": 2, "number": 1, "percent": 2}),
}
# set → indicators whose level is known, unknown
LEVELS = {
    "xa-ntm-2021-2025": (37, 20),
    "xa-ntm-nang-cao-2021-2025": (49, 26),
    "xa-ntm-kieu-mau-2021-2025": (4, 0),
    "huyen-ntm-2021-2025": (15, 21),
    "xa-ntm-2026": (0, 5),
}


def levels(requirement: Requirement) -> list[Decimal | None]:
    by_year = [level for year in requirement.by_year.values() for level in year.values()]
    return [requirement.threshold, *requirement.by_region.values(), *requirement.by_group.values(), *by_year]


def known(indicator: Indicator) -> bool:
    return any(level is not None for level in levels(indicator.requirement))


def row(catalogue_id: str, code: str) -> Indicator:
    return catalogue.builtin(catalogue_id).by_code[code]


def test_the_sets_are_there() -> None:
    assert catalogue.builtin_ids() == tuple(sorted(EXPECTED))


@pytest.mark.parametrize("catalogue_id", EXPECTED)
def test_every_row_is_there(catalogue_id: str) -> None:
    criteria, indicators, total, kinds = EXPECTED[catalogue_id]
    loaded = catalogue.builtin(catalogue_id)
    assert loaded.id == catalogue_id
    assert [item.number for item in loaded.criteria] == [str(number) for number in range(1, criteria + 1)]
    assert len(loaded.by_code) == len(list(loaded.indicators())) == indicators
    assert loaded.indicator_total == total
    assert loaded.indicators_complete == (indicators == total)
    assert Counter(item.measure.kind.value for item in loaded.indicators()) == kinds
    assert (sum(map(known, loaded.indicators())), sum(not known(item) for item in loaded.indicators())) == LEVELS[
        catalogue_id
    ]


@pytest.mark.parametrize("catalogue_id", EXPECTED)
def test_nothing_in_doubt_is_known(catalogue_id: str) -> None:
    """A hint or an uncertain level never becomes a threshold, and every row says where it comes from."""
    strength = [Source.TYPED, Source.FOUND, Source.MEMORY, Source.UNCERTAIN]
    for indicator in catalogue.builtin(catalogue_id).indicators():
        provenance = indicator.provenance
        if provenance.threshold_source is Source.UNCERTAIN:
            assert not known(indicator), indicator.code
        weaker = max(provenance.name_source, provenance.threshold_source, key=strength.index)
        assert provenance.source is weaker, indicator.code
        if provenance.hint:
            assert provenance.threshold_source is Source.UNCERTAIN, indicator.code


@pytest.mark.parametrize("catalogue_id", EXPECTED)
def test_texts_are_composed_and_clean(catalogue_id: str) -> None:
    text = catalogue.to_json(catalogue.builtin(catalogue_id)).decode("utf-8")
    assert text == nfc(text) == clean(text)


def test_legal_bases() -> None:
    bases = {name: catalogue.builtin(name).basis for name in EXPECTED}
    assert {name: (basis.number, basis.issued) for name, basis in bases.items()} == {
        "xa-ntm-2021-2025": ("318/QĐ-TTg", "2022-03-08"),
        "xa-ntm-nang-cao-2021-2025": ("318/QĐ-TTg", "2022-03-08"),
        "xa-ntm-kieu-mau-2021-2025": ("319/QĐ-TTg", "2022-03-08"),
        "huyen-ntm-2021-2025": ("320/QĐ-TTg", "2022-03-08"),
        "xa-ntm-2026": ("51/2025/QĐ-TTg", "2025-12-29"),
    }
    assert [item.number for item in catalogue.builtin("xa-ntm-2021-2025").amended_by] == ["211/QĐ-TTg"]
    assert catalogue.builtin("huyen-ntm-2021-2025").historical
    assert catalogue.builtin("huyen-ntm-2021-2025").level is Level.DISTRICT
    assert not catalogue.builtin("xa-ntm-2021-2025").historical


def test_rows_as_the_decision_has_them() -> None:
    water = row("xa-ntm-2021-2025", "3.1")
    assert water.name == "Tỷ lệ diện tích đất sản xuất nông nghiệp được tưới và tiêu nước chủ động đạt từ 80% trở lên"
    assert (water.requirement.operator, water.requirement.threshold) == (Operator.AT_LEAST, Decimal(80))
    assert water.provenance.source is Source.FOUND
    houses = row("xa-ntm-2021-2025", "9.1")
    assert (houses.requirement.operator, houses.requirement.threshold) == (Operator.ABSENT, Decimal(1))
    income = row("xa-ntm-2021-2025", "10").requirement
    assert sorted(income.by_year) == [2021, 2022, 2023, 2024, 2025]
    assert set(income.by_year[2024]) == {"chung", "tdmnpb", "dbsh", "btb", "dhntb", "tn", "dnb", "dbscl"}
    assert row("xa-ntm-2021-2025", "17.10").requirement.threshold == 100
    assert row("xa-ntm-kieu-mau-2021-2025", "ĐK2").measure.relative_to == "xa-ntm-nang-cao-2021-2025:10"
    assert row("xa-ntm-kieu-mau-2021-2025", "ĐK2").requirement.threshold == Decimal("1.1")
    assert not row("xa-ntm-kieu-mau-2021-2025", "ĐK2").official_code


def test_conditions_of_the_schools() -> None:
    conditions = row("xa-ntm-2021-2025", "5").sub_conditions
    assert [(item.when, "dbsh" in item.regions, len(item.regions)) for item in conditions] == [
        ("", True, 2),
        ("xã có trên 3 trường", False, 5),
        ("xã có từ 3 trường trở xuống", False, 5),
    ]


def test_choices_are_ranked_as_their_levels_say() -> None:
    for code, wanted in {"5.3": "Mức độ 3", "5.4": "Mức độ 2"}.items():
        indicator = row("xa-ntm-nang-cao-2021-2025", code)
        ranks = {Decimal(choice.rank): choice.name for choice in indicator.measure.choices}
        assert indicator.measure.kind is MeasureKind.CHOICE
        assert indicator.requirement.threshold is not None
        assert ranks[indicator.requirement.threshold] == wanted == indicator.provenance.note
    learning = row("xa-ntm-nang-cao-2021-2025", "5.5")
    assert [choice.name for choice in learning.measure.choices][-2:] == ["Khá", "Tốt"]
    assert not known(learning)


def test_made_up_codes_cannot_be_official_ones() -> None:
    district = catalogue.builtin("huyen-ntm-2021-2025")
    made_up = [item.code for item in district.indicators() if not item.official_code]
    assert made_up == [f"6.x{n}" for n in range(1, 5)] + [f"7.x{n}" for n in range(1, 8)] + [
        f"8.x{n}" for n in range(1, 7)
    ]
    assert [item.code for item in catalogue.builtin("xa-ntm-2026").indicators()] == [
        "1.1",
        "1.x1",
        "2.1",
        "3.1",
        "4.x1",
    ]
    assert not any(item.official_code for item in catalogue.builtin("xa-ntm-2026").indicators())


def test_only_what_was_read_of_a_region_is_known() -> None:
    """18.1: one region's level was read; 10: the figure was inferred, which is not read."""
    tap_water = row("xa-ntm-nang-cao-2021-2025", "18.1")
    assert {region for region, level in tap_water.requirement.by_region.items() if level is not None} == {"btb"}
    assert tap_water.requirement.by_region["btb"] == 55
    assert tap_water.provenance.threshold_source is Source.FOUND
    assert "Bắc Trung Bộ" in tap_water.provenance.note
    income = row("xa-ntm-nang-cao-2021-2025", "10")
    assert not known(income)
    assert "72" in income.provenance.hint


def resolved(loaded: Catalogue, code: str, region: str, special_rule: str = "") -> LevelOrigin:
    assessment = Assessment(
        "x", "00000", loaded.id, loaded.version, "0" * 64, 2024, region=region, special_rule=special_rule
    )
    return rules.resolve_level(loaded, loaded.by_code[code], assessment).origin


def test_the_special_rule_takes_the_mountains_level() -> None:
    loaded = catalogue.builtin("xa-ntm-nang-cao-2021-2025")
    assert resolved(loaded, "18.1", "btb") is LevelOrigin.SET
    assert resolved(loaded, "18.1", "dbsh") is LevelOrigin.UNKNOWN
    assert resolved(loaded, "18.1", "btb", "dbkk-atk") is LevelOrigin.UNKNOWN


def test_the_new_period_has_its_groups_and_is_incomplete() -> None:
    loaded = catalogue.builtin("xa-ntm-2026")
    assert [(group.id, group.name) for group in loaded.groups] == [(str(n), f"Xã nhóm {n}") for n in (1, 2, 3)]
    assert all(group.definition for group in loaded.groups)
    assert not loaded.indicators_complete
    assert loaded.by_code["2.1"].requirement.operator is None
    assert set(loaded.by_code["4.x1"].requirement.by_group) == {"1", "2", "3"}


def test_an_unknown_set_is_named() -> None:
    with pytest.raises(NotFound, match="xa-ntm-1999"):
        catalogue.builtin("xa-ntm-1999")


def test_loading_is_quick_and_imports_little() -> None:
    """Neither Excel nor YAML is imported before it is needed; the largest set is read well within a blink."""
    script = (
        "import sys; from ntm_desktop import catalogue; early = {'openpyxl', 'yaml'} & set(sys.modules);"
        "catalogue.builtin('xa-ntm-2021-2025'); print(sorted(early), 'openpyxl' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False"]
    text = catalogue.to_json(catalogue.builtin("xa-ntm-nang-cao-2021-2025"))
    started = time.perf_counter()
    catalogue.from_json(text)
    assert time.perf_counter() - started < 0.5  # some 7 ms on an idle computer


def test_remarks_say_what_is_missing() -> None:
    assert catalogue.remarks(catalogue.builtin("xa-ntm-kieu-mau-2021-2025")) == ()
    said = " ".join(catalogue.remarks(catalogue.builtin("xa-ntm-2026")))
    assert "5 trên 47" in said
    assert "4.x1" in said
