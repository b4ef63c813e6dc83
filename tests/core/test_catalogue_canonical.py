"""Canonical JSON: every set comes back exactly as it was, its hash names its content, and nothing odd is taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_desktop import catalogue
from ntm_desktop.errors import CatalogueInvalid
from ntm_desktop.model.catalogue import (
    ALLOWED_OPERATORS,
    Catalogue,
    Choice,
    CommuneGroup,
    Criterion,
    Indicator,
    LegalBasis,
    Measure,
    MeasureKind,
    Operator,
    Part,
    Provenance,
    Region,
    Requirement,
    Source,
    SpecialRule,
    SubCondition,
)
from ntm_desktop.model.text import nfc
from ntm_desktop.model.units import Level

LETTERS = "aăâbcdđeêợửẫ ỵĐẾ17.%\"'\\:#-{}\n≥«»"
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True).filter(lambda text: text != "chung")
codes = st.from_regex(r"[0-9A-ZĐ]{1,3}(\.[0-9a-x]{1,3})?", fullmatch=True)
texts = st.text(LETTERS, max_size=20).map(nfc)
names = texts.filter(lambda text: bool(text.strip()))
dates = st.dates().map(lambda day: day.isoformat())
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
bases = st.builds(LegalBasis, names, dates, texts, texts)


def levels(
    keys: tuple[str, ...], level: st.SearchStrategy[Decimal | None]
) -> st.SearchStrategy[Mapping[str, Decimal | None]]:
    return st.dictionaries(st.sampled_from(keys), level) if keys else st.just({})


@st.composite
def indicators(draw: st.DrawFn, code: str, regions: tuple[str, ...], groups: tuple[str, ...]) -> Indicator:
    kind = draw(st.sampled_from(MeasureKind))
    operator = draw(st.sampled_from(sorted(ALLOWED_OPERATORS[kind])))
    source = draw(st.sampled_from(Source))
    judged = operator in (Operator.HOLDS, Operator.ABSENT)
    level: st.SearchStrategy[Decimal | None] = st.none()
    if source is not Source.UNCERTAIN:
        level = st.none() | (st.just(Decimal(1)) if judged else numbers)
    general = (*regions, "chung")
    ids = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    return Indicator(
        code=code,
        name=draw(names),
        measure=Measure(
            kind,
            draw(texts),
            tuple(Choice(item, draw(names), draw(st.integers(0, 99))) for item in ids if kind is MeasureKind.CHOICE),
            tuple(Part(item, draw(names)) for item in ids if kind is MeasureKind.CHECKLIST),
            draw(texts),
            draw(texts),
            draw(texts),
        ),
        requirement=Requirement(
            operator,
            draw(level),
            draw(levels(general, level)),
            draw(levels(groups, level)),
            draw(st.dictionaries(st.integers(1900, 2099), levels(general, level), max_size=3)),
            draw(st.none() | st.booleans()),
        ),
        provenance=Provenance(
            draw(st.sampled_from(Source)),
            draw(st.sampled_from(Source)),
            source,
            tuple(draw(st.lists(names, max_size=2))),
            draw(texts),
            draw(texts),
        ),
        official_code=draw(st.booleans()),
        sub_conditions=tuple(
            SubCondition(
                draw(names), tuple(draw(st.lists(st.sampled_from(regions), max_size=2))) if regions else (), draw(texts)
            )
            for _place in range(draw(st.integers(0, 2)))
        ),
        evidence=tuple(draw(st.lists(names, max_size=2))),
        basis=draw(st.none() | bases),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    regions = tuple(draw(st.lists(slugs, max_size=3, unique=True)))
    groups = tuple(draw(st.lists(slugs, max_size=2, unique=True)))
    wanted = iter(draw(st.lists(codes, min_size=1, max_size=5, unique=True)))
    numbered = draw(st.lists(codes, min_size=1, max_size=3, unique=True))
    criteria = []
    for number in numbered:
        own = [draw(indicators(code, regions, groups)) for code in [next(wanted, None), next(wanted, None)] if code]
        criteria.append(Criterion(number, draw(names), tuple(own), draw(texts), draw(texts)))
    count = sum(len(criterion.indicators) for criterion in criteria)
    rules = [SpecialRule(draw(slugs), draw(names), regions[0], draw(st.sampled_from(Source)))] if regions else []
    return Catalogue(
        id=draw(slugs),
        version=draw(st.from_regex(r"[0-9A-Za-z]{1,4}", fullmatch=True)),
        name=draw(names),
        level=draw(st.sampled_from(Level)),
        period=draw(names),
        basis=draw(bases),
        criteria=tuple(criteria),
        short_name=draw(texts),
        amended_by=tuple(draw(st.lists(st.builds(LegalBasis, names, st.just("") | dates, texts, texts), max_size=2))),
        regions=tuple(Region(item, draw(names)) for item in regions),
        groups=tuple(CommuneGroup(item, draw(names), draw(texts)) for item in groups),
        special_rules=tuple(rules),
        conditions=tuple(draw(st.lists(names, max_size=2))),
        indicator_total=draw(st.none() | st.integers(count, 99)),
        historical=draw(st.booleans()),
        note=draw(texts),
        extends=draw(texts),
        typed_by=draw(texts),
        checked_by=draw(texts),
    )


@settings(max_examples=120)
@given(catalogues())
def test_every_set_comes_back_as_it_was(made: Catalogue) -> None:
    content = catalogue.to_json(made)
    again = catalogue.from_json(content)
    assert again == made
    assert catalogue.to_json(again) == content
    assert catalogue.content_hash(made) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("catalogue_id", catalogue.builtin_ids())
def test_the_built_in_sets_come_back(catalogue_id: str) -> None:
    loaded = catalogue.builtin(catalogue_id)
    again = catalogue.from_json(catalogue.to_json(loaded))
    assert again == loaded
    assert [item.line for item in again.indicators()] == [0] * len(loaded.by_code)


def test_numbers_are_text_and_written_one_way() -> None:
    """12.50 and 12.5 are one level, so they have one hash."""
    made = catalogue.builtin("xa-ntm-kieu-mau-2021-2025")

    def with_level(level: str) -> Catalogue:
        criterion = made.criteria[0]
        first = replace(criterion.indicators[1], requirement=Requirement(Operator.AT_LEAST, Decimal(level)))
        return replace(made, criteria=(replace(criterion, indicators=(first,)),), indicator_total=1)

    assert catalogue.content_hash(with_level("12.50")) == catalogue.content_hash(with_level("12.5"))
    assert catalogue.content_hash(with_level("12.51")) != catalogue.content_hash(with_level("12.5"))
    assert b'"threshold":"12.5"' in catalogue.to_json(with_level("1.25E+1"))


def test_any_other_text_gives_another_hash() -> None:
    made = catalogue.builtin("xa-ntm-2021-2025")
    assert catalogue.content_hash(replace(made, note=made.note + ".")) != catalogue.content_hash(made)


ODD: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "not a number": b'{"format":NaN}',
    "deep": b"[" * 100_000,
    "half a letter": '"Quy hoạch"'.encode()[:-3],
    "huge": b'"' + b"x" * 5_000_001 + b'"',
    "repeated key": b'{"format":1,"format":1}',
}


@pytest.mark.parametrize("what", ODD)
def test_odd_content_is_refused(what: str) -> None:
    with pytest.raises(CatalogueInvalid):
        catalogue.from_json(ODD[what])


def test_content_that_is_not_canonical_is_refused() -> None:
    """What is pinned by its hash has one form only: not spaced, not sorted otherwise, no number as number."""
    made = catalogue.builtin("xa-ntm-kieu-mau-2021-2025")
    value = json.loads(catalogue.to_json(made))
    for other in (
        json.dumps(value, ensure_ascii=False, sort_keys=True),
        json.dumps(value, sort_keys=True, separators=(",", ":")),
        json.dumps(dict(reversed(value.items())), ensure_ascii=False, separators=(",", ":")),
        catalogue.to_json(made).decode().replace('"threshold":"1.1"', '"threshold":1.1'),
        catalogue.to_json(made).decode().replace('"threshold":"1.1"', '"threshold":"1.10"'),
        "\ufeff" + catalogue.to_json(made).decode(),
    ):
        with pytest.raises(CatalogueInvalid):
            catalogue.from_json(other.encode())


@settings(max_examples=200)
@given(st.data())
def test_one_changed_byte_is_refused_or_another_set(data: st.DataObject) -> None:
    content = bytearray(catalogue.to_json(catalogue.builtin("xa-ntm-kieu-mau-2021-2025")))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        other = catalogue.from_json(bytes(content))
    except CatalogueInvalid:
        return
    assert catalogue.to_json(other) == bytes(content)
