"""The shipped list of provinces and communes, and the suggestion of regions, hold together."""

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

UNITS = Path(__file__).parents[2] / "resources" / "units"
PREFIX = {"xa": "Xã ", "phuong": "Phường ", "dac_khu": "Đặc khu ", "tinh": "Tỉnh ", "thanh_pho": "Thành phố "}
REGIONS = {"tdmnpb", "dbsh", "btb", "dhntb", "tn", "dnb", "dbscl"}
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

Row = dict[str, str]


def read_csv(name: str) -> list[Row]:
    with (UNITS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_yaml(name: str) -> Any:
    return yaml.safe_load((UNITS / name).read_text(encoding="utf-8"))


def without_tone_place(name: str) -> tuple[str, str]:
    """Hoà and Hòa are one name: the letters and the tones apart, wherever the tone is written."""
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(c for c in decomposed if c not in TONES), "".join(c for c in decomposed if c in TONES)


@pytest.fixture(scope="module")
def units() -> list[Row]:
    return read_csv("units-2026.csv")


@pytest.fixture(scope="module")
def provinces() -> list[Row]:
    return read_csv("provinces-2026.csv")


@pytest.fixture(scope="module")
def meta() -> Any:
    return read_yaml("units-2026.meta.yaml")


@pytest.fixture(scope="module")
def regions() -> Any:
    return read_yaml("regions-2021.yaml")


def test_counts_are_those_of_the_meta_file(units: list[Row], provinces: list[Row], meta: Any) -> None:
    kinds = Counter(row["kind"] for row in units)
    province_kinds = Counter(row["kind"] for row in provinces)
    assert kinds == {"xa": 2611, "phuong": 697, "dac_khu": 13}
    assert province_kinds == {"tinh": 27, "thanh_pho": 7}
    assert meta["counts"] == {
        "provinces": len(provinces),
        "provinces_tinh": province_kinds["tinh"],
        "provinces_thanh_pho": province_kinds["thanh_pho"],
        "units": len(units),
        **kinds,
    }


def test_codes_are_unique_and_keep_their_zeros(units: list[Row], provinces: list[Row]) -> None:
    assert all(re.fullmatch(r"[0-9]{5}", row["code"]) for row in units)
    assert all(re.fullmatch(r"[0-9]{2}", row["code"]) for row in provinces)
    assert len({row["code"] for row in units}) == len(units)
    assert len({row["code"] for row in provinces}) == len(provinces)
    assert units[0]["code"] == "00004"
    assert [row["code"] for row in units] == sorted(row["code"] for row in units)


def test_every_unit_lies_in_a_listed_province_and_each_province_has_units(
    units: list[Row], provinces: list[Row]
) -> None:
    names = {row["code"]: row["full_name"] for row in provinces}
    assert all(names[row["province_code"]] == row["province_name"] for row in units)
    assert {row["province_code"] for row in units} == set(names)


@pytest.mark.parametrize("name", ["units-2026.csv", "provinces-2026.csv", "units-2026.meta.yaml", "regions-2021.yaml"])
def test_text_is_nfc_with_plain_line_ends(name: str) -> None:
    data = (UNITS / name).read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    assert unicodedata.is_normalized("NFC", data.decode("utf-8"))


def test_names_are_clean(units: list[Row], provinces: list[Row]) -> None:
    for row in [*units, *provinces]:
        assert row["full_name"] == PREFIX[row["kind"]] + row["name"]
        assert " ".join(row["full_name"].split()) == row["full_name"]
        assert not re.search(r"[^\w '\-]", row["full_name"]), row
        # As "xã Bắc Sơn" once was; only the second word of a kind is small.
        assert not any(word[0].islower() for word in row["full_name"].split() if word not in {"khu", "phố"}), row


def test_no_name_occurs_twice_within_one_province(units: list[Row]) -> None:
    # Between provinces names do repeat (245 of them): the code is the key, a name only within its province.
    seen = Counter((row["province_code"], without_tone_place(row["full_name"])) for row in units)
    assert [key for key, count in seen.items() if count > 1] == []


def test_fixes_are_in_the_data(units: list[Row], meta: Any) -> None:
    by_code = {row["code"]: row for row in units}
    named = [fix for fix in meta["fixes"] if "code" in fix]
    assert named
    for fix in named:
        assert by_code[fix["code"]][fix["field"]] == fix["to"]
    for old, new in meta["code_aliases"].items():
        assert old not in by_code
        assert new in by_code


def test_later_changes_name_rows_as_they_stand(units: list[Row], provinces: list[Row], meta: Any) -> None:
    rows = {("unit", row["code"]): row for row in units} | {("province", row["code"]): row for row in provinces}
    changes = [change for law in meta["later_changes"] for change in law["changes"]]
    assert len(changes) == 14
    for change in changes:
        row = rows[change["level"], change["code"]]
        assert row[change["field"]] == change["from"] != change["to"]
        assert row["name"] == change.get("name", row["name"])


def test_licence_of_the_source_is_shipped(meta: Any) -> None:
    text = (UNITS / meta["source"]["licence_file"]).read_text(encoding="utf-8")
    assert text.startswith("MIT License")


def test_regions_cover_every_province_with_known_ids(provinces: list[Row], regions: Any) -> None:
    assert {region["id"] for region in regions["regions"]} == REGIONS
    assert [entry["code"] for entry in regions["provinces"]] == [row["code"] for row in provinces]
    for entry, row in zip(regions["provinces"], provinces, strict=True):
        assert entry["name"] == row["name"]
        assert entry["candidates"]
        assert set(entry["candidates"]) <= REGIONS
        assert list(dict.fromkeys(former["region"] for former in entry["former"])) == entry["candidates"]


def test_regions_are_only_a_suggestion_and_ask_where_the_merger_joined_two(regions: Any) -> None:
    assert regions["source"] == "memory"
    assert regions["confirmed"] is False
    asked = {entry["name"]: entry["candidates"] for entry in regions["provinces"] if len(entry["candidates"]) > 1}
    assert asked == {
        "Bắc Ninh": ["dbsh", "tdmnpb"],
        "Phú Thọ": ["tdmnpb", "dbsh"],
        "Quảng Ngãi": ["dhntb", "tn"],
        "Gia Lai": ["tn", "dhntb"],
        "Đắk Lắk": ["tn", "dhntb"],
        "Lâm Đồng": ["tn", "dhntb"],
        "Tây Ninh": ["dnb", "dbscl"],
    }


def test_the_63_former_provinces_occur_once_each(regions: Any) -> None:
    former = [(old["name"], old["region"]) for entry in regions["provinces"] for old in entry["former"]]
    assert len({name for name, _ in former}) == len(former) == 63
    assert Counter(region for _, region in former) == {
        "tdmnpb": 14,
        "dbsh": 11,
        "btb": 6,
        "dhntb": 8,
        "tn": 5,
        "dnb": 6,
        "dbscl": 13,
    }
