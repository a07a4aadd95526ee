"""Work on the next elements while the results of earlier ones are awaited."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Generic, TypeVar

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
