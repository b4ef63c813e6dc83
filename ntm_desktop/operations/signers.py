"""Who signs a paper, as it will print: for the window, which shows it while one types."""

from __future__ import annotations

from dataclasses import replace

from ntm_desktop.dossier.letterhead import paper_letterhead
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import Record


def foot(facts: DossierFacts, paper: Record) -> tuple[tuple[str, ...], str]:
    """Lines of authority and title, and the name, with ``paper`` in place of what is stored for that document."""
    place = (paper.kind, paper.record_id)
    others = (item for item in facts.records if (item.kind, item.record_id) != place)
    signer = paper_letterhead(replace(facts, records=(*others, paper)), paper.record_id).signer
    return signer.lines, signer.name
