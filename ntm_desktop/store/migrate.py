"""Bring a database to the program's schema, with Alembic; loaded only when there is something to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ntm_desktop import paths
from ntm_desktop.errors import WorkspaceDamaged, WorkspaceTooNew
from ntm_desktop.i18n import _
from ntm_desktop.store.backup import copy_database

HEAD = "0001"
KNOWN = ("0001",)


def revision_of(database: Path) -> str:
    """The schema revision of a database; empty for a new one.

    Raises:
        WorkspaceDamaged: the file is no database.
    """
    if not database.exists() or database.stat().st_size == 0:
        return ""
    connection = sqlite3.connect(database, timeout=15)
    try:
        found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
        return row[0] if row else ""
    except sqlite3.DatabaseError as error:
        raise _damaged(database) from error
    finally:
        connection.close()


def _damaged(database: Path) -> WorkspaceDamaged:
    return WorkspaceDamaged(
        _("Tệp dữ liệu {file} bị hỏng hoặc không phải dữ liệu của phần mềm này.").format(file=database),
        _("Không có gì bị ghi đè. Hãy khôi phục bản sao lưu gần nhất vào một thư mục mới."),
    )


def bring_up_to_date(database: Path, backups: Path) -> None:
    """Migrate a workspace's database; a copy is kept in ``backups`` before every migration.

    Raises:
        WorkspaceTooNew: it was written by a newer program; nothing is touched.
        WorkspaceDamaged: it is no database, or empty: it was whole when it got its name.
    """
    revision = revision_of(database)
    if revision == HEAD:
        return
    if not revision:
        raise _damaged(database)
    if revision not in KNOWN:
        raise WorkspaceTooNew(
            _("Dữ liệu trong {file} được ghi bởi phiên bản mới hơn của phần mềm (mã {revision}).").format(
                file=database, revision=revision
            ),
            _("Chưa có gì thay đổi. Hãy cài phiên bản mới nhất rồi mở lại."),
        )
    copy_database(database, backups / f"truoc-nang-cap-{revision}.sqlite3")
    upgrade(database)


def upgrade(database: Path) -> None:
    """Run the migrations on an engine of their own, in one transaction, with foreign keys off."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import text

    from ntm_desktop.store.engine import database_engine

    config = Config()
    config.set_main_option("script_location", str(paths.schema() / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = database_engine(database, foreign_keys=False)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise WorkspaceDamaged(
                    _("Nâng cấp tệp dữ liệu {file} không thành công.").format(file=database),
                    _("Dữ liệu giữ nguyên như trước khi nâng cấp."),
                )
    finally:
        engine.dispose()
