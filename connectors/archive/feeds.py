"""Feeds: what the last poll left behind, and health."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.dead_letters import DeadLetters
from connectors.archive.entries import Entries
from connectors.archive.store import Store, columns_of, insert_into, reading, values_of, writing
from connectors.archive.tables import entries, feeds
from schemas.base import Instant
from schemas.feed import FeedEntry, FeedPoll, FeedState
from transforms.core.ports import FeedStore


class FeedHealth(NamedTuple):
    """How a feed is doing."""

    state: FeedState
    publisher: str
    title: str
    reason: str  #: of the last failure; "" after a success
    message: str
    entries: int  #: all that it ever listed
    last_published_at: Instant | None  #: latest time that an entry states


class Feeds(Store, FeedStore):
    """Feeds, and which of their entries are due."""

    @reading
    def feed_states(self, urls: Sequence[str]) -> dict[str, FeedState]:
        """The state of each feed polled before, by its URL."""
        known = self._among(select(*columns_of(feeds, FeedState)), feeds.c.url, urls)
        return {row.url: FeedState(*row) for row in known}

    @reading
    def known_entries(self, listed: Sequence[FeedEntry]) -> tuple[set[str], set[str]]:
        """The ids, and the canonical URLs, of those of one feed's entries that it listed before."""
        return self.within(Entries).known(listed)

    @writing
    def claim_due(self, feed_urls: Sequence[str], at: Instant) -> list[FeedEntry]:
        """The due entries of feeds that are not polled now, oldest seen first."""
        return self.within(Entries).claim_due(feed_urls, at)

    @writing
    def record_poll(self, poll: FeedPoll) -> list[FeedEntry]:
        """Store a poll and its new entries; the feed's entries that are now due."""
        self._store_state(poll)
        if poll.status != "failed":
            self.within(DeadLetters).remove_of_feed(poll.feed.url)
        if poll.status == "changed":
            self.within(Entries).add(poll.entries, poll.polled_at)
        return self.claim_due([poll.feed.url], poll.polled_at)

    @reading
    def health(self) -> list[FeedHealth]:
        """How each feed ever polled is doing, by URL."""
        counted = (
            select(
                entries.c.feed_url,
                func.count().label("total"),
                func.max(entries.c.stated_published_at).label("latest"),
            )
            .group_by(entries.c.feed_url)
            .subquery()
        )
        state = columns_of(feeds, FeedState)
        others = [feeds.c[name] for name in FeedHealth._fields[1:-2]]
        listed: Select[Any] = (
            select(*state, *others, func.coalesce(counted.c.total, 0), counted.c.latest)
            .outerjoin(counted, counted.c.feed_url == feeds.c.url)
            .order_by(feeds.c.url)
        )
        width = len(state)
        rows = self._execute(listed)
        return [FeedHealth(FeedState(*row[:width]), *row[width:]) for row in rows]

    def _store_state(self, poll: FeedPoll) -> None:
        """Upsert the feed; a poll not later than the last one recorded changes nothing."""
        values: dict[str, Any] = {
            **values_of(feeds, poll.state),
            "publisher": poll.feed.publisher,
            "polled_at": poll.polled_at,
            "reason": (poll.reason or "error") if poll.status == "failed" else "",
            "message": poll.message,
            "title": poll.title,
        }
        self._execute(_upsert(self._dialect, poll.status == "changed"), values)


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
