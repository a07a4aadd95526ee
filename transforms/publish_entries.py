"""PublishEntries: FeedEntry -> nothing; others read their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apache_beam as beam

import transforms.coders  # noqa: F401 -- registers the rows
from schemas.base import Instant
from schemas.feed import FeedEntry
from transforms.core.ports import EntryStore, EntryTopic
from transforms.runtime import metrics

#: Entries handed on, and then marked, at once: after a crash between the two so many come a
#: second time, under the same ids.
_AT_ONCE = 200


class _PublishFn(beam.DoFn):
    """Not an OutcomeFn: a topic that takes nothing ends the run, and all are due again."""

    def __init__(
        self, open_topic: Callable[[], EntryTopic], open_store: Callable[[], EntryStore]
    ) -> None:
        self._open_topic, self._open_store = open_topic, open_store

    def setup(self) -> None:
        self._topic, self._store = self._open_topic(), self._open_store()

    def start_bundle(self) -> None:
        self._entries: list[FeedEntry] = []

    def process(self, entry: FeedEntry) -> None:
        self._entries.append(entry)
        if len(self._entries) == _AT_ONCE:
            self._hand_on()

    def finish_bundle(self) -> None:
        if self._entries:
            self._hand_on()

    def _hand_on(self) -> None:
        entries, self._entries = self._entries, []
        self._topic.publish(entries)
        self._store.mark_published([entry.id for entry in entries], Instant.now())
        metrics.count("entries_published", len(entries))

    def teardown(self) -> None:
        self._topic.close()
        self._store.close()


class PublishEntries(beam.PTransform[beam.PCollection[FeedEntry], beam.PCollection[Any]]):
    """Hand each entry on, then mark it: a crash between the two hands it on again, and loses
    none.
    """

    def __init__(
        self, open_topic: Callable[[], EntryTopic], open_store: Callable[[], EntryStore]
    ) -> None:
        super().__init__()
        self._fn = _PublishFn(open_topic, open_store)

    def expand(self, entries: beam.PCollection[FeedEntry]) -> beam.PCollection[Any]:
        return entries | "PublishEntries" >> beam.ParDo(self._fn)
