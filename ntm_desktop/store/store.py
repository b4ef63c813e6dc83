"""The store: one SQLite file, opened by one program at a time, read and written in explicit transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from ntm_desktop.errors import StorageFailed, StorageFull, WorkspaceDamaged
from ntm_desktop.i18n import _
from ntm_desktop.model.changes import Change
from ntm_desktop.store.engine import database_engine
from ntm_desktop.store.imports import Imports
from ntm_desktop.store.journal import Assignment, Journal
from ntm_desktop.store.local import Edit, Local
from ntm_desktop.store.partners import Partners
from ntm_desktop.store.reading import Reading
from ntm_desktop.store.rewriting import Rewriting

MERGE_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class EditName:
    """The name under which an edit can be undone: message id and arguments; edits of one ``subject`` grow together."""

    text: str
    arguments: dict[str, Any] = field(default_factory=dict)
    subject: str = ""


def utc_now() -> str:
    """The moment as the journal writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class UnitOfWork:
    """One transaction: everything in it is committed together or not at all."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.local = Local(connection)
        self.journal = Journal(connection, self.local)
        self.rows = Reading(connection)
        self.partners = Partners(connection)
        self.imports = Imports(connection)
        self.rewriting = Rewriting(connection, self.journal, self.local)

    def write(
        self, unit: str, user: str, assignments: Sequence[Assignment], name: EditName | None = None
    ) -> tuple[Change, ...]:
        """Write values through the journal; with a ``name`` the edit can be undone under it."""
        at = utc_now()
        made = self.journal.write(unit, user, at, assignments)
        if made and name is not None:
            since = (datetime.fromisoformat(at) - MERGE_WITHIN).isoformat(timespec="milliseconds")
            edit = Edit(
                edit_id=0,
                unit=unit,
                device=made[0].device,
                first_seq=made[0].seq,
                last_seq=made[-1].seq,
                name=name.text,
                arguments=name.arguments,
                subject=name.subject,
                at=at,
                state="done",
            )
            self.local.record_edit(edit, since)
        return made


class Store:
    """The workspace's database. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine: Engine = database_engine(path)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A transaction that writes.

        Raises:
            StorageFull, StorageFailed, WorkspaceDamaged: the file cannot be written; nothing has changed.
        """
        with _told(self.path), self._engine.begin() as connection:
            yield UnitOfWork(connection)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that reads one consistent state."""
        with _told(self.path), self._engine.connect() as connection:
            connection.execution_options(ntm_begin="BEGIN")
            yield UnitOfWork(connection)
            connection.rollback()

    def close(self) -> None:
        """Close the file."""
        self._engine.dispose()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Database errors that are the person's situation, as sentences."""
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        raise _situation(error.orig, path) from error
    except sqlite3.DatabaseError as error:
        raise _situation(error, path) from error


def _situation(cause: object, path: Path) -> Exception:
    name = getattr(cause, "sqlite_errorname", "") or ""
    text = str(cause).lower()
    if name == "SQLITE_FULL" or "disk is full" in text:
        return StorageFull(
            _("Ổ đĩa chứa dữ liệu đã đầy nên chưa ghi được thay đổi vừa rồi."),
            _("Những gì đã lưu trước đó vẫn an toàn. Hãy giải phóng dung lượng rồi thử lại."),
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "malformed" in text or "not a database" in text:
        return WorkspaceDamaged(
            _("Tệp dữ liệu {file} bị hỏng.").format(file=path),
            _("Không có gì bị ghi đè. Hãy khôi phục từ bản sao lưu gần nhất."),
        )
    if name.startswith(
        ("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_BUSY", "SQLITE_LOCKED")
    ):
        return StorageFailed(
            _("Không ghi được tệp dữ liệu {file}: {reason}.").format(file=path, reason=cause),
            _("Những gì đã lưu trước đó vẫn an toàn. Hãy kiểm tra ổ đĩa và quyền ghi, rồi thử lại."),
        )
    return cause if isinstance(cause, Exception) else RuntimeError(str(cause))
