"""Tables. The journal is the only way in; rows follow from it; local tables never travel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, Index, Integer, String, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ntm_desktop.model.records import KINDS, FieldType, Kind


class Base(DeclarativeBase):
    """All tables of the workspace."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON(none_as_null=True)}


def table_of(row: type[Base]) -> Table:
    """The table behind a row class."""
    table = row.__table__
    assert isinstance(table, Table)
    return table


# --- the journal


class ChangeRow(Base):
    """One change, as it was written and as it travels."""

    __tablename__ = "change"
    __table_args__ = (
        Index("change_of_field", "entity", "entity_id", "field"),
        Index("change_of_unit", "unit", "device", "seq"),
        {"sqlite_with_rowid": False},
    )

    device: Mapped[str] = mapped_column(String, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lamport: Mapped[int]
    at: Mapped[str]
    user: Mapped[str]
    unit: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    field: Mapped[str]
    value: Mapped[str] = mapped_column(Text)  # canonical JSON
    overwrites: Mapped[str] = mapped_column(Text)  # canonical JSON [[device, seq], …]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class FieldStateRow(Base):
    """What the journal says about one field: its heads, and changes that are overwritten before they arrived."""

    __tablename__ = "field_state"
    __table_args__ = ({"sqlite_with_rowid": False},)

    entity: Mapped[str] = mapped_column(String, primary_key=True)
    entity_id: Mapped[str] = mapped_column(String, primary_key=True)
    field: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str]
    heads: Mapped[str] = mapped_column(Text)  # canonical JSON [[device, seq], …], highest rank first
    awaited: Mapped[str] = mapped_column(Text)  # canonical JSON [[device, seq], …]
    conflicted: Mapped[bool] = mapped_column(Boolean, index=True)


class HeadRow(Base):
    """A signed end of a device's history, as it came: what lets its changes be passed on."""

    __tablename__ = "head"
    __table_args__ = ({"sqlite_with_rowid": False},)

    device: Mapped[str] = mapped_column(String, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    unit: Mapped[str] = mapped_column(String, index=True)
    hash: Mapped[str]
    key: Mapped[str] = mapped_column(String, index=True)
    nonce: Mapped[str]
    signature: Mapped[str]


class WaitingChangeRow(Base):
    """A change that arrived before an earlier one of its device; ``released_by`` names the import that applied it."""

    __tablename__ = "waiting_change"
    __table_args__ = ({"sqlite_with_rowid": False},)

    device: Mapped[str] = mapped_column(String, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    unit: Mapped[str] = mapped_column(String, index=True)
    hash: Mapped[str]
    body: Mapped[str] = mapped_column(Text)  # canonical JSON of the change
    package_id: Mapped[str]
    import_id: Mapped[int] = mapped_column(Integer, index=True)
    released_by: Mapped[int | None] = mapped_column(Integer, index=True)


class DeviceRow(Base):
    """How far a device's changes are held without gap; ``unit`` is the one that the device writes for."""

    __tablename__ = "device"

    device: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    seq: Mapped[int]
    hash: Mapped[str]


# --- rows that follow from the journal


class AssessmentRow(Base):
    """One unit, one catalogue, one year."""

    __tablename__ = "assessment"

    assessment_id: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    catalogue: Mapped[dict[str, Any] | None]
    year: Mapped[int | None]
    region: Mapped[str | None]
    group: Mapped[str | None]
    special_rule: Mapped[str | None]


class ResultRow(Base):
    """What was entered for one indicator."""

    __tablename__ = "result"

    assessment_id: Mapped[str] = mapped_column(String, primary_key=True)
    code: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    value: Mapped[dict[str, Any] | None]
    judgement: Mapped[dict[str, Any] | None]
    explanation: Mapped[str | None]
    data_source: Mapped[str | None]
    responsible: Mapped[str | None]
    figure_year: Mapped[int | None]
    carried_from: Mapped[int | None]


class LevelRow(Base):
    """The local level of one indicator."""

    __tablename__ = "level"

    assessment_id: Mapped[str] = mapped_column(String, primary_key=True)
    code: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    level: Mapped[dict[str, Any] | None]


class EvidenceRow(Base):
    """One piece of evidence."""

    __tablename__ = "evidence"

    evidence_id: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    assessment: Mapped[str | None] = mapped_column(String, index=True)
    file: Mapped[dict[str, Any] | None]
    number: Mapped[str | None]
    issued: Mapped[str | None]
    issuer: Mapped[str | None]
    summary: Mapped[str | None]
    sheets: Mapped[int | None]
    removed: Mapped[bool | None]
    added_at: Mapped[str | None]


class EvidenceLinkRow(Base):
    """A piece of evidence proves an indicator."""

    __tablename__ = "evidence_link"

    evidence_id: Mapped[str] = mapped_column(String, primary_key=True)
    code: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    linked: Mapped[bool | None]


class UnitRow(Base):
    """What the documents' heads and feet say about a unit."""

    __tablename__ = "unit"

    unit_code: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str]
    name: Mapped[str | None]
    superior: Mapped[str | None]
    agency: Mapped[str | None]
    place: Mapped[str | None]
    signer_title: Mapped[str | None]
    signer_name: Mapped[str | None]
    receiving_office: Mapped[str | None]


class AppraisalRow(Base):
    """What the receiving office thinks of one result."""

    __tablename__ = "appraisal"

    assessment_id: Mapped[str] = mapped_column(String, primary_key=True)
    code: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    opinion: Mapped[dict[str, Any] | None]


class DossierReturnRow(Base):
    """What the receiving office did with a dossier."""

    __tablename__ = "dossier_return"

    assessment_id: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str]
    status: Mapped[str | None]
    note: Mapped[str | None]


class CatalogueRow(Base):
    """A criteria set that a unit uses or has installed; its text is a blob with this hash."""

    __tablename__ = "catalogue"

    unit: Mapped[str] = mapped_column(String, primary_key=True)
    sha256: Mapped[str] = mapped_column(String, primary_key=True)
    entry: Mapped[dict[str, Any] | None]


_COLUMNS: Mapping[FieldType, type[Any]] = {
    FieldType.YEAR: Integer,
    FieldType.COUNT: Integer,
    FieldType.FLAG: Boolean,
}


def _record_row(kind: Kind) -> type[Base]:
    """The table of a kind of record: ``owner`` is the assessment, or the unit that it belongs to."""
    members: dict[str, Any] = {
        "__tablename__": kind.id,
        "__doc__": f"Records of the kind «{kind.id}».",
        "owner": mapped_column(String, primary_key=True),
        "record_id": mapped_column(String, primary_key=True),
        "unit": mapped_column(String, nullable=False),
        **{item.id: mapped_column(_COLUMNS.get(item.type, String), nullable=True) for item in kind.fields},
    }
    return type(f"{kind.id.title().replace('_', '')}Row", (Base,), members)


RECORD_ROWS: Mapping[str, type[Base]] = {kind.id: _record_row(kind) for kind in KINDS}


# --- this computer's own


class LocalRow(Base):
    """Facts about this workspace that do not travel: role, unit, shown assessment, person, lamport clock."""

    __tablename__ = "local"

    name: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[str] = mapped_column(Text)  # JSON


class OwnDeviceRow(Base):
    """The device id under which this workspace writes for a unit. A restored workspace starts with none."""

    __tablename__ = "own_device"

    unit: Mapped[str] = mapped_column(String, primary_key=True)
    device: Mapped[str]
    nonce: Mapped[str]


class EditRow(Base):
    """One thing that the person did, with its name: what undo and redo walk along."""

    __tablename__ = "edit"

    edit_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    unit: Mapped[str]
    device: Mapped[str]
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    name: Mapped[str]  # message id of the name
    arguments: Mapped[dict[str, Any]]
    subject: Mapped[str]  # edits of one subject in quick succession are one
    at: Mapped[str]
    state: Mapped[str] = mapped_column(String, index=True)  # done | undone | dropped


class PackageRow(Base):
    """A package that was sent or received here; ``key`` is that of the other side where there is one."""

    __tablename__ = "package"

    package_id: Mapped[str] = mapped_column(String, primary_key=True)
    direction: Mapped[str] = mapped_column(String, primary_key=True)  # sent | received
    unit: Mapped[str] = mapped_column(String, index=True)
    device: Mapped[str]
    sequence: Mapped[int]
    at: Mapped[str]
    path: Mapped[str]
    changes: Mapped[int]
    blobs: Mapped[int]
    vector: Mapped[dict[str, Any]]
    key: Mapped[str] = mapped_column(String, index=True)
    export_id: Mapped[str]
    part: Mapped[int]
    parts: Mapped[int]
    state: Mapped[str]  # done | undone


class KeyRow(Base):
    """A computer that is known here by its keys."""

    __tablename__ = "known_key"

    key: Mapped[str] = mapped_column(String, primary_key=True)
    age: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(String, index=True)
    role: Mapped[str]  # commune | office
    trust: Mapped[str]  # own | confirmed | seen | revoked
    source: Mapped[str]  # own | card | package | introduced
    seen_at: Mapped[str]
    confirmed_at: Mapped[str]
    revoked_at: Mapped[str]
    revoked_ends: Mapped[dict[str, Any]]  # device → counter held at revocation
    card: Mapped[dict[str, Any]]  # as it came, to be passed on


class ReceiptRow(Base):
    """The latest receipt of a computer about a unit."""

    __tablename__ = "receipt"

    key: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, primary_key=True)
    counter: Mapped[int]
    at: Mapped[str]
    package_id: Mapped[str]
    receipt: Mapped[dict[str, Any]]


class ForkRow(Base):
    """A device that went back to an earlier state: its histories part at ``seq``."""

    __tablename__ = "fork"

    device: Mapped[str] = mapped_column(String, primary_key=True)
    unit: Mapped[str] = mapped_column(String, index=True)
    seq: Mapped[int]
    at: Mapped[str]


class ImportRow(Base):
    """One act of receiving, which can be taken back as a whole until the next one."""

    __tablename__ = "import"

    import_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[str]
    state: Mapped[str]  # open | closed | undone
    packages: Mapped[dict[str, Any]]  # package id → unit
    before: Mapped[dict[str, Any]]  # device → counter that was held
    blobs: Mapped[dict[str, Any]]  # hash → True, of what came with it
    changes: Mapped[int]


JOURNAL_TABLES = (ChangeRow, DeviceRow, HeadRow)
PROJECTED_TABLES: tuple[type[Base], ...] = (
    FieldStateRow,
    AssessmentRow,
    ResultRow,
    LevelRow,
    EvidenceRow,
    EvidenceLinkRow,
    UnitRow,
    AppraisalRow,
    DossierReturnRow,
    CatalogueRow,
    *RECORD_ROWS.values(),
)
