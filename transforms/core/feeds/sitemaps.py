"""Google-news sitemaps (developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap):
what many large publishers keep more complete than any feed.

Only sitemaps with news tags are read: a plain one lists a whole site, without titles or times.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from xml.parsers import expat

from schemas.base import Instant
from transforms.core.feeds.items import FeedBody, Item
from transforms.core.feeds.limits import MAX_ENTRIES
from transforms.core.text.plain_text import one_line

_NEWS = b"/schemas/sitemap-news/"
_FIELDS = frozenset({"loc", "title", "publication_date", "lastmod", "name"})
_MAX_FIELD_CHARS = 4096


def read_news_sitemap(body: bytes) -> FeedBody | None:
    """The articles that a news sitemap lists; None when it is none, or is not well-formed.

    >>> body = b'''<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    ...   xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
    ...   <loc>https://harbour.example/talks</loc><news:news>
    ...   <news:publication><news:name>Harbour Post</news:name></news:publication>
    ...   <news:publication_date>2025-06-02</news:publication_date>
    ...   <news:title>Talks resume</news:title></news:news></url></urlset>'''
    >>> sitemap = read_news_sitemap(body)
    >>> sitemap.title, [(item.link, item.title) for item in sitemap.items]
    ('Harbour Post', [('https://harbour.example/talks', 'Talks resume')])
    """
    if _NEWS not in body[:_MAX_FIELD_CHARS]:
        return None
    reader = _Urls()
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    return reader.body if reader.read(body) else None


class _Urls:
    """Collects the ``url`` elements while expat reads; it knows no entities but XML's own."""

    def __init__(self) -> None:
        self.body = FeedBody("", [])
        self._listed = 0
        self._fields: dict[str, str] = {}
        self._open = ""
        self._is_begun = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, body: bytes) -> bool:
        try:
            self._parser.Parse(body, True)
        except (expat.ExpatError, ValueError, LookupError):
            return False
        return True

    def _start(self, tag: str, _attributes: Any) -> None:
        name = tag.rpartition(":")[2]
        if not self._is_begun and name != "urlset":
            raise ValueError("not a sitemap")
        self._is_begun = True
        if name == "url":
            self._fields = {}
        self._open = name if name in _FIELDS else ""
        if tag.startswith("image:") or tag.startswith("video:"):
            self._open = ""

    def _text(self, text: str) -> None:
        if self._open:
            known = self._fields.get(self._open, "")
            self._fields[self._open] = (known + text)[:_MAX_FIELD_CHARS]

    def _end(self, tag: str) -> None:
        self._open = ""
        if tag.rpartition(":")[2] == "url":
            self._add(self._fields)

    def _add(self, fields: dict[str, str]) -> None:
        self._listed += 1
        items = self.body.items
        if len(items) < MAX_ENTRIES and fields.get("loc") and "title" in fields:
            at = _instant(fields.get("publication_date") or fields.get("lastmod") or "")
            title = one_line(fields["title"], 500)
            changed = fields.get("lastmod", "").strip()
            link = fields["loc"].strip()
            items.append(Item("", link, title, published_at=at, changed=changed))
        name = self.body.title or one_line(fields.get("name", ""), 200)
        self.body = FeedBody(name, items, listed=self._listed)

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type")


def _instant(text: str) -> Instant | None:
    """A W3C date or time as an instant; UTC without a zone."""
    text = text.strip()
    try:
        at = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in ("Z", "z") else text)
        at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
        return Instant(max(1, int(at.timestamp())))
    except (ValueError, OverflowError):
        return None
