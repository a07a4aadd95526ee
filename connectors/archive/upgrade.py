"""Brings a database up to this version's tables; refuses one that it must not touch."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from connectors.archive.database import ArchiveError, Database
from connectors.archive.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"

#: The newest file in ``migrations/versions``; a test holds them together. Known here so
#: that an archive that is up to date opens without loading Alembic.
HEAD = "0010"

VERSION_TABLE = "parley_version"

#: Alembic keeps the migration that is going on in a module's global.
_ALEMBIC = threading.Lock()

#: As Alembic makes it.
_version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)

#: Any number that other programs in the same PostgreSQL are unlikely to lock on: "parley".
_ADVISORY_LOCK = 0x7061726C6579


def bring_up_to_date(database: Database) -> None:
    """Create or migrate the tables, in one transaction, whoever else is opening them too.

    Raises:
        ConfigurationError: the database cannot be opened, is not ours, or is from a newer Parley.
    """
    try:
        with database.reading() as connection:
            if _version_of(connection) == HEAD:
                return
        database.use_write_ahead_log()
        with _ALEMBIC, database.writing() as connection:
            _migrate(database, connection)
    except (ArchiveError, DBAPIError) as error:
        raise database.unusable(_cause(error)) from error


def _migrate(database: Database, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    found = _version_of(connection)
    if found == HEAD:  # another process was faster
        return
    if found is None:
        _check_unclaimed(database, connection)
        _create(connection)
    else:
        _upgrade(database, connection, found)


def _create(connection: Connection) -> None:
    """All tables at once, much faster than by migrations; a test holds both together."""
    metadata.create_all(connection)
    _version.create(connection)
    connection.execute(_version.insert().values(version_num=HEAD))


def _upgrade(database: Database, connection: Connection, found: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        raise database.unusable(
            f"written by a newer version of Parley (its tables are at {found}, ours at {HEAD}); "
            "update Parley, or name another archive"
        )
    command.upgrade(config, "head")


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for our migrations, on ``connection``."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _version_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(_version.c.version_num)).scalar()


def _check_unclaimed(database: Database, connection: Connection) -> None:
    """A database of another program is left alone."""
    taken = sorted(set(metadata.tables) & set(inspect(connection).get_table_names()))
    if taken:
        raise database.unusable(
            f"holds a table {taken[0]!r} that Parley did not make; name another archive"
        )


def _cause(error: ArchiveError | DBAPIError) -> str:
    cause = error.cause if isinstance(error, ArchiveError) else str(error.orig)
    lowered = cause.lower()
    if "not a database" in lowered or "malformed" in lowered:
        return f"{cause}; name another file, or one that does not exist yet"
    if "unable to open" in lowered or "readonly" in lowered:
        return f"{cause}; make the file and its folder readable and writable"
    return f"{cause}; see that the server runs and that the URL is right"
