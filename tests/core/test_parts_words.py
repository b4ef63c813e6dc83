"""What the papers in words say: exact sentences for full, partial and empty data, nothing that the data do not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as any_of
from hypothesis import strategies as st

from ntm_desktop.catalogue.paper_templates import builtin_paper_templates
from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.compose import compose
from ntm_desktop.dossier.making import Making
from ntm_desktop.dossier.parts import parts
from ntm_desktop.model.appraisal import OpinionVerdict
from ntm_desktop.model.assessment import Judgement, LocalLevel, Result, Verdict
from ntm_desktop.model.catalogue import LegalBasis, MeasureKind, Operator, Source
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import Check, Condition, SettingId
from ntm_desktop.model.records import BY_ID, FieldType, Record
from tests.core.dossier_facts_samples import (
    TEN,
    changed,
    empty,
    facts,
    opinions,
    procedure,
    records,
    ten,
    with_pieces,
    without,
)
from tests.core.dossier_samples import SETS, XA, assessed, builtin, evidence, filled, indicator, small_set

ON = date(2024, 11, 5)
PAPERS = ("to-trinh", "bao-cao", "bieu-tu-danh-gia", "y-kien", "bien-ban", "tham-tra", "bieu-tham-tra")
MINE = (
    *("results", "result_summary", "self_assessment", "conditions", "attachments", "publication"),
    *("meeting_details", "meeting_vote", "attendance", "steering_meetings", "opinions_table", "opinions_summary"),
    *("appraisal_table", "appraisal_summary", "appraisal_conditions"),
)
ASKED = "xem xét, thẩm tra và trình cấp có thẩm quyền xét, công nhận"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple) and value and all(isinstance(item, doc.Run) for item in value):
        yield "".join(run.text for run in value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _texts(getattr(value, name))


def said(part: str, given: DossierFacts, document_id: str = "bao-cao") -> list[str]:
    """Every text of a part, line by line."""
    making = Making(document_id, ON, entry=given.procedure.document(document_id))
    return list(_texts(tuple(parts()[part](given, making))))


def paper(document_id: str, given: DossierFacts) -> str:
    """All texts of a whole paper made by the shipped template."""
    templates = builtin_paper_templates()
    made = replace(given, templates=templates)
    entry = given.procedure.document(document_id)
    return "\n".join(_texts(compose(templates[document_id], made, Making(document_id, ON, entry=entry))))


def having(*given: Record) -> DossierFacts:
    return facts(told=given)


# --- results


def test_an_unmet_set_claims_no_recognition() -> None:
    two = small_set(indicator("1"), indicator("2"), criteria=2)
    request = paper("to-trinh", facts(assessed(two, [Result("1", {"percent": "90"})])))
    assert "Tự đánh giá đạt 1/2 tiêu chí, 1/2 chỉ tiêu." in request
    assert "Còn 01 tiêu chí chưa đánh giá, gồm: tiêu chí số 2 (Tiêu chí mẫu 2)." in request
    assert "Chưa đủ điều kiện để trình." in request
    assert "tự đánh giá đạt 1/2 tiêu chí, 1/2 chỉ tiêu; chưa đáp ứng điều kiện." in request
    assert ASKED not in request
    assert "xem xét, hướng dẫn xã Sơn Bình hoàn thiện./." in request


def test_a_met_set_asks_for_recognition_without_a_warning() -> None:
    request = paper("to-trinh", facts(told=changed("document", "to-trinh", addressee=None)))
    assert "Tự đánh giá đạt 19/19 tiêu chí, 57/57 chỉ tiêu." in request
    asked = f"kính đề nghị Ủy ban nhân dân tỉnh Lai Châu {ASKED} xã Sơn Bình đạt chuẩn nông thôn mới năm 2024./."
    assert asked in request
    assert "rà soát" not in request
    assert "Theo Báo cáo số 16/BC-UBND ngày 01 tháng 10 năm 2024 của Ủy ban nhân dân xã Sơn Bình" in request


@pytest.mark.parametrize("document_id", PAPERS)
def test_nothing_is_concluded_on_an_incomplete_set(document_id: str) -> None:
    text = paper(document_id, facts(filled(TEN, met=True), appraised=True))
    assert "/10 tiêu chí" not in text
    assert ASKED not in text
    if document_id in ("to-trinh", "bieu-tu-danh-gia", "tham-tra", "bieu-tham-tra"):
        assert "mới có 05/47 chỉ tiêu nên chưa kết luận" in text


def test_a_complete_set_of_ten_criteria_reads_like_one_of_nineteen() -> None:
    assert "Tự đánh giá đạt 10/10 tiêu chí, 17/17 chỉ tiêu." in paper("to-trinh", facts(ten()))
    assert "Tiêu chí đạt: 10 tiêu chí, gồm số 1" in paper("bao-cao", facts(ten()))
    assert "Còn 10 tiêu chí chưa đánh giá, gồm:" in paper("to-trinh", facts(ten(met=False)))


@pytest.mark.parametrize(
    ("catalogue_id", "standard"),
    [
        (XA, "đạt chuẩn nông thôn mới"),
        ("xa-ntm-nang-cao-2021-2025", "đạt chuẩn nông thôn mới nâng cao"),
        ("xa-ntm-kieu-mau-2021-2025", "đạt chuẩn nông thôn mới kiểu mẫu"),
    ],
)
def test_the_title_is_of_the_set(catalogue_id: str, standard: str) -> None:
    for document_id in ("to-trinh", "bien-ban", "tham-tra"):
        assert f"công nhận xã Sơn Bình {standard} năm 2024" in paper(document_id, facts(filled(catalogue_id)))


def test_by_hand_and_other_years_are_said_everywhere() -> None:
    results = [
        Result("1.1", {"percent": "70"}, Judgement(Verdict.MET, "Tỉnh đã thống nhất")),
        Result("1.2", {"percent": "90"}, figure_year=2023),
        Result("1.3", {"percent": "90"}, carried_from=2022),
    ]
    given = facts(assessed(small_set(indicator("1.1"), indicator("1.2"), indicator("1.3")), results))
    report, table = paper("bao-cao", given), paper("bieu-tu-danh-gia", given)
    for text in (report, table, paper("bieu-tham-tra", given)):
        assert "đánh giá bằng tay" in text
        assert "Tỉnh đã thống nhất" in text
        assert "số liệu năm 2023" in text
        assert "sử dụng kết quả năm trước liền kề (2022)" in text
    assert "Có 01 chỉ tiêu được đánh giá bằng tay, có ghi lý do tại kết quả từng chỉ tiêu: 1.1." in report
    assert "Có 01 chỉ tiêu sử dụng kết quả, số liệu năm 2022: 1.3." in report


def test_the_table_shows_level_value_year_and_papers() -> None:
    level = LocalLevel(Operator.AT_LEAST, Decimal(75), LegalBasis("1253/QĐ-UBND", "2024-08-30"))
    pieces = [evidence(f"e{n}", "1.1", number=f"{n}/BC-UBND" if n else "", summary="Tên " * 30) for n in range(5)]
    result = Result("1.1", {"numerator": "812", "denominator": "1040"}, data_source="Niên giám mẫu")
    given = facts(assessed(small_set(indicator("1.1", "Tỷ lệ mẫu")), [result], {"1.1": level}, pieces))
    lines = said("self_assessment", given, "bieu-tu-danh-gia")
    for title in ("TT", "Tên tiêu chí", "Nội dung tiêu chí", "Mức đạt chuẩn", "Kết quả thực hiện"):
        assert title in lines
    for title in ("Kết quả tự đánh giá", "Năm số liệu", "Minh chứng, ghi chú"):
        assert title in lines
    for line in ("1.1. Tỷ lệ mẫu", "78,08% (812/1.040)", "Đạt", "2024"):
        assert line in lines
    assert "≥ 75%\n(1253/QĐ-UBND ngày 30/08/2024)" in lines
    (papers,) = [line for line in lines if "1/BC-UBND" in line]
    assert papers.endswith("…; 1/BC-UBND; 2/BC-UBND; và 02 minh chứng khác")
    assert "nguồn: Niên giám mẫu" in lines


def test_the_report_has_all_that_was_entered() -> None:
    results = [Result("1.1", {"text": "Đủ"}, explanation="Giải thích X", data_source="Nguồn Y", responsible="Phòng Z")]
    given = facts(assessed(small_set(indicator("1.1", kind=MeasureKind.TEXT)), results))
    (line,) = [text for text in said("results", given) if "1.1." in text]
    assert line == (
        "1.1. Chỉ tiêu mẫu. Mức đạt chuẩn: Đạt. Kết quả thực hiện: Đủ. Tự đánh giá: chưa đánh giá. Giải thích X. "
        "Nguồn số liệu: Nguồn Y. Phụ trách: Phòng Z."
    )


def test_the_request_says_less_of_the_results_than_the_report() -> None:
    given = facts(filled(XA))
    request, report = said("result_summary", given, "to-trinh"), said("result_summary", given)
    assert "Còn 07 tiêu chí chưa đạt, gồm: tiêu chí số 5 (Trường học);" in "\n".join(request)
    assert "Về chỉ tiêu" not in "\n".join(request)
    assert "Về chỉ tiêu: 49 chỉ tiêu đạt (bằng 85,96% số chỉ tiêu áp dụng); 08 chỉ tiêu chưa đạt." in report


# --- conditions


def test_conditions_say_what_the_data_say() -> None:
    lines = said("conditions", facts())
    assert lines[0].endswith(": tự đánh giá đạt 19/19 tiêu chí, 57/57 chỉ tiêu; đáp ứng điều kiện.")
    text = "\n".join(lines)
    assert (
        "tính đến ngày 30 tháng 9 năm 2024, không có nợ đọng xây dựng cơ bản (văn bản xác nhận: Văn bản số 3/XN-MẪU); "
        "đáp ứng điều kiện."
    ) in text
    assert (
        "tỷ lệ hài lòng chung đạt 95,56% trên tổng số phiếu hợp lệ (mức quy định: từ 90% trở lên, từng nội dung từ 80% "
        "trở lên); đáp ứng điều kiện."
    ) in text
    assert ": đáp ứng điều kiện, theo văn bản số 9/XN-MẪU ngày 03 tháng 10 năm 2024." in text


def test_conditions_without_data_leave_room() -> None:
    blocks = list(parts()["conditions"](empty(), Making("bao-cao", ON)))
    assert isinstance(blocks[0], doc.Paragraph)
    assert "đạt 0/19 tiêu chí, 0/57 chỉ tiêu; chưa đáp ứng điều kiện." in blocks[0].content[0].text
    assert [type(block) for block in blocks[1:]] == [doc.FillIn] * 3


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            changed("debt", "d1", paid="1000"),
            "tính đến ngày 30 tháng 9 năm 2024, còn nợ đọng 450,5 triệu đồng của 01 công trình, dự án; chưa đáp ứng "
            "điều kiện.",
        ),
        (changed("condition", "an-ninh", holds=False, number=None), ": chưa đáp ứng điều kiện."),
        (changed("condition", "an-ninh", number="Giấy xác nhận số 9"), ", theo Giấy xác nhận số 9 ngày 03 tháng 10"),
        (
            changed("poll_count", "v1.q1", satisfied=20),
            "; 01 nội dung có tỷ lệ hài lòng dưới mức quy định; chưa đáp ứng điều kiện.",
        ),
    ],
)
def test_conditions_that_fail_say_so(told: tuple[Record, ...], sentence: str) -> None:
    assert sentence in "\n".join(said("conditions", facts(told=told)))


@pytest.mark.parametrize("limit", [SettingId.POLL_TOTAL, SettingId.POLL_QUESTION])
def test_nothing_is_concluded_of_a_poll_without_its_limit(limit: str) -> None:
    lines = said("conditions", facts(using=procedure(values={limit: ""})))
    (line,) = [text for text in lines if "hài lòng chung" in text]
    assert line.endswith("tỷ lệ hài lòng chung đạt 95,56% trên tổng số phiếu hợp lệ.")


def test_a_share_just_below_its_limit_is_not_rounded_up_to_it() -> None:
    villages = [
        Record("poll_village", "v1", {"name": "Bản mẫu", "households": 99999, "sent": 99999, "valid": 99999}),
        Record("poll_question", "q1", {"place": 1, "text": "Nội dung mẫu"}),
        Record("poll_count", "v1.q1", {"satisfied": 89998}),
    ]
    (line,) = [text for text in said("conditions", having(*villages)) if "hài lòng chung" in text]
    assert "đạt 89,999% trên" in line
    assert line.endswith("chưa đáp ứng điều kiện.")


def test_conditions_of_the_set_stand_beside_those_of_the_procedure() -> None:
    advanced = facts(filled("xa-ntm-nang-cao-2021-2025"))
    assert any("đ) Là xã đạt chuẩn nông thôn mới (đáp ứng" in text for text in said("conditions", advanced))
    own = Condition("da-dat", "Là xã đã đạt chuẩn nông thôn mới", Check.STATED, source=Source.FOUND)
    known = replace(procedure(), conditions=(own, *procedure().conditions))
    told = said("conditions", replace(advanced, procedure=known))
    assert sum("chuẩn nông thôn mới" in text for text in told) == 1


# --- meeting


def test_the_minutes_follow_the_form() -> None:
    text = paper("bien-ban", facts())
    order = (
        "Số: 18/BB-UBND",
        "BIÊN BẢN",
        "Thời gian bắt đầu: 08 giờ 00 phút, ngày 05 tháng 10 năm 2024.",
        "Địa điểm: Hội trường xã mẫu.",
        "Thành phần tham dự:",
        "Ban Phát triển các bản (mẫu).",
        "Số đại biểu được mời: 42 người; số đại biểu có mặt: 40 người (bằng 95,24% số đại biểu được mời).",
        "Số đại biểu vắng mặt: 02 người.",
        "Chủ trì (chủ tọa): Chủ trì Mẫu, Chủ tịch Ủy ban nhân dân xã.",
        "Thư ký (người ghi biên bản): Thư ký Mẫu, Công chức xã.",
        "Nội dung cuộc họp",
        "Đại biểu thảo luận (mẫu).",
        "Kết quả bỏ phiếu",
        "Kết quả bỏ phiếu của 40 đại biểu có mặt:",
        "Tỷ lệ đại biểu nhất trí: 95% số đại biểu có mặt.",  # 90% is only remembered
        "Kết luận",
        "Thống nhất đề nghị xét, công nhận (mẫu).",
        "Cuộc họp kết thúc vào 11 giờ 30 phút, ngày 05 tháng 10 năm 2024./.",
    )
    places = [text.index(line) for line in order]
    assert places == sorted(places)


def test_the_secretary_signs_left_and_the_chair_right() -> None:
    template = builtin_paper_templates()["bien-ban"]
    made = compose(template, facts(), Making("bien-ban", ON, entry=facts().procedure.document("bien-ban")))
    foot = made.blocks[-1]
    assert isinstance(foot, doc.SignatureBlock)
    assert foot.left is not None
    assert (foot.left.lines, foot.left.name) == (("THƯ KÝ",), "Thư ký Mẫu")
    assert (foot.right.lines, foot.right.name) == (("CHỦ TỌA",), "Chủ trì Mẫu")


def votes(given: DossierFacts) -> list[list[str]]:
    """The table of votes, row by row."""
    (table,) = [
        block for block in parts()["meeting_vote"](given, Making("bien-ban", ON)) if isinstance(block, doc.Table)
    ]
    rows = [row for row in table.rows if isinstance(row, doc.Row)]
    return [["".join(run.text for text in item.paragraphs for run in text) for item in row.cells] for row in rows]


def test_votes_are_counted_with_their_shares() -> None:
    assert votes(facts()) == [
        ["1", "Nhất trí đề nghị xét, công nhận", "38", "95"],
        ["2", "Không nhất trí", "01", "2,5"],
        ["3", "Phiếu không hợp lệ, ý kiến khác", "01", "2,5"],
        ["", "Cộng", "40", "100"],
    ]
    assert votes(facts(told=changed("meeting", "m1", blank=None)))[-1][2:] == ["", ""]
    assert votes(empty())[0] == ["1", "Nhất trí đề nghị xét, công nhận", "", ""]


@pytest.mark.parametrize(
    ("values", "needed", "sentence"),
    [
        (
            {"agreed": 35},
            "90",
            "Tỷ lệ đại biểu nhất trí: 87,5% số đại biểu có mặt, chưa đạt mức quy định (từ 90% trở lên).",
        ),
        ({"agreed": 35}, "", "Tỷ lệ đại biểu nhất trí: 87,5% số đại biểu có mặt."),
        ({"agreed": 41}, "90", ""),
        ({"agreed": None}, "90", ""),
        ({"present": 30000, "agreed": 26999}, "90", "Tỷ lệ đại biểu nhất trí: 89,997% số đại biểu có mặt, chưa đạt"),
    ],
)
def test_what_follows_from_the_vote(values: dict[str, int | None], needed: str, sentence: str) -> None:
    local = [Record("setting", "vote_share", {"value": needed, "basis": "Hướng dẫn số 5/HD-MẪU"})] if needed else []
    told = (*changed("meeting", "m1", **values), *local)
    given = facts(told=told, using=procedure(values={"vote_share": needed}))
    text = "\n".join(said("meeting_vote", given, "bien-ban"))
    assert (sentence in text) if sentence else ("Tỷ lệ đại biểu nhất trí" not in text)


def test_minutes_without_a_meeting_are_a_form_to_fill_in() -> None:
    text = paper("bien-ban", empty())
    assert "Thời gian bắt đầu: …… giờ …… phút, ngày …… tháng …… năm ………\n" in text
    assert "Số đại biểu được mời: ……… người; số đại biểu có mặt: ……… người." in text
    assert "Tỷ lệ đại biểu nhất trí" not in text
    blocks = list(parts()["meeting_details"](empty(), Making("bien-ban", ON)))
    assert sum(isinstance(block, doc.FillIn) for block in blocks) == 2


def test_meetings_before_are_told_in_the_report() -> None:
    lines = said("steering_meetings", facts())
    assert lines[0] == (
        "Đã tổ chức 01 cuộc họp chỉ đạo, điều hành; 01 cuộc họp rà soát, tự đánh giá; 01 cuộc họp lấy ý kiến Nhân dân."
    )
    assert "Ngày 20 tháng 02 năm 2024, tại Hội trường xã mẫu: Giao nhiệm vụ từng thành viên (mẫu)." in lines
    assert said("steering_meetings", empty()) == []


# --- opinions


def test_opinions_are_counted_and_told() -> None:
    text = "\n".join(said("opinions_summary", facts(), "y-kien"))
    assert (
        "Tổng hợp được ý kiến của 01 cơ quan Mặt trận Tổ quốc; 02 tổ chức chính trị - xã hội; Nhân dân tại 02 thôn, "
        "bản."
    ) in text
    assert "Số người được lấy ý kiến: 190 người; số ý kiến nhất trí: 186, bằng 97,89%." in text
    assert (
        "Kết quả xử lý: 02 ý kiến nhất trí, không có ý kiến khác; 01 ý kiến được tiếp thu; 02 ý kiến được giải trình."
    ) in text


def test_opinions_lacking_a_number_or_an_answer_are_told_as_such() -> None:
    given = facts(told=changed("opinion", "o4", agreed=None, taken=None))
    text = "\n".join(said("opinions_summary", given, "y-kien"))
    assert "Số người được lấy ý kiến (tại 01 nơi có đủ số liệu): 90 người; số ý kiến nhất trí: 88, bằng 97,78%." in text
    assert "01 ý kiến chưa ghi kết quả xử lý." in text


def test_the_table_of_opinions_has_organisations_and_people() -> None:
    lines = said("opinions_table", facts(), "y-kien")
    for line in (
        "I. Ý kiến của Mặt trận Tổ quốc Việt Nam",
        "II. Ý kiến của các tổ chức chính trị - xã hội",
        "III. Ý kiến của Nhân dân",
        "11/CV-MẪU ngày 12/09/2024",
        "Đề nghị bổ sung số liệu về rác thải (mẫu)",
        "Tiếp thu",
        "Đã bổ sung số liệu năm 2024 (mẫu)",
        "Nhất trí, không có ý kiến khác",
        "Lấy ý kiến: 100 người",
        "Nhất trí: 98 ý kiến",
    ):
        assert line in lines
    assert said("opinions_table", empty(), "y-kien") == []


def test_publication_names_days_places_and_broadcasts() -> None:
    lines = said("publication", facts(), "y-kien")
    assert (
        "Niêm yết công khai báo cáo từ ngày 02 tháng 9 năm 2024 đến ngày 17 tháng 9 năm 2024 (16 ngày), tại:" in lines
    )
    assert "Nhà văn hóa các bản (mẫu)." in lines
    assert "Thông báo trên hệ thống truyền thanh: 06 lần." in lines
    blank = "\n".join(said("publication", empty(), "y-kien"))
    assert "từ ngày …… tháng …… năm ……… đến ngày …… tháng …… năm ………, tại:" in blank
    assert "truyền thanh: ……… lần." in blank


# --- attachments


def test_attached_papers_have_their_numbers() -> None:
    given = replace(facts(), templates=builtin_paper_templates())
    lines = [text for text in said("attachments", given, "to-trinh") if text[1:3] == ") "]
    assert lines[0] == "a) Báo cáo kết quả thực hiện số 16/BC-UBND ngày 01 tháng 10 năm 2024;"
    assert lines[1] == "b) Biểu tổng hợp kết quả tự đánh giá;"
    assert not any("Tờ trình" in line or "thẩm tra" in line or "hộp" in line for line in lines)
    assert lines[-1].endswith("Mục lục minh chứng.")
    assert any("hài lòng" in line for line in lines)
    plain = replace(empty(), templates=builtin_paper_templates())
    blank = said("attachments", plain, "to-trinh")
    assert "a) Báo cáo kết quả thực hiện số ……/BC-UBND ngày …… tháng …… năm ………;" in blank
    assert not any("hài lòng" in line for line in blank)  # made only when there is a poll
    assert said("attachments", given, "tham-tra")[0].startswith(
        "a) Tờ trình đề nghị thẩm tra, xét, công nhận số 15/TTr"
    )


# --- appraisal


def test_appraisal_stands_beside_self_assessment_and_is_never_mixed() -> None:
    lines = said("appraisal_summary", facts(appraised=True), "tham-tra")
    for line in (
        "Kết quả tự đánh giá của xã Sơn Bình: đạt 19/19 tiêu chí, 57/57 chỉ tiêu.",
        "Kết quả thẩm tra: đạt 16/19 tiêu chí, 54/57 chỉ tiêu; còn 01 chỉ tiêu chưa thẩm tra.",
        "Đã thẩm tra 56/57 chỉ tiêu, trong đó: 54 chỉ tiêu thống nhất với kết quả tự đánh giá; 01 chỉ tiêu chưa thống "
        "nhất; 01 chỉ tiêu cần bổ sung, giải trình.",
        "Hồ sơ được trả lại để bổ sung, hoàn thiện: Bổ sung minh chứng (mẫu).",
    ):
        assert line in lines
    assert any(line.startswith("1.2. ") and line.endswith(": Ý kiến mẫu 1.") for line in lines)


def test_the_table_of_appraisal_has_both_results() -> None:
    given = facts(filled(XA), appraised=True)
    lines = said("appraisal_table", given, "bieu-tham-tra")
    assert lines.count("Chưa thống nhất") == lines.count("Cần bổ sung") == lines.count("Chưa thẩm tra") == 1
    assert "Tự đánh giá: 2/2 chỉ tiêu đạt" in lines
    assert "Thẩm tra: 1/2 chỉ tiêu đạt" in lines
    assert {"Kết quả tự đánh giá", "Kết quả thẩm tra", "Ý kiến mẫu 1"} <= set(lines)


def test_an_office_that_agrees_to_a_result_not_met_makes_it_no_result_met() -> None:
    given = facts(filled(XA), appraised=True)
    agreed = {code: replace(item, verdict=OpinionVerdict.AGREED) for code, item in opinions(given.assessed).items()}
    last = list(given.assessed.by_code)[-1]
    agreed[last] = replace(next(iter(agreed.values())), code=last)
    text = "\n".join(said("appraisal_summary", replace(given, opinions=agreed), "tham-tra"))
    assert "Kết quả thẩm tra: đạt 12/19 tiêu chí, 49/57 chỉ tiêu." in text


def test_without_opinions_nothing_is_appraised() -> None:
    text = "\n".join(said("appraisal_summary", facts(), "tham-tra"))
    assert "Kết quả thẩm tra: đạt 0/19 tiêu chí, 0/57 chỉ tiêu; còn 57 chỉ tiêu chưa thẩm tra." in text
    assert "Đã thẩm tra 0/57 chỉ tiêu." in text


def test_conditions_are_appraised_on_what_the_dossier_says() -> None:
    lines = said("appraisal_conditions", facts(appraised=True), "tham-tra")
    assert any(
        ": theo hồ sơ, tự đánh giá đạt 19/19 tiêu chí, 57/57 chỉ tiêu; đáp ứng điều kiện." in line for line in lines
    )
    assert lines.count("Ý kiến thẩm tra:") == 4
    assert any(line.endswith(": hồ sơ chưa có số liệu.") for line in said("appraisal_conditions", empty(), "tham-tra"))


# --- all of them


@pytest.mark.parametrize("catalogue_id", SETS)
def test_every_set_makes_every_paper_full_and_empty(catalogue_id: str) -> None:
    for made in (facts(with_pieces(filled(catalogue_id)), appraised=True), empty(catalogue_id)):
        for document_id in PAPERS:
            text = paper(document_id, made)
            assert text
            assert "None" not in text
            assert "{" not in text


def test_a_village_set_makes_every_paper() -> None:
    village = replace(small_set(), name="Bộ tiêu chí thôn nông thôn mới tỉnh mẫu")
    given = facts(assessed(village, [Result("1.1", {"percent": "90"})]), without("meeting"))
    assert all("None" not in paper(document_id, given) for document_id in PAPERS)


HOSTILE = st.text(min_size=1, max_size=30) | st.sampled_from(
    ["{unit}", "<b>&", "=1+1", "\x00\x07", "%s%(x)d", "a\n\n- b\n", "\u202e\u05d0\u05d1", "🙂", "x" * 10_000]
)


@st.composite
def hostile_records(draw: st.DrawFn) -> tuple[Record, ...]:
    """The sample records with any text in every text field."""
    made = []
    for record in records():
        lines = [item.id for item in BY_ID[record.kind].fields if item.type in (FieldType.LINE, FieldType.TEXT)]
        values = dict(record.values)
        for name in lines:
            if name in values and draw(st.booleans()):
                values[name] = draw(HOSTILE)
        made.append(replace(record, values=values))
    return tuple(made)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@any_of(hostile_records())
def test_any_text_in_any_field_is_plain_data(told: tuple[Record, ...]) -> None:
    given = facts(SMALL, told, appraised=True)
    for name in MINE:
        for block in parts()[name](given, Making("bao-cao", ON)):
            assert not isinstance(block, str)
    text = "\n".join("\n".join(said(name, given)) for name in MINE)
    meeting = next(record for record in told if record.kind == "meeting" and record.record_id == "m1")
    place = meeting.text("place").strip()
    assert not place or place in text
    for record in told:
        if record.kind == "opinion":
            assert record.text("name") in text


SMALL = assessed(small_set(), [Result("1.1", {"percent": "90"}), Result("1.2", {"percent": "10"})])


@settings(max_examples=25, deadline=None)
@any_of(
    present=st.none() | st.integers(0, 10**6),
    agreed=st.none() | st.integers(0, 10**6),
    needed=st.sampled_from(["", "90", "66.67", "100"]),
)
def test_a_vote_never_reads_better_than_it_is(present: int | None, agreed: int | None, needed: str) -> None:
    told = changed("meeting", "m1", present=present, agreed=agreed)
    text = "\n".join(
        said("meeting_vote", facts(SMALL, told, using=procedure(values={"vote_share": needed})), "bien-ban")
    )
    reached = present and agreed is not None and agreed * 100 >= Decimal(needed or 0) * present
    if not needed or not reached:
        assert ", đạt mức quy định" not in text


def test_the_builtin_set_has_no_paper_with_a_claim_when_nothing_is_entered() -> None:
    for document_id in PAPERS:
        text = paper(document_id, empty())
        assert "; đáp ứng điều kiện" not in text
        assert ASKED not in text
    assert builtin(XA).indicators_complete
