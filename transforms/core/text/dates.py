"""Dates and times in the forms that outlets write them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from dateutil import parser

from schemas.base import Instant

_MAX_CHARS = 80
#: Zones that outlets abbreviate, in hours from UTC; dateutil knows UTC and GMT by itself.
_ZONES = {
    "EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5,
    "JST": 9, "AEST": 10, "AEDT": 11, "UT": 0,
}  # fmt: skip
_LABEL = re.compile(
    r"^\s*(?:first )?(?:published|updated|posted|date|on|at)\b[:\s]*", re.IGNORECASE
)
_SLASHES = re.compile(r"^\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_EPOCH = re.compile(r"^\d{9,10}(?:\d{3})?$")
_SEPARATORS = re.compile(r"\s+(?:at|um|kl\.?|\|)\s+|\s*[·•]\s*")


def stated_instant(value: object, near: Instant | None = None) -> Instant | None:
    """The instant that an outlet's date or time states, in UTC where it names no zone.

    Read are ISO 8601, RFC 822, dates in English words, and seconds or milliseconds since 1970. Of
    a date in slashes whose day and month could change places, the reading counts that lies nearest
    to ``near``, and not after it; without it, the month comes first. None for anything else, and
    for what leaves out the year or the day.

    >>> [str(stated_instant(t)) for t in ("Fri, 20 Nov 2026 10:00:00 GMT", "1795255200")]
    ['Instant(1795168800)', 'Instant(1795255200)']
    >>> stated_instant("November 20, 2026 10:00 am EST") == stated_instant("2026-11-20T15:00:00Z")
    True
    >>> stated_instant("10/11/2026", Instant(1_795_255_200)) == stated_instant("2026-11-10")
    True
    >>> stated_instant("yesterday"), stated_instant("10:30"), stated_instant("May 2026")
    (None, None, None)
    """
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_CHARS:
        return None
    text = _SEPARATORS.sub(" ", _LABEL.sub("", value)).strip()
    if _EPOCH.match(text):
        return Instant(int(text[:10]))
    slashes = _SLASHES.match(text)
    if slashes is None:
        return _parsed(text, day_first=False)
    if near is None:
        return _parsed(text, day_first=int(slashes[1]) > 12)
    return _nearest(text, near)


def _nearest(text: str, near: Instant) -> Instant | None:
    """The reading of a date in slashes that lies nearest to ``near``, and not after it."""
    latest = near + timedelta(days=1).total_seconds()
    both = (_parsed(text, day_first=first) for first in (False, True))
    found = [at for at in both if at is not None]
    return max((at for at in found if at <= latest), default=min(found, default=None))


def _parsed(text: str, *, day_first: bool) -> Instant | None:
    """The instant, if the text states year, month and day."""
    moments = set()
    for filler in (
        datetime(2001, 2, 3, tzinfo=timezone.utc),
        datetime(2008, 5, 9, tzinfo=timezone.utc),
    ):
        try:
            moments.add(parser.parse(text, default=filler, dayfirst=day_first, tzinfos=_offset))
        except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
            return None
    if len(moments) > 1:
        return None  # a part was filled in
    seconds = moments.pop().timestamp()
    return Instant(int(seconds)) if seconds > 0 else None  # 0001-01-01 is a template's zero


def _offset(name: str | None, seconds: int | None) -> timezone:
    """The zone of an abbreviation; UTC for one that nobody knows."""
    if seconds is not None:
        return timezone(timedelta(seconds=max(-86_399, min(seconds, 86_399))))
    return timezone(timedelta(hours=_ZONES.get(name or "", 0)))
