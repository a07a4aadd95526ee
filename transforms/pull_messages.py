"""PullMessages: a queue -> QueueMessage, for engines that have no source of their own for it."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import WalltimeWatermarkEstimator
from apache_beam.pvalue import PBegin
from apache_beam.runners.sdf_utils import RestrictionTrackerView
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.shared import Shared
from apache_beam.utils.timestamp import Duration

from schemas.errors import QueueError
from schemas.queue_message import QueueMessage
from transforms.core.ports import MessageQueue, ReceivedMessage

_LOG = logging.getLogger(__name__)
#: Messages asked for at once. An article takes some 100 ms to annotate, and a checkpoint waits
#: for the bundle in hand.
_BATCH = 50
#: How long a pull waits for a first message. A checkpoint waits for it, too.
_WAIT_SECONDS = 5.0
#: How long a pass goes on for others after the first. Its results leave when it ends; but each
#: pass costs Beam's runner for Flink a name in its state, for good
#: (https://github.com/apache/beam/issues/27648), so passes must be few.
_PASS_SECONDS = 1.0
_LEAST_WAIT_SECONDS = 0.05
#: How long a queue that cannot be had is left alone.
_PAUSE_SECONDS = 5
#: Messages that one puller can count: at a thousand a second, enough for 30,000 years.
_COUNTED = 1 << 50


class _Desk:
    """A queue, and what this process has yet to acknowledge; one a process.

    An engine calls a bundle's finalizer after a checkpoint. Beam's runner for Flink calls those
    of *all* bundles that have ended by then (ExecutableStageDoFnOperator, 2.77), among them
    bundles that began after the checkpoint's barrier and are in no checkpoint yet. So a
    finalizer acknowledges what had been finalized before its own bundle began: the checkpoint
    that it tells of has its barrier after that.
    """

    def __init__(self, queue: MessageQueue) -> None:
        self.queue = queue
        self._lock = threading.Lock()
        self._finalized: defaultdict[int, list[str]] = defaultdict(list)  #: ids by puller

    def take_finalized(self, puller: int) -> list[str]:
        """The ids whose bundles have been finalized."""
        with self._lock:
            return self._finalized.pop(puller, [])

    def finalize(self, puller: int, durable: Sequence[str], ids: Sequence[str]) -> None:
        """Acknowledge what is durable; remember that a bundle with these ids is finalized."""
        with self._lock:
            self._finalized[puller] += ids
        try:
            if durable:
                self.queue.acknowledge(durable)
        except QueueError as error:  # they come again, and change nothing
            _LOG.warning("messages were not acknowledged: %s", error)


class _Tracker(OffsetRestrictionTracker):
    """Counts a puller's messages; it ends a bundle anywhere, and is never shared out."""

    def try_split(self, fraction_of_remainder: float) -> Any:
        return super().try_split(0) if fraction_of_remainder == 0 else None

    def is_bounded(self) -> bool:
        return False


class _Pullers(RestrictionProvider):
    """One restriction a puller; its number is in the high bits of where it starts."""

    def initial_restriction(self, pullers: int) -> OffsetRange:
        return OffsetRange(0, pullers * _COUNTED)

    def split(self, pullers: int, _restriction: OffsetRange) -> Iterator[OffsetRange]:
        for puller in range(pullers):
            yield OffsetRange(puller * _COUNTED, (puller + 1) * _COUNTED)

    def create_tracker(self, restriction: OffsetRange) -> _Tracker:
        return _Tracker(restriction)

    def restriction_size(self, _pullers: int, _restriction: OffsetRange) -> int:
        return 1


class _PullFn(beam.DoFn):
    RESTRICTION = beam.DoFn.RestrictionParam(_Pullers())
    WATERMARK = beam.DoFn.WatermarkEstimatorParam(WalltimeWatermarkEstimator.default_provider())

    def __init__(self, open_queue: Callable[[], MessageQueue]) -> None:
        self._open_queue, self._shared = open_queue, Shared()

    def setup(self) -> None:
        self._desk = self._shared.acquire(lambda: _Desk(self._open_queue()))

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _pullers: int,
        finalizer: Any = beam.DoFn.BundleFinalizerParam,  # called, it would do nothing
        tracker: Any = RESTRICTION,
        _watermark: Any = WATERMARK,
    ) -> Iterator[TimestampedValue]:
        yield from _pull(self._desk, tracker, finalizer)


def _pull(desk: _Desk, tracker: RestrictionTrackerView, finalizer: Any) -> Iterator[Any]:
    """The messages of one pass."""
    position = tracker.current_restriction().start
    puller = position // _COUNTED
    durable, claimed, pause = desk.take_finalized(puller), list[str](), 0
    try:
        for received in _passing(desk.queue):
            for n, each in enumerate(received):
                if not tracker.try_claim(position):
                    desk.queue.release([r.ack_id for r in received[n:]])
                    return
                position += 1
                claimed.append(each.ack_id)
                yield TimestampedValue(each.message, each.message.published_at)
    except QueueError as error:
        _LOG.warning("no messages: %s", error)
        pause = _PAUSE_SECONDS
    finally:
        finalizer.register(functools.partial(desk.finalize, puller, durable, claimed))
    tracker.defer_remainder(Duration(pause))


def _passing(queue: MessageQueue) -> Iterator[Sequence[ReceivedMessage]]:
    """What is pulled in one pass: until it has been long, or brought enough, or nothing."""
    room, end, has_begun = _BATCH, time.monotonic() + _WAIT_SECONDS, False
    while room > 0:
        received = queue.pull(room, max(_LEAST_WAIT_SECONDS, end - time.monotonic()))
        if received:
            end = end if has_begun else time.monotonic() + _PASS_SECONDS
            has_begun = True
            room -= len(received)
            yield received
        if end - time.monotonic() <= _LEAST_WAIT_SECONDS:
            return
        if not received:  # the server was less patient
            time.sleep(_LEAST_WAIT_SECONDS)


class PullMessages(beam.PTransform[PBegin, beam.PCollection[QueueMessage]]):
    """Pull messages, and acknowledge each only when a checkpoint holds all that came of it.

    Each has the time when it was published, and the watermark is the clock's: what is old is
    late, which only windows would mind.
    """

    def __init__(self, open_queue: Callable[[], MessageQueue], *, pullers: int = 1) -> None:
        super().__init__()
        self._fn, self._pullers = _PullFn(open_queue), pullers

    def expand(self, begin: PBegin) -> beam.PCollection[QueueMessage]:
        return (
            begin
            | "Pullers" >> beam.Create([self._pullers], reshuffle=False)
            | "PullMessages" >> beam.ParDo(self._fn).with_output_types(QueueMessage)
        )
