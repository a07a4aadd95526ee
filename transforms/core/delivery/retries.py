"""When a message that did not arrive is tried again, and when no more."""

from __future__ import annotations

from schemas.base import Instant

_MINUTE, _HOUR = 60, 3600
#: Seconds from each attempt to the next: the schedule that Standard Webhooks 1.0.0 recommends
#: ("Deliverability and reliability"); ten attempts in a little over three days.
WAITS_SECONDS = (
    5,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
#: Each wait is lengthened by up to this part of it, so that the receivers of one host, which
#: failed together, are not all tried together; a guess, the standard only asks for jitter.
_JITTER = 0.2
#: No receiver may ask for a longer silence; Media Cloud's rss-fetcher "saw 88 h once".
_LONGEST_SECONDS = 24 * _HOUR


def next_try(
    attempts: int, at: Instant, *, jitter: float, retry_after_seconds: int = 0
) -> Instant | None:
    """When to try again after ``attempts`` that failed, the last ``at``; None: give up.

    ``jitter`` is a random number from 0 to 1. What the receiver asked for counts when it is
    longer than the plan.

    >>> next_try(1, Instant(0), jitter=0)
    Instant(5)
    >>> next_try(2, Instant(0), jitter=0, retry_after_seconds=600)
    Instant(600)
    >>> next_try(10, Instant(0), jitter=0) is None
    True
    """
    if attempts > len(WAITS_SECONDS):
        return None
    wait = max(WAITS_SECONDS[attempts - 1], min(retry_after_seconds, _LONGEST_SECONDS))
    return at + round(wait * (1 + _JITTER * jitter))


def is_retry_due(next_try_at: Instant | None, now: Instant) -> bool:
    """Reports if a failed message may be tried now.

    A time further off than the plan's longest wait was set by a clock that ran ahead, and counts
    as due.

    >>> is_retry_due(Instant(60), Instant(0)), is_retry_due(Instant(400 * 24 * _HOUR), Instant(0))
    (False, True)
    """
    if next_try_at is None:
        return True
    wait = (next_try_at.micros - now.micros) / 1e6
    return not 0 < wait <= _LONGEST_SECONDS * (1 + _JITTER)
