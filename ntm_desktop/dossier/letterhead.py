"""Who writes to whom: heads and feet of the papers, from the unit's profile with defaults from the list of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ntm_desktop.dossier.document import OfficialHead, SignatureBlock, Signer
from ntm_desktop.dossier.phrases import BLANK, long_date, lower_first
from ntm_desktop.model.assessment import Assessed, UnitProfile
from ntm_desktop.model.text import one_line
from ntm_desktop.model.units import Level, Unit

COMMITTEE = "Ủy ban nhân dân"
_AUTHORITY = ("TM.", "KT.", "TL.", "TUQ.", "Q.")
_KINDS = ("xã ", "phường ", "đặc khu ", "thị trấn ", "huyện ", "thị xã ", "tỉnh ", "thành phố ", "thôn ", "bản ", "ấp ")
_SYMBOLS = {"to-trinh": "TTr-UBND", "bao-cao": "BC-UBND"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Texts of one unit as they stand in its papers."""

    unit: str  # in a sentence: «xã Sơn Bình»
    office: str  # in a sentence: «Ủy ban nhân dân xã Sơn Bình»
    superior: str
    agency: str
    place: str
    receivers: tuple[str, ...]
    signer: Signer


def letterhead_of(assessed: Assessed) -> Letterhead:
    """The letterhead of the assessed unit."""
    return unit_letterhead(assessed.unit, assessed.profile)


def unit_letterhead(unit: Unit, profile: UnitProfile) -> Letterhead:
    """The letterhead of a unit, from what it says of itself."""
    name = one_line(profile.name) or unit.full_name
    inside = lower_first(name) if name.lower().startswith(_KINDS) else name
    province = "" if unit.level is Level.PROVINCE else lower_first(unit.province_name)
    committee = "" if unit.level is Level.VILLAGE else f"{COMMITTEE} "
    agency = one_line(profile.agency) or f"{committee}{name}".upper()
    above = f"{COMMITTEE} {province}" if province else ""
    place = one_line(profile.place) or (unit.full_name if unit.name.isdigit() else unit.name)
    receivers = tuple(filter(None, (one_line(part) for part in profile.receiving_office.replace("\n", ";").split(";"))))
    return Letterhead(
        unit=inside,
        office=f"{committee}{inside}",
        superior=one_line(profile.superior) or (f"UBND {province}".upper() if province else ""),
        agency=agency,
        place=place,
        receivers=receivers or ((above,) if above else ("…" * 20,)),
        signer=Signer(_signer_lines(profile.signer_title, agency), one_line(profile.signer_name)),
    )


def _signer_lines(title: str, agency: str) -> tuple[str, ...]:
    """«TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH»; a deputy signs for the chair; a title with its authority stands as typed."""
    typed = tuple(filter(None, (one_line(line).upper() for line in title.replace(";", "\n").split("\n"))))
    if typed and typed[0].startswith(_AUTHORITY):
        return typed
    authority = ("TM. ỦY BAN NHÂN DÂN",) if agency.startswith(COMMITTEE.upper()) else ()
    if typed and typed[0].startswith("PHÓ CHỦ TỊCH"):
        return (*authority, "KT. CHỦ TỊCH", *typed)
    return (*authority, *(typed or ("CHỦ TỊCH" if authority else "NGƯỜI ĐẠI DIỆN",)))


def number_of(assessed: Assessed, document_id: str) -> str:
    """«15/TTr-UBND»; with room to write where the number is not known yet."""
    symbol = _SYMBOLS[document_id]
    number = one_line(assessed.documents.get(document_id, {}).get("number", ""))
    if "/" in number:
        return number
    if number.isdecimal() and number.isascii():
        number = f"{int(number):02d}"
    return f"{number or BLANK}/{symbol}"


def date_of(assessed: Assessed, document_id: str, on: date) -> str:
    """The paper's date in words; with room to write the day and month where it is not known yet."""
    issued = assessed.documents.get(document_id, {}).get("issued", "")
    return long_date(issued) if issued else f"ngày{BLANK}tháng{BLANK}năm {on.year}"


def head_of(assessed: Assessed, letterhead: Letterhead, document_id: str, on: date) -> OfficialHead:
    """The head of a numbered paper."""
    return OfficialHead(
        superior=letterhead.superior,
        agency=letterhead.agency,
        number=f"Số: {number_of(assessed, document_id)}",
        place_date=f"{letterhead.place}, {date_of(assessed, document_id, on)}",
    )


def signature_of(letterhead: Letterhead) -> SignatureBlock:
    """Receivers on the left, the signer on the right."""
    return SignatureBlock(letterhead.signer, receivers=("- Như trên;", "- Lưu: VT."))
