"""Drafts: nothing typed is lost, one's own echo changes nothing, foreign changes leave open fields alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop import catalogue as catalogues
from ntm_desktop.model import rules, values
from ntm_desktop.model.assessment import AssessedIndicator, Assessment, Judgement, LocalLevel, Result, Verdict, Why
from ntm_desktop.model.catalogue import LegalBasis, MeasureKind, Operator
from ui.forms.draft import DATA_SOURCE, EXPLANATION, FIELDS, JUDGEMENT, VALUE, Draft, typed_of
from ui.forms.factory import FIELD_OF_KIND

SET = catalogues.builtin("xa-ntm-2021-2025")
HERE = Assessment("03390.xa-ntm-2021-2025.2024", "03390", SET.id, SET.version, "0" * 64, 2024, "tdmnpb")


def item_of(code: str, result: Result | None = None, local: LocalLevel | None = None) -> AssessedIndicator:
    indicator = SET.by_code[code]
    return rules.assess_indicator(SET, SET.criterion_of[code], indicator, HERE, result or Result(code), local)


def draft_of(code: str, result: Result | None = None, local: LocalLevel | None = None) -> Draft:
    return Draft(SET, HERE, item_of(code, result, local))


def stored(draft: Draft) -> AssessedIndicator:
    """The indicator as the store has it once everything of the draft is saved."""
    return item_of(draft.code, draft.result())


def state(draft: Draft) -> str:
    return "settled" if draft.settled else "unsent" if draft.unsent else "under way"


def test_every_kind_of_measure_has_a_field() -> None:
    assert set(FIELD_OF_KIND) == set(MeasureKind)


def test_the_verdict_follows_from_what_is_typed() -> None:
    draft = draft_of("3.1")
    assert draft.assessed().why is Why.NO_RESULT
    draft.change(VALUE, {"percent": "79,9"})
    assert draft.assessed().verdict is Verdict.NOT_MET
    draft.change(VALUE, {"percent": "80"})
    assert draft.assessed().verdict is Verdict.MET
    draft.change(VALUE, {"percent": "khoảng 80"})
    assert draft.assessed().why is Why.VALUE_UNCLEAR
    draft.change(JUDGEMENT, Judgement(Verdict.NOT_APPLICABLE, "Xã không có đất nông nghiệp"))
    assert draft.assessed().verdict is Verdict.NOT_APPLICABLE


def test_a_local_level_counts_while_one_types() -> None:
    level = LocalLevel(Operator.AT_LEAST, Decimal(50), LegalBasis("1487/QĐ-UBND", "2024-10-22"))
    draft = draft_of("17.1", local=level)
    draft.change(VALUE, {"numerator": "812", "denominator": "1.040"})
    assert draft.assessed().why is Why.VALUE_UNCLEAR  # 1.040 is asked back
    draft.change(VALUE, {"numerator": "812", "denominator": "1040"})
    assert draft.assessed().verdict is Verdict.MET


def test_only_what_changed_is_sent_and_each_change_once() -> None:
    draft = draft_of("3.1", Result("3.1", explanation="cũ"))
    assert not draft.change(EXPLANATION, "cũ")
    assert state(draft) == "settled"
    draft.change(VALUE, {"percent": "81"})
    assert state(draft) == "unsent"
    batch = draft.send()
    assert dict(batch.fields) == {"value": {"percent": "81"}}
    assert state(draft) == "under way"
    draft.taken(batch, stored(draft))
    assert state(draft) == "settled"


def test_what_is_typed_while_a_batch_is_under_way_stays_open() -> None:
    draft = draft_of("3.1")
    draft.change(EXPLANATION, "một")
    first = draft.send()
    between = stored(draft)
    draft.change(EXPLANATION, "một hai")
    draft.taken(first, between)
    assert draft.rebase(between) == ()
    assert draft[EXPLANATION] == "một hai" and draft.unsent
    assert draft.send().fields == {"explanation": "một hai"}


def test_a_refused_batch_waits_to_be_sent_again() -> None:
    draft = draft_of("3.1")
    draft.change(DATA_SOURCE, "Báo cáo")
    batch = draft.send()
    draft.refused(batch)
    assert draft.unsent and draft[DATA_SOURCE] == "Báo cáo"
    assert draft.rebase(item_of("3.1")) == ()
    again = draft.send()
    draft.taken(again, stored(draft))
    assert draft.settled


def test_foreign_changes_reach_fields_that_are_not_open() -> None:
    draft = draft_of("3.1", Result("3.1", {"percent": "70"}, explanation="cũ"))
    draft.change(EXPLANATION, "tôi đang gõ")
    other = item_of("3.1", Result("3.1", {"percent": "90"}, explanation="của người khác", responsible="Bà mẫu"))
    assert set(draft.rebase(other)) == {"value", "responsible"}
    assert draft[VALUE] == {"percent": Decimal(90)}
    assert draft[EXPLANATION] == "tôi đang gõ"


def test_carried_from_goes_when_the_value_is_changed() -> None:
    draft = draft_of("3.1", Result("3.1", {"percent": "85"}, carried_from=2023))
    draft.change(EXPLANATION, "thêm")
    assert draft.result().carried_from == 2023
    draft.change(VALUE, {"percent": "86"})
    assert draft.result().carried_from is None


PIECES: dict[str, st.SearchStrategy[Any]] = {
    "value": st.dictionaries(
        st.sampled_from(["percent", "numerator", "denominator"]), st.text("0123456789.,- %x", max_size=8), max_size=3
    ),
    "explanation": st.text(max_size=20),
    "data_source": st.text(max_size=20),
    "responsible": st.text(max_size=20),
    "figure_year": st.none() | st.integers(2000, 2024),
    "judgement": st.none() | st.builds(Judgement, st.sampled_from([Verdict.MET, Verdict.NOT_MET]), st.just("lý do")),
}
CHANGES = st.lists(st.sampled_from(FIELDS).flatmap(lambda name: st.tuples(st.just(name), PIECES[name])), max_size=12)


@given(CHANGES)
def test_whatever_is_typed_its_own_echo_changes_nothing(changes: list[tuple[str, Any]]) -> None:
    draft = draft_of("3.1")
    for name, given_value in changes:
        draft.change(name, given_value)
    shown = {name: draft[name] for name in FIELDS}
    echo = stored(draft)
    draft.taken(draft.send(), echo)
    assert draft.settled
    assert draft.rebase(echo) == ()
    assert {name: draft[name] for name in FIELDS} == shown


@pytest.mark.parametrize(
    "value",
    [
        {"percent": "78.1"},
        {"numerator": "812", "denominator": "1040", "conditions": True},
        {"typed": {"percent": "1.234"}, "numerator": "3"},
        {"percent": "0"},
        None,
    ],
)
def test_stored_and_typed_are_one(value: dict[str, Any] | None) -> None:
    measure = SET.by_code["3.1"].measure
    assert values.store(measure, typed_of(value)) == value
