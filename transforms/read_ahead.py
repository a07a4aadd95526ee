"""Overlapping waits inside a DoFn: the in-process runner handles one element at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class ReadAhead(Generic[In, Out]):
    """Runs a blocking function over elements in a bounded pool of threads.

    ``submit`` waits only when ``limit`` elements are in flight; results come back in the
    order of submission, except that a slow element lets the finished ones behind it pass.

    >>> pool = ReadAhead(str.upper, threads=2, limit=2)
    >>> [result for word in ("a", "b", "c") for result in pool.submit(word)] + list(pool.drain())
    ['A', 'B', 'C']
    >>> pool.close()
    """

    def __init__(self, function: Callable[[In], Out], *, threads: int, limit: int) -> None:
        self._function = function
        self._limit = limit
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read-ahead")
        self._waiting: deque[Future[Out]] = deque()

    def submit(self, element: In) -> Iterator[Out]:
        """Start on ``element``; yield what is finished, waiting only for room."""
        self._waiting.append(self._pool.submit(self._function, element))
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
        if not self._waiting[0].done():
            wait(self._waiting, return_when=FIRST_COMPLETED)
        first_done = next(future for future in self._waiting if future.done())
        self._waiting.remove(first_done)
        return first_done.result()
