"""How often one host is asked: a gap between starts, a few at once, silence on request, and
rest for one that does not answer.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from schemas.errors import FetchError

#: Requests to one host at once: Media Cloud's limit.
MAX_PARALLEL = 2

#: After so many requests in a row that got no answer, a host is not asked for a while. Each of
#: them may have held a thread for the whole time limit, and sixty pages of a dead site would
#: hold the run for many minutes. A circuit breaker, as in Nygard's "Release It!".
_SILENT_TIMES = 3
_REST_SECONDS = 600.0
_IS_SILENCE = frozenset({"timeout", "unreachable"})


class _Host:
    """When one host may be asked; guarded by the pace's lock, but for the semaphore."""

    def __init__(self, max_parallel: int, gap_seconds: float) -> None:
        self.slots = threading.BoundedSemaphore(max_parallel)
        self.gap_seconds = gap_seconds
        self.next_start = 0.0
        self.silent_times = 0
        self.rests_until = 0.0


class HostPace:
    """Keeps requests to each host apart, while other hosts go on.

    One second between starts is fundus' delay.
    """

    def __init__(
        self,
        gap_seconds: float = 1.0,
        max_parallel: int = MAX_PARALLEL,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_seconds = gap_seconds
        self._max_parallel = max_parallel
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        self._busy_until: dict[str, float] = {}  # by domain

    @contextlib.contextmanager
    def turn(self, host: str, url: str, domain: str) -> Iterator[None]:
        """Wait for this host's next turn and hold one of its slots inside the block.

        Raises:
            FetchError: "http_busy" at once, while the domain has asked to be left alone;
                "unreachable" at once, while the host rests because it did not answer.
        """
        state = self._host(host)
        with state.slots:
            self._wait_for_start(state, url, domain)
            try:
                yield
            except FetchError as error:
                self._note(state, is_silent=error.reason in _IS_SILENCE)
                raise
            self._note(state, is_silent=False)

    def leave_alone(self, domain: str, seconds: float) -> None:
        """Send nothing more to this domain for so long, as it asked by Retry-After.

        A host is too small a scope for sites that spread over hosts, and larger than a
        domain there is none (FreshRSS #7870, #8925).
        """
        with self._lock:
            until = self._clock() + seconds
            self._busy_until[domain] = max(self._busy_until.get(domain, 0.0), until)

    def slow_down(self, host: str, gap_seconds: float) -> None:
        """Leave at least so long between two starts on this host from now on."""
        state = self._host(host)
        with self._lock:
            state.gap_seconds = max(state.gap_seconds, gap_seconds)

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host(self._max_parallel, self._gap_seconds))

    def _note(self, state: _Host, *, is_silent: bool) -> None:
        with self._lock:
            state.silent_times = state.silent_times + 1 if is_silent else 0
            if state.silent_times >= _SILENT_TIMES:
                state.rests_until = self._clock() + _REST_SECONDS

    def _wait_for_start(self, state: _Host, url: str, domain: str) -> None:
        with self._lock:
            now = self._clock()
            if now < state.rests_until:
                detail = f"not asked: its host gave no answer {state.silent_times} times in a row"
                raise FetchError("unreachable", url, detail)
            start = max(now, state.next_start)
            wait = self._busy_until.get(domain, 0.0) - start
            if wait > 0:
                raise FetchError(
                    "http_busy", url, "its domain asked to come back later", max(1, round(wait))
                )
            state.next_start = start + state.gap_seconds
        if start > now:
            self._sleep(start - now)
