"""RecordEntries and RecordPages: what came by a queue, accounted for before it is read."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

import transforms.coders  # noqa: F401 -- registers the rows
from schemas.base import Instant
from schemas.feed import FeedEntry
from schemas.page import Page
from transforms.core.ports import EntryStore
from transforms.runtime import metrics


class _RecordFn(beam.DoFn):
    """Not an OutcomeFn: when the archive itself fails, the run must stop. A bundle's elements
    are recorded in one transaction.
    """

    def __init__(self, open_store: Callable[[], EntryStore]) -> None:
        self._open_store = open_store

    def setup(self) -> None:
        self._store = self._open_store()

    def start_bundle(self) -> None:
        self._given: list[Any] = []

    def process(self, given: Any) -> None:
        self._given.append(given)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for each in self.recorded(self._given) if self._given else ():
            yield WindowedValue(each, GlobalWindow().max_timestamp(), [GlobalWindow()])

    @abc.abstractmethod
    def recorded(self, given: list[Any]) -> list[Any]:
        """Those to be read on."""

    def teardown(self) -> None:
        self._store.close()


class _EntriesFn(_RecordFn):
    def recorded(self, given: list[FeedEntry]) -> list[FeedEntry]:
        due = list(self._store.accept(given, Instant.now()))
        metrics.count("entries_due", len(due))
        return due


class _PagesFn(_RecordFn):
    def recorded(self, given: list[Page]) -> list[Page]:
        self._store.record_input([page.entry for page in given])
        metrics.count("articles_given", len(given))
        return given


class RecordEntries(beam.PTransform[beam.PCollection[FeedEntry], beam.PCollection[FeedEntry]]):
    """Record entries; yield those never read to an end, in their order, each once."""

    def __init__(self, open_store: Callable[[], EntryStore]) -> None:
        super().__init__()
        self._open_store = open_store

    def expand(self, entries: beam.PCollection[FeedEntry]) -> beam.PCollection[FeedEntry]:
        fn = _EntriesFn(self._open_store)
        return entries | "RecordEntries" >> beam.ParDo(fn).with_output_types(FeedEntry)


class RecordPages(beam.PTransform[beam.PCollection[Page], beam.PCollection[Page]]):
    """Record the entries of articles that came whole; yield the articles, in their order."""

    def __init__(self, open_store: Callable[[], EntryStore]) -> None:
        super().__init__()
        self._open_store = open_store

    def expand(self, pages: beam.PCollection[Page]) -> beam.PCollection[Page]:
        fn = _PagesFn(self._open_store)
        return pages | "RecordPages" >> beam.ParDo(fn).with_output_types(Page)
