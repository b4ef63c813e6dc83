"""Who writes to whom: heads and feet of the papers, from the unit's profile and what was entered for each paper."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ntm_desktop.dossier.document import OfficialHead, SignatureBlock, Signer
from ntm_desktop.dossier.phrases import BLANK, long_date, lower_first
from ntm_desktop.model.assessment import Assessed, UnitProfile
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import Record
from ntm_desktop.model.text import one_line
from ntm_desktop.model.units import Level, Unit

COMMITTEE = "Ủy ban nhân dân"
_AUTHORITY = ("TM.", "KT.", "TL.", "TUQ.", "Q.")
_DEPUTY = "PHÓ "
_KINDS = ("xã ", "phường ", "đặc khu ", "thị trấn ", "huyện ", "thị xã ", "tỉnh ", "thành phố ", "thôn ", "bản ", "ấp ")
_OF_COMMITTEE = "-UBND"
_ON_FILE = "- Lưu: VT."
_COPIES_TO = ("- Như trên;", _ON_FILE)
_UNKNOWN = "…" * 20
_SIGNER_FIELDS = ("capacity", "signer_title", "signer_name")
# Who signs minutes beside or instead of the paper's signer: names are those of the meeting that voted.
_OF_MEETING = {"THƯ KÝ": "secretary", "CHỦ TRÌ": "chair", "CHỦ TỌA": "chair", "CHỦ TOẠ": "chair"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Texts of one unit as they stand in its papers."""

    unit: str  # in a sentence: «xã Sơn Bình»
    office: str  # in a sentence: «Ủy ban nhân dân xã Sơn Bình»
    superior: str
    agency: str
    place: str
    receivers: tuple[str, ...]  # «Kính gửi»
    signer: Signer
    copies_to: tuple[str, ...] = _COPIES_TO  # «Nơi nhận»


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
    own = "" if agency.startswith(COMMITTEE.upper()) or not profile.agency.strip() else _spoken(agency, unit)
    place = one_line(profile.place) or (unit.full_name if unit.name.isdigit() else unit.name)
    receivers = tuple(filter(None, (one_line(part) for part in profile.receiving_office.replace("\n", ";").split(";"))))
    return Letterhead(
        unit=inside,
        office=own or f"{committee}{inside}",
        superior=one_line(profile.superior) or (f"UBND {province}".upper() if province else ""),
        agency=agency,
        place=place,
        receivers=receivers or ((above,) if above else (_UNKNOWN,)),
        signer=Signer(_signer_lines(profile.signer_title, agency), one_line(profile.signer_name)),
    )


def _spoken(agency: str, unit: Unit) -> str:
    """The name of an agency inside a sentence: «VĂN PHÒNG … TỈNH LAI CHÂU» → «Văn phòng … tỉnh Lai Châu»."""
    if not agency.isupper():
        return agency
    words = agency[:1] + agency[1:].lower()
    for name in (unit.name, unit.province_name.partition(" ")[2] or unit.province_name):
        words = re.sub(re.escape(name.lower()), name.replace("\\", r"\\"), words) if name else words
    return words


def paper_letterhead(facts: DossierFacts, document_id: str) -> Letterhead:
    """The letterhead of one paper: the appraising office's for its own papers, the unit's for all others; with the
    signer, addressees and receivers that were entered for it."""
    entry, assessed = facts.procedure.document(document_id), facts.assessed
    paper = facts.paper(document_id)
    if entry is None or not entry.by_office:
        profile = assessed.profile
        plain = unit_letterhead(assessed.unit, profile)
    elif facts.office is not None:
        profile = facts.office_profile or UnitProfile(facts.office.code)
        plain = unit_letterhead(facts.office, profile)
    else:
        profile, plain = UnitProfile(""), _nobody_yet()
    return replace(
        plain,
        receivers=_lines(paper.text("addressee")) or plain.receivers,
        signer=_paper_signer(_signing(facts, document_id), profile, plain),
        copies_to=tuple(_listed(_lines(paper.text("receivers")))) or plain.copies_to,
    )


def _nobody_yet() -> Letterhead:
    """For an office's paper while no office is known: room to write, never the head of the unit that it appraises."""
    room = "…" * 12
    return Letterhead(_UNKNOWN, _UNKNOWN, room, room, "……", (_UNKNOWN,), Signer(("THỦ TRƯỞNG CƠ QUAN",), ""))


def _lines(typed: str) -> tuple[str, ...]:
    """One place a line, without the signs that the paper itself sets."""
    cleaned = (one_line(line).removeprefix("-").rstrip(";").strip() for line in typed.split("\n"))
    return tuple(line for line in cleaned if line)


def _listed(lines: tuple[str, ...]) -> list[str]:
    """«- Như trên;» … «- Lưu: VT.»"""
    bare = [line.rstrip(".") for line in lines]
    return [f"- {line}{'.' if place == len(bare) else ';'}" for place, line in enumerate(bare, start=1)]


# --- the signer


def _signing(facts: DossierFacts, document_id: str) -> Record:
    """What was entered on the signer: an annex without any of its own is signed by who signs the report before it."""
    entry, paper = facts.procedure.document(document_id), facts.paper(document_id)
    template = facts.templates.get(entry.template) if entry is not None else None
    if entry is None or template is None or template.symbol or any(paper.text(name) for name in _SIGNER_FIELDS):
        return paper
    return facts.paper("tham-tra" if entry.by_office else "bao-cao")


def _paper_signer(paper: Record, profile: UnitProfile, plain: Letterhead) -> Signer:
    title, name = one_line(paper.text("signer_title")), one_line(paper.text("signer_name"))
    if not (title or name or paper.text("capacity")):
        return plain.signer
    lines = _capacity_lines(paper.text("capacity"), title or profile.signer_title, plain.agency, profile)
    return Signer(lines, name or (plain.signer.name if not title else ""))


def _authority(agency: str) -> tuple[str, ...]:
    """A committee decides together: whoever signs for it does so «TM.»."""
    return ("TM. ỦY BAN NHÂN DÂN",) if agency.startswith(COMMITTEE.upper()) else ()


def _capacity_lines(capacity: str, title: str, agency: str, profile: UnitProfile) -> tuple[str, ...]:
    """Lines above the name (Decree 30/2020, Appendix I, cell 7a): TM., KT., TL., TUQ. and Q. with their titles."""
    own = one_line(title).upper()
    if not capacity or own.startswith(_AUTHORITY):
        return _signer_lines(title, agency)
    head = _head_title(own, agency, profile)
    match capacity:
        case "KT":
            return (*_authority(agency), f"KT. {head}", own if own.startswith(_DEPUTY) else f"{_DEPUTY}{head}")
        case "TL" | "TUQ":
            return (f"{capacity}. {head}", *((own,) if own and own != head else ()))
        case "Q":
            return (*_authority(agency), f"Q. {own or head}")
        case _:
            return (*(_authority(agency) or (f"TM. {agency}",)), own or head)


def _head_title(own: str, agency: str, profile: UnitProfile) -> str:
    """Title of who heads the agency: «CHỦ TỊCH», «GIÁM ĐỐC»."""
    if own.startswith(_DEPUTY):
        return own.removeprefix(_DEPUTY)
    if _authority(agency):
        return "CHỦ TỊCH"
    lines = [one_line(line).upper() for line in profile.signer_title.replace(";", "\n").split("\n")]
    last = next((line for line in reversed(lines) if line), "")
    return last.removeprefix(_DEPUTY) or "THỦ TRƯỞNG CƠ QUAN"


def _signer_lines(title: str, agency: str) -> tuple[str, ...]:
    """«TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH»; a deputy signs for the chair; a title with its authority stands as typed."""
    typed = tuple(filter(None, (one_line(line).upper() for line in title.replace(";", "\n").split("\n"))))
    if typed and typed[0].startswith(_AUTHORITY):
        return typed
    authority = _authority(agency)
    if typed and typed[0].startswith("PHÓ CHỦ TỊCH"):
        return (*authority, "KT. CHỦ TỊCH", *typed)
    return (*authority, *(typed or ("CHỦ TỊCH" if authority else "NGƯỜI ĐẠI DIỆN",)))


# --- number, date, head, foot


def _number(typed: str, symbol: str) -> str:
    """«15/TTr-UBND»; with room to write where the number is not known yet."""
    number = one_line(typed)
    if "/" in number:
        return number
    if number.isdecimal() and number.isascii() and len(number) < 10:
        number = f"{int(number):02d}"
    return f"{number or BLANK}/{symbol}"


def paper_number(facts: DossierFacts, document_id: str) -> str:
    """«15/TTr-UBND» of a paper of the procedure; empty where its template gives it no number of its own."""
    entry = facts.procedure.document(document_id)
    template = facts.templates.get(entry.template if entry is not None else document_id)
    symbol = template.symbol if template is not None else ""
    if symbol.endswith(_OF_COMMITTEE) and not _authority(paper_letterhead(facts, document_id).agency):
        symbol = symbol.removesuffix(_OF_COMMITTEE) + "-……"  # the agency's own letters are a person's to write
    return _number(facts.paper(document_id).text("number"), symbol) if symbol else ""


def paper_date(facts: DossierFacts, document_id: str, on: date) -> str:
    """The date of a paper in words, with room to write where it is not known yet."""
    issued = facts.paper(document_id).text("issued")
    return long_date(issued) if issued else f"ngày{BLANK}tháng{BLANK}năm {on.year}"


def paper_head(facts: DossierFacts, letterhead: Letterhead, document_id: str, on: date) -> OfficialHead:
    """The head of a paper."""
    number = paper_number(facts, document_id)
    place_date = f"{letterhead.place}, {paper_date(facts, document_id, on)}"
    return OfficialHead(letterhead.superior, letterhead.agency, f"Số: {number}" if number else "", place_date)


def paper_signature(
    facts: DossierFacts, letterhead: Letterhead, *, receivers: bool, addressed: bool, left: str = "", right: str = ""
) -> SignatureBlock:
    """The foot of a paper: ``left`` and ``right`` are titles of other signers; «Như trên» only where the paper is
    ``addressed`` to somebody."""
    copies = letterhead.copies_to
    if not addressed and copies == _COPIES_TO:
        copies = (_ON_FILE,)
    return SignatureBlock(
        right=_by_title(facts, right) if right else letterhead.signer,
        receivers=copies if receivers else (),
        left=_by_title(facts, left) if left else None,
    )


def _by_title(facts: DossierFacts, title: str) -> Signer:
    lines = tuple(filter(None, (one_line(line).upper() for line in title.split("\n"))))
    field = _OF_MEETING.get(lines[0], "") if lines else ""
    meeting = facts.vote
    name = one_line(meeting.text(field)) if field and meeting is not None else ""
    return Signer(lines, name, note="(Ký, ghi rõ họ tên)")
