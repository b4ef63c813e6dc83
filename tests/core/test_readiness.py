"""What an office would send a dossier back for: each check with data that passes it and data that does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop import wording
from ntm_desktop.model.assessment import Judgement, Result, Verdict
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages, owed
from ntm_desktop.model.issues import Severity
from ntm_desktop.model.paper_template import BlockKind, PaperTemplate, TemplateBlock
from ntm_desktop.model.procedure import Check, Condition, DocumentEntry, Procedure, Setting, SettingId
from ntm_desktop.model.readiness import Area, Finding, FindingCode, blocking, find
from ntm_desktop.model.records import Record
from tests.core.dossier_samples import XA, evidence, filled, indicator, small_set
from tests.core.dossier_samples import assessed as assess

CONDITIONS = (
    Condition("criteria", "Đáp ứng đầy đủ bộ tiêu chí", Check.CRITERIA),
    Condition("debt", "Không có nợ đọng xây dựng cơ bản", Check.DEBT),
    Condition("poll", "Tỷ lệ hài lòng của người dân", Check.POLL),
    Condition("security", "Bảo đảm an ninh, trật tự", Check.STATED),
)
LIMITS = {
    SettingId.VOTE_SHARE: "90",
    SettingId.POLL_TOTAL: "90",
    SettingId.POLL_QUESTION: "80",
    SettingId.POLL_HOUSEHOLDS: "70",
    SettingId.BROADCASTS: "5",
    SettingId.POSTED_DAYS: "15",
}
PAPER = PaperTemplate(
    "to-trinh",
    "Tờ trình",
    "Tờ trình",
    (
        TemplateBlock(BlockKind.SECTION, options={"id": "ly-do", "name": "Lý do"}),
        TemplateBlock(BlockKind.SECTION, "Câu mẫu.", options={"id": "ket", "name": "Kết"}),
    ),
    symbol="TTr-UBND",
)


def procedure(source: Source = Source.FOUND, **values: str | None) -> Procedure:
    limits: dict[str, str | None] = {**{str(key): value for key, value in LIMITS.items()}, **values}
    settings = tuple(Setting(key, key, "%", value, source) for key, value in limits.items())
    documents = (DocumentEntry("to-trinh", "Tờ trình", "to-trinh"),)
    return Procedure("mau", "Thủ tục mẫu", "1", (), (), (), settings, CONDITIONS, documents)


def ready_records() -> tuple[Record, ...]:
    """Everything as an office wants it."""
    votes: dict[str, str | int | bool] = {"purpose": "recommend", "held_on": "2024-10-01", "present": 40, "agreed": 40}
    told: dict[str, str | int | bool] = {"place": "Nhà văn hoá mẫu", "chair": "Chủ trì mẫu", "secretary": "Thư ký mẫu"}
    villages = [
        Record("poll_village", f"v{n}", {"name": f"Thôn mẫu {n}", "households": 100, "sent": 90, "valid": 80})
        for n in (1, 2)
    ]
    counts = [Record("poll_count", f"v{n}.q{m}", {"satisfied": 76}) for n in (1, 2) for m in (1, 2)]
    questions = [Record("poll_question", f"q{m}", {"place": m, "text": f"Nội dung mẫu {m}"}) for m in (1, 2)]
    return (
        Record("general", "self", {"villages": 2, "households": 200, "population": 900}),
        Record("publication", "self", {"posted_from": "2024-09-01", "posted_to": "2024-09-15", "broadcasts": 5}),
        Record("meeting", "m1", votes | told),
        Record("opinion", "o1", {"giver": "front", "name": "Mặt trận mẫu"}),
        Record("money", "g1", {"source": "province", "year": 2024, "raised": "100.5", "spent": "100"}),
        Record("debt_state", "self", {"none": True, "until": "2024-09-30"}),
        Record("poll", "self", {"led_by": "Mặt trận mẫu"}),
        Record("condition", "security", {"holds": True, "number": "1/XN-CAX"}),
        Record("section", "to-trinh.ly-do", {"text": "Lý do mẫu."}),
        Record("document", "to-trinh", {"number": "15", "issued": "2024-10-02", "signer_name": "Mẫu", "signed": True}),
        *villages,
        *questions,
        *counts,
    )


MET = assess(
    small_set(indicator("1.1"), indicator("1.2")),
    [Result(code, {"percent": "95"}, figure_year=2024) for code in ("1.1", "1.2")],
    pieces=[evidence("e1", "1.1", "1.2", number="1/BC", issued="2024-05-01")],
)


def facts(records: Iterable[Record] = ready_records(), using: Procedure | None = None) -> DossierFacts:
    return DossierFacts(MET, using or procedure(), {"to-trinh": PAPER}, tuple(records), {"e1": EvidencePages(3)})


def without(kind: str, record_id: str = "") -> tuple[Record, ...]:
    return tuple(item for item in ready_records() if item.kind != kind or record_id not in ("", item.record_id))


def with_values(kind: str, record_id: str, **values: str | int | bool | None) -> tuple[Record, ...]:
    changed = []
    for item in ready_records():
        if (item.kind, item.record_id) == (kind, record_id):
            merged = {**item.values, **values}
            item = replace(item, values={name: value for name, value in merged.items() if value is not None})
        changed.append(item)
    return tuple(changed)


def codes(found: Iterable[Finding]) -> list[str]:
    return [str(item.issue.code if item.issue else item.code) for item in found]


def test_a_dossier_with_everything_has_no_line() -> None:
    assert codes(find(facts())) == []


@pytest.mark.parametrize(
    ("records", "code", "place"),
    [
        (without("meeting"), FindingCode.VOTE_MISSING, "meeting"),
        (with_values("meeting", "m1", agreed=35), FindingCode.VOTE_BELOW, "meeting/m1/agreed"),
        (with_values("meeting", "m1", disagreed=1), FindingCode.VOTE_IMPOSSIBLE, "meeting/m1/agreed"),
        (with_values("publication", "self", broadcasts=4), FindingCode.BROADCASTS_BELOW, "publication/self/broadcasts"),
        (
            with_values("publication", "self", posted_to="2024-09-14"),
            FindingCode.POSTED_TOO_SHORT,
            "publication/self/posted_to",
        ),
        (without("opinion"), FindingCode.FRONT_SILENT, "opinion"),
        (without("debt_state"), FindingCode.DEBT_OPEN, "debt_state/self/none"),
        (without("condition"), FindingCode.CONDITION_OPEN, "condition/security/holds"),
        (with_values("condition", "security", holds=False), FindingCode.CONDITION_FAILS, "condition/security/holds"),
        (without("poll_village"), FindingCode.POLL_MISSING, "poll_village"),
        (without("poll_question"), FindingCode.POLL_MISSING, "poll_question"),
        (with_values("poll_village", "v1", sent=10), FindingCode.POLL_IMPOSSIBLE, "poll_village/v1"),
        (with_values("poll_count", "v1.q1", satisfied=81), FindingCode.POLL_IMPOSSIBLE, "poll_count/v1.q1/satisfied"),
        (with_values("poll_count", "v1.q1", satisfied=50), FindingCode.POLL_QUESTION_BELOW, "poll_question/q1"),
        (with_values("poll_count", "v1.q1", satisfied=50), FindingCode.POLL_BELOW, "poll_village"),
        (with_values("poll_village", "v1", households=400), FindingCode.POLL_TOO_FEW, "poll_village"),
    ],
)
def test_what_blocks(records: tuple[Record, ...], code: FindingCode, place: str) -> None:
    found = [item for item in find(facts(records)) if item.code is code]
    assert [(item.severity, item.area, item.place) for item in found] == [(Severity.BLOCKING, Area.RECORD, place)]


@pytest.mark.parametrize(
    ("records", "code", "area", "place"),
    [
        (without("money"), FindingCode.MONEY_MISSING, Area.RECORD, "money"),
        (with_values("money", "g1", spent="100.6"), FindingCode.SPENT_OVER_RAISED, Area.RECORD, "money/g1/spent"),
        (with_values("meeting", "m1", chair=None), FindingCode.FIELD_MISSING, Area.RECORD, "meeting/m1/chair"),
        (without("section"), FindingCode.SECTION_EMPTY, Area.SECTION, "to-trinh.ly-do"),
        (
            with_values("document", "to-trinh", signer_name=None),
            FindingCode.SIGNER_MISSING,
            Area.RECORD,
            "document/to-trinh/signer_name",
        ),
        (
            with_values("document", "to-trinh", issued="2024-09-30"),
            FindingCode.PAPER_BEFORE_VOTE,
            Area.RECORD,
            "document/to-trinh/issued",
        ),
        (
            with_values("opinion", "o1", content="Cần bổ sung"),
            FindingCode.OPINION_UNANSWERED,
            Area.RECORD,
            "opinion/o1/taken",
        ),
        (without("poll_count", "v2.q2"), FindingCode.POLL_COUNT_MISSING, Area.RECORD, "poll_count/v2.q2/satisfied"),
    ],
)
def test_what_should_be_mended(records: tuple[Record, ...], code: FindingCode, area: Area, place: str) -> None:
    found = [item for item in find(facts(records)) if item.code is code]
    assert [(item.severity, item.area, item.place) for item in found] == [(Severity.WARNING, area, place)]


def test_a_debt_blocks_by_name_and_contradicts_the_statement() -> None:
    project = Record("debt", "d1", {"project": "Đường mẫu", "accepted": "1000.5", "paid": "900"})
    found = find(facts((*ready_records(), project)))
    assert codes(found) == ["debt_contradicts", "debt_left"]
    assert wording.finding_sentence(found[1]) == "Còn nợ đọng 100,5 triệu đồng: Đường mẫu."


def test_a_debt_that_is_half_entered_is_open_and_one_that_is_paid_is_none() -> None:
    half = Record("debt", "d1", {"project": "Đường mẫu", "accepted": "10"})
    paid = Record("debt", "d2", {"project": "Cầu mẫu", "accepted": "10", "paid": "10"})
    assert "debt_open" in codes(find(facts((*without("debt_state"), half))))
    assert "debt_left" not in codes(find(facts((*ready_records(), paid))))


@pytest.mark.parametrize("source", [Source.UNCERTAIN])
def test_nothing_is_concluded_from_what_is_uncertain(source: Source) -> None:
    """Shares far below, but nobody has seen the limits: the program asks for them."""
    low = with_values("meeting", "m1", agreed=1)
    found = find(facts(low, procedure(source)))
    assert set(codes(found)) == {"setting_unknown"}
    assert {item.place for item in found} == {str(key) for key in LIMITS}


def test_a_local_value_with_its_document_is_computed_with() -> None:
    local = Record("setting", "vote_share", {"value": "95", "basis": "Hướng dẫn mẫu"})
    low = (*with_values("meeting", "m1", agreed=37), local)
    assert "vote_below" in codes(find(facts(low, procedure(Source.UNCERTAIN))))
    unnamed = replace(local, values={"value": "95"})
    low = (*with_values("meeting", "m1", agreed=37), unnamed)
    assert "vote_below" not in codes(find(facts(low, procedure(Source.UNCERTAIN))))


def test_remembered_limits_are_computed_with_and_said_to_be() -> None:
    found = find(facts(with_values("meeting", "m1", agreed=1), procedure(Source.MEMORY)))
    assert {"vote_below", "setting_remembered"} <= set(codes(found))


def test_figures_of_another_year_are_a_note_only_where_the_procedure_allows_them() -> None:
    other = assess(
        small_set(indicator("1.1")),
        [Result("1.1", {"percent": "95"}, figure_year=2023)],
        pieces=[evidence("e1", "1.1", number="1/BC", issued="2024-05-01")],
    )
    shown = replace(facts(), assessed=other)
    (warned,) = [item for item in find(shown) if item.issue]
    allowed = replace(shown, procedure=procedure(preceding_year="yes"))
    (noted,) = [item for item in find(allowed) if item.issue]
    assert (warned.severity, noted.severity) == (Severity.WARNING, Severity.NOTE)


def test_unmet_indicators_block_and_lead_to_the_first() -> None:
    judged = Result("1.2", {"percent": "95"}, Judgement(Verdict.NOT_MET, "Lý do mẫu"))
    worse = assess(small_set(indicator("1.1"), indicator("1.2")), [Result("1.1", {"percent": "95"}), judged])
    found = [item for item in find(replace(facts(), assessed=worse)) if item.code is FindingCode.CRITERIA_UNMET]
    assert [(item.place, item.severity) for item in found] == [("1.2", Severity.BLOCKING)]
    assert wording.finding_sentence(found[0]) == "Còn 1 chỉ tiêu chưa đạt, 0 chỉ tiêu chưa đánh giá."


def test_a_file_whose_pages_nobody_can_count_is_named_until_its_sheets_are_entered() -> None:
    unknown = replace(facts(), pages={"e1": EvidencePages(None)})
    assert codes(find(unknown)) == ["sheets_unknown"]
    counted = replace(MET, evidence=tuple(replace(piece, sheets=4) for piece in MET.evidence))
    assert codes(find(replace(unknown, assessed=counted))) == []


def test_every_kind_of_finding_has_its_sentence() -> None:
    empty = DossierFacts(filled(XA), procedure(Source.UNCERTAIN), {"to-trinh": PAPER})
    for item in (*find(empty), *find(facts(with_values("meeting", "m1", agreed=1), procedure(Source.MEMORY)))):
        sentence = wording.finding_sentence(item)
        assert sentence.endswith(".") and "{" not in sentence, sentence
    names = "not_met open condition amount project village question reached needed name kind field setting value"
    arguments = dict.fromkeys([*names.split(), "paper", "section", "year", "title"], "5")
    for code in FindingCode:
        if code is not FindingCode.ISSUE:
            told = wording.finding_sentence(Finding(code, Severity.NOTE, Area.RECORD, "x", arguments))
            assert told.endswith(".") and "{" not in told


def test_counting_what_blocks() -> None:
    found = find(facts(without("meeting")))
    assert blocking(found) == 1 and len(find(facts(()))) > blocking(find(facts(()))) > 3


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_owed_is_exact(accepted: int, paid: int) -> None:
    cents = Decimal("0.01")
    record = Record("debt", "d", {"accepted": str(accepted * cents), "paid": str(paid * cents)})
    assert owed(record) == (accepted - paid) * cents
