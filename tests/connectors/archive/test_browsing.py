"""What people who look around an archive are shown of it."""

from __future__ import annotations

import dataclasses

from connectors.archive import Archive
from support.dossiers import VALEK, WATCH, after, article, dossier, occurrence, some_id


def store(archive: Archive, *slugs_and_words: tuple[str, str]) -> None:
    for slug, words in slugs_and_words:
        archive.dossiers.store_dossier(dossier(slug, words))


def test_a_statement_shows_all_its_places_the_first_published_first(archive: Archive) -> None:
    archive.dossiers.store_dossier(dossier("late", "No ferry runs.", alerts=False))
    early = dossier("early", "No ferry runs.", alerts=False)
    published = dataclasses.replace(early.article, published_at=after(-9000))
    archive.dossiers.store_dossier(dataclasses.replace(early, article=published))
    id_ = some_id("valek", "No ferry runs.")
    found = archive.browsing.places(id_)
    assert [place.article_title for place in found] == ["Early", "Late"]
    assert {place.statement_id for place in found} == {id_}
    assert found[0].speaker == VALEK
    assert archive.browsing.root(id_) == id_
    assert archive.browsing.root("unheard") is None
    assert archive.browsing.places("unheard") == []


def test_what_an_article_no_longer_holds_is_not_shown(archive: Archive) -> None:
    store(archive, ("quay", "The quay stays shut."))
    archive.dossiers.store_dossier(dossier("quay", fetched_at=after(60)))
    assert archive.browsing.places(some_id("valek", "The quay stays shut.")) == []
    assert archive.browsing.said_under("valek") == ([], None)
    assert archive.browsing.search("quay") == ([], None)


def test_an_article_shows_what_is_said_in_text_order(archive: Archive) -> None:
    stored = dossier("pier", "One pier.", "Two piers.")
    archive.dossiers.store_dossier(stored)
    found = archive.browsing.in_article(stored.article.id)
    assert [place.occurrence.text for place in found] == ["One pier.", "Two piers."]
    assert archive.dossiers.find_article(stored.article.id) == stored.article
    assert archive.dossiers.find_article("unheard") is None
    assert archive.alerts.on_articles([stored.article.id, "unheard"]) == [*stored.alerts]


def test_pages_of_statements_of_one_time_miss_none_and_repeat_none(archive: Archive) -> None:
    words = [f"Buoy number {number} is lit." for number in range(7)]
    archive.dossiers.store_dossier(dossier("buoys", *words))
    seen, following = [], None
    for _ in range(9):
        found, following = archive.browsing.said_under("valek", after=following, limit=3)
        seen += [places[0].occurrence.text for places in found]
        if following is None:
            break
    assert sorted(seen) == words


def test_the_search_takes_all_words_as_they_are_written(archive: Archive) -> None:
    store(archive, ("a", "Half the harbour is 50% full."), ("b", "The harbour is full."))

    def found(words: str = "", speaker: str = "") -> set[str]:
        said, _ = archive.browsing.search(words, speaker)
        return {places[0].article_title for places in said}

    assert found("HARBOUR full") == {"A", "B"}
    assert found("50% harbour") == {"A"}
    assert found("%") == {"A"}
    assert found("_") == set()
    assert found("harbour", "vale") == {"A", "B"}
    assert found("harbour", "Mirren") == set()


def test_latest_bundles_come_in_pages_the_one_added_to_last_first(archive: Archive) -> None:
    slugs = ["one", "two", "three", "four"]
    store(archive, *((slug, f"Said of {slug}.") for slug in slugs))
    added = dossier("one", "Said of one.", "And another thing.", fetched_at=after(5))
    archive.dossiers.store_dossier(added)
    page, more = archive.alerts.latest_bundles(limit=3)
    rest, end = archive.alerts.latest_bundles(before=more, limit=3)
    titles = [bundle.alerts[0].article.title for bundle in [*page, *rest]]
    assert titles == ["One", "Four", "Three", "Two"]
    assert len(page[0].alerts) == 2
    assert end is None
    assert archive.alerts.latest_bundles(WATCH, limit=4) == ([*page, *rest], None)
    assert archive.alerts.latest_bundles("another-watch") == ([], None)
    assert archive.alerts.watches() == [WATCH]


def test_counts_tell_how_much_there_is(archive: Archive) -> None:
    assert archive.browsing.counts() == (0, 0, 0)
    store(archive, ("one", "Said here."))
    repeated = occurrence("two", "Said here.", statement="Said here.")
    again = dossier("two", alerts=False)
    commentary = dataclasses.replace(dossier("two", "x").commentaries[0], occurrences=[repeated])
    text = article("two", text="Said here.")
    archive.dossiers.store_dossier(
        dataclasses.replace(again, article=text, commentaries=[commentary])
    )
    assert archive.browsing.counts() == (2, 1, 1)
