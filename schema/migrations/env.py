"""Alembic's environment: the caller hands over a connection in a transaction."""

from alembic import context

from ntm_desktop.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
