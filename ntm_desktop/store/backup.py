"""Copies of the database by SQLite's own backup interface: consistent even while it is open."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.errors import BackupInvalid
from ntm_desktop.i18n import _


def copy_database(source: Path, target: Path) -> None:
    """Copy a database whole or not at all, and check the copy.

    Raises:
        BackupInvalid: the copy did not pass SQLite's integrity check; no copy is left.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".partial")
    temporary.unlink(missing_ok=True)
    try:
        origin = sqlite3.connect(source, timeout=15)
        copy = sqlite3.connect(temporary)
        try:
            origin.backup(copy)
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        finally:
            copy.close()
            origin.close()
        if not sound:
            raise BackupInvalid(
                _("Bản sao của {file} không đạt kiểm tra toàn vẹn.").format(file=source),
                _("Dữ liệu gốc giữ nguyên. Hãy kiểm tra ổ đĩa rồi thử lại."),
            )
        with open(temporary, "rb+") as stream:
            os.fsync(stream.fileno())
        paths.replace_file(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def integrity_problems(database: Path) -> tuple[str, ...]:
    """What SQLite itself finds wrong with the file; empty where it is sound."""
    connection = sqlite3.connect(database, timeout=15)
    try:
        rows = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.DatabaseError as error:
        return (str(error),)
    finally:
        connection.close()
    return () if rows == ["ok"] else tuple(rows)
