"""Reading rows: frozen values of the model leave the store, rows do not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from ntm_desktop.model.appraisal import DossierReturn, Opinion, OpinionVerdict, ReturnStatus
from ntm_desktop.model.assessment import Assessment, Judgement, LocalLevel, Result, UnitProfile, Verdict
from ntm_desktop.model.catalogue import LegalBasis, Operator
from ntm_desktop.model.changes import Change, FieldKey
from ntm_desktop.model.evidence import BlobRef, Evidence
from ntm_desktop.model.records import BY_ID, Record
from ntm_desktop.store.rows import change_of_row
from ntm_desktop.store.tables import (
    RECORD_ROWS,
    AppraisalRow,
    AssessmentRow,
    CatalogueRow,
    ChangeRow,
    DossierReturnRow,
    EvidenceLinkRow,
    EvidenceRow,
    FieldStateRow,
    LevelRow,
    ResultRow,
    UnitRow,
    table_of,
)


def _assessment(row: Row[Any]) -> Assessment:
    catalogue = row.catalogue or {}
    return Assessment(
        assessment_id=row.assessment_id,
        unit_code=row.unit,
        catalogue_id=catalogue.get("id", ""),
        catalogue_version=catalogue.get("version", ""),
        catalogue_sha256=catalogue.get("sha256", ""),
        year=row.year or 0,
        region=row.region or "",
        group=row.group or "",
        special_rule=row.special_rule or "",
    )


def _result(row: Row[Any]) -> Result:
    judgement = row.judgement
    return Result(
        code=row.code,
        value=row.value,
        judgement=Judgement(Verdict(judgement["verdict"]), judgement["reason"]) if judgement else None,
        explanation=row.explanation or "",
        data_source=row.data_source or "",
        responsible=row.responsible or "",
        figure_year=row.figure_year,
        carried_from=row.carried_from,
    )


def _evidence(row: Row[Any], codes: tuple[str, ...]) -> Evidence:
    file: Mapping[str, Any] = row.file or {}
    return Evidence(
        evidence_id=row.evidence_id,
        assessment_id=row.assessment or "",
        blob=BlobRef(file.get("sha256", ""), file.get("size", 0), file.get("media_type", "")),
        file_name=file.get("name", ""),
        number=row.number or "",
        issued=row.issued or "",
        issuer=row.issuer or "",
        summary=row.summary or "",
        sheets=row.sheets,
        removed=bool(row.removed),
        added_at=row.added_at or "",
        codes=codes,
    )


class Reading:
    """The rows within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def assessments(self, unit: str = "") -> tuple[Assessment, ...]:
        """All assessments, or those of one unit, the latest year first."""
        statement = select(table_of(AssessmentRow)).where(AssessmentRow.catalogue.is_not(None))
        if unit:
            statement = statement.where(AssessmentRow.unit == unit)
        rows = self._connection.execute(statement.order_by(AssessmentRow.year.desc(), AssessmentRow.assessment_id))
        return tuple(_assessment(row) for row in rows)

    def assessment(self, assessment_id: str) -> Assessment | None:
        """One assessment."""
        statement = select(table_of(AssessmentRow)).where(AssessmentRow.assessment_id == assessment_id)
        row = self._connection.execute(statement).one_or_none()
        return _assessment(row) if row is not None and row.catalogue else None

    def results(self, assessment_id: str) -> dict[str, Result]:
        """Results by indicator code."""
        rows = self._connection.execute(select(table_of(ResultRow)).where(ResultRow.assessment_id == assessment_id))
        return {row.code: _result(row) for row in rows}

    def levels(self, assessment_id: str) -> dict[str, LocalLevel]:
        """Local levels by indicator code."""
        rows = self._connection.execute(select(table_of(LevelRow)).where(LevelRow.assessment_id == assessment_id))
        return {
            row.code: LocalLevel(
                Operator(row.level["operator"]), Decimal(row.level["threshold"]), LegalBasis(**row.level["basis"])
            )
            for row in rows
            if row.level
        }

    def evidence(self, assessment_id: str, *, removed: bool = False) -> tuple[Evidence, ...]:
        """Evidence of an assessment in the order in which it was added; what was removed only on request."""
        links = self._connection.execute(
            select(EvidenceLinkRow.evidence_id, EvidenceLinkRow.code)
            .join(EvidenceRow, EvidenceRow.evidence_id == EvidenceLinkRow.evidence_id)
            .where(EvidenceRow.assessment == assessment_id, EvidenceLinkRow.linked.is_(True))
        )
        codes: dict[str, list[str]] = {}
        for link in links:
            codes.setdefault(link.evidence_id, []).append(link.code)
        rows = self._connection.execute(
            select(table_of(EvidenceRow))
            .where(EvidenceRow.assessment == assessment_id, EvidenceRow.file.is_not(None))
            .order_by(EvidenceRow.added_at, EvidenceRow.evidence_id)
        )
        found = (_evidence(row, tuple(sorted(codes.get(row.evidence_id, ())))) for row in rows)
        return tuple(item for item in found if removed or not item.removed)

    def one_evidence(self, evidence_id: str) -> Evidence | None:
        """One piece of evidence, removed or not."""
        row = self._connection.execute(
            select(table_of(EvidenceRow)).where(EvidenceRow.evidence_id == evidence_id)
        ).one_or_none()
        if row is None or not row.file:
            return None
        links = self._connection.execute(
            select(EvidenceLinkRow.code).where(
                EvidenceLinkRow.evidence_id == evidence_id, EvidenceLinkRow.linked.is_(True)
            )
        )
        return _evidence(row, tuple(sorted(link.code for link in links)))

    def blobs(self, *, removed: bool = True) -> dict[str, BlobRef]:
        """Contents of all evidence by hash, of what was removed too: removal can be undone."""
        statement = select(EvidenceRow.file).where(EvidenceRow.file.is_not(None))
        if not removed:
            statement = statement.where(EvidenceRow.removed.is_not(True))
        refs = (
            BlobRef(row.file["sha256"], row.file["size"], row.file["media_type"])
            for row in self._connection.execute(statement)
        )
        return {ref.sha256: ref for ref in refs}

    def evidence_hashes(self, unit: str) -> tuple[str, ...]:
        """Hashes of the contents of a unit's evidence, without what was removed: quick for many."""
        sha256 = func.json_extract(EvidenceRow.file, "$.sha256")
        statement = select(sha256).where(
            EvidenceRow.unit == unit, EvidenceRow.file.is_not(None), EvidenceRow.removed.is_not(True)
        )
        return tuple(self._connection.execute(statement).scalars())

    def blob_owners(self) -> dict[str, str]:
        """A file name for every content, to name it by."""
        rows = self._connection.execute(select(EvidenceRow.file).where(EvidenceRow.file.is_not(None)))
        return {row.file["sha256"]: row.file["name"] for row in rows}

    def profile(self, unit: str) -> UnitProfile:
        """What the documents say about a unit."""
        row = self._connection.execute(select(table_of(UnitRow)).where(UnitRow.unit_code == unit)).one_or_none()
        if row is None:
            return UnitProfile(unit)
        names = [name for name in UnitProfile.__slots__ if name != "unit_code"]
        return UnitProfile(unit, **{name: getattr(row, name) or "" for name in names})

    def documents(self, assessment_id: str) -> dict[str, dict[str, str]]:
        """Number and date of the dossier's documents."""
        found = self.records(assessment_id, "document")
        return {item.record_id: {"number": item.text("number"), "issued": item.text("issued")} for item in found}

    def records(self, owner: str, *kinds: str) -> tuple[Record, ...]:
        """Records of an assessment or unit (of some kinds) by kind and id; one without any value is none."""
        found: list[Record] = []
        for kind in kinds or tuple(RECORD_ROWS):
            table = table_of(RECORD_ROWS[kind])
            rows = self._connection.execute(
                select(table).where(table.c.owner == owner).order_by(table.c.record_id)
            ).mappings()
            for row in rows:
                values = {item.id: row[item.id] for item in BY_ID[kind].fields if row[item.id] is not None}
                if values:
                    found.append(Record(kind, row["record_id"], values))
        return tuple(found)

    def catalogues(self, unit: str = "") -> dict[str, dict[str, Any]]:
        """Sets used or installed here (for one unit): hash → id, version, name, size."""
        statement = select(CatalogueRow.sha256, CatalogueRow.entry)
        if unit:
            statement = statement.where(CatalogueRow.unit == unit)
        rows = self._connection.execute(statement)
        return {row.sha256: row.entry for row in rows if row.entry}

    def history(self, records: Sequence[tuple[str, str]], limit: int) -> tuple[Change, ...]:
        """Latest changes of records (entity, id); without any those of all."""
        statement = select(table_of(ChangeRow))
        if records:
            statement = statement.where(tuple_(ChangeRow.entity, ChangeRow.entity_id).in_(records))
        statement = statement.order_by(ChangeRow.lamport.desc(), ChangeRow.device, ChangeRow.seq.desc()).limit(limit)
        return tuple(change_of_row(row) for row in self._connection.execute(statement))

    def opinions(self, assessment_id: str) -> dict[str, Opinion]:
        """The office's opinions by indicator code, with who gave them when."""
        rows = self._connection.execute(
            select(table_of(AppraisalRow)).where(AppraisalRow.assessment_id == assessment_id)
        )
        given = {row.code: row.opinion for row in rows if row.opinion}
        found: dict[str, Opinion] = {}
        for code, opinion in given.items():
            user, at = self._written("appraisal", f"{assessment_id}/{code}", "opinion")
            found[code] = Opinion(code, OpinionVerdict(opinion["verdict"]), opinion["note"], user, at)
        return found

    def dossier_return(self, assessment_id: str) -> DossierReturn | None:
        """What the office did with a dossier, with who did it when."""
        statement = select(table_of(DossierReturnRow)).where(DossierReturnRow.assessment_id == assessment_id)
        row = self._connection.execute(statement).one_or_none()
        if row is None or not row.status:
            return None
        user, at = self._written("dossier_return", assessment_id, "status")
        return DossierReturn(assessment_id, ReturnStatus(row.status), row.note or "", user, at)

    def _written(self, entity: str, entity_id: str, field: str) -> tuple[str, str]:
        """Who wrote the shown value of a field, and when."""
        table = FieldStateRow
        heads = self._connection.execute(
            select(table.heads).where(table.entity == entity, table.entity_id == entity_id, table.field == field)
        ).scalar_one_or_none()
        for device, seq in json.loads(heads or "[]")[:1]:
            change = self.changes([(device, seq)])[(device, seq)]
            return change.user, change.at
        return "", ""

    def conflicted(self, unit: str = "") -> tuple[tuple[FieldKey, str], ...]:
        """The fields that hold two values which nobody has chosen between, each with its unit."""
        table = FieldStateRow
        statement = select(table.entity, table.entity_id, table.field, table.unit).where(table.conflicted.is_(True))
        if unit:
            statement = statement.where(table.unit == unit)
        rows = self._connection.execute(statement.order_by(table.entity, table.entity_id, table.field))
        return tuple(((row.entity, row.entity_id, row.field), row.unit) for row in rows)

    def conflicts(self, unit: str = "") -> int:
        """How many fields hold two values that nobody has chosen between."""
        statement = select(func.count()).select_from(FieldStateRow).where(FieldStateRow.conflicted.is_(True))
        if unit:
            statement = statement.where(FieldStateRow.unit == unit)
        return int(self._connection.execute(statement).scalar_one())

    def changes(self, ids: list[tuple[str, int]]) -> dict[tuple[str, int], Change]:
        """Changes by (device, seq)."""
        found: dict[tuple[str, int], Change] = {}
        for start in range(0, len(ids), 2_000):
            part = ids[start : start + 2_000]
            rows = self._connection.execute(
                select(table_of(ChangeRow)).where(tuple_(ChangeRow.device, ChangeRow.seq).in_(part))
            )
            found.update({(row.device, row.seq): change_of_row(row) for row in rows})
        return found

    def change_count(self) -> int:
        """How many changes the journal holds."""
        return int(self._connection.execute(select(func.count()).select_from(ChangeRow)).scalar_one())
