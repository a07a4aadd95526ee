"""How much of a feed's markup is read."""

from __future__ import annotations

import contextlib

import pytest
from feedparser.mixin import _FeedParserMixin

from schemas.base import Instant
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
    (entry,) = parse_feed(FEED, body, "application/xml", Instant(0)).entries
    assert (entry.title, len(entry.author or "")) == ("Talks resume", 200)


def test_a_declaration_without_an_end_is_no_feed() -> None:
    body = b'<?xml version="1.0" ' + b"encoding='" * 2_000 + b"\n" + ITEM.encode()
    with pytest.raises(FeedError, match="its XML declaration has no end"):
        limited(FEED.url, body)


@pytest.mark.parametrize("joint", ["<!---->", "<b/>", "<name/>", "]]><![CDATA[", "&#97;"])
@pytest.mark.parametrize("end", ["</author>", ""], ids=["closed", "left open"])
@pytest.mark.parametrize("tag", ["author", "dc:creator", "managingEditor", "webMaster"])
def test_no_label_reaches_feedparsers_search_whole(
    monkeypatch: pytest.MonkeyPatch, tag: str, end: str, joint: str
) -> None:
    searched: list[int] = []
    sync = _FeedParserMixin._sync_author_detail

    def counted(parser: object, key: str = "author") -> None:
        searched.append(len(parser._get_context().get(key) or ""))  # type: ignore[attr-defined]
        sync(parser, key)

    monkeypatch.setattr(_FeedParserMixin, "_sync_author_detail", counted)
    opening = "<![CDATA[" if "CDATA" in joint else ""
    closing = "]]>" if opening else ""
    label = f"<{tag}>{opening}{('a' * 300 + joint) * 20}{closing}"
    with contextlib.suppress(FeedError):
        parse_feed(
            FEED,
            ITEM.format(label + end.replace("author", tag)).encode(),
            "application/xml",
            Instant(0),
        )
    assert max(searched, default=0) <= 500
