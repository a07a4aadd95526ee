"""Feeds: what the last poll left behind, and health."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive import dead_letters, entries
from connectors.archive.sql import columns_of, in_chunks, insert_into, values_of
from connectors.archive.tables import entries as entries_table
from connectors.archive.tables import feeds
from schemas.base import Timestamp
from schemas.feed import FeedEntry, FeedPoll, FeedState


class FeedHealth(NamedTuple):
    """How a feed is doing."""

    state: FeedState
    publisher: str
    title: str
    reason: str  #: of the last failure; "" after a success
    message: str
    entries: int  #: all that it ever listed
    last_published_at: Timestamp | None  #: latest time that an entry states


def states(connection: Connection, urls: Sequence[str]) -> dict[str, FeedState]:
    """The state of each feed polled before, by its URL."""
    found: dict[str, FeedState] = {}
    for part in in_chunks(sorted(set(urls))):
        known = select(*columns_of(feeds, FeedState)).where(feeds.c.url.in_(part))
        found.update((row.url, FeedState(*row)) for row in connection.execute(known))
    return found


def record_poll(connection: Connection, poll: FeedPoll, watches: Sequence[str]) -> list[FeedEntry]:
    """Store a poll and its new entries; the entries now due."""
    _store_state(connection, poll)
    if poll.status != "failed":
        dead_letters.remove_of_feed(connection, poll.feed.url)
    if poll.status == "changed":
        entries.add(connection, poll.entries, poll.polled_at, watches)
    return entries.claim_due(connection, [poll.feed.url], poll.polled_at, watches)


def health(connection: Connection) -> list[FeedHealth]:
    """Every feed ever polled, by URL."""
    counted = (
        select(
            entries_table.c.feed_url,
            func.count().label("total"),
            func.max(entries_table.c.stated_published_at).label("latest"),
        )
        .group_by(entries_table.c.feed_url)
        .subquery()
    )
    state = columns_of(feeds, FeedState)
    told = [feeds.c[name] for name in FeedHealth._fields[1:-2]]
    listed: Select[Any] = (
        select(*state, *told, func.coalesce(counted.c.total, 0), counted.c.latest)
        .outerjoin(counted, counted.c.feed_url == feeds.c.url)
        .order_by(feeds.c.url)
    )
    width = len(state)
    return [FeedHealth(FeedState(*row[:width]), *row[width:]) for row in connection.execute(listed)]


def _store_state(connection: Connection, poll: FeedPoll) -> None:
    """Upsert the feed; a poll not later than the last one recorded changes nothing."""
    values: dict[str, Any] = {
        **values_of(feeds, poll.state),
        "publisher": poll.feed.publisher,
        "polled_at": poll.polled_at,
        "reason": (poll.reason or "error") if poll.status == "failed" else "",
        "message": poll.message,
    }
    values["title"] = poll.title
    connection.execute(_upsert(connection.dialect.name, poll.status == "changed"), values)


@functools.cache
def _upsert(dialect: str, has_title: bool) -> Insert:
    """Cached: SQLAlchemy takes longer to put it together than SQLite to run it."""
    insert = insert_into(dialect, feeds)
    names = {column.name for column in feeds.c} - {"url" if has_title else "title", "url"}
    return insert.on_conflict_do_update(
        index_elements=["url"],
        set_={name: insert.excluded[name] for name in sorted(names)},
        where=feeds.c.polled_at < insert.excluded.polled_at,
    )
