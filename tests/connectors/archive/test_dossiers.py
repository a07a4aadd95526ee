from __future__ import annotations

import contextlib
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connectors.archive import Archive, open_archive
from schemas.dossier import Dossier
from schemas.statement import Statement
from support.dossiers import (
    NOON,
    TERMS,
    VALEK,
    WATCH,
    after,
    article,
    dossier,
    entry,
    occurrence,
    poll,
    skip,
    some_id,
)


def remembered(archive: Archive) -> list[Statement]:
    """All that memory holds, in order of time, address and place."""
    at: dict[str, Any] = {"since": NOON - 86400, "until": NOON + 86400}
    ids = archive.memory.sharing(TERMS, **at)
    found = archive.memory.recall("valek", ids=ids, article_id="", **at)
    return sorted(found, key=lambda s: (s.said_at.micros, s.article_url, s.position))


def test_a_reading_becomes_memory(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("talks", "No deal yet.", "Wait for spring."))
    said = {"article_id": article("talks").id, "article_url": "https://herald.example/talks"}
    said |= {"publisher": "The Harbour Herald", "name_key": "valek", "speaker": "Irena Valek"}
    assert remembered(archive) == [
        Statement(some_id("valek", words), text=words, said_at=after(-3600), position=at, **said)  # type: ignore[arg-type]
        for words, at in [("No deal yet.", 0), ("Wait for spring.", 13)]
    ]
    assert archive.memory.recall("lorenz", ids=(), article_id="", since=NOON, until=NOON) == []


def test_an_article_is_read_with_the_text_that_was_archived(archive: Archive) -> None:
    stored = dossier("talks", "No deal yet.")
    assert not archive.memory.is_read(stored.article.id, stored.article.text_hash)
    archive.dossiers.store_dossier(stored)
    assert archive.memory.is_read(stored.article.id, stored.article.text_hash)
    assert not archive.memory.is_read(stored.article.id, some_id("another text"))


def test_only_alerts_that_were_not_there_come_back(archive: Archive) -> None:
    stored = dossier("talks", "No deal yet.")
    assert archive.dossiers.store_dossier(stored) == list(stored.alerts)
    assert archive.dossiers.store_dossier(stored) == []
    assert (
        archive.memory.alerts_on(stored.article.id) == archive.alerts.all() == list(stored.alerts)
    )


def test_the_entry_is_settled_with_the_reading(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks"), entry("other")))
    archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
    assert archive.entries.counts() == {("pending", ""): 1, ("read", ""): 1}


def test_an_article_in_which_nothing_is_said_is_archived(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("quiet"))
    assert archive.memory.is_read(article("quiet").id, article("quiet").text_hash)


@pytest.mark.parametrize(
    "step",
    ["dossiers.Dossiers._store_occurrences", "alerts.Alerts.record", "entries.Entries.settle"],
)
def test_an_error_in_the_middle_leaves_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    archive.feeds.record_poll(poll(entry("talks")))
    stored = dossier("talks", "No deal yet.")
    with monkeypatch.context() as patch:
        patch.setattr(f"connectors.archive.{step}", fail)
        with pytest.raises(RuntimeError, match="killed"):
            archive.dossiers.store_dossier(stored)
    assert not archive.memory.is_read(stored.article.id, stored.article.text_hash)
    assert remembered(archive) == archive.alerts.all() == [*archive.statements.all()] == []
    assert archive.entries.counts() == {("pending", ""): 1}
    assert archive.dossiers.store_dossier(stored) == list(stored.alerts)


def test_what_was_not_judged_is_not_archived(archive: Archive) -> None:
    stored = dossier("talks", "No deal yet.")
    (commentary,) = stored.commentaries
    raw = dataclasses.replace(commentary.occurrences[0], verdict=None)
    unjudged = dataclasses.replace(commentary, occurrences=[raw])
    with pytest.raises(ValueError, match=r"herald.example/talks: 'No deal yet.' was not judged"):
        archive.dossiers.store_dossier(dataclasses.replace(stored, commentaries=[unjudged]))
    assert not archive.memory.is_read(stored.article.id, stored.article.text_hash)


def _copy(slug: str, words: str) -> Dossier:
    """Another article that repeats the words."""
    fresh = dossier(slug, words, alerts=False)
    repeated = occurrence(slug, words, statement=words)
    (commentary,) = fresh.commentaries
    return dataclasses.replace(
        fresh, commentaries=[dataclasses.replace(commentary, occurrences=[repeated])]
    )


def test_a_copy_is_one_more_occurrence_of_the_same_statement(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
    archive.dossiers.store_dossier(_copy("copy", "No deal yet."))
    (statement,) = remembered(archive)
    assert statement.article_url == "https://herald.example/talks"
    assert archive.memory.occurrence_counts([statement.id, "unknown"]) == {statement.id: 2}
    assert [(s.article_url[-5:], s.novelty, s.is_first) for s in archive.statements.all()] == [
        ("/copy", "repeated", True),  # of one time, the first by address is the original
        ("talks", "new", False),
    ]


def test_the_listing_of_statements_tells_all_of_each(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
    (listed,) = archive.statements.all(WATCH)
    said = occurrence("talks", "No deal yet.")
    assert listed.statement_id == some_id("valek", "No deal yet.")
    assert (listed.speaker, listed.name_key, listed.category) == ("Irena Valek", "valek", "expert")
    assert (listed.text, listed.content) == (said.text, said.attribution.quotation.spans)
    assert listed.is_alertworthy
    assert listed.published_at == after(-3600)
    assert listed.nearest is None
    assert [*archive.statements.all("another-watch")] == []


def test_an_edit_withdraws_what_it_removed_and_moves_what_it_kept(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("talks", "No deal yet.", "Wait for spring."))
    archive.dossiers.store_dossier(
        dossier("talks", "Wait for spring.", "Then see.", fetched_at=after(60))
    )
    assert [(s.text, s.is_first) for s in archive.statements.all()] == [
        ("Wait for spring.", True),
        ("Then see.", True),
    ]
    assert len(remembered(archive)) == 3  # memory keeps what was once said
    counts = archive.memory.occurrence_counts([s.id for s in remembered(archive)])
    assert sum(counts.values()) == 2


def test_an_older_revision_that_comes_late_does_not_stand(archive: Archive) -> None:
    old = dossier("talks", "No deal yet.")
    new = dossier("talks", "Wait for spring.", fetched_at=after(60))
    archive.dossiers.store_dossier(new)
    archive.dossiers.store_dossier(old)
    assert [s.text for s in archive.statements.all()] == ["Wait for spring."]
    assert archive.memory.is_read(new.article.id, new.article.text_hash)
    assert len(remembered(archive)) == 2


def test_words_that_an_edit_brings_back_stand_again(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
    archive.dossiers.store_dossier(dossier("talks", fetched_at=after(60)))
    assert [*archive.statements.all()] == []
    archive.dossiers.store_dossier(dossier("talks", "No deal yet.", fetched_at=after(120)))
    assert [s.text for s in archive.statements.all()] == ["No deal yet."]


def test_memory_knows_which_watches_were_told_of_a_statement(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("sure", "No deal yet."))
    archive.dossiers.store_dossier(
        dossier("unsure", "Wait for spring.", is_held=True, alerts=False)
    )
    told = {s.text: archive.memory.told([s.statement_id]) for s in archive.statements.all()}
    assert [*told["No deal yet."].values()] == [{WATCH}]
    assert told["Wait for spring."] == {}
    archive.dossiers.store_dossier(dossier("sure", fetched_at=after(60)))  # the words are gone
    assert [*archive.memory.told([*told["No deal yet."]]).values()] == [{WATCH}]


def test_what_is_held_is_listed_with_its_article(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("sure", "No deal yet."))
    archive.dossiers.store_dossier(
        dossier("unsure", "Wait for spring.", is_held=True, alerts=False)
    )
    (held,) = archive.held.all(WATCH)
    assert (held.watch, held.occurrence.text) == (WATCH, "Wait for spring.")
    assert (held.article_title, held.speaker) == ("Unsure", VALEK)
    said = occurrence("unsure", "Wait for spring.", is_held=True)
    assert held.occurrence == dataclasses.replace(said, terms=())
    assert archive.held.all("another-watch") == []
    assert archive.held.all(since=after(1)) == []
    assert archive.held.all(since=NOON) == [held]


def test_progress_counts_what_was_touched_since(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("old"), at=after(-60)))
    archive.dossiers.store_skip(skip("old", at=after(-59)))
    archive.feeds.record_poll(poll(entry("one"), entry("two"), at=after(10)))
    assert archive.entries.progress(after(10)) == {"pending": 2}
    archive.dossiers.store_dossier(dossier("one", fetched_at=NOON))  # a clock that was behind
    archive.dossiers.store_skip(skip("two", "gated", at=after(12)))
    assert archive.entries.progress(after(10)) == {"read": 1, "skipped": 1}
    assert archive.entries.counts(after(10)) == {("read", ""): 1, ("skipped", "gated"): 1}


def test_the_original_is_the_place_published_first(archive: Archive) -> None:
    first, later = dossier("talks", "No deal yet."), _copy("agency", "No deal yet.")
    earlier = dataclasses.replace(later.article, published_at=after(-7200))
    archive.dossiers.store_dossier(first)
    archive.dossiers.store_dossier(dataclasses.replace(later, article=earlier))
    listed = [(s.article_url[-6:], s.is_first) for s in archive.statements.all(by_statement=True)]
    assert listed == [("agency", True), ("/talks", False)]
    (statement,) = remembered(archive)
    assert (
        statement.id
        == listed_id(archive)
        == first.commentaries[0].occurrences[0].verdict.statement_id
    )


def listed_id(archive: Archive) -> str:
    """The id of the one statement in the archive."""
    (id_,) = {s.statement_id for s in archive.statements.all()}
    return id_


def test_a_text_that_was_read_gives_its_annotation_to_a_copy(archive: Archive) -> None:
    first = dossier("talks", "No deal yet.", "Wait for spring.")
    copy = dataclasses.replace(article("copy"), text_hash=first.article.text_hash)
    assert archive.memory.annotation_of(copy) is None
    assert archive.memory.same_text(copy) == ""
    archive.dossiers.store_dossier(first)
    found = archive.memory.annotation_of(copy)
    assert (found.article, found.tags) == (copy, first.tags)
    said = first.commentaries[0].occurrences
    assert found.attributions == tuple(occurrence.attribution for occurrence in said)
    assert archive.memory.same_text(copy) == first.article.url
    assert archive.memory.same_text(first.article) == ""
    assert archive.memory.annotation_of(first.article) is None


def test_places_and_what_was_said_before(archive: Archive) -> None:
    for slug, words, published in [("a", "No deal yet.", -300), ("b", "Wait for spring.", -200)]:
        made = dossier(slug, words)
        dated = dataclasses.replace(made.article, published_at=after(published))
        archive.dossiers.store_dossier(dataclasses.replace(made, article=dated))
    archive.dossiers.store_dossier(_copy("copy", "No deal yet."))
    first, second = remembered(archive)
    places = [(p.article_url[-4:], p.publisher) for p in archive.statements.places([first.id])]
    assert places == [("copy", "The Harbour Herald"), ("le/a", "The Harbour Herald")]
    before = archive.statements.said_before(second.id, after(-200))
    assert [(s.id, topics) for s, topics in before] == [(first.id, ("ceasefire",))]
    assert archive.statements.said_before(first.id, after(-300)) == []


def test_what_another_process_told_meanwhile_is_not_told_again(url: str, archive: Archive) -> None:
    first, second = dossier("talks", "No deal yet."), dossier("copy", "No deal yet.")
    both = dossier("more", "No deal yet.", "Wait for spring.")
    with contextlib.closing(open_archive(url, {WATCH: ["terminal"]})) as other:
        assert archive.dossiers.store_dossier(first) == list(first.alerts)
        assert other.dossiers.store_dossier(second) == []
        assert other.dossiers.store_dossier(both) == list(both.alerts)
        for each in (first, second, both):
            assert other.dossiers.store_dossier(each) == []
    assert archive.alerts.all() == [*first.alerts, *both.alerts]
    assert archive.memory.is_read(second.article.id, second.article.text_hash)


def test_processes_that_store_the_same_at_once_tell_it_once(url: str, archive: Archive) -> None:
    stored = [dossier(f"copy-{n}", "No deal yet.") for n in range(8)]

    def store(each: Dossier) -> int:
        with contextlib.closing(open_archive(url)) as other:
            return len(other.dossiers.store_dossier(each))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(store, stored)) == 1
    assert len(archive.alerts.all()) == 1


def test_what_was_repeated_before_it_was_stored_is_told_all_the_same(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("copy", "No deal yet.", alerts=False))
    first = dossier("talks", "No deal yet.")
    assert archive.dossiers.store_dossier(first) == list(first.alerts)


def test_what_was_told_to_another_watch_is_told(archive: Archive) -> None:
    first, second = dossier("talks", "No deal yet."), dossier("copy", "No deal yet.")
    archive.dossiers.store_dossier(first)
    (raised,) = second.alerts
    elsewhere = dataclasses.replace(raised, watch="elsewhere")
    assert archive.dossiers.store_dossier(dataclasses.replace(second, alerts=[elsewhere])) == [
        elsewhere
    ]
