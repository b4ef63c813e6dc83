"""The papers of tables, boxes and photos as their shipped templates make them: filled, and with nothing entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ntm_desktop.dossier import build
from ntm_desktop.dossier import document as doc
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.paper_template import PARTS
from tests.core import dossier_facts_samples as samples
from tests.core.dossier_samples import XA, assessed, builtin, filled
from tests.core.paper_samples import facts_of
from tests.core.parts_samples import TABLE_PARTS, words

ON = date(2024, 11, 5)
OWN = (
    "no-dong",
    "hai-long",
    "muc-luc-minh-chung",
    "phu-luc-anh",
    "bia-hop",
    "nhan-gay",
    "danh-muc-hop",
    "giao-nhan",
    "con-thieu",
)


def known(set_id: str = XA, *, told: bool = True) -> DossierFacts:
    """A commune of 19 or of 10 criteria with the shipped procedure and templates."""
    given = samples.ten() if set_id == samples.TEN else filled(set_id, met=True)
    records = [record for record in samples.records() if record.kind != "procedure"]
    if not told:
        return facts_of(assessed(builtin(set_id)))
    return replace(facts_of(given, records), pages=samples.facts(given).pages)


def paper(document_id: str, given: DossierFacts) -> doc.Document:
    (made,) = build(given, ON, documents=[document_id])
    return made


def heads(document: doc.Document) -> list[str]:
    return [f"{block.number} {block.title}" for block in document.blocks if isinstance(block, doc.Heading)]


def test_the_parts_are_those_that_templates_may_name() -> None:
    assert set(TABLE_PARTS) <= PARTS
    assert len(TABLE_PARTS) == 15


@pytest.mark.parametrize("document_id", OWN)
@pytest.mark.parametrize("set_id", [XA, samples.TEN])
@pytest.mark.parametrize("told", [True, False])
def test_every_paper_is_made_filled_and_empty(document_id: str, set_id: str, told: bool) -> None:
    made = paper(document_id, known(set_id, told=told))
    text = words(made.blocks)
    assert made.title and made.blocks
    assert not any(sign in text for sign in ("None", "{", "}", "Decimal"))


def test_the_report_on_debt() -> None:
    made = paper("no-dong", known())
    assert heads(made) == ["I. Tình hình nợ đọng xây dựng cơ bản", "II. Giải pháp quản lý, thanh toán vốn đầu tư"]
    text = words(made.blocks)
    assert "Số: 19/BC-UBND" in text
    assert "không có nợ đọng xây dựng cơ bản (văn bản xác nhận: Văn bản số 3/XN-MẪU)" in text
    assert text.index("KT. CHỦ TỊCH") < text.index("PHÓ CHỦ TỊCH")
    assert "không có nợ đọng" not in words(paper("no-dong", known(told=False)).blocks)


def test_the_report_on_the_poll_has_numbers_and_no_names() -> None:
    made = paper("hai-long", known())
    assert [head.split(" ")[0] for head in heads(made)] == ["I.", "II.", "III.", "IV."]
    assert sum(isinstance(block, doc.Table) for block in made.blocks) == 2
    text = words(made.blocks)
    assert "810" in text and "95,56" in text


def test_the_hand_over_is_signed_by_both() -> None:
    made = paper("giao-nhan", known())
    (signatures,) = [block for block in made.blocks if isinstance(block, doc.SignatureBlock)]
    assert signatures.left is not None
    assert (signatures.left.lines, signatures.right.lines) == (("ĐẠI DIỆN BÊN NHẬN",), ("ĐẠI DIỆN BÊN GIAO",))
    text = words(made.blocks)
    assert "15/TTr-UBND" in text and "Biên bản giao nhận" not in text


def test_annexes_say_which_report_they_belong_to() -> None:
    for document_id, above in (("muc-luc-minh-chung", "Phụ lục II"), ("phu-luc-anh", "Phụ lục III")):
        made = paper(document_id, known())
        title = next(block for block in made.blocks if isinstance(block, doc.Title))
        assert title.above == above
        assert title.attached_to.startswith("(Kèm theo Báo cáo số 16/BC-UBND ngày 01 tháng 10 năm 2024 của Ủy ban")


def test_boxes_have_a_cover_a_label_and_a_list_for_each_criterion() -> None:
    for set_id, count in ((XA, 19), (samples.TEN, 10)):
        given = known(set_id)
        covers = [block for block in paper("bia-hop", given).blocks if isinstance(block, doc.Cover)]
        (spines,) = [block for block in paper("nhan-gay", given).blocks if isinstance(block, doc.Spines)]
        lists = [block for block in paper("danh-muc-hop", given).blocks if isinstance(block, doc.Table)]
        assert [len(covers), len(spines.labels), len(lists)] == [count] * 3
