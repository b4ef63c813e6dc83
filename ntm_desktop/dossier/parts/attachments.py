"""The list of papers that go with the request, from the procedure's composition of the dossier."""

from __future__ import annotations

from collections.abc import Iterator

from ntm_desktop.dossier.document import Block, Paragraph, lettered, text
from ntm_desktop.dossier.making import Making, Part
from ntm_desktop.dossier.parts.figures import cited
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.procedure import DocumentEntry

REQUEST = "to-trinh"


def attachments(facts: DossierFacts, making: Making) -> Iterator[Block]:
    """The submitted papers of the unit; from the request itself the others, for the office's report all of them."""
    by_office = making.entry is not None and making.entry.by_office
    papers = [
        entry
        for entry in facts.procedure.documents
        if entry.submitted and not entry.by_office and (by_office or entry.id != REQUEST) and _there(facts, entry)
    ]
    for place, entry in enumerate(papers):
        end = "." if place == len(papers) - 1 else ";"
        yield Paragraph(text(f"{lettered(place)} {entry.name}{_reference(facts, entry)}{end}"))


def _there(facts: DossierFacts, entry: DocumentEntry) -> bool:
    """True for what must be there; of the rest what somebody has entered something for."""
    if entry.required or facts.paper(entry.id).values:
        return True
    return entry.id == "hai-long" and bool(facts.poll.villages)


def _reference(facts: DossierFacts, entry: DocumentEntry) -> str:
    """« số 16/BC-UBND ngày 01 tháng 10 năm 2024»; nothing for papers without a number of their own."""
    template = facts.templates.get(entry.template)
    symbol = template.symbol if template is not None else ""
    paper = facts.paper(entry.id)
    number = paper.text("number").strip()
    if not symbol and not number:
        return ""
    if number.isascii() and number.isdecimal():
        number = f"{int(number):02d}"
    whole = number if "/" in number or not symbol else f"{number or '……'}/{symbol}"
    return f" {cited(whole, paper.text('issued'))}"


PARTS: dict[str, Part] = {"attachments": attachments}
