"""Bytes as fetched, before anyone has looked into them."""

from schemas.base import Instant, row
from schemas.feed import FeedEntry


@row
class Response:
    """An accepted HTTP answer: a body within the limits, or "not modified"."""

    url: str  #: the address that answered, after redirects
    status: int
    body: bytes  #: decompressed; empty when ``status`` is 304
    content_type: str = ""  #: the header, with its charset
    etag: str = ""
    last_modified: str = ""
    fresh_seconds: int = 0  #: how long its headers let it be kept; 0: they do not say
    moved_to: str = ""  #: where permanent redirects alone led; "" without one


@row
class Page:
    """The body that a feed entry leads to.

    ``content_type`` "text/plain" marks text that was given as it is; anything else is read
    as HTML.
    """

    entry: FeedEntry
    url: str  #: the address that answered, after redirects
    content_type: str
    body: bytes
    fetched_at: Instant
    etag: str = ""
    last_modified: str = ""
