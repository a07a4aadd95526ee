from __future__ import annotations

import dataclasses

from connectors.archive import Archive
from support.dossiers import (
    FEED,
    after,
    dead_letter,
    dossier,
    entry,
    poll,
    skip,
    some_id,
)


def test_a_failure_is_kept_and_its_entry_marked(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    archive.dossiers.store_dead_letter(dead_letter("talks", "gone"))
    assert archive.dead_letters.all() == [dead_letter("talks", "gone")]
    assert archive.entries.counts() == {("failed", "gone"): 1}


def test_the_last_failure_of_a_step_takes_the_place_of_the_one_before(archive: Archive) -> None:
    archive.dossiers.store_dead_letter(dead_letter("talks", "timeout"))
    archive.dossiers.store_dead_letter(dead_letter("talks", "gone", at=after(60)))
    assert archive.dead_letters.all() == [dead_letter("talks", "gone", at=after(60))]


def test_the_latest_failure_is_listed_first(archive: Archive) -> None:
    archive.dossiers.store_dead_letter(dead_letter("one"))
    archive.dossiers.store_dead_letter(dead_letter("two", at=after(60)))
    assert archive.dead_letters.all() == [dead_letter("two", at=after(60)), dead_letter("one")]


def test_a_later_success_ends_a_failure(archive: Archive) -> None:
    archive.feeds.record_poll(poll(*map(entry, ("read", "skipped", "failed"))))
    for slug in ("read", "skipped", "failed"):
        archive.dossiers.store_dead_letter(dead_letter(slug))
    archive.dossiers.store_dossier(dossier("read"))
    archive.dossiers.store_skip(skip("skipped"))
    assert archive.dead_letters.all() == [dead_letter("failed")]


def test_a_feed_that_answers_again_ends_its_failure(archive: Archive) -> None:
    failed = dataclasses.replace(dead_letter("x"), id=some_id("f"), key=FEED, entry_id="")
    archive.dossiers.store_dead_letter(failed)
    archive.feeds.record_poll(poll(status="failed", reason="timeout"))
    assert archive.dead_letters.all() == [failed]
    archive.feeds.record_poll(poll(status="unchanged", at=after(60)))
    assert archive.dead_letters.all() == []


def test_retry_makes_failed_and_gated_entries_due(archive: Archive) -> None:
    archive.feeds.record_poll(poll(*map(entry, ("gone", "gated", "off-topic", "read"))))
    archive.dossiers.store_dead_letter(dead_letter("gone", "gone"))
    archive.dossiers.store_skip(skip("gated", "gated"))
    archive.dossiers.store_skip(skip("off-topic"))
    archive.dossiers.store_dossier(dossier("read"))
    assert archive.dead_letters.retry() == 2
    assert archive.dead_letters.all() == []
    due = archive.feeds.record_poll(poll(status="unchanged", at=after(60)))
    assert {e.id for e in due} == {entry("gone").id, entry("gated").id}
    assert archive.dead_letters.retry() == 0


def test_retry_lets_a_failing_feed_answer_in_full(archive: Archive) -> None:
    archive.feeds.record_poll(poll())
    archive.feeds.record_poll(poll(status="failed", at=after(60), reason="not_a_feed"))
    assert archive.dead_letters.retry() == 1
    state = archive.feeds.feed_states([FEED])[FEED]
    assert (state.etag, state.last_modified, state.body_hash) == ("", "", "")


def test_retry_counts_attempts_anew(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    for attempt in range(9):
        archive.dossiers.store_dead_letter(dead_letter("talks", at=after(attempt)))
    archive.dead_letters.retry()
    archive.dossiers.store_dead_letter(dead_letter("talks", at=after(10)))
    assert archive.feeds.record_poll(poll(status="unchanged", at=after(60))) == [entry("talks")]
