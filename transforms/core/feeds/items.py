"""What every dialect of feed is read into, before entries are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.base import Instant
from schemas.feed import FeedHints

NO_HINTS = FeedHints()


@dataclass(frozen=True)
class Item:
    """One item as the feed gives it, in whatever dialect."""

    guid: str
    link: str
    title: str
    summary: str = ""
    author: str = ""
    published_at: Instant | None = None
    publisher: str = ""  #: whose article it is, where the feed only collects
    content: str = ""  #: HTML or plain text, as long as an article may be
    changed: str = ""  #: when the feed says that it was last changed, in its own words


@dataclass(frozen=True)
class FeedBody:
    """A feed as it is written."""

    title: str
    items: list[Item]
    hints: FeedHints = NO_HINTS
    site_url: str = ""
    listed: int = 0  #: items in all, be there more than are read
