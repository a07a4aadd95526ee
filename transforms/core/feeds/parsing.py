"""Feeds: which entries a body lists, whatever dialect it is written in.

Knows RSS, Atom and RDF through feedparser, JSON Feed, and Google-news sitemaps. It refuses to
know which entries are new, and never asks the network: links are resolved, not followed.
"""

from __future__ import annotations

import calendar
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from schemas.base import Instant
from schemas.errors import FeedError
from schemas.feed import Feed, FeedEntry, FeedHints
from schemas.ids import hash_of
from transforms.core.feeds import json_feed as json_feeds
from transforms.core.feeds.hints import read_hints
from transforms.core.feeds.items import NO_HINTS, FeedBody, Item
from transforms.core.feeds.limits import MAX_ENTRIES, count_entries, limited
from transforms.core.feeds.sitemaps import read_news_sitemap
from transforms.core.text.dates import stated_instant
from transforms.core.text.plain_text import from_markup, one_line
from transforms.core.text.urls import canonical_url

_MAX_TITLE_CHARS = 500
_MAX_SUMMARY_CHARS = 2000
_MAX_NAME_CHARS = 200
#: Five times the longest articles of newspapers, with their markup.
_MAX_CONTENT_CHARS = 200_000
#: Shorter ones are summaries, whatever they are called: the smallest article has 40 words.
_MIN_CONTENT_CHARS = 240
#: So much of a content tells whether it was changed.
_TELLING_CHARS = 20_000
#: The year 2100: no news states a later time.
_END_OF_TIME = 4_102_444_800

_DECLARATION = re.compile(rb"""[^<]{0,10}<\?xml[^>]{0,200}?\bencoding\s*=""")


@dataclass(frozen=True)
class ParsedFeed:
    """What a feed's body says: its title, and its entries, oldest first."""

    title: str
    entries: tuple[FeedEntry, ...]
    hints: FeedHints = NO_HINTS
    site_url: str = ""
    cut: int = 0  #: entries beyond the 2000th, which are not read


def parse_feed(
    feed: Feed, body: bytes, content_type: str, seen_at: Instant, *, base: str = ""
) -> ParsedFeed:
    """The title and entries of a feed's body, the oldest by stated time first.

    Feeds list the newest first; entries without a time keep their place between their
    neighbours. An entry without a usable link, or whose id an earlier one has, is left out.
    Of more than 2000 entries the first 2000 are read. Titles, summaries and names are plain
    text. Links are resolved against ``base``, the address that answered, if it is given.

    >>> body = b'''<rss version="2.0"><channel><title>Harbour Post</title>
    ... <item><title>Talks resume</title><link>/talks?utm_source=rss</link></item>
    ... </channel></rss>'''
    >>> feed = Feed("https://harbour.example/rss.xml")
    >>> parsed = parse_feed(feed, body, "application/rss+xml", Instant(0))
    >>> [(e.title, e.canonical_url, e.publisher) for e in parsed.entries]
    [('Talks resume', 'https://harbour.example/talks', 'Harbour Post')]

    Raises:
        FeedError: when the body is no feed.
    """
    read = (
        _read_json(body) or read_news_sitemap(body) or _read_xml(feed, body, content_type, seen_at)
    )
    publisher = feed.publisher or read.title or urlsplit(feed.url).hostname or ""
    entries = _entries(feed, read.items[:MAX_ENTRIES], publisher, seen_at, base or feed.url)
    return ParsedFeed(
        read.title,
        tuple(_oldest_first(entries)),
        read.hints,
        _usable_link(read.site_url, base or feed.url),
        max(0, read.listed - MAX_ENTRIES),
    )


def _read_json(body: bytes) -> FeedBody | None:
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    feed = json_feeds.read_json_feed(body)
    if feed is None:
        return None
    items = [_json_item(item) for item in feed["items"][:MAX_ENTRIES] if isinstance(item, dict)]
    return FeedBody(
        one_line(json_feeds.text_of(feed, "title"), _MAX_NAME_CHARS),
        items,
        site_url=json_feeds.text_of(feed, "home_page_url"),
        listed=len(feed["items"]),
    )


def _json_item(item: dict[str, Any]) -> Item:
    at = json_feeds.stated_time(item)
    summary = json_feeds.text_of(item, "summary", "content_text", "content_html")
    texts = [json_feeds.text_of(item, "content_html"), _escaped(item, "content_text")]
    return Item(
        guid=json_feeds.text_of(item, "id"),
        link=json_feeds.text_of(item, "url", "external_url"),
        title=one_line(json_feeds.text_of(item, "title"), _MAX_TITLE_CHARS),
        summary=from_markup(summary, _MAX_SUMMARY_CHARS),
        author=one_line(json_feeds.item_author(item), _MAX_NAME_CHARS),
        published_at=_sane(int(at.timestamp())) if at else None,
        content=_content(texts),
        changed=json_feeds.text_of(item, "date_modified"),
    )


def _escaped(item: dict[str, Any], key: str) -> str:
    return html.escape(json_feeds.text_of(item, key), quote=False)


def _content(texts: Iterable[str]) -> str:
    """The longest of the texts, cut, if it is long enough to be an article; else ""."""
    longest = max(texts, key=len, default="")
    return longest[:_MAX_CONTENT_CHARS] if len(longest) >= _MIN_CONTENT_CHARS else ""


def _read_xml(feed: Feed, body: bytes, content_type: str, seen_at: Instant) -> FeedBody:
    headers = {"content-type": _media_type(body, content_type), "content-location": feed.url}
    listed = count_entries(body)
    body = limited(feed.url, body)
    try:
        parsed = feedparser.parse(
            # A stream, because feedparser opens the file that bare bytes may name.
            io.BytesIO(body),
            response_headers={key: value for key, value in headers.items() if value},
            resolve_relative_uris=False,  # of links inside summaries, which lose their links
            sanitize_html=False,  # all markup goes, so there is nothing to make harmless
        )
    except Exception as error:  # its loose parser gives up on broken markup in many ways
        raise FeedError(feed.url, f"broken beyond reading ({type(error).__name__})") from error
    if not parsed.get("version") and not parsed.entries:
        raise FeedError(
            feed.url, f"neither RSS, Atom, RDF, JSON Feed nor a news sitemap ({_opening(body)})"
        )
    return FeedBody(
        _text(parsed.feed, "title", _MAX_NAME_CHARS),
        [_xml_item(entry, seen_at) for entry in parsed.entries],
        read_hints(parsed.feed, body),
        parsed.feed.get("link") or "",
        listed,
    )


def _media_type(body: bytes, content_type: str) -> str:
    """The type with UTF-8 for a charset where that is what the bytes are and nothing in the
    body says otherwise: feedparser would take Latin 1 or ASCII, as RFC 3023 once asked.
    """
    if _DECLARATION.match(body):
        return content_type
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return content_type
    return "application/xml; charset=utf-8"


def _opening(body: bytes) -> str:
    """How the body begins, for the operator who wonders what came instead of a feed."""
    return f"it begins {body[:40].decode('latin-1')!a}" if body else "it is empty"


def _xml_item(entry: Any, seen_at: Instant) -> Item:
    link = entry.get("feedburner_origlink") or _article_link(entry)
    return Item(
        guid=entry.get("id", ""),
        link=link,
        title=_text(entry, "title", _MAX_TITLE_CHARS),
        summary=_text(entry, "summary", _MAX_SUMMARY_CHARS),
        author=_text(entry, "author", _MAX_NAME_CHARS),
        published_at=_stated_time(entry, seen_at),
        publisher=one_line((entry.get("source") or {}).get("title") or "", _MAX_NAME_CHARS),
        content=_content(_texts(entry)),
        changed=dict.get(entry, "updated") or "",  # its own get would give "published"
    )


def _texts(entry: Any) -> Iterator[str]:
    """What may be the article: content:encoded, Atom's content, or a long description."""
    for detail in [*(entry.get("content") or ()), entry.get("summary_detail") or {}]:
        value = detail.get("value") or ""
        is_plain = detail.get("type") == "text/plain" and "</" not in value
        yield html.escape(value, quote=False) if is_plain else value


def _article_link(entry: Any) -> str:
    """The address of the article: the first alternate in English or without a language.

    feedparser takes the last alternate of several.
    """
    links = [
        link
        for link in entry.get("links") or ()
        if link.get("rel", "alternate") == "alternate" and "html" in link.get("type", "text/html")
    ]
    ours = (x for x in links if (x.get("hreflang") or "en").lower().startswith("en"))
    best = next(ours, None) or next(iter(links), None) or {}
    return (best.get("href") if len(links) > 1 else "") or entry.get("link") or ""


def _text(holder: Any, key: str, max_chars: int) -> str:
    """A field as plain text; publishers put markup and entities even where none belong."""
    value = holder.get(key) or ""
    detail = holder.get(f"{key}_detail") or {}
    if detail.get("type") == "text/plain" and "<" in value and "</" not in value:
        return one_line(value, max_chars)  # "x < y" is no markup
    return from_markup(value, max_chars)


def _sane(seconds: int) -> Instant | None:
    """The instant, if it is one of news: the year 1 is a template's, 9999 a joke's."""
    return Instant(seconds) if 0 < seconds < _END_OF_TIME else None


def _stated_time(entry: Any, seen_at: Instant) -> Instant | None:
    """The entry's time of publication, or else of its last change.

    feedparser reads the forms that feeds should have; dates in slashes, whose day and month it
    confuses, and all other forms are read here.
    """
    for key in ("published", "updated", "created"):
        stated, moment = entry.get(key) or "", entry.get(f"{key}_parsed")
        if moment and "/" not in stated:
            try:
                return _sane(calendar.timegm(moment))
            except (ValueError, OverflowError):  # a year that no calendar has
                continue
        at = stated_instant(stated, seen_at)
        if at is not None:
            return _sane(int(at.micros // 1_000_000))
    return None


def _entries(
    feed: Feed, items: Sequence[Item], publisher: str, seen_at: Instant, base: str
) -> Iterator[FeedEntry]:
    """One entry per item with a usable link, in the feed's order, each id once."""
    linked = [(item, canonical) for item in items if (canonical := _usable_link(item.link, base))]
    shared = _shared_guids(linked)
    ids = set()
    for item, canonical in linked:
        key = item.guid if item.guid and item.guid not in shared else canonical
        entry_id = hash_of(feed.url, key)
        if entry_id not in ids:
            ids.add(entry_id)
            yield FeedEntry(
                id=entry_id,
                feed_url=feed.url,
                url=urljoin(base, item.link.strip()).replace(" ", "%20"),
                canonical_url=canonical,
                title=item.title,
                publisher=item.publisher or publisher,
                seen_at=seen_at,
                author=item.author or None,
                summary=item.summary,
                stated_published_at=item.published_at,
                content=item.content,
                revision=_revision(item),
            )


def _revision(item: Item) -> str:
    """A hash that changes when the feed says another thing of the article."""
    words = from_markup(item.content, _TELLING_CHARS)
    return hash_of(item.title, item.summary, item.changed, words)


def _shared_guids(linked: Sequence[tuple[Item, str]]) -> set[str]:
    """GUIDs that stand on entries with different links: broken, so the link is the id.

    miniflux falls back in the same way.
    """
    pairs = {(item.guid, canonical) for item, canonical in linked if item.guid}
    return {guid for guid, count in Counter(guid for guid, _ in pairs).items() if count > 1}


def _usable_link(link: str, base: str) -> str:
    try:
        return canonical_url(link, base) if link.strip() else ""
    except ValueError:
        return ""


def _oldest_first(entries: Iterator[FeedEntry]) -> list[FeedEntry]:
    """Entries by stated time; one without a time stays behind the one it was listed above."""
    keyed = []
    key = Instant(0)
    for entry in reversed(list(entries)):
        key = entry.stated_published_at or key
        keyed.append((key, entry))
    return [entry for _, entry in sorted(keyed, key=lambda pair: pair[0])]
