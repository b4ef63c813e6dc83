"""Which records a dossier's procedure and evidence have room for: what follows from them is not made up by typing."""

from __future__ import annotations

from ntm_desktop.errors import NotFound
from ntm_desktop.i18n import _
from ntm_desktop.model.dossier_facts import DossierFacts
from ntm_desktop.model.records import BY_ID, Kind
from ntm_desktop.operations.dossier_facts import facts
from ntm_desktop.operations.texts import sections_of
from ntm_desktop.operations.workspace import Workspace


def known_ids(known: DossierFacts, kind: Kind) -> tuple[str, ...] | None:
    """Ids that records of a kind may have here; None where a person makes them."""
    procedure = known.procedure
    match kind.id:
        case "document" | "appraisal_document":
            by_office = kind.id == "appraisal_document"
            return tuple(entry.id for entry in procedure.documents if entry.by_office == by_office)
        case "section" | "appraisal_section":
            return tuple(section.key for section in sections_of(known) if section.kind == kind.id)
        case "setting":
            return tuple(setting.id for setting in procedure.settings)
        case "condition":
            return tuple(condition.id for condition in procedure.conditions)
        case "photo":
            return tuple(piece.evidence_id for piece in known.assessed.evidence if not piece.removed)
        case "poll_count":
            villages, questions = known.of("poll_village"), known.of("poll_question")
            return tuple(f"{one.record_id}.{other.record_id}" for one in villages for other in questions)
        case _:
            return None


def check_target(workspace: Workspace, assessment_id: str, kind: str, record_id: str) -> None:
    """Refuse a record that nothing would ever show.

    Raises:
        NotFound: the dossier has no such paper, text, rule, condition, picture or count; the hint names what it has.
    """
    ids = known_ids(facts(workspace, assessment_id), BY_ID[kind])
    if ids is None or record_id in ids:
        return
    raise NotFound(
        _("Không có mục «{id}» trong «{what}».").format(id=record_id, what=_(BY_ID[kind].name)),
        _("Chưa có gì thay đổi. Có thể chọn: {names}.").format(names=", ".join(ids[:40]) or "–"),
    )
