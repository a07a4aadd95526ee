"""PullMessages: a queue -> QueueMessage, for engines that have no source of their own for it."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PBegin
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.shared import Shared

from schemas.errors import QueueError
from schemas.queue_message import QueueMessage
from transforms.coders import to_beam
from transforms.core.ports import MessageQueue, ReceivedMessage

_LOG = logging.getLogger(__name__)
#: Messages that a tick hands on at most. An article takes some 20 to 100 ms to annotate, and a
#: checkpoint waits for the bundle in hand.
_MOST = 20
#: Messages that are pulled ahead of the ticks.
_AHEAD = 50
#: How long a pull waits for a first message. What comes just when it gives up is kept from
#: others until its lease ends, so it should seldom give up.
_WAIT_SECONDS = 30.0
#: How long a queue that cannot be had is left alone.
_PAUSE_SECONDS = 5


class _Desk:
    """A queue, and what was pulled from it ahead of need; one a process.

    A pull is started by a tick and awaited by none: when an engine stops ticking, nothing more
    is pulled.
    """

    def __init__(self, queue: MessageQueue) -> None:
        self.queue = queue
        self._pool = ThreadPoolExecutor(1, "pull")
        self._lock = threading.Lock()
        self._pulling: Future[Sequence[ReceivedMessage]] | None = None
        self._waiting: deque[ReceivedMessage] = deque()

    def take(self) -> list[ReceivedMessage]:
        """Messages that are there; more are on their way."""
        with self._lock:
            if self._pulling is not None and self._pulling.done():
                pulled, self._pulling = self._pulling, None  # the next may not raise
                self._waiting += pulled.result()
            taken = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            if self._pulling is None and len(self._waiting) < _AHEAD:
                self._pulling = self._pool.submit(self._pull)
        return taken

    def _pull(self) -> Sequence[ReceivedMessage]:
        try:
            return self.queue.pull(_AHEAD, _WAIT_SECONDS)
        except QueueError as error:
            _LOG.warning("no messages: %s", error)
            time.sleep(_PAUSE_SECONDS)
            return ()


class _PullFn(beam.DoFn):
    """Yields what is there at each tick, and acknowledges what a checkpoint holds.

    An engine calls a bundle's finalizer after a checkpoint. Beam's runner for Flink calls those
    of *all* bundles that have ended by then (ExecutableStageDoFnOperator, 2.62 to 2.77), among
    them bundles that began after the checkpoint's barrier and are in no checkpoint yet. So a
    finalizer acknowledges what had been finalized before its own bundle began: the checkpoint
    that it tells of has its barrier after that. Slots hear of a checkpoint one after another, so
    none speaks for another; an instance serves one slot, which has a bundle descriptor of its
    own (DefaultJobBundleFactory).
    """

    def __init__(self, open_queue: Callable[[], MessageQueue]) -> None:
        self._open_queue, self._shared = open_queue, Shared()

    def setup(self) -> None:
        self._desk = self._shared.acquire(lambda: _Desk(self._open_queue()))
        self._finalized: list[str] = []
        self._lock = threading.Lock()  # finalizers are called by a thread of their own

    def process(
        self,
        _tick: bytes,
        finalizer: Any = beam.DoFn.BundleFinalizerParam,  # called, it would do nothing
    ) -> Iterator[TimestampedValue]:
        received = self._desk.take()
        with self._lock:
            durable, self._finalized = self._finalized, []
        if received or durable:
            ids = [each.ack_id for each in received]
            finalizer.register(functools.partial(self._finalize, durable, ids))
        for each in received:
            yield TimestampedValue(each.message, to_beam(each.message.published_at))

    def _finalize(self, durable: Sequence[str], ids: Sequence[str]) -> None:
        """Acknowledge what is durable; remember that a bundle with these ids is finalized."""
        with self._lock:
            self._finalized += ids
        try:
            if durable:
                self._desk.queue.acknowledge(durable)
        except QueueError as error:  # they come again, and change nothing
            _LOG.warning("messages were not acknowledged: %s", error)


class PullMessages(beam.PTransform[PBegin, beam.PCollection[QueueMessage]]):
    """Pull messages, and acknowledge each only when a checkpoint holds all that came of it.

    ``ticks`` yields elements without end, as often as the queue is to be looked at; what they
    are is of no account. Each message has the time when it was published.
    """

    def __init__(self, open_queue: Callable[[], MessageQueue], ticks: beam.PTransform) -> None:
        super().__init__()
        self._fn, self._ticks = _PullFn(open_queue), ticks

    def expand(self, begin: PBegin) -> beam.PCollection[QueueMessage]:
        return (
            begin
            | "Ticks" >> self._ticks
            | "PullMessages" >> beam.ParDo(self._fn).with_output_types(QueueMessage)
        )
