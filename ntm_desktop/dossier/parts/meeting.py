"""The meeting that votes on the recommendation, in the order of form 1.9 of Decree 30/2020; and the meetings before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ntm_desktop.dossier.document import (
    Align,
    Block,
    Column,
    FillIn,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    cell,
    text,
)
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import ROOM, dated, limit_of, percent, ratio
from ntm_desktop.dossier.parts.results import ended
from ntm_desktop.dossier.phrases import counted, listed
from ntm_desktop.model.catalogue import Source
from ntm_desktop.model.dossier_facts import DossierFacts, vote_share
from ntm_desktop.model.numbers import shown
from ntm_desktop.model.procedure import AppliedSetting, SettingId
from ntm_desktop.model.records import SELF, Record

_VOTES = (
    ("agreed", "Nhất trí đề nghị xét, công nhận"),
    ("disagreed", "Không nhất trí"),
    ("blank", "Phiếu không hợp lệ, ý kiến khác"),
)
_COLUMNS = (
    Column("TT", 10, Align.CENTER),
    Column("Nội dung", 85),
    Column("Số phiếu", 30, Align.CENTER),
    Column("Tỷ lệ so với số đại biểu có mặt (%)", 40, Align.CENTER),
)
_NAME_ROOM = "…" * 14  # for a name, short enough to stay on the line of its label
_HELD = (
    ("steering", "cuộc họp chỉ đạo, điều hành"),
    ("assess", "cuộc họp rà soát, tự đánh giá"),
    ("people", "cuộc họp lấy ý kiến Nhân dân"),
)


def lines_of(given: str) -> list[str]:
    """What a person wrote, line by line, without empty ones."""
    return [line.strip() for line in given.splitlines() if line.strip()]


def paragraphs_of(given: str) -> Iterator[Paragraph]:
    """What a person wrote, a paragraph for each line."""
    return (Paragraph(text(ended(line))) for line in lines_of(given))


def itemised(lines: list[str]) -> Iterator[Paragraph]:
    """«- a;» «- b.»: the last one ends the list."""
    bare = [line.lstrip("-–+• ").rstrip(".;, ") for line in lines]
    bare = [line for line in bare if line]
    for place, line in enumerate(bare, start=1):
        yield Paragraph(text(f"{line}{'.' if place == len(bare) else ';'}"), marker="-")


def _meeting(facts: DossierFacts) -> Record:
    return facts.vote or Record("meeting", SELF)


def _labelled(label: str, said: str) -> Paragraph:
    return Paragraph(text(Run(f"{label}: ", bold=True), said))


def _hour(given: str) -> str:
    """«08 giờ 30 phút»."""
    hour, _colon, minute = given.partition(":")
    return f"{hour or '……'} giờ {minute or '……'} phút"


def _person(name: str, title: str) -> str:
    return ended(", ".join(filter(None, (name.strip(), title.strip()))) or _NAME_ROOM)


def meeting_details(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Time, place, composition, chair, secretary; then what was reported and discussed."""
    meeting = _meeting(facts)
    yield _labelled("Thời gian bắt đầu", ended(f"{_hour(meeting.text('begins'))}, {dated(meeting.text('held_on'))}"))
    yield _labelled("Địa điểm", ended(meeting.text("place").strip() or _NAME_ROOM))
    yield from attendance(facts, making)
    yield _labelled("Chủ trì (chủ tọa)", _person(meeting.text("chair"), meeting.text("chair_title")))
    yield _labelled("Thư ký (người ghi biên bản)", _person(meeting.text("secretary"), meeting.text("secretary_title")))
    yield Heading(1, "I.", "Nội dung cuộc họp")
    yield from _content(meeting)


def attendance(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Who was there: composition line by line, and how many of those invited."""
    meeting = _meeting(facts)
    composition = lines_of(meeting.text("composition"))
    invited, present = meeting.number("invited"), meeting.number("present")
    if composition:
        yield Paragraph(text("Thành phần tham dự:", bold=True))
        yield from itemised(composition)
    else:
        yield FillIn("Thành phần tham dự:", 3)
    share = percent(ratio(present, invited))
    of_invited = f" (bằng {share}% số đại biểu được mời)" if share else ""
    yield Paragraph(
        text(f"Số đại biểu được mời: {_count(invited)} người; số đại biểu có mặt: {_count(present)} người{of_invited}.")
    )
    if invited is not None and present is not None and invited > present:
        yield Paragraph(text(f"Số đại biểu vắng mặt: {counted(invited - present)} người."))


def _count(number: int | None) -> str:
    return ROOM if number is None else counted(number)


def _content(meeting: Record) -> Iterator[Block]:
    said = meeting.text("content")
    if lines_of(said):
        yield from paragraphs_of(said)
    else:
        yield FillIn("Báo cáo trình bày tại cuộc họp, ý kiến thảo luận của đại biểu:", 6)


def meeting_vote(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The ballots with counts and shares and what follows where the share needed is known; the conclusion; the end."""
    meeting = _meeting(facts)
    yield Heading(1, "II.", "Kết quả bỏ phiếu")
    needed = limit_of(facts.settings.get(SettingId.VOTE_SHARE))
    present = meeting.number("present")
    votes = [meeting.number(name) for name, _said in _VOTES]
    rows = [
        Row((cell(str(place)), cell(said), cell(_or_room(number)), cell(_share(number, present, needed))))
        for place, ((_name, said), number) in enumerate(zip(_VOTES, votes, strict=True), start=1)
    ]
    if None not in votes:
        sum_of = sum(number or 0 for number in votes)
        share = _share(sum_of, present, needed)
        rows.append(Row((cell(), cell("Cộng", bold=True), cell(counted(sum_of), bold=True), cell(share, bold=True))))
    yield Paragraph(text(f"Kết quả bỏ phiếu của {_count(present)} đại biểu có mặt:"))
    yield Table(_COLUMNS, tuple(rows))
    yield from _concluded(vote_share(meeting), needed, facts.settings.get(SettingId.VOTE_SHARE))
    yield Heading(1, "III.", "Kết luận")
    yield from _conclusion(meeting)


def _or_room(number: int | None) -> str:
    return "" if number is None else counted(number)


def _share(number: int | None, present: int | None, needed: Decimal | None) -> str:
    return percent(ratio(number, present), *filter(None, (needed,)))


def _concluded(reached: Decimal | None, needed: Decimal | None, setting: AppliedSetting | None) -> Iterator[Block]:
    """«Tỷ lệ nhất trí: 95% …»; nothing is said of a share that cannot be, and a signed record cites no limit that
    somebody only remembers."""
    if setting is not None and not setting.local and setting.setting.source is Source.MEMORY:
        needed = None
    if reached is None or reached > 100:
        return
    said = f"Tỷ lệ đại biểu nhất trí: {percent(reached, *filter(None, (needed,)))}% số đại biểu có mặt"
    if needed is None:
        yield Paragraph(text(f"{said}."))
    else:
        holds = "đạt" if reached >= needed else "chưa đạt"
        yield Paragraph(text(f"{said}, {holds} mức quy định (từ {shown(needed)}% trở lên)."))


def _conclusion(meeting: Record) -> Iterator[Block]:
    if lines_of(meeting.text("conclusion")):
        yield from paragraphs_of(meeting.text("conclusion"))
    else:
        yield FillIn("Kết luận của chủ tọa:", 3)
    end = f"{_hour(meeting.text('ends'))}, {dated(meeting.text('held_on'))}"
    yield Paragraph(text(f"Cuộc họp kết thúc vào {end}./."))


def steering_meetings(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """How many meetings of each kind were held, and those of the steering committee one by one; nothing where none."""
    held = {purpose: _of_purpose(facts, purpose) for purpose, _name in _HELD}
    counts = [f"{counted(len(held[purpose]))} {name}" for purpose, name in _HELD if held[purpose]]
    if counts:
        yield Paragraph(text(f"Đã tổ chức {listed(counts)}."))
    for meeting in held["steering"]:
        place = meeting.text("place").strip()
        said = " ".join(ended(line) for line in lines_of(meeting.text("conclusion") or meeting.text("content")))
        where = f", tại {place}" if place else ""
        when = dated(meeting.text("held_on"))
        begun = f"{when[:1].upper()}{when[1:]}{where}"
        yield Paragraph(text(f"{begun}: {said}" if said else f"{begun}."), marker="-")


def _of_purpose(facts: DossierFacts, purpose: str) -> list[Record]:
    return [meeting for meeting in facts.of("meeting") if meeting.text("purpose") == purpose]


PARTS: dict[str, Part] = {
    "attendance": attendance,
    "meeting_details": meeting_details,
    "meeting_vote": meeting_vote,
    "steering_meetings": steering_meetings,
}
