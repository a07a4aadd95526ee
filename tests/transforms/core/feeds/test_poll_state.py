from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.base import Instant
from schemas.feed import Feed, FeedEntry, FeedHints, FeedPoll, FeedState
from schemas.ids import hash_of
from transforms.core.feeds.poll_state import Known, decided, divide, wants_body
from transforms.core.feeds.rhythm import DAY, HOUR

URL = "https://news.herald.example/feed.xml"
NOTHING = Known(frozenset(), frozenset())


def at(seconds: float) -> Instant:
    return Instant(1_748_865_600 + seconds)


def entry(slug: str, guid: str = "", dated: Instant | None = None) -> FeedEntry:
    url = f"https://herald.example/{slug}"
    return FeedEntry(
        hash_of(URL, guid or slug), URL, url, url, slug, "", at(0), stated_published_at=dated
    )


def known(*entries: FeedEntry) -> Known:
    return Known(frozenset(e.id for e in entries), frozenset(e.canonical_url for e in entries))


def state(**facts: object) -> FeedState:
    return FeedState(URL, **facts)  # type: ignore[arg-type]


def poll(before: FeedState, status: str = "changed", when: float = 0, **facts: object) -> FeedPoll:
    given = {"etag": '"new"', "body_hash": "new"} | facts if status == "changed" else facts
    return FeedPoll(Feed(URL), status, at(when), before, **given)  # type: ignore[arg-type]


# Who is asked


def test_those_whose_time_has_come_are_asked_and_the_others_rest() -> None:
    feeds = [Feed(f"https://{name}.example/rss") for name in ("never", "due", "later", "muted")]
    states = {
        "https://due.example/rss": FeedState("https://due.example/rss", next_poll_at=at(-1)),
        "https://later.example/rss": FeedState("https://later.example/rss", next_poll_at=at(HOUR)),
        "https://muted.example/rss": FeedState("https://muted.example/rss", is_muted=True),
    }
    who = divide(feeds, states, at(0), ask_all=False)
    assert (who.due, who.resting) == (tuple(feeds[:2]), tuple(feeds[2:]))
    assert divide(feeds, states, at(0), ask_all=True).due == tuple(feeds)


def test_a_domain_that_asked_to_be_left_alone_is_left_alone_by_all_its_feeds() -> None:
    told = "https://a.herald.example/rss"
    beside, elsewhere = Feed("https://b.herald.example/rss"), Feed("https://courier.example/rss")
    states = {told: FeedState(told, busy_until=at(60))}
    assert divide([beside, elsewhere], states, at(0), ask_all=False).due == (elsewhere,)
    assert divide([beside, elsewhere], states, at(61), ask_all=False).due == (beside, elsewhere)


# What an answer changes


def test_validators_change_with_an_accepted_body_only() -> None:
    before = state(etag='"old"', last_modified="Sat", body_hash="old", failures=2)
    failed = decided(poll(before, "failed", 1, reason="timeout", etag='"x"'), NOTHING).state
    assert (failed.etag, failed.body_hash, failed.failures) == ('"old"', "old", 3)
    same = decided(poll(before, "unchanged", 1, etag='"x"', is_not_modified=True), NOTHING).state
    assert (same.etag, same.body_hash, same.failures) == ('"old"', "old", 0)
    new = decided(poll(before, when=1), NOTHING).state
    assert (new.etag, new.last_modified, new.body_hash) == ('"new"', "", "new")


def test_success_and_failure_are_dated() -> None:
    first = decided(poll(state(), when=10, entries=(entry("a"),)), NOTHING).state
    assert (first.polled_at, first.succeeded_at, first.new_at) == (at(10), at(10), at(10))
    second = decided(poll(first, "failed", 20, reason="timeout"), NOTHING).state
    assert (second.polled_at, second.succeeded_at, second.failures) == (at(20), at(10), 1)


def test_hints_are_kept_while_the_body_is_the_same() -> None:
    hints = FeedHints(7200, (1,), (6,))
    first = decided(poll(state(), hints=hints, site_url="https://herald.example/"), NOTHING).state
    again = decided(poll(first, "unchanged", 1, is_not_modified=True), NOTHING).state
    assert (again.hint_seconds, again.skip_hours, again.skip_days) == (7200, (1,), (6,))
    assert again.site_url == "https://herald.example/"
    assert again.next_poll_at is not None
    assert again.next_poll_at >= at(7200)


def test_news_without_overlap_is_an_overrun() -> None:
    read = state(body_hash="old")
    a, b, c = entry("a"), entry("b"), entry("c")
    assert decided(poll(read, entries=(b, c)), known(a)).state.overruns == 1
    assert decided(poll(read, entries=(a, b)), known(a)).state.overruns == 0
    assert decided(poll(state(), entries=(a, b)), NOTHING).state.overruns == 0
    assert decided(poll(read, entries=()), NOTHING).state.overruns == 0


# 304s that lie


def test_a_body_is_asked_for_once_a_day_and_after_many_304s() -> None:
    assert not wants_body(state(body_at=at(0)), at(HOUR))
    assert wants_body(state(body_at=at(0)), at(DAY))
    assert wants_body(state(body_at=at(0), unchanged_304s=50), at(1))


def lie(**facts: object) -> int:
    before = state(etag='"1"', body_hash="old", unchanged_304s=2, succeeded_at=at(0))
    given = {"etag": '"1"', "is_unconditional": True, "entries": (entry("new"), entry("old"))}
    made = poll(before, when=HOUR, **(given | facts))  # type: ignore[arg-type]
    return decided(made, known(entry("old"))).state.lied_304s


def test_new_entries_under_an_old_validator_show_that_304_lied() -> None:
    assert lie() == 1
    assert lie(etag='"2"') == 0
    assert lie(etag='"2"', entries=(entry("new", dated=at(-60)),)) == 1
    assert lie(etag='"2"', entries=(entry("new", dated=at(60)),)) == 0
    assert lie(entries=(entry("old"),)) == 0, "a new date on the same list is no lie"
    assert lie(is_unconditional=False) == 0


def test_a_feed_that_lied_twice_is_always_asked_for_its_body() -> None:
    assert not wants_body(state(lied_304s=1), at(0))
    assert wants_body(state(lied_304s=2), at(0))


# Moves


def polled_through(before: FeedState, target: str, *hours: float) -> FeedState:
    for hour in hours:
        before = decided(
            poll(before, "unchanged", hour * HOUR, moved_to=target, is_not_modified=True), NOTHING
        ).state
    return before


NEW = "https://new.example/rss"


@pytest.mark.parametrize(
    ("hours", "is_believed"),
    [((0, 1, 2, 3), False), ((0, 25), False), ((0, 1, 23.9), False), ((0, 1, 24), True)],
    ids=["too soon", "too seldom", "nearly a day", "three in a day"],
)
def test_a_permanent_redirect_is_believed_when_it_lasts(
    hours: tuple[float, ...], is_believed: bool
) -> None:
    after = polled_through(state(), NEW, *hours)
    assert after.fetch_url == (NEW if is_believed else "")
    assert after.moved_to == ("" if is_believed else NEW)


def test_a_redirect_that_ends_or_leads_elsewhere_starts_anew() -> None:
    once = polled_through(state(), NEW, 0, 1)
    ended = decided(poll(once, "unchanged", 2 * HOUR, is_not_modified=True), NOTHING).state
    assert (ended.moved_to, ended.moved_times) == ("", 0)
    other = polled_through(once, "https://other.example/rss", 24)
    assert (other.moved_times, other.fetch_url) == (1, "")


def test_a_failure_between_does_not_end_the_trial() -> None:
    once = polled_through(state(), NEW, 0, 1)
    failed = decided(poll(once, "failed", 2 * HOUR, reason="timeout"), NOTHING).state
    assert polled_through(failed, NEW, 24).fetch_url == NEW


def test_when_the_new_address_is_lost_the_old_one_is_asked_again() -> None:
    moved = state(fetch_url=NEW)
    for status in (404, 410):
        after = decided(poll(moved, "failed", 0, reason="gone", http_status=status), NOTHING).state
        assert (after.fetch_url, after.is_muted) == ("", False)
    assert decided(poll(moved, "failed", 0, reason="timeout"), NOTHING).state.fetch_url == NEW


def test_410_mutes_and_404_does_not() -> None:
    gone = decided(poll(state(), "failed", 0, reason="gone", http_status=410), NOTHING).state
    assert gone.is_muted
    lost = decided(poll(state(), "failed", 0, reason="gone", http_status=404), NOTHING).state
    assert not lost.is_muted


def test_retry_after_is_remembered_until_the_feed_answers() -> None:
    busy = poll(state(), "failed", 0, reason="http_busy", http_status=503, retry_after_seconds=600)
    told = decided(busy, NOTHING).state
    assert told.busy_until == at(600)
    assert decided(poll(told, when=700), NOTHING).state.busy_until is None


# Renumbered entries


def test_a_feed_that_renumbers_its_entries_gets_ids_from_links_for_good() -> None:
    old = [entry(slug, f"old-{slug}") for slug in "abcd"]
    new = tuple(entry(slug, f"new-{slug}") for slug in "abcde")
    storm = decided(poll(state(body_hash="old"), entries=new), known(*old))
    assert storm.state.has_broken_guids
    assert storm.state.overruns == 0
    assert [e.id for e in storm.entries] == [hash_of(URL, e.canonical_url) for e in new]
    calm = decided(poll(storm.state, entries=new), known(*storm.entries))
    assert [e.id for e in calm.entries] == [e.id for e in storm.entries]


def test_a_renumbered_entry_or_two_is_no_storm() -> None:
    old = [entry(slug) for slug in "abcdef"]
    new = (entry("a", "again"), entry("b", "again"), *old[2:])
    assert not decided(poll(state(), entries=new), known(*old)).state.has_broken_guids


def test_the_state_is_replaced_as_a_whole_and_the_facts_stay() -> None:
    before = state(failures=1)
    made = poll(before, entries=(entry("a"),))
    after = decided(made, NOTHING)
    assert replace(after, state=before) == made
