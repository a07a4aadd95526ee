"""Between schema rows and table rows: columns by field name, upserts for either dialect."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Column, ColumnElement, Table, Text, and_, true, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from connectors.formats.row_json import field_names

T = TypeVar("T")

#: Values in one IN list: well below SQLite's limit of 32766 and PostgreSQL's of 65535 parameters.
_CHUNK = 500


def columns_of(table: Table, row_type: type) -> list[Column[Any]]:
    """The columns that hold the fields of ``row_type``, in its order."""
    return [table.c[name] for name in field_names(row_type)]


def values_of(table: Table, row: Any) -> dict[str, Any]:
    """Those fields of ``row`` that ``table`` has a column for."""
    row_type: type = type(row)
    return {name: getattr(row, name) for name in field_names(row_type) if name in table.c}


def insert_into(dialect: str, table: Table) -> sqlite.Insert:
    """An INSERT that takes ``on_conflict_do_…``, for the dialect of that name.

    SQLAlchemy has one class a dialect for it, alike in what is used here. The result's
    ``rowcount`` tells whether a row was written; without the option, psycopg's gets lost.
    """
    insert = cast(
        "sqlite.Insert", (postgresql if dialect == "postgresql" else sqlite).insert(table)
    )
    return insert.execution_options(preserve_rowcount=True)


@functools.cache
def upsert(dialect: str, table: Table, *columns: str) -> sqlite.Insert:
    """An INSERT that overwrites ``columns`` of a row whose id is there; with none, nothing.

    Cached: SQLAlchemy takes longer to put a statement together than SQLite to run it.
    """
    insert = insert_into(dialect, table)
    if not columns:
        return insert.on_conflict_do_nothing()
    changes = {name: insert.excluded[name] for name in columns}
    return insert.on_conflict_do_update(index_elements=[table.c.id], set_=changes)


def covers(column: Column[Any], watches: Sequence[str]) -> ColumnElement[bool]:
    """Whether the JSON list in ``column`` holds all of ``watches``."""
    listed = type_coerce(column, Text)
    return and_(true(), *(listed.contains(f'"{w}"', autoescape=True) for w in watches))


def in_chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Parts that one IN list takes.

    >>> [len(part) for part in in_chunks(range(1200))]
    [500, 500, 200]
    """
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
