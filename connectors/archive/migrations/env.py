"""Runs the migrations on the connection that ``schema_version`` hands over.

After a change to ``tables.py``, write the next one with an archive of the last version:

    with Database("sqlite:///last.db").writing() as connection:
        alembic.command.revision(
            alembic_config(connection), "what it does", rev_id="0002", autogenerate=True
        )

and read what came of it: column types must stand in it as plain SQLAlchemy types.
"""

from __future__ import annotations

from alembic import context

from connectors.archive.tables import metadata
from connectors.archive.upgrade import VERSION_TABLE


def run() -> None:
    """Upgrade within the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        transactional_ddl=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # so Alembic names it; importing it otherwise does nothing
    run()
