"""Feeds found from a site, and found again."""

import pytest

from schemas.base import Instant
from schemas.errors import FetchError
from schemas.feed import Feed, FeedState
from support.fakes import FakeFetcher
from support.newsroom import rss
from transforms.core.feeds.discovery import find_feeds
from transforms.core.feeds.poll_once import poll

SITE, OLD, NEW = (f"https://herald.example/{path}" for path in ("", "feed.xml", "rss/new"))
KNOWN = FeedState(OLD, succeeded_at=Instant(0), failures=1, body_hash="old")


def page(*hrefs: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{h}">' for h in hrefs)
    return f"<html><head><title>Herald</title>{links}</head><body><p>News</p></body>".encode()


def found(answers: dict[str, object], url: str = SITE) -> list[str]:
    return [each.answer.url for each in find_feeds(FakeFetcher(answers), url)]


def test_a_feeds_own_address_is_the_feed() -> None:
    assert found({NEW: rss("one")}, NEW) == [NEW]


def test_a_site_gives_the_feeds_that_its_page_names_and_that_answer() -> None:
    answers = {SITE: page("/gone", "/rss/new", "/page"), NEW: rss("one"), SITE + "page": page()}
    assert found(answers) == [NEW]


def test_a_site_that_names_none_has_it_where_most_have() -> None:
    assert found({SITE: page(), SITE + "feed.xml": rss("one"), SITE + "rss": rss("two")}) == [OLD]


def test_a_site_without_feeds_gives_none_and_one_that_is_away_says_so() -> None:
    assert found({SITE: page()}) == []
    with pytest.raises(FetchError):
        found({})


def polled(answers: dict[str, object], before: FeedState = KNOWN):
    fetcher = FakeFetcher(answers)
    done, error = poll(fetcher, Feed(OLD), before)
    return done, error, [url for url, _ in fetcher.asked]


def test_a_lost_feed_is_found_again_on_its_site() -> None:
    done, error, _ = polled({SITE: page("/rss/new"), NEW: rss("one")})
    assert error is None
    assert (done.status, done.moved_to) == ("changed", NEW)
    assert [(entry.feed_url, entry.title) for entry in done.entries] == [(OLD, "one")]


def test_a_page_in_place_of_the_feed_is_asked_for_it_first() -> None:
    done, _, asked = polled({OLD: page("/rss/new"), NEW: rss("one")})
    assert done.moved_to == NEW
    assert asked == [OLD, NEW]


@pytest.mark.parametrize(
    "before",
    [FeedState(OLD, succeeded_at=Instant(0)), FeedState(OLD, failures=9)],
    ids=["its first failure", "it never was here"],
)
def test_it_is_not_looked_for_at_once_nor_if_it_never_was_there(before: FeedState) -> None:
    done, _, asked = polled({SITE: page("/rss/new"), NEW: rss("one")}, before)
    assert (done.status, done.reason) == ("failed", "gone")
    assert asked == [OLD]


def test_a_feed_that_is_gone_for_good_is_looked_for_at_once() -> None:
    gone = FetchError("gone", OLD, "status 410", http_status=410)
    before = FeedState(OLD, succeeded_at=Instant(0))
    done, _, _ = polled({OLD: gone, SITE: page("/rss/new"), NEW: rss("one")}, before)
    assert done.moved_to == NEW


def test_a_feed_of_another_site_is_not_taken_for_it() -> None:
    elsewhere = "https://courier.example/rss"
    done, error, asked = polled({SITE: page(elsewhere), elsewhere: rss("one")})
    assert (done.status, error.reason) == ("failed", "gone")
    assert elsewhere not in asked


def test_a_feed_that_is_down_is_not_looked_for() -> None:
    down = FetchError("timeout", OLD, "no answer")
    done, _, asked = polled({OLD: down, SITE: page("/rss/new"), NEW: rss("one")})
    assert (done.status, asked) == ("failed", [OLD])
