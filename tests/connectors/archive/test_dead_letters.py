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
    archive.record_poll(poll(entry("talks")))
    archive.store_dead_letter(dead_letter("talks", "gone"))
    assert archive.dead_letters() == [dead_letter("talks", "gone")]
    assert archive.entry_counts() == {("failed", "gone"): 1}


def test_the_last_failure_of_a_step_takes_the_place_of_the_one_before(archive: Archive) -> None:
    archive.store_dead_letter(dead_letter("talks", "timeout"))
    archive.store_dead_letter(dead_letter("talks", "gone", at=after(60)))
    assert archive.dead_letters() == [dead_letter("talks", "gone", at=after(60))]


def test_the_latest_failure_is_listed_first(archive: Archive) -> None:
    archive.store_dead_letter(dead_letter("one"))
    archive.store_dead_letter(dead_letter("two", at=after(60)))
    assert archive.dead_letters() == [dead_letter("two", at=after(60)), dead_letter("one")]


def test_a_later_success_ends_a_failure(archive: Archive) -> None:
    archive.record_poll(poll(*map(entry, ("read", "skipped", "failed"))))
    for slug in ("read", "skipped", "failed"):
        archive.store_dead_letter(dead_letter(slug))
    archive.store_dossier(dossier("read"))
    archive.store_skip(skip("skipped"))
    assert archive.dead_letters() == [dead_letter("failed")]


def test_a_feed_that_answers_again_ends_its_failure(archive: Archive) -> None:
    failed = dataclasses.replace(dead_letter("x"), id=some_id("f"), key=FEED, entry_id="")
    archive.store_dead_letter(failed)
    archive.record_poll(poll(status="failed", reason="timeout"))
    assert archive.dead_letters() == [failed]
    archive.record_poll(poll(status="unchanged", at=after(60)))
    assert archive.dead_letters() == []


def test_retry_makes_failed_and_gated_entries_due(archive: Archive) -> None:
    archive.record_poll(poll(*map(entry, ("gone", "gated", "off-topic", "read"))))
    archive.store_dead_letter(dead_letter("gone", "gone"))
    archive.store_skip(skip("gated", "gated"))
    archive.store_skip(skip("off-topic"))
    archive.store_dossier(dossier("read"))
    assert archive.retry_dead_letters() == 2
    assert archive.dead_letters() == []
    due = archive.record_poll(poll(status="unchanged", at=after(60)))
    assert {e.id for e in due} == {entry("gone").id, entry("gated").id}
    assert archive.retry_dead_letters() == 0


def test_retry_lets_a_failing_feed_answer_in_full(archive: Archive) -> None:
    archive.record_poll(poll())
    archive.record_poll(poll(status="failed", at=after(60), reason="not_a_feed"))
    assert archive.retry_dead_letters() == 1
    state = archive.feed_states([FEED])[FEED]
    assert (state.etag, state.last_modified, state.body_hash) == ("", "", "")


def test_retry_counts_attempts_anew(archive: Archive) -> None:
    archive.record_poll(poll(entry("talks")))
    for attempt in range(9):
        archive.store_dead_letter(dead_letter("talks", at=after(attempt)))
    archive.retry_dead_letters()
    archive.store_dead_letter(dead_letter("talks", at=after(10)))
    assert archive.record_poll(poll(status="unchanged", at=after(60))) == [entry("talks")]
