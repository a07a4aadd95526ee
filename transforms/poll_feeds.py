"""PollFeeds: Feed -> FeedEntry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.feed import Feed, FeedEntry
from transforms.core.ports import FeedStore, Fetcher
from transforms.runtime import metrics
from transforms.runtime.feed_polls import FailedPoll, poll_feeds
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


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
        for found in poll_feeds(
            self._feeds,
            self._fetcher,
            self._store,
            metrics.count,
            ask_all=self._ask_all,
            limit=self._limit,
        ):
            if isinstance(found, FailedPoll):
                letter = self.failed(*found)
                yield beam.pvalue.TaggedOutput(letter.tag, _in_global_window(letter.value))
            else:
                yield _in_global_window(found)

    def teardown(self) -> None:
        self._fetcher.close()
        self._store.close()


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
