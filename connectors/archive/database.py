"""Connections to the archive's database; what is wrong with its URL or disk is said plainly."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    ProgrammingError,
)

from connectors.formats.sanitizing import without_passwords
from schemas.distribution import install_hint
from schemas.errors import ConfigurationError, StoreError

#: How long a writer waits for another process's transaction; ours take milliseconds.
_BUSY_TIMEOUT_MS = 30_000

#: RETURNING came with it (sqlite.org/lang_returning.html), and DROP COLUMN.
_OLDEST_SQLITE = (3, 35, 0)

_EXAMPLES = "sqlite:///parley.db or postgresql+psycopg://USER@HOST/DATABASE"


class ArchiveError(StoreError):
    """The archive's database failed in the middle of a run: its place, the cause, what to do."""

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(url, cause)
        self.url = url
        self.cause = cause

    def __str__(self) -> str:
        return f"archive {self.url}: {self.cause}; {_remedy(self.cause)}"


class Database:
    """An engine with two kinds of transaction.

    Each thread gets connections of its own, so that one may read while another writes.
    """

    def __init__(self, url: str) -> None:
        self.url = without_passwords(url)
        parsed = self._parse(url)
        try:
            self._reader = _engine(parsed)
        except (ImportError, NoSuchModuleError, ArgumentError) as error:
            remedy = f"install the driver (psycopg comes with {install_hint('postgresql')})"
            raise self.unusable(f"{error}; {remedy}, or write {_EXAMPLES}") from error
        self._writer = self._reader.execution_options(parley_writes=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the archive, and must not write."""
        with self._named_errors(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole or, after an exception, not at all."""
        with self._named_errors(), self._writer.begin() as connection:
            yield connection

    def use_write_ahead_log(self) -> None:
        """Set SQLite's journal mode, which the file keeps; outside any transaction.

        While another process does the same, SQLite may fail at once instead of asking its
        busy handler, which could not help (sqlite.org/c3ref/busy_handler.html): so wait here.
        """
        if self._reader.dialect.name != "sqlite":
            return
        connection = self._reader.raw_connection()
        try:
            for pause_seconds in (0.01, 0.05, 0.2, 0.5, 1.0, 2.0):
                try:
                    connection.cursor().execute("PRAGMA journal_mode = WAL").close()
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error):
                        raise ArchiveError(self.url, str(error)) from error
                    time.sleep(pause_seconds)
                else:
                    return
            raise ArchiveError(self.url, "database is locked")
        finally:
            connection.close()

    def close(self) -> None:
        """Give back connections."""
        self._reader.dispose()

    def unusable(self, what: str) -> ConfigurationError:
        """The error for an archive that cannot be opened."""
        return ConfigurationError([f"--archive {self.url}: {what}"])

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except (DataError, IntegrityError, ProgrammingError):
            raise  # a bug of ours
        except DBAPIError as error:
            raise ArchiveError(self.url, " ".join(str(error.orig).split())) from error

    def _parse(self, url: str) -> URL:
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:
            raise self.unusable(f"not a database URL; write {_EXAMPLES}") from error
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise self.unusable(f"neither SQLite nor PostgreSQL; write {_EXAMPLES}")
        if parsed.get_backend_name() == "sqlite":
            self._check_version()
            self._check_file(parsed)
        return parsed

    def _check_version(self) -> None:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise self.unusable(
                f"this Python has SQLite {sqlite3.sqlite_version}, and 3.35 or later is needed; "
                "use a Python with a newer one, or PostgreSQL"
            )

    def _check_file(self, parsed: URL) -> None:
        database = parsed.database or ""
        if parsed.host or parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
            raise self.unusable(
                "not the URL of a SQLite file; write three slashes: sqlite:///parley.db"
            )
        if database in ("", ":memory:") or "mode=memory" in database:
            raise self.unusable(
                "a database in memory would be empty for each step that opens it; "
                "name a file: sqlite:///parley.db"
            )
        if database.startswith("file:"):
            return  # a URI, whose path only SQLite itself can tell from its parameters
        path = Path(database)
        if not path.parent.is_dir():
            raise self.unusable(
                f"the folder {path.parent} does not exist; create it, or name another"
            )
        if path.is_dir():
            raise self.unusable(
                f"{path} is a folder; name a file in it: sqlite:///{path}/parley.db"
            )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set what SQLite keeps per connection.

    The write-ahead log lets a reader go on beside the writer; with it, ``synchronous=NORMAL``
    survives a killed process whole, and a power cut with the last transactions missing,
    never half (sqlite.org/wal.html).
    """
    connection.isolation_level = None  # transactions begin where we say, not where sqlite3 guesses
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS:d}")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock first: a transaction that turned from reading to writing would
    fail at once, without waiting, if another process had written in between.
    """
    writes = connection.get_execution_options().get("parley_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _remedy(cause: str) -> str:
    lowered = cause.lower()
    if "locked" in lowered or "busy" in lowered:
        return "another process is writing to it for long: let it end, or give each its own"
    if "full" in lowered or "disk" in lowered:
        return "free space or mend the disk, then run again: nothing is half-written"
    if "readonly" in lowered or "read-only" in lowered or "permission" in lowered:
        return "make the file and its folder writable, then run again"
    return "see that the database is there and whole, then run again: nothing is half-written"
