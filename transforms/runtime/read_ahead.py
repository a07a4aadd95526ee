"""Overlapping work inside a DoFn: the in-process runner handles one element at a time."""

from __future__ import annotations

import abc
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any, Generic, TypeVar

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from transforms.runtime.outcomes import OutcomeFn

#: How long an element may hold up those behind it. Most pages take far less than a second.
PATIENCE_SECONDS = 2.0

In = TypeVar("In")
Out = TypeVar("Out")


class ReadAhead(Generic[In, Out]):
    """Runs a function over elements in a pool of threads or processes.

    ``submit`` waits only when ``limit`` elements are in flight. Results come back in the
    order of submission, so that the same input gives the same run; but an element that takes
    longer than ``PATIENCE_SECONDS`` lets the finished ones behind it pass.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> ahead = ReadAhead(str.upper, ThreadPoolExecutor(2), limit=2)
    >>> [result for word in ("a", "b", "c") for result in ahead.submit(word)] + list(ahead.drain())
    ['A', 'B', 'C']
    >>> ahead.close()
    """

    def __init__(self, function: Callable[[In], Out], pool: Executor, *, limit: int) -> None:
        self._function, self._pool, self._limit = function, pool, limit
        self._waiting: deque[Future[Out]] = deque()
        self._begun: dict[Future[Out], float] = {}

    def submit(self, element: In) -> Iterator[Out]:
        """Start on ``element``; yield what is finished, waiting only for room."""
        future = self._pool.submit(self._function, element)
        self._waiting.append(future)
        self._begun[future] = time.monotonic()
        while self._waiting and (len(self._waiting) > self._limit or self._waiting[0].done()):
            yield self._next()

    def drain(self) -> Iterator[Out]:
        """Yield all that is left."""
        while self._waiting:
            yield self._next()

    def close(self) -> None:
        """Stop; what has not begun is forgotten."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _next(self) -> Out:
        head = self._waiting[0]
        patience = self._begun[head] + PATIENCE_SECONDS - time.monotonic()
        if not wait([head], timeout=max(0, patience)).done:
            wait(self._waiting, return_when=FIRST_COMPLETED)
        first_done = next(future for future in self._waiting if future.done())
        self._waiting.remove(first_done)
        del self._begun[first_done]
        return first_done.result()


class ReadAheadFn(OutcomeFn):
    """An OutcomeFn whose work is done in a pool, ahead of the stages behind it.

    Each result comes out in the window of its own element, be it during a later one.
    """

    limit = 1  #: elements in flight; with the size of their results, the bound on memory
    _ahead: ReadAhead[Any, Any] | None = None

    @abc.abstractmethod
    def open_pool(self) -> Executor:
        """The pool for one bundle."""

    @abc.abstractmethod
    def worker(self) -> Callable[[Any], Any]:
        """What the pool runs over an element: it returns a result or an Exception, and
        never raises.
        """

    @abc.abstractmethod
    def measured(self, result: Any) -> Any:
        """Count a result, and give the element to pass on."""

    def start_bundle(self) -> None:
        """Begin with an empty pool."""
        self._ahead = ReadAhead(_WithPlace(self.worker()), self.open_pool(), limit=self.limit)

    def process(
        self,
        element: Any,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        """Hand the element to the pool, and yield what is finished."""
        assert self._ahead is not None  # noqa: S101 -- start_bundle has run
        for done in self._ahead.submit((element, timestamp, window)):
            yield self._output(*done)

    def finish_bundle(self) -> Iterator[Any]:
        """Yield all that is left."""
        assert self._ahead is not None  # noqa: S101 -- start_bundle has run
        for done in self._ahead.drain():
            yield self._output(*done)
        self._ahead.close()

    def stop(self) -> None:
        """Forget what has not begun; after an error no bundle is finished."""
        if self._ahead is not None:
            self._ahead.close()

    def handle(self, element: Any) -> list[Any]:
        """Not used: results come later than their elements."""
        return []

    def ended(self, element: Any, error: Exception) -> TaggedOutput:
        """What becomes of an element whose work ended in an error."""
        return self.failed(element, error)

    def _output(self, element: Any, timestamp: Any, window: Any, result: Any) -> Any:
        if isinstance(result, Exception):
            ended = self.ended(element, result)
            return TaggedOutput(ended.tag, WindowedValue(ended.value, timestamp, [window]))
        return WindowedValue(self.measured(result), timestamp, [window])


class _WithPlace:
    """The worker's function, keeping beside each result the element and its window."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def __call__(self, placed: tuple[Any, Any, Any]) -> tuple[Any, Any, Any, Any]:
        return (*placed, self._function(placed[0]))
