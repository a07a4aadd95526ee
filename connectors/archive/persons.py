"""What articles told of people, and what users ruled on them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, or_, select
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.sql import columns_of, insert_into, upsert, values_of
from connectors.archive.tables import introductions, rulings
from connectors.formats.row_json import field_names
from schemas.person import Introduction, NameRecord, Ruling

#: Introductions that are read of one name key, the latest; more are never believed
#: (transforms/core/judging/persons.py).
_MAX_READ = 100

_OLDEST_FIRST = select(rulings).order_by(rulings.c.ruled_at, rulings.c.id)


def introduce(connection: Connection, told: Sequence[Introduction]) -> None:
    """Upsert introductions; of equal ones the article published last stands."""
    if told:
        rows = [values_of(introductions, each) for each in sorted(told, key=lambda i: i.id)]
        connection.execute(_introduction_upsert(connection.dialect.name), rows)


@functools.cache
def _introduction_upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, introductions)
    given, kept = insert.excluded, introductions.c
    is_later = or_(
        given.told_at > kept.told_at,
        and_(given.told_at == kept.told_at, given.article_url > kept.article_url),
    )
    changes = {name: given[name] for name in field_names(Introduction) if name != "id"}
    return insert.on_conflict_do_update(index_elements=["id"], set_=changes, where=is_later)


def record(connection: Connection, name_key: str) -> NameRecord:
    """What is known under a key, and under those that users' rulings tie to it, be it by way of
    others: all of one person's names see the same.
    """
    keys, ruled = {name_key}, _rulings_on(connection, {name_key})
    while tied := {key for row in ruled for key in (row.name_key, row.other_key)} - {"", *keys}:
        keys |= tied
        ruled = _rulings_on(connection, keys)
    told = (
        select(*columns_of(introductions, Introduction))
        .where(introductions.c.name_key.in_(sorted(keys)))
        .order_by(introductions.c.told_at.desc(), introductions.c.article_url.desc())
        .limit(_MAX_READ)
    )
    rows = connection.execute(told)
    return NameRecord(name_key, [Introduction(*row) for row in rows], [*map(_ruling, ruled)])


def _rulings_on(connection: Connection, keys: Collection[str]) -> Sequence[Row[Any]]:
    is_on = or_(rulings.c.name_key.in_(sorted(keys)), rulings.c.other_key.in_(sorted(keys)))
    return connection.execute(_OLDEST_FIRST.where(is_on)).all()


def rule(connection: Connection, ruling: Ruling, name_key: str, other_key: str) -> None:
    """Keep a ruling; ruling twice is ruling once."""
    values = {**values_of(rulings, ruling), "name_key": name_key, "other_key": other_key}
    connection.execute(upsert(connection.dialect.name, rulings), values)


def unrule(connection: Connection, note: str) -> None:
    """Forget the rulings of that note: they were a slip."""
    connection.execute(delete(rulings).where(rulings.c.note == note))


def name_keys(connection: Connection) -> list[str]:
    """The keys that have an introduction, in order."""
    keys = select(introductions.c.name_key).distinct().order_by(introductions.c.name_key)
    return list(connection.execute(keys).scalars())


def rulings_kept(connection: Connection) -> list[Ruling]:
    """The log of rulings, oldest first."""
    return [_ruling(row) for row in connection.execute(_OLDEST_FIRST)]


def _ruling(row: Row[Any]) -> Ruling:
    return Ruling(*[getattr(row, name) for name in field_names(Ruling)])
