"""How often one host is asked: a gap between starts, a few at once, and silence on request."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from schemas.errors import FetchError


class _Host:
    """What is known of one host; guarded by the pace's lock, but for the semaphore."""

    def __init__(self, max_parallel: int) -> None:
        self.slots = threading.BoundedSemaphore(max_parallel)
        self.next_start = 0.0
        self.busy_until = 0.0


class HostPace:
    """Keeps requests to each host apart, while other hosts go on.

    Defaults: one second between starts is fundus' delay, two at once Media Cloud's limit.
    """

    def __init__(
        self,
        gap_seconds: float = 1.0,
        max_parallel: int = 2,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_seconds = gap_seconds
        self._max_parallel = max_parallel
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextlib.contextmanager
    def turn(self, host: str, url: str) -> Iterator[None]:
        """Wait for this host's next turn and hold one of its slots inside the block.

        Raises:
            FetchError: "http_busy" at once, while the host has asked to be left alone.
        """
        with self._lock:
            state = self._hosts.setdefault(host, _Host(self._max_parallel))
        with state.slots:
            self._wait_for_start(state, url)
            yield

    def leave_alone(self, host: str, seconds: float) -> None:
        """Send nothing more to this host for so long, as it asked by Retry-After."""
        with self._lock:
            state = self._hosts.setdefault(host, _Host(self._max_parallel))
            state.busy_until = max(state.busy_until, self._clock() + seconds)

    def _wait_for_start(self, state: _Host, url: str) -> None:
        with self._lock:
            now = self._clock()
            start = max(now, state.next_start)
            wait = state.busy_until - start
            if wait > 0:
                raise FetchError(
                    "http_busy", url, "its host asked to come back later", max(1, round(wait))
                )
            state.next_start = start + self._gap_seconds
        if start > now:
            self._sleep(start - now)
