"""Names of evidence files can be written on every system and stay recognisable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ntm_desktop.evidence.media import KINDS, by_ending, by_media_type, ending_of, kind_name, opening_name
from ntm_desktop.evidence.names import safe_file_name, shown

RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Báo cáo nước sạch.pdf", "Báo cáo nước sạch.pdf"),
        (unicodedata.normalize("NFD", "Biên bản họp thôn Nậm Cầy.docx"), "Biên bản họp thôn Nậm Cầy.docx"),
        ("bao cao.pdf. . ", "bao cao.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\nc\td.jpg", "abcd.jpg"),
        ('số 12/BC: "x" <y>?*|.xlsx', "số 12_BC_ _x_ _y____.xlsx"),
        ("\udcff\udcfe.pdf", "__.pdf"),
        ("   .   ", "_"),
        ("", "_"),
    ],
)
def test_examples(given_name: str, kept: str) -> None:
    assert safe_file_name(given_name) == kept


def test_a_name_of_400_letters_keeps_its_ending() -> None:
    for letter in ("a", "ế", "𝔸"):
        kept = safe_file_name(letter * 396 + ".pdf")
        assert kept.endswith(letter + ".pdf") and len(kept) <= 120 and len(kept.encode()) <= 240


@given(
    st.text(st.characters(), max_size=400)
    | st.builds("{}.{}".format, st.sampled_from(["con", "LPT1", "ế" * 200]), st.text())
)
@example("ế" * 200 + ".ếếếếếếếếếếếế")
@example("0 .")
@example("\u0301")
@example("a.\u0301")
def test_what_holds_for_any_name(name: str) -> None:
    kept = safe_file_name(name)
    assert 0 < len(kept) <= 120
    assert len(kept.encode()) <= 240
    assert unicodedata.is_normalized("NFC", kept)
    assert not set(kept) & set('<>:"/\\|?*')
    assert not {unicodedata.category(char) for char in kept} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert kept == kept.strip() and not kept.endswith(".")
    assert kept.split(".")[0].strip().lower() not in RESERVED
    assert safe_file_name(kept) == kept
    assert len(shown(name)) <= 70


def test_every_kind_is_found_by_each_of_its_endings_and_by_its_type() -> None:
    assert len({kind.media_type for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert by_media_type(kind.media_type) is kind
        assert kind_name(kind.media_type) == kind.name
        for ending in kind.endings:
            assert by_ending(ending) is kind and by_ending(f".{ending.upper()}") is kind


def test_unknown_kinds_are_called_by_their_ending() -> None:
    assert kind_name("application/octet-stream", "Bản vẽ.DWG") == "Tệp khác (.dwg)"
    assert kind_name("application/octet-stream", "vô danh") == "Tệp khác"
    assert ending_of(".pdf") == "" and ending_of("a.b.PDF") == "pdf"


def test_content_is_opened_under_its_true_ending() -> None:
    assert opening_name("ảnh.jpeg", "image/jpeg") == "ảnh.jpeg"
    assert opening_name("ảnh.pdf", "image/jpeg") == "ảnh.pdf.jpg"
    assert opening_name("bản vẽ.dwg", "application/octet-stream") == "bản vẽ.dwg"
