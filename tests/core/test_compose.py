"""Templates and facts make papers: order and words are the template's, data stays data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_desktop import catalogue
from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.compose import NO_RULE, compose, paragraphs
from ntm_desktop.dossier.fields import FIELD_OF, UNKNOWN, filled, holds
from ntm_desktop.dossier.letterhead import paper_letterhead
from ntm_desktop.dossier.making import Making
from ntm_desktop.model.assessment import Assessed, UnitProfile
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.paper_template import CONDITIONS, FIELDS, PaperTemplate
from ntm_desktop.model.records import Record
from ntm_desktop.model.units import Level, Unit
from tests.core import dossier_samples as samples
from tests.core.dossier_facts_samples import OFFICE, records
from tests.core.dossier_samples import XA
from tests.core.paper_samples import facts_of

ON = date(2024, 11, 5)
DEPARTMENT = UnitProfile(OFFICE.code, agency="SỞ MẪU", signer_title="Giám đốc", signer_name="Giám Đốc Mẫu")


def template(*blocks: str, **keys: str) -> PaperTemplate:
    head = {"id": "bao-cao", "name": "Báo cáo mẫu", "version": "'1'", "symbol": "BC-UBND", "title": "Báo cáo {unit}"}
    lines = [f"{key}: {value}" for key, value in (head | keys).items()]
    text = "\n".join([*lines, "blocks:", *(f"- {block}" for block in blocks)])
    return catalogue.paper_template_from(text.encode(), "mau.yaml", local=True)


def facts(told: Iterable[Record] = (), chosen: Assessed | None = None) -> DossierFacts:
    return facts_of(chosen or samples.filled(XA, met=True), told)


def making(known: DossierFacts, document_id: str = "bao-cao", *, draft: bool = False) -> Making:
    return Making(document_id, ON, draft, known.procedure.document(document_id))


def blocks(known: DossierFacts, *entries: str, **keys: str) -> tuple[doc.Block, ...]:
    return compose(template(*entries, **keys), known, making(known)).blocks


def said(*made: doc.Block) -> list[str]:
    found = []
    for block in made:
        assert isinstance(block, doc.Paragraph)
        found.append("".join(run.text for run in block.content))
    return found


def test_headings_are_numbered_by_level() -> None:
    levels = (1, 2, 3, 3, 3, 3, 3, 2, 3, 1, 2)
    made = blocks(facts(), *(f"heading: {{level: {level}, text: Mục}}" for level in levels))
    numbers = [block.number for block in made if isinstance(block, doc.Heading)]
    assert numbers == ["I.", "1.", "a)", "b)", "c)", "d)", "đ)", "2.", "a)", "II.", "1."]
    (plain, next_one) = blocks(
        facts(), "heading: {level: 2, text: Mục, number: ''}", "heading: {level: 2, text: Mục khác}"
    )
    assert isinstance(plain, doc.Heading)
    assert isinstance(next_one, doc.Heading)
    assert (plain.number, next_one.number) == ("", "1.")


def test_a_section_is_a_persons_text_else_the_templates_else_dotted_lines() -> None:
    entry = "section: {id: tinh-hinh, name: Tình hình, ask: 'Hỏi:', lines: 5}"
    (asked,) = blocks(facts(), entry)
    assert asked == doc.Section("bao-cao.tinh-hinh", "Tình hình", (doc.FillIn("Hỏi:", 5),))
    (default,) = blocks(facts(), entry[:-1] + ", text: 'Dân của {unit}'}")
    assert isinstance(default, doc.Section)
    assert said(*default.blocks) == ["Dân của xã Sơn Bình"]
    assert not default.written
    told = Record("section", "bao-cao.tinh-hinh", {"text": "Đoạn {unit}\n\n- ý một\n  - ý hai"})
    (written,) = blocks(facts([told]), entry[:-1] + ", text: 'Dân của {unit}'}")
    assert isinstance(written, doc.Section)
    assert said(*written.blocks) == ["Đoạn {unit}", "ý một", "ý hai"]
    assert [block.marker for block in written.blocks if isinstance(block, doc.Paragraph)] == ["", "-", "-"]
    assert written.written


def test_blocks_stand_only_where_their_condition_holds() -> None:
    entries = ("{text: Sáp nhập, when: merged}", "{text: Không, when: not merged}", "text: Luôn luôn")
    assert said(*blocks(facts(), *entries)) == ["Không", "Luôn luôn"]
    merged = Record("general", "self", {"formed_from": "xã mẫu A và xã mẫu B"})
    assert said(*blocks(facts([merged]), *entries)) == ["Sáp nhập", "Luôn luôn"]


def test_every_condition_and_its_opposite_are_opposites() -> None:
    for known in (facts(), facts(records()), facts((), samples.assessed(samples.small_set()))):
        for name in CONDITIONS:
            at = making(known)
            assert holds(name, known, at) is not holds(f"not {name}", known, at)
    full = facts(records())
    lacking = {name for name in CONDITIONS if name.startswith("has_") and not holds(name, full, making(full))}
    assert lacking == {"has_photos"}  # the sample's evidence has no picture
    assert not any(holds(name, facts(), making(facts())) for name in CONDITIONS if name.startswith("has_"))


def test_every_field_has_a_value_where_everything_is_entered() -> None:
    known = facts(records())
    values = {name: filled("{" + name + "}", known, making(known)) for name in FIELDS}
    unknown = {name for name, value in values.items() if value == UNKNOWN}
    assert unknown == {"appraiser", "poll_needed"}  # in doubt for communes: never told as a rule
    assert values["vote_share"] == "95"
    assert values["money_total"] == "15.860,5"
    assert values["money_people"] == "950"
    assert values["debt_total"] == "0"
    assert values["meeting_date"] == "ngày 05 tháng 10 năm 2024"
    assert (values["copies"], values["broadcasts"], values["criteria_met"]) == ("02", "06", "19")
    assert values["vote_needed"] == "90"
    assert values["recognised_by"] == "Chủ tịch Ủy ban nhân dân tỉnh"
    assert (values["request_number"], values["report_number"]) == ("15/TTr-UBND", "16/BC-UBND")


def test_a_field_without_value_is_dots() -> None:
    known = facts()
    assert filled("Từ {formed_from}, {vote_share}%", known, making(known)) == f"Từ {UNKNOWN}, {UNKNOWN}%"
    assert filled("{{unit}} }}{{", known, making(known)) == "{unit} }{"


def test_shares_never_reach_a_limit_by_rounding() -> None:
    vote = Record("meeting", "m", {"purpose": "recommend", "present": 100_000, "agreed": 89_999})
    assert filled("{vote_share}", facts([vote]), making(facts())) == "89,999"
    nearly = Record("meeting", "m", {"purpose": "recommend", "present": 100_000, "agreed": 99_999})
    assert filled("{vote_share}", facts([nearly]), making(facts())) == "99,999"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60) | st.sampled_from(["{unit}", "{{x}}", "<b>&", "- {year}", "a\n- b", "=1+1", "%s {0}"]))
def test_what_is_entered_is_never_read_again(text: str) -> None:
    told = [
        Record("general", "self", {"formed_from": text}),
        Record("section", "bao-cao.tinh-hinh", {"text": text}),
        Record("document", "bao-cao", {"addressee": text, "signer_name": text, "receivers": text}),
    ]
    known = facts(told)
    entries = ("head: true", "addressee: true", "text: 'A {formed_from} B'", "section: {id: tinh-hinh, name: Mục}")
    made = blocks(known, *entries, "signature: {receivers: true}")
    section, paragraph = made[3], made[2]
    assert isinstance(section, doc.Section)
    assert isinstance(paragraph, doc.Paragraph)
    assert paragraph.marker == ""
    (line,) = said(paragraph)
    assert line.startswith("A ")
    assert line.endswith(" B")
    squeezed = "".join(text.split())
    assert "".join(line[2:-2].split()) in (squeezed, UNKNOWN)
    if section.written:
        kept = "".join("".join(words.split()) for words in said(*section.blocks))
        assert kept.replace("-", "") == squeezed.replace("-", "")
    if text in ("{unit}", "{{x}}", "<b>&", "=1+1"):
        assert line == f"A {text} B"
        assert said(*section.blocks) == [text]


def test_lines_make_paragraphs_and_points() -> None:
    made = paragraphs(["Một", "", "- hai", "-ba", "- "])
    assert [(block.marker, block.content[0].text) for block in made] == [
        ("", "Một"),
        ("-", "hai"),
        ("", "-ba"),
        ("", "-"),
    ]


@pytest.mark.parametrize(
    ("capacity", "title", "lines"),
    [
        ("", "", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("TM", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("KT", "Phó Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("KT", "", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("TL", "Chánh Văn phòng", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        ("TUQ", "Trưởng phòng", ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG")),
        ("Q", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
        ("KT", "KT. Trưởng ban", ("KT. TRƯỞNG BAN",)),
    ],
)
def test_signers_of_a_committee(capacity: str, title: str, lines: tuple[str, ...]) -> None:
    values = {"capacity": capacity, "signer_title": title, "signer_name": "Người Ký Mẫu"}
    known = facts([Record("document", "bao-cao", {key: value for key, value in values.items() if value})])
    signer = paper_letterhead(known, "bao-cao").signer
    assert (signer.lines, signer.name) == (lines, "Người Ký Mẫu")


def test_an_office_that_is_no_committee_signs_by_its_own_head() -> None:
    paper = {"capacity": "KT", "signer_title": "Phó Giám đốc", "signer_name": "Người Ký Mẫu"}
    known = replace(facts([Record("appraisal_document", "tham-tra", paper)]), office=OFFICE, office_profile=DEPARTMENT)
    letterhead = paper_letterhead(known, "tham-tra")
    assert letterhead.agency == "SỞ MẪU"
    assert letterhead.signer.lines == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert letterhead.office == "Sở mẫu"
    assert filled("{own_number}", known, making(known, "tham-tra")) == f"{doc.NBSP * 6}/BC-……"
    assert paper_letterhead(known, "bao-cao").agency == "ỦY BAN NHÂN DÂN XÃ SƠN BÌNH"
    assert "SƠN BÌNH" not in paper_letterhead(replace(known, office=None), "tham-tra").agency


def test_what_the_office_writes_stands_in_its_paper_only() -> None:
    told = [
        Record("section", "tham-tra.nhan-xet", {"text": "Của xã"}),
        Record("appraisal_section", "tham-tra.nhan-xet", {"text": "Của cơ quan"}),
    ]
    known = facts(told)
    made = compose(template("section: {id: nhan-xet, name: Nhận xét}"), known, making(known, "tham-tra"))
    (section,) = made.blocks
    assert isinstance(section, doc.Section)
    assert said(*section.blocks) == ["Của cơ quan"]


def test_addressees_and_receivers_are_the_papers_own() -> None:
    paper = {"addressee": "- Sở Mẫu;\nVăn phòng Mẫu", "receivers": "Như trên;\n- Đảng ủy xã\nLưu: VT, KT."}
    made = blocks(facts([Record("document", "bao-cao", paper)]), "addressee: true", "signature: {receivers: true}")
    addressee, signature = made
    assert addressee == doc.Addressee(("Sở Mẫu", "Văn phòng Mẫu"))
    assert isinstance(signature, doc.SignatureBlock)
    assert signature.receivers == ("- Như trên;", "- Đảng ủy xã;", "- Lưu: VT, KT.")
    (unaddressed,) = blocks(facts(), "signature: {receivers: true}")
    assert isinstance(unaddressed, doc.SignatureBlock)
    assert unaddressed.receivers == ("- Lưu: VT.",)
    (own,) = blocks(
        facts([Record("document", "bao-cao", {"receivers": "Đảng ủy xã\nLưu: VT."})]), "signature: {receivers: true}"
    )
    assert isinstance(own, doc.SignatureBlock)
    assert own.receivers == ("- Đảng ủy xã;", "- Lưu: VT.")


def test_minutes_are_signed_by_who_kept_and_who_led_them() -> None:
    meeting = {"purpose": "recommend", "secretary": "Thư Ký Mẫu", "chair": "Chủ Trì Mẫu"}
    (made,) = blocks(facts([Record("meeting", "m", meeting)]), "signature: {left: THƯ KÝ, right: CHỦ TỌA}")
    assert isinstance(made, doc.SignatureBlock)
    assert made.left is not None
    assert (made.left.lines, made.left.name) == (("THƯ KÝ",), "Thư Ký Mẫu")
    assert (made.right.lines, made.right.name) == (("CHỦ TỌA",), "Chủ Trì Mẫu")


def test_the_basis_is_the_procedures_and_the_sets_or_a_line_to_write() -> None:
    (basis,) = blocks(facts(), "basis: ['Theo đề nghị của {unit}']")
    assert isinstance(basis, doc.Basis)
    assert basis.lines[0] == "Căn cứ Luật Tổ chức chính quyền địa phương"
    assert basis.lines[1].startswith(
        "Căn cứ Quyết định số 18/2022/QĐ-TTg ngày 02 tháng 8 năm 2022 của Thủ tướng Chính phủ ban hành Quy định điều"
    )
    assert basis.lines[2].startswith("Căn cứ Quyết định số 03/2024/QĐ-TTg ngày 07 tháng 3 năm 2024")
    assert basis.lines[-1] == "Theo đề nghị của xã Sơn Bình"
    (unknown,) = blocks(facts((), samples.filled("xa-ntm-2026")), "basis: []")
    assert isinstance(unknown, doc.Basis)
    assert f"Căn cứ {NO_RULE}" in unknown.lines
    (own,) = blocks(facts(), "basis: {own: ['Căn cứ mẫu']}")
    assert own == doc.Basis(("Căn cứ mẫu",))
    village = Unit("00001", "Mẫu", "Thôn Mẫu", "thon", Level.VILLAGE, "12", "Tỉnh Lai Châu")
    (of_village,) = blocks(facts((), samples.assessed(samples.small_set(), unit=village)), "basis: []")
    assert isinstance(of_village, doc.Basis)
    assert "Luật Tổ chức" not in "".join(of_village.lines)


def test_a_paper_without_symbol_has_no_number() -> None:
    (plain,) = blocks(facts(), "head: true")
    assert isinstance(plain, doc.OfficialHead)
    assert plain.number == f"Số: {doc.NBSP * 6}/BC-UBND"
    known = facts()
    mine = template("head: true", id="bia-hop", symbol="''")
    changed = replace(known, templates={**known.templates, "bia-hop": mine})
    (head,) = compose(mine, changed, making(changed, "bia-hop")).blocks
    assert isinstance(head, doc.OfficialHead)
    assert head.number == ""


def test_drafts_and_pages_are_the_documents() -> None:
    known = facts()
    made = compose(template("text: A", page="landscape"), known, making(known, draft=True))
    assert (made.draft, made.landscape, made.title) == (True, True, "Báo cáo xã Sơn Bình")
    assert set(FIELD_OF) == FIELDS
