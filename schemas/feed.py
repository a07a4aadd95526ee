"""Feeds, what the last poll of each left behind, and the entries they list."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.base import Instant, row
from schemas.outcome import Reason


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
    seen_at: Instant  #: when Parley first saw the entry
    author: Optional[str] = None
    summary: str = ""
    stated_published_at: Optional[Instant] = None  #: as the feed says it, however wrong
    content: str = ""  #: HTML, the article as the feed gives it; "" where it gives a summary only
    revision: str = ""  #: hash of what the feed says of the article; it changes with the article
    etag: str = ""  #: of the page as it was last read; verbatim, with its quotes
    last_modified: str = ""  #: of the page as it was last read; verbatim


PollStatus = Literal["changed", "unchanged", "failed"]


@row
class FeedHints:
    """How seldom a feed asks to be polled, as its body says it."""

    interval_seconds: int = 0  #: of ttl and sy:updatePeriod the longer; 0: it does not say
    skip_hours: Sequence[int] = ()  #: hours of the day, UTC, in which it does not change
    skip_days: Sequence[int] = ()  #: days of the week, Monday is 0


@row
class FeedState:
    """What the archive knows of a feed; each poll replaces it as a whole."""

    url: str
    etag: str = ""  #: verbatim, with its quotes
    last_modified: str = ""  #: verbatim
    body_hash: str = ""
    polled_at: Optional[Instant] = None
    succeeded_at: Optional[Instant] = None
    failures: int = 0  #: polls failed since the last success
    interval_seconds: int = 0  #: its own rhythm; 0: not known yet
    next_poll_at: Optional[Instant] = None  #: None: at the next run
    on_time: int = 0  #: polls in its rhythm since the rhythm was last judged
    hint_seconds: int = 0  #: FeedHints.interval_seconds of its last body
    skip_hours: Sequence[int] = ()
    skip_days: Sequence[int] = ()
    busy_until: Optional[Instant] = None  #: its domain asked to be left alone until then
    body_at: Optional[Instant] = None  #: when a whole body last came
    unchanged_304s: int = 0  #: answers "not modified" since then
    lied_304s: int = 0  #: times when a whole body proved such answers wrong
    new_at: Optional[Instant] = None  #: when it last listed something new
    overruns: int = 0  #: polls that knew nothing of what was listed: entries were likely lost
    is_muted: bool = False  #: it said 410 Gone, and is not asked any more
    has_broken_guids: bool = False  #: it renumbers its entries, so their links are their ids
    site_url: str = ""  #: the site it belongs to, as it says
    fetch_url: str = ""  #: where it moved for good; "" while ``url`` holds
    moved_to: str = ""  #: where permanent redirects lead, while that is still on trial
    moved_times: int = 0  #: polls in a row that were led there
    moved_since: Optional[Instant] = None


@row
class FeedPoll:
    """The outcome of polling one feed once."""

    feed: Feed
    status: PollStatus
    polled_at: Instant
    state: FeedState  #: of the feed after this poll
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    entries: Sequence[FeedEntry] = ()  #: all that the body lists, newest last
    reason: Optional[Reason] = None  #: why it failed
    message: str = ""
    http_status: int = 0  #: of the failure; 0 if no answer came
    retry_after_seconds: int = 0  #: how long the server asked to be left alone
    fresh_seconds: int = 0  #: how long the answer stays fresh by its headers
    is_unconditional: bool = False  #: the whole body was asked for, though validators were known
    is_not_modified: bool = False  #: the answer was 304
    moved_to: str = ""  #: where permanent redirects led
    site_url: str = ""
    cut: int = 0  #: entries beyond the limit, which were not read
    hints: FeedHints = FeedHints()
