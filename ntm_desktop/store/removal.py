"""Deleting against editing keeps the edit: evidence is out of the dossier only where its remover saw all of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from ntm_desktop.model.changes import REMOVAL, ChangeId, FieldKey, FieldState
from ntm_desktop.store.tables import EvidenceLinkRow, EvidenceRow, FieldStateRow

States = Callable[[Sequence[FieldKey]], dict[FieldKey, FieldState]]


@dataclass(frozen=True, slots=True)
class Removal:
    """The state of one piece of evidence: whether it is out, and whether that is disputed."""

    removed: bool
    disputed: bool


def keys_of(connection: Connection, evidence_id: str) -> list[FieldKey]:
    """All fields of a piece of evidence and of its links that anything was written to."""
    fields = select(FieldStateRow.field).where(
        FieldStateRow.entity == REMOVAL[0], FieldStateRow.entity_id == evidence_id
    )
    links = select(EvidenceLinkRow.code).where(EvidenceLinkRow.evidence_id == evidence_id)
    keys = [(REMOVAL[0], evidence_id, row.field) for row in connection.execute(fields)]
    return keys + [("evidence_link", f"{evidence_id}/{row.code}", "linked") for row in connection.execute(links)]


def seen_heads(connection: Connection, states: States, evidence_id: str) -> set[ChangeId]:
    """What a removal written now has seen: the heads of all other fields and links."""
    keys = [key for key in keys_of(connection, evidence_id) if (key[0], key[2]) != REMOVAL]
    return _kept(states(keys))


def _kept(states: Mapping[FieldKey, FieldState]) -> set[ChangeId]:
    return {head.id for state in states.values() for head in state.heads if not head.deletes}


def removal_of(connection: Connection, states: States, evidence_id: str) -> Removal:
    """Whether a piece of evidence is removed, as the journal says."""
    key = (*REMOVAL[:1], evidence_id, REMOVAL[1])
    removing = states([key])[key].heads
    out = [head for head in removing if head.deletes and head.value is True]
    if not out:
        return Removal(False, False)
    if len(out) < len(removing):  # somebody put it back without seeing the removal
        return Removal(False, True)
    seen = {change_id for head in out for change_id in head.overwrites}
    unseen = seen_heads(connection, states, evidence_id) - seen
    return Removal(not unseen, bool(unseen))


def restate(connection: Connection, states: States, evidence_ids: Collection[str]) -> None:
    """Bring the rows of pieces of evidence up to date after any of their fields or links has changed."""
    for evidence_id in sorted(_with_removal(connection, evidence_ids)):
        state = removal_of(connection, states, evidence_id)
        values = {"removed": True if state.removed else None}
        connection.execute(update(EvidenceRow).where(EvidenceRow.evidence_id == evidence_id).values(**values))
        connection.execute(
            update(FieldStateRow)
            .where(
                FieldStateRow.entity == REMOVAL[0],
                FieldStateRow.entity_id == evidence_id,
                FieldStateRow.field == REMOVAL[1],
            )
            .values(conflicted=state.disputed)
        )


def _with_removal(connection: Connection, evidence_ids: Iterable[str]) -> set[str]:
    """Those that anybody ever removed."""
    found: set[str] = set()
    wanted = sorted(evidence_ids)
    for start in range(0, len(wanted), 500):
        statement = select(FieldStateRow.entity_id).where(
            FieldStateRow.entity == REMOVAL[0],
            FieldStateRow.entity_id.in_(wanted[start : start + 500]),
            FieldStateRow.field == REMOVAL[1],
        )
        found |= {row.entity_id for row in connection.execute(statement)}
    return found
