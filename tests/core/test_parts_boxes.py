"""Photos, boxes, hand-over, index of evidence, what is missing; hostile and huge data in all computed parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_desktop.dossier import document as doc
from ntm_desktop.model.assessment import UnitProfile
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, EvidencePages
from ntm_desktop.model.records import Record
from tests.core.dossier_samples import evidence
from tests.core.parts_samples import (
    BOXED,
    PAGES,
    TABLE_PARTS,
    count,
    debt,
    facts,
    grid,
    made,
    money,
    photo,
    procedure,
    question,
    stated,
    village,
    with_pieces,
    words,
)

LONG = "ệ" * 10_000


# --- photos


PHOTOS = with_pieces(
    photo("p1", "2.1", summary="Đường mẫu"),
    photo("p2", "1.1", "2.2", name="Cầu mẫu.jpg"),
    evidence("text", "1.1"),
    photo("p3"),
    photo("p4", "1.2"),
    replace(photo("p5", "1.1"), removed=True),
)


def captions(known: DossierFacts) -> list[str]:
    (pictures,) = [block for block in made("photos", known) if isinstance(block, doc.Pictures)]
    return ["".join(run.text for run in picture.caption) for picture in pictures.pictures]


def test_photos_by_indicator_with_captions() -> None:
    assert captions(facts(given=PHOTOS)) == [
        "Ảnh 1. Cầu mẫu (chỉ tiêu 1.1, 2.2)",
        "Ảnh 2. p4 (chỉ tiêu 1.2)",
        "Ảnh 3. Đường mẫu (chỉ tiêu 2.1)",
        "Ảnh 4. p3",
    ]


def test_a_persons_order_captions_and_choice_stand() -> None:
    records = (
        Record("photo", "p3", {"place": 2}),
        Record("photo", "p1", {"place": 1, "caption": "Đường trục mẫu"}),
        Record("photo", "p4", {"left_out": True}),
    )
    assert captions(facts(records, PHOTOS)) == [
        "Ảnh 1. Đường trục mẫu (chỉ tiêu 2.1)",
        "Ảnh 2. p3",
        "Ảnh 3. Cầu mẫu (chỉ tiêu 1.1, 2.2)",
    ]


@pytest.mark.parametrize(("chosen", "per_page"), [(None, 2), ("2", 2), ("4", 4), ("9", 2)])
def test_two_or_four_photos_a_page(chosen: str | None, per_page: int, tmp_path: Path) -> None:
    local = [Record("setting", "photos_per_page", {"value": chosen, "basis": "Mẫu"})] if chosen else []
    pages = {"p1": EvidencePages(1, tmp_path / "p1.jpg")}
    known = facts(local, PHOTOS, procedure(photos_per_page="2"), pages)
    (block,) = made("photos", known)
    assert isinstance(block, doc.Pictures) and block.per_page == per_page
    assert [picture.path for picture in block.pictures] == [None, None, tmp_path / "p1.jpg", None]


def test_without_photos_the_annex_says_so() -> None:
    assert [type(block) for block in made("photos", facts())] == [doc.Note]


# --- boxes


def tables(blocks: Iterable[doc.Block]) -> list[list[list[str]]]:
    return [grid([block]) for block in blocks if isinstance(block, doc.Table)]


def test_box_lists_have_sheet_numbers_and_refer_to_other_boxes() -> None:
    blocks = made("box_lists", facts(given=BOXED, pages=PAGES))
    one, two = tables(blocks)
    assert one == [
        ["1", "1/BC", "01/05/2024", "Báo cáo mẫu", "Cơ quan mẫu", "01-02", "Chỉ tiêu 1.1"],
        ["2", "", "", "b.pdf", "", "03-07", "Chỉ tiêu 1.1, 1.2"],
        ["3", "", "", "c.pdf", "", "08", "Chỉ tiêu 1.2"],
    ]
    assert two == [
        ["1", "", "", "b.pdf", "", "", "Chỉ tiêu 2.1\nXem hộp tiêu chí số 1, TT 2"],
        ["2", "", "", "d.pdf", "", "01-10", "Chỉ tiêu 2.2"],
    ]
    text = words(blocks)
    assert "Tổng số trong hộp: 03 văn bản, tài liệu; 08 tờ, đánh số từ 01 đến 08." in text
    assert "01 văn bản, tài liệu; 10 tờ, đánh số từ 01 đến 10; 01 văn bản, tài liệu để ở hộp khác." in text
    assert sum(isinstance(block, doc.PageBreak) for block in blocks) == 1


def test_sheets_that_nobody_knows_are_left_open() -> None:
    pages = PAGES | {"b": EvidencePages(None)}
    blocks = made("box_lists", facts(given=BOXED, pages=pages))
    assert [row[5:] for row in tables(blocks)[0]] == [
        ["01-02", "Chỉ tiêu 1.1"],
        ["", "Chỉ tiêu 1.1, 1.2"],
        ["", "Chỉ tiêu 1.2\n01 tờ"],
    ]
    assert "03 văn bản, tài liệu; ……… tờ." in words(blocks)


def test_an_empty_box_says_so() -> None:
    blocks = made("box_lists", facts())
    assert tables(blocks)[0] == [["", "Chưa có văn bản, tài liệu."]]
    assert "Tổng số" not in words(blocks)
    cover = next(block for block in made("covers", facts()) if isinstance(block, doc.Cover))
    assert cover.foot[1] == "Số văn bản, tài liệu: ………; số tờ: ………"


def test_a_cover_and_a_label_for_each_box() -> None:
    known = facts(given=BOXED, pages=PAGES)
    first, second = [block for block in made("covers", known) if isinstance(block, doc.Cover)]
    assert first.title == "TIÊU CHÍ SỐ 1"
    assert first.subject == (
        "TIÊU CHÍ MẪU 1",
        "Hồ sơ minh chứng đề nghị xét, công nhận xã Sơn Bình đạt chuẩn nông thôn mới năm 2024",
    )
    assert first.foot[:2] == ("Hộp số 01/02", "Số văn bản, tài liệu: 03; số tờ: 08")
    assert second.foot[:2] == ("Hộp số 02/02", "Số văn bản, tài liệu: 01; số tờ: 10")
    (labels,) = made("spines", known)
    assert isinstance(labels, doc.Spines)
    assert [label.number for label in labels.labels] == ["1", "2"]
    assert labels.labels[0].lines == ("TIÊU CHÍ SỐ 1", "Tiêu chí mẫu 1", "ỦY BAN NHÂN DÂN XÃ SƠN BÌNH", "Năm 2024")


def test_hand_over_lists_papers_with_copies_and_boxes_with_sheets() -> None:
    numbered = Record("document", "to-trinh", {"number": "15/TTr-UBND", "issued": "2024-10-02"})
    blocks = made("handover_table", facts([numbered], BOXED, pages=PAGES), "giao-nhan")
    assert grid(blocks) == [
        ["Văn bản của hồ sơ"],
        ["1", "Tờ trình", "15/TTr-UBND", "02/10/2024", "03", "", ""],
        ["2", "Báo cáo kết quả", "", "", "03", "", ""],
        ["Minh chứng theo tiêu chí"],
        ["3", "Hộp tiêu chí số 1. Tiêu chí mẫu 1\n(03 văn bản, tài liệu)", "", "", "01", "8", ""],
        ["4", "Hộp tiêu chí số 2. Tiêu chí mẫu 2\n(01 văn bản, tài liệu)", "", "", "01", "10", ""],
    ]
    assert "Tổng số: 02 loại văn bản; 02 hộp minh chứng, 18 tờ." in words(blocks)


def test_copies_in_doubt_are_left_to_the_pen() -> None:
    rows = grid(made("handover_table", facts(using=procedure(Source.UNCERTAIN)), "giao-nhan"))
    assert [row[4] for row in rows[1:3]] == ["", ""]
    assert rows[-1] == ["", "Chưa có minh chứng."]


# --- evidence index, what is missing


def test_evidence_index_has_sheets_and_repeats_papers_by_reference() -> None:
    rows = grid(made("evidence_index", facts(given=BOXED, pages=PAGES)))
    assert rows == [
        ["Tiêu chí số 1. Tiêu chí mẫu 1"],
        ["1.1. Chỉ tiêu mẫu"],
        ["1", "Báo cáo mẫu", "1/BC", "01/05/2024", "Cơ quan mẫu", "01-02", "a.pdf"],
        ["2", "b.pdf", "", "", "", "03-07", "b.pdf"],
        ["1.2. Chỉ tiêu mẫu"],
        ["3", "b.pdf", "", "", "", "03-07", "b.pdf\n(cùng văn bản số TT 2)"],
        ["4", "c.pdf", "", "", "", "08", "c.pdf"],
        ["Tiêu chí số 2. Tiêu chí mẫu 2"],
        ["2.1. Chỉ tiêu mẫu"],
        ["5", "b.pdf", "", "", "", "03-07", "b.pdf\n(cùng văn bản số TT 2)\n(để ở hộp tiêu chí số 1)"],
        ["2.2. Chỉ tiêu mẫu"],
        ["6", "d.pdf", "", "", "", "01-10", "d.pdf"],
    ]


def test_evidence_index_names_what_has_none_and_what_belongs_nowhere() -> None:
    rows = grid(made("evidence_index", facts(given=with_pieces(evidence("x")))))
    assert rows[2] == ["", "Chưa có minh chứng."]
    assert rows[-2:] == [["Minh chứng chưa gắn với chỉ tiêu"], ["1", "x.pdf", "", "", "", "", "x.pdf"]]


def test_missing_lists_results_evidence_data_and_settings() -> None:
    blocks = made("missing", facts(given=BOXED, pages=PAGES, using=procedure(Source.UNCERTAIN)))
    rows = grid(blocks)
    bands = [row[0] for row in rows if len(row) == 1]
    assert bands == [
        "Tiêu chí số 1. Tiêu chí mẫu 1",
        "Tiêu chí số 2. Tiêu chí mẫu 2",
        "Minh chứng",
        "Số liệu, thông tin của hồ sơ",
        "Quy định cần đối chiếu với văn bản gốc",
    ]
    assert all(row[1].startswith(("☐", "–")) for row in rows if len(row) == 2)
    assert "Bản in ngày 05/11/2024 để theo dõi nội bộ" in words(blocks)


# --- hostile and huge


HOSTILE = [LONG, "<b>&amp;</b>", "=1+1", "{unit} {{", "\u202eabc", "😀", "a\x00b\x0bc"]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_stands_as_data(text: str) -> None:
    records = (
        Record("general", "self", {"formed_from": text}),
        money("m", "people", 2024, raised="1", note=text),
        debt("d", "2", "1", project=text, plan=text, decision=text),
        stated(confirmed_by=text),
        Record("poll", "self", {"led_by": text, "sheet": text, "number": text}),
        Record("poll_village", "v1", {"name": text, "households": 1, "sent": 1, "valid": 1, "returned": 1}),
        Record("poll_question", "q1", {"text": text}),
        count(1, 1, 1),
        Record("photo", "p1", {"caption": text}),
    )
    given = with_pieces(
        photo("p1", "1.1", summary=text), evidence("e", "1.1", number=text, issued=text, issuer=text, summary=text)
    )
    given = replace(given, profile=UnitProfile("03434", name=text))
    known = facts(records, given, pages={"e": EvidencePages(1)})
    for name in TABLE_PARTS:
        made(name, known)
    assert text.strip() in words(made("debt_table", known))
    assert text.strip() in words(made("poll_questions", known))
    assert text in words(made("evidence_index", known))


def test_three_hundred_villages_and_amounts_beyond_reason() -> None:
    huge, tiny = "9" * 24, f"0.{'0' * 23}1"
    records = [village(n) for n in range(300)] + [question(m) for m in range(20)]
    records += [count(n, m, 79) for n in range(300) for m in range(20)]
    records += [money("m", "people", 2024, planned=huge, raised=tiny, spent=huge), debt("d", huge, tiny)]
    known = facts(records)
    for name in TABLE_PARTS:
        made(name, known)
    rows = grid(made("poll_table", known))
    assert (len(rows), rows[-1]) == (301, ["", "TỔNG CỘNG", "30.000", "27.000", "90", "25.500", "24.000"])
    assert grid(made("poll_questions", known))[-1] == ["", "Tính chung các nội dung", "480.000", "474.000", "98,75"]
