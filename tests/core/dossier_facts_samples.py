"""Facts of a dossier for the tests of its papers: every kind of record filled, for sets of 19 and of 10 criteria.

No person, no organisation and no commune's figures: what is told says «mẫu».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from ntm_desktop.model import rules
from ntm_desktop.model.appraisal import DossierReturn, Opinion, OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Assessed, Judgement, Result, UnitProfile, Verdict
from ntm_desktop.model.catalogue import LegalBasis, Source
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages
from ntm_desktop.model.evidence import BlobRef, Evidence
from ntm_desktop.model.procedure import Check, Condition, DocumentEntry, Procedure, Setting, SettingId
from ntm_desktop.model.records import Record
from ntm_desktop.model.units import Level, Unit
from tests.core.dossier_samples import XA, builtin, evidence, filled
from tests.core.dossier_samples import assessed as assess

TEN = "xa-ntm-2026"
OFFICE = Unit("12", "Lai Châu", "Tỉnh Lai Châu", "tinh", Level.PROVINCE, "12", "Tỉnh Lai Châu")
VILLAGES = ("Bản mẫu 1", "Bản mẫu 2", "Bản mẫu 3")
QUESTIONS = ("Nội dung mẫu về giao thông", "Nội dung mẫu về môi trường", "Hài lòng chung (mẫu)")
BASES = (
    LegalBasis("18/2022/QĐ-TTg", "2022-08-02", "Ban hành Quy định điều kiện, trình tự, thủ tục, hồ sơ (mẫu)"),
    LegalBasis("03/2024/QĐ-TTg", "2024-03-07", "Sửa đổi, bổ sung một số điều (mẫu)"),
)
CONDITIONS = (
    Condition(
        "tieu-chi",
        "Đáp ứng đầy đủ mức đạt chuẩn theo yêu cầu của bộ tiêu chí",
        Check.CRITERIA,
        "điểm a khoản 1 Điều 4 Quy định ban hành kèm theo Quyết định số 18/2022/QĐ-TTg",
        Source.FOUND,
    ),
    Condition(
        "no-dong",
        "Không có nợ đọng xây dựng cơ bản trong thực hiện Chương trình trên địa bàn",
        Check.DEBT,
        "điểm b khoản 1 Điều 4 Quy định ban hành kèm theo Quyết định số 18/2022/QĐ-TTg",
        Source.FOUND,
    ),
    Condition("hai-long", "Tỷ lệ hài lòng của người dân đáp ứng quy định", Check.POLL, source=Source.FOUND),
    Condition("an-ninh", "Đạt tiêu chuẩn «An toàn về an ninh, trật tự»", Check.STATED, source=Source.FOUND),
)
DOCUMENTS = (
    DocumentEntry("to-trinh", "Tờ trình đề nghị thẩm tra, xét, công nhận", "to-trinh"),
    DocumentEntry("bao-cao", "Báo cáo kết quả thực hiện", "bao-cao"),
    DocumentEntry("bieu-tu-danh-gia", "Biểu tổng hợp kết quả tự đánh giá", "bieu-tu-danh-gia", excel=True),
    DocumentEntry("y-kien", "Báo cáo tổng hợp ý kiến tham gia", "y-kien"),
    DocumentEntry("bien-ban", "Biên bản cuộc họp đề nghị xét, công nhận", "bien-ban"),
    DocumentEntry("no-dong", "Báo cáo tình hình nợ đọng xây dựng cơ bản", "no-dong"),
    DocumentEntry("hai-long", "Báo cáo kết quả lấy ý kiến hài lòng", "hai-long", required=False),
    DocumentEntry("phu-luc-anh", "Hình ảnh minh họa", "phu-luc-anh"),
    DocumentEntry("muc-luc-minh-chung", "Mục lục minh chứng", "muc-luc-minh-chung", evidence_follows=True, excel=True),
    DocumentEntry("bia-hop", "Bìa hộp hồ sơ", "bia-hop", required=False, submitted=False),
    DocumentEntry("nhan-gay", "Nhãn gáy hộp hồ sơ", "nhan-gay", required=False, submitted=False),
    DocumentEntry("danh-muc-hop", "Danh mục tài liệu trong hộp", "danh-muc-hop", required=False, submitted=False),
    DocumentEntry("giao-nhan", "Biên bản giao nhận hồ sơ", "giao-nhan", required=False, submitted=False),
    DocumentEntry("con-thieu", "Danh mục nội dung còn thiếu", "con-thieu", required=False, submitted=False),
    DocumentEntry("tham-tra", "Báo cáo thẩm tra", "tham-tra", by_office=True),
    DocumentEntry("bieu-tham-tra", "Biểu tổng hợp kết quả thẩm tra", "bieu-tham-tra", by_office=True),
)
LIMITS: Mapping[str, tuple[str, str, str, Source]] = {
    SettingId.COPIES: ("Số bộ hồ sơ", "bộ", "", Source.UNCERTAIN),
    SettingId.VOTE_SHARE: ("Tỷ lệ nhất trí của đại biểu dự họp", "%", "90", Source.MEMORY),
    SettingId.POLL_HOUSEHOLDS: ("Tỷ lệ hộ được lấy ý kiến", "%", "", Source.UNCERTAIN),
    SettingId.POLL_TOTAL: ("Tỷ lệ hài lòng chung", "%", "90", Source.MEMORY),
    SettingId.POLL_QUESTION: ("Tỷ lệ hài lòng từng nội dung", "%", "80", Source.MEMORY),
    SettingId.BROADCASTS: ("Số lần phát trên truyền thanh", "lần", "5", Source.FOUND),
    SettingId.POSTED_DAYS: ("Số ngày công khai", "ngày", "15", Source.FOUND),
    SettingId.DEADLINE_DAYS: ("Thời hạn thẩm tra", "ngày làm việc", "", Source.UNCERTAIN),
    SettingId.APPRAISED_BY: ("Cơ quan thẩm tra", "", "", Source.UNCERTAIN),
    SettingId.RECOGNISED_BY: ("Người quyết định công nhận", "", "Chủ tịch Ủy ban nhân dân tỉnh", Source.FOUND),
}


def procedure(known: bool = True, values: Mapping[str, str] | None = None) -> Procedure:
    """A procedure with every paper; ``known`` off: no rule is known, as for 2026-2030;
    ``values``: other limits by id, empty for one that nobody has seen."""
    settings = tuple(
        Setting(key, name, unit, ((values or {}).get(key, value) or None) if known else None, source)
        for key, (name, unit, value, source) in LIMITS.items()
    )
    return Procedure(
        "mau", "Thủ tục mẫu", "1", BASES if known else (), (), (), settings, CONDITIONS, DOCUMENTS, note="Mẫu"
    )


def _single() -> Iterator[Record]:
    yield Record(
        "general",
        "self",
        {
            "area": "45.3",
            "villages": 3,
            "households": 300,
            "population": 1240,
            "minority": "85.5",
            "poor": 12,
            "near_poor": 9,
            "income": "52.4",
            "formed_from": "xã mẫu A, xã mẫu B",
            "merged_by": "Nghị quyết số 1/NQ-MẪU",
        },
    )
    yield Record(
        "publication",
        "self",
        {
            "posted_from": "2024-09-02",
            "posted_to": "2024-09-17",
            "places": "Trụ sở Ủy ban nhân dân xã (mẫu)\nNhà văn hóa các bản (mẫu)",
            "broadcasts": 6,
            "sent_on": "2024-09-01",
        },
    )
    yield Record("debt_state", "self", {"until": "2024-09-30", "confirmed_by": "Văn bản số 3/XN-MẪU"})
    yield Record(
        "poll",
        "self",
        {
            "led_by": "Ban Thường trực Ủy ban Mặt trận Tổ quốc mẫu",
            "sheet": "Phiếu số 1",
            "form": "home",
            "began": "2024-09-18",
            "ended": "2024-10-10",
            "number": "07/BC-MẪU",
            "issued": "2024-10-12",
        },
    )
    yield Record("procedure", "self", {"chosen": "mau"})


def _meetings() -> Iterator[Record]:
    told: dict[str, str | int | bool] = {
        "place": "Hội trường xã mẫu",
        "chair": "Chủ trì Mẫu",
        "chair_title": "Chủ tịch Ủy ban nhân dân xã",
        "secretary": "Thư ký Mẫu",
        "secretary_title": "Công chức xã",
    }
    yield Record(
        "meeting",
        "m1",
        {
            **told,
            "purpose": "recommend",
            "held_on": "2024-10-05",
            "begins": "08:00",
            "ends": "11:30",
            "composition": "Ban Chỉ đạo xã (mẫu)\nBan Quản lý xã (mẫu)\nBan Phát triển các bản (mẫu)",
            "invited": 42,
            "present": 40,
            "agreed": 38,
            "disagreed": 1,
            "blank": 1,
            "content": "Công chức xã trình bày báo cáo (mẫu).\nĐại biểu thảo luận (mẫu).",
            "conclusion": "Thống nhất đề nghị xét, công nhận (mẫu).",
        },
    )
    yield Record(
        "meeting",
        "m2",
        {
            **told,
            "purpose": "steering",
            "held_on": "2024-02-20",
            "present": 22,
            "conclusion": "Giao nhiệm vụ từng thành viên (mẫu)",
        },
    )
    yield Record(
        "meeting",
        "m3",
        {**told, "purpose": "assess", "held_on": "2024-08-15", "present": 18, "content": "Rà soát (mẫu)."},
    )
    yield Record(
        "meeting",
        "m4",
        {**told, "purpose": "people", "held_on": "2024-09-10", "place": "Nhà văn hóa Bản mẫu 1", "present": 60},
    )


def _opinions() -> Iterator[Record]:
    rows: tuple[dict[str, str | int | bool], ...] = (
        {
            "giver": "front",
            "name": "Ủy ban Mặt trận Tổ quốc Việt Nam xã (mẫu)",
            "number": "11/CV-MẪU",
            "issued": "2024-09-12",
            "content": "Đề nghị bổ sung số liệu về rác thải (mẫu)",
            "taken": "accepted",
            "response": "Đã bổ sung số liệu năm 2024 (mẫu)",
        },
        {
            "giver": "organisation",
            "name": "Hội mẫu 1",
            "number": "05/CV-MẪU",
            "issued": "2024-09-11",
            "taken": "agreed",
        },
        {
            "giver": "organisation",
            "name": "Hội mẫu 2",
            "content": "Đề nghị làm rõ tiêu chí số 10 (mẫu)",
            "taken": "explained",
            "response": "Thu nhập tính theo hướng dẫn (mẫu)",
        },
        {"giver": "people", "name": "Bản mẫu 1", "asked": 100, "agreed": 98, "taken": "agreed"},
        {
            "giver": "people",
            "name": "Bản mẫu 2",
            "asked": 90,
            "agreed": 88,
            "content": "Đề nghị làm đường nội đồng (mẫu)",
            "taken": "explained",
            "response": "Đã đưa vào kế hoạch năm 2025 (mẫu)",
        },
    )
    for place, values in enumerate(rows, start=1):
        yield Record("opinion", f"o{place}", values)


def _money_and_debt() -> Iterator[Record]:
    rows = (
        ("central", 2023, "5000", "5000", "4800"),
        ("province", 2023, "1200.5", "1200.5", "1200.5"),
        ("central", 2024, "6000", "6000", "5750.25"),
        ("commune", 2024, "300", "310", "310"),
        ("integrated", 2024, "2500", "2400", "2400"),
        ("people", 2024, "800", "950", "950"),
    )
    for place, (source, year, planned, raised, spent) in enumerate(rows, start=1):
        amounts = {"planned": planned, "raised": raised, "spent": spent}
        yield Record("money", f"g{place}", {"source": source, "year": year, **amounts, "note": "Ghi chú mẫu"})
    for place in (1, 2):
        yield Record(
            "debt",
            f"d{place}",
            {
                "project": f"Đường trục Bản mẫu {place}",
                "decision": f"Quyết định số {place}/QĐ-MẪU",
                "year": 2023,
                "total": "1500",
                "accepted": "1450.5",
                "paid": "1450.5",
                "plan": "Đã quyết toán (mẫu)",
            },
        )


def _poll() -> Iterator[Record]:
    for place, text in enumerate(QUESTIONS, start=1):
        yield Record("poll_question", f"q{place}", {"place": place, "text": text})
    for place, name in enumerate(VILLAGES, start=1):
        ballots = {"households": 100, "sent": 95, "returned": 93, "valid": 90}
        yield Record("poll_village", f"v{place}", {"name": name, **ballots})
        for question in range(1, len(QUESTIONS) + 1):
            yield Record("poll_count", f"v{place}.q{question}", {"satisfied": 90 - place - question})


def _papers() -> Iterator[Record]:
    for place, (document_id, issued) in enumerate(
        (
            ("to-trinh", "2024-10-08"),
            ("bao-cao", "2024-10-01"),
            ("y-kien", "2024-09-20"),
            ("bien-ban", "2024-10-05"),
            ("no-dong", "2024-10-02"),
            ("hai-long", "2024-10-12"),
        ),
        start=15,
    ):
        yield Record(
            "document",
            document_id,
            {
                "number": str(place),
                "issued": issued,
                "capacity": "KT" if document_id == "no-dong" else "TM",
                "signer_title": "Phó Chủ tịch" if document_id == "no-dong" else "Chủ tịch",
                "signer_name": "Người Ký Mẫu",
                "addressee": "Ủy ban nhân dân tỉnh mẫu\nVăn phòng Điều phối mẫu",
                "receivers": "Như trên\nLưu: VT",
                "signed": True,
            },
        )
    yield Record("section", "bao-cao.tinh-hinh", {"text": "Xã mẫu nằm ở phía đông.\nKinh tế chủ yếu là chè (mẫu)."})
    yield Record(
        "appraisal_document",
        "tham-tra",
        {"number": "31", "issued": "2024-11-20", "capacity": "TL", "signer_title": "Chánh Văn phòng mẫu"},
    )
    yield Record("appraisal_section", "tham-tra.nhan-xet", {"text": "Hồ sơ cơ bản đầy đủ (mẫu)."})


@cache
def records() -> tuple[Record, ...]:
    """At least one record of every kind that belongs to an assessment."""
    return (
        *_single(),
        *_meetings(),
        *_opinions(),
        *_money_and_debt(),
        *_poll(),
        Record("condition", "an-ninh", {"holds": True, "number": "9/XN-MẪU", "issued": "2024-10-03"}),
        Record("setting", "copies", {"value": "2", "basis": "Hướng dẫn số 5/HD-MẪU", "issued": "2024-01-10"}),
        Record("photo", "anh-1", {"caption": "Đường trục bản mẫu", "place": 1}),
        *_papers(),
    )


@cache
def ten(met: bool = True) -> Assessed:
    """The set of 10 criteria as a province completes it, so that verdicts are concluded."""
    given = filled(TEN)
    whole = replace(given.catalogue, indicator_total=None)
    verdict = Judgement(Verdict.MET, "Họp rà soát mẫu")
    rows = [criterion.indicators for criterion in whole.criteria if criterion.indicators]
    spare = rows[0][0]
    criteria = tuple(
        replace(
            criterion,
            indicators=criterion.indicators
            or tuple(replace(spare, code=f"{criterion.number}.{n}", name=f"Chỉ tiêu mẫu {n}") for n in (1, 2)),
        )
        for criterion in whole.criteria
    )
    whole = replace(whole, criteria=criteria)
    codes = [item.code for item in whole.indicators()]
    results = [
        Result(code, given.by_code[code].result.value if code in given.by_code else None, verdict if met else None)
        for code in codes
    ]
    return assess(whole, results, pieces=pieces())


def pieces() -> tuple[Evidence, ...]:
    """Papers and pictures as evidence."""
    picture = BlobRef("b" * 64, 10, "image/jpeg")
    return (
        replace(evidence("anh-1", file_name="anh-1.jpg", summary="Ảnh mẫu"), blob=picture),
        evidence("vb-1", number="5/BC-MẪU", issued="2024-05-01", issuer="UBND xã mẫu", summary="Báo cáo mẫu"),
    )


def with_pieces(given: Assessed) -> Assessed:
    """The assessment with pictures beside its papers."""
    return rules.assess(
        given.unit,
        given.profile,
        given.assessment,
        given.catalogue,
        {code: item.result for code, item in given.by_code.items()},
        {},
        (*given.evidence, *pieces()),
    )


def opinions(given: Assessed) -> Mapping[str, Opinion]:
    """An office's opinions: most agreed, the second not, the third to be supplemented, the last left open."""
    codes = list(given.by_code)
    kinds = {1: OpinionVerdict.DISAGREED, 2: OpinionVerdict.SUPPLEMENT}
    return {
        code: Opinion(code, kinds.get(place, OpinionVerdict.AGREED), f"Ý kiến mẫu {place}" if place in kinds else "")
        for place, code in enumerate(codes[:-1])
    }


def facts(
    given: Assessed | None = None,
    told: Iterable[Record] | None = None,
    *,
    using: Procedure | None = None,
    appraised: bool = False,
) -> DossierFacts:
    """Everything filled unless said otherwise; ``appraised``: with the office, its opinions and its state."""
    chosen = given or filled(XA, met=True)
    pages = {piece.evidence_id: EvidencePages(1 + place % 4) for place, piece in enumerate(chosen.evidence)}
    return DossierFacts(
        chosen,
        using or procedure(),
        {},
        tuple(records() if told is None else told),
        pages,
        opinions(chosen) if appraised else {},
        DossierReturn(chosen.assessment.assessment_id, ReturnStatus.RETURNED, "Bổ sung minh chứng (mẫu)")
        if appraised
        else None,
        OFFICE if appraised else None,
        UnitProfile(OFFICE.code, agency="VĂN PHÒNG ĐIỀU PHỐI MẪU") if appraised else None,
    )


def empty(catalogue_id: str = XA) -> DossierFacts:
    """Nothing entered."""
    return facts(assess(builtin(catalogue_id)), (), using=procedure(known=catalogue_id != TEN))


def changed(kind: str, record_id: str, **values: str | int | bool | None) -> tuple[Record, ...]:
    """All records, one of them with other values; None clears."""
    found = []
    for record in records():
        if (record.kind, record.record_id) == (kind, record_id):
            merged = {**record.values, **values}
            record = replace(record, values={name: value for name, value in merged.items() if value is not None})
        found.append(record)
    return tuple(found)


def without(*kinds: str) -> tuple[Record, ...]:
    """All records but those of some kinds."""
    return tuple(record for record in records() if record.kind not in kinds)
