"""Polls of many feeds side by side, each recorded before its entries are read; without Beam, for
most runs on a schedule find nothing new and then need no pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from schemas.base import Instant
from schemas.feed import Feed, FeedEntry, FeedPoll, FeedState
from transforms.core.feeds.order import by_time, by_turns
from transforms.core.feeds.poll_once import poll
from transforms.core.feeds.poll_state import Known, decided, divide
from transforms.core.ports import FeedStore, Fetcher
from transforms.runtime.host_lanes import HOST_WIDTH, LanedExecutor
from transforms.runtime.read_ahead import ReadAhead

#: Polls in flight: they wait on as many hosts, and a poll costs little CPU.
POLL_THREADS = 32
#: Answers waiting to be recorded: with the size of a feed, the bound on memory.
POLLS_AHEAD = 64


class FailedPoll(NamedTuple):
    """A feed that gave nothing, and why."""

    feed: Feed
    error: Exception


def poll_feeds(
    feeds: Sequence[Feed],
    fetcher: Fetcher,
    store: FeedStore,
    count: Callable[[str, int], None],
    *,
    ask_all: bool,
    limit: int | None = None,
) -> Iterator[FailedPoll | FeedEntry]:
    """Poll the feeds that are due, or all; each failure when it is recorded, and at last the
    entries that are due, in order of publication, or the first ``limit`` of them. ``count`` adds
    to a counter of ``metrics.MEANING``.
    """
    now = Instant.now()
    states = store.feed_states([feed.url for feed in feeds])
    who = divide(feeds, states, now, ask_all=ask_all)
    due = list(store.claim_due([feed.url for feed in who.resting], now))
    resting = [states.get(feed.url) or FeedState(feed.url) for feed in who.resting]
    count("feeds_resting", len(resting))
    count("feeds_failing", sum(state.failures > 0 for state in resting))
    count("feeds_muted", sum(state.is_muted for state in resting))
    for told, error in _polls(who.due, states, fetcher):
        ids, urls = store.known_entries(told.entries)
        done = decided(told, Known(frozenset(ids), frozenset(urls)))
        count("feeds_polled", 1)
        count(f"feeds_{done.status}", 1)
        count("feeds_failing", done.status == "failed")
        count("entries_cut", done.cut)
        due.extend(store.record_poll(done))
        if error is not None:
            yield FailedPoll(done.feed, error)
    due = by_time(due)[:limit]
    count("entries_due", len(due))
    yield from due


def _polls(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], fetcher: Fetcher
) -> Iterator[tuple[FeedPoll, Exception | None]]:
    """The outcome of each feed's poll, as they come."""
    ahead: ReadAhead[Feed, tuple[FeedPoll, Exception | None]] = ReadAhead(
        lambda feed: poll(fetcher, feed, states.get(feed.url) or FeedState(feed.url)),
        LanedExecutor(
            ThreadPoolExecutor(POLL_THREADS, thread_name_prefix="poll"),
            lambda feed: fetcher.lane(feed.url),
            width=HOST_WIDTH,
        ),
        limit=POLLS_AHEAD,
    )
    for feed in by_turns(feeds, lambda feed: feed.url):
        yield from ahead.submit(feed)
    yield from ahead.drain()
    ahead.close()
