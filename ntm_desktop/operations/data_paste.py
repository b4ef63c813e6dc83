"""Rows that were pasted from a spreadsheet, taken into lists of a dossier's data as one edit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import N_, _
from ntm_desktop.model.changes import JsonValue
from ntm_desktop.model.records import LISTS
from ntm_desktop.operations.dossier_data import kind_of, read_value
from ntm_desktop.operations.outcome import Changes
from ntm_desktop.operations.workspace import Workspace
from ntm_desktop.store.store import EditName

COUNTED = "poll_count"  # a village's satisfied answers, by question


@dataclass(frozen=True, slots=True)
class PastedRow:
    """Texts for the fields of one record; an empty ``record_id`` adds one. ``counts``: satisfied answers of a village
    by the question's record id."""

    record_id: str
    typed: Mapping[str, str]
    counts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What changed, and the records' ids in the order of the rows."""

    changes: Changes
    record_ids: tuple[str, ...]


def paste(workspace: Workspace, assessment_id: str, kind: str, rows: Sequence[PastedRow]) -> Pasted:
    """Save all rows as one edit, which undo takes back as one.

    Raises:
        InvalidInput: the kind is no list, or a text cannot be read; nothing is saved.
        NotFound, ReadOnly: no such assessment, or not this computer's to write.
    """
    known, counted = kind_of(kind), kind_of(COUNTED)
    if known.id not in LISTS:
        raise InvalidInput(_("«{what}» không phải là danh sách.").format(what=_(known.name)), _("Chưa có gì thay đổi."))
    ids: list[str] = []
    with workspace.store.write() as work:
        assessment = workspace.own_assessment(work, assessment_id)
        records: dict[tuple[str, str], Mapping[str, JsonValue]] = {}
        for row in rows:
            record_id = row.record_id or uuid.uuid4().hex
            ids.append(record_id)
            owner = f"{assessment.assessment_id}/{record_id}"
            records[known.id, owner] = {name: read_value(known, name, text) for name, text in row.typed.items()}
            for question, text in row.counts.items():
                value = read_value(counted, "satisfied", text)
                records[COUNTED, f"{owner}.{question}"] = {"satisfied": value}
        edit = EditName(N_("dán {what}"), {"what": known.name})
        filled = {place: values for place, values in records.items() if values}
        changes = workspace.write(work, filled, edit, unit=assessment.unit_code)
    return Pasted(changes, tuple(ids))
