"""Provinces and communes: found by code, by name without diacritics, across commune and province, and fast."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop import catalogue
from ntm_desktop.errors import NotFound
from ntm_desktop.model.text import search_key
from ntm_desktop.model.units import Level, Unit


def found(text: str, limit: int = 20) -> list[str]:
    return [unit.place for unit in catalogue.search_units(text, limit)]


def test_all_units_are_there() -> None:
    units = catalogue.all_units()
    assert len(catalogue.province_list()) == 34
    assert sum(unit.level is Level.COMMUNE for unit in units) == 3321
    assert len({unit.code for unit in units}) == 34 + 3321
    assert catalogue.province_list()[0].name == "An Giang"
    assert [unit.name for unit in catalogue.province_list()][-1] == "Vĩnh Long"


def test_codes_keep_their_zeros() -> None:
    unit = catalogue.find_unit("00004")
    assert (unit.full_name, unit.province_code, unit.level) == ("Phường Ba Đình", "01", Level.COMMUNE)
    assert unit.province_name == "Thành phố Hà Nội"
    assert catalogue.find_unit("12").full_name == "Tỉnh Lai Châu"
    assert catalogue.find_unit("12").province_code == "12"
    for code in ("4", "0004", "", "99999", "xã"):
        with pytest.raises(NotFound):
            catalogue.find_unit(code)


@pytest.mark.parametrize("text", ["Bình Sơn", "binh son", "BINH  SƠN", "bi\u0300nh so\u031bn"])
def test_diacritics_and_case_do_not_count(text: str) -> None:
    assert found(text)[:3] == [
        "Xã Bình Sơn (Tỉnh Ninh Bình)",
        "Xã Bình Sơn (Tỉnh Quảng Ngãi)",
        "Xã Bình Sơn (Tỉnh An Giang)",
    ]


def test_words_in_another_order_are_found_later() -> None:
    listed = catalogue.search_units("sơn bình", 200)
    keys = [search_key(unit.full_name) for unit in listed]
    names = ["son" in key.split() and "binh" in key.split() for key in keys]
    assert names[0]
    assert names == sorted(names, reverse=True)


def test_a_province_comes_first_then_its_communes() -> None:
    listed = catalogue.search_units("lai chau", 100)
    assert listed[0].full_name == "Tỉnh Lai Châu"
    assert len(catalogue.units_of("12")) == 38
    assert {unit.province_code for unit in listed[:39]} == {"12"}


def test_commune_and_province_together() -> None:
    assert found("xã bình lư lai châu")[0] == "Xã Bình Lư (Tỉnh Lai Châu)"
    assert found("binh son an giang")[0] == "Xã Bình Sơn (Tỉnh An Giang)"
    assert found("tan tien dak lak")[0] == "Xã Tân Tiến (Tỉnh Đắk Lắk)"


def test_exact_before_prefix_before_contained() -> None:
    names = [search_key(unit.name) for unit in catalogue.search_units("hoa binh", 200)]
    assert names[0] == "hoa binh"
    ranks = [0 if name == "hoa binh" else 1 if name.startswith("hoa binh") else 2 for name in names]
    assert ranks == sorted(ranks)


def test_a_code_is_found() -> None:
    assert found("00004") == ["Phường Ba Đình (Thành phố Hà Nội)"]
    assert found("12")[0] == "Tỉnh Lai Châu"


def test_nothing_is_found_by_nothing() -> None:
    for text in ("", "   ", "không có nơi nào như thế", "!!!"):
        assert found(text) == []
    assert found("xã", 3) == found("xã")[:3]
    assert found("xã", 0) == []


@given(st.sampled_from(catalogue.all_units()))
def test_every_unit_is_found_by_its_name_and_province(unit: Unit) -> None:
    assert unit in catalogue.search_units(unit.place.replace("(", "").replace(")", ""), 5)


def test_units_of_a_province_in_vietnamese_order() -> None:
    units = catalogue.units_of("01")
    assert len(units) > 100
    assert all(unit.province_code == "01" and unit.level is Level.COMMUNE for unit in units)
    names = [unit.name for unit in units]
    assert names.index("Ba Đình") < names.index("Đan Phượng") < names.index("Giảng Võ")
    assert catalogue.units_of("00") == ()


def test_regions_are_suggestions() -> None:
    regions = {region.id for region in catalogue.builtin("xa-ntm-2021-2025").regions}
    for province in catalogue.province_list():
        assert catalogue.region_candidates(province.code), province.name
        assert set(catalogue.region_candidates(province.code)) <= regions
    assert catalogue.region_candidates("12") == ("tdmnpb",)
    assert catalogue.region_candidates("24") == ("dbsh", "tdmnpb")
    assert catalogue.region_candidates("00") == ()


def test_search_is_quick() -> None:
    catalogue.search_units("a")
    started = time.perf_counter()
    for text in ("a", "an", "xã tân", "lai chau", "00004"):
        catalogue.search_units(text)
    assert (time.perf_counter() - started) / 5 < 0.05  # 1 to 5 ms each on an idle computer
