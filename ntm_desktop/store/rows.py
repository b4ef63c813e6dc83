"""The journal's values as columns of its tables, and back."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row

from ntm_desktop.model.changes import Change, ChangeId, FieldKey, FieldState, JsonValue, canonical_json


def change_of_row(row: Row[Any]) -> Change:
    """A change as it stands in the table."""
    return Change(
        device=row.device,
        seq=row.seq,
        lamport=row.lamport,
        at=row.at,
        user=row.user,
        unit=row.unit,
        entity=row.entity,
        entity_id=row.entity_id,
        field=row.field,
        value=json.loads(row.value),
        overwrites=tuple(ChangeId(device, seq) for device, seq in json.loads(row.overwrites)),
        previous_hash=row.previous_hash,
    )


def row_of_change(change: Change, change_hash: str) -> dict[str, Any]:
    """The table's columns of a change."""
    return {
        **{name: getattr(change, name) for name in ("device", "seq", "lamport", "at", "user", "unit")},
        **{name: getattr(change, name) for name in ("entity", "entity_id", "field", "previous_hash")},
        "value": canonical_json(change.value).decode(),
        "overwrites": canonical_json([[other.device, other.seq] for other in change.overwrites]).decode(),
        "hash": change_hash,
    }


def state_row(key: FieldKey, unit: str, state: FieldState) -> dict[str, Any]:
    heads: JsonValue = [[head.device, head.seq] for head in state.heads]
    awaited: JsonValue = [[item.device, item.seq] for item in sorted(state.awaited)]
    return {
        "entity": key[0],
        "entity_id": key[1],
        "field": key[2],
        "unit": unit,
        "heads": canonical_json(heads).decode(),
        "awaited": canonical_json(awaited).decode(),
        "conflicted": state.conflicted,
    }
