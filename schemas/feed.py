"""Feeds, what the last poll of each left behind, and the entries they list."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.base import Timestamp, row
from schemas.dead_letter import Reason


@row
class Feed:
    """A polled source."""

    url: str
    publisher: str = ""  #: as the watch names it; "" takes the feed's own title


@row
class FeedEntry:
    """One item in a feed, or one article given as input."""

    id: str  #: hash of the feed's URL and the item's GUID, or of its canonical URL
    feed_url: str  #: "" for an article that was given as input
    url: str  #: as the feed gives it, made absolute
    canonical_url: str  #: without tracking parameters; what articles are known by
    title: str
    publisher: str
    seen_at: Timestamp  #: when Parley first saw the entry
    author: Optional[str] = None
    summary: str = ""
    stated_published_at: Optional[Timestamp] = None  #: as the feed says it, however wrong


PollStatus = Literal["changed", "unchanged", "failed"]


@row
class FeedState:
    """What the archive knows of a feed before it is polled."""

    url: str
    etag: str = ""  #: verbatim, with its quotes
    last_modified: str = ""  #: verbatim
    body_hash: str = ""
    polled_at: Optional[Timestamp] = None
    succeeded_at: Optional[Timestamp] = None
    failures: int = 0  #: polls failed since the last success


@row
class FeedPoll:
    """The outcome of polling one feed once."""

    feed: Feed
    status: PollStatus
    polled_at: Timestamp
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    entries: Sequence[FeedEntry] = ()  #: all that the body lists, newest last
    reason: Optional[Reason] = None  #: why it failed
    message: str = ""
