"""PollFeeds: Feed -> FeedEntry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.base import Instant
from schemas.feed import Feed, FeedEntry, FeedPoll, FeedState
from transforms.core.feeds.order import by_time, by_turns
from transforms.core.feeds.poll_once import poll
from transforms.core.feeds.poll_state import Known, decided, divide
from transforms.core.ports import FeedStore, Fetcher
from transforms.runtime import metrics
from transforms.runtime.host_lanes import HOST_WIDTH, LanedExecutor
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do
from transforms.runtime.read_ahead import ReadAhead

#: Polls in flight: they wait on as many hosts, and a poll costs little CPU.
THREADS = 32
#: Answers waiting to be recorded: with the size of a feed, the bound on memory.
READ_AHEAD = 64


class _PollFn(OutcomeFn):
    """Collects the bundle's feeds, polls them side by side, and yields all their entries in
    order of publication.
    """

    step = "PollFeeds"

    def __init__(
        self,
        open_fetcher: Callable[[], Fetcher],
        open_store: Callable[[], FeedStore],
        ask_all: bool,
        limit: int | None,
    ) -> None:
        self._open_fetcher, self._open_store = open_fetcher, open_store
        self._ask_all, self._limit = ask_all, limit

    def setup(self) -> None:
        self._fetcher, self._store = self._open_fetcher(), self._open_store()

    def start_bundle(self) -> None:
        self._feeds: list[Feed] = []

    def handle(self, feed: Feed) -> list[FeedEntry]:
        self._feeds.append(feed)
        return []

    def finish_bundle(self) -> Iterator[Any]:
        now = Instant.now()
        states = self._store.feed_states([feed.url for feed in self._feeds])
        who = divide(self._feeds, states, now, ask_all=self._ask_all)
        due = list(self._store.claim_due([feed.url for feed in who.resting], now))
        resting = [states.get(feed.url) or FeedState(feed.url) for feed in who.resting]
        metrics.count("feeds_resting", len(resting))
        metrics.count("feeds_failing", sum(state.failures > 0 for state in resting))
        metrics.count("feeds_muted", sum(state.is_muted for state in resting))
        for done, error in self._polls(who.due, states):
            yield from self._record(done, error, due)
        due = by_time(due)[: self._limit]
        metrics.count("entries_due", len(due))
        for entry in due:
            yield _in_global_window(entry)

    def _polls(
        self, feeds: Sequence[Feed], states: Mapping[str, FeedState]
    ) -> Iterator[tuple[FeedPoll, Exception | None]]:
        """The outcome of each feed's poll, as they come."""
        ahead: ReadAhead[Feed, tuple[FeedPoll, Exception | None]] = ReadAhead(
            lambda feed: poll(self._fetcher, feed, states.get(feed.url) or FeedState(feed.url)),
            LanedExecutor(
                ThreadPoolExecutor(THREADS, thread_name_prefix="poll"),
                lambda feed: self._fetcher.lane(feed.url),
                width=HOST_WIDTH,
            ),
            limit=READ_AHEAD,
        )
        for feed in by_turns(feeds, lambda feed: feed.url):
            yield from ahead.submit(feed)
        yield from ahead.drain()
        ahead.close()

    def _record(
        self, done: FeedPoll, error: Exception | None, due: list[FeedEntry]
    ) -> Iterator[WindowedValue]:
        ids, urls = self._store.known_entries(done.entries)
        done = decided(done, Known(frozenset(ids), frozenset(urls)))
        _count(done)
        due.extend(self._store.record_poll(done))
        if error is not None:
            letter = self.failed(done.feed, error)
            yield beam.pvalue.TaggedOutput(letter.tag, _in_global_window(letter.value))

    def teardown(self) -> None:
        self._fetcher.close()
        self._store.close()


def _count(done: FeedPoll) -> None:
    metrics.count("feeds_polled")
    metrics.count(f"feeds_{done.status}")
    metrics.count("feeds_failing", done.status == "failed")
    metrics.count("entries_cut", done.cut)


def _in_global_window(value: Any) -> WindowedValue:
    """What ``finish_bundle`` must yield: it stands in no element's window."""
    return WindowedValue(value, GlobalWindow().max_timestamp(), [GlobalWindow()])


class PollFeeds(beam.PTransform[beam.PCollection[Feed], beam.PCollection[FeedEntry]]):
    """Poll each feed that is due once, conditionally, and yield the entries that are due.

    With ``ask_all`` every feed is polled, otherwise those whose time has come; what the others
    left unread is due all the same. With a ``limit`` so many entries are yielded, the earliest;
    the others stay due.

    Entries come in order of publication. The poll and its new entries are
    recorded, in one transaction, before any entry is yielded: what a killed run leaves unread
    is due again. A feed that fails becomes a DeadLetter; its entries of earlier polls are
    still due.
    """

    def __init__(
        self,
        open_fetcher: Callable[[], Fetcher],
        open_store: Callable[[], FeedStore],
        *,
        outcomes: Outcomes,
        ask_all: bool = True,
        limit: int | None = None,
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _PollFn(open_fetcher, open_store, ask_all, limit), outcomes

    def expand(self, feeds: beam.PCollection[Feed]) -> beam.PCollection[FeedEntry]:
        return par_do(feeds, self._fn, FeedEntry, self._outcomes)
