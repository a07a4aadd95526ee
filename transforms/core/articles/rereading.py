"""When a page is read again by a plan, whatever its feed says.

Pages begin as stubs, are corrected, and are hidden by walls that come and go. Each of these is
read again while it is young, after intervals that widen, and a limited number of times.
"""

from __future__ import annotations

from schemas.outcome import Reason

#: Seconds from each reading to the next: the next run, a quarter of an hour, two hours, a day.
REREADING_WAITS_SECONDS = (0, 900, 7_200, 86_400)
#: Robot checks come and go, paywalls stay.
_GATED_WAITS = REREADING_WAITS_SECONDS[:2]
#: The page held something else than an article, or too little of one.
_MAY_FILL: frozenset[Reason] = frozenset({"not_found", "needs_script", "too_short"})
#: The page is as it was: a plan that has begun goes on.
_SAME: frozenset[Reason] = frozenset({"unchanged", "already_read"})


def seconds_to_next(
    reason: Reason | None,
    readings: int,
    *,
    is_provisional: bool = False,
    is_alerted: bool = False,
    is_planned: bool = False,
) -> int | None:
    """The wait from a reading of a page to the next one; None if there is to be no other.

    Args:
        reason: why the page was not read on; None for an article.
        readings: the planned readings that it had.
        is_provisional: whether the article seems to be the beginning of one.
        is_alerted: whether it alerted, so that a correction matters.
        is_planned: whether this reading was a planned one.

    >>> [seconds_to_next("too_short", readings) for readings in range(5)]
    [0, 900, 7200, 86400, None]
    >>> seconds_to_next(None, 0, is_alerted=True), seconds_to_next(None, 0)
    (900, None)
    """
    waits = _GATED_WAITS if reason == "gated" else REREADING_WAITS_SECONDS
    is_open = is_provisional or reason == "gated" or reason in _MAY_FILL
    if not is_open and is_alerted:
        readings = max(1, readings)
    is_open = is_open or is_alerted or (is_planned and reason in _SAME)
    return waits[readings] if is_open and readings < len(waits) else None
