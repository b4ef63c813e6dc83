"""The satisfaction poll in papers: shares of ballots, and nothing concluded from a limit that nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.dossier import document as doc
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.procedure import Procedure
from ntm_desktop.model.records import Record
from tests.core.parts_samples import Value, count, decimal, facts, grid, made, procedure, question, village, words

# --- poll


HELD = Record(
    "poll",
    "self",
    {
        "led_by": "Uỷ ban Mặt trận mẫu",
        "form": "home",
        "began": "2024-09-02",
        "ended": "2024-09-20",
        "number": "7/BC-MTTQ",
        "issued": "2024-10-01",
    },
)
POLL = (
    HELD,
    village(1),
    village(2, 50, 45, 45, 40),
    question(1),
    question(2),
    count(1, 1, 80),
    count(2, 1, 30),
    count(1, 2, 75),
    count(2, 2, 37),
)


def test_poll_by_village() -> None:
    assert grid(made("poll_table", facts(POLL))) == [
        ["1", "Thôn mẫu 1", "100", "90", "90", "85", "80"],
        ["2", "Thôn mẫu 2", "50", "45", "90", "45", "40"],
        ["", "TỔNG CỘNG", "150", "135", "90", "130", "120"],
    ]


def test_poll_by_question() -> None:
    assert grid(made("poll_questions", facts(POLL))) == [
        ["1", "Nội dung mẫu 1", "120", "110", "91,67"],
        ["2", "Nội dung mẫu 2", "120", "112", "93,33"],
        ["", "Tính chung các nội dung", "240", "222", "92,5"],
    ]


def test_poll_against_the_limits_that_are_known() -> None:
    text = words(made("poll_summary", facts(POLL)))
    assert "do Uỷ ban Mặt trận mẫu chủ trì; hình thức: phát phiếu trực tiếp tại hộ;" in text
    assert "Báo cáo số 7/BC-MTTQ ngày 01 tháng 10 năm 2024." in text
    assert "02 thôn, bản có tổng số 150 hộ; phát ra 135 phiếu, bằng 90% số hộ (mức quy định 70%)" in text
    assert "Tỷ lệ hài lòng tính chung các nội dung: 92,5%, cao hơn mức quy định 90%." in text
    assert "02/02 nội dung có tỷ lệ hài lòng từ 80% trở lên theo quy định." in text
    assert "trí nhớ" not in text


def test_poll_below_a_limit_is_named() -> None:
    text = words(made("poll_summary", facts(POLL, using=procedure(poll_total="92.6", poll_question="92"))))
    assert "92,5%, thấp hơn mức quy định 92,6%." in text
    assert "có 01/02 nội dung có tỷ lệ hài lòng thấp hơn mức quy định 92%, gồm: Nội dung mẫu 1 (91,67%)." in text
    exact = words(made("poll_summary", facts(POLL, using=procedure(poll_total="92.5"))))
    assert "92,5%, bằng mức quy định 92,5%." in exact


@pytest.mark.parametrize(
    "using", [procedure(Source.UNCERTAIN), procedure(poll_total=None, poll_question=None, poll_households=None)]
)
def test_a_limit_in_doubt_is_only_named_as_not_known(using: Procedure) -> None:
    text = words(made("poll_summary", facts(POLL, using=using)))
    assert text.count("(mức quy định: ………%)") == 3
    assert "Chưa xác định được mức quy định về: mức poll_households; mức poll_total; mức poll_question;" in text
    assert not any(claim in text for claim in ("cao hơn", "thấp hơn", "bằng mức", "trở lên", "90%.", "80%"))


def test_a_limit_entered_locally_counts_and_one_remembered_is_told_as_such() -> None:
    local = Record("setting", "poll_total", {"value": "95", "basis": "Văn bản mẫu 5/HD"})
    text = words(made("poll_summary", facts([*POLL, local], using=procedure(Source.UNCERTAIN))))
    assert "92,5%, thấp hơn mức quy định 95%." in text
    told = words(made("poll_summary", facts([*POLL, local], using=procedure(Source.MEMORY))))
    assert "ghi theo trí nhớ, cần đối chiếu với văn bản gốc" in told
    assert "mức poll_question 80%" in told and "mức poll_total" not in told


def test_a_share_is_never_rounded_over_its_limit() -> None:
    records = (village(1, 100_000, 100_000, 100_000, 100_000), question(1), count(1, 1, 89_999))
    assert grid(made("poll_questions", facts(records)))[-1][-1] == "89,999"
    assert "89,999%, thấp hơn mức quy định 90%" in words(made("poll_summary", facts(records)))


def test_poll_with_counts_missing_or_impossible_has_no_share() -> None:
    missing = [record for record in POLL if record.record_id != "v2.q2"]
    rows = grid(made("poll_questions", facts(missing)))
    assert rows[1:] == [["2", "Nội dung mẫu 2", "120", "", ""], ["", "Tính chung các nội dung", "240", "", ""]]
    assert "còn 01/02 nội dung chưa tính được" in words(made("poll_summary", facts(missing)))
    wrong = [*missing, count(2, 2, 400)]
    blocks = made("poll_questions", facts(wrong))
    assert grid(blocks)[1] == ["2", "Nội dung mẫu 2", "120", "475", ""]
    assert "nội dung số 2: cần rà soát" in words(blocks)


def test_a_sum_of_ballots_stands_only_where_every_village_has_one() -> None:
    open_village = Record("poll_village", "v3", {"name": "Thôn mẫu 3", "households": 10, "sent": 5})
    assert grid(made("poll_table", facts([*POLL, open_village])))[-1] == ["", "TỔNG CỘNG", "160", "140", "87,5", "", ""]


def test_an_empty_poll_leaves_lines_to_write() -> None:
    for name in ("poll_table", "poll_questions"):
        assert [type(block) for block in made(name, facts())] == [doc.FillIn]
    text = words(made("poll_summary", facts()))
    assert "từ ngày …… tháng …… năm ……… đến" in text and "%" not in text


@given(st.data())
def test_poll_shares_are_shares_whatever_was_typed_and_in_any_order(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 4))
    numbers = st.one_of(st.none(), st.integers(0, 300))
    records = [question(m) for m in range(1, 4)]
    for n in range(size):
        fields = {name: data.draw(numbers) for name in ("households", "sent", "returned", "valid")}
        known: dict[str, Value] = {name: number for name, number in fields.items() if number is not None}
        records.append(Record("poll_village", f"v{n}", {"name": f"Thôn mẫu {n}"} | known))
        for m in range(1, 4):
            satisfied = data.draw(numbers)
            if satisfied is not None:
                records.append(count(n, m, satisfied))
    rows = [grid(made(name, facts(records))) for name in ("poll_table", "poll_questions")]
    assert [grid(made(name, facts(records[::-1]))) for name in ("poll_table", "poll_questions")] == rows
    assert all(0 <= decimal(row[4]) <= 100 for row in rows[1] if row[4])
    for column in (2, 3, 5, 6):
        *single, last = [row[column] for row in rows[0]]
        assert last == ("" if "" in single else f"{sum(int(decimal(item)) for item in single):,}".replace(",", "."))
    made("poll_summary", facts(records))
