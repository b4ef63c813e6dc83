"""Publication of the report, and the opinions of organisations and people with what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ntm_desktop.dossier.document import Align, Block, Column, FillIn, Paragraph, Row, Table, cell, roman, text
from ntm_desktop.dossier.letterhead import letterhead_of
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import ROOM, dated, percent, ratio
from ntm_desktop.dossier.parts.meeting import itemised, lines_of
from ntm_desktop.dossier.phrases import counted, listed
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import Record
from ntm_desktop.wording import date_text

_GIVERS = (
    ("front", "Ý kiến của Mặt trận Tổ quốc Việt Nam", "{count} cơ quan Mặt trận Tổ quốc"),
    ("organisation", "Ý kiến của các tổ chức chính trị - xã hội", "{count} tổ chức chính trị - xã hội"),
    ("people", "Ý kiến của Nhân dân", "Nhân dân tại {count} thôn, bản"),
    ("", "Ý kiến khác", "{count} nơi khác"),
)
_TAKEN = (
    ("agreed", "Nhất trí", "nhất trí, không có ý kiến khác"),
    ("accepted", "Tiếp thu", "được tiếp thu"),
    ("explained", "Giải trình", "được giải trình"),
    ("", "", "chưa ghi kết quả xử lý"),
)
_COLUMNS = (
    Column("TT", 9, Align.CENTER),
    Column("Tổ chức, thôn, bản", 31),
    Column("Văn bản, số ý kiến", 34),
    Column("Nội dung góp ý", 38),
    Column("Kết quả xử lý", 17, Align.CENTER),
    Column("Nội dung tiếp thu, giải trình", 37),
)


def publication(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """When and where the report was sent, posted and read out; dots where that is not known."""
    record = facts.one("publication")
    office = letterhead_of(facts.assessed).office
    yield Paragraph(
        text(
            f"{_capital(office)} gửi báo cáo lấy ý kiến tham gia của Mặt trận Tổ quốc, các tổ chức chính trị - xã hội "
            f"và Nhân dân từ {dated(record.text('sent_on'))}."
        )
    )
    first, last = record.text("posted_from"), record.text("posted_to")
    days = _days(first, last)
    length = f" ({counted(days)} ngày)" if days else ""
    posted = f"Niêm yết công khai báo cáo từ {dated(first)} đến {dated(last)}{length}"
    places = lines_of(record.text("places"))
    if places:
        yield Paragraph(text(f"{posted}, tại:"))
        yield from itemised(places)
    else:
        yield FillIn(f"{posted}, tại:", 2)
    heard = record.number("broadcasts")
    count = ROOM if heard is None else counted(heard)
    yield Paragraph(text(f"Thông báo trên hệ thống truyền thanh: {count} lần."))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _days(first: str, last: str) -> int:
    """Both ends counted; 0 where it cannot be told."""
    try:
        return max((date.fromisoformat(last) - date.fromisoformat(first)).days + 1, 0)
    except ValueError:
        return 0


def _by(records: Sequence[Record], field: str, known: Sequence[str]) -> dict[str, list[Record]]:
    """Records by a choice, in the order of the list; what is not chosen under «»."""
    found: dict[str, list[Record]] = {name: [] for name in known}
    for record in records:
        value = record.text(field)
        found[value if value in found else ""].append(record)
    return found


def opinions_summary(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """How many gave an opinion, how many people agreed, what became of the opinions."""
    records = facts.of("opinion")
    if not records:
        yield FillIn("Số tổ chức, thôn, bản có ý kiến; số ý kiến nhất trí; nội dung góp ý:", 4)
        return
    givers = _by(records, "giver", [giver for giver, _title, _name in _GIVERS])
    counts = [name.format(count=counted(len(givers[giver]))) for giver, _title, name in _GIVERS if givers[giver]]
    yield Paragraph(text(f"Tổng hợp được ý kiến của {listed(counts)}."))
    yield from _people(givers["people"])
    taken = _by(records, "taken", [kind for kind, _short, _name in _TAKEN])
    handled = [f"{counted(len(taken[kind]))} ý kiến {name}" for kind, _short, name in _TAKEN if taken[kind]]
    yield Paragraph(text(f"Kết quả xử lý: {listed(handled)}."))


def _people(records: Sequence[Record]) -> Iterator[Block]:
    """Sums over the villages that have both numbers."""
    whole = [record for record in records if record.number("asked") is not None and record.number("agreed") is not None]
    if not whole:
        return
    asked, agreed = (sum(record.number(name) or 0 for record in whole) for name in ("asked", "agreed"))
    share = percent(ratio(agreed, asked)) if agreed <= asked else ""
    of_all = f", bằng {share}%" if share else ""
    where = "" if len(whole) == len(records) else f" (tại {counted(len(whole))} nơi có đủ số liệu)"
    yield Paragraph(
        text(f"Số người được lấy ý kiến{where}: {counted(asked)} người; số ý kiến nhất trí: {counted(agreed)}{of_all}.")
    )


def opinions_table(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Every opinion with its answer, by who gave it; nothing where there is none."""
    records = facts.of("opinion")
    if not records:
        return
    givers = _by(records, "giver", [giver for giver, _title, _name in _GIVERS])
    rows: list[Row] = []
    shown = [(title, givers[giver]) for giver, title, _name in _GIVERS if givers[giver]]
    for number, (title, own) in enumerate(shown, start=1):
        rows.append(Row((cell(f"{roman(number)}. {title}", span=len(_COLUMNS), bold=True),), band=True))
        rows.extend(_row(place, record) for place, record in enumerate(own, start=1))
    yield Table(_COLUMNS, tuple(rows))


def _row(place: int, record: Record) -> Row:
    taken = next((short for kind, short, _name in _TAKEN if kind == record.text("taken")), "")
    content = record.text("content").strip()
    if not content and record.text("taken") == "agreed":
        content = "Nhất trí, không có ý kiến khác"
    return Row(
        (
            cell(str(place)),
            cell(record.text("name")),
            cell(_paper(record), *_numbers(record)),
            cell(*lines_of(content)),
            cell(taken),
            cell(*lines_of(record.text("response"))),
        )
    )


def _paper(record: Record) -> str:
    number, issued = record.text("number").strip(), record.text("issued")
    return " ".join(filter(None, (number, f"ngày {date_text(issued)}" if issued else "")))


def _numbers(record: Record) -> Iterator[str]:
    asked, agreed = record.number("asked"), record.number("agreed")
    if asked is not None:
        yield f"Lấy ý kiến: {counted(asked)} người"
    if agreed is not None:
        yield f"Nhất trí: {counted(agreed)} ý kiến"


PARTS: dict[str, Part] = {
    "opinions_summary": opinions_summary,
    "opinions_table": opinions_table,
    "publication": publication,
}
