"""How long a watch may be silent before that is worth a word."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from schemas.base import Instant

#: Alerts within so long of one another are one time at which the watch spoke: a run that reads
#: a backlog raises many at once, which says nothing about its rhythm.
_BURST_SECONDS = 3600
#: Below so many silences the rhythm is not known.
_FEWEST_SILENCES = 5
#: The rhythm is that of the latest silences: talks flare up and die down.
_LATEST_SILENCES = 20
#: A silence this much longer than the longest of them is unlike the watch. Were alerts raised
#: by pure chance, one silence in some two hundred would be so long; a guess beyond that.
_SLACK = 1.5
#: Nobody wants to hear of a quiet night.
_SHORTEST_SECONDS = 86400


def longest_silence(alerted: Iterable[Instant]) -> float | None:
    """The longest of the latest silences between alerts, in seconds; None for too few.

    >>> day = 86400
    >>> longest_silence(Instant(n * day) for n in (0, 1, 2, 4, 5, 6))
    172800.0
    >>> longest_silence(Instant(n) for n in range(50)) is None
    True
    """
    spoke: list[Instant] = []
    for at in sorted(alerted):
        if not spoke or at - spoke[-1] > _BURST_SECONDS:
            spoke.append(at)
    silences = [float(b - a) for a, b in itertools.pairwise(spoke)]
    latest = silences[-_LATEST_SILENCES:]
    return max(latest) if len(latest) >= _FEWEST_SILENCES else None


def is_quiet_watch(last: Instant, longest: float, now: Instant) -> bool:
    """Whether the silence since the last alert is out of the watch's rhythm.

    >>> [is_quiet_watch(Instant(0), 86400.0, Instant(h * 3600)) for h in (35, 37)]
    [False, True]
    """
    return float(now - last) > max(_SHORTEST_SECONDS, _SLACK * longest)
