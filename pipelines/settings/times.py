"""Times as people give them on the command line, and as they read them there."""

from __future__ import annotations

import contextlib
import re
from datetime import datetime, timedelta, timezone

from connectors.watchfile.fields import read_duration
from schemas.base import Instant
from schemas.errors import ConfigurationError

_DAY_MICROS = 86_400_000_000


def until(given: str | None) -> Instant | None:
    """The last instant that ``--until`` names: as ``--since``, and of a date the day's last.

    Raises:
        ConfigurationError: it is no time.

    >>> when(until("2025-05-21")), when(until("2025-05-21T12:00"))
    ('2025-05-21 23:59', '2025-05-21 12:00')
    """
    at = since(given, "--until")
    if at is not None and given and re.fullmatch(r"\d{4}-\d\d-\d\d", given):
        return Instant(micros=at.micros + _DAY_MICROS - 1)
    return at


def since(given: str | None, option: str = "--since") -> Instant | None:
    """The instant that ``--since`` names: a date or time (UTC if it has no zone), or an age.

    Raises:
        ConfigurationError: it is neither.
    """
    if not given:
        return None
    if re.fullmatch(r"\d+[a-z]+", given):
        with contextlib.suppress(ValueError):
            age = timedelta(seconds=read_duration(given))
            return Instant.from_utc_datetime(datetime.now(timezone.utc) - age)
    with contextlib.suppress(ValueError):
        at = datetime.fromisoformat(given.replace("Z", "+00:00"))
        at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
        return Instant.from_utc_datetime(at.astimezone(timezone.utc))
    raise ConfigurationError([f"{option}: {given!r} is no time; give 2025-05-21 or 3d"])


def when(at: Instant | None, none: str = "never") -> str:
    """The instant to the minute, in UTC.

    >>> when(Instant(1_748_000_000)), when(None)
    ('2025-05-23 11:33', 'never')
    """
    return at.to_utc_datetime().strftime("%Y-%m-%d %H:%M") if at is not None else none
