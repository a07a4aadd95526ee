import functools
import uuid

import pytest

from schemas.errors import FetchError
from schemas.feed import Feed, FeedState
from schemas.page import Response
from support.fakes import FakeFetcher, FakeStore
from support.newsroom import rss
from support.run import run_stage
from transforms.poll_feeds import PollFeeds

GOOD, BAD = Feed("https://herald.example/feed.xml"), Feed("https://broken.example/feed.xml")


@pytest.fixture
def store():
    return functools.partial(FakeStore.open, uuid.uuid4().hex)


def polled(store, answers, feeds):
    fetcher = functools.partial(FakeFetcher, answers)
    return run_stage(feeds, lambda outcomes: PollFeeds(fetcher, store, outcomes=outcomes))


def test_entries_of_every_healthy_feed_come_out_though_one_fails(store):
    answers = {GOOD.url: rss("one", "two"), BAD.url: FetchError("timeout", BAD.url, "too slow")}
    entries, letters, _ = polled(store, answers, [BAD, GOOD])
    assert sorted(entry.title for entry in entries) == ["one", "two"]
    assert [(letter.step, letter.key, letter.reason) for letter in letters] == [
        ("PollFeeds", BAD.url, "timeout")
    ]
    assert {poll.feed.url: poll.status for poll in store().polls} == {
        GOOD.url: "changed",
        BAD.url: "failed",
    }


def test_what_is_no_feed_is_named_so(store):
    _, letters, _ = polled(store, {BAD.url: b"<html><p>Are you human?"}, [BAD])
    assert [letter.reason for letter in letters] == ["not_a_feed"]


def test_a_validator_is_sent_and_304_yields_nothing(store):
    store().states[GOOD.url] = FeedState(GOOD.url, etag='"v1"')
    answer = Response(GOOD.url, 200, rss("one"), etag='"v1"')
    entries, letters, _ = polled(store, {GOOD.url: answer}, [GOOD])
    assert (entries, letters) == ([], [])
    assert [poll.status for poll in store().polls] == ["unchanged"]


def test_the_same_body_again_counts_as_unchanged_though_the_server_sends_it(store):
    polled(store, {GOOD.url: rss("one")}, [GOOD])
    known = store().polls[0]
    store().states[GOOD.url] = FeedState(GOOD.url, body_hash=known.body_hash)
    entries, _, _ = polled(store, {GOOD.url: rss("one")}, [GOOD])
    assert entries == []
    assert store().polls[1].status == "unchanged"
