"""A pool of processes that outlives the death of any of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from schemas.errors import ParleyError


class WorkerDiedError(ParleyError):
    """The process died of the element, twice: memory ran out, or a library crashed."""

    def __init__(self) -> None:
        super().__init__("the worker process died of it, twice; is there enough memory?")


class SteadyPool(Executor):
    """Runs one-argument calls in processes; a call whose process dies is tried once more.

    When a process dies, the standard library's pool fails every call in flight, the guilty and
    the innocent. Here each of them is run again, one at a time, in a process apart; one that
    kills that process as well is guilty, and its result is ``when_died(argument, error)``.
    ``open_pool`` opens a pool with so many processes.
    """

    def __init__(
        self,
        open_pool: Callable[[int], Executor],
        size: int,
        when_died: Callable[[Any, Exception], Any],
    ) -> None:
        self._open_pool, self._size, self._when_died = open_pool, size, when_died
        self._pool = open_pool(size)
        self._apart: Executor | None = None
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._is_closed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of ``fn(argument)``."""
        (argument,) = args
        future: Future[Any] = Future()
        inner = self._submit(fn, argument)
        inner.add_done_callback(lambda done: self._ended(done, future, fn, argument))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut all processes down."""
        with self._lock:
            self._is_closed = True
            pools = [pool for pool in (self._pool, self._apart) if pool is not None]
        for pool in pools:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _submit(self, fn: Callable[..., Any], argument: Any) -> Future[Any]:
        with self._lock:
            try:
                return self._pool.submit(fn, argument)
            except BrokenProcessPool:
                self._pool = self._open_pool(self._size)
                return self._pool.submit(fn, argument)

    def _ended(
        self, inner: Future[Any], future: Future[Any], fn: Callable[..., Any], argument: Any
    ) -> None:
        if inner.cancelled():
            future.cancel()
        elif not isinstance(inner.exception(), BrokenProcessPool):
            _hand_on(inner, future)
        else:  # in a thread: this one still ends the other calls of the broken pool
            again = threading.Thread(target=self._again, args=(future, fn, argument), daemon=True)
            again.start()

    def _again(self, future: Future[Any], fn: Callable[..., Any], argument: Any) -> None:
        with self._turn:
            try:
                inner = self._submit_apart(fn, argument)
                if not isinstance(inner.exception(), BrokenProcessPool):
                    _hand_on(inner, future)
                    return
            except RuntimeError:  # the pool was closed meanwhile
                future.cancel()
                return
        future.set_result(self._when_died(argument, WorkerDiedError()))

    def _submit_apart(self, fn: Callable[..., Any], argument: Any) -> Future[Any]:
        """The call in the process apart; a new one, should it have died of itself."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the pool is closed")
            self._apart = self._apart or self._open_pool(1)
            try:
                return self._apart.submit(fn, argument)
            except BrokenProcessPool:
                self._apart = self._open_pool(1)
                return self._apart.submit(fn, argument)


def _hand_on(done: Future[Any], future: Future[Any]) -> None:
    error = done.exception()
    if error is None:
        future.set_result(done.result())
    else:
        future.set_exception(error)
