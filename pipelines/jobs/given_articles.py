"""Articles given by ``--input``, and days given as WARC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from connectors.files.articles import read_inputs
from schemas.base import Instant
from schemas.errors import FeedError
from schemas.feed import Feed, FeedEntry
from schemas.page import Page
from transforms.core.feeds.parsing import parse_feed
from transforms.core.text.urls import canonical_url

#: A feed shows itself by these within its first bytes; pages that merely quote them are tried
#: as feeds, and found to be none.
_FEED_MARKS = (b"<rss", b"<feed", b"<rdf:", b"<urlset", b"jsonfeed.org/version")
_HEAD_BYTES = 2048


def given_pages(paths: Iterable[str], feeds: Iterable[Feed], seen_at: Instant) -> Iterator[Page]:
    """The pages in the files, in order; those in a WARC with what its feeds say of them.

    A day's WARC holds the feeds of that day, too: an article's entry is made of the feed
    that first listed it, so that publisher, author and times are those that the day had.
    ``feeds`` give the publishers' names by the feeds' addresses.

    Of two versions of one article the one given later is the newer: each page counts as fetched
    a microsecond after the one before.
    """
    publishers = {feed.url: feed.publisher for feed in feeds}
    listed: dict[str, FeedEntry] = {}
    for number, page in enumerate(read_inputs(list(paths), seen_at)):
        if page.fetched_at == seen_at:  # no WARC: it has a time of its own
            yield replace(page, fetched_at=Instant(micros=seen_at.micros + number))
        elif _looks_like_feed(page.body):
            for entry in _entries(page, publishers):
                listed.setdefault(entry.canonical_url, entry)
        elif "html" in page.content_type or not page.content_type:
            yield replace(page, entry=_listed_entry(page, listed))


def _looks_like_feed(body: bytes) -> bool:
    head = body[:_HEAD_BYTES].lower()
    return b"<html" not in head and any(mark in head for mark in _FEED_MARKS)


def _entries(page: Page, publishers: Mapping[str, str]) -> Iterator[FeedEntry]:
    feed = Feed(page.url, publishers.get(page.url, ""))
    try:
        yield from parse_feed(feed, page.body, page.content_type, page.fetched_at).entries
    except FeedError:
        return


def _listed_entry(page: Page, listed: Mapping[str, FeedEntry]) -> FeedEntry:
    try:
        return listed.get(canonical_url(page.url), page.entry)
    except ValueError:
        return page.entry
