"""Overlapping work inside a DoFn: the in-process runner handles one element at a time."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.windowed_value import WindowedValue

from transforms.runtime.outcomes import OutcomeFn
from transforms.runtime.read_ahead import ReadAhead


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
