"""FORMAT.md and the JSON Schemas say what the program does."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ntm_desktop import paths
from ntm_desktop.exchange import LIMITS, manifest
from ntm_desktop.exchange.strict import Malformed
from tests.bench import mutate_packages
from tests.core.exchange_samples import parts_of, sample_package

FOLDER = paths.schema() / "package"
READERS = {"header": manifest.header_from_json, "manifest": manifest.manifest_from_json}


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", ["header", "manifest"])
def test_the_schema_takes_what_the_writer_writes(name: str, tmp_path: Path) -> None:
    data = json.loads(dict(parts_of(sample_package(tmp_path)))[f"{name}.json"])
    validator(name).validate(data)
    READERS[name](data, LIMITS)


@pytest.mark.parametrize("name", ["header", "manifest"])
def test_what_the_schema_refuses_the_reader_refuses(name: str, tmp_path: Path) -> None:
    good = dict(parts_of(sample_package(tmp_path, files=2)))[f"{name}.json"]
    schema, chance, refused = validator(name), random.Random(3), 0
    for _ in range(800):
        data: Any = json.loads(good)
        mutate_packages.lie(chance, data)
        if not schema.is_valid(data):
            refused += 1
            with pytest.raises(Malformed):
                READERS[name](data, LIMITS)
    assert refused > 400


def test_format_md_names_every_limit_with_its_value() -> None:
    text = (FOLDER / "FORMAT.md").read_text(encoding="utf-8")
    written = {name: int(value) for name, value in re.findall(r"^\| `(\w+)`[^|]*\| (\d+) \|$", text, re.MULTILINE)}
    assert written == dataclasses.asdict(LIMITS)
