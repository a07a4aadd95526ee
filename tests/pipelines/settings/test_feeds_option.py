"""`--feeds URL` and `parley feeds find`: lists, feeds and sites on a loopback server."""

import re

import pytest

from pipelines.settings.feeds_option import feeds_from, found_at
from schemas.errors import ConfigurationError
from schemas.feed import Feed
from support.newsroom import rss

PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="/world"></head><p>Hello'


@pytest.fixture
def site(httpserver):
    httpserver.expect_request("/world").respond_with_data(rss("one", "two"))
    httpserver.expect_request("/").respond_with_data(PAGE, content_type="text/html")
    httpserver.expect_request("/empty").respond_with_data("<html><p>Nothing here")
    httpserver.expect_request("/list").respond_with_data("https://a.example/rss\n")
    httpserver.expect_request("/wrong").respond_with_data("https://a.example/rss\nhello\n")
    httpserver.expect_request("/opml").respond_with_data(
        '<opml version="2.0"><body><outline xmlUrl="https://a.example/rss" text="A"/></body></opml>'
    )
    httpserver.expect_request(re.compile(".*")).respond_with_data("no such page", status=404)
    return httpserver


def feeds_at(site, path):
    return feeds_from(site.url_for(path), [site.host])


def test_an_address_may_be_a_list_a_feed_or_a_site(site):
    assert feeds_at(site, "/list") == (Feed("https://a.example/rss"),)
    assert feeds_at(site, "/opml") == (Feed("https://a.example/rss", "A"),)
    assert feeds_at(site, "/world") == (Feed(site.url_for("/world"), "Herald"),)
    assert feeds_at(site, "/") == (Feed(site.url_for("/world"), "Herald"),)


@pytest.mark.parametrize(
    ("path", "mistake"),
    [
        ("/empty", "it names none"),
        ("/wrong", "wrong:2: 'hello' is not a web address"),
        ("/x", "404"),
    ],
)
def test_what_is_none_of_them_is_named(site, path, mistake):
    with pytest.raises(ConfigurationError, match=mistake):
        feeds_at(site, path)


def test_the_feeds_of_a_site_are_listed(site, parley):
    done = parley("feeds", "find", site.url_for("/"), "--allow-host", site.host)
    assert done.status == 0
    assert done.out == f"{site.url_for('/world')}\t2 entries\tHerald\n"


def test_a_site_without_feeds_says_so(site, parley):
    done = parley("feeds", "find", site.url_for("/empty"), "--allow-host", site.host)
    assert (done.status, done.out) == (1, "")
    assert "no feed found" in done.err


@pytest.mark.parametrize(
    "url",
    [
        "https://me:hidden@127.0.0.1:9/rss",
        "https://127.0.0.1:9/rss?key=hidden",
        "https://127.0.0.1:9/rss?a=1&api_key=hidden#part",
        "https://127.0.0.1:9/rss#hidden",
        "https://me:hid@den@127.0.0.1:9/rss?hidden",
        "http://[::1?key=hidden",
        "https://me:hidden@127.0.0.1:port/rss",
        "https://me:hid/den@127.0.0.1/rss",
    ],
)
def test_a_secret_in_an_address_is_not_shown(url):
    for ask in (lambda: feeds_from(url, []), lambda: list(found_at(url, []))):
        with pytest.raises(ConfigurationError) as failed:
            ask()
        assert "hid" not in str(failed.value)
        assert "den" not in str(failed.value)
