"""Summary of what was read for a digest: tells a quiet week from a broken feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.archive import Archive
from connectors.archive.feeds import FeedHealth
from connectors.formats.humanize import counted, listed, moment
from connectors.formats.sanitizing import clean_line
from schemas.base import Instant
from transforms.core.feeds.rhythm import is_silent

#: Reasons and feeds that are named; the others are counted.
_MOST = 5


def digest_summary(archive: Archive, since: Instant, now: Instant) -> str:
    """Counts the entries seen and read since then, with the reasons why others were not read,
    and names the feeds that fail or are silent now.
    """
    counts = {key: n for key, n in archive.entries.counts(since).items() if key[0] != "pending"}
    read = sum(n for (status, _), n in counts.items() if status == "read")
    entries = counted(sum(counts.values()), "entry", "entries")
    feeds = archive.feeds.health()
    seen = f"{entries} of {counted(len(feeds), 'feed')} looked at, {read} read"
    parts = [f"Since {moment(since)}: {seen}", _unread(counts)]
    failing = [feed for feed in feeds if feed.state.failures]
    silent = [f for f in feeds if not f.state.failures and is_silent(f.state, now)]
    parts += [_named("failing", failing), _named("silent", silent)]
    return "; ".join(filter(None, parts)) + "."


def _unread(counts: Mapping[tuple[str, str], int]) -> str:
    """Why entries were not read, the most frequent reasons first; "" if all were."""
    reasons = sorted(((n, reason) for (_, reason), n in counts.items() if reason), reverse=True)
    why = [f"{n} {reason.replace('_', ' ')}" for n, reason in reasons[:_MOST]]
    return f"not read: {_with_rest(why, len(reasons))}" if why else ""


def _named(what: str, feeds: Sequence[FeedHealth]) -> str:
    """How many feeds are so, and the first of them; "" if none is."""
    names = [clean_line(feed.publisher or feed.state.url) for feed in feeds[:_MOST]]
    many = counted(len(feeds), "feed")
    return f"{many} {what}: {_with_rest(names, len(feeds))}" if feeds else ""


def _with_rest(shown: list[str], total: int) -> str:
    return listed([*shown, f"{total - len(shown)} more"] if total > len(shown) else shown)
