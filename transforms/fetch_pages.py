"""FetchPages: FeedEntry -> Page."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.base import Instant
from schemas.errors import FetchError
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.core.articles.extraction import page_of_feed
from transforms.core.ports import Fetcher
from transforms.runtime import metrics
from transforms.runtime.host_lanes import HOST_WIDTH, LanedExecutor
from transforms.runtime.outcomes import Outcomes, par_do
from transforms.runtime.read_ahead_fn import ReadAheadFn

#: Requests in flight. At 200 ms an answer, 32 bring 160 pages a second: more than one core
#: can extract (a page takes some 10 ms), so that the run is bound by the CPU.
THREADS = 32
#: Pages asked for ahead of the stages behind: enough to keep all threads busy, though many wait
#: for one slow host.
READ_AHEAD = 64
#: Where another attempt would bring the same, so that the feed's own text is read in its place.
_REFUSALS = ("gated", "gone", "robots")
_DECISIONS = ("robots", "unchanged")


class _Fetched(NamedTuple):
    page: Page
    seconds: float


class _FetchFn(ReadAheadFn):
    step = "FetchPages"
    may_skip = True
    limit = READ_AHEAD

    def __init__(self, open_fetcher: Callable[[], Fetcher]) -> None:
        self._open_fetcher = open_fetcher

    def setup(self) -> None:
        self._fetcher = self._open_fetcher()

    def open_pool(self) -> Executor:
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fetch")
        return LanedExecutor(pool, self._lane, width=HOST_WIDTH)

    def _lane(self, placed: tuple[Any, ...]) -> str:
        return self._fetcher.lane(placed[0].url)

    def worker(self) -> Callable[[FeedEntry], _Fetched | Exception]:
        return self._fetch

    def _fetch(self, entry: FeedEntry) -> _Fetched | Exception:
        started = time.monotonic()
        try:
            page = self._page(entry)
        except Exception as error:  # becomes a DeadLetter
            is_refused = isinstance(error, FetchError) and error.reason in _REFUSALS
            instead = page_of_feed(entry, Instant.now()) if is_refused else None
            if instead is None:
                return error
            page = instead
        return _Fetched(page, time.monotonic() - started)

    def _page(self, entry: FeedEntry) -> Page:
        answer = self._fetcher.fetch(entry.url, etag=entry.etag, last_modified=entry.last_modified)
        if answer.status == 304:
            raise FetchError("unchanged", entry.url, "not modified since it was read")
        if not answer.body.strip():
            raise FetchError("empty_body", entry.url, "the server sent nothing")
        return Page(
            entry,
            answer.url,
            answer.content_type,
            answer.body,
            Instant.now(),
            answer.etag,
            answer.last_modified,
        )

    def measured(self, fetched: _Fetched) -> Page:
        metrics.count("pages_fetched")
        metrics.measure("fetch_ms", 1000 * fetched.seconds)
        metrics.measure("page_bytes", len(fetched.page.body))
        return fetched.page

    def ended(self, element: FeedEntry, error: Exception) -> TaggedOutput:
        if isinstance(error, FetchError) and error.reason in _DECISIONS:
            return self.skipped(element.id, element.url, error.reason)
        return super().ended(element, error)

    def teardown(self) -> None:
        self.stop()  # before the fetcher: nothing may begin a request that nobody ends
        self._fetcher.close()


class FetchPages(beam.PTransform[beam.PCollection[FeedEntry], beam.PCollection[Page]]):
    """Fetch the page behind each entry, many hosts at once, each at its own pace.

    Pages come in the order of their entries, except that a slow one is overtaken. Failures
    become DeadLetters, what a site's robots.txt disallows and what has not changed a Skip. Where a
    page is refused, the article that the feed itself holds takes its place. Politeness and limits
    are the fetcher's.
    """

    def __init__(self, open_fetcher: Callable[[], Fetcher], *, outcomes: Outcomes) -> None:
        super().__init__()
        self._fn, self._outcomes = _FetchFn(open_fetcher), outcomes

    def expand(self, entries: beam.PCollection[FeedEntry]) -> beam.PCollection[Page]:
        return par_do(entries, self._fn, Page, self._outcomes)
