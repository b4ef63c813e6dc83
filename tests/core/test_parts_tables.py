"""Figures, money and construction debt: exact sums and shares, nothing claimed that nobody has shown."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_desktop.dossier import document as doc
from ntm_desktop.model.records import Record
from tests.core.parts_samples import MONEY, Value, debt, decimal, facts, grid, made, money, stated, words

# --- general


def test_general_figures_in_official_numbers() -> None:
    values: dict[str, Value] = {
        "area": "45.6",
        "villages": 9,
        "households": 1200,
        "population": 5600,
        "minority": "85.25",
        "poor": 41,
        "near_poor": 1300,  # cannot be: no share of it
        "income": "43.5",
    }
    text = words(made("general_figures", facts([Record("general", "self", values)])))
    assert text.startswith("Xã Sơn Bình có diện tích tự nhiên 45,6 km²; gồm 09 thôn, bản với 1.200 hộ, 5.600 người;")
    assert "Số hộ nghèo: 41 hộ (chiếm 3,42%); số hộ cận nghèo: 1.300 hộ. " in text
    assert "85,25%" in text and "43,5 triệu đồng/người/năm" in text


def test_general_figures_leave_room_for_what_is_missing() -> None:
    text = words(made("general_figures", facts()))
    assert text.count("………") == 8
    assert "chiếm" not in text and "None" not in text


# --- money


def test_money_by_year_and_source() -> None:
    rows = grid(made("money_table", facts(MONEY)))
    assert rows == [
        ["Năm 2023"],
        ["1", "Ngân sách tỉnh\nVốn mẫu", "800", "750,5", "75,01", "600", "79,95"],
        ["2", "Nhân dân đóng góp", "", "250", "24,99", "250", "100"],
        ["", "Cộng năm 2023", "800", "1.000,5", "100", "850", "84,96"],
        ["Năm 2024"],
        ["1", "Ngân sách tỉnh", "100", "300", "100", "100", "33,33"],
        ["", "Cộng năm 2024", "100", "300", "100", "100", "33,33"],
        ["Tổng cộng giai đoạn 2023 - 2024"],
        ["1", "Ngân sách tỉnh", "900", "1.050,5", "80,78", "700", "66,63"],
        ["2", "Nhân dân đóng góp", "", "250", "19,22", "250", "100"],
        ["", "TỔNG CỘNG", "900", "1.300,5", "100", "950", "73,05"],
    ]


def test_money_units_stand_in_the_heads_of_the_columns() -> None:
    (table,) = made("money_table", facts(MONEY))
    assert isinstance(table, doc.Table)
    assert [column.title for column in table.columns if "triệu đồng" in column.title] == [
        "Kế hoạch (triệu đồng)",
        "Đã huy động (triệu đồng)",
        "Đã giải ngân (triệu đồng)",
    ]


def test_money_in_a_sentence() -> None:
    blocks = made("money_sentence", facts(MONEY))
    assert ["".join(run.text for run in block.content) for block in blocks if isinstance(block, doc.Paragraph)] == [
        "Tổng nguồn lực huy động giai đoạn 2023 - 2024: 1.300,5 triệu đồng, trong đó: ngân sách tỉnh 1.050,5 triệu "
        "đồng (chiếm 80,78%); Nhân dân đóng góp 250 triệu đồng (chiếm 19,22%).",
        "Số vốn đã giải ngân: 950 triệu đồng, đạt 73,05% số đã huy động.",
    ]


def test_what_was_spent_has_no_share_while_part_of_it_is_not_known() -> None:
    records = (*MONEY, money("e", "credit", 2024, raised="10"))
    rows = grid(made("money_table", facts(records)))
    assert ["2", "Vốn tín dụng", "", "10", "3,23", "", ""] in rows
    assert rows[-1] == ["", "TỔNG CỘNG", "900", "1.310,5", "100", "950", ""]
    assert "đạt" not in words(made("money_sentence", facts(records)))


def test_money_that_was_not_raised_yet_is_told() -> None:
    records = (*MONEY, money("e", "", None, planned="10"))
    blocks = made("money_table", facts(records))
    assert "Còn 01 khoản chưa nhập số đã huy động" in words(blocks)
    assert ["1", "Chưa rõ nguồn", "10", "", "", "", ""] in grid(blocks)


def test_without_money_the_sentence_asks_and_no_table_stands_empty() -> None:
    assert [type(block) for block in made("money_sentence", facts())] == [doc.FillIn]
    assert made("money_table", facts()) == []


def test_nearly_everything_never_reads_as_everything() -> None:
    records = (money("a", "people", 2024, raised="1", spent="1"), money("b", "other", 2024, raised="999999", spent="0"))
    rows = grid(made("money_table", facts(records)))
    assert [row[4] for row in rows[1:]] == ["0", "99,9999", "100"]


AMOUNTS = st.one_of(
    st.none(), st.decimals(0, 10**9, places=2, allow_nan=False), st.sampled_from([Decimal(0), Decimal(10**20)])
)
SOURCES = st.sampled_from(["central", "province", "people", "other", ""])


@given(
    st.lists(st.tuples(SOURCES, st.integers(2021, 2023), AMOUNTS, AMOUNTS), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_sums_and_shares_of_money_hold_in_any_order(
    given: list[tuple[str, int, Decimal | None, Decimal | None]], order: random.Random
) -> None:
    records = []
    for n, (source, year, raised, spent) in enumerate(given):
        known = {"raised": raised, "spent": spent}
        records.append(
            money(f"r{n}", source, year, **{key: format(x, "f") for key, x in known.items() if x is not None})
        )
    rows = grid(made("money_table", facts(records)))
    shuffled = list(records)
    order.shuffle(shuffled)
    assert grid(made("money_table", facts(shuffled))) == rows
    assert sum((decimal(row[3]) for row in rows if row[0] and len(row) > 1 and row[3]), Decimal(0)) in (
        sum((raised or Decimal(0) for _source, _year, raised, _spent in given), Decimal(0)) * factor
        for factor in (1, 2)  # the band over all years adds everything once more
    )
    shares = [decimal(row[4]) for row in rows if len(row) > 1 and row[4]]
    assert all(0 <= share <= 100 for share in shares)


# --- construction debt


def test_debt_by_project_with_sums() -> None:
    records = [
        debt("a", "1200.5", "1000", total="1500", year=2023, decision="12/QĐ-UBND", plan="Quý I năm 2025"),
        debt("b", "300", "350", total="400"),
        debt("c", "100", "100"),
    ]
    rows = grid(made("debt_table", facts(records)))
    assert rows == [
        ["1", "Công trình mẫu b", "", "400", "300", "350", "0", "Đã thanh toán vượt giá trị nghiệm thu 50 triệu đồng."],
        ["2", "Công trình mẫu c", "", "", "100", "100", "0", ""],
        ["3", "Công trình mẫu a\n12/QĐ-UBND", "2023", "1.500", "1.200,5", "1.000", "200,5", "Quý I năm 2025"],
        ["", "TỔNG CỘNG", "", "1.900", "1.600,5", "1.450", "200,5", ""],
    ]


def test_debt_that_is_left_is_named_with_its_sum_whatever_a_person_states() -> None:
    for state in ((), (stated(none=True),)):
        text = words(made("debt_sentence", facts([debt("a", "1200.5", "1000"), debt("c", "1", "1"), *state])))
        assert "là 200,5 triệu đồng của 01 công trình, dự án, gồm: Công trình mẫu a (200,5 triệu đồng)." in text
        assert "không có nợ đọng" not in text


@pytest.mark.parametrize(
    ("records", "none"),
    [
        ([], False),
        ([stated()], False),
        ([stated(none=False)], False),
        ([stated(none=True)], True),
        ([debt("a", "5", "5")], True),
        ([debt("a", "5", "6")], True),
        ([debt("a", "5", "5"), debt("b", "5")], False),
        ([debt("b", "5"), stated(none=True)], False),
        ([debt("b", "5", "4"), stated(none=True)], False),
        ([debt("a", "5", "9"), debt("b", "5", "4")], False),
    ],
)
def test_no_debt_is_said_only_where_it_is_stated_or_shown(records: list[Record], none: bool) -> None:
    text = words(made("debt_sentence", facts(records)))
    assert ("không có nợ đọng" in text) is none


def test_no_debt_with_its_date_and_the_paper_that_confirms_it() -> None:
    text = words(made("debt_sentence", facts([stated(none=True, confirmed_by="Văn bản mẫu số 9/TC")])))
    assert "Tính đến ngày 30 tháng 9 năm 2024, trong thực hiện Chương trình" in text
    assert "không có nợ đọng xây dựng cơ bản (văn bản xác nhận: Văn bản mẫu số 9/TC)." in text


def test_debt_of_projects_without_figures_has_no_sum() -> None:
    known = facts([debt("a", "5", "4"), debt("b", "5")])
    assert grid(made("debt_table", known))[-1] == ["", "TỔNG CỘNG", "", "", "10", "4", "", ""]
    assert "Còn 01 công trình, dự án chưa có đủ số liệu" in words(made("debt_sentence", known))
    assert made("debt_table", facts()) == []


def test_a_sentence_names_ten_projects_and_the_table_has_three_hundred() -> None:
    known = facts([debt(f"{n:03d}", "2", "1") for n in range(300)])
    rows = grid(made("debt_table", known))
    assert len(rows) == 301
    assert rows[-1][6] == "300"
    assert "và 290 công trình, dự án khác." in words(made("debt_sentence", known))
