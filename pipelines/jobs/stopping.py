"""Ending when asked to, with what is in hand finished; and going on until then."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

from schemas.errors import ParleyError

_LOG = logging.getLogger("parley")
#: How long a failure is waited for at least and at most, doubling.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 60.0


class Stopping:
    """Notices SIGTERM and SIGINT, and does nothing else about the first; a second one of a kind
    does what it did before.

    The handler sets a flag and writes to a pipe: an Event's lock may be held by the very code
    that the signal interrupts.
    """

    def __enter__(self) -> Stopping:
        self.is_asked = False
        self._heard, self._mouth = os.pipe()
        self._before: dict[int, Any] = {
            number: signal.signal(number, self._ask) for number in (signal.SIGTERM, signal.SIGINT)
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._heard)
        os.close(self._mouth)

    def wait(self, seconds: float) -> None:
        """Wait so long, or until asked to stop."""
        if not self.is_asked:
            select.select([self._heard], [], [], max(0.0, seconds))

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        self.is_asked = True
        signal.signal(number, self._before[number])
        os.write(self._mouth, b".")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Ctrl-C is for this process: programs that are started meanwhile do not hear of it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def until_stopped(
    work: Callable[[], float], stopping: Stopping, failed: Callable[[], None] = lambda: None
) -> None:
    """Do the work again and again; it says after how many seconds. An error is told, waited for
    and tried again: an archive that is locked, a database or a network that is away.
    """
    pause = _FIRST_PAUSE_SECONDS
    while not stopping.is_asked:
        try:
            rest = work()
        except Exception as error:
            is_foreseen = isinstance(error, ParleyError)
            what = str(error) if is_foreseen else f"{type(error).__name__}: {error}"
            _LOG.error("%s; again in %.0f s", what, pause, exc_info=not is_foreseen)
            failed()
            rest, pause = pause, min(2 * pause, _LONGEST_PAUSE_SECONDS)
        else:
            pause = _FIRST_PAUSE_SECONDS
        stopping.wait(rest)
