"""Other computers as this workspace knows them: keys and trust, signed ends of histories, receipts, forks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert

from ntm_desktop.model.changes import VersionVector
from ntm_desktop.model.devices import Head, KeyRole, Receipt, Trust, receipt_from_json
from ntm_desktop.store.arriving import HistoryRewritten
from ntm_desktop.store.tables import DeviceRow, ForkRow, HeadRow, KeyRow, ReceiptRow, table_of


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A computer that is known here. Moments are UTC, ISO 8601, empty where they have not come.

    ``revoked_ends``: device → counter up to which its changes were held when the key was revoked. ``card`` is the
    owner's card as it came (JSON), to be passed on.
    """

    key: str
    age: str
    name: str
    unit: str
    role: KeyRole
    trust: Trust
    source: str  # own | card | package | introduced
    seen_at: str
    confirmed_at: str = ""
    revoked_at: str = ""
    revoked_ends: Mapping[str, int] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """The latest receipt of a computer about a unit, and the package that brought it."""

    key: str
    unit: str
    at: str
    package_id: str
    receipt: Receipt


class Partners:
    """The other computers within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- keys

    def keys(self, unit: str = "") -> tuple[KnownKey, ...]:
        """All known computers (of one unit), in the order in which they were met."""
        statement = select(table_of(KeyRow))
        if unit:
            statement = statement.where(KeyRow.unit == unit)
        rows = self._connection.execute(statement.order_by(KeyRow.seen_at, KeyRow.key))
        return tuple(self._known(row) for row in rows)

    def key(self, key: str) -> KnownKey | None:
        """One computer by its signing key."""
        row = self._connection.execute(select(table_of(KeyRow)).where(KeyRow.key == key)).one_or_none()
        return self._known(row) if row is not None else None

    def put_key(self, known: KnownKey) -> None:
        """Remember a computer, or what is newly known of it."""
        columns = {name: getattr(known, name) for name in KnownKey.__slots__}
        columns |= {"role": known.role.value, "trust": known.trust.value}
        columns |= {"revoked_ends": dict(known.revoked_ends), "card": dict(known.card)}
        statement = upsert(table_of(KeyRow)).values(**columns)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=columns))

    @staticmethod
    def _known(row: Any) -> KnownKey:
        columns = {name: getattr(row, name) for name in KnownKey.__slots__}
        return KnownKey(**{**columns, "role": KeyRole(row.role), "trust": Trust(row.trust)})

    # --- signed ends of histories

    def keep_heads(self, heads: Iterable[Head]) -> None:
        """Keep signed ends whose signatures were checked.

        Raises:
            HistoryRewritten: one contradicts another that is held: its device went back to an earlier state.
        """
        for head in heads:
            held = self.head(head.device, head.seq)
            if held is not None and held.hash != head.hash:
                raise HistoryRewritten(head.device, head.seq)
            columns = {name: getattr(head, name) for name in Head.__slots__}
            self._connection.execute(upsert(table_of(HeadRow)).values(**columns).on_conflict_do_nothing())

    def head(self, device: str, seq: int) -> Head | None:
        """The signed end of a device at one counter."""
        statement = select(table_of(HeadRow)).where(HeadRow.device == device, HeadRow.seq == seq)
        row = self._connection.execute(statement).one_or_none()
        return Head(**row._mapping) if row is not None else None

    def heads(self, vector: VersionVector) -> tuple[Head, ...]:
        """The signed ends that stand exactly at ``vector``, as far as they are held."""
        rows = self._connection.execute(
            select(table_of(HeadRow)).where(tuple_(HeadRow.device, HeadRow.seq).in_(list(vector.items())))
        )
        return tuple(Head(**row._mapping) for row in rows)

    def highest_heads(self, unit: str) -> dict[str, Head]:
        """Device → the furthest signed end that is held of it, for the devices that write about a unit."""
        rows = self._connection.execute(select(table_of(HeadRow)).where(HeadRow.unit == unit).order_by(HeadRow.seq))
        return {row.device: Head(**row._mapping) for row in rows}

    def last_head(self, device: str, seq: int) -> Head | None:
        """The furthest signed end of a device at or before a counter."""
        mine = (HeadRow.device == device, HeadRow.seq <= seq)
        row = self._connection.execute(
            select(table_of(HeadRow)).where(*mine).order_by(HeadRow.seq.desc()).limit(1)
        ).one_or_none()
        return Head(**row._mapping) if row is not None else None

    def key_of(self, device: str) -> str:
        """The signing key of a device; empty where no signed end of it is held."""
        statement = select(HeadRow.key).where(HeadRow.device == device).limit(1)
        return str(self._connection.execute(statement).scalar_one_or_none() or "")

    def devices(self, key: str) -> dict[str, str]:
        """Device → unit of the devices that a key writes as."""
        statement = select(HeadRow.device, HeadRow.unit).where(HeadRow.key == key).distinct()
        return {row.device: row.unit for row in self._connection.execute(statement)}

    def ends(self, devices: Iterable[str]) -> dict[str, int]:
        """How far the changes of devices are held."""
        statement = select(DeviceRow.device, DeviceRow.seq).where(DeviceRow.device.in_(list(devices)))
        return {row.device: row.seq for row in self._connection.execute(statement)}

    # --- receipts

    def keep_receipt(self, key: str, unit: str, at: str, package_id: str, receipt: Receipt) -> bool:
        """Keep a receipt if it is later than what is held of that computer; True where it was."""
        held = self.receipt(key, unit)
        if held is not None and held.receipt.counter >= receipt.counter:
            return False
        columns: dict[str, Any] = {"key": key, "unit": unit, "counter": receipt.counter, "at": at}
        columns |= {"package_id": package_id, "receipt": receipt.to_json()}
        statement = upsert(table_of(ReceiptRow)).values(**columns)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["key", "unit"], set_=columns))
        return True

    def receipt(self, key: str, unit: str) -> KeptReceipt | None:
        """The latest receipt of a computer about a unit."""
        statement = select(table_of(ReceiptRow)).where(ReceiptRow.key == key, ReceiptRow.unit == unit)
        row = self._connection.execute(statement).one_or_none()
        return self._kept(row) if row is not None else None

    def receipts(self, unit: str = "") -> tuple[KeptReceipt, ...]:
        """The latest receipts of all computers (about one unit), the newest first."""
        statement = select(table_of(ReceiptRow))
        if unit:
            statement = statement.where(ReceiptRow.unit == unit)
        return tuple(self._kept(row) for row in self._connection.execute(statement.order_by(ReceiptRow.at.desc())))

    @staticmethod
    def _kept(row: Any) -> KeptReceipt:
        return KeptReceipt(row.key, row.unit, row.at, row.package_id, receipt_from_json(row.receipt))

    # --- devices that went back to an earlier state

    def note_fork(self, device: str, unit: str, seq: int, at: str) -> None:
        """Remember where the histories of a device part, so that the next receipt tells it."""
        columns = {"device": device, "unit": unit, "seq": seq, "at": at}
        statement = upsert(table_of(ForkRow)).values(**columns)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["device"], set_=columns))

    def forks(self, unit: str) -> dict[str, int]:
        """Device → counter from which its other history was refused."""
        rows = self._connection.execute(select(ForkRow.device, ForkRow.seq).where(ForkRow.unit == unit))
        return {row.device: row.seq for row in rows}

    def forget_fork(self, device: str) -> None:
        """The device has gone on under another id."""
        self._connection.execute(delete(ForkRow).where(ForkRow.device == device))
