"""Clocks of subscriptions: when a digest is due, when it is quiet, when a day begins."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from schemas.base import Instant
from schemas.subscription import Digest, QuietHours

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def digest_at(since: Instant, digest: Digest, timezone: str) -> Instant:
    """The first time of the digest after ``since``.

    In a night that clocks go forward, a time that is skipped counts from before the change;
    one that comes twice counts the first time.

    >>> evening = Instant.from_rfc3339("2025-11-22T18:00:00Z")
    >>> digest_at(evening, Digest("day", 7 * 60), "Europe/Kyiv").to_rfc3339()
    '2025-11-23T05:00:00Z'
    >>> digest_at(evening, Digest("monday", 7 * 60), "UTC").to_rfc3339()
    '2025-11-24T07:00:00Z'
    """
    zone = ZoneInfo(timezone)
    day = _local(since, timezone).date()
    for ahead in range(9):
        date = day + datetime.timedelta(days=ahead)
        due = _instant(date, digest.at_minutes, zone)
        if due > since and digest.every in ("day", _DAYS[date.weekday()]):
            return due
    raise AssertionError("every weekday comes within eight days")


def is_quiet(at: Instant, quiet: QuietHours | None, timezone: str) -> bool:
    """Whether ``at`` is in the quiet hours.

    >>> night = QuietHours(22 * 60, 7 * 60)
    >>> is_quiet(Instant(0), night, "UTC"), is_quiet(Instant(7 * 3600), night, "UTC")
    (True, False)
    """
    if quiet is None:
        return False
    local = _local(at, timezone)
    minute = local.hour * 60 + local.minute
    if quiet.start_minutes <= quiet.end_minutes:
        return quiet.start_minutes <= minute < quiet.end_minutes
    return minute >= quiet.start_minutes or minute < quiet.end_minutes


def quiet_ends(at: Instant, quiet: QuietHours, timezone: str) -> Instant:
    """The end of the quiet hours that ``at`` is in.

    Where clocks go forward over the end, that is when the skipped time would have been.

    >>> night = QuietHours(22 * 60, 7 * 60)
    >>> quiet_ends(Instant(23 * 3600), night, "UTC").to_rfc3339()
    '1970-01-02T07:00:00Z'
    """
    zone, day = ZoneInfo(timezone), _local(at, timezone).date()
    ends = [
        _instant(day + datetime.timedelta(days=ahead), quiet.end_minutes, zone, fold)
        for ahead in range(3)
        for fold in (0, 1)
    ]
    return min(end for end in ends if end > at and not is_quiet(end, quiet, timezone))


def day_begins(at: Instant, timezone: str, days_ahead: int = 0) -> Instant:
    """The midnight that began the day of ``at``, or that begins a later one.

    >>> day_begins(Instant.from_rfc3339("2025-11-22T23:00:00Z"), "Europe/Kyiv").to_rfc3339()
    '2025-11-22T22:00:00Z'
    """
    date = _local(at, timezone).date() + datetime.timedelta(days=days_ahead)
    return _instant(date, 0, ZoneInfo(timezone))


def _local(at: Instant, timezone: str) -> datetime.datetime:
    return at.to_utc_datetime().astimezone(ZoneInfo(timezone))


def _instant(date: datetime.date, minutes: int, zone: ZoneInfo, fold: int = 0) -> Instant:
    time = datetime.time(*divmod(minutes, 60), tzinfo=zone, fold=fold)
    return Instant(int(datetime.datetime.combine(date, time).timestamp()))
