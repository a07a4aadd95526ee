"""What an HTTP status means for a reader: a body, a redirect, or a named failure."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from schemas.errors import FetchError
from schemas.outcome import Reason

#: Statuses that lead elsewhere when they come with a Location (RFC 9110 §15.4).
REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: Those of them that mean it for good.
PERMANENT = frozenset({301, 308})

#: Longer requests to stay away are cut: Media Cloud "saw 88 h once" and does the same.
MAX_RETRY_AFTER_SECONDS = 24 * 3600

#: Statuses that say by themselves what stands before the text. 404 and 410 both mean that
#: there is nothing to wait for; 401, 402, 403 and 451 are walls, and a reader stops there.
_REASONS: dict[int, Reason] = {
    401: "gated",
    402: "gated",
    403: "gated",
    404: "gone",
    410: "gone",
    429: "http_busy",
    451: "gated",
    503: "http_busy",
}


class TransientFetchError(FetchError):
    """A failure that may pass within seconds: worth another attempt in this run."""


#: Server errors that the next attempt often does not meet again.
_TRANSIENT = frozenset({500, 502, 504})


def error_for_status(status: int, url: str, retry_after: str = "") -> FetchError:
    """The failure that a status outside 200 to 299 stands for.

    >>> error_for_status(429, "https://example.org/a", "30").retry_after_seconds
    30
    >>> error_for_status(404, "https://example.org/a").reason
    'gone'
    """
    reason = _REASONS.get(status, "http_error")
    kind = TransientFetchError if status in _TRANSIENT else FetchError
    wait = retry_after_seconds(retry_after) if reason == "http_busy" else 0
    detail = f"status {status}" + (f", come back in {wait} s" if wait else "")
    return kind(reason, url, detail, wait, status)


def retry_after_seconds(value: str, now: datetime | None = None) -> int:
    """Seconds to wait by a Retry-After header, in either form; 0 when it says nothing.

    >>> retry_after_seconds("120"), retry_after_seconds("soon"), retry_after_seconds("9" * 30)
    (120, 0, 86400)
    >>> noon = datetime(2025, 6, 2, 12, tzinfo=timezone.utc)
    >>> retry_after_seconds("Mon, 02 Jun 2025 12:05:00 GMT", noon)
    300
    """
    value = value.strip()[:64]
    if value.isascii() and value.isdigit():
        return min(int(value), MAX_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone.utc)
    seconds = (at - (now or datetime.now(timezone.utc))).total_seconds()
    return max(0, min(round(seconds), MAX_RETRY_AFTER_SECONDS))


def fresh_seconds(cache_control: str, expires: str, date: str) -> int:
    """How long an answer says that it may be kept: max-age, or else from Date to Expires.

    RFC 9111 §4.2.1; 0 when it says nothing, or asks not to be kept.

    >>> fresh_seconds("public, max-age=900", "", ""), fresh_seconds("no-cache, max-age=9", "", "")
    (900, 0)
    >>> fresh_seconds("", "Mon, 02 Jun 2025 12:05:00 GMT", "Mon, 02 Jun 2025 12:00:00 GMT")
    300
    """
    directives = [part.strip().lower() for part in cache_control[:500].split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return 0
    for directive in directives:
        name, _, value = directive.partition("=")
        value = value.strip('"')
        if name == "max-age" and value.isascii() and value.isdigit():
            return min(int(value[:12]), MAX_RETRY_AFTER_SECONDS)
    try:
        start = parsedate_to_datetime(date[:64])
        if start.tzinfo is None:
            start = start.replace(tzinfo=timezone.utc)
        return retry_after_seconds(expires if not expires.strip().isdigit() else "", start)
    except (TypeError, ValueError, OverflowError):
        return 0
