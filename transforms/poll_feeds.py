"""PollFeeds: Feed -> FeedEntry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.base import Timestamp
from schemas.errors import FeedError, FetchError
from schemas.feed import Feed, FeedEntry, FeedPoll, FeedState
from transforms import metrics
from transforms.core.failures import reason_of
from transforms.core.ports import FeedStore, Fetcher
from transforms.core.reading.feeds import parse_feed
from transforms.core.reading.turns import by_turns
from transforms.outcomes import OutcomeFn, Outcomes, par_do
from transforms.read_ahead import ReadAhead

#: Polls in flight: they wait on as many hosts, and a poll costs little CPU.
THREADS = 32


class _PollFn(OutcomeFn):
    """Collects the bundle's feeds, polls them side by side, and yields their entries by
    turns over the hosts, so that the pages behind them can be fetched side by side too.
    """

    step = "PollFeeds"

    def __init__(
        self, open_fetcher: Callable[[], Fetcher], open_store: Callable[[], FeedStore]
    ) -> None:
        self._open_fetcher, self._open_store = open_fetcher, open_store

    def setup(self) -> None:
        self._fetcher, self._store = self._open_fetcher(), self._open_store()

    def start_bundle(self) -> None:
        self._feeds: list[Feed] = []

    def handle(self, feed: Feed) -> list[FeedEntry]:
        self._feeds.append(feed)
        return []

    def finish_bundle(self) -> Iterator[Any]:
        states = self._store.feed_states([feed.url for feed in self._feeds])
        polls: ReadAhead[Feed, tuple[FeedPoll, Exception | None]] = ReadAhead(
            lambda feed: poll(self._fetcher, feed, states.get(feed.url) or FeedState(feed.url)),
            ThreadPoolExecutor(THREADS, thread_name_prefix="poll"),
            limit=len(self._feeds),
        )
        due: list[FeedEntry] = []
        for feed in self._feeds:
            for outcome in polls.submit(feed):
                yield from self._record(*outcome, due)
        for outcome in polls.drain():
            yield from self._record(*outcome, due)
        polls.close()
        metrics.count("entries_due", len(due))
        for entry in by_turns(due):
            yield _in_global_window(entry)

    def _record(
        self, done: FeedPoll, error: Exception | None, due: list[FeedEntry]
    ) -> Iterator[WindowedValue]:
        metrics.count("feeds_polled")
        metrics.count(f"feeds_{done.status}")
        due.extend(self._store.record_poll(done))
        if error is not None:
            letter = self.failed(done.feed, error)
            yield beam.pvalue.TaggedOutput(letter.tag, _in_global_window(letter.value))

    def teardown(self) -> None:
        self._fetcher.close()
        self._store.close()


def poll(fetcher: Fetcher, feed: Feed, state: FeedState) -> tuple[FeedPoll, Exception | None]:
    """The outcome of asking for a feed once; with the error, if it failed."""
    now = Timestamp.now()
    try:
        answer = fetcher.fetch(feed.url, etag=state.etag, last_modified=state.last_modified)
        body_hash = hashlib.sha256(answer.body).hexdigest()
        if answer.status == 304 or body_hash == state.body_hash:
            return FeedPoll(feed, "unchanged", now), None
        parsed = parse_feed(feed, answer.body, answer.content_type, now)
    except (FetchError, FeedError) as error:
        return _failed(feed, now, error), error
    except Exception as error:  # a parser's surprise must not end the other feeds
        return _failed(feed, now, error), error
    changed = FeedPoll(
        feed=replace(feed, publisher=feed.publisher or parsed.title),
        status="changed",
        polled_at=now,
        title=parsed.title,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=body_hash,
        entries=parsed.entries,
    )
    return changed, None


def _failed(feed: Feed, at: Timestamp, error: Exception) -> FeedPoll:
    return FeedPoll(feed, "failed", at, reason=reason_of(error), message=str(error))


def _in_global_window(value: Any) -> WindowedValue:
    """What ``finish_bundle`` must yield: it stands in no element's window."""
    return WindowedValue(value, GlobalWindow().max_timestamp(), [GlobalWindow()])


class PollFeeds(beam.PTransform[beam.PCollection[Feed], beam.PCollection[FeedEntry]]):
    """Poll each feed once, conditionally, and yield the entries that are due.

    Entries come by turns over the hosts of their pages, each feed's oldest first. The poll
    and its new entries are recorded, in one transaction, before any entry is yielded: what a
    killed run leaves unread is due again. A feed that fails becomes a DeadLetter; its
    entries of earlier polls are still due.
    """

    def __init__(
        self,
        open_fetcher: Callable[[], Fetcher],
        open_store: Callable[[], FeedStore],
        *,
        outcomes: Outcomes,
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _PollFn(open_fetcher, open_store), outcomes

    def expand(self, feeds: beam.PCollection[Feed]) -> beam.PCollection[FeedEntry]:
        return par_do(feeds, self._fn, FeedEntry, self._outcomes)
