from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Instant
from schemas.feed import Feed, FeedEntry, FeedPoll, FeedState
from transforms.core.feeds import rhythm
from transforms.core.feeds.rhythm import (
    DAY,
    FIRST_INTERVAL_SECONDS,
    HOUR,
    MAX_INTERVAL_SECONDS,
    MIN_INTERVAL_SECONDS,
    MINUTE,
)

URL = "https://herald.example/feed.xml"
MONDAY_NOON = 1_748_865_600  # 2 June 2025, 12:00 UTC


def at(seconds: float = 0) -> Instant:
    return Instant(MONDAY_NOON + seconds)


def state(**known: object) -> FeedState:
    return FeedState(URL, **known)  # type: ignore[arg-type]


def listed(count: int) -> tuple[FeedEntry, ...]:
    urls = [f"https://herald.example/{n}" for n in range(count)]
    return tuple(FeedEntry(url, URL, url, url, "", "", at()) for url in urls)


def poll(status: str = "changed", **facts: object) -> FeedPoll:
    given = {"state": state(), "polled_at": at()} | facts
    return FeedPoll(Feed(URL), status, **given)  # type: ignore[arg-type]


def wait_after(after: FeedState, made: FeedPoll) -> float:
    planned = rhythm.next_poll_at(state(), after, made)
    assert planned is not None
    return (planned.micros - made.polled_at.micros) / 1e6


@pytest.mark.parametrize(
    ("hint", "fresh", "expected"),
    [(0, 0, HOUR), (2 * HOUR, 0, 2 * HOUR), (0, 3 * HOUR, 3 * HOUR), (9 * DAY, 0, DAY)],
    ids=["own rhythm", "ttl", "Cache-Control", "a day at most"],
)
def test_what_the_feed_asks_is_a_lower_bound(hint: int, fresh: int, expected: int) -> None:
    wait = wait_after(state(interval_seconds=HOUR, hint_seconds=hint), poll(fresh_seconds=fresh))
    assert expected <= wait <= 1.1 * expected


def test_the_jitter_is_the_feeds_own_and_spreads_feeds_apart() -> None:
    waits = {
        wait_after(FeedState(f"https://{n}.example/rss", interval_seconds=HOUR), poll())
        for n in range(50)
    }
    assert len(waits) > 40
    assert wait_after(state(), poll()) == wait_after(state(), poll())


def test_hours_and_days_of_silence_are_waited_out() -> None:
    hours = state(interval_seconds=HOUR, skip_hours=(13, 14))
    assert rhythm.next_poll_at(state(), hours, poll()) == at(3 * HOUR)
    days = state(interval_seconds=HOUR, skip_days=(0,))
    assert rhythm.next_poll_at(state(), days, poll()) == at(12 * HOUR)


def test_a_feed_that_names_every_hour_is_asked_after_a_day() -> None:
    always = state(interval_seconds=HOUR, skip_hours=tuple(range(24)))
    assert rhythm.next_poll_at(state(), always, poll()) == at(DAY)


@pytest.mark.parametrize(("failures", "intervals"), [(2, 1), (3, 2), (4, 3), (99, 48)])
def test_failures_wait_longer_one_after_another(failures: int, intervals: int) -> None:
    after = state(interval_seconds=30 * MINUTE, failures=failures)
    wait = wait_after(after, poll("failed", reason="timeout"))
    expected = intervals * 30 * MINUTE
    assert expected <= wait <= 1.1 * expected


def test_the_first_failure_is_tried_again_by_the_next_run() -> None:
    after = state(failures=1)
    assert rhythm.next_poll_at(state(), after, poll("failed", reason="unreachable")) is None


def test_retry_after_is_honoured_and_cut_at_a_day() -> None:
    for asked, expected in ((7200, 7200), (99 * DAY, DAY)):
        busy = poll("failed", reason="http_busy", http_status=429, retry_after_seconds=asked)
        wait = wait_after(state(failures=1), busy)
        assert expected <= wait <= expected + HOUR


def test_a_feed_never_polled_is_due_and_a_muted_one_never() -> None:
    assert rhythm.is_due(state(), at())
    assert not rhythm.is_due(state(is_muted=True), at(99 * DAY))


def test_cron_may_come_a_minute_early() -> None:
    waits = state(next_poll_at=at(600))
    assert rhythm.is_due(waits, at(540))
    assert not rhythm.is_due(waits, at(539))


# The feed's own rhythm


def interval_after(
    known: int, of: int, *, late: float = 0, on_time: int = 1, **more: object
) -> int:
    before = state(
        interval_seconds=30 * MINUTE, next_poll_at=at(-late), on_time=on_time, body_hash="b", **more
    )
    return rhythm.interval_after(before, poll(entries=listed(of)), known)[0]


@pytest.mark.parametrize(
    ("known", "expected"),
    [(10, 40 * MINUTE), (7, 40 * MINUTE), (5, 30 * MINUTE), (3, 15 * MINUTE), (0, 15 * MINUTE)],
)
def test_the_share_of_known_entries_moves_the_interval(known: int, expected: int) -> None:
    assert interval_after(known, 10) == expected


def test_one_poll_alone_does_not_lengthen_the_interval() -> None:
    assert interval_after(10, 10, on_time=0) == 30 * MINUTE


def test_an_overrun_shortens_the_interval_at_once() -> None:
    assert interval_after(0, 10, on_time=0) == 15 * MINUTE


@pytest.mark.parametrize("late", [21 * MINUTE, -21 * MINUTE, 5 * DAY])
def test_a_poll_out_of_its_time_tells_nothing_about_the_rhythm(late: float) -> None:
    assert interval_after(0, 10, late=late) == 30 * MINUTE
    assert interval_after(10, 10, late=late) == 30 * MINUTE


def test_only_a_silent_feed_is_asked_less_than_hourly() -> None:
    busy = state(interval_seconds=HOUR, next_poll_at=at(), on_time=1)
    assert rhythm.interval_after(busy, poll("unchanged"), 0)[0] == MAX_INTERVAL_SECONDS
    silent = replace(busy, new_at=at(-40 * DAY))
    assert rhythm.interval_after(silent, poll("unchanged"), 0)[0] == 2 * HOUR


def test_a_silent_feed_that_speaks_again_is_hourly_at_once() -> None:
    silent = state(interval_seconds=DAY, next_poll_at=at(), body_hash="b", new_at=at(-40 * DAY))
    assert rhythm.interval_after(silent, poll(entries=listed(4)), 0)[0] == MAX_INTERVAL_SECONDS


@given(
    before=st.integers(0, DAY),
    late=st.integers(-DAY, DAY),
    of=st.integers(0, 9),
    known=st.integers(0, 9),
    failures=st.integers(1, 200),
    hint=st.integers(0, 10**6),
    asked=st.integers(0, 10**6),
    skips=st.sets(st.integers(0, 23)),
)
def test_no_feed_waits_longer_than_a_day_and_a_tenth(
    before: int,
    late: int,
    of: int,
    known: int,
    failures: int,
    hint: int,
    asked: int,
    skips: set[int],
) -> None:
    known_state = state(
        interval_seconds=before, next_poll_at=at(late), body_hash="b", skip_hours=tuple(skips)
    )
    interval, _ = rhythm.interval_after(known_state, poll(entries=listed(of)), min(known, of))
    assert interval in (before, FIRST_INTERVAL_SECONDS) or MIN_INTERVAL_SECONDS <= interval <= DAY
    after = replace(known_state, interval_seconds=interval, hint_seconds=hint, failures=failures)
    for made in (
        poll("unchanged"),
        poll("failed", reason="timeout"),
        poll("failed", reason="http_busy", retry_after_seconds=asked),
    ):
        planned = rhythm.next_poll_at(known_state, after, made)
        if planned is not None:
            assert 0 <= (planned.micros - made.polled_at.micros) / 1e6 <= 1.1 * DAY + HOUR


@pytest.mark.parametrize("days", [2, 30, 400, 40_000])
def test_a_plan_made_by_a_clock_that_ran_ahead_is_not_waited_for(days: int) -> None:
    state = FeedState("https://a.example/rss", next_poll_at=Instant(days * DAY))
    assert rhythm.is_due(state, Instant(0))
