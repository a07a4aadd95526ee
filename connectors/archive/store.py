"""What all stores of the archive share: transactions, and statements for either dialect."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    Text,
    and_,
    exists,
    func,
    select,
    true,
    type_coerce,
)
from sqlalchemy import cast as cast_sql
from sqlalchemy.dialects import sqlite

from connectors.archive.database import Database
from connectors.formats.row_json import field_names

_T = TypeVar("_T")
F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S", bound="Store")

#: Values in one IN list: well below SQLite's limit of 32766 and PostgreSQL's of 65535 parameters.
_CHUNK = 500


class Store:
    """A part of the archive. Each public method is one transaction, marked by its decorator.

    A method that another one calls, on its own store or on ``self.within(OtherStore)``, is part of
    the caller's transaction.

    Args:
        database: where the archive is.
        channels: the channels that get the alerts of each watch whoever subscribes, by watch id.
            These watches are what is read for.
        connection: the transaction that the store is part of, if one has begun.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Sequence[str]],
        connection: Connection | None = None,
    ) -> None:
        self._database, self._channels, self._connection = database, channels, connection
        self._watches = tuple(sorted(channels))

    def close(self) -> None:
        """Give back connections."""
        self._database.close()

    def within(self, store: type[S]) -> S:
        """Another store, in the transaction of this one."""
        return store(self._database, self._channels, self._connection)

    @contextmanager
    def transaction(self: S, *, writes: bool = False) -> Iterator[S]:
        """The same store in a transaction, which begins here unless one has begun already."""
        if self._connection is not None:
            yield self
            return
        begin = self._database.writing if writes else self._database.reading
        with begin() as connection:
            yield type(self)(self._database, self._channels, connection)

    @property
    def _dialect(self) -> str:
        return self._open().dialect.name

    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("a statement outside any transaction")
        return self._connection

    def _execute(self, statement: Executable, values: Any = None) -> Any:  # a CursorResult
        return self._open().execute(statement, values)

    def _all(self, query: Executable, values: Any = None) -> list[Any]:
        """The first column."""
        return list(self._execute(query, values).scalars())

    def _rows(self, row_type: Callable[..., _T], query: Executable) -> list[_T]:
        """Each row as a ``row_type``, whose fields are the columns."""
        return [row_type(*row) for row in self._execute(query)]

    def _one(self, query: Executable, values: Any = None) -> Any:
        """The first column of the first row; None without a row."""
        return self._execute(query, values).scalar()

    def _among(
        self, query: Select[Any], column: ColumnElement[_T], values: Iterable[_T]
    ) -> Iterator[Any]:
        """The rows whose ``column`` is one of the values, a part of these at a time."""
        for part in in_chunks(sorted(set(values))):  # type: ignore[type-var]
            yield from self._execute(query.where(column.in_(part)))

    def _having(
        self, column: Column[str], values: Iterable[str], *conditions: ColumnElement[bool]
    ) -> set[str]:
        """Those of the values that a row has in ``column``, and meets the conditions.

        However many rows share a value, the database stops at the first that counts.
        """
        listed = sorted(set(values))
        if self._dialect == "postgresql":
            each = func.json_array_elements_text(cast_sql(listed, JSON)).table_valued("value")
        else:
            each = func.json_each(json.dumps(listed)).table_valued("value")
        has_row = exists().where(column == each.c.value, *conditions)
        return set(self._all(select(each.c.value).where(has_row)))

    def _put(
        self, table: Table, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]], *columns: str
    ) -> int:
        """Insert rows; of those whose key is there, overwrite ``columns``. How many were written,
        if it is one row.
        """
        return (
            int(self._execute(upsert(self._dialect, table, *columns), rows).rowcount) if rows else 0
        )


def reading(method: F) -> F:
    """Marks a method as a transaction that sees one state of the archive, and does not write."""
    return _in_transaction(method, writes=False)


def writing(method: F) -> F:
    """Marks a method as a transaction that is kept whole or, after an exception, not at all."""
    return _in_transaction(method, writes=True)


def _in_transaction(method: F, *, writes: bool) -> F:
    @functools.wraps(method)
    def run(self: Store, *args: Any, **options: Any) -> Any:
        with self.transaction(writes=writes) as store:
            return method(store, *args, **options)

    return cast("F", run)


def columns_of(table: Table, row_type: type) -> list[Column[Any]]:
    """The columns that hold the fields of ``row_type``, in its order; fields at its end that the
    table does not keep are left out.
    """
    return [table.c[name] for name in field_names(row_type) if name in table.c]


def values_of(table: Table, row: Any) -> dict[str, Any]:
    """Those fields of ``row`` that ``table`` has a column for."""
    row_type: type = type(row)
    return {name: getattr(row, name) for name in field_names(row_type) if name in table.c}


def insert_into(dialect: str, table: Table) -> sqlite.Insert:
    """An INSERT that takes ``on_conflict_do_…``, for the dialect of that name.

    SQLAlchemy has one class a dialect for it, alike in what is used here. The result's
    ``rowcount`` says how many rows were written; without the option, psycopg's gets lost.
    """
    insert = sqlite.insert(table)
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # loads its drivers, too

        insert = cast("sqlite.Insert", postgresql.insert(table))
    return insert.execution_options(preserve_rowcount=True)


@functools.cache
def upsert(dialect: str, table: Table, *columns: str) -> sqlite.Insert:
    """An INSERT that overwrites ``columns`` of a row whose key is there; with none, nothing.

    Cached: SQLAlchemy takes longer to put a statement together than SQLite to run it.
    """
    insert = insert_into(dialect, table)
    if not columns:
        return insert.on_conflict_do_nothing()
    changes = {name: insert.excluded[name] for name in columns}
    return insert.on_conflict_do_update(index_elements=[*table.primary_key], set_=changes)


def covers(column: Column[Any], watches: Sequence[str]) -> ColumnElement[bool]:
    """The condition that the JSON list in ``column`` holds all of ``watches``."""
    listed = type_coerce(column, Text)
    return and_(true(), *(listed.contains(f'"{w}"', autoescape=True) for w in watches))


def in_chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """Parts that one IN list takes.

    >>> [len(part) for part in in_chunks(range(1200))]
    [500, 500, 200]
    """
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
