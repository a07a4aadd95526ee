"""What the world may answer: each failure is named, and all else goes on."""

import json
from pathlib import Path

import pytest

from support.newsroom import TALKS, html

WATCH = """
version: 1
id: river-talks
title: Talks between Norland and Sudria
max_age: all
alert_on: {speakers: [expert], named: true, min_confidence: 0}
feeds: []
actors:
  - {id: norland, name: Norland, role: party, side: norland}
  - {id: sudria, name: Sudria, role: party, side: sudria}
topics:
  - {id: talks, name: Talks, about: negotiation, phrases: [ceasefire, peace talks]}
"""


def rss(*links):
    items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>Herald</title>{items}</channel></rss>"


@pytest.fixture
def world(httpserver, parley):
    """Broken feeds beside a good one, and broken pages beside good ones."""

    def serve(path, body, **more):
        httpserver.expect_request(path).respond_with_data(body, **more)
        return httpserver.url_for(path)

    talks = html(TALKS)
    pages = [
        serve("/good", talks, content_type="text/html; charset=utf-8"),
        serve("/charset", talks, content_type="text/html; charset=utf-16"),
        serve("/latin", html(TALKS.replace("“", "&ldquo;")).decode().encode("cp1252", "replace"),
              content_type="text/html; charset=utf-8"),
        serve("/empty", b"", content_type="text/html"),
        serve("/huge", talks + b"<p>lorem ipsum " * 4_000_000, content_type="text/html"),
        serve("/gone", b"", status=404),
        serve("/error", b"", status=500),
        serve("/picture", b"\x89PNG\r\n\x1a\n" + bytes(5000), content_type="image/png"),
    ]  # fmt: skip
    feeds = [
        serve("/feed", rss(*pages), content_type="application/rss+xml"),
        serve("/notfeed", b"<html><title>Are you human?</title>", content_type="text/html"),
        serve("/missing-feed", b"", status=404),
        serve("/broken", rss(pages[0] + "?broken")[:-40] + "<item><tit", content_type="text/xml"),
    ]
    Path("feeds.txt").write_text("\n".join(feeds), encoding="utf8")
    Path("watch.yaml").write_text(WATCH, encoding="utf8")
    return feeds


@pytest.mark.slow
def test_every_failure_is_named_and_the_rest_is_read(parley, world, httpserver):
    done = parley(
        "run", "watch.yaml", "--feeds", "feeds.txt", "--allow-host", httpserver.host,
        "--archive", "sqlite:///x.db", "--out", "alerts.jsonl",
    )  # fmt: skip
    assert done.status == 0, done.err
    assert "Traceback" not in done.err

    rows = map(json.loads, Path("alerts.jsonl").read_text(encoding="utf8").splitlines())
    speakers = [row["data"]["speaker"]["name"] for row in rows]
    assert speakers == ["Mirja Oskarsen"], "one alert: the copies say the same"

    listed = parley("dead-letters", "--json", "--archive", "sqlite:///x.db").out.splitlines()
    letters = {
        row["key"].removeprefix(httpserver.url_for("/")): row["reason"]
        for row in map(json.loads, listed)
    }
    assert (
        letters.items()
        >= {
            "notfeed": "not_a_feed",
            "missing-feed": "gone",
            "empty": "empty_body",
            "huge": "too_large",
            "gone": "gone",
            "error": "http_error",
        }.items()
    )
    assert "good" not in letters


def test_a_run_in_which_every_feed_fails_says_so_and_ends_with_1(parley, httpserver, world):
    Path("feeds.txt").write_text(world[2], encoding="utf8")
    done = parley(
        "run", "watch.yaml", "--feeds", "feeds.txt", "--allow-host", httpserver.host,
        "--archive", "sqlite:///x.db",
    )  # fmt: skip
    assert done.status == 1
    assert "no feed could be read" in done.err


def test_a_private_address_is_not_asked_unless_it_is_allowed(parley, httpserver, world):
    done = parley("run", "watch.yaml", "--feeds", "feeds.txt", "--archive", "sqlite:///x.db")
    assert done.status == 1
    assert "--allow-host HOST excepts a host" in done.err
    assert httpserver.log == []
