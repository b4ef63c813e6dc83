"""Boxes of evidence on paper: covers, labels for their backs, lists of what lies in them, and the hand-over record."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_desktop import wording
from ntm_desktop.dossier.document import (
    Align,
    Block,
    Column,
    Cover,
    PageBreak,
    Paragraph,
    Row,
    SpineLabel,
    Spines,
    Table,
    Title,
    cell,
    text,
)
from ntm_desktop.dossier.letterhead import letterhead_of, paper_number
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import ROOM, figure, figure_or_room, limit_of
from ntm_desktop.dossier.phrases import counted, standard_of
from ntm_desktop.model import boxes as model
from ntm_desktop.model.boxes import Box, BoxPaper
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import SettingId

_LIST = (
    Column("TT", 9, Align.CENTER),
    Column("Số, ký hiệu", 27),
    Column("Ngày tháng", 21, Align.CENTER),
    Column("Tên loại và trích yếu nội dung", 44),
    Column("Cơ quan ban hành", 25),
    Column("Tờ số", 14, Align.CENTER),
    Column("Ghi chú", 30),
)
_HANDED_OVER = (
    Column("TT", 10, Align.CENTER),
    Column("Tên văn bản, tài liệu", 63),
    Column("Số, ký hiệu", 30),
    Column("Ngày tháng", 23, Align.CENTER),
    Column("Số bản", 14, Align.CENTER),
    Column("Số tờ", 14, Align.CENTER),
    Column("Ghi chú", 20),
)


def boxes_of(facts: DossierFacts) -> tuple[Box, ...]:
    """The boxes of this dossier."""
    return model.boxes(facts.assessed, {key: pages.pages for key, pages in facts.pages.items()})


def sheets_text(paper: BoxPaper) -> str:
    """«03-07», «03» for a single sheet; nothing where its numbers are not known."""
    if paper.first is None or paper.last is None:
        return ""
    first, last = f"{paper.first:02d}", f"{paper.last:02d}"
    return first if first == last else f"{first}-{last}"


def lies_in(paper: BoxPaper) -> str:
    """Where the paper is to be found, if that is another box."""
    if paper.lies_in is None:
        return ""
    number, place = paper.lies_in
    return f"Xem hộp tiêu chí số {number}, TT {place}"


def named(box: Box) -> str:
    """«Tiêu chí số 3. Thủy lợi»."""
    return f"Tiêu chí số {box.criterion.number}. {box.criterion.name}"


def covers(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """A cover for the box of each criterion."""
    letterhead = letterhead_of(facts.assessed)
    year = facts.assessed.assessment.year
    found = boxes_of(facts)
    for place, box in enumerate(found, start=1):
        if place > 1:
            yield PageBreak()
        own = sum(paper.lies_in is None for paper in box.papers)
        sheets = counted(box.sheets) if box.sheets else ROOM
        yield Cover(
            letterhead.superior,
            letterhead.agency,
            f"TIÊU CHÍ SỐ {box.criterion.number}",
            (
                box.criterion.name.upper(),
                f"Hồ sơ minh chứng đề nghị xét, công nhận {letterhead.unit} {standard_of(facts.assessed)} năm {year}",
            ),
            (
                f"Hộp số {place:02d}/{len(found):02d}",
                f"Số văn bản, tài liệu: {counted(own) if own else ROOM}; số tờ: {sheets}",
                f"{letterhead.place}, năm {year}",
            ),
        )


def spines(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """Labels to cut out and glue on the boxes' backs."""
    letterhead = letterhead_of(facts.assessed)
    year = facts.assessed.assessment.year
    labels = []
    for box in boxes_of(facts):
        lines = (f"TIÊU CHÍ SỐ {box.criterion.number}", box.criterion.name, letterhead.agency, f"Năm {year}")
        labels.append(SpineLabel(box.criterion.number, lines))
    yield Spines(tuple(labels))


def box_lists(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """For each box the list of its papers with their sheet numbers, on a page of its own."""
    unit, year = letterhead_of(facts.assessed).unit, facts.assessed.assessment.year
    for place, box in enumerate(boxes_of(facts)):
        if place:
            yield PageBreak()
        about = f"{named(box)} - Hồ sơ {unit} {standard_of(facts.assessed)} năm {year}"
        yield Title("MỤC LỤC VĂN BẢN, TÀI LIỆU TRONG HỘP", about)
        rows = tuple(_paper_row(paper) for paper in box.papers)
        none = Row((cell(), cell("Chưa có văn bản, tài liệu.", span=len(_LIST) - 1)))
        yield Table(_LIST, rows or (none,))
        if box.papers:
            yield Paragraph(text(_total(box), bold=True), indent=False)


def _paper_row(paper: BoxPaper) -> Row:
    piece = paper.evidence
    notes = [f"Chỉ tiêu {', '.join(paper.codes)}", lies_in(paper)]
    if paper.first is None and paper.sheets:
        notes.append(f"{counted(paper.sheets)} tờ")
    return Row(
        (
            cell(str(paper.place)),
            cell(piece.number),
            cell(wording.date_text(piece.issued)),
            cell(piece.title),
            cell(piece.issuer),
            cell(sheets_text(paper)),
            cell(*notes),
        )
    )


def _total(box: Box) -> str:
    """«Tổng số: 05 văn bản, tài liệu; 23 tờ, đánh số từ 01 đến 23.»"""
    own = sum(paper.lies_in is None for paper in box.papers)
    elsewhere = len(box.papers) - own
    other = f"; {counted(elsewhere)} văn bản, tài liệu để ở hộp khác" if elsewhere else ""
    if box.sheets is None:
        return f"Tổng số trong hộp: {counted(own)} văn bản, tài liệu; {ROOM} tờ{other}."
    numbered = f", đánh số từ 01 đến {counted(box.sheets)}" if box.sheets else ""
    return f"Tổng số trong hộp: {counted(own)} văn bản, tài liệu; {counted(box.sheets)} tờ{numbered}{other}."


def handover_table(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """What is handed over: the papers of the dossier, then the boxes of evidence. Sheets of papers are filled in."""
    known = limit_of(facts.settings.get(SettingId.COPIES))
    copies = "" if known is None else counted(int(known))
    width = len(_HANDED_OVER)
    rows = [Row((cell("Văn bản của hồ sơ", span=width, bold=True),), band=True)]
    place = 0
    for entry in facts.procedure.documents:
        if entry.by_office or not entry.submitted or entry.id == making.document_id:
            continue
        place += 1
        paper = facts.paper(entry.id)
        number = paper_number(facts, entry.id) or paper.text("number")
        issued = wording.date_text(paper.text("issued"))
        rows.append(Row((cell(str(place)), cell(entry.name), cell(number), cell(issued), cell(copies), cell(), cell())))
    rows.append(Row((cell("Minh chứng theo tiêu chí", span=width, bold=True),), band=True))
    found = [box for box in boxes_of(facts) if box.papers]
    for box in found:
        place += 1
        own = sum(paper.lies_in is None for paper in box.papers)
        name = cell(f"Hộp {named(box)[:1].lower()}{named(box)[1:]}", text(f"({counted(own)} văn bản, tài liệu)"))
        rows.append(Row((cell(str(place)), name, cell(), cell(), cell("01"), cell(figure(box.sheets)), cell())))
    if not found:
        rows.append(Row((cell(), cell("Chưa có minh chứng.", span=width - 1))))
    yield Table(_HANDED_OVER, tuple(rows))
    sheets = None if any(box.sheets is None for box in found) else sum(box.sheets or 0 for box in found)
    papers = place - len(found)
    yield Paragraph(
        text(
            f"Tổng số: {counted(papers)} loại văn bản; {counted(len(found))} hộp minh chứng, "
            f"{figure_or_room(sheets)} tờ."
        )
    )


PARTS: dict[str, Part] = {
    "covers": covers,
    "spines": spines,
    "box_lists": box_lists,
    "handover_table": handover_table,
}
