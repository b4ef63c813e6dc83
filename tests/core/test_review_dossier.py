"""What an office would have sent back: each test is a defect that once stood in a dossier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ntm_desktop import wording
from ntm_desktop.catalogue import builtin_paper_templates, builtin_procedures
from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier import file_names
from ntm_desktop.dossier.compose import compose, warning_of
from ntm_desktop.dossier.excel import write_workbook
from ntm_desktop.dossier.fields import holds
from ntm_desktop.dossier.letterhead import paper_letterhead
from ntm_desktop.dossier.making import Making
from ntm_desktop.dossier.parts import parts
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.errors import InvalidInput
from ntm_desktop.model import readiness
from ntm_desktop.model.catalogue import Measure, MeasureKind, Operator
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.readiness import FindingCode
from ntm_desktop.model.records import BY_ID, Record
from ntm_desktop.operations.dossier_data import read_value
from tests.core.dossier_facts_samples import changed, facts, records, without
from tests.core.dossier_samples import XA, filled

ON = date(2024, 10, 15)


def of(
    told: Iterable[Record] | None = None, *, procedure: str = "qd-18-2022-xa", appraised: bool = False
) -> DossierFacts:
    """A filled dossier by a shipped procedure, with the shipped templates."""
    chosen = next(item for item in builtin_procedures() if item.id == procedure)
    return replace(facts(told=told, using=chosen, appraised=appraised), templates=builtin_paper_templates())


def spoken(blocks: Iterable[doc.Block]) -> str:
    """Sentences of paragraphs and of lines to fill in."""
    said = []
    for block in blocks:
        if isinstance(block, doc.Paragraph):
            said.append("".join(run.text for run in block.content))
        elif isinstance(block, doc.FillIn):
            said.append(block.asked)
    return "\n".join(said)


def paper(given: DossierFacts, document_id: str) -> str:
    entry = given.procedure.document(document_id)
    assert entry is not None
    return spoken(compose(given.templates[entry.template], given, Making(document_id, ON, entry=entry)).blocks)


def part(given: DossierFacts, name: str) -> str:
    return spoken(parts()[name](given, Making("bao-cao", ON)))


def codes(given: DossierFacts) -> list[FindingCode]:
    return [finding.code for finding in readiness.find(given)]


def test_the_communes_head_never_signs_for_an_office_that_is_not_known() -> None:
    for document_id in ("tham-tra", "bieu-tham-tra"):
        letterhead = paper_letterhead(of(without("appraisal_document")), document_id)
        assert "SƠN BÌNH" not in letterhead.agency + letterhead.superior
        assert letterhead.signer.lines == ("THỦ TRƯỞNG CƠ QUAN",)
        assert not letterhead.signer.name
    assert "Lai Châu báo cáo kết quả thẩm tra" not in paper(of(), "tham-tra")  # nobody has said who appraises


def test_an_annex_is_signed_by_who_signs_its_report() -> None:
    report = {"capacity": "KT", "signer_title": "Phó Chủ tịch", "signer_name": "Người Ký Mẫu"}
    given = of([Record("document", "bao-cao", report)])
    for document_id in ("bao-cao", "bieu-tu-danh-gia", "muc-luc-minh-chung"):
        signer = paper_letterhead(given, document_id).signer
        assert signer.lines == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
        assert signer.name == "Người Ký Mẫu"
    own = of([Record("document", "bao-cao", report), Record("document", "bieu-tu-danh-gia", {"signer_name": "Mẫu B"})])
    assert paper_letterhead(own, "bieu-tu-danh-gia").signer.name == "Mẫu B"
    assert paper_letterhead(given, "to-trinh").signer.name == ""


def test_no_recognition_is_asked_for_while_a_condition_fails() -> None:
    good = of()
    assert holds("fulfilled", good, Making("to-trinh", ON))
    assert warning_of(good) is None
    assert "kính đề nghị Ủy ban nhân dân tỉnh mẫu, Văn phòng Điều phối mẫu xem xét, thẩm tra" in paper(good, "to-trinh")
    owing = of(changed("debt", "d1", paid="1000"))
    assert not holds("fulfilled", owing, Making("to-trinh", ON))
    assert "xem xét, thẩm tra và trình" not in paper(owing, "to-trinh")
    warning = warning_of(owing)
    assert warning is not None
    assert "không có nợ đọng xây dựng cơ bản" in warning.content
    unsafe = of(changed("condition", "an-ninh", holds=False))
    assert not holds("fulfilled", unsafe, Making("to-trinh", ON))


def test_a_share_of_the_poll_is_not_told_from_a_part_of_the_villages() -> None:
    given = of([*without("poll_count"), *_counts(70, 15, 10)])
    assert given.poll.total_share is not None
    partly = of(
        [
            *(record for record in without("poll_count") if record.record_id != "v3"),
            Record("poll_village", "v3", {"name": "Bản mẫu 3", "households": 100, "sent": 95}),
            *_counts(70, 15, 10),
        ]
    )
    assert partly.poll.sum("valid") == 180
    assert partly.poll.total_share is None
    assert partly.poll.share("q1") is None
    assert FindingCode.POLL_BELOW not in codes(partly)
    assert "tỷ lệ hài lòng chung đạt" not in part(partly, "conditions")


def _counts(*satisfied: int) -> list[Record]:
    return [
        Record("poll_count", f"v{village}.q{question}", {"satisfied": number})
        for village, number in enumerate(satisfied, start=1)
        for question in (1, 2, 3)
    ]


def test_households_asked_are_not_told_from_a_part_of_the_villages() -> None:
    local = Record("setting", "poll_households", {"value": "70", "basis": "Hướng dẫn số 5/HD-MẪU"})
    given = of([*changed("poll_village", "v3", sent=None), local])
    assert FindingCode.POLL_TOO_FEW not in codes(given)
    assert FindingCode.POLL_TOO_FEW in codes(of([*changed("poll_village", "v3", sent=1), local]))


def test_the_minutes_cite_no_limit_that_is_only_remembered() -> None:
    assert "mức quy định" not in paper(of(), "bien-ban")
    local = Record("setting", "vote_share", {"value": "90", "basis": "Hướng dẫn số 5/HD-MẪU"})
    assert "95% số đại biểu có mặt, đạt mức quy định (từ 90% trở lên)" in paper(of([*records(), local]), "bien-ban")


def test_no_debt_is_not_said_against_the_person_who_says_that_there_is_some() -> None:
    denied = of(changed("debt_state", "self", none=False))
    assert "không có nợ đọng xây dựng cơ bản" not in part(denied, "debt_sentence")
    assert "không có nợ đọng xây dựng cơ bản" not in part(denied, "conditions").lower().split("trên địa bàn:")[1]
    assert FindingCode.DEBT_OPEN in codes(denied)
    assert "không có nợ đọng xây dựng cơ bản" in part(of(), "debt_sentence")


def test_the_report_names_each_annex_that_says_it_belongs_to_it() -> None:
    given = of()
    assert "Phụ lục III: Hình ảnh minh họa" not in paper(given, "bao-cao")
    with_photos = of()
    piece = replace(
        with_photos.assessed.evidence[0],
        blob=replace(with_photos.assessed.evidence[0].blob, media_type="image/jpeg"),
    )
    pictured = replace(with_photos, assessed=replace(with_photos.assessed, evidence=(piece,)))
    assert "Phụ lục III: Hình ảnh minh họa)./." in paper(pictured, "bao-cao")


def test_records_that_others_sign_ask_for_no_signer() -> None:
    asked = [finding.place for finding in readiness.find(of(())) if finding.code is FindingCode.SIGNER_MISSING]
    assert "document/to-trinh/signer_name" in asked
    assert not {"document/bien-ban/signer_name", "document/giao-nhan/signer_name"} & set(asked)


def test_a_paper_dated_after_the_request_that_encloses_it_is_told() -> None:
    late = [
        finding.place
        for finding in readiness.find(of(changed("document", "no-dong", issued="2024-10-09")))
        if finding.code is FindingCode.PAPER_AFTER_REQUEST
    ]
    assert late == ["document/no-dong/issued"]  # the poll follows the request: it is not told
    assert FindingCode.PAPER_AFTER_REQUEST not in codes(of())


def test_a_required_date_that_is_blank_is_missing() -> None:
    """A package may bring an empty date."""
    given = of(changed("publication", "self", posted_to=""))
    assert FindingCode.FIELD_MISSING in codes(given)


@pytest.mark.parametrize(
    ("operator", "threshold", "kind", "text"),
    [
        (Operator.AT_LEAST, 100, MeasureKind.PERCENT, "100%"),
        (Operator.AT_LEAST, 99, MeasureKind.PERCENT, "≥ 99%"),
        (Operator.AT_MOST, 100, MeasureKind.PERCENT, "≤ 100%"),
        (Operator.AT_LEAST, 100, MeasureKind.NUMBER, "≥ 100"),
    ],
)
def test_all_is_written_without_a_sign(operator: Operator, threshold: int, kind: MeasureKind, text: str) -> None:
    assert wording.requirement_text(operator, Decimal(threshold), Measure(kind)) == text


def test_papers_and_choices_spell_the_committee_one_way() -> None:
    names = [choice.name for kind in BY_ID.values() for item in kind.fields for choice in item.choices]
    assert not [name for name in names if "Uỷ" in name or "uỷ" in name]
    for template in builtin_paper_templates().values():
        assert not [block.text for block in template.blocks if "Uỷ" in block.text]
    given = of(())
    assert not [line for finding in readiness.find(given) if "Uỷ" in (line := wording.finding_sentence(finding))]


def test_a_procedure_calls_the_appraisal_as_its_papers_do() -> None:
    """The templates say «thẩm tra»: a list of papers that says «thẩm định» would name papers that are not there."""
    for procedure in builtin_procedures():
        for entry in procedure.documents:
            assert "thẩm định" not in entry.name


@pytest.mark.parametrize(
    ("kind", "name", "typed"), [("money", "year", "0019905"), ("general", "households", "000000000000999999999999999")]
)
def test_zeros_before_a_number_smuggle_nothing_in(kind: str, name: str, typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_value(BY_ID[kind], name, typed)


def test_zeros_before_a_count_are_read() -> None:
    assert read_value(BY_ID["general"], "households", "007") == 7
    assert read_value(BY_ID["general"], "households", "000") == 0
    assert filled(XA, met=True).assessment.year == 2024


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("90%", 90),
        ("90 %", 90),
        ("87,5", Decimal("87.5")),
        ("chín mươi", None),
        ("-5", None),
        ("120", None),
        ("1e999999", None),
        ("NaN", None),
    ],
)
def test_a_local_limit_is_read_or_asked_for_again(typed: str, number: Decimal | int | None) -> None:
    given = of([*records(), Record("setting", "vote_share", {"value": typed, "basis": "Hướng dẫn số 5/HD-MẪU"})])
    assert given.settings["vote_share"].number == number
    asked = [item.place for item in readiness.find(given) if item.code is FindingCode.SETTING_UNKNOWN]
    assert ("vote_share" in asked) is (number is None)


def test_impossible_votes_and_ballots_prove_nothing() -> None:
    assert "đại biểu nhất trí đề nghị xét, công nhận, bằng ……% số đại biểu" in paper(
        of(changed("meeting", "m1", agreed=41)), "to-trinh"
    )
    limits = [
        Record("setting", name, {"value": value, "basis": "Hướng dẫn số 5/HD-MẪU"})
        for name, value in (("poll_total", "50"), ("poll_question", "40"))
    ]
    told = "tỷ lệ hài lòng chung đạt"
    assert told in part(of([*records(), *limits]), "conditions")
    over = [
        replace(record, values={"satisfied": 200}) if record.record_id.endswith(".q1") else record
        for record in changed("poll_count", "v1.q2", satisfied=0)
    ]
    assert told not in part(of([*over, *limits]), "conditions")


def test_the_first_record_of_an_id_stands() -> None:
    twice = of([Record("general", "self", {"villages": 3}), Record("general", "self", {"villages": 4})])
    assert twice.one("general").number("villages") == 3
    assert twice.one("general", "other").values == {}


def test_a_number_that_nobody_writes_stops_no_print() -> None:
    """A newer or a hostile computer may have written any line of text as a local rule."""
    for name in ("copies", "broadcasts", "posted_days", "poll_total", "photos_per_page"):
        given = of([*records(), Record("setting", name, {"value": "1e999999", "basis": "Hướng dẫn số 5/HD-MẪU"})])
        for entry in given.procedure.documents:
            compose(given.templates[entry.template], given, Making(entry.id, ON, entry=entry))
        assert [wording.finding_sentence(finding) for finding in readiness.find(given)]


def test_a_paper_with_a_name_that_windows_reserves_is_written_under_another() -> None:
    given = of()
    entry = replace(given.procedure.documents[-1], id="con", template="bao-cao", submitted=False)
    odd = replace(given, procedure=replace(given.procedure, documents=(entry,)))
    assert file_names(odd, ("pdf",), ("con",)) == ("_con.pdf",)


def test_no_sentence_rounds_a_figure_to_its_limit() -> None:
    local = Record("setting", "vote_share", {"value": "90", "basis": "Hướng dẫn số 5/HD-MẪU"})
    close = of([*changed("meeting", "m1", present=30000, agreed=26999, disagreed=0, blank=0), local])
    said = [wording.finding_sentence(item) for item in readiness.find(close) if item.code is FindingCode.VOTE_BELOW]
    assert len(said) == 1
    assert "89,997" in said[0]
    owing = of(changed("debt", "d1", paid="1450.499"))
    said = [wording.finding_sentence(item) for item in readiness.find(owing) if item.code is FindingCode.DEBT_LEFT]
    assert len(said) == 1
    assert "0,001" in said[0]


def test_the_sheet_of_the_poll_tells_no_share_of_a_part_of_the_villages(tmp_path: Path) -> None:
    """The value that stands in the file, and the formula that a program computes anew."""
    for left_out, there in ((None, True), ("v3", False)):
        told = changed("poll_village", "v3", valid=None) if left_out else records()
        write_workbook(of(told), tmp_path / "poll.xlsx", ON)
        values, formulas = (load_workbook(tmp_path / "poll.xlsx", data_only=only) for only in (True, False))
        cells = [
            (cell.value, values[sheet.title][cell.coordinate].value)
            for sheet in formulas
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("=IF(OR(N($") and "COUNTA(B" in cell.value
        ]
        assert cells
        shares = [value for _formula, value in cells if isinstance(value, int | float)]
        assert bool(shares) is there
        assert all(formula.count("COUNT(F") == 1 for formula, _value in cells)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_an_annex_of_pictures_has_no_empty_page_behind_it(tmp_path: Path, count: int) -> None:
    pictures = doc.Pictures(tuple(doc.Picture(None, doc.text(f"Ảnh mẫu {place}")) for place in range(count)), 2)
    paper = doc.Document("phu-luc-anh", "Phụ lục ảnh", (doc.Title("HÌNH ẢNH MINH HỌA", "Mẫu"), pictures))
    write_pdf(paper, tmp_path / "anh.pdf")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "anh.pdf").pages]
    assert len(pages) == (count + 1) // 2
    assert all("Ảnh mẫu" in page for page in pages)
