"""Summary of what was read for a digest: tells a quiet week from a broken feed."""

from __future__ import annotations

from connectors.archive import Archive
from connectors.formats.humanize import counted, listed, moment
from connectors.formats.sanitizing import clean_line
from schemas.base import Timestamp
from transforms.core.feeds.rhythm import is_silent

#: Reasons and feeds that are named; the others are counted.
_MOST = 5


def digest_summary(archive: Archive, since: Timestamp, now: Timestamp) -> str:
    """Counts the entries seen and read since then, with the reasons why others were not read,
    and names the feeds that fail or are silent now.
    """
    counts = archive.entry_counts(since)
    settled = {key: n for key, n in counts.items() if key[0] != "pending"}
    read = sum(n for (status, _), n in settled.items() if status == "read")
    entries = counted(sum(settled.values()), "entry", "entries")
    feeds = archive.feeds()
    parts = [
        f"Since {moment(since)}: {entries} of {counted(len(feeds), 'feed')} looked at, {read} read"
    ]
    unread = sorted(((n, reason) for (_, reason), n in settled.items() if reason), reverse=True)
    if unread:
        why = [f"{n} {reason.replace('_', ' ')}" for n, reason in unread[:_MOST]]
        parts.append(f"not read: {_with_rest(why, len(unread))}")
    failing = [feed for feed in feeds if feed.state.failures]
    silent = [f for f in feeds if not f.state.failures and is_silent(f.state, now)]
    for what, found in (("failing", failing), ("silent", silent)):
        if found:
            names = [clean_line(feed.publisher or feed.state.url) for feed in found]
            shown = _with_rest(names[:_MOST], len(names))
            parts.append(f"{counted(len(found), 'feed')} {what}: {shown}")
    return "; ".join(parts) + "."


def _with_rest(shown: list[str], total: int) -> str:
    return listed([*shown, f"{total - len(shown)} more"] if total > len(shown) else shown)
