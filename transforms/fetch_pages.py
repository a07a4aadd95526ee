"""FetchPages: FeedEntry -> Page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from schemas.base import Timestamp
from schemas.errors import FetchError
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms import metrics
from transforms.core.ports import Fetcher
from transforms.outcomes import OutcomeFn, Outcomes, par_do
from transforms.read_ahead import ReadAhead

#: Requests in flight. At 200 ms an answer, 32 bring 160 pages a second: more than one core
#: can extract (a page takes some 10 ms), so that the run is bound by the CPU.
THREADS = 32
#: Pages asked for ahead of the stages behind; with the threads, the bound on memory.
READ_AHEAD = 48

_Element = tuple[FeedEntry, Timestamp, Any]
_Fetched = tuple[_Element, "Page | Exception", float]


class _FetchFn(OutcomeFn):
    """Asks for pages ahead of the stages behind it, and yields each as it comes."""

    step = "FetchPages"

    def __init__(self, open_fetcher: Callable[[], Fetcher]) -> None:
        self._open_fetcher = open_fetcher

    def setup(self) -> None:
        self._fetcher = self._open_fetcher()

    def start_bundle(self) -> None:
        self._pages: ReadAhead[_Element, _Fetched] = ReadAhead(
            self._fetch, threads=THREADS, limit=READ_AHEAD
        )

    def process(
        self,
        entry: FeedEntry,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        for fetched in self._pages.submit((entry, timestamp, window)):
            yield self._result(fetched)

    def finish_bundle(self) -> Iterator[Any]:
        for fetched in self._pages.drain():
            yield self._result(fetched)
        self._pages.close()

    def teardown(self) -> None:
        self._pages.close()
        self._fetcher.close()

    def handle(self, element: Any) -> list[Any]:
        """Not used: results come later than their elements."""
        return []

    def _fetch(self, element: _Element) -> _Fetched:
        """Runs in a thread of the pool; never raises."""
        entry, started = element[0], time.monotonic()
        try:
            answer = self._fetcher.fetch(entry.url)
            if not answer.body.strip():
                raise FetchError("empty_body", entry.url, "the server sent nothing")
            page = Page(entry, answer.url, answer.content_type, answer.body, Timestamp.now())
        except Exception as error:  # recorded as a DeadLetter by _result
            return element, error, time.monotonic() - started
        return element, page, time.monotonic() - started

    def _result(self, fetched: _Fetched) -> Any:
        """The page, or its DeadLetter, in the window of the entry it belongs to."""
        (entry, timestamp, window), outcome, seconds = fetched
        metrics.measure("fetch_ms", 1000 * seconds)
        if isinstance(outcome, Exception):
            letter = self.failed(entry, outcome)
            return TaggedOutput(letter.tag, WindowedValue(letter.value, timestamp, [window]))
        metrics.count("pages_fetched")
        metrics.measure("page_bytes", len(outcome.body))
        return WindowedValue(outcome, timestamp, [window])


class FetchPages(beam.PTransform[beam.PCollection[FeedEntry], beam.PCollection[Page]]):
    """Fetch the page behind each entry, many hosts at once, each at its own pace.

    Pages come in the order of their entries, except that a slow one is overtaken. Failures
    become DeadLetters. Politeness and limits are the fetcher's.
    """

    def __init__(self, open_fetcher: Callable[[], Fetcher], *, outcomes: Outcomes) -> None:
        super().__init__()
        self._fn, self._outcomes = _FetchFn(open_fetcher), outcomes

    def expand(self, entries: beam.PCollection[FeedEntry]) -> beam.PCollection[Page]:
        return par_do(entries, self._fn, Page, self._outcomes)
