"""When a feed is asked next.

Theory of operation: what a feed says of itself (ttl, headers, sy:*, skipHours, skipDays) and what
a server asks (Retry-After) are lower bounds. Above them each feed finds its own rhythm by Media
Cloud's rule, the one rule among open readers that keeps two polls overlapping: a poll that lists
mostly known entries makes the interval longer, one that lists mostly new ones makes it shorter,
and one that knows nothing of the list is counted as an overrun, for entries were probably lost
between the two. Media Cloud archives, and lets an interval grow to a day; Parley alerts, and
keeps to an hour while a feed is alive. Whatever happens, a feed is asked once a day: "a
surprising number of feeds come back from what looks like death" (rss-fetcher).

Knows no clock: times come with the polls.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from schemas.base import Instant
from schemas.feed import FeedPoll, FeedState
from schemas.ids import hash_of

MINUTE, HOUR, DAY = 60, 3600, 86400

#: Before the rhythm is known.
FIRST_INTERVAL_SECONDS = 30 * MINUTE
#: miniflux's lower limit.
MIN_INTERVAL_SECONDS = 5 * MINUTE
#: How late the first entry after a pause may be: the default interval of miniflux and reader.
MAX_INTERVAL_SECONDS = HOUR
#: No wait of any kind is longer: all readers' upper limit.
MAX_WAIT_SECONDS = DAY

#: Media Cloud (rss-fetcher, fetcher/config.py): the shares of known entries between which an
#: interval is right, the steps by which it grows, how many polls in its rhythm it takes to
#: judge it, how far from its time a poll still counts, and when a feed counts as silent.
_MOSTLY_KNOWN, _MOSTLY_NEW = 0.67, 0.33
_STEP_SECONDS, _SILENT_STEP_SECONDS = 10 * MINUTE, HOUR
_POLLS_TO_JUDGE = 2
_ON_TIME_SECONDS = 20 * MINUTE
SILENT_AFTER_SECONDS = 31 * DAY

#: Feeds of one rhythm drift apart by up to this share of it.
_JITTER = 0.1
#: Those that were told to come back at one time come back within so long after it.
_MAX_SPREAD_SECONDS = HOUR

#: A run that starts so much early asks nevertheless: cron knows minutes, not seconds.
_EARLY_SECONDS = 60

_NO_RETRY = 410


def is_ahead(at: Instant | None, now: Instant) -> bool:
    """Reports if a planned time lies ahead, no further than this module plans.

    What is further off was set by a clock that ran ahead.

    >>> is_ahead(Instant(600), Instant(0)), is_ahead(Instant(400 * DAY), Instant(0))
    (True, False)
    """
    return at is not None and 0 < _seconds(now, at) <= MAX_WAIT_SECONDS * (1 + _JITTER)


def is_due(state: FeedState, now: Instant) -> bool:
    """Reports if a scheduled run asks this feed; one that was never polled is due.

    >>> waits = FeedState("https://a.example/rss", next_poll_at=Instant(600))
    >>> is_due(waits, Instant(500)), is_due(waits, Instant(600))
    (False, True)
    """
    if state.is_muted:
        return False
    return not is_ahead(state.next_poll_at, _later(now, _EARLY_SECONDS))


def next_poll_at(before: FeedState, after: FeedState, poll: FeedPoll) -> Instant | None:
    """When to ask again, after a poll that brought the feed from one state to the other.

    None means the next run: the first failure after a success costs no wait, for it is gone
    by then more often than not. From the second on the waits grow by one interval each.
    """
    interval = after.interval_seconds or FIRST_INTERVAL_SECONDS
    if poll.status == "failed":
        if poll.http_status == _NO_RETRY:
            return None
        if poll.reason == "http_busy":
            wait = max(interval * after.failures, poll.retry_after_seconds)
            wait = min(wait, MAX_WAIT_SECONDS)
            return _later(poll.polled_at, wait + _spread(after.url, min(wait, _MAX_SPREAD_SECONDS)))
        if after.failures == 1:
            return None
        wait = interval * (after.failures - 1)
    else:
        wait = max(interval, after.hint_seconds, poll.fresh_seconds)
    wait = min(wait, MAX_WAIT_SECONDS)
    at = _later(poll.polled_at, wait + _spread(after.url, _JITTER * wait))
    return _past_silence(at, after.skip_hours, after.skip_days, poll.polled_at)


def interval_after(before: FeedState, poll: FeedPoll, known: int) -> tuple[int, int]:
    """The rhythm after a successful poll, and how many polls in rhythm stand behind it.

    ``known`` is how many of the listed entries an earlier poll had listed, too. A poll that
    came early or late by more than 20 minutes tells nothing about the rhythm.
    """
    interval = before.interval_seconds or FIRST_INTERVAL_SECONDS
    if before.next_poll_at is None:
        return interval, before.on_time
    if abs(_seconds(before.next_poll_at, poll.polled_at)) > _ON_TIME_SECONDS:
        return interval, before.on_time
    share = known / len(poll.entries) if poll.entries else 1.0
    if is_overrun(before, poll, known):
        return _bounded(interval // 2, MAX_INTERVAL_SECONDS), 0
    if before.on_time + 1 < _POLLS_TO_JUDGE:
        return interval, before.on_time + 1
    if share < _MOSTLY_NEW:
        return _bounded(interval // 2, MAX_INTERVAL_SECONDS), 0
    if share < _MOSTLY_KNOWN:
        return interval, 0
    if is_silent(before, poll.polled_at):
        return _bounded(interval + _SILENT_STEP_SECONDS, MAX_WAIT_SECONDS), 0
    return _bounded(interval + _STEP_SECONDS, MAX_INTERVAL_SECONDS), 0


def is_overrun(before: FeedState, poll: FeedPoll, known: int) -> bool:
    """Whether nothing that is listed was known, though the feed had been read before: the
    list turned over wholly between two polls.
    """
    return poll.status == "changed" and bool(before.body_hash and poll.entries) and known == 0


def is_silent(state: FeedState, now: Instant) -> bool:
    """Whether the feed has listed nothing new for a month."""
    return state.new_at is not None and _seconds(state.new_at, now) > SILENT_AFTER_SECONDS


def _bounded(seconds: int, upper: int) -> int:
    return max(MIN_INTERVAL_SECONDS, min(seconds, upper))


def _spread(url: str, most: float) -> int:
    """Seconds up to ``most``, always the same for one feed, evenly spread over all."""
    return int(most * int(hash_of(url)[:8], 16) / 2**32)


def _past_silence(
    at: Instant, hours: Collection[int], days: Collection[int], polled_at: Instant
) -> Instant:
    """``at``, or the first full hour after it in which the feed may change; a day later at
    most, for a feed may name all hours, or all days.
    """
    latest = _later(polled_at, MAX_WAIT_SECONDS)
    moment = at.to_utc_datetime()
    while moment.hour in hours or moment.weekday() in days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if _timestamp(moment) >= latest:
            return max(at, latest)
    return _timestamp(moment)


def _timestamp(moment: datetime) -> Instant:
    return Instant(micros=round(moment.timestamp() * 1e6))


def _later(at: Instant, seconds: float) -> Instant:
    return Instant(micros=at.micros + int(seconds * 1_000_000))


def _seconds(start: Instant, end: Instant) -> float:
    return float(end.micros - start.micros) / 1e6
