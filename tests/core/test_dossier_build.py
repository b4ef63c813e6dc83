"""What the papers say: honest numbers, official turns of phrase, nothing that was entered left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from ntm_desktop import dossier, i18n
from ntm_desktop.dossier import document as doc
from ntm_desktop.dossier.letterhead import letterhead_of
from ntm_desktop.dossier.phrases import counted, long_date
from ntm_desktop.errors import InvalidInput
from ntm_desktop.model.assessment import Assessed, Result, UnitProfile
from ntm_desktop.model.records import Record
from ntm_desktop.model.units import Level, Unit
from tests.core.dossier_samples import (
    COMMUNE,
    LETTERS,
    SETS,
    XA,
    assessed,
    builtin,
    evidence,
    filled,
    small_set,
    with_profile,
)
from tests.core.paper_samples import facts_of

ON = date(2024, 11, 5)


def words(document: doc.Document) -> str:
    """All texts of a document, one line each."""
    return "\n".join(_texts(document))


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


def paper(document_id: str, given: Assessed, records: Iterable[Record] = ()) -> str:
    (made,) = dossier.build(facts_of(given, records), ON, documents=(document_id,))
    return words(made)


def test_all_documents_are_built_in_their_order() -> None:
    facts = facts_of(filled(XA))
    made = dossier.build(facts, ON)
    assert [document.document_id for document in made] == [entry.id for entry in facts.procedure.documents]
    assert {document.document_id for document in made if document.landscape} >= {"bieu-tu-danh-gia", "bieu-tham-tra"}
    assert {(document.mark, document.draft) for document in made} == {("", False)}
    marked = dossier.build(facts, ON, sample=True, draft=True)
    assert {(document.mark, document.draft) for document in marked} == {(dossier.SAMPLE_MARK, True)}


def test_documents_are_chosen_by_id_and_unknown_ones_refused() -> None:
    facts = facts_of(filled(XA))
    made = dossier.build(facts, ON, documents=("bao-cao", "to-trinh", "bao-cao"))
    assert [document.document_id for document in made] == ["to-trinh", "bao-cao"]
    with pytest.raises(InvalidInput, match="bia-mau"):
        dossier.build(facts, ON, documents=("bia-mau",))
    lacking = replace(facts, templates={})
    with pytest.raises(InvalidInput, match="to-trinh"):
        dossier.build(lacking, ON, documents=("to-trinh",))


@pytest.mark.parametrize("catalogue_id", SETS)
@pytest.mark.parametrize("entered", [True, False])
def test_every_set_makes_every_document(catalogue_id: str, entered: bool) -> None:
    given = filled(catalogue_id) if entered else assessed(builtin(catalogue_id))
    for document in dossier.build(facts_of(given), ON):
        assert words(document)
        assert "None" not in words(document)
        assert not re.search(r"[{}]", words(document)), document.document_id


@pytest.mark.parametrize(
    ("catalogue_id", "subject"),
    [
        (XA, "công nhận xã Sơn Bình đạt chuẩn nông thôn mới năm 2024"),
        ("xa-ntm-nang-cao-2021-2025", "công nhận xã Sơn Bình đạt chuẩn nông thôn mới nâng cao năm 2024"),
        ("xa-ntm-kieu-mau-2021-2025", "công nhận xã Sơn Bình đạt chuẩn nông thôn mới kiểu mẫu năm 2024"),
    ],
)
def test_the_title_is_of_the_set(catalogue_id: str, subject: str) -> None:
    assert subject in paper("to-trinh", filled(catalogue_id))


def test_the_procedure_is_cited_only_for_its_period() -> None:
    assert "Căn cứ Quyết định số 18/2022/QĐ-TTg ngày 02 tháng 8 năm 2022" in paper("to-trinh", filled(XA))
    assert "18/2022" not in paper("to-trinh", filled("xa-ntm-2026"))
    assert (
        "Căn cứ Quyết định số 318/QĐ-TTg ngày 08 tháng 3 năm 2022 của Thủ tướng Chính phủ ban hành Bộ tiêu chí"
        in paper("to-trinh", filled(XA))
    )


def test_the_index_names_each_paper_with_each_indicator() -> None:
    pieces = [
        evidence(
            "a", "1.1", "1.2", number="05/BC-UBND", issued="2024-05-01", issuer="UBND xã mẫu", summary="Báo cáo A"
        ),
        replace(evidence("b", "1.2", summary="Đã bỏ"), removed=True),
        evidence("c", file_name="anh.jpg"),
    ]
    given = assessed(small_set(), pieces=pieces)
    text = paper("muc-luc-minh-chung", given)
    assert text.count("Báo cáo A") == 2
    assert "(cùng văn bản số TT 1)" in text
    assert "01/05/2024" in text
    assert "Đã bỏ" not in text
    assert "Minh chứng chưa gắn với chỉ tiêu" in text
    assert "Tổng số: 02 minh chứng." in text


def test_the_missing_list_follows_the_issues() -> None:
    given = assessed(small_set(), [Result("1.1", {"percent": "90"})])
    text = paper("con-thieu", given)
    assert "☐ Chưa có minh chứng." in text
    assert "☐ Chưa nhập kết quả." in text
    assert "Không còn nội dung nào thiếu." not in text


def test_numbers_and_dates_of_papers_with_room_to_write() -> None:
    text = paper("to-trinh", filled(XA))
    blank = doc.NBSP * 6
    assert f"Số: {blank}/TTr-UBND" in text
    assert f"Sơn Bình, ngày{blank}tháng{blank}năm 2024" in text
    numbers = (
        Record("document", "to-trinh", {"number": "5", "issued": "2024-02-03"}),
        Record("document", "bao-cao", {"number": "20/BC-UBND"}),
    )
    known = paper("to-trinh", filled(XA), numbers)
    assert "Số: 05/TTr-UBND" in known
    assert "Sơn Bình, ngày 03 tháng 02 năm 2024" in known
    assert "Theo Báo cáo số 20/BC-UBND" in known


def test_the_letterhead_has_defaults_and_takes_the_profile() -> None:
    plain = letterhead_of(filled(XA))
    assert (plain.superior, plain.agency) == ("UBND TỈNH LAI CHÂU", "ỦY BAN NHÂN DÂN XÃ SƠN BÌNH")
    assert plain.receivers == ("Ủy ban nhân dân tỉnh Lai Châu",)
    assert (plain.signer.lines, plain.signer.name) == (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "")
    own = letterhead_of(
        with_profile(
            filled(XA),
            superior="UBND HUYỆN MẪU",
            signer_title="Phó Chủ tịch",
            signer_name="Người Ký Mẫu",
            receiving_office="Sở Mẫu; Văn phòng Mẫu",
            place="Nơi Mẫu",
        )
    )
    assert own.signer.lines == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert own.receivers == ("Sở Mẫu", "Văn phòng Mẫu")
    assert (own.superior, own.place, own.signer.name) == ("UBND HUYỆN MẪU", "Nơi Mẫu", "Người Ký Mẫu")


def test_a_numbered_ward_keeps_its_kind_in_the_place_name() -> None:
    ward = Unit("1", "7", "Phường 7", "phuong", Level.COMMUNE, "79", "Thành phố Hồ Chí Minh")
    made = letterhead_of(assessed(small_set(), unit=ward, profile=UnitProfile("1")))
    assert (made.place, made.unit, made.superior) == ("Phường 7", "phường 7", "UBND THÀNH PHỐ HỒ CHÍ MINH")


def test_papers_stay_vietnamese_in_an_english_window() -> None:
    vietnamese = [words(document) for document in dossier.build(facts_of(filled(XA)), ON)]
    i18n.use_language("en")
    try:
        assert [words(document) for document in dossier.build(facts_of(filled(XA)), ON)] == vietnamese
    finally:
        i18n.use_language("vi")


def test_turns_of_phrase() -> None:
    assert [counted(number) for number in (0, 5, 10, 1234)] == ["00", "05", "10", "1.234"]
    assert [long_date(iso) for iso in ("2026-01-05", "2026-02-11", "2026-03-31")] == [
        "ngày 05 tháng 01 năm 2026",
        "ngày 11 tháng 02 năm 2026",
        "ngày 31 tháng 3 năm 2026",
    ]
    assert [doc.roman(number) for number in (1, 4, 9, 14, 40)] == ["I", "IV", "IX", "XIV", "XL"]
    assert [doc.lettered(place) for place in (0, 3, 4, 5, 6)] == ["a)", "d)", "đ)", "e)", "g)"]


def test_text_is_made_legible() -> None:
    import unicodedata

    assert doc.legible(unicodedata.normalize("NFD", LETTERS)) == LETTERS
    assert doc.legible("a\x00\x1f\u200bb\r\nc\u2028d\ud800\ufffe\u202e") == "ab\nc\nd"
    assert COMMUNE.full_name in doc.legible(COMMUNE.full_name)
