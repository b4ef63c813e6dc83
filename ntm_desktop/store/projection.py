"""From the journal's fields to the rows that screens read: one rule per entity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert

from ntm_desktop.model.changes import FieldKey, JsonValue
from ntm_desktop.store import tables
from ntm_desktop.store.tables import table_of


@dataclass(frozen=True, slots=True)
class RowRule:
    """The table of an entity, and its key columns from the entity id. Its fields are columns of the same name."""

    table: Table
    keys: Callable[[str], dict[str, str]]


def _plain(column: str) -> Callable[[str], dict[str, str]]:
    return lambda entity_id: {column: entity_id}


def _paired(first: str, second: str) -> Callable[[str], dict[str, str]]:
    def keys(entity_id: str) -> dict[str, str]:
        head, _, tail = entity_id.partition("/")
        return {first: head, second: tail}

    return keys


ROW_RULES: Mapping[str, RowRule] = {
    "assessment": RowRule(table_of(tables.AssessmentRow), _plain("assessment_id")),
    "result": RowRule(table_of(tables.ResultRow), _paired("assessment_id", "code")),
    "level": RowRule(table_of(tables.LevelRow), _paired("assessment_id", "code")),
    "evidence": RowRule(table_of(tables.EvidenceRow), _plain("evidence_id")),
    "evidence_link": RowRule(table_of(tables.EvidenceLinkRow), _paired("evidence_id", "code")),
    "unit": RowRule(table_of(tables.UnitRow), _plain("unit_code")),
    "appraisal": RowRule(table_of(tables.AppraisalRow), _paired("assessment_id", "code")),
    "dossier_return": RowRule(table_of(tables.DossierReturnRow), _plain("assessment_id")),
    "catalogue": RowRule(table_of(tables.CatalogueRow), _paired("unit", "sha256")),
    **{kind: RowRule(table_of(row), _paired("owner", "record_id")) for kind, row in tables.RECORD_ROWS.items()},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The value that a field shows now."""

    key: FieldKey
    unit: str
    value: JsonValue


def project(connection: Connection, fields: Iterable[Shown]) -> None:
    """Write the shown values into the rows of their records, making rows that do not exist."""
    records: dict[tuple[str, str], dict[str, Any]] = {}
    for shown in fields:
        entity, entity_id, field = shown.key
        record = records.setdefault((entity, entity_id), {"unit": shown.unit})
        record[field] = shown.value
    batches: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for (entity, entity_id), columns in records.items():
        row = ROW_RULES[entity].keys(entity_id) | columns
        batches.setdefault((entity, tuple(sorted(row))), []).append(row)
    for (entity, names), rows in batches.items():
        table = ROW_RULES[entity].table
        keys = [column.name for column in table.primary_key]
        statement = insert(table)
        statement = statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: statement.excluded[name] for name in names if name not in keys},
        )
        connection.execute(statement, rows)
