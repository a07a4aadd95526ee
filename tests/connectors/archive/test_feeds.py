from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import Engine, event, select

from connectors.archive import Archive
from connectors.archive.entries import MAX_ATTEMPTS
from connectors.archive.tables import entries
from schemas.feed import FeedState
from schemas.outcome import Reason
from support.dossiers import (
    FEED,
    NOON,
    after,
    dead_letter,
    dossier,
    entry,
    poll,
    skip,
    some_id,
)


def test_new_entries_are_due_oldest_seen_first(archive: Archive) -> None:
    late, early = entry("late", seen_at=after(5)), entry("early", seen_at=after(1))
    assert archive.feeds.record_poll(poll(late, early)) == [early, late]


def test_what_was_read_or_skipped_is_not_due_again(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("read"), entry("skipped"), entry("left")))
    archive.dossiers.store_dossier(dossier("read"))
    archive.dossiers.store_skip(skip("skipped"))
    assert archive.feeds.record_poll(poll(status="unchanged", at=after(60))) == [entry("left")]


def test_what_is_listed_with_a_later_time_is_read_again(archive: Archive) -> None:
    """A live page grows, a stub becomes a report, a correction takes words back."""
    first = dataclasses.replace(entry("live"), stated_published_at=NOON)
    archive.feeds.record_poll(poll(first))
    archive.dossiers.store_dossier(dossier("live"))
    same = poll(first, at=after(60))
    assert archive.feeds.record_poll(same) == []
    later = dataclasses.replace(first, stated_published_at=after(5))
    assert archive.feeds.record_poll(poll(later, at=after(120))) == [later]
    week_later = dataclasses.replace(first, stated_published_at=after(8 * 86_400))
    archive.dossiers.store_dossier(dossier("live"))
    assert archive.feeds.record_poll(poll(week_later, at=after(8 * 86_400))) == []


def test_a_failed_poll_still_gives_what_a_crash_left_pending(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("left")))
    assert archive.feeds.record_poll(poll(status="failed", at=after(60), reason="timeout")) == [
        entry("left")
    ]


def test_an_entry_seen_again_keeps_when_it_was_first_seen(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    again = poll(entry("talks", seen_at=after(60)), at=after(60))
    assert archive.feeds.record_poll(again) == [entry("talks")]


def test_another_entry_for_a_known_article_is_never_due(archive: Archive) -> None:
    first, twin = entry("talks"), entry("talks", guid="renumbered")
    assert archive.feeds.record_poll(poll(first, twin)) == [first]
    elsewhere = "https://courier.example/feed.xml"
    copied = poll(entry("talks", feed=elsewhere), feed=elsewhere)
    assert archive.feeds.record_poll(copied) == []
    assert archive.entries.counts() == {("pending", ""): 1, ("skipped", "duplicate_entry"): 2}


def test_an_entry_given_by_hand_and_never_read_hides_no_other(archive: Archive) -> None:
    given = entry("talks", feed="")
    archive.entries.record_input([given])
    assert archive.feeds.record_poll(poll(entry("talks"))) == [entry("talks")]


def test_an_entry_that_failed_does_not_make_another_its_duplicate(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    archive.dossiers.store_dead_letter(dead_letter("talks", "gone"))
    moved = entry("talks", feed="https://herald.example/new.xml")
    assert archive.feeds.record_poll(poll(moved, feed=moved.feed_url)) == [moved]


def test_entries_without_an_address_are_not_each_others_duplicates(archive: Archive) -> None:
    nowhere = [
        dataclasses.replace(entry(slug), url="", canonical_url="") for slug in ("one", "two")
    ]
    assert len(archive.feeds.record_poll(poll(*nowhere))) == 2


@pytest.mark.parametrize(("reason", "is_due"), [("timeout", True), ("gone", False)])
def test_only_failures_that_may_pass_are_due_again(
    archive: Archive, reason: str, is_due: bool
) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    archive.dossiers.store_dead_letter(dead_letter("talks", reason))  # type: ignore[arg-type]
    due = archive.feeds.record_poll(poll(status="unchanged", at=after(60)))
    assert due == ([entry("talks")] if is_due else [])


def test_a_page_is_given_up_after_so_many_attempts_but_not_on_its_first_day(
    archive: Archive,
) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    day = 24 * 3600
    for attempt, seconds in enumerate([1, 2, 3, 4, 5, 6, day - 60, day + 60], 1):
        archive.dossiers.store_dead_letter(dead_letter("talks", at=after(seconds)))
        due = archive.feeds.record_poll(poll(status="unchanged", at=after(seconds)))
        assert bool(due) == (seconds < day), attempt


def test_a_page_seen_long_ago_is_tried_so_many_times(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    for attempt in range(1, MAX_ATTEMPTS + 1):
        at = after((1 + attempt) * 24 * 3600)
        archive.dossiers.store_dead_letter(dead_letter("talks", at=at))
        due = archive.feeds.record_poll(poll(status="unchanged", at=at))
        assert bool(due) == (attempt < MAX_ATTEMPTS)


def test_a_page_behind_a_wall_is_tried_once_more(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("wall"), entry("refused")))
    for attempt in (1, 2):
        archive.dossiers.store_skip(skip("wall", "gated"))
        archive.dossiers.store_dead_letter(dead_letter("refused", "gated", at=after(attempt)))
        due = archive.feeds.record_poll(poll(status="unchanged", at=after(attempt)))
        assert set(due) == ({entry("wall"), entry("refused")} if attempt == 1 else set())


def test_a_failure_written_twice_is_one_attempt(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    for _ in range(MAX_ATTEMPTS):
        archive.dossiers.store_dead_letter(dead_letter("talks"))
    assert archive.feeds.record_poll(poll(status="unchanged", at=after(60))) == [entry("talks")]


def test_a_state_comes_back_as_it_was_stored(archive: Archive) -> None:
    whole = FeedState(
        FEED,
        'W/"1"',
        "Sat",
        "b",
        polled_at=NOON,
        succeeded_at=after(-60),
        failures=2,
        interval_seconds=600,
        next_poll_at=after(600),
        on_time=1,
        hint_seconds=300,
        skip_hours=(0, 23),
        skip_days=(6,),
        busy_until=after(30),
        body_at=after(-60),
        unchanged_304s=3,
        lied_304s=1,
        new_at=after(-90),
        overruns=1,
        is_muted=True,
        has_broken_guids=True,
        site_url="https://herald.example/",
        fetch_url="https://herald.example/new.xml",
        moved_to="https://herald.example/newer.xml",
        moved_times=1,
        moved_since=NOON,
    )
    archive.feeds.record_poll(dataclasses.replace(poll(), state=whole))
    assert archive.feeds.feed_states([FEED, "https://unknown.example/"]) == {FEED: whole}


def test_a_poll_not_later_than_the_last_changes_no_state(archive: Archive) -> None:
    archive.feeds.record_poll(poll(at=after(60), etag='"late"'))
    for at in (NOON, after(60)):
        archive.feeds.record_poll(poll(at=at, etag='"early"'))
    assert archive.feeds.feed_states([FEED])[FEED].etag == '"late"'


def test_known_are_the_ids_and_links_that_this_feed_listed_before(archive: Archive) -> None:
    elsewhere = "https://courier.example/feed.xml"
    archive.feeds.record_poll(poll(entry("talks"), entry("floods")))
    archive.feeds.record_poll(poll(entry("harvest", feed=elsewhere), feed=elsewhere))
    again, renumbered = entry("talks"), entry("floods", guid="renumbered")
    ids, urls = archive.feeds.known_entries([again, renumbered, entry("harvest"), entry("new")])
    assert ids == {again.id}
    assert urls == {again.canonical_url, renumbered.canonical_url}
    assert archive.feeds.known_entries([]) == (set(), set())


def test_what_feeds_left_unread_is_due_without_a_poll(archive: Archive) -> None:
    elsewhere = "https://courier.example/feed.xml"
    archive.feeds.record_poll(poll(entry("failed"), entry("read"), entry("gone")))
    archive.feeds.record_poll(poll(entry("left", feed=elsewhere), feed=elsewhere))
    archive.dossiers.store_dossier(dossier("read"))
    archive.dossiers.store_dead_letter(dead_letter("failed", "timeout"))
    archive.dossiers.store_dead_letter(dead_letter("gone", "gone"))
    assert set(archive.feeds.claim_due([FEED, elsewhere], after(60))) == {
        entry("failed"),
        entry("left", feed=elsewhere),
    }
    assert archive.feeds.claim_due([], after(60)) == []


def test_a_retry_makes_failing_feeds_due_and_leaves_the_others(archive: Archive) -> None:
    waits = {"next_poll_at": after(600), "busy_until": after(600), "is_muted": True}
    failing = poll(status="failed", reason="gone")
    archive.feeds.record_poll(
        dataclasses.replace(failing, state=dataclasses.replace(failing.state, **waits))
    )
    well = "https://courier.example/feed.xml"
    healthy = poll(feed=well)
    archive.feeds.record_poll(
        dataclasses.replace(
            healthy, state=dataclasses.replace(healthy.state, next_poll_at=after(600))
        )
    )
    assert archive.dead_letters.retry() == 1
    states = archive.feeds.feed_states([FEED, well])
    assert (states[FEED].next_poll_at, states[FEED].busy_until) == (None, None)
    assert (states[FEED].is_muted, states[FEED].etag) == (False, "")
    assert states[well] == dataclasses.replace(healthy.state, next_poll_at=after(600))


def test_validators_and_entries_are_stored_together_or_not_at_all(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("connectors.archive.entries.Entries.claim_due", fail)
        with pytest.raises(RuntimeError, match="killed"):
            archive.feeds.record_poll(poll(entry("talks")))
    assert archive.feeds.feed_states([FEED]) == {}
    assert archive.entries.counts() == {}


def test_health_tells_the_last_failure_and_forgets_it_after_a_success(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("one"), entry("two")))
    archive.feeds.record_poll(poll(status="failed", at=after(60), reason="timeout"))
    (health,) = archive.feeds.health()
    assert (health.state.failures, health.reason, health.message) == (1, "timeout", "poll timeout")
    assert (health.title, health.publisher, health.entries) == ("Herald", "The Harbour Herald", 2)
    archive.feeds.record_poll(poll(status="unchanged", at=after(120)))
    (health,) = archive.feeds.health()
    assert (health.state.failures, health.reason, health.message) == (0, "", "")
    assert (health.state.polled_at, health.state.succeeded_at) == (after(120), after(120))


def test_hundreds_of_entries_fit_in_one_poll(archive: Archive) -> None:
    listed = [entry(f"talks-{number}", seen_at=after(number)) for number in range(1200)]
    assert archive.feeds.record_poll(poll(*listed)) == listed
    assert archive.feeds.record_poll(poll(*listed, at=after(60))) == listed


def test_text_that_no_database_takes_is_mended_in_place(archive: Archive) -> None:
    hostile = dataclasses.replace(entry("talks"), title="a\x00b\ud800c", id=some_id("hostile"))
    (due,) = archive.feeds.record_poll(poll(hostile))
    assert due.title == "a\ufffdb\ufffdc"


def test_an_entry_that_comes_by_a_queue_is_the_one_of_its_feed_and_address(
    archive: Archive,
) -> None:
    polled = entry("talks")
    sent = dataclasses.replace(polled, id=some_id("queue"), title="Lies")
    archive.feeds.record_poll(poll(polled))
    assert archive.entries.accept([sent, sent], NOON) == [polled]  # it came before it was marked
    archive.entries.mark_published([polled.id], NOON)
    assert archive.entries.accept([sent], NOON) == [polled]
    archive.dossiers.store_skip(skip("talks"))
    assert archive.entries.accept([sent], NOON) == []
    assert archive.entries.counts() == {("skipped", "no_watch_terms"): 1}


def test_an_entry_of_a_queue_hides_none_of_another_feed(archive: Archive) -> None:
    polled = entry("talks")
    claimed = dataclasses.replace(polled, id=some_id("queue"), canonical_url="https://b.example/")
    assert archive.entries.accept([claimed], NOON) == [claimed]
    assert archive.feeds.record_poll(poll(polled)) == [claimed, polled]


MINUTE, HOUR, DAY = 60, 3600, 86_400


def due_at(archive: Archive, seconds: int) -> bool:
    return bool(archive.feeds.record_poll(poll(status="unchanged", at=after(seconds))))


@pytest.mark.parametrize("reason", ["not_found", "needs_script", "too_short"])
def test_a_page_without_its_article_is_read_again_at_widening_intervals(
    archive: Archive, reason: Reason
) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    at = 0
    for wait in (0, 15 * MINUTE, 2 * HOUR, DAY):
        archive.dossiers.store_skip(skip("talks", reason, at=after(at)))
        assert wait == 0 or not due_at(archive, at + wait - 1)
        assert due_at(archive, at + wait)
        at += wait
    archive.dossiers.store_skip(skip("talks", reason, at=after(at)))
    assert not due_at(archive, at + 3 * DAY)


def test_an_articles_page_that_alerted_is_read_again_by_its_version(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks"), entry("quiet")))
    told = dossier("talks", "No deal yet.")
    version = {"etag": '"7"', "last_modified": "Mon"}
    told = dataclasses.replace(told, article=dataclasses.replace(told.article, **version))
    archive.dossiers.store_dossier(told)
    archive.dossiers.store_dossier(dossier("quiet"))
    assert not due_at(archive, 15 * MINUTE - 1)
    (again,) = archive.feeds.record_poll(poll(status="unchanged", at=after(HOUR)))
    assert (again.etag, again.last_modified) == ('"7"', "Mon")
    archive.dossiers.store_skip(skip("talks", "unchanged", at=after(HOUR)))
    (again,) = archive.feeds.record_poll(poll(status="unchanged", at=after(2 * HOUR)))
    assert again.etag == '"7"'


@pytest.mark.parametrize("field", ["title", "summary", "content", "revision"])
def test_an_entry_that_the_feed_rewords_is_read_again_as_it_stands_now(
    archive: Archive, field: str
) -> None:
    first = dataclasses.replace(entry("talks"), revision="1")
    archive.feeds.record_poll(poll(first))
    archive.dossiers.store_dossier(dossier("talks"))
    assert archive.feeds.record_poll(poll(first, at=after(60))) == []
    later = dataclasses.replace(first, revision="2")
    later = dataclasses.replace(later, **{field: "2"})
    assert archive.feeds.record_poll(poll(later, at=after(120))) == [later]


def test_a_feed_that_rewords_at_every_poll_is_followed_slowly(archive: Archive) -> None:
    readings = 0
    for minute in range(60):
        now = dataclasses.replace(entry("talks"), revision=str(minute))
        readings += len(archive.feeds.record_poll(poll(now, at=after(minute * MINUTE))))
        archive.dossiers.store_dossier(dossier("talks", fetched_at=after(minute * MINUTE)))
    assert 4 <= readings <= 10


def test_the_feeds_text_is_kept_while_the_page_may_be_read_again(archive: Archive) -> None:
    whole = dataclasses.replace(entry("talks"), content="<p>Talks")
    assert archive.feeds.record_poll(poll(whole)) == [whole]
    archive.dossiers.store_skip(skip("talks", "gated"))
    assert archive.feeds.record_poll(poll(status="unchanged", at=after(1))) == [whole]
    archive.dossiers.store_dossier(dossier("talks"))
    with archive.database.reading() as connection:
        assert list(connection.execute(select(entries.c.content)).scalars()) == [""]


def test_an_address_is_looked_for_in_an_index(archive: Archive) -> None:
    """However many entries there are, none is read that has another address."""
    asked: list[str] = []
    event.listen(Engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    archive.feeds.record_poll(poll(entry("talks")))
    archive.entries.known([entry("talks")])
    lookups = [sql for sql in asked if "canonical_url = anon_1.value" in sql]
    assert len(lookups) == 2
    with archive.database.reading() as connection:
        if connection.dialect.name == "sqlite":
            for sql in lookups:
                values = tuple(["x"] * sql.count("?"))
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
                assert any("(canonical_url=?" in row.detail for row in rows), sql
