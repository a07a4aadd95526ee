"""ReadMessages: QueueMessage -> FeedEntry, for pages to be fetched, and Page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.feed import FeedEntry
from schemas.outcome import DeadLetter
from schemas.page import Page
from schemas.queue_message import QueueMessage
from transforms.runtime import metrics
from transforms.runtime.outcomes import DEAD_LETTERS, OutcomeFn, Outcomes, typed

_PAGES = "pages"

#: What a message holds; raises RecordError for one that holds nothing of use.
ReadMessage = Callable[[QueueMessage], FeedEntry | Page]


class Read(NamedTuple):
    """What messages held."""

    entries: beam.PCollection[FeedEntry]  #: their pages are to be fetched
    pages: beam.PCollection[Page]  #: they came with the message


class _ReadFn(OutcomeFn):
    step = "ReadMessages"

    def __init__(self, read: ReadMessage) -> None:
        self._read = read

    def handle(self, message: QueueMessage) -> Iterator[Any]:
        metrics.count("messages_read")
        found = self._read(message)
        yield TaggedOutput(_PAGES, found) if isinstance(found, Page) else found


class ReadMessages(beam.PTransform[beam.PCollection[QueueMessage], Read]):
    """Divide messages into entries and pages; a message that is neither becomes a DeadLetter."""

    def __init__(self, read: ReadMessage, *, outcomes: Outcomes) -> None:
        super().__init__()
        self._fn, self._outcomes = _ReadFn(read), outcomes

    def expand(self, messages: beam.PCollection[QueueMessage]) -> Read:
        """The two collections; Beam lets a transform return a named tuple of them."""
        step = self._fn.step
        outputs = (DEAD_LETTERS, _PAGES)
        results = messages | step >> beam.ParDo(self._fn).with_outputs(*outputs, main="entries")
        self._outcomes.dead_letters[step] = typed(results[DEAD_LETTERS], DeadLetter)
        return Read(typed(results.entries, FeedEntry), typed(results[_PAGES], Page))
