"""Engines for one SQLite file: explicit transactions, full sync, one file at rest."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 15.0


def database_engine(path: Path | None, *, foreign_keys: bool = True) -> Engine:
    """Engine on ``path``, or on a database in memory for None.

    Rollback journal and ``synchronous=FULL``: at rest there is one file, and what was committed survives a power cut.
    Migrations take an engine of their own with ``foreign_keys=False``: a table that Alembic rebuilds would otherwise
    delete its children.
    """
    url = URL.create("sqlite", database=None if path is None else str(path))  # a path may hold any sign
    arguments: dict[str, Any] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    # one connection: the worker thread is the only one that uses it, and opening costs a schema read each time
    engine = create_engine(url, connect_args=arguments, poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # the driver's own transactions begin late and end before DDL: half migrations
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        cursor.execute("PRAGMA journal_mode=DELETE")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA trusted_schema=OFF")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("ntm_begin", "BEGIN IMMEDIATE"))

    return engine
