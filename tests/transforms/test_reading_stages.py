"""ScreenPages, ExtractArticles, SelectArticles: what is dropped, and why."""

import functools
import uuid
from dataclasses import replace

import pytest

from schemas.dossier import Dossier
from support.alerts import ARTICLE, alert
from support.fakes import FakeStore
from support.newsroom import GARDEN, TALKS, WATCH, html, page
from support.run import run_stage
from transforms.extract_articles import ExtractArticles
from transforms.screen_pages import ScreenPages
from transforms.select_articles import SelectArticles


@pytest.fixture
def store():
    return functools.partial(FakeStore.open, uuid.uuid4().hex)


def extracted(*pages):
    return run_stage(list(pages), lambda outcomes: ExtractArticles(outcomes=outcomes))


def selected(store, *articles):
    return run_stage(
        list(articles), lambda outcomes: SelectArticles([WATCH], store, outcomes=outcomes)
    )


def test_a_page_that_names_nothing_we_watch_is_screened_out_unread():
    pages, _, skips = run_stage(
        [page(html(GARDEN), "garden"), page(html(TALKS))],
        lambda outcomes: ScreenPages([WATCH], outcomes=outcomes),
    )
    assert [p.entry.id for p in pages] == ["id-talks"]
    assert [(s.entry_id, s.step, s.reason) for s in skips] == [
        ("id-garden", "ScreenPages", "no_watch_terms")
    ]


def test_what_only_the_feeds_title_names_counts_too():
    told = page(html(GARDEN), "garden")
    told = replace(told, entry=replace(told.entry, title="Norland agrees to a truce"))
    pages, _, _ = run_stage([told], lambda outcomes: ScreenPages([WATCH], outcomes=outcomes))
    assert pages == [told]


def test_a_page_without_an_article_is_skipped_and_the_others_are_read():
    nothing = page(b"<html><body><p>Menu</p></body></html>", "nothing")
    articles, letters, skips = extracted(nothing, page(html(TALKS)))
    assert [article.entry_id for article in articles] == ["id-talks"]
    assert letters == []
    assert [skip.entry_id for skip in skips] == ["id-nothing"]
    assert skips[0].reason in {"too_short", "not_an_article"}


def test_an_article_off_topic_is_skipped_and_one_on_topic_goes_on(store):
    articles, _, _ = extracted(page(html(GARDEN), "garden"), page(html(TALKS)))
    kept, _, skips = selected(store, *articles)
    assert [article.entry_id for article in kept] == ["id-talks"]
    assert [(skip.entry_id, skip.reason) for skip in skips] == [("id-garden", "no_watch_terms")]


def test_an_article_in_another_language_is_skipped(store):
    articles, _, _ = extracted(page(html(TALKS)))
    _, _, skips = selected(store, replace(articles[0], language="de"))
    assert [skip.reason for skip in skips] == ["wrong_language"]


def test_the_same_text_at_the_same_address_is_not_read_twice(store):
    (article,), _, _ = extracted(page(html(TALKS)))
    store().dossiers[article.id] = Dossier(article, (), ())
    edited = replace(article, text_hash="another")
    kept, _, skips = selected(store, article, edited)
    assert kept == [edited]
    assert [skip.reason for skip in skips] == ["already_read"]


def test_what_was_alerted_on_is_read_though_it_names_nothing_we_watch(store):
    retracted, other = page(html(GARDEN)), page(html(GARDEN), "garden")
    (article,), _, _ = extracted(retracted)
    store().alerts["earlier"] = alert(article=replace(ARTICLE, id=article.id))
    pages, _, skips = run_stage(
        [retracted, other], lambda outcomes: ScreenPages([WATCH], store, outcomes=outcomes)
    )
    assert pages == [retracted]
    assert [skip.entry_id for skip in skips] == ["id-garden"]
    assert selected(store, article)[0] == [article]
