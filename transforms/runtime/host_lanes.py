"""A pool in which what waits for its turn holds no thread."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

#: Requests begun for one host at a time: as many as the fetcher's pace lets through at once.
HOST_WIDTH = 2

_Call = tuple["Future[Any]", Callable[[], Any]]


class LanedExecutor(Executor):
    """Runs one-argument calls in a pool, at most ``width`` of one lane at a time.

    ``lane_of`` names the lane of an argument; "" is no lane, and waits for nobody. A host is
    asked two at a time whatever happens: were the threads to wait for it themselves, a site
    with sixty new pages would hold them all, and every other site with them.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> lanes = LanedExecutor(ThreadPoolExecutor(4), lambda url: url[0], width=1)
    >>> [lanes.submit(str.upper, url).result() for url in ("a1", "a2", "b1")]
    ['A1', 'A2', 'B1']
    >>> lanes.shutdown()
    """

    def __init__(self, pool: Executor, lane_of: Callable[[Any], str], *, width: int) -> None:
        self._pool, self._lane_of, self._width = pool, lane_of, width
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, deque[_Call]] = defaultdict(deque)
        self._running: defaultdict[str, int] = defaultdict(int)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of ``fn(argument)``, begun when its lane has room."""
        (argument,) = args
        lane = self._lane_of(argument)
        if not lane:
            return self._pool.submit(fn, argument, **kwargs)
        future: Future[Any] = Future()
        with self._lock:
            self._waiting[lane].append((future, lambda: fn(argument, **kwargs)))
            self._begin(lane)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut the pool down; what waits for its lane never begins."""
        with self._lock:
            for waiting in self._waiting.values():
                for future, _ in waiting:
                    future.cancel()
            self._waiting.clear()
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _begin(self, lane: str) -> None:
        """Start what the lane has room for; the lock is held."""
        waiting = self._waiting[lane]
        while waiting and self._running[lane] < self._width:
            self._running[lane] += 1
            self._pool.submit(self._run, lane, *waiting.popleft())
        if not waiting:
            del self._waiting[lane]

    def _run(self, lane: str, future: Future[Any], call: Callable[[], Any]) -> None:
        try:
            if future.set_running_or_notify_cancel():
                future.set_result(call())
        except BaseException as error:  # raised where the result is asked for
            future.set_exception(error)
        finally:
            with self._lock:
                self._running[lane] -= 1
                self._begin_next(lane)

    def _begin_next(self, lane: str) -> None:
        if self._waiting.get(lane):
            self._begin(lane)
        elif not self._running[lane]:
            del self._running[lane]
