"""Statements by when they were said: what a model of meaning is asked about."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from connectors.archive.sql import columns_of
from connectors.archive.tables import statements
from schemas.base import Timestamp
from schemas.commentary import Statement


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
