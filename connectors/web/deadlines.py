"""A deadline for a whole answer, which socket timeouts are not.

A socket's timeout starts anew with every byte: a server that sends one byte every few seconds
holds a reader for hours, in the TLS handshake, the headers or the body. Here one thread
watches all requests of a fetcher and shuts down the socket of any that is overdue, which
ends whatever call waits on it. Resolving a name cannot be ended so: it is done in a thread of
its own, which is left behind when the time is over.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

from urllib3.connection import HTTPConnection, HTTPSConnection

_T = TypeVar("_T")

_current = threading.local()  # the Deadline of the request that this thread makes


class Deadline:
    """One request, from connecting to the last byte."""

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.is_overdue = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._duplicates: list[socket.socket] = []

    def take(self, sock: socket.socket) -> None:
        """Shut this socket down, too, when the time is over."""
        with self._lock:
            self._sockets.append(sock)

    def take_duplicate(self, sock: socket.socket) -> None:
        """Like take, for a socket whose descriptor TLS is about to move elsewhere."""
        duplicate = sock.dup()
        self.take(duplicate)
        self._duplicates.append(duplicate)

    def expire(self) -> None:
        """Shut down what is still open; whoever waits on it gets an error or an end."""
        with self._lock:
            self.is_overdue = True
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    # Not sock.shutdown: on TLS that also drops the reader's state.
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def release(self) -> None:
        """Forget the sockets: they may serve another request now."""
        with self._lock:
            self._sockets.clear()
            for duplicate in self._duplicates:
                duplicate.close()


class DeadlineWatcher:
    """The one thread that ends overdue requests; started by the first request."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._under_way: set[Deadline] = set()
        self._thread: threading.Thread | None = None
        self._wakes_at = float("inf")

    @contextlib.contextmanager
    def watching(self, seconds: float) -> Iterator[Deadline]:
        """Give what this thread does over HTTP inside the block so many seconds."""
        deadline = Deadline(time.monotonic() + seconds)
        with self._condition:
            self._under_way.add(deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif deadline.ends_at < self._wakes_at:
                self._condition.notify()
        _current.deadline = deadline
        try:
            yield deadline
        finally:
            _current.deadline = None
            with self._condition:
                self._under_way.discard(deadline)
            deadline.release()

    def close(self) -> None:
        """End the thread once it wakes, and with it the requests that are under way."""
        with self._condition:
            thread, self._thread = self._thread, None
            under_way, self._under_way = self._under_way, set()
            for deadline in under_way:
                deadline.expire()
            self._condition.notify()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        me = threading.current_thread()
        with self._condition:
            while self._thread is me:
                now = time.monotonic()
                overdue = [deadline for deadline in self._under_way if deadline.ends_at <= now]
                for deadline in overdue:
                    self._under_way.discard(deadline)
                    deadline.expire()
                # All requests of a fetcher have one length, so a later one is hardly ever
                # due earlier: the thread sleeps through most requests.
                self._wakes_at = min(
                    (deadline.ends_at for deadline in self._under_way), default=float("inf")
                )
                is_idle = self._wakes_at == float("inf")
                self._condition.wait(None if is_idle else max(0.0, self._wakes_at - now))


def in_time(work: Callable[[], _T]) -> _T:
    """What ``work`` returns, as long as the request of this thread has time.

    Raises:
        TimeoutError: it has none left; the work goes on by itself, and is forgotten.
    """
    deadline: Deadline | None = getattr(_current, "deadline", None)
    if deadline is None:
        return work()
    done: Future[_T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # raised where it is waited for
            done.set_exception(error)

    threading.Thread(target=run, name="resolving", daemon=True).start()
    try:
        return done.result(max(0.0, deadline.ends_at - time.monotonic()))
    except FutureTimeoutError as error:
        raise TimeoutError from error


class WatchedHTTPConnection(HTTPConnection):
    """Hands its socket to the deadline of the thread's request."""

    def getresponse(self) -> Any:
        """Read the status and headers, under the deadline."""
        _watch_socket(self.sock)
        return super().getresponse()


class WatchedHTTPSConnection(HTTPSConnection):
    """The same, from the TLS handshake on."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        deadline: Deadline | None = getattr(_current, "deadline", None)
        if deadline is not None:
            deadline.take_duplicate(sock)
        return sock

    def getresponse(self) -> Any:
        """Read the status and headers, under the deadline."""
        _watch_socket(self.sock)
        return super().getresponse()


def _watch_socket(sock: socket.socket | None) -> None:
    deadline: Deadline | None = getattr(_current, "deadline", None)
    if deadline is not None and sock is not None:
        deadline.take(sock)
