"""Statements by their terms: what the archive holds that may bear on a new one.

The lookup reads an index alone, and of each term only the latest uses, so that it takes the
same time however much the archive holds.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, TextClause, and_, select, text, tuple_
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.sql import columns_of, in_chunks, insert_into, upsert
from connectors.archive.tables import occurrences, statement_terms, statements, voices
from schemas.base import Timestamp
from schemas.statement import Statement

#: Uses counted of one term. As ``transforms/core/judging/recall.py`` has it; a test holds both
#: together.
MAX_USES = 200
#: Parts of one compound SELECT; SQLite takes 500.
_TERMS_AT_ONCE = 100


def sharing(
    connection: Connection, terms: Sequence[int], since: Timestamp, until: Timestamp
) -> dict[str, tuple[int, int]]:
    """How many of the terms each statement shares, if two or more, and how many it has."""
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(terms), _TERMS_AT_ONCE):
        part = terms[start : start + _TERMS_AT_ONCE]
        values = {f"term{n}": term for n, term in enumerate(part)}
        values |= {"since": since.micros, "until": until.micros}
        least = 2 if len(part) == len(terms) else 1
        for id_, size, common in connection.execute(
            _counting(len(part)), {**values, "least": least}
        ):
            found[id_] = (common + found.get(id_, (0, 0))[0], size)
    return {id_: shared for id_, shared in found.items() if shared[0] >= 2}


@functools.cache
def _counting(terms: int) -> TextClause:
    """Counts per statement over the latest uses of so many terms.

    In plain SQL, for SQLAlchemy takes longer to put a union of its own together than a database
    to answer it.
    """
    uses = (
        f"SELECT * FROM (SELECT statement_id, size FROM statement_terms"  # noqa: S608 -- numbers
        f" WHERE term = :term{n} AND said_at BETWEEN :since AND :until"
        f" ORDER BY said_at DESC, statement_id DESC LIMIT {MAX_USES}) AS uses{n}"
        for n in range(terms)
    )
    return text(
        f"SELECT statement_id, size, COUNT(*) FROM ({' UNION ALL '.join(uses)}) AS uses"  # noqa: S608
        " GROUP BY statement_id, size HAVING COUNT(*) >= :least"
    )


def recall(
    connection: Connection,
    name_key: str,
    *,
    ids: Collection[str],
    article_id: str,
    since: Timestamp,
    until: Timestamp,
) -> list[Statement]:
    """The statements of these ids, those first recorded from the article, the first under each
    of the key's spellings, and those said then that have no terms.
    """
    here = select(occurrences.c.statement_id).where(occurrences.c.article_id == article_id)
    first = select(voices.c.statement_id).where(voices.c.name_key == name_key)
    conditions = [
        *(statements.c.id.in_(part) for part in in_chunks(sorted(ids))),
        and_(statements.c.id.in_(here), statements.c.article_id == article_id),
        statements.c.id.in_(first),
        and_(
            ~statements.c.has_terms,
            statements.c.name_key == name_key,
            statements.c.said_at.between(since, until),
        ),
    ]
    kept = select(*columns_of(statements, Statement))
    found = (row for is_it in conditions for row in connection.execute(kept.where(is_it)))
    return [*{row.id: Statement(*row) for row in found}.values()]


def remember(
    connection: Connection, rows: Sequence[Mapping[str, Any]], terms: Mapping[str, Sequence[int]]
) -> None:
    """Keep what the statements of these rows are found by, and who said them first."""
    if not rows:
        return
    dialect = connection.dialect.name
    uses = [
        {"term": term, "said_at": row["said_at"], "statement_id": row["id"], "size": len(of_it)}
        for row in rows
        for of_it in [terms[row["id"]]]
        for term in of_it
    ]
    if uses:
        connection.execute(upsert(dialect, statement_terms), uses)
    spoken = [
        {
            "name_key": r["name_key"],
            "speaker": r["speaker"],
            "statement_id": r["id"],
            "said_at": r["said_at"],
        }
        for r in sorted(rows, key=lambda r: (r["name_key"], r["speaker"]))  # as for all writers
    ]
    connection.execute(_voice_upsert(dialect), spoken)


@functools.cache
def _voice_upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, voices)
    return insert.on_conflict_do_update(
        index_elements=[voices.c.name_key, voices.c.speaker],
        set_={name: insert.excluded[name] for name in ("statement_id", "said_at")},
        where=tuple_(voices.c.said_at, voices.c.statement_id)
        > tuple_(insert.excluded.said_at, insert.excluded.statement_id),
    )


def said_near(
    connection: Connection,
    name_key: str,
    at: Timestamp,
    *,
    within_seconds: int,
    limit: int,
    but_article: str,
) -> list[Statement]:
    """The statements of other articles under the key that were said nearest to then: at most so
    many before and after, ties by address, place and id. Each side reads an index from there on.
    """
    table, said_at = statements.c, statements.c.said_at
    before, after = at - within_seconds, at + within_seconds
    sides = (
        (said_at.between(before, at), said_at.desc()),
        (and_(said_at > at, said_at <= after), said_at),
    )
    kept = select(*columns_of(statements, Statement)).where(
        table.name_key == name_key, table.article_id != but_article
    )
    found = (
        kept.where(is_there)
        .order_by(nearest, table.article_url, table.position, table.id)
        .limit(limit)
        for is_there, nearest in sides
    )
    return [Statement(*row) for query in found for row in connection.execute(query)]
