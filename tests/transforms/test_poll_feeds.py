import functools
import uuid

import pytest

from schemas.base import Instant
from schemas.errors import FetchError
from schemas.feed import Feed, FeedState
from schemas.page import Response
from support.fakes import FakeFetcher, FakeStore
from support.newsroom import entry, rss
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


def test_an_empty_answer_is_named_so_and_forgets_nothing(store):
    store().states[BAD.url] = FeedState(BAD.url, etag='"v1"', body_hash="b")
    _, letters, _ = polled(store, {BAD.url: Response(BAD.url, 200, b" \n", etag='"v2"')}, [BAD])
    assert [letter.reason for letter in letters] == ["empty_body"]
    assert store().states[BAD.url].etag == '"v1"'


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


def at_rest(url, **more):
    later = Instant(micros=Instant.now().micros + 3_600_000_000)
    return FeedState(url, **({"next_poll_at": later} | more))


def scheduled(store, answers, feeds):
    fetcher = functools.partial(FakeFetcher, answers)
    return run_stage(
        feeds, lambda outcomes: PollFeeds(fetcher, store, outcomes=outcomes, ask_all=False)
    )


def test_a_scheduled_run_leaves_feeds_alone_whose_time_has_not_come(store):
    store().states[BAD.url] = at_rest(BAD.url)
    entries, letters, _ = scheduled(store, {GOOD.url: rss("one")}, [GOOD, BAD])
    assert [entry.title for entry in entries] == ["one"]
    assert letters == []
    assert [poll.feed for poll in store().polls] == [Feed(GOOD.url, "Herald")]


def test_what_a_resting_feed_left_unread_is_due(store):
    store().states[GOOD.url] = at_rest(GOOD.url)
    store().unread = [entry("left")]
    entries, _, _ = scheduled(store, {}, [Feed(entry("left").feed_url)])
    assert entries == [entry("left")]


def test_a_run_of_named_feeds_asks_them_whatever_their_rhythm(store):
    store().states[GOOD.url] = at_rest(GOOD.url, is_muted=True)
    entries, _, _ = polled(store, {GOOD.url: rss("one")}, [GOOD])
    assert [entry.title for entry in entries] == ["one"]


def test_a_renumbered_feed_gives_its_new_entries_only(store):
    polled(store, {GOOD.url: rss("a", "b", "c")}, [GOOD])
    renumbered = rss("a", "b", "c", "d").replace(b"'false'>", b"'false'>new-")
    entries, _, _ = polled(store, {GOOD.url: renumbered}, [GOOD])
    assert store().states[GOOD.url].has_broken_guids
    again = renumbered.replace(b">new-", b">newer-")
    entries, _, _ = polled(store, {GOOD.url: again}, [GOOD])
    assert entries == []


def test_a_feed_is_asked_where_it_moved_to(store):
    store().states[GOOD.url] = FeedState(GOOD.url, fetch_url=BAD.url)
    entries, _, _ = polled(store, {BAD.url: rss("one")}, [GOOD])
    assert [entry.feed_url for entry in entries] == [GOOD.url]


def test_validators_stay_home_when_the_whole_body_is_wanted(store):
    store().states[GOOD.url] = FeedState(GOOD.url, etag='"v1"', lied_304s=2)
    answer = Response(GOOD.url, 200, rss("one"), etag='"v1"')
    entries, _, _ = polled(store, {GOOD.url: answer}, [GOOD])
    assert len(entries) == 1


def test_hostile_redirects_and_surprises_fail_one_feed_only(store):
    answers = {GOOD.url: rss("one"), BAD.url: RuntimeError("surprise")}
    entries, letters, _ = polled(store, answers, [BAD, GOOD])
    assert len(entries) == 1
    assert [letter.reason for letter in letters] == ["error"]
    assert store().states[BAD.url].failures == 1
