"""An archive that several watches share, each read for by runs of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import select

from connectors.archive import Archive, open_archive
from connectors.archive.tables import articles
from support.dossiers import WATCH, after, dossier, entry, match, poll, skip

OTHER = "another-watch"
ELSEWHERE = "https://courier.example/feed.xml"


@pytest.fixture
def other(url: str) -> Iterator[Archive]:
    with closing(open_archive(url, {OTHER: []})) as opened:
        yield opened


def due(archive: Archive, seconds: int, feed: str = "") -> list[str]:
    again = poll(status="unchanged", at=after(seconds), **({"feed": feed} if feed else {}))
    return [found.url.rpartition("/")[2] for found in archive.feeds.record_poll(again)]


def test_what_was_read_for_one_watch_is_due_once_for_another(
    archive: Archive, other: Archive
) -> None:
    archive.feeds.record_poll(poll(entry("read"), entry("skipped")))
    archive.dossiers.store_dossier(dossier("read"))
    archive.dossiers.store_skip(skip("skipped"))
    assert due(archive, 60) == []
    assert sorted(due(other, 60)) == ["read", "skipped"]
    other.dossiers.store_dossier(dossier("read"))
    other.dossiers.store_skip(skip("skipped"))
    assert due(other, 90) == due(archive, 90) == []


def test_both_together_find_what_either_has_not_read(
    archive: Archive, other: Archive, url: str
) -> None:
    archive.feeds.record_poll(poll(entry("read")))
    archive.dossiers.store_dossier(dossier("read"))
    with closing(open_archive(url, {WATCH: [], OTHER: []})) as both:
        assert due(both, 60) == ["read"]
        both.dossiers.store_dossier(dossier("read"))
        assert due(both, 90) == due(other, 90) == []


def test_what_is_older_than_any_alert_is_not_due_to_a_new_watch(
    archive: Archive, other: Archive
) -> None:
    archive.feeds.record_poll(poll(entry("read")))
    archive.dossiers.store_dossier(dossier("read"))
    assert due(other, 8 * 86_400) == []


def test_an_article_in_two_feeds_reaches_the_watch_of_either(
    archive: Archive, other: Archive
) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    twin = poll(entry("talks", feed=ELSEWHERE), feed=ELSEWHERE)
    assert other.feeds.record_poll(twin) == [], "it is on its way already"
    archive.dossiers.store_dossier(dossier("talks"))
    assert due(archive, 60, ELSEWHERE) == []
    assert due(other, 60, ELSEWHERE) == ["talks"]


def test_an_article_is_read_for_the_watches_that_it_was_held_against(
    archive: Archive, other: Archive
) -> None:
    stored = dossier("talks", "No deal yet.")
    archive.dossiers.store_dossier(stored)
    known = (stored.article.id, stored.article.text_hash)
    assert (archive.memory.is_read(*known), other.memory.is_read(*known)) == (True, False)
    other.dossiers.store_dossier(stored)
    assert (archive.memory.is_read(*known), other.memory.is_read(*known)) == (True, True)


def test_a_watch_leaves_how_others_were_met(archive: Archive, other: Archive) -> None:
    stored = dossier("talks", "No deal yet.")
    archive.dossiers.store_dossier(stored)
    (commentary,) = stored.commentaries
    (said,) = commentary.occurrences
    again = dataclasses.replace(said, matches=[match(watch=OTHER, is_held=True)])
    commentary = dataclasses.replace(commentary, occurrences=[again])
    other.dossiers.store_dossier(dataclasses.replace(stored, commentaries=[commentary], alerts=()))
    assert said.verdict is not None
    assert archive.memory.told([said.verdict.statement_id]) == {said.verdict.statement_id: {WATCH}}
    assert [held.watch for held in archive.held.all()] == [OTHER]


def test_storing_again_adds_no_tag_though_no_watch_is_named(url: str) -> None:
    stored = dossier("talks", "No deal yet.")
    with closing(open_archive(url)) as opened:
        for _ in range(3):
            opened.dossiers.store_dossier(stored)
        with opened.database.reading() as connection:
            tags = connection.execute(select(articles.c.tags)).scalar_one()
    assert tuple(tags) == tuple(stored.tags)
