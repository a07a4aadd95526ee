"""A day that was kept gives the alerts that it gave."""

import functools
import json
from pathlib import Path

import pytest

from connectors.web.warc import RecordingFetcher
from pipelines.jobs.given_articles import given_pages
from schemas.base import Instant
from schemas.feed import Feed
from schemas.page import Response
from support.fakes import FakeFetcher
from support.newsroom import TALKS, html, rss

FEED = Feed("https://herald.example/feed.xml", "The Herald")
PAGE = "https://herald.example/talks"


def kept(path, *answers):
    fetcher = RecordingFetcher(functools.partial(FakeFetcher, {a.url: a for a in answers}), path)
    for answer in answers:
        fetcher.fetch(answer.url)


def test_an_entry_is_what_the_days_feed_said_of_it(tmp_path):
    path = tmp_path / "day.warc.gz"
    feed = Response(FEED.url, 200, rss("talks"), "application/rss+xml")
    page = Response(PAGE, 200, html(TALKS), "text/html")
    other = Response("https://courier.example/a", 200, html(TALKS), "text/html")
    kept(
        path,
        feed,
        page,
        other,
        Response("https://herald.example/a.pdf", 200, b"%PDF", "application/pdf"),
    )
    listed, unlisted = given_pages([str(path)], [FEED], Instant.now())
    assert (listed.entry.title, listed.entry.publisher) == ("talks", "The Herald")
    assert listed.entry.feed_url == FEED.url
    assert listed.entry.seen_at <= listed.fetched_at
    assert (unlisted.entry.title, unlisted.entry.feed_url) == ("", "")


def test_a_page_that_quotes_a_feed_is_a_page(tmp_path):
    path = tmp_path / "day.warc.gz"
    kept(path, Response(PAGE, 200, b"<p>How to write &lt;rss&gt;: <rss", "text/html"))
    assert len(list(given_pages([str(path)], [], Instant.now()))) <= 1


@pytest.fixture
def events(parley):
    def of(*options):
        done = parley("run", "sample", *options, "--max-age", "all", "--no-deliver", "--out", "-")
        assert done.status == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]

    return of


def speakers(events):
    return sorted(event["data"]["speaker"]["name"] for event in events)


@pytest.mark.slow
def test_a_day_kept_as_warc_gives_the_same_alerts_again(events):
    live = events("--recorded", "sample", "--warc", "day.warc.gz", "--archive", "sqlite:///a.db")
    again = events("--input", "day.warc.gz", "--archive", "sqlite:///b.db")
    assert live
    # Pages are kept in the order in which they came, which copies may share another way.
    assert speakers(again) == speakers(live)
    told = {event["id"]: event["data"]["article"] for event in live}
    common = [event for event in again if event["id"] in told]
    assert len(common) > len(live) / 2
    for event in common:
        article = event["data"]["article"]
        for name in ("publisher", "title", "url"):
            assert article[name] == told[event["id"]][name]
    assert Path("day.warc.gz").stat().st_size > 1000


def test_the_later_of_two_versions_is_the_newer_however_often_they_are_given(parley):
    said = "“The truce will not hold,” said Ida Moe, a senior fellow at the Elbe Institute."
    added = "“Nobody watches the line of the ceasefire,” Moe said."
    lead = "Ukraine and Russia held peace talks on a ceasefire in Orlo."
    article = {"url": "https://a.example/1", "publisher": "A", "published_at": "2025-05-06"}
    versions = [
        {**article, "text": "\n\n".join(text)} for text in ([lead, said], [lead, said, added])
    ]
    Path("in.jsonl").write_text("\n".join(map(json.dumps, versions)), "utf8")
    told = []
    for _ in range(2):
        done = parley(
            "run", "ukraine-peace-talks", "--input", "in.jsonl", "--max-age", "all",
            "--archive", "sqlite:///a.db", "--out", "-", "--no-deliver",
        )  # fmt: skip
        told += [json.loads(line) for line in done.out.splitlines()]
    kinds = [event["type"].rpartition(".")[2] for event in told]
    assert kinds == ["new", "updated", "updated"]  # what the older one takes back is told again
    last = [statement["text"] for statement in told[-1]["data"]["statements"]]
    assert any("Nobody watches" in text for text in last)
