"""How much of a feed's markup is read."""

from __future__ import annotations

import pytest

from schemas.base import Timestamp
from schemas.errors import FeedError
from schemas.feed import Feed
from transforms.core.feeds.limits import limited
from transforms.core.feeds.parsing import parse_feed

FEED = Feed("https://harbour.example/rss.xml")
ITEM = "<rss><channel><item><link>https://harbour.example/a</link>{}</item></channel></rss>"


@pytest.mark.parametrize("unit", ["a", "a@", "a.", "1 ", "a(", ", ", "-", "T"])
@pytest.mark.parametrize("tag", ["author", "dc:creator", "pubDate", "category", "itunes:owner"])
def test_a_long_label_is_cut_before_it_is_searched(tag: str, unit: str) -> None:
    body = ITEM.format(f"<{tag}>{unit * 20_000}</{tag}>").encode()
    assert len(limited(FEED.url, body)) < 1_000


def test_long_words_and_spaces_are_cut() -> None:
    body = ITEM.format(f"<title>{'a' * 50_000}{' ' * 50_000}b</title>").encode()
    assert len(limited(FEED.url, b"\n" * 50_000 + body)) < 3_000


def test_what_follows_a_long_label_is_still_read() -> None:
    body = ITEM.format(f"<author>{'a' * 90_000}</author><title>Talks resume</title>").encode()
    (entry,) = parse_feed(FEED, body, "application/xml", Timestamp(0)).entries
    assert (entry.title, len(entry.author or "")) == ("Talks resume", 200)


def test_a_declaration_without_an_end_is_no_feed() -> None:
    body = b'<?xml version="1.0" ' + b"encoding='" * 2_000 + b"\n" + ITEM.encode()
    with pytest.raises(FeedError, match="its XML declaration has no end"):
        limited(FEED.url, body)
