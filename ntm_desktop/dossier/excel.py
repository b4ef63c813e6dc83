"""The dossier's figures as one Excel workbook: to compute with, to print, to fill in and read back.

Self-assessment and evidence index show what stands in the program. The data sheets (money, debt, poll, general
situation, meetings, opinions, papers, conditions) are read back by :mod:`ntm_desktop.dossier.excel_read`: a hidden
sheet remembers what they held, so that only what a person changed is taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.dossier import phrases
from ntm_desktop.dossier.excel_book import Book
from ntm_desktop.dossier.excel_cells import Frame
from ntm_desktop.dossier.excel_data import rows_of, write_list
from ntm_desktop.dossier.excel_general import write_general
from ntm_desktop.dossier.excel_layout import BASE_SHEET, FORMAT, GENERAL_KINDS, LIST_SHEETS
from ntm_desktop.dossier.excel_money import write_money_by_year
from ntm_desktop.dossier.excel_poll import write_poll
from ntm_desktop.dossier.excel_results import REPORT, write_evidence_index, write_self_assessment
from ntm_desktop.dossier.excel_sheet import as_text, put
from ntm_desktop.dossier.letterhead import paper_head, paper_letterhead
from ntm_desktop.i18n import in_vietnamese
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import Record

_POLL_KINDS = ("poll_village", "poll_question", "poll_count")


def write_workbook(facts: DossierFacts, path: Path, on: date, mark: str = "") -> None:
    """Write the workbook to ``path``, whole or not at all; equal facts on an equal date make equal bytes.

    Raises:
        OSError: the file cannot be written; an older one of that name stays as it was.
    """
    assessed, book = facts.assessed, Book()
    with in_vietnamese():
        letterhead = paper_letterhead(facts, REPORT)
        year, standard = assessed.assessment.year, phrases.standard_of(assessed)
        about = f"Hồ sơ {letterhead.unit} {standard} năm {year}"
        frame = Frame(paper_head(facts, letterhead, REPORT, on), about, mark)
        write_self_assessment(book, facts, frame, on)
        write_evidence_index(book, facts, frame, on)
        write_general(book, facts, frame)
        first = {spec.kind: write_list(book, spec, facts, frame) for spec in LIST_SHEETS if spec.kind == "money"}
        write_money_by_year(book, facts, frame, first["money"])
        for spec in LIST_SHEETS:
            if spec.kind != "money":
                write_list(book, spec, facts, frame)
            if spec.kind == "debt":
                write_poll(book, facts, frame)
        _remember(book, facts)
    properties = book.workbook.properties
    properties.title = as_text(f"Số liệu hồ sơ năm {year} của {letterhead.unit}")
    properties.creator = as_text(letterhead.agency)
    properties.language = "vi"
    with paths.writing(path) as stream:
        book.save(stream, on)


def _remember(book: Book, facts: DossierFacts) -> None:
    """What the data sheets hold, on a sheet that nobody sees: the reader takes over what differs from it."""
    sheet = book.sheet(BASE_SHEET)
    sheet.sheet_state = "hidden"
    assessment = facts.assessed.assessment
    lines: list[tuple[str, ...]] = [("format", FORMAT), ("assessment", assessment.assessment_id)]
    lines.append(("unit", assessment.unit_code))
    for record in _written(facts):
        lines.append(("record", record.kind, record.record_id))
        for name, value in record.values.items():
            stored = str(value).lower() if isinstance(value, bool) else str(value)
            lines.append(("value", record.kind, record.record_id, name, stored))
    for row, line in enumerate(lines, start=1):
        for column, words in enumerate(line, start=1):
            put(sheet.cell(row, column), words)


def _written(facts: DossierFacts) -> Iterator[Record]:
    """The records that stand on the data sheets."""
    for kind in GENERAL_KINDS:
        yield facts.one(kind)
    for spec in LIST_SHEETS:
        yield from (record for _label, record in rows_of(spec, facts))
    for kind in _POLL_KINDS:
        yield from facts.of(kind)
