"""The published JSON Schema and the loader agree: what the schema refuses, the loader refuses too."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ntm_desktop import catalogue, paths
from ntm_desktop.catalogue import indicators, overlays, sets
from ntm_desktop.model.catalogue import MeasureKind, Operator, Source
from ntm_desktop.model.units import Level

FOLDER = paths.resources() / "catalogues"
FILES = sorted(FOLDER.rglob("*.yaml"))
SCHEMA: dict[str, Any] = json.loads(
    (paths.schema() / "catalogue" / "catalogue.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)


def content(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def small(path: Path) -> Any:
    """A shipped file cut down to a few rows of different kinds, so that many changes can be tried."""
    value = content(path)
    if "criteria" in value:
        value["criteria"] = [item for item in value["criteria"] if item["number"] in ("1", "5", "10")][:3]
        value.pop("indicator_total", None)
        for criterion in value["criteria"]:
            for row in criterion["indicators"]:
                row["operator"] = row["operator"] or (">=" if row["kind"] != "boolean" else "dat")
    return value


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert len(FILES) == 6


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_files_and_their_canonical_form_fit(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(content(path))] == []
    canonical = json.loads(catalogue.to_json(catalogue.load(path)))
    assert [error.message for error in VALIDATOR.iter_errors(canonical)] == []


@pytest.mark.parametrize(
    ("name", "enum"), [("source", Source), ("level", Level), ("kind", MeasureKind), ("operator", Operator)]
)
def test_lists_of_words_are_those_of_the_types(name: str, enum: type[StrEnum]) -> None:
    assert SCHEMA["$defs"][name]["enum"] == [item.value for item in enum]


def test_keys_are_those_of_the_loader() -> None:
    defs = SCHEMA["$defs"]
    for name, required, optional in (
        ("set", sets.SET_REQUIRED, sets.SET_OPTIONAL),
        ("criterion", ("number", "name"), sets.CRITERION_OPTIONAL),
        ("indicator", indicators.INDICATOR_REQUIRED, indicators.INDICATOR_OPTIONAL),
        ("overlay", overlays.OVERLAY_REQUIRED, overlays.OVERLAY_OPTIONAL),
        ("override", overlays.OVERRIDE_REQUIRED, overlays.OVERRIDE_OPTIONAL),
    ):
        assert set(defs[name]["required"]) == set(required), name
        assert set(defs[name]["properties"]) == {*required, *optional}, name


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from containers(item)


ODD_VALUES: tuple[Any, ...] = (None, True, False, -1, 1.5, "", "chữ", "2024-13-01", [], ["a"], [None], {}, {"id": 1})
SMALL = [small(path) for path in FILES]


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_the_schema_refuses_the_loader_refuses(data: st.DataObject, tmp_path: Path) -> None:
    """One change anywhere: a key dropped, added or renamed, a value of another type put in its place."""
    value = copy.deepcopy(data.draw(st.sampled_from(SMALL)))
    place = data.draw(st.sampled_from(list(containers(value))))
    key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    action = data.draw(st.sampled_from(["drop", "replace", "add"]))
    if action == "drop":
        del place[key]
    elif action == "replace":
        place[key] = data.draw(st.sampled_from(ODD_VALUES))
    elif isinstance(place, dict):
        place[data.draw(st.sampled_from(["lạ", "note", "urls", "name", "x"]))] = data.draw(st.sampled_from(ODD_VALUES))
    else:
        place.append(data.draw(st.sampled_from(ODD_VALUES)))
    path = tmp_path / "thử.yaml"
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
    refused = [f"{list(error.path)}: {error.message[:200]}" for error in VALIDATOR.iter_errors(value)]
    assert not refused or catalogue.check(path), refused


def test_the_small_files_are_sound_before_the_change(tmp_path: Path) -> None:
    for number, value in enumerate(SMALL):
        path = tmp_path / f"{number}.yaml"
        path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
        assert catalogue.check(path) == ()
