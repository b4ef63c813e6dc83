"""FORMAT.md and the JSON Schemas say what the program does."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pyrage
import pytest

from ntm_desktop import paths
from ntm_desktop.exchange import LIMITS, cards, header, manifest
from ntm_desktop.exchange.strict import Malformed
from tests.core.exchange_samples import KEYS, OFFICE_KEYS, card_of, parts_of, recipient, sample_package

FOLDER = paths.schema() / "package"
READERS: dict[str, Callable[[Any], Any]] = {
    "header": lambda data: header.header_from_json(data, LIMITS),
    "manifest": lambda data: manifest.manifest_from_json(data, LIMITS),
    "card": cards.card_from_json,
}


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def good(name: str, folder: Path, files: int = 5) -> Any:
    """A description as the program writes it."""
    if name == "card":
        return card_of(KEYS).to_json()
    return json.loads(dict(parts_of(sample_package(folder, files=files)))[f"{name}.json"])


@pytest.mark.parametrize("name", READERS)
def test_the_schema_takes_what_the_writer_writes(name: str, tmp_path: Path) -> None:
    data = good(name, tmp_path)
    validator(name).validate(data)
    READERS[name](data)


def test_the_schemas_take_what_is_sealed(tmp_path: Path) -> None:
    package = sample_package(tmp_path, recipients=(recipient(OFFICE_KEYS),), passphrase="một hai ba")
    parts = dict(parts_of(package))
    validator("header").validate(json.loads(parts["header.json"]))
    identity = pyrage.x25519.Identity.from_str(OFFICE_KEYS.age_secret)
    validator("manifest").validate(json.loads(pyrage.decrypt(parts["manifest.age"], [identity])))


@pytest.mark.parametrize("name", READERS)
def test_what_the_schema_refuses_the_reader_refuses(name: str, tmp_path: Path) -> None:
    data = json.dumps(good(name, tmp_path, files=2))
    schema, chance, refused = validator(name), random.Random(3), 0
    for _ in range(800):
        changed: Any = json.loads(data)
        lie(chance, changed)
        if not schema.is_valid(changed):
            refused += 1
            with pytest.raises(Malformed):
                READERS[name](changed)
    assert refused > 400


def lie(chance: random.Random, data: Any) -> None:
    """One place of a description becomes something else."""
    *way, last = chance.choice(list(_places(data)))
    holder = data
    for step in way:
        holder = holder[step]
    act = chance.randrange(3)
    if act == 0 and isinstance(holder, dict):
        del holder[last]
    elif act == 1 and isinstance(holder[last], dict):
        holder[last]["thêm"] = 1
    else:
        wrong: list[Any] = [True, [], {}, "", "x" * 400, -1, 2**53, [[]], {"a": None}]
        holder[last] = chance.choice([value for value in wrong if value != holder[last]])


def _places(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in members:
        yield from _places(value, (*place, name))


def test_format_md_names_every_limit_with_its_value() -> None:
    text = (FOLDER / "FORMAT.md").read_text(encoding="utf-8")
    written = {name: int(value) for name, value in re.findall(r"^\| `(\w+)`[^|]*\| (\d+) \|$", text, re.MULTILINE)}
    assert written == dataclasses.asdict(LIMITS)
