"""Facts for the papers of a whole dossier: shipped procedures and templates around a sample assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ntm_desktop import catalogue
from ntm_desktop.model.assessment import Assessed
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.paper_template import PaperTemplate
from ntm_desktop.model.procedure import Procedure
from ntm_desktop.model.records import Record
from ntm_desktop.operations.procedures import procedure_for, templates_for


def facts_of(
    given: Assessed,
    records: Iterable[Record] = (),
    *,
    procedure: Procedure | None = None,
    templates: Mapping[str, PaperTemplate] | None = None,
) -> DossierFacts:
    """Facts as a computer has them: the procedure that fits the set, the shipped templates."""
    told = tuple(records)
    chosen = procedure or procedure_for(given.catalogue, told)
    return DossierFacts(given, chosen, templates or templates_for(told), told)


def shipped(procedure_id: str) -> Procedure:
    """A procedure that comes with the program."""
    return next(item for item in catalogue.builtin_procedures() if item.id == procedure_id)
