"""This computer's own facts: role, device ids, the lamport clock, named edits for undo, packages sent and received."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ntm_desktop.model.devices import KeyRole, device_id
from ntm_desktop.store.tables import EditRow, LocalRow, OwnDeviceRow, PackageRow, table_of

LAMPORT = "lamport"
KEY = "key"  # the workspace's public signing key, in hexadecimal digits


@dataclass(frozen=True, slots=True)
class Edit:
    """One named thing that the person did: the device's changes ``first_seq`` … ``last_seq``."""

    edit_id: int
    unit: str
    device: str
    first_seq: int
    last_seq: int
    name: str
    arguments: Mapping[str, Any]
    subject: str
    at: str
    state: str


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """A package that was sent or received here; ``key`` is the other side's, ``state`` done or undone."""

    package_id: str
    direction: str
    unit: str
    device: str
    sequence: int
    at: str
    path: str
    changes: int
    blobs: int
    vector: Mapping[str, int]
    key: str = ""
    export_id: str = ""
    part: int = 1
    parts: int = 1
    state: str = "done"


class Local:
    """The local tables within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str, default: Any = None) -> Any:
        """A local fact, as it was put."""
        row = self._connection.execute(select(LocalRow.value).where(LocalRow.name == name)).one_or_none()
        return default if row is None else json.loads(row.value)

    def put(self, name: str, value: Any) -> None:
        """Set a local fact."""
        statement = upsert(table_of(LocalRow)).values(name=name, value=json.dumps(value, ensure_ascii=False))
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
        )

    def drop(self, name: str) -> None:
        """Forget a local fact."""
        self._connection.execute(delete(LocalRow).where(LocalRow.name == name))

    def lamport(self) -> int:
        """The highest logical time seen here."""
        return int(self.get(LAMPORT, 0))

    def see_lamport(self, lamport: int) -> None:
        """Move the clock forward."""
        if lamport > self.lamport():
            self.put(LAMPORT, lamport)

    def own_device(self, unit: str) -> str:
        """The device id under which this workspace writes for ``unit``, made at the first write."""
        row = self._connection.execute(select(OwnDeviceRow.device).where(OwnDeviceRow.unit == unit)).one_or_none()
        if row is not None:
            return str(row.device)
        nonce = secrets.token_hex(8)
        device = device_id(self.get(KEY, ""), unit, nonce)
        self._connection.execute(insert(table_of(OwnDeviceRow)).values(unit=unit, device=device, nonce=nonce))
        return device

    def own_nonce(self, unit: str) -> str:
        """The nonce from which :meth:`own_device` follows."""
        self.own_device(unit)
        found = select(OwnDeviceRow.nonce).where(OwnDeviceRow.unit == unit)
        return str(self._connection.execute(found).scalar_one())

    def own_devices(self) -> dict[str, str]:
        """Unit → the device under which this workspace writes about it."""
        rows = self._connection.execute(select(OwnDeviceRow.unit, OwnDeviceRow.device))
        return {row.unit: row.device for row in rows}

    def renew_device(self, unit: str) -> None:
        """Write about ``unit`` under a new id from now on: the old one has gone further elsewhere."""
        self._connection.execute(delete(OwnDeviceRow).where(OwnDeviceRow.unit == unit))

    def role_towards(self, unit: str) -> KeyRole:
        """What this workspace is towards a unit: an office only where the unit is not its own."""
        office = self.get("role") == KeyRole.OFFICE and self.get("unit") != unit
        return KeyRole.OFFICE if office else KeyRole.COMMUNE

    def forget_devices(self) -> None:
        """Write under new device ids from now on: this database is a copy, and its original may live on."""
        self._connection.execute(delete(OwnDeviceRow))
        self._connection.execute(update(EditRow).values(state="dropped"))

    # --- edits

    def record_edit(self, edit: Edit, merge_since: str) -> None:
        """Remember an edit; one of the same subject since ``merge_since`` grows instead. What was undone is lost."""
        self._connection.execute(update(EditRow).where(EditRow.state == "undone").values(state="dropped"))
        last = self.last_edit("done")
        if (
            last is not None
            and edit.subject
            and (last.subject, last.device, last.last_seq + 1) == (edit.subject, edit.device, edit.first_seq)
            and last.at >= merge_since
        ):
            change = update(EditRow).where(EditRow.edit_id == last.edit_id)
            self._connection.execute(change.values(last_seq=edit.last_seq, at=edit.at))
            return
        columns = {name: getattr(edit, name) for name in Edit.__slots__ if name not in ("edit_id", "arguments")}
        self._connection.execute(insert(table_of(EditRow)).values(**columns, arguments=dict(edit.arguments)))

    def edits(self, state: str) -> Iterator[Edit]:
        """The edits to undo (``done``: the latest first) or to redo (``undone``: the earliest first)."""
        order = EditRow.edit_id.desc() if state == "done" else EditRow.edit_id.asc()
        statement = select(table_of(EditRow)).where(EditRow.state == state).order_by(order)
        for row in self._connection.execute(statement.execution_options(yield_per=20)):
            yield Edit(**row._mapping)

    def last_edit(self, state: str) -> Edit | None:
        """The first of :meth:`edits`."""
        return next(self.edits(state), None)

    def mark_edit(self, edit_id: int, state: str) -> None:
        """Set an edit's state: done, undone, dropped."""
        self._connection.execute(update(EditRow).where(EditRow.edit_id == edit_id).values(state=state))

    # --- packages

    def record_package(self, record: PackageRecord) -> None:
        """Remember a package sent or received; received again, only its state becomes what it is now."""
        columns = {name: getattr(record, name) for name in PackageRecord.__slots__}
        columns["vector"] = dict(record.vector)
        statement = upsert(table_of(PackageRow)).values(**columns)
        keys = ["package_id", "direction"]
        self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_={"state": record.state}))

    def mark_packages(self, package_ids: Iterable[str], state: str) -> None:
        """Set the state of received packages: done, undone."""
        for package_id in package_ids:
            mine = (PackageRow.package_id == package_id, PackageRow.direction == "received")
            self._connection.execute(update(PackageRow).where(*mine).values(state=state))

    def package(self, direction: str, package_id: str) -> PackageRecord | None:
        """One package."""
        statement = select(table_of(PackageRow)).where(
            PackageRow.direction == direction, PackageRow.package_id == package_id
        )
        row = self._connection.execute(statement).one_or_none()
        return PackageRecord(**row._mapping) if row is not None else None

    def packages(self, direction: str, unit: str = "") -> tuple[PackageRecord, ...]:
        """Packages sent or received, the latest first."""
        statement = select(table_of(PackageRow)).where(PackageRow.direction == direction)
        if unit:
            statement = statement.where(PackageRow.unit == unit)
        rows = self._connection.execute(statement.order_by(PackageRow.at.desc()))
        return tuple(PackageRecord(**row._mapping) for row in rows)
