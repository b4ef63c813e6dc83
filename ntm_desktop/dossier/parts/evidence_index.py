"""Mục lục minh chứng: criterion by criterion, indicator by indicator, with the sheet numbers in the boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ntm_desktop import wording
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.document import Align, Block, Column, Note, Paragraph, Row, Table, cell, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.boxes import boxes_of, sheets_text
from ntm_desktop.model.assessment import AssessedCriterion, Verdict
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.evidence import Evidence

_COLUMNS = (
    Column("TT", 11, Align.CENTER),
    Column("Tên, trích yếu nội dung", 81),
    Column("Số, ký hiệu", 36),
    Column("Ngày ban hành", 24, Align.CENTER),
    Column("Cơ quan ban hành", 38),
    Column("Tờ số", 18, Align.CENTER),
    Column("Tệp, ghi chú", 44),
)


def evidence_index(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The table and how many pieces there are. A paper that proves several indicators stands with each."""
    pieces = {piece.evidence_id for piece in facts.assessed.evidence if not piece.removed}
    yield Table(_COLUMNS, tuple(_rows(facts)))
    yield Paragraph(text(f"Tổng số: {phrases.counted(len(pieces))} minh chứng.", bold=True), indent=False)
    if phrases.made_up_codes(facts.assessed):
        yield Note(phrases.MADE_UP_NOTE)


def _rows(facts: DossierFacts) -> Iterator[Row]:
    width = len(_COLUMNS)
    papers = _placed(facts)
    seen: dict[str, int] = {}
    place = 0
    for criterion in facts.assessed.criteria:
        number = criterion.criterion.number
        yield Row((cell(f"Tiêu chí số {number}. {criterion.criterion.name}", span=width, bold=True),), band=True)
        for row in _of_criterion(criterion, papers, seen, place):
            place += not row.band and bool(row.cells[0].paragraphs)
            yield row
    loose = [piece for piece in facts.assessed.evidence if not piece.removed and piece.evidence_id not in seen]
    if loose:
        yield Row((cell("Minh chứng chưa gắn với chỉ tiêu", span=width, bold=True),), band=True)
        for last, piece in enumerate(loose, start=place + 1):
            yield _row(last, piece, last, "")


def _placed(facts: DossierFacts) -> dict[str, tuple[str, str]]:
    """Where each piece lies: number of the criterion whose box it is, and its sheets there."""
    return {
        paper.evidence.evidence_id: (box.criterion.number, sheets_text(paper))
        for box in boxes_of(facts)
        for paper in box.papers
        if paper.lies_in is None
    }


def _of_criterion(
    criterion: AssessedCriterion, papers: Mapping[str, tuple[str, str]], seen: dict[str, int], place: int
) -> Iterator[Row]:
    """``seen``: number of the row in which a piece stood first; ``place``: of the last row."""
    width = len(_COLUMNS)
    for item in criterion.indicators:
        yield Row((cell(text(f"{phrases.code_of(item)}. {item.indicator.name}", italic=True), span=width),), band=True)
        pieces = [piece for piece in item.evidence if not piece.removed]
        if not pieces:
            none = "Không áp dụng." if item.verdict is Verdict.NOT_APPLICABLE else "Chưa có minh chứng."
            yield Row((cell(), cell(none, span=width - 1)))
        for piece in pieces:
            place += 1
            first = seen.setdefault(piece.evidence_id, place)
            box, sheets = papers[piece.evidence_id]
            elsewhere = f"(để ở hộp tiêu chí số {box})" if box != criterion.criterion.number else ""
            yield _row(place, piece, first, sheets, elsewhere)


def _row(place: int, piece: Evidence, first: int, sheets: str, elsewhere: str = "") -> Row:
    notes = [piece.file_name]
    if first != place:
        notes.append(f"(cùng văn bản số TT {first})")
    notes.append(elsewhere)
    if not piece.blob_present:
        notes.append("(chưa có tệp trên máy này)")
    return Row(
        (
            cell(str(place)),
            cell(piece.title),
            cell(piece.number),
            cell(wording.date_text(piece.issued)),
            cell(piece.issuer),
            cell(sheets),
            cell(*notes),
        )
    )


PARTS: dict[str, Part] = {"evidence_index": evidence_index}
