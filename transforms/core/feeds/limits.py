"""How much markup a feed may hold before reading it would cost more than it is worth.

feedparser takes about a millisecond an entry, and on broken or deeply nested markup its time
grows with the square of the size: 300 KB of unclosed elements take it 7 s. Small bodies need no
check; large ones must be well-formed, or else be no larger than the broken feeds that exist.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from feedparser.mixin import _FeedParserMixin

from schemas.errors import FeedError

#: More entries than this are not read; Media Cloud's rss-fetcher stops there, too.
MAX_ENTRIES = 2000

_ENTRY_END = re.compile(rb"</(?:[A-Za-z]+:)?(?:item|entry)\s*>", re.IGNORECASE)

#: Bodies within both are read unseen: the worst of them takes less than a second.
_SMALL_BYTES = 256 * 1024
_SMALL_TAGS = 10_000

_MAX_TAGS = 300_000
_MAX_DEPTH = 200
_MAX_BROKEN_BYTES = 2 * 1024 * 1024
_MAX_BROKEN_TAGS = 50_000

#: An XML declaration ends within this; feedparser's search for the encoding in one that does not
#: takes the cube of its length.
_DECLARATION_BYTES = 300
_LONG_SPACE = re.compile(rb"\s{64,}")
#: Longer than any word or address; what feedparser searches takes the square of it.
_LONG_WORD = re.compile(rb"([^\s<>]{2048})[^\s<>]+")
#: People, dates and labels, in which feedparser looks for addresses and numbers.
_LABEL = re.compile(
    rb"(<(?:\w{1,20}:)?(?:author|creator|managingEditor|webMaster|owner|name|email|contributor|"
    rb"pubDate|published|updated|modified|issued|created|date|expirationDate|category|credit|"
    rb"point|posList|polygon|chapter|language|ttl|guid|id)\b[^<>]{0,500}>[^<]{500})[^<]+",
    re.IGNORECASE,
)

#: feedparser's own names of such elements; it joins the pieces into which comments, elements or
#: CDATA break their text before it searches the whole.
_SEARCHED = frozenset(
    {"author", "publisher", "contributor", "name", "email", "category", "language", "id"}
    | {"published", "updated", "created", "expired", "validtime"}
)
_MAX_LABEL_CHARS = 500


def limited(url: str, body: bytes) -> bytes:
    """The body with its first 2000 entries only, if it can be read in bounded time.

    Raises:
        FeedError: when it holds more markup than any feed needs.
    """
    body = _bounded(url, _shortened(body))
    tags = body.count(b"<")
    if len(body) <= _SMALL_BYTES and tags <= _SMALL_TAGS:
        return body
    depth = _depth(body)
    if depth is None and (len(body) > _MAX_BROKEN_BYTES or tags > _MAX_BROKEN_TAGS):
        raise FeedError(url, f"broken XML of {len(body)} bytes and {tags} tags is too much to mend")
    if tags > _MAX_TAGS or (depth or 0) > _MAX_DEPTH:
        raise FeedError(url, f"{tags} tags in {depth} levels are more than a feed has")
    return body


def count_entries(body: bytes) -> int:
    """How many items or entries a body lists, be there more than are read.

    >>> count_entries(b"<rss><item></item><item></item></rss>")
    2
    """
    return sum(1 for _ in _ENTRY_END.finditer(body))


def _bounded(url: str, body: bytes) -> bytes:
    """The body without the runs of one kind on which feedparser takes more than linear time."""
    body = body.lstrip()
    if body.startswith(b"<?xml") and b"?>" not in body[:_DECLARATION_BYTES]:
        raise FeedError(url, "its XML declaration has no end")
    body = _LONG_SPACE.sub(b"\n", body)
    body = _LONG_WORD.sub(rb"\1", body)
    return _LABEL.sub(rb"\1", body)


def _shortened(body: bytes) -> bytes:
    """The body without what stands between the ends of its 2000th and its last entry."""
    ends = [match.end() for match in _ENTRY_END.finditer(body)]
    if len(ends) <= MAX_ENTRIES:
        return body
    return body[: ends[MAX_ENTRIES - 1]] + body[ends[-1] :]


def _depth(body: bytes) -> int | None:
    """How deep a well-formed body is nested; None when it is not well-formed.

    expat itself stops entities that grow out of bounds.
    """
    depth = deepest = 0

    def open_element(*_: object) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)

    def close_element(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = open_element
    parser.EndElementHandler = close_element
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):  # the last two: unknown encodings
        return None
    return deepest


_pop = _FeedParserMixin.pop


def _pop_short(parser: Any, element: str, strip_whitespace: int = 1) -> Any:
    """Closes an element as feedparser does, with the text of a label cut to 500 characters."""
    stack = parser.elementstack
    if element in _SEARCHED and stack and stack[-1][0] == element:
        stack[-1][2] = ["".join(stack[-1][2])[:_MAX_LABEL_CHARS]]
    return _pop(parser, element, strip_whitespace)


_FeedParserMixin.pop = _pop_short
