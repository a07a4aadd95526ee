"""How seldom a feed asks to be polled: RSS 2.0's ttl, skipHours and skipDays, and the
syndication module's updatePeriod and updateFrequency (web.resource.org/rss/1.0).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemas.feed import FeedHints

#: Longer wishes are cut by all readers; a day is where Media Cloud and miniflux cut.
_MAX_SECONDS = 86400

_PERIODS = {
    "hourly": 3600,
    "daily": 86400,
    "dayly": 86400,  # written so by more than one (rss-fetcher)
    "weekly": 7 * 86400,
    "monthly": 30 * 86400,
    "yearly": 365 * 86400,
}

#: feedparser keeps only the last hour and day; they stand in the channel's head, before items.
_HEAD_BYTES = 64 * 1024
_SKIPPED = re.compile(rb"<skip(hours|days)\b[^>]{0,80}>(.{0,4000}?)</skip\1\s*>", re.I | re.S)
_VALUE = re.compile(rb"<(?:hour|day)\b[^>]{0,80}>\s*(\w{1,9})\s*</")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_hints(channel: Mapping[str, Any], body: bytes) -> FeedHints:
    """What a feed says of itself, as feedparser read its channel, and in its bytes.

    >>> body = b"<skipHours><hour>0</hour><hour>24</hour></skipHours>"
    >>> read_hints({"ttl": "30", "sy_updateperiod": "hourly", "sy_updatefrequency": "4"}, body)
    FeedHints(interval_seconds=1800, skip_hours=(0,), skip_days=())
    """
    hours, days = _skipped(body[:_HEAD_BYTES])
    interval = max(_ttl(channel), _update_interval(channel))
    return FeedHints(min(interval, _MAX_SECONDS), tuple(sorted(hours)), tuple(sorted(days)))


def _ttl(channel: Mapping[str, Any]) -> int:
    """Seconds of the ttl, which is in minutes."""
    return round(60 * _number(channel.get("ttl")))


def _update_interval(channel: Mapping[str, Any]) -> int:
    """Seconds between updates; 0 for "always" and other periods that the module does not know."""
    period = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0)
    frequency = _number(channel.get("sy_updatefrequency")) or 1.0
    return round(min(period / frequency, _MAX_SECONDS))


def _number(value: Any) -> float:
    text = str(value or "").strip()
    return float(text) if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text, re.ASCII) else 0.0


def _skipped(head: bytes) -> tuple[set[int], set[int]]:
    hours: set[int] = set()
    days: set[int] = set()
    for match in _SKIPPED.finditer(head):
        for value in _VALUE.findall(match[2]):
            word = value.decode("ascii", "replace").lower()
            if match[1].lower() == b"hours" and word.isdigit():
                hours.add(int(word) % 24)  # both 0 and 24 are in use for midnight
            elif word in _DAYS:
                days.add(_DAYS.index(word))
    return hours, days
