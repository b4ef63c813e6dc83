"""The hand-over slip: one page whatever stands on it, with a code that other programs read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from ntm_desktop.dossier.document import Document
from ntm_desktop.dossier.handover import (
    KIND,
    MOST_LISTED,
    Closing,
    HandOver,
    Side,
    SlipPart,
    build_slip,
    grouped,
    qr_content,
)
from ntm_desktop.dossier.pdf import write_pdf
from ntm_desktop.errors import PackageRefused
from ntm_desktop.model.assessment import UnitProfile
from ntm_desktop.operations import evidence, handover, identity, packages
from ntm_desktop.operations.workspace import Workspace
from tests.core.appraisal_samples import World, make_world
from tests.core.dossier_samples import COMMUNE
from tests.core.test_dossier_pdf import fonts_of, joined, text_of

FINGERPRINT = "12345 67890 09876 54321 13579 24680"
OFFICE = "Văn phòng Điều phối Chương trình mục tiêu quốc gia xây dựng nông thôn mới tỉnh Lai Châu"
WIDE = "W" * 300
A4 = (595.27, 841.89)


def an_id(seed: object) -> str:
    return hashlib.sha256(str(seed).encode()).hexdigest()[:32]


def hand_over(parts: int = 1, closing: Closing = Closing.KEYS, name: str = OFFICE) -> HandOver:
    return HandOver(
        unit="xã Sơn Bình",
        issuer=COMMUNE,
        profile=UnitProfile(COMMUNE.code),
        giver=Side("Xã Sơn Bình, Tỉnh Lai Châu", "Máy mẫu", FINGERPRINT),
        taker=Side(name, "", ""),
        export_id=an_id("export"),
        parts=tuple(SlipPart(number, an_id(number), 700 * 2**20) for number in range(1, parts + 1)),
        of=parts,
        sequence=7,
        created_at=datetime(2026, 11, 21, 3, 32, tzinfo=UTC),
        changes=1234,
        files=310,
        closing=closing,
        openers=(name, f"{name} (máy 2)"),
    )


def longest(parts: int = 12) -> HandOver:
    """Every name as long and as wide as somebody can make it."""
    profile = UnitProfile(COMMUNE.code, *[WIDE] * 7)
    side = Side(WIDE, WIDE, FINGERPRINT)
    return replace(
        hand_over(parts), unit=WIDE, profile=profile, giver=side, taker=side, openers=(WIDE,) * 9, changes=10**12
    )


def printed(folder: Path, document: Document) -> Path:
    path = folder / "phiếu.pdf"
    write_pdf(document, path)
    return path


def codes_on(path: Path, scale: float) -> list[str]:
    """What an independent reader sees in the page as it prints at ``scale`` times 72 dots per inch."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        picture = pdf[0].render(scale=scale, grayscale=True).to_pil()
    finally:
        pdf.close()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_it_says_who_gives_what_to_whom(tmp_path: Path) -> None:
    facts = hand_over(3)
    text = text_of(printed(tmp_path, build_slip(facts)))
    wanted = [
        KIND,
        "xã Sơn Bình",
        "Bên giao",
        "Bên nhận",
        "Máy mẫu",
        FINGERPRINT,
        "1.234 thay đổi",
        "310 tệp minh chứng",
    ]
    wanted += ["03 gói", "2,1 GB", "10:32", "21/11/2026", "Đã mã hoá", "BÊN GIAO", "BÊN NHẬN", "Nếu USB bị mất"]
    wanted += [grouped(facts.export_id), *(grouped(part.package_id) for part in facts.parts), OFFICE]
    for words in wanted:
        assert joined(words) in joined(text), words
    assert text.count("(Ký, ghi rõ họ tên)") == 2


@pytest.mark.parametrize(
    ("closing", "words", "if_lost"),
    [
        (Closing.KEYS, "chỉ mở được trên máy", "không đọc được"),
        (Closing.PASSPHRASE, "mật khẩu báo riêng", "không đọc được"),
        (Closing.PLAIN, "KHÔNG mã hoá", "ai nhặt được cũng đọc được"),
    ],
)
def test_it_says_who_can_read_it(tmp_path: Path, closing: Closing, words: str, if_lost: str) -> None:
    text = text_of(printed(tmp_path, build_slip(hand_over(closing=closing))))
    assert words in text
    assert if_lost in text


def test_a_receipt_and_a_locked_package_say_so(tmp_path: Path) -> None:
    receipt = replace(hand_over(), changes=0, files=0)
    assert "Biên nhận các gói đã nhận" in text_of(printed(tmp_path, build_slip(receipt)))
    locked = replace(hand_over(), changes=None, files=None)
    assert "(gói đã khoá)" in text_of(printed(tmp_path, build_slip(locked)))


@pytest.mark.parametrize("parts", [1, 2, 12, 13, 40])
@pytest.mark.parametrize("closing", list(Closing))
def test_it_is_one_page(tmp_path: Path, parts: int, closing: Closing) -> None:
    for facts in (hand_over(parts, closing), replace(longest(parts), closing=closing)):
        path = printed(tmp_path, build_slip(facts))
        reader = PdfReader(path)
        assert len(reader.pages) == 1
        box = reader.pages[0].mediabox
        assert (float(box.width), float(box.height)) == pytest.approx(A4, abs=0.1)
        assert all(fonts_of(path).values())


def scales_of(path: Path) -> set[float]:
    found: set[float] = set()
    PdfReader(path).pages[0].extract_text(visitor_text=lambda text, matrix, _tm, _font, _size: found.add(matrix[0]))
    return found


def test_only_what_is_too_long_is_set_smaller(tmp_path: Path) -> None:
    assert scales_of(printed(tmp_path, build_slip(hand_over(4)))) == {1.0}
    assert min(scales_of(printed(tmp_path, build_slip(longest())))) < 0.9


def test_what_is_set_smaller_keeps_its_margins(tmp_path: Path) -> None:
    pdf = pypdfium2.PdfDocument(printed(tmp_path, build_slip(longest())))
    text = pdf[0].get_textpage()
    boxes = [text.get_charbox(place) for place in range(text.count_chars()) if text.get_text_range(place, 1).strip()]
    pdf.close()
    millimetre = 72 / 25.4
    assert min(box[0] for box in boxes) >= 29.5 * millimetre
    assert max(box[2] for box in boxes) <= 195.5 * millimetre
    assert min(box[1] for box in boxes) >= 19.5 * millimetre
    assert max(box[3] for box in boxes) <= 277.5 * millimetre


@pytest.mark.parametrize("parts", [1, 2, 12])
def test_another_program_reads_its_code(tmp_path: Path, parts: int) -> None:
    facts = hand_over(parts)
    ids = [facts.export_id, *(part.package_id for part in facts.parts)]
    wanted = "NTM:" + ":".join(ids).upper()
    assert qr_content(facts) == wanted
    path = printed(tmp_path, build_slip(facts))
    for scale in (1.5, 4.0):  # a fax, and a printer
        assert codes_on(path, scale) == [wanted]
    assert codes_on(printed(tmp_path, build_slip(longest(parts))), 2.0) == [wanted]


def test_of_very_many_parts_the_code_names_the_export(tmp_path: Path) -> None:
    facts = hand_over(MOST_LISTED + 1)
    path = printed(tmp_path, build_slip(facts))
    assert codes_on(path, 2.0) == [f"NTM:{facts.export_id.upper()}"]
    assert "và 2 gói nữa cùng mã lần gửi" in text_of(path)


def test_the_same_slip_has_the_same_bytes(tmp_path: Path) -> None:
    for facts in (hand_over(2), longest()):
        first = printed(tmp_path, build_slip(facts)).read_bytes()
        assert printed(tmp_path, build_slip(facts)).read_bytes() == first


ANY = st.one_of(
    st.text(max_size=200), st.sampled_from(["<b>&", "Ẩ" * 400, "a\u0301" * 90, "\n\n\n", "\u202eאב", "x " * 200])
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANY, computer=ANY, agency=ANY, parts=st.integers(1, 14), known=st.booleans())
def test_whatever_somebody_is_called(
    tmp_path: Path, name: str, computer: str, agency: str, parts: int, known: bool
) -> None:
    side = Side(name, computer, FINGERPRINT if known else "")
    profile = UnitProfile(COMMUNE.code, name, agency, agency, name, agency, name, agency)
    usual = hand_over(parts)
    facts = replace(usual, unit=name, giver=side, taker=side, profile=profile, openers=(name, computer))
    path = printed(tmp_path, build_slip(facts))
    assert len(PdfReader(path, strict=True).pages) == 1
    assert codes_on(path, 2.5) == [qr_content(facts)]


# --- from real packages


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    source = tmp_path / "ảnh.png"
    for place in range(3):
        Image.effect_noise((700, 700), 90 + place).save(source)
        evidence.add_files(made.commune, made.dossier, [source], ["17.1"])
    yield made
    made.close()


def introduce(reader: Workspace, other: Workspace, folder: Path) -> str:
    """One computer gets the other's card; the fingerprint on it."""
    return identity.import_card(reader, identity.export_card(other, folder)).fingerprint


def test_the_slip_of_an_export_names_both_computers(world: World, tmp_path: Path) -> None:
    theirs = introduce(world.commune, world.office, tmp_path / "thẻ")
    exported = packages.export(world.commune, tmp_path / "usb")
    path = handover.slip(world.commune, exported)
    assert path.is_relative_to(world.commune.folder)
    text = text_of(path)
    own = identity.own_card(world.commune)
    for words in (own.fingerprint, theirs, own.name, "Xã Bình Lư (Tỉnh Lai Châu)", "Tỉnh Lai Châu", "Đã mã hoá"):
        assert joined(words) in joined(text), words
    assert "03 tệp minh chứng" in text
    assert f"{exported.changes_count} thay đổi" in text
    assert codes_on(path, 2.0) == [f"NTM:{exported.export_id}:{exported.package_id}".upper()]
    assert handover.slip(world.commune, exported).read_bytes() == path.read_bytes()


def test_the_slip_can_be_made_from_the_file_on_both_sides(world: World, tmp_path: Path) -> None:
    introduce(world.commune, world.office, tmp_path / "thẻ")
    exported = packages.export(world.commune, tmp_path / "usb")
    made = handover.slip_of_file(world.commune, exported.path, tmp_path / "giấy")
    assert made.parent == tmp_path / "giấy"
    assert text_of(made) == text_of(handover.slip(world.commune, exported))
    assert handover.slip(world.commune, exported.path, tmp_path / "giấy") == made
    introduce(world.office, world.commune, tmp_path / "thẻ")
    theirs = text_of(handover.slip_of_file(world.office, exported.path, tmp_path / "giấy 2"))
    assert joined(identity.own_card(world.commune).fingerprint) in joined(theirs)
    assert joined(identity.own_card(world.office).fingerprint) in joined(theirs)
    assert f"{exported.changes_count} thay đổi" in theirs


def test_parts_that_lie_side_by_side_stand_on_one_slip(world: World, tmp_path: Path) -> None:
    sealing = packages.Sealing(packages.PLAIN)
    exported = packages.export(world.commune, tmp_path / "usb", sealing=sealing, part_size=600_000, recovery=False)
    assert exported.parts > 1
    (tmp_path / "usb" / "khác.ntmpkg").write_bytes(b"no package")
    path = handover.slip_of_file(world.commune, exported.paths[1])
    assert f"{exported.parts:02d} gói" in text_of(path)
    assert "KHÔNG mã hoá" in text_of(path)
    assert "03 tệp minh chứng" in text_of(path)
    assert text_of(path) == text_of(handover.slip(world.commune, exported))
    (code,) = codes_on(path, 2.0)
    assert len(code.split(":")) == 2 + exported.parts
    for other in (exported.paths[0], *exported.paths[2:]):
        other.unlink()
    alone = text_of(handover.slip_of_file(world.commune, exported.paths[1]))
    assert f"1/{exported.parts} gói" in alone


def test_a_locked_package_tells_what_its_header_tells(world: World, tmp_path: Path) -> None:
    sealing = packages.Sealing(packages.PASSPHRASE, passphrase="mật khẩu mẫu dài")
    exported = packages.export(world.commune, tmp_path / "usb", sealing=sealing)
    theirs = text_of(handover.slip_of_file(world.office, exported.path))
    assert "(gói đã khoá)" in theirs
    assert "mật khẩu báo riêng" in theirs
    assert grouped(exported.package_id) in theirs
    assert f"{exported.changes_count} thay đổi" in text_of(handover.slip_of_file(world.commune, exported.path))


def test_what_is_no_package_has_no_slip(world: World, tmp_path: Path) -> None:
    wrong = tmp_path / "thư.ntmpkg"
    wrong.write_bytes(b"no package")
    with pytest.raises(PackageRefused):
        handover.slip_of_file(world.commune, wrong, tmp_path / "giấy")
    assert not (tmp_path / "giấy").exists()
